import math
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import (
    FORM,
    HIGHER,
    LOWER,
    assessment,
    budget_line,
    budget_score_of,
    dimension,
    encodes_in_gbk,
    group,
    indicator,
    score_of,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st

from perfdoc.core.assessment import Direction, GoalBlock, Indicator, Judgement, Quantity, Status
from perfdoc.core.diagnostics import Place, Severity
from perfdoc.faces import explain, printed
from perfdoc.form.rulebook import Band, Form, Formula, QuantityRule, RoundingMode
from perfdoc.judge import narrative, scoring
from perfdoc.judge.scoring import Score, exact, wording


def amounts(least: int = 0, most: int = 999_999, places: int = 3) -> st.SearchStrategy[Decimal]:
    """Draw figures as people write them, whole ones often."""
    fine = st.integers(least * 10**places, most * 10**places).map(lambda n: Decimal(n).scaleb(-places))
    return st.one_of(st.integers(least, most).map(Decimal), st.integers(least, 20).map(Decimal), fine)


ZERO = Decimal(0)
positive = amounts().filter(bool)
weights = amounts(0, 100, 1).filter(bool)
directions = st.sampled_from((HIGHER, LOWER))
shares = st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-1))


def half_up(exact: Fraction) -> Decimal:
    """Round to two digits, the half upwards, in whole numbers alone."""
    return Decimal(math.floor(exact * 100 + Fraction(1, 2))).scaleb(-2)


def by_the_rule(weight: Decimal, target: Decimal, actual: Decimal, direction: Direction) -> Decimal:
    """Score by the notes of the form and design §4, in exact fractions; a target of 0 to be exceeded is no case."""
    w, a, b = Fraction(weight), Fraction(target), Fraction(actual)
    if direction is HIGHER:
        exact = w * b / a
    elif b == 0:
        exact = w
    else:
        exact = w * a / b
    return half_up(min(exact, w))


def value_of(weight: Decimal, target: Decimal, actual: Decimal, direction: Direction) -> Decimal:
    score = score_of(indicator(f"{target:f}个", f"{actual:f}个", weight, direction=direction))
    assert score.value is not None
    return score.value


def with_rounding(mode: RoundingMode, digits: int = 2) -> Form:
    return replace(FORM, rounding=replace(FORM.rounding, mode=mode, digits=digits))


# --- quantitative indicators ------------------------------------------------------------------------------------


@given(weights, positive, amounts(), directions)
@example(Decimal(3), Decimal(3000), Decimal(835), HIGHER)
@example(Decimal(9), Decimal(200), Decimal(115), HIGHER)
def test_a_score_is_the_exact_fraction_rounded_half_up_once(
    weight: Decimal, target: Decimal, actual: Decimal, direction: Direction
) -> None:
    value = value_of(weight, target, actual, direction)
    assert value == by_the_rule(weight, target, actual, direction)
    assert value.as_tuple().exponent == -2


@pytest.mark.parametrize("direction", [HIGHER, LOWER])
@pytest.mark.parametrize("weight", [1, 3, 7])
def test_every_count_up_to_fifty_is_scored_by_the_exact_fraction(weight: int, direction: Direction) -> None:
    w = Decimal(weight)
    for target in range(1, 51):
        parts = [indicator(f"{target}个", f"{actual}个", w, direction=direction) for actual in range(51)]
        scored = scoring.score(assessment(*parts), FORM)
        values = [score.value for _, score in scored.indicators()]
        assert values == [by_the_rule(w, Decimal(target), Decimal(b), direction) for b in range(51)]


@pytest.mark.parametrize(
    ("weight", "target", "actual", "value"),
    [
        (3, "3000", "835", "0.84"),  # 0.835; divided first it is 0.8349…
        (9, "200", "115", "5.18"),  # 5.175; a float is below it
        ("2.675", "1", "1", "2.68"),
        (1, "200", "1", "0.01"),  # 0.005
        (1, "200", "3", "0.02"),  # 0.015: half-even agrees
        (1, "200", "5", "0.03"),  # 0.025: half-even says 0.02
        (1, "201", "1", "0"),  # 0.00497…
        (1, "199", "1", "0.01"),  # 0.00502…
        (1, "999999999999999", "5000000000000", "0.01"),  # 0.005000000000000005
        (1, "999999999999999", "4999999999999", "0"),  # 0.004999999999999004
        (1, "2000000000000.01", "10000000000", "0"),  # a hair below the half
        (2, "10次", "3次", "0.6"),
        (5, "4个", "3个", "3.75"),
        (8, "100%", "90%", "7.2"),
        (2, "3", "1", "0.67"),
        (1, "3", "1", "0.33"),
    ],
)
def test_a_higher_is_better_indicator_is_scored_to_the_half(
    weight: str | int, target: str, actual: str, value: str
) -> None:
    assert score_of(indicator(target, actual, weight)).value == Decimal(value)


@pytest.mark.parametrize(
    ("weight", "target", "actual", "value"),
    [
        (3, "835", "3000", "0.84"),
        (9, "115", "200", "5.18"),
        (4, "3件", "4件", "3"),
        (4, "≤3件", "4件", "3"),
        (4, "3件", "3件", "4"),
        (4, "3件", "2件", "4"),
        (1, "1", "200", "0.01"),
        (1, "1", "201", "0"),
    ],
)
def test_a_lower_is_better_indicator_is_scored_to_the_half(
    weight: int, target: str, actual: str, value: str
) -> None:
    assert score_of(indicator(target, actual, weight, direction=LOWER)).value == Decimal(value)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "value"),
    [
        (LOWER, "0", "0", "4"),
        (LOWER, "5", "0", "4"),
        (LOWER, "0", "1", "0"),
        (LOWER, "0.00", "0.01", "0"),
        (LOWER, "≤0件", "0件", "4"),
        (HIGHER, "5", "0", "0"),
        (HIGHER, "0.01", "0.00", "0"),
    ],
)
def test_a_zero_has_its_own_rule(direction: Direction, target: str, actual: str, value: str) -> None:
    score = score_of(indicator(target, actual, 4, direction=direction))
    assert score.value == Decimal(value)
    assert score.obstacle is None


