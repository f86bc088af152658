"""Where each check begins and where it ends: one assessment on either side of every edge."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from builders import FORM, LOWER, assessment, budget_line, dimension, group, indicator, judged
from faulty import DRAWN, FAULTS
from hypothesis import given
from hypothesis import strategies as st

from perfdoc import checks
from perfdoc.checks import CHECKS, reasons
from perfdoc.core.assessment import Assessment, Direction, Indicator, Prose, Purpose, Status
from perfdoc.core.diagnostics import Finding, Severity
from perfdoc.form.rulebook import (
    CheckRule,
    DimensionWeight,
    Excess,
    ExcessAction,
    Form,
    ReasonPlace,
    ReasonRule,
    TotalCap,
)


def codes(given: Assessment, form: Form = FORM, name: str = "") -> list[str]:
    return [found.code for found in checks.run(*judged(given, form), name)]


def one(**changes: Any) -> Assessment:
    """Make an assessment of one row, changed."""
    return assessment(replace(indicator(), **changes) if changes else indicator())


def row(target: str | None, actual: str | None, name: str = "接洽企业数量", **more: Any) -> Assessment:
    made = indicator(target, actual, name=name)
    return assessment(replace(made, **more) if more else made)


def told(deviation: str, improvement: str = "加快执行。", *rows: Indicator, **changes: Any) -> Assessment:
    prose = (Prose("偏差分析", f"预算执行较慢。\n{deviation}"), Prose("改进措施", improvement))
    return assessment(*(rows or (indicator("30个", "36个"),)), prose=prose, **changes)


def in_group(name: str, made: Indicator) -> Assessment:
    return assessment(dimensions=(dimension(group(made, name=name)),))


def spent(executed: str, *more: str) -> Assessment:
    lines = (budget_line("100", executed), *(budget_line("50", m, name="其他资金") for m in more))
    return assessment(budget=lines, prose=(Prose("偏差分析", "按计划。"), Prose("改进措施", "加快。")))


def blocks(*names: str) -> Assessment:
    made = (group(indicator(name=f"事项{n}", weight=20), name="数量指标") for n in names)
    return assessment(dimensions=tuple(dimension(g, name=n) for g, n in zip(made, names, strict=True)))


def with_actual(names: str, actual: str) -> Assessment:
    return assessment(*(indicator("10次", actual, name=f"事项{n}", weight=20) for n in names))


CAPPED = replace(FORM, total_caps=(TotalCap(below=Decimal(80), most=Decimal(89), clause="自定1"),))
FULL = {"budget": (budget_line("489", "489"),)}


def uniform(points: str) -> Form:
    """Make a rulebook that sets the weight of the one dimension of the samples."""
    each = DimensionWeight(name=assessment().dimensions[0].name, weight=Decimal(points))
    return replace(FORM, weights=replace(FORM.weights, dimensions=(each,)))


SHORT = replace(FORM, reasons=ReasonRule(place=ReasonPlace.PER_ROW, longest=6, clause="备注2"))
LENIENT = replace(FORM, checks=(CheckRule(code="P501", threshold=Decimal(90)),))

EDGES = [
    ("P304", assessment(indicator(weight=79)), assessment(indicator(weight=80)), uniform("80")),
    (
        "P501",
        told("无。", "快。", indicator("100个", "89个")),
        told("无。", "快。", indicator("100个", "90个")),
        LENIENT,
    ),
    (
        "P516",
        row("30个", "30个", remark="应企业的要求。"),
        row("30个", "30个", remark="应 企业要求。"),
        SHORT,
    ),
    (
        "P316",
        assessment(indicator("≥95%", "94.9%", grade="达成预期")),
        assessment(indicator("≥95%", "95%", grade="达成预期")),
        FORM,
    ),
    (
        "P317",
        assessment(indicator(weight=81), indicator(weight=-1, name="宣传册制作次数")),
        assessment(indicator(weight=80), indicator(weight=0, name="宣传册制作次数")),
        FORM,
    ),
    ("P204", assessment(year=2018), assessment(year=2020), FORM),
    (
        "P604",
        assessment(indicator("100%", "100%", name="资金支付率"), budget=(budget_line("100", "90"),)),
        assessment(indicator("100%", "100%", name="资金支付及时率"), budget=(budget_line("100", "90"),)),
        FORM,
    ),
    ("P611", row("30个", "30个", "2019年接洽企业"), row("30个", "30个", "2020年接洽企业"), FORM),
    ("P505", assessment(goals=("执行366.57万元",)), assessment(goals=("执行366.75万元",)), FORM),
    ("P505", told("预算执行366.57万元。"), told("预算执行367万元。"), FORM),
    ("P011", told("款项拔付较晚。"), told("款项拨付较晚。"), FORM),
    ("P106", row("30", "30"), row("30个", "30个"), FORM),
    ("P106", row("30", None, weight=Decimal(80)), row("0", "0", direction=LOWER), FORM),
    ("P108", row("30万元", "30万元", "收入（元）"), row("30元", "30元", "收入（元）"), FORM),
    ("P108", row("90%", "90%", "合格率（%）"), row("90%", "90%", "合格率"), FORM),
    ("P108", told("预算 489元。"), told("门票 488元。"), FORM),
    ("P108", told("支出{{ 支出.项目支出总额 }}元。"), told("支出{{ 支出.项目支出总额 }}万元。"), FORM),
    ("P305", spent("60", "20", "30"), spent("60", "20", "40"), FORM),
    ("P307", assessment(budget=(budget_line(), budget_line(filed="1"))), assessment(), FORM),
    (
        "P310",
        assessment(indicator("4个", "4个", filed="80", because="x"), budget=(budget_line("100", "70"),)),
        assessment(indicator("4个", "3个", filed="75", because="x"), budget=(budget_line("100", "70"),)),
        CAPPED,
    ),
    (
        "P311",
        assessment(indicator("9月底前", "10月1日", grade="达成预期")),
        assessment(indicator("9月底前", "9月30日", grade="达成预期")),
        FORM,
    ),
    ("P314", row("30个", "30个", direction=Direction.EQUAL), row("30个", "30个"), FORM),
    ("P502", row("100次", "130次"), row("100次", "129.9次"), FORM),
    ("P502", row("≤100次", "50次"), row("100次", "200次", remark="应企业要求"), FORM),
    ("P503", spent("89.9"), spent("90"), FORM),
    (
        "P504",
        assessment(budget=(replace(budget_line(), initial=Decimal(500)),)),
        assessment(budget=(replace(budget_line(), initial=Decimal(489)),)),
        FORM,
    ),
    ("P505", told("执行 366.57 万元。"), told("执行 367 万元。"), FORM),
    ("P505", told("执行 3667.5 万元。"), told("执行 412.08 万元。"), FORM),
    ("P505", told("执行 366.75 万元。"), told("约 30 个，2489 年。"), FORM),
    ("P506", told("甲 10 家、乙 20 家，共计 31 家。"), told("甲 10 家、乙 20 家，共计 30 家。"), FORM),
    (
        "P506",
        told("甲 1 家、乙 2 家、丙 3 家，合计 7 家。"),
        told("甲 9 家，乙 2 家、丙 3 家，合计 5 家。"),
        FORM,
    ),
    ("P507", told("接洽明显减少。"), told("展会明显减少。"), FORM),
    (
        "P507",
        told("接洽任务圆满完成。", "加快。", indicator("30个", "29个")),
        told("接洽任务圆满完成。", "加快。", indicator("30个", "30个")),
        FORM,
    ),
    ("P508", told("接洽企业数量未完成。"), told("接洽企业数量已完成。"), FORM),
    ("P509", told("一样的一段话写了两次。", "一样的一段话写了两次。"), told("短。", "短。"), FORM),
    (
        "P509",
        assessment(purpose=Purpose(expected="建成园区服务中心一座", achieved="建成园区服务中心一座")),
        assessment(purpose=Purpose(expected="建成园区服务中心一座", achieved="已于十月建成并投入使用")),
        FORM,
    ),
    ("P601", with_actual("甲乙丙丁", "13次"), with_actual("甲乙", "13次"), FORM),
    ("P602", row("5起", "5起", "投诉次数"), row("5起", "5起", "投诉次数", direction=LOWER), FORM),
    ("P602", row("5起", "5起", "投诉办结次数", direction=None), assessment(), FORM),
    ("P602", row("≤5次", "5次", "培训次数"), row("≥5次", "5次", "培训次数"), FORM),
    ("P603", row("100%", "100.1%", "合格率"), row("100%", "100%", "合格率"), FORM),
    ("P603", row("30人", "30人", "受益率"), row("100%", "130%", "增长率"), FORM),
    ("P604", spent("49"), spent("50"), FORM),
    ("P605", assessment(**FULL), assessment(), FORM),
    (
        "P606",
        assessment(indicator("效果显著", "显著", grade="达成预期")),
        assessment(indicator("建成展厅", "建成", grade="达成预期")),
        FORM,
    ),
    ("P607", in_group("质量指标", indicator()), in_group("质量指标", indicator("90%", "90%")), FORM),
    (
        "P607",
        in_group("数量指标", indicator("3万元", "3万元")),
        in_group("成本指标", indicator("≤3万元", "3万元")),
        FORM,
    ),
    ("P607", in_group("社会效益指标", indicator()), in_group("数量指标", indicator()), FORM),
    (
        "P608",
        assessment(
            dimensions=(
                dimension(group(indicator("360天", "360天", 40, "道路畅通天数"))),
                dimension(group(indicator("360天", "360天", 40, "保障道路畅通")), name="效益指标"),
            )
        ),
        assessment(
            dimensions=(
                dimension(group(indicator("360天", "360天", 40, "道路畅通天数"))),
                dimension(group(indicator("350天", "360天", 40, "保障道路畅通")), name="效益指标"),
            )
        ),
        FORM,
    ),
    ("P609", blocks("产出指标", "管理指标"), blocks("产出指标", "效益指标"), FORM),
    (
        "P609",
        blocks("产出指标", "效益指标"),
        blocks("产出指标", "效益指标", "满意度指标"),
        replace(FORM, satisfaction=True),
    ),
    ("P610", one(weight=Decimal(60)), one(weight=Decimal("59.9")), FORM),
    ("P611", assessment(goals=("2019年建成展厅",)), assessment(goals=("2019年至今建成展厅",)), FORM),
    ("P611", assessment(goals=("2019年建成展厅",)), assessment(goals=("2019、2020年建成展厅",)), FORM),
]
SILENT_ON_BOTH = [("P602", 1), ("P502", 1)]
"""Edges of which the first assessment, too, is no fault: (code, which one of its edges)."""


def numbered() -> Iterator[tuple[str, int, Assessment, Assessment, Form]]:
    seen: dict[str, int] = {}
    for code, faulty, sound, form in EDGES:
        yield code, seen.setdefault(code, 0), faulty, sound, form
        seen[code] += 1


@pytest.mark.parametrize(("code", "which", "faulty", "sound", "form"), list(numbered()))
def test_a_check_fires_on_one_side_of_its_edge_alone(
    code: str, which: int, faulty: Assessment, sound: Assessment, form: Form
) -> None:
    assert (code in codes(faulty, form)) is ((code, which) not in SILENT_ON_BOTH)
    assert code not in codes(sound, form)


def test_a_folder_of_another_year_is_found_and_a_folder_without_a_year_is_not() -> None:
    assert "P204" in codes(assessment(), name="2021")
    assert "P204" in codes(assessment(), name="智造园/2019/项目")
    assert "P204" not in codes(assessment(), name="智造园/2020")
    assert "P204" not in codes(assessment(), name="智造园")


@pytest.mark.parametrize("code", sorted(DRAWN))
@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
@pytest.mark.parametrize("status", Status)
def test_what_the_roll_up_found_is_as_grave_as_it_found_it_in_any_state(
    code: str, severity: Severity, status: Status
) -> None:
    given = Finding(code=code, severity=severity, address=("支出",))
    findings = checks.run(*judged(assessment(status=status), FORM), "", (given,))
    assert [found for found in findings if found.code in DRAWN] == [given]


YEARS = {f"P{number}" for number in range(401, 412)}
"""What needs last year's form is tried as cases, in `tests/cases`, and between two years, in `tests/years`."""


