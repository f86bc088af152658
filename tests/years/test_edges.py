"""Odd years, one odd thing at a time: each was once told wrongly, or not at all."""

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from builders import FORM, LOWER, ROOT, assessment, budget_line, dimension, group, indicator, judged, nodes_of
from years import compared

from perfdoc import checks
from perfdoc.checks.registry import Subject
from perfdoc.core.assessment import Assessment, FollowUp, GoalBlock, Indicator, Prose, Status
from perfdoc.core.source import Mapping, Scalar
from perfdoc.faces import phrases
from perfdoc.form.rulebook import BudgetBasis, CheckRule, Excess, ExcessAction, TotalCap
from perfdoc.judge import narrative, scoring
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.identity import as_written, proposals
from perfdoc.years.kinds import Break, Cause, Change, Flag
from perfdoc.years.trend import trend
from perfdoc.years.value import Comparison
from perfdoc.years.words import Grams, aligned, stale_years, texts

NEXT = {"year": 2021}


def years(old: Indicator, new: Indicator) -> Comparison:
    return compared(assessment(old), assessment(new, **NEXT))


def names(comparison: Comparison) -> dict[str, tuple[Change, ...]]:
    return {row.name: row.changes for row in comparison.rows}


# --- figures ----------------------------------------------------------------------------------------------------


def test_figures_of_fifteen_digits_are_compared_to_the_last() -> None:
    comparison = years(indicator("0.00000000000001个"), indicator("999999999999999个"))
    field = comparison.rows[0].field("年初目标值")
    assert field is not None
    assert field.delta == Decimal(999999999999999) - Decimal("0.00000000000001")
    assert field.percent is not None


def test_rates_of_tiny_and_of_vast_budgets_are_told_and_followed() -> None:
    lines = budget_line("0.00000000000001", "999999999999999"), budget_line("489", "489")
    old, new = (assessment(budget=(line,), year=2020 + n) for n, line in enumerate(lines))
    finished = [ScoredYear(str(n), *judged(a)) for n, a in enumerate((old, new))]
    assert compare(*finished).budget[0].changes == (Change.CHANGED,)
    assert trend(finished).budget[0].points[1].number == 100


def test_a_rate_is_told_as_its_form_prints_it() -> None:
    comparison = compared(
        assessment(budget=(budget_line("100000", "98050"),)),
        assessment(budget=(budget_line("100000", "98150"),), **NEXT),
    )
    rate = next(f for f in comparison.budget[0].fields if f.name == "执行率")
    assert (rate.old, rate.new, rate.delta) == ("98.1%", "98.2%", Decimal("0.1"))


def test_wan_in_front_of_a_unit_is_a_number() -> None:
    comparison = years(indicator("1000万方", "1000万方"), indicator("10000000方", "12000000方"))
    actual = comparison.rows[0].field("实际完成值")
    assert comparison.rows[0].breaks == ()
    assert actual is not None
    assert (actual.delta, actual.percent) == (Decimal(2_000_000), Decimal(20))


def test_a_changed_initial_budget_is_no_change_of_rule() -> None:
    form = replace(FORM, budget=replace(FORM.budget, basis=BudgetBasis.INITIAL))
    lines = (replace(budget_line("489", "300"), initial=Decimal(initial)) for initial in (400, 500))
    old, new = (assessment(budget=(line,), year=2020 + n) for n, line in enumerate(lines))
    effects = compared(old, new, (form, form)).budget[0].effects
    assert [effect.cause for effect in effects] == [Cause.TARGET]


# --- identity ---------------------------------------------------------------------------------------------------


def test_a_split_takes_no_row_of_the_same_name_from_another_group() -> None:
    def year(first: tuple[Indicator, ...], **changes: int) -> Assessment:
        second = group(indicator(name="完成率", weight=40), name="质量指标")
        return assessment(dimensions=(dimension(group(*first, name="数量指标"), second),), **changes)

    parts = tuple(
        replace(indicator(name=name, weight=20), split_from="完成率") for name in ("上半年", "下半年")
    )
    comparison = compared(year((indicator(name="完成率", weight=40),)), year(parts, **NEXT))
    assert names(comparison) == {"上半年、下半年": (Change.SPLIT,), "完成率": (Change.UNCHANGED,)}


def test_goals_keep_their_indicators_when_one_before_them_goes() -> None:
    goals = tuple(
        GoalBlock(
            goal=goal,
            weight=Decimal(20),
            dimensions=(dimension(group(indicator(name=goal + "数", weight=20))),),
        )
        for goal in ("招商", "环保", "党建")
    )
    old = assessment(dimensions=(), goal_blocks=goals)
    comparison = compared(old, assessment(dimensions=(), goal_blocks=goals[1:], **NEXT))
    assert names(comparison) == {
        "招商数": (Change.DROPPED,),
        "环保数": (Change.UNCHANGED,),
        "党建数": (Change.UNCHANGED,),
    }


