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
        f'<w:document xmlns:w="{_W}"><w:body>{drawn}'
        f'<w:sectPr><w:pgSz w:w="{_dxa(page.width)}" w:h="{_dxa(page.height)}"{turned}/>'
        f'<w:pgMar w:top="{_dxa(25.4)}" w:right="{side}" w:bottom="{_dxa(25.4)}" w:left="{side}"'
        ' w:header="851" w:footer="992" w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:linePitch="312"/></w:sectPr>'
        "</w:body></w:document>"
    )


# --- The package ----------------------------------------------------------------------------------------------------

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

# Part, content type, type of the relationship that leads to it.
_OF_PACKAGE = (
    ("word/document.xml", f"{_WORD}.document.main+xml", f"{_OFFICE}/relationships/officeDocument"),
    (
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        f"{_PACKAGE}/relationships/metadata/core-properties",
    ),
    (
        "docProps/app.xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        f"{_OFFICE}/relationships/extended-properties",
    ),
)
_OF_DOCUMENT = (
    ("word/styles.xml", f"{_WORD}.styles+xml", f"{_OFFICE}/relationships/styles"),
    ("word/settings.xml", f"{_WORD}.settings+xml", f"{_OFFICE}/relationships/settings"),
    ("word/fontTable.xml", f"{_WORD}.fontTable+xml", f"{_OFFICE}/relationships/fontTable"),
    (
        "word/theme/theme1.xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        f"{_OFFICE}/relationships/theme",
    ),
)
_DATE = "2021-01-01T00:00:00Z"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HERE = Path(__file__).resolve().parent


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _ in _OF_PACKAGE + _OF_DOCUMENT
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(parts: tuple[tuple[str, str, str], ...], base: str = "") -> str:
    listed = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{name.removeprefix(base)}"/>'
        for i, (name, _, kind) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _core(title: str) -> str:
    dated = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{_DATE}</dcterms:{what}>'
        for what in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>perfdoc</dc:creator><dc:language>zh-CN</dc:language>"
        f"<cp:lastModifiedBy>perfdoc</cp:lastModifiedBy><cp:revision>1</cp:revision>{dated}</cp:coreProperties>"
    )


def write(title: str, parts: tuple[Paragraph | tuple[Row, ...], ...], page: Page) -> bytes:
    """Write a .docx of paragraphs and tables.

    Args:
        title: Title in the file's properties.
        parts: From the top of the page to the bottom; a table is a tuple of its rows.
        page: The paper.
    """
    own = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(_OF_PACKAGE),
        "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties">'
        "<Application>perfdoc</Application></Properties>",
        "docProps/core.xml": _core(title),
        "word/_rels/document.xml.rels": _relationships(_OF_DOCUMENT, base="word/"),
        "word/document.xml": _body(parts, page),
    }
    files = {name: f"{_DECLARATION}{xml}".encode() for name, xml in own.items()}
    # The look is the same on every form; no font in it that a Chinese office lacks, or WPS complains of 缺失字体.
    files |= {name: (_HERE / name.rpartition("/")[2]).read_bytes() for name, *_ in _OF_DOCUMENT}
    return package.finish(package.lay_out(package.stored(*file) for file in files.items()), ())
