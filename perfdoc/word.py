"""Filling a Word template: the only door to docxtpl.

A template is prepared by docxtpl, compiled by Jinja in a sandbox, and checked against the blanks that the
program can fill: once. A document is then one render and one zip file. docxtpl renders the same template to the
same body (a test holds us to it), but parses its own output with a forgiving parser that loses text in silence,
and spends 99 % of its time on what does not depend on the data.
"""

import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jinja2
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from perfdoc import package, structure
from perfdoc.attachment import Content, Row
from perfdoc.diagnostics import Diagnostic, Place, Severity
from perfdoc.structure.places import inside

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_CHECKS = 2
"""Counted up with every new check of a template, so that one that passed the old ones is looked at again."""

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORY = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HALF_TAG = re.compile(r"\{\{|\{%|\{#|%\}|\}\}")
_THREE_BRACES = re.compile(r"\{{3}|\}{3}")
_WIDE_BRACES = re.compile(r"｛｛|｝｝|｛%|｛％|%｝|％｝")
_FORBIDDEN_TAG = re.compile(r"\{%\s*(colspan|cellbg|hm|vm)\b|\{\{(p|r|tr|tc)\s")
_MARKUP = re.compile("[&<>\"'\n\t]")
_STATEMENT = re.compile(r"\{%(?:(?:tr|tc|p|r)\s+|\s*)(\w*)")
_STATEMENTS = frozenset({"for", "endfor", "if", "elif", "else", "endif"})
_SWALLOWING = re.compile(r"[{%#]{2}(tr|tc|p)\s")
"""A tag for which docxtpl gives up all that surrounds it: the row, the cell, the paragraph."""
_OPENING = re.compile(r"<w:(?:p|tr)\s[^>]*>")
_OWN_ID = re.compile(r'\s\w+:(?:paraId|textId)="[^"]*"')
_LAST_PLACE = re.compile(r'<w:bookmarkStart\s(?=[^>]*w:name="_GoBack")[^>]*w:id="(\d+)"')

