"""What an assessment is worth by its rulebook, and why.

Every score is a value that explains itself: the formula in words with the figures in it, the clause, the cap
or rounding that applied, and its parts. Nothing downstream computes a score again.
"""

import decimal
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from perfdoc.diagnostics import Address, Finding, Severity
from perfdoc.forms import Form, Formula, QuantityRule, ZeroRule
from perfdoc.model import (
    Assessment,
    BudgetLine,
    Dimension,
    Group,
    Indicator,
    Judgement,
    Quantity,
    Status,
    Words,
)
from perfdoc.quantity import plain, why_not

# Products of figures of 15 digits are exact, and a quotient lies further from any half of the last digit kept
# than 60 digits can blur: multiply first, divide once, round once.
_EXACT = decimal.Context(prec=60)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that a score was computed from, as written, and where."""

    name: str
    text: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """得分, with its reason.

    Attributes:
        kind: 总分, 预算执行, 一级指标, 二级指标 or 三级指标.
        name: The name on the form.
        address: Where the scored thing stands in the assessment.
        weight: The points it can earn.
        value: The points by the rule; None while an input is open or the rule cannot be applied.
        filed: 报送得分 where one is written, else None.
        formula: The formula in the form's words, `分值 × 实际完成值 ÷ 年初目标值`; empty for a sum of parts.
        working: The formula with its figures, `5 × 3 ÷ 4 = 3.75`; empty for a sum of parts.
        adjustments: Caps, zero rules and roundings that changed the figure, each in words.
        clause: The name of the clause that it rests on.
        inputs: The figures it was computed from.
        parts: The scores that it adds up.
        rate: B/A, unrounded, where the score is that of a budget line; None where there is none.
        open: How many scores among it (itself included) still wait for an input.
        obstacle: Why the rule cannot be applied, else None.
        printed: What the form shows: the filed score where there is one, else the computed one; a sum adds what is
            shown. None while there is nothing to show.
    """

    kind: str
    name: str
    address: Address
    weight: Decimal
    value: Decimal | None
    filed: Decimal | None = None
    formula: str = ""
    working: str = ""
    adjustments: tuple[str, ...] = ()
    clause: str = ""
    inputs: tuple[Input, ...] = ()
    parts: "tuple[Score, ...]" = ()
    rate: Decimal | None = None
    open: int = 0
    obstacle: Finding | None = None
    printed: Decimal | None = field(init=False)

    def __post_init__(self) -> None:
        # Kept rather than computed when asked: sums ask their parts, and everything downstream asks the sums.
        object.__setattr__(self, "printed", self._printed())

    def _printed(self) -> Decimal | None:
        if self.parts:
            shown = [p.printed for p in self.parts if p.printed is not None]
            return sum(shown, Decimal(0)) if shown else None
        return self.value if self.filed is None else self.filed

    def walk(self) -> "Iterator[Score]":
        """Yield this score and all its parts, in the form's order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A scored assessment: the content, the form it was scored by, and the scores.

    Attributes:
        assessment: The content, unchanged.
        form: The form with its rulebook.
        budget: One score per line of 预算执行; a line that the rulebook does not score has weight 0.
        dimensions: One score per 一级指标, each with its parts.
        total: 总分, whose parts are the scored budget lines and the dimensions.
    """

    assessment: Assessment
    form: Form
    budget: tuple[Score, ...]
    dimensions: tuple[Score, ...]
    total: Score

    def indicators(self) -> Iterator[tuple[Indicator, Score]]:
        """Pair each indicator with its score, in the form's order."""
        scores = (s for d in self.dimensions for g in d.parts for s in g.parts)
        return zip(self.assessment.indicators(), scores, strict=True)


def score(assessment: Assessment, form: Form) -> Scored:
    """Score an assessment by the rulebook of its form."""
    budget = tuple(_budget_line(i, line, form) for i, line in enumerate(assessment.budget))
    state = assessment.status
    dimensions = tuple(_dimension(i, d, form, state) for i, d in enumerate(assessment.dimensions))
    scored_lines = tuple(line for line in budget if line.weight)
    total = _sum("总分", "总分", (), form.weights.total, scored_lines + dimensions, form.weights.clause)
    return Scored(assessment=assessment, form=form, budget=budget, dimensions=dimensions, total=total)


