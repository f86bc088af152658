"""What does YAML read without complaint, but otherwise than it was meant?

Each function looks for one such trap at a value that the loader has just read, and knows the lines it stands on.
Rows and columns count from 0 here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol

from perfdoc.diagnostics import Diagnostic
from perfdoc.load.text import REFUSED, Sheet, character_fault, excerpt
from perfdoc.source import Node, Scalar

SUSPECT = frozenset("-－｛［＃")
"""A value that begins with one of these, and stands first on its line, was probably meant as notation."""

GLUED = re.compile(r" #\S")
"""Where something may be taken for a comment that is none."""

TIGHT = re.compile(r":[,?\[\]{}]")
"""Where the loaders disagree about `{名称:}`."""

_FIGURE = re.compile(r"[-+≥≤]?\s*[0-9０-９][0-9０-９.,，]*\s*[%％]?")
_WIDE_NAME = re.compile(r"[^\s：，。；、]{1,10}(：)")
_TIGHT_NAME = re.compile(r"[\u4e00-\u9fff]{1,10}(:)(?=\S)")
_WIDE_NEXT = re.compile(r"([，、；])\s*[^\s，、；：]{1,8}：")
_GOES_ON = ("，", "、", "；", "：", ",", "——", "…")
_DIGITS = re.compile(r"[^\s,]*[0-9](?:,[0-9]+)+(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_SPACES = {"\u3000": "全角空格", "\xa0": "不间断空格"}
_SIMPLE = {"0": 0, "a": 7, "b": 8, "v": 11, "f": 12, "r": 13, "e": 27, "N": 0x85, "L": 0x2028, "P": 0x2029}
_HARMLESS = frozenset('tn "\\/_')
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))")
_HIGHEST = 0x10FFFF


class Mark(Protocol):
    """A position of the loader."""

    @property
    def line(self) -> int:
        """The row."""

    @property
    def column(self) -> int:
        """The column."""


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
        found = _wide_comma(sheet, value, start) or _tight_colon(sheet, end)
    return found


def name_alone(sheet: Sheet, last: tuple[Node, Node] | None, name: Scalar) -> Diagnostic | None:
    """Find out why a name in braces has no value; None where it was left empty on purpose (`分值: `).

    Args:
        sheet: The text.
        last: The name and value before.
        name: The name without a value.
    """
    row, column = name.place.line - 1, name.place.column - 1
    rest = sheet.line(row)[column:]
    if name.quoted or (rest.startswith(name.text) and rest[len(name.text) :].lstrip().startswith(":")):
        return None
    if last is not None and _adjacent(last[1], name):
        return _split_by_comma(sheet, last[1])
    if last is not None and _adjacent(last[0], name):
        return None  # the third part of 1,000,000
    return colon_slip(sheet, row, column, name.text) or sheet.error(
        "P006",
        row,
        column,
        f"花括号里的「{excerpt(name.text)}」没有冒号和值。",
        "请写成“名称: 值”；若是前一个值里的逗号，请给那个值加引号。",
    )


def wide_name(sheet: Sheet, name: Scalar) -> Diagnostic | None:
    """Find a full-width colon in a name that has no value."""
    if name.quoted or "：" not in name.text:
        return None
    return colon_slip(sheet, name.place.line - 1, name.place.column - 1, name.text)


def colon_slip(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic | None:
    """Find the colon that is full-width, or lacks its blank, in `words` at a row and column."""
    found = re.search(r"[:：]", words)
    if found is None:
        return None
    at, name = found.start(), words[: found.start()].strip()
    rest = words[at + 1 :]
    value = rest.strip()
    if found[0] == "：":
        message = f"用了全角冒号“：”：「{excerpt(words)}」。"
    elif rest[:1].isspace():
        message = f"冒号后面用了{_space(rest[0])}：「{excerpt(words)}」。"
    else:
        message = f"冒号后面少了空格：「{excerpt(words)}」。"
    code = "P003" if found[0] == "：" or rest[:1].isspace() else "P006"
    remedy = f"请改成半角冒号加一个空格，例如 {excerpt(name)}: {excerpt(value)}".rstrip() + "。"
    return sheet.error(code, row, column + at + (code == "P003" and found[0] == ":"), message, remedy)


def split_figures(sheet: Sheet, items: Iterable[Node]) -> Iterator[Diagnostic]:
    """Find figures with thousands commas that brackets take apart: `[1,000]`."""
    within = False
    for before, after in pairwise(items):
        splits = isinstance(after, Scalar) and _THOUSANDS.fullmatch(after.text) and _adjacent(before, after)
        if splits and not within:
            yield _split_by_comma(sheet, before)
        within = bool(splits)


def empty_block(sheet: Sheet, start: Mark) -> Diagnostic:
    """Report a `>` or `|` that was meant as a sign: nothing follows that it could lay out."""
    words = sheet.line(start.line)[start.column :]
    return block_sign(sheet, start.line, start.column, words)


def block_sign(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a value that begins with a sign of layout."""
    message = f"值以 > 或 | 开头会被当作排版符号：「{excerpt(words)}」。"
    return sheet.error("P004", row, column, message, '请改用 ≥，或给值加引号，例如 ">=90%"。')


