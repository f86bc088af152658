"""What do these bytes say as XML, if they may be read at all?"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeAlias, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, fromstring
from xml.parsers import expat

from perfdoc.docx.sound.faults import Fault

Index: TypeAlias = dict[str, list[Element]]
"""Every element of a part under its tag, in reading order."""

_DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"utf-16"}
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile("<[^<>]*>")
_BEGUN = re.compile(r"[&<][^&<;]*\Z")
_DEEPEST = 250
_REFERENCE_ERRORS = {11, 14}  # undefined entity, reference to a character that XML does not have


def parse(part: str, data: bytes) -> Element | Fault:
    """Read a part, or say why it cannot be read.

    A document type is refused before anything is parsed: it can make a kilobyte expand to gigabytes.
    """
    if not data.strip():
        return Fault(part, "", "这个部件是空的。")
    refusal = _refusal(data)
    if refusal:
        return Fault(part, "", refusal)
    try:
        root = fromstring(data)  # noqa: S314 -- without a document type there are no entities to abuse
    except ParseError as error:
        return Fault(part, _after(data[: _wrong_at(data)]), _reason(data, error.code))
    return Fault(part, "", f"元素嵌套超过 {_DEEPEST} 层，不像正常的文件。") if _too_deep(root) else root


def _too_deep(root: Element) -> bool:
    """Tell whether elements nest so deeply that readers who recurse would give up, ours and others'."""
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
    return bool(level)


def index(root: Element) -> Index:
    """Sort all elements by tag.

    What follows asks once for each tag and judges the distinct answers only: a form of 2,500 elements has thirty
    tags and some hundred distinct answers. Measured: 0.5 ms for nesting and values, against 0.7 ms for one walk that
    judges each element, and everything else finds its elements here without walking again.
    """
    found: Index = defaultdict(list)
    for element in root.iter():
        found[element.tag].append(element)
    return dict(found)


def root_prefixes(data: bytes) -> frozenset[str]:
    """List the namespace prefixes that the first element declares; the parsed tree no longer knows them."""
    parser: XMLPullParser[Element] = XMLPullParser(("start-ns", "start"))
    prefixes: set[str] = set()
    for start in range(0, len(data), 4096):
        parser.feed(data[start : start + 4096])
        for event, value in cast(Iterator[tuple[str, Any]], parser.read_events()):
            if event == "start":
                return frozenset(prefixes)
            prefixes.add(value[0])
    return frozenset(prefixes)


def _refusal(data: bytes) -> str:
    """Say why the bytes are not even parsed; nothing when they may be."""
    declared = _DECLARED.match(data)
    if declared and declared[1].lower() not in _ENCODINGS:
        return f"编码是“{declared[1].decode('ascii', 'replace')}”，应为 UTF-8。"
    if any(doctype in data for doctype in _DOCTYPES):
        return "含有 DTD（<!DOCTYPE …>）。Word 文件里不会有它，为安全起见不予读取。"
    return ""


def _wrong_at(data: bytes) -> int:
    """Count the bytes before the first that is wrong; ElementTree knows only the line, and Word writes one line."""
    parser = expat.ParserCreate(namespace_separator=" ")
    with suppress(expat.ExpatError):
        parser.Parse(data, True)  # noqa: FBT003 -- expat takes it by position only
    return parser.ErrorByteIndex


def _reason(data: bytes, code: int) -> str:
    try:
        forbidden = _FORBIDDEN.search(data.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return "含有不是 UTF-8 的字节。"
    if forbidden:
        return f"含有不能写进 Word 的字符 U+{ord(forbidden[0]):04X}。"
    if code in _REFERENCE_ERRORS:
        return "含有 XML 没有的字符引用（& 开头的一段）。"
    return f"不是规范的 XML（{expat.ErrorString(code)}）：可能有未转义的 & 或 <，或者文件不完整。"


def _after(before: bytes) -> str:
    """Name a place by what a person can see, the words just before it."""
    lines = _TAG.sub("\n", before[-600:].decode("utf-8", "ignore")).split("\n")
    words = next((line.strip() for line in reversed(lines) if line.strip()), "")
    words = _BEGUN.sub("", words)
    return f"“{words[-12:]}”之后" if words else ""
