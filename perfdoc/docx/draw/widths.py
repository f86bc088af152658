"""Where the cells of a page end, in millimetres: what the form says, and the rest shared out.

Nobody has to write a millimetre. What is not given follows from what a cell holds: a figure needs its digits, a
header its words in two lines, text takes what is left. Edges that come out near another block's edge are moved
onto it, so that the page keeps few lines.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from perfdoc.form.layout import BOXES, COLUMNS, INDICATORS, PURPOSE, Block, BlockKind, Column, Kind, Layout

PORTRAIT, WIDE, LANDSCAPE = Decimal(161), Decimal(178), Decimal(257)
LABEL_WIDTH = Decimal("27.5")
"""The label cell of a row of boxes, six characters; a table's side label of more than three characters, too."""
_CHARACTER, _MARGINS, _NARROW_MARGINS = Decimal("3.7"), Decimal("4.3"), Decimal("1.5")
_FEW = 2
_VALUE = 18
"""The narrowest cell of a value beside a label."""
_NEAR = Decimal("3.5")
_SIDES = {2: Decimal(11), 3: Decimal("13.5")}
"""How wide a side label is by the characters of its longest line; a longer one is as wide as the labels of boxes."""
_LINE = 6
"""Characters of a header or label up to which it stands in one line."""

FIGURES = frozenset({Kind.MONEY, Kind.RATE, Kind.QUANTITY, Kind.SCORE, Kind.DATE})
_OF_KINDS = {
    Kind.TEXT: (24, 3),
    Kind.PARAGRAPHS: (40, 5),
    Kind.MONEY: (20, 1),
    Kind.RATE: (18, 0.5),
    Kind.QUANTITY: (22, 1),
    Kind.DATE: (22, 0.5),
    Kind.SCORE: (11, 0.5),
}
"""Least width of a column, and its share of what is left over."""
_OF_STYLES = {"表格分类": (20, 1), "表格条目": (30, 4), "表格窄数": (11, 0)}
"""Least width and share of columns that are narrower or wider than others of their kind."""
_GOAL = Decimal(20)
"""How wide a goal is that stands beside its own indicators."""


@dataclass(frozen=True, slots=True)
class Want:
    """What one cell asks for.

    Attributes:
        edge: Its right edge, where the form gives it.
        least: The width below which its words break badly.
        share: How much of the space left over it takes, next to its neighbours.
    """

    edge: Decimal | None
    least: Decimal
    share: Decimal = Decimal(0)


def completed(layout: Layout) -> Layout:
    """Complete every box and column with what is known of it: its kind, its style, its words."""
    blocks = (
        replace(
            block,
            boxes=tuple(_completed(box, BOXES) for box in block.boxes),
            columns=tuple(_completed(column, COLUMNS.get(block.name, {})) for column in block.columns),
        )
        for block in layout.blocks
    )
    return replace(layout, blocks=tuple(blocks))


def _completed(column: Column, table: Mapping[str, Column]) -> Column:
    usual = Column(key="", kind=Kind.RATE if column.computed else Kind.TEXT)
    known = table.get(column.key, usual)
    printed = known.printed if column.printed is None else column.printed
    return replace(column, kind=column.kind or known.kind, style=column.style or known.style, printed=printed)


def characters(text: str) -> Decimal:
    """Count characters, two narrow ones as one."""
    return Decimal(sum(1 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text))


def broken(printed: str, width: Decimal) -> str:
    """Let a word in brackets begin a line of its own where the label does not fit into one."""
    if "\n" in printed or characters(printed) * _CHARACTER <= width - _NARROW_MARGINS:
        return printed
    return re.sub(r"(?<=.)(?=（)", "\n", printed, count=1)


def _words(printed: str, margins: Decimal) -> Decimal:
    """Measure a header or label whose longer lines break into even ones."""
    lengths = [characters(line) for line in printed.split("\n")]
    longest = max(math.ceil(length / math.ceil(length / _LINE)) if length else 0 for length in lengths)
    return max(longest, 2) * _CHARACTER + margins


def labelled(box: Column) -> bool:
    """Tell whether a box of a row has a cell for its words in front of the one for its value."""
    return len(box.edges) > 1 or (not box.edges and bool(box.label))


def _box_wants(box: Column, label: Decimal) -> Iterator[Want]:
    kind = box.kind or Kind.TEXT
    if labelled(box):
        yield Want(box.edges[0] if box.edges else None, label)
    share = Decimal(1 if kind in FIGURES else 2)
    yield Want(box.edges[-1] if box.edges else None, Decimal(max(_OF_KINDS[kind][0], _VALUE)), share)