Blanks = Mapping[str, frozenset[str] | None]
"""Every blank a template can hold: None for a text, the fields for a list of rows, none for one of paragraphs."""


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered document, and what is wrong with it; a document with faults must not be written."""

    data: bytes
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A part as the template renders it.

    Attributes:
        name: Of the part.
        xml: The finished part.
        placed: Every string that the template put somewhere in it, in order.
    """

    name: str
    xml: bytes
    placed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A document before it was looked at.

    Attributes:
        data: The .docx.
        parts: What was rendered, the main part last.
    """

    data: bytes
    parts: tuple[Rendered, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a template put into one part, in order, and what that part says in the end."""

    placed: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What docxtpl makes of one part of a template: text for Jinja."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A template as docxtpl prepared it, found without fault; kept between runs as text.

    What is read back is compiled in the same sandbox as a fresh template: it need not be trusted.

    Attributes:
        key: Names the template's bytes and the blanks it was checked against.
        sources: The main part last.
    """

    key: str
    sources: tuple[Source, ...]

    def dump(self) -> bytes:
        """Write it as a file in which a change of the template can be read line by line."""
        lines = re.compile(r"(?<=\n)|(?=<w:(?:p|tr|tbl)[ >])")
        parts = {source.part: lines.split(source.text) for source in self.sources}
        known = {
            "说明": "由 perfdoc schema 从 Word 模板生成，不要手改",
            "key": self.key,
            "sum": _sum(self.sources),
            "parts": parts,
        }
        return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()


def _sum(sources: tuple[Source, ...]) -> str:
    return hashlib.sha256(
        "\0".join(f"{source.part}\0{source.text}" for source in sources).encode()
    ).hexdigest()


def load_prepared(data: bytes) -> Prepared | None:
    """Read what `Prepared.dump` wrote; None where it cannot be read or was changed by hand."""
    try:
        known = json.loads(data)
        sources = tuple(Source(part, "".join(lines)) for part, lines in known["parts"].items())
        return Prepared(known["key"], sources) if known["sum"] == _sum(sources) else None
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class Template:
    """A template ready to be filled.

    Attributes:
        file: Its name for messages.
        base: The unchanged parts, laid out once.
        parts: The parts that are rendered, each with its compiled source, the main part last.
        surroundings: What the constant parts offer to the rendered ones, for the structural check.
        prepared: What it was compiled from.
    """

    file: str
    base: package.Base
    parts: tuple[tuple[str, jinja2.Template], ...]
    surroundings: structure.Surroundings
    prepared: Prepared

    def render(self, content: Content) -> Document:
        """Fill the template, then check the document: sound in structure, and no value lost on the way."""
        filled = self.fill(content)
        return Document(filled.data, tuple(self.inspect(filled, content)))

    def fill(self, content: Content) -> "Filled":
        """Fill the template: one render, one zip file."""
        parts = tuple(_rendered(name, template, content) for name, template in self.parts)
        data = package.finish(self.base, (package.stored(part.name, part.xml) for part in parts))
        return Filled(data, parts)

    def inspect(self, filled: "Filled", content: Content) -> Iterator[Diagnostic]:
        """Look at a filled document: sound in structure, and every value of the content in it, in order."""
        *others, main = filled.parts
        readings = [structure.read_part(part.xml, self.surroundings, part.name) for part in others]
        readings.append(structure.read(main.xml, self.surroundings))
        faults = [fault for reading in readings for fault in reading.faults]
        for fault in faults:
            part = "" if fault.part == MAIN else fault.part
            yield self._fault("P901", f"{part} {fault.where} {fault.message}".strip("。 "))
        if not faults:
            placed = (part.placed for part in filled.parts)
            for message in losses(content, *map(Printed, placed, (reading.text for reading in readings))):
                yield self._fault("P902", message)

    def _fault(self, code: str, message: str) -> Diagnostic:
        remedy = "文档没有写出。请检查模板在 Word 中的最近改动。"
        return _error(self.file, code, f"生成的文档有问题：{message}。", remedy)


def _error(file: str, code: str, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        code=code, severity=Severity.ERROR, place=Place(file, 0, 0), message=message, remedy=remedy
    )


class _Text:
    """A finished string on its way into the XML; it notes that it was placed."""

    __slots__ = ("placed", "text")

    def __init__(self, text: str, placed: list[str]) -> None:
        self.text, self.placed = text, placed

    def __html__(self) -> str:
        text = self.text
        self.placed.append(text)
        if _MARKUP.search(text) is None:  # nine texts of ten; asking first takes a fifth off a render
            return text
        xml = str(escape(text))
        if "\n" in xml:
            xml = xml.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        if "\t" in xml:
            xml = xml.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
        return xml


class _Property(_Text):
    """A finished string on its way into the document's properties, which know no line breaks of Word's."""

    __slots__ = ()

    def __html__(self) -> str:
        self.placed.append(self.text)
        return str(escape(self.text))


def _rendered(name: str, template: jinja2.Template, content: Content) -> Rendered:
    placed: list[str] = []
    given = _wrap(content, placed, _Property if name == CORE else _Text)
    xml = "".join(template.root_render_func(template.new_context(given))).encode()
    return Rendered(name, xml, tuple(placed))


def _wrap(content: Content, placed: list[str], kind: type[_Text]) -> dict[str, Any]:
    def row(fields: Row) -> dict[str, Any]:
        return {name: kind(part, placed) if isinstance(part, str) else part for name, part in fields.items()}

    def wrapped(value: str | list[str] | list[Row]) -> Any:
        if isinstance(value, str):
            return kind(value, placed)
        return [kind(item, placed) if isinstance(item, str) else row(item) for item in value]

    return {name: wrapped(value) for name, value in content.items()}


def losses(content: Content, *printed: Printed) -> Iterator[str]:
    """Find values that were handed over and do not stand in the document, in the order in which they were placed.

    Args:
        content: What was handed to the template.
        printed: What the template put into each part, and what became of it.
    """
    missing = Counter(value for value in _strings(content) if value)
    for one in printed:
        missing.subtract(one.placed)
    for value, left in missing.items():
        if left > 0:
            yield f"「{_short(value)}」没有印出来"
    for one in printed:
        yield from _misprinted(one)


def _misprinted(printed: Printed) -> Iterator[str]:
    """Look for each value behind the one before; between them stands the template's own text, and no tag."""
    between: list[str] = []
    position = 0
    for value in printed.placed:
        found = printed.text.find(value, position)
        if found < 0:
            yield f"「{_short(value)}」在文档里缺失或次序不对"
            return
        between.append(printed.text[position:found])
        position = found + len(value)
    between.append(printed.text[position:])
    for own in between:
        left_over = _HALF_TAG.search(own)
        if left_over:
            yield f"文档里留有没有填的标记「{own[left_over.start() : left_over.start() + 20]}」"


