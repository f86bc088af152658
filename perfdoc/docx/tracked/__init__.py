"""The new year's official attachment with tracked changes against the old year's.

Accepting all changes gives the new year's attachment, rejecting all gives the old year's cells and words.
Importing this takes lxml with it, 20 ms: import it where a marked attachment is asked for.
"""

from perfdoc.docx.tracked.document import Pairs, Tracked, pairs, tracked, tracked_attachment

__all__ = ["Pairs", "Tracked", "pairs", "tracked", "tracked_attachment"]
