"""Score one line of the form: a budget line by its rate, an indicator by its figures, grade or date."""

from dataclasses import replace
from decimal import Decimal

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import (
    BudgetLine,
    Direction,
    Indicator,
    Judgement,
    Quantity,
    Status,
    Value,
    Words,
)
from perfdoc.core.diagnostics import Quote, facts
from perfdoc.core.quantity import Span, as_percent, comparable, last_day, later, plain, span, why_not
from perfdoc.form.layout import Weights
from perfdoc.form.rulebook import BudgetBasis, Form, Formula, QuantityRule, ScoredLine, ZeroRule
from perfdoc.judge.scoring.draft import Draft
from perfdoc.judge.scoring.exact import HUNDRED, completion, quotient
from perfdoc.judge.scoring.value import Adjustment, Input, Score
from perfdoc.judge.scoring.value import AdjustmentKind as Kind


def budget_line(i: int, line: BudgetLine, form: Form) -> Score:
    """Score a line of 预算执行; one that the rulebook does not score shows its rate and has weight 0."""
    rule, address = form.budget, (keys.BUDGET, i)
    weight = rule.weight if i == 0 and rule.scored is ScoredLine.FIRST else Decimal(0)
    budgeted = line.initial if rule.basis is BudgetBasis.INITIAL else line.budgeted
    inputs = tuple(
        Input(name, f"{number:f}", (*address, name))
        for name, number in ((rule.basis.value, budgeted), (keys.EXECUTED, line.executed))
        if number is not None
    )
    base = Draft(keys.BUDGET, line.name, address, weight, line.filed, rule.clause, inputs)
    if budgeted is None or line.executed is None:
        return base.waiting()
    if not weight and not budgeted and not line.executed:
        return base.waiting()  # a source without money has no rate, and nothing waits for one
    fault = _no_rate(base, rule.basis.value, budgeted, line.executed)
    if fault is not None:
        return fault
    rate = completion(budgeted, line.executed)
    if not weight:
        return base.unscored(rate)
    if rule.round_first:
        return base.by_rounded_rate(rate, rule.cap, rule.cap_clause, form)
    return base.by_formula(rule.formula, budgeted, line.executed, rule.cap, form, rate, rule.cap_clause)


def _no_rate(base: Draft, basis: str, budgeted: Decimal, executed: Decimal) -> Score | None:
    """Refuse amounts that cannot be divided: a budget of zero, a negative amount."""
    if budgeted == 0:
        return base.blocked("P312", basis, "budget", basis=basis)
    for name, number in ((basis, budgeted), (keys.EXECUTED, executed)):
        if number < 0:
            return base.blocked("P105", name, "negative_amount", side=name)
    return None


def indicator_points(address: Address, indicator: Indicator, form: Form, state: Status) -> Score:
    """Score an indicator: by its grade, by its figures, by its date, or not yet.

    Where the page prints no weight, nothing follows from the figures; whether they can be compared is asked all the same.
    """
    points = _points(address, indicator, form, state)
    if points.weight or form.layout.weights is Weights.REQUIRED:
        return points
    return replace(points, value=None, working=None, adjustments=())


def _points(address: Address, indicator: Indicator, form: Form, state: Status) -> Score:
    inputs = tuple(
        Input(name, value.text, (*address, name))
        for name, value in ((keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual))
        if value is not None
    )
    base = Draft(keys.INDICATOR, indicator.name, address, indicator.weight, indicator.filed, "", inputs)
    if indicator.target is None or indicator.actual is None or form.layout.weights is Weights.NONE:
        return base.waiting()
    if indicator.judgement is not None:
        return _by_grade(base, indicator.judgement, form)
    if indicator.better in _OTHER_WAYS:
        return _OTHER_WAYS[indicator.better](base, indicator, form)
    if isinstance(indicator.target, Words):
        return _text_target(base, indicator.target, form, state)
    return _by_quantity(base, indicator, indicator.target, form)


def _text_target(base: Draft, target: Words, form: Form, state: Status) -> Score:
    if state is Status.FILLING:
        return base.waiting()
    way = _way(target.text)
    if way is not None and form.quantity_rule(way[0]) is not None:
        said = Quote(target.text)
        advice = facts(direction=way[0].value)
        return base.blocked("P105", keys.TARGET, "readable", advice=advice, target=said, shape=way[1])
    grades = "、".join(band.name for band in form.quality.bands)
    return base.blocked(
        "P105",
        keys.TARGET,
        "ungraded",
        advice=facts(grade=form.quality.bands[0].name, grades=grades),
        target=Quote(target.text),
        reason=why_not(target.text)[0],
    )


