"""A score that explains itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfdoc.core.diagnostics import Address, Finding


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that a score was computed from, as written, and where."""

    name: str
    text: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """得分, with its reason.

    Attributes:
        kind: 总分, 预算执行, 一级指标, 二级指标 or 三级指标.
        name: The name on the form.
        address: Where the scored thing stands in the assessment.
        weight: The points it can earn.
        value: The points by the rule; None while an input is open or the rule cannot be applied.
        filed: 报送得分 where one is written, else None.
        formula: The formula in the form's words, `分值 × 实际完成值 ÷ 年初目标值`; empty for a sum of parts.
        working: The formula with its figures, `5 × 3 ÷ 4 = 3.75`; empty for a sum of parts.
        adjustments: Caps, zero rules and roundings that changed the figure, each in words.
        clause: The name of the clause that it rests on.
        inputs: The figures it was computed from.
        parts: The scores that it adds up.
        cap: The most that the rulebook lets this sum be, where it sets such a limit; else None.
        rate: B/A, unrounded, where the score is that of a budget line; None where there is none.
        open: How many scores among it (itself included) still wait for an input.
        obstacle: Why the rule cannot be applied, else None.
        printed: What the form shows: the filed score where there is one, else the computed one; a sum adds what is
            shown, and no more than its cap. None while there is nothing to show.
    """

    kind: str
    name: str
    address: Address
    weight: Decimal
    value: Decimal | None
    filed: Decimal | None = None
    formula: str = ""
    working: str = ""
    adjustments: tuple[str, ...] = ()
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
        if self.parts:
            shown = [p.printed for p in self.parts if p.printed is not None]
            total = sum(shown, Decimal(0)) if shown else None
            return total if total is None or self.cap is None else min(total, self.cap)
        return self.value if self.filed is None else self.filed

    def walk(self) -> "Iterator[Score]":
        """Yield this score and all its parts, in the form's order."""
        waiting = [self]  # a stack: nested generators pass each score up through all levels
        while waiting:
            score = waiting.pop()
            yield score
            waiting.extend(reversed(score.parts))
