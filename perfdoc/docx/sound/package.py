"""Are the constant parts of a package sound, and what do they offer to the part that is rendered?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Fault, Slip, place
from perfdoc.docx.sound.markup import index, parse
from perfdoc.docx.sound.names import ID, VAL, W
from perfdoc.docx.sound.properties import PROPERTIES, improper
from perfdoc.docx.sound.references import Surroundings, absent, repeated
from perfdoc.docx.sound.relations import (
    CONTENT_TYPES,
    ROOT_RELATIONS,
    Relation,
    mistyped,
    read_relations,
    read_types,
    rels_of,
    untyped,
)
from perfdoc.docx.sound.story import Reading, form_slips, read_story

_MAIN = "word/document.xml"
_STORIES = {
    "header": W + "hdr",
    "footer": W + "ftr",
    "footnotes": W + "footnotes",
    "endnotes": W + "endnotes",
    "comments": W + "comments",
}
_DEFINITIONS = {"styles": W + "styles", "numbering": W + "numbering", "settings": W + "settings"}
_IDS = {
    W + "style": (W + "styleId", "样式编号"),
    W + "abstractNum": (W + "abstractNumId", "编号格式"),
    W + "num": (W + "numId", "编号列表"),
    W + "footnote": (ID, "脚注编号"),
    W + "endnote": (ID, "尾注编号"),
    W + "comment": (ID, "批注编号"),
}
"""What is counted by an id of its own, in the part that holds it."""


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts as far as they could be read.

    Attributes:
        parts: The bytes of all parts but the one that is rendered, by name.
        roots: The first element of each part that is sound XML.
        types: The content types, by `.extension` and `/part/name`.
        relations: The relations of each source by the name of the `.rels` part.
    """

    parts: Mapping[str, bytes]
    roots: Mapping[str, Element]
    types: Mapping[str, str]
    relations: Mapping[str, tuple[Relation, ...]]

    def related(self, kind: str) -> tuple[str, ...]:
        """Name the parts to which the main part has a relation of this kind, those that are there."""
        found = self.relations.get(rels_of(_MAIN), ())
        return tuple(one.target for one in found if one.kind == kind and one.target in self.roots)

    def listed(self, kind: str, tag: str, name: str) -> dict[str, Element]:
        """Give the elements of one tag in the related parts of one kind by an attribute of theirs."""
        elements = (element for part in self.related(kind) for element in self.roots[part].iter(tag))
        return {element.get(name, ""): element for element in elements}


def survey(parts: Mapping[str, bytes]) -> tuple[Surroundings, tuple[Fault, ...]]:
    """Check everything but the main part, once per template, and say what it offers to the main part.

    Args:
        parts: The content of every part by its name, `word/styles.xml`; the main part may be among them or not.
    """
    package, faults = _opened({name: data for name, data in parts.items() if name != _MAIN})
    around = _surroundings(package)
    return around, (*faults, *_mapped(package), *_defined(package), *_told(package, around))


def read_part(data: bytes, surroundings: Surroundings, part: str) -> Reading:
    """Check another rendered part, a header or the properties of the file, as `survey` does, and read its text."""
    root = parse(part, data)
    if isinstance(root, Fault):
        return Reading((root,), "")
    own = surroundings.others.get(part)
    if own is None:
        slips = improper(root) if root.tag == PROPERTIES else ()
        return Reading(place(part, root, slips), "".join(root.itertext()))
    reading = read_story(data, own)
    return Reading((*reading.faults, *place(part, root, _doubled(root))), reading.text)


def _opened(parts: dict[str, bytes]) -> tuple[_Package, list[Fault]]:
    """Parse every part that is XML and read how they hang together."""
    faults = [
        Fault(name, "", "文件里缺少这个部件。")
        for name in (CONTENT_TYPES, ROOT_RELATIONS)
        if name not in parts
    ]
    roots: dict[str, Element] = {}
    for name in sorted(parts):
        if name.lower().endswith((".xml", ".rels")):
            root = parse(name, parts[name])
            if isinstance(root, Fault):
                faults.append(root)
            else:
                roots[name] = root
    types: dict[str, str] = {}
    if CONTENT_TYPES in roots:
        types, mistakes = read_types(roots[CONTENT_TYPES])
        faults.extend(mistakes)
    related: dict[str, tuple[Relation, ...]] = {}
    names = _names([*parts, _MAIN])
    for name, root in roots.items():
        if name.endswith(".rels"):
            related[name], mistakes = read_relations(name, root, names)
            faults.extend(mistakes)
    return _Package(parts, roots, types, related), faults


