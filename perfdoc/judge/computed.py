"""Columns that a form lets the program compute: one function for each kind, named in form.yaml as `算: 完成率`.

A new kind is one more function here and its name in `KINDS`; nothing else has to change.
"""

from collections.abc import Callable, Mapping

from perfdoc.core.assessment import Indicator
from perfdoc.form.rulebook import Form
from perfdoc.judge.scoring import Score
from perfdoc.judge.scoring.exact import completion, percent, reached

Compute = Callable[[Indicator, Score, Form], str]
"""Takes a row of the indicators; returns what its cell prints, empty where the figures do not give it."""


def completion_rate(indicator: Indicator, _: Score, form: Form) -> str:
    """Compute 完成率: the actual in per cent of the target, where both are figures of one unit."""
    return percent(reached(indicator.target, indicator.actual), form.rounding) or ""


def score_rate(_: Indicator, score: Score, form: Form) -> str:
    """Compute 得分率: the points printed in per cent of the weight."""
    if score.printed is None or not score.weight:
        return ""
    return percent(completion(score.weight, score.printed), form.rounding) or ""


KINDS: Mapping[str, Compute] = {
    "完成率": completion_rate,
    "得分率": score_rate,
}
"""Every kind of computed column by the word that form.yaml writes for it."""
