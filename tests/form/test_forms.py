import decimal
import itertools
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from builders import FORM, FORM_TEXT, ROOT, encodes_in_gbk, nodes_of
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.core.address import Address
from perfdoc.core.assessment import Direction
from perfdoc.core.diagnostics import Severity
from perfdoc.core.source import Mapping, Node, Sequence
from perfdoc.form import rulebook
from perfdoc.form.layout import Block, BlockKind, Column
from perfdoc.form.rulebook import (
    Band,
    CheckRule,
    Conversion,
    Excess,
    ExcessAction,
    Form,
    GradeStep,
    QualityRule,
    RoundingMode,
)
from perfdoc.read.folder import open_form


def found_in(form: Form) -> list[tuple[Address, str, str]]:
    findings = list(rulebook.faults(form))
    assert {finding.code for finding in findings} <= {"P210"}
    assert {finding.severity for finding in findings} <= {Severity.ERROR}
    return [(finding.address, finding.message, finding.remedy) for finding in findings]


def with_labels(**changes: str) -> Form:
    return replace(FORM, labels=replace(FORM.labels, **changes))


def with_bands(*bands: Band) -> Form:
    return replace(FORM, quality=replace(FORM.quality, bands=bands))


def band(name: str, lower: int, upper: int, *, included: bool = False, default: int | None = None) -> Band:
    return Band(
        name=name,
        upper=Decimal(upper),
        upper_included=included,
        lower=Decimal(lower),
        default=Decimal(upper if default is None else default),
    )


HIGHER_RULE, LOWER_RULE = FORM.quantities
assert FORM.cross_footing is not None
CROSS = FORM.cross_footing
ZERO = LOWER_RULE.zeros[1]


def test_two_clauses_of_one_name_are_a_fault_at_the_second() -> None:
    form = replace(FORM, clauses=(*FORM.clauses, FORM.clauses[0]))
    (fault,) = found_in(form)
    assert fault[:2] == (
        ("条款", len(FORM.clauses), "条款"),
        "有两个条款都叫「表头」，引用时分不清是哪一个。",
    )


def test_the_rulebook_that_is_shipped_has_no_faults() -> None:
    assert found_in(FORM) == []
    opened = open_form(ROOT, FORM.id)
    assert (opened.form, opened.diagnostics) == (FORM, ())


