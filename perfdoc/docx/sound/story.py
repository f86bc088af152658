"""Is one part with text sound, and what does it say?"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.attributes import unfit
from perfdoc.docx.sound.faults import Fault, Slip, place
from perfdoc.docx.sound.grammar import misplaced, strayed
from perfdoc.docx.sound.markup import Index, index, parse, root_prefixes
from perfdoc.docx.sound.names import MC, PARAGRAPH, RUN, TEXT, W, label
from perfdoc.docx.sound.places import outermost
from perfdoc.docx.sound.references import Surroundings, dangling
from perfdoc.docx.sound.tables import gaps

_STRICT = "{http://purl.oclc.org/ooxml/"
_IGNORABLE, _CHOICE, _FALLBACK = MC + "Ignorable", MC + "Choice", MC + "Fallback"
_SPOKEN = {TEXT: "", W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "noBreakHyphen": "-"}
_SILENT = frozenset({W + "del", W + "moveFrom", _FALLBACK, W + "pPr"})
"""What a reader does not see."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a part with text turned out to be.

    Attributes:
        faults: In reading order; empty for a sound part.
        text: The text in reading order, every paragraph with a line end; empty where the part could not be read.
    """

    faults: tuple[Fault, ...]
    text: str


def read_story(data: bytes, around: Surroundings) -> Reading:
    """Check a part with text and read it, every element of it."""
    root = parse(around.part, data)
    if isinstance(root, Fault):
        return Reading((root,), "")
    if root.tag != around.root:
        return Reading((Fault(around.part, "", _mistaken(root.tag, around.root)),), "")
    found = index(root)
    return Reading(place(around.part, root, slips_of(data, root, found, around)), text_of(found))


def slips_of(data: bytes, root: Element, found: Index, around: Surroundings) -> Iterator[Slip]:
    """Find all that is wrong with an element and what stands in it."""
    yield from form_slips(data, root, found)
    yield from gaps(found)
    yield from dangling(found, around)


def _mistaken(tag: str, expected: str) -> str:
    if tag.startswith(_STRICT):
        return "这是“严格 Open XML 文档”。请在 Word 中另存为普通的“Word 文档（.docx）”。"
    return f"最外层是“{label(tag)}”，应为“{label(expected)}”。"


def form_slips(data: bytes, root: Element, found: Index) -> Iterator[Slip]:
    """Check what every part of Word's own language has in common: prefixes, nesting, values."""
    yield from _undeclared(data, root, found)
    yield from misplaced(found)
    yield from strayed(root, found)
    yield from unfit(found)


def _undeclared(data: bytes, root: Element, found: Index) -> Iterator[Slip]:
    """Find prefixes that are named in a value and declared nowhere; Word refuses the file."""
    ignorable = root.get(_IGNORABLE, "").split()
    required = [
        (choice, prefix) for choice in found.get(_CHOICE, ()) for prefix in choice.get("Requires", "").split()
    ]
    if not ignorable and not required:
        return
    declared = root_prefixes(data)
    for prefix in ignorable:
        if prefix not in declared:
            yield root, f"前缀“{prefix}”写在 mc:Ignorable 里，却没有声明。"
    for choice, prefix in required:
        if prefix not in declared and b"xmlns:%s=" % prefix.encode() not in data:
            yield choice, f"前缀“{prefix}”写在 mc:Choice 里，却没有声明。"


def text_of(found: Index) -> str:
    """Read paragraph by paragraph; a text box stands within a paragraph and is read after it."""
    pieces: list[str] = []
    hidden = {element for fallback in found.get(_FALLBACK, ()) for element in fallback.iter()}
    for paragraph in found.get(PARAGRAPH, ()):
        if hidden and paragraph in hidden:
            continue
        for child in paragraph:
            if child.tag == RUN:
                pieces.extend(_words(child))
            elif len(child) and child.tag not in _SILENT:
                pieces.extend(
                    piece for run in outermost(child, (RUN,), past=_SILENT) for piece in _words(run)
                )
        pieces.append("\n")
    return "".join(pieces)


def _words(run: Element) -> list[str]:
    return [
        child.text or "" if child.tag == TEXT else _SPOKEN[child.tag] for child in run if child.tag in _SPOKEN
    ]