def test_a_target_copied_from_last_year_is_asked_about_until_it_is_confirmed() -> None:
    given = assessment(replace(indicator(), unconfirmed=True))
    assert "P109" in codes(given)
    assert "P109" not in codes(assessment(indicator()))


@pytest.mark.parametrize(
    ("weights", "digits", "off"),
    [
        (("15", "15"), 0, 0),
        (("10", "20"), 0, 2),
        (("10", "10", "10"), 0, 0),
        (("3.3", "3.3", "3.4"), 1, 1),
        (("1", "1"), None, 0),
    ],
)
def test_weights_are_held_to_equal_shares_only_where_the_rulebook_splits_equally(
    weights: tuple[str, ...], digits: int | None, off: int
) -> None:
    form = replace(FORM, weights=replace(FORM.weights, equal_digits=digits))
    given = assessment(*(indicator(name=f"第{n}项", weight=w) for n, w in enumerate(weights)))
    assert [code for code in codes(given, form) if code == "P315"] == ["P315"] * off


def test_every_check_is_tried() -> None:
    tried = (
        {fault.code for fault in FAULTS}
        | {code for code, *_ in EDGES}
        | {"P109", "P204", "P315"}
        | DRAWN
        | YEARS
    )
    assert {check.code for check in CHECKS} == tried