@pytest.mark.parametrize(
    ("form", "address"),
    [
        (replace(FORM, weights=replace(FORM.weights, clause="备注9")), ("分值", "条款")),
        (replace(FORM, budget=replace(FORM.budget, clause="备注9")), ("预算执行", "条款")),
        (replace(FORM, budget=replace(FORM.budget, cap_clause="备注9")), ("预算执行", "上限条款")),
        (replace(FORM, quality=replace(FORM.quality, clause="备注9")), ("定性", "条款")),
        (replace(FORM, quality=replace(FORM.quality, default_clause="备注9")), ("定性", "默认条款")),
        (replace(FORM, rounding=replace(FORM.rounding, clause="备注9")), ("舍入", "条款")),
        (replace(FORM, cross_footing=replace(CROSS, clause="备注9")), ("勾稽", "条款")),
        (
            replace(FORM, quantities=(HIGHER_RULE, replace(LOWER_RULE, clause="备注9"))),
            ("定量", 1, "条款"),
        ),
        (
            replace(
                FORM,
                quantities=(
                    HIGHER_RULE,
                    replace(LOWER_RULE, zeros=(LOWER_RULE.zeros[0], replace(ZERO, clause="备注9"))),
                ),
            ),
            ("定量", 1, "零值", 1, "条款"),
        ),
    ],
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_a_clause_that_is_cited_must_be_listed(form: Form, address: Address) -> None:
    assert found_in(form) == [
        (address, "引用的条款「备注9」没有列在「条款」里。", "补上这一条，或改正名称。")
    ]


def places_of(node: Node, key: str, path: Address = ()) -> list[Address]:
    """Find every value of a name, wherever it stands below a node."""
    if isinstance(node, Sequence):
        return [found for i, item in enumerate(node.items) for found in places_of(item, key, (*path, i))]
    if not isinstance(node, Mapping):
        return []
    found = [(*path, name.text) for name, _ in node if name.text == key]
    return found + [below for name, value in node for below in places_of(value, key, (*path, name.text))]


def test_every_citation_in_the_file_is_looked_at() -> None:
    read = nodes_of(FORM_TEXT)
    cited = [
        place
        for key in ("条款", "上限条款", "默认条款", "定性条款", "资金条款")
        for place in places_of(read, key)
        if place[0] != "条款"
    ]
    unlisted = replace(FORM, clauses=())
    assert sorted(address for address, _, _ in found_in(unlisted)) == sorted(cited)


@pytest.mark.parametrize(
    ("label", "key", "pattern", "blank", "allowed"),
    [
        ("number", "附件号", "附件{序号}", "序号", "没有"),
        ("title", "标题", "{年份}年度", "年份", "{年度}、{部门}、{单位名称}"),
        ("dimension", "一级指标", "{}", "", "{名称}、{分值}"),
        ("group", "二级指标", "{0}", "0", "{名称}、{分值}"),
        ("indicator", "三级指标", "{名称}（{权重}分）", "权重", "{名称}、{分值}"),
        ("indicator", "三级指标", "{名称.__class__}", "名称.__class__", "{名称}、{分值}"),
        ("indicator", "三级指标", "{名称[0]}", "名称[0]", "{名称}、{分值}"),
        ("indicator", "三级指标", "{分值:>9999999}", "分值", "{名称}、{分值}"),
        ("indicator", "三级指标", "{名称!r}", "名称", "{名称}、{分值}"),
        ("goal", "年度目标", "{名称}", "名称", "{序号}、{内容}"),
        ("project", "项目支出总额", "{基本支出总额}", "基本支出总额", "{项目支出总额}、{往来资金}"),
        ("goal_block", "绩效目标", "{名称}", "名称", "{序号}、{内容}、{分值}"),
        ("tick", "勾选", "{名称}", "名称", "{方框}、{序号}、{选项}"),
        ("unscored", "不计分", "{分值}", "分值", "没有"),
    ],
)
def test_a_label_may_hold_only_its_own_blanks(
    label: str, key: str, pattern: str, blank: str, allowed: str
) -> None:
    assert found_in(with_labels(**{label: pattern})) == [
        (("标签", key), f"标签「{pattern}」里的 {{{blank}}} 不认识。", f"这里可用的是：{allowed}。")
    ]


@pytest.mark.parametrize("pattern", ["{名称", "名称}", "{", "}", "{名称}}", "{名称!}", "{名{称}"])
def test_the_braces_of_a_label_must_be_paired(pattern: str) -> None:
    ((address, message, _),) = found_in(with_labels(group=pattern))
    assert address == ("标签", "二级指标")
    assert pattern in message
    assert "花括号没有配对" in message or "不认识" in message


def test_a_lost_brace_is_named_with_its_cure() -> None:
    assert found_in(with_labels(group="{名称", title="年度}")) == [
        (("标签", key), f"标签「{pattern}」里的花括号没有配对。", "补上另一半；文字里的花括号要写两遍。")
        for key, pattern in (("标题", "年度}"), ("二级指标", "{名称"))
    ]


def test_only_the_title_may_quote_the_head_of_the_form() -> None:
    form = replace(
        with_labels(title="{年度}年度{项目名称}"),
        blocks=(*FORM.blocks, Block(kind=BlockKind.ROW, boxes=(Column(key="项目名称"),))),
    )
    assert found_in(form) == []
    assert found_in(replace(form, labels=replace(form.labels, goal="{项目名称}"))) == [
        (
            ("标签", "年度目标"),
            "标签「{项目名称}」里的 {项目名称} 不认识。",
            "这里可用的是：{序号}、{内容}。",
        )
    ]


def test_a_label_that_holds_what_it_must_is_sound_whatever_stands_around_it() -> None:
    assert found_in(with_labels(title="{{年度}}", group="{名称}{名称}", indicator="{{{名称}}}")) == []


@pytest.mark.parametrize(
    ("name", "pattern", "lacking"),
    [
        ("indicator", "（{分值}分）", "名称"),
        ("indicator", "{{名称}}（{分值}分）", "名称"),
        ("dimension", "", "名称"),
        ("goal", "目标{序号}：", "内容"),
        ("project", "（含往来资金{往来资金}）", "项目支出总额"),
        ("tick", "{方框}{序号}.", "选项"),
    ],
)
def test_a_label_that_would_print_rows_without_names_or_money_without_its_amount_is_a_fault(
    name: str, pattern: str, lacking: str
) -> None:
    ((_, message, remedy),) = found_in(with_labels(**{name: pattern}))
    assert message == f"标签「{pattern}」里没有 {{{lacking}}}，印出来会缺「{lacking}」。"
    assert remedy == f"请写上 {{{lacking}}}。"


LABELS = {
    "number": "附件号",
    "title": "标题",
    "dimension": "一级指标",
    "goal": "年度目标",
    "project": "项目支出总额",
}


@given(st.sampled_from(list(LABELS)), st.text(st.sampled_from("{}名称分值:!r.[]0年度 "), max_size=12))
def test_a_label_without_faults_can_always_be_filled(label: str, pattern: str) -> None:
    form = with_labels(**{label: pattern})
    if found_in(form) == []:
        values = dict.fromkeys(rulebook.LABEL_PLACEHOLDERS[label], "x")
        assert isinstance(pattern.format(**values), str)


def test_each_direction_has_exactly_one_rule() -> None:
    assert found_in(replace(FORM, quantities=(HIGHER_RULE,))) == [
        (("定量",), "没有写「反向」怎样计分。", "每个方向写一条。")
    ]
    assert found_in(replace(FORM, quantities=(LOWER_RULE,))) == [
        (("定量",), "没有写「正向」怎样计分。", "每个方向写一条。")
    ]
    assert found_in(replace(FORM, quantities=(HIGHER_RULE, LOWER_RULE, HIGHER_RULE))) == [
        (("定量", 2), "「正向」写了两次。", "只留一条。")
    ]
    assert found_in(replace(FORM, quantities=(LOWER_RULE, HIGHER_RULE))) == []


def test_the_default_of_a_band_lies_in_it_or_on_its_edge() -> None:
    for default in (80, 90, 100):
        assert (
            found_in(with_bands(band("优", 80, 100, included=True, default=default), band("差", 0, 80))) == []
        )
    assert found_in(with_bands(band("优", 80, 100, included=True, default=79), band("差", 0, 80))) == [
        (("定性", "档次", 0, "默认"), "「优」的默认 79% 不在本档（80%–100%）之内。", "改正。")
    ]
    assert found_in(with_bands(band("优", 80, 100, included=True), band("差", 0, 80, default=81))) == [
        (("定性", "档次", 1, "默认"), "「差」的默认 81% 不在本档（0%–80%，不含上限）之内。", "改正。")
    ]


@pytest.mark.parametrize(
    ("second", "upper", "lower"),
    [
        (band("中", 50, 79), "80", "79"),  # a gap
        (band("中", 50, 81), "80", "81"),  # an overlap
        (band("中", 50, 80, included=True), "80", "80"),  # 80 belongs to both
    ],
)
def test_bands_meet_without_a_gap_or_an_overlap(second: Band, upper: str, lower: str) -> None:
    form = with_bands(band("优", 80, 100, included=True), second, band("差", 0, 50))
    assert found_in(form) == [
        (
            ("定性", "档次", 1, "上限"),
            f"「优」的下限 {upper}% 与「中」的上限 {lower}% 没有接上，或重叠。",
            "上一档的下限就是下一档不含的上限。",
        )
    ]


def test_bands_stand_from_high_to_low() -> None:
    rising = with_bands(band("差", 0, 50), band("中", 50, 80), band("优", 80, 100, included=True))
    assert [address for address, _, _ in found_in(rising)] == [
        ("定性", "档次", 1, "上限"),
        ("定性", "档次", 2, "上限"),
    ]


edges = st.lists(st.integers(1, 99), unique=True, max_size=5).map(
    lambda inner: [100, *sorted(inner)[::-1], 0]
)


@given(edges, st.integers(0, 10_000))
def test_sound_bands_hold_every_share_exactly_once(edges: list[int], share: int) -> None:
    bands = tuple(
        band(str(i), lower, upper, included=i == 0)
        for i, (upper, lower) in enumerate(itertools.pairwise(edges))
    )
    assert found_in(with_bands(*bands)) == []
    assert sum(one.holds(Decimal(share).scaleb(-2)) for one in bands) == 1


@pytest.mark.parametrize("included", [True, False])
def test_the_lower_edge_belongs_to_its_band_and_the_upper_one_where_it_says_so(*, included: bool) -> None:
    one = band("良", 60, 80, included=included)
    held = {share: one.holds(Decimal(share)) for share in ("59.99", "60", "60.01", "79.99", "80", "80.01")}
    assert held == {
        "59.99": False,
        "60": True,
        "60.01": True,
        "79.99": True,
        "80": included,
        "80.01": False,
    }


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (
            replace(FORM, weights=replace(FORM.weights, indicators=Decimal(90))),
            "指标分值 90 加预算执行 20，不等于满分 100。",
        ),
        (
            replace(FORM, weights=replace(FORM.weights, total=Decimal(110))),
            "指标分值 80 加预算执行 20，不等于满分 110。",
        ),
        (
            replace(FORM, budget=replace(FORM.budget, weight=Decimal("19.5"))),
            "指标分值 80 加预算执行 19.5，不等于满分 100。",
        ),
    ],
)
def test_the_weights_add_up(form: Form, message: str) -> None:
    assert found_in(form) == [(("分值", "满分"), message, "三处必须一致。")]


