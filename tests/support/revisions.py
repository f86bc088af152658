"""What Word makes of tracked changes: all accepted, or all rejected; written from the standard, without perfdoc."""

import re
from copy import deepcopy
from itertools import groupby
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKED_ROW = f"{W}trPr/{W}"
MARKED_END = f"{W}pPr/{W}rPr/{W}"
FORMATS = (f"{W}rPr", f"{W}trPr")
SPOKEN = {f"{W}delText": f"{W}t", f"{W}delInstrText": f"{W}instrText"}


def accepted(xml: bytes) -> bytes:
    """Accept all changes of a main part."""
    return settled(xml, goes="del", stays="ins")


def rejected(xml: bytes) -> bytes:
    """Reject all changes of a main part."""
    return settled(xml, goes="ins", stays="del")


def settled(xml: bytes, goes: str, stays: str) -> bytes:
    root = etree.fromstring(xml)
    settle_formats(root, back=goes == "ins")
    settle_rows(root, goes)
    for mark in [*root.iter(f"{W}{goes}")]:
        if mark.getparent().tag not in FORMATS:
            mark.getparent().remove(mark)
    for paragraph in [*root.iter(f"{W}p")]:
        if paragraph.find(MARKED_END + goes) is not None:
            join(paragraph)
    for mark in [*root.iter(f"{W}{stays}")]:
        parent = mark.getparent()
        place = parent.index(mark)
        parent[place : place + 1] = [] if parent.tag in FORMATS else [*mark]
    for said in [*root.iter(*SPOKEN)]:
        said.tag = SPOKEN[said.tag]
    written: bytes = etree.tostring(root)
    return written


def settle_formats(root: Any, *, back: bool) -> None:
    for change in [*root.iter(f"{W}pPrChange")]:
        form = change.getparent()
        form.remove(change)
        if back:
            kept = [child for child in form if child.tag in (f"{W}rPr", f"{W}sectPr")]
            form[:] = [*change[0], *kept]


def settle_rows(root: Any, goes: str) -> None:
    """Take rows away, and tables that have no row left."""
    for row in [*root.iter(f"{W}tr")]:
        if row.find(MARKED_ROW + goes) is not None:
            row.getparent().remove(row)
    for table in [*root.iter(f"{W}tbl")]:
        if table.find(f"{W}tr") is None:
            table.getparent().remove(table)


def join(paragraph: Any) -> None:
    """Take the mark of a paragraph away: its words go to the next one; the last of a cell or a text keeps its mark."""
    following = paragraph.getnext()
    words = [child for child in paragraph if child.tag != f"{W}pPr"]
    if following is not None and following.tag == f"{W}p":
        place = 1 if following.find(f"{W}pPr") is not None else 0
        for number, word in enumerate(words):
            following.insert(place + number, word)
        paragraph.getparent().remove(paragraph)
    elif not words and paragraph.getparent().tag == f"{W}body" and not follows_one(paragraph):
        # Between tables it goes; the one behind the last table Word has of its own accord.
        paragraph.getparent().remove(paragraph)


def follows_one(paragraph: Any) -> bool:
    before = paragraph.getprevious()
    return before is not None and before.tag == f"{W}p"


def canonical(xml: bytes) -> str:
    """Write a part so that equal pages are equal: how words are split over runs says nothing to Word."""
    root = etree.fromstring(xml)
    for element in root.iter():
        if element.tag != f"{W}t" and not (element.text or "x").strip():
            element.text = None
        element.tail = None
    for empty in [text for text in root.iter(f"{W}t") if not text.text]:
        empty.getparent().remove(empty)
    for run in [*root.iter(f"{W}r")]:
        form = run.find(f"{W}rPr")
        if form is not None and not len(form):
            run.remove(form)
    for form in [form for form in root.iter(f"{W}trPr") if not len(form)]:
        form.getparent().remove(form)
    for paragraph in root.iter(f"{W}p"):
        for tag in (f"{W}pPr/{W}rPr", f"{W}pPr"):
            form = paragraph.find(tag)
            if form is not None and not len(form):
                form.getparent().remove(form)
        one_run_each(paragraph)
    return re.sub(r"(?=<w:(?:p|tr|tbl|tc)[ >])", "\n", etree.tostring(root, encoding="unicode"))


def one_run_each(paragraph: Any) -> None:
    """Join the runs of one format, and the texts that follow each other in a run."""
    children = [child for child in paragraph if child.tag != f"{W}r" or said(child)]
    joined = []
    for look, group in groupby(children, key=look_of):
        first, *others = group
        joined.append(first)
        if look is None:
            joined += others
            continue
        for other in others:
            first.extend(said(other))
        for run_of_text, texts in groupby(said(first), key=lambda child: child.tag == f"{W}t"):
            if run_of_text:
                text, *more = texts
                text.text = "".join(one.text or "" for one in (text, *more))
                text.attrib.clear()
                for one in more:
                    first.remove(one)
    paragraph[:] = joined


def said(run: Any) -> list[Any]:
    return [c for c in run if c.tag != f"{W}rPr" and (c.tag != f"{W}t" or c.text)]


def look_of(child: Any) -> str | None:
    if child.tag != f"{W}r":
        return None
    form = child.find(f"{W}rPr")
    return "" if form is None else etree.tostring(deepcopy(form), encoding="unicode")


def cells(xml: bytes) -> list[list[list[str]]]:
    """Read the paragraphs of every cell of every row; text between tables is a row of its own."""
    body = etree.fromstring(xml).find(f"{W}body")
    return [
        [[words(p) for p in cell.iter(f"{W}p")] for cell in row.iter(f"{W}tc")]
        if block.tag == f"{W}tbl"
        else [[words(block)]]
        for block in body
        for row in (block.iter(f"{W}tr") if block.tag == f"{W}tbl" else (block,))
    ]


def words(paragraph: Any) -> str:
    spoken = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(
        spoken.get(child.tag, child.text or "") for run in paragraph.iter(f"{W}r") for child in run
    )
