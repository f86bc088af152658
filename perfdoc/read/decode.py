"""Nodes → values of the model: the type of the field that takes a scalar decides what the scalar means.

One reader is derived from each dataclass whose fields are declared with `model.entry`; the JSON Schema is
made from the same declarations. All faults of a file are gathered; nothing stops at the first.
"""

import dataclasses
import datetime as dt
import enum
import functools
import re
import types
import typing
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

from perfdoc.core import keys, quantity
from perfdoc.core.assessment import (
    Assessment,
    Blank,
    BudgetLine,
    Detail,
    Dimension,
    Filed,
    GoalBlock,
    Group,
    Indicator,
    Judgement,
    Named,
    OwnTable,
    Purpose,
    Value,
)
from perfdoc.core.diagnostics import Diagnostic, Place, Severity, diagnose
from perfdoc.core.source import Mapping, Node, Scalar, Sequence
from perfdoc.form.layout import (
    BUDGET,
    INDICATORS,
    LEVELS,
    PURPOSE,
    Column,
    Edges,
    Kind,
    Label,
    Layout,
    Weights,
)
from perfdoc.read.misnamed import guess, guess_own

T = TypeVar("T")


@dataclasses.dataclass(slots=True)
class Context:
    """What a reader is given besides the node.

    Attributes:
        faults: Every fault found is added here.
        layout: What the form declares, where the file is an assessment of a known form; its own columns are keys.
    """

    faults: list[Diagnostic]
    layout: Layout | None = None

    def refuse(self, fault: Diagnostic) -> "Missing":
        """Note why there is no value."""
        self.faults.append(fault)
        return MISSING


Reader = Callable[[Node, str, Context], Any]
"""Takes a node, the name to speak of it by, and the context; yields the value or MISSING."""


class Missing(enum.Enum):
    """What a reader yields where it has reported a fault instead."""

    MISSING = 0


MISSING = Missing.MISSING


def decode(node: Node, cls: type[T], faults: list[Diagnostic], layout: Layout | None = None) -> T | Missing:
    """Read a mapping into a dataclass.

    Args:
        node: What the file says.
        cls: A dataclass whose fields are declared with `entry`; other fields keep their defaults.
        faults: Every fault found is added here.
        layout: What the form of an assessment declares; None for any other file.

    Returns:
        The value, or MISSING where a fault keeps it from being made.
    """
    record: Any = cls
    value: T | Missing = _record_reader(record)(node, "", Context(faults, layout))
    return value


def hints(cls: type) -> dict[str, Any]:
    """Resolve the annotations of a dataclass, `Annotated` kept."""
    return typing.get_type_hints(cls, include_extras=True)


def fault(code: str, place: Place, message: str, remedy: str) -> Diagnostic:
    """Make an error at a place."""
    return Diagnostic(code=code, severity=Severity.ERROR, place=place, message=message, remedy=remedy)


@dataclasses.dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    key: str
    required: bool
    weight: bool
    read: Reader

    def asked(self, layout: Layout | None) -> bool:
        """Tell whether it has to be written: a weight wherever the form's indicators carry weights."""
        return self.required or (self.weight and (layout is None or layout.weights is Weights.REQUIRED))


@functools.cache
def _record_reader(cls: Any) -> Reader:
    annotations = hints(cls)
    slots = {
        field.metadata["key"]: _Slot(
            field.name,
            field.metadata["key"],
            field.default is dataclasses.MISSING,
            field.metadata.get("weight", False),
            _TABLE_READERS.get((cls, field.name)) or reader(annotations[field.name]),
        )
        for field in dataclasses.fields(cls)
        if "key" in field.metadata
    }
    required = [slot for slot in slots.values() if slot.required or slot.weight]
    shorthand = getattr(cls, "SHORTHAND", None)

    def read(node: Node, name: str, context: Context) -> Any:
        if shorthand and isinstance(node, Scalar):
            only = slots[shorthand]
            short = only.read(node, only.key, context)
            return MISSING if short is MISSING else cls(**{only.name: short})
        if not isinstance(node, Mapping):
            return context.refuse(_not_a_mapping(node, name, slots))
        before = len(context.faults)
        values: dict[str, Any] = {}
        written = set(node.named)
        for key, value in node.entries:
            slot = slots.get(key.text)
            if slot is None:
                if not _read_own(cls, key, value, values, context):
                    meant = guess(key.text, cls, OWNERS.get(cls), slots, context.layout)
                    context.faults.append(_unknown_key(key, name, meant.remedy))
                    # A misspelt name is one slip: what it stands for is not missing as well.
                    written.add(meant.key)
            elif isinstance(value, Scalar) and value.empty:
                if slot.asked(context.layout):
                    context.faults.append(diagnose("P102.empty", key.place, name=key.text))
            else:
                values[slot.name] = slot.read(value, key.text, context)
        context.faults.extend(
            _missing_key(node, name, slot)
            for slot in required
            if slot.key not in written and slot.asked(context.layout)
        )
        return MISSING if len(context.faults) > before else cls(**values)

    return read


