"""Which slips of the keyboard keep a YAML text from being read?

Asked only of a text that the loader gave up on. The loader notices a slip where it can go no further, often
lines later; here every line is looked at for itself, with as much of YAML's grammar as tells where a name,
a value or an item is due. A slip that has a plain cure is mended on the spot, so that the next one can be found.
Rows and columns count from 0 here.
"""

import re
from dataclasses import dataclass
from enum import Enum

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import ENOUGH, LOST, Sheet
from perfdoc.read.yaml import wording
from perfdoc.read.yaml.brackets import Brackets, mend_escapes
from perfdoc.read.yaml.page import (
    LAYOUT,
    PROPERTY,
    Mend,
    Page,
    after_blanks,
    comment_at,
    ends_here,
    indent_of,
    string_end,
    string_goes_on,
)

LONGEST = 200_000
"""Characters; in a longer text only the place is named where the loader gave up."""

_NAME_ENDS = re.compile(r":(?= |$)")
_SPECIAL = frozenset("%@`,]}&*!|>")
_GLUED_DASH = re.compile(r"[-－][^\s\d.-]|－ ")
_WIDE_BRACKETS = frozenset("｛［")
_WIDE_NAME = re.compile(r"[^\s:：]{1,20}：")
_TIGHT_NAME = re.compile(r"[^\s:：]{1,20}:")


@dataclass(frozen=True, slots=True)
class Scan:
    """The slips that were found.

    Attributes:
        slips: One message each.
        mended: The text without them; None where one of them has no plain cure.
    """

    slips: tuple[Diagnostic, ...]
    mended: Sheet | None


def scan(sheet: Sheet, *, aligned: bool = True) -> Scan:
    """Look for slips on every line of a text that could not be read.

    Args:
        sheet: The text.
        aligned: False where tabs were in the way, so that nothing is to be said of how lines are moved in.
    """
    page = Page(sheet.file, sheet.lines)
    page.sound = aligned
    if sum(map(len, sheet.lines)) <= LONGEST:
        _Lines(page, aligned=aligned).read()
    return Scan(tuple(page.slips), page if page.sound else None)


def nameless_lines(sheet: Sheet) -> tuple[Diagnostic, ...]:
    """Look for slips in a text that was read as one value, because none of its lines has a name."""
    says = [line for line in sheet.lines if line.strip() and not line.lstrip().startswith("#")]
    return scan(sheet).slips if len(says) > 1 else ()


def tabs(sheet: Sheet) -> tuple[Sheet, tuple[Diagnostic, ...]]:
    """Report each line with a tab outside a comment, and put blanks in place of its tabs."""
    lines = list(sheet.lines)
    faults: list[Diagnostic] = []
    for row, line in enumerate(sheet.lines):
        if "\t" in line and not line.lstrip(" ").startswith("#"):
            if len(faults) < ENOUGH:
                faults.append(_tab(sheet, row))
            lines[row] = line.replace("\t", " ")
    return Sheet(sheet.file, lines), tuple(faults)


def in_indent(sheet: Sheet, tab: Diagnostic) -> bool:
    """Tell whether a tab was what moved a line in; the text has a blank there now."""
    return not sheet.line(tab.place.line - 1)[: tab.place.column].strip()


