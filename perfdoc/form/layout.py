"""What a form prints: its texts, paragraphs and tables, by the names that its template gives them."""

from collections.abc import Iterator, Mapping

from perfdoc.form.rulebook import Form

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
