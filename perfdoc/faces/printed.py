"""The finished string for every box and column of the form.

What comes out of here is what is printed: the template only places it, and `perfdoc.docx` only carries it.
Which boxes and columns there are is the form's 版面 to say; how a built-in one is written stands in the tables here,
and what only one form has is printed as it was typed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Blank, Detail, Filed, Group, Indicator, Quantity, Value
from perfdoc.core.quantity import decimal, plain, sign
from perfdoc.docx.content import Content, Line, Row
from perfdoc.form.layout import BUDGET, INDICATORS, STARTS, Block, Column, Weights
from perfdoc.form.rulebook import Form, Tick
from perfdoc.judge.computed import KINDS
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.exact import percent


def title(assessment: Assessment, form: Form) -> str:
    """Write the official title; it also names the file."""
    facts = {name: text for name, text in assessment.facts if name in form.fact_names}
    return form.labels.title.format(
        **{
            **dict.fromkeys(form.fact_names, ""),
            **facts,
            keys.YEAR: assessment.year,
            keys.DEPARTMENT: assessment.department,
            keys.UNIT_NAME: assessment.unit,
        }
    )


def fill(scored: Scored, narratives: Narratives) -> Content:
    """Write the finished string for every box and column of the form; what is still open prints empty."""
    layout = scored.form.layout
    content: dict[str, str | Sequence[str] | Sequence[Row]] = {}
    texts = {narrative.name: list(narrative.printed) for narrative in narratives.texts}
    for key in layout.blanks:
        if key in layout.tables:
            content[key] = list(_rows(layout.tables[key], scored))
        elif key in texts:
            content[key] = texts[key]
        else:
            content[key] = _box(key, scored)
    return content


# --- boxes --------------------------------------------------------------------------------------------------------

_BOXES: Mapping[str, Callable[[Scored], str | list[str]]] = {
    "附件号": lambda s: s.form.labels.number,
    "标题": lambda s: title(s.assessment, s.form),
    keys.YEAR: lambda s: str(s.assessment.year),
    keys.DEPARTMENT: lambda s: s.assessment.department,
    keys.UNIT_NAME: lambda s: s.assessment.unit,
    keys.DATE: lambda s: _date(s.assessment),
    keys.BASIC: lambda s: _amount(s.assessment.expenditure.basic),
    keys.PROJECT: lambda s: _project(s.assessment, s.form),
    "金额单位": lambda s: s.form.money_unit,
    "预算分值": lambda s: plain(s.form.budget.weight),
    "指标分值": lambda s: plain(s.form.weights.indicators),
    "总分值": lambda s: plain(s.form.weights.total),
    "总分": lambda s: _points(s.total),
    "等级": lambda s: s.printed_grade,
    "执行率": lambda s: (
        _filed(s.assessment.budget[0].filed_rate, _rate(s.budget[0], s.form)) if s.budget else ""
    ),
    keys.GOALS: lambda s: [
        s.form.labels.goal.format(序号=number, 内容=goal)
        for number, goal in enumerate(s.assessment.goals, start=1)
    ],
    "备注": lambda s: [clause.text for clause in s.form.clauses if clause.printed],
    keys.EXPECTED: lambda s: s.assessment.purpose.expected if s.assessment.purpose else "",
    keys.ACHIEVED: lambda s: (s.assessment.purpose.achieved or "") if s.assessment.purpose else "",
}


def _box(key: str, scored: Scored) -> str | list[str]:
    known = _BOXES.get(key)
    if known is not None:
        return known(scored)
    a = scored.assessment
    tick = next((tick for tick in scored.form.ticks if tick.name == key), None)
    if tick is not None:
        return _ticked(tick, dict(a.ticks).get(key), scored.form)
    return dict(a.facts).get(key) or dict(a.purpose.own if a.purpose else ()).get(key, "")


def _date(a: Assessment) -> str:
    return f"{a.date.year}年{a.date.month}月{a.date.day}日" if a.date else ""


def _amount(amount: Decimal | None) -> str:
    """Print an amount with the digits that were written."""
    return "" if amount is None else f"{amount:f}"


def _ticked(tick: Tick, chosen: str | None, form: Form) -> str:
    return "　".join(
        form.labels.tick.format(方框="☑" if option == chosen else "□", 序号=number, 选项=option)
        for number, option in enumerate(tick.options, start=1)
    )


def _project(a: Assessment, form: Form) -> str:
    spent = a.expenditure
    if spent.project is None or not spent.pass_through:
        return _amount(spent.project)
    return form.labels.project.format(
        项目支出总额=_amount(spent.project), 往来资金=_amount(spent.pass_through)
    )


def _points(score: Score) -> str:
    return "" if score.printed is None else plain(score.printed)


def _filed(written: Filed | str | None, computed: str) -> str:
    """Print what was filed in place of what the program would print: nothing where the cell was left empty."""
    if written is None:
        return computed
    if written in (Blank.BLANK, Blank.BLANK.value):
        return ""
    return plain(written) if isinstance(written, Decimal) else str(written)


def _rate(score: Score, form: Form) -> str:
    return percent(score.rate, form.rounding) or ""


# --- tables -------------------------------------------------------------------------------------------------------


def _rows(block: Block, scored: Scored) -> Iterator[Row]:
    if block.name == BUDGET:
        return _money_rows(block, scored)
    if block.name == INDICATORS:
        return _indicator_rows(block, scored)
    return _own_rows(block, scored.assessment)


def _money_rows(block: Block, scored: Scored) -> Iterator[Row]:
    form = scored.form
    for line, score in zip(scored.assessment.budget, scored.budget, strict=True):
        cells = {
            keys.NAME: line.name,
            keys.INITIAL: _amount(line.initial) or block.empty,
            keys.BUDGETED: _amount(line.budgeted) or block.empty,
            keys.EXECUTED: _amount(line.executed) or block.empty,
            keys.WEIGHT: _filed(
                line.filed_weight, plain(score.weight) if score.weight else form.labels.unscored
            ),
            "执行率": _filed(line.filed_rate, _rate(score, form) or block.empty),
            "得分": _points(score) if score.weight or score.filed else form.labels.unscored,
            keys.REMARK: line.remark or "",
        }
        own = dict(line.own)
        printed = {key: cells[key] if key in cells else own.get(key) or block.empty for key in block.keys}
        yield Line(printed, score.address)


def _own_rows(block: Block, a: Assessment) -> Iterator[Row]:
    """Print the rows of a table that only this form has, and its sums below them."""
    rows = [dict(row) for row in a.own_table(block.name)]
    for cells in rows:
        yield {key: cells.get(key) or block.empty for key in block.keys}
    if block.sum_row:
        first, *others = block.columns
        sums = {column.key: _sum(rows, column.key) if column.summed else "" for column in others}
        yield {first.key: block.sum_row, **sums}


def _sum(rows: list[dict[str, str]], key: str) -> str:
    """Add up what is written; empty where nothing is."""
    amounts = [number for row in rows if (number := decimal(row.get(key, ""))) is not None]
    return plain(sum(amounts, Decimal(0))) if amounts else ""


def _indicator_rows(block: Block, scored: Scored) -> Iterator[Row]:
    scores = iter(scored.dimensions)
    labels, goals = scored.form.labels, scored.assessment.goal_blocks
    printed = (*block.keys, *(STARTS[key] for key in block.keys if key in STARTS))
    special = tuple(column for column in block.columns if column.key not in _USUAL)
    for number, (address, table) in enumerate(scored.assessment.tables()):
        goal = ""
        if address[0] == keys.GOAL_BLOCKS:
            known = goals[int(address[1])]
            goal = labels.goal_block.format(序号=number + 1, 内容=known.goal, 分值=plain(known.weight))
        begins_goal = True
        for dimension in table:
            begins_dimension, first = True, _leveled(labels.dimension, dimension.name, dimension.weight)
            for group, score in zip(dimension.groups, next(scores).parts, strict=True):
                begins_group, second = True, _leveled(labels.group, group.name, group.weight)
                for where, row in _group_rows(group, score, scored.form, special):
                    # A merged cell prints once, in the row where it begins.
                    row[keys.GOAL], row["目标始"] = goal if begins_goal else "", begins_goal
                    row["一级"], row["一级始"] = first if begins_dimension else "", begins_dimension
                    row["二级"], row["二级始"] = second if begins_group else "", begins_group
                    yield Line({key: row[key] for key in printed}, where)
                    begins_goal = begins_dimension = begins_group = False


_USUAL = frozenset({"三级", keys.TARGET, keys.ACTUAL, keys.WEIGHT, "得分", keys.REMARK, *STARTS})
"""Columns that nearly every form has; they are written for each row, and the others only where a form has them."""


def _leveled(label: str, name: str, weight: Decimal) -> str:
    return label.format(名称=name, 分值=plain(weight)) if name else ""


def _group_rows(
    group: Group, group_score: Score, form: Form, special: tuple[Column, ...]
) -> Iterator[tuple[Address | None, dict[str, str | bool]]]:
    """Write the rows of a group: its indicators, each followed by its details; one empty row where it has none."""
    weighted = form.layout.weights is Weights.REQUIRED
    for indicator, score in zip(group.indicators, group_score.parts, strict=True):
        row = _row(indicator)
        row["三级"] = indicator.printed_as or _leveled(
            form.labels.indicator, indicator.name, indicator.weight
        )
        row[keys.WEIGHT] = plain(indicator.weight) if indicator.weight or weighted else ""
        row["得分"] = _points(score)
        for column in special:
            row[column.key] = _special(column, indicator, score, form)
        yield score.address, row
        for number, detail in enumerate(indicator.details):
            row = _row(detail)
            for column in special:
                row[column.key] = _shared(column.key, detail) or ""
            yield (*score.address, keys.DETAILS, number), row
    if not group.indicators:
        yield None, dict.fromkeys((*_USUAL, *(column.key for column in special)), "")


def _row(shown: Indicator | Detail) -> dict[str, str | bool]:
    """Write what an indicator and a detail print alike; a detail has no weight and no score."""
    return {
        "三级": shown.name,
        keys.TARGET: shown.target.text if shown.target else "",
        keys.ACTUAL: shown.actual.text if shown.actual else "",
        keys.WEIGHT: "",
        "得分": "",
        keys.REMARK: shown.remark or "",
    }


def _special(column: Column, indicator: Indicator, score: Score, form: Form) -> str:
    compute = KINDS.get(column.computed or column.key)
    return compute(indicator, score, form) if compute else _shared(column.key, indicator)


def _shared(key: str, shown: Indicator | Detail) -> str:
    """Write a part of the target, or what only this form has."""
    part = _PARTS.get(key)
    return part(shown.target) if part else dict(shown.own).get(key, "")


def _sign(value: Value | None) -> str:
    if not isinstance(value, Quantity):
        return keys.JUDGEMENT if value is not None else ""
    return sign(value.text)


def _number(value: Value | None) -> str:
    """Print a target without its sign and unit; words as they stand."""
    if isinstance(value, Quantity):
        return plain(value.shown)
    return value.text if value else ""


def _unit(value: Value | None) -> str:
    return value.unit if isinstance(value, Quantity) else ""


_PARTS: Mapping[str, Callable[[Value | None], str]] = {"符号": _sign, "数值": _number, "单位": _unit}
"""The three parts of a target, for forms that print them in columns of their own."""