def test_parts_that_are_not_scored_yet_have_lost_nothing() -> None:
    parts = [replace(indicator(name=n, weight=40, actual=None), split_from="甲") for n in ("乙", "丙")]
    comparison = compared(assessment(indicator(name="甲")), assessment(*parts, status=Status.FILLING, **NEXT))
    assert [effect.cause for effect in comparison.rows[0].effects] == [Cause.OPEN]


def test_two_links_on_one_row_are_not_both_followed_in_silence() -> None:
    both = replace(indicator(name="新"), renamed_from="甲", split_from="乙")
    old = assessment(indicator(name="甲", weight=40), indicator(name="乙", weight=40))
    comparison = compared(old, assessment(both, **NEXT))
    assert [(link.key, link.name) for link in comparison.loose] == [("曾用名", "甲")]


@pytest.mark.parametrize("where", ["line", "group", "dimension", "measure"])
def test_a_link_that_leads_nowhere_is_told_wherever_it_stands(where: str) -> None:
    given = assessment(**NEXT)
    dim = given.dimensions[0]
    linked = {
        "line": replace(given, budget=(replace(given.budget[0], renamed_from="从前的口径"),)),
        "group": replace(
            given, dimensions=(replace(dim, groups=(replace(dim.groups[0], renamed_from="从前的组"),)),)
        ),
        "dimension": replace(given, dimensions=(replace(dim, renamed_from="从前的类"),)),
        "measure": replace(given, follow_ups=(FollowUp(measure="9", outcome="已落实"),)),
    }
    (link,) = compared(assessment(), linked[where]).loose
    assert link.sentence


def test_a_line_that_took_the_name_of_another_is_linked_first() -> None:
    old = assessment(budget=(budget_line(name="甲款"),))
    lines = (budget_line(name="甲款"), replace(budget_line(name="丙款"), renamed_from="甲款"))
    comparison = compared(old, assessment(budget=lines, **NEXT))
    added, renamed = comparison.budget
    assert (added.name, added.changes) == ("甲款", (Change.ADDED,))
    assert renamed.name == "丙款"
    assert Change.RENAMED in renamed.changes