def _side_want(block: Block) -> list[Want]:
    if block.side is None:
        return []
    if block.side.key:
        return [Want(block.side.edge, _GOAL)]
    longest = max(map(characters, block.side.printed.split("\n")))
    if "\n" not in block.side.printed and block.name in {INDICATORS, PURPOSE}:
        longest = min(longest, Decimal(2))  # the label of a tall table stands upright, two characters a line
    return [Want(block.side.edge, next((w for n, w in _SIDES.items() if longest <= n), LABEL_WIDTH))]


def _column_want(column: Column) -> Want:
    kind = column.kind or Kind.TEXT
    least, share = _OF_STYLES.get(column.style or "", _OF_KINDS[kind])
    least_words = _words(column.label, _NARROW_MARGINS) if column.label else Decimal(0)
    return Want(column.edges[-1] if column.edges else None, max(Decimal(least), least_words), Decimal(share))


def wants(block: Block) -> list[Want]:
    """List what the cells of a row of boxes or of a table's rows ask for; a line outside the table has none."""
    if block.kind is BlockKind.LINE:
        return []
    if block.kind is BlockKind.ROW:
        # Two labels as wide as all others leave room for two values; more are as wide as their words.
        labels = [
            LABEL_WIDTH if len(block.boxes) <= _FEW else _words(box.label, _MARGINS) for box in block.boxes
        ]
        return [want for each in zip(block.boxes, labels, strict=True) for want in _box_wants(*each)]
    return _side_want(block) + [_column_want(column) for column in block.columns]


def table_width(layout: Layout) -> Decimal:
    """Choose the width of the page's tables: what the form gives, or else the narrowest page that holds them."""
    asked = [wants(block) for block in layout.blocks]
    given = [cells[-1].edge for cells in asked if cells and cells[-1].edge is not None]
    if given:
        return max(given)
    need = max((sum((want.least for want in cells), Decimal(0)) for cells in asked), default=PORTRAIT)
    return next((width for width in (PORTRAIT, WIDE) if need <= width), LANDSCAPE)


def edges(layout: Layout, width: Decimal) -> Mapping[int, tuple[Decimal, ...]]:
    """Say where the cells of each row of boxes and each table end, by the position of the block.

    The tables come first, those with most columns before the others: rows of boxes can move, figures cannot.
    """
    blocks = {i: wants(block) for i, block in enumerate(layout.blocks) if block.kind is not BlockKind.LINE}
    known = {want.edge for cells in blocks.values() for want in cells if want.edge is not None}
    found: dict[int, tuple[Decimal, ...]] = {}
    for i in sorted(blocks, key=lambda i: -len(blocks[i])):
        found[i] = _share_out(blocks[i], width, known)
        known |= set(found[i])
    return found


def _share_out(cells: list[Want], width: Decimal, known: set[Decimal]) -> tuple[Decimal, ...]:
    """Place the edges of one block: given ones stay, those between them share the space."""
    placed: list[Decimal] = []
    waiting: list[Want] = []
    left = Decimal(0)
    for number, cell in enumerate(cells, start=1):
        waiting.append(cell)
        right = width if number == len(cells) else cell.edge
        if right is not None:
            placed += _between(left, right, waiting, known)
            left, waiting = right, []
    return tuple(placed)


def _between(left: Decimal, right: Decimal, cells: list[Want], known: set[Decimal]) -> list[Decimal]:
    need, shares = sum(cell.least for cell in cells), sum(cell.share for cell in cells)
    spare = right - left - need
    if spare < 0:
        widths = [cell.least * (right - left) / need for cell in cells]
    elif shares:
        widths = [cell.least + spare * cell.share / shares for cell in cells]
    else:
        widths = [cell.least + spare / len(cells) for cell in cells]
    placed: list[Decimal] = []
    for number, width in enumerate(widths[:-1], start=1):
        before = (placed or [left])[-1]
        ideal = round((left + sum(widths[:number])) * 2) / Decimal(2)
        least = width - _NEAR / 2 if cells[number - 1].share else width
        near = [edge for edge in known if abs(edge - ideal) <= _NEAR and edge - before >= least]
        free = max(ideal, math.ceil((before + least) * 2) / Decimal(2))
        placed.append(min(near, key=lambda edge: (abs(edge - ideal), edge), default=free))
    return [*placed, right]
