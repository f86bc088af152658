"""What contradicts itself in the 版面 of a form that could be read: each fault at its line of form.yaml."""

import dataclasses
import re
from collections.abc import Collection, Iterator

from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    CarryOver,
    Dimension,
    Group,
    Indicator,
    Purpose,
)
from perfdoc.core.diagnostics import Address, Finding, Severity
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
from perfdoc.form.rulebook import Form

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


def _fault(address: Address, message: str, remedy: str) -> Finding:
    return Finding(code="P210", severity=Severity.ERROR, address=address, message=message, remedy=remedy)


def _shape(i: int, block: Block) -> Iterator[Finding]:
    """Find a block that is neither a line, a row nor a table."""
    at, table = (_TOP, i), block.kind is BlockKind.TABLE
    if table and not block.name:
        yield _fault(at, "这张表没有写名称。", "请加上 名称，例如 名称: 资金来源。")
    if table and not block.columns:
        yield _fault(at, f"表「{block.name}」没有列。", "请在 列 里写上各列，从左到右。")
    if table and block.boxes:
        yield _fault((*at, "栏"), f"表「{block.name}」写了 栏。", "表的各列写在 列 里。")
    if not table and not block.boxes:
        yield _fault(at, f"这一{block.kind.value}没有写 栏。", "请在 栏 里写上要印的各栏。")
    if not table and block.columns:
        yield _fault((*at, "列"), f"{block.kind.value}里不能写 列。", "要印成表的，写 块: 表。")
    if block.name != INDICATORS and (block.levels or block.details or block.empty_groups):
        yield _fault(at, "层级、明细、空组只用于「指标」这张表。", "请删去。")
    if block.sum_row and block.name in COLUMNS:
        yield _fault((*at, "合计行"), f"「{block.name}」的合计由单位填写，不由程序相加。", "请删去 合计行。")
    if block.levels and block.levels != LEVELS[len(LEVELS) - len(block.levels) :]:
        said = "、".join(block.levels)
        yield _fault(
            (*at, "层级"),
            f"层级「{said}」不对。",
            "从 一级指标、二级指标、三级指标 的末尾取，例如只写 三级指标。",
        )


def _names_unfit(i: int, block: Block) -> Iterator[Finding]:
    """Find a name that cannot stand in a tag of the Word template: what a reader sees goes into 印."""
    named: list[tuple[Address, str]] = [((_TOP, i, "名称"), block.name)] if block.name else []
    for key, columns in (("栏", block.boxes), ("列", block.columns)):
        named += [((_TOP, i, key, j, "键"), column.key) for j, column in enumerate(columns)]
    for at, name in named:
        if not name.isidentifier():
            plain = re.sub(r"\W.*", "", name)
            message = f"「{name}」不能做名称：名称里只能有汉字、字母、数字和下划线，不能以数字开头。"
            yield _fault(
                at,
                message,
                f"请取一个短的名称，表上的字写在 印 里，例如 {{键: {plain or '甲'}, 印: {name}}}。",
            )


def _columns_twice(i: int, block: Block) -> Iterator[Finding]:
    seen: set[str] = set()
    for j, column in enumerate(block.columns):
        if column.key in seen:
            yield _fault(
                (_TOP, i, "列", j), f"表「{block.name}」里「{column.key}」这一列写了两次。", "只留一列。"
            )
        seen.add(column.key)


