"""A Word form as it lies on the paper: cells with their edges and merges, read without any code of perfdoc."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
DXA_PER_MM = 1440 / 25.4


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row; lengths in Word's unit, a twentieth of a point.

    Attributes:
        left: From the table's left edge to the cell's, by the widths of the grid.
        right: Likewise.
        width: What the cell says of itself.
        merge: `restart`, `continue`, or None where it stands alone.
        paragraphs: Their text, a line break as a line end, a tab as a tab.
    """

    left: int
    right: int
    width: int
    merge: str | None
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells, whether a page may end within it, its least height."""

    cells: tuple[Cell, ...]
    may_split: bool
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: paragraphs, one table, paragraphs."""

    above: tuple[str, ...]
    grid: tuple[int, ...]
    rows: tuple[Row, ...]
    below: tuple[str, ...]


def part(docx: bytes, name: str = "word/document.xml") -> Any:
    """Parse a part of a document."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False))


def read(docx: bytes) -> Sheet:
    """Read the main part of a form with one table."""
    blocks = list(part(docx).find(f"{W}body"))
    (at,) = (i for i, block in enumerate(blocks) if block.tag == f"{W}tbl")
    grid = tuple(int(column.get(f"{W}w")) for column in blocks[at].iterfind(f"{W}tblGrid/{W}gridCol"))
    rows = tuple(_row(row, grid) for row in blocks[at].iterfind(f"{W}tr"))
    above, below = (tuple(_paragraphs(side)) for side in (blocks[:at], blocks[at + 1 :]))
    return Sheet(above, grid, rows, below)


def _row(row: Any, grid: tuple[int, ...]) -> Row:
    edges = [0, *accumulate(grid)]
    cells, column = [], 0
    for cell in row.iterfind(f"{W}tc"):
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        end = column + (1 if span is None else int(span.get(f"{W}val")))
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        cells.append(
            Cell(
                left=edges[column],
                right=edges[end],
                width=int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")),
                merge=None if merge is None else merge.get(f"{W}val", "continue"),
                paragraphs=tuple(_paragraphs(cell)),
            )
        )
        column = end
    assert column == len(grid), "a row that does not fill the grid"
    height = row.find(f"{W}trPr/{W}trHeight")
    return Row(
        tuple(cells),
        may_split=row.find(f"{W}trPr/{W}cantSplit") is None,
        height=0 if height is None else int(height.get(f"{W}val")),
    )


def _paragraphs(blocks: Any) -> Iterator[str]:
    return (paragraph_text(block) for block in blocks if block.tag == f"{W}p")


def paragraph_text(paragraph: Any) -> str:
    """Read a paragraph as Word does: it trims a text that is not marked to keep its spaces."""
    pieces = {f"{W}br": "\n", f"{W}tab": "\t"}
    text = ""
    for child in (child for run in paragraph.iterfind(f"{W}r") for child in run):
        if child.tag == f"{W}t":
            written = child.text or ""
            text += written if child.get(_SPACE) == "preserve" else written.strip(" \t\r\n")
        else:
            text += pieces.get(child.tag, "")
    return text


def runs(sheet: Sheet) -> dict[int, list[tuple[str, int]]]:
    """List the cells of each column from top to bottom, by left edge: the text, and how many rows it is merged over.

    A merge goes on only in a cell with both edges of the one above, and holds no text there.
    """
    found: dict[int, list[tuple[str, int]]] = {}
    above: set[tuple[int, int]] = set()
    for row in sheet.rows:
        for cell in row.cells:
            column = found.setdefault(cell.left, [])
            if cell.merge == "continue":
                assert (cell.left, cell.right) in above, f"a merge goes on that has not begun: {cell}"
                assert cell.text == "", f"text that nobody sees: {cell}"
                text, rows = column[-1]
                column[-1] = (text, rows + 1)
            else:
                column.append((cell.text, 1))
        above = {(cell.left, cell.right) for cell in row.cells if cell.merge is not None}
    return found


def millimetres(dxa: int) -> float:
    """Turn Word's unit into millimetres, to the tenth."""
    return round(dxa / DXA_PER_MM, 1)


def bare(text: str) -> str:
    """Leave out white space: the filed form survives with what the extraction put between its characters."""
    return "".join(text.split())
