"""The message for each slip of notation.

Rows and columns count from 0 here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.read.text import REFUSED, Sheet, character_fault, excerpt
from perfdoc.read.yaml.page import comment_at, indent_of

_SPACES = {"\u3000": "全角空格", "\xa0": "不间断空格"}
_SIMPLE = {"0": 0, "a": 7, "b": 8, "v": 11, "f": 12, "r": 13, "e": 27, "N": 0x85, "L": 0x2028, "P": 0x2029}
_HARMLESS = frozenset('tn "\\/_')
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escape:
    """A backslash in double quotes that is refused.

    Attributes:
        column: Where it stands in the text that was searched.
        written: The escape as it was written.
        readable: Whether every loader reads it: the value has the character then.
        code: The fault's code.
        message: What is wrong.
        remedy: What to do about it.
    """

    column: int
    written: str
    readable: bool
    code: str
    message: str
    remedy: str


def colon_slip(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic | None:
    """Find the colon that is full-width, or lacks the space behind it, in `words` at a row and column."""
    found = re.search(r"[:：]", words)
    if found is None:
        return None
    at, name = found.start(), words[: found.start()].strip()
    rest = words[at + 1 :]
    value = rest.strip()
    if found[0] == "：":
        message = f"用了全角冒号“：”：「{excerpt(words)}」。"
    elif rest[:1].isspace():
        message = f"冒号后面用了{space_name(rest[0])}：「{excerpt(words)}」。"
    else:
        message = f"冒号后面少了空格：「{excerpt(words)}」。"
    code = "P003" if found[0] == "：" or rest[:1].isspace() else "P006"
    remedy = f"请改成半角冒号加一个空格，例如 {excerpt(name)}: {excerpt(value)}".rstrip() + "。"
    return sheet.error(code, row, column + at + (code == "P003" and found[0] == ":"), message, remedy)


def block_sign(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a value that begins with a sign of layout."""
    message = f"值以 > 或 | 开头会被当作排版符号：「{excerpt(words)}」。"
    return sheet.error("P004", row, column, message, '请改用 ≥，或给值加引号，例如 ">=90%"。')


