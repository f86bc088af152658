"""Check scores, weights and money: sums, shares and filed figures."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core import keys
from perfdoc.core.assessment import BudgetLine, Status
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.core.quantity import plain
from perfdoc.form.layout import Weights
from perfdoc.judge.scoring import Score, Scored, wording
from perfdoc.judge.scoring.exact import in_percent


@check("P301", Severity.ERROR)
def filed_score_differs(subject: Subject) -> Findings:
    """Find a filed score that differs from the computed one; with a written reason it is only pointed out.

    25 of 113 published scores differ from their own rule, and auditors recompute them first.

    Source: 备注2, 备注3; a bureau's checking program.
    """
    total = subject.scored.total
    added = sum((part.printed or Decimal(0) for part in total.parts), Decimal(0))
    if total.figure is not None and total.figure != added:
        yield found((keys.FILED_TOTAL,), "total", filed=total.figure, added=added)
    for score, reason in _departures(subject.scored):
        if reason:
            advice = facts(reason=reason)
            yield _departure(score, "explained", advice=advice, severity=Severity.WARNING)
        elif subject.scored.assessment.status is not Status.FINAL:
            yield _departure(score)


def _departures(scored: Scored) -> Iterator[tuple[Score, str | None]]:
    """Yield each score that was filed otherwise than the rule gives it, with the reason written for it."""
    reasons = [line.filed_because for line in scored.assessment.budget]
    reasons += [indicator.filed_because for indicator in scored.assessment.indicators()]
    scores = [*scored.budget, *(score for _, score in scored.indicators())]
    for reason, score in zip(reasons, scores, strict=True):
        if score.departs and score.value is not None:
            yield score, reason


def _departure(
    score: Score, kind: str = "", *, advice: Facts = (), severity: Severity = Severity.ERROR
) -> Finding:
    return found(
        (*score.address, keys.FILED),
        kind,
        advice=advice,
        severity=severity,
        name=Quote(score.name),
        filed=score.figure or Decimal(0),
        clause=score.clause,
        value=score.value or Decimal(0),
        working=wording.working(score),
    )


@check("P302", Severity.ERROR)
def score_outside_weight(subject: Subject) -> Findings:
    """Find a filed score below zero or above its weight.

    Source: 备注2 “得分不得突破权重总额”.
    """
    for score in subject.scored.total.walk():
        filed, unweighed = score.figure, not score.weight and not score.parts
        if unweighed and subject.form.layout.weights is not Weights.REQUIRED:
            continue
        if filed is not None and not 0 <= filed <= score.weight:
            yield found(
                (*score.address, keys.FILED), name=Quote(score.name), filed=filed, weight=score.weight
            )


@check("P317", Severity.ERROR)
def weight_below_zero(subject: Subject) -> Findings:
    """43 and −3 in one group add up to 40, and the form looks sound.

    Source: the form's column 分值.
    """
    rows = [(at, sum_.name, sum_.weight) for at, sum_ in subject.assessment.sums()]
    rows += [(score.address, i.name, i.weight) for i, score in subject.scored.indicators()]
    for address, name, weight in rows:
        if weight < 0:
            yield found((*address, keys.WEIGHT), name=Quote(name), weight=weight)


@check("P303", Severity.ERROR)
def weights_off_total(subject: Subject) -> Findings:
    """Find weights that do not add up to the weight of their group, dimension or form.

    Source: the header of 年度目标; a provincial system refuses such forms.
    """
    scored, tolerance = subject.scored, subject.form.weights.tolerance
    every = subject.form.layout.weights is Weights.REQUIRED
    for score in scored.total.walk():
        written = all(each.weight for each in (score, *score.parts))
        if score.kind in (keys.DIMENSION, keys.GROUP) and (every or written):
            below = keys.GROUP if score.kind == keys.DIMENSION else keys.INDICATOR
            total = sum((part.weight for part in score.parts), Decimal(0))
            if abs(total - score.weight) > tolerance:
                yield found(
                    (*score.address, keys.WEIGHT),
                    "parts",
                    name=Quote(score.name),
                    weight=score.weight,
                    below=below,
                    total=total,
                    working=_sum_in_words(score),
                )
    rule = scored.form.weights
    total = sum((d.weight for d in scored.dimensions), Decimal(0))
    if abs(total - rule.indicators) > tolerance and (every or all(d.weight for d in scored.dimensions)):
        yield found(
            (keys.INDICATORS,),
            total=total,
            due=rule.indicators,
            budget=scored.form.budget.weight,
            full=rule.total,
        )


def _sum_in_words(score: Score) -> str:
    words = " + ".join(plain(part.weight) for part in score.parts)
    return f"（{words}）" if len(score.parts) > 1 else ""


@check("P304", Severity.WARNING, guess=True)
def dimension_weight_unusual(subject: Subject) -> Findings:
    """Find a dimension whose weight is not the uniform one that the rulebook sets.

    Source: R2, note 1: “一级指标分值统一设置为……如有特殊情况，一级指标分值可作适当调整”.
    """
    usual = {each.name: each.weight for each in subject.form.weights.dimensions}
    for score in subject.scored.dimensions if usual else ():
        if score.name in usual and score.weight != usual[score.name]:
            yield found(
                (*score.address, keys.WEIGHT),
                name=Quote(score.name),
                weight=score.weight,
                usual=usual[score.name],
                clause=subject.form.weights.clause,
            )


@check("P315", Severity.ERROR)
def weights_not_split_equally(subject: Subject) -> Findings:
    """Find an indicator whose weight is not the equal share of its group, where the rulebook splits groups equally.

    Source: R7, form 06: 三级分值 = 组分 ÷ 个数, 四舍五入保留整数.
    """
    digits = subject.form.weights.equal_digits
    for group in (g for d in subject.scored.dimensions for g in d.parts) if digits is not None else ():
        exact = group.weight / len(group.parts)
        share = exact.quantize(Decimal(1).scaleb(-(digits or 0)), ROUND_HALF_UP)
        for score in group.parts:
            if score.weight != share:
                yield found(
                    (*score.address, keys.WEIGHT),
                    name=Quote(score.name),
                    weight=score.weight,
                    group=Quote(group.name),
                    group_weight=group.weight,
                    count=len(group.parts),
                    share=share,
                    clause=subject.form.weights.clause,
                )


@check("P306", Severity.ERROR)
def expenditure_off_execution(subject: Subject) -> Findings:
    """Find expenditure that does not add up to the executed amount; the three amounts stand on one page.

    Source: the form of 2020 (415.93 - 48.69 = 367.24); a bureau's script “基本+项目 ≠ 合计”.
    """
    scored = subject.scored
    spent = scored.assessment.expenditure
    amounts = {keys.BASIC: spent.basic, keys.PROJECT: spent.project, keys.PASS_THROUGH: spent.pass_through}
    rule = scored.form.cross_footing
    line = scored.assessment.budget[0] if scored.assessment.budget else None
    if rule is None:
        return
    plus, minus = [amounts[name] for name in rule.plus], [amounts[name] or Decimal(0) for name in rule.minus]
    known = [amount for amount in plus if amount is not None]
    if line is None or line.executed is None or len(known) != len(plus):
        return
    total = sum(known, Decimal(0)) - sum(minus, Decimal(0))
    if total != line.executed:
        working = " + ".join(f"{name} {plain(amount)}" for name, amount in zip(rule.plus, known, strict=True))
        working += "".join(
            f" - {name} {plain(amount)}" for name, amount in zip(rule.minus, minus, strict=True)
        )
        yield found(
            (keys.BUDGET, 0, keys.EXECUTED),
            name=Quote(line.name),
            executed=line.executed,
            working=working,
            total=total,
            difference=abs(total - line.executed),
        )


@check("P308", Severity.ERROR)
def executed_above_budget(subject: Subject) -> Findings:
    """Find more executed than budgeted: A is the adjusted budget with carry-over, so B cannot exceed it.

    Source: 备注1.
    """
    cap = subject.scored.form.budget.cap
    for score in subject.scored.budget:
        if score.rate is not None and in_percent(score.rate) > cap:
            yield found((*score.address, keys.EXECUTED), name=Quote(score.name), cap=f"{plain(cap)}%")


@check("P515", Severity.ERROR)
def filed_score_without_reason(subject: Subject) -> Findings:
    """Find a filed score in a final version that departs from the rule and gives no reason.

    Source: perfdoc's design, scoring decision 6.
    """
    if subject.scored.assessment.status is not Status.FINAL:
        return
    for score, reason in _departures(subject.scored):
        if not reason:
            yield _departure(score)


@check("P305", Severity.ERROR)
def parts_off_total(subject: Subject) -> Findings:
    """Find sources of money that do not add up to the first line of 预算执行.

    Source: a bureau's script; the lines 当年财政拨款, 上年结转资金, 其他资金 under 年度资金总额.
    """
    lines = subject.assessment.budget
    parts = [line for line in lines[1:] if any(word in line.name for word in _SOURCES)]
    for key, amount_of in _AMOUNTS.items():
        whole = amount_of(lines[0]) if lines else None
        known = [amount for amount in map(amount_of, parts) if amount is not None]
        if whole is None or len(known) < _FEWEST_PARTS or sum(known) == whole:
            continue
        working = " + ".join(plain(amount) for amount in known)
        yield found(
            (keys.BUDGET, 0, key),
            name=Quote(lines[0].name),
            key=key,
            whole=whole,
            total=sum(known, Decimal(0)),
            working=working,
        )


_SOURCES = ("财政拨款", "结转", "其他资金", "非税", "政府性基金", "一般公共预算")
_FEWEST_PARTS = 2
_AMOUNTS: dict[str, Callable[[BudgetLine], Decimal | None]] = {
    keys.INITIAL: attrgetter("initial"),
    keys.BUDGETED: attrgetter("budgeted"),
    keys.EXECUTED: attrgetter("executed"),
}


@check("P307", Severity.ERROR)
def unscored_line_filed(subject: Subject) -> Findings:
    """Find a filed score on a budget line that the rulebook does not score: added up, it would count twice.

    Source: published form 22; the rulebook's 计分行.
    """
    for score in subject.scored.budget:
        if score.figure is not None and not score.weight:
            yield found((*score.address, keys.FILED), name=Quote(score.name), filed=score.figure)


@check("P310", Severity.ERROR)
def total_above_cap(subject: Subject) -> Findings:
    """Find a total above what the rulebook allows at this execution rate.

    Source: a platform's manual, rule 1.4; the form's 总分上限.
    """
    total = subject.scored.total
    printed = sum((part.printed for part in total.parts if part.printed is not None), Decimal(0))
    if total.cap is None or printed <= total.cap or not any(part.filed is not None for part in total.walk()):
        return
    yield found((keys.BUDGET, 0, keys.EXECUTED), printed=printed, most=total.cap, excess=printed - total.cap)
