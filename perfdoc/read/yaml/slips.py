"""Which slips of the keyboard keep a YAML text from being read?

Asked only of a text that the loader gave up on. The loader notices a slip where it can go no further, often
lines later; here every line is looked at for itself, with as much of YAML's grammar as tells where a name,
a value or an item is due. Where a value has a slip, a harmless word takes its place, so that what else is wrong can be found.
Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass
from enum import Enum

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import ENOUGH, LOST, Sheet
from perfdoc.read.yaml import wording
from perfdoc.read.yaml.brackets import Brackets, wrong_escapes
from perfdoc.read.yaml.page import (
    LAYOUT,
    PROPERTY,
    Page,
    after_blanks,
    comment_at,
    ends_here,
    indent_of,
    quoted_end,
    string_end,
)

LONGEST = 200_000
"""Characters; in a longer text only the place is named where the loader gave up."""

_NAME_ENDS = re.compile(r":(?= |$)")
_GLUED_DASH = re.compile(r"[-－][^\s\d.-]|－ ")
_WIDE_NAME = re.compile(r"[^\s:：]{1,20}：")
_TIGHT_NAME = re.compile(r"[^\s:：]{1,20}:")


def scan(sheet: Sheet, *, aligned: bool = True) -> Page:
    """Look for slips on every line of a text that could not be read.

    Args:
        sheet: The text.
        aligned: False where tabs were in the way, so that nothing is to be said of how lines are moved in.

    Returns:
        The text without its slips, and the slips.
    """
    page = Page(sheet.file, sheet.lines)
    page.sound = aligned
    if sum(map(len, sheet.lines)) <= LONGEST:
        _Lines(page, aligned=aligned).read()
    return page


def nameless_lines(sheet: Sheet) -> tuple[Diagnostic, ...]:
    """Look for slips in a text that was read as one value, because none of its lines has a name."""
    says = [line for line in sheet.lines if line.strip() and not line.lstrip().startswith("#")]
    return tuple(scan(sheet).slips) if len(says) > 1 else ()


def tabs(sheet: Sheet) -> tuple[Sheet, tuple[Diagnostic, ...]]:
    """Report each line with a tab outside a comment, and replace its tabs by spaces."""
    lines = list(sheet.lines)
    faults: list[Diagnostic] = []
    for row, line in enumerate(sheet.lines):
        if "\t" in line and not line.lstrip(" ").startswith("#"):
            if len(faults) < ENOUGH:
                at = line.index("\t")
                kind = "P002.line" if line[:at].strip() else "P002.indent"
                faults.append(sheet.error(kind, row, at, line))
            lines[row] = line.replace("\t", " ")
    return Sheet(sheet.file, lines), tuple(faults)


def in_indent(sheet: Sheet, tab: Diagnostic) -> bool:
    """Return True if a line was indented by a tab; the text has a space there now."""
    return not sheet.line(tab.place.line - 1)[: tab.place.column].strip()


class _Kind(Enum):
    NAMES = 1
    ITEMS = 2


class _Value(Enum):
    """What the last name or dash has behind it: nothing yet, text that may go on below, or something whole."""

    NOTHING = 1
    TEXT = 2
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class _Level:
    """A list or mapping without brackets, by the column of its entries."""

    column: int
    kind: _Kind


class _Lines:
    """Reads line by line; where a value has a slip, an `x` takes its place."""

    def __init__(self, page: Page, *, aligned: bool) -> None:
        self._page = page
        self._aligned = aligned
        self._row = 0
        self._levels: list[_Level] = []
        self._value = _Value.NOTHING
        self._above = ""  # the words of the last entry
        self._meant: dict[int, int] = {}  # the column that stands for another one since a line was misaligned

    @property
    def _line(self) -> str:
        return self._page.lines[self._row]

    @property
    def _column(self) -> int:
        return self._levels[-1].column if self._levels else -1

    def read(self) -> None:
        """Read all lines, or until enough slips were found."""
        while self._row < len(self._page.lines) and not self._page.full:
            words = self._page.code(self._row)
            if words.strip():
                self._next_line()
                continue
            if words.strip(" "):
                at = indent_of(words)
                self._slip("P003.line", at, None, space=wording.space_name(words[at]))
                self._page.lines[self._row] = ""
            self._row += 1

    def _next_line(self) -> None:
        at = indent_of(self._line)
        if self._meant and at < min(self._meant.values()):
            self._meant = {}
        if self._line[at].isspace():
            at = self._wide_indent(at)
        if at == 0 and self._line[:4].rstrip() in ("---", "..."):
            self._marker()
        elif self._goes_on(at):
            self._row += 1
        else:
            row, found = self._row, len(self._page.slips)
            mended = self._entry(at)
            if len(self._page.slips) > found:
                self._page.lines[row : self._row] = [mended, *[""] * (self._row - row - 1)]

    def _slip(self, kind: str, at: int, words: str | None = None, /, **facts: str) -> None:
        self._page.slip(self._page.error(kind, self._row, at, words, **facts))

    def _misplaced(self, fault: Diagnostic) -> None:
        """Report a line that stands where it cannot belong; what was meant is anyone's guess."""
        if self._aligned:
            self._page.slip(fault)
            self._page.sound = False

    def _wide_indent(self, at: int) -> int:
        """Report non-ASCII white space; how far the line was to be moved in is anyone's guess."""
        words = self._line[at:]
        self._slip("P003.indent", at, words, space=wording.space_name(words[0]))
        self._aligned = self._page.sound = False
        end = len(self._line) - len(words.lstrip())
        self._page.lines[self._row] = " " * end + self._line[end:]
        self._meant[end] = 2 * end - at
        return end

    def _marker(self) -> None:
        """Pass over the `---` at the top and the `...` at the end, report any other."""
        first = not self._levels and self._value is _Value.NOTHING
        last = self._line.startswith("...") and self._page.next_row(self._row) == len(self._page.lines)
        if not first and not last:
            self._page.slip(wording.document(self._page, self._row))
            self._page.sound = False
        self._levels, self._value = [], _Value.NOTHING
        self._row += 1

    def _goes_on(self, at: int) -> bool:
        """Tell whether the line adds text to the value above; report one that is moved in for no reason."""
        if not self._levels or self._meant.get(at, at) <= self._column or self._value is _Value.NOTHING:
            return False
        colon = _name_end(self._line, at)
        if colon is None and self._value is _Value.TEXT:
            return True
        where = at if colon is None else colon
        self._misplaced(wording.deeper(self._page, self._row, where, self._above, self._line[at:]))
        self._value = _Value.NOTHING
        return False

    def _entry(self, at: int, *, dashed: bool = False) -> str:
        """Read an entry to its end; return what may stand on its first row instead."""
        while _is_dash(self._line, at):
            self._settle(at, _Kind.ITEMS)
            self._value, dashed = _Value.NOTHING, True
            at = after_blanks(self._line, at + 1)
            if ends_here(self._line, at):
                self._row += 1
                return self._page.lines[self._row - 1]
        line = self._line
        rest = line[at : comment_at(line, at)].rstrip()
        if rest.endswith("}") and "{" not in rest and _NAME_ENDS.search(rest):
            self._slip("P006.brace_lost", at, rest)
            return self._brackets(at, line[:at], lost="{")
        if line[at] in wording.WIDE_BRACKETS:
            return self._read_value(at, line[:at])
        colon = _name_end(line, at)
        if colon is None and line[at:][:2] not in ("? ", "?"):
            return self._words(at, dashed=dashed)
        name = line[at : at + 1 if colon is None else colon + 1]
        if colon is not None and (colon == at or line[at] in wording.SPECIAL):
            self._name_refused(at, colon)
            name = f"{LOST}:"
        self._settle(at, _Kind.NAMES)
        return self._read_value(at + 1 if colon is None else colon + 1, f"{line[:at]}{name} ", named=True)

    def _name_refused(self, at: int, colon: int) -> None:
        """Report a name that is none."""
        if colon == at:
            self._slip("P006.name", at)
        elif PROPERTY.match(self._line, at):
            self._page.slip(wording.anchor_or_tag(self._page, self._row, at))
        else:
            self._page.slip(wording.sign(self._page, self._row, at, self._line[at:]))

    def _settle(self, at: int, kind: _Kind) -> None:
        """Open, go on with, or close lists and mappings for an entry at a column."""
        at, levels, closed = self._meant.get(at, at), self._levels, None
        while levels and levels[-1].column > at:
            closed = levels.pop()
        if levels[-2:] == [_Level(at, _Kind.NAMES), _Level(at, _Kind.ITEMS)] and kind is _Kind.NAMES:
            levels.pop()  # a list may stand at the column of its name
        if levels and levels[-1].column == at:
            whole = closed is not None or self._value is not _Value.NOTHING
            if levels[-1].kind is not kind:
                if whole or kind is _Kind.NAMES:
                    self._misplaced(self._page.error("P006.beside", self._row, at, self._line))
                levels.append(_Level(at, kind))
        elif closed is None:
            levels.append(_Level(at, kind))
        else:
            self._misaligned()
            if not levels or closed.column - at <= at - levels[-1].column:  # the nearer one was meant
                self._meant[closed.column] = at
                levels.append(_Level(at, closed.kind))
            else:
                self._meant[at] = levels[-1].column

    def _misaligned(self) -> None:
        self._misplaced(self._page.error("P006.misaligned", self._row, indent_of(self._line), self._line))

    def _words(self, at: int, *, dashed: bool) -> str:
        """Look at an entry without a name: is it a value, or is something missing?"""
        due = self._due(at, dashed=dashed)
        row, line, found = self._row, self._line, len(self._page.slips)
        if due is None:
            if not dashed:
                self._settle_words(at)
            return self._read_value(at, line[:at])
        if line[at] in "\"'[{|>":
            mended = self._read_value(at, line[:at])
            if len(self._page.slips) == found:
                self._page.slip(self._page.error("P006.entry", row, at))
                self._page.sound = False
            return mended
        self._settle(at, due)
        return self._name_missing(at) if due is _Kind.NAMES else self._dash_missing(at)

    def _due(self, at: int, *, dashed: bool) -> _Kind | None:
        """Tell what has to stand at a column: a name, an item, or anything."""
        if not dashed:
            beside = [level.kind for level in self._levels if level.column == self._meant.get(at, at)]
            if len(beside) > 1:
                return _Kind.ITEMS if self._line[at] == "-" else _Kind.NAMES
            if beside:
                return beside[0]
            if _GLUED_DASH.match(self._line, at):
                return _Kind.ITEMS
        return _Kind.NAMES if self._name_follows(at) else None

    def _name_follows(self, at: int) -> bool:
        """Tell whether the next line that is no deeper stands at the same column and has a name."""
        below = self._page.next_row(self._row)
        while below < len(self._page.lines) and indent_of(self._page.lines[below]) > at:
            below = self._page.next_row(below)
        if below == len(self._page.lines) or indent_of(self._page.lines[below]) != at:
            return False
        line = self._page.lines[below]
        if _is_dash(line, at) or line[at].isspace():
            return False
        both_wide = at == 0 and bool(_WIDE_NAME.match(line) and _WIDE_NAME.match(self._line))
        return both_wide or _name_end(line, at) is not None

    def _settle_words(self, at: int) -> None:
        """Report a text that ends some lists and mappings without being an entry of another."""
        closed = False
        while self._levels and self._levels[-1].column > at:
            self._levels.pop()
            closed = True
        if closed:
            self._misaligned()

    def _name_missing(self, at: int) -> str:
        """Find out why a line has no `名称: `."""
        before, words = self._line[:at], self._line[at:].rstrip()
        found = _WIDE_NAME.match(words) or _TIGHT_NAME.match(words)
        fault = wording.colon(self._page, self._row, at, words) if found else None
        below = self._page.next_row(self._row)
        if found and fault:
            self._page.slip(fault)
            if words[0] in wording.SPECIAL:
                self._name_refused(at, at + 1)
            value = len(self._line) - len(self._line[at + found.end() :].lstrip())
            return self._read_value(value, f"{before}{found[0][:-1]}: ", named=True)
        if below < len(self._page.lines) and indent_of(self._page.lines[below]) > at and " " not in words:
            self._slip("P006.colon_missing", at, words)
            return self._done(_Value.NOTHING, f"{before}{words}: ")
        self._slip("P006.entry", at)
        return self._done(_Value.TEXT, f"{before}{LOST}: ")

    def _dash_missing(self, at: int) -> str:
        line, words = self._line, self._line[at:]
        if words[0] not in "-－":
            self._slip("P006.dash_missing", at, words)
            return self._done(_Value.TEXT, f"{line[:at]}- ")
        self._page.slip(wording.dash(self._page, self._row, at, words))
        self._value = _Value.NOTHING
        start = len(line) - len(words[1:].lstrip())
        if ends_here(line, start):
            return self._done(_Value.NOTHING, f"{line[:at]}- ")
        mended = self._entry(start, dashed=True)
        return f"{line[:at]}- {mended[start:]}"

    def _read_value(self, at: int, before: str, *, named: bool = False) -> str:
        """Look at the value that begins at a column or behind it; return what may stand on its row instead.

        Args:
            at: The column.
            before: What stands before the value, mended.
            named: Whether that is a name.
        """
        line = self._line
        at = after_blanks(line, at)
        if ends_here(line, at) or self._page.full:
            return self._done(_Value.NOTHING if named else _Value.WHOLE, before)
        self._above = line[at:]
        sign = line[at]
        if sign in "\"'":
            return self._quoted(at, before, named=named)
        if sign in "[{" and not line.startswith("{%", at):
            return self._brackets(at, before)
        if sign in "|>" and LAYOUT.match(line, at):
            return self._layout(at, before)
        if known := PROPERTY.match(line, at):
            self._page.slip(wording.anchor_or_tag(self._page, self._row, at))
            return self._read_value(known.end(), before, named=named)
        fault = wording.start(self._page, self._row, at, line[at:], dash=named)
        if fault is not None:
            self._page.slip(fault)
        elif named:
            self._colons(at)
        return self._done(_Value.TEXT, before)

    def _done(self, value: _Value, before: str) -> str:
        self._value = value
        self._row += 1
        return before.rstrip() if value is _Value.NOTHING else f"{before}x"

    def _colons(self, at: int) -> None:
        """Report each colon that would make a name of a text."""
        for colon in _NAME_ENDS.finditer(self._line, at, comment_at(self._line, at)):
            if self._page.full:
                break
            self._slip("P006.colons", colon.start(), self._line[at:])

    def _layout(self, at: int, before: str) -> str:
        """Pass over the lines that a `|` or `>` lays out."""
        counted = any(c.isdigit() for c in self._line[at : at + 3])  # of blanks that belong to the text
        self._row += 1
        first = 0
        while self._row < len(self._page.lines):
            line = self._line
            indent = indent_of(line)
            if line.strip() and indent <= self._column:
                break
            first = first or (indent if line.strip() else 0)
            if line.strip() and indent < first and not counted:
                self._slip("P006.shallower", indent, line)
            self._row += 1
        self._row -= 1
        return self._done(_Value.WHOLE, before)

    def _quoted(self, at: int, before: str, *, named: bool) -> str:
        row, line = self._row, self._line
        end = quoted_end(self._page, row, at, self._column)
        if end is None or (end[0] > row and not ends_here(self._page.lines[end[0]], end[1])):
            self._page.slip(wording.quote(self._page, row, at))
            return self._read_value(at + 1, before, named=named)
        if not ends_here(self._page.lines[end[0]], end[1]):
            self._page.slip(wording.after_quote(self._page, row, at, after_blanks(line, end[1])))
            return self._done(_Value.TEXT, before)
        wrong_escapes(self._page, line[at], (row, at + 1), end)
        self._row = end[0]
        return self._done(_Value.WHOLE, before)

    def _brackets(self, at: int, before: str, lost: str = "") -> str:
        start = self._row
        self._row, column = Brackets(self._page, self._column).end(start, at, lost)
        line = self._line
        while (
            (column := after_blanks(line, column)) < len(line)
            and line[column] in "]}"
            and not self._page.full
        ):
            self._slip("P006.bracket_extra", column, line, sign=line[column])
            column += 1
        if ends_here(line, column) or _NAME_ENDS.match(line, column):
            return self._done(_Value.WHOLE, before)
        if self._row > start:
            self._slip("P006.after_bracket", column, line[column:])
            return self._done(_Value.WHOLE, before)
        self._page.slip(wording.sign(self._page, start, at, line[at:]))
        return self._done(_Value.TEXT, before)


def _is_dash(line: str, at: int) -> bool:
    return line.startswith("- ", at) or line[at:] == "-"


def _name_end(line: str, at: int) -> int | None:
    """Find the colon behind the name that begins at a column; None where no name does."""
    sign = line[at : at + 1]
    if sign in ("[", "{", ""):
        return None
    if sign in ('"', "'"):
        end = string_end(line, at + 1, sign)
        colon = after_blanks(line, end) if end else 0
        return colon if end and _NAME_ENDS.match(line, colon) else None
    found = _NAME_ENDS.search(line, at, comment_at(line, at))
    return found.start() if found else None