# --- what only one form has ---------------------------------------------------------------------------------------

OWNERS: dict[Any, str] = {
    BudgetLine: BUDGET,
    Purpose: PURPOSE,
    Indicator: INDICATORS,
    Detail: INDICATORS,
}
"""The built-in table whose own columns a record may hold."""


def _read_own(cls: Any, key: Scalar, value: Node, values: dict[str, Any], context: Context) -> bool:
    """Read a value that only this form has; False where the form declares none of that name."""
    if context.layout is None:
        return False
    if cls is Assessment:
        table = next((table for table in context.layout.own_tables if table.name == key.text), None)
        if table is not None and not (isinstance(value, Scalar) and value.empty):
            rows = _list_reader(functools.partial(_own_row, table.columns))(value, key.text, context)
            values["own_tables"] = (*values.get("own_tables", ()), OwnTable(key.text, rows))
        return table is not None
    table_name = OWNERS.get(cls)
    own = context.layout.own_columns(table_name) if table_name else ()
    column = next((column for column in own if column.key == key.text and column.written), None)
    if column is None:
        return False
    if not (isinstance(value, Scalar) and value.empty):
        read = _own_value(column, value, context)
        values["own"] = (*values.get("own", ()), (key.text, read))
    return True


def _own_value(column: Column, value: Node, context: Context) -> Any:
    """Read a value by the type that the form declares for it; it is kept as it was typed."""
    checked = _OWN_SCALARS.get(column.kind or Kind.TEXT, _text)

    def as_typed(node: Scalar) -> Any:
        read = checked(node)
        return read if isinstance(read, _Wrong) else node.text

    return _scalar_reader(as_typed)(value, column.key, context)


def _own_row(columns: tuple[Column, ...], node: Node, name: str, context: Context) -> Any:
    """Read a row of a table that only this form has."""
    known = {column.key: column for column in columns if column.written}
    if not isinstance(node, Mapping):
        return context.refuse(diagnose("P104.row", node.place, name=name, keys=_some(known)))
    cells = []
    for key, value in node.entries:
        column = known.get(key.text)
        if column is None:
            context.faults.append(_unknown_key(key, name, guess_own(key.text, known).remedy))
        elif not (isinstance(value, Scalar) and value.empty):
            cells.append((key.text, _own_value(column, value, context)))
    return tuple(cells)


def _indicator_table(node: Node, name: str, context: Context) -> Any:
    """Read the indicators by the levels of the form; a level that it does not have gets one entry without a name."""
    levels = context.layout.levels if context.layout else LEVELS
    if levels == LEVELS:
        return _list_reader(_record_reader(Dimension))(node, name, context)
    if levels[0] == LEVELS[1]:
        groups = _list_reader(_record_reader(Group))(node, name, context)
    else:
        rows = _list_reader(_record_reader(Indicator))(node, name, context)
        groups = MISSING if rows is MISSING or MISSING in rows else (_nameless(Group, "indicators", rows),)
    return MISSING if groups is MISSING or MISSING in groups else (_nameless(Dimension, "groups", groups),)


def _nameless(level: Any, part: str, below: tuple[Any, ...]) -> Any:
    return level(name="", weight=sum((one.weight for one in below), Decimal(0)), **{part: below})


_TABLE_READERS: dict[tuple[Any, str], Reader] = {
    (Assessment, "dimensions"): _indicator_table,
    (GoalBlock, "dimensions"): _indicator_table,
}


