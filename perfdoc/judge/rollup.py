"""Roll several assessments up into one, and report what prevents it.

备注 2: 绝对值直接累加计算，相对值按照资金额度加权平均计算；先汇总完成数，再计算得分。备注 3: qualitative scores are
averaged with funds as weights. A figure is held as sums until the very end, so the order of the parts never
matters, and rolling up in two steps gives the same as in one.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    Comparator,
    Dimension,
    Expenditure,
    Indicator,
    Judgement,
    Quantity,
    Status,
    Value,
    Words,
)
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.core.quantity import plain
from perfdoc.form.rulebook import BARE, Form, Funds, RollUpRule
from perfdoc.judge.scoring.exact import EXACT

FROM, TARGET, ACTUAL, GRADE = keys.ROLLED_UP_FROM, keys.TARGET, keys.ACTUAL, keys.JUDGEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An assessment that another is rolled up from.

    Attributes:
        name: Its path below content/.
        assessment: The content; None where it cannot be rolled up from.
        form: Its form; None with the assessment.
        rolled_up: What it was itself rolled up from; None where it has not been rolled up.
        why: Why there is no content; None where there is.
    """

    name: str
    assessment: Assessment | None
    form: Form | None
    rolled_up: "RolledUp | None" = None
    why: "Gap | None" = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a part does not give a figure: the kind of a P702 or P703, with its facts."""

    kind: str
    facts: Facts = ()

    @property
    def waits(self) -> bool:
        """True where a part below is not filled in yet."""
        own = (f.value for f in self.facts if isinstance(f.value, Finding))
        return self.kind in _WAITING or any(Gap(below.kind, below.facts).waits for below in own)


_WAITING = frozenset({"filling", "unwritten", "ungraded"})


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part's share of a figure: the text as written there, and its address.

    Attributes:
        source: The name of the assessment that holds it.
        address: Where it stands in that assessment.
        name: The indicator or budget line.
        text: The figure as written there.
        below: What that figure was itself rolled up from.
        funds: Its weight where the figure is averaged, in the money unit of the form that rolls it up.
    """

    source: str
    address: Address
    name: str
    text: str
    below: "tuple[Contribution, ...]" = ()
    funds: Fraction = Fraction(0)

    def leaves(self) -> "Iterator[Contribution]":
        """Yield the figures that somebody wrote: this one, or those that it was rolled up from."""
        if not self.below:
            yield self
        for contribution in self.below:
            yield from contribution.leaves()


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums behind a figure, before it is decided whether it is added up or averaged.

    Attributes:
        amount: Σx.
        weighted: Σx·m, m being the funds.
        funds: Σm.
    """

    amount: Fraction = Fraction(0)
    weighted: Fraction = Fraction(0)
    funds: Fraction = Fraction(0)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.amount + other.amount, self.weighted + other.weighted, self.funds + other.funds)

    def scaled(self, x: Fraction, m: Fraction = Fraction(1)) -> "Tally":
        """Express the figures in a unit of which they hold `x` times as many, the funds likewise."""
        return Tally(self.amount * x, self.weighted * x * m, self.funds * m)

    @property
    def mean(self) -> Fraction | None:
        """Σx·m / Σm; None without funds."""
        return self.weighted / self.funds if self.funds else None


@dataclass(frozen=True, slots=True)
class Figure:
    """A rolled up figure with the parts it comes from.

    Attributes:
        tally: Its sums.
        unit: The unit of the figures that were summed.
        contributions: One for each part.
        sign: The sign that all parts write in front; None where they write none, or differ.
    """

    tally: Tally
    unit: str
    contributions: tuple[Contribution, ...]
    sign: Comparator | None = None


@dataclass(frozen=True, slots=True)
class RolledUp:
    """An assessment whose rolled up figures are filled in.

    Attributes:
        assessment: The content; a figure that cannot be rolled up stays open.
        figures: Each rolled up figure by its address.
        findings: What keeps figures from being rolled up.
        open: The addresses of the figures that stay open because of a finding.
    """

    assessment: Assessment
    figures: Mapping[Address, Figure]
    findings: tuple[Finding, ...]
    open: frozenset[Address] = frozenset()


def sources(assessment: Assessment) -> tuple[str, ...]:
    """Name every assessment that this one is rolled up from, each once, in order."""
    return tuple(dict.fromkeys(name for _, names in _marked(assessment) for name in names))


def _marked(assessment: Assessment) -> Iterator[tuple[Address, tuple[str, ...]]]:
    """Find every 汇总自: the address of its owner and the names that it lists."""
    if assessment.expenditure.rolled_up_from:
        yield (keys.EXPENDITURE,), assessment.expenditure.rolled_up_from
    for i, line in enumerate(assessment.budget):
        if line.rolled_up_from:
            yield (keys.BUDGET, i), line.rolled_up_from
    for address, indicator in assessment.placed():
        if indicator.rolled_up_from:
            yield address, indicator.rolled_up_from


def roll_up(assessment: Assessment, form: Form, parts: Mapping[str, Part]) -> RolledUp:
    """Fill in every figure that an assessment rolls up from others.

    Args:
        assessment: The one to fill in.
        form: Its form, whose 汇总 rule applies.
        parts: Every assessment that it names, by name; each already rolled up itself.
    """
    marked = tuple(_marked(assessment))
    if not marked:
        return RolledUp(assessment, {}, ())
    if form.roll_up is None:
        found = tuple(_found("P701", (*address, FROM), form=Quote(form.name)) for address, _ in marked)
        return RolledUp(assessment, {}, found, frozenset((*address, FROM) for address, _ in marked))
    work = _Work(assessment, form, form.roll_up, parts, {}, {}, set())
    filled = replace(
        assessment,
        expenditure=work.expenditure(assessment.expenditure),
        budget=tuple(work.line(line, (keys.BUDGET, i)) for i, line in enumerate(assessment.budget)),
        dimensions=work.table(assessment.dimensions, (keys.INDICATORS,)),
        goal_blocks=tuple(
            replace(block, dimensions=work.table(block.dimensions, (keys.GOAL_BLOCKS, i, keys.INDICATORS)))
            for i, block in enumerate(assessment.goal_blocks)
        ),
    )
    return RolledUp(filled, work.figures, tuple(work.findings), frozenset(work.open))


def _found(code: str, address: Address, kind: str = "", **named: str | Quote) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, address=address, kind=kind, facts=facts(**named))


Pick = Callable[[Assessment], Decimal | None]
"""Picks one amount out of an assessment."""

Read = Callable[[Part], "Figure | Gap"]
"""Reads a part's figure, or says why there is none."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One roll-up under way: what was rolled up and what was found so far, each finding once."""

    assessment: Assessment
    form: Form
    rule: RollUpRule
    parts: Mapping[str, Part]
    figures: dict[Address, Figure]
    findings: dict[Finding, None]
    open: set[Address]

    # --- what is filled in ---

    def table(self, table: tuple[Dimension, ...], address: Address) -> tuple[Dimension, ...]:
        return tuple(self._dimension(dimension, (*address, i)) for i, dimension in enumerate(table))

    def _dimension(self, dimension: Dimension, address: Address) -> Dimension:
        groups = tuple(
            replace(group, indicators=tuple(self._indicator(each, place) for place, each in group.below(at)))
            for at, group in dimension.below(address)
        )
        return replace(dimension, groups=groups)

    def expenditure(self, spent: Expenditure) -> Expenditure:
        """Add up 支出; an amount that no part writes stays unwritten, and 往来资金 is nothing where it is not."""
        if not spent.rolled_up_from:
            return spent
        at, names = (keys.EXPENDITURE,), spent.rolled_up_from
        basic, project, through = (
            self._money(at, key, names, _of_expenditure(pick), optional=optional)
            for key, (pick, optional) in _SPENT.items()
        )
        return replace(
            spent,
            basic=self._agreed(spent.basic, basic, (keys.EXPENDITURE, keys.BASIC)),
            project=self._agreed(spent.project, project, (keys.EXPENDITURE, keys.PROJECT)),
            pass_through=self._agreed(spent.pass_through, through, (keys.EXPENDITURE, keys.PASS_THROUGH)),
        )

    def line(self, line: BudgetLine, address: Address) -> BudgetLine:
        """Add up the first lines of the parts."""
        if not line.rolled_up_from:
            return line
        sums = {
            key: self._agreed(
                pick(line),
                self._money(address, key, line.rolled_up_from, _of_first_line(pick), optional=False),
                (*address, key),
            )
            for key, pick in _AMOUNTS.items()
        }
        return replace(
            line, initial=sums[keys.INITIAL], budgeted=sums[keys.BUDGETED], executed=sums[keys.EXECUTED]
        )

    def _money(
        self,
        address: Address,
        key: str,
        names: tuple[str, ...],
        pick: Pick,
        *,
        optional: bool,
    ) -> Decimal | None:
        """Add up one amount; None where a part cannot give it, or none of them writes it."""
        contents = [p.assessment for p in map(self.parts.get, names) if p and p.assessment]
        if key in _MAY_BE_ABSENT and all(pick(content) is None for content in contents):
            return None
        absent = Decimal(0) if optional else None
        figure = self._sums(address, key, names, lambda part: self._amount(part, address, key, pick, absent))
        return None if figure is None else _exact(figure.tally.amount)

    def _amount(
        self,
        part: Part,
        address: Address,
        key: str,
        pick: Pick,
        absent: Decimal | None,
    ) -> Figure | Gap:
        assessment, _ = _content(part)
        factor = self._money_factor(part)
        if factor is None:
            return self._other_money(part)
        amount = pick(assessment)
        amount = absent if amount is None else amount
        line = address if address[0] == keys.EXPENDITURE else (keys.BUDGET, 0)
        name = (
            keys.EXPENDITURE
            if address[0] == keys.EXPENDITURE
            else assessment.budget[0].name
            if assessment.budget
            else keys.BUDGET
        )
        if amount is None:
            return Gap("unwritten", facts(name=Quote(name), key=key))
        if amount < 0 or (amount == 0 and key == Funds.BUDGETED.value):
            return Gap("amount", facts(name=Quote(name), key=key, amount=f"{amount:f}"))
        own = part.rolled_up.figures.get((*line, key)) if part.rolled_up else None
        tally = (own.tally if own else Tally(Fraction(amount))).scaled(factor)
        return Figure(tally, self.form.money_unit, (_given(part, (*line, key), name, f"{amount:f}", own),))

    def _indicator(self, indicator: Indicator, address: Address) -> Indicator:
        if not indicator.rolled_up_from:
            return indicator
        name = indicator.rolled_up_name or indicator.name
        if indicator.judgement or self._is_judged(indicator.rolled_up_from, name):
            return replace(indicator, judgement=self._judged(indicator, name, address))
        target, actual = (self._measured(indicator, name, key, address) for key in (TARGET, ACTUAL))
        return replace(
            indicator,
            target=self._quantity(target, indicator.target, (*address, TARGET)),
            actual=self._quantity(actual, indicator.actual, (*address, ACTUAL)),
        )

    def _measured(self, indicator: Indicator, name: str, key: str, address: Address) -> Figure | None:
        written = (v.unit for v in (indicator.target, indicator.actual) if isinstance(v, Quantity))
        return self._sums(
            address,
            key,
            indicator.rolled_up_from,
            lambda part: self._measure(part, name, key, indicator),
            frozenset(written),
        )

    def _quantity(self, figure: Figure | None, written: Value | None, address: Address) -> Quantity | None:
        """Make the figure that is scored and printed; None where it cannot be rolled up or differs from the written one."""
        if figure is None:
            return None
        relative = self.rule.averages(figure.unit)
        number = figure.tally.mean if relative else figure.tally.amount
        assert number is not None  # noqa: S101 -- _sums has seen to the funds
        exact = _exact(number)
        shown = self._rounded(exact) if relative else exact
        rounded = None if shown == exact else shown
        typed = written if isinstance(written, Quantity) else None
        sign = typed.comparator if typed else figure.sign
        text = f"{sign.value if sign else ''}{plain(shown)}{figure.unit}"
        if written is None:
            return Quantity(text=text, number=exact, unit=figure.unit, comparator=sign, rounded=rounded)
        if typed and (typed.number, typed.unit) == (shown, figure.unit):
            return replace(typed, number=exact, label="", rounded=rounded)
        self._differs(address, written.text, text)
        return None

    def _agreed(self, typed: Decimal | None, rolled_up: Decimal | None, address: Address) -> Decimal | None:
        """Return the amount to use: the rolled-up one, or the typed one where nothing is rolled up; report a difference."""
        if typed is None or address in self.open:
            return rolled_up
        if address not in self.figures or typed == rolled_up:
            return typed
        self._differs(address, f"{typed:f}", f"{rolled_up:f}")
        return None

    def _differs(self, address: Address, written: str, rolled_up: str) -> None:
        found = _found("P705", address, written=Quote(written), rolled_up=Quote(rolled_up))
        self._note(found, address)

    def _rounded(self, exact: Decimal) -> Decimal:
        mode = self.form.rounding.mode.decimal_name
        return exact.quantize(Decimal(1).scaleb(-self.rule.digits), rounding=mode, context=EXACT)

    # --- rolling a figure up ---

    def _sums(
        self,
        address: Address,
        key: str,
        names: tuple[str, ...],
        read: Read,
        units: frozenset[str] = frozenset(),
    ) -> Figure | None:
        """Roll a figure up from its parts; report what prevents it and then return None."""
        at = (*address, key)
        readings = [self._reading(i, name, names, (*address, FROM, i), read) for i, name in enumerate(names)]
        rolled_up = [reading for reading in readings if reading is not None]
        if len(rolled_up) != len(names) or not self._each_once(rolled_up, (*address, FROM)):
            self.open.add(at)
            return None
        figures = self._in_one_unit(rolled_up, units)
        if figures is None:
            given = "、".join(f"{c.source} {c.text}" for f in rolled_up for c in f.contributions)
            here = sorted(units - {f.unit for f in rolled_up})
            more = {"here": "，这里是".join(here)} if here else {}
            kind = "here" if here else ""
            self._note(_found("P704", (*address, FROM), kind, key=Quote(key), given=given, **more), at)
            return None
        if not self._weighable(figures, (*address, FROM)):
            self.open.add(at)
            return None
        signs = {figure.sign for figure in figures}
        figure = Figure(
            sum((f.tally for f in figures), Tally()),
            figures[0].unit,
            tuple(c for f in figures for c in f.contributions),
            signs.pop() if len(signs) == 1 else None,
        )
        self.figures[at] = figure
        return figure

    def _reading(
        self, i: int, name: str, names: tuple[str, ...], address: Address, read: Read
    ) -> Figure | None:
        why = Gap("twice") if name in names[:i] else self._unfit(name)
        if why is not None:
            self._refuse("P702", address, name, why)
            return None
        got = read(self.parts[name])
        if isinstance(got, Figure):
            return got
        self._refuse("P703", address, name, got)
        return None

    def _unfit(self, name: str) -> Gap | None:
        """Say why a part cannot be rolled up from at all; None where it can."""
        part = self.parts.get(name)
        if part is None or part.assessment is None or part.form is None:
            return (part.why if part else None) or Gap("missing")
        if part.assessment.status is Status.FILLING:
            return Gap("filling")
        if part.assessment.year != self.assessment.year:
            return Gap("year", facts(theirs=part.assessment.year, ours=self.assessment.year))
        theirs = part.form.roll_up
        if part.rolled_up and part.rolled_up.figures and theirs and theirs.funds is not self.rule.funds:
            return Gap("weighed", facts(theirs=theirs.funds.value, ours=self.rule.funds.value))
        return None

    def _refuse(self, code: str, address: Address, name: str, why: Gap) -> None:
        """Report a part; while the year is running, one that is still being filled in only warns."""
        waits = self.assessment.status is Status.FILLING and why.waits
        finding = _found(code, address, why.kind, part=Quote(name))
        severity = Severity.WARNING if waits else Severity.ERROR
        self._note(replace(finding, severity=severity, facts=finding.facts + why.facts))

    def _note(self, finding: Finding, opened: Address | None = None) -> None:
        self.findings[finding] = None
        if opened is not None:
            self.open.add(opened)
            self.figures.pop(opened, None)

    def _each_once(self, figures: list[Figure], address: Address) -> bool:
        """Refuse a figure that comes twice: from a part, and from another that already holds it."""
        leaves = Counter(
            (leaf.source, leaf.name) for f in figures for c in f.contributions for leaf in c.leaves()
        )
        twice = [source for (source, _), times in leaves.items() if times > 1]
        for source in twice:
            self._note(_found("P706", address, part=Quote(source)))
        return not twice

    def _in_one_unit(self, figures: list[Figure], units: frozenset[str]) -> list[Figure] | None:
        """Convert figures of several units as the rulebook says; None where that does not make them agree."""
        if len({figure.unit for figure in figures} | units) == 1:
            return figures
        ends = {unit: self._converted(unit) for unit in ({f.unit for f in figures} | units)}
        if len({unit for unit, _ in ends.values()}) > 1:
            return None
        return [
            replace(f, tally=f.tally.scaled(Fraction(ends[f.unit][1])), unit=ends[f.unit][0]) for f in figures
        ]

    def _converted(self, unit: str) -> tuple[str, Decimal]:
        last, factor = self.rule.converted(unit or BARE) or (unit or BARE, Decimal(1))
        return ("" if last == BARE else last), factor

    def _weighable(self, figures: list[Figure], address: Address) -> bool:
        """Refuse a part without funds where its figure would be weighted by them."""
        if not self.rule.averages(figures[0].unit):
            return True
        without = [figure for figure in figures if figure.tally.funds <= 0]
        for figure in without:
            self._refuse("P703", address, figure.contributions[0].source, self._no_funds())
        return not without

    def _no_funds(self) -> Gap:
        return Gap("funds", facts(funds=self.rule.funds.value))

    # --- reading a part ---

    def _measure(self, part: Part, name: str, key: str, wanted: Indicator) -> Figure | Gap:
        """Read one part's target or actual."""
        found = _named(part, name)
        if isinstance(found, Gap):
            return found
        address, indicator = found
        if indicator.better is not wanted.better:
            theirs, ours = indicator.better.value, wanted.better.value
            return Gap("direction", facts(name=Quote(name), theirs=theirs, ours=ours))
        value = indicator.target if key == TARGET else indicator.actual
        if value is None:
            return Gap("unwritten", facts(name=Quote(name), key=key))
        if isinstance(value, Words):
            return Gap("words", facts(name=Quote(name), key=key, text=Quote(value.text)))
        if key == ACTUAL and value.comparator is not None:
            return Gap("inequality", facts(name=Quote(name), key=key, text=Quote(value.text)))
        return self._reading_of(part, (*address, key), name, value)

    def _reading_of(self, part: Part, address: Address, name: str, value: Quantity) -> Figure | Gap:
        own = part.rolled_up.figures.get(address) if part.rolled_up else None
        tally = self._tally(part, Fraction(value.number), own)
        if isinstance(tally, Gap):
            return tally
        unit = own.unit if own else value.unit
        return Figure(
            tally, unit, (_given(part, address, name, value.text, own, tally.funds),), value.comparator
        )

    def _tally(self, part: Part, number: Fraction, own: Figure | None) -> Tally | Gap:
        """Weigh a figure by the funds of its part, or take over the sums that the part was rolled up from."""
        assessment, _ = _content(part)
        factor = self._money_factor(part)
        if factor is None:
            return self._other_money(part)
        if own is not None:
            return own.tally.scaled(Fraction(1), factor)
        line = assessment.budget[0] if assessment.budget else None
        funds = Fraction((_AMOUNTS[self.rule.funds.value](line) if line else None) or 0) * factor
        return Tally(number, number * funds, funds)

    def _money_factor(self, part: Part) -> Fraction | None:
        """Return the factor from a part's money unit to this form's; None where no rule gives it."""
        _, form = _content(part)
        theirs, ours = form.money_unit, self.form.money_unit
        if theirs == ours:
            return Fraction(1)
        (their_end, their_factor), (our_end, our_factor) = self._converted(theirs), self._converted(ours)
        return Fraction(their_factor) / Fraction(our_factor) if their_end == our_end else None

    def _other_money(self, part: Part) -> Gap:
        _, form = _content(part)
        return Gap("money", facts(theirs=form.money_unit, ours=self.form.money_unit))

    # --- grades ---

    def _is_judged(self, names: tuple[str, ...], name: str) -> bool:
        """Tell whether a part holds the indicator as a qualitative one."""
        parts = [part for part in map(self.parts.get, names) if part and part.assessment]
        found = [_named(part, name) for part in parts]
        return any(not isinstance(hit, Gap) and hit[1].judgement for hit in found)

    def _judged(self, indicator: Indicator, name: str, address: Address) -> Judgement | None:
        """Average the shares of a qualitative indicator, and find the band of the average."""
        at = (*address, GRADE)
        figure = self._sums(address, GRADE, indicator.rolled_up_from, lambda part: self._share(part, name))
        if figure is None or figure.tally.mean is None:
            return None
        share = _exact(figure.tally.mean)
        shown = f"{plain(self._rounded(share))}%"
        band = next((b for b in self.form.quality.bands if b.holds(share)), None)
        if band is None:
            self._note(_found("P705", at, "no_band", shown=shown), at)
            return None
        typed = indicator.judgement
        if typed and (typed.grade != band.name or typed.share not in (None, self._rounded(share))):
            given = typed.grade if typed.share is None else f"{typed.grade} {plain(typed.share)}%"
            self._differs(at, given, f"{band.name} {shown}")
            return None
        return Judgement(grade=band.name, share=share)

    def _share(self, part: Part, name: str) -> Figure | Gap:
        """Read the share of its weight that a part's indicator earned."""
        _, form = _content(part)
        found = _named(part, name)
        if isinstance(found, Gap):
            return found
        address, indicator = found
        judgement = indicator.judgement
        if judgement is None:
            return Gap("ungraded", facts(name=Quote(name)))
        band = form.quality.band(judgement.grade)
        if band is None or not (judgement.share is None or band.holds(judgement.share)):
            return Gap("grade", facts(name=Quote(name), grade=Quote(judgement.grade)))
        share = band.default if judgement.share is None else judgement.share
        own = part.rolled_up.figures.get((*address, GRADE)) if part.rolled_up else None
        tally = self._tally(part, Fraction(share), own)
        if isinstance(tally, Gap):
            return tally
        if tally.funds <= 0:
            return self._no_funds()
        text = f"{judgement.grade} {plain(self._rounded(share))}%"
        return Figure(tally, "%", (_given(part, (*address, GRADE), name, text, own, tally.funds),))