def _dimension(i: int, dimension: Dimension, form: Form, state: Status) -> Score:
    address: Address = ("指标", i)
    groups = tuple(
        _group((*address, "二级指标", j), group, form, state) for j, group in enumerate(dimension.groups)
    )
    return _sum("一级指标", dimension.name, address, dimension.weight, groups, form.weights.clause)


def _group(address: Address, group: Group, form: Form, state: Status) -> Score:
    parts = tuple(
        _indicator((*address, "三级指标", k), indicator, form, state)
        for k, indicator in enumerate(group.indicators)
    )
    return _sum("二级指标", group.name, address, group.weight, parts, form.weights.clause)


def _sum(
    kind: str, name: str, address: Address, weight: Decimal, parts: tuple[Score, ...], clause: str
) -> Score:
    known = [part.value for part in parts if part.value is not None]
    return Score(
        kind=kind,
        name=name,
        address=address,
        weight=weight,
        value=sum(known, Decimal(0)) if known or not parts else None,
        clause=clause,
        parts=parts,
        open=sum(part.open for part in parts),
    )


def _budget_line(i: int, line: BudgetLine, form: Form) -> Score:
    rule, address = form.budget, ("预算执行", i)
    weight = rule.weight if i == 0 else Decimal(0)
    inputs = tuple(
        Input(name, f"{number:f}", (*address, name))
        for name, number in (("预算数", line.budgeted), ("执行数", line.executed))
        if number is not None
    )
    base = _Base("预算执行", line.name, address, weight, line.filed, rule.clause, inputs)
    if line.budgeted is None or line.executed is None:
        return base.waiting()
    if line.budgeted == 0:
        return base.blocked(
            "P312", "预算数", f"「{line.name}」预算数为 0，算不出执行率。", "核对预算数（含上年结余结转）。"
        )
    for name, number in (("预算数", line.budgeted), ("执行数", line.executed)):
        if number < 0:
            return base.blocked(
                "P105", name, f"「{line.name}」的{name}是负数，公式不适用。", f"请核对{name}。"
            )
    rate = _EXACT.divide(line.executed, line.budgeted)
    if not weight:
        return base.unscored(rate)
    return base.by_formula(rule.formula, line.budgeted, line.executed, rule.cap, form, rate, rule.cap_clause)


def _indicator(address: Address, indicator: Indicator, form: Form, state: Status) -> Score:
    inputs = tuple(
        Input(name, value.text, (*address, name))
        for name, value in (("年初目标值", indicator.target), ("实际完成值", indicator.actual))
        if value is not None
    )
    base = _Base("三级指标", indicator.name, address, indicator.weight, indicator.filed, "", inputs)
    if indicator.target is None or indicator.actual is None:
        return base.waiting()
    if indicator.judgement is not None:
        return _by_grade(base, indicator.judgement, form)
    if isinstance(indicator.target, Words):
        return _text_target(base, indicator.target, form, state)
    return _by_quantity(base, indicator, indicator.target, form)


def _text_target(base: "_Base", target: Words, form: Form, state: Status) -> Score:
    if state is Status.FILLING:
        return base.waiting()
    grades = "、".join(band.name for band in form.quality.bands)
    return base.blocked(
        "P105",
        "年初目标值",
        f"「{base.name}」的目标「{target.text}」{why_not(target.text)[0]}，又没有写达成情况，无法计分。",
        f"若是定性指标，请加 定性: {form.quality.bands[0].name}（可写 {grades}）；若是定量指标，目标只填数字加单位。",
    )


