"""Checks for what an auditor would reject: one function, one code, one fault.

A check reads the scored assessment and its filled narratives and yields findings; it computes no score.
What it finds, why that matters and who asks for it stands in `core/codes.json`. `weigh` then lets the 状态 of the assessment
and the form's own 检查 decide how serious a finding is. `acceptance` lets a person accept one with a reason.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfdoc.checks import (
    arithmetic,
    copied,
    form_level,
    identity,
    kinds,
    prose,
    reasons,
    unfilled,
    units,
    unscorable,
    years,
)
from perfdoc.checks.registry import CHECKS, Check, Findings, Subject, check, found, weigh
from perfdoc.core.diagnostics import Finding, Quote
from perfdoc.form.rulebook import Form, fault
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Scored

if TYPE_CHECKING:
    from perfdoc.years.value import Comparison

__all__ = [
    "CHECKS",
    "SUBJECTS",
    "Check",
    "Findings",
    "Subject",
    "check",
    "found",
    "run",
    "weigh",
]

SUBJECTS = (
    unscorable, unfilled, copied, units, arithmetic, kinds, identity, reasons, form_level, prose, years
)  # fmt: skip
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
        narratives: Its filled narratives.
        name: Its path below content/; empty where it lies in no folder.
        rollup_findings: What kept figures from being rolled up.
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
    """Find entries of a form's 检查 that no check understands."""
    known = {each.code: each for each in CHECKS}
    for i, rule in enumerate(form.checks):
        at, asked = ("检查", i, "代码"), known.get(rule.code)
        if asked is None:
            yield fault(at, "no_check", code=Quote(rule.code))
        elif rule.code in [other.code for other in form.checks[:i]]:
            yield fault(at, "check_twice", code=Quote(rule.code))
        elif rule.off and asked.decisive:
            yield fault(at, "decisive_off", code=Quote(rule.code))
        elif rule.threshold is not None and not asked.threshold and rule.code not in _MAY_SET:
            yield fault(("检查", i, "阈值"), "threshold", code=Quote(rule.code))
