"""Marks of Word's change tracking: what came, what went, who says so and when.

The tree is lxml's. A document of a clerk's template declares prefixes that only an attribute's value names
(`mc:Ignorable`), and old elements move into the new tree; the standard library's tree keeps neither the prefixes nor
the neighbours of an element. lxml is there, since python-docx needs it; it takes 20 ms to import, so that nothing a
build needs may import this module.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

from perfdoc.docx.sound.names import ID, PARAGRAPH, ROW, RUN, TEXT, W14, W
from perfdoc.years.kinds import Op

Element: TypeAlias = Any
"""An lxml element; the library carries no types."""

PARAGRAPH_FORMAT, RUN_FORMAT, ROW_FORMAT = W + "pPr", W + "rPr", W + "trPr"
SECTION, FORMAT_CHANGE = W + "sectPr", W + "pPrChange"
_EXCEPTIONS = W + "tblPrEx"
_TAGS = {Op.ADDED: W + "ins", Op.DROPPED: W + "del"}
_SPOKEN_OF = {TEXT: W + "delText", W + "instrText": W + "delInstrText"}
NAMES = {"w": W[1:-1]}
_DECLARATION = re.compile(rb' xmlns(?::[\w.-]+)?="[^"]*"')

CONTAINERS = frozenset(
    W + name for name in ("hyperlink", "smartTag", "fldSimple", "sdt", "customXml", "dir", "bdo")
)
"""What may stand around runs, cells and paragraphs without being one."""
_CONTENTS = W + "sdtContent"
_OWN_FORMAT = frozenset(W + name for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData"))

_POINTS = """bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd proofErr permStart permEnd moveFromRangeStart
   moveFromRangeEnd moveToRangeStart moveToRangeEnd"""
POINTS = frozenset(W + name for name in _POINTS.split())
"""What marks a place and says nothing."""

_HANGING = """sectPr drawing pict object footnoteReference endnoteReference commentReference contentPart annotationRef
   altChunk subDoc"""
_ROOTED = frozenset(W + name for name in _HANGING.split())
"""What hangs on other parts of its package, or has an id of its own: the old year's cannot stand in the new file."""
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"


@dataclass(slots=True)
class Pen:
    """Writes marks: the author, the moment, and the number of the next one."""

    author: str
    date: str
    number: int

    def mark(self, near: Element, op: Op) -> Element:
        """Make a mark; `near` is any element of the tree that it goes into."""
        return self.make(near, _TAGS[op])

    def make(self, near: Element, tag: str) -> Element:
        """Make an element that carries a mark's number, author and date."""
        said = {ID: str(self.number), W + "author": self.author, W + "date": self.date}
        self.number += 1
        return near.makeelement(tag, said, nsmap=NAMES)

    def row(self, row: Element, op: Op) -> None:
        """Mark a row as a whole."""
        found = row.find(ROW_FORMAT)
        if found is None:
            found = row.makeelement(ROW_FORMAT, nsmap=NAMES)
            row.insert(1 if row.find(_EXCEPTIONS) is not None else 0, found)
        found.append(self.mark(row, op))

    def paragraph(self, paragraph: Element, op: Op) -> None:
        """Mark the end of a paragraph: what came or went is the break behind it."""
        form = paragraph_format(paragraph)
        found = form.find(RUN_FORMAT)
        if found is None:
            found = form.makeelement(RUN_FORMAT, nsmap=NAMES)
            behind = next((e for e in form if e.tag in (SECTION, FORMAT_CHANGE)), None)
            put(found, form, behind)
        found.insert(0, self.mark(form, op))

    def runs(self, element: Element, op: Op) -> None:
        """Mark all runs within an element, neighbours together."""
        group: list[Element] = []
        for run in [found for found in _outside_runs(element) if found.tag == RUN]:
            if group and group[-1].getnext() is not run:
                self._wrap(group, op)
                group = []
            group.append(run)
        if group:
            self._wrap(group, op)

    def _wrap(self, runs: list[Element], op: Op) -> None:
        mark = self.mark(runs[0], op)
        runs[0].addprevious(mark)
        for run in runs:
            mark.append(as_marked(run, op))

    def whole(self, element: Element, op: Op) -> None:
        """Mark a row, a table or a paragraph with everything in it."""
        for found in [element, *_outside_runs(element)]:
            if found.tag == ROW:
                self.row(found, op)
            elif found.tag == PARAGRAPH:
                self.paragraph(found, op)
        self.runs(element, op)


def as_marked(run: Element, op: Op) -> Element:
    """Write the words of a run as a mark needs them; those of a deletion have elements of their own."""
    if op is Op.DROPPED:
        for said in [*run.iter(*_SPOKEN_OF)]:
            said.tag = _SPOKEN_OF[said.tag]
    return run


def paragraph_format(paragraph: Element) -> Element:
    """Return the format of a paragraph, made where there is none."""
    found = paragraph.find(PARAGRAPH_FORMAT)
    if found is None:
        found = paragraph.makeelement(PARAGRAPH_FORMAT, nsmap=NAMES)
        paragraph.insert(0, found)
    return found


def _outside_runs(element: Element) -> Iterator[Element]:
    """Walk through an element, but into no run: a text box in it comes and goes with it."""
    waiting = [*reversed(element)]
    while waiting:
        found = waiting.pop()
        yield found
        if found.tag != RUN:
            waiting.extend(reversed(found))


def uprooted(element: Element) -> Element:
    """Free an element of the old year from its package: of ids, places, links and pictures; its words stay."""
    for found in [*element.iter(*POINTS, *_ROOTED, _ALTERNATIVE)]:
        if found is not element and found.getparent() is not None:
            found.getparent().remove(found)
    for found in [*element.iter(*CONTAINERS)]:
        if found is not element:
            for content in contents(found):
                found.addprevious(content)
            found.getparent().remove(found)
    for found in element.iter(PARAGRAPH, ROW):
        for name in ("paraId", "textId"):
            found.attrib.pop(W14 + name, None)
    return element


def contents(container: Element) -> list[Element]:
    """List what a container stands around."""
    return [
        content
        for child in container
        if child.tag not in _OWN_FORMAT
        for content in (child if child.tag == _CONTENTS else (child,))
    ]


def rooted(element: Element) -> bool:
    """Tell whether an element of the old year cannot stand in the new file."""
    return element.tag in _ROOTED or element.tag == _ALTERNATIVE


def put(element: Element, parent: Element, behind: Element | None) -> None:
    """Put an element before another of the parent's children, or last."""
    if behind is None:
        parent.append(element)
    else:
        behind.addprevious(element)


def raw(element: Element) -> bytes:
    """Write an element out. What is written alike is alike; what is written otherwise may still be."""
    written: bytes = etree.tostring(element, with_tail=False)
    return written


def key(form: Element) -> bytes:
    """Write a format so that formats alike are equal: without the names that the part around it declares."""
    return _DECLARATION.sub(b"", raw(form))


def parse(main: bytes) -> Element:
    """Read a part that this program rendered; nothing in it may name anything outside."""
    return etree.fromstring(main, etree.XMLParser(resolve_entities=False, no_network=True))


def write(root: Element) -> bytes:
    """Write a part."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