def test_only_amounts_of_the_expenditure_are_cross_footed() -> None:
    rule = replace(CROSS, plus=("基本支出", "项目支出总额"), minus=("往来",))
    known = "这里可用的是：基本支出总额、项目支出总额、往来资金。"
    assert found_in(replace(FORM, cross_footing=rule)) == [
        (("勾稽", "加", 0), "支出中没有「基本支出」这一项。", known),
        (("勾稽", "减", 0), "支出中没有「往来」这一项。", known),
    ]


def test_all_faults_of_a_rulebook_are_found_at_once() -> None:
    form = replace(
        with_labels(goal="{x}", group="{"),
        quantities=(),
        rounding=replace(FORM.rounding, clause="x"),
        weights=replace(FORM.weights, total=Decimal(1)),
    )
    assert [address for address, _, _ in found_in(form)] == [
        ("舍入", "条款"),
        ("标签", "二级指标"),
        ("标签", "年度目标"),
        ("定量",),
        ("定量",),
        ("分值", "满分"),
    ]
    for _, message, remedy in found_in(form):
        assert message.endswith("。")
        assert remedy.endswith("。")
        assert encodes_in_gbk(message + remedy)


# --- looking up -------------------------------------------------------------------------------------------------


def test_clauses_rules_and_bands_are_found_by_name() -> None:
    assert FORM.clause("备注2").printed
    assert not FORM.clause("自定1").printed
    assert FORM.quantity_rule(Direction.LOWER) is LOWER_RULE
    assert FORM.quantity_rule(Direction.HIGHER) is HIGHER_RULE
    assert FORM.quality.band("部分达成预期") is FORM.quality.bands[1]
    assert FORM.quality.band("优") is None


