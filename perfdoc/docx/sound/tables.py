"""Do the rows of a table fill its grid, and do the merged cells meet?"""

import re
from collections.abc import Iterator
from typing import TypeAlias
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Slip
from perfdoc.docx.sound.markup import Index
from perfdoc.docx.sound.names import CELL, PARAGRAPH, ROW, TABLE, VAL, W
from perfdoc.docx.sound.places import inside

_BLOCKS = (PARAGRAPH, TABLE, W + "altChunk")
_GRID, _COLUMN = W + "tblGrid", W + "gridCol"
_ROW_PROPERTIES, _BEFORE, _AFTER = W + "trPr", W + "gridBefore", W + "gridAfter"
_COUNT = re.compile("[0-9]{1,9}").fullmatch  # no grid has a million columns, a hostile file may
_CELL_PROPERTIES, _SPAN, _MERGE = W + "tcPr", W + "gridSpan", W + "vMerge"
_CONTINUED = (None, "continue")

Merges: TypeAlias = dict[tuple[int, int], tuple[Element, str | None]]
"""The vertical merges of a row by their first column and the first behind them: the cell, and `w:val`."""


def gaps(index: Index) -> Iterator[Slip]:
    """Find cells without a last paragraph, rows that miss the grid, and merges without a beginning.

    Word calls a file with any of them unreadable; the schema allows them all.
    """
    for cell in index.get(CELL, ()):
        if not len(cell) or cell[-1].tag != PARAGRAPH:
            yield from _unclosed(cell)
    for table in index.get(TABLE, ()):
        yield from _uneven(table)


def _unclosed(cell: Element) -> Iterator[Slip]:
    blocks = [*inside(cell, *_BLOCKS)]
    if not blocks:
        yield cell, "单元格里没有段落，Word 会说文件内容无法读取。请在单元格末尾留一个空段落。"
    elif blocks[-1].tag == TABLE:
        yield cell, "单元格以内嵌的表格结尾，后面还要有一个段落，否则 Word 会说文件内容无法读取。"
    elif blocks[-1].tag != PARAGRAPH:
        yield cell, "单元格的最后不是段落，Word 会说文件内容无法读取。"


def _uneven(table: Element) -> Iterator[Slip]:
    """Walk the rows of one table with the merges that the row above leaves open.

    Below a row that misses the grid nobody can say which columns lie under which: its merges are not followed up.
    """
    width = columns_of(table)
    open_above: set[tuple[int, int]] | None = set()
    for row in inside(table, ROW):
        taken, merges = across(row)
        if taken is not None and width is not None and taken != width:
            yield row, f"这一行占 {taken} 列，表格的列宽表（w:tblGrid）却是 {width} 列。"
        if taken is None or taken != width:
            open_above = None
            continue
        for columns, (cell, merge) in merges.items():
            if continues(merge) and open_above is not None and columns not in open_above:
                yield cell, "这一格要与上一格合并（w:vMerge），可是上一行同样的几列没有合并的开头。"
        open_above = set(merges)


def columns_of(table: Element) -> int | None:
    """Count the columns of the grid; None where there is none."""
    grid = table.find(_GRID)
    return None if grid is None else len(grid.findall(_COLUMN))


def continues(merge: str | None) -> bool:
    """Tell whether a merge needs one to continue in the row above."""
    return merge in _CONTINUED


def across(row: Element) -> tuple[int | None, Merges]:
    """Count the columns of a row, and list its merges.

    None stands for a row whose columns cannot be counted; why is reported elsewhere.
    """
    merges: Merges = {}
    start = column = _skipped(row, _BEFORE)
    for cell in inside(row, CELL):
        span, merge = _merge(cell)
        if span is None:
            return None, {}
        if merge is not None:
            merges[column, column + span] = cell, merge.get(VAL)
        column += span
    return (None if column == start else column + _skipped(row, _AFTER)), merges


def _merge(cell: Element) -> tuple[int | None, Element | None]:
    """Return how many columns a cell spans, and its vertical merge; None for a count that is none, and no merge."""
    properties = cell.find(_CELL_PROPERTIES)
    if properties is None:
        return 1, None
    span = properties.find(_SPAN)
    return 1 if span is None else _number(span) or None, properties.find(_MERGE)


def _skipped(row: Element, side: str) -> int:
    """Count the grid columns that a row leaves free on one side."""
    properties = row.find(_ROW_PROPERTIES)
    element = None if properties is None else properties.find(side)
    return 0 if element is None else _number(element)


def _number(element: Element) -> int:
    """Read a count; what is not one is reported elsewhere and stands for 0 here."""
    value = element.get(VAL, "")
    return int(value) if _COUNT(value) else 0
