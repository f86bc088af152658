"""The rules said once more, in whole numbers and fractions alone: what `perfdoc.judge.scoring` is held against."""

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from builders import ROOT, assessment, indicator

from perfdoc.core.assessment import Assessment, Direction, Indicator
from perfdoc.form.rulebook import Excess, ExcessAction, Form, Formula, RoundingMode, TotalCap
from perfdoc.judge import scoring
from perfdoc.judge.scoring import Score
from perfdoc.read.folder import open_form


def rulebook(folder: Path) -> Form:
    """Read a rulebook that is shipped."""
    opened = open_form(ROOT, folder.name)
    assert opened.form is not None, [str(d) for d in opened.diagnostics]
    return opened.form


FOLDERS = sorted(path.parent for path in (ROOT / "templates").glob("*/form.yaml"))
FORMS = {folder.name: rulebook(folder) for folder in FOLDERS}
"""Every rulebook of the repository; another folder under templates/ is another one here."""

_ANY = next(form for form in FORMS.values() if form.quantity_rule(Direction.WITHIN))
_CLAUSE = _ANY.weights.clause
HANDBOOK_CAPS = tuple(
    TotalCap(below=Decimal(below), most=Decimal(most), clause=_CLAUSE)
    for below, most in ((80, 89), (70, 79), (60, 69), (50, 59))
)
VARIANTS = {
    "执行率先舍入": replace(_ANY, budget=replace(_ANY.budget, round_first=True)),
    "超额扣分": replace(
        _ANY,
        excess=Excess(threshold=Decimal(130), action=ExcessAction.DEDUCT, points=Decimal(2), clause=_CLAUSE),
        total_caps=HANDBOOK_CAPS,
    ),
    "按倍数扣分": replace(
        _ANY,
        excess=Excess(
            threshold=Decimal(120), action=ExcessAction.SCALE, points=Decimal("0.5"), clause=_CLAUSE
        ),
        rounding=replace(_ANY.rounding, digits=1, mode=RoundingMode.HALF_EVEN),
    ),
    "达到得满分": replace(
        _ANY,
        quantities=tuple(replace(rule, formula=Formula.MET) for rule in _ANY.quantities),
        rounding=replace(_ANY.rounding, digits=0, mode=RoundingMode.DOWN),
    ),
    "上限120%": replace(
        _ANY,
        quantities=tuple(
            replace(
                rule,
                cap=Decimal(120),
                zeros=tuple(replace(zero, share=zero.share * Decimal("1.2")) for zero in rule.zeros),
            )
            for rule in _ANY.quantities
        ),
    ),
}
"""Rulebooks with the parameters that no shipped form sets yet: a change of data alone."""

RULEBOOKS = {**FORMS, **VARIANTS}


def rounded(exact: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """Round a figure that is not negative."""
    whole = 10**digits
    scaled = exact * whole
    below = math.floor(scaled)
    rest = scaled - below
    up = {
        RoundingMode.DOWN: False,
        RoundingMode.HALF_UP: rest >= Fraction(1, 2),
        RoundingMode.HALF_EVEN: rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1),
    }[mode]
    return Fraction(below + up, whole)


def score_of(form: Form, one: Indicator, **changes: object) -> Score:
    """Score one indicator by a rulebook."""
    return scoring.score(assessment(one, **changes), form).dimensions[0].parts[0].parts[0]


def value_of(form: Form, one: Indicator) -> Fraction:
    """Score one indicator that can be scored."""
    score = score_of(form, one)
    assert score.obstacle is None, score.obstacle
    assert score.value is not None
    return Fraction(score.value)


def total_of(form: Form, given: Assessment) -> Score:
    return scoring.score(given, form).total


def measured(direction: Direction, target: Decimal, actual: Decimal, weight: Decimal) -> Indicator:
    """Make a quantitative indicator of a direction."""
    return indicator(f"{target:f}个", f"{actual:f}个", weight, direction=direction)


def by_rule(
    form: Form, direction: Direction, figures: tuple[Decimal, Decimal], weight: Decimal
) -> Fraction | None:
    """Score a target and an actual by a rulebook; None where the formula has no value."""
    rule = form.quantity_rule(direction)
    assert rule is not None
    a, b, w = Fraction(figures[0]), Fraction(figures[1]), Fraction(weight)
    for zero in rule.zeros:
        if zero.target in (None, a == 0) and zero.actual in (None, b == 0):
            return rounded(w * Fraction(zero.share) / 100, form.rounding.digits, form.rounding.mode)
    if rule.formula is Formula.MET:
        met = b == a if direction is Direction.EQUAL else b <= a if direction is Direction.LOWER else b >= a
        exact: Fraction = w if met else Fraction(0)
    else:
        above, below = {
            Formula.PROPORTIONAL: (b, a),
            Formula.INVERSE: (a, b),
            Formula.NEARER: (min(a, b), max(a, b)),
        }[rule.formula]
        if not below:
            return None
        exact = min(w * above / below, w * Fraction(rule.cap) / 100)
    if rule.formula is Formula.PROPORTIONAL and a:
        exact = max(Fraction(0), exact - lost(form, a, b))
    return rounded(exact, form.rounding.digits, form.rounding.mode)


def lost(form: Form, target: Fraction, actual: Fraction) -> Fraction:
    """Count the points that an actual far above its target loses."""
    excess = form.excess
    if excess is None or excess.points is None or actual * 100 < Fraction(excess.threshold) * target:
        return Fraction(0)
    if excess.action is ExcessAction.DEDUCT:
        return Fraction(excess.points)
    steps = math.floor((actual / target * 100 - 100) / (Fraction(excess.threshold) - 100))
    return Fraction(excess.points) * steps
