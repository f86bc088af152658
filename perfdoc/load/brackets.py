"""Which slip stands between brackets: `{名称: x, 分值: 3}`?

Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass, field

from perfdoc.diagnostics import Diagnostic
from perfdoc.load import traps
from perfdoc.load.page import (
    PROPERTY,
    Mend,
    Page,
    after_blanks,
    indent_of,
    string_end,
    string_goes_on,
)
from perfdoc.load.text import excerpt

_CLOSING = {"[": "]", "{": "}"}
_NAMES = {"[": "方括号", "{": "花括号"}
_PLAIN_END = re.compile(r"[,\[\]{}]|:(?=[ ,\[\]{}]|$)| #|$")
_COLON = re.compile(r":(?=[ ,?\[\]{}]|$)")
_WIDE_COMMA = re.compile(r"[，、；] *")
_SPECIAL = frozenset("%@`|>&*!")


@dataclass(slots=True)
class _Bracket:
    """An open bracket and how far its present entry has come."""

    sign: str
    row: int
    column: int
    valued: bool = False  # a colon was read
    plain: tuple[int, int, int] | None = None  # row, start and end of a text without quotes
    closed: tuple[int, int] | None = None  # row and start of a quoted text or a list in brackets

    def next_entry(self, *, valued: bool = False) -> None:
        self.valued, self.plain, self.closed = valued, None, None

    @property
    def empty(self) -> bool:
        return not self.valued and self.plain is None and self.closed is None


@dataclass(slots=True)
class Brackets:
    """Reads from an opening bracket to the one that closes it, and mends on the way.

    Attributes:
        page: The text.
        row: Where the first bracket opens.
        column: Where the first bracket opens.
        indent: Lines that are no deeper lie outside, unless they begin with a closing bracket.
    """

    page: Page
    row: int
    column: int
    indent: int
    _open: list[_Bracket] = field(default_factory=list)

    def end(self) -> tuple[int, int] | None:
        """Find the row and column behind the closing bracket; None where enough slips were found."""
        while not self.page.full:
            found = len(self.page.slips), self.page.sound
            self._open = []
            at = self._once()
            if (len(self.page.slips), self.page.sound) == found:
                return at
        return None

    def _once(self) -> tuple[int, int]:
        """Read until the end or until something was mended."""
        row, at = self.row, self.column
        found = len(self.page.slips)
        while len(self.page.slips) == found:
            line = self.page.lines[row]
            at = after_blanks(line, at)
            if at >= len(line) or (line[at] == "#" and line[at - 1 : at] in ("", " ")):
                below = self.page.next_row(row)
                if self._outside(below):
                    self._unclosed(row)
                    break
                row, at = below, 0
                continue
            row, at = self._token(row, at)
            if not self._open:
                break
        return row, at
