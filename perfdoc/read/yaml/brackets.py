"""Which slip stands between brackets: `{名称: x, 分值: 3}`?

Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass

from perfdoc.read.text import MOST_REPORTED
from perfdoc.read.yaml import wording
from perfdoc.read.yaml.page import (
    COMMENT,
    PROPERTY,
    Page,
    after_blanks,
    indent_of,
    quoted_end,
)

_CLOSING = {"[": "]", "{": "}"}
_NAMES = {"[": "方括号", "{": "花括号"}
_PLAIN_END = re.compile(r"[,\[\]{}]|:(?=[ ,\[\]{}]|$)| #|$")
_COLON = re.compile(r":(?=[ ,?\[\]{}]|$)")
_WIDE_COMMA = re.compile(r"[，、；] *(?=[^，、；\s]*$)")
_ENTRY_BEGINS = re.compile(r"[,\[{]")
_TIGHT = re.compile(r":[,?\[\]{}]")
_ENTRY_ENDS = re.compile(r" *(?:[,:\]}]|#|$)")


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
    """Reads from an opening bracket to the one that closes it, and takes each slip for what was meant."""

    def __init__(self, page: Page, indent: int) -> None:
        self._page = page
        self._indent = indent  # lines no deeper lie outside, unless they begin with a closing bracket
        self._open: list[_Bracket] = []

    def end(self, row: int, at: int, lost: str = "") -> tuple[int, int]:
        """Find the row and column behind the bracket that closes the one at a place, or the one lost there."""
        if lost:
            self._open.append(_Bracket(lost, row, at))
        while not self._page.full:
            line = self._page.lines[row]
            at = after_blanks(line, at)
            if at < len(line) and line[at] != "#":
                row, at = self._token(row, at)
                if not self._open:
                    return row, at
            elif self._outside(self._page.next_row(row)):
                break
            else:
                row, at = self._page.next_row(row), 0
        for bracket in self._open[: MOST_REPORTED + 1]:
            self._unpaired(bracket)
        return row, len(self._page.lines[row])

    def _outside(self, row: int) -> bool:
        if row >= len(self._page.lines):
            return True
        line = self._page.lines[row]
        return indent_of(line) <= self._indent and line.strip()[0] not in _CLOSING.values()

    def _unpaired(self, bracket: _Bracket) -> None:
        if not self._page.full and not self._swallowed(bracket):
            kind, closing = _NAMES[bracket.sign], _CLOSING[bracket.sign]
            self._slip("P006.bracket", bracket.row, bracket.column, None, kind=kind, closing=closing)

    def _swallowed(self, bracket: _Bracket) -> bool:
        """Report a `#` that turned the other half of a bracket into a comment: `{名称: 泵站 #3}`."""
        line = self._page.lines[bracket.row]
        found = COMMENT.search(line, bracket.column)
        if found is None or _CLOSING[bracket.sign] not in line[found.start() :]:
            return False
        self._slip("P006.comment", bracket.row, found.start(), line[found.start() :])
        return True

    def _slip(self, kind: str, row: int, column: int, words: str | None, /, **facts: str) -> None:
        self._page.slip(self._page.error(kind, row, column, words, **facts))

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
        line = self._page.lines[row]
        if self._open and self._open[-1].closed:
            self._comma_missing(*self._open[-1].closed[2:])
        elif self._open and (before := self._open[-1].plain):
            end = max(line.find(_CLOSING[line[at]], at), at) + 1
            start = before[1] if before[0] == row else at
            self._slip("P006.bracket_in_text", row, at, line[start:end], sign=line[at])
        self._open.append(_Bracket(line[at], row, at))
        return row, at + 1

    def _closing(self, row: int, at: int) -> tuple[int, int]:
        sign, bracket = self._page.lines[row][at], self._open[-1]
        end = at + 1
        if sign != _CLOSING[bracket.sign]:
            self._unpaired(bracket)
            if any(_CLOSING[other.sign] == sign for other in self._open):
                end = at
        self._open.pop()
        if self._open and not self._open[-1].plain:
            self._open[-1].closed = (bracket.row, bracket.column, row, end)
        return row, end

    def _quoted(self, row: int, at: int) -> tuple[int, int]:
        quote, bracket = self._page.lines[row][at], self._open[-1]
        last = quoted_end(self._page, row, at, self._indent)
        if last is None or (last[0] > row and not _ENTRY_ENDS.match(self._page.lines[last[0]], last[1])):
            self._page.slip(wording.quote(self._page, row, at))
            return row, at + 1
        wrong_escapes(self._page, quote, (row, at + 1), last)
        if bracket.closed:
            self._comma_missing(*bracket.closed[2:])
        bracket.closed = (row, at, *last)
        return last

    def _comma(self, row: int, at: int) -> tuple[int, int]:
        if self._open[-1].empty:
            self._slip("P006.comma_extra", row, at, None)
        self._open[-1].next_part()
        return row, at + 1

    def _comma_missing(self, row: int, column: int) -> None:
        words = _ENTRY_BEGINS.split(self._page.lines[row][:column])[-1]
        self._slip("P006.comma_missing", row, column, words)
        self._open[-1].next_part()

    def _colon(self, row: int, at: int) -> tuple[int, int]:
        line, bracket = self._page.lines[row], self._open[-1]
        if bracket.valued:
            if self._is_text(row, at):
                return row, at + 1
        elif bracket.plain and bracket.plain[0] == row and _TIGHT.match(line, at):
            self._slip("P006.colon_tight", row, at, line[bracket.plain[1] :])
        elif bracket.empty:
            self._slip("P006.name", row, at, None)
        bracket.next_part(valued=True)
        return row, at + 1

    def _is_text(self, row: int, at: int) -> bool:
        """Find out what runs together: two entries without a half-width comma, or a text with a colon."""
        bracket, line = self._open[-1], self._page.lines[row]
        if bracket.above is not None:
            self._comma_missing(*bracket.above)
            return False
        _, start, end = bracket.plain or (row, at, at)
        wide = _WIDE_COMMA.search(line[start:end])
        if wide:
            column = start + wide.start()
            self._slip("P003.comma", row, column, line[start:], mark=line[column])
            return False
        self._slip("P006.colons_in_brackets", row, at, line[start:])
        bracket.plain = row, start, at + 1
        return True

    def _plain(self, row: int, at: int) -> tuple[int, int]:
        line, bracket, before = self._page.lines[row], self._open[-1], len(self._page.slips)
        found = _PLAIN_END.search(line, at + 1)
        end = found.start() if found else len(line)
        stop = at + len(line[at:end].rstrip(" "))
        if bracket.closed:
            self._text_after(row, at, stop)
        if bracket.plain is None:
            if known := PROPERTY.match(line, at):
                self._page.slip(wording.anchor_or_tag(self._page, row, at))
                return row, known.end()
            fault = wording.start(self._page, row, at, line[at:stop], dash=True)
            if fault is not None:
                self._page.slip(fault)
        elif bracket.plain[0] == row:
            at = bracket.plain[1]
        else:
            bracket.above = bracket.plain[0], bracket.plain[2]
        bracket.plain = (row, at, stop)
        words = line[at:stop]
        if len(self._page.slips) == before and "?" in words and words != "?":
            self._slip("P006.question", row, line.index("?", at), words)
        return row, end

    def _text_after(self, row: int, at: int, stop: int) -> None:
        """Report text behind a quotation mark or bracket: two entries without a comma, or mixed quotes."""
        first_row, start, last_row, end = self._open[-1].closed or (row, at, row, at)
        if first_row != row or _COLON.match(self._page.lines[row], stop):
            self._comma_missing(last_row, end)
        else:
            self._page.slip(wording.after_quote(self._page, row, start, at))
            self._open[-1].closed, self._open[-1].plain = None, (row, start, stop)


def wrong_escapes(page: Page, quote: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Note what is no escape in a text in quotes, given the row and column behind either quote."""
    if quote == '"':
        for escape in wording.escapes(page, start, end):
            if page.full:
                break
            if not escape.readable:
                page.slip(escape.fault)