@given(weights, positive, amounts(), directions)
def test_a_score_lies_between_zero_and_its_weight(
    weight: Decimal, target: Decimal, actual: Decimal, direction: Direction
) -> None:
    assert 0 <= value_of(weight, target, actual, direction) <= weight


@given(weights, positive, amounts(), amounts(), directions)
def test_more_is_never_worse_where_higher_is_better_and_never_better_where_lower_is(
    weight: Decimal, target: Decimal, one: Decimal, other: Decimal, direction: Direction
) -> None:
    less, more = sorted((one, other))
    worse, better = (less, more) if direction is HIGHER else (more, less)
    assert value_of(weight, target, worse, direction) <= value_of(weight, target, better, direction)


@given(weights, positive, amounts(), directions, st.integers(1, 999), st.integers(-3, 3))
def test_a_score_does_not_depend_on_the_unit_of_the_figures(
    weight: Decimal, target: Decimal, actual: Decimal, direction: Direction, times: int, scale: int
) -> None:
    k = Decimal(times).scaleb(scale)
    assert value_of(weight, target * k, actual * k, direction) == value_of(weight, target, actual, direction)


@given(weights, amounts(), directions)
def test_a_target_that_is_just_met_earns_everything(
    weight: Decimal, target: Decimal, direction: Direction
) -> None:
    assume(target or direction is LOWER)
    assert value_of(weight, target, target, direction) == weight


@given(weights, positive, st.integers(1, 99), directions)
def test_a_target_that_is_missed_by_a_hundredth_of_the_points_costs_points(
    weight: Decimal, target: Decimal, hundredths: int, direction: Direction
) -> None:
    kept = Decimal(100 - hundredths) / 100
    assume(weight * (1 - kept) >= Decimal("0.01"))
    actual = target * kept if direction is HIGHER else target * 100
    assert value_of(weight, target, actual, direction) < weight


def test_the_direction_follows_the_sign_unless_it_is_written() -> None:
    assert score_of(indicator("≥4件", "8件", 4)).value == 4
    assert score_of(indicator("≤4件", "8件", 4)).value == 2
    assert score_of(indicator("＜4件", "8件", 4)).value == 2
    assert score_of(indicator("＞4件", "8件", 4)).value == 4
    assert score_of(indicator("4件", "8件", 4)).value == 4
    assert score_of(indicator("4件", "8件", 4, direction=LOWER)).value == 2
    assert score_of(indicator("≥4件", "8件", 4, direction=LOWER)).value == 2


@pytest.mark.parametrize(
    ("direction", "target", "actual"),
    [
        (Direction.EQUAL, "4件", "4件"),
        (None, "=4件", "4件"),
        (None, "＝4件", "8件"),
        (Direction.WITHIN, "90-110%", "100%"),
        (Direction.BY_DATE, "9月底前", "7月"),
        (Direction.YES_NO, "是", "是"),
    ],
)
def test_a_direction_that_the_rulebook_does_not_score_is_an_obstacle(
    direction: Direction | None, target: str, actual: str
) -> None:
    score = score_of(indicator(target, actual, 4, direction=direction))
    assert (score.value, score.open) == (None, 1)
    found = score.obstacle
    assert found is not None
    assert (found.code, found.severity) == ("P314", Severity.ERROR)
    assert found.address == ("指标", 0, "二级指标", 0, "三级指标", 0, "年初目标值")
    word = (direction or Direction.EQUAL).value
    assert found.message == f"「接洽企业数量」属于「{word}」，本表的规则没有写这种指标怎样计分。"
    assert found.remedy == "请改用 ≥ 或 ≤ 的目标，或按定性指标写明达成情况。"
    assert encodes_in_gbk(found.message + found.remedy)


@pytest.mark.parametrize("one", [indicator("3个", None), indicator("3个", "约2个"), indicator(None, None)])
def test_what_is_not_scored_says_no_formula(one: Indicator) -> None:
    score = score_of(one)
    assert (score.value, wording.formula(score), wording.working(score), wording.adjustments(score)) == (
        None,
        "",
        "",
        (),
    )


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("10个", "9次"),
        ("10万元", "9元"),
        ("满意度90%", "认可度95%"),
    ],
)
def test_figures_of_two_units_or_two_measures_are_not_divided(target: str, actual: str) -> None:
    score = score_of(indicator(target, actual, 4))
    assert (score.value, score.open) == (None, 1)
    found = score.obstacle
    assert found is not None
    assert (found.code, found.severity) == ("P107", Severity.ERROR)
    assert found.address == ("指标", 0, "二级指标", 0, "三级指标", 0, "实际完成值")
    assert found.message == f"「接洽企业数量」目标「{target}」与完成「{actual}」的单位不一致。"
    assert found.remedy == "请换成同一单位。"


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("10", "9个", "3.6"),
        ("10个", "9", "3.6"),
        ("90%", "81", "3.6"),
        ("满意度90%", "81%", "3.6"),
        ("≥90%", "0", "0"),
    ],
)
def test_a_bare_figure_takes_the_unit_and_the_measure_of_the_other(
    target: str, actual: str, points: str
) -> None:
    assert score_of(indicator(target, actual, 4)).value == Decimal(points)


@pytest.mark.parametrize(
    ("target", "actual", "side", "cure"),
    [
        ("95%", "0.96", "实际完成值", "96%"),
        ("95%", "1", "实际完成值", "100%"),
        ("0.95", "96%", "年初目标值", "95%"),
    ],
)
def test_a_share_beside_a_percentage_is_named_for_what_it_is_and_its_cure_works(
    target: str, actual: str, side: str, cure: str
) -> None:
    found = score_of(indicator(target, actual, 4)).obstacle
    assert found is not None
    assert (found.code, found.address[-1], found.remedy) == ("P107", side, f"请把{side}写成 {cure}。")
    cured = {"年初目标值": target, "实际完成值": actual} | {side: cure}
    assert score_of(indicator(cured["年初目标值"], cured["实际完成值"], 4)).value == 4