def _way(target: str) -> tuple[Direction, str] | None:
    """Find the 方向 that reads a target which is no figure, and what such a target is called."""
    if last_day(target) is not None:
        return Direction.BY_DATE, "日期"
    if span(target) is not None:
        return Direction.WITHIN, "区间"
    return (Direction.YES_NO, "是否") if target in _YES_NO else None


_YES_NO = ("是", "否")


def _by_quantity(base: Draft, indicator: Indicator, target: Quantity, form: Form) -> Score:
    fault = _not_measured(base, indicator) or _not_comparable(base, indicator, target)
    rule = form.quantity_rule(indicator.better)
    if rule is None or fault is not None:
        return fault or _no_rule(base, indicator)
    actual = indicator.actual.number if isinstance(indicator.actual, Quantity) else Decimal(0)
    zero = _zero_rule(rule, target.number, actual)
    if zero is not None:
        return base.by_zero(zero, indicator, form)
    return _by_rule(base.with_clause(rule.clause), rule, (target.number, actual), form)


def _by_rule(base: Draft, rule: QuantityRule, figures: tuple[Decimal, Decimal], form: Form) -> Score:
    """Apply the rule's formula to target and actual; a divisor of zero that no zero rule met is a fault."""
    target, actual = figures
    if rule.formula is Formula.NEARER:
        target, actual = max(figures), min(figures)
    at, divisor = (keys.ACTUAL, actual) if rule.formula is Formula.INVERSE else (keys.TARGET, target)
    if rule.formula is Formula.MET:
        met = {Direction.LOWER: actual <= target, Direction.EQUAL: actual == target}.get(
            rule.direction, actual >= target
        )
        return _all_or_nothing(base, form, Kind.MET if met else Kind.MISSED)
    if divisor == 0:
        return base.blocked("P312", at, direction=rule.direction.value, formula=rule.formula.value)
    if rule.floor is not None:
        above = target if rule.formula is Formula.INVERSE else actual
        reached = quotient(HUNDRED, above, divisor)
        if reached < rule.floor:
            step = Adjustment(Kind.FLOOR, reached, _ZERO, rule.clause, (("limit", rule.floor),))
            return base.by_share(_ZERO, form, step)
    return base.by_formula(rule.formula, target, actual, rule.cap, form, None, rule.clause)


def _not_measured(base: Draft, indicator: Indicator) -> Score | None:
    """Refuse an actual that is no measurement: words, an inequality, a negative figure."""
    actual = indicator.actual
    if not isinstance(actual, Quantity):
        reason, remedy = why_not(_text_of(actual))
        return base.blocked(
            "P105",
            keys.ACTUAL,
            advice=facts(remedy=remedy),
            actual=Quote(_text_of(actual)),
            reason=reason,
            target=Quote(_text_of(indicator.target)),
        )
    if actual.comparator is not None:
        return base.blocked("P105", keys.ACTUAL, "inequality", actual=Quote(actual.text))
    return _negative(base, keys.ACTUAL) if actual.number < 0 else None


def _not_comparable(base: Draft, indicator: Indicator, target: Quantity) -> Score | None:
    """Refuse figures that cannot be divided: a negative target, two units."""
    actual = indicator.actual
    if target.number < 0:
        return _negative(base, keys.TARGET)
    if isinstance(actual, Quantity) and not comparable(target, actual):
        percent = as_percent(target, actual)
        return _two_units(base, indicator) if percent is None else _a_share(base, target, actual, percent)
    return None


def _a_share(base: Draft, target: Quantity, actual: Quantity, percent: Decimal) -> Score:
    """Refuse a share beside a percentage: it would count a hundredth."""
    side, bare, other = (keys.TARGET, target, actual) if actual.unit else (keys.ACTUAL, actual, target)
    return base.blocked(
        "P107", side, "share", side=side, text=Quote(bare.text), other=Quote(other.text), percent=percent
    )


def _two_units(base: Draft, indicator: Indicator) -> Score:
    target, actual = Quote(_text_of(indicator.target)), Quote(_text_of(indicator.actual))
    return base.blocked("P107", keys.ACTUAL, target=target, actual=actual)


def _negative(base: Draft, side: str) -> Score:
    return base.blocked("P105", side, "negative", side=side)


def _no_rule(base: Draft, indicator: Indicator) -> Score:
    return base.blocked("P314", keys.TARGET, direction=Quote(indicator.better.value))


