"""What does YAML read without complaint, but otherwise than it was meant?

Each function looks for one such trap at a value that the loader has just read, and knows the lines it stands on.
Rows and columns count from 0 here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from yaml import Mark

from perfdoc.core.assessment import BudgetLine, Detail, Indicator
from perfdoc.core.diagnostics import Diagnostic, Place
from perfdoc.core.entry import keys_of
from perfdoc.core.source import Node, Scalar
from perfdoc.read.text import Sheet
from perfdoc.read.yaml import wording
from perfdoc.read.yaml.page import COMMENT, LAYOUT, indent_of

SUSPECT = frozenset("-－｛［＃")
"""A value that begins with one of these, and stands first on its line, was probably meant as notation."""

GLUED = re.compile(r" #\S")
"""Where something may be taken for a comment that is none."""

DISPUTED = re.compile(r":[,?\[\]{}]|\?")
"""Where the loaders may disagree: `{名称:}` and `{名称: 好?}`."""

_TIGHT = re.compile(r" *:[,?\[\]{}]")
_COLON = re.compile(r"\s*:")
_FIGURE = re.compile(r"[-+≥≤]?\s*[0-9０-９][0-9０-９.,，]*\s*[%％]?")
_WIDE_NAME = re.compile(r"[^\s：，。；、]{1,10}(：)")
_TIGHT_NAME = re.compile(r"[\u4e00-\u9fff]{1,10}(:)(?=\S)")
_WIDE_NEXT = re.compile(r"([，、；])\s*([^\s，、；：]{1,8})：")
_ROW_KEYS = frozenset(key for record in (BudgetLine, Detail, Indicator) for key in keys_of(record).values())
"""What is written beside one another in braces; any other word before a colon may be prose: `原因：…；措施：…`."""
_MEASURED = re.compile(r"[-+≥≤＜＞<>=]?\s*[0-9０-９][0-9０-９.,，]*\s*[^\s，、；：]{0,4}")
_GOES_ON = ("，", "、", "；", "：", ",", "——", "…")
_DIGITS = re.compile(r"[^\s,]*[0-9](?:,[0-9]+)+(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")


def in_plain(sheet: Sheet, value: str, start: Mark, end: Mark, *, flow: bool) -> Diagnostic | None:
    """Find what is wrong with a value or name without quotes.

    Args:
        sheet: The text.
        value: What the loader read.
        start: Where it begins.
        end: Where it ends.
        flow: Whether it stands in brackets.
    """
    found = _padded(sheet, value, start, end) or _wide_or_tight_mark(sheet, value, start)
    if found is None and end.line > start.line:
        found = _continued(sheet, start, end)
    if found is None and flow:
        found = _wide_comma(sheet, value, start)
    return found


def disputed(sheet: Sheet, value: str, end: Mark) -> bool:
    """Tell whether only one of the loaders reads a value between brackets."""
    return "?" in value or _TIGHT.match(sheet.line(end.line), end.column) is not None


def stands_alone(sheet: Sheet, name: Scalar) -> bool:
    """Tell whether a name in braces that has no value has no colon either."""
    line, column = sheet.line(name.place.line - 1), name.place.column - 1
    if name.quoted:
        return False
    return not (line.startswith(name.text, column) and _COLON.match(line, column + len(name.text)))


def left_empty(sheet: Sheet, name: Node) -> Place:
    """Find where the value of a name between brackets would stand; the loaders do not agree on that."""
    if isinstance(name, Scalar) and not name.quoted:
        line, end = sheet.line(name.place.line - 1), name.place.column - 1 + len(name.text)
        found = _COLON.match(line, end)
        if found and line.startswith(name.text, name.place.column - 1):
            return Place(name.place.file, name.place.line, found.end() + 1)
    return name.place


def name_alone(sheet: Sheet, last: tuple[Node, Node] | None, name: Scalar) -> Diagnostic | None:
    """Find out why a name in braces stands alone; None where that was said with the part before.

    Args:
        sheet: The text.
        last: The name and value before.
        name: The name without a value.
    """
    if last is not None and _adjacent(last[1], name):
        return _split_by_comma(sheet, last[1])
    if last is not None and _adjacent(last[0], name):
        return None  # the third part of 1,000,000
    row, column = name.place.line - 1, name.place.column - 1
    slip = wording.colon(sheet, row, column, name.text)
    return slip or sheet.error("P006.alone", row, column, name.text)


def wide_name(sheet: Sheet, name: Scalar) -> Diagnostic | None:
    """Find a full-width colon in a name that has no value."""
    if name.quoted or "：" not in name.text:
        return None
    return wording.colon(sheet, name.place.line - 1, name.place.column - 1, name.text)


def split_figures(sheet: Sheet, items: Iterable[Node]) -> Iterator[Diagnostic]:
    """Find figures with thousands commas that brackets take apart: `[1,000]`."""
    within = False
    for before, after in pairwise(items):
        splits = isinstance(after, Scalar) and _THOUSANDS.fullmatch(after.text) and _adjacent(before, after)
        if splits and not within:
            yield _split_by_comma(sheet, before)
        within = bool(splits)


def block_for_sign(sheet: Sheet, value: str, start: Mark) -> Diagnostic | None:
    """Report a `>` or `|` that was meant as a sign: nothing follows that it could lay out."""
    line = sheet.line(start.line)
    if value.strip() and LAYOUT.match(line, start.column):
        return None
    return sheet.error("P004.layout", start.line, start.column, line[start.column :])


def unclosed_quote(sheet: Sheet, start: Mark, end: Mark, indent: int) -> Diagnostic | None:
    """Report a quoted value that swallows a line which is no deeper than its own list or mapping."""
    for row in range(start.line + 1, end.line + 1):
        line = sheet.line(row)
        if line.strip() and indent_of(line) <= indent:
            return wording.quote(sheet, start.line, start.column)
    return None


def swallowed(sheet: Sheet, closed: Iterable[tuple[Mark, Mark]], last: int) -> Iterator[Diagnostic]:
    """Report text that became a comment because a `#` stands before it: `项目 #1`.

    Args:
        sheet: The text.
        closed: What quotes, brackets or a layout sign close: a `#` inside is text, one after it a comment.
        last: The row up to which the text was understood.
    """
    spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in closed:
        for row in range(start.line, end.line + 1):
            first = start.column if row == start.line else 0
            spans[row].append((first, end.column if row == end.line else len(sheet.line(row))))
    for row, line in enumerate(sheet.lines[: last + 1]):
        if GLUED.search(line):
            inside = {column for first, end in spans[row] for column in range(first, end)}
            signs = (found.start() for found in COMMENT.finditer(line))
            at = next((sign for sign in signs if sign not in inside), len(line))
            before = line[:at].rstrip()
            if before and GLUED.match(line, at - 1) and all(end != len(before) for _, end in spans[row]):
                yield sheet.error("P006.comment", row, at, line[at:])


def _indent_only(line: str, column: int) -> bool:
    return not line[:column].strip()


def _padded(sheet: Sheet, value: str, start: Mark, end: Mark) -> Diagnostic | None:
    if value == value.strip():
        return None
    row, column, wide = start.line, start.column, value[0].isspace()
    if wide and _indent_only(sheet.line(row), column):
        return sheet.error("P003.indent", row, column, value, space=wording.space_name(value[0]))
    if wide:
        return sheet.error("P003.before", row, column, value, space=wording.space_name(value[0]))
    column = end.column - (len(value) - len(value.rstrip()))
    return sheet.error("P003.after", end.line, column, value, space=wording.space_name(value[-1]))


def _wide_or_tight_mark(sheet: Sheet, value: str, start: Mark) -> Diagnostic | None:
    row, column = start.line, start.column
    if value[0] in wording.WIDE_BRACKETS:
        return sheet.error("P003.bracket", row, column, value, sign=value[0])
    if value[0] not in SUSPECT or not _indent_only(sheet.line(row), column):
        return None
    if value[0] == "＃":
        return sheet.error("P003.comment", row, column, value)
    if value[1:2].isdigit() or value[1:2] in ("", "."):
        return None
    return wording.dash(sheet, row, column, sheet.words(row, column))


def _continued(sheet: Sheet, start: Mark, end: Mark) -> Diagnostic | None:
    """Look at the lines that YAML joins to a value with a space between."""
    first = sheet.line(start.line)
    before, words = first[: start.column].rstrip(), first[start.column :].strip()
    for row in range(start.line + 1, end.line + 1):
        line = sheet.line(row)
        found = _added_line(sheet, row, words, after_dash=before.endswith("-"))
        if found is not None:
            return found
        words = line.strip() or words
    return None


def _added_line(sheet: Sheet, row: int, above: str, *, after_dash: bool) -> Diagnostic | None:
    """Tell what a line was meant to be, where it looks like more than the rest of the text above."""
    line = sheet.line(row)
    words = line.strip(" ")
    column = indent_of(line)
    if words.startswith("- ") or words == "-":
        if after_dash:
            return sheet.error("P006.item_inside", row, 0, above)
        return wording.deeper(sheet, row, column, above, words)
    if words.startswith("-"):
        return wording.dash(sheet, row, column, words)
    if words[:1].isspace():
        return sheet.error("P003.indent", row, column, words, space=wording.space_name(words[0]))
    name = _WIDE_NAME.match(words) or _TIGHT_NAME.match(words)
    if name and not above.endswith(_GOES_ON):
        return wording.colon(sheet, row, column, words)
    return wording.deeper(sheet, row, column, above, words) if words and _FIGURE.fullmatch(above) else None


def _wide_comma(sheet: Sheet, value: str, start: Mark) -> Diagnostic | None:
    for found in _WIDE_NEXT.finditer(value):
        if found[2] in _ROW_KEYS or _MEASURED.fullmatch(value, 0, found.start()):
            break
    else:
        return None
    if not sheet.line(start.line).startswith(value, start.column):
        return None
    return sheet.error("P003.comma", start.line, start.column + found.start(), value, mark=found[1])


def _adjacent(before: Node, after: Scalar) -> bool:
    """Tell whether nothing but a comma stands between two values, and a digit on either side."""
    return (
        isinstance(before, Scalar)
        and not (before.quoted or after.quoted)
        and before.text[-1:].isdigit()
        and after.text[:1].isdigit()
        and before.place.line == after.place.line
        and before.place.column + len(before.text) + 1 == after.place.column
    )


def _split_by_comma(sheet: Sheet, first: Node) -> Diagnostic:
    row, column = first.place.line - 1, first.place.column - 1
    found = _DIGITS.match(sheet.line(row), column)
    whole = found[0] if found else ""
    return sheet.error("P006.split", row, column, whole, whole=whole.replace(",", ""))
