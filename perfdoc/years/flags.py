"""Find targets that look soft compared with last year's targets and actuals.

Thresholds are set in the rulebook's 检查, under the code of the check that reports them.
"""

from collections.abc import Iterator
from decimal import Decimal

from perfdoc.core.assessment import Direction, Indicator, Quantity
from perfdoc.core.diagnostics import facts
from perfdoc.core.quantity import plain
from perfdoc.form.rulebook import Form
from perfdoc.judge.scoring.exact import completion, in_percent, whole_percent
from perfdoc.years.fields import in_unit, same
from perfdoc.years.kinds import SCORE_BREAKS, Flag
from perfdoc.years.value import Broken, Flagged, Side

COPIED = "P407"
"""The check that reports a copied text; its threshold says from which per cent on it is one."""


def flags(old: Side, new: Side, breaks: tuple[Broken, ...], form: Form) -> Iterator[Flagged]:
    """Find what is soft about this year's target; nothing where its figures do not compare.

    Args:
        old: Last year's side.
        new: This year's.
        breaks: Why the two do not compare.
        form: This year's form, for its thresholds and conversions.
    """
    kinds = {broken.kind for broken in breaks}
    if kinds - SCORE_BREAKS:
        return
    a, b = old.indicator, new.indicator
    figures = _figures(a, b, form)
    if figures is not None:
        before, reached, now = figures
        if not kinds and _easier(now, before, b.better) and _earned_more(old, new):
            yield Flagged(
                flag=Flag.LOWERED,
                facts=facts(old=_text(a.target), new=_text(b.target), before=_score(old), after=_score(new)),
            )
        if reached is not None:
            yield from _against_what_was_done(a, b, (before, reached, now), form)
    if (
        a.actual is not None
        and a.weight == b.weight
        and same(a.target, b.target)
        and same(a.actual, b.actual)
    ):
        yield Flagged(
            flag=Flag.REPEATED,
            facts=facts(weight=b.weight, target=_text(b.target), actual=_text(b.actual)),
        )


def _against_what_was_done(
    a: Indicator, b: Indicator, figures: tuple[Decimal, Decimal, Decimal], form: Form
) -> Iterator[Flagged]:
    """Compare this year's target with last year's actual; at most one flag."""
    before, reached, now = figures
    rule = form.check_rule(Flag.KEPT.code)
    ratio = _ratio(before, reached, b.better)
    if (
        rule
        and rule.threshold
        and ratio is not None
        and in_percent(ratio) >= rule.threshold
        and now == before
    ):
        yield Flagged(
            flag=Flag.KEPT,
            facts=facts(
                old=_text(a.target),
                actual=_text(a.actual),
                ratio=whole_percent(ratio, form.rounding),
                new=_text(b.target),
            ),
            kind="" if b.better is Direction.HIGHER else "lower",
        )
    elif _easier(now, reached, b.better):
        yield Flagged(flag=Flag.BELOW_LAST, facts=facts(target=_text(b.target), actual=_text(a.actual)))


def _figures(a: Indicator, b: Indicator, form: Form) -> tuple[Decimal, Decimal | None, Decimal] | None:
    """Read last year's target and actual and this year's target, all in this year's unit; None without figures."""
    if b.better not in (Direction.HIGHER, Direction.LOWER):
        return None
    if not isinstance(a.target, Quantity) or not isinstance(b.target, Quantity):
        return None
    before = in_unit(a.target, b.target, form)
    reached = in_unit(a.actual, b.target, form) if isinstance(a.actual, Quantity) else None
    return None if before is None else (before, reached, b.target.number)


def _easier(target: Decimal, than: Decimal, better: Direction) -> bool:
    return target < than if better is Direction.HIGHER else target > than


def _earned_more(old: Side, new: Side) -> bool:
    """Tell whether a larger share of the weight was earned: a raised weight alone makes no target soft."""
    before, after = old.score.printed, new.score.printed
    if before is None or after is None:
        return False
    return after * old.indicator.weight > before * new.indicator.weight


def _ratio(target: Decimal, reached: Decimal, better: Direction) -> Decimal | None:
    a, b = (target, reached) if better is Direction.HIGHER else (reached, target)
    return completion(a, b) if a else None


def _text(value: object) -> str:
    return getattr(value, "text", "") or "（空）"


def _score(side: Side) -> str:
    return f"{plain(side.score.printed or Decimal(0))}/{plain(side.indicator.weight)}"