def _names(parts: Iterable[str]) -> dict[str, str]:
    """Lead from names in small letters to names as they stand: parts are found without regard to case."""
    return {name.lower(): name for name in parts}


def _surroundings(package: _Package) -> Surroundings:
    styles = package.listed("styles", W + "style", W + "styleId")
    around = Surroundings(
        part=_MAIN,
        styles={name: style.get(W + "type", "paragraph") for name, style in styles.items()},
        numbers=frozenset(package.listed("numbering", W + "num", W + "numId")),
        relations=_kinds(package, _MAIN),
        comments=frozenset(package.listed("comments", W + "comment", ID)),
        footnotes=frozenset(package.listed("footnotes", W + "footnote", ID)),
        endnotes=frozenset(package.listed("endnotes", W + "endnote", ID)),
    )
    others = {
        part: replace(around, part=part, root=root, relations=_kinds(package, part))
        for kind, root in _STORIES.items()
        for part in package.related(kind)
    }
    return replace(around, others=others)


def _kinds(package: _Package, part: str) -> dict[str, str]:
    return {relation.id: relation.kind for relation in package.relations.get(rels_of(part), ())}


def _mapped(package: _Package) -> Iterator[Fault]:
    """Check types, the way to the main part and what has no place in a form."""
    if package.types:
        everything = {**package.parts, _MAIN: b""}
        yield from untyped(everything, package.types)
        yield from mistyped(package.relations, package.types)
    if ROOT_RELATIONS in package.roots:
        found = package.relations[ROOT_RELATIONS]
        if _MAIN not in {one.target for one in found if one.kind == "officeDocument"}:
            yield Fault(ROOT_RELATIONS, "", f"没有指明主文档是“{_MAIN}”。")
        if sum(one.kind == "core-properties" for one in found) > 1:
            yield Fault(ROOT_RELATIONS, "", "文件属性（core.xml）只能有一份。")
    for name in package.parts:
        if name.lower().endswith("vbaproject.bin"):
            yield Fault(name, "", "含有宏。自评表不需要宏，请另存为不含宏的 .docx。")


def _defined(package: _Package) -> Iterator[Fault]:
    """Check styles, lists, settings and the properties of the file."""
    for kind, tag in _DEFINITIONS.items():
        for part in package.related(kind):
            root = package.roots[part]
            if root.tag != tag:
                yield Fault(part, "", f"最外层不是“w:{kind}”。")
                continue
            found = index(root)
            slips = [*form_slips(package.parts[part], root, found), *_doubled(root), *_unbased(root)]
            yield from place(part, root, slips)
    for relation in package.relations.get(ROOT_RELATIONS, ()):
        if relation.kind == "core-properties" and relation.target in package.roots:
            root = package.roots[relation.target]
            yield from place(relation.target, root, improper(root))


def _told(package: _Package, around: Surroundings) -> Iterator[Fault]:
    """Check headers, footers, notes and comments by the rules of the body."""
    for kind, root in _STORIES.items():
        for part in dict.fromkeys(package.related(kind)):
            own = replace(around.others[part], root=root)
            yield from read_story(package.parts[part], own).faults
            yield from place(part, package.roots[part], _doubled(package.roots[part]))


def _doubled(root: Element) -> Iterator[Slip]:
    """Find definitions with the same id."""
    counted = ((element, *_IDS[element.tag]) for element in root if element.tag in _IDS)
    found = (
        (element, (word, element.get(name, ""))) for element, name, word in counted if name in element.attrib
    )
    return repeated(found)


def _unbased(root: Element) -> Iterator[Slip]:
    """Find styles based on a style, and lists on a format, that does not exist."""
    styles = {style.get(W + "styleId") for style in root.iter(W + "style")}
    formats = {one.get(W + "abstractNumId") for one in root.iter(W + "abstractNum")}
    yield from absent(root.iter(W + "basedOn"), VAL, styles, "样式依据的样式")
    yield from absent(root.iterfind(f"{W}num/{W}abstractNumId"), VAL, formats, "编号列表依据的编号格式")
