"""Compare a form's own columns, tables and rows as its 版面 declares them."""

from collections.abc import Iterable, Iterator

from perfdoc.core import keys
from perfdoc.core.assessment import Assessment, Indicator, Named
from perfdoc.core.quantity import decimal
from perfdoc.form.layout import Block, Column, Kind
from perfdoc.form.rulebook import Form
from perfdoc.years import fields
from perfdoc.years.value import Field

_AMOUNTS = (Kind.MONEY, Kind.SCORE)


def columns(name: str, forms: tuple[Form, Form]) -> tuple[Column, ...]:
    """List the columns that only these forms have in a built-in table and that two years compare."""
    known = {c.key: c for form in forms for c in form.layout.own_columns(name) if c.written and c.compared}
    return tuple(known.values())


def cells(compared: Iterable[Column], old: Named, new: Named, of: str = "") -> Iterator[Field]:
    """Compare the cells of a row; only what changed.

    Args:
        compared: The columns to look at.
        old: What last year's row holds, by the keys of its columns.
        new: Likewise of this year's.
        of: What the row is called where a field has to say it.
    """
    before, after = dict(old), dict(new)
    for column in compared:
        field = _cell(column, f"{of}{column.key}", before.get(column.key, ""), after.get(column.key, ""))
        if field.changed:
            yield field


def _cell(column: Column, name: str, old: str, new: str) -> Field:
    if column.kind in _AMOUNTS:
        return fields.amount(name, decimal(old), decimal(new), percent=True)
    return fields.text(name, old, new)


def details(old: Indicator, new: Indicator, compared: tuple[Column, ...]) -> Iterator[Field]:
    """Compare the 明细 below an indicator, by their names; only what changed."""
    before, after = ({detail.name: detail for detail in side.details} for side in (old, new))
    for name in before | after:
        a, b = before.get(name), after.get(name)
        of = f"明细「{name}」"
        if a is None or b is None:
            yield fields.text(of, name if a else "", name if b else "")
            continue
        for key, was, now in ((keys.TARGET, a.target, b.target), (keys.ACTUAL, a.actual, b.actual)):
            field = fields.text(f"{of}{key}", was.text if was else "", now.text if now else "")
            if field.changed:
                yield field
        yield from cells(compared, a.own, b.own, of)


def tables(old: Assessment, new: Assessment, forms: tuple[Form, Form]) -> Iterator[Field]:
    """Compare the tables that only these forms have, row by row by the text of the first column; only what changed."""
    blocks = {block.name: block for form in forms for block in form.layout.own_tables}
    for name, block in blocks.items():
        yield from _table(block, old.own_table(name), new.own_table(name))


def _table(block: Block, old: tuple[Named, ...], new: tuple[Named, ...]) -> Iterator[Field]:
    first, *others = block.columns
    before, after = (
        {dict(row).get(first.key, f"第{i}行"): row for i, row in enumerate(rows, start=1)}
        for rows in (old, new)
    )
    compared = [column for column in others if column.written and column.compared]
    for name in before | after:
        if name in before and name in after:
            yield from cells(compared, before[name], after[name], f"{block.name}「{name}」")
        else:
            yield fields.text(block.name, _row(before.get(name, ())), _row(after.get(name, ())))


def _row(cells: Named) -> str:
    return "，".join(f"{key} {text}" for key, text in cells)
