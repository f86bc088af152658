"""The first .docx of a form, drawn from its 版面; from then on it is edited in Word or WPS and never drawn again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.docx.draw import sheet, widths
from perfdoc.docx.draw.sheet import Cell, Merge, Paragraph, Row
from perfdoc.form.layout import (
    GOALS,
    INDICATORS,
    PURPOSE,
    STARTS,
    Block,
    BlockKind,
    Column,
    Kind,
    Layout,
    Side,
    mentioned,
)

_HEAD, _LABEL, _FIGURE, _NARROW = "表头文字", "表格文字", "表格数字", "表格窄数"
_PROSE, _ITEM, _REASON, _TAG = "表格正文", "表格条目", "表格说明", "模板标记"
_NUMBER, _TITLE, _FILLED, _SIGNED, _NOTE = "附件号", "表题", "填报行", "签字行", "备注"
STYLES = (
    _NUMBER, _TITLE, _FILLED, _SIGNED, _NOTE, "备注标题", _LABEL, _HEAD, _FIGURE, _NARROW,
    _PROSE, _ITEM, _REASON, "表格目标", "表格名称", "表格分类",
)  # fmt: skip
"""What `样式` can name."""

_HEIGHT = 10.5
_NARROW_COLUMN, _TEXT_COLUMN, _NARROW_SIDE = 16, 26, 20


def draw(title: str, layout: Layout) -> bytes:
    """Draw the Word template of a form, with a tag for everything that the program prints.

    Args:
        title: The form's name, for the file's properties.
        layout: What it prints, from the top of the page to the bottom.
    """
    layout = widths.completed(layout)
    width = widths.table_width(layout)
    page, edges = sheet.page_for(width), widths.edges(layout, width)
    parts: list[Paragraph | tuple[Row, ...]] = []
    for outside, group in groupby(enumerate(layout.blocks), lambda pair: pair[1].kind is BlockKind.LINE):
        blocks = list(group)
        if outside:
            style = _SIGNED if any(isinstance(part, tuple) for part in parts) else _FILLED
            parts += (one for _, block in blocks for one in _line(block, layout, style, page.text_width))
        else:
            parts.append(tuple(_rows([(block, edges[i]) for i, block in blocks], layout)))
    if parts and not isinstance(parts[-1], Paragraph):
        parts.append(Paragraph(_NOTE))  # Word wants a paragraph behind a table that ends the page
    return sheet.write(title, tuple(parts), page)


def faults(layout: Layout) -> Iterator[tuple[Address, str, str]]:
    """Find what cannot be drawn: the place in form.yaml, what is wrong, and what to do."""
    layout = widths.completed(layout)
    width = widths.table_width(layout)
    for i, block in enumerate(layout.blocks):
        for at, style in _styles(i, block):
            if style is not None and style not in STYLES:
                yield at, f"没有「{style}」这种样式。", f"可以写：{'、'.join(STYLES)}；也可以不写。"
        for key in (key for label in block.labels for key in mentioned(label)):
            if layout.blanks.get(key, frozenset()) is not None:
                can = "{金额单位}、{预算分值}、{指标分值}"
                yield ("版面", i), f"印 里的 {{{key}}} 不是表上的一栏。", f"可以写 {can}，或本栏自己的名称。"
        cells = widths.wants(block)
        given = [want.edge for want in cells if want.edge is not None]
        inner = [want.edge for want in cells[:-1] if want.edge is not None]
        said = "、".join(f"{edge:f}" for edge in given)
        if [Decimal(0), *given] != sorted({Decimal(0), *given}):
            yield ("版面", i), f"各格的 到 应当从左到右变大，写的是 {said}。", "请改成离表左边线的毫米数。"
        elif inner and inner[-1] >= width:
            yield (
                ("版面", i),
                f"表宽 {width:f} 毫米，到 写的是 {said}。",
                "请改小，或把各行最后一格的 到 改大。",
            )
        elif given and given[-1] > sheet.WIDEST:
            message = f"表宽 {given[-1]:f} 毫米，A4 纸横放也放不下。"
            yield ("版面", i), message, f"到 最多写 {sheet.WIDEST}。"


def _styles(i: int, block: Block) -> Iterator[tuple[Address, str | None]]:
    """List the styles that a block names, each with its place in form.yaml."""
    yield ("版面", i, "样式"), block.style
    for key, columns in (("栏", block.boxes), ("列", block.columns)):
        for j, column in enumerate(columns):
            yield ("版面", i, key, j, "样式"), column.style


def _tag(name: str) -> str:
    return f"{{{{ {name} }}}}"


def _printed(text: str, width: Decimal | None = None) -> str:
    """Turn `{金额单位}` in printed words into a tag; in a cell too narrow for them, brackets begin a line."""
    text = text if width is None else widths.broken(text, width)
    return re.sub(r"\{(\w+)\}", lambda found: _tag(found[1]), text)


def _each(style: str, key: str) -> tuple[Paragraph, ...]:
    """Print a list as paragraphs, and an empty one as an empty paragraph: a cell has to end with one."""
    item = GOALS.removeprefix(keys.YEAR) if key == GOALS else "段"
    return (
        Paragraph(_TAG, f"{{%p for {item} in {key} %}}"),
        Paragraph(style, _tag(item)),
        Paragraph(_TAG, "{%p else %}"),
        Paragraph(style),
        Paragraph(_TAG, "{%p endfor %}"),
    )


# --- Lines outside the table ----------------------------------------------------------------------------------------


def _line(block: Block, layout: Layout, usual: str, width: Decimal) -> Iterator[Paragraph]:
    """Draw a line of boxes; a list of paragraphs stands below its title."""
    usual = next((box.style for box in block.boxes if box.style is not None), usual)
    for box in block.boxes:
        if layout.holds_paragraphs(box):
            style = block.style or _NOTE
            if box.label:
                title = f"{style}标题"
                yield Paragraph(title if title in STYLES else style, _printed(_words_before(box)))
            yield from _each(style, box.key)
    texts = [_beside(box) for box in block.boxes if not layout.holds_paragraphs(box)]
    if texts:
        style = block.style or usual
        yield Paragraph(style, "\t".join(texts), _tabs(style, len(texts), width))


def _words_before(box: Column) -> str:
    if box.printed is None:
        return f"{box.key}："
    return box.printed


def _beside(box: Column) -> str:
    """Print a value behind its words, or where the words name it."""
    words = _words_before(box)
    return _printed(words) if f"{{{box.key}}}" in words else _printed(words) + _tag(box.key)


def _tabs(style: str, count: int, width: Decimal) -> tuple[sheet.Tab, ...]:
    """Set the boxes of a line apart: two at its ends, or all at even distances."""
    own = sheet.TAB if style == _FILLED else None
    if count == 1 or (own == width and count == 2):  # noqa: PLR2004 -- the style's own tab stop is for two
        return ()
    if own and count == 2:  # noqa: PLR2004
        return (("clear", own), ("right", width))
    stops = tuple[sheet.Tab, ...](("left", width * i / count) for i in range(1, count))
    return (*stops, ("clear", own)) if own else stops


# --- Rows of a table ------------------------------------------------------------------------------------------------


def _rows(blocks: Sequence[tuple[Block, tuple[Decimal, ...]]], layout: Layout) -> Iterator[Row]:
    """Draw what stands between two lines as the rows of one table.

    Word repeats a header on the next page only where it is the table's first row, and then over everything below.
    """
    first, *others = (block for block, _ in blocks)
    alone = (
        first.kind is BlockKind.TABLE
        and first.name != PURPOSE
        and not any(_long(block, layout) for block in others)
    )
    for block, edges in blocks:
        if block.kind is BlockKind.ROW:
            yield _boxes(block, edges, layout)
            continue
        top, *rows = _table(block, edges)
        yield replace(top, repeats=alone and block is first and not (block.side and block.side.key))
        yield from rows


def _long(block: Block, layout: Layout) -> bool:
    return block.kind is BlockKind.TABLE or any(layout.holds_paragraphs(box) for box in block.boxes)


def _cell(to: Decimal, style: str, text: str = "", merge: Merge | None = None) -> Cell:
    return Cell(to, (Paragraph(style, text),), merge)


def _boxes(block: Block, edges: tuple[Decimal, ...], layout: Layout) -> Row:
    """Draw a row of label cells and value cells; only prose may run over the end of the page."""
    cells, rest, splits = list[Cell](), list(edges), False
    for box in block.boxes:
        if widths.labelled(box):
            cells.append(_cell(rest.pop(0), _LABEL, _printed(box.label)))
        to = rest.pop(0)
        if layout.holds_paragraphs(box):
            cells.append(Cell(to, _each(box.style or _PROSE, box.key)))
            splits = True
        else:
            cells.append(_cell(to, box.style or _box_style(box, layout), _tag(box.key)))
    return Row(tuple(cells), _HEIGHT, splits)


def _box_style(box: Column, layout: Layout) -> str:
    if box.key in layout.ticks:
        return _PROSE
    return _FIGURE if box.kind in widths.FIGURES - {Kind.DATE} else _LABEL


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A column of rows that a loop repeats.

    Attributes:
        to: Right edge in millimetres.
        style: Paragraph style.
        text: What each row prints.
        first: Name of the flag that is true on the first row of a merged group; None for a column without groups.
        width: In millimetres.
    """

    to: Decimal
    style: str
    text: str
    first: str | None
    width: Decimal


