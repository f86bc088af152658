"""Compare scored years: two with each other, or all of them in a row."""

import math

from perfdoc.years import flags
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.trend import Trend, trend
from perfdoc.years.value import Comparison

__all__ = ["Comparison", "ScoredYear", "Trend", "compare", "copied_from", "trend"]


def copied_from(year: ScoredYear) -> int | None:
    """Per cent from which a year's form calls a paragraph copied, as its check P407 has it; None where it does not say."""
    rule = year.scored.form.check_rule(flags.COPIED)
    return math.ceil(rule.threshold) if rule and rule.threshold else None
