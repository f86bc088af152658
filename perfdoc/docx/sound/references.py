"""Does everything that the text points to exist, and is every id unique?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Slip
from perfdoc.docx.sound.markup import Index
from perfdoc.docx.sound.memory import Identity, Memory
from perfdoc.docx.sound.names import DOCUMENT, ID, MC, PARAGRAPH, ROW, VAL, W14, WP, R, W, label

_STYLES = {W + "pStyle": "paragraph", W + "rStyle": "character", W + "tblStyle": "table"}
_STYLE_WORDS = {
    "paragraph": "段落样式",
    "character": "字符样式",
    "table": "表格样式",
    "numbering": "编号样式",
}
_RELATED = {W + "hyperlink": "hyperlink", W + "headerReference": "header", W + "footerReference": "footer"}
_RELATING = (
    *_RELATED,
    *(
        W + name
        for name in ("altChunk", "subDoc", "contentPart", "control", "objectEmbed", "objectLink", "movie")
    ),
    *(W + name for name in ("printerSettings", "attachedTemplate", "saveThroughXslt")),
)
_NUMBER_ID, _FALLBACK = W + "numId", MC + "Fallback"
_START, _END = W + "bookmarkStart", W + "bookmarkEnd"
_UNIQUE = (
    ((_START,), ID, "书签编号"),
    ((_END,), ID, "书签结尾的编号"),
    ((WP + "docPr",), "id", "图片或图形的编号（wp:docPr）"),
    ((PARAGRAPH, ROW), W14 + "paraId", "段落标识（w14:paraId）"),
)
"""Elements, and the attribute by which none of them may be called twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rest of the package offers to a part with text.

    Attributes:
        part: The part that is spoken of.
        root: The tag of its first element.
        styles: The type of each style by its id: `paragraph`, `character`, `table` or `numbering`.
        numbers: The ids of the numbered lists.
        relations: The kind of each relation of the part by its id: `header`, `image`, `hyperlink` …
        comments: The ids of the comments.
        footnotes: The ids of the footnotes.
        endnotes: The ids of the endnotes.
        others: The same for each header, footer, and part with notes or comments, by its name.
        memory: What was found out about pieces of the part when it was read before.
    """

    part: str = "word/document.xml"
    root: str = DOCUMENT
    styles: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    relations: Mapping[str, str] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()
    footnotes: frozenset[str] = frozenset()
    endnotes: frozenset[str] = frozenset()
    others: Mapping[str, "Surroundings"] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)


def dangling(index: Index, around: Surroundings) -> Iterator[Slip]:
    """Find what points to nothing, and ids that are not unique."""
    yield from _styles(index, around.styles)
    yield from _numbers(index, around.numbers)
    yield from _relations(index, around.relations)
    yield from _notes(index, around)
    yield from _bookmarks(index)
    yield from _repeated(index)


def identities(index: Index) -> Iterator[tuple[Element, Identity]]:
    """Give every id that no other element of the part may have, each with what it is an id of.

    What is hidden from newer programs repeats its twin's ids rightly.
    """
    hidden = _fallbacks(index)
    for tags, name, word in _UNIQUE:
        for element in (one for tag in tags for one in index.get(tag, ())):
            value = element.get(name)
            if value is not None and not (hidden and element in hidden):
                yield element, (word, value)


def _styles(index: Index, styles: Mapping[str, str]) -> Iterator[Slip]:
    for tag, kind in _STYLES.items():
        for value, elements in _values(index.get(tag, ()), VAL):
            found = styles.get(value)
            if found is None:
                message = f"样式“{value}”不存在。"
            elif found != kind:
                message = f"样式“{value}”不是{_STYLE_WORDS[kind]}，是{_STYLE_WORDS.get(found, found)}。"
            else:
                continue
            yield from ((element, message) for element in elements)


def _numbers(index: Index, numbers: frozenset[str]) -> Iterator[Slip]:
    for value, elements in _values(index.get(_NUMBER_ID, ()), VAL):
        if value not in numbers and value != "0":  # 0 takes a paragraph out of its list
            yield from ((element, f"编号列表“{value}”不存在。") for element in elements)


def _relations(index: Index, relations: Mapping[str, str]) -> Iterator[Slip]:
    """Check every attribute of the relationship namespace; an empty one is what Word writes for "none"."""
    for tag, elements in index.items():
        if tag.startswith(W) and tag not in _RELATING:
            continue
        for element in elements:
            for name, value in element.items():
                if value and name.startswith(R):
                    yield from _relation(element, value, relations.get(value))


def _relation(element: Element, value: str, kind: str | None) -> Iterator[Slip]:
    wanted = _RELATED.get(element.tag)
    if kind is None:
        yield element, f"“{label(element.tag)}”引用的关系“{value}”不存在。"
    elif wanted and kind != wanted:
        yield element, f"“{label(element.tag)}”引用的关系“{value}”种类不对：是 {kind}，应为 {wanted}。"


def _notes(index: Index, around: Surroundings) -> Iterator[Slip]:
    for name, ids, word in (
        ("commentReference", around.comments, "批注"),
        ("commentRangeStart", around.comments, "批注"),
        ("footnoteReference", around.footnotes, "脚注"),
        ("endnoteReference", around.endnotes, "尾注"),
    ):
        for value, elements in _values(index.get(W + name, ()), ID):
            if value not in ids:
                yield from ((element, f"{word}“{value}”不存在。") for element in elements)


def _bookmarks(index: Index) -> Iterator[Slip]:
    starts, ends = index.get(_START, []), index.get(_END, [])
    opened, closed = {start.get(ID) for start in starts}, {end.get(ID) for end in ends}
    yield from (
        (one, f"书签“{one.get(W + 'name', '')}”没有结尾。") for one in starts if one.get(ID) not in closed
    )
    yield from ((one, f"书签结尾“{one.get(ID, '')}”没有开头。") for one in ends if one.get(ID) not in opened)


def _repeated(index: Index) -> Iterator[Slip]:
    """Find ids that occur again."""
    seen: set[Identity] = set()
    for element, identity in identities(index):
        if identity in seen:
            word, value = identity
            yield element, f"{word}“{value}”重复了。"
        seen.add(identity)


def _values(elements: Iterable[Element], name: str) -> Iterable[tuple[str, list[Element]]]:
    """Group elements by the value of an attribute; those without it are complained of elsewhere."""
    groups: dict[str, list[Element]] = {}
    for element in elements:
        value = element.get(name)
        if value is not None:
            groups.setdefault(value, []).append(element)
    return groups.items()


def _fallbacks(index: Index) -> set[Element]:
    """Collect what stands in an `mc:Fallback`: the same content again, for programs that know only the old form."""
    return {element for fallback in index.get(_FALLBACK, ()) for element in fallback.iter()}