# --- how a form sets checks -------------------------------------------------------------------------------------


def with_rule(rule: CheckRule) -> Form:
    return replace(FORM, checks=(*(r for r in FORM.checks if r.code != rule.code), rule))


@pytest.mark.parametrize(
    ("code", "faulty", "form"), [(code, faulty, form) for code, faulty, _, form in EDGES]
)
def test_a_form_can_switch_a_check_off_unless_it_is_decisive(
    code: str, faulty: Assessment, form: Form
) -> None:
    off = replace(with_rule(CheckRule(code=code, off=True)), total_caps=form.total_caps)
    decisive = next(check.decisive for check in CHECKS if check.code == code)
    assert (code in codes(faulty, off)) is decisive


def test_a_check_that_needs_a_threshold_does_not_run_without_one() -> None:
    for check in CHECKS:
        assert check.runs(replace(FORM, checks=())) is not check.threshold
        if check.threshold:
            assert check.runs(FORM), "the rulebook shipped sets every threshold"


def test_a_form_sets_how_grave_a_check_is_but_a_guess_is_never_an_error() -> None:
    def severity(code: str, given: Assessment, asked: Severity) -> list[Severity]:
        form = with_rule(CheckRule(code=code, severity=asked))
        return [f.severity for f in checks.run(*judged(given, form)) if f.code == code]

    assert severity("P106", row("30", "30"), Severity.ERROR) == [Severity.ERROR]
    assert severity("P106", row("30", "30"), Severity.INFO) == [Severity.INFO]
    assert severity("P607", in_group("质量指标", indicator()), Severity.ERROR) == [Severity.WARNING]
    assert severity("P314", row("3个", "3个", direction=Direction.EQUAL), Severity.INFO) == [Severity.ERROR]


