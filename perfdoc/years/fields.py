"""Compare the values of a row, a budget line and the head, and find what cannot be compared."""

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from perfdoc.core import keys
from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    Direction,
    Expenditure,
    Indicator,
    Judgement,
    Quantity,
    Value,
    Words,
)
from perfdoc.core.entry import keys_of
from perfdoc.core.quantity import plain, rounded
from perfdoc.form.rulebook import Band, Form, GradeStep, Percent, QuantityRule, TotalCap, ZeroRule
from perfdoc.judge.scoring import Score, Scored
from perfdoc.judge.scoring.exact import EXACT, HUNDRED, rounded_percent
from perfdoc.years.identity import bare
from perfdoc.years.kinds import SCORE_BREAKS, Break
from perfdoc.years.value import Broken, ChangedRule, Field, Side

_COLUMNS = (keys.WEIGHT, keys.TARGET, keys.ACTUAL, "得分")
"""What a row of the form prints; these are told even where they stayed."""
_LINKS = frozenset(
    {
        keys.RENAMED_FROM,
        keys.SPLIT_FROM,
        keys.MERGED_FROM,
        keys.UNCONFIRMED,
        keys.ROLLED_UP_FROM,
        keys.ROLLED_UP_NAME,
    }
)
"""How a year is put together, not what it says."""


# --- what breaks a comparison -----------------------------------------------------------------------------------


def form_breaks(old: Scored, new: Scored) -> Iterator[Broken]:
    """Find what changed for the form as a whole."""
    a, b = old.form, new.form
    if a.id != b.id:
        yield Broken(kind=Break.FORM, old=a.name, new=b.name)
    changed = dict.fromkeys(rule.part.partition("（")[0] for rule in changed_rules(a, b))
    if changed:
        both = "、".join(changed)
        yield Broken(
            kind=Break.RULE,
            old=f"{old.assessment.year} 年度的{both}规则",
            new=f"{new.assessment.year} 年度的{both}规则",
        )
    before, after = _weights(old), _weights(new)
    if before != after:
        yield Broken(kind=Break.WEIGHTS, old=_weights_shown(before), new=_weights_shown(after))


def _uncited(rule: Any) -> object:
    """Reduce a rule to what it computes: that it cites another clause changes no score."""
    if isinstance(rule, tuple):
        return tuple(_uncited(part) for part in rule)
    if not dataclasses.is_dataclass(rule):
        return rule
    names = (f.name for f in dataclasses.fields(rule) if not f.name.endswith("clause"))
    return tuple((name, _uncited(getattr(rule, name))) for name in names)


_SCORING = ("budget", "quantities", "quality", "excess", "total_caps", "grades", "rounding")
"""The parts of a rulebook that scores are computed by."""
_MATCHED_BY = {
    QuantityRule: ("direction",),
    ZeroRule: ("target", "actual"),
    Band: ("name",),
    TotalCap: ("below",),
    GradeStep: ("name",),
}
"""What tells the rules of one list apart."""


def changed_rules(old: Form, new: Form) -> tuple[ChangedRule, ...]:
    """List the parameters of the scoring that differ between two rulebooks; a clause cited differently is no change."""
    declared = keys_of(Form)
    found = (
        rule
        for name in _SCORING
        for rule in _changed(declared[name], (), getattr(old, name), getattr(new, name), {})
    )
    # The digits of the rate are what is printed; they score only where the rate is rounded first.
    first = old.budget.round_first or new.budget.round_first
    return tuple(rule for rule in found if first or rule.parameter != "执行率位数")


def _changed(
    part: str, of: tuple[str, ...], old: Any, new: Any, clauses: dict[str, str]
) -> Iterator[ChangedRule]:
    """Walk two rules, either of which may be missing, down to the parameters that differ."""
    if old == new:
        return
    if isinstance(old or new, tuple):
        for one, other in _matched(old or (), new or ()):
            yield from _changed(part, (*of, *_told_apart(one or other)), one, other, clauses)
        return
    rule = old if new is None else new
    cited = clauses | {f.name: getattr(rule, f.name) for f in dataclasses.fields(rule) if _cites(f.name)}
    named = (
        () if old and new else _MATCHED_BY.get(type(rule), ())
    )  # a rule that came or went is named by these
    for known in dataclasses.fields(rule):
        before, after = getattr(old, known.name, None), getattr(new, known.name, None)
        if before == after or _cites(known.name) or known.name in named:
            continue
        if isinstance(before or after, tuple):
            yield from _changed(part, of, before, after, cited)
        else:
            yield ChangedRule(
                part=f"{part}（{'，'.join(of)}）" if of else part,
                parameter=known.metadata["key"],
                old=_parameter(known, before),
                new=_parameter(known, after),
                clause=cited.get(f"{known.name}_clause") or cited["clause"],
            )


