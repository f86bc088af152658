"""What a name that is no key was meant for: a word that the form prints, or one that nearly is a key."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from perfdoc.core import keys
from perfdoc.core.assessment import Assessment, Expenditure, Purpose
from perfdoc.core.entry import keys_of
from perfdoc.form.layout import BOXES, COLUMNS, INDICATORS, Column, Filler, Layout


class Meant(NamedTuple):
    """A guess: the key that it stands for, empty where there is none to be written, and what to do."""

    key: str
    remedy: str


def guess(key: str, record: Any, table: str | None, slots: Collection[str], layout: Layout | None) -> Meant:
    """Say what to write instead of a name.

    Args:
        key: The name.
        record: What it stands in.
        table: The table of the form that this is a row of; None for any other record.
        slots: What may stand there.
        layout: What the form declares, where it is known.
    """
    for found in _printed(key, record, table, layout):
        return found
    if key == keys.NAME and (own := _name_of(record)) in slots:
        return Meant(own, f"这里写 {own}: …")
    within = [slot for slot in slots if key.endswith(slot)]
    return _or_all(max(within, key=len, default="") or _nearest(key, slots), slots)


def guess_own(key: str, slots: Collection[str]) -> Meant:
    """Say what to write instead of a name in a row of a table that only this form has."""
    return _or_all(_nearest(key, slots), slots)


def _or_all(near: str, slots: Collection[str]) -> Meant:
    return Meant(near, f"是否为「{near}」？" if near else f"这里可以写：{'、'.join(slots)}。")


def _nearest(key: str, slots: Iterable[str]) -> str:
    """Guess which name a misspelt one stands for; empty where none is near."""
    import difflib  # noqa: PLC0415 -- needed only where something is wrong

    return next(iter(difflib.get_close_matches(key, slots, n=1, cutoff=0.4)), "")


def _printed(key: str, record: Any, table: str | None, layout: Layout | None) -> Iterator[Meant]:
    """Find a word that the form prints for a value written under another key, elsewhere, or not at all."""
    known = COLUMNS.get(table or "", {})
    if key in known and known[key].filled_by is Filler.PROGRAM:
        yield Meant("", f"「{key}」由程序计算，请删去。")
    block = layout.tables.get(table) if layout and table else None
    for column in block.columns if block else ():
        if _says(column, key) and (column.key in known or column.written):
            own = keys.NAME if (table, column.key) == (INDICATORS, "三级") else column.key
            yield Meant(own, f"表中的「{key}」在这里写作 {own}: …")
    if record is Assessment and layout:
        yield from _box(key, layout)


def _box(key: str, layout: Layout) -> Iterator[Meant]:
    for parent, inside in (
        (keys.EXPENDITURE, keys_of(Expenditure).values()),
        (keys.PURPOSE, keys_of(Purpose).values()),
    ):
        if key in inside:
            yield Meant("", f"请写在 {parent} 下面：{parent}: {{{key}: …}}。")
    for box in layout.boxes.values():
        if not _says(box, key) and box.key != key:
            continue
        if box in layout.own_boxes:
            yield Meant("", f"请写在 基本信息 下面：基本信息: {{{box.key}: …}}。")
        elif box.key in layout.ticks:
            yield Meant("", f"请写在 勾选 下面：勾选: {{{box.key}: …}}。")
        elif box.key in BOXES and BOXES[box.key].written:
            yield Meant(box.key, f"表中的「{key}」在这里写作 {box.key}: …")
        elif box.key in BOXES:
            yield Meant("", f"「{key}」由程序填写，请删去。")


def _says(column: Column, key: str) -> bool:
    """Tell whether a column is printed, or known, by a word; `（A）` and the like are no part of it."""
    label = re.sub(r"（.*", "", column.label.replace("\n", "").replace(" ", "")).rstrip("：:")
    return key in (label, *column.known_as)


def _name_of(record: Any) -> str:
    """Return the key of a record's own name; empty where it has none."""
    return keys_of(record).get("name", "")