def test_figures_of_one_unit_and_one_measure_are_divided() -> None:
    assert score_of(indicator("满意度≥90%", "满意度45%", 4)).value == 2


def test_a_grade_scores_what_the_rulebook_has_no_direction_for() -> None:
    by_date = indicator("9月底前", "7月", 4, direction=Direction.BY_DATE, grade="达成预期")
    assert score_of(by_date).value == 4


def test_what_exceeds_the_weight_is_capped_with_a_reason() -> None:
    score = score_of(indicator("30个", "74个", 3))
    assert score.value == 3
    assert wording.formula(score) == "分值 × 实际完成值 ÷ 年初目标值"
    assert wording.working(score) == "3 × 74 ÷ 30 = 7.4"
    assert wording.adjustments(score) == ("不超过分值的 100%，计 3（备注2）",)
    assert score.clause == "备注2"


def test_a_rounded_score_says_so() -> None:
    score = score_of(indicator("3个", "2个", 5))
    assert wording.working(score) == "5 × 2 ÷ 3 = 3.333333…"
    assert wording.adjustments(score) == ("四舍五入到 2 位小数，计 3.33（自定1）",)


def test_a_score_that_comes_out_even_needs_no_reason() -> None:
    score = score_of(indicator("4个", "3个", 5))
    assert score.value == Decimal("3.75")
    assert wording.working(score) == "5 × 3 ÷ 4 = 3.75"
    assert wording.adjustments(score) == ()


def test_a_lower_is_better_score_divides_by_the_actual() -> None:
    score = score_of(indicator("3件", "4件", 4, direction=LOWER))
    assert wording.formula(score) == "分值 × 年初目标值 ÷ 实际完成值"
    assert wording.working(score) == "4 × 3 ÷ 4 = 3"
    assert score.clause == "备注2"


def test_a_score_by_the_rule_for_zeros_says_so() -> None:
    full = score_of(indicator("5件", "0件", 4, direction=LOWER))
    assert wording.working(full) == "4 × 100% = 4"
    assert wording.adjustments(full) == ("反向指标，目标 5件，完成 0件，公式不适用，得分值的 100%（自定2）",)
    assert full.clause == "自定2"
    none = score_of(indicator("≤0件", "2件", 4))
    assert wording.working(none) == "4 × 0% = 0"
    assert wording.adjustments(none) == ("反向指标，目标 ≤0件，完成 2件，公式不适用，得分值的 0%（自定2）",)


def test_a_score_names_its_figures_as_written_and_where_they_stand() -> None:
    score = score_of(indicator("≥1,000 万方", "２１７６万方", 3))
    at = ("指标", 0, "二级指标", 0, "三级指标", 0)
    assert score.address == at
    assert [(given.name, given.text, given.address) for given in score.inputs] == [
        ("年初目标值", "≥1,000 万方", (*at, "年初目标值")),
        ("实际完成值", "２１７６万方", (*at, "实际完成值")),
    ]
    assert (score.kind, score.name, score.weight, score.open) == ("三级指标", "接洽企业数量", Decimal(3), 0)


@pytest.mark.parametrize(
    ("mode", "value"),
    [(RoundingMode.HALF_UP, "0.03"), (RoundingMode.HALF_EVEN, "0.02"), (RoundingMode.DOWN, "0.02")],
)
def test_the_rulebook_decides_how_a_score_is_rounded(mode: RoundingMode, value: str) -> None:
    score = score_of(indicator("200", "5", 1), with_rounding(mode))  # 0.025
    assert score.value == Decimal(value)
    assert wording.adjustments(score) == (f"{mode.value}到 2 位小数，计 {value}（自定1）",)
    assert score_of(indicator("200", "7", 1), with_rounding(mode)).value == Decimal(  # 0.035
        "0.03" if mode is RoundingMode.DOWN else "0.04"
    )


@pytest.mark.parametrize(("digits", "value"), [(0, "3"), (1, "3.3"), (3, "3.333"), (9, "3.333333333")])
def test_the_rulebook_decides_how_many_digits_are_kept(digits: int, value: str) -> None:
    score = score_of(indicator("3", "2", 5), with_rounding(RoundingMode.HALF_UP, digits))
    assert score.value == Decimal(value)


def test_the_rulebook_decides_the_cap() -> None:
    rules = tuple(replace(rule, cap=Decimal(120)) for rule in FORM.quantities)
    form = replace(FORM, quantities=rules)
    assert score_of(indicator("10", "11", 5), form).value == Decimal("5.5")
    assert wording.adjustments(score_of(indicator("10", "12", 5), form)) == ()
    assert score_of(indicator("10", "13", 5), form).value == 6
    assert wording.adjustments(score_of(indicator("10", "13", 5), form)) == (
        "不超过分值的 120%，计 6（备注2）",
    )


def test_figures_of_fifteen_digits_are_computed_exactly() -> None:
    score = score_of(indicator("999999999999999", "999999999999998", "999999999999999"))
    assert score.value == Decimal(999999999999998)
    tiny = score_of(indicator("0.00000000000001", "999999999999999", "999999999999999"))
    assert tiny.value == Decimal(999999999999999)


# --- qualitative indicators -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "share", "value"),
    [
        ("达成预期", None, "6"),
        ("达成预期", "100", "6"),
        ("达成预期", "90", "5.4"),
        ("达成预期", "80", "4.8"),
        ("部分达成预期", None, "4.8"),
        ("部分达成预期", "79.99", "4.8"),  # 4.7994
        ("部分达成预期", "60", "3.6"),
        ("部分达成预期", "50", "3"),
        ("未达成预期", None, "3"),
        ("未达成预期", "49.99", "3"),  # 2.9994
        ("未达成预期", "33.3", "2"),  # 1.998
        ("未达成预期", "0", "0"),
    ],
)
def test_a_grade_earns_its_share_of_the_weight(grade: str, share: str | None, value: str) -> None:
    score = score_of(indicator("全年无事故", "全年无事故", 6, grade=grade, share=share))
    assert score.value == Decimal(value)
    assert score.clause == "备注3"
    assert score.obstacle is None
    assert (score.inputs[-1].name, score.inputs[-1].text) == ("定性", grade)
    assert score.inputs[-1].address == ("指标", 0, "二级指标", 0, "三级指标", 0, "定性")


