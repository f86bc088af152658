"""Paragraphs and table rows, and the .docx made of them.

A row is written as cells that end at so many millimetres from the table's left edge. The grid is the set of all
those edges, so every row of a table sits on one grid and all widths agree. The look is in `styles.xml`; the body
carries the names of its styles and hardly any direct formatting.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from perfdoc.docx import package

Merge = Literal["restart", "continue"]
Tab = tuple[Literal["left", "right", "clear"], Decimal]
"""A tab stop in millimetres from the margin; `clear` takes away one of the style's."""
TAB = Decimal(150)
"""The right-aligned tab stop of the style 填报行."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    r"""A paragraph; `\n` is a line break, `\t` a tab.

    Attributes:
        style: Name of a paragraph style.
        text: Static text and docxtpl tags.
        tabs: What departs from the tab stops of the style.
    """

    style: str
    text: str = ""
    tabs: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row.

    Attributes:
        to: Right edge in millimetres from the table's left edge; the left edge is where the cell before ends.
        content: At least one paragraph.
        merge: Where the cell stands in a vertical merge; None where it stands alone.
    """

    to: Decimal
    content: tuple[Paragraph, ...]
    merge: Merge | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        cells: From left to right, up to the table's right edge.
        height: Least height in millimetres; 0 where the text decides.
        splits: Whether a page break may fall inside the row.
        repeats: Whether the row stands at the top of every page that the table reaches.
    """

    cells: tuple[Cell, ...]
    height: float = 0
    splits: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The paper in millimetres, and its margins left and right."""

    width: Decimal
    height: Decimal
    margin: Decimal

    @property
    def text_width(self) -> Decimal:
        """What is between the margins."""
        return self.width - 2 * self.margin


PORTRAIT, LANDSCAPE = (Decimal(210), Decimal(297)), (Decimal(297), Decimal(210))
USUAL_MARGIN, LEAST_MARGIN = Decimal(30), Decimal(16)
WIDEST = Decimal(277)
WIDEST_AT_USUAL_MARGIN = Decimal(161)
"""A table may stand over the text a little on both sides, as it does on the form of 2020."""


def page_for(width: Decimal) -> Page:
    """Choose the paper and the margins for a table of this width."""
    if width <= WIDEST_AT_USUAL_MARGIN:
        return Page(*PORTRAIT, USUAL_MARGIN)
    upright = width <= PORTRAIT[0] - 2 * LEAST_MARGIN
    paper = PORTRAIT if upright else LANDSCAPE
    return Page(*paper, (paper[0] - width) / 2)


# --- The body -------------------------------------------------------------------------------------------------------

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# 1.94 is 1.9 and a hair: a prose line of the form of 2020 holds 34 characters, as filed, and no longer exactly 35.
_CELL_MARGINS = {"top": "0.5", "left": "1.94", "bottom": "0.5", "right": "1.94"}


def _dxa(millimetres: Decimal | float | str) -> int:
    """Turn millimetres into twentieths of a point."""
    return round(float(millimetres) * 1440 / 25.4)


def _paragraph(drawn: Paragraph) -> str:
    text = escape(drawn.text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    # The hint sends “ ” … — ≥ to the Chinese font, as Word does for text typed in Chinese.
    run = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{text}</w:t></w:r>' if text else ""
    tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{_dxa(at)}"/>' for kind, at in drawn.tabs)
    tabs = f"<w:tabs>{tabs}</w:tabs>" if tabs else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{drawn.style}"/>{tabs}</w:pPr>{run}</w:p>'


def _table(rows: tuple[Row, ...]) -> str:
    edges = [0, *sorted({_dxa(drawn.to) for row in rows for drawn in row.cells})]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{_dxa(width)}" w:type="dxa"/>' for side, width in _CELL_MARGINS.items()
    )
    grid = "".join(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(_row(drawn, edges) for drawn in rows)}</w:tbl>"
    )


def _row(drawn: Row, edges: list[int]) -> str:
    properties = "" if drawn.splits else "<w:cantSplit/>"
    if drawn.height:
        properties += f'<w:trHeight w:val="{_dxa(drawn.height)}"/>'
    if drawn.repeats:
        properties += "<w:tblHeader/>"
    bounds = pairwise([0, *(_dxa(one.to) for one in drawn.cells)])
    cells = (_cell(one, *bound, edges) for one, bound in zip(drawn.cells, bounds, strict=True))
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(drawn: Cell, left: int, right: int, edges: list[int]) -> str:
    span = edges.index(right) - edges.index(left)
    properties = f'<w:tcW w:w="{right - left}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{drawn.merge}"/>' if drawn.merge else ""
    properties += '<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(_paragraph, drawn.content))}</w:tc>"


def _body(parts: tuple[Paragraph | tuple[Row, ...], ...], page: Page) -> str:
    drawn = "".join(_paragraph(part) if isinstance(part, Paragraph) else _table(part) for part in parts)
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    side = _dxa(page.margin)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{_W}"><w:body>{drawn}'
        f'<w:sectPr><w:pgSz w:w="{_dxa(page.width)}" w:h="{_dxa(page.height)}"{turned}/>'
        f'<w:pgMar w:top="{_dxa(25.4)}" w:right="{side}" w:bottom="{_dxa(25.4)}" w:left="{side}"'
        ' w:header="851" w:footer="992" w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:linePitch="312"/></w:sectPr>'
        "</w:body></w:document>"
    )


# --- The package ----------------------------------------------------------------------------------------------------

_HERE = Path(__file__).resolve().parent
_FILES = {
    "[Content_Types].xml": "types.xml",
    "_rels/.rels": "package.rels.xml",
    "docProps/app.xml": "app.xml",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document.rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/fontTable.xml": "fontTable.xml",
    "word/theme/theme1.xml": "theme1.xml",
}
"""What is the same on every form, by its part; no font in it that a Chinese office lacks, or WPS complains of 缺失字体."""


def write(title: str, parts: tuple[Paragraph | tuple[Row, ...], ...], page: Page) -> bytes:
    """Write a .docx of paragraphs and tables.

    Args:
        title: Title in the file's properties.
        parts: From the top of the page to the bottom; a table is a tuple of its rows.
        page: The paper.
    """
    files = {name: (_HERE / file).read_bytes() for name, file in _FILES.items()}
    titled = f"<dc:title>{escape(title)}</dc:title>".encode()
    files["docProps/core.xml"] = files["docProps/core.xml"].replace(b"<dc:title></dc:title>", titled)
    files["word/document.xml"] = _body(parts, page).encode()
    return package.finish(package.lay_out(package.stored(*file) for file in files.items()), ())