def unclosed_quote(sheet: Sheet, start: Mark, end: Mark, indent: int) -> Diagnostic | None:
    """Report a quoted value that swallows a line which is no deeper than its own list or mapping."""
    for row in range(start.line + 1, end.line + 1):
        line = sheet.line(row)
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            return quote_unpaired(sheet, start.line, start.column)
    return None


def quote_unpaired(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report an opening quote."""
    kind = "双" if sheet.line(row)[column : column + 1] == '"' else "单"
    message = f"这里的英文{kind}引号没有配对：「{excerpt(sheet.line(row)[column:])}」。"
    return sheet.error("P006", row, column, message, "请补上另一半；文中的引号请用中文“ ”。")


def escapes(sheet: Sheet, start: Mark, end: Mark) -> Iterator[Diagnostic]:
    """Report the characters that a value in double quotes spells out and that no value may hold."""
    for row in range(start.line, end.line + 1):
        first = start.column + 1 if row == start.line else 0
        last = end.column - 1 if row == end.line else len(sheet.line(row))
        for column, written, message, remedy in refused_escapes(sheet.line(row)[first:last]):
            if written:
                yield sheet.error("P005", row, first + column, message, remedy)


def refused_escapes(words: str) -> Iterator[tuple[int, str, str, str]]:
    r"""Yield column, spelling, message and remedy of each escape that is refused.

    The spelling is empty for a backslash that is no escape at all: `"C:\路径"`.
    """
    pair_ends = -1
    for found in _ESCAPE.finditer(words):
        code_point = _code_point(found)
        at = found.start()
        if code_point is None and found[4] not in _HARMLESS and found[4]:
            message = f"双引号里的 \\ 是转义符：「{excerpt(words[at:])}」。"
            yield at, "", message, "请改用单引号，或写成 \\\\。"
        elif code_point is not None and (code_point > _HIGHEST or 0xD800 <= code_point < 0xE000):  # noqa: PLR2004
            if at != pair_ends:
                yield at, found[0], f"不支持「{found[0]}」这样的写法。", "请直接输入这个字符。"
            pair_ends = found.end()
        elif code_point is not None and REFUSED.match(chr(code_point)):
            yield at, found[0], *character_fault(code_point, found[0])


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
            at = _comment(line, spans[row])
            before = line[:at].rstrip()
            if before and GLUED.match(line, at - 1) and all(end != len(before) for _, end in spans[row]):
                message = f"「{excerpt(line[at:])}」会被当作注释丢掉。"
                remedy = "若是文字内容，请给整个值加引号；若是注释，# 后加空格。"
                yield sheet.error("P006", row, at, message, remedy)


def _comment(line: str, spans: list[tuple[int, int]]) -> int:
    """Find where the comment of a line begins; its end where there is none."""
    for found in re.finditer("#", line):
        at = found.start()
        if not any(first <= at < end for first, end in spans) and (not at or line[at - 1] == " "):
            return at
    return len(line)


def _code_point(found: re.Match[str]) -> int | None:
    digits = found[1] or found[2] or found[3]
    return int(digits, 16) if digits else _SIMPLE.get(found[4])


def _space(character: str) -> str:
    return _SPACES.get(character, f"特殊空格 U+{ord(character):04X}")


def _indent_only(line: str, column: int) -> bool:
    return not line[:column].strip()


def _padded(sheet: Sheet, value: str, start: Mark, end: Mark) -> Diagnostic | None:
    if value == value.strip():
        return None
    remedy = "请删掉它；确实需要时，给整个值加引号。"
    if value[0].isspace() and _indent_only(sheet.line(start.line), start.column):
        message = f"行首缩进用了{_space(value[0])}：「{excerpt(value)}」。"
        return sheet.error("P003", start.line, start.column, message, "请改用半角空格缩进。")
    if value[0].isspace():
        message = f"「{excerpt(value)}」前面有{_space(value[0])}。"
        return sheet.error("P003", start.line, start.column, message, remedy)
    column = end.column - (len(value) - len(value.rstrip()))
    message = f"「{excerpt(value)}」后面有{_space(value[-1])}。"
    return sheet.error("P003", end.line, column, message, remedy)


def _wide_or_tight_mark(sheet: Sheet, value: str, start: Mark) -> Diagnostic | None:
    row, column = start.line, start.column
    if value[0] in "｛［":
        message = f"用了全角括号“{value[0]}”：「{excerpt(value)}」。"
        return sheet.error("P003", row, column, message, "请改成半角括号；若是文字，给整个值加引号。")
    if value[0] not in SUSPECT or not _indent_only(sheet.line(row), column):
        return None
    if value[0] == "＃":
        message = f"注释用了全角“＃”：「{excerpt(value)}」。"
        return sheet.error("P003", row, column, message, "请改成半角 # 加一个空格；若是文字，给它加引号。")
    if value[1:2].isdigit() or value[1:2] in ("", "."):
        return None
    if value[0] == "－":
        message = f"列表的“-”用了全角“－”：「{excerpt(value)}」。"
        return sheet.error("P003", row, column, message, "请改成半角 - 加一个空格。")
    return dash_glued(sheet, row, column, value)


def dash_glued(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a list item whose `-` has no blank behind it."""
    message = f"列表的“-”后面要有一个空格：「{excerpt(words)}」。"
    return sheet.error("P006", row, column, message, f"请写成 - {excerpt(words[1:])}。")


def _continued(sheet: Sheet, start: Mark, end: Mark) -> Diagnostic | None:
    """Look at the lines that YAML adds to a value with a blank between."""
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
    column = len(line) - len(line.lstrip(" "))
    if words.startswith("- ") or words == "-":
        if after_dash:
            message = f"这一条“- ”没有与上一条对齐，会被并入上一条「{excerpt(above)}」。"
            return sheet.error("P006", row, 0, message, "请与上一条的“- ”对齐。")
        return added_to(sheet, row, column, above, words)
    if words.startswith("-"):
        return dash_glued(sheet, row, column, words)
    if words[:1].isspace():
        message = f"行首缩进用了{_space(words[0])}：「{excerpt(words)}」。"
        return sheet.error("P003", row, column, message, "请改用半角空格缩进。")
    name = _WIDE_NAME.match(words) or _TIGHT_NAME.match(words)
    if name and not above.endswith(_GOES_ON):
        return colon_slip(sheet, row, column, words)
    return added_to(sheet, row, column, above, words) if words and _FIGURE.fullmatch(above) else None


def added_to(sheet: Sheet, row: int, column: int, above: str, words: str) -> Diagnostic:
    """Report a line that is deeper than a line which has its value already."""
    message = f"这一行「{excerpt(words)}」缩进多了，上一行已经有值「{excerpt(above)}」。"
    return sheet.error("P006", row, column, message, "请与上一行对齐。")


def _wide_comma(sheet: Sheet, value: str, start: Mark) -> Diagnostic | None:
    found = _WIDE_NEXT.search(value)
    if found is None or not sheet.line(start.line).startswith(value, start.column):
        return None
    return comma_wide(sheet, start.line, start.column + found.start(), value)


def comma_wide(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a full-width comma between the parts of a one-line entry."""
    mark = sheet.line(row)[column : column + 1]
    message = f"一行写法里用了全角的“{mark}”：「{excerpt(words)}」。"
    return sheet.error("P003", row, column, message, "请改成半角逗号加一个空格；若是文字，给整个值加引号。")


def _tight_colon(sheet: Sheet, end: Mark) -> Diagnostic | None:
    line = sheet.line(end.line)
    return colon_tight(sheet, end.line, end.column) if TIGHT.match(line, end.column) else None


def colon_tight(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a colon inside brackets that touches the next sign."""
    message = f"冒号后面少了空格：「{excerpt(sheet.line(row)[max(0, column - 8) : column + 8])}」。"
    return sheet.error("P006", row, column, message, "请在冒号后面加一个空格。")


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
    message = f"括号里的「{excerpt(whole)}」会被逗号拆开。"
    return sheet.error("P006", row, column, message, f"请写成 {whole.replace(',', '')}，或加引号。")
