"""Laws of every rulebook in templates/, and of every parameter that a rulebook can set."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import ROOT, assessment, budget_line, dimension, encodes_in_gbk, group, indicator
from hypothesis import assume, example, given
from hypothesis import strategies as st
from oracle import (
    FORMS,
    HANDBOOK_CAPS,
    RULEBOOKS,
    VARIANTS,
    by_rule,
    measured,
    rounded,
    score_of,
    total_of,
    value_of,
)

from perfdoc.core.assessment import Direction
from perfdoc.form import rulebook
from perfdoc.form.rulebook import ExcessAction, Form, Formula
from perfdoc.judge import scoring
from perfdoc.judge.scoring import wording
from perfdoc.read.folder import open_assessment

ZERO = Fraction(0)
EACH = pytest.mark.parametrize("form", RULEBOOKS.values(), ids=RULEBOOKS.keys())
figures = st.one_of(
    st.integers(0, 40).map(Decimal),
    st.integers(0, 999_999).map(Decimal),
    st.integers(0, 999_999_999).map(lambda n: Decimal(n).scaleb(-3)),
)
weights = st.one_of(st.integers(1, 60).map(Decimal), st.integers(1, 600).map(lambda n: Decimal(n).scaleb(-1)))
BY_FIGURES = (Direction.HIGHER, Direction.LOWER, Direction.EQUAL)


def directions(form: Form) -> list[Direction]:
    """List the directions that a rulebook scores by two figures."""
    return [direction for direction in BY_FIGURES if form.quantity_rule(direction)]


def round_as(form: Form, exact: Fraction) -> Fraction:
    return rounded(exact, form.rounding.digits, form.rounding.mode)


@EACH
def test_a_rulebook_has_no_faults(form: Form) -> None:
    assert list(rulebook.faults(form)) == []


@EACH
@given(st.data(), figures, figures, weights)
@example(None, Decimal(3000), Decimal(835), Decimal(3))
@example(None, Decimal(200), Decimal(115), Decimal(9))
def test_a_score_is_what_the_rule_says_in_fractions(
    form: Form, data: st.DataObject | None, target: Decimal, actual: Decimal, weight: Decimal
) -> None:
    choices = directions(form)
    for direction in [data.draw(st.sampled_from(choices))] if data else choices:
        one = measured(direction, target, actual, weight)
        expected = by_rule(form, direction, (target, actual), weight)
        if expected is None:
            score = score_of(form, one)
            assert score.value is None
            assert score.obstacle is not None
            assert score.obstacle.code == "P312"
        else:
            assert value_of(form, one) == expected


@pytest.mark.slow
@EACH
def test_all_small_counts_are_scored_as_the_rule_says(form: Form) -> None:
    for direction in directions(form):
        for target in range(13):
            for actual in range(26):
                pair = Decimal(target), Decimal(actual)
                score = score_of(form, measured(direction, *pair, Decimal(7)))
                assert (None if score.value is None else Fraction(score.value)) == by_rule(
                    form, direction, pair, Decimal(7)
                )


@EACH
@given(st.data(), figures, figures, weights)
def test_a_score_lies_between_zero_and_its_cap(
    form: Form, data: st.DataObject, target: Decimal, actual: Decimal, weight: Decimal
) -> None:
    direction = data.draw(st.sampled_from(directions(form)))
    rule = form.quantity_rule(direction)
    assert rule is not None
    score = score_of(form, measured(direction, target, actual, weight))
    if score.value is not None:
        assert 0 <= score.value <= round_as(form, Fraction(weight) * Fraction(rule.cap) / 100)


@EACH
@given(figures.filter(bool), figures, figures, weights)
def test_more_is_never_worse_where_higher_is_better_and_no_excess_is_punished(
    form: Form, target: Decimal, one: Decimal, other: Decimal, weight: Decimal
) -> None:
    less, more = sorted((one, other))
    if form.excess and form.excess.points is not None:
        assume(more * 100 < form.excess.threshold * target)
    low = value_of(form, measured(Direction.HIGHER, target, less, weight))
    assert low <= value_of(form, measured(Direction.HIGHER, target, more, weight))


@EACH
@given(figures, figures, figures, weights)
def test_less_is_never_worse_where_lower_is_better(
    form: Form, target: Decimal, one: Decimal, other: Decimal, weight: Decimal
) -> None:
    less, more = sorted((one, other))
    high = value_of(form, measured(Direction.LOWER, target, less, weight))
    assert high >= value_of(form, measured(Direction.LOWER, target, more, weight))


HITTING = {name: form for name, form in RULEBOOKS.items() if form.quantity_rule(Direction.EQUAL)}


@pytest.mark.parametrize("form", HITTING.values(), ids=HITTING.keys())
@given(figures.filter(bool), figures, figures, weights)
def test_nearer_is_never_worse_where_the_target_is_to_be_hit(
    form: Form, target: Decimal, one: Decimal, other: Decimal, weight: Decimal
) -> None:
    less, more = sorted((one, other))
    low, high = (value_of(form, measured(Direction.EQUAL, target, actual, weight)) for actual in (less, more))
    assert low <= high or more > target
    assert high <= low or less < target


@EACH
@pytest.mark.parametrize("odd", [1, 3, 5, 7, 9, 25, 99])
def test_every_half_of_the_last_digit_is_rounded_as_the_rulebook_says(form: Form, odd: int) -> None:
    unit = Decimal(2) * 10**form.rounding.digits
    hair = Decimal("0.00001")
    rule = form.quantity_rule(Direction.HIGHER)
    assert rule is not None
    target = Decimal(1000)
    for actual in (Decimal(odd), Decimal(odd) - hair, Decimal(odd) + hair):
        # weight × actual ÷ target is a half of the last digit, or a hair beside it
        weight = target / unit
        exact = Fraction(weight) * Fraction(actual) / Fraction(target)
        if rule.formula is Formula.PROPORTIONAL:
            assert value_of(form, measured(Direction.HIGHER, target, actual, weight)) == round_as(form, exact)
        share = Decimal(odd) if actual == odd else actual
        band = next((b.name for b in form.quality.bands if b.holds(share)), None)
        if band:
            one = indicator("好", "好", Decimal(100) / unit, grade=band, share=f"{share:f}")
            assert value_of(form, one) == round_as(form, Fraction(share) / Fraction(unit))


@EACH
def test_each_edge_of_a_band_belongs_to_exactly_one_band(form: Form) -> None:
    tick = Decimal("0.01")
    bands = form.quality.bands
    for band in bands:
        assert band.holds(band.lower)
        assert not band.holds(band.lower - tick)
        assert band.holds(band.upper - tick)
        assert band.holds(band.upper) is band.upper_included
        assert not band.holds(band.upper + tick)
        for share in (band.lower, band.upper - tick, band.upper):
            assert sum(other.holds(share) for other in bands) == 1
    assert bands[0].upper == 100
    assert bands[-1].lower == 0


@EACH
@given(st.integers(0, 10_000), weights)
def test_a_share_earns_its_part_of_the_weight_in_its_own_band_only(
    form: Form, hundredths: int, weight: Decimal
) -> None:
    share = Decimal(hundredths).scaleb(-2)
    for band in form.quality.bands:
        score = score_of(form, indicator("好", "好", weight, grade=band.name, share=str(share)))
        if band.holds(share):
            assert score.value is not None
            assert Fraction(score.value) == round_as(form, Fraction(weight) * Fraction(share) / 100)
        else:
            assert score.obstacle is not None
            assert score.obstacle.code == "P104"


@EACH
def test_a_grade_without_a_share_earns_the_default_of_its_band(form: Form) -> None:
    for band in form.quality.bands:
        value = value_of(form, indicator("好", "好", 7, grade=band.name))
        assert value == round_as(form, 7 * Fraction(band.default) / 100)


# --- the budget -------------------------------------------------------------------------------------------------


@EACH
@given(figures.filter(bool), figures)
@example(Decimal(489), Decimal("367.24"))
@example(Decimal(100), Decimal("102.59"))
@example(Decimal("310.2"), Decimal("154.74"))
def test_the_execution_earns_what_the_rulebook_says(form: Form, budgeted: Decimal, executed: Decimal) -> None:
    score = scoring.score(assessment(budget=(budget_line(str(budgeted), str(executed)),)), form).budget[0]
    rate = Fraction(executed) / Fraction(budgeted)
    if form.budget.round_first:
        rate = round_percent(form, rate)
    exact = min(Fraction(form.budget.weight) * rate, Fraction(form.budget.weight * form.budget.cap) / 100)
    assert score.value is not None
    assert Fraction(score.value) == round_as(form, exact)
    assert score.rate is not None
    assert abs(Fraction(score.rate) - Fraction(executed) / Fraction(budgeted)) < Fraction(1, 10**40)


def round_percent(form: Form, rate: Fraction) -> Fraction:
    return rounded(rate * 100, form.rounding.rate_digits, form.rounding.mode) / 100


def test_a_rate_may_be_rounded_before_it_is_scored() -> None:
    form = replace(
        VARIANTS["执行率先舍入"],
        rounding=replace(VARIANTS["执行率先舍入"].rounding, rate_digits=0),
    )
    score = scoring.score(assessment(budget=(budget_line("310.2", "154.74"),)), form).budget[0]
    assert score.value == 5
    assert wording.adjustments(score) == ("执行率先四舍五入为 50%（自定1）",)
    assert wording.working(score) == "10 × 50% = 5"
    over = scoring.score(assessment(budget=(budget_line("100", "102.59"),)), form).budget[0]
    assert over.value == 10
    assert wording.adjustments(over) == ("执行率先四舍五入为 103%（自定1）", "不超过分值的 100%（注2）")
    exact = scoring.score(assessment(budget=(budget_line("100", "100"),)), form).budget[0]
    assert wording.adjustments(exact) == ("执行率先四舍五入为 100%（自定1）",)


# --- far above the target ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "value", "note"),
    [
        ("129.99", "5", None),
        ("129.999999999", "5", None),
        ("130", "3", "达到目标的 130%，不低于 130%，扣 2 分（注1）"),
        ("130.000000001", "3", "达到目标的 130%，不低于 130%，扣 2 分（注1）"),
        ("130.01", "3", "达到目标的 130.01%，不低于 130%，扣 2 分（注1）"),
        ("266.66", "3", "达到目标的 266.66%，不低于 130%，扣 2 分（注1）"),
    ],
)
def test_the_points_for_an_excess_are_lost_exactly_from_the_threshold(
    actual: str, value: str, note: str | None
) -> None:
    form = VARIANTS["超额扣分"]
    score = score_of(form, indicator("100个", f"{actual}个", 5))
    assert score.value == Decimal(value)
    assert (note is None) or wording.adjustments(score)[1] == note
    assert [a for a in wording.adjustments(score) if "扣" in a] == ([note] if note else [])
    assert wording.working(score) == f"5 × {actual} ÷ 100 = {wording.working(score).rpartition('= ')[2]}"


@pytest.mark.parametrize(
    ("actual", "value"),
    [
        ("119.99", "5"),
        ("120", "4.5"),
        ("139.9", "4.5"),
        ("140", "4"),
        ("160", "3.5"),
        ("300", "0"),
        ("320", "0"),
    ],
)
def test_an_excess_may_cost_points_for_every_full_step(actual: str, value: str) -> None:
    assert value_of(VARIANTS["按倍数扣分"], indicator("100个", f"{actual}个", 5)) == Fraction(value)


@pytest.mark.parametrize(
    ("threshold", "actual", "value"),
    [
        ("101", "100.99", "5"),
        ("101", "101", "4.5"),
        ("101", "101.99", "4.5"),
        ("101", "102", "4"),
        ("100.5", "100.49", "5"),
        ("100.5", "101.5", "3.5"),
    ],
)
def test_a_step_of_an_excess_may_be_fine(threshold: str, actual: str, value: str) -> None:
    form = VARIANTS["按倍数扣分"]
    assert form.excess is not None
    fine = replace(form, excess=replace(form.excess, threshold=Decimal(threshold)))
    assert value_of(fine, indicator("100个", f"{actual}个", 5)) == Fraction(value)


def test_a_step_of_nothing_is_counted_once() -> None:
    form = VARIANTS["按倍数扣分"]
    assert form.excess is not None
    flat = replace(form, excess=replace(form.excess, threshold=Decimal(100)))
    assert value_of(flat, indicator("100个", "300个", 5)) == Fraction("4.5")
    assert value_of(flat, indicator("100个", "100个", 5)) == Fraction("4.5")
    assert value_of(flat, indicator("100个", "99.8个", 5)) == 5


def test_an_excess_never_takes_more_than_there_is() -> None:
    assert value_of(VARIANTS["超额扣分"], indicator("100个", "150个", 1)) == 0


@pytest.mark.parametrize("action", [ExcessAction.NOTHING, ExcessAction.EXPLAIN])
def test_an_excess_that_is_only_explained_costs_nothing(action: ExcessAction) -> None:
    form = VARIANTS["超额扣分"]
    assert form.excess is not None
    mild = replace(form, excess=replace(form.excess, action=action, points=None))
    score = score_of(mild, indicator("100个", "500个", 5))
    assert score.value == 5
    assert len(wording.adjustments(score)) == 1


@pytest.mark.parametrize("direction", [Direction.LOWER, Direction.EQUAL])
def test_only_more_of_what_is_wanted_is_an_excess(direction: Direction) -> None:
    form, plain_form = VARIANTS["超额扣分"], FORMS["mof-project"]
    one = measured(direction, Decimal(100), Decimal(200), Decimal(6))
    assert value_of(form, one) == value_of(plain_form, one) == 3


def test_an_execution_above_the_budget_is_no_excess_of_an_indicator() -> None:
    score = scoring.score(assessment(budget=(budget_line("100", "200"),)), VARIANTS["超额扣分"]).budget[0]
    assert score.value == 10


# --- caps on the total, and grades ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("executed", "most"),
    [
        ("100", None),
        ("80", None),
        ("79.99", 89),
        ("70", 89),
        ("69.99", 79),
        ("60", 79),
        ("59.99", 69),
        ("50", 69),
        ("49.99", 59),
        ("0", 59),
    ],
)
def test_the_total_is_capped_from_each_edge_of_the_execution(executed: str, most: int | None) -> None:
    form = VARIANTS["超额扣分"]
    weight = Decimal(90)
    given = assessment(indicator("1个", "1个", weight), budget=(budget_line("100", executed),))
    total = total_of(form, given)
    sum_of_parts = sum((part.value or Decimal(0) for part in total.parts), Decimal(0))
    assert total.cap == most
    assert total.value == (sum_of_parts if most is None else min(sum_of_parts, Decimal(most)))
    if most is not None and sum_of_parts > most:
        below = next(cap.below for cap in HANDBOOK_CAPS if cap.most == most)
        assert wording.adjustments(total) == (
            f"执行率低于 {below}%，总分至多 {most}，{sum_of_parts.normalize():f} 计 {most}（注1）",
        )


def test_a_total_at_its_cap_needs_no_reason() -> None:
    given = assessment(indicator("1个", "1个", 81), budget=(budget_line("100", "79"),))
    form = VARIANTS["超额扣分"]
    total = total_of(form, given)
    assert (total.value, total.cap, wording.adjustments(total)) == (Decimal("88.9"), Decimal(89), ())
    exact = assessment(indicator("1个", "1个", "81.1"), budget=(budget_line("100", "79"),))
    assert (total_of(form, exact).value, wording.adjustments(total_of(form, exact))) == (Decimal(89), ())
    more = assessment(indicator("1个", "1个", "81.11"), budget=(budget_line("100", "79"),))
    assert total_of(form, more).value == 89
    assert len(wording.adjustments(total_of(form, more))) == 1


def test_a_form_prints_no_more_than_the_cap_of_its_total() -> None:
    form = VARIANTS["超额扣分"]
    for filed, printed in (("81", "88.9"), ("81.1", "89"), ("81.11", "89"), ("95", "89")):
        given = assessment(indicator("1个", "1个", 80, filed=filed), budget=(budget_line("100", "79"),))
        total = total_of(form, given)
        assert (total.value, total.printed) == (Decimal("87.9"), Decimal(printed))
    free = assessment(indicator("1个", "1个", 80, filed="95"), budget=(budget_line("100", "80"),))
    assert total_of(form, free).printed == 103


def test_the_strictest_cap_counts_whatever_the_order() -> None:
    form = replace(VARIANTS["超额扣分"], total_caps=HANDBOOK_CAPS[::-1])
    given = assessment(indicator("1个", "1个", 90), budget=(budget_line("100", "45"),))
    assert total_of(form, given).value == 59


def test_a_total_whose_execution_is_open_is_not_capped() -> None:
    form = VARIANTS["超额扣分"]
    given = assessment(indicator("1个", "1个", 95), budget=(budget_line("100", None),))
    assert (total_of(form, given).cap, total_of(form, given).value) == (None, Decimal(95))
    assert total_of(form, assessment(indicator("1个", "1个", 95), budget=())).cap is None


WITH_GRADES = {name: form for name, form in RULEBOOKS.items() if form.grades}


@pytest.mark.parametrize("form", WITH_GRADES.values(), ids=WITH_GRADES.keys())
def test_each_grade_begins_exactly_at_its_edge(form: Form) -> None:
    plain_form = replace(form, total_caps=(), excess=None, rounding=replace(form.rounding, digits=2))

    def grade(points: Decimal) -> str:
        full = (budget_line("100", "100"),)
        given = assessment(
            dimensions=(dimension(group(indicator("1个", "1个", points - form.budget.weight))),), budget=full
        )
        scored = scoring.score(given, plain_form)
        assert scored.total.value == points
        return scored.grade

    steps = [step for step in form.grades if step.least > form.budget.weight]
    for step, below in zip(steps, form.grades[1:], strict=False):
        assert grade(step.least) == step.name
        assert grade(step.least + Decimal("0.01")) == step.name
        assert grade(step.least - Decimal("0.01")) == below.name
        assert grade(step.least - Decimal("0.5")) == below.name


def test_a_total_of_89_5_is_good_and_not_excellent() -> None:
    given = assessment(indicator("1个", "1个", "79.5"), budget=(budget_line("100", "100"),))
    scored = scoring.score(given, FORMS["mof-project"])
    assert (scored.total.value, scored.grade) == (Decimal("89.5"), "良")


def test_an_open_total_has_no_grade() -> None:
    given = assessment(indicator("1个", None, "79.5"), budget=(budget_line("100", "100"),))
    assert scoring.score(given, FORMS["mof-project"]).grade == ""
    nothing = assessment(indicator("1个", None), budget=(budget_line("100", None),))
    assert scoring.score(nothing, FORMS["mof-project"]).grade == ""
    sound = assessment(indicator("1个", "1个"))
    assert scoring.score(sound, FORMS["hubei-department"]).grade == ""


def test_a_total_below_every_grade_has_none() -> None:
    form = FORMS["mof-project"]
    low = replace(form, grades=form.grades[:-1])
    given = assessment(indicator("1个", "0个"), budget=(budget_line("100", "100"),))
    assert scoring.score(given, low).grade == ""


# --- ranges, dates, yes and no ----------------------------------------------------------------------------------

MOF = FORMS["mof-project"]


def within(target: str, actual: str, weight: str = "10", form: Form = MOF) -> scoring.Score:
    return score_of(form, indicator(target, actual, weight, direction=Direction.WITHIN))


@given(figures, figures, figures, weights)
def test_a_range_is_full_inside_and_by_the_nearer_bound_outside(
    one: Decimal, other: Decimal, actual: Decimal, weight: Decimal
) -> None:
    low, high = sorted((one, other))
    score = within(f"{low:f}-{high:f}%", f"{actual:f}%", str(weight))
    w, b = Fraction(weight), Fraction(actual)
    exact = w if low <= actual <= high else w * b / Fraction(low) if actual < low else w * Fraction(high) / b
    assert score.value is not None
    assert Fraction(score.value) == round_as(MOF, exact)
    strict = within(f"{low:f}-{high:f}%", f"{actual:f}%", str(weight), VARIANTS["达到得满分"])
    assert strict.value == rounded(
        w if low <= actual <= high else ZERO, 0, VARIANTS["达到得满分"].rounding.mode
    )


def test_a_range_says_what_it_did() -> None:
    inside = within("90-110%", "90%")
    assert wording.adjustments(inside) == ("90 在 90 与 110 之间",)
    assert (wording.working(inside), inside.clause) == ("10 × 100% = 10", "自定3")
    outside = within("90-110%", "120%")
    assert (wording.working(outside), wording.formula(outside)) == (
        "10 × 110 ÷ 120 = 9.166666…",
        "分值 × 较小的数 ÷ 较大的数",
    )
    assert outside.clause == "自定3"
    below = within("90-110%", "45%")
    assert wording.working(below) == "10 × 45 ÷ 90 = 5"
    strict = within("90-110%", "110.1%", form=VARIANTS["达到得满分"])
    assert (strict.value, wording.adjustments(strict)) == (Decimal(0), ("110.1 不在 90 与 110 之间",))


@pytest.mark.parametrize(
    ("target", "actual", "code", "at", "message"),
    [
        (
            "90-110%",
            "95个",
            "P107",
            "实际完成值",
            "「接洽企业数量」目标「90-110%」与完成「95个」的单位不一致。",
        ),
        ("90-110", "95%", "P107", "实际完成值", "「接洽企业数量」目标「90-110」与完成「95%」的单位不一致。"),
        ("-10--5", "0", "P105", "年初目标值", "「接洽企业数量」的年初目标值是负数，公式不适用。"),
        ("110-90%", "95%", "P105", "年初目标值", "「接洽企业数量」的目标「110-90%」不是区间。"),
        ("90%", "95%", "P105", "年初目标值", "「接洽企业数量」的目标「90%」不是区间。"),
        (
            "90-110%",
            "≥95%",
            "P105",
            "实际完成值",
            "「接洽企业数量」实际完成值写成「≥95%」，这是目标，不是实测数。",
        ),
        (
            "90-110%",
            "约95",
            "P105",
            "实际完成值",
            "「接洽企业数量」实际完成值「约95」不是数值，无法与目标「90-110%」相比。",
        ),
    ],
)
def test_a_range_that_cannot_be_compared_is_an_obstacle(
    target: str, actual: str, code: str, at: str, message: str
) -> None:
    score = within(target, actual)
    assert (score.value, score.open) == (None, 1)
    assert score.obstacle is not None
    assert (score.obstacle.code, score.obstacle.address[-1]) == (code, at)
    assert score.obstacle.message == message
    assert score.obstacle.remedy
    assert encodes_in_gbk(message + score.obstacle.remedy)


def by_date(target: str, actual: str) -> scoring.Score:
    return score_of(MOF, indicator(target, actual, 10, direction=Direction.BY_DATE))


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [
        ("9月前", "7月", True),  # a filed form of 2023
        ("9月前", "8月31日", True),
        ("9月前", "9月1日", False),
        ("9月底前", "9月30日", True),
        ("9月底前", "10月1日", False),
        ("12月30日", "12月30日", True),
        ("12月30日", "12月31日", False),
        ("2022-12-30", "2022-12-30", True),
        ("2022-12-30", "2022年12月31日", False),
        ("2022-12-30", "2023-01-05", False),
        ("2022-12-30", "2021-12-31", True),
        ("12月30日前", "二月", True),
        ("2022年底", "2022/11/9", True),
        ("年底前完成", "12月", True),
        ("2月底", "2月29日", True),
    ],
)
def test_a_date_is_met_on_the_day_and_not_a_day_later(target: str, actual: str, met: bool) -> None:  # noqa: FBT001
    score = by_date(target, actual)
    assert score.value == (10 if met else 0)
    assert wording.adjustments(score) == ("按期完成" if met else "晚于目标日期",)
    assert score.clause == "自定4"


@pytest.mark.parametrize(
    ("target", "actual", "at", "text"),
    [
        ("尽快", "7月", "年初目标值", "尽快"),
        ("9月", "已完成", "实际完成值", "已完成"),
        ("9月31日", "7月", "年初目标值", "9月31日"),
        ("30个", "30个", "年初目标值", "30个"),
        ("9月", "30个", "实际完成值", "30个"),
    ],
)
def test_what_is_no_date_is_an_obstacle(target: str, actual: str, at: str, text: str) -> None:
    found = by_date(target, actual).obstacle
    assert found is not None
    assert (found.code, found.address[-1]) == ("P105", at)
    assert found.message == f"「接洽企业数量」的{at}「{text}」看不出日期。"
    assert found.remedy == "写成 12月30日、9月底前 或 2022-12-30。"


@pytest.mark.parametrize(("target", "actual", "value"), [("是", "是", 10), ("否", "否", 10), ("是", "否", 0)])
def test_yes_and_no_earn_everything_or_nothing(target: str, actual: str, value: int) -> None:
    score = score_of(MOF, indicator(target, actual, 10, direction=Direction.YES_NO))
    assert score.value == value
    assert wording.adjustments(score) == ("与目标一致" if value else "与目标不一致",)
    assert score.clause == "自定4"


@pytest.mark.parametrize(("target", "actual", "at"), [("有", "是", "年初目标值"), ("是", "对", "实际完成值")])
def test_only_yes_and_no_are_yes_and_no(target: str, actual: str, at: str) -> None:
    found = score_of(MOF, indicator(target, actual, 10, direction=Direction.YES_NO)).obstacle
    assert found is not None
    assert (found.code, found.address[-1], found.remedy) == ("P105", at, "填 是 或 否。")
    text = target if at == "年初目标值" else actual
    assert found.message == f"「接洽企业数量」的{at}「{text}」不是“是”或“否”。"


@EACH
def test_a_direction_without_a_rule_is_an_obstacle_and_with_one_is_not(form: Form) -> None:
    samples = {
        Direction.EQUAL: ("4个", "4个"),
        Direction.WITHIN: ("3-5个", "4个"),
        Direction.BY_DATE: ("9月", "8月"),
        Direction.YES_NO: ("是", "是"),
    }
    for direction, (target, actual) in samples.items():
        found = score_of(form, indicator(target, actual, 4, direction=direction)).obstacle
        assert (found and found.code) == (None if form.quantity_rule(direction) else "P314")


MET_CASES = [
    (Direction.HIGHER, "4", "5"),
    (Direction.LOWER, "4", "3"),
    (Direction.EQUAL, "4", "4"),
]


@pytest.mark.parametrize(("direction", "target", "actual"), MET_CASES)
def test_all_or_nothing_says_whether_the_target_is_met(
    direction: Direction, target: str, actual: str
) -> None:
    form = VARIANTS["达到得满分"]
    score = score_of(form, indicator(target, actual, 4, direction=direction))
    assert (score.value, wording.adjustments(score)) == (Decimal(4), ("达到目标",))
    other = {"4": "5"}.get(actual, {"5": "3", "3": "5"}.get(actual, ""))
    missed = score_of(form, indicator(target, other, 4, direction=direction))
    assert (missed.value, wording.adjustments(missed)) == (Decimal(0), ("没有达到目标",))


# --- the example of the issue -----------------------------------------------------------------------------------


def test_the_content_of_2020_is_worth_77_57_where_excess_and_low_execution_cost_points() -> None:
    hubei = FORMS["hubei-department"]
    opened = open_assessment(ROOT, ROOT / "content" / "2020", {})
    assert opened.assessment is not None
    assert total_of(hubei, opened.assessment).value == Decimal("91.57")
    strict = replace(
        hubei,
        excess=VARIANTS["超额扣分"].excess,
        total_caps=HANDBOOK_CAPS,
        grades=MOF.grades,
        clauses=(*hubei.clauses, *MOF.clauses),
    )
    scored = scoring.score(opened.assessment, strict)
    assert (scored.total.value, scored.total.cap, scored.grade) == (Decimal("77.57"), Decimal(89), "中")
