"""Why the score moved: one year is turned into the other cause by cause, in a fixed order (连环替代法).

分值, 目标, 方向, 完成, 规则, 人工: after each step the row is scored again, and what the score moved by is that cause's
share. The shares add up exactly to the change in the printed score, whatever the two years hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from perfdoc.core.address import Address
from perfdoc.core.assessment import BudgetLine, Indicator, Status
from perfdoc.form.rulebook import Form
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.points import budget_line, indicator_points
from perfdoc.years.identity import Path, Placed, bare
from perfdoc.years.kinds import Cause, Change
from perfdoc.years.value import Bar, BudgetRow, Effect, Row, Side

_ORDER = {cause: place for place, cause in enumerate(Cause)}
_NOTHING = Decimal(0)
Steps = Iterable[tuple[Cause, Decimal | None]]


def row_effects(old: Side, new: Side, form: Form, *, rule_changed: bool) -> tuple[Effect, ...]:
    """Explain the change in the score of an indicator that is in both years.

    Args:
        old: Last year's side.
        new: This year's.
        form: Last year's form.
        rule_changed: False where both years are scored by the same rules.
    """
    return _effects(old.score, new.score, _indicator_steps(old, new, form, rule_changed=rule_changed))


def line_effects(
    old: tuple[BudgetLine, Score], new: tuple[BudgetLine, Score], forms: tuple[Form, Form]
) -> tuple[Effect, ...]:
    """Explain the change in the score of a budget line that is in both years."""
    return _effects(old[1], new[1], _line_steps(old[0], old[1], new[0], forms))


def one_sided(olds: Iterable[Score], news: Iterable[Score], cause: Cause) -> tuple[Effect, ...]:
    """Attribute all points gained or lost to one cause, where rows do not match one to one."""
    amount = _points(news) - _points(olds)
    return (Effect(cause=cause, amount=amount),) if amount else ()


def _points(scores: Iterable[Score]) -> Decimal:
    return sum((score.printed or _NOTHING for score in scores), _NOTHING)


def _effects(old: Score, new: Score, steps: Steps) -> tuple[Effect, ...]:
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


def _indicator_steps(
    old: Side, new: Side, form: Form, *, rule_changed: bool
) -> Iterator[tuple[Cause, Decimal | None]]:
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


def _line_steps(
    old: BudgetLine, score: Score, new: BudgetLine, forms: tuple[Form, Form]
) -> Iterator[tuple[Cause, Decimal | None]]:
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


class Sums:
    """Which rows count in which sum of the form, last year and this."""

    def __init__(
        self, rows: tuple[Row, ...], ways: Mapping[int, tuple[tuple[Path, ...], tuple[Path, ...]]]
    ) -> None:
        """Take the rows, and by row number the sums that each of its sides counts in, last year's and this year's."""
        self._below: dict[Path, list[tuple[Row, tuple[Effect, ...]]]] = {}
        for row in rows:
            for way, effects in _shares(row, *ways[row.number]):
                self._below.setdefault(way, []).append((row, effects))

    def effects(self, way: Path) -> tuple[Effect, ...]:
        """Add up what moved a sum, by cause."""
        return added_up(effect for _, effects in self._below.get(way, ()) for effect in effects)

    def rows(self, way: Path) -> tuple[int, ...]:
        """Name the rows that moved a sum, those first that moved it most."""
        moved = [
            (sum((e.amount for e in effects), _NOTHING), row) for row, effects in self._below.get(way, ())
        ]
        return tuple(
            row.number for amount, row in sorted(moved, key=lambda m: (-abs(m[0]), m[1].number)) if amount
        )


def _shares(
    row: Row, olds: tuple[Path, ...], news: tuple[Path, ...]
) -> Iterator[tuple[Path, tuple[Effect, ...]]]:
    """Say what a row moved in each sum that some side of it counts in.

    A sum that holds all sides takes the row's own causes; one that only some of them entered or left is moved by that.
    """
    every = {way[:depth] for way in (*olds, *news) for depth in range(len(way) + 1)}
    for way in every:
        inside = [path[: len(way)] == way for path in (*olds, *news)]
        if all(inside):
            yield way, row.effects
            continue
        before, after = inside[: len(olds)], inside[len(olds) :]
        left = [side.score for side, held in zip(row.olds, before, strict=True) if held]
        entered = [side.score for side, held in zip(row.news, after, strict=True) if held]
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
        Effect(cause=cause, amount=amount, joint=cause in joint)
        for cause, amount in sorted(sums.items(), key=lambda item: _ORDER[item[0]])
        if amount
    )


def bridge(
    old: Scored, new: Scored, goals: tuple[list[str], list[str]], budget: tuple[BudgetRow, ...], sums: Sums
) -> Bar:
    """Explain the change of 总分 and of every sum below it.

    Args:
        old: Last year.
        new: This year.
        goals: The names of both years' goal blocks.
        budget: The lines of 预算执行, compared.
        sums: The rows by the sums that they count in.
    """
    lines = tuple(_line_bar(line, old, new) for line in budget if _scored(line, old, new))
    before, after = _tree(old, goals[0], {}), _tree(new, goals[1], _former_names(new))
    parts = tuple(_bars((), before, after, sums))
    effects = [*sums.effects(()), *(effect for line in lines for effect in line.effects)]
    for cause in (Cause.CAP, Cause.FILED):
        beside = _beside(new.total, cause) - _beside(old.total, cause)
        effects += [Effect(cause=cause, amount=beside)] if beside else []
    return Bar(
        kind="总分",
        name="总分",
        old=old.total.printed,
        new=new.total.printed,
        old_weight=old.total.weight,
        new_weight=new.total.weight,
        effects=added_up(effects),
        parts=(*lines, *parts),
        rows=sums.rows(()),
    )


def _beside(total: Score, cause: Cause) -> Decimal:
    """Tell how far a total is from the sum of its parts because of a limit, or because another one was filed."""
    if total.printed is None or cause is not (Cause.CAP if total.filed is None else Cause.FILED):
        return _NOTHING
    return total.printed - _points(total.parts)


def _scored(line: BudgetRow, old: Scored, new: Scored) -> bool:
    return any(_line_score(address, scored) for address, scored in ((line.old, old), (line.new, new)))


def _line_score(address: Address | None, scored: Scored) -> Score | None:
    """Find the score of a line; None where there is none or the rulebook does not score it."""
    score = scored.budget[int(address[1])] if address else None
    return score if score and score.weight else None


def _line_bar(line: BudgetRow, old: Scored, new: Scored) -> Bar:
    before, after = _line_score(line.old, old), _line_score(line.new, new)
    return Bar(
        kind="预算执行",
        name=line.name,
        old=before.printed if before else None,
        new=after.printed if after else None,
        old_weight=before.weight if before else None,
        new_weight=after.weight if after else None,
        effects=line.effects,
    )


Tree = dict[tuple[str, str], "tuple[list[Score], Tree]"]


def _tree(scored: Scored, goals: list[str], names: Mapping[Address, str]) -> Tree:
    """Sort the sums of a year by kind and bare name; sums of one name count as one.

    Args:
        scored: The year.
        goals: The names of its goal blocks.
        names: Other names of sums, by address.
    """
    tree: Tree = {}
    _grow(tree, scored.total.parts, {**names, **{("绩效目标", i): key for i, key in enumerate(goals)}})
    return tree


def _former_names(scored: Scored) -> dict[Address, str]:
    return {address: each.renamed_from for address, each in scored.assessment.sums() if each.renamed_from}


def _grow(tree: Tree, scores: Iterable[Score], names: Mapping[Address, str]) -> None:
    for score in scores:
        if score.kind in ("预算执行", "三级指标"):
            continue
        called = names.get(score.address, score.name)
        name = called if score.kind == "绩效目标" else bare(called)
        known, below = tree.setdefault((score.kind, name), ([], {}))
        known.append(score)
        _grow(below, score.parts, names)


def _bars(way: Path, old: Tree, new: Tree, sums: Sums) -> Iterator[Bar]:
    for key in [*new, *(key for key in old if key not in new)]:
        before, old_below = old.get(key, ([], {}))
        after, new_below = new.get(key, ([], {}))
        here = (*way, key)
        yield Bar(
            kind=key[0],
            name=(after or before)[0].name,
            old=_sum(score.printed for score in before),
            new=_sum(score.printed for score in after),
            old_weight=_sum(score.weight for score in before),
            new_weight=_sum(score.weight for score in after),
            effects=sums.effects(here),
            parts=tuple(_bars(here, old_below, new_below, sums)),
            rows=sums.rows(here),
        )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _NOTHING) if known else None


def ways(placed: Iterable[Placed]) -> tuple[Path, ...]:
    """List the sums that some sides count in."""
    return tuple(each.way for each in placed)
