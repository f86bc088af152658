"""The new year's official attachment with tracked changes against the old year's.

Accepting all changes gives the new year's attachment, rejecting all gives the old year's cells and words.
Importing this takes lxml with it, 20 ms: import it where a marked attachment is asked for.
"""

from perfdoc.docx.tracked.document import (
    Pairs,
    Printed,
    Tracked,
    numbered,
    pairs,
    printed,
    tracked,
    tracked_attachment,
)
from perfdoc.docx.tracked.rows import Item

__all__ = [
    "Item",
    "Pairs",
    "Printed",
    "Tracked",
    "numbered",
    "pairs",
    "printed",
    "tracked",
    "tracked_attachment",
]
