"""Where the bars and lines of the page stand: geometry only, no figure of the review is made here."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from perfdoc.core import keys
from perfdoc.core.quantity import plain
from perfdoc.faces import phrases
from perfdoc.years.kinds import WAITING, Cause
from perfdoc.years.trend import Line, Trend
from perfdoc.years.value import Bar, Broken, Row

_LEFT, _RIGHT, _ROW, _TOP = 92, 404, 30, 10
"""The waterfall: where its scale begins and ends, the height of a step, and the room above."""
_TICKS = 5
_MINI = 46
"""Half the width of a small bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the waterfall.

    Attributes:
        cause: What it comes from.
        amount: Points won or lost.
        joint: As of an `Effect`.
        x: Left edge of its bar.
        width: Of its bar.
        y: Middle of its row.
        start: Where the step before ended.
        end: Where it ends.
    """

    cause: Cause
    amount: Decimal
    joint: bool
    x: float
    width: float
    y: float
    start: float
    end: float

    @property
    def label(self) -> float:
        """Where its figure is written: behind the bar, or before it at the right edge."""
        return self.x + self.width + 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """How the old total becomes the new one, cause by cause, from the top down.

    Attributes:
        height: Of the picture; its width is 460.
        old: Where the old total stands.
        new: Where the new total stands; None while scores are open.
        foot: The middle of the last row.
        steps: In the fixed order of causes.
        ticks: `(x, figure)` of the scale, which need not begin at 0: totals are dots, not bars.
    """

    height: float
    old: float
    new: float | None
    foot: float
    steps: tuple[Step, ...]
    ticks: tuple[tuple[float, str], ...]


def waterfall(bar: Bar, *, waiting: bool) -> Waterfall | None:
    """Draw what moved a total; None where nothing but open cells did.

    Args:
        bar: The total.
        waiting: True while scores are open: what is open is no loss, and there is no new total yet.
    """
    effects = [effect for effect in bar.effects if effect.cause not in WAITING]
    if not effects or bar.old is None:
        return None
    stands = [float(bar.old)]
    for effect in effects:
        stands.append(stands[-1] + float(effect.amount))
    marks = _scale(min(stands), max(stands))
    low, high = marks[0], marks[-1]

    def x(value: float) -> float:
        return round(_LEFT + (value - low) * (_RIGHT - _LEFT) / (high - low), 1)

    steps = tuple(
        Step(
            cause=effect.cause,
            amount=effect.amount,
            joint=effect.joint,
            x=min(x(before), x(after)),
            width=max(round(abs(x(after) - x(before)), 1), 1.5),
            y=_TOP + _ROW * (place + 1.5),
            start=x(before),
            end=x(after),
        )
        for place, (effect, before, after) in enumerate(zip(effects, stands, stands[1:], strict=False))
    )
    foot = _TOP + _ROW * (len(effects) + 1.5)
    ticks = tuple((x(mark), plain(Decimal(str(mark)))) for mark in marks)
    new = None if waiting else x(stands[-1])
    return Waterfall(height=foot + _ROW + 8, old=x(stands[0]), new=new, foot=foot, steps=steps, ticks=ticks)


def _scale(low: float, high: float) -> list[float]:
    """Choose round marks around two values."""
    room = max(high - low, 0.01) * 1.25
    size = 10 ** math.floor(math.log10(room / _TICKS))
    step = next(size * n for n in (1, 2, 5, 10) if room / (size * n) <= _TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(n * step, 6) for n in range(first, last + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mini:
    """A small bar left or right of a middle line: width 92, the middle at 46."""

    x: float
    width: float
    gain: bool


def mini(amount: Decimal, most: Decimal) -> Mini | None:
    """Draw an amount beside others of which the greatest fills the half; None for nothing."""
    if not amount or not most:
        return None
    width = max(round(float(abs(amount) / most) * _MINI, 1), 1.5)
    return Mini(x=_MINI if amount > 0 else _MINI - width, width=width, gain=amount > 0)


# --- trends -----------------------------------------------------------------------------------------------------

WIDE, HIGH = 236, 108
"""A small picture of a trend."""
_SIDE, _ABOVE, _BELOW = 30, 24, 36
_LABELLED = 4
"""Of more points than this only the ends are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A year of a line.

    Attributes:
        x: Across.
        y: Down; None in a year that has no figure.
        year: The year itself.
        text: Its figure as printed; `待填` where it is open, empty where it was not there.
        label: Where the figure is written, down: in a valley below the line; None where it is left out.
        breaks: Why it does not compare with the one before.
    """

    x: float
    y: float | None
    year: int
    text: str
    label: float | None
    breaks: tuple[Broken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A line over the years.

    Attributes:
        line: What is drawn.
        what: What its figures are: 分, %, a unit, 得分率.
        dots: One for each year of the trend.
        strokes: The line as a path; it leaves out gaps and breaks.
        points: The dots as a path of no length, whose round ends are what is seen: 2,000 lines stay few elements.
        cuts: Where a break is marked, across.
    """

    line: Line
    what: str
    dots: tuple[Dot, ...]
    strokes: str
    points: str
    cuts: tuple[float, ...]


