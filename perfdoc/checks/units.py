"""Check how figures are written: digits, units, percentages, money."""

import re

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.unfilled import prose_lines
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Indicator, Quantity, Value
from perfdoc.core.diagnostics import Finding, Quote, Severity, facts
from perfdoc.core.quantity import as_percent, plain

MONEY = ("元", "千元", "万元", "亿元")


def _both(indicator: Indicator) -> tuple[tuple[str, Value | None], ...]:
    return (keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual)


@check("P003", Severity.WARNING)
def full_width_figures(subject: Subject) -> Findings:
    """Find full-width digits or signs in a figure: they are read, and printed wider than the others.

    Source: typical slips of Chinese typing.
    """
    for indicator, score in subject.scored.indicators():
        for name, value in _both(indicator):
            if isinstance(value, Quantity) and value.wide:
                yield found((*score.address, name), name=Quote(indicator.name), value=Quote(value.text))


_COUNTED = re.compile(r"(?P<unit>[次个条件项户人家期批类份起处台套])数$")


@check("P106", Severity.WARNING)
def unit_missing(subject: Subject) -> Findings:
    """Find a figure other than zero without a unit; it cannot be compared with another year.

    Source: 6 of 31 published forms; 财预〔2021〕101号 asks for the unit of each indicator.
    """
    for indicator, score in subject.scored.indicators():
        target, actual = indicator.target, indicator.actual
        if not isinstance(target, Quantity) or indicator.judgement is not None:
            continue
        if isinstance(actual, Quantity) and bool(actual.unit) is not bool(target.unit):
            yield from _unit_of_the_other(score.address, indicator.name, target, actual)
        if target.unit or (isinstance(actual, Quantity) and actual.unit):
            continue
        done = actual.number if isinstance(actual, Quantity) else target.number
        if target.number == 0 and done == 0:
            continue
        yield found(
            (*score.address, keys.TARGET),
            "" if actual else "open",
            advice=facts(example=_example(target, _likely_unit(indicator.name))),
            name=Quote(indicator.name),
            target=target.text,
            actual=actual.text if actual else "",
        )


def _unit_of_the_other(address: Address, name: str, target: Quantity, actual: Quantity) -> Findings:
    """Tell that a bare figure is read in the unit of the one beside it; a bare 0 is 0 of anything."""
    side, bare, other = (keys.TARGET, target, actual) if actual.unit else (keys.ACTUAL, actual, target)
    if bare.number and as_percent(target, actual) is None:
        yield found(
            (*address, side),
            "one",
            advice=facts(example=f"{bare.text}{other.unit}"),
            name=Quote(name),
            side=side,
            text=Quote(bare.text),
            unit=Quote(other.unit),
        )


def _example(target: Quantity, unit: str) -> str:
    """Write a figure with its unit; a rate that was written as a share becomes a percentage: 0.95, 95%."""
    if unit == "%" and 0 < target.number <= 1:
        return f"{plain(target.number * 100)}%"
    return f"{target.text}{unit}"


def _likely_unit(name: str) -> str:
    if name.endswith(("率", "度")):
        return "%"
    counted = _COUNTED.search(name)
    return counted["unit"] if counted else "次"


_IN_NAME = re.compile(r"[（(](?P<unit>%|％|元|千元|万元|亿元)[）)]$")
_TWICE = re.compile(r"[%％]\s*[%％]")


@check("P108", Severity.ERROR)
def unit_twice_or_mixed(subject: Subject) -> Findings:
    """Find a per cent sign written twice, and 万元 mixed with 元.

    Source: published form 18 and others.
    """
    for indicator, score in subject.scored.indicators():
        named = _IN_NAME.search(indicator.name) if indicator.name.endswith(("）", ")")) else None
        inside = named["unit"].replace("％", "%") if named else ""
        for key, value in _both(indicator):
            if value is None:
                continue
            unit = value.unit if isinstance(value, Quantity) else ""
            if _TWICE.search(value.text) or (inside == "%" and unit == "%"):
                yield found((*score.address, key), name=Quote(indicator.name), value=Quote(value.text))
            elif inside in MONEY and unit in MONEY and inside != unit:
                yield found(
                    (*score.address, key),
                    "mixed",
                    name=Quote(indicator.name),
                    inside=inside,
                    value=Quote(value.text),
                )
    yield from _money_in_prose(subject)


_AFTER_TAG = re.compile(r"(?P<tag>\{\{\s*(?:支出|预算执行)[^{}]*\}\})\s*(?P<unit>元|千元|万元|亿元)")
_SUM_OF_MONEY = re.compile(r"(?<![\d.,])(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>元|千元|万元|亿元)")


def _money_in_prose(subject: Subject) -> Findings:
    """Find a sum of the table quoted in another unit than the table's."""
    lines = [(address, line) for address, line in prose_lines(subject) if "元" in line]
    if not lines:
        return
    a, unit = subject.assessment, subject.form.money_unit
    amounts = [a.expenditure.basic, a.expenditure.project, a.expenditure.pass_through]
    amounts += [amount for line in a.budget for amount in (line.initial, line.budgeted, line.executed)]
    known = {plain(amount) for amount in amounts if amount}
    for address, line in lines:
        for quoted in _AFTER_TAG.finditer(line):
            if quoted["unit"] != unit and not re.search(r"[-+*/|]", quoted["tag"]):
                yield _other_unit((*address[:2], quoted.start() + 1), quoted[0], unit)
        for quoted in _SUM_OF_MONEY.finditer(line):
            if quoted["unit"] != unit and quoted["number"].replace(",", "") in known:
                yield _other_unit((*address[:2], quoted.start() + 1), quoted[0], unit)


def _other_unit(address: tuple[str | int, ...], quoted: str, unit: str) -> Finding:
    return found(address, "prose", quoted=Quote(quoted), unit=unit)


_SHARE = re.compile(r"率$|满意度$|认可度$|知晓度$")
_MAY_EXCEED = re.compile(r"增长|增幅|增速|完成|执行|回报|收益|产销|超额|提高|提升|利用")


@check("P603", Severity.WARNING, guess=True)
def percentage_above_100(subject: Subject) -> Findings:
    """Find a rate above 100 %, and a count under a name that says it is a rate.

    Source: a checker's finding; a published form.
    """
    for indicator, score in subject.scored.indicators():
        if score.obstacle or not _SHARE.search(indicator.name) or _MAY_EXCEED.search(indicator.name):
            continue
        for key, value in reversed(_both(indicator)):
            if not isinstance(value, Quantity):
                continue
            if value.unit == "%" and value.number > 100:  # noqa: PLR2004 -- per cent
                kind = ""
            elif value.unit not in ("", "%", "‰"):
                kind = "count"
            else:
                continue
            yield found((*score.address, key), kind, name=Quote(indicator.name), value=Quote(value.text))
            break
