"""What kind is each part of a package, and which part points to which?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Fault

CONTENT_TYPES, ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"

_CT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN = _WORD + "document.main+xml"
_PARTS = "styles settings numbering fontTable webSettings header footer footnotes endnotes comments"
_KINDS = {
    "officeDocument": _MAIN,
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "core-properties": "application/vnd.openxmlformats-package.core-properties+xml",
    "extended-properties": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    **{kind: f"{_WORD}{kind}+xml" for kind in _PARTS.split()},
}
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#\[\]@:]*)(:[0-9]*)?"
_URI = rf"(?>([A-Za-z][A-Za-z0-9+.-]*:)?)(//([^\s/?#\[\]@]*@)?{_HOST}(?=[/?#\\]|\Z)|(?!//))([^\s<>\"{{}}|^`%]|%[0-9A-Fa-f]{{2}})*"
_HOSTLESS = r"(?i:https?|ftp):(?!//[^/?#\\:]+)"


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a `.rels` part.

    Attributes:
        id: Its name within the source.
        kind: The last word of its type, `header`.
        target: The part it points to, from the root of the package; empty when it points out of the package.
    """

    id: str
    kind: str
    target: str


def read_types(root: Element) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """Read `[Content_Types].xml`: the type of each `.extension` and of each `/part/name`, in small letters."""
    types: dict[str, str] = {}
    faults: list[Fault] = []
    for element in root:
        extension, part = element.get("Extension", ""), element.get("PartName", "")
        name = (f".{extension}" if element.tag == _CT + "Default" else part).lower()
        if name in types:
            faults.append(Fault(CONTENT_TYPES, "", f"“{name}”的类型写了两次。"))
        types[name] = element.get("ContentType", "")
    return types, tuple(faults)


def type_of(part: str, types: Mapping[str, str]) -> str:
    """Return the content type of a part; empty when it has none."""
    by_extension = types.get("." + part.rpartition(".")[2].lower(), "") if "." in part else ""
    return types.get("/" + part.lower(), by_extension)


def untyped(parts: Mapping[str, object], types: Mapping[str, str]) -> Iterator[Fault]:
    """Find parts of which nobody says what they are; Word calls the whole file damaged."""
    for part in parts:
        if part != CONTENT_TYPES and not type_of(part, types):
            yield Fault(part, "", f"没有内容类型：请在 {CONTENT_TYPES} 里写明。")


def mistyped(relations: Mapping[str, tuple[Relation, ...]], types: Mapping[str, str]) -> Iterator[Fault]:
    """Find parts whose content type is not what the relation to them says."""
    for relation in {relation for found in relations.values() for relation in found if relation.target}:
        wanted, actual = _KINDS.get(relation.kind), type_of(relation.target, types)
        if wanted and actual and actual != wanted:
            yield Fault(relation.target, "", f"内容类型是“{actual}”，应为“{wanted}”。")


def read_relations(
    part: str, root: Element, names: Mapping[str, str]
) -> tuple[tuple[Relation, ...], tuple[Fault, ...]]:
    """Read a `.rels` part; `names` leads from a part's name in small letters to the name as it stands."""
    found: dict[str, Relation] = {}
    faults: list[Fault] = []
    for element in root.iter(_RELATIONS + "Relationship"):
        relation, message = _relation(part, element, names)
        if relation.id in found:
            faults.append(Fault(part, "", f"关系编号“{relation.id}”重复了。"))
        if message:
            faults.append(Fault(part, "", f"关系“{relation.id}”{message}"))
        found[relation.id] = relation
    return tuple(found.values()), tuple(faults)


def rels_of(part: str) -> str:
    """Name the part that holds the relations of a part."""
    folder, slash, name = part.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"


def _relation(part: str, element: Element, names: Mapping[str, str]) -> tuple[Relation, str]:
    """Read one relation, with the complaint about it; empty when there is none."""
    identity, kind, written = (element.get(name, "") for name in ("Id", "Type", "Target"))
    external = element.get("TargetMode") == "External"
    target = "" if external else _resolved(part, written)
    relation = Relation(identity, kind.rpartition("/")[2], names.get(target.lower(), target))
    if not (identity and kind and written):
        return relation, "不完整：编号、类型和目标缺一不可。"
    if external:
        return relation, "" if _well_formed(written) else f"的链接目标“{written}”写法不对。"
    return relation, "" if target.lower() in names else f"指向的部件“{target}”不在文件里。"


def _resolved(rels: str, target: str) -> str:
    """Follow a target from the folder above `_rels` to a name from the root of the package."""
    steps = [] if target.startswith("/") else rels.split("/")[:-2]
    for step in target.partition("#")[0].split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _well_formed(target: str) -> bool:
    return re.fullmatch(_URI, target) is not None and re.match(_HOSTLESS, target) is None
