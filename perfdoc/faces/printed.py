"""The finished string for every blank of the form.

What comes out of here is what is printed: the template only places it, and `perfdoc.word` only carries it.
Everything that any form prints is written here once; each form says in `填空` which of it its template holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfdoc.core.assessment import Assessment, Dimension, Expenditure, Group, Indicator, Value
from perfdoc.core.quantity import plain
from perfdoc.docx.content import Content, Row
from perfdoc.form.layout import blanks
from perfdoc.form.rulebook import Form, Tick
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.exact import percent


def title(assessment: Assessment, form: Form) -> str:
    """Write the official title; it also names the file."""
    facts = {name: text for name, text in assessment.facts if name in form.facts}
    return form.labels.title.format(
        **{
            **dict.fromkeys(form.facts, ""),
            **facts,
            "年度": assessment.year,
            "部门": assessment.department,
            "单位名称": assessment.unit,
        }
    )


def fill(scored: Scored, narratives: Narratives) -> Content:
    """Write the finished string for every blank of the form; what is still open prints empty."""
    a, form = scored.assessment, scored.form
    content: dict[str, str | Sequence[str] | Sequence[Row]] = {
        "附件号": form.labels.number,
        "标题": title(a, form),
        "年度": str(a.year),
        "单位名称": a.unit,
        "填报日期": f"{a.date.year}年{a.date.month}月{a.date.day}日" if a.date else "",
        "基本支出总额": _amount(a.expenditure.basic),
        "项目支出总额": _project(a.expenditure, form),
        "金额单位": form.money_unit,
        "预算分值": plain(form.budget.weight),
        "指标分值": plain(form.weights.indicators),
        "总分值": plain(form.weights.total),
        "总分": _points(scored.total),
        "等级": scored.printed_grade,
        "预期目标": a.purpose.expected if a.purpose else "",
        "实际完成情况": (a.purpose.achieved or "") if a.purpose else "",
        "预算执行": list(_budget_rows(scored)),
        "年度目标": [
            form.labels.goal.format(序号=number, 内容=goal) for number, goal in enumerate(a.goals, start=1)
        ],
        "指标": list(_indicator_rows(scored)),
        "备注": [clause.text for clause in form.clauses if clause.printed],
    }
    content.update(dict.fromkeys(form.facts, "") | dict(a.facts))
    content.update({tick.name: _boxes(tick, dict(a.ticks).get(tick.name), form) for tick in form.ticks})
    content.update({narrative.name: list(narrative.paragraphs) for narrative in narratives.texts})
    return _wanted(content, blanks(form))


def _wanted(content: Content, names: Mapping[str, frozenset[str] | None]) -> Content:
    """Keep what the template holds: whatever is handed to it has to be printed."""
    kept: dict[str, str | Sequence[str] | Sequence[Row]] = {}
    for name, fields in names.items():
        value = content[name]
        if fields and not isinstance(value, str):
            kept[name] = [
                {f: row[f] for f in row if f in fields} for row in value if not isinstance(row, str)
            ]
        else:
            kept[name] = value
    return kept


def _amount(amount: Decimal | None) -> str:
    """Print an amount with the digits that were written."""
    return "" if amount is None else f"{amount:f}"


def _boxes(tick: Tick, chosen: str | None, form: Form) -> str:
    return "　".join(
        form.labels.tick.format(方框="☑" if option == chosen else "□", 序号=number, 选项=option)
        for number, option in enumerate(tick.options, start=1)
    )


def _project(spent: Expenditure, form: Form) -> str:
    if spent.project is None or not spent.pass_through:
        return _amount(spent.project)
    return form.labels.project.format(
        项目支出总额=_amount(spent.project), 往来资金=_amount(spent.pass_through)
    )


def _points(score: Score) -> str:
    return "" if score.printed is None else plain(score.printed)


def _text(value: Value | None) -> str:
    return "" if value is None else value.text


def _budget_rows(scored: Scored) -> Iterator[Row]:
    unscored = scored.form.labels.unscored
    for line, score in zip(scored.assessment.budget, scored.budget, strict=True):
        yield {
            "名称": line.name,
            "年初预算数": _amount(line.initial),
            "预算数": _amount(line.budgeted),
            "执行数": _amount(line.executed),
            "分值": plain(score.weight) if score.weight else unscored,
            "执行率": percent(score.rate, scored.form.rounding) or "",
            "得分": _points(score) if score.weight else unscored,
        }


def _indicator_rows(scored: Scored) -> Iterator[Row]:
    labels = scored.form.labels
    before: tuple[object, ...] = ((), (), ())
    for row in scored.rows():
        # A merged cell prints once, in the row where it begins.
        way = (row.goal, row.sums[0].address, row.sums[1].address)
        goal, dimension, group = (now != then for now, then in zip(way, before, strict=True))
        before = way
        indicator, weight = row.indicator, plain(row.indicator.weight)
        yield {
            "目标": _goal(scored, row.goal) if goal else "",
            "目标始": goal,
            "一级": _named(labels.dimension, row.dimension) if dimension else "",
            "二级": _named(labels.group, row.group) if group else "",
            "三级": indicator.printed_as or _named(labels.indicator, indicator),
            "年初目标值": _text(indicator.target),
            "实际完成值": _text(indicator.actual),
            "分值": weight,
            "得分": _points(row.score),
            "说明": indicator.remark or "",
            "一级始": dimension,
            "二级始": group,
        }


def _named(label: str, each: Dimension | Group | Indicator) -> str:
    return label.format(名称=each.name, 分值=plain(each.weight))


def _goal(scored: Scored, number: int | None) -> str:
    if number is None:
        return ""
    block = scored.assessment.goal_blocks[number]
    return scored.form.labels.goal_block.format(序号=number + 1, 内容=block.goal, 分值=plain(block.weight))