@pytest.mark.parametrize(
    ("grade", "share", "band"),
    [
        ("达成预期", "100.01", "80%–100%"),
        ("达成预期", "79.99", "80%–100%"),
        ("部分达成预期", "80", "50%–80%，不含上限"),
        ("部分达成预期", "49.99", "50%–80%，不含上限"),
        ("未达成预期", "50", "0%–50%，不含上限"),
        ("未达成预期", "-0.01", "0%–50%，不含上限"),
        ("未达成预期", "90", "0%–50%，不含上限"),
    ],
)
def test_a_share_outside_its_band_is_an_obstacle(grade: str, share: str, band: str) -> None:
    score = score_of(indicator("无事故", "无事故", 6, grade=grade, share=share))
    assert score.value is None
    assert score.obstacle is not None
    assert score.obstacle.code == "P104"
    assert score.obstacle.address == ("指标", 0, "二级指标", 0, "三级指标", 0, "定性")
    assert score.obstacle.message == f"「接洽企业数量」定性为{grade}，写的 {share}% 不在本档（{band}）之内。"
    assert score.obstacle.remedy == "改百分比，或改档次。"


@given(shares)
def test_every_share_of_the_weight_belongs_to_exactly_one_band(share: Decimal) -> None:
    assert len([band for band in FORM.quality.bands if band.holds(share)]) == 1


def test_the_upper_edge_belongs_to_a_band_only_where_the_rulebook_says_so() -> None:
    band = Band(name="x", upper=Decimal(80), upper_included=False, lower=Decimal(50), default=Decimal(80))
    assert not band.holds(Decimal(80))
    assert replace(band, upper_included=True).holds(Decimal(80))
    assert not replace(band, upper_included=True).holds(Decimal("80.01"))
    assert band.holds(Decimal(50))
    assert not band.holds(Decimal("49.99"))


@given(weights, shares)
def test_a_stated_share_is_rounded_half_up_once(weight: Decimal, share: Decimal) -> None:
    grade = next(band.name for band in FORM.quality.bands if band.holds(share))
    score = score_of(indicator("无事故", "无事故", weight, grade=grade, share=str(share)))
    assert score.value == half_up(Fraction(weight) * Fraction(share) / 100)
    assert 0 <= score.value <= weight


def test_a_grade_without_a_share_says_what_it_was_given() -> None:
    score = score_of(indicator("无事故", "偶有事故", 6, grade="部分达成预期"))
    assert wording.working(score) == "6 × 80% = 4.8"
    assert wording.formula(score) == "分值 × 80%"
    assert wording.adjustments(score) == ("部分达成预期，未写百分比，按 80% 计（自定4）",)
    stated = score_of(indicator("无事故", "偶有事故", 6, grade="部分达成预期", share="60"))
    assert wording.working(stated) == "6 × 60% = 3.6"
    assert wording.adjustments(stated) == ()


def test_a_stated_grade_decides_even_where_both_figures_are_numbers() -> None:
    assert score_of(indicator("100%", "10%", 6, grade="达成预期")).value == 6


# --- the execution of the budget --------------------------------------------------------------------------------


@given(positive, amounts())
def test_the_budget_is_scored_by_its_unrounded_rate(budgeted: Decimal, executed: Decimal) -> None:
    score = budget_score_of(budget_line(str(budgeted), str(executed)))
    assert score.value == by_the_rule(Decimal(20), budgeted, executed, HIGHER)
    assert score.rate is not None
    assert abs(Fraction(score.rate) - Fraction(executed) / Fraction(budgeted)) < Fraction(1, 10**40)


def test_the_budget_of_2020_earns_15_02_points() -> None:
    score = budget_score_of(budget_line("489", "367.24"))
    assert score.value == Decimal("15.02")
    assert wording.formula(score) == "分值 × 执行数 ÷ 预算数"
    assert wording.working(score) == "20 × 367.24 ÷ 489 = 15.020040…"
    assert wording.adjustments(score) == ("四舍五入到 2 位小数，计 15.02（自定1）",)
    assert score.clause == "表头"
    assert [given.text for given in score.inputs] == ["489", "367.24"]
    assert (score.kind, score.address, score.weight) == ("预算执行", ("预算执行", 0), Decimal(20))


def test_a_rate_is_not_rounded_before_it_is_scored() -> None:
    form = replace(FORM, budget=replace(FORM.budget, weight=Decimal(10)))
    assert budget_score_of(budget_line("310.2", "154.74"), form).value == Decimal(
        "4.99"
    )  # 49.88 %, printed 50 %


def test_an_execution_above_the_budget_is_capped_and_keeps_its_rate() -> None:
    score = budget_score_of(budget_line("100", "102.59"))
    assert score.value == 20
    assert score.rate == Decimal("1.0259")
    assert wording.working(score) == "20 × 102.59 ÷ 100 = 20.518"
    assert wording.adjustments(score) == ("不超过分值的 100%，计 20（自定3）",)


def test_nothing_executed_earns_nothing() -> None:
    score = budget_score_of(budget_line("489", "0"))
    assert (score.value, score.rate, score.open) == (ZERO, ZERO, 0)


def test_only_the_first_line_earns_points_and_the_others_show_their_rate() -> None:
    lines = (
        budget_line(),
        budget_line("200", "50", name="其中：项目支出"),
        budget_line("0", "0", name="其中：基金"),
    )
    scored = scoring.score(assessment(budget=lines), FORM)
    assert [score.value for score in scored.budget] == [15, None, None]
    assert [score.rate for score in scored.budget] == [Decimal("0.75"), Decimal("0.25"), None]
    assert [score.weight for score in scored.budget] == [20, 0, 0]
    assert scored.total.value == 95
    assert scored.total.open == 0
    assert [part.name for part in scored.total.parts] == ["部门整体支出总额", "产出指标"]


