"""Computes the scores of an assessment by its rulebook, and the reason for each.

Every score is a value that explains itself: the formula in words with the figures in it, the clause, the cap
or rounding that applied, and its parts. Nothing downstream computes a score again.
`value` is the score, `wording` what it says, `draft` how one is made, `exact` how figures are divided, `points` what one
line earns, this module the form's tree of sums.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Dimension, Group, Indicator, Status
from perfdoc.core.diagnostics import Severity
from perfdoc.form.rulebook import Form, TotalCap
from perfdoc.judge.scoring.exact import in_percent
from perfdoc.judge.scoring.points import budget_line, indicator_points
from perfdoc.judge.scoring.value import Adjustment, AdjustmentKind, Input, Score

__all__ = ["Adjustment", "AdjustmentKind", "Input", "Row", "Score", "Scored", "score"]


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator where it stands in the form.

    Attributes:
        address: Where it is written.
        dimension: Its 一级指标.
        group: Its 二级指标.
        indicator: The content.
        score: What it earns.
        sums: The scores of its 一级指标 and 二级指标.
    """

    address: Address
    dimension: Dimension
    group: Group
    indicator: Indicator
    score: Score
    sums: tuple[Score, Score]

    @property
    def goal(self) -> int | None:
        """The number, from 0, of the 绩效目标 that it belongs to; None where the form has one table."""
        return int(self.address[1]) if self.address[0] == keys.GOAL_BLOCKS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A scored assessment: content, form and scores.

    Attributes:
        assessment: The content, unchanged.
        form: The form with its rulebook.
        budget: One score per line of 预算执行; a line that the rulebook does not score has weight 0.
        dimensions: One score per 一级指标 of all tables, each with its parts.
        total: 总分, whose parts are the scored budget lines and the dimensions, or the goals that hold them.
        grade: The name of the grade that the total earns; empty where the rulebook has none, or scores are open.
        printed_grade: The same for the printed total, which includes filed scores.
    """

    assessment: Assessment
    form: Form
    budget: tuple[Score, ...]
    dimensions: tuple[Score, ...]
    total: Score
    grade: str
    printed_grade: str
    _rows: tuple[Row, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Kept rather than joined when asked: twenty checks ask.
        object.__setattr__(self, "_rows", tuple(_rows(self.assessment, self.dimensions)))

    def rows(self) -> tuple[Row, ...]:
        """List each indicator with its score and the sums that it counts in, in the form's order."""
        return self._rows

    def indicators(self) -> Iterator[tuple[Indicator, Score]]:
        """Pair each indicator with its score, in the form's order."""
        return ((row.indicator, row.score) for row in self._rows)


def _rows(assessment: Assessment, scores: tuple[Score, ...]) -> Iterator[Row]:
    for (_, dimension), first in zip(assessment.below(), scores, strict=True):
        for group, second in zip(dimension.groups, first.parts, strict=True):
            for indicator, points in zip(group.indicators, second.parts, strict=True):
                yield Row(points.address, dimension, group, indicator, points, (first, second))


def score(assessment: Assessment, form: Form) -> Scored:
    """Score an assessment by the rulebook of its form."""
    state = assessment.status
    budget = tuple(_on_record(budget_line(i, line, form), state) for i, line in enumerate(assessment.budget))
    dimensions = tuple(_dimension(at, d, form, state) for at, d in assessment.below())
    left = iter(dimensions)
    own = tuple(itertools.islice(left, len(assessment.dimensions)))
    goals = tuple(
        _sum(
            keys.GOAL_BLOCKS,
            f"目标{i + 1}",
            (keys.GOAL_BLOCKS, i),
            block.weight,
            tuple(itertools.islice(left, len(block.dimensions))),
            form.weights.clause,
        )
        for i, block in enumerate(assessment.goal_blocks)
    )
    scored_lines = tuple(line for line in budget if line.weight)
    total = _total((*scored_lines, *_named(own), *goals), budget, form)
    total = replace(total, filed=assessment.filed_total)
    return Scored(
        assessment=assessment,
        form=form,
        budget=budget,
        dimensions=dimensions,
        total=total,
        grade="" if total.open else _grade(total.value, form),
        printed_grade="" if _waits(total) else _grade(total.printed, form),
    )


def _named(parts: tuple[Score, ...]) -> Iterator[Score]:
    """Yield what counts in a sum; a level that the form does not have is passed over for what stands below it."""
    for part in parts:
        if part.name:
            yield part
        else:
            yield from _named(part.parts)


def _total(parts: tuple[Score, ...], budget: tuple[Score, ...], form: Form) -> Score:
    """Add up the parts; a low execution rate may cap the sum."""
    total = _sum("总分", "总分", (), form.weights.total, parts, form.weights.clause)
    limit = _limit(budget, form)
    if limit is None:
        return total
    most, value = limit.most, total.value
    if value is None or value <= most:
        return replace(total, cap=most)
    step = Adjustment(AdjustmentKind.TOTAL_CAP, value, most, limit.clause, (("limit", limit.below),))
    return replace(total, value=most, cap=most, adjustments=(step,))


def _limit(budget: tuple[Score, ...], form: Form) -> TotalCap | None:
    """Find the strictest limit that the execution rate of the first line sets on the total."""
    rate = budget[0].rate if budget else None
    if rate is None:
        return None
    reached = [cap for cap in form.total_caps if in_percent(rate) < cap.below]
    return min(reached, key=lambda cap: cap.most, default=None)


def _waits(total: Score) -> bool:
    """Tell whether the printed total still lacks points: those of a row that nobody scored and nobody filed."""
    return total.filed is None and any(
        leaf.open and leaf.filed is None for leaf in total.walk() if not leaf.parts
    )


def _grade(points: Decimal | None, form: Form) -> str:
    """Name the grade that points earn."""
    if points is None:
        return ""
    return next((step.name for step in form.grades if points >= step.least), "")


def _dimension(address: Address, dimension: Dimension, form: Form, state: Status) -> Score:
    groups = tuple(_group(at, group, form, state) for at, group in dimension.below(address))
    return _sum(keys.DIMENSION, dimension.name, address, dimension.weight, groups, form.weights.clause)


def _group(address: Address, group: Group, form: Form, state: Status) -> Score:
    parts = tuple(
        _on_record(indicator_points(at, indicator, form, state), state)
        for at, indicator in group.below(address)
    )
    return _sum(keys.GROUP, group.name, address, group.weight, parts, form.weights.clause)


def _on_record(score: Score, state: Status) -> Score:
    """Let what was filed stand: on a record, what no rule can give blocks nothing where a score was filed or none is due."""
    due = score.weight and score.filed is None
    if score.obstacle is None or due or state is not Status.FILED:
        return score
    return replace(score, obstacle=replace(score.obstacle, severity=Severity.WARNING))


def _sum(
    kind: str, name: str, address: Address, weight: Decimal, parts: tuple[Score, ...], clause: str
) -> Score:
    known = [part.value for part in parts if part.value is not None]
    return Score(
        kind=kind,
        name=name,
        address=address,
        weight=weight,
        value=sum(known, Decimal(0)) if known or not parts else None,
        clause=clause,
        parts=parts,
        open=sum(part.open for part in parts),
    )