def test_what_a_form_sets_and_no_check_knows_is_a_fault_of_the_rulebook() -> None:
    rules = (
        CheckRule(code="P999"),
        CheckRule(code="P105", off=True),
        CheckRule(code="P301", threshold=Decimal(3)),
        CheckRule(code="P502", threshold=Decimal(150)),
        CheckRule(code="P502"),
    )
    found = [(f.address, f.message) for f in checks.faults(replace(FORM, checks=rules))]
    assert found == [
        (("检查", 0, "代码"), "「检查」里的「P999」没有这项检查。"),
        (("检查", 1, "代码"), "「P105」关系到能不能计分，不能停用。"),
        (("检查", 2, "阈值"), "「P301」不用阈值。"),
        (("检查", 4, "代码"), "「检查」里的「P502」写了两次。"),
    ]
    assert list(checks.faults(FORM)) == []


def test_a_rulebook_that_takes_points_for_an_excess_asks_for_no_words() -> None:
    unset = replace(FORM, checks=())
    rule = Excess(threshold=Decimal(130), action=ExcessAction.DEDUCT, points=Decimal(2), clause="自定1")
    high = row("10次", "13次")
    assert "P502" not in codes(high, replace(unset, excess=rule))
    asked = replace(rule, action=ExcessAction.EXPLAIN, points=None)
    assert "P502" in codes(high, replace(unset, excess=asked))
    assert "P502" not in codes(high, replace(unset, excess=replace(asked, action=ExcessAction.NOTHING)))