_AMOUNTS: dict[str, Callable[[BudgetLine], Decimal | None]] = {
    keys.INITIAL: lambda line: line.initial,
    Funds.BUDGETED.value: lambda line: line.budgeted,
    Funds.EXECUTED.value: lambda line: line.executed,
}
_SPENT: dict[str, tuple[Callable[[Expenditure], Decimal | None], bool]] = {
    keys.BASIC: (lambda spent: spent.basic, False),
    keys.PROJECT: (lambda spent: spent.project, False),
    keys.PASS_THROUGH: (lambda spent: spent.pass_through, True),
}
"""Each amount of 支出, and whether leaving it out says that there is none."""

_MAY_BE_ABSENT = frozenset({keys.INITIAL, keys.PASS_THROUGH})
"""Amounts that not every form asks for: where no part writes one, there is nothing to draw."""


def _of_expenditure(pick: Callable[[Expenditure], Decimal | None]) -> Pick:
    return lambda assessment: pick(assessment.expenditure)


def _of_first_line(pick: Callable[[BudgetLine], Decimal | None]) -> Pick:
    return lambda assessment: pick(assessment.budget[0]) if assessment.budget else None


def _content(part: Part) -> tuple[Assessment, Form]:
    assert part.assessment is not None  # noqa: S101 -- _unfit has looked
    assert part.form is not None  # noqa: S101
    return part.assessment, part.form


def _given(
    part: Part, address: Address, name: str, text: str, own: Figure | None, funds: Fraction = Fraction(0)
) -> Contribution:
    return Contribution(part.name, address, name, text, own.contributions if own else (), funds)


def _named(part: Part, name: str) -> tuple[Address, Indicator] | Gap:
    """Find a part's indicator by name, or say why it cannot be one."""
    assessment, _ = _content(part)
    found = [hit for hit in assessment.placed() if hit[1].name == name]
    if len(found) == 1:
        return found[0]
    return Gap("several" if found else "none", facts(name=Quote(name), count=len(found)))


def _exact(number: Fraction) -> Decimal:
    """Write a fraction as a decimal; one that does not end carries as many digits as scoring computes with."""
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
