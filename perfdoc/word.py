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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jinja2
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from perfdoc import package, structure
from perfdoc.attachment import Content
from perfdoc.diagnostics import Diagnostic, Place, Severity

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

MAIN = "word/document.xml"
CORE = "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_WIDE_BRACES = re.compile(r"｛｛|｝｝|｛%|｛％|%｝|％｝")
_FORBIDDEN_TAG = re.compile(r"\{%\s*(colspan|cellbg|hm|vm)\b")

Blanks = Mapping[str, frozenset[str] | None]
"""Every blank a template can hold: None for a text or a list of paragraphs, the fields for a list of rows."""


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered document, and what is wrong with it; a document with faults must not be written."""

    data: bytes
    faults: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A document before it was looked at.

    Attributes:
        data: The .docx.
        main: Its main part.
        placed: Every string that the template put somewhere, in order.
    """

    data: bytes
    main: bytes
    placed: tuple[str, ...]


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
        parts = {source.part: re.split(r"\n|(?=<w:(?:p|tr|tbl)[ >])", source.text) for source in self.sources}
        known = {"说明": "由 perfdoc schema 从 Word 模板生成，不要手改", "key": self.key, "parts": parts}
        return (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode()


def load_prepared(data: bytes) -> Prepared | None:
    """Read what `Prepared.dump` wrote; None where it cannot be read."""
    try:
        known = json.loads(data)
        sources = tuple(Source(part, "".join(lines)) for part, lines in known["parts"].items())
        return Prepared(known["key"], sources)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class Template:
    """A template ready to be filled.

    Attributes:
        file: Its name for messages.
        base: The unchanged parts, laid out once.
        parts: The parts that are rendered, each with its compiled source, the main part last.
        surroundings: What the unchanged parts offer to the main part, for the structural check.
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
        placed: list[str] = []
        given = _wrap(content, placed)
        rendered = [
            (name, "".join(template.root_render_func(template.new_context(given))).encode())
            for name, template in self.parts
        ]
        data = package.finish(self.base, (package.stored(name, xml) for name, xml in rendered))
        return Filled(data, rendered[-1][1], tuple(placed))

    def inspect(self, filled: "Filled", content: Content) -> Iterator[Diagnostic]:
        """Look at a filled document: sound in structure, and every value of the content in it, in order."""
        reading = structure.read(filled.main, self.surroundings)
        for fault in reading.faults:
            yield self._fault("P901", f"{fault.where} {fault.message}".strip("。 "))
        for message in losses(content, filled.placed, reading.text):
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
        self.placed.append(self.text)
        xml = str(escape(self.text))
        if "\n" in xml:
            xml = xml.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        if "\t" in xml:
            xml = xml.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
        return xml


def _wrap(content: Content, placed: list[str]) -> dict[str, Any]:
    def wrapped(value: Any) -> Any:
        if isinstance(value, str):
            return _Text(value, placed)
        if isinstance(value, list):
            return [wrapped(item) for item in value]
        if isinstance(value, dict):
            return {name: wrapped(part) for name, part in value.items()}
        return value

    return {name: wrapped(value) for name, value in content.items()}


def losses(content: Content, placed: Sequence[str], text: str) -> Iterator[str]:
    """Find values that were handed over and do not stand in the document, in the order in which they were placed.

    Args:
        content: What was handed to the template.
        placed: Each string that the template put somewhere, in order.
        text: The text of the finished document.
    """
    missing = Counter(value for value in _strings(content) if value)
    missing.subtract(placed)
    for value, count in missing.items():
        if count > 0:
            yield f"「{_short(value)}」没有印出来"
    position = 0
    for value in placed:
        found = text.find(value, position)
        if found < 0:
            yield f"「{_short(value)}」在文档里缺失或次序不对"
            return
        position = found + len(value)
    left_over = re.search(r"\{\{|\{%|%\}|\}\}", "" if any("{" in v or "}" in v for v in placed) else text)
    if left_over:
        yield f"文档里留有没有填的标记「{text[left_over.start() : left_over.start() + 20]}」"


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
    """Name a template's bytes and the blanks that it is checked against."""
    wanted = sorted((name, sorted(fields or ())) for name, fields in blanks.items())
    return hashlib.sha256(data + repr(wanted).encode()).hexdigest()


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
    faults = _check_before(xml, file)
    if not faults:
        prepared = Prepared(key, prepare(data))
        faults = tuple(_check_sources(prepared.sources, xml, file, blanks, steering))
    return faults or _compile(prepared, parts, file)


def _compile(prepared: Prepared, parts: Mapping[str, package.Part], file: str) -> Template:
    environment = _environment()
    compiled = tuple((source.part, environment.from_string(source.text)) for source in prepared.sources)
    names = {source.part for source in prepared.sources}
    constant = [part for name, part in parts.items() if name not in names]
    surroundings, _ = structure.survey({part.name: part.data for part in constant})
    return Template(file, package.lay_out(constant), compiled, surroundings, prepared)


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


def _check_before(xml: Mapping[str, bytes], file: str) -> tuple[Diagnostic, ...]:
    """Check the template as a document: docxtpl would lose in silence what is broken here."""
    surroundings, faults = structure.survey(xml)
    faults += structure.read(xml[MAIN], surroundings).faults
    remedy = "请在 Word 中打开模板，另存一次；仍不行就换回原来的模板。"
    return tuple(
        _error(file, "P901", f"模板本身有问题：{f.part} {f.where} {f.message}".strip() + "。", remedy)
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
    body = re.sub(r"^<w:body[^>]*>", "<w:body>", template.patch_xml(template.get_xml()))
    end = tail[tail.rindex("</w:body>") + len("</w:body>") :]
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = Source(MAIN, declaration + head.replace("{", "&#123;") + body + end)
    return (*_other_sources(template), main)


def _other_sources(template: "DocxTemplate") -> Iterator[Source]:
    for part in template.docx.part.package.iter_parts():
        name = str(part.partname).lstrip("/")
        if name == MAIN or not re.match(r"word/(header|footer|footnotes)|docProps/core\.xml", name):
            continue
        xml = part.blob.decode("utf-8")
        if "{{" in xml or "{%" in xml:
            yield Source(name, xml if name == CORE else template.patch_xml(xml))


@dataclass(slots=True)
class _Scope:
    """What names mean at one point of a template."""

    blanks: Blanks
    steering: frozenset[str]
    rows: dict[str, tuple[str, frozenset[str] | None]] = field(default_factory=dict)
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
        marks = list(_marks(xml[source.part], source.part))
        for message in _check_source(source, marks, scope):
            clean = False
            yield _error(file, "P211", f"模板{message}。", "请在 Word 中改正模板。")
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


def _marks(xml: bytes, part: str) -> Iterator[_Mark]:
    """List the tags of a part in reading order, each with its table, row and cell."""
    for where, text in _paragraphs(ET.fromstring(xml), part):  # noqa: S314 -- structure.read has refused DTDs
        for found in _TAG.finditer(text):
            yield _Mark(found[0], where)
        wide = _WIDE_BRACES.search(text)
        if wide:
            yield _Mark(wide[0], where)


def _paragraphs(root: ET.Element, part: str) -> Iterator[tuple[str, str]]:
    if part == CORE:
        yield "文档属性", "".join(root.itertext())
        return
    names = {"header": "页眉", "footer": "页脚", "footnotes": "脚注"}
    outside = next((word for key, word in names.items() if f"/{key}" in part), "正文")
    tables = 0

    def walk(element: ET.Element, where: str) -> Iterator[tuple[str, str]]:
        nonlocal tables
        for child in element:
            if child.tag == f"{_W}p":
                yield where, "".join(t.text or "" for t in child.iter(f"{_W}t"))
            elif child.tag == f"{_W}tbl":
                tables += 1
                table = tables
                for r, row in enumerate(child.iter(f"{_W}tr"), start=1):
                    for c, cell in enumerate(row.findall(f"{_W}tc"), start=1):
                        yield from walk(cell, f"表{table} 第{r}行 第{c}格")
            else:
                yield from walk(child, where)

    yield from walk(root, outside)


def _check_source(source: Source, marks: list[_Mark], scope: _Scope) -> Iterator[str]:
    for mark in marks:
        if _WIDE_BRACES.fullmatch(mark.tag):
            yield f"{mark.where}用了全角的「{mark.tag}」，不会被识别"
        elif _FORBIDDEN_TAG.match(mark.tag):
            yield f"{mark.where}的「{mark.tag}」会生成 Word 打不开的表格，不能用"
    tags = [mark for mark in marks if not _WIDE_BRACES.fullmatch(mark.tag)]
    kept = [(found.start(), found[0]) for found in _TAG.finditer(source.text)]
    if len(kept) != len(tags):
        yield _lost_tag(tags, [tag for _, tag in kept])
        return
    lines = _lines(source.text, kept)

    def at(line: int) -> str:
        return next((tags[i].where for i, tag_line in enumerate(lines) if tag_line >= line), tags[-1].where)

    try:
        tree = _environment().parse(_line_per_tag(source.text))
    except TemplateSyntaxError as error:
        where = at(error.lineno) if tags else ""
        tag = next((kept[i][1] for i, line in enumerate(lines) if line >= error.lineno), "")
        yield f"{where}的「{tag}」写法有误或没有配对"
        return
    yield from _check_nodes(tree.body, scope, at)


def _lost_tag(tags: list[_Mark], kept: list[str]) -> str:
    """Name the first tag that the patching drops: two {%p in one paragraph, or something beside {%tr."""
    for i, mark in enumerate(tags):
        bare = re.sub(r"^(\{[{%])(tr|tc|p|r) ", r"\1 ", mark.tag)
        if i >= len(kept) or re.sub(r"\s", "", kept[i]) != re.sub(r"\s", "", bare):
            return f"{mark.where}的「{mark.tag}」会被丢掉：一段只能有一个 {{%p，{{%tr 的行里不能有别的标记"
    return "里有标记会被丢掉"


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
    shadowed = scope.rows.get(name)
    scope.rows[name] = (rows, scope.blanks[rows])
    yield from _check_nodes([*node.body, *node.else_], scope, at)
    if shadowed is None:
        del scope.rows[name]
    else:
        scope.rows[name] = shadowed


def _check_value(value: nodes.Node, scope: _Scope, at: Where) -> Iterator[str]:
    match value:
        case nodes.Name(name=name) if name in scope.rows:
            rows, fields = scope.rows[name]
            if fields is not None:
                yield f"{at(value.lineno)}的「{name}」是一行，要写明哪一格，例如 {name}.{min(fields)}"
            scope.used.add(rows)
        case nodes.Name(name=name):
            if name not in scope.blanks:
                yield _unknown(name, scope.blanks, at(value.lineno))
            scope.used.add(name)
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in scope.rows:
            rows, fields = scope.rows[name]
            if attr not in (fields or ()):
                yield _unknown(attr, fields or (), at(value.lineno))
            scope.used.add(f"{rows}.{attr}")
        case _:
            yield f"{at(value.lineno)}用了不支持的写法：模板里只放空格，不做计算"


def _check_condition(test: nodes.Node, scope: _Scope, at: Where) -> Iterator[str]:
    match test:
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in scope.rows:
            if attr not in scope.steering or attr not in (scope.rows[name][1] or ()):
                yield f"{at(test.lineno)}按「{attr}」判断：模板只能按 {'、'.join(sorted(scope.steering))} 判断"
        case nodes.Getattr(node=nodes.Name(name="loop"), attr="first" | "last"):
            return
        case _:
            yield f"{at(test.lineno)}的判断不支持：模板只能按 {'、'.join(sorted(scope.steering))} 判断"


def _unknown(name: str, known: Any, where: str) -> str:
    import difflib  # noqa: PLC0415 -- needed only where something is wrong

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"，是否为「{close[0]}」？" if close else ""
    return f"{where}：没有「{name}」这个空格{hint}"