@pytest.mark.parametrize(
    ("budgeted", "executed", "code", "at", "message", "remedy"),
    [
        (
            "0",
            "5",
            "P312",
            "预算数",
            "「部门整体支出总额」预算数为 0，算不出执行率。",
            "核对预算数（含上年结余结转）。",
        ),
        (
            "0",
            "0",
            "P312",
            "预算数",
            "「部门整体支出总额」预算数为 0，算不出执行率。",
            "核对预算数（含上年结余结转）。",
        ),
        ("-5", "5", "P105", "预算数", "「部门整体支出总额」的预算数是负数，公式不适用。", "请核对预算数。"),
        ("5", "-5", "P105", "执行数", "「部门整体支出总额」的执行数是负数，公式不适用。", "请核对执行数。"),
    ],
)
def test_a_budget_without_a_rate_is_an_obstacle(
    budgeted: str, executed: str, code: str, at: str, message: str, remedy: str
) -> None:
    score = budget_score_of(budget_line(budgeted, executed))
    assert (score.value, score.rate, score.open) == (None, None, 1)
    assert score.obstacle is not None
    assert (score.obstacle.code, score.obstacle.address) == (code, ("预算执行", 0, at))
    assert (score.obstacle.message, score.obstacle.remedy) == (message, remedy)


@pytest.mark.parametrize(("budgeted", "executed"), [(None, "5"), ("5", None), (None, None)])
def test_a_budget_with_an_open_figure_waits(budgeted: str | None, executed: str | None) -> None:
    score = budget_score_of(budget_line(budgeted, executed))
    assert (score.value, score.rate, score.open, score.obstacle) == (None, None, 1, None)
    assert len(score.inputs) == sum(figure is not None for figure in (budgeted, executed))


# --- obstacles --------------------------------------------------------------------------------------------------

NAMED = "「水质合格率」"


@pytest.mark.parametrize(
    ("target", "actual", "code", "at", "message", "remedy"),
    [
        (
            "≥95%",
            "≥95%",
            "P105",
            "实际完成值",
            f"{NAMED}实际完成值写成「≥95%」，这是目标，不是实测数。",
            "请填实际数值。",
        ),
        (
            "≥95%",
            "良好",
            "P105",
            "实际完成值",
            f"{NAMED}实际完成值「良好」不是数值，无法与目标「≥95%」相比。",
            "应填数字加单位，例如 30 个。",
        ),
        (
            "30个",
            "30-40个",
            "P105",
            "实际完成值",
            f"{NAMED}实际完成值「30-40个」是一个范围，无法与目标「30个」相比。",
            "只填一个数，例如 30 个。",
        ),
        (
            "30个",
            "-1个",
            "P105",
            "实际完成值",
            f"{NAMED}的实际完成值是负数，公式不适用。",
            "改用不为负的指标，或按定性指标填写。",
        ),
        (
            "-30个",
            "1个",
            "P105",
            "年初目标值",
            f"{NAMED}的年初目标值是负数，公式不适用。",
            "改用不为负的指标，或按定性指标填写。",
        ),
        (
            "0起",
            "0起",
            "P312",
            "年初目标值",
            f"{NAMED}是正向指标，除数为 0，公式 分值×B÷A 算不出得分。",
            "若目标是“不发生”，请写 方向: 反向；否则核对目标。",
        ),
        (
            "≥0",
            "3",
            "P312",
            "年初目标值",
            f"{NAMED}是正向指标，除数为 0，公式 分值×B÷A 算不出得分。",
            "若目标是“不发生”，请写 方向: 反向；否则核对目标。",
        ),
        (
            "水质良好",
            "水质良好",
            "P105",
            "年初目标值",
            f"{NAMED}的目标「水质良好」不是数值，又没有写达成情况，无法计分。",
            "若是定性指标，请加 定性: 达成预期（可写 达成预期、部分达成预期、未达成预期）；若是定量指标，目标只填数字加单位。",
        ),
        (
            "9月底",
            "8月",
            "P105",
            "年初目标值",
            f"{NAMED}的目标「9月底」是日期，不是数量，又没有写达成情况，无法计分。",
            "若是定性指标，请加 定性: 达成预期（可写 达成预期、部分达成预期、未达成预期）；若是定量指标，目标只填数字加单位。",
        ),
    ],
)
@pytest.mark.parametrize("status", [Status.FINAL, Status.FILED])
def test_a_score_that_the_rule_cannot_yield_says_why(
    target: str, actual: str, code: str, at: str, message: str, remedy: str, status: Status
) -> None:
    score = score_of(indicator(target, actual, 3, name="水质合格率"), status=status)
    assert (score.value, score.open, wording.working(score)) == (None, 1, "")
    found = score.obstacle
    assert found is not None
    assert (found.code, found.severity) == (code, Severity.ERROR)
    assert found.address == ("指标", 0, "二级指标", 0, "三级指标", 0, at)
    assert (found.message, found.remedy) == (message, remedy)
    assert encodes_in_gbk(message + remedy)


def test_a_grade_that_the_rulebook_does_not_know_is_an_obstacle() -> None:
    found = score_of(indicator("无事故", "无事故", 6, grade="优")).obstacle
    assert found is not None
    assert (found.code, found.address[-1]) == ("P104", "定性")
    assert found.message == "「接洽企业数量」的定性「优」不在规则的档次里。"
    assert found.remedy == "可写 达成预期、部分达成预期、未达成预期。"


def test_a_rulebook_that_divides_by_the_actual_without_a_rule_for_zeros_meets_an_obstacle() -> None:
    rules = tuple(replace(rule, zeros=()) for rule in FORM.quantities)
    found = score_of(indicator("≤3", "0", 6), replace(FORM, quantities=rules)).obstacle
    assert found is not None
    assert (found.code, found.address[-1]) == ("P312", "实际完成值")
    assert found.message == "「接洽企业数量」是反向指标，除数为 0，公式 分值×A÷B 算不出得分。"


