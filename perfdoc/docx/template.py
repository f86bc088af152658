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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import escape

from perfdoc.core import keys
from perfdoc.core.diagnostics import Diagnostic
from perfdoc.docx import package, sound, tags
from perfdoc.docx.content import Content, Row
from perfdoc.docx.tags import CHECKS, CORE, HALF_TAG, MAIN, STORY, Blanks, Source, template_error

if TYPE_CHECKING:
    from docxtpl import DocxTemplate


_MARKUP = re.compile("[&<>\"'\n\t]")
_OPENING = re.compile(r"<w:(?:p|tr)\s[^>]*>")
_OWN_ID = re.compile(r'\s\w+:(?:paraId|textId)="[^"]*"')
_LAST_PLACE = re.compile(r'<w:bookmarkStart\s(?=[^>]*w:name="_GoBack")[^>]*w:id="(\d+)"')


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
        pieces: What the template rendered one after the other, the placed strings as `Markup`.
    """

    name: str
    xml: bytes
    placed: tuple[str, ...]
    pieces: Sequence[str] = ()


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
class Prepared:
    """A template as docxtpl prepared it, found without fault; kept between runs as text.

    It lies beside what it was made from, where anybody may change it: what is read back counts only where it says
    what the template says, and runs in the same sandbox as a fresh one.

    Attributes:
        key: Hash of the template's bytes and the tags it was checked against.
        sources: The main part last.
    """

    key: str
    sources: tuple[Source, ...]

    def dump(self) -> bytes:
        """Write it as a file in which a change of the template can be read line by line."""
        lines = re.compile(r"(?<=\n)|(?=<w:(?:p|tr|tbl)[ >])")
        parts = {source.part: lines.split(source.text) for source in self.sources}
        known = {
            keys.REMARK: "由 perfdoc schema 从 Word 模板生成，不要手改",
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
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


_ELEMENT = re.compile(r"<[^/<>][^<>]*>")
_MARKUP_OF_ANY_KIND = re.compile(r"<[^<>]*>")
_VALUE_TAG, _BLOCK_TAG = re.compile(r"\{\{[^{}]*\}\}"), re.compile(r"(\{[%#][^{}]*[%#]\})")
_TAG_PREFIX = re.compile(r"(\{[{%#])(?:tr|tc|p|r)\s")
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*>")


def _faithful(sources: tuple[Source, ...], xml: Mapping[str, bytes]) -> bool:
    """Tell whether sources say what the template says: its words and tags in order, in no element that it lacks.

    docxtpl takes the runs apart around tags and gives up the rows of loops; it adds nothing. To look takes 1 ms, to
    prepare anew 90.
    """
    texts = {source.part: source.text for source in sources}
    if (
        len(texts) != len(sources)
        or not sources
        or sources[-1].part != MAIN
        or not texts.keys() <= xml.keys()
    ):
        return False
    for name in (name for name in xml if name in {MAIN, CORE} or STORY.fullmatch(name)):
        own = xml[name].decode("utf-8", "replace")
        if name not in texts:
            if HALF_TAG.search(_words(own)):
                return False
        elif _words(own) != _words(texts[name]) or not _within(_elements(texts[name]), _elements(own)):
            return False
    return True


def _words(xml: str) -> str:
    """Return words and tags in order, with a mark for the end of a paragraph unless a loop or a condition stands there."""
    import html  # noqa: PLC0415 -- a template that is trusted as prepared needs none of it

    text = html.unescape(_MARKUP_OF_ANY_KIND.sub("", xml.replace("</w:p>", "\x1e")))
    pieces = _BLOCK_TAG.split(_TAG_PREFIX.sub(r"\1", text))
    pieces[::2] = (piece.strip() for piece in pieces[::2])
    return re.sub(r"[^\S\x1e]+", "", "".join(pieces))


def _elements(xml: str) -> list[str]:
    """List the opening tags of a part; of those within a tag of the template none counts."""
    bare = _BLOCK_TAG.sub("", _VALUE_TAG.sub("", _repeatable(_DECLARATION.sub("", xml))))
    return [element.replace(' xml:space="preserve"', "") for element in _ELEMENT.findall(bare)]


def _within(some: list[str], every: list[str]) -> bool:
    left = iter(every)
    return all(element in left for element in some)


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
    surroundings: sound.Surroundings
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
        readings = [sound.read_part(part.xml, self.surroundings, part.name) for part in others]
        readings.append(sound.read(main.xml, self.surroundings))
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
        return template_error(self.file, code, f"生成的文档有问题：{message}。", remedy)


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
    pieces = [*template.root_render_func(template.new_context(given))]
    return Rendered(name, "".join(pieces).encode(), tuple(placed), pieces)


def _wrap(content: Content, placed: list[str], kind: type[_Text]) -> dict[str, Any]:
    def row(fields: Row) -> dict[str, Any]:
        return {name: kind(part, placed) if isinstance(part, str) else part for name, part in fields.items()}

    def wrapped(value: str | Sequence[str] | Sequence[Row]) -> Any:
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
    wanted = Counter(filter(None, _strings(content)))
    placed = Counter(
        chain.from_iterable(one.placed for one in printed)
    )  # both are counted without a loop of Python's
    for value, times in wanted.items():
        if times > placed[value]:
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
        end = found + len(value)
        misread = _misread(printed.text, found, end)
        if misread:
            yield f"「{_short(value)}」印成了「{_short(misread)}」"
            return
        between.append(printed.text[position:found])
        position = end
    between.append(printed.text[position:])
    if HALF_TAG.search(printed.text) is None:  # what is nowhere is not between two values either
        return
    for own in between:
        left_over = HALF_TAG.search(own)
        if left_over:
            yield f"文档里留有没有填的标记「{own[left_over.start() : left_over.start() + 20]}」"


_FIGURE = re.compile(r"[≥≤><-]?[0-9][0-9.,]*%?")


def _misread(text: str, start: int, end: int) -> str:
    """Return what a figure reads as with a digit right beside it: a 9 behind 0.6 makes 0.69; empty where none is."""
    if start == end:
        return ""
    before = text[start].isdecimal() and text[max(start - 1, 0)].isdecimal() and start > 0
    behind = text[end - 1].isdecimal() and text[end : end + 1].isdecimal()
    if not (before or behind) or _FIGURE.fullmatch(text, start, end) is None:
        return ""
    return text[start - before : end + behind]


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
    """Hash a template's bytes, the tags that it is checked against, and the checks."""
    wanted = sorted((name, None if fields is None else sorted(fields)) for name, fields in blanks.items())
    return hashlib.sha256(data + repr((CHECKS, wanted)).encode()).hexdigest()


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
        return (template_error(file, "P202", f"打不开 Word 模板：{error}。", "请换回完好的模板。"),)
    if MAIN not in parts:
        return (template_error(file, "P202", "不是 Word 模板：里面没有正文。", "请换回完好的模板。"),)
    key = prepared_key(data, blanks)
    xml = {name: part.data for name, part in parts.items()}
    known = kept is not None and kept.key == key and _faithful(kept.sources, xml)
    if kept is not None and known and tags.places_only(kept.sources, blanks, steering):
        return _compile(kept, parts, file)
    faults = _check_before(xml, file) or tuple(tags.misplaced(xml, file))
    if faults:
        return faults
    try:
        prepared = Prepared(key, prepare(data))
    except _CANNOT_FOLLOW as error:
        return (template_error(file, "P202", f"打不开 Word 模板（{error}）。", _SAVE_ANEW),)
    faults = tuple(tags.unfit(prepared.sources, xml, file, blanks, steering))
    return faults or _compile(prepared, parts, file)


def _compile(prepared: Prepared, parts: Mapping[str, package.Part], file: str) -> Template:
    environment = tags.environment()
    compiled = tuple((source.part, environment.from_string(source.text)) for source in prepared.sources)
    names = {source.part for source in prepared.sources}
    constant = [part for name, part in parts.items() if name not in names]
    surroundings, _ = sound.survey({name: part.data for name, part in parts.items()})
    return Template(file, package.lay_out(constant), compiled, surroundings, prepared)


def _check_before(xml: Mapping[str, bytes], file: str) -> tuple[Diagnostic, ...]:
    """Check the template as a document: docxtpl would lose in silence what is broken here."""
    surroundings, faults = sound.survey(xml)
    faults += sound.read(xml[MAIN], surroundings).faults
    return tuple(
        template_error(
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
        if name != CORE and not STORY.fullmatch(name):
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
