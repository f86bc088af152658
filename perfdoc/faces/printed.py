"""The finished string for every box and column of the form.

What comes out of here is what is printed: the template only places it, and `perfdoc.docx` only carries it.
Which boxes and columns there are is the form's 版面 to say; how a built-in one is written stands in the tables here,
and what only one form has is printed as it was typed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfdoc.core.assessment import Assessment, BudgetLine, Detail, Group, Indicator, Quantity, Value
from perfdoc.core.quantity import plain
from perfdoc.docx.content import Content, Row
from perfdoc.form.layout import BUDGET, INDICATORS, STARTS, Block, Column
from perfdoc.form.rulebook import Form, Tick
from perfdoc.judge.computed import KINDS, completion
from perfdoc.judge.narrative import Narratives, percent
from perfdoc.judge.scoring import Score, Scored


def title(assessment: Assessment, form: Form) -> str:
    """Write the official title; it also names the file."""
    facts = {name: text for name, text in assessment.facts if name in form.fact_names}
    return form.labels.title.format(
        **{
            **dict.fromkeys(form.fact_names, ""),
            **facts,
            "年度": assessment.year,
            "部门": assessment.department,
            "单位名称": assessment.unit,
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
    "年度": lambda s: str(s.assessment.year),
    "部门": lambda s: s.assessment.department,
    "单位名称": lambda s: s.assessment.unit,
    "填报日期": lambda s: _date(s.assessment),
    "基本支出总额": lambda s: _amount(s.assessment.expenditure.basic),
    "项目支出总额": lambda s: _project(s.assessment, s.form),
    "金额单位": lambda s: s.form.money_unit,
    "预算分值": lambda s: plain(s.form.budget.weight),
    "指标分值": lambda s: plain(s.form.weights.indicators),
    "总分值": lambda s: plain(s.form.weights.total),
    "总分": lambda s: _points(s.total),
    "等级": lambda s: s.printed_grade,
    "执行率": lambda s: _rate(s.budget[0], s.form) if s.budget else "",
    "年度目标": lambda s: [
        s.form.labels.goal.format(序号=number, 内容=goal)
        for number, goal in enumerate(s.assessment.goals, start=1)
    ],
    "备注": lambda s: [clause.text for clause in s.form.clauses if clause.printed],
    "预期目标": lambda s: s.assessment.purpose.expected if s.assessment.purpose else "",
    "实际完成情况": lambda s: (s.assessment.purpose.achieved or "") if s.assessment.purpose else "",
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


def _rate(score: Score, form: Form) -> str:
    return percent(score.rate, form.rounding.rate_digits) or ""


# --- tables -------------------------------------------------------------------------------------------------------


def _rows(block: Block, scored: Scored) -> Iterator[Row]:
    if block.name == BUDGET:
        for line, score in zip(scored.assessment.budget, scored.budget, strict=True):
            yield {
                column.key: _money_cell(column, block, line, score, scored.form) for column in block.columns
            }
    elif block.name == INDICATORS:
        yield from _indicator_rows(block, scored)
    else:
        yield from _own_rows(block, scored.assessment)


def _money_cell(column: Column, block: Block, line: BudgetLine, score: Score, form: Form) -> str:
    known = _MONEY.get(column.key)
    text = known(line, score, form) if known else dict(line.own).get(column.key, "")
    return text or (block.empty if column.key != "名称" else "")


_MONEY: Mapping[str, Callable[[BudgetLine, Score, Form], str]] = {
    "名称": lambda line, _, __: line.name,
    "年初预算数": lambda line, _, __: _amount(line.initial),
    "预算数": lambda line, _, __: _amount(line.budgeted),
    "执行数": lambda line, _, __: _amount(line.executed),
    "分值": lambda _, score, form: plain(score.weight) if score.weight else form.labels.unscored,
    "执行率": lambda _, score, form: _rate(score, form),
    "得分": lambda _, score, form: _points(score) if score.weight else form.labels.unscored,
    "说明": lambda line, _, __: line.remark or "",
}


def _own_rows(block: Block, a: Assessment) -> Iterator[Row]:
    """Print the rows of a table that only this form has, and its sums below them."""
    sums: dict[str, Decimal] = {}
    for row in a.own_table(block.name):
        cells = dict(row)
        yield {column.key: cells.get(column.key, "") or block.empty for column in block.columns}
        for column in block.columns:
            if column.summed and column.key in cells:
                sums[column.key] = sums.get(column.key, Decimal(0)) + Decimal(cells[column.key])
    if block.sum_row:
        first, *others = block.columns
        yield {first.key: block.sum_row} | {
            column.key: f"{sums[column.key]:f}" if column.key in sums else "" for column in others
        }


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the indicators as it is printed; a group without indicators has none, a detail stands below its own."""

    indicator: Indicator | None
    detail: Detail | None
    score: Score | None


