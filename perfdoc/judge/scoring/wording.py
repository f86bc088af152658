"""The words of a score: its formula, its working and each adjustment as the sentence that people read.

They are here rather than in faces because checks and worked cases use them too.
"""

import decimal
from decimal import Decimal

from perfdoc.core.quantity import plain
from perfdoc.judge.scoring.exact import EXACT
from perfdoc.judge.scoring.value import Adjustment, AdjustmentKind, Score, Working

_SHORT = 20
"""Digits up to which a figure is shown in full in a working."""

_SENTENCES = {
    AdjustmentKind.CAP: "不超过分值的 {limit}%，计 {after}",
    AdjustmentKind.SHARE_CAP: "不超过分值的 {after}%",
    AdjustmentKind.TOTAL_CAP: "执行率低于 {limit}%，总分至多 {after}，{before} 计 {after}",
    AdjustmentKind.FLOOR: "低于分值的 {limit}%，不得分",
    AdjustmentKind.EXCESS: "达到目标的 {reached}%，不低于 {limit}%，扣 {lost} 分",
    AdjustmentKind.ZERO: "{direction}指标，目标 {target}，完成 {actual}，公式不适用，得分值的 {after}%",
    AdjustmentKind.DEFAULT_SHARE: "{grade}，未写百分比，按 {after}% 计",
    AdjustmentKind.RATE_ROUNDING: "执行率先{mode}为 {after}%",
    AdjustmentKind.ROUNDING: "{mode}到 {digits} 位小数，计 {after}",
    AdjustmentKind.INSIDE: "{reached} 在 {low} 与 {high} 之间",
    AdjustmentKind.OUTSIDE: "{reached} 不在 {low} 与 {high} 之间",
    AdjustmentKind.MET: "达到目标",
    AdjustmentKind.MISSED: "没有达到目标",
    AdjustmentKind.IN_TIME: "按期完成",
    AdjustmentKind.LATE: "晚于目标日期",
    AdjustmentKind.AGREES: "与目标一致",
    AdjustmentKind.DIFFERS: "与目标不一致",
}


def formula(score: Score) -> str:
    """Write the formula in the form's words, `分值 × 实际完成值 ÷ 年初目标值`; empty where there is none."""
    working = score.working
    if working is None:
        return ""
    if working.below is None:
        return f"分值 × {_figure(working.above)}%"
    return f"分值 × {' ÷ '.join(working.names)}"


def working(score: Score) -> str:
    """Write the formula with its figures, `5 × 3 ÷ 4 = 3.75`; empty where there is none."""
    return written(score.working)


def written(made: Working | None) -> str:
    """Write a working; empty where there is none."""
    if made is None:
        return ""
    start = f"{plain(made.weight)} × {_figure(made.above)}"
    if made.below is None:
        return f"{start}% = {_figure(made.raw)}"
    return f"{start} ÷ {_figure(made.below)} = {_shown(made.raw)}"


def adjustments(score: Score) -> tuple[str, ...]:
    """Write what changed the figure, a sentence each, with the clause that says so in brackets."""
    return tuple(map(_sentence, score.adjustments))


def _sentence(adjustment: Adjustment) -> str:
    known = {"before": adjustment.before, "after": adjustment.after, **dict(adjustment.figures)}
    figures = {name: plain(f) if isinstance(f, Decimal) else f for name, f in known.items()}
    clause = f"（{adjustment.clause}）" if adjustment.clause else ""
    return _SENTENCES[adjustment.kind].format(**figures) + clause


def _figure(number: Decimal) -> str:
    """Show a figure that was written in full, and one that was averaged as a quotient."""
    # The length of the text is asked first: to take a figure apart into its digits takes five times as long.
    short = len(f"{number:f}") <= _SHORT or len(number.as_tuple().digits) <= _SHORT
    return plain(number) if short else _shown(number)


def _shown(raw: Decimal) -> str:
    """Show an unrounded quotient: whole where it ends, with six digits and an ellipsis where it does not."""
    short = raw.quantize(Decimal("0.000001"), rounding=decimal.ROUND_DOWN, context=EXACT)
    return plain(short) if short == raw else f"{short:f}…"
