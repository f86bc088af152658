"""Columns that a form lets the program compute: one function for each kind, named in form.yaml as `算: 完成率`.

A new kind is one more function here and its name in `KINDS`; nothing else has to know it.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from perfdoc.core.assessment import Indicator, Quantity
from perfdoc.core.quantity import plain
from perfdoc.form.rulebook import Form
from perfdoc.judge.scoring import Score

_EXACT = Context(prec=60)

Compute = Callable[[Indicator, Score, Form], str]
"""Takes a row of the indicators; returns what its cell prints, empty where the figures do not give it."""


def completion(indicator: Indicator, _: Score, form: Form) -> str:
    """Compute 完成率: the actual in per cent of the target, where both are figures of one unit."""
    target, actual = indicator.target, indicator.actual
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity) or not target.number:
        return ""
    if (target.unit, target.label) != (actual.unit, actual.label):
        return ""
    return _percent(_EXACT.divide(actual.number, target.number), form)


def score_rate(_: Indicator, score: Score, form: Form) -> str:
    """Compute 得分率: the points printed in per cent of the weight."""
    if score.printed is None or not score.weight:
        return ""
    return _percent(_EXACT.divide(score.printed, score.weight), form)


def _percent(share: Decimal, form: Form) -> str:
    digits = Decimal(1).scaleb(-form.rounding.rate_digits)
    return plain(_EXACT.multiply(share, Decimal(100)).quantize(digits, ROUND_HALF_UP, _EXACT)) + "%"


KINDS: Mapping[str, Compute] = {"完成率": completion, "得分率": score_rate}
"""Every kind of computed column by the word that form.yaml writes for it."""