def _by_quantity(base: "_Base", indicator: Indicator, target: Quantity, form: Form) -> Score:
    fault = _not_comparable(base, indicator, target)
    if fault is not None:
        return fault
    actual = indicator.actual.number if isinstance(indicator.actual, Quantity) else Decimal(0)
    rule = form.quantity_rule(indicator.better)
    zero = _zero_rule(rule, target.number, actual)
    if zero is not None:
        return base.by_zero(zero, indicator, form)
    inverse = rule.formula is Formula.INVERSE
    at, divisor = ("实际完成值", actual) if inverse else ("年初目标值", target.number)
    if divisor == 0:
        message = f"「{indicator.name}」是{rule.direction.value}指标，除数为 0，公式 {rule.formula.value} 算不出得分。"
        return base.blocked("P312", at, message, "若目标是“不发生”，请写 方向: 反向；否则核对目标。")
    return base.with_clause(rule.clause).by_formula(
        rule.formula, target.number, actual, rule.cap, form, None, rule.clause
    )


def _not_comparable(base: "_Base", indicator: Indicator, target: Quantity) -> Score | None:
    """Refuse an actual that is no measurement, or not in the target's unit; None where both can be divided."""
    actual, name = indicator.actual, indicator.name
    if not isinstance(actual, Quantity):
        text = actual.text if actual else ""
        reason, remedy = why_not(text)
        message = f"「{name}」实际完成值「{text}」{reason}，无法与目标「{target.text}」相比。"
        return base.blocked("P105", "实际完成值", message, remedy)
    if actual.comparator is not None:
        message = f"「{name}」实际完成值写成「{actual.text}」，这是目标，不是实测数。"
        return base.blocked("P105", "实际完成值", message, "请填实际数值。")
    for side, number in (("实际完成值", actual.number), ("年初目标值", target.number)):
        if number < 0:
            message = f"「{name}」的{side}是负数，公式不适用。"
            return base.blocked("P105", side, message, "改用不为负的指标，或按定性指标填写。")
    if (target.unit, target.label) != (actual.unit, actual.label):
        message = f"「{name}」目标「{target.text}」与完成「{actual.text}」的单位不一致。"
        return base.blocked("P107", "实际完成值", message, "请换成同一单位。")
    return None


def _zero_rule(rule: QuantityRule, target: Decimal, actual: Decimal) -> ZeroRule | None:
    for zero in rule.zeros:
        if zero.target in (None, target == 0) and zero.actual in (None, actual == 0):
            return zero
    return None


def _by_grade(base: "_Base", judgement: Judgement, form: Form) -> Score:
    rule = form.quality
    band = rule.band(judgement.grade)
    if band is None:
        grades = "、".join(b.name for b in rule.bands)
        return base.blocked(
            "P104",
            "定性",
            f"「{base.name}」的定性「{judgement.grade}」不在规则的档次里。",
            f"可写 {grades}。",
        )
    if judgement.share is not None and not band.holds(judgement.share):
        return base.blocked(
            "P104",
            "定性",
            f"「{base.name}」定性为{band.name}，写的 {plain(judgement.share)}% 不在本档（{band}）之内。",
            "改百分比，或改档次。",
        )
    share = band.default if judgement.share is None else judgement.share
    note = f"{band.name}，未写百分比，按 {plain(share)}% 计（{rule.default_clause}）"
    grade = Input("定性", judgement.grade, (*base.address, "定性"))
    stated = base.with_clause(rule.clause).with_input(grade)
    return stated.by_share(share, form, () if judgement.share is not None else (note,))