def _tab(sheet: Sheet, row: int) -> Diagnostic:
    line = sheet.line(row)
    at = line.index("\t")
    return sheet.error("P002.line" if line[:at].strip() else "P002.indent", row, at, line)


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
    """Reads line by line, and mends on the way."""

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
                self._slip(
                    self._error("P003.line", at, space=wording.space_name(words[at])), (0, len(words), "")
                )
            self._row += 1

    def _next_line(self) -> None:
        line = self._line
        at = indent_of(line)
        if self._meant and at < min(self._meant.values()):
            self._meant = {}
        if line[at].isspace():
            self._wide_indent(at)
        elif at == 0 and line[:4].rstrip() in ("---", "..."):
            self._marker()
        elif self._goes_on(at):
            self._row += 1
        else:
            self._entry(at)

    def _slip(self, fault: Diagnostic, mend: tuple[int, int, str] | None) -> None:
        self._page.slip(fault, Mend(self._row, *mend) if mend else None)

    def _misplaced(self, fault: Diagnostic) -> None:
        """Report a line that stands where it cannot belong; what was meant is anyone's guess."""
        if self._aligned:
            self._slip(fault, None)

    def _error(self, kind: str, at: int, words: str | None = None, /, **facts: str | int) -> Diagnostic:
        return self._page.error(kind, self._row, at, words, **facts)

    def _wide_indent(self, at: int) -> None:
        """Report non-ASCII white space; how far the line was to be moved in is anyone's guess."""
        words = self._line[at:]
        self._slip(self._error("P003.indent", at, words, space=wording.space_name(words[0])), None)
        self._aligned = False
        wide = len(words) - len(words.lstrip())
        self._page.mend(Mend(self._row, at, at + wide, "  " * wide))

    def _marker(self) -> None:
        """Pass over the `---` at the top and the `...` at the end, report any other."""
        first = not self._levels and self._value is _Value.NOTHING
        last = self._line.startswith("...") and self._page.next_row(self._row) == len(self._page.lines)
        if not first and not last:
            self._slip(wording.document(self._page, self._row), None)
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

    def _entry(self, at: int) -> None:
        dashed = False
        while _is_dash(self._line, at):
            self._settle(at, _Kind.ITEMS)
            self._value, dashed = _Value.NOTHING, True
            at = after_blanks(self._line, at + 1)
            if ends_here(self._line, at):
                self._row += 1
                return
        self._opening_lost(at)
        if self._line[at] in _WIDE_BRACKETS:
            self._read_value(at, named=False)
            return
        colon = _name_end(self._line, at)
        if colon is None and self._line[at:][:2] not in ("? ", "?"):
            self._words(at, dashed=dashed)
        elif colon is not None and (colon == at or self._line[at] in _SPECIAL):
            self._name_refused(at, colon)
        else:
            self._settle(at, _Kind.NAMES)
            self._read_value(at + 1 if colon is None else colon + 1, named=True)

    def _opening_lost(self, at: int) -> None:
        """Put back a brace that was deleted at the beginning of a one-line entry."""
        rest = self._line[at : comment_at(self._line, at)].rstrip()
        if rest.endswith("}") and "{" not in rest and _NAME_ENDS.search(rest):
            self._slip(self._error("P006.brace_lost", at, rest), (at, at, "{"))

    def _name_refused(self, at: int, colon: int) -> None:
        """Report a name that is none, and put another in its place."""
        if colon == at:
            self._slip(self._error("P006.name", at), (at, at, LOST))
        elif known := PROPERTY.match(self._line, at):
            fault = wording.anchor_or_tag(self._page, self._row, at)
            self._slip(fault, (at, known.end() + 1, ""))
        else:
            fault = wording.sign(self._page, self._row, at, self._line[at:])
            self._slip(fault, (at, at + 1, "x"))

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
                    self._misplaced(self._error("P006.beside", at, self._line))
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
        self._misplaced(self._error("P006.misaligned", indent_of(self._line), self._line))

    def _words(self, at: int, *, dashed: bool) -> None:
        """Look at an entry without a name: is it a value, or is something missing?"""
        due = self._due(at, dashed=dashed)
        row, before = self._row, self._page.mends
        if due is None:
            if not dashed:
                self._settle_words(at)
            self._read_value(at, named=False)
        elif self._line[at] in "\"'[{|>":
            self._read_value(at, named=False)
            if self._page.mends == before:
                self._page.slip(self._page.error("P006.entry", row, at), None)
        elif due is _Kind.NAMES:
            self._name_missing(at)
        else:
            self._dash_missing(at)

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

    def _name_missing(self, at: int) -> None:
        """Find out why a line has no `名称: `, and give it one."""
        self._settle(at, _Kind.NAMES)
        words = self._line[at:].rstrip()
        found = _WIDE_NAME.match(words) or _TIGHT_NAME.match(words)
        fault = wording.colon(self._page, self._row, at, words) if found else None
        below = self._page.next_row(self._row)
        if found and fault:
            rest = len(words) - len(words[found.end() :].lstrip())
            self._slip(fault, (at + found.end() - 1, at + rest, ": "))
        elif below < len(self._page.lines) and indent_of(self._page.lines[below]) > at and " " not in words:
            self._slip(self._error("P006.colon_missing", at, words), (at + len(words), len(self._line), ":"))
        else:
            self._slip(self._error("P006.entry", at), (at, len(self._line), f"{LOST}: x"))

    def _dash_missing(self, at: int) -> None:
        self._settle(at, _Kind.ITEMS)
        words = self._line[at:]
        if words[0] not in "-－":
            self._slip(self._error("P006.dash_missing", at, words), (at, len(self._line), "- x"))
            return
        end = at + 1 + (len(words[1:]) - len(words[1:].lstrip()) if words[0] == "－" else 0)
        self._slip(wording.dash(self._page, self._row, at, words), (at, end, "- "))

    def _read_value(self, at: int, *, named: bool) -> None:
        """Look at the value that begins at a column or behind it, and go on to the row below."""
        line = self._line
        at = after_blanks(line, at)
        if ends_here(line, at) or self._page.full:
            self._done(_Value.NOTHING if named else _Value.WHOLE)
            return
        self._above = line[at:]
        sign = line[at]
        if sign in "\"'":
            self._quoted(at, named=named)
        elif sign in "[{" and not line.startswith("{%", at):
            self._brackets(at, named=named)
        elif sign in "|>" and LAYOUT.match(line, at):
            self._layout(at)
        elif known := PROPERTY.match(line, at):
            fault = wording.anchor_or_tag(self._page, self._row, at)
            self._slip(fault, (at, known.end(), " " * (known.end() - at)))
            self._read_value(at, named=named)
        elif sign in _SPECIAL or line.startswith("{%", at):
            fault = wording.sign(self._page, self._row, at, line[at:])
            self._replace(fault, at, named=named)
        elif sign in _WIDE_BRACKETS:
            self._replace(self._error("P003.bracket", at, line[at:], sign=sign), at, named=named)
        elif named and _is_dash(line, at):
            self._replace(self._error("P006.dash_as_value", at, line[at:]), at, named=named)
        else:
            self._text(at, named=named)

    def _done(self, value: _Value) -> None:
        self._value = value
        self._row += 1

    def _replace(self, fault: Diagnostic, at: int, *, named: bool) -> None:
        """Put a harmless word in place of a value, and read that."""
        self._slip(fault, (at, len(self._line[: comment_at(self._line, at + 1)].rstrip()), "x"))
        self._read_value(at, named=named)

    def _text(self, at: int, *, named: bool) -> None:
        while named and not self._page.full:
            line = self._line
            colon = _NAME_ENDS.search(line, at, comment_at(line, at))
            if colon is None:
                break
            self._slip(self._error("P006.colons", colon.start(), line[at:]), (*colon.span(), "："))
        self._done(_Value.TEXT)

    def _layout(self, at: int) -> None:
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
                self._slip(self._error("P006.shallower", indent, line), (0, 0, " " * (first - indent)))
            self._row += 1
        self._value = _Value.WHOLE

    def _quoted(self, at: int, *, named: bool) -> None:
        quote = self._line[at]
        end = string_end(self._line, at + 1, quote)
        if end is None:
            below = string_goes_on(self._page, self._row, quote, self._column)
            if below is None or not ends_here(self._page.lines[below[0]], below[1]):
                fault = wording.quote(self._page, self._row, at)
                self._slip(fault, (at, at + 1, " "))
                self._read_value(at, named=named)
                return
            mend_escapes(self._page, (self._row, at + 1), below)
            self._row = below[0]
        elif not ends_here(self._line, end):
            column = after_blanks(self._line, end)
            fault = wording.after_quote(self._page, self._row, at, column)
            self._replace(fault, at, named=named)
            return
        else:
            mend_escapes(self._page, (self._row, at + 1), (self._row, end))
        self._done(_Value.WHOLE)

    def _brackets(self, at: int, *, named: bool) -> None:
        start = self._row
        end = Brackets(self._page, start, at, self._column).end()
        if end is None:
            return
        self._row, column = end
        line = self._line
        if ends_here(line, column) or _NAME_ENDS.match(line, column):
            self._done(_Value.WHOLE)
            return
        column = after_blanks(line, column)
        if line[column] in "]}":
            fault = self._error("P006.bracket_extra", column, line, sign=line[column])
            self._slip(fault, (column, column + 1, ""))
            self._row = start
            self._read_value(at, named=named)
        elif self._row == start:
            fault = wording.sign(self._page, start, at, line[at:])
            self._replace(fault, at, named=named)
        else:
            self._slip(self._error("P006.after_bracket", column, line[column:]), (column, len(line), ""))
            self._done(_Value.WHOLE)


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
