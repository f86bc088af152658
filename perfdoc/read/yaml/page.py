"""A text that is being mended line by line, with what was wrong at its original columns.

Rows and columns count from 0 here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from perfdoc.core.diagnostics import Diagnostic, Place
from perfdoc.read.text import MOST_REPORTED, Sheet

_STRINGS = {'"': re.compile(r'(?:[^"\\]|\\.)*"'), "'": re.compile(r"(?:[^']|'')*'")}
COMMENT = re.compile(r"(?:^|(?<= ))#")
"""Where a comment may begin."""
PROPERTY = re.compile(r"(?:[&*][0-9A-Za-z_-]+|!!?[^\s,\[\]{}!\x80-\U0010ffff]*)(?=[ ,\[\]{}]|$)")
"""An anchor, alias or tag: what `&`, `*` and `!` are for."""

LAYOUT = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-]) *(?: #.*)?$")
"""What begins a text that is laid out over the lines below."""


class Mend(NamedTuple):
    """What to put in place of a piece of one line."""

    row: int
    start: int
    end: int
    words: str


class Page(Sheet):
    """The lines as mended so far."""

    def __init__(self, file: str, lines: Iterable[str]) -> None:
        super().__init__(file, lines)
        self.slips: list[Diagnostic] = []
        self.mends = 0  # or slips without a cure
        self.sound = True  # False once something was found that has no plain cure
        self._moved: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    @property
    def full(self) -> bool:
        """Whether enough was found; whoever finds slips in a loop asks, so that none grows with the text."""
        return self.mends > MOST_REPORTED

    def slip(self, fault: Diagnostic, mend: Mend | None) -> None:
        """Note a fault at a place of the mended text, and mend it; None where there is no plain cure."""
        place = fault.place
        moved = sum(by for column, by in self._moved[place.line - 1] if column < place.column - 1)
        found = replace(fault, place=Place(place.file, place.line, max(1, place.column - moved)))
        self.mends += 1
        if found.place not in [slip.place for slip in self.slips]:
            self.slips.append(found)
        if mend is None:
            self.sound = False
        else:
            self.mend(mend)

    def mend(self, mend: Mend) -> None:
        """Put other words in place of a piece of a line."""
        line = self.lines[mend.row]
        self.lines[mend.row] = line[: mend.start] + mend.words + line[mend.end :]
        self._moved[mend.row].append((mend.start, len(mend.words) - (mend.end - mend.start)))

    def code(self, row: int) -> str:
        """Return a line as far as it is no comment of its own."""
        line = self.lines[row]
        return "" if line.lstrip(" ").startswith("#") else line

    def next_row(self, row: int) -> int:
        """Find the next row that says something; the number of rows where there is none."""
        row += 1
        while row < len(self.lines) and not self.code(row).strip():
            row += 1
        return row


def indent_of(line: str) -> int:
    """Count the blanks at the beginning."""
    return len(line) - len(line.lstrip(" "))


def after_blanks(line: str, at: int) -> int:
    """Find the next character that is no blank."""
    while line.startswith(" ", at):
        at += 1
    return at


def comment_at(line: str, at: int = 0) -> int:
    """Find where a comment begins at or after a column; the end of the line where none does."""
    found = COMMENT.search(line, at)
    return found.start() if found else len(line)


def ends_here(line: str, at: int) -> bool:
    """Tell whether nothing but blanks and a comment follows."""
    at = after_blanks(line, at)
    return at >= len(line) or line[at] == "#"


def string_end(line: str, at: int, quote: str) -> int | None:
    """Find the column behind the quote that closes a string; None where it is not on this line.

    Args:
        line: The line.
        at: Where the string's text begins or goes on.
        quote: The quotation mark that began it.
    """
    found = _STRINGS[quote].match(line, at)
    return found.end() if found else None


def string_goes_on(page: Page, row: int, quote: str, indent: int) -> tuple[int, int] | None:
    """Find the row and column behind a string that is not closed on the row where it begins.

    Only lines deeper than `indent` belong to it.
    """
    for below in range(row + 1, len(page.lines)):
        line = page.lines[below]
        if line.strip() and indent_of(line) <= indent:
            return None
        end = string_end(line, 0, quote)
        if end is not None:
            return below, end
    return None
