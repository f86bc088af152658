"""A main part with tracked changes, and the file around it.

What is one row in both years is not found by comparing the two pages: the comparison says it, since it knows names,
links and what was declared. Only what stands within a row is compared here, and nothing that is paired wrongly makes
the result wrong: it only makes it longer to read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from markupsafe import Markup

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.docx import package, sound
from perfdoc.docx.content import Cell
from perfdoc.docx.sound import Fault, Surroundings
from perfdoc.docx.sound.names import BODY, CELL, PARAGRAPH, ROW, TABLE, VAL, W
from perfdoc.docx.sound.tables import across, continues
from perfdoc.docx.template import Filled, Rendered
from perfdoc.docx.tracked.marks import (
    NAMES,
    POINTS,
    ROW_FORMAT,
    SECTION,
    Element,
    Pen,
    key,
    parse,
    put,
    raw,
    uprooted,
    write,
)
from perfdoc.docx.tracked.paragraphs import mark_paragraphs
from perfdoc.docx.tracked.rows import Columns, Row, ordered
from perfdoc.years.kinds import Op
from perfdoc.years.value import Comparison

Pairs: TypeAlias = Mapping[Address, Address]
"""The new year's address for each of the old year's that is of the same."""

_MAIN = "word/document.xml"
_ROW_TAG = re.compile(r"<(/?)w:tr(?=[\s/>])[^>]*?(/?)>")
_NO_LIST = "0"
_CELL_FORMAT, _ROW_EXCEPTIONS = W + "tcPr", W + "tblPrEx"
_TABLE_PARTS = frozenset({W + "tblPr", W + "tblGrid", ROW}) | POINTS
_ROW_PARTS = frozenset({_ROW_EXCEPTIONS, ROW_FORMAT, CELL}) | POINTS
_CELL_PARTS = frozenset({_CELL_FORMAT, PARAGRAPH}) | POINTS
_WORDS = re.compile(rb">[^<]+<")
_STYLES = tuple(W + name for name in ("pStyle", "rStyle", "tblStyle"))


@dataclass(frozen=True, slots=True)
class Tracked:
    """An attachment with tracked changes, and what is wrong with it; one with faults must not be written."""

    data: bytes
    faults: tuple[Fault, ...]


# --- what the program above asks for ----------------------------------------------------------------------------


def pairs(comparison: Comparison) -> Pairs:
    """Tell which indicators, details and lines are the same in both years; what was split or merged goes and comes."""
    return dict(_same(comparison))


def _same(comparison: Comparison) -> Iterator[tuple[Address, Address]]:
    for row in comparison.rows:
        if row.old is not None and row.new is not None:
            yield row.old.address, row.new.address
            now = {detail.name: number for number, detail in enumerate(row.new.indicator.details)}
            for number, detail in enumerate(row.old.indicator.details):
                if detail.name in now:
                    yield (
                        (*row.old.address, keys.DETAILS, number),
                        (*row.new.address, keys.DETAILS, now[detail.name]),
                    )
    for line in comparison.budget:
        if line.old is not None and line.new is not None:
            yield line.old, line.new


def tracked_attachment(old: Filled, new: Filled, pairs: Pairs, author: str, date: str) -> Tracked:
    """Mark the new year's attachment against the old year's.

    Args:
        old: The old year's attachment, filled with a content that is `addressed`.
        new: The new year's likewise; headers, footers and styles stay its own.
        pairs: What is the same in both years.
        author: Who is named at each change.
        date: When it was made, `2021-05-25T08:00:00Z`.
    """
    parts = package.read(new.data)
    around, faults = sound.survey({name: part.data for name, part in parts.items()})
    main = tracked(old.parts[-1], new.parts[-1], pairs, author, date, around)
    base = package.lay_out(part for name, part in parts.items() if name != _MAIN)
    data = package.finish(base, [package.stored(_MAIN, main)])
    return Tracked(data, (*faults, *sound.read(main, around).faults))


# --- the main part ----------------------------------------------------------------------------------------------


def tracked(
    old: Rendered, new: Rendered, pairs: Pairs, author: str, date: str, around: Surroundings | None = None
) -> bytes:
    """Mark the new year's main part against the old year's.

    Args:
        old: The old year's main part.
        new: The new year's.
        pairs: What is the same in both years.
        author: Who is named at each change.
        date: When it was made.
        around: What the new year's package offers; what the old year's words would need beyond it is left out.
    """
    before, after = parse(old.xml), parse(new.xml)
    if around is not None:
        _forget_strangers(before, around)
    pen = Pen(author, date, 1 + max(map(int, _ids(after)), default=0))
    marking = _Marking(pen, pairs, _items(before, old), _items(after, new))
    marking.body(before.find(BODY), after.find(BODY))
    return write(after)


def _ids(root: Element) -> list[str]:
    return [value for value in root.xpath("//@w:id", namespaces=NAMES) if re.fullmatch("[0-9]{1,9}", value)]


def _items(root: Element, part: Rendered) -> dict[Element, Address | None]:
    """Give the item of each row; where a comment of the template holds a row too, none is known."""
    rows, items = [*root.iter(ROW)], _placed_items(part)
    return dict(zip(rows, items if len(items) == len(rows) else [None] * len(rows), strict=True))


def _placed_items(part: Rendered) -> list[Address | None]:
    """Follow the pieces of a part: which item did the template first put into each row, in reading order?

    It is asked where the strings went, and not how the form of one office looks: any template will do.
    """
    items: dict[int, Address | None] = {}
    around: list[int] = []
    placed = iter(part.placed)
    for piece in part.pieces:
        if isinstance(piece, Markup):
            text = next(placed, "")
            if isinstance(text, Cell):
                items.update({row: text.address for row in around if items[row] is None})
            continue
        for ends, empty in _ROW_TAG.findall(piece):
            if ends:
                del around[-1:]
                continue
            if not empty:
                around.append(len(items))
            items[len(items)] = None
    return [*items.values()]


def _forget_strangers(root: Element, around: Surroundings) -> None:
    """Take styles and lists out of the old year that the new year's template does not have."""
    for style in [*root.iter(*_STYLES)]:
        if style.get(VAL) not in around.styles:
            style.getparent().remove(style)
    for number in [*root.iter(W + "numId")]:
        if number.get(VAL) not in {*around.numbers, _NO_LIST}:
            form = number.getparent()
            form.getparent().remove(form)


