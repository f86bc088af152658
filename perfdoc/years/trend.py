"""Follow each figure over all years, with gaps where it was missing and breaks where years do not compare."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Quantity
from perfdoc.core.quantity import rounded
from perfdoc.judge.scoring import Score
from perfdoc.judge.scoring.exact import EXACT, HUNDRED
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.fields import rate_of
from perfdoc.years.identity import as_side
from perfdoc.years.kinds import SCORE_BREAKS
from perfdoc.years.value import Broken, Comparison, Side, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A line in one year.

    Attributes:
        year: Which year of the trend, from 0.
        target: 年初目标值 as written; empty for a line that has none.
        actual: 实际完成值 as written; empty while it is open.
        number: The figure of the actual; None where it is none.
        score: The points printed; None while there are none.
        weight: The points there were to earn.
        open: True while something that it adds up still waits for an input or cannot be computed.
        breaks: Why it does not compare with the point before; empty where it does, and for the first.
    """

    year: int
    target: str = ""
    actual: str = ""
    number: Decimal | None
    score: Decimal | None
    weight: Decimal
    open: bool = False
    breaks: tuple[Broken, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """Per cent of the weight that was earned; None without points or weight."""
        if self.score is None or not self.weight:
            return None
        return rounded(EXACT.divide(EXACT.multiply(self.score, HUNDRED), self.weight), 1)

    @property
    def broken(self) -> bool:
        """True where its figure does not compare with the one before."""
        return any(each.kind not in SCORE_BREAKS for each in self.breaks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing over the years.

    Attributes:
        name: As it is called in its last year.
        kind: 总分, 预算执行 or 三级指标.
        unit: Of its figures in its last year; empty where there is none.
        points: In the order of the years; a year without it has none.
    """

    name: str
    kind: str
    unit: str
    points: tuple[Point, ...]

    def at(self, year: int) -> Point | None:
        """Return the point of a year; None where it was not there."""
        return next((point for point in self.points if point.year == year), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """All years of one unit.

    Attributes:
        years: The years, earliest first.
        total: 总分.
        budget: The execution of the budget, as points of its line and its rate.
        indicators: In the order of the last year; what ended earlier comes behind.
    """

    years: tuple[Year, ...]
    total: Line
    budget: tuple[Line, ...]
    indicators: tuple[Line, ...]


def trend(years: Sequence[ScoredYear]) -> Trend:
    """Follow every line through the years, earliest first.

    Args:
        years: At least one.
    """
    steps = [compare(old, new) for old, new in itertools.pairwise(years)]
    heads = [step.old for step in steps] + [steps[-1].new if steps else compare(years[0], years[0]).new]
    return Trend(
        years=tuple(heads),
        total=_total(years, steps),
        budget=tuple(_budget(years, steps)),
        indicators=tuple(_indicators(years, steps)),
    )


_Each = TypeVar("_Each")


def _followed(
    years: Iterable[Mapping[Address, _Each]], before: Sequence[Mapping[Address, Address]]
) -> list[list[tuple[int, _Each]]]:
    """Chain what each year has by where it stood the year before; what stood nowhere begins a line of its own."""
    lines: list[list[tuple[int, _Each]]] = []
    running: dict[Address, list[tuple[int, _Each]]] = {}
    for year, here in enumerate(years):
        now: dict[Address, list[tuple[int, _Each]]] = {}
        for address, each in here.items():
            line = running.get(before[year].get(address, ()))
            if line is None:
                line = []
                lines.append(line)
            line.append((year, each))
            now[address] = line
        running = now
    return lines


def _indicators(years: Sequence[ScoredYear], steps: Iterable[Comparison]) -> Iterator[Line]:
    """Follow each indicator; what was split, merged or is new begins a line of its own."""
    one_to_one = ([(row.old, row.new, row.breaks) for row in step.rows if row.fields] for step in steps)
    links = [[], *one_to_one]
    before = [{new.address: old.address for old, new, _ in each if old and new} for each in links]
    breaks = [{new.address: why for _, new, why in each if new} for each in links]
    sides = ({row.address: as_side(row) for row in each.scored.rows()} for each in years)
    followed = _followed(sides, before)
    for line in sorted(followed, key=lambda line: (len(years) - line[-1][0], line[-1][1].address)):
        last = line[-1][1].indicator
        measured = next((v for v in (last.actual, last.target) if isinstance(v, Quantity)), None)
        points = (_point(year, side, breaks[year].get(side.address, ())) for year, side in line)
        unit = measured.unit if measured else ""
        yield Line(name=last.name, kind=keys.INDICATOR, unit=unit, points=tuple(points))


def _point(year: int, side: Side, breaks: tuple[Broken, ...]) -> Point:
    indicator = side.indicator
    return Point(
        year=year,
        target=indicator.target.text if indicator.target else "",
        actual=indicator.actual.text if indicator.actual else "",
        number=indicator.actual.number if isinstance(indicator.actual, Quantity) else None,
        score=side.score.printed,
        weight=indicator.weight,
        breaks=breaks,
    )


def _total(years: Sequence[ScoredYear], steps: Sequence[Comparison]) -> Line:
    totals = (each.scored.total for each in years)
    points = (
        Point(
            year=year,
            number=total.printed,
            score=total.printed,
            weight=total.weight,
            open=bool(total.open),
            breaks=steps[year - 1].breaks if year else (),
        )
        for year, total in enumerate(totals)
    )
    return Line(name="总分", kind="总分", unit="分", points=tuple(points))


def _budget(years: Sequence[ScoredYear], steps: Sequence[Comparison]) -> Iterator[Line]:
    """Follow each line of the budget that is scored in some year by its rate; its rows are those of the steps."""
    before = [{}, *({row.new: row.old for row in step.budget if row.new and row.old} for step in steps)]
    scores = ({score.address: score for score in each.scored.budget} for each in years)
    lines = [line for line in _followed(scores, before) if any(score.weight for _, score in line)]
    for line in lines:
        name = "预算" if len(lines) == 1 else line[-1][1].name
        points = (
            # The first of a line has nothing to compare with.
            _rate_point(year, years[year], score, steps[year - 1].breaks if place else ())
            for place, (year, score) in enumerate(line)
        )
        yield Line(name=f"{name}执行率", kind=keys.BUDGET, unit="%", points=tuple(points))


def _rate_point(year: int, scored_year: ScoredYear, score: Score, breaks: tuple[Broken, ...]) -> Point:
    content = scored_year.scored.assessment.budget[int(score.address[1])]
    return Point(
        year=year,
        target="" if content.budgeted is None else f"{content.budgeted:f}",
        actual="" if content.executed is None else f"{content.executed:f}",
        number=rate_of(score, scored_year.scored.form),
        score=score.printed if score.weight else None,
        weight=score.weight,
        breaks=breaks,
    )