def test_a_form_with_reasons_in_each_row_asks_for_them_there() -> None:
    rule = ReasonRule(place=ReasonPlace.PER_ROW, clause="自定1")
    form = replace(FORM, narratives=(), reasons=rule)
    short = assessment(indicator("10次", "5次"), prose=())
    (found,) = [f for f in checks.run(*judged(short, form)) if f.code == "P501"]
    assert found.remedy == "请在这一行写 说明: …"
    explained = assessment(replace(indicator("10次", "5次"), remark="疫情"), prose=())
    assert "P501" not in codes(explained, form)


@pytest.mark.parametrize(
    ("name", "spoken", "explained"),
    [
        ("全年污水排放量", "上游产能提升，排污量也随之增加", True),
        ("全年污水排放量", "排污量与计划相同", False),
        ("全年污水排放量", "水量增加", False),
        ("招商接洽企业数量", "企业数增加", False),
        ("安全隐患整改条数", "安全隐患整改条数因检查增加", True),
    ],
)
def test_an_excess_may_be_explained_by_a_shortened_name(name: str, spoken: str, *, explained: bool) -> None:
    given = told(spoken + "。", "加快。", indicator("100次", "200次", name=name))
    assert ("P502" not in codes(given)) is explained


@given(
    st.text("招商接洽企业数量排污水处理全年", max_size=12),
    st.text("招商接洽企业数量", min_size=3, max_size=8),
)
def test_a_name_explains_itself_in_any_text(around: str, name: str) -> None:
    assert reasons.named_in(f"{around}{name}{around}", name)


def test_prose_of_any_shape_is_judged_without_a_fall() -> None:
    @given(st.text("0123456789.%万元个合计减少{}，。「 \n", max_size=60))
    def law(text: str) -> None:
        codes(told(text))

    law()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_speaks_to_a_clerk_too(check: checks.Check) -> None:
    known = check.about
    for text in (known.title, known.reason, known.source):
        assert text
        text.encode("gbk")
    assert not known.title.endswith("。")
    assert known.reason.endswith("。")


@pytest.mark.parametrize(
    ("code", "faulty", "form"), [(code, faulty, form) for code, faulty, _, form in EDGES]
)
@pytest.mark.parametrize("status", list(Status))
def test_a_guess_never_blocks_and_asks_to_look(
    code: str, faulty: Assessment, form: Form, status: Status
) -> None:
    guesses = {check.code for check in CHECKS if check.guess}
    for found in checks.run(*judged(replace(faulty, status=status), form)):
        found.message.encode("gbk")
        assert found.message.endswith("。")
        if found.code in guesses:
            assert found.severity is not Severity.ERROR
            assert "核对" in found.remedy, (code, found)
