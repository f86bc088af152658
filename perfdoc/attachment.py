"""The finished string for every blank of the form.

What comes out of here is what is printed: the template only places it, and `perfdoc.word` only carries it.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfdoc.forms import Form
from perfdoc.model import Assessment, Expenditure, Value
from perfdoc.narrative import Told, percent
from perfdoc.quantity import plain
from perfdoc.scoring import Score, Scored

Row = Mapping[str, str | bool]
Content = Mapping[str, str | list[str] | list[Row]]
"""Strings, lists of paragraphs and lists of rows; a row's booleans steer merged cells and print nothing."""

TEXTS = frozenset(
    {
        "附件号",
        "标题",
        "单位名称",
        "填报日期",
        "基本支出总额",
        "项目支出总额",
        "金额单位",
        "预算分值",
        "指标分值",
    }
)
PARAGRAPHS = frozenset({"年度目标", "备注"})
ROWS = {
    "预算执行": frozenset({"名称", "预算数", "执行数", "执行率", "得分"}),
    "指标": frozenset({"一级", "二级", "三级", "年初目标值", "实际完成值", "得分", "一级始", "二级始"}),
}
"""The blanks that a template can hold, beside one list of paragraphs for each narrative of its form."""

STEERING = frozenset({"一级始", "二级始"})
"""Fields of a row that are read by the template's conditions and never printed."""


def blanks(form: Form) -> Mapping[str, frozenset[str] | None]:
    """Name every blank of a form's template: None for a text, the fields for rows, none for paragraphs."""
    names: dict[str, frozenset[str] | None] = dict.fromkeys(TEXTS)
    paragraphs = PARAGRAPHS | {rule.name for rule in form.narratives}
    return names | dict.fromkeys(paragraphs, frozenset()) | ROWS


def title(assessment: Assessment, form: Form) -> str:
    """Write the official title; it also names the file."""
    return form.labels.title.format(
        年度=assessment.year, 部门=assessment.department, 单位名称=assessment.unit
    )


def fill(scored: Scored, told: Told) -> Content:
    """Write the finished string for every blank of the form; what is still open prints empty."""
    a, form = scored.assessment, scored.form
    content: dict[str, str | list[str] | list[Row]] = {
        "附件号": form.labels.number,
        "标题": title(a, form),
        "单位名称": a.unit,
        "填报日期": f"{a.date.year}年{a.date.month}月{a.date.day}日" if a.date else "",
        "基本支出总额": _amount(a.expenditure.basic),
        "项目支出总额": _project(a.expenditure, form),
        "金额单位": form.money_unit,
        "预算分值": plain(form.budget.weight),
        "指标分值": plain(form.weights.indicators),
        "预算执行": list(_budget_rows(scored)),
        "年度目标": [
            form.labels.goal.format(序号=number, 内容=goal) for number, goal in enumerate(a.goals, start=1)
        ],
        "指标": list(_indicator_rows(scored)),
        "备注": [clause.text for clause in form.clauses if clause.printed],
    }
    content.update({narrative.name: list(narrative.paragraphs) for narrative in told.narratives})
    return content


def _amount(amount: Decimal | None) -> str:
    """Print an amount with the digits that were written."""
    return "" if amount is None else f"{amount:f}"


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
    digits = scored.form.rounding.rate_digits
    for line, score in zip(scored.assessment.budget, scored.budget, strict=True):
        yield {
            "名称": line.name,
            "预算数": _amount(line.budgeted),
            "执行数": _amount(line.executed),
            "执行率": percent(score.rate, digits) or "",
            "得分": _points(score),
        }


def _indicator_rows(scored: Scored) -> Iterator[Row]:
    labels = scored.form.labels
    for dimension, dimension_score in zip(scored.assessment.dimensions, scored.dimensions, strict=True):
        first_label = labels.dimension.format(名称=dimension.name, 分值=plain(dimension.weight))
        starts_dimension = True
        for group, group_score in zip(dimension.groups, dimension_score.parts, strict=True):
            second_label = labels.group.format(名称=group.name, 分值=plain(group.weight))
            starts_group = True
            for indicator, score in zip(group.indicators, group_score.parts, strict=True):
                third_label = indicator.printed_as or labels.indicator.format(
                    名称=indicator.name, 分值=plain(indicator.weight)
                )
                yield {
                    # A merged cell prints once, in the row where it begins.
                    "一级": first_label if starts_dimension else "",
                    "二级": second_label if starts_group else "",
                    "三级": third_label,
                    "年初目标值": _text(indicator.target),
                    "实际完成值": _text(indicator.actual),
                    "得分": _points(score),
                    "一级始": starts_dimension,
                    "二级始": starts_group,
                }
                starts_dimension = starts_group = False