def test_the_notes_below_the_table_are_the_four_of_the_form() -> None:
    assert [clause.name for clause in FORM.clauses if clause.printed] == ["备注1", "备注2", "备注3", "备注4"]
    assert [clause.text[:2] for clause in FORM.clauses if clause.printed] == ["1.", "2.", "3.", "4."]


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        (RoundingMode.HALF_UP, ["0.1", "0.2", "0.3", "-0.3"]),
        (RoundingMode.HALF_EVEN, ["0.0", "0.2", "0.2", "-0.2"]),
        (RoundingMode.DOWN, ["0.0", "0.1", "0.2", "-0.2"]),
    ],
)
def test_the_ways_of_rounding_do_what_their_names_say(mode: RoundingMode, rounded: list[str]) -> None:
    halves = [Decimal(text) for text in ("0.05", "0.15", "0.25", "-0.25")]
    assert [str(half.quantize(Decimal("0.1"), rounding=mode.decimal_name)) for half in halves] == rounded
    assert hasattr(decimal, mode.decimal_name)


def test_a_band_reads_as_its_edges() -> None:
    assert [str(one) for one in FORM.quality.bands] == ["80%–100%", "50%–80%，不含上限", "0%–50%，不含上限"]


def test_every_rule_of_the_file_stands_on_a_clause_that_was_read_or_is_owned_up_to() -> None:
    for clause in FORM.clauses:
        assert clause.source
        assert clause.text
        assert clause.name.startswith("自定") == (clause.standing is rulebook.Standing.DECIDED)


