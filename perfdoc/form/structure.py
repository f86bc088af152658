"""What contradicts itself in the 版面 of a form that could be read: each fault at its line of form.yaml."""

import re
from collections.abc import Collection, Iterator

from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, BudgetLine, Dimension, Group, Indicator, Purpose
from perfdoc.core.diagnostics import Finding, Quote, facts
from perfdoc.core.entry import CarryOver, keys_of
from perfdoc.form.layout import (
    BOXES,
    BUDGET,
    COLUMNS,
    INDICATORS,
    LEVELS,
    PURPOSE,
    Block,
    BlockKind,
    Column,
    Filler,
    Layout,
)
from perfdoc.form.rulebook import Form, fault

_TOP = "版面"
_NAME_COLUMNS = {BUDGET: "名称", INDICATORS: "三级"}
"""The column of a built-in table without which its page would have no names."""


def faults(form: Form, computed: Collection[str]) -> Iterator[Finding]:
    """Find what contradicts itself in a form's 版面.

    Args:
        form: The form.
        computed: The names of the ways by which a column can be computed.
    """
    for i, block in enumerate(form.blocks):
        yield from _shape(i, block)
        yield from _names_unfit(i, block)
        yield from _columns_twice(i, block)
        yield from _column_faults(i, block, form.layout, computed)
    yield from _tables(form.blocks)
    yield from _parts_placed(form)
    yield from _names_taken(form)


def _shape(i: int, block: Block) -> Iterator[Finding]:
    """Find a block that is neither a line, a row nor a table."""
    at, table, name = (_TOP, i), block.kind is BlockKind.TABLE, Quote(block.name)
    if table and not block.name:
        yield fault(at, "unnamed")
    if table and not block.columns:
        yield fault(at, "no_columns", table=name)
    if table and block.boxes:
        yield fault((*at, "栏"), "boxes", table=name)
    if not table and not block.boxes:
        yield fault(at, "no_boxes", block=block.kind.value)
    if not table and block.columns:
        yield fault((*at, "列"), "columns", block=block.kind.value)
    if block.name != INDICATORS and (block.levels or block.details or block.empty_groups):
        yield fault(at, "indicators_only")
    if block.sum_row and block.name in COLUMNS:
        yield fault((*at, "合计行"), "sum_row", table=name)
    if block.levels and block.levels != LEVELS[len(LEVELS) - len(block.levels) :]:
        yield fault((*at, "层级"), "levels", levels=Quote("、".join(block.levels)))


def _names_unfit(i: int, block: Block) -> Iterator[Finding]:
    """Find a name that cannot stand in a tag of the Word template: what a reader sees goes into 印."""
    named: list[tuple[Address, str]] = [((_TOP, i, "名称"), block.name)] if block.name else []
    for key, columns in (("栏", block.boxes), ("列", block.columns)):
        named += [((_TOP, i, key, j, "键"), column.key) for j, column in enumerate(columns)]
    for at, name in named:
        if not name.isidentifier():
            plain = re.sub(r"\W.*", "", name)
            advice = facts(example=f"{{键: {plain or '甲'}, 印: {name}}}")
            yield fault(at, "name", advice=advice, name=Quote(name))


def _columns_twice(i: int, block: Block) -> Iterator[Finding]:
    seen: set[str] = set()
    for j, column in enumerate(block.columns):
        if column.key in seen:
            at = (_TOP, i, "列", j)
            yield fault(at, "column_twice", table=Quote(block.name), key=Quote(column.key))
        seen.add(column.key)


def _column_faults(i: int, block: Block, layout: Layout, computed: Collection[str]) -> Iterator[Finding]:
    known = _known_keys(block, layout)
    for key, columns in (("栏", block.boxes), ("列", block.columns)):
        for j, column in enumerate(columns):
            at = (_TOP, i, key, j)
            yield from _edge_faults(at, column, block)
            if column.computed is not None and column.computed not in computed:
                can = "、".join(sorted(computed))
                way = Quote(column.computed)
                yield fault((*at, "算"), "computed", advice=facts(can=can), key=Quote(column.key), way=way)
            if column.next_year not in _NEXT_YEAR:
                yield fault((*at, "次年"), "next_year", key=Quote(column.key))
            if column.key in known or column.computed is not None:
                continue
            if column.filled_by is Filler.PROGRAM:
                yield fault(at, "no_way", key=Quote(column.key))
            elif column.kind is None and block.kind is BlockKind.TABLE:
                yield fault(at, "no_type", key=Quote(column.key))


_NEXT_YEAR = (None, CarryOver.KEPT, CarryOver.EMPTIED, CarryOver.REMOVED)


def _edge_faults(at: Address, column: Column, block: Block) -> Iterator[Finding]:
    most = 1 if block.kind is BlockKind.TABLE else 2
    if len(column.edges) > most or list(column.edges) != sorted(set(column.edges)):
        yield fault((*at, "到"), "edges", key=Quote(column.key))


def _known_keys(block: Block, layout: Layout) -> Collection[str]:
    """List the keys whose meaning the program knows in a block."""
    if block.kind is not BlockKind.TABLE:
        return {*BOXES, *layout.paragraphs, *layout.ticks}
    return COLUMNS.get(block.name, {})


def _tables(blocks: tuple[Block, ...]) -> Iterator[Finding]:
    """Find a table that stands twice, one that has to be there, and one whose rows would have no names."""
    names = [block.name if block.kind is BlockKind.TABLE else "" for block in blocks]
    for i, name in enumerate(names):
        if name and name in names[:i]:
            yield fault((_TOP, i, "名称"), "table_twice", table=Quote(name))
        needed = _NAME_COLUMNS.get(name)
        if needed and blocks[i].columns and blocks[i].column(needed) is None:
            advice = facts(needed=needed)
            yield fault((_TOP, i, "列"), "no_names", advice=advice, table=Quote(name), column=Quote(needed))
    if INDICATORS not in names:
        yield fault((_TOP,), "no_indicators")


def _parts_placed(form: Form) -> Iterator[Finding]:
    """Find a narrative or a ticked box that the form declares and no place of the page prints."""
    for key, names in (("叙述", form.layout.paragraphs), ("勾选", form.layout.ticks)):
        for i, name in enumerate(names):
            if name not in form.layout.boxes:
                yield fault((key, i, "名称"), "unplaced", advice=facts(part=name), name=Quote(name))


_RECORDS: dict[str, tuple[type, ...]] = {
    BUDGET: (BudgetLine,),
    PURPOSE: (Purpose,),
    INDICATORS: (Indicator, Group, Dimension),
}


def _names_taken(form: Form) -> Iterator[Finding]:
    """Find a name that an assessment already uses for something else."""
    taken = {*keys_of(Assessment).values(), *COLUMNS}
    for i, rule in enumerate(form.narratives):
        if rule.name in taken | set(BOXES):
            yield _taken(("叙述", i, "名称"), rule.name)
    for i, block in enumerate(form.blocks):
        if (
            block.kind is BlockKind.TABLE
            and block.name not in COLUMNS
            and block.name
            in {
                *keys_of(Assessment).values(),
                *form.layout.paragraphs,
                *form.layout.ticks,
            }
        ):
            yield _taken((_TOP, i, "名称"), block.name)
        for j, column in enumerate(block.columns):
            keys = {key for record in _RECORDS.get(block.name, ()) for key in keys_of(record).values()}
            if column.key in keys - set(COLUMNS.get(block.name, {})):
                yield _taken((_TOP, i, "列", j, "键"), column.key)


def _taken(address: Address, name: str) -> Finding:
    return fault(address, "taken", name=Quote(name))