def _strings(content: Content) -> Iterator[str]:
    for value in content.values():
        if isinstance(value, str):
            yield value
            continue
        for item in value:
            if isinstance(item, str):
                yield item
            else:
                yield from (part for part in item.values() if isinstance(part, str))


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"  # noqa: PLR2004 -- what fits a narrow terminal


def prepared_key(data: bytes, blanks: Blanks) -> str:
    """Name a template's bytes, the blanks that it is checked against, and the checks."""
    wanted = sorted((name, None if fields is None else sorted(fields)) for name, fields in blanks.items())
    return hashlib.sha256(data + repr((_CHECKS, wanted)).encode()).hexdigest()


_SAVE_ANEW = "请在 Word 中打开模板，另存一次；仍不行就换回原来的模板。"
_CANNOT_FOLLOW = (LookupError, ValueError, SyntaxError, AttributeError)
"""What python-docx and lxml raise over a package that is sound, but not as they expect it."""


def open_template(
    data: bytes, file: str, blanks: Blanks, steering: frozenset[str], kept: Prepared | None = None
) -> Template | tuple[Diagnostic, ...]:
    """Compile a template and check it.

    Args:
        data: The .docx.
        file: Its name for messages.
        blanks: What the program fills; the template must hold each of them, and no other.
        steering: Fields of rows that conditions may ask for and that need not be used.
        kept: What an earlier run prepared; used where its key is this template's.

    Returns:
        The template, or everything that is wrong with it.
    """
    try:
        parts = package.read(data)
    except package.NotAPackage as error:
        return (_error(file, "P202", f"打不开 Word 模板：{error}。", "请换回完好的模板。"),)
    if MAIN not in parts:
        return (_error(file, "P202", "不是 Word 模板：里面没有正文。", "请换回完好的模板。"),)
    key = prepared_key(data, blanks)
    if kept is not None and kept.key == key:
        return _compile(kept, parts, file)
    xml = {name: part.data for name, part in parts.items()}
    faults = _check_before(xml, file) or tuple(_check_stories(xml, file))
    if faults:
        return faults
    try:
        prepared = Prepared(key, prepare(data))
    except _CANNOT_FOLLOW as error:
        return (_error(file, "P202", f"打不开 Word 模板（{error}）。", _SAVE_ANEW),)
    faults = tuple(_check_sources(prepared.sources, xml, file, blanks, steering))
    return faults or _compile(prepared, parts, file)


