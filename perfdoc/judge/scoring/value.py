"""The score of an item, with everything needed to explain it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Blank, Filed
from perfdoc.core.diagnostics import Finding


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that a score was computed from, as written, and where."""

    name: str
    text: str
    address: Address


@dataclass(frozen=True, slots=True)
class Working:
    """The formula of a score with its figures: `weight × above ÷ below = raw`.

    Attributes:
        weight: The points that can be earned.
        above: What they are multiplied by; per cent where `below` is None.
        below: What they are divided by; None where a share of the weight is given.
        raw: What comes out, before it is adjusted.
        names: The form's words for `above` and `below`; empty for a share.
    """

    weight: Decimal
    above: Decimal
    below: Decimal | None
    raw: Decimal
    names: tuple[str, ...] = ()


class AdjustmentKind(Enum):
    """What can change a figure, or set it where there is no formula."""

    CAP = "上限"
    SHARE_CAP = "得分率上限"
    TOTAL_CAP = "总分上限"
    FLOOR = "下限"
    EXCESS = "超额"
    ZERO = "零值"
    DEFAULT_SHARE = "默认得分率"
    RATE_ROUNDING = "执行率舍入"
    ROUNDING = "舍入"
    INSIDE = "区间内"
    OUTSIDE = "区间外"
    MET = "达到"
    MISSED = "没有达到"
    IN_TIME = "按期"
    LATE = "逾期"
    AGREES = "一致"
    DIFFERS = "不一致"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A step from the working to the points: a cap, a rounding, a rule for a zero.

    Attributes:
        kind: What it does.
        before: The figure that it changed, points or per cent; None where it changed none.
        after: The figure that it made.
        clause: The name of the clause that says so; empty where it is the clause of the score.
        figures: What else it was made from, by the name under which `wording` says it.
    """

    kind: AdjustmentKind
    before: Decimal | None
    after: Decimal
    clause: str = ""
    figures: tuple[tuple[str, Decimal | str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """得分, with the inputs, formula, clause and adjustments that it comes from.

    Attributes:
        kind: 总分, 预算执行, 一级指标, 二级指标 or 三级指标.
        name: The name on the form.
        address: Where the scored thing stands in the assessment.
        weight: The points it can earn.
        value: The points by the rule; None while an input is open or the rule cannot be applied.
        filed: 报送得分 or 报送总分 where one is written, a figure or 空白; else None.
        working: The formula with its figures; None for a sum of parts, and while there is no score.
        adjustments: Caps, zero rules and roundings that changed the figure, in their order; `wording` says them.
        clause: The name of the clause that it rests on.
        inputs: The figures it was computed from.
        parts: The scores that it adds up.
        cap: The most that the rulebook lets this sum be, where it sets such a limit; else None.
        rate: B/A, unrounded, where the score is that of a budget line; None where there is none.
        open: How many scores among it (itself included) still wait for an input.
        obstacle: Why the rule cannot be applied, else None.
        printed: What the form shows: the filed score where there is one, nothing where it was filed blank, else the
            computed one; a sum adds what is shown, and no more than its cap. None while there is nothing to show.
    """

    kind: str
    name: str
    address: Address
    weight: Decimal
    value: Decimal | None
    filed: Filed | None = None
    working: Working | None = None
    adjustments: tuple[Adjustment, ...] = ()
    clause: str = ""
    inputs: tuple[Input, ...] = ()
    parts: "tuple[Score, ...]" = ()
    cap: Decimal | None = None
    rate: Decimal | None = None
    open: int = 0
    obstacle: Finding | None = None

    printed: Decimal | None = field(init=False)

    def __post_init__(self) -> None:
        # Kept rather than computed when asked: sums ask their parts, and everything downstream asks the sums.
        object.__setattr__(self, "printed", self._printed())

    def _printed(self) -> Decimal | None:
        if self.filed is not None:
            return self.figure
        if self.parts:
            shown = [p.printed for p in self.parts if p.printed is not None]
            total = sum(shown, Decimal(0)) if shown else None
            return total if total is None or self.cap is None else min(total, self.cap)
        return self.value

    @property
    def figure(self) -> Decimal | None:
        """The filed score where it is a figure."""
        return None if self.filed is None or isinstance(self.filed, Blank) else self.filed

    @property
    def filed_key(self) -> str:
        """The word under which the filed score is written."""
        return keys.FILED if self.address else keys.FILED_TOTAL

    @property
    def departs(self) -> bool:
        """True where another figure was filed than the rule gives."""
        return self.figure is not None and self.figure != self.value

    def walk(self) -> "Iterator[Score]":
        """Yield this score and all its parts, in the form's order."""
        waiting = [self]  # a stack: nested generators pass each score up through all levels
        while waiting:
            score = waiting.pop()
            yield score
            waiting.extend(reversed(score.parts))
