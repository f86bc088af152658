"""Why the score moved: one year is turned into the other cause by cause, in a fixed order (连环替代法).

分值, 目标, 方向, 完成, 规则, 人工: after each step the row is scored again, and what the score moved by is that cause's
share. The shares add up exactly to the change in the printed score, whatever the two years hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from perfdoc.core.address import Address
from perfdoc.core.assessment import BudgetLine, Indicator, Status
from perfdoc.form.rulebook import Form
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.points import budget_line, indicator_points
from perfdoc.years.kinds import Cause, Change
from perfdoc.years.value import Bar, BudgetRow, Effect, Row, Side, Way

_NOTHING = Decimal(0)
Steps = Iterable[tuple[Cause, Decimal | None]]


def one_sided(olds: Iterable[Score], news: Iterable[Score], cause: Cause) -> tuple[Effect, ...]:
    """Attribute all points gained or lost to one cause, where rows do not match one to one."""
    amount = _points(news) - _points(olds)
    return (Effect(cause=cause, amount=amount),) if amount else ()


def _points(scores: Iterable[Score]) -> Decimal:
    return sum((score.printed or _NOTHING for score in scores), _NOTHING)


def effects(old: Score, new: Score, steps: Steps) -> tuple[Effect, ...]:
    """Say what moved a score that stands in both years, by the scores after each step."""
    if old.printed is None or new.printed is None:
        blocked = any(score.printed is None and score.obstacle for score in (old, new))
        return one_sided((old,), (new,), Cause.BLOCKED if blocked else Cause.OPEN)
    if old.value is None or new.value is None:
        return one_sided((old,), (new,), Cause.FILED)
    by_hand = (new.printed - new.value) - (old.printed - old.value)
    return tuple(
        effect
        for effect in (
            *_walked(old.value, (*steps, (Cause.RULE, new.value))),
            Effect(cause=Cause.FILED, amount=by_hand),
        )
        if effect.amount
    )


def _walked(value: Decimal, steps: Steps) -> Iterator[Effect]:
    """Turn values after each step into differences; a step that cannot be scored is counted with the next."""
    joint = False
    for cause, after in steps:
        if after is None:
            joint = True
        else:
            yield Effect(cause=cause, amount=after - value, joint=joint)
            value, joint = after, False


def indicator_steps(
    old: Side, new: Side, form: Form, *, rule_changed: bool
) -> Iterator[tuple[Cause, Decimal | None]]:
    """Turn last year's indicator into this year's, step by step.

    Args:
        old: Last year's side.
        new: This year's.
        form: Last year's form.
        rule_changed: False where both years are scored by the same rules.
    """
    a, b = old.indicator, new.indicator

    def scored(indicator: Indicator) -> Decimal | None:
        return indicator_points(old.address, indicator, form, Status.FINAL).value

    if a.weight != b.weight:
        a = replace(a, weight=b.weight)
        yield Cause.WEIGHT, scored(a)
    if a.target != b.target:
        a = replace(a, target=b.target)
        yield Cause.TARGET, scored(a)
    if a.direction is not b.direction:
        a = replace(a, direction=b.direction)
        yield Cause.DIRECTION, scored(a)
    if (a.actual, a.judgement) != (b.actual, b.judgement):
        # What is left is this year's indicator: by the same rules it has been scored already.
        done = replace(a, actual=b.actual, judgement=b.judgement) if rule_changed else None
        yield Cause.ACTUAL, new.score.value if done is None else scored(done)


def line_steps(
    old: BudgetLine, score: Score, new: BudgetLine, forms: tuple[Form, Form]
) -> Iterator[tuple[Cause, Decimal | None]]:
    """Turn last year's budget line, with its score, into this year's, step by step."""
    form, place = forms[0], int(score.address[1])
    if form.budget.weight != forms[1].budget.weight:
        form = replace(form, budget=replace(form.budget, weight=forms[1].budget.weight))
        yield Cause.WEIGHT, budget_line(place, old, form).value
    planned = replace(old, budgeted=new.budgeted, initial=new.initial)
    if (old.budgeted, old.initial) != (new.budgeted, new.initial):
        yield Cause.TARGET, budget_line(place, planned, form).value
    if old.executed != new.executed:
        yield Cause.ACTUAL, budget_line(place, replace(planned, executed=new.executed), form).value


# --- sums -------------------------------------------------------------------------------------------------------


Moved = dict[Way, list[tuple[Row, tuple[Effect, ...]]]]
"""By sum, each row that counts in it in some year, with what it moved there."""


def _moved(rows: Iterable[Row]) -> Moved:
    moved: Moved = {}
    for row in rows:
        for way, effects in _shares(row):
            moved.setdefault(way, []).append((row, effects))
    return moved


def _shares(row: Row) -> Iterator[tuple[Way, tuple[Effect, ...]]]:
    """Say what a row moved in each sum that some side of it counts in.

    A sum that holds all sides takes the row's own causes; one that only some of them entered or left is moved by that.
    """
    for way in {side.way[:depth] for side in (*row.olds, *row.news) for depth in range(len(side.way) + 1)}:
        left, entered = (
            [side.score for side in sides if side.way[: len(way)] == way] for sides in (row.olds, row.news)
        )
        if len(left) + len(entered) == len(row.olds) + len(row.news):
            yield way, row.effects
        else:
            yield way, one_sided(left, entered, _crossing(row))


def _crossing(row: Row) -> Cause:
    for change, cause in ((Change.SPLIT, Cause.SPLIT), (Change.MERGED, Cause.MERGED)):
        if change in row.changes:
            return cause
    return Cause.MOVED


def added_up(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Add up effects by cause, in the fixed order; what comes to nothing is left out."""
    sums: dict[Cause, Decimal] = {}
    joint: set[Cause] = set()
    for effect in effects:
        sums[effect.cause] = sums.get(effect.cause, _NOTHING) + effect.amount
        joint |= {effect.cause} if effect.joint else set()
    return tuple(
        Effect(cause=cause, amount=sums[cause], joint=cause in joint) for cause in Cause if sums.get(cause)
    )