def _column_faults(i: int, block: Block, layout: Layout, computed: Collection[str]) -> Iterator[Finding]:
    known = _known_keys(block, layout)
    for key, columns in (("栏", block.boxes), ("列", block.columns)):
        for j, column in enumerate(columns):
            at = (_TOP, i, key, j)
            yield from _edge_faults(at, column, block)
            if column.computed is not None and column.computed not in computed:
                can = "、".join(sorted(computed))
                yield _fault(
                    (*at, "算"),
                    f"「{column.key}」的算法「{column.computed}」程序不会算。",
                    f"可以写：{can}。",
                )
            if column.next_year not in _NEXT_YEAR:
                yield _fault(
                    (*at, "次年"), f"「{column.key}」的 次年 不能这样写。", "可以写：照抄、清空、删去。"
                )
            if column.key in known or column.computed is not None:
                continue
            if column.filled_by is Filler.PROGRAM:
                yield _fault(
                    at, f"「{column.key}」由程序填，可是没有写怎样算。", "请加上 算，或删去 由谁填。"
                )
            elif column.kind is None and block.kind is BlockKind.TABLE:
                yield _fault(
                    at,
                    f"「{column.key}」是本表自己的列，没有写类型。",
                    "请加上 类型，例如 类型: 文字；若是写错了名称，请改正。",
                )


_NEXT_YEAR = (None, CarryOver.KEPT, CarryOver.EMPTIED, CarryOver.REMOVED)


def _edge_faults(at: Address, column: Column, block: Block) -> Iterator[Finding]:
    most = 1 if block.kind is BlockKind.TABLE else 2
    if len(column.edges) > most or list(column.edges) != sorted(set(column.edges)):
        yield _fault(
            (*at, "到"), f"「{column.key}」的 到 不对。", "写右边的毫米数；一栏可以写两个，先栏名后内容。"
        )


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
            yield _fault((_TOP, i, "名称"), f"表「{name}」写了两次。", "只留一张，或改名。")
        needed = _NAME_COLUMNS.get(name)
        if needed and blocks[i].columns and blocks[i].column(needed) is None:
            yield _fault(
                (_TOP, i, "列"),
                f"表「{name}」没有「{needed}」这一列，印出的各行没有名称。",
                f"请加上 {needed}。",
            )
    if INDICATORS not in names:
        yield _fault((_TOP,), "版面里没有「指标」这张表。", "请加上 {块: 表, 名称: 指标, 列: […]}。")


def _parts_placed(form: Form) -> Iterator[Finding]:
    """Find a narrative or a ticked box that the form declares and no place of the page prints."""
    for key, names in (("叙述", form.layout.paragraphs), ("勾选", form.layout.ticks)):
        for i, name in enumerate(names):
            if name not in form.layout.boxes:
                yield _fault(
                    (key, i, "名称"), f"「{name}」没有写在版面里，不会印出来。", f"请在 版面 里加上 {name}。"
                )


_RECORDS: dict[str, tuple[type, ...]] = {
    BUDGET: (BudgetLine,),
    PURPOSE: (Purpose,),
    INDICATORS: (Indicator, Group, Dimension),
}


def keys_of(record: type) -> tuple[str, ...]:
    """List the keys under which the fields of a record are written."""
    return tuple(f.metadata["key"] for f in dataclasses.fields(record) if "key" in f.metadata)


def _names_taken(form: Form) -> Iterator[Finding]:
    """Find a name that an assessment uses for something else: its value could not be told apart."""
    taken = {*keys_of(Assessment), *COLUMNS}
    for i, rule in enumerate(form.narratives):
        if rule.name in taken | set(BOXES):
            yield _taken(("叙述", i, "名称"), rule.name)
    for i, block in enumerate(form.blocks):
        if (
            block.kind is BlockKind.TABLE
            and block.name not in COLUMNS
            and block.name
            in {
                *keys_of(Assessment),
                *form.layout.paragraphs,
                *form.layout.ticks,
            }
        ):
            yield _taken((_TOP, i, "名称"), block.name)
        for j, column in enumerate(block.columns):
            keys = {key for record in _RECORDS.get(block.name, ()) for key in keys_of(record)}
            if column.key in keys - set(COLUMNS.get(block.name, {})):
                yield _taken((_TOP, i, "列", j, "键"), column.key)


def _taken(address: Address, name: str) -> Finding:
    return _fault(address, f"「{name}」已经是自评里别的名称。", "请换一个名称。")