def _unknown_key(key: Scalar, name: str, remedy: str) -> Diagnostic:
    within = f"「{name}」里" if name else "这里"
    return diagnose("P101.name", key.place, within=within, name=key.text, advice=remedy)


def _missing_key(node: Mapping, name: str, slot: _Slot) -> Diagnostic:
    owner = (
        next((v.text for k, v in node.entries if k.text == keys.NAME and isinstance(v, Scalar)), "") or name
    )
    return diagnose("P102.line", node.place, within=f"「{owner}」" if owner else "", name=slot.key)


def _not_a_mapping(node: Node, name: str, slots: Iterable[str]) -> Diagnostic:
    what = f"「{name}」" if name else "这里"
    given = f"「{_short(node.text)}」" if isinstance(node, Scalar) else "一个列表"
    return diagnose("P104.mapping", node.place, what=what, keys=_some(slots), given=given)


def _some(slots: Iterable[str]) -> str:
    return "、".join([*slots][:3])


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"  # noqa: PLR2004 -- what fits a narrow terminal


def reader(annotation: Any) -> Reader:
    """Derive the reader of a type."""
    if annotation in _SPECIAL:
        return _SPECIAL[annotation]()
    if annotation in _SCALARS:
        return _scalar_reader(_SCALARS[annotation])
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return reader(without_none(annotation))
    if origin is tuple:
        return _list_reader(reader(typing.get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _scalar_reader(functools.partial(_choice, annotation))
    return _record_reader(annotation)


def _read_label(node: Node, name: str, context: Context) -> Any:
    """Read words that may be none: `""`."""
    empty = isinstance(node, Scalar) and node.quoted and not node.text
    return "" if empty else _scalar_reader(_text)(node, name, context)


_SPECIAL: dict[Any, Callable[[], Reader]] = {
    Named: lambda: _read_named,
    Edges: lambda: _list_reader(reader(Decimal), or_one=True),
    Label: lambda: _read_label,
}


def without_none(annotation: Any) -> Any:
    """Leave None out of a union: what may be written."""
    rest = [arg for arg in typing.get_args(annotation) if arg is not type(None)]
    return functools.reduce(lambda a, b: a | b, rest)


def _list_reader(item: Reader, *, or_one: bool = False) -> Reader:
    def read(node: Node, name: str, context: Context) -> Any:
        if or_one and isinstance(node, Scalar):
            return (item(node, name, context),)
        if not isinstance(node, Sequence):
            return context.refuse(diagnose("P104.list", node.place, name=name))
        if not node.items:
            return context.refuse(diagnose("P102.list", node.place, name=name))
        items = []
        for number, part in enumerate(node.items, start=1):
            if isinstance(part, Scalar) and part.empty:
                context.faults.append(diagnose("P102.item", part.place, name=name, number=number))
            else:
                items.append(item(part, name, context))
        return tuple(items)

    return read


def _read_named(node: Node, name: str, context: Context) -> Any:
    """Read free names; which of them a form knows is for its checks to say."""
    if not isinstance(node, Mapping):
        return context.refuse(diagnose("P104.names", node.place, name=name))
    read = _scalar_reader(_text)
    written = [(key, value) for key, value in node.entries if not (isinstance(value, Scalar) and value.empty)]
    return tuple((key.text, read(value, key.text, context)) for key, value in written)


ScalarReader = Callable[[Scalar], "Any | _Wrong"]


@dataclasses.dataclass(frozen=True, slots=True)
class _Wrong:
    """A scalar that is not what the field takes: the end of the sentence `「年度」填了「…」，` and the cure."""

    reason: str
    remedy: str


_NULLS = ("null", "Null", "NULL", "~")


def _scalar_reader(read_scalar: ScalarReader) -> Reader:
    def read(node: Node, name: str, context: Context) -> Any:
        if not isinstance(node, Scalar):
            return context.refuse(diagnose("P104.scalar", node.place, name=name))
        if not node.text:
            return context.refuse(diagnose("P102.empty", node.place, name=name))
        null = node.text in _NULLS and not node.quoted
        value = _Wrong("会照原样印在表里", "没有内容就空着。") if null else read_scalar(node)
        if not isinstance(value, _Wrong):
            return value
        about = {"name": name, "value": _short(node.text), "reason": value.reason, "advice": value.remedy}
        return context.refuse(diagnose("P104.value", node.place, **about))

    return read


def _text(node: Scalar) -> str:
    return node.text.rstrip("\n")  # `|` keeps the end of its last line, which would print as an empty one


def _value(node: Scalar) -> Any:
    return quantity.read(node.text)


def _decimal(node: Scalar) -> Decimal | _Wrong:
    number = quantity.decimal(node.text)
    if number is not None:
        return number
    if any(c.isdigit() for c in node.text):
        reason, remedy = quantity.why_not(node.text)
        if reason != "不是数值":
            return _Wrong(reason, remedy)
    return _Wrong("不是数值", "只填数字，不带单位，例如 367.24。")


def _filed(node: Scalar) -> Filed | _Wrong:
    return Blank.BLANK if node.text == Blank.BLANK.value else _decimal(node)


def _percent(node: Scalar) -> Decimal | _Wrong:
    number = quantity.decimal(node.text[:-1]) if node.text.endswith("%") else None
    return _Wrong("不是百分数", "写成数字加 %，例如 80%。") if number is None else number


def _whole_number(pattern: str, reason: str, remedy: str) -> ScalarReader:
    """Make the reader of a whole number that is written as a pattern says."""

    def read(node: Scalar) -> int | _Wrong:
        return int(node.text) if re.fullmatch(pattern, node.text) else _Wrong(reason, remedy)

    return read


def _yes(node: Scalar) -> bool | _Wrong:
    if node.text in ("是", "否"):
        return node.text == "是"
    return _Wrong("不是“是”或“否”", "填 是 或 否。")


_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
)
_LAST_MONTH = 12


def _date(node: Scalar) -> dt.date | _Wrong:
    found = _DATE.fullmatch(node.text.strip())
    if found is None:
        return _Wrong("不是日期", "只填日期，例如 2021-05-25。")
    year, month, day = (int(part) for part in found.groups() if part)
    if not 1 <= month <= _LAST_MONTH:
        return _Wrong("月份应为 1 到 12", "请核对日期。")
    try:
        return dt.date(year, month, day)
    except ValueError:
        return _Wrong("没有这一天", "请核对日期。")


_JUDGEMENT = re.compile(r"(?P<grade>[^\s0-9%％]+)\s*(?:(?P<share>[0-9.]+)\s*[%％])?")


def _judgement(node: Scalar) -> Judgement | _Wrong:
    found = _JUDGEMENT.fullmatch(node.text.strip())
    share = quantity.decimal(found["share"]) if found and found["share"] else None
    if found is None or (found["share"] and share is None):
        return _Wrong("不是“档次”或“档次 百分数”", "例如 达成预期，或 部分达成预期 60%。")
    return Judgement(grade=found["grade"], share=share)


def _choice(kind: type[enum.Enum], node: Scalar) -> Any:
    for member in kind:
        if member.value == node.text:
            return member
    return _Wrong("不在可选的词里", f"可以写：{'、'.join(str(m.value) for m in kind)}。")


_SCALARS: dict[Any, ScalarReader] = {
    str: _text,
    Value: _value,
    bool: _yes,
    int: _whole_number("199[0-9]|20[0-9]{2}", "不是年度", "填四位数字，例如 2020。"),
    Decimal: _decimal,
    Filed: _filed,
    dt.date: _date,
    Judgement: _judgement,
    typing.Annotated[Decimal, "percent"]: _percent,
    typing.Annotated[int, "count"]: _whole_number("[0-9]", "不是个数", "填一个不大的整数，例如 2。"),
    typing.Annotated[int, "length"]: _whole_number("[1-9][0-9]{0,4}", "不是字数", "填一个整数，例如 200。"),
}

_OWN_SCALARS: dict[Kind, ScalarReader] = {
    Kind.MONEY: _decimal,
    Kind.SCORE: _decimal,
    Kind.RATE: _percent,
    Kind.QUANTITY: _value,
    Kind.DATE: _date,
}
"""How a value of a form's own column is looked at; what is not listed is any text."""