def _table(block: Block, edges: tuple[Decimal, ...]) -> Iterator[Row]:
    """Draw a header row, and below it one row for each record of the list."""
    left = edges[0] if block.side else Decimal(0)
    own = edges[1:] if block.side else edges
    item = "行" if block.name == INDICATORS else "项"
    columns = tuple(_columns(block, left, own, item))
    header = [
        _cell(column.to, _HEAD, _printed(each.label, column.width))
        for column, each in zip(columns, block.columns, strict=True)
    ]
    beside = _cell(left, _LABEL, merge="continue") if block.side else None
    if block.side:
        header.insert(0, _side(block.side, left, item))
    top, loop = Row(tuple(header), _HEIGHT), _Loop(item, block.name, beside, columns, _splits(columns))
    if block.name == PURPOSE:
        yield from (top, replace(loop.variant(None), height=2 * _HEIGHT))
    elif block.side and block.side.key:
        yield from loop.in_blocks(STARTS[block.side.key], top)
    else:
        yield from (top, *loop.rows())


def _splits(columns: Iterable[_Drawn]) -> bool:
    return any(column.style == _PROSE for column in columns)


def _side(side: Side, width: Decimal, item: str) -> Cell:
    """Draw the cell that begins the label at the left."""
    if side.key:
        return _cell(width, _LABEL, _tag(f"{item}.{side.key}"), "restart")
    return _cell(width, _HEAD if width < _NARROW_SIDE else _LABEL, _printed(side.printed, width), "restart")


