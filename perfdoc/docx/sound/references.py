"""Does everything that the text points to exist, and is every id unique?"""

from collections.abc import Container, Iterable, Iterator, Mapping
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
_FALLBACK = MC + "Fallback"
_NO_LIST = "0"
"""Takes a paragraph out of its list."""
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
    yield from _relations(index, around.relations)
    for tag, name, known, word in (
        (W + "numId", VAL, {*around.numbers, _NO_LIST}, "编号列表"),
        (W + "commentReference", ID, around.comments, "批注"),
        (W + "commentRangeStart", ID, around.comments, "批注"),
        (W + "footnoteReference", ID, around.footnotes, "脚注"),
        (W + "endnoteReference", ID, around.endnotes, "尾注"),
    ):
        yield from absent(index.get(tag, ()), name, known, word)
    yield from _bookmarks(index)
    yield from repeated(identities(index))


def absent(elements: Iterable[Element], name: str, known: Container[str | None], word: str) -> Iterator[Slip]:
    """Find elements that name what is not there; those that name nothing are complained of elsewhere."""
    for element in elements:
        value = element.get(name)
        if value is not None and value not in known:
            yield element, f"{word}“{value}”不存在。"


def repeated(identities: Iterable[tuple[Element, Identity]]) -> Iterator[Slip]:
    """Find ids that occur again."""
    seen: set[Identity] = set()
    for element, identity in identities:
        if identity in seen:
            word, value = identity
            yield element, f"{word}“{value}”重复了。"
        seen.add(identity)


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
        yield from absent(index.get(tag, ()), VAL, styles, "样式")
        for element in index.get(tag, ()):
            value = element.get(VAL, "")
            found = styles.get(value, kind)
            if found != kind:
                yield element, f"样式“{value}”不是{_STYLE_WORDS[kind]}，是{_STYLE_WORDS.get(found, found)}。"


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


def _bookmarks(index: Index) -> Iterator[Slip]:
    starts, ends = index.get(_START, []), index.get(_END, [])
    opened, closed = {start.get(ID) for start in starts}, {end.get(ID) for end in ends}
    yield from (
        (one, f"书签“{one.get(W + 'name', '')}”没有结尾。") for one in starts if one.get(ID) not in closed
    )
    yield from ((one, f"书签结尾“{one.get(ID, '')}”没有开头。") for one in ends if one.get(ID) not in opened)


def _fallbacks(index: Index) -> set[Element]:
    """Collect what stands in an `mc:Fallback`: the same content again, for programs that know only the old form."""
    return {element for fallback in index.get(_FALLBACK, ()) for element in fallback.iter()}
