"""The words of every code, from `codes.json`: what it means, and the sentences that facts become.

A template names facts in braces; the sentence ends without its full stop, so that another one can hold it.
"""

import json
import pkgutil
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from perfdoc.core.quantity import plain


class Wording(NamedTuple):
    """What is said of a finding, and what to do about it."""

    sentence: str
    remedy: str


class About(NamedTuple):
    """What is said of a code.

    Attributes:
        finds: In English, one sentence.
        title: 标题, in Chinese.
        reason: 缘由, in Chinese: why it matters.
        source: 出处, in Chinese: who asks for it.
        severity: 级别, in Chinese, of a fault that reading finds: the word of a message, or how the 状态 decides it.
    """

    finds: str
    title: str
    reason: str
    source: str
    severity: str = "错误"


def said(template: str, facts: Iterable[tuple[str, object]]) -> str:
    """Fill facts into a template; figures are written as the form writes them."""
    return template.format_map({name: text(value) for name, value in facts})


def text(value: object) -> str:
    """Write a fact for use in a sentence."""
    return plain(value) if isinstance(value, Decimal) else str(value)


ACCEPTED = "已核定（{by}）：{reason}。"
"""The remedy of what a person accepted."""
SINCE = "从 {year} 年度起：{said}"
"""What a revised rulebook brings in."""

SOFT = {
    "LOWERED": "目标由 {old} 改为 {new}，得分由 {before} 升到 {after}",
    "BELOW_LAST": "目标 {target}，上年已完成 {actual}",
    "KEPT": "上年目标 {old}，完成 {actual}，为目标的 {ratio}，今年目标仍是 {new}",
    "KEPT.lower": "上年目标 {old}，完成 {actual}，目标为完成的 {ratio}，今年目标仍是 {new}",
    "REPEATED": "分值 {weight}、目标 {target}、完成 {actual}，都与上年相同",
}
"""Why a target looks soft beside last year's, by `perfdoc.years.kinds.Flag`."""
LOOSE = {
    "": "{key}{name}：上年没有这一项，或已经对应了别的",
    "dropped": "{key}{name}：上年没有这一项，或今年还有它",
    "measure": "{key}{name}：上年的改进措施里没有这一段",
}
"""Why a declared link to last year leads nowhere."""

_RAISE = "请适当提高目标，或说明理由。"
_LINK = "请照上年的写，或删去。"

_CODES: dict[str, dict[str, dict[str, Any]]] = json.loads(
    pkgutil.get_data("perfdoc.core", "codes.json") or b"{}"
)

FINDINGS = {
    f"{code}.{kind}" if kind else code: Wording(*words)
    for code, known in _CODES.items()
    for kind, words in known.get("says", {}).items()
} | {
    "P403": Wording(f"{{name}}目标下调而得分上升：{SOFT['LOWERED']}", "请说明为什么下调目标。"),
    "P404": Wording(
        f"{{name}}的目标低于上年已完成的数：{SOFT['BELOW_LAST']}", "请核对目标，确实要低的请说明理由。"
    ),
    "P405": Wording(f"{{name}}上年远超目标，今年目标没有变：{SOFT['KEPT']}", _RAISE),
    "P405.lower": Wording(f"{{name}}上年远超目标，今年目标没有变：{SOFT['KEPT.lower']}", _RAISE),
    "P406": Wording(f"{{name}}整行与上年相同：{SOFT['REPEATED']}", "请核对完成值是不是今年的数。"),
    "P409": Wording(LOOSE[""], _LINK),
    "P409.dropped": Wording(LOOSE["dropped"], _LINK),
    "P409.measure": Wording(LOOSE["measure"], _LINK),
}
"""By code, and by `code.kind` where a code has several faults."""

CHECKS = {code: About(**known["check"]) for code, known in _CODES.items() if "check" in known}
"""What is said of a fault that a check finds."""

READING = {code: About(**known["reading"]) for code, known in _CODES.items() if "reading" in known}
"""What is said of a fault that a file earns before there is anything to check.

A code that a check shares (P003, P102, P104) is about the same fault: here as it looks in the file, there as it looks
in the form.
"""
