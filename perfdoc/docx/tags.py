"""Can the program fill every tag of a template, and will docxtpl carry each of them?

The notation is Jinja's, as docxtpl writes it into Word. A template places and never decides: tags, loops over
rows, and conditions on where a merged cell begins; whatever else stands in it is refused, at its table, row and cell.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from xml.etree import ElementTree as ET

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from perfdoc.core.diagnostics import Diagnostic, Place, Severity
from perfdoc.docx.sound.places import inside, outermost

CHECKS = 2
"""Counted up with every new check of a template, so that one that passed the old ones is looked at again."""
MAIN = "word/document.xml"
CORE = "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLOCKS = (f"{_W}p", f"{_W}tbl")
STORY = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
HALF_TAG = re.compile(r"\{\{|\{%|\{#|%\}|\}\}")
_THREE_BRACES = re.compile(r"\{{3}|\}{3}")
_WIDE_BRACES = re.compile(r"｛｛|｝｝|｛%|｛％|%｝|％｝")
_FORBIDDEN_TAG = re.compile(r"\{%\s*(colspan|cellbg|hm|vm)\b|\{\{(p|r|tr|tc)\s")
_STATEMENT = re.compile(r"\{%(?:(?:tr|tc|p|r)\s+|\s*)(\w*)")
_STATEMENTS = frozenset({"for", "endfor", "if", "elif", "else", "endif"})
_SWALLOWING = re.compile(r"[{%#]{2}(tr|tc|p)\s")
"""A tag for which docxtpl gives up all that surrounds it: the row, the cell, the paragraph."""
Blanks = Mapping[str, frozenset[str] | None]
"""Every blank a template can hold: None for a text, the fields for a list of rows, none for one of paragraphs."""


@dataclass(frozen=True, slots=True)
class Source:
    """What docxtpl makes of one part of a template: text for Jinja."""

    part: str
    text: str


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox; a row's field is looked for among its keys first, which takes a quarter off a render."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment() -> ImmutableSandboxedEnvironment:
    """Make the sandbox in which templates are parsed and rendered."""
    return _Sandbox(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


def template_error(file: str, code: str, message: str, remedy: str) -> Diagnostic:
    """Make an error about a template; a .docx has no lines."""
    return Diagnostic(
        code=code, severity=Severity.ERROR, place=Place(file, 0, 0), message=message, remedy=remedy
    )


def misplaced(xml: Mapping[str, bytes], file: str) -> Iterator[Diagnostic]:
    """Check how tags stand in their paragraphs: docxtpl would print or drop in silence what stands wrong."""
    for name in sorted(name for name in xml if name in {MAIN, CORE} or STORY.fullmatch(name)):
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
            yield f"的「{tag}」不支持：只能放填空、按行循环、按行判断合并"
        elif spot.beside(tag):
            yield f"的「{tag}」旁边还有别的内容，会被丢掉：{{%p 要独占一段，{{%tr 要独占一行"
    half = HALF_TAG.search(_TAG.sub("", text)) or _THREE_BRACES.search(text)
    if half:
        yield f"的「{text.strip()}」里有没写完整的标记：「{half[0]}」没有配对"


def _bare_end(cell: ET.Element) -> Iterator[str]:
    """Find a cell that comes out without a last paragraph where a list is empty or a condition false."""
    well, stray = _ends_well(outermost(cell, _BLOCKS), before=False)
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


def _supported(tag: str) -> bool:
    return _keyword(tag) in _STATEMENTS and not tag.endswith("-%}")


def _template_fault(file: str, message: str) -> Diagnostic:
    end = "" if message.endswith("？") else "。"
    return template_error(file, "P211", f"模板{message}{end}", "请在 Word 中改正模板。")


@dataclass(slots=True)
class _Scope:
    """What names mean at one point of a template."""

    blanks: Blanks
    steering: frozenset[str]
    rows: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def unfit(
    sources: tuple[Source, ...],
    xml: Mapping[str, bytes],
    file: str,
    blanks: Blanks,
    steering: frozenset[str],
) -> Iterator[Diagnostic]:
    """Check every tag: only known names, each of them used, none lost when docxtpl patches the XML."""
    scope = _Scope(blanks, steering)
    clean = True
    for source in sources:
        marks = _marks(xml[source.part], source.part)
        for message in _check_source(source, marks, scope):
            clean = False
            yield _template_fault(file, message)
    if clean:
        for name in sorted(set(_wanted(blanks, steering)) - scope.used):
            yield template_error(
                file, "P212", f"模板里没有放「{name}」的地方。", f"请在模板中加上 {{{{ {name} }}}}。"
            )


def places_only(sources: tuple[Source, ...], blanks: Blanks, steering: frozenset[str]) -> bool:
    """Return True if sources do only what a template may: fill known tags, loop over rows, ask where cells begin."""
    scope = _Scope(blanks, steering)
    try:
        trees = [environment().parse(source.text) for source in sources]
    except (TemplateSyntaxError, RecursionError):
        return False
    return not any(True for tree in trees for _ in _check_nodes(tree.body, scope, lambda _: ""))


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

    def walk(element: ET.Element, around: _Spot, word: str) -> Iterator[_Spot]:
        tables = count(1)
        for block in outermost(element, _BLOCKS):
            if block.tag == f"{_W}p":
                yield replace(around, element=block)
                continue
            table = f"{word}{next(tables)}"
            for r, row in enumerate(inside(block, f"{_W}tr"), start=1):
                for c, cell in enumerate(inside(row, f"{_W}tc"), start=1):
                    spot = _Spot(f"{table} 第{r}行 第{c}格", cell, cell, row)
                    yield spot
                    yield from walk(cell, spot, f"{spot.where} 内表")

    yield from walk(root, _Spot(outside, root), "表")


def _check_source(source: Source, marks: list[_Mark], scope: _Scope) -> Iterator[str]:
    unpaired = _unpaired(marks)
    if unpaired:
        yield unpaired
        return
    kept = _TAG.findall(source.text)
    if len(kept) != len(marks):
        yield _odd_tag(marks, kept)
        return

    def at(line: int) -> str:
        return marks[max(line - _FIRST, 0)].where

    try:
        tree = environment().parse(_line_per_tag(source.text))
    except TemplateSyntaxError as error:
        half = HALF_TAG.search(_TAG.sub("", source.text))
        yield (
            _outside_text(half[0])
            if half
            else f"{at(error.lineno)}的「{kept[max(error.lineno - _FIRST, 0)]}」写法有误"
        )
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
    return _outside_text(next((tag for tag, number in counts.items() if number), ""))


def _outside_text(odd: str) -> str:
    return f"里的「{odd}」不在普通文字里（例如在替代文字、域或修订记录里），不能填"


def _as_kept(tag: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"^(\{[{%#])(tr|tc|p|r) ", r"\1 ", tag))


_FIRST = 2
"""The line of the first tag."""


def _line_per_tag(text: str) -> str:
    """Put every tag on a line of its own, and nothing else on a line of its own: so a line number names a tag."""
    return _TAG.sub(lambda found: "\n" + _one_line(found[0]), _one_line(text))


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n]", " ", text)


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
                yield f"{at(node.lineno)}用了不支持的写法：只能放填空、按行循环、按行判断合并"


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
            yield f"{at(value.lineno)}用了不支持的写法：模板里只放填空，不做计算"


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
    return f"{where}：没有「{name}」这个填空{hint}"
