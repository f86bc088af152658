"""Check that names, years and dates agree within the form and with its folder."""

import re
from collections.abc import Iterable, Iterator

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Quantity, Value
from perfdoc.core.diagnostics import Quote, Severity
from perfdoc.core.quantity import last_day, later, plain
from perfdoc.judge.scoring import Row


@check("P203", Severity.ERROR)
def indicator_named_twice(subject: Subject) -> Findings:
    """Find two indicators of one name: prose and the comparison of years look them up by it.

    Source: a reviewer's list of duplicates.
    """
    seen: set[str] = set()
    for indicator, score in subject.scored.indicators():
        if indicator.name in seen:
            yield found((*score.address, keys.NAME), name=Quote(indicator.name))
        seen.add(indicator.name)


_FILED_WITHIN = 1
"""A self-evaluation is filed in the year after the one that it speaks of."""

_YEAR_STEP = re.compile(r"(?:19|20)\d{2}")


@check("P204", Severity.ERROR)
def folder_of_another_year(subject: Subject) -> Findings:
    """Find a 年度 that is not that of the folder, and a 填报日期 before the year began or years after it.

    Source: published forms 02, 29; the layout of content/.
    """
    a = subject.assessment
    years = [step for step in subject.name.split("/") if _YEAR_STEP.fullmatch(step)]
    if years and str(a.year) not in years:
        yield found((keys.YEAR,), year=a.year, folder=Quote(subject.name))
    if a.date is not None and a.date.year < a.year:
        yield found((keys.DATE,), "early", date=a.date.isoformat(), year=a.year)
    elif a.date is not None and a.date.year > a.year + _FILED_WITHIN:
        yield found(
            (keys.DATE,),
            "late",
            severity=Severity.WARNING,
            date=a.date.isoformat(),
            year=a.year,
            years=a.date.year - a.year,
        )


_LONGEST_COMMON = 4
"""Characters that two names must share in a row to speak of one thing."""


@check("P608", Severity.WARNING, guess=True)
def same_thing_twice(subject: Subject) -> Findings:
    """Find one result scored twice: two indicators of like names and one target, or one that names another's target.

    Source: R6, 产出与效益指标重复 → one of them 0; published form 05.
    """
    rows = [(row, _figure(row.indicator.target)) for row in subject.scored.rows()]
    shared = _shared((text, row.sums[0].address) for row, text in rows if text)
    seen: dict[tuple[str, str], Row] = {}
    by_text: dict[str, Row] = {}
    for row, text in rows:
        if text in shared:
            name = row.indicator.name
            parts = _runs(name)
            twin = next((seen[text, p] for p in parts if (text, p) in seen), None)
            kind, first = "", by_text.setdefault(text, row)
            if twin is None and (text in name or text in first.indicator.name):
                kind, twin = "in_name", first
            if twin and twin.sums[0] is not row.sums[0] and twin.indicator.name != name:
                yield found(
                    (*row.address, keys.NAME),
                    kind,
                    name=Quote(name),
                    dimension=row.dimension.name,
                    twin=Quote(twin.indicator.name),
                    target=text,
                )
            for part in parts:
                seen.setdefault((text, part), row)


def _shared(figures: Iterable[tuple[str, Address]]) -> set[str]:
    """Find the figures that stand under more than one dimension; names need be compared for these only."""
    first: dict[str, Address] = {}
    return {text for text, dimension in figures if first.setdefault(text, dimension) != dimension}


def _figure(target: Value | None) -> str:
    """Write a target that tells two things apart: a figure with its unit, and not the 100 % of everything."""
    if not isinstance(target, Quantity) or not target.number or not target.unit:
        return ""
    figure = plain(target.number) + target.unit
    return "" if figure == "100%" else figure


def _runs(name: str) -> tuple[str, ...]:
    bare = re.sub(r"[^\w]", "", name)
    return tuple(bare[i : i + _LONGEST_COMMON] for i in range(len(bare) - _LONGEST_COMMON + 1))


@check("P311", Severity.ERROR)
def late_and_full(subject: Subject) -> Findings:
    """Find an indicator finished after its target's date that still earns full marks.

    Source: an auditor's finding (accepted months after the claimed date); published form 12 has date targets.
    """
    for indicator, score in subject.scored.indicators():
        limit = _day(indicator.target)
        done = _day(indicator.actual) if limit else None
        full = score.printed is not None and score.printed == score.weight
        if limit and done and full and later(done, limit):
            target = indicator.target.text if indicator.target else ""
            actual = indicator.actual.text if indicator.actual else ""
            yield found(
                (*score.address, keys.ACTUAL),
                name=Quote(indicator.name),
                target=Quote(target),
                actual=Quote(actual),
                weight=score.weight,
            )


def _day(value: Value | None) -> tuple[int | None, int, int] | None:
    return last_day(value.text) if value else None


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|[-./]\d{1,2}[-./]\d)")


@check("P611", Severity.WARNING, guess=True)
def another_year_in_text(subject: Subject) -> Findings:
    """Find a name, target, actual or goal that speaks of another year only.

    Source: published forms 04, 29.
    """
    year = str(subject.assessment.year)
    for address, text, what in _dated(subject):
        years = _YEAR.findall(text)
        if years and year not in years and not re.search(r"以来|规划|至|起|[-—~～]\s*(?:19|20)\d{2}", text):
            yield found(address, what=what, other=years[0], year=year)


def _dated(subject: Subject) -> Iterator[tuple[Address, str, str]]:
    """Yield what may speak of a year, and how to speak of it."""
    a = subject.assessment
    for name, text in a.facts:
        yield (keys.FACTS, name), text, f"{Quote(name)}"
    for i, goal in enumerate(a.goals):
        yield (keys.GOALS, i), goal, keys.GOALS
    for i, block in enumerate(a.goal_blocks):
        yield (keys.GOAL_BLOCKS, i, keys.GOAL), block.goal, keys.GOAL_BLOCKS
    if a.purpose:
        yield (keys.PURPOSE, keys.EXPECTED), a.purpose.expected, keys.EXPECTED
    for indicator, score in subject.scored.indicators():
        yield (*score.address, keys.NAME), indicator.name, f"{Quote(indicator.name)}的名称"
        for key, value in ((keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual)):
            if value is not None and ("20" in value.text or "19" in value.text):
                yield (*score.address, key), value.text, f"{Quote(indicator.name)}的{key}{Quote(value.text)}"