def test_a_rule_for_zeros_may_ask_about_one_figure_only() -> None:
    by_target = replace(FORM.quantities[1].zeros[1], actual=None, share=Decimal(50))
    rules = (FORM.quantities[0], replace(FORM.quantities[1], zeros=(by_target,)))
    form = replace(FORM, quantities=rules)
    assert score_of(indicator("≤0", "0", 6), form).value == 3
    assert score_of(indicator("≤0", "2", 6), form).value == 3
    assert score_of(indicator("≤2", "4", 6), form).value == 3
    assert score_of(indicator("≤2", "0", 6), form).obstacle is not None


# --- what is open -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "actual"), [(None, "3个"), ("3个", None), (None, None), ("无事故", None)])
@pytest.mark.parametrize("status", list(Status))
def test_an_indicator_with_an_open_figure_waits(
    target: str | None, actual: str | None, status: Status
) -> None:
    score = score_of(indicator(target, actual, 3), status=status)
    assert (score.value, score.printed, score.open, score.obstacle) == (None, None, 1, None)


def test_a_text_target_without_a_grade_waits_while_the_year_is_running() -> None:
    score = score_of(indicator("无事故", "无事故", 3), status=Status.FILLING)
    assert (score.value, score.open, score.obstacle) == (None, 1, None)


def test_a_grade_waits_for_what_was_achieved() -> None:
    score = score_of(indicator("无事故", None, 3, grade="达成预期"), status=Status.FILLING)
    assert (score.value, score.open) == (None, 1)


def test_open_scores_are_counted_upwards() -> None:
    first = group(
        indicator("2", "1", 10, "甲"), indicator("2", None, 10, "乙"), indicator(None, None, 10, "丙")
    )
    second = group(indicator("2", None, 10, "丁"), name="质量指标")
    third = group(indicator("2", "2", 40, "戊"), name="时效指标")
    given = assessment(
        status=Status.FILLING,
        budget=(budget_line(executed=None),),
        dimensions=(dimension(first, second), dimension(third, name="效益指标")),
    )
    scored = scoring.score(given, FORM)
    assert [part.open for part in scored.total.walk()] == [4, 1, 3, 2, 0, 1, 1, 1, 1, 0, 0, 0]
    assert [part.value for part in scored.total.walk()] == [
        45,
        None,
        5,
        5,
        5,
        None,
        None,
        None,
        None,
        40,
        40,
        40,
    ]
    assert scored.total.printed == 45


def test_where_everything_is_open_nothing_is_printed() -> None:
    given = assessment(indicator("2", None), status=Status.FILLING, budget=(budget_line(executed=None),))
    total = scoring.score(given, FORM).total
    assert [(part.value, part.printed) for part in total.walk()] == [(None, None)] * 5


def test_an_open_indicator_without_weight_is_not_waited_for() -> None:
    assert score_of(indicator("2", None, 0), status=Status.FILLING).open == 0


# --- sums -------------------------------------------------------------------------------------------------------

scorable = st.builds(
    lambda target, actual, weight, direction, filed: indicator(
        f"{target}", f"{actual}", weight, direction=direction, filed=filed
    ),
    positive,
    amounts(),
    weights,
    directions,
    st.one_of(st.none(), amounts(0, 20, 2).map(str)),
)


@given(st.lists(scorable, min_size=1, max_size=6), st.one_of(st.none(), st.just("17.5")))
def test_the_total_is_the_sum_of_the_rounded_scores_and_the_printed_one_of_the_printed(
    indicators: list[Indicator], filed: str | None
) -> None:
    half = len(indicators) // 2
    groups = [group(*part) for part in (indicators[:half], indicators[half:]) if part]
    given = assessment(
        budget=(budget_line(filed=filed),), dimensions=(dimension(*groups), dimension(*groups))
    )
    scored = scoring.score(given, FORM)
    leaves = [part for part in scored.total.walk() if not part.parts]
    for total in scored.total.walk():
        below = [part for part in total.walk() if not part.parts]
        assert total.value == sum(part.value or 0 for part in below)
        assert total.printed == sum(
            (part.value if part.filed is None else part.figure) or 0 for part in below
        )
    assert [score for _, score in scored.indicators()] == leaves[1:]
    assert scored.total.open == 0


