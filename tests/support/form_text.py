"""A Word form as readable lines, read without any code of perfdoc: a row a line, cells between bars."""

import io
import zipfile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def form_text(docx: bytes) -> str:
    """Write the body as text; `〃` stands for a cell merged with the one above, `⏎` for a break inside a cell."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = etree.fromstring(archive.read("word/document.xml")).find(f"{W}body")
    lines = []
    for block in body:
        if block.tag == f"{W}p":
            lines.append(_paragraph(block))
        elif block.tag == f"{W}tbl":
            lines += [" | ".join(_cell(cell) for cell in row.iter(f"{W}tc")) for row in block.iter(f"{W}tr")]
    return "\n".join(lines) + "\n"


def _cell(cell: etree._Element) -> str:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    if merge is not None and merge.get(f"{W}val") != "restart":
        return "〃"
    return "⏎".join(_paragraph(p) for p in cell.iter(f"{W}p")).replace("\n", "⏎")


def _paragraph(paragraph: etree._Element) -> str:
    written = {f"{W}br": "\n", f"{W}tab": "\t"}
    runs = (child for run in paragraph.iter(f"{W}r") for child in run)
    return "".join(written.get(e.tag, e.text or "" if e.tag == f"{W}t" else "") for e in runs)