@dataclass(frozen=True, slots=True)
class _Marking:
    """One marking: the pen, what is the same, and the item of each row of both years."""

    pen: Pen
    pairs: Pairs
    old_items: Mapping[Element, Address | None]
    new_items: Mapping[Element, Address | None]

    def body(self, old: Element, new: Element) -> None:
        """Mark the text between the tables, and each table against the one in its place."""
        gone, come = _blocks(old), _blocks(new)
        shared = min(len(gone), len(come)) - 1
        for before, after in zip(gone[:shared], come[:shared], strict=True):
            mark_paragraphs(self.pen, before.paragraphs, after.paragraphs, new, after.end)
            self._pair(before.end, after.end)
        # Where one year has tables more, they go or come whole, and the text behind the last one stays the last.
        for before, after in zip_longest(gone[shared:-1], come[shared:-1]):
            if before is not None:
                self._go([*before.paragraphs, before.end], new, come[shared].first)
            if after is not None:
                self._come([*after.paragraphs, after.end])
        mark_paragraphs(self.pen, gone[-1].paragraphs, come[-1].paragraphs, new, come[-1].end)

    def _pair(self, old: Element, new: Element) -> None:
        """Mark two tables, or what else stands between paragraphs."""
        if raw(old) == raw(new):
            return
        if _plain(old) and _plain(new) and _grid(old) == _grid(new):
            self._rows(old, new)
        else:
            self._go([old], new.getparent(), new)
            self._come([new])

    def _go(self, blocks: Sequence[Element], parent: Element, behind: Element | None) -> None:
        held = parent.makeelement(BODY, nsmap=NAMES)
        held.extend(blocks)
        # What is none of Word's own, a formula of its own line, cannot be marked: of the old year it is left out.
        for block in [block for block in uprooted(held) if block.tag in (PARAGRAPH, TABLE)]:
            put(block, parent, behind)
            self.pen.whole(block, Op.DROPPED)

    def _come(self, blocks: Sequence[Element]) -> None:
        for block in blocks:
            self.pen.whole(block, Op.ADDED)

    def _rows(self, old: Element, new: Element) -> None:
        before, after = old.findall(ROW), new.findall(ROW)
        was, now = [raw(row) for row in before], [raw(row) for row in after]
        steps = ordered(_rows(before, was, self.old_items), _rows(after, now, self.new_items), self.pairs)
        behind = None
        for i, j in reversed(steps):
            row = before[i] if j is None else after[j]
            if j is None:
                uprooted(row)
                put(row, new, behind)
            behind = row
        for i, j in steps:
            if i is None:
                self.pen.whole(after[j], Op.ADDED)
            elif j is None:
                self.pen.whole(before[i], Op.DROPPED)
            elif was[i] != now[j]:
                self._cells(before[i], after[j])

    def _cells(self, old: Element, new: Element) -> None:
        for before, after in zip(old.findall(CELL), new.findall(CELL), strict=True):
            if raw(before) != raw(after):
                mark_paragraphs(self.pen, before.findall(PARAGRAPH), after.findall(PARAGRAPH), after)