def test_the_same_proposals_come_whatever_the_hash_seed() -> None:
    ask = (
        "from perfdoc.years.identity import proposals\n"
        "olds = ['目标完成率', '项目数完成率', '率数项目开工', '项目开工率', '开工项目数率']\n"
        "print([(p.old, p.new, p.likeness) for p in proposals(olds, ['项目率', '数率项目', '开工率'])])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1


def test_what_very_many_names_share_proposes_nothing() -> None:
    olds, news = ([f"{n}{year}项目完成率" for n in range(100, 300)] for year in ("旧", "新"))
    assert all(p.old[:3] == p.new[:3] for p in proposals(olds, news) if p.likeness == 87)


@pytest.mark.parametrize(
    "name",
    ["满意度: 群众", "[园区]竣工率", "# 一号", "a, b", "'x", "- y", "甲、乙（次）", "是", "R&D", "1.5", " x"],
)
def test_the_line_to_paste_is_read_as_it_is_meant(name: str) -> None:
    read = nodes_of(f"{{曾用名: {as_written(name)}}}")
    assert isinstance(read, Mapping)
    value = read.get("曾用名")
    assert isinstance(value, Scalar)
    assert value.text == name


# --- comparability ----------------------------------------------------------------------------------------------


def test_a_full_stop_is_no_other_scope() -> None:
    old, new = (replace(indicator(), scope=scope) for scope in ("只计园区内企业", "只计园区内企业。"))
    assert years(old, new).rows[0].breaks == ()


def test_another_rule_leaves_targets_to_be_asked_about() -> None:
    form = replace(FORM, rounding=replace(FORM.rounding, digits=1))
    comparison = compared(
        assessment(indicator("30个", "74个")), assessment(indicator("40个", "50个"), **NEXT), (FORM, form)
    )
    (row,) = comparison.rows
    assert {broken.kind for broken in row.breaks} == {Break.RULE}
    assert [flag.flag for flag in row.flags] == [Flag.BELOW_LAST]


def test_a_rule_that_changed_is_told_with_its_parameter() -> None:
    first, *others = FORM.quantities
    band, *bands = FORM.quality.bands
    caps = TotalCap(below=Decimal(80), most=Decimal(89), clause="自定1")
    excess = Excess(threshold=Decimal(130), action=ExcessAction.EXPLAIN, clause="自定1")
    before = replace(FORM, total_caps=(caps,), excess=excess)
    after = replace(
        FORM,
        quantities=(*others, replace(first, cap=Decimal(90))),
        quality=replace(FORM.quality, bands=(*bands, replace(band, default=Decimal(95)))),
        rounding=replace(FORM.rounding, digits=1, rate_digits=0, clause="自定3"),
        excess=None,
        total_caps=(replace(caps, below=Decimal(85)),),
    )
    comparison = compared(assessment(), assessment(**NEXT), (before, after))
    assert list(map(phrases.rule, comparison.rules)) == [
        "定量（正向）上限 100% → 90%（备注2）",
        "定性（达成预期）默认 100% → 95%（自定4）",
        "超额起点 130% → （无）（自定1）",
        "超额处理 说明 → （无）（自定1）",
        "总分上限（执行率低于 80%）执行率低于 80% → 85%（自定1）",
        "舍入得分位数 2 → 1（自定3）",
    ]
    assert comparison.breaks[0].new == "2021 年度的定量、定性、超额、总分上限、舍入规则"


def test_the_order_and_the_clauses_of_rules_are_no_change() -> None:
    form = replace(
        FORM,
        quantities=tuple(replace(rule, clause="自定3") for rule in reversed(FORM.quantities)),
        rounding=replace(FORM.rounding, rate_digits=3),
    )
    comparison = compared(assessment(), assessment(**NEXT), (FORM, form))
    assert (comparison.rules, comparison.breaks) == ((), ())


def test_a_ceiling_that_was_far_undercut_is_told_the_right_way_round() -> None:
    old, new = indicator("10件", "4件", direction=LOWER), indicator("10件", "5件", direction=LOWER)
    (flag,) = years(old, new).rows[0].flags
    assert flag.flag is Flag.KEPT
    assert "目标为完成的 250%" in flag.because


def test_two_drafts_of_one_year_are_not_asked_why_they_are_alike() -> None:
    comparison = compared(assessment(indicator("30个", "74个")), assessment(indicator("30个", "75个")))
    assert comparison.rows[0].flags == ()
    assert comparison.measures == ()
    assert {p.reused for text in comparison.texts for p in text.passages} == {None}


def test_a_score_that_cannot_be_computed_is_not_called_open() -> None:
    comparison = years(indicator("30个", "30个"), indicator("30个", "80家"))
    assert (comparison.new.open, comparison.new.blocked) == (0, 1)
    assert [effect.cause for effect in comparison.rows[0].effects] == [Cause.BLOCKED]


def test_a_changed_direction_is_a_cause_of_its_own() -> None:
    comparison = years(indicator("10件", "20件"), indicator("10件", "20件", direction=LOWER))
    assert [effect.cause for effect in comparison.rows[0].effects] == [Cause.DIRECTION]


# --- words ------------------------------------------------------------------------------------------------------


def test_short_goals_that_stayed_count_as_copied() -> None:
    old, new = ["抓好党建", "搞好招商", "管好环境卫生工作"], ["抓好党建", "搞好招商", "建好园区"]
    assert texts("年度目标", "年度目标", old, new, (2020, 2021), Grams(old), narrative=False).reused == 100


def test_a_narrative_may_bear_any_name() -> None:
    rule = replace(FORM.narratives[0], name="年度目标")
    form = replace(FORM, narratives=(rule, *FORM.narratives[1:]))
    prose = "2019年初有变化，原因是疫情。\n"
    new = assessment(
        prose=(Prose("年度目标", prose), Prose("改进措施", "加快。\n")), goals=("甲", "乙"), **NEXT
    )
    before, after = (ScoredYear("x", *judged(a, form)) for a in (assessment(goals=("甲", "乙")), new))
    scored = scoring.score(new, form)
    found = checks.run(scored, narrative.fill_narratives(scored), "", (), compare(before, after))
    assert [f.address for f in found if f.code == "P408"] == [("年度目标", 1, 1)]


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("2019年完成", ("2019",)),
        ("２０１９年完成", ("2019",)),
        ("二〇一九年完成", ("2019",)),
        ("比2019年多", ()),
        ("上年（2019年）结转", ()),
        ("按《2019年管理办法》", ()),
        ("2021年和2022年", ()),
    ],
)
def test_a_stale_year_is_seen_in_any_digits_and_not_where_it_compares(
    text: str, stale: tuple[str, ...]
) -> None:
    assert stale_years(text, 2021) == stale


def test_paragraphs_that_stayed_are_paired_where_they_stand() -> None:
    old = [f"第{n}段" for n in range(400)]
    pairs = aligned(old, [*old[:100], "新的一段", *old[100:]])
    assert pairs[99:102] == [(99, 99), (None, 100), (100, 101)]
    assert len(pairs) == 401


def test_a_check_may_be_switched_off_like_any_other() -> None:
    form = replace(FORM, checks=(*FORM.checks, CheckRule(code="P404", off=True)))
    old, new = assessment(indicator("30个", "40个")), assessment(indicator("35个", "50个"), **NEXT)
    before, after = (ScoredYear("x", *judged(a, form)) for a in (old, new))
    comparison = compare(before, after)
    scored, told = judged(new, form)
    assert comparison.rows[0].flags
    assert "P404" not in {f.code for f in checks.run(scored, told, "", (), comparison)}
    assert Subject(scored, told).comparison is None
