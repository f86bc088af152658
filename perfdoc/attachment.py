"""The finished string for every blank of the form.

What comes out of here is what is printed: the template only places it, and `perfdoc.word` only carries it.
Everything that any form prints is written here once; each form says in `填空` which of it its template holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfdoc.forms import Form, Tick
from perfdoc.model import Assessment, Dimension, Expenditure, Value
from perfdoc.narrative import Told, percent
from perfdoc.quantity import plain
from perfdoc.scoring import Score, Scored

Row = Mapping[str, str | bool]
Content = Mapping[str, str | Sequence[str] | Sequence[Row]]
"""Strings, lists of paragraphs and lists of rows; a row's booleans steer merged cells and print nothing."""

TEXTS = frozenset(
    {
        "附件号",
        "标题",
        "年度",
        "单位名称",
        "填报日期",
        "基本支出总额",
        "项目支出总额",
        "金额单位",
        "预算分值",
        "指标分值",
        "总分值",
        "总分",
        "等级",
        "预期目标",
        "实际完成情况",
    }
)
PARAGRAPHS = frozenset({"年度目标", "备注"})
ROWS = {
    "预算执行": frozenset({"名称", "年初预算数", "预算数", "执行数", "分值", "执行率", "得分"}),
    "指标": frozenset(
        {
            "目标",
            "一级",
            "二级",
            "三级",
            "年初目标值",
            "实际完成值",
            "分值",
            "得分",
            "说明",
            "目标始",
            "一级始",
            "二级始",
        }
    ),
}
STEERING = frozenset({"目标始", "一级始", "二级始"})
"""Fields of a row that are read by the template's conditions and never printed."""


def offered(form: Form) -> Mapping[str, frozenset[str] | None]:
    """Name everything that the program can print on a form: None for a text, fields for rows, none for paragraphs."""
    texts = TEXTS | set(form.facts) | {tick.name for tick in form.ticks}
    paragraphs = PARAGRAPHS | {rule.name for rule in form.narratives}
    return dict.fromkeys(texts) | dict.fromkeys(paragraphs, frozenset[str]()) | ROWS


def blanks(form: Form) -> Mapping[str, frozenset[str] | None]:
    """Name what the form's template has to hold, as `填空` lists it: `标题`, `指标.三级`."""
    wanted: dict[str, frozenset[str] | None] = {}
    known = offered(form)
    for blank in form.blanks:
        name, _, part = blank.partition(".")
        fields = known.get(name)
        if part or fields:
            # What is merged is steered by the field of its own name: `一级始` says where a cell of `一级` begins.
            own = {part, *({f"{part}始"} & STEERING)} if part else set[str]()
            wanted[name] = (wanted.get(name) or frozenset()) | own
        else:
            wanted[name] = fields
    return wanted


def unknown_blanks(form: Form) -> Iterator[tuple[int, str]]:
    """Find what `填空` lists and the program does not know, by position."""
    known = offered(form)
    for i, blank in enumerate(form.blanks):
        name, _, part = blank.partition(".")
        if name not in known or (part and part not in (known[name] or ())) or (name in ROWS and not part):
            yield i, blank


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


def fill(scored: Scored, told: Told) -> Content:
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
    content.update({narrative.name: list(narrative.paragraphs) for narrative in told.narratives})
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
    digits, unscored = scored.form.rounding.rate_digits, scored.form.labels.unscored
    for line, score in zip(scored.assessment.budget, scored.budget, strict=True):
        yield {
            "名称": line.name,
            "年初预算数": _amount(line.initial),
            "预算数": _amount(line.budgeted),
            "执行数": _amount(line.executed),
            "分值": plain(score.weight) if score.weight else unscored,
            "执行率": percent(score.rate, digits) or "",
            "得分": _points(score) if score.weight else unscored,
        }


def _indicator_rows(scored: Scored) -> Iterator[Row]:
    scores = iter(scored.dimensions)
    labels, blocks = scored.form.labels, scored.assessment.goal_blocks
    for number, (address, table) in enumerate(scored.assessment.tables()):
        label = ""
        if address[0] == "绩效目标":
            block = blocks[int(address[1])]
            label = labels.goal_block.format(序号=number + 1, 内容=block.goal, 分值=plain(block.weight))
        starts_goal = True
        for dimension in table:
            for row in _dimension_rows(dimension, next(scores), scored.form):
                # A merged cell prints once, in the row where it begins.
                yield {"目标": label if starts_goal else "", "目标始": starts_goal, **row}
                starts_goal = False


def _dimension_rows(dimension: Dimension, dimension_score: Score, form: Form) -> Iterator[Row]:
    labels = form.labels
    starts_dimension = True
    first = labels.dimension.format(名称=dimension.name, 分值=plain(dimension.weight))
    for group, group_score in zip(dimension.groups, dimension_score.parts, strict=True):
        starts_group = True
        second = labels.group.format(名称=group.name, 分值=plain(group.weight))
        for indicator, score in zip(group.indicators, group_score.parts, strict=True):
            weight = plain(indicator.weight)
            yield {
                "一级": first if starts_dimension else "",
                "二级": second if starts_group else "",
                "三级": indicator.printed_as or labels.indicator.format(名称=indicator.name, 分值=weight),
                "年初目标值": _text(indicator.target),
                "实际完成值": _text(indicator.actual),
                "分值": weight,
                "得分": _points(score),
                "说明": indicator.remark or "",
                "一级始": starts_dimension,
                "二级始": starts_group,
            }
            starts_dimension = starts_group = False