def _compile(prepared: Prepared, parts: Mapping[str, package.Part], file: str) -> Template:
    environment = _environment()
    compiled = tuple((source.part, environment.from_string(source.text)) for source in prepared.sources)
    names = {source.part for source in prepared.sources}
    constant = [part for name, part in parts.items() if name not in names]
    surroundings, _ = structure.survey({name: part.data for name, part in parts.items()})
    return Template(file, package.lay_out(constant), compiled, surroundings, prepared)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; a row's field is looked for among its keys first, which takes a quarter off a render."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment() -> _Sandbox:
    return _Sandbox(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


def _check_before(xml: Mapping[str, bytes], file: str) -> tuple[Diagnostic, ...]:
    """Check the template as a document: docxtpl would lose in silence what is broken here."""
    surroundings, faults = structure.survey(xml)
    faults += structure.read(xml[MAIN], surroundings).faults
    return tuple(
        _error(
            file, "P901", f"模板本身有问题：{f.part} {f.where} {f.message}".strip("。 ") + "。", _SAVE_ANEW
        )
        for f in faults
    )


def prepare(data: bytes) -> tuple[Source, ...]:
    """Let docxtpl turn a template into Jinja sources: the body, and every other part that holds a tag."""
    from docxtpl import DocxTemplate  # noqa: PLC0415 -- 90 ms that a cached template does not pay

    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    whole = template.xml_to_string(template.docx.element)
    head, _, tail = whole.partition("<w:body")
    # The body is patched alone, as docxtpl does; its own copy of the namespaces is dropped again.
    body = re.sub(r"^<w:body[^>]*>", "<w:body>", template.patch_xml(_repeatable(template.get_xml())))
    end = tail[tail.rindex("</w:body>") + len("</w:body>") :]
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = Source(MAIN, declaration + head.replace("{", "&#123;") + body + end)
    return (*_other_sources(template), main)


def _other_sources(template: "DocxTemplate") -> Iterator[Source]:
    for part in template.docx.part.package.iter_parts():
        name = str(part.partname).lstrip("/")
        if name != CORE and not _STORY.fullmatch(name):
            continue
        xml = part.blob.decode("utf-8")
        xml = xml if name == CORE else template.patch_xml(_repeatable(xml))
        if "{{" in xml or "{%" in xml:
            yield Source(name, xml)


def _repeatable(xml: str) -> str:
    """Take out what Word leaves in a template that it saves and a loop must not repeat.

    These are the ids of paragraphs and rows, and the bookmark of the place that was edited last; Word sets both anew.
    """
    xml = _OPENING.sub(lambda found: _OWN_ID.sub("", found[0]), xml)
    for number in _LAST_PLACE.findall(xml):
        mark = rf"<w:bookmark(Start|End)\s[^>]*w:id=\"{number}\"[^>]*(?:/>|></w:bookmark\1>)"
        xml = re.sub(mark, "", xml)
    return xml


def _check_stories(xml: Mapping[str, bytes], file: str) -> Iterator[Diagnostic]:
    """Check how tags stand in their paragraphs: docxtpl would print or drop in silence what stands wrong."""
    for name in sorted(name for name in xml if name in {MAIN, CORE} or _STORY.fullmatch(name)):
        root = ET.fromstring(xml[name])  # noqa: S314 -- structure.survey and structure.read have refused DTDs
        for spot in _spots(root, name):
            slips = _slips(spot) if spot.element is not spot.cell else _bare_end(spot.element)
            for message in slips:
                yield _template_fault(file, f"{spot.where}{message}")


def _slips(spot: "_Spot") -> Iterator[str]:
    text = spot.text
    for wide in _WIDE_BRACES.findall(text):
        yield f"用了全角的「{wide}」，不会被识别"
    for tag in _TAG.findall(text):
        if _FORBIDDEN_TAG.match(tag):
            yield f"的「{tag}」会生成 Word 打不开的表格，不能用"
        elif tag.startswith("{%") and not _supported(tag):
            yield f"的「{tag}」不支持：只能放空格、按行循环、按行判断合并"
        elif spot.beside(tag):
            yield f"的「{tag}」旁边还有别的内容，会被丢掉：{{%p 要独占一段，{{%tr 要独占一行"
    half = _HALF_TAG.search(_TAG.sub("", text)) or _THREE_BRACES.search(text)
    if half:
        yield f"的「{text.strip()}」里有没写完整的标记：「{half[0]}」没有配对"


def _bare_end(cell: ET.Element) -> Iterator[str]:
    """Find a cell that comes out without a last paragraph where a list is empty or a condition false."""
    well, stray = _ends_well(_blocks(cell), before=False)
    if not well and not stray and "{%tr " not in _words(cell):
        yield "没有内容时会变成没有段落的格子，Word 打不开：请在 {%p else %} 下面或标记后面留一个空段落"


def _ends_well(blocks: Iterator[ET.Element], *, before: bool) -> tuple[bool, str]:
    """Follow a branch of {%p …%} to the tag that ends it: does a paragraph come last, and which tag is it?"""
    well = before
    for block in blocks:
        text = _words(block).strip()
        word = _keyword(text) if text.startswith("{%p ") else ""
        if word in {"for", "if"}:
            ways, tags = [], [word]
            while tags[-1] and not tags[-1].startswith("end"):
                way, tag = _ends_well(blocks, before=well)
                ways.append(way)
                tags.append(tag)
            well = all(ways) and ("else" in tags or well)
        elif word:
            return well, word
        else:
            well = block.tag == f"{_W}p"
    return well, ""


def _blocks(element: ET.Element) -> Iterator[ET.Element]:
    """Give the paragraphs and tables of a cell, those within content controls too."""
    for child in element:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        else:
            yield from _blocks(child)


def _supported(tag: str) -> bool:
    return _keyword(tag) in _STATEMENTS and not tag.endswith("-%}")


def _template_fault(file: str, message: str) -> Diagnostic:
    end = "" if message.endswith("？") else "。"
    return _error(file, "P211", f"模板{message}{end}", "请在 Word 中改正模板。")


@dataclass(slots=True)
class _Scope:
    """What names mean at one point of a template."""

    blanks: Blanks
    steering: frozenset[str]
    rows: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def _check_sources(
    sources: tuple[Source, ...],
    xml: Mapping[str, bytes],
    file: str,
    blanks: Blanks,
    steering: frozenset[str],
) -> Iterator[Diagnostic]:
    """Check every tag: known blanks only, each blank used, none lost by the patching."""
    scope = _Scope(blanks, steering)
    clean = True
    for source in sources:
        marks = _marks(xml[source.part], source.part)
        for message in _check_source(source, marks, scope):
            clean = False
            yield _template_fault(file, message)
    if clean:
        for name in sorted(set(_wanted(blanks, steering)) - scope.used):
            yield _error(
                file, "P212", f"模板里没有放「{name}」的地方。", f"请在模板中加上 {{{{ {name} }}}}。"
            )


def _wanted(blanks: Blanks, steering: frozenset[str]) -> Iterator[str]:
    for name, fields in blanks.items():
        yield name
        yield from (f"{name}.{part}" for part in (fields or ()) if part not in steering)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A tag of the template and where a person finds it."""

    tag: str
    where: str


def _marks(xml: bytes, part: str) -> list[_Mark]:
    """List the tags of a part in reading order, each with its table, row and cell."""
    root = ET.fromstring(xml)  # noqa: S314 -- structure.survey and structure.read have refused DTDs
    paragraphs = (spot for spot in _spots(root, part) if spot.element is not spot.cell)
    return [_Mark(tag, spot.where) for spot in paragraphs for tag in _TAG.findall(spot.text)]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A cell of the template or a paragraph, where a person finds it, and the cell and the row around it."""

    where: str
    element: ET.Element
    cell: ET.Element | None = None
    row: ET.Element | None = None

    @property
    def text(self) -> str:
        return _words(self.element)

    def beside(self, tag: str) -> bool:
        """Tell whether a tag that gives up its surroundings has anything beside it there."""
        swallowing = _SWALLOWING.match(tag)
        if swallowing is None:
            return False
        around = {"tr": self.row, "tc": self.cell, "p": self.element}[swallowing[1]]
        return around is None or _words(around).strip() != tag


def _words(element: ET.Element) -> str:
    if element.tag.startswith(_W):
        return "".join(text.text or "" for text in element.iter(f"{_W}t"))
    return "".join(element.itertext())


def _spots(root: ET.Element, part: str) -> Iterator[_Spot]:
    """Walk through a part in reading order: each cell before its paragraphs."""
    if part == CORE:
        yield _Spot("文档属性", root)
        return
    names = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
    outside = next((word for key, word in names.items() if f"/{key}" in part), "正文")

    def walk(element: ET.Element, around: _Spot, tables: Iterator[int], table: str) -> Iterator[_Spot]:
        for child in element:
            if child.tag == f"{_W}p":
                yield replace(around, element=child)
            elif child.tag == f"{_W}tbl":
                number = next(tables)
                for r, row in enumerate(inside(child, f"{_W}tr"), start=1):
                    for c, cell in enumerate(inside(row, f"{_W}tc"), start=1):
                        spot = _Spot(f"{table}{number} 第{r}行 第{c}格", cell, cell, row)
                        yield spot
                        yield from walk(cell, spot, count(1), f"{spot.where} 内表")
            else:
                yield from walk(child, around, tables, table)

    yield from walk(root, _Spot(outside, root), count(1), "表")


def _check_source(source: Source, marks: list[_Mark], scope: _Scope) -> Iterator[str]:
    unpaired = _unpaired(marks)
    if unpaired:
        yield unpaired
        return
    kept = [(found.start(), found[0]) for found in _TAG.finditer(source.text)]
    if len(kept) != len(marks):
        yield _odd_tag(marks, [tag for _, tag in kept])
        return
    lines = _lines(source.text, kept)

    def at(line: int) -> str:
        return next((marks[i].where for i, tag_line in enumerate(lines) if tag_line >= line), marks[-1].where)

    try:
        tree = _environment().parse(_line_per_tag(source.text))
    except TemplateSyntaxError as error:
        tag = next((kept[i][1] for i, line in enumerate(lines) if line >= error.lineno), "")
        yield f"{at(error.lineno)}的「{tag}」写法有误"
        return
    yield from _check_nodes(tree.body, scope, at)


def _unpaired(marks: list[_Mark]) -> str:
    """Name the first loop or condition without an end, or end without a beginning; empty where all are paired."""
    opened: list[_Mark] = []
    for mark in marks:
        word = _keyword(mark.tag)
        if word in {"for", "if"}:
            opened.append(mark)
        elif word.startswith("end"):
            if not opened:
                return f"{mark.where}的「{mark.tag}」没有配对的开头"
            if _keyword(opened[-1].tag) != word.removeprefix("end"):
                break
            opened.pop()
    if not opened:
        return ""
    return f"{opened[-1].where}的「{opened[-1].tag}」没有配对的结尾 end{_keyword(opened[-1].tag)}"


def _keyword(tag: str) -> str:
    statement = _STATEMENT.match(tag)
    return statement[1] if statement else ""


def _odd_tag(marks: list[_Mark], kept: list[str]) -> str:
    """Name the tag that stands in no text of a paragraph, or that the patching drops."""
    counts = Counter(_as_kept(mark.tag) for mark in marks)
    counts.subtract(map(_as_kept, kept))
    odd = next((tag for tag, number in counts.items() if number), "")
    return f"里的「{odd}」不在普通文字里（例如在替代文字、域或修订记录里），不能填"


def _as_kept(tag: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"^(\{[{%#])(tr|tc|p|r) ", r"\1 ", tag))


