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


_CODES: dict[str, dict[str, dict[str, Any]]] = json.loads(
    pkgutil.get_data("perfdoc.core", "codes.json") or b"{}"
)


def key(code: str, kind: str) -> str:
    """Name one of the faults of a code."""
    return f"{code}.{kind}" if kind else code


BECAUSE = {
    key(code, kind): words
    for code, known in _CODES.items()
    for kind, words in known.get("because", {}).items()
}
"""The part of a finding's sentence that a comparison of two years shows alone: what makes a target look soft."""
LOOSE = "P409"
"""A declared link to last year that leads nowhere."""

FINDINGS = {
    (name := key(code, kind)): Wording(sentence.replace("{because}", BECAUSE.get(name, "")), remedy)
    for code, known in _CODES.items()
    for kind, (sentence, remedy) in known.get("says", {}).items()
}
"""By code, and by `code.kind` where a code has several faults."""

CHECKS = {code: About(**known["check"]) for code, known in _CODES.items() if "check" in known}
"""What is said of a fault that a check finds."""

READING = {code: About(**known["reading"]) for code, known in _CODES.items() if "reading" in known}
"""What is said of a fault that a file earns before there is anything to check.

A code that a check shares (P003, P102, P104) is about the same fault: here as it looks in the file, there as it looks
in the form.
"""
