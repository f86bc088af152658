"""An assessment that nobody has filled in yet, in the words of its form: every key that it prints, with its cells empty.

What has to be there for a page to be laid out (a name, a goal, a weight) is an example to write over.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfdoc.core import keys
from perfdoc.core.assessment import Assessment, Indicator, Status
from perfdoc.core.quantity import plain
from perfdoc.form.layout import BUDGET, GOALS, INDICATORS, PURPOSE, Block, Column, Weights, mentioned
from perfdoc.form.rulebook import Form
from perfdoc.read.schema import ASSESSMENT_SCHEMA

TO_FILL = "待填"
"""What stands for a name or a text that may not be empty; a final version with one left is refused."""

_USUAL = (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10))
"""The 一级指标 of most forms and what they weigh in relation to one another, where a rulebook does not say."""
_GROUPS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
_LINES = ("年度资金总额", "其中：当年财政拨款")
_TARGETS = (keys.TARGET, "符号", "数值", "单位")
"""Columns that are written as 年初目标值."""


def skeleton(form: Form, name: str, year: int, unit: str) -> str:
    """Write the assessment.yaml of an assessment to be filled in.

    Args:
        form: The form, as it stands in that year.
        name: The assessment's path below content/.
        year: Its year.
        unit: What the unit is called as far as that is known; empty where it is not.
    """
    lines = [
        schema_line(form, name),
        f"# {form.name}。在冒号后面填写，还没有的空着；写着「{TO_FILL}」的改成自己的。",
        "# 执行率、得分、总分由程序计算，不用写。",
        *_head(form, year, unit or TO_FILL),
        *_named(keys.FACTS, form.layout.own_boxes),
        *_ticks(form),
        *_expenditure(form),
        *_budget(form),
        *_purpose(form),
        *_goals(form),
        *(line for table in form.layout.own_tables for line in _own_table(table)),
        *_indicators(form),
    ]
    return "\n".join(lines) + "\n"


def schema_line(form: Form, name: str) -> str:
    """Write the comment by which editors find the schema of an assessment's form, from wherever it lies."""
    up = "../" * (len(name.split("/")) + 1)
    return f"# yaml-language-server: $schema={up}templates/{form.id}/{ASSESSMENT_SCHEMA}"


def _head(form: Form, year: int, unit: str) -> Iterator[str]:
    yield f"表式: {form.id}"
    yield f"年度: {year}"
    if keys.DEPARTMENT in mentioned(form.labels.title):
        yield f"部门: {unit}"
    yield from _keyed(keys.UNIT_NAME, form.layout.box(keys.UNIT_NAME), unit)
    if form.layout.box(keys.DATE):
        yield "填报日期:  # 例如 2021-05-25"
    yield f"状态: {Status.FILLING.value}  # {_about(Assessment, 'status')}"


def _about(record: type, name: str) -> str:
    return str(next(f.metadata["about"] for f in dataclasses.fields(record) if f.name == name))


def _keyed(key: str, column: Column | None, value: str = "") -> Iterator[str]:
    """Write a key, with the words that the form prints where they are others."""
    said = _plain(column.label) if column else key
    note = f"  # 表中印作「{said}」" if said not in (key, "") else ""
    yield f"{key}:{f' {value}' if value else ''}{note}"


def _plain(label: str) -> str:
    return label.replace("\n", "").rstrip("：:")


def _named(key: str, columns: Iterable[Column]) -> Iterator[str]:
    written = [column for column in columns if column.written]
    if written:
        yield from ("", f"{key}:")
        for column in written:
            yield from (f"  {line}" for line in _keyed(column.key, column))


def _ticks(form: Form) -> Iterator[str]:
    if form.ticks:
        yield from ("", "勾选:")
        yield from (f"  {tick.name}:  # 选一项：{'、'.join(tick.options)}" for tick in form.ticks)


def _expenditure(form: Form) -> Iterator[str]:
    written_keys = [key for key in (keys.BASIC, keys.PROJECT) if form.layout.box(key)]
    if written_keys:
        passing = [keys.PASS_THROUGH] if keys.PASS_THROUGH in mentioned(form.labels.project) else []
        yield from ("", f"支出:  # {form.money_unit}", *(f"  {key}:" for key in (*written_keys, *passing)))


def _budget(form: Form) -> Iterator[str]:
    block = form.layout.tables.get(BUDGET)
    if block is None:
        return
    written_keys = [column.key for column in form.layout.written_columns(BUDGET) if column.key != keys.NAME]
    names = block.rows or (*(_LINES if block.open_rows else _LINES[:1]), *block.open_rows)
    yield from (
        "",
        *_headers(form.layout.written_columns(BUDGET)),
        f"预算执行:  # {form.money_unit}；第一行计分",
    )
    yield from (f"  - {_row(row, '', written_keys)}" for row in names)


