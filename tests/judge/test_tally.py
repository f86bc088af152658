"""Laws of a roll-up: nothing depends on the order of the parts, and two steps give what one gives."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from builders import FORM, assessment, budget_line, dimension, group, indicator
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.core.assessment import (
    Assessment,
    Comparator,
    Dimension,
    Direction,
    Expenditure,
    GoalBlock,
    Quantity,
    Status,
)
from perfdoc.core.diagnostics import Severity
from perfdoc.form.rulebook import Conversion, Form, Funds
from perfdoc.judge import rollup, scoring
from perfdoc.judge.rollup import Contribution, Gap, Part, RolledUp, Tally
from perfdoc.judge.scoring import wording

assert FORM.roll_up is not None
RULE = FORM.roll_up


@dataclass(frozen=True)
class Project:
    """What a project promised and did."""

    funds: Decimal
    executed: Decimal
    count: Decimal
    done: Decimal
    rate: Decimal
    reached: Decimal
    share: Decimal


def project(given: Project) -> Assessment:
    band = next(band.name for band in FORM.quality.bands if band.holds(given.share))
    lines = group(
        indicator(f"{given.count:f}个", f"{given.done:f}个", 30, "数量"),
        indicator(f"≥{given.rate:f}%", f"{given.reached:f}%", 30, "比率"),
        indicator("好", "好", 20, "定性", grade=band, share=f"{given.share:f}"),
    )
    return assessment(
        budget=(budget_line(f"{given.funds:f}", f"{given.executed:f}"),), dimensions=(dimension(lines),)
    )


def above(names: Sequence[str]) -> Assessment:
    """Make an assessment that draws everything from others."""
    drawn = tuple(names)
    lines = group(
        *(
            replace(indicator(None, None, weight, name), rolled_up_from=drawn)
            for name, weight in (("数量", 30), ("比率", 30))
        ),
        replace(indicator("好", "好", 20, "定性"), rolled_up_from=drawn),
    )
    line = replace(budget_line(None, None), rolled_up_from=drawn)
    return assessment(budget=(line,), dimensions=(dimension(lines),))


def part(name: str, content: Assessment, form: Form = FORM, drawn: RolledUp | None = None) -> Part:
    return Part(name=name, assessment=content, form=form, rolled_up=drawn)


def rolled(name: str, parts: Mapping[str, Part], form: Form = FORM) -> Part:
    """Roll parts up into another part."""
    drawn = rollup.roll_up(above(tuple(parts)), form, parts)
    assert drawn.findings == ()
    return part(name, drawn.assessment, form, drawn)


def points(one: Part) -> list[Decimal | None]:
    assert one.assessment is not None
    return [score.value for score in scoring.score(one.assessment, FORM).total.walk()]


amounts = st.one_of(
    st.integers(1, 50).map(Decimal), st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-3))
)
rates = st.integers(1, 1200).map(lambda n: Decimal(n).scaleb(-1))
shares = st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-1))
projects = st.builds(Project, amounts, amounts, amounts, amounts, rates, rates, shares)
several = st.lists(projects, min_size=1, max_size=6)


def named(given: Sequence[Project]) -> dict[str, Part]:
    return {f"项目{i}": part(f"项目{i}", project(one)) for i, one in enumerate(given)}


@given(several)
def test_amounts_add_up_and_rates_and_shares_are_weighted_by_funds(given: list[Project]) -> None:
    whole = rolled("部门", named(given)).assessment
    assert whole is not None
    funds = sum((Fraction(p.funds) for p in given), Fraction(0))
    count, rate, quality = whole.indicators()
    for value, figures in (
        (count.target, [p.count for p in given]),
        (count.actual, [p.done for p in given]),
    ):
        assert isinstance(value, Quantity)
        assert value.number == sum(figures)
        assert (value.unit, value.comparator) == ("个", None)
    for value, figures in (
        (rate.target, [p.rate for p in given]),
        (rate.actual, [p.reached for p in given]),
    ):
        assert isinstance(value, Quantity)
        mean = sum(
            (Fraction(x) * Fraction(p.funds) for x, p in zip(figures, given, strict=True)), Fraction(0)
        )
        assert abs(Fraction(value.number) - mean / funds) < Fraction(1, 10**80)
    assert isinstance(rate.target, Quantity)
    assert rate.target.comparator is Comparator.AT_LEAST
    assert rate.target.text.startswith("≥")
    assert quality.judgement is not None
    assert quality.judgement.share is not None
    share = sum((Fraction(p.share) * Fraction(p.funds) for p in given), Fraction(0)) / funds
    assert abs(Fraction(quality.judgement.share) - share) < Fraction(1, 10**80)
    (line,) = whole.budget
    assert line.budgeted == sum(p.funds for p in given)
    assert line.executed == sum(p.executed for p in given)
    assert line.initial is None


@given(several, st.randoms())
def test_the_order_of_the_parts_never_matters(given: list[Project], chance: random.Random) -> None:
    parts = named(given)
    names = list(parts)
    chance.shuffle(names)
    one, other = rolled("部门", parts), rolled("部门", {name: parts[name] for name in names})
    assert one.assessment is not None
    assert other.assessment is not None
    assert one.assessment.indicators()[0].actual == other.assessment.indicators()[0].actual
    assert points(one) == points(other)
    assert one.rolled_up is not None
    assert other.rolled_up is not None
    assert {a: f.tally for a, f in one.rolled_up.figures.items()} == {
        a: f.tally for a, f in other.rolled_up.figures.items()
    }


@given(several, st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_two_steps_give_what_one_gives(given: list[Project], where: list[int]) -> None:
    parts = named(given)
    groups: dict[int, dict[str, Part]] = {}
    for number, name in zip(where, parts, strict=False):
        groups.setdefault(number, {})[name] = parts[name]
    halves = {f"处{number}": rolled(f"处{number}", own) for number, own in groups.items()}
    one, two = rolled("部门", parts), rolled("部门", halves)
    assert one.rolled_up is not None
    assert two.rolled_up is not None
    assert {a: f.tally for a, f in one.rolled_up.figures.items()} == {
        a: f.tally for a, f in two.rolled_up.figures.items()
    }
    assert points(one) == points(two)
    leaves = [
        leaf for c in two.rolled_up.figures["预算执行", 0, "预算数"].contributions for leaf in c.leaves()
    ]
    assert sorted(leaf.source for leaf in leaves) == sorted(parts)


@given(st.lists(st.builds(Tally, *[st.fractions()] * 3), min_size=3, max_size=3))
def test_tallies_add_up_in_any_order(given: list[Tally]) -> None:
    a, b, c = given
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Tally() == a
    assert a.scaled(Fraction(2), Fraction(3)) == Tally(a.amount * 2, a.weighted * 6, a.funds * 3)
    assert (a + b).scaled(Fraction(7)) == a.scaled(Fraction(7)) + b.scaled(Fraction(7))


def test_a_mean_without_funds_is_none() -> None:
    assert Tally(Fraction(1), Fraction(0), Fraction(0)).mean is None
    assert Tally(Fraction(1), Fraction(6), Fraction(3)).mean == 2


def test_a_mean_on_the_half_of_the_last_digit_rounds_up_although_it_does_not_end() -> None:
    # 3 × (251.5 ÷ 3) ÷ 100 = 2.515
    given = [
        Project(Decimal(1), Decimal(1), Decimal(1), Decimal(1), Decimal(100), rate, Decimal(80))
        for rate in (Decimal("83.5"), Decimal(84), Decimal(84))
    ]
    whole = rolled("部门", named(given)).assessment
    assert whole is not None
    rate = replace(whole.indicators()[1], weight=Decimal(3))
    score = scoring.score(assessment(rate), FORM).dimensions[0].parts[0].parts[0]
    assert score.value == Decimal("2.52")
    assert wording.working(score) == "3 × 83.833333… ÷ 100 = 2.515"
    assert isinstance(rate.actual, Quantity)
    assert rate.actual.text == "83.83%"


# --- units ------------------------------------------------------------------------------------------------------


def one_line(
    *, target: str, actual: str, funds: str = "100", direction: Direction | None = None
) -> Assessment:
    return assessment(
        indicator(target, actual, 80, "数量", direction=direction), budget=(budget_line(funds, funds),)
    )


def drawing(
    *names: str, target: str | None = None, actual: str | None = None, **changes: object
) -> Assessment:
    line = replace(indicator(target, actual, 80, "数量"), rolled_up_from=names)
    return assessment(line, **changes)


def draw(form: Form = FORM, *, of: Assessment | None = None, **parts: Assessment | Part) -> RolledUp:
    ready = {n: p if isinstance(p, Part) else part(n, p) for n, p in parts.items()}
    return rollup.roll_up(of or drawing(*parts), form, ready)


def texts(drawn: RolledUp) -> tuple[str | None, str | None]:
    line = drawn.assessment.indicators()[0]
    return (line.target.text if line.target else None, line.actual.text if line.actual else None)


def with_conversions(*conversions: tuple[str, str, str]) -> Form:
    rule = replace(
        RULE,
        relative=("%", "小数"),
        conversions=tuple(Conversion(source=s, target=t, factor=Decimal(f)) for s, t, f in conversions),
    )
    return replace(FORM, roll_up=rule)


def test_money_in_several_units_converts_as_the_rulebook_says() -> None:
    a, b = one_line(target="10000元", actual="5000元"), one_line(target="2万元", actual="1.5万元")
    assert texts(draw(a=a, b=b)) == ("3万元", "2万元")
    assert texts(draw(a=a, b=one_line(target="1亿元", actual="1亿元"))) == ("10001万元", "10000.5万元")


def test_what_is_in_one_unit_already_is_not_converted() -> None:
    a = one_line(target="10000元", actual="5000元")
    assert texts(draw(a=a, b=one_line(target="1元", actual="0元"))) == ("10001元", "5000元")


def test_the_unit_that_the_department_writes_counts_as_well() -> None:
    a = one_line(target="10000元", actual="5000元")
    drawn = draw(of=drawing("a", target="≥1万元"), a=a)
    assert texts(drawn) == ("≥1万元", "0.5万元")
    drawn = draw(of=drawing("a", actual="0.5万元"), a=a)
    assert texts(drawn) == ("1万元", "0.5万元")


def test_units_that_do_not_agree_are_all_named() -> None:
    a, b = one_line(target="3个", actual="2个"), one_line(target="4件", actual="4件")
    drawn = draw(of=drawing("a", "b", target="7人", actual="6吨"), a=a, b=b)
    assert [(f.code, f.message, f.remedy) for f in drawn.findings] == [
        (
            "P704",
            f"「{key}」汇总的单位不一致：a {mine}、b {theirs}，这里是人，这里是吨。",
            "请统一单位，或在 form.yaml 的 汇总 里写明换算。",
        )
        for key, mine, theirs in (("年初目标值", "3个", "4件"), ("实际完成值", "2个", "4件"))
    ]
    assert texts(drawn) == (None, None)


def test_a_bare_share_converts_to_per_cent_and_is_weighted() -> None:
    form = with_conversions(("小数", "%", "100"))
    a = one_line(target="0.9", actual="0.96", funds="300")
    b = one_line(target="90%", actual="80%", funds="100")
    assert texts(draw(form, a=a, b=b)) == ("90%", "92%")
    assert texts(draw(form, a=a, b=one_line(target="0.5", actual="0.5", funds="100"))) == ("0.8", "0.85")


def test_per_cent_may_convert_to_a_bare_share() -> None:
    form = with_conversions(("%", "小数", "0.01"))
    a, b = one_line(target="0.9", actual="0.5"), one_line(target="50%", actual="40%")
    assert texts(draw(form, a=a, b=b)) == ("0.7", "0.45")


def test_units_that_convert_in_a_circle_do_not_agree() -> None:
    form = with_conversions(("元", "万元", "0.0001"), ("万元", "元", "10000"))
    a, b = one_line(target="1元", actual="1元"), one_line(target="1万元", actual="1万元")
    assert [f.code for f in draw(form, a=a, b=b).findings] == ["P704", "P704"]


def test_funds_count_alike_whatever_unit_was_converted_below() -> None:
    form = with_conversions(("小数", "%", "100"))
    a, b = one_line(target="0.9", actual="1"), one_line(target="90%", actual="80%")
    inner = draw(form, a=a, b=b)
    outer = draw(
        form,
        of=drawing("处", "c"),
        处=part("处", inner.assessment, form, inner),
        c=one_line(target="60%", actual="50%", funds="200"),
    )
    assert texts(outer) == ("75%", "70%")


def test_conversions_are_followed_to_their_end() -> None:
    form = with_conversions(("元", "千元", "0.001"), ("千元", "万元", "0.1"))
    a, b, c = (one_line(target=text, actual=text) for text in ("10000元", "20千元", "3万元"))
    assert texts(draw(form, a=a, b=b, c=c)) == ("6万元", "6万元")
    assert texts(draw(form, a=a, b=b)) == ("3万元", "3万元")


def test_another_money_unit_of_a_form_converts_amounts_and_weights() -> None:
    in_yuan = replace(FORM, money_unit="元")
    a = replace(one_line(target="90%", actual="100%", funds="3000000"), department="甲")
    b = one_line(target="90%", actual="80%", funds="100")
    of = replace(drawing("a", "b"), budget=(replace(budget_line(None, None), rolled_up_from=("a", "b")),))
    drawn = draw(of=of, a=part("a", a, in_yuan), b=b)
    assert drawn.findings == ()
    assert drawn.assessment.budget[0].budgeted == 400
    assert texts(drawn) == ("90%", "95%")
    whole = rollup.roll_up(
        replace(of, budget=(replace(of.budget[0], rolled_up_from=("b",)),)), in_yuan, {"b": part("b", b)}
    )
    assert whole.assessment.budget[0].budgeted == 1_000_000
    # and once more, drawn in yuan by a form that counts in 万元
    inner = rollup.roll_up(drawing("a"), in_yuan, {"a": part("a", a, in_yuan)})
    outer = draw(of=drawing("处", "b"), 处=part("处", inner.assessment, in_yuan, inner), b=b)
    # the inner one has a budget of its own, but the weights are those of what it was drawn from
    assert texts(outer) == ("90%", "95%")


def test_a_sign_is_kept_where_all_parts_write_it() -> None:
    a, b = one_line(target="≥3个", actual="3个"), one_line(target="≥4个", actual="4个")
    assert texts(draw(a=a, b=b))[0] == "≥7个"
    assert texts(draw(a=a, b=one_line(target="4个", actual="4个")))[0] == "7个"
    assert texts(draw(a=a, b=one_line(target="＞4个", actual="4个")))[0] == "7个"
    assert texts(draw(of=drawing("a", "b", target="＞7个"), a=a, b=b))[0] == "＞7个"


# --- amounts ----------------------------------------------------------------------------------------------------


def spending(basic: str | None, project: str | None, through: str | None = None) -> Assessment:
    spent = Expenditure(
        basic=None if basic is None else Decimal(basic),
        project=None if project is None else Decimal(project),
        pass_through=None if through is None else Decimal(through),
    )
    return assessment(expenditure=spent)


def spent(drawn: RolledUp) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    e = drawn.assessment.expenditure
    return e.basic, e.project, e.pass_through


def test_expenditure_adds_up_and_no_pass_through_is_none() -> None:
    of = assessment(expenditure=Expenditure(rolled_up_from=("a", "b")))
    drawn = draw(of=of, a=spending("1.5", "2", "0.5"), b=spending("2", "3"))
    assert spent(drawn) == (Decimal("3.5"), Decimal(5), Decimal("0.5"))
    assert drawn.findings == ()
    assert spent(draw(of=of, a=spending("1", "2"), b=spending("2", "3"))) == (Decimal(3), Decimal(5), None)
    assert set(drawn.figures) == {
        ("支出", "基本支出总额"),
        ("支出", "项目支出总额"),
        ("支出", "往来资金"),
    }
    first = drawn.figures["支出", "基本支出总额"].contributions[0]
    assert first == Contribution("a", ("支出", "基本支出总额"), "支出", "1.5")


def test_expenditure_is_drawn_in_two_steps_too() -> None:
    inner_of = assessment(expenditure=Expenditure(rolled_up_from=("a", "b")))
    inner = draw(of=inner_of, a=spending("1", "2", "1"), b=spending("2", "3"))
    outer = draw(
        of=assessment(expenditure=Expenditure(rolled_up_from=("处", "c"))),
        处=part("处", inner.assessment, FORM, inner),
        c=spending("4", "5", "2"),
    )
    assert spent(outer) == (Decimal(7), Decimal(10), Decimal(3))
    below = outer.figures["支出", "往来资金"].contributions[0].below
    assert [(c.source, c.text) for c in below] == [("a", "1"), ("b", "0")]


def test_an_expenditure_that_is_written_must_agree() -> None:
    of = assessment(expenditure=Expenditure(basic=Decimal(3), rolled_up_from=("a", "b")))
    drawn = draw(of=of, a=spending("1", "2"), b=spending("2", "3"))
    assert spent(drawn)[0] == 3
    of = assessment(expenditure=Expenditure(basic=Decimal(4), rolled_up_from=("a", "b")))
    drawn = draw(of=of, a=spending("1", "2"), b=spending("2", "3"))
    assert spent(drawn)[0] is None
    ((finding),) = drawn.findings
    assert (finding.code, finding.address) == ("P705", ("支出", "基本支出总额"))
    assert finding.message == "写的是「4」，汇总得「3」。"
    assert drawn.open == {("支出", "基本支出总额")}
    assert ("支出", "基本支出总额") not in drawn.figures


def test_money_adds_up_even_where_bare_figures_are_averaged() -> None:
    form = with_conversions(("小数", "%", "100"))
    line = replace(budget_line(None, None), rolled_up_from=("a", "b"))
    of = assessment(expenditure=Expenditure(rolled_up_from=("a", "b")), budget=(line,))
    drawn = draw(form, of=of, a=spending("1", "2"), b=spending("2", "3"))
    assert drawn.findings == ()
    assert spent(drawn) == (Decimal(3), Decimal(5), None)
    assert drawn.assessment.budget[0].budgeted == 978
    assert {figure.unit for figure in drawn.figures.values()} == {"万元"}


@pytest.mark.parametrize(
    ("field", "key", "drawn_amount"),
    [("basic", "基本支出总额", "3"), ("project", "项目支出总额", "5"), ("pass_through", "往来资金", "1")],
)
@pytest.mark.parametrize("beside", ["0", "0.01", "-0.01"])
def test_each_amount_that_is_written_must_agree_to_the_last_digit(
    field: str, key: str, drawn_amount: str, beside: str
) -> None:
    typed = Decimal(drawn_amount) + Decimal(beside)
    written: dict[str, Any] = {field: typed}
    of = assessment(expenditure=Expenditure(rolled_up_from=("a", "b"), **written))
    drawn = draw(of=of, a=spending("1", "2", "1"), b=spending("2", "3"))
    if typed == Decimal(drawn_amount):
        assert drawn.findings == ()
        assert spent(drawn) == (Decimal(3), Decimal(5), Decimal(1))
    else:
        assert [(f.code, f.address, f.message) for f in drawn.findings] == [
            ("P705", ("支出", key), f"写的是「{typed:f}」，汇总得「{drawn_amount}」。")
        ]
        assert getattr(drawn.assessment.expenditure, field) is None
        assert drawn.open == {("支出", key)}


@pytest.mark.parametrize(
    ("basic", "project_amount", "open_key"),
    [(None, "2", "基本支出总额"), ("1", None, "项目支出总额"), ("1", "2", None)],
)
def test_only_the_pass_through_may_be_left_out_of_an_expenditure(
    basic: str | None, project_amount: str | None, open_key: str | None
) -> None:
    of = assessment(expenditure=Expenditure(rolled_up_from=("a", "b")))
    drawn = draw(of=of, a=spending(basic, project_amount), b=spending("2", "3", "1"))
    assert [f.message for f in drawn.findings] == (
        [f"汇总自「a」：「支出」的{open_key}还没有填。"] if open_key else []
    )
    assert spent(drawn)[2] == 1


def test_a_pass_through_that_only_the_department_knows_stays() -> None:
    of = assessment(expenditure=Expenditure(pass_through=Decimal(2), rolled_up_from=("a",)))
    assert spent(draw(of=of, a=spending("1", "2"))) == (Decimal(1), Decimal(2), Decimal(2))


def budgets(initial: str | None, budgeted: str, executed: str) -> Assessment:
    line = replace(budget_line(budgeted, executed), initial=None if initial is None else Decimal(initial))
    return assessment(budget=(line,))


def test_the_first_budget_adds_up_where_the_form_has_one() -> None:
    of = assessment(budget=(replace(budget_line(None, None), rolled_up_from=("a", "b")),))
    drawn = draw(of=of, a=budgets("90", "100", "80"), b=budgets("50", "60", "60"))
    (line,) = drawn.assessment.budget
    assert (line.initial, line.budgeted, line.executed) == (Decimal(140), Decimal(160), Decimal(140))
    drawn = draw(of=of, a=budgets("90", "100", "80"), b=budgets(None, "60", "60"))
    assert [f.message for f in drawn.findings] == ["汇总自「b」：「部门整体支出总额」的年初预算数还没有填。"]


@pytest.mark.parametrize(
    ("budgeted", "executed", "why"),
    [
        ("0", "0", "「部门整体支出总额」的预算数是 0，不能汇总"),
        ("-1", "0", "「部门整体支出总额」的预算数是 -1，不能汇总"),
        ("1", "-1", "「部门整体支出总额」的执行数是 -1，不能汇总"),
        ("1", "0", None),
    ],
)
def test_an_amount_below_zero_or_no_budget_is_not_added(
    budgeted: str, executed: str, why: str | None
) -> None:
    of = assessment(budget=(replace(budget_line(None, None), rolled_up_from=("a",)),))
    drawn = draw(of=of, a=budgets(None, budgeted, executed))
    assert [f.message for f in drawn.findings] == ([f"汇总自「a」：{why}。"] if why else [])


def test_a_part_without_budget_lines_gives_no_amount() -> None:
    of = assessment(budget=(replace(budget_line(None, None), rolled_up_from=("a",)),))
    drawn = draw(of=of, a=assessment(budget=()))
    assert [f.message for f in drawn.findings] == [
        "汇总自「a」：「预算执行」的预算数还没有填。",
        "汇总自「a」：「预算执行」的执行数还没有填。",
    ]
    assert texts(draw(a=assessment(indicator("3个", "2个", 80, "数量"), budget=()))) == ("3个", "2个")


# --- what does not fit ------------------------------------------------------------------------------------------


def test_an_assessment_that_draws_nothing_is_left_alone() -> None:
    given = assessment()
    drawn = rollup.roll_up(given, replace(FORM, roll_up=None), {})
    assert (drawn.assessment, drawn.figures, drawn.findings, drawn.open) == (given, {}, (), frozenset())
    assert rollup.sources(given) == ()


def test_a_form_without_a_rule_for_it_draws_nothing_at_any_place() -> None:
    given = replace(
        drawing("a"),
        expenditure=Expenditure(rolled_up_from=("a",)),
        budget=(budget_line(), replace(budget_line(None, None), rolled_up_from=("a",))),
    )
    drawn = rollup.roll_up(given, replace(FORM, roll_up=None), {})
    places = [
        ("支出", "汇总自"),
        ("预算执行", 1, "汇总自"),
        ("指标", 0, "二级指标", 0, "三级指标", 0, "汇总自"),
    ]
    assert [(f.code, f.address) for f in drawn.findings] == [("P701", place) for place in places]
    assert {(f.message, f.remedy) for f in drawn.findings} == {
        (f"「{FORM.name}」的规则没有写怎样汇总。", "请在 form.yaml 加上 汇总，或删去 汇总自。")
    }
    assert drawn.open == set(places)


def test_a_part_without_content_says_why_or_that_there_is_none() -> None:
    for why, said in ((None, "没有这份自评"), (Gap("unreadable"), "它有错误，读不出来")):
        one = Part(name="a", assessment=None, form=None, why=why)
        assert [f.message for f in draw(of=drawing("a"), a=one).findings] == [f"汇总自「a」：{said}。"]
    bare = Part(name="a", assessment=None, form=None)
    assert [f.message for f in draw(of=drawing("a"), a=bare).findings] == ["汇总自「a」：没有这份自评。"]


def test_each_indicator_of_each_goal_is_drawn_at_its_own_place() -> None:
    def lines(one: str, other: str) -> Dimension:
        return dimension(
            group(indicator("9个", "9个", 1, one)),
            group(
                indicator("9个", "9个", 1, f"{one}之二"),
                replace(indicator(None, None, 1, other), rolled_up_from=("a",)),
            ),
        )

    blocks = tuple(
        GoalBlock(goal=name, weight=Decimal(6), dimensions=(lines("甲", "乙"), lines("丙", "数量")))
        for name in ("招商", "服务")
    )
    drawn = draw(of=assessment(dimensions=(), goal_blocks=blocks), a=one_line(target="3个", actual="2个"))
    assert set(drawn.figures) == {
        ("绩效目标", goal, "指标", 1, "二级指标", 1, "三级指标", 1, key)
        for goal in (0, 1)
        for key in ("年初目标值", "实际完成值")
    }
    assert [f.address for f in drawn.findings] == [
        ("绩效目标", goal, "指标", 0, "二级指标", 1, "三级指标", 1, "汇总自", 0) for goal in (0, 1)
    ]


def test_what_is_drawn_from_is_named_once_in_order() -> None:
    given = replace(
        drawing("b", "a"),
        expenditure=Expenditure(rolled_up_from=("c", "b")),
        budget=(replace(budget_line(), rolled_up_from=("d",)),),
    )
    assert rollup.sources(given) == ("c", "b", "d", "a")


def test_lines_that_draw_nothing_stay_as_they_were_written() -> None:
    other = indicator("9个", "8个", 10, "别的")
    mine = replace(indicator(None, None, 70, "数量"), rolled_up_from=("a",))
    of = assessment(mine, other)
    drawn = draw(of=of, a=one_line(target="3个", actual="2个"))
    assert drawn.assessment.indicators()[1] is other
    assert drawn.assessment.budget == of.budget
    assert drawn.assessment.expenditure is of.expenditure


def test_a_finding_is_grave_unless_only_the_year_is_running() -> None:
    a = replace(one_line(target="3个", actual="2个"), status=Status.FILLING)
    for status, severity in (
        (Status.FILLING, Severity.WARNING),
        (Status.FINAL, Severity.ERROR),
        (Status.FILED, Severity.ERROR),
    ):
        (finding,) = draw(of=drawing("a", status=status), a=a).findings
        assert (finding.severity, finding.code) == (severity, "P702")
        assert finding.address == ("指标", 0, "二级指标", 0, "三级指标", 0, "汇总自", 0)
        assert finding.remedy == "请补全或改正那份自评，或从 汇总自 中去掉它。"
    (finding,) = draw(of=drawing("没有", status=Status.FILLING)).findings
    assert (finding.severity, finding.message) == (Severity.ERROR, "汇总自「没有」：没有这份自评。")


def test_weights_of_another_kind_do_not_mix() -> None:
    by_execution = replace(FORM, roll_up=replace(RULE, funds=Funds.EXECUTED))
    a = one_line(target="90%", actual="80%")
    inner = rollup.roll_up(drawing("a"), by_execution, {"a": part("a", a, by_execution)})
    assert inner.findings == ()
    (finding,) = draw(of=drawing("处"), 处=part("处", inner.assessment, by_execution, inner)).findings
    assert finding.message == "汇总自「处」：按执行数加权，这里按预算数。"
    # without anything drawn in it, its own rule does not matter
    assert texts(draw(a=part("a", a, by_execution))) == ("90%", "80%")


def test_funds_may_be_what_was_executed() -> None:
    by_execution = replace(FORM, roll_up=replace(RULE, funds=Funds.EXECUTED))
    parts = {
        name: part(name, assessment(indicator("90%", actual, 80, "数量"), budget=(budget_line("100", done),)))
        for name, actual, done in (("a", "100%", "30"), ("b", "80%", "10"))
    }
    assert texts(rollup.roll_up(drawing("a", "b"), by_execution, parts)) == ("90%", "95%")


def test_a_printed_mean_is_rounded_as_the_rulebook_says_and_scored_in_full() -> None:
    rule = replace(RULE, digits=0)
    a, b = one_line(target="90%", actual="80%"), one_line(target="91%", actual="81%")
    drawn = draw(replace(FORM, roll_up=rule), a=a, b=b)
    assert texts(drawn) == ("91%", "81%")  # half up, twice
    actual = drawn.assessment.indicators()[0].actual
    assert isinstance(actual, Quantity)
    assert actual.number == Decimal("80.5")


def judged(share: str | None, grade: str = "达成预期", funds: str = "100") -> Assessment:
    return assessment(
        indicator("好", "好", 80, "数量", grade=grade, share=share), budget=(budget_line(funds, funds),)
    )


def test_a_grade_follows_from_the_mean_of_the_shares() -> None:
    drawn = draw(of=drawing("a", "b", target="好", actual="好"), a=judged("90"), b=judged(None, "未达成预期"))
    (line,) = drawn.assessment.indicators()
    assert line.judgement is not None
    assert (line.judgement.grade, line.judgement.share) == ("部分达成预期", Decimal(70))
    assert line.target is not None
    assert line.target.text == "好"
    figure = drawn.figures["指标", 0, "二级指标", 0, "三级指标", 0, "定性"]
    assert [c.text for c in figure.contributions] == ["达成预期 90%", "未达成预期 50%"]
    assert figure.unit == "%"


def test_a_grade_is_not_drawn_from_a_part_without_the_indicator() -> None:
    other = assessment(indicator("好", "好", 80, "别的", grade="达成预期"))
    drawn = draw(of=drawing("a", "b", target="好", actual="好"), a=judged("90"), b=other)
    assert [f.message for f in drawn.findings] == ["汇总自「b」：里面没有指标「数量」。"]


def test_a_grade_that_is_written_must_agree() -> None:
    for grade, share, good in (
        ("部分达成预期", None, True),
        ("部分达成预期", "70", True),
        ("部分达成预期", "71", False),
        ("达成预期", None, False),
    ):
        line = replace(indicator("好", "好", 80, "数量", grade=grade, share=share), rolled_up_from=("a", "b"))
        drawn = draw(of=assessment(line), a=judged("90"), b=judged(None, "未达成预期"))
        assert (drawn.assessment.indicators()[0].judgement is not None) is good
        assert [f.code for f in drawn.findings] == ([] if good else ["P705"])
        assert bool(drawn.open) is not good


@pytest.mark.parametrize(
    ("share", "difference"),
    [
        (None, None),
        ("30", None),
        ("30.00", None),
        ("0", "写的是「未达成预期 0%」，汇总得「未达成预期 30%」。"),
        ("30.01", "写的是「未达成预期 30.01%」，汇总得「未达成预期 30%」。"),
    ],
)
def test_a_share_that_is_written_must_agree_and_nothing_is_a_share_too(
    share: str | None, difference: str | None
) -> None:
    line = indicator("好", "好", 80, "数量", grade="未达成预期", share=share)
    of = assessment(replace(line, rolled_up_from=("a", "b")))
    drawn = draw(of=of, a=judged("20", "未达成预期"), b=judged("40", "未达成预期"))
    assert [f.message for f in drawn.findings] == ([difference] if difference else [])
    (one,) = drawn.assessment.indicators()
    assert (one.judgement is None) is (difference is not None)


@pytest.mark.parametrize(("grade", "share"), [("优", None), ("达成预期", "70"), ("达成预期", "79.99")])
def test_a_grade_below_that_its_own_form_does_not_know_is_not_averaged(grade: str, share: str | None) -> None:
    drawn = draw(of=drawing("a", target="好", actual="好"), a=judged(share, grade))
    assert [f.message for f in drawn.findings] == [
        f"汇总自「a」：「数量」的定性「{grade}」不在规则的档次里，或百分比不在本档。"
    ]


def test_a_figure_that_is_written_with_the_name_of_its_measure_is_drawn_without() -> None:
    a = one_line(target="≥90%", actual="95%")
    drawn = draw(of=drawing("a", target="满意度≥90%", actual="满意度95%"), a=a)
    (line,) = drawn.assessment.indicators()
    assert texts(drawn) == ("满意度≥90%", "满意度95%")
    assert isinstance(line.target, Quantity)
    assert isinstance(line.actual, Quantity)
    assert (line.target.label, line.actual.label) == ("", "")
    assert drawn.findings == ()


def test_a_figure_that_is_written_in_words_is_quoted_as_it_stands() -> None:
    drawn = draw(of=drawing("a", actual="很多"), a=one_line(target="3个", actual="2个"))
    assert [(f.message, f.remedy) for f in drawn.findings] == [
        ("写的是「很多」，汇总得「2个」。", "请核对下级的自评，或删去这里写的数。")
    ]
    assert texts(drawn) == ("3个", None)


def test_a_written_grade_asks_for_grades_below() -> None:
    line = replace(indicator("好", "好", 80, "数量", grade="达成预期"), rolled_up_from=("a",))
    (finding,) = draw(of=assessment(line), a=one_line(target="3个", actual="2个")).findings
    assert finding.message == "汇总自「a」：「数量」的达成情况还没有填。"


def test_bands_are_those_of_the_form_that_draws() -> None:
    narrow = tuple(band for band in FORM.quality.bands if band.name != "部分达成预期")
    form = replace(FORM, quality=replace(FORM.quality, bands=narrow))
    of = drawing("a", "b", target="好", actual="好")
    drawn = draw(form, of=of, a=judged("90"), b=judged(None, "未达成预期"))
    (finding,) = drawn.findings
    assert (finding.code, finding.message) == ("P705", "汇总得 70%，不在规则的任何档次里。")
    assert finding.remedy == "请核对两种表的档次。"
    assert drawn.assessment.indicators()[0].judgement is None


def test_a_grade_without_funds_cannot_be_weighted() -> None:
    (finding,) = draw(of=drawing("a", target="好", actual="好"), a=judged("90", funds="0")).findings
    assert finding.message == "汇总自「a」：没有预算数或它不大于 0，不能按资金额度加权。"
