"""Parameters of a rulebook that only some jurisdictions set: a change of data alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from builders import FORM, assessment, budget_line, indicator, judged
from hypothesis import given
from hypothesis import strategies as st

from perfdoc import checks
from perfdoc.core.assessment import Direction
from perfdoc.form import rulebook
from perfdoc.form.rulebook import BudgetBasis, DimensionWeight, Form, Formula
from perfdoc.judge import scoring
from perfdoc.judge.scoring import Score, wording

INITIAL = replace(FORM, budget=replace(FORM.budget, basis=BudgetBasis.INITIAL))
FLOOR = replace(FORM, quantities=tuple(replace(rule, floor=Decimal(60)) for rule in FORM.quantities))


def line(form: Form, initial: str | None, budgeted: str | None, executed: str | None) -> Score:
    made = replace(budget_line(budgeted, executed), initial=Decimal(initial) if initial else None)
    return scoring.score(assessment(indicator(), budget=(made,)), form).budget[0]


def test_a_may_be_the_budget_of_the_beginning_of_the_year() -> None:
    adjusted, initial = line(FORM, "200", "100", "90"), line(INITIAL, "200", "100", "90")
    assert (adjusted.value, adjusted.inputs[0].name) == (Decimal(18), "预算数")
    assert (initial.value, initial.inputs[0].name) == (Decimal(9), "年初预算数")
    assert wording.formula(initial) == "分值 × 执行数 ÷ 年初预算数"
    assert initial.rate == Decimal("0.45")


def test_without_the_budget_that_is_asked_for_a_line_waits_and_is_listed() -> None:
    waiting = line(INITIAL, None, "100", "90")
    assert (waiting.value, waiting.open) == (None, 1)
    given_ = assessment(indicator(), budget=(budget_line("100", "90"),))
    found = [f.address for f in checks.run(*judged(given_, INITIAL)) if f.code == "P102"]
    assert ("预算执行", 0, "年初预算数") in found
    assert ("预算执行", 0, "年初预算数") not in [f.address for f in checks.run(*judged(given_, FORM))]


def test_a_budget_of_zero_is_refused_by_the_name_of_the_amount_that_is_asked_for() -> None:
    assert (obstacle := line(INITIAL, "0", "100", "90").obstacle) is not None
    assert (obstacle.code, obstacle.address) == ("P312", ("预算执行", 0, "年初预算数"))


def points(form: Form, direction: Direction, target: str, actual: str) -> Score:
    one = indicator(target, actual, 10, direction=direction)
    return scoring.score(assessment(one), form).dimensions[0].parts[0].parts[0]


@pytest.mark.parametrize(
    ("direction", "target", "actual", "value"),
    [
        (Direction.HIGHER, "100次", "60次", "6"),
        (Direction.HIGHER, "100次", "59.99次", "0"),
        (Direction.HIGHER, "100次", "150次", "10"),
        (Direction.LOWER, "6次", "10次", "6"),
        (Direction.LOWER, "6次", "10.01次", "0"),
        (Direction.LOWER, "6次", "0次", "10"),
    ],
)
def test_below_the_floor_nothing_is_earned(
    direction: Direction, target: str, actual: str, value: str
) -> None:
    score = points(FLOOR, direction, target, actual)
    assert score.value == Decimal(value)
    low = any("低于分值的 60%，不得分（备注2）" in note for note in wording.adjustments(score))
    assert low is (value == "0")


@given(st.integers(1, 500), st.integers(0, 500), st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_a_floor_takes_all_or_nothing(target: int, actual: int, direction: Direction) -> None:
    bare, floored = (points(form, direction, f"{target}次", f"{actual}次").value for form in (FORM, FLOOR))
    assert bare is not None
    assert floored in (bare, 0)
    formula = FORM.quantity_rule(direction)
    assert formula is not None
    above, below = (target, actual) if formula.formula is Formula.INVERSE else (actual, target)
    assert (floored == 0) is ((bool(below) and above * 100 < 60 * below) or bare == 0)


@pytest.mark.parametrize(("weight", "faults"), [("80", 0), ("79.9", 1)])
def test_uniform_weights_have_to_add_up(weight: str, faults: int) -> None:
    uniform = (DimensionWeight(name="产出指标", weight=Decimal(weight)),)
    form = replace(FORM, weights=replace(FORM.weights, dimensions=uniform))
    assert [f.address for f in rulebook.faults(form)] == [("分值", "一级")] * faults
