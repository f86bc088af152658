"""A .docx as lines of text: a paragraph a line, a row of a table a line with bars between its cells.

It reads any .docx, not only what a build wrote: git shows by it what changed in an attachment.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from perfdoc.docx import package
from perfdoc.docx.sound.faults import Fault
from perfdoc.docx.sound.markup import index, parse
from perfdoc.docx.sound.names import CELL, PARAGRAPH, ROW, TABLE, VAL, W
from perfdoc.docx.sound.places import outermost
from perfdoc.docx.sound.story import text_of

_MERGED = f"{W}tcPr/{W}vMerge"
_DITTO = "〃"
"""Stands for a cell that is merged with the one above."""

_MAIN = "word/document.xml"
_BESIDE = re.compile(r"word/((?:header|footer|footnotes|endnotes|comments)\d*)\.xml")


class Unreadable(Exception):  # noqa: N818 -- it says what the file is, in Chinese
    """The bytes are no .docx that could be read."""


def transcript(data: bytes) -> Iterator[str]:
    """Yield the lines of a document, then those of its headers, footers and notes.

    Raises:
        Unreadable: Before the first line.
    """
    try:
        parts = package.read(data)
    except package.NotAPackage as refusal:
        raise Unreadable(str(refusal)) from None
    if _MAIN not in parts:
        raise Unreadable("里面没有 Word 的正文")
    return _lines(
        _root(_MAIN, parts[_MAIN].data),
        {
            found[1]: _root(name, part.data)
            for name, part in sorted(parts.items())
            if (found := _BESIDE.fullmatch(name))
        },
    )


def _root(name: str, data: bytes) -> Element:
    root = parse(name, data)
    if isinstance(root, Fault):
        raise Unreadable(root.message.rstrip("。"))
    return root


def _lines(main: Element, beside: dict[str, Element]) -> Iterator[str]:
    for block in outermost(main, (PARAGRAPH, TABLE)):
        if block.tag == PARAGRAPH:
            yield from _written(block).split("\n")
        else:
            yield from (" | ".join(map(_cell, outermost(row, (CELL,)))) for row in outermost(block, (ROW,)))
    for name, root in beside.items():
        words = text_of(index(root)).strip()
        yield from (f"[{name}] {line}" for line in words.split("\n") if line)


def _cell(cell: Element) -> str:
    merged = cell.find(_MERGED)
    if merged is not None and merged.get(VAL) != "restart":
        return _DITTO
    return _written(cell).replace("\n", " / ")


def _written(element: Element) -> str:
    return text_of(index(element)).removesuffix("\n")
