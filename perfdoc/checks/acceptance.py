"""Accept findings by review.yaml: with a reason, for as long as the facts behind them stay the same.

The facts of a finding are what the table says at its place (target, actual, weight, scores, amounts) or, where it
speaks of the prose, the whole form or two years, its own. Their short hash stands in `review.yaml`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from perfdoc.checks.registry import CHECKS
from perfdoc.core import keys, wording
from perfdoc.core.address import Address
from perfdoc.core.assessment import Indicator, Value
from perfdoc.core.diagnostics import Finding, Severity, facts
from perfdoc.core.entry import entry
from perfdoc.core.quantity import filed, plain
from perfdoc.judge.scoring import Score, Scored

_TWO_YEARS = "P4"
"""What the codes of `perfdoc.checks.years` begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """核定: one finding that a person accepted, and why."""

    code: str = entry("代码", "接受哪一项检查的结果，例如 P502")
    indicator: str | None = entry("指标", "哪一项指标；不属于某项指标的不写", default=None)
    reason: str = entry("理由", "为什么可以接受")
    by: str = entry("经办", "谁核定的")
    facts: str | None = entry("事实", "核定时的情况，由 check --settle 给出", default=None)
    digest: str = entry("依据", "核定时情况的摘要，由 check --settle 给出")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """review.yaml: what was accepted for one assessment."""

    accepted: tuple[Acceptance, ...] = entry("核定", "一条一项", default=())


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Findings after review.yaml was applied.

    Attributes:
        findings: All of them; an accepted one is a 提示 with its reason.
        faults: What is wrong with the review itself; their addresses are those of review.yaml.
    """

    findings: tuple[Finding, ...]
    faults: tuple[Finding, ...]


def apply_review(scored: Scored, findings: tuple[Finding, ...], review: Review) -> Reviewed:
    """Apply the acceptances of review.yaml to the findings."""
    kept = list(findings)
    faults: list[Finding] = []
    done: set[int] = set()
    for i, accepted in enumerate(review.accepted):
        about = [
            n
            for n, finding in enumerate(findings)
            if finding.code == accepted.code and indicator_of(scored, finding) == accepted.indicator
        ]
        same = [n for n in about if digest(scored, findings[n]) == accepted.digest]
        new = [n for n in same if n not in done]
        if new and open_to_review(findings[new[0]]):
            kept[new[0]] = _accepted(findings[new[0]], accepted)
            done.add(new[0])
        elif same and not new:
            faults.append(_warning("P214", ("核定", i), "twice", what=accepted.code))
        else:
            faults.append(_fault(("核定", i), accepted, scored, [findings[n] for n in about]))
    return Reviewed(tuple(kept), tuple(faults))


def open_to_review(finding: Finding) -> bool:
    """Return True if a person may accept a finding: not where it keeps a score from being computed."""
    return any(check.code == finding.code and not check.decisive for check in CHECKS)


def _accepted(finding: Finding, accepted: Acceptance) -> Finding:
    said = facts(by=accepted.by, reason=accepted.reason.removesuffix("。"))
    return replace(finding, severity=Severity.INFO, accepted=said)


def _fault(address: Address, accepted: Acceptance, scored: Scored, about: list[Finding]) -> Finding:
    """Say why an acceptance does not hold: the facts changed, it may not be accepted, or nothing is found."""
    what = f"{accepted.code}「{accepted.indicator}」" if accepted.indicator else f"{accepted.code} "
    if not about:
        return _warning("P214", address, what=what)
    if not open_to_review(about[0]):
        return _warning("P214", address, "decisive", what=what)
    then = accepted.facts or f"摘要 {accepted.digest}"
    now = "；".join(covered(scored, finding) for finding in about)
    return _warning("P213", (*address, "依据"), what=what, then=then, now=now)


def _warning(code: str, address: Address, kind: str = "", **named: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, address=address, kind=kind, facts=facts(**named))


def digest(scored: Scored, finding: Finding) -> str:
    """Hash what a finding is based on to eight characters: its code, its place and its facts, not its wording."""
    name, address = _row(scored, finding)
    if not name:
        address = tuple(step for step in address if isinstance(step, str))
    known = _table_facts(scored, finding)
    if known is None:
        pattern = _SIGNED if _compares(finding) else _UNSIGNED
        known = "、".join(hit for fact in finding.facts for hit in pattern.findall(wording.text(fact.value)))
    elif not name:
        known = "、".join(_UNSIGNED.findall(known))
    whole = "\n".join((finding.code, name, "/".join(map(str, address)), known))
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


_UNSIGNED = re.compile(r"「.*?」|\d[\d,.]*%?")
"""What counts of a fact: quoted words and figures; what a place or a unit is called may change."""
_SIGNED = re.compile(r"「.*?」|[-－−]?\d[\d,.]*%?")
"""The same between two years, where a sign makes another figure."""


def _row(scored: Scored, finding: Finding) -> tuple[str, Address]:
    """Name the indicator that a finding speaks of, with the rest of the address; empty where it speaks of none."""
    for indicator, score in scored.indicators():
        if finding.address[: len(score.address)] == score.address:
            return indicator.name, finding.address[len(score.address) :]
    return "", finding.address


def indicator_of(scored: Scored, finding: Finding) -> str | None:
    """Name the indicator at whose row a finding points; None where it points elsewhere."""
    return _row(scored, finding)[0] or None


def covered(scored: Scored, finding: Finding) -> str:
    """Write the facts that an acceptance of a finding covers, in Chinese."""
    known = _table_facts(scored, finding)
    return str(finding) if known is None else known


def _table_facts(scored: Scored, finding: Finding) -> str | None:
    """Write what the table says where a finding stands; None where it speaks of more than that place."""
    if _compares(finding):
        return None
    address = finding.address
    row = next((r for r in scored.indicators() if address[: len(r[1].address)] == r[1].address), None)
    if row is not None:
        return _row_facts(*row)
    if address[:1] == (keys.BUDGET,):
        line = scored.assessment.budget[int(address[1])]
        amounts = (
            (keys.INITIAL, line.initial),
            (keys.BUDGETED, line.budgeted),
            (keys.EXECUTED, line.executed),
        )
        return "，".join(f"{name} {plain(amount)}" for name, amount in amounts if amount is not None)
    return None


def _compares(finding: Finding) -> bool:
    """Tell whether a finding holds last year against this: half of its facts stand in no row of this year's table."""
    return finding.code.startswith(_TWO_YEARS)