def _columns(block: Block, left: Decimal, edges: Iterable[Decimal], item: str) -> Iterator[_Drawn]:
    grouped = STARTS if block.name == INDICATORS else {}
    for column, to in zip(block.columns, edges, strict=True):
        text = _tag(column.key if block.name == PURPOSE else f"{item}.{column.key}")
        style = column.style or _column_style(column, block, to - left)
        yield _Drawn(to, style, text, grouped.get(column.key), to - left)
        left = to


def _column_style(column: Column, block: Block, width: Decimal) -> str:
    if column.kind in widths.FIGURES:
        return _NARROW if width < _NARROW_COLUMN else _FIGURE
    if column.kind is Kind.PARAGRAPHS or block.name == PURPOSE:
        return _PROSE
    if column is block.columns[0] and block.name != INDICATORS:
        return _LABEL
    return _ITEM if width >= _TEXT_COLUMN else _REASON


@dataclass(frozen=True, slots=True)
class _Loop:
    """A row that is repeated, whose grouped columns are merged over groups within groups.

    The rows of the template differ in where the merges start: everywhere, from the second grouped column on, …,
    nowhere. docxtpl's own `{% vm %}` cannot do that.

    Attributes:
        item: Name of one row in the tags.
        items: Name of the list; its rows lie flat, in order, with a flag for each grouped column.
        beside: The label that is merged over all of them; it started in a row above. None where there is none.
        columns: The columns.
        splits: Whether a row may run over the end of the page.
    """

    item: str
    items: str
    beside: Cell | None
    columns: tuple[_Drawn, ...]
    splits: bool = False

    def rows(self) -> Iterator[Row]:
        """Draw the loop around the rows."""
        before = self.variant(None)
        yield self._control(before, f"{{%tr for {self.item} in {self.items} %}}")
        yield from self._variants(before)

    def in_blocks(self, first: str, header: Row) -> Iterator[Row]:
        """Draw a list that falls into blocks, each below its own header, in which the label on the left starts.

        Args:
            first: Name of the flag that is true on the first row of a block.
            header: The row; its first cell holds the block's label.
        """
        before = self.variant(None)
        outside = replace(before, cells=(replace(before.cells[0], merge=None), *before.cells[1:]))
        yield self._control(outside, f"{{%tr for {self.item} in {self.items} %}}")
        yield self._control(outside, f"{{%tr if {self.item}.{first} %}}")
        yield header
        yield self._control(before, "{%tr endif %}")
        yield from self._variants(before)

    def _variants(self, before: Row) -> Iterator[Row]:
        flags = [column.first for column in self.columns if column.first]
        within = self.variant(len(flags))
        for start, flag in enumerate(flags):
            word, around = ("elif", within) if start else ("if", before)
            yield self._control(around, f"{{%tr {word} {self.item}.{flag} %}}")
            yield self.variant(start)
        if flags:
            yield self._control(within, "{%tr else %}")
        yield within
        if flags:
            yield self._control(within, "{%tr endif %}")
        yield self._control(within, "{%tr endfor %}")

    def variant(self, start: int | None) -> Row:
        """Draw a row in which the grouped columns from `start` on begin anew; None: before any group."""
        cells, depth = [self.beside] if self.beside else [], 0
        for column in self.columns:
            merge: Merge | None = None
            if column.first:
                if start is not None:
                    merge = "restart" if depth >= start else "continue"
                depth += 1
            cells.append(_cell(column.to, column.style, "" if merge == "continue" else column.text, merge))
        return Row(tuple(cells), _HEIGHT, self.splits)

    def _control(self, row: Row, tag: str) -> Row:
        """Make the row that carries a row tag.

        It has the same cells and merges as the rows around it, so that an editor that saves the template finds the
        merges unbroken.

        Args:
            row: Its neighbour; what starts in there does not start in here.
            tag: The tag.
        """
        cells = (
            replace(cell, content=(Paragraph(_TAG, tag if i == self._roomy else ""),))
            for i, cell in enumerate(row.cells)
        )
        return Row(tuple(cells))

    @property
    def _roomy(self) -> int:
        """The widest cell that is never merged; of a plain list, names left alone."""
        free = [i for i, column in enumerate(self.columns) if column.first is None]
        if len(free) == len(self.columns) > 1:
            free = free[1:]
        return max(free, key=lambda i: self.columns[i].width) + (self.beside is not None)