def _indicator_rows(block: Block, scored: Scored) -> Iterator[Row]:
    scores = iter(scored.dimensions)
    labels, blocks = scored.form.labels, scored.assessment.goal_blocks
    for number, (address, table) in enumerate(scored.assessment.tables()):
        goal = ""
        if address[0] == "绩效目标":
            known = blocks[int(address[1])]
            goal = labels.goal_block.format(序号=number + 1, 内容=known.goal, 分值=plain(known.weight))
        begins = {"目标"}
        for dimension in table:
            begins.add("一级")
            above = {"目标": goal, "一级": _leveled(labels.dimension, dimension.name, dimension.weight)}
            for group, score in zip(dimension.groups, next(scores).parts, strict=True):
                begins.add("二级")
                above["二级"] = _leveled(labels.group, group.name, group.weight)
                for line in _lines(group, score):
                    # A merged cell prints once, in the row where it begins.
                    starts = {STARTS[key]: key in begins for key in STARTS if STARTS[key]}
                    merged = {key: text if key in begins else "" for key, text in above.items()}
                    cells = {
                        key: _cell(key, block, line, scored.form) for key in block.keys if key not in STARTS
                    }
                    row: dict[str, str | bool] = {**merged, **starts, **cells}
                    yield {key: row[key] for key in _printed_keys(block)}
                    begins.clear()


def _printed_keys(block: Block) -> tuple[str, ...]:
    return (*block.keys, *(STARTS[key] for key in block.keys if key in STARTS))


def _leveled(label: str, name: str, weight: Decimal) -> str:
    return label.format(名称=name, 分值=plain(weight)) if name else ""


def _lines(group: Group, group_score: Score) -> Iterator[_Line]:
    for indicator, score in zip(group.indicators, group_score.parts, strict=True):
        yield _Line(indicator, None, score)
        yield from (_Line(indicator, detail, None) for detail in indicator.details)
    if not group.indicators:
        yield _Line(None, None, None)


def _cell(key: str, block: Block, line: _Line, form: Form) -> str:
    """Write one cell of an indicator, of a detail below it, or of a group that has none."""
    indicator, detail, score = line.indicator, line.detail, line.score
    if indicator is None:
        return ""
    shown = detail or indicator
    known = _VALUES.get(key)
    if known is not None:
        return known(shown)
    if score is None:
        return _text_of_own(shown, key) if key != "三级" else shown.name
    column = block.column(key)
    if column is not None and column.computed is not None:
        return KINDS[column.computed](indicator, score, form)
    earned = _EARNED.get(key)
    return earned(indicator, score, form) if earned else _text_of_own(shown, key)


def _text_of_own(shown: Indicator | Detail, key: str) -> str:
    return dict(shown.own).get(key, "")


def _text(value: Value | None) -> str:
    return "" if value is None else value.text


def _sign(value: Value | None) -> str:
    if not isinstance(value, Quantity):
        return "定性" if value is not None else ""
    return value.comparator.value if value.comparator else ""


def _number(value: Value | None) -> str:
    """Print a target without its sign and unit; words as they stand."""
    return plain(value.number) if isinstance(value, Quantity) else _text(value)


_VALUES: Mapping[str, Callable[[Indicator | Detail], str]] = {
    "年初目标值": lambda i: _text(i.target),
    "实际完成值": lambda i: _text(i.actual),
    "符号": lambda i: _sign(i.target),
    "数值": lambda i: _number(i.target),
    "单位": lambda i: i.target.unit if isinstance(i.target, Quantity) else "",
    "说明": lambda i: i.remark or "",
}
"""Columns that an indicator and a detail print alike."""

_EARNED: Mapping[str, Callable[[Indicator, Score, Form], str]] = {
    "三级": lambda i, _, form: i.printed_as or _leveled(form.labels.indicator, i.name, i.weight),
    "分值": lambda i, _, form: plain(i.weight) if form.layout.weighted else "",
    "得分": lambda _, score, __: _points(score),
    "完成率": completion,
}
"""Columns that only an indicator has."""