def _headers(columns: Iterable[Column]) -> Iterator[str]:
    """Say which key is printed as which column, where they differ."""
    others = [
        f"{c.key} 印作「{said}」"
        for c in columns
        if c.written and (said := _plain(c.label)) not in (c.key, "")
    ]
    if others:
        yield f"# {'，'.join(others)}"


def _row(name: str, weight: str, written_keys: Iterable[str]) -> str:
    weighed = [f"分值: {weight}"] if weight else []
    return "{" + ", ".join((f"名称: {name}", *weighed, *(f"{key}: " for key in written_keys))) + "}"


def _purpose(form: Form) -> Iterator[str]:
    if PURPOSE in form.layout.tables:
        written_keys = [column.key for column in form.layout.written_columns(PURPOSE)]
        yield from ("", f"{PURPOSE}:")
        yield from (f"  {key}:{f' {TO_FILL}' if key == keys.EXPECTED else ''}" for key in written_keys)


def _goals(form: Form) -> Iterator[str]:
    if form.layout.box(GOALS):
        yield from ("", f"{GOALS}:  # 一条一行", f"  - {TO_FILL}")


def _own_table(table: Block) -> Iterator[str]:
    written_keys = [column.key for column in table.columns if column.written]
    named = keys.NAME in written_keys
    yield from ("", *_headers(table.columns), f"{table.name}:")
    for row in table.rows if named else ():
        yield f"  - {_row(row, '', (key for key in written_keys if key != keys.NAME))}"
    if not table.rows or not named:
        yield "  - {" + ", ".join(f"{key}: " for key in written_keys) + "}"


# --- indicators ---------------------------------------------------------------------------------------------------


def _indicators(form: Form) -> Iterator[str]:
    block = form.layout.tables.get(INDICATORS)
    if block is None:
        return
    yield from (
        "",
        *_headers(form.layout.written_columns(INDICATORS)),
        f"# 方向：{_about(Indicator, 'direction')}",
    )
    total = form.weights.indicators
    if not form.layout.prints(INDICATORS, keys.GOAL):
        yield from ("指标:", *_levels(form, block, total, "  "))
        return
    yield from ("绩效目标:", f"  - 目标: {TO_FILL}", *_weight(form, total, "    "), "    指标:")
    yield from _levels(form, block, total, "      ")


def _weight(form: Form, weight: Decimal, indent: str) -> Iterator[str]:
    if form.layout.weights is Weights.REQUIRED:
        yield f"{indent}分值: {plain(weight)}"


def _levels(form: Form, block: Block, total: Decimal, indent: str) -> Iterator[str]:
    """Write the indicators by the levels of the form, one example below each group."""
    if len(form.layout.levels) == 1:
        yield f"{indent}- {_example(form, block, INDICATORS, total)}"
        return
    for name, weight in _dimensions(form, total):
        inner = indent
        if len(form.layout.levels) == len(_GROUPS):
            yield from (f"{indent}- 一级指标: {name}", *_weight(form, weight, f"{indent}  "))
            yield f"{indent}  二级指标:"
            inner = f"{indent}    "
        groups = _GROUPS.get(name, (name,))
        for group, part in zip(groups, _shared(weight, [1] * len(groups)), strict=True):
            yield from (f"{inner}- 名称: {group}", *_weight(form, part, f"{inner}  "))
            yield from (f"{inner}  三级指标:", f"{inner}    - {_example(form, block, group, part)}")


def _dimensions(form: Form, total: Decimal) -> list[tuple[str, Decimal]]:
    said = [(rule.name, rule.weight) for rule in form.weights.dimensions]
    shares = _shared(total, [part for _, part in _USUAL])
    return said or [(name, share) for (name, _), share in zip(_USUAL, shares, strict=True)]


def _shared(total: Decimal, parts: list[int]) -> list[Decimal]:
    """Share points out in whole numbers as far as they go; what is left over is the first one's."""
    shares = [Decimal(int(total * part / sum(parts))) for part in parts]
    return [shares[0] + total - sum(shares), *shares[1:]]


def _example(form: Form, block: Block, group: str, weight: Decimal) -> str:
    written = [column.key for column in form.layout.written_columns(INDICATORS)]
    target = [keys.TARGET] if any(key in block.keys for key in _TARGETS) else []
    written_keys = [*target, *(key for key in written if key not in {*_TARGETS, "三级", keys.WEIGHT})]
    return _row(
        f"{TO_FILL}（{group}）",
        plain(weight) if form.layout.weights is Weights.REQUIRED else "",
        written_keys,
    )