def test_the_template_and_the_narratives_are_named_without_a_folder() -> None:
    names: list[Any] = [FORM.template, *(rule.file for rule in FORM.narratives)]
    assert names == ["attachment.docx", "deviation.md", "improvement.md"]
    assert all((ROOT / "content" / "2020" / rule.file).is_file() for rule in FORM.narratives)


def test_a_rule_for_qualities_without_the_grade_has_no_band() -> None:
    empty = QualityRule(clause="x", default_clause="x", bands=())
    assert empty.band("达成预期") is None


# --- words and usual settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (rulebook.Standing, ["已读", "转引", "推定", "自定"]),
        (rulebook.Formula, ["分值×B÷A", "分值×A÷B", "分值×较小÷较大", "达到得满分"]),
        (rulebook.RoundingMode, ["四舍五入", "四舍六入五成双", "去尾"]),
        (rulebook.ScoredLine, ["首行", "不计分"]),
        (rulebook.ExcessAction, ["不处理", "说明", "扣分", "按倍数扣分"]),
        (rulebook.ReasonPlace, ["集中", "逐项"]),
        (rulebook.Funds, ["预算数", "执行数"]),
    ],
)
def test_a_choice_is_written_in_these_words(choices: type[Enum], words: list[str]) -> None:
    assert [choice.value for choice in choices] == words


def test_what_a_rulebook_leaves_out_is_not_asked_for() -> None:
    labels = rulebook.Labels(title="自评表", dimension="{名称}", group="{名称}", indicator="{名称}")
    assert (labels.number, labels.unscored) == ("", "")
    assert (labels.goal, labels.goal_block, labels.tick) == ("{内容}", "{内容}", "{方框}{选项}")
    assert labels.project == "{项目支出总额}"
    assert not CheckRule(code="P502").off
    assert not FORM.budget.round_first
    assert not FORM.satisfaction
    assert not rulebook.NarrativeRule(name="偏差分析", title="偏差", file="deviation.md").shortfalls
    assert not rulebook.Clause(name="注1", source="表", standing=rulebook.Standing.READ, text="略").printed


# --- grades, excess, conversions, checks ------------------------------------------------------------------------


def with_grades(*least: str) -> Form:
    steps = tuple(
        GradeStep(name=name, least=Decimal(points), clause="表头")
        for name, points in zip("优良中差", least, strict=False)
    )
    return replace(FORM, grades=steps)