def _row_facts(indicator: Indicator, score: Score) -> str:
    known = [(keys.GOAL, _text(indicator.target)), ("完成", _text(indicator.actual))]
    known += [(keys.WEIGHT, plain(indicator.weight)), ("得分", _points(score.value))]
    known += [(keys.FILED, filed(indicator.filed))] if indicator.filed is not None else []
    known += [(keys.DIRECTION, indicator.better.value)]
    known += [(keys.JUDGEMENT, indicator.judgement.grade)] if indicator.judgement else []
    return "，".join(f"{name} {text}" for name, text in known)


def _text(value: Value | None) -> str:
    return value.text if value else "（空）"


def _points(points: Decimal | None) -> str:
    return "（空）" if points is None else plain(points)


def line_to_paste(scored: Scored, finding: Finding) -> str:
    """Write the line of review.yaml that would accept a finding; 理由 and 经办 are for the person to fill."""
    name = indicator_of(scored, finding)
    parts = [f"代码: {finding.code}"]
    parts += [f"指标: {_quoted(name)}"] if name else []
    parts += [
        "理由: ",
        "经办: ",
        f"事实: {_quoted(covered(scored, finding))}",
        f"依据: {_quoted(digest(scored, finding))}",
    ]
    return "  - {" + ", ".join(parts) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def to_settle(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Yield what a person may still accept."""
    return (f for f in findings if f.severity is not Severity.INFO and open_to_review(f))
