"""Which slip stands between brackets: `{名称: x, 分值: 3}`?

Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import LOST, MOST_REPORTED
from perfdoc.read.yaml import wording
from perfdoc.read.yaml.page import (
    PROPERTY,
    Mend,
    Page,
    after_blanks,
    comment_at,
    indent_of,
    string_end,
    string_goes_on,
)

_CLOSING = {"[": "]", "{": "}"}
_NAMES = {"[": "方括号", "{": "花括号"}
_PLAIN_END = re.compile(r"[,\[\]{}]|:(?=[ ,\[\]{}]|$)| #|$")
_COLON = re.compile(r":(?=[ ,?\[\]{}]|$)")
_WIDE_COMMA = re.compile(r"[，、；] *(?=[^，、；\s]*$)")
_ENTRY_BEGINS = re.compile(r"[,\[{]")
_TIGHT = re.compile(r":[,?\[\]{}]")
_ENTRY_ENDS = re.compile(r" *(?:[,:\]}]|#|$)")
_SPECIAL = frozenset("%@`|>&*!")


@dataclass(slots=True)
class _Bracket:
    """An open bracket and how far its present entry has come.

    Attributes:
        sign: The bracket.
        row: Where it stands.
        column: Where it stands.
        valued: Whether the entry has had its colon.
        plain: Row, start and end of the entry's last text without quotes.
        above: Row and end of the part of that text which stands on an earlier line.
        closed: First row and column, last row and end of a quoted text or of inner brackets.
    """

    sign: str
    row: int
    column: int
    valued: bool = False
    plain: tuple[int, int, int] | None = None
    above: tuple[int, int] | None = None
    closed: tuple[int, int, int, int] | None = None

    def next_part(self, *, valued: bool = False) -> None:
        self.valued, self.plain, self.above, self.closed = valued, None, None, None

    @property
    def empty(self) -> bool:
        return not self.valued and self.plain is None and self.closed is None


class Brackets:
    """Reads from an opening bracket to the one that closes it, and mends on the way."""

    def __init__(self, page: Page, row: int, column: int, indent: int) -> None:
        self._page = page
        self._row = row
        self._column = column
        self._indent = indent  # lines no deeper lie outside, unless they begin with a closing bracket
        self._open: list[_Bracket] = []

    def end(self) -> tuple[int, int] | None:
        """Find the row and column behind the closing bracket; None where enough slips were found."""
        while not self._page.full:
            before = self._page.mends
            self._open = []
            at = self._once()
            if self._page.mends == before:
                return at
        return None

    def _once(self) -> tuple[int, int]:
        """Read to the end, or until something was mended."""
        row, at, before = self._row, self._column, self._page.mends
        while self._page.mends == before:
            line = self._page.lines[row]
            at = after_blanks(line, at)
            if at < len(line) and line[at] != "#":
                row, at = self._token(row, at)
                if not self._open:
                    break
            elif self._outside(self._page.next_row(row)):
                self._unclosed(row)
            else:
                row, at = self._page.next_row(row), 0
        return row, at

    def _outside(self, row: int) -> bool:
        if row >= len(self._page.lines):
            return True
        line = self._page.lines[row]
        return indent_of(line) <= self._indent and line.strip()[0] not in _CLOSING.values()

    def _unclosed(self, row: int) -> None:
        """Close all brackets at the end of a row."""
        line = self._page.lines[row]
        end = len(line[: comment_at(line)].rstrip())
        closing = "".join(_CLOSING[bracket.sign] for bracket in reversed(self._open))
        for fault in [_unpaired(self._page, bracket) for bracket in self._open[: MOST_REPORTED + 1]]:
            self._page.slip(fault, Mend(row, end, end, closing))
            closing = ""

    def _token(self, row: int, at: int) -> tuple[int, int]:
        line = self._page.lines[row]
        sign = line[at]
        if sign in _CLOSING:
            return self._opening(row, at)
        if sign in _CLOSING.values():
            return self._closing(row, at)
        if sign in "\"'":
            return self._quoted(row, at)
        if sign == ",":
            return self._comma(row, at)
        return self._colon(row, at) if _COLON.match(line, at) else self._plain(row, at)

    def _opening(self, row: int, at: int) -> tuple[int, int]:
        sign = self._page.lines[row][at]
        if self._open and self._open[-1].closed:
            self._comma_missing(*self._open[-1].closed[2:])
        elif self._open and self._open[-1].plain:
            self._bracket_in_text(row, at)
        else:
            self._open.append(_Bracket(sign, row, at))
        return row, at + 1

    def _bracket_in_text(self, row: int, at: int) -> None:
        line = self._page.lines[row]
        close = line.find(_CLOSING[line[at]], at)
        end, inner = (close + 1, line[at + 1 : close] + "）") if close > 0 else (at + 1, "")
        start = self._open[-1].plain[1] if self._open[-1].plain else at
        fault = self._page.error("P006.bracket_in_text", row, at, line[start:end], sign=line[at])
        self._page.slip(fault, Mend(row, at, end, "（" + inner))

    def _closing(self, row: int, at: int) -> tuple[int, int]:
        sign, bracket = self._page.lines[row][at], self._open[-1]
        if sign == _CLOSING[bracket.sign]:
            self._open.pop()
            if self._open:
                self._open[-1].closed = (bracket.row, bracket.column, row, at + 1)
        else:
            known = any(_CLOSING[other.sign] == sign for other in self._open)
            mend = Mend(row, at, at if known else at + 1, _CLOSING[bracket.sign])
            self._page.slip(_unpaired(self._page, bracket), mend)
        return row, at + 1

    def _quoted(self, row: int, at: int) -> tuple[int, int]:
        quote, bracket = self._page.lines[row][at], self._open[-1]
        end = string_end(self._page.lines[row], at + 1, quote)
        if end is not None:
            last = row, end
        else:
            below = string_goes_on(self._page, row, quote, self._indent)
            if below is None or not _ENTRY_ENDS.match(self._page.lines[below[0]], below[1]):
                fault = wording.quote(self._page, row, at)
                self._page.slip(fault, Mend(row, at, at + 1, " "))
                return row, at
            last = below
        mend_escapes(self._page, (row, at + 1), last)
        if bracket.closed:
            self._comma_missing(*bracket.closed[2:])
        bracket.closed = (row, at, *last)
        return last

    def _comma(self, row: int, at: int) -> tuple[int, int]:
        bracket = self._open[-1]
        if bracket.empty:
            self._page.slip(self._page.error("P006.comma_extra", row, at), Mend(row, at, at + 1, " "))
        bracket.next_part()
        return row, at + 1

    def _comma_missing(self, row: int, column: int) -> None:
        words = _ENTRY_BEGINS.split(self._page.lines[row][:column])[-1]
        fault = self._page.error("P006.comma_missing", row, column, words)
        self._page.slip(fault, Mend(row, column, column, ", "))

    def _colon(self, row: int, at: int) -> tuple[int, int]:
        line, bracket = self._page.lines[row], self._open[-1]
        if bracket.valued:
            self._second_colon(row, at)
        elif bracket.plain and bracket.plain[0] == row and _TIGHT.match(line, at):
            fault = self._page.error("P006.colon_tight", row, at, line[bracket.plain[1] :])
            self._page.slip(fault, Mend(row, at + 1, at + 1, " "))
        elif bracket.empty:
            self._page.slip(self._page.error("P006.name", row, at), Mend(row, at, at, LOST))
        bracket.next_part(valued=True)
        return row, at + 1

    def _second_colon(self, row: int, at: int) -> None:
        """Find out what runs together: two entries without a half-width comma, or a text with a colon."""
        bracket, line = self._open[-1], self._page.lines[row]
        if bracket.above is not None:
            self._comma_missing(*bracket.above)
            return
        _, start, end = bracket.plain or (row, at, at)
        wide = _WIDE_COMMA.search(line[start:end])
        if wide:
            column = start + wide.start()
            fault = self._page.error("P003.comma", row, column, line[start:], mark=line[column])
            self._page.slip(fault, Mend(row, column, start + wide.end(), ", "))
        else:
            fault = self._page.error("P006.colons_in_brackets", row, at, line[start:])
            self._page.slip(fault, Mend(row, at, at + 1, "："))

    def _plain(self, row: int, at: int) -> tuple[int, int]:
        line, bracket, before = self._page.lines[row], self._open[-1], self._page.mends
        found = _PLAIN_END.search(line, at + 1)
        end = found.start() if found else len(line)
        stop = at + len(line[at:end].rstrip(" "))
        if bracket.closed:
            self._text_after(row, at, stop)
        elif bracket.plain is None:
            self._special(row, at, stop)
        elif bracket.plain[0] != row:
            bracket.above = bracket.plain[0], bracket.plain[2]
        if self._page.mends == before and "?" in line[at:stop] and line[at:stop] != "?":
            column = line.index("?", at)
            fault = self._page.error("P006.question", row, column, line[at:stop])
            self._page.slip(fault, Mend(row, column, column + 1, "？"))
        bracket.plain = (row, at, stop)
        return row, end

    def _text_after(self, row: int, at: int, stop: int) -> None:
        """Report text behind a quotation mark or bracket: two entries without a comma, or mixed quotes."""
        first_row, start, last_row, end = self._open[-1].closed or (row, at, row, at)
        if first_row != row or _COLON.match(self._page.lines[row], stop):
            self._comma_missing(last_row, end)
        else:
            fault = wording.after_quote(self._page, row, start, at)
            self._page.slip(fault, Mend(row, start, stop, "x"))

    def _special(self, row: int, at: int, stop: int) -> None:
        page = self._page
        words = page.lines[row][at:stop]
        if known := PROPERTY.match(page.lines[row], at):
            blanks = " " * (known.end() - at)
            page.slip(wording.anchor_or_tag(page, row, at), Mend(row, at, known.end(), blanks))
        elif words[0] in _SPECIAL:
            page.slip(wording.sign(page, row, at, words), Mend(row, at, stop, "x"))
        elif words[0] in "｛［":
            page.slip(page.error("P003.bracket", row, at, words, sign=words[0]), Mend(row, at, stop, "x"))
        elif words == "-" or words.startswith("- "):
            page.slip(page.error("P006.dash_as_value", row, at, words), Mend(row, at, stop, "x"))


def _unpaired(page: Page, bracket: _Bracket) -> Diagnostic:
    kind, closing = _NAMES[bracket.sign], _CLOSING[bracket.sign]
    return page.error("P006.bracket", bracket.row, bracket.column, kind=kind, closing=closing)


def mend_escapes(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Note what is no escape in a text in quotes, given the row and column behind either quote."""
    if page.lines[end[0]][end[1] - 1] == '"':
        for row, column, length, readable, fault in wording.escapes(page, start, end):
            if page.full:
                break
            if not readable:
                page.slip(fault, Mend(row, column, column + length, "/" * length))
