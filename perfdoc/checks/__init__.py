"""What an auditor would reject: one function, one code, one fault.

A check reads the scored assessment and its finished prose and yields findings; it computes no score.
Its docstring says why the fault matters and who asks for it. `weigh` then lets the 状态 of the assessment
and the form's own 检查 decide how grave a finding is. `settled` lets a person accept one with a reason.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfdoc.checks import (
    arithmetic,
    blanks,
    form_level,
    identity,
    kinds,
    prose,
    reasons,
    rollup,
    units,
    unscorable,
    years,
)
from perfdoc.checks.registry import CHECKS, About, Check, Findings, Subject, about, check, found, weigh
from perfdoc.core.diagnostics import Finding, Severity
from perfdoc.form.rulebook import Form
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Scored

if TYPE_CHECKING:
    from perfdoc.years.value import Comparison

__all__ = [
    "CHECKS",
    "SUBJECTS",
    "About",
    "Check",
    "Findings",
    "Subject",
    "about",
    "check",
    "found",
    "run",
    "weigh",
]

SUBJECTS = (unscorable, rollup, blanks, units, arithmetic, kinds, identity, reasons, form_level, prose, years)
"""The modules that hold the checks, a subject each."""


def run(
    scored: Scored,
    narratives: Narratives,
    name: str = "",
    rollup_findings: tuple[Finding, ...] = (),
    comparison: "Comparison | None" = None,
    unread: str = "",
) -> tuple[Finding, ...]:
    """Run every check that the form wants and weigh what it finds by the 状态 of the assessment.

    Args:
        scored: The scored assessment.
        narratives: Its finished prose.
        name: Its path below content/; empty where it lies in no folder.
        rollup_findings: What the roll-up found to keep figures from being drawn.
        comparison: With last year's; None where there is none.
        unread: The path of last year's where there is one that cannot be read, else empty.
    """
    subject, status = (
        Subject(scored, narratives, name, rollup_findings, comparison, unread),
        scored.assessment.status,
    )
    findings: list[Finding] = []
    for known in CHECKS:
        if known.runs(scored.form):
            for finding in known.find(subject):
                rule = scored.form.check_rule(known.code)
                findings.append(weigh(finding, known, status, rule.severity if rule else None))
    return tuple(findings)


_MAY_SET = ("P501", "P502")
"""Checks that have a usual threshold and take another from the form."""


def faults(form: Form) -> Iterator[Finding]:
    """Find what a form's 检查 sets and no check knows."""
    known = {each.code: each for each in CHECKS}
    for i, rule in enumerate(form.checks):
        at, asked = ("检查", i, "代码"), known.get(rule.code)
        if asked is None:
            yield _fault(
                at, f"「检查」里的「{rule.code}」没有这项检查。", "用 check --explain 可以看到全部代码。"
            )
        elif rule.code in [other.code for other in form.checks[:i]]:
            yield _fault(at, f"「检查」里的「{rule.code}」写了两次。", "只留一条。")
        elif rule.off and asked.decisive:
            yield _fault(at, f"「{rule.code}」关系到能不能计分，不能停用。", "请删去这一条。")
        elif rule.threshold is not None and not asked.threshold and rule.code not in _MAY_SET:
            yield _fault(("检查", i, "阈值"), f"「{rule.code}」不用阈值。", "请删去阈值。")


def _fault(address: tuple[str | int, ...], message: str, remedy: str) -> Finding:
    return Finding(code="P210", severity=Severity.ERROR, address=address, message=message, remedy=remedy)