def special_start(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a value that begins with a sign which YAML keeps for itself."""
    if words[0] in "|>":
        return block_sign(sheet, row, column, words)
    message = f"值以特殊符号「{words[0]}」开头：「{excerpt(words)}」。"
    return sheet.error("P004", row, column, message, "请给整个值加上英文双引号。")


def dash_as_value(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a `-` with a space behind it where a value is expected."""
    message = f"“-”后面有空格会被当作列表：「{excerpt(words)}」。"
    return sheet.error("P006", row, column, message, "负数请写成 -1，没有内容就空着。")


def text_after_quote(sheet: Sheet, row: int, start: int, column: int) -> Diagnostic:
    """Report text behind the quotation mark that closes a value."""
    line = sheet.line(row)
    kind = "双" if line[start : start + 1] == '"' else "单"
    words = excerpt(line[start : comment_at(line, column)])
    if line[column - 1] == " ":
        message, remedy = f"引号后面还有文字：「{words}」。", "请把引号括住整个值，或去掉引号。"
    else:
        message, remedy = f"值里混用了英文{kind}引号：「{words}」。", "文中的引号请用中文“ ”。"
    return sheet.error("P006", row, column, message, remedy)


def quote_unpaired(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report an opening quote."""
    kind = "双" if sheet.line(row)[column : column + 1] == '"' else "单"
    message = f"这里的英文{kind}引号没有配对：「{excerpt(sheet.words(row, column))}」。"
    return sheet.error("P006", row, column, message, "请补上另一半；文中的引号请用中文“ ”。")


def refused_escapes(words: str) -> Iterator[Escape]:
    r"""Find each escape that is none (`"C:\路径"`) or that stands for a character that is refused."""
    pair_ends = -1
    for found in _ESCAPE.finditer(words):
        at, written, code_point = found.start(), found[0], _code_point(found)
        if code_point is None:
            if found[4] and found[4] not in _HARMLESS:
                yield _no_escape(at, words[at:])
        elif code_point > _HIGHEST or code_point in _SURROGATES:
            if at != pair_ends:
                yield _no_character(at, written)
            pair_ends = found.end()
        elif REFUSED.match(chr(code_point)):
            message, remedy = character_fault(code_point, written)
            yield Escape(
                column=at, written=written, readable=True, code="P005", message=message, remedy=remedy
            )


def _no_escape(at: int, words: str) -> Escape:
    message = f"双引号里的 \\ 是转义符：「{excerpt(words)}」。"
    remedy = "请改用单引号，或写成 \\\\。"
    return Escape(column=at, written="\\", readable=False, code="P006", message=message, remedy=remedy)


def _no_character(at: int, written: str) -> Escape:
    message = f"不支持「{written}」这样的写法。"
    return Escape(
        column=at,
        written=written,
        readable=False,
        code="P005",
        message=message,
        remedy="请直接输入这个字符。",
    )


def _code_point(found: re.Match[str]) -> int | None:
    digits = found[1] or found[2] or found[3]
    return int(digits, 16) if digits else _SIMPLE.get(found[4])


def space_name(character: str) -> str:
    """Name a non-ASCII whitespace character."""
    return _SPACES.get(character, f"特殊空格 U+{ord(character):04X}")


def dash_glued(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a list item whose `-` has no space behind it."""
    message = f"列表的“-”后面要有一个空格：「{excerpt(words)}」。"
    return sheet.error("P006", row, column, message, f"请写成 - {excerpt(words[1:])}。")


def added_to(sheet: Sheet, row: int, column: int, above: str, words: str) -> Diagnostic:
    """Report a line that is deeper than a line which has its value already."""
    message = f"这一行「{excerpt(words)}」缩进多了，上一行已经有值「{excerpt(above)}」。"
    return sheet.error("P006", row, column, message, "请与上一行对齐。")


def question_mark(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a half-width question mark between brackets, where not every loader takes it for text."""
    message = f"括号里的值用了半角问号“?”：「{excerpt(words)}」。"
    return sheet.error("P006", row, column, message, "请改用全角“？”，或给整个值加引号。")


def comma_wide(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a full-width comma between the parts of a one-line entry."""
    mark = sheet.line(row)[column : column + 1]
    message = f"一行写法里用了全角的“{mark}”：「{excerpt(words)}」。"
    return sheet.error("P003", row, column, message, "请改成半角逗号加一个空格；若是文字，给整个值加引号。")


def colon_tight(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a colon inside brackets that touches the next sign."""
    message = f"冒号后面少了空格：「{excerpt(words)}」。"
    return sheet.error("P006", row, column, message, "请在冒号后面加一个空格。")


def property_refused(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report an anchor, an alias or a tag."""
    written = re.match(r"[^\s,\[\]{}]+", sheet.words(row, column))
    words = excerpt(written[0]) if written else ""
    kind = "! 标签" if words.startswith("!") else "& 和 * 引用"
    message = f"不支持 {kind}写法：「{words}」。"
    return sheet.error("P007", row, column, message, "若是文字内容，请用引号括起来。")


def no_entry(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a line without a name among lines that have one."""
    message = f"这一行不是“名称: 值”的形式：「{excerpt(sheet.words(row, column))}」。"
    return sheet.error("P006", row, column, message, "请补上名称、半角冒号和空格。")


def colon_missing(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a name without a colon above its list or mapping."""
    words = sheet.line(row).strip()
    message = f"「{excerpt(words)}」后面少了冒号。"
    return sheet.error("P006", row, column, message, f"请写成「{excerpt(words)}:」。")


def misaligned(sheet: Sheet, row: int) -> Diagnostic:
    """Report a line whose indentation no line above has."""
    line = sheet.line(row)
    message = f"这一行「{excerpt(line)}」的缩进与上面各行都没有对齐。"
    return sheet.error("P006", row, indent_of(line), message, "请与同一层的行对齐。")


def item_beside_name(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a list item on the level of names, or a name on the level of items."""
    message = f"“- ”列表不能与“名称: 值”并列：「{excerpt(sheet.words(row))}」。"
    return sheet.error("P006", row, column, message, "请缩进到所属的名称下面，或核对“- ”。")


def bracket_wide(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a value in full-width brackets."""
    message = f"用了全角括号“{words[0]}”：「{excerpt(words)}」。"
    return sheet.error("P003", row, column, message, "请改成半角括号；若是文字，给整个值加引号。")


def blanks_wide(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a line that looks empty."""
    message = f"这一行看似空行，却有{space_name(sheet.line(row)[column])}。"
    return sheet.error("P003", row, column, message, "请删掉它。")


def dash_wide(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a list item that begins with a full-width minus sign."""
    message = f"列表的“-”用了全角“－”：「{excerpt(words)}」。"
    return sheet.error("P003", row, column, message, "请改成半角 - 加一个空格。")


def name_missing(sheet: Sheet, row: int, column: int) -> Diagnostic:
    """Report a colon that nothing stands before."""
    message = f"冒号前面没有名称：「{excerpt(sheet.words(row, column))}」。"
    return sheet.error("P006", row, column, message, "请写成“名称: 值”。")


def wide_indent(sheet: Sheet, row: int, column: int, words: str) -> Diagnostic:
    """Report a line that is indented by whitespace that YAML takes for text."""
    message = f"行首缩进用了{space_name(words[0])}：「{excerpt(words)}」。"
    return sheet.error("P003", row, column, message, "请改用半角空格缩进。")


def second_document(sheet: Sheet, row: int) -> Diagnostic:
    """Report a line that ends the content or begins another one."""
    mark = sheet.line(row)[:3]
    message = f"一个文件只写一份内容，这里多了“{mark}”。"
    return sheet.error("P006", row, 0, message, "请删掉这一行。")


def unreadable(sheet: Sheet, row: int) -> Diagnostic:
    """Report the line where the loader gave up and nothing better is known."""
    words = sheet.line(row)
    message = f"这里读不懂：「{excerpt(words)}」。"
    return sheet.error(
        "P006", row, indent_of(words), message, "请核对这一行和上一行的冒号、引号、括号和缩进。"
    )
