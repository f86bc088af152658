"""What is remembered of one document for the next."""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

_MOST = 8 * 1024 * 1024
"""So many bytes are remembered for one template; a row has 2 kB."""

Identity: TypeAlias = tuple[str, str]
"""What an id is an id of, and the id: no two elements of a part may share it."""

Columns: TypeAlias = tuple[int, int]
"""The first column of a cell and the first behind it."""


class Piece(NamedTuple):
    """What matters outside a row, or a part without its rows, of which all within is sound.

    Attributes:
        merges: The columns whose vertical merge the next row may continue.
        continued: The columns whose vertical merge must stand in the row above.
        identities: The ids in it.
    """

    merges: frozenset[Columns]
    continued: frozenset[Columns]
    identities: tuple[Identity, ...]


Pieces: TypeAlias = dict[bytes, Piece | None]
"""Pieces by their text; None for one that only a full reading can judge."""


@dataclass(slots=True)
class Memory:
    """Pieces of earlier documents, without the words in them, and what was found out about each.

    Attributes:
        frames: Parts without their repeated rows.
        tables: The rows of a table, by what stands before the body and between there and its first row.
        size: The bytes of all that.
    """

    frames: Pieces = field(default_factory=dict)
    tables: dict[tuple[bytes, bytes], Pieces] = field(default_factory=dict)
    size: int = 0

    def make_room(self, size: int) -> None:
        """Forget everything when so many bytes more would be too many."""
        self.size += size
        if self.size > _MOST:
            self.frames, self.tables = {}, {}
            self.size = size
