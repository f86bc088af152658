"""Does a rulebook give what its worked cases say? `templates/<form>/cases.yaml`: figures given, points expected.

A finance officer adds a case as one line; every case is scored by the same code as an assessment, and one that
the rulebook does not reproduce is a fault at its line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from perfdoc.core import keys
from perfdoc.core.address import Address, checked
from perfdoc.core.assessment import Assessment, BudgetLine, Dimension, Group, Indicator, Quantity, Status
from perfdoc.core.diagnostics import Diagnostic
from perfdoc.core.entry import entry
from perfdoc.core.quantity import plain
from perfdoc.core.source import locate
from perfdoc.form.rulebook import Form, edition_in, editions
from perfdoc.judge import scoring
from perfdoc.judge.scoring import Score, Scored, wording
from perfdoc.read import parse
from perfdoc.read.decode import MISSING, decode, fault

CASES = "cases.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorCase(Indicator):
    """An indicator, and the points that it has to earn or the code of what keeps it from being scored."""

    points: Decimal | None = entry("得分", "按规则应得的分", default=None)
    refused: str | None = entry("算不出", "不写得分而写这个：应报的代码，例如 P105", default=None)
    year: int | None = entry("年度", "按哪个年度的规则算；不写就是首个年度", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCase(BudgetLine):
    """A first line of 预算执行, and the points that it has to earn or the code of what keeps it from being scored."""

    points: Decimal | None = entry("得分", "按规则应得的分", default=None)
    refused: str | None = entry("算不出", "不写得分而写这个：应报的代码，例如 P312", default=None)
    year: int | None = entry("年度", "按哪个年度的规则算；不写就是首个年度", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCase:
    """A total: what execution and indicators bring together, and the grade."""

    name: str = entry("名称", "这个例子说明什么")
    budgeted: Decimal = entry("预算数", "调整后的预算（A）")
    executed: Decimal = entry("执行数", "实际支出（B）")
    indicators: Decimal = entry("指标得分", "全部指标得分之和")
    total: Decimal = entry("总分", "按规则应得的总分")
    grade: str | None = entry("等级", "总分对应的等级；表中没有等级的不写", default=None)
    year: int | None = entry("年度", "按哪个年度的规则算；不写就是首个年度", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """算例: worked cases of a rulebook, given and expected."""

    indicators: tuple[IndicatorCase, ...] = entry("指标", "指标的算例，一行一个", default=())
    budget: tuple[BudgetCase, ...] = entry("预算执行", "预算执行的算例，一行一个", default=())
    totals: tuple[TotalCase, ...] = entry("总分", "总分、总分上限和等级的算例，一行一个", default=())


def faults(root: Path, form: Form) -> tuple[Diagnostic, ...]:
    """Work all cases of a form; empty where the rulebook reproduces them, or the form has none."""
    known = parse.yaml(root, root / "templates" / form.id / CASES)
    found = list(known.diagnostics)
    cases = MISSING if known.value is None else decode(known.value, Cases, found)
    if known.value is None or cases is MISSING:
        return tuple(found)
    for address, message, remedy in _departures(cases, form):
        found.append(fault("P215", locate(known.value, checked(Cases, address)), message, remedy))
    return tuple(found)


Departure = tuple[Address, str, str]
"""Where, what is wrong, what to do."""

_REMEDY = "请核对算例，或改规则（form.yaml）。"


def _departures(cases: Cases, whole: Form) -> Iterator[Departure]:
    later = editions(whole)
    for i, indicator in enumerate(cases.indicators):
        form = _in(indicator.year, whole, later)
        scored = scoring.score(_with_indicator(indicator, form), form)
        (score,) = (s for _, s in scored.indicators())
        yield from _departure(
            (keys.INDICATORS, i), indicator.name, score, indicator.points, indicator.refused
        )
    for i, line in enumerate(cases.budget):
        form = _in(line.year, whole, later)
        score = scoring.score(_assessment(form, (line,), ()), form).budget[0]
        yield from _departure((keys.BUDGET, i), line.name, score, line.points, line.refused)
    for i, total in enumerate(cases.totals):
        form = _in(total.year, whole, later)
        yield from _total_departures(("总分", i), total, scoring.score(_with_total(total, form), form))


def _in(year: int | None, form: Form, later: tuple[Form, ...]) -> Form:
    return form if year is None else edition_in(year, form, later)


def _departure(
    address: Address, name: str, score: Score, points: Decimal | None, refused: str | None
) -> Iterator[Departure]:
    """Hold one score against what was expected of it."""
    code = score.obstacle.code if score.obstacle else None
    if (points is None) == (refused is None):
        yield (*address, "得分"), f"算例「{name}」要写 得分 或 算不出，二者写一个。", "请补上，或删去一个。"
    elif refused is not None and refused != code:
        got = code or _shown(score.value)
        yield (*address, "算不出"), f"算例「{name}」应报 {refused}，按规则得到 {got}。", _REMEDY
    elif points is not None and points != score.value:
        message = f"算例「{name}」应得 {plain(points)}，按规则{_got(score)}。"
        yield (*address, "得分"), message, _REMEDY


def _got(score: Score) -> str:
    if score.obstacle is not None:
        return f"算不出：{score.obstacle}"
    if score.value is None:
        return "没有得分：目标和完成没有写全"
    return f"为 {plain(score.value)}（{'；'.join((wording.working(score), *wording.adjustments(score)))}）"


def _total_departures(address: Address, case: TotalCase, scored: Scored) -> Iterator[Departure]:
    total = scored.total.value
    if total != case.total:
        why = "；".join(wording.adjustments(scored.total))
        note = f"（{why}）" if why else ""
        message = f"算例「{case.name}」总分应为 {plain(case.total)}，按规则为 {_shown(total)}{note}。"
        yield (*address, "总分"), message, _REMEDY
    if (case.grade or "") != scored.grade:
        message = f"算例「{case.name}」等级应为「{case.grade or '无'}」，按规则为「{scored.grade or '无'}」。"
        yield (*address, "等级"), message, _REMEDY


def _shown(value: Decimal | None) -> str:
    return "（无）" if value is None else plain(value)


# --- a case as an assessment --------------------------------------------------------------------------------------


def _assessment(form: Form, budget: tuple[BudgetLine, ...], dimensions: tuple[Dimension, ...]) -> Assessment:
    return Assessment(
        form=form.id,
        year=form.first_year,
        unit="算例",
        status=Status.FINAL,
        budget=budget,
        dimensions=dimensions,
    )


def _with_indicator(indicator: Indicator, form: Form) -> Assessment:
    group = Group(name="算例", weight=indicator.weight, indicators=(indicator,))
    return _assessment(form, (), (Dimension(name="算例", weight=indicator.weight, groups=(group,)),))


def _with_total(case: TotalCase, form: Form) -> Assessment:
    """Let one indicator that is met exactly bring all the points of the indicators."""
    met = Quantity(text="1", number=Decimal(1))
    indicator = Indicator(name=case.name, weight=case.indicators, target=met, actual=met)
    line = BudgetLine(name=case.name, budgeted=case.budgeted, executed=case.executed)
    whole = _with_indicator(indicator, form)
    return _assessment(form, (line,), whole.dimensions)
