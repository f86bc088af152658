"""Follow each figure over all years, with gaps where it was missing and breaks where years do not compare."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfdoc.core.address import Address
from perfdoc.core.assessment import Quantity
from perfdoc.core.quantity import rounded
from perfdoc.judge.scoring import Score
from perfdoc.judge.scoring.exact import EXACT, HUNDRED
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.fields import rate_of
from perfdoc.years.identity import as_side
from perfdoc.years.kinds import SCORE_BREAKS
from perfdoc.years.value import Broken, Comparison, Row, Side, Year


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
    target: str
    actual: str
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
    sides = [_sides(scored_year) for scored_year in years]
    lines = _followed(sides, steps)
    last = len(years) - 1
    lines.sort(key=lambda line: (last - line[-1][0], line[-1][1].address))
    heads = [step.old for step in steps] + [steps[-1].new if steps else compare(years[0], years[0]).new]
    return Trend(
        years=tuple(heads),
        total=_total(years, steps),
        budget=tuple(_budget(years, steps)),
        indicators=tuple(_line(line) for line in lines),
    )


_Followed = list[tuple[int, Side, tuple[Broken, ...]]]


def _sides(scored_year: ScoredYear) -> dict[Address, Side]:
    return {row.address: as_side(row) for row in scored_year.scored.rows()}


def _followed(sides: list[dict[Address, Side]], steps: list[Comparison]) -> list[_Followed]:
    """Chain the rows of each step; what was split, merged or is new begins a line of its own."""
    lines: list[_Followed] = []
    running: dict[Address, _Followed] = {}
    for year, here in enumerate(sides):
        rows = (
            {row.new.address: row for row in steps[year - 1].rows if row.fields and row.new} if year else {}
        )
        now: dict[Address, _Followed] = {}
        for address, side in here.items():
            row = rows.get(address)
            line = running.get(row.old.address) if row and row.old else None
            if line is None:
                line = []
                lines.append(line)
            line.append((year, side, _breaks(row)))
            now[address] = line
        running = now
    return lines


def _breaks(row: Row | None) -> tuple[Broken, ...]:
    return row.breaks if row else ()


def _line(followed: _Followed) -> Line:
    last = followed[-1][1].indicator
    measured = next((v for v in (last.actual, last.target) if isinstance(v, Quantity)), None)
    return Line(
        name=last.name,
        kind="三级指标",
        unit=measured.unit if measured else "",
        points=tuple(_point(year, side, breaks) for year, side, breaks in followed),
    )


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


def _total(years: Sequence[ScoredYear], steps: list[Comparison]) -> Line:
    points = []
    for year, scored_year in enumerate(years):
        total = scored_year.scored.total
        points.append(
            Point(
                year=year,
                target="",
                actual="",
                number=total.printed,
                score=total.printed,
                weight=total.weight,
                open=bool(total.open),
                breaks=steps[year - 1].breaks if year else (),
            )
        )
    return Line(name="总分", kind="总分", unit="分", points=tuple(points))


def _budget(years: Sequence[ScoredYear], steps: list[Comparison]) -> list[Line]:
    """Follow each line of the budget that is scored in some year by its rate; its rows are those of the steps."""
    lines: list[list[Point]] = []
    names: list[str] = []
    running: dict[Address, int] = {}
    for year, scored_year in enumerate(years):
        rows = {row.new: row.old for row in steps[year - 1].budget if row.new} if year else {}
        now: dict[Address, int] = {}
        for score in scored_year.scored.budget:
            before = rows.get(score.address)
            at = running.get(before) if before is not None else None
            if at is None:
                at = len(lines)
                lines.append([])
                names.append("")
            breaks = steps[year - 1].breaks if year and lines[at] else ()
            lines[at].append(_rate_point(year, scored_year, score, breaks))
            names[at], now[score.address] = score.name, at
        running = now
    followed = [
        (name, points) for name, points in zip(names, lines, strict=True) if any(p.weight for p in points)
    ]
    return [
        Line(
            name="预算执行率" if len(followed) == 1 else f"{name}执行率",
            kind="预算执行",
            unit="%",
            points=tuple(points),
        )
        for name, points in followed
    ]


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
