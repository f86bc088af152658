"""Check the form as a whole: targets set low, money against outputs, full marks, missing or heavy rows."""

import re
from dataclasses import replace
from decimal import Decimal

from perfdoc.checks.reasons import excess_threshold, excesses
from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core import keys
from perfdoc.core.assessment import Direction, Quantity, Value
from perfdoc.core.diagnostics import Quote, Severity, facts
from perfdoc.core.quantity import comparable, decimal, plain
from perfdoc.judge.scoring import Row
from perfdoc.judge.scoring.exact import in_percent, percent

HUNDRED = Decimal(100)


@check("P601", Severity.WARNING, unfilled=True, guess=True, threshold=True)
def targets_set_low(subject: Subject) -> Findings:
    """Find many rows far above their targets at once: one may be luck, many mean that targets were set low.

    Source: 财预〔2020〕10号 (assumed); 16 such rows in 31 published forms.
    """
    measured = [row for row in subject.quantities() if row[2].number]
    high = excesses(subject)
    if len(high) < _SEVERAL or len(high) * HUNDRED < subject.threshold("P601") * len(measured):
        return
    low = found(
        subject.assessment.tables()[0][0],
        measured=len(measured),
        high=len(high),
        least=f"{plain(excess_threshold(subject) or HUNDRED)}%",
        names="、".join(f"{Quote(indicator.name)}" for indicator, _, _ in high[:_SEVERAL]),
    )
    more = len(high) > _SEVERAL
    yield replace(low, kind="more", facts=low.facts + facts(rest=len(high))) if more else low


_SEVERAL = 3


@check("P604", Severity.WARNING, unfilled=True, guess=True, threshold=True)
def outputs_without_money(subject: Subject) -> Findings:
    """Find every output done in full while little was spent, and a payment rate that is not the execution rate.

    Source: published forms 07, 29; a bureau's finding (1000元 spent, 748 served).
    """
    yield from _paid_otherwise(subject)
    budget, form = subject.scored.budget, subject.form
    rate = budget[0].rate if budget else None
    outputs = [row for row in subject.scored.rows() if "产出" in row.dimension.name]
    if rate is None or in_percent(rate) >= subject.threshold("P604") or not outputs:
        return
    if all(_in_full(row) for row in outputs):
        yield found((keys.BUDGET, 0, keys.EXECUTED), rate=percent(rate, form.rounding) or "")


_PER_CENT = re.compile(r"([0-9.]+)[%％]")


def _per_cent(value: Value | None) -> Decimal | None:
    """Read the per cent of a value, also where words stand around it: 11月底完成100%."""
    if isinstance(value, Quantity):
        return value.number if value.unit == "%" else None
    named = _PER_CENT.findall(value.text) if value else []
    return decimal(named[0]) if len(named) == 1 else None


def _in_full(row: Row) -> bool:
    """Tell whether a row earned all its points; one without a weight, whether its figures meet."""
    if row.score.weight:
        return row.score.value == row.score.weight
    target, actual = row.indicator.target, row.indicator.actual
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity):
        return False
    short = actual.number < target.number
    return comparable(target, actual) and (not short or row.indicator.better is Direction.LOWER)


_PAID = re.compile(r"(?:资金|预算)(?:支付|支出|执行|拨付)|支付率|执行率|支出进度")
_HOW_PAID = re.compile(r"及时|合规|规范|准确|安全|满意")


def _says_how_much(name: str) -> bool:
    return bool(_PAID.search(name)) and not _HOW_PAID.search(name)


def _paid_otherwise(subject: Subject) -> Findings:
    """Find an indicator about payment whose per cent is not the execution rate of the first line."""
    budget, form = subject.scored.budget, subject.form
    rate = budget[0].rate if budget else None
    for indicator, score in subject.scored.indicators():
        claimed = _per_cent(indicator.actual)
        if rate is None or claimed is None or not _says_how_much(indicator.name):
            continue
        if claimed - in_percent(rate) >= 1:
            yield found(
                (*score.address, keys.ACTUAL),
                "paid",
                name=Quote(indicator.name),
                actual=f"{plain(claimed)}%",
                rate=percent(rate, form.rounding) or "",
            )


@check("P605", Severity.WARNING, guess=True)
def full_marks_throughout(subject: Subject) -> Findings:
    """Find full marks for everything, the money included; finance bureaus publish such findings.

    Source: a bureau's finding; published forms 02, 09.
    """
    total = subject.scored.total
    # What is open prints nothing, so that a total of full marks is one of full marks everywhere, filed or computed.
    if not total.weight or total.printed != total.weight or not subject.scored.budget:
        return
    yield found((), total=total.printed)


@check("P609", Severity.WARNING, guess=True)
def dimension_missing(subject: Subject) -> Findings:
    """Find a form without an output, a benefit or a satisfaction indicator where its rulebook requires one.

    Source: the form's 满意度必评; 财预〔2021〕101号; a bureau's finding.
    """
    dimensions = subject.scored.dimensions
    names = [d.name for d in dimensions] + [g.name for d in dimensions for g in d.parts]
    names += [indicator.name for indicator in subject.assessment.indicators()]
    top = [d.name for d in dimensions]
    # A flat list has no 一级指标, and some forms have others (决策、管理、绩效): nothing is missing there.
    usual = any(word in name for word in _USUAL for name in top)
    wanted = [("产出", top), ("效益", top)] if usual else []
    wanted += [("满意", names)] if subject.form.satisfaction else []
    for word, where in wanted:
        if not any(word in name for name in where):
            shown = "满意度" if word == "满意" else word
            yield found((keys.INDICATORS,), what=shown)


_USUAL = ("产出", "效益", "满意", "成本")
"""What the 一级指标 of the ministry's forms are called."""


@check("P610", Severity.WARNING, guess=True, threshold=True)
def indicator_too_heavy(subject: Subject) -> Findings:
    """Find one indicator that carries most of the points.

    Source: published form 26 and another.
    """
    limit, whole = subject.threshold("P610"), subject.form.weights.total
    for indicator, score in subject.scored.indicators():
        if indicator.weight and indicator.weight * HUNDRED >= limit * whole:
            yield found(
                (*score.address, keys.WEIGHT),
                name=Quote(indicator.name),
                weight=indicator.weight,
                whole=whole,
            )