@given(st.lists(scorable, min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_indicators_does_not_matter(
    indicators: list[Indicator], chance: random.Random
) -> None:
    shuffled = list(indicators)
    chance.shuffle(shuffled)
    one = scoring.score(assessment(*indicators), FORM).total
    other = scoring.score(assessment(*shuffled), FORM).total
    assert (one.value, one.printed) == (other.value, other.printed)


@given(
    st.lists(scorable, min_size=1, max_size=4),
    st.sampled_from([("3", "2"), ("3", None), (None, None), ("0", "0"), ("3", "≥3"), ("良", "良")]),
    st.integers(0, 4),
)
def test_an_indicator_without_weight_changes_nothing(
    indicators: list[Indicator], figures: tuple[str | None, str | None], at: int
) -> None:
    weightless = indicator(*figures, weight=0, name="没有分值")
    more = [*indicators[:at], weightless, *indicators[at:]]
    one = scoring.score(assessment(*indicators), FORM).total
    other = scoring.score(assessment(*more), FORM).total
    assert (one.value, one.printed, one.open) == (other.value, other.printed, other.open)


@given(scorable)
def test_an_assessment_is_scored_the_same_every_time(one: Indicator) -> None:
    assert score_of(one) == score_of(one)


def test_a_filed_score_is_printed_and_the_computed_one_kept() -> None:
    given = assessment(
        indicator("4个", "3个", 5, filed="5"),
        indicator("1", "1", 75, "另一项"),
        budget=(budget_line(filed="16"),),
    )
    scored = scoring.score(given, FORM)
    _, score = next(scored.indicators())
    assert (score.value, score.filed, score.printed) == (Decimal("3.75"), Decimal(5), Decimal(5))
    assert (scored.budget[0].value, scored.budget[0].printed) == (Decimal(15), Decimal(16))
    assert (scored.total.value, scored.total.printed) == (Decimal("93.75"), Decimal(96))


def test_a_score_that_was_filed_while_none_can_be_computed_is_printed() -> None:
    score = score_of(indicator("95%", "≥95%", 80, filed="80"))
    assert (score.value, score.printed, score.open) == (None, Decimal(80), 1)


def test_a_filed_score_of_zero_is_printed() -> None:
    assert score_of(indicator(filed="0")).printed == 0


def test_the_weights_of_the_sums_are_those_that_were_written() -> None:
    given = assessment(dimensions=(replace(dimension(group(indicator())), weight=Decimal(7)),))
    total = scoring.score(given, FORM).total
    names = ["总分", "部门整体支出总额", "产出指标", "数量指标", "接洽企业数量"]
    assert [part.name for part in total.walk()] == names
    assert [(part.kind, part.weight) for part in total.walk()] == [
        ("总分", Decimal(100)),
        ("预算执行", Decimal(20)),
        ("一级指标", Decimal(7)),
        ("二级指标", Decimal(80)),
        ("三级指标", Decimal(80)),
    ]
    assert [part.address for part in total.walk()] == [
        (),
        ("预算执行", 0),
        ("指标", 0),
        ("指标", 0, "二级指标", 0),
        ("指标", 0, "二级指标", 0, "三级指标", 0),
    ]


def test_an_assessment_without_budget_lines_has_a_total_of_its_indicators() -> None:
    scored = scoring.score(assessment(budget=()), FORM)
    assert (scored.budget, scored.total.value) == ((), Decimal(80))


# --- reasons ----------------------------------------------------------------------------------------------------

ANY_SCORE = st.one_of(
    scorable,
    st.builds(
        lambda weight, share, stated: indicator(
            "无事故",
            "无事故",
            weight,
            grade=next(band.name for band in FORM.quality.bands if band.holds(share)),
            share=str(share) if stated else None,
        ),
        weights,
        shares,
        st.booleans(),
    ),
    st.builds(lambda weight, target: indicator(f"≤{target}", "0", weight), weights, amounts()),
    st.builds(lambda weight, actual: indicator("≤0", f"{actual}", weight), weights, positive),
)

WORKING = re.compile(r"([0-9.]+) × ([0-9.]+)(?:%| ÷ ([0-9.]+)) = ([0-9.]+)(…?)")
CAPPED = re.compile(r"不超过分值的 ([0-9.]+)%，计 ([0-9.]+)（(.+)）")
ROUNDED = re.compile(r"四舍五入到 2 位小数，计 ([0-9.]+)（(.+)）")


def recomputed(score: Score) -> Fraction:
    """Do what the working says and then what the adjustments say, checking every figure on the way."""
    found = WORKING.fullmatch(wording.working(score))
    assert found, wording.working(score)
    first, second, third, result, goes_on = found.groups()
    exact = Fraction(first) * Fraction(second) / Fraction(third or 100)
    if goes_on:
        assert len(result.partition(".")[2]) == 6
        assert Fraction(result) < exact < Fraction(result) + Fraction(1, 10**6)
    else:
        assert Fraction(result) == exact
    assert Fraction(first) == Fraction(score.weight)
    for adjustment in wording.adjustments(score):
        capped, rounded = CAPPED.fullmatch(adjustment), ROUNDED.fullmatch(adjustment)
        if capped:
            assert exact > Fraction(score.weight) * Fraction(capped[1]) / 100
            exact = Fraction(score.weight) * Fraction(capped[1]) / 100
            assert exact == Fraction(capped[2])
        if rounded:
            assert half_up(exact) == Decimal(rounded[1])
            assert Fraction(half_up(exact)) != exact
            exact = Fraction(half_up(exact))
    return exact


@given(ANY_SCORE)
def test_a_score_can_be_recomputed_from_what_it_says(one: Indicator) -> None:
    score = score_of(one)
    assert score.value is not None
    assert recomputed(score) == Fraction(score.value)
    assert wording.formula(score)


@given(positive, amounts())
def test_a_budget_score_can_be_recomputed_from_what_it_says(budgeted: Decimal, executed: Decimal) -> None:
    score = budget_score_of(budget_line(str(budgeted), str(executed)))
    assert score.value is not None
    assert recomputed(score) == Fraction(score.value)


@given(ANY_SCORE, positive, amounts())
def test_every_clause_that_a_score_cites_stands_in_the_form(
    one: Indicator, budgeted: Decimal, executed: Decimal
) -> None:
    known = {clause.name for clause in FORM.clauses}
    given = assessment(one, budget=(budget_line(str(budgeted), str(executed)),))
    for score in scoring.score(given, FORM).total.walk():
        assert score.clause in known
        assert {adjustment.clause for adjustment in score.adjustments} <= known


@given(ANY_SCORE)
def test_every_reason_can_be_shown_on_an_old_console(one: Indicator) -> None:
    score = score_of(one)
    assert encodes_in_gbk(
        "".join((wording.formula(score), wording.working(score), *wording.adjustments(score)))
    )


def test_a_sum_has_parts_instead_of_a_working() -> None:
    total = scoring.score(assessment(), FORM).total
    assert [(wording.working(part), wording.formula(part)) for part in total.walk() if part.parts] == [
        ("", "")
    ] * 3


# --- the rulebook is data ---------------------------------------------------------------------------------------


def test_the_formula_is_the_rulebooks() -> None:
    swapped: tuple[QuantityRule, ...] = tuple(
        replace(
            rule, formula=Formula.INVERSE if rule.formula is Formula.PROPORTIONAL else Formula.PROPORTIONAL
        )
        for rule in FORM.quantities
    )
    form = replace(FORM, quantities=swapped, budget=replace(FORM.budget, formula=Formula.INVERSE))
    assert score_of(indicator("3", "4", 4), form).value == 3
    assert score_of(indicator("≤4", "3", 4), form).value == 3
    assert budget_score_of(budget_line("3", "4"), form).value == 15


def test_the_weight_of_the_budget_is_the_rulebooks() -> None:
    form = replace(FORM, budget=replace(FORM.budget, weight=Decimal(10)))
    assert budget_score_of(budget_line(), form).value == Decimal("7.5")


# --- several goals ----------------------------------------------------------------------------------------------


def test_each_goal_is_a_sum_of_its_own_table() -> None:
    first = dimension(group(indicator("4", "3", 40, "甲")))
    second = (
        dimension(group(indicator("4", "2", 20, "乙"))),
        dimension(group(indicator("4", "1", 20, "丙")), name="效益指标"),
    )
    blocks = (
        GoalBlock(goal="招商", weight=Decimal(40), dimensions=(first,)),
        GoalBlock(goal="服务", weight=Decimal(41), dimensions=second),
    )
    scored = scoring.score(assessment(dimensions=(), goal_blocks=blocks), FORM)
    goals = scored.total.parts[1:]
    assert [(g.kind, g.name, g.address, g.weight, g.value, g.clause) for g in goals] == [
        ("绩效目标", "目标1", ("绩效目标", 0), Decimal(40), Decimal(30), "表头"),
        ("绩效目标", "目标2", ("绩效目标", 1), Decimal(41), Decimal(15), "表头"),
    ]
    assert [d.address for d in scored.dimensions] == [
        ("绩效目标", 0, "指标", 0),
        ("绩效目标", 1, "指标", 0),
        ("绩效目标", 1, "指标", 1),
    ]
    assert [one.name for one, _ in scored.indicators()] == ["甲", "乙", "丙"]
    assert scored.total.value == 60
    own = scoring.score(assessment(indicator("2", "1", 10), goal_blocks=blocks), FORM)
    assert [part.name for part in own.total.parts] == ["部门整体支出总额", "产出指标", "目标1", "目标2"]
    assert own.total.value == 65


def test_a_graded_score_keeps_its_kind_and_name() -> None:
    score = score_of(indicator("无事故", "无事故", 6, "安全", grade="达成预期", filed="5"))
    assert (score.kind, score.name, score.weight, score.filed) == ("三级指标", "安全", Decimal(6), Decimal(5))
    assert [given.name for given in score.inputs] == ["年初目标值", "实际完成值", "定性"]


def test_a_mean_that_does_not_end_is_shown_short_and_computed_in_full() -> None:
    third = Quantity(text="33.33%", number=exact.EXACT.divide(Decimal(100), Decimal(3)), unit="%")
    score = score_of(replace(indicator("100%", None, 3), actual=third))
    assert wording.working(score) == "3 × 33.333333… ÷ 100 = 1"
    assert (score.value, wording.adjustments(score)) == (Decimal("1.00"), ())
    share = exact.EXACT.divide(Decimal(250), Decimal(3))
    judged = replace(indicator("好", "好", 3), judgement=Judgement(grade="达成预期", share=share))
    assert wording.working(score_of(judged)) == "3 × 83.333333…% = 2.5"
    assert wording.formula(score_of(judged)) == "分值 × 83.333333…%"
    assert wording.adjustments(score_of(judged)) == ()
    long = score_of(indicator("999999999999999", "999999999999998", 1))
    assert wording.working(long).startswith("1 × 999999999999998 ÷ 999999999999999 = 0.999999…")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.12345678901234567891", "0.12345678901234567891"),  # 20 digits, more than anybody writes
        ("0.123456789012345678912", "0.123456…"),
    ],
)
def test_a_figure_is_shown_in_full_up_to_twenty_digits(number: str, shown: str) -> None:
    actual = Quantity(text="略", number=Decimal(number), unit="个")
    score = score_of(replace(indicator("1个", None, 1), actual=actual))
    assert wording.working(score) == f"1 × {shown} ÷ 1 = 0.123456…"