@dataclass(frozen=True, slots=True)
class _Base:
    """What a score has before its number is known."""

    kind: str
    name: str
    address: Address
    weight: Decimal
    filed: Decimal | None
    clause: str
    inputs: tuple[Input, ...]

    def with_clause(self, clause: str) -> "_Base":
        return _Base(self.kind, self.name, self.address, self.weight, self.filed, clause, self.inputs)

    def with_input(self, given: Input) -> "_Base":
        return _Base(
            self.kind, self.name, self.address, self.weight, self.filed, self.clause, (*self.inputs, given)
        )

    def _score(
        self,
        value: Decimal | None,
        formula: str = "",
        working: str = "",
        adjustments: tuple[str, ...] = (),
        rate: Decimal | None = None,
        obstacle: Finding | None = None,
    ) -> Score:
        return Score(
            kind=self.kind,
            name=self.name,
            address=self.address,
            weight=self.weight,
            value=value,
            filed=self.filed,
            formula=formula,
            working=working,
            adjustments=adjustments,
            clause=self.clause,
            inputs=self.inputs,
            rate=rate,
            open=1 if value is None and self.weight else 0,
            obstacle=obstacle,
        )

    def waiting(self) -> Score:
        """A figure is still open."""
        return self._score(None)

    def unscored(self, rate: Decimal) -> Score:
        """A line that shows its rate and earns nothing."""
        return self._score(None, rate=rate)

    def blocked(self, code: str, at: str, message: str, remedy: str) -> Score:
        """The rule cannot be applied: an error whatever the 状态."""
        finding = Finding(
            code=code, severity=Severity.ERROR, address=(*self.address, at), message=message, remedy=remedy
        )
        return self._score(None, obstacle=finding)

    def by_formula(
        self,
        formula: Formula,
        a: Decimal,
        b: Decimal,
        cap: Decimal,
        form: Form,
        rate: Decimal | None,
        cap_clause: str,
    ) -> Score:
        """Apply a formula to A and B, cap it, round it once."""
        proportional = formula is Formula.PROPORTIONAL
        above, below = (b, a) if proportional else (a, b)
        name_a, name_b = (given.name for given in self.inputs)
        words = f"分值 × {name_b} ÷ {name_a}" if proportional else f"分值 × {name_a} ÷ {name_b}"
        raw = _EXACT.divide(_EXACT.multiply(self.weight, above), below)
        working = f"{plain(self.weight)} × {plain(above)} ÷ {plain(below)} = {_shown(raw)}"
        most = _share(self.weight, cap)
        adjustments: tuple[str, ...] = ()
        if raw > most:
            adjustments = (f"不超过分值的 {plain(cap)}%，计 {plain(most)}（{cap_clause}）",)
            raw = most
        value, rounded = _round(raw, form)
        return self._score(value, words, working, adjustments + rounded, rate)

    def by_share(self, share: Decimal, form: Form, notes: tuple[str, ...]) -> Score:
        """Give a share of the weight, rounded once."""
        raw = _share(self.weight, share)
        value, rounded = _round(raw, form)
        working = f"{plain(self.weight)} × {plain(share)}% = {plain(raw)}"
        return self._score(value, f"分值 × {plain(share)}%", working, notes + rounded)

    def by_zero(self, zero: ZeroRule, indicator: Indicator, form: Form) -> Score:
        """Give the share that the rulebook sets where a zero makes the formula meaningless."""
        target = indicator.target.text if indicator.target else ""
        actual = indicator.actual.text if indicator.actual else ""
        note = f"{indicator.better.value}指标，目标 {target}，完成 {actual}，公式不适用，得分值的 {plain(zero.share)}%（{zero.clause}）"
        return self.with_clause(zero.clause).by_share(zero.share, form, (note,))


def _share(weight: Decimal, percent: Decimal) -> Decimal:
    return _EXACT.divide(_EXACT.multiply(weight, percent), _HUNDRED)


def _round(raw: Decimal, form: Form) -> tuple[Decimal, tuple[str, ...]]:
    """Round by the rulebook; the note is empty where nothing was cut."""
    rule = form.rounding
    value = raw.quantize(Decimal(1).scaleb(-rule.digits), rounding=rule.mode.decimal_name, context=_EXACT)
    if value == raw:
        return value, ()
    return value, (f"{rule.mode.value}到 {rule.digits} 位小数，计 {plain(value)}（{rule.clause}）",)


def _shown(raw: Decimal) -> str:
    """Show an unrounded quotient: whole where it ends, with six digits and an ellipsis where it does not."""
    short = raw.quantize(Decimal("0.000001"), rounding=decimal.ROUND_DOWN, context=_EXACT)
    return plain(short) if short == raw else f"{short:f}…"