def pictures(trend: Trend) -> Iterator[Picture]:
    """Draw every line of two figures or more, the total first; what has fewer stands in the table alone."""
    for line in (trend.total, *trend.budget, *trend.indicators):
        picture = _picture(line, trend)
        if sum(dot.y is not None for dot in picture.dots) > 1:
            yield picture


def _picture(line: Line, trend: Trend) -> Picture:
    shared = line.kind == keys.INDICATOR and all(point.number is None for point in line.points)
    points = [line.at(place) for place in range(len(trend.years))]
    values = [None if point is None else point.share if shared else point.number for point in points]
    if line.kind == "总分":
        values = [None if y.waiting else value for y, value in zip(trend.years, values, strict=True)]
    downs = _downs(values)
    gap = (WIDE - 2 * _SIDE) / max(len(values) - 1, 1)
    crowded = sum(value is not None for value in values) > _LABELLED
    dots = [
        Dot(
            x=round(_SIDE + gap * place, 1),
            y=downs[place],
            year=trend.years[place].year,
            text="" if point is None else "待填" if value is None else plain(value),
            label=None if crowded and 0 < place < len(values) - 1 else _label(downs, place),
            # Points break by any break; figures only by those that concern figures.
            breaks=point.breaks if point and (shared or line.kind == "总分" or point.broken) else (),
        )
        for place, (point, value) in enumerate(zip(points, values, strict=True))
    ]
    strokes, cuts = [], []
    for before, after in pairwise(dots):
        if after.breaks:
            cuts.append(round((before.x + after.x) / 2, 1))
        elif before.y is not None and after.y is not None:
            strokes.append(f"M{before.x} {before.y}L{after.x} {after.y}")
    return Picture(
        line=line,
        what="得分率 %" if shared else line.unit,
        dots=tuple(dots),
        strokes="".join(strokes),
        points="".join(f"M{dot.x} {dot.y}h0" for dot in dots if dot.y is not None),
        cuts=tuple(cuts),
    )


def _downs(values: Sequence[Decimal | None]) -> list[float | None]:
    """Say how far down each figure stands: the greatest at the top, all in the middle where they are one."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=None), max(known, default=None)
    room = HIGH - _ABOVE - _BELOW
    if low is None or high is None or low == high:
        return [None if value is None else _ABOVE + room / 2 for value in values]
    return [
        None if value is None else round(_ABOVE + float((high - value) / (high - low)) * room, 1)
        for value in values
    ]


def _label(downs: Sequence[float | None], place: int) -> float | None:
    here = downs[place]
    if here is None:
        return None
    beside = [y for y in downs[max(place - 1, 0) : place + 2] if y is not None and y != here]
    valley = bool(beside) and all(y < here for y in beside)
    return here + 16 if valley else here - 8


def greatest(moved: Iterable[Bar | Row]) -> Decimal:
    """Tell by how much some sums or rows moved at most, whichever way; what waits to be filled in did not."""
    return max((abs(each.moved) for each in moved if not phrases.waits(each)), default=Decimal(0))
