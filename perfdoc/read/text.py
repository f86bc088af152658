"""Which text does a file hold, and may each of its characters go to Word?

UTF-8 is the only encoding; the others that Chinese desktops write are recognised, so that they can be named.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfdoc.core.diagnostics import Diagnostic, Place, diagnose, in_reading_order

MOST_REPORTED = 20
"""Faults of one code that are shown one by one."""

ENOUGH = 500
"""Faults in a file after which nobody counts."""

WIDTH = 20
"""Characters of the content that a message shows at most."""

LOST = "\ufffd"
"""Stands in the decoded text wherever a character was refused, so that columns stay what they were."""

_BASIC_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
_CONTROLS = _BASIC_CONTROLS + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
_BASIC_UNSEEN = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffc"
)
_UNSEEN = _BASIC_UNSEEN + r"\U000e0000-\U000e007f"
_EMOJI = r"[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_NEVER = rf"{_CONTROLS}{_UNSEEN}\ud800-\udfff"
REFUSED = re.compile(rf"[{_NEVER}]|(?<!{_EMOJI})\u200d|\u200d(?!{_EMOJI})")  # it joins the parts of an emoji
"""What XML or Word does not take, and what nobody sees on the screen."""

_REFUSED_OR_LOST = re.compile(f"{REFUSED.pattern}|{LOST}")
# Asked first. Whatever lies above the basic plane is looked at again: to tell those characters apart takes 36 ranges,
# which are tried one after the other at every character of the text.
_PERHAPS = re.compile(rf"[{_BASIC_CONTROLS}{_BASIC_UNSEEN}\ud800-\udfff\u200d{LOST}\U00010000-\U0010ffff]")
_UNSHOWN = re.compile(rf"{_REFUSED_OR_LOST.pattern}|[^\S \u3000]")
_IS_CONTROL = re.compile(f"[{_CONTROLS}]")
_NAMES = {
    0x85: "换行控制符",
    0xAD: "软连字符",
    0x200B: "零宽空格",
    0x200C: "零宽不连字符",
    0x200D: "零宽连字符",
    0x2028: "行分隔符",
    0x2029: "段分隔符",
    0x2060: "零宽连接符",
    0xFEFF: "字节序标记",
    0xFFFC: "图片占位符",
    **dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "方向控制符"),
}
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


class Sheet:
    """A text as it stands in its file, line by line; rows and columns count from 0 here, from 1 in places."""

    def __init__(self, file: str, lines: Iterable[str]) -> None:
        self.file = file
        self.lines = list(lines)

    def line(self, row: int) -> str:
        """Return a line, an empty one past the end."""
        return self.lines[row] if row < len(self.lines) else ""

    def words(self, row: int, column: int = 0) -> str:
        """Return what stands at a place, as much of it as is ever shown."""
        return self.line(row)[column : column + 2 * WIDTH]

    def error(
        self, kind: str, row: int, column: int, words: str | None = None, /, **facts: "str | int"
    ) -> Diagnostic:
        """Report an error at a row and a column; past the end means the end.

        Args:
            kind: Which fault it is.
            row: Where it stands.
            column: Where it stands.
            words: The words of the content that the message shows; those that stand there unless others are given.
            **facts: What else the message speaks of.
        """
        row = min(row, len(self.lines) - 1)
        column = max(0, min(column, len(self.lines[row])))
        shown = excerpt(self.words(row, column) if words is None else words)
        return diagnose(kind, Place(self.file, row + 1, column + 1), words=shown, **facts)


def decode(data: bytes, file: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Read the bytes of a file as text with plain line feeds and no byte order mark.

    Tabs pass; the caller judges them.

    Args:
        data: What the file holds.
        file: The name to show.

    Returns:
        The text, or None where the bytes are none. Beside a refused character (P005) the text has U+FFFD in
        its place: good for finding further faults at their right columns, not for building from.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return None, (_not_utf8(data, Place(file), fault.start),)
    if b"\0" in data[:400] and _foreign(data):
        return None, (_not_utf8(data, Place(file), 0),)
    text = text.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    faults = characters(text, file)
    return (REFUSED.sub(LOST, text) if faults else text), faults


_MERGE_MARKS = tuple(map(re.compile, (r"<{7}(?: .*)?", r"={7}", r">{7}(?: .*)?")))
"""The lines that git writes above, between and below the two versions."""


def conflict(text: str, file: str) -> tuple[Diagnostic, ...]:
    """Report where git left both versions of a merge, each such place once; nothing else of the text counts then."""
    if "<<<<<<<" not in text:
        return ()
    faults: list[Diagnostic] = []
    seen: list[int] = []  # the lines of the marks of one merge, as far as they have come
    for number, line in enumerate(text.split("\n"), start=1):
        if _MERGE_MARKS[len(seen)].fullmatch(line):
            seen.append(number)
        if len(seen) == len(_MERGE_MARKS):
            faults.append(diagnose("P012", Place(file, seen[0], 1), last=number))
            seen = []
    return capped(faults)


def characters(text: str, file: str) -> tuple[Diagnostic, ...]:
    """Report each character that may not go to Word, a run of the same one once, at most some twenty."""
    if not _PERHAPS.search(text):
        return ()
    found = list(_runs(text))
    faults = []
    row, start = 0, 0  # of the line that holds the last one found
    for at in found[: MOST_REPORTED + 1]:
        row += text.count("\n", start, at)
        start = text.rfind("\n", 0, at) + 1
        kind = "P005.lost" if text[at] == LOST else "P005.character"
        place = Place(file, row + 1, at - start + 1)
        faults.append(diagnose(kind, place, what=described(ord(text[at]))))
    return capped(faults, len(found) - len(faults))


def capped(diagnostics: Iterable[Diagnostic], unlisted: int = 0) -> tuple[Diagnostic, ...]:
    """Sort, keep the first twenty of each code, and count the others in one more.

    Args:
        diagnostics: All that was found.
        unlisted: How many more there are of the last one's kind.
    """
    by_code = defaultdict(list)
    for diagnostic in in_reading_order(diagnostics):
        by_code[diagnostic.code].append(diagnostic)
    kept: list[Diagnostic] = []
    for group in by_code.values():
        kept += group[:MOST_REPORTED]
        more = len(group) - MOST_REPORTED + unlisted
        if len(group) > MOST_REPORTED:
            number = f" {more} " if more < ENOUGH - MOST_REPORTED else "很多"
            message, remedy = f"同样的问题还有{number}处，没有一一列出。", "请先改正前面的，再检查一次。"
            kept.append(replace(group[MOST_REPORTED], message=message, remedy=remedy))
    return in_reading_order(kept)


def excerpt(text: str, width: int = WIDTH) -> str:
    """Cut a piece of content so that it can be shown on one line of any console."""
    text = text.strip()
    shown = text if len(text) <= width else text[: width - 1] + "…"
    return _UNSHOWN.sub("□", shown.replace("\t", "→").replace("\n", " "))


def described(code_point: int) -> str:
    """Name a refused character."""
    name = _NAMES.get(code_point)
    kind = "看不见的字符" if name or not _IS_CONTROL.match(chr(code_point)) else "不允许的控制字符"
    return f"{kind} U+{code_point:04X}" + (f"（{name}）" if name else "")


def _runs(text: str) -> Iterator[int]:
    """Find where each run of one and the same refused character begins."""
    end = -1
    for found in _REFUSED_OR_LOST.finditer(text):
        at = found.start()
        if at != end or text[at] != text[at - 1]:
            yield at
        end = at + 1


def _foreign(data: bytes) -> str | None:
    """Recognise UTF-16, which may pass for UTF-8 full of NULs; return the name of its codec."""
    if data[:2] in _UTF16:
        return _UTF16[data[:2]]
    nulls = [at % 2 for at, byte in enumerate(data[:400]) if not byte]
    if len(set(nulls)) != 1 or len(nulls) < max(2, len(data[:400]) // 10) or len(data) % 2:
        return None
    return "utf-16-le" if nulls[0] else "utf-16-be"


def _not_utf8(data: bytes, place: Place, bad: int) -> Diagnostic:
    """Say what the bytes are instead, given the first that is no UTF-8."""
    codec = _foreign(data)
    if codec:
        return diagnose("P001.utf16", place, words=_first_words(data.decode(codec, "replace")))
    if data.startswith(_DOCUMENTS):
        return diagnose("P001.document", place)
    sound = data[:bad]
    # Chinese that stands in UTF-8 before the first bad byte tells that the whole is no GBK.
    words = "" if re.search("[\u4e00-\u9fff]", sound.decode()) else _first_words(_gbk(data))
    if words:
        return diagnose("P001.gbk", place, words=words)
    return diagnose("P001.bytes", place, line=len(sound.splitlines() or [b""]))


def _gbk(data: bytes) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return ""


def _first_words(text: str) -> str:
    """Return the first line with Chinese on it, cut, or the first line with anything."""
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    return excerpt(next((line for line in lines if not line.isascii()), next(iter(lines), "")), 12)
