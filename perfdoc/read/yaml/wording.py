"""Which slip of notation is it, where telling that takes a look at the words?

Rows and columns count from 0 here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import REFUSED, WIDTH, Sheet, described, excerpt
from perfdoc.read.yaml.page import comment_at

_SPACES = {"\u3000": "全角空格", "\xa0": "不间断空格"}
_SIMPLE = {"0": 0, "a": 7, "b": 8, "v": 11, "f": 12, "r": 13, "e": 27, "N": 0x85, "L": 0x2028, "P": 0x2029}
_HARMLESS = frozenset('tn "\\/_')
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)

SPECIAL = frozenset("%@`,]}&*!|>")
"""What YAML keeps for itself at the beginning of a name or value."""
WIDE_BRACKETS = frozenset("｛［")


class Escape(NamedTuple):
    """A backslash in double quotes that is refused.

    Attributes:
        row: Where it stands.
        column: Where it stands.
        length: How many characters it takes.
        readable: Whether every loader reads it: the value has the character then.
        fault: What is wrong with it.
    """

    row: int
    column: int
    length: int
    readable: bool
    fault: Diagnostic


def escapes(sheet: Sheet, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Escape]:
    r"""Find each escape that is none (`"C:\路径"`) or that stands for a character that is refused.

    Args:
        sheet: The text.
        start: Row and column behind the quotation mark that opens the value.
        end: Row and column behind the one that closes it.
    """
    for row in range(start[0], end[0] + 1):
        line = sheet.line(row)
        pair_ends = -1
        last = end[1] - 1 if row == end[0] else len(line)
        for found in _ESCAPE.finditer(line, start[1] if row == start[0] else 0, last):
            at, written, code_point = found.start(), found[0], _code_point(found)
            if code_point is None:
                if found[4] and found[4] not in _HARMLESS:
                    words = line[at : min(last, at + 2 * WIDTH)]
                    yield Escape(row, at, 1, readable=False, fault=sheet.error("P006.escape", row, at, words))
            elif code_point > _HIGHEST or code_point in _SURROGATES:
                if at != pair_ends:
                    fault = sheet.error("P005.direct", row, at, written=written)
                    yield Escape(row, at, len(written), readable=False, fault=fault)
                pair_ends = found.end()
            elif REFUSED.match(chr(code_point)):
                what = described(code_point)
                fault = sheet.error("P005.written", row, at, what=what, written=written)
                yield Escape(row, at, len(written), readable=True, fault=fault)


def _code_point(found: re.Match[str]) -> int | None:
    digits = found[1] or found[2] or found[3]
    return int(digits, 16) if digits else _SIMPLE.get(found[4])


def colon(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic | None:
    """Find the colon that is full-width, or lacks its blank, in `words` at a row and column."""
    found = re.search(r"([:：])(\s?)", words)
    if found is None:
        return None
    at, space = found.start(), found[2]
    example = f"{excerpt(words[:at])}: {excerpt(words[at + 1 :])}".rstrip()
    if found[1] == "：":
        return sheet.error("P003.colon", row, column + at, words, example=example)
    if space:
        named = space_name(space)
        return sheet.error("P003.colon_space", row, column + at + 1, words, example=example, space=named)
    return sheet.error("P006.colon_space", row, column + at, words, example=example)


def space_name(character: str) -> str:
    """Name a white space that YAML takes for text."""
    return _SPACES.get(character, f"特殊空格 U+{ord(character):04X}")


def sign(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a value that begins with a sign which YAML keeps for itself."""
    if words[0] in "|>":
        return sheet.error("P004.layout", row, column, words)
    return sheet.error("P004.sign", row, column, words, sign=words[0])


def start(sheet: Sheet, row: int, column: int, words: str, *, dash: bool) -> Diagnostic | None:
    """Report what a value may not begin with; `dash` says whether `- ` is wrong as well."""
    if words[0] in SPECIAL or words.startswith("{%"):
        return sign(sheet, row, column, words)
    if words[0] in WIDE_BRACKETS:
        return sheet.error("P003.bracket", row, column, words, sign=words[0])
    if dash and (words == "-" or words.startswith("- ")):
        return sheet.error("P006.dash_as_value", row, column, words)
    return None


def quote(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report an opening quotation mark that nothing closes."""
    return sheet.error("P006.quote", row, column, kind=_quote_name(sheet, row, column))


def after_quote(sheet: Sheet, row: int, start: int, column: int) -> Diagnostic:
    """Report text behind the quotation mark that closes a value."""
    line = sheet.line(row)
    words = line[start : comment_at(line, column)]
    if line[column - 1] == " ":
        return sheet.error("P006.after_quote", row, column, words)
    return sheet.error("P006.quote_inside", row, column, words, kind=_quote_name(sheet, row, start))


def _quote_name(sheet: Sheet, row: int, column: int) -> str:
    return "双" if sheet.line(row).startswith('"', column) else "单"


def anchor_or_tag(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report an anchor, an alias or a tag."""
    written = re.match(r"[^\s,\[\]{}]*", sheet.words(row, column))
    words = written[0] if written else ""
    kind = "! 标签" if words.startswith("!") else "& 和 * 引用"
    return sheet.error("P007.property", row, column, words, kind=kind)


def document(sheet: Sheet, row: int) -> Diagnostic:
    """Report a line that ends the content or begins another one."""
    return sheet.error("P006.document", row, 0, mark=sheet.line(row)[:3])


def dash(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a list item whose dash is full-width or has no space behind it."""
    if words[0] == "－":
        return sheet.error("P003.dash", row, column, words)
    return sheet.error("P006.dash", row, column, words, rest=excerpt(words[1:]))


def deeper(sheet: Sheet, row: int, column: int, above: str, words: str) -> Diagnostic:
    """Report a line that is deeper than a line which has its value already."""
    return sheet.error("P006.deeper", row, column, words, above=excerpt(above))