def bridge(
    old: Scored,
    new: Scored,
    ways: tuple[Mapping[Address, Way], Mapping[Address, Way]],
    budget: Iterable[BudgetRow],
    rows: Iterable[Row],
) -> Bar:
    """Explain the change of 总分 and of every sum below it.

    Args:
        old: Last year.
        new: This year.
        ways: The ways to the sums of both years, by last year's names.
        budget: The lines of 预算执行, compared.
        rows: The indicators, compared.
    """
    lines = []
    for line in budget:
        before, after = _line_score(line.old, old), _line_score(line.new, new)
        if before or after:
            lines.append(_bar(before, after, line.effects))
    moved = _moved(rows)
    causes = [effect for _, each in moved.get((), ()) for effect in each]
    causes += [effect for line in lines for effect in line.effects]
    for cause in (Cause.CAP, Cause.FILED):
        causes.append(Effect(cause=cause, amount=_beside(new.total, cause) - _beside(old.total, cause)))
    parts = (*lines, *_bars(_by_way(old, ways[0]), _by_way(new, ways[1]), moved))
    return _bar([old.total], [new.total], added_up(causes), parts=parts, rows=_most_first(moved.get((), ())))


def _beside(total: Score, cause: Cause) -> Decimal:
    """Tell how far a total is from the sum of its parts because of a limit, or because another one was filed."""
    if total.printed is None or cause is not (Cause.CAP if total.filed is None else Cause.FILED):
        return _NOTHING
    return total.printed - _points(total.parts)


def _line_score(address: Address | None, scored: Scored) -> list[Score]:
    """Find the score of a line; none where there is none or the rulebook does not score it."""
    return [score for score in scored.budget if score.address == address and score.weight]


def _by_way(scored: Scored, ways: Mapping[Address, Way]) -> dict[Way, list[Score]]:
    """Sort the sums of a year; those of one name count as one."""
    found: dict[Way, list[Score]] = {}
    for score in scored.total.walk():
        if score.address in ways:
            found.setdefault(ways[score.address], []).append(score)
    return found


def _bars(old: dict[Way, list[Score]], new: dict[Way, list[Score]], moved: Moved) -> tuple[Bar, ...]:
    below: dict[Way, list[Bar]] = {}
    # From the inside out, each sum before the one that it belongs to.
    for way in sorted(dict.fromkeys([*new, *old]), key=len, reverse=True):
        rows, parts = moved.get(way, ()), tuple(below.get(way, ()))
        effects = added_up(effect for _, each in rows for effect in each)
        bar = _bar(old.get(way, []), new.get(way, []), effects, way=way, parts=parts, rows=_most_first(rows))
        below.setdefault(way[:-1], []).append(bar)
    return tuple(below.get((), ()))


def _bar(olds: list[Score], news: list[Score], effects: tuple[Effect, ...], **below: Any) -> Bar:
    first = (news or olds)[0]
    return Bar(
        kind=first.kind,
        name=first.name,
        old=_sum(score.printed for score in olds),
        new=_sum(score.printed for score in news),
        old_weight=_sum(score.weight for score in olds),
        new_weight=_sum(score.weight for score in news),
        effects=effects,
        **below,
    )


def _most_first(moved: Iterable[tuple[Row, tuple[Effect, ...]]]) -> tuple[int, ...]:
    """Name the rows that moved a sum, those first that moved it most."""
    amounts = [(sum((e.amount for e in effects), _NOTHING), row.number) for row, effects in moved]
    return tuple(number for amount, number in sorted(amounts, key=lambda m: (-abs(m[0]), m[1])) if amount)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _NOTHING) if known else None
