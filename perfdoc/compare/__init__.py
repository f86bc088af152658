"""What changed between two years of one unit, why the score moved, and what cannot be compared.

`years.compare` is pure: two scored assessments with their finished prose become one `value.Comparison`, from which
every face of the review is drawn. `identity` says which row is which, `fields` what changed in it, `bridge` why the
score moved, `flags` which targets look soft, `words` what became of the texts; `kinds` are the words for all of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfdoc.compare.value import (
        Bar,
        Break,
        Broken,
        BudgetRow,
        Cause,
        Change,
        Comparison,
        Effect,
        Field,
        Flag,
        Flagged,
        LooseLink,
        Measure,
        Op,
        Passage,
        Piece,
        Proposal,
        Row,
        Side,
        Words,
        Year,
    )
    from perfdoc.compare.years import Finished, compare

__all__ = [
    "Bar",
    "Break",
    "Broken",
    "BudgetRow",
    "Cause",
    "Change",
    "Comparison",
    "Effect",
    "Field",
    "Finished",
    "Flag",
    "Flagged",
    "LooseLink",
    "Measure",
    "Op",
    "Passage",
    "Piece",
    "Proposal",
    "Row",
    "Side",
    "Words",
    "Year",
    "compare",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: a first build has nothing to compare, and would pay a tenth more."""
    if name not in __all__:
        raise AttributeError(name)
    module = import_module(
        "perfdoc.compare.years" if name in ("Finished", "compare") else "perfdoc.compare.value"
    )
    return getattr(module, name)
