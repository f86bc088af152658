"""A form.yaml from before 版面: the lines that say in 版面 what its 填空 and 栏目 said."""

from collections.abc import Iterable

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.core.source import Mapping, Node, Scalar, Sequence
from perfdoc.form.layout import COLUMNS, INDICATORS, LEVELS, PURPOSE, STEERING
from perfdoc.read.decode import fault

_OLD = ("填空", "栏目")


def fault_of(node: Node) -> Diagnostic | None:
    """Say how a form.yaml that lists its blanks becomes one that declares its page; None for any other."""
    if not isinstance(node, Mapping) or node.get("版面") is not None:
        return None
    old = [key for key, _ in node.entries if key.text in _OLD]
    if not old:
        return None
    words = "、".join(key.text for key in old)
    lines = "\n".join(_layout(_texts(node.get("填空")) or _texts(node.get("栏目"))))
    return fault(
        "P101",
        old[0].place,
        f"这是旧写法：{words} 已由 版面 代替。",
        f"请删去 {words}（连同它下面的行），在同一处写上下面这几行，Word 模板不用动：\n{lines}",
    )


def _texts(node: Node | None) -> list[str]:
    items = node.items if isinstance(node, Sequence) else ()
    return [item.text for item in items if isinstance(item, Scalar)]


def _layout(blanks: Iterable[str]) -> list[str]:
    """Write the same blanks as blocks: the template has the look, so that only the names are needed."""
    boxes, tables = list[str](), dict[str, list[str]]()
    for blank in blanks:
        table, dot, column = blank.partition(".")
        if blank in COLUMNS[PURPOSE]:
            tables.setdefault(PURPOSE, []).append(blank)
        elif not dot:
            boxes.append(blank)
        elif column not in STEERING:
            tables.setdefault(table, []).append(column)
    return [
        "版面:",
        *([f"  - {{块: 段, 栏: [{', '.join(boxes)}]}}"] if boxes else []),
        *map(_table, tables.items()),
    ]


def _table(named: tuple[str, list[str]]) -> str:
    name, columns = named
    levels = f"层级: [{', '.join(LEVELS)}], " if name == INDICATORS else ""
    return f"  - {{块: 表, 名称: {name}, {levels}列: [{', '.join(columns)}]}}"
