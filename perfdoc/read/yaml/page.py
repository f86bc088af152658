"""A text that is being looked at line by line, with what is wrong with it.

Rows and columns count from 0 here.
"""

import re
from collections.abc import Iterable

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import MOST_REPORTED, Sheet

_STRINGS = {'"': re.compile(r'(?:[^"\\]|\\.)*"'), "'": re.compile(r"(?:[^']|'')*'")}
COMMENT = re.compile(r"(?:^|(?<= ))#")
"""Where a comment may begin."""
PROPERTY = re.compile(r"(?:[&*][0-9A-Za-z_-]+|!!?[^\s,\[\]{}!\x80-\U0010ffff]*)(?=[ ,\[\]{}]|$)")
"""An anchor, alias or tag: what `&`, `*` and `!` are for."""

LAYOUT = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-]) *(?: #.*)?$")
"""What begins a text that is laid out over the lines below."""


class Page(Sheet):
    """The lines, those mended that were looked at; the columns of a slip are those of the text as it was."""

    def __init__(self, file: str, lines: Iterable[str]) -> None:
        super().__init__(file, lines)
        self.slips: list[Diagnostic] = []
        self.sound = True  # False once something was found that has no plain cure

    @property
    def full(self) -> bool:
        """Whether enough was found; whoever finds slips in a loop asks, so that none grows with the text."""
        return len(self.slips) > MOST_REPORTED

    def slip(self, fault: Diagnostic) -> None:
        """Note a fault; of what stands at one place the first says enough."""
        if fault.place not in [slip.place for slip in self.slips]:
            self.slips.append(fault)

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
    """Count the spaces at the beginning."""
    return len(line) - len(line.lstrip(" "))


def after_blanks(line: str, at: int) -> int:
    """Find the next character that is not a space."""
    while line.startswith(" ", at):
        at += 1
    return at


def comment_at(line: str, at: int = 0) -> int:
    """Find where a comment begins at or after a column; the end of the line where none does."""
    found = COMMENT.search(line, at)
    return found.start() if found else len(line)


def ends_here(line: str, at: int) -> bool:
    """Return True if only spaces and a comment follow."""
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


def quoted_end(page: Page, row: int, at: int, indent: int) -> tuple[int, int] | None:
    """Find the row and column behind the text in quotes that begins at a place; None where nothing closes it.

    Lines no deeper than `indent` do not belong to it.
    """
    quote = page.lines[row][at]
    end = string_end(page.lines[row], at + 1, quote)
    while end is None:
        row += 1
        line = page.line(row)
        if row >= len(page.lines) or (line.strip() and indent_of(line) <= indent):
            return None
        end = string_end(line, 0, quote)
    return row, end