def _line_per_tag(text: str) -> str:
    """Put every tag on a line of its own, so that a line number names a tag."""
    return _TAG.sub(lambda found: "\n" + re.sub(r"\s+", " ", found[0]), text)


def _lines(text: str, kept: list[tuple[int, str]]) -> list[int]:
    return [text.count("\n", 0, start) + i + 2 - _inner_breaks(kept[:i]) for i, (start, _) in enumerate(kept)]


def _inner_breaks(before: list[tuple[int, str]]) -> int:
    return sum(tag.count("\n") for _, tag in before)


Where = Callable[[int], str]


def _check_nodes(body: list[nodes.Node], scope: _Scope, at: Where) -> Iterator[str]:
    for node in body:
        match node:
            case nodes.Output():
                for value in node.nodes:
                    if not isinstance(value, nodes.TemplateData):
                        yield from _check_value(value, scope, at)
            case nodes.For(target=nodes.Name(name=name), iter=nodes.Name(name=rows), test=None):
                yield from _check_loop(node, name, rows, scope, at)
            case nodes.If(test=test):
                yield from _check_condition(test, scope, at)
                yield from _check_nodes([*node.body, *node.elif_, *node.else_], scope, at)
            case _:
                yield f"{at(node.lineno)}用了不支持的写法：只能放空格、按行循环、按行判断合并"


