"""Report what keeps a score from being computed, a text from being filled or a figure from being rolled up.

Scoring, the narratives and the roll-up find it; the checks pass it on.
"""

from perfdoc.checks.registry import CHECKS, Check, Find, Findings, Subject
from perfdoc.core.diagnostics import Finding, Severity

_CODES = ("P201", "P104", "P105", "P107", "P312", "P314", "P701", "P702", "P703", "P704", "P705", "P706")


def _found(subject: Subject) -> list[Finding]:
    obstacles = (score.obstacle for score in subject.scored.total.walk() if score.obstacle is not None)
    return [*subject.narratives.faults, *obstacles, *subject.rollup_findings]


def _of(code: str) -> Find:
    def find(subject: Subject) -> Findings:
        return (finding for finding in subject.once(_found) if finding.code == code)

    return find


CHECKS.extend(Check(code, Severity.ERROR, _of(code), decisive=True) for code in _CODES)