def _cites(name: str) -> bool:
    return name.endswith("clause")


def _matched(old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Pair the rules of two lists by what tells them apart; one left over in each is one rule."""
    before, after = ({_identity(rule): rule for rule in rules} for rules in (old, new))
    gone, come = [key for key in before if key not in after], [key for key in after if key not in before]
    renamed = dict(zip(come, gone, strict=True)) if len(gone) == len(come) == 1 else {}
    for key, rule in after.items():
        yield before.get(renamed.get(key, key)), rule
    yield from ((before[key], None) for key in gone if not renamed)


def _identity(rule: Any) -> tuple[Any, ...]:
    return tuple(getattr(rule, name) for name in _MATCHED_BY[type(rule)])


def _told_apart(rule: Any) -> Iterator[str]:
    """Say which of a list a rule is: 正向, or with its word what a bare figure would not tell: 执行率低于 80%."""
    for known in dataclasses.fields(rule):
        value = getattr(rule, known.name)
        if known.name in _MATCHED_BY[type(rule)] and value is not None:
            word = "" if known.name in ("name", "direction") else f"{known.metadata['key']} "
            yield word + _parameter(known, value)


def _parameter(known: "dataclasses.Field[Any]", value: Any) -> str:
    """Write a parameter as form.yaml does; empty where it is not written."""
    if isinstance(value, bool):
        return "是" if value else "否"
    percent = isinstance(value, Decimal) and Percent in (known.type, *get_args(known.type))
    return _shown(value) + ("%" if percent else "")


def _weights(scored: Scored) -> dict[str, Decimal]:
    lines = {keys.BUDGET: scored.form.budget.weight}
    for _, dimension in scored.assessment.below():
        name = bare(dimension.renamed_from or dimension.name)
        lines[name] = lines.get(name, Decimal(0)) + dimension.weight
    return lines


def _weights_shown(weights: dict[str, Decimal]) -> str:
    return "、".join(f"{name} {plain(weight)}" for name, weight in weights.items())


def row_breaks(old: Side, new: Side, forms: tuple[Form, Form], changed: frozenset[Break]) -> Iterator[Broken]:
    """Find why the two years of an indicator do not compare.

    Args:
        old: Last year's side.
        new: This year's.
        forms: The forms of both years.
        changed: What changed for the form as a whole.
    """
    a, b = old.indicator, new.indicator
    kinds = _kind(a), _kind(b)
    if kinds[0] != kinds[1]:
        yield Broken(kind=Break.KIND, old=kinds[0], new=kinds[1])
    elif a.better is not b.better:
        yield Broken(kind=Break.DIRECTION, old=a.better.value, new=b.better.value)
    units = _unit(a), _unit(b)
    if None not in units and units[0] != units[1] and conversion(*units, forms[1]) is None:
        yield Broken(kind=Break.UNIT, old=units[0] or "无单位", new=units[1] or "无单位")
    if text(keys.SCOPE, a.scope or "", b.scope or "").changed:
        yield Broken(kind=Break.SCOPE, old=a.scope or "未写明", new=b.scope or "未写明")
    if Break.RULE in changed and _rule_of(a, forms[0]) != _rule_of(b, forms[1]) and kinds[0] == kinds[1]:
        yield Broken(kind=Break.RULE, old=f"按上年的{kinds[0]}规则", new=f"按今年的{kinds[1]}规则")


def _kind(indicator: Indicator) -> str:
    qualitative = indicator.judgement is not None or (
        isinstance(indicator.target, Words)
        and indicator.better not in (Direction.WITHIN, Direction.BY_DATE, Direction.YES_NO)
    )
    return keys.JUDGEMENT if qualitative else "定量"


def _unit(indicator: Indicator) -> str | None:
    """Tell the unit of an indicator, of its target first; None where it has no figure."""
    for value in (indicator.target, indicator.actual):
        if isinstance(value, Quantity):
            return f"{value.label}{value.unit}" if value.label else value.unit
    return None


def _rule_of(indicator: Indicator, form: Form) -> object:
    rule: Any = form.quality if _kind(indicator) == keys.JUDGEMENT else form.quantity_rule(indicator.better)
    return _uncited(rule), _uncited(form.excess), form.rounding.digits, form.rounding.mode


def conversion(old: str | None, new: str | None, form: Form) -> Fraction | None:
    """Return the factor from the old unit to the new one; None where nothing defines it.

    万 and 亿 in front of a unit are numbers; what else converts, the rulebook's 换算 says.
    """
    if old == new:
        return Fraction(1)
    if not old or not new:
        return None
    (before, times), (after, shares) = _end(old, form), _end(new, form)
    return times / shares if before == after else None


_THOUSANDS = {"万": Fraction(10_000), "亿": Fraction(100_000_000)}


def _end(unit: str, form: Form) -> tuple[str, Fraction]:
    """Follow a unit to where the rulebook and the numerals in front of it lead."""
    known = form.roll_up.converted(unit) if form.roll_up else None
    last, factor = known or (unit, Decimal(1))
    times = _THOUSANDS.get(last[:1], Fraction(1)) if len(last) > 1 else Fraction(1)
    return (last[1:] if times != 1 else last), Fraction(factor) * times


# --- the values of a row ----------------------------------------------------------------------------------------


def row_fields(
    old: Side, new: Side, breaks: tuple[Broken, ...], form: Form, whole: frozenset[Break]
) -> tuple[Field, ...]:
    """Compare every value of an indicator; what a row of the form prints comes first.

    Args:
        old: Last year's side.
        new: This year's.
        breaks: Why the two do not compare; then no difference is computed.
        form: This year's form, for units that convert.
        whole: What changed for the form as a whole.
    """
    kinds = {broken.kind for broken in breaks}
    figures = None if kinds - SCORE_BREAKS else form
    points = not (kinds | whole)
    a, b = old.indicator, new.indicator
    told = [
        amount(keys.WEIGHT, a.weight, b.weight, percent=True),
        _value(keys.TARGET, a.target, b.target, figures),
        _value(keys.ACTUAL, a.actual, b.actual, figures, better=b.better),
        score_field("得分", old.score.printed, new.score.printed, percent=points),
    ]
    if (a.filed, b.filed) != (None, None):
        told.append(score_field("按规则得分", old.score.value, new.score.value, percent=points))
    return (*told, *_others(old, new))


_OTHERS = tuple(
    (known.metadata["key"], known.name)
    for known in dataclasses.fields(Indicator)
    if known.metadata.get("key", keys.NAME) not in {*_LINKS, keys.NAME, keys.DETAILS, *_COLUMNS}
)


def _others(old: Side, new: Side) -> Iterator[Field]:
    """Yield what else changed."""
    pairs = [(keys.NAME, old.name, new.name), (keys.DIMENSION, old.dimension, new.dimension)]
    pairs.append((keys.GROUP, old.group, new.group))
    a, b = old.indicator, new.indicator
    for key, name in _OTHERS:
        before, after = getattr(a, name), getattr(b, name)
        if before != after:
            pairs.append((key, _shown(before), _shown(after)))
    for key, before, after in pairs:
        if before != after:
            field = text(key, before, after)
            if field.changed:
                yield field


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Judgement):
        return value.grade if value.share is None else f"{value.grade} {plain(value.share)}%"
    if isinstance(value, Decimal):
        return plain(value)
    return str(getattr(value, "value", value))


def text(name: str, old: str, new: str) -> Field:
    """Compare two texts; width, spaces and punctuation are noise."""
    return Field(
        name=name, old=old, new=new, changed=old != new and (not old or not new or bare(old) != bare(new))
    )


def amount(
    name: str, old: Decimal | None, new: Decimal | None, *, percent: bool, better: bool | None = None
) -> Field:
    """Compare two amounts of one unit; `better` says which way is the good one, None that neither is."""
    delta = None if old is None or new is None else new - old
    return Field(
        name=name,
        old="" if old is None else plain(old),
        new="" if new is None else plain(new),
        changed=old != new,
        delta=Decimal(0) if delta == 0 else delta,  # 3 less 3.00 is 0, not 0.00
        percent=_percent(delta, old) if percent else None,
        better=None if better is None or not delta else (delta > 0) is better,
    )


def score_field(name: str, old: Decimal | None, new: Decimal | None, *, percent: bool) -> Field:
    """Compare points: more is better."""
    return amount(name, old, new, percent=percent, better=True)


def _percent(delta: Decimal | None, old: Decimal | None) -> Decimal | None:
    if delta is None or not old:
        return None
    if not delta:
        return Decimal(0)
    return rounded(EXACT.divide(EXACT.multiply(delta, HUNDRED), abs(old)), 1)


def _value(
    name: str, old: Value | None, new: Value | None, form: Form | None, better: Direction | None = None
) -> Field:
    """Compare two targets or actuals; a form tells how units convert, None that the two do not compare."""
    before = None
    if form and isinstance(old, Quantity) and isinstance(new, Quantity):
        before = in_unit(old, new, form)
    delta = new.number - before if before is not None and isinstance(new, Quantity) else None
    good = {Direction.HIGHER: True, Direction.LOWER: False}.get(better) if better else None
    return Field(
        name=name,
        old=old.text if old else "",
        new=new.text if new else "",
        changed=not same(old, new),
        delta=delta,
        percent=_percent(delta, before),
        better=None if good is None or not delta else (delta > 0) is good,
    )


def in_unit(value: Quantity, wanted: Quantity, form: Form) -> Decimal | None:
    """Express an amount in the unit of another; None where the two do not convert."""
    factor = conversion(f"{value.label}{value.unit}", f"{wanted.label}{wanted.unit}", form)
    if factor is None:
        return None
    return EXACT.divide(EXACT.multiply(value.number, Decimal(factor.numerator)), Decimal(factor.denominator))


def same(old: Value | None, new: Value | None) -> bool:
    """Tell whether two targets or actuals say the same; another unit is a change even where it converts."""
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        return all(getattr(old, part) == getattr(new, part) for part in _PARTS)
    if isinstance(old, Words) and isinstance(new, Words):
        return bare(old.text) == bare(new.text)
    return old is None and new is None


_PARTS = ("number", "unit", "label", "comparator")
"""What a quantity says; how it was typed is none of it."""


# --- the budget and the head ------------------------------------------------------------------------------------


def line_fields(
    old: tuple[BudgetLine, Score] | None,
    new: tuple[BudgetLine, Score] | None,
    forms: tuple[Form, Form],
    *,
    points: bool,
) -> tuple[Field, ...]:
    """Compare a line of 预算执行.

    Args:
        old: Last year's line with its score; None where there was none.
        new: This year's; None where there is none.
        forms: The forms of both years, for the unit of their money and the digits of their rates.
        points: False where points do not compare.
    """
    a, b = (pair[0] if pair else None for pair in (old, new))
    money = forms[0].money_unit == forms[1].money_unit
    rates = (rate_of(pair[1], form) if pair else None for pair, form in zip((old, new), forms, strict=True))
    printed = (pair[1].printed if pair else None for pair in (old, new))
    fields = (
        *(
            amount(key, getattr(a, name, None), getattr(b, name, None), percent=money)
            for key, name in (
                (keys.INITIAL, "initial"),
                (keys.BUDGETED, "budgeted"),
                (keys.EXECUTED, "executed"),
            )
        ),
        _rate(*rates),
        score_field("得分", *printed, percent=points),
        text(keys.REMARK, *(line.remark or "" if line else "" for line in (a, b))),
    )
    return tuple(field for field in fields if field.old or field.new)


def rate_of(score: Score, form: Form) -> Decimal | None:
    """Round an execution rate as its form prints it, in per cent; None where there is none."""
    return None if score.rate is None else rounded_percent(score.rate, form.rounding)


def _rate(old: Decimal | None, new: Decimal | None) -> Field:
    """Compare execution rates as they are printed; their difference is in points of a per cent."""
    field = amount("执行率", old, new, percent=False, better=True)
    before, after = (f"{side}%" if side else "" for side in (field.old, field.new))
    return dataclasses.replace(field, old=before, new=after)


def head(old: Assessment, new: Assessment, forms: tuple[Form, Form]) -> tuple[Field, ...]:
    """Compare the head of the form: names, boxes and expenditure; only what changed.

    Args:
        old: Last year's content.
        new: This year's.
        forms: The forms of both years, for the unit of their money and the boxes that are not compared.
    """
    money = forms[0].money_unit == forms[1].money_unit
    left_out = {box.key for box in forms[1].layout.own_boxes if not box.compared}
    fields = [text(keys.UNIT_NAME, old.unit, new.unit), text(keys.DEPARTMENT, old.department, new.department)]
    for key, before, after in ((keys.FACTS, old.facts, new.facts), (keys.TICKS, old.ticks, new.ticks)):
        known, now = dict(before), dict(after)
        names = (name for name in known | now if name not in left_out)
        fields += [text(f"{key}.{name}", known.get(name, ""), now.get(name, "")) for name in names]
    for known_field in dataclasses.fields(Expenditure):
        if known_field.name != "rolled_up_from":
            values = (getattr(side.expenditure, known_field.name) for side in (old, new))
            fields.append(amount(f"支出.{known_field.metadata['key']}", *values, percent=money))
    return tuple(field for field in fields if field.changed)
