"""From a formula, a share or a fault to a finished score: multiplied first, divided once, capped, rounded once."""

import decimal
from dataclasses import dataclass, replace
from decimal import Decimal

from perfdoc.core.assessment import Indicator
from perfdoc.core.diagnostics import Address, Finding, Severity
from perfdoc.core.quantity import plain
from perfdoc.form.rulebook import ExcessAction, Form, Formula, ZeroRule
from perfdoc.judge.scoring.value import Input, Score

# Products of figures of 15 digits are exact, and a quotient lies further from any half of the last digit kept
# than 90 digits can blur: multiply first, divide once, round once. A figure averaged in a roll-up may not end
# (250 ÷ 3); it carries 100 digits, and cutting the quotient to 90 gives back the half that it stands for.
EXACT = decimal.Context(prec=100)
_CUT = decimal.Context(prec=90)
HUNDRED = Decimal(100)
_SHORT = 20
"""Digits up to which a figure is shown in full in a working."""


def quotient(times: Decimal, above: Decimal, below: Decimal) -> Decimal:
    """Compute times × above ÷ below, multiplied first and divided once."""
    return _CUT.plus(EXACT.divide(EXACT.multiply(times, above), below))


@dataclass(frozen=True, slots=True)
class Draft:
    """What a score has before its number is known; each method is one way to a finished score."""

    kind: str
    name: str
    address: Address
    weight: Decimal
    filed: Decimal | None
    clause: str
    inputs: tuple[Input, ...]

    def with_clause(self, clause: str) -> "Draft":
        """Name the clause that the score will rest on."""
        return Draft(self.kind, self.name, self.address, self.weight, self.filed, clause, self.inputs)

    def with_input(self, given: Input) -> "Draft":
        """Add a figure or word that the score is made from."""
        return Draft(
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
        above, below = (a, b) if formula is Formula.INVERSE else (b, a)
        words = self._words(formula)
        raw = quotient(self.weight, above, below)
        working = f"{plain(self.weight)} × {_figure(above)} ÷ {_figure(below)} = {_shown(raw)}"
        most = _share(self.weight, cap)
        adjustments: tuple[str, ...] = ()
        if raw > most:
            adjustments = (f"不超过分值的 {plain(cap)}%，计 {plain(most)}（{cap_clause}）",)
            raw = most
        lost = _excess_loss(form, a, b) if formula is Formula.PROPORTIONAL and rate is None else None
        if lost is not None:
            raw, note = max(Decimal(0), raw - lost[0]), lost[1]
            adjustments += (note,)
        value, rounded = _round(raw, form)
        return self._score(value, words, working, adjustments + rounded, rate)

    def _words(self, formula: Formula) -> str:
        name_a, name_b = (given.name for given in self.inputs)
        if formula is Formula.NEARER:
            return "分值 × 较小的数 ÷ 较大的数"
        return f"分值 × {name_a} ÷ {name_b}" if formula is Formula.INVERSE else f"分值 × {name_b} ÷ {name_a}"

    def by_rounded_rate(self, rate: Decimal, cap: Decimal, cap_clause: str, form: Form) -> Score:
        """Apply a rate that the rulebook rounds before it is used."""
        digits = Decimal(1).scaleb(-form.rounding.rate_digits)
        mode = form.rounding.mode.decimal_name
        percent = EXACT.multiply(rate, HUNDRED).quantize(digits, rounding=mode, context=EXACT)
        note = f"执行率先{form.rounding.mode.value}为 {plain(percent)}%（{form.rounding.clause}）"
        notes: tuple[str, ...] = (note,)
        if percent > cap:
            notes += (f"不超过分值的 {plain(cap)}%（{cap_clause}）",)
        return replace(self.by_share(min(percent, cap), form, notes), rate=rate)

    def by_share(self, share: Decimal, form: Form, notes: tuple[str, ...]) -> Score:
        """Give a share of the weight, rounded once."""
        raw = _share(self.weight, share)
        value, rounded = _round(raw, form)
        working = f"{plain(self.weight)} × {_figure(share)}% = {_figure(raw)}"
        return self._score(value, f"分值 × {_figure(share)}%", working, notes + rounded)

    def by_zero(self, zero: ZeroRule, indicator: Indicator, form: Form) -> Score:
        """Give the share that the rulebook sets where a zero makes the formula meaningless."""
        target = indicator.target.text if indicator.target else ""
        actual = indicator.actual.text if indicator.actual else ""
        note = f"{indicator.better.value}指标，目标 {target}，完成 {actual}，公式不适用，得分值的 {plain(zero.share)}%（{zero.clause}）"
        return self.with_clause(zero.clause).by_share(zero.share, form, (note,))


def _excess_loss(form: Form, target: Decimal, actual: Decimal) -> tuple[Decimal, str] | None:
    """Find the points that an actual far above its target loses, with the reason; None where it loses none."""
    excess = form.excess
    if excess is None or excess.points is None:
        return None
    reached = quotient(actual, HUNDRED, target)
    if reached < excess.threshold:
        return None
    times = Decimal(1)
    if excess.action is ExcessAction.SCALE:
        step = excess.threshold - HUNDRED
        times = EXACT.divide_int(reached - HUNDRED, step) if step > 0 else times
    lost = excess.points * times
    note = f"达到目标的 {_shown_percent(reached)}，不低于 {plain(excess.threshold)}%，扣 {plain(lost)} 分（{excess.clause}）"
    return lost, note


def _shown_percent(percent: Decimal) -> str:
    return plain(percent.quantize(Decimal("0.1"), rounding=decimal.ROUND_HALF_UP, context=EXACT)) + "%"


def _share(weight: Decimal, percent: Decimal) -> Decimal:
    return quotient(weight, percent, HUNDRED)


def _round(raw: Decimal, form: Form) -> tuple[Decimal, tuple[str, ...]]:
    """Round by the rulebook; the note is empty where nothing was cut."""
    rule = form.rounding
    value = raw.quantize(Decimal(1).scaleb(-rule.digits), rounding=rule.mode.decimal_name, context=EXACT)
    if value == raw:
        return value, ()
    return value, (f"{rule.mode.value}到 {rule.digits} 位小数，计 {plain(value)}（{rule.clause}）",)


def _figure(number: Decimal) -> str:
    """Show a figure that was written in full, and one that was averaged as a quotient."""
    # The length of the text is asked first: to take a figure apart into its digits takes five times as long.
    short = len(f"{number:f}") <= _SHORT or len(number.as_tuple().digits) <= _SHORT
    return plain(number) if short else _shown(number)


def _shown(raw: Decimal) -> str:
    """Show an unrounded quotient: whole where it ends, with six digits and an ellipsis where it does not."""
    short = raw.quantize(Decimal("0.000001"), rounding=decimal.ROUND_DOWN, context=EXACT)
    return plain(short) if short == raw else f"{short:f}…"