def _by_span(base: Draft, indicator: Indicator, form: Form) -> Score:
    """A target such as 90–110 %: full inside, by the nearer bound outside."""
    rule, target = form.quantity_rule(Direction.WITHIN), span(_text_of(indicator.target))
    if rule is None:
        return _no_rule(base, indicator)
    if target is None:
        return base.blocked("P105", keys.TARGET, "span", target=Quote(_text_of(indicator.target)))
    fault = _not_measured(base, indicator) or _outside_units(base, indicator, target)
    if fault is not None:
        return fault
    actual = indicator.actual.number if isinstance(indicator.actual, Quantity) else Decimal(0)
    stated = base.with_clause(rule.clause)
    said = (("reached", actual), ("low", target.low), ("high", target.high))
    if target.low <= actual <= target.high:
        return stated.by_share(HUNDRED, form, Adjustment(Kind.INSIDE, None, HUNDRED, figures=said))
    if rule.formula is Formula.MET:
        return stated.by_share(_ZERO, form, Adjustment(Kind.OUTSIDE, None, _ZERO, figures=said))
    low, high = (actual, target.low) if actual < target.low else (target.high, actual)
    return stated.by_formula(Formula.NEARER, high, low, rule.cap, form, None, rule.clause)


def _outside_units(base: Draft, indicator: Indicator, target: Span) -> Score | None:
    """Refuse bounds below zero, and an actual in another unit than the bounds."""
    if target.low < 0:
        return _negative(base, keys.TARGET)
    if isinstance(indicator.actual, Quantity) and indicator.actual.unit not in ("", target.unit):
        return _two_units(base, indicator)
    return None


def _by_date(base: Draft, indicator: Indicator, form: Form) -> Score:
    """A target such as 9月底前: met on or before the day."""
    rule = form.quantity_rule(Direction.BY_DATE)
    if rule is None:
        return _no_rule(base, indicator)
    limit, done = last_day(_text_of(indicator.target)), last_day(_text_of(indicator.actual))
    for name, day, value in ((keys.TARGET, limit, indicator.target), (keys.ACTUAL, done, indicator.actual)):
        if day is None:
            return base.blocked("P105", name, "date", side=name, text=Quote(_text_of(value)))
    met = limit is not None and done is not None and not later(done, limit)
    return _all_or_nothing(base.with_clause(rule.clause), form, Kind.IN_TIME if met else Kind.LATE)


def _by_yes(base: Draft, indicator: Indicator, form: Form) -> Score:
    """A target of 是 or 否: met where the actual says the same."""
    rule = form.quantity_rule(Direction.YES_NO)
    if rule is None:
        return _no_rule(base, indicator)
    for name, value in ((keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual)):
        if _text_of(value) not in _YES_NO:
            return base.blocked("P105", name, "yes_no", side=name, text=Quote(_text_of(value)))
    met = _text_of(indicator.target) == _text_of(indicator.actual)
    return _all_or_nothing(base.with_clause(rule.clause), form, Kind.AGREES if met else Kind.DIFFERS)


_OTHER_WAYS = {Direction.WITHIN: _by_span, Direction.BY_DATE: _by_date, Direction.YES_NO: _by_yes}


_FULL = frozenset({Kind.MET, Kind.IN_TIME, Kind.AGREES})
_ZERO = Decimal(0)


def _all_or_nothing(base: Draft, form: Form, kind: Kind) -> Score:
    share = HUNDRED if kind in _FULL else _ZERO
    return base.by_share(share, form, Adjustment(kind, None, share))


def _text_of(value: Value | None) -> str:
    return value.text if value else ""


def _zero_rule(rule: QuantityRule, target: Decimal, actual: Decimal) -> ZeroRule | None:
    for zero in rule.zeros:
        if zero.target in (None, target == 0) and zero.actual in (None, actual == 0):
            return zero
    return None


def _by_grade(base: Draft, judgement: Judgement, form: Form) -> Score:
    rule = form.quality
    band = rule.band(judgement.grade)
    if band is None:
        grades = "、".join(b.name for b in rule.bands)
        return base.blocked("P104", keys.JUDGEMENT, advice=facts(grades=grades), grade=Quote(judgement.grade))
    if judgement.share is not None and not band.holds(judgement.share):
        written = f"{plain(judgement.share)}%"
        return base.blocked("P104", keys.JUDGEMENT, "share", grade=band.name, share=written, band=str(band))
    share = band.default if judgement.share is None else judgement.share
    default = Adjustment(Kind.DEFAULT_SHARE, None, share, rule.default_clause, (("grade", band.name),))
    grade = Input(keys.JUDGEMENT, judgement.grade, (*base.address, keys.JUDGEMENT))
    stated = base.with_clause(rule.clause).with_input(grade)
    return stated.by_share(share, form, *(() if judgement.share is not None else (default,)))