def test_grades_stand_from_high_to_low() -> None:
    assert found_in(with_grades("90", "80", "60", "0")) == []
    assert found_in(with_grades("90")) == []
    for second in ("90", "95"):
        assert found_in(with_grades("90", second, "60")) == [
            (("等级", 1, "下限"), "「良」的下限不低于上一等级。", "从高到低写。")
        ]


@pytest.mark.parametrize("action", list(ExcessAction))
@pytest.mark.parametrize("points", [None, Decimal(2)])
def test_an_excess_names_points_exactly_where_it_takes_some(
    action: ExcessAction, points: Decimal | None
) -> None:
    form = replace(FORM, excess=Excess(threshold=Decimal(130), action=action, points=points, clause="表头"))
    takes = action in (ExcessAction.DEDUCT, ExcessAction.SCALE)
    message = f"超额的处理是「{action.value}」，与「扣」不配。"
    expected = (("超额", "处理"), message, "扣分的写明扣几分，其余不写。")
    assert found_in(form) == ([] if takes is (points is not None) else [expected])


def converting(*conversions: tuple[str, str, str]) -> Form:
    assert FORM.roll_up is not None
    steps = tuple(Conversion(source=s, target=t, factor=Decimal(f)) for s, t, f in conversions)
    return replace(FORM, roll_up=replace(FORM.roll_up, conversions=steps))


def test_conversions_lead_to_one_end_by_a_positive_factor() -> None:
    assert found_in(converting(("元", "千元", "0.001"), ("千元", "万元", "0.1"))) == []
    assert found_in(converting(("元", "万元", "0"))) == [
        (("汇总", "换算", 0, "乘以"), "换算要乘以大于 0 的数。", "例如 元到万元乘以 0.0001。")
    ]
    assert found_in(converting(("元", "万元", "0.0001"), ("元", "千元", "0.001"))) == [
        (("汇总", "换算", 1, "自"), "「元」的换算写了两次。", "只留一条。")
    ]
    assert found_in(converting(("元", "万元", "0.0001"), ("万元", "元", "10000"))) == [
        (("汇总", "换算", i, "到"), f"「{unit}」换算来换算去又回到自己。", "只向一个方向换算。")
        for i, unit in enumerate(("元", "万元"))
    ]


def test_a_conversion_that_runs_into_a_circle_has_no_end() -> None:
    rule = converting(("元", "千元", "0.001"), ("千元", "万元", "0.1"), ("万元", "千元", "10")).roll_up
    assert rule is not None
    assert [rule.converted(unit) for unit in ("元", "千元", "万元")] == [None, None, None]


def test_a_factor_may_be_small_or_large_but_not_nothing_or_less() -> None:
    for factor in ("0.000001", "1", "1000000"):
        assert found_in(converting(("元", "万元", factor))) == []
    for factor in ("0", "-0.0001"):
        assert [address for address, _, _ in found_in(converting(("元", "万元", factor)))] == [
            ("汇总", "换算", 0, "乘以")
        ]


def test_a_conversion_is_followed_to_its_end() -> None:
    rule = converting(("元", "千元", "0.001"), ("千元", "万元", "0.1")).roll_up
    assert rule is not None
    assert rule.converted("元") == ("万元", Decimal("0.0001"))
    assert rule.converted("千元") == ("万元", Decimal("0.1"))
    assert rule.converted("吨") == ("吨", Decimal(1))
    assert rule.averages("%")
    assert not rule.averages("个")
    assert not rule.averages("")
    assert replace(rule, relative=("小数",)).averages("")


def test_a_check_is_found_by_its_code() -> None:
    rules = (CheckRule(code="P501", off=True), CheckRule(code="P502"))
    form = replace(FORM, checks=rules)
    assert form.check_rule("P502") is rules[1]
    assert form.check_rule("P503") is None