@dataclass(frozen=True, slots=True)
class _Block:
    """Paragraphs, and the table behind them; None or the page's settings at the end of the body."""

    paragraphs: tuple[Element, ...]
    end: Element | None

    @property
    def first(self) -> Element | None:
        """The element with which it begins."""
        return self.paragraphs[0] if self.paragraphs else self.end


def _blocks(body: Element) -> list[_Block]:
    """Part a body at its tables; at whatever else is neither a paragraph nor a mere place."""
    blocks: list[_Block] = []
    paragraphs: list[Element] = []
    for child in body:
        if child.tag == PARAGRAPH:
            paragraphs.append(child)
        elif child.tag not in POINTS and child.tag != SECTION:
            blocks.append(_Block(tuple(paragraphs), child))
            paragraphs = []
    return [*blocks, _Block(tuple(paragraphs), body.find(SECTION))]


def _plain(table: Element) -> bool:
    """Tell whether a table is one whose rows and cells are nothing but rows and cells."""
    return (
        table.tag == TABLE
        and all(child.tag in _TABLE_PARTS for child in table)
        and all(child.tag in _ROW_PARTS for row in table.findall(ROW) for child in row)
    )


def _grid(table: Element) -> list[str | None]:
    return [column.get(W + "w") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]


def _rows(
    rows: Sequence[Element], written: Sequence[bytes], items: Mapping[Element, Address | None]
) -> list[Row]:
    """Say what decides where each row may stand; asked once for all rows that differ in their words only."""
    known: dict[bytes, tuple[tuple[bytes, ...], Mapping[Columns, bool]]] = {}
    found = []
    for row, markup in zip(rows, written, strict=True):
        bare = _WORDS.sub(b"><", markup)
        if bare not in known:
            known[bare] = tuple(_shape(row)), {at: continues(v) for at, (_, v) in across(row)[1].items()}
        shape, merges = known[bare]
        # A cell that holds more than paragraphs cannot be marked: such a row stays only where nothing in it changed.
        found.append(Row(shape if all(map(_holds_paragraphs, row)) else (*shape, markup), merges, items[row]))
    return found


def _shape(row: Element) -> Iterator[bytes]:
    """Say what must be equal for a row to stay: the format of the row and of each cell."""
    for child in row:
        if child.tag in (ROW_FORMAT, _ROW_EXCEPTIONS):
            yield key(child)
        elif child.tag == CELL:
            form = child.find(_CELL_FORMAT)
            yield b"" if form is None else key(form)


def _holds_paragraphs(child: Element) -> bool:
    return child.tag != CELL or all(part.tag in _CELL_PARTS for part in child)