def test_a_budget_line_that_cannot_be_divided_names_itself_and_its_filed_score() -> None:
    score = budget_score_of(budget_line("0", "5", name="基金", filed="3"))
    assert (score.kind, score.name, score.filed, score.printed) == (
        "预算执行",
        "基金",
        Decimal(3),
        Decimal(3),
    )


def test_a_clause_may_have_brackets_in_its_name() -> None:
    clause = replace(FORM.clause("自定1"), name="自定（一）")
    form = replace(
        FORM,
        clauses=(*FORM.clauses, clause),
        rounding=replace(FORM.rounding, clause="自定（一）"),
    )
    scored = scoring.score(assessment(indicator("3", "2", 5)), form)
    (row,) = (score for score in scored.total.walk() if score.kind == "三级指标")
    told = list(explain.one(scored, row, lambda _: Place("a")))
    assert "  调整  四舍五入到 2 位小数，计 3.33（自定（一））" in told
    assert f"  条款  自定（一）（{clause.source}，{clause.standing.value}）：{clause.text}" in told


@pytest.mark.parametrize(
    ("mode", "figure"),
    [(RoundingMode.DOWN, "42.8"), (RoundingMode.HALF_UP, "42.9"), (RoundingMode.HALF_EVEN, "42.9")],
)
def test_the_rate_that_is_printed_is_the_rate_that_is_scored(mode: RoundingMode, figure: str) -> None:
    form = replace(
        FORM,
        rounding=replace(FORM.rounding, mode=mode),
        budget=replace(FORM.budget, weight=Decimal(100), round_first=True),
    )
    scored = scoring.score(assessment(indicator("7", "3", 5), budget=(budget_line("7", "3"),)), form)
    assert scored.budget[0].value == Decimal(figure)
    names = narrative.figures(scored)
    (paragraph,), _ = narrative.fill('{{ 执行率 }}，{{ 指标["接洽企业数量"].完成率 }}', names, "偏差分析")
    assert paragraph.text == f"{figure}%，{figure}%"
    line = printed.fill(scored, narrative.fill_narratives(scored))["预算执行"][0]
    assert isinstance(line, Mapping)
    assert line["执行率"] == f"{figure}%"