def _check_loop(node: nodes.For, name: str, rows: str, scope: _Scope, at: Where) -> Iterator[str]:
    if rows not in scope.blanks:
        yield _unknown(rows, scope.blanks, at(node.lineno))
        return
    scope.used.add(rows)
    fields = scope.blanks[rows]
    if fields is None:
        yield f"{at(node.lineno)}的「{rows}」是一段文字，不能循环"
    elif name == "loop":
        yield f"{at(node.lineno)}的「loop」不能做行的名称"
    else:
        outside = scope.rows
        scope.rows = {**outside, name: (rows, fields)}
        yield from _check_nodes(node.body, scope, at)
        scope.rows = outside
        yield from _check_nodes(node.else_, scope, at)


def _check_value(value: nodes.Node, scope: _Scope, at: Where) -> Iterator[str]:
    match value:
        case nodes.Name(name=name) if name in scope.rows:
            fields = scope.rows[name][1]
            if fields:
                yield f"{at(value.lineno)}的「{name}」是一行，要写明哪一格，例如 {name}.{min(fields)}"
        case nodes.Name(name=name):
            if name not in scope.blanks:
                yield _unknown(name, scope.blanks, at(value.lineno))
            elif scope.blanks[name] is not None:
                yield f"{at(value.lineno)}的「{name}」有许多行，要用循环放"
            scope.used.add(name)
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in scope.rows:
            rows, fields = scope.rows[name]
            printed = fields - scope.steering
            if attr not in printed:
                yield _unknown(attr, printed, at(value.lineno))
            scope.used.add(f"{rows}.{attr}")
        case _:
            yield f"{at(value.lineno)}用了不支持的写法：模板里只放空格，不做计算"


def _check_condition(test: nodes.Node, scope: _Scope, at: Where) -> Iterator[str]:
    match test:
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in scope.rows:
            if attr not in scope.steering & scope.rows[name][1]:
                yield f"{at(test.lineno)}按「{attr}」判断：模板只能按 {'、'.join(sorted(scope.steering))} 判断"
        case nodes.Getattr(node=nodes.Name(name="loop"), attr="first" | "last") if scope.rows:
            return
        case _:
            yield f"{at(test.lineno)}的判断不支持：模板只能按 {'、'.join(sorted(scope.steering))} 判断"


def _unknown(name: str, known: Any, where: str) -> str:
    import difflib  # noqa: PLC0415 -- needed only where something is wrong

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"，是否为「{close[0]}」？" if close else ""
    return f"{where}：没有「{name}」这个空格{hint}"
