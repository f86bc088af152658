"""Build a score from a formula, a share or a fault: multiply first, divide once, cap, round once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from perfdoc.core.address import Address
from perfdoc.core.assessment import Filed, Indicator
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.form.rulebook import ExcessAction, Form, Formula, ZeroRule
from perfdoc.judge.scoring.exact import EXACT, HUNDRED, completion, in_percent, quotient, rounded_percent
from perfdoc.judge.scoring.value import Adjustment, Input, Score, Working
from perfdoc.judge.scoring.value import AdjustmentKind as Kind


@dataclass(frozen=True, slots=True)
class Draft:
    """A score whose number is not known yet; each method finishes it in one way."""

    kind: str
    name: str
    address: Address
    weight: Decimal
    filed: Filed | None
    clause: str
    inputs: tuple[Input, ...]

    def with_clause(self, clause: str) -> "Draft":
        """Return the draft with the clause that the score is based on."""
        return Draft(self.kind, self.name, self.address, self.weight, self.filed, clause, self.inputs)

    def with_input(self, given: Input) -> "Draft":
        """Return the draft with one more input."""
        return Draft(
            self.kind, self.name, self.address, self.weight, self.filed, self.clause, (*self.inputs, given)
        )

    def _score(
        self,
        value: Decimal | None,
        working: Working | None = None,
        adjustments: tuple[Adjustment, ...] = (),
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
            working=working,
            adjustments=adjustments,
            clause=self.clause,
            inputs=self.inputs,
            rate=rate,
            open=1 if value is None and self.weight else 0,
            obstacle=obstacle,
        )

    def waiting(self) -> Score:
        """Return a score that waits for an input."""
        return self._score(None)

    def unscored(self, rate: Decimal) -> Score:
        """Return the score of a line that shows its rate and is not scored."""
        return self._score(None, rate=rate)

    def blocked(
        self, code: str, at: str, kind: str = "", *, advice: Facts = (), **named: str | Decimal | Quote
    ) -> Score:
        """Return a score that cannot be computed: an error whatever the 状态."""
        finding = Finding(
            code=code,
            severity=Severity.ERROR,
            address=(*self.address, at),
            kind=kind,
            facts=facts(name=Quote(self.name), **named),
            advice=advice,
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
        raw = points = quotient(self.weight, above, below)
        adjustments: list[Adjustment] = []
        most = _share(self.weight, cap)
        if points > most:
            adjustments.append(Adjustment(Kind.CAP, points, most, cap_clause, (("limit", cap),)))
            points = most
        if formula is Formula.PROPORTIONAL and rate is None:
            adjustments += _excess_loss(form, a, b, points)
            points = adjustments[-1].after if adjustments else points
        working = Working(self.weight, above, below, raw, self._names(formula))
        return self._rounded(points, working, adjustments, form, rate)

    def _names(self, formula: Formula) -> tuple[str, ...]:
        """Name what is divided and by what."""
        if formula is Formula.NEARER:
            return "较小的数", "较大的数"
        names = tuple(given.name for given in self.inputs)
        return names if formula is Formula.INVERSE else names[::-1]

    def _rounded(
        self,
        points: Decimal,
        working: Working,
        adjustments: Iterable[Adjustment],
        form: Form,
        rate: Decimal | None = None,
    ) -> Score:
        """Round points by the rulebook, as the last step; it is recorded only where it changes the figure."""
        rule = form.rounding
        value = points.quantize(Decimal(1).scaleb(-rule.digits), rule.mode.decimal_name, EXACT)
        known = tuple(adjustments)
        if value != points:
            said = (("mode", rule.mode.value), ("digits", Decimal(rule.digits)))
            known += (Adjustment(Kind.ROUNDING, points, value, rule.clause, said),)
        return self._score(value, working, known, rate)

    def by_rounded_rate(self, rate: Decimal, cap: Decimal, cap_clause: str, form: Form) -> Score:
        """Apply a rate that the rulebook rounds before it is used."""
        rule, share = form.rounding, rounded_percent(rate, form.rounding)
        mode = (("mode", rule.mode.value),)
        steps = [Adjustment(Kind.RATE_ROUNDING, in_percent(rate), share, rule.clause, mode)]
        if share > cap:
            steps.append(Adjustment(Kind.SHARE_CAP, share, cap, cap_clause))
        return replace(self.by_share(min(share, cap), form, *steps), rate=rate)

    def by_share(self, share: Decimal, form: Form, *steps: Adjustment) -> Score:
        """Return a share of the weight, rounded once."""
        raw = _share(self.weight, share)
        return self._rounded(raw, Working(self.weight, share, None, raw), steps, form)

    def by_zero(self, zero: ZeroRule, indicator: Indicator, form: Form) -> Score:
        """Return the share that the rulebook sets where a zero makes the formula meaningless."""
        said = (
            ("direction", indicator.better.value),
            ("target", indicator.target.text if indicator.target else ""),
            ("actual", indicator.actual.text if indicator.actual else ""),
        )
        step = Adjustment(Kind.ZERO, None, zero.share, zero.clause, said)
        return self.with_clause(zero.clause).by_share(zero.share, form, step)


def _excess_loss(form: Form, target: Decimal, actual: Decimal, points: Decimal) -> tuple[Adjustment, ...]:
    """Take off the points that an actual far above its target loses; empty where it loses none."""
    excess = form.excess
    if excess is None or excess.points is None:
        return ()
    ratio = completion(target, actual)
    reached = in_percent(ratio)
    if reached < excess.threshold:
        return ()
    times = Decimal(1)
    if excess.action is ExcessAction.SCALE:
        step = excess.threshold - HUNDRED
        times = EXACT.divide_int(reached - HUNDRED, step) if step > 0 else times
    lost = excess.points * times
    shown = rounded_percent(ratio, form.rounding)
    said = (("reached", shown), ("limit", excess.threshold), ("lost", lost))
    return (Adjustment(Kind.EXCESS, points, max(Decimal(0), points - lost), excess.clause, said),)


def _share(weight: Decimal, percent: Decimal) -> Decimal:
    return quotient(weight, percent, HUNDRED)
