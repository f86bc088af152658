"""Scores as text for a person and as data for a machine: the reason beside each number."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from perfdoc import checks
from perfdoc.checks import Check
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Status
from perfdoc.core.diagnostics import Finding, Place
from perfdoc.core.quantity import filed, plain
from perfdoc.core.wording import READING, About
from perfdoc.faces.columns import pad, width
from perfdoc.form.rulebook import Form, RollUpRule
from perfdoc.judge.rollup import GRADE, Contribution, Figure
from perfdoc.judge.scoring import Score, Scored, wording

VERSION = 1
"""Of scores.json; it counts up when a key changes its meaning or goes."""

Locate = Callable[[Address], Place]
"""Looks up where the value at an address is written."""


def _here(contribution: Contribution) -> Place:
    return Place(contribution.source, 0, 0)


@dataclass(frozen=True, slots=True)
class Trace:
    """The way down from a rolled-up figure.

    Attributes:
        figures: The figures that were rolled up from other assessments, by address.
        locate: Looks up where a contribution is written.
    """

    figures: Mapping[Address, Figure] = field(default_factory=dict)
    locate: Callable[[Contribution], Place] = _here

    def at(self, address: Address) -> tuple[Contribution, ...]:
        """List what the figure at an address was rolled up from; nothing where somebody wrote it."""
        figure = self.figures.get(address)
        return figure.contributions if figure else ()


NO_TRACE = Trace()


def tree(scored: Scored) -> Iterator[str]:
    """Write the whole form as a tree: each score with its weight and its working, a line each."""
    a, total = scored.assessment, scored.total
    yield f"{a.year}年度 {a.unit}（{scored.form.name}，{a.status.value}）"
    yield from (f"规则 {text}" for text in _revised(scored.form, a.year))
    yield _headline(total) + _grades(scored)
    yield from _branches(total.parts, "")
    unscored = [line for line in scored.budget if not line.weight]
    for line in unscored:
        yield f"（不计分）{line.name}"


def _revised(form: Form, year: int) -> Iterator[str]:
    """Name each 修订 that applies in a year, with its document."""
    for revision in form.revisions:
        if revision.first_year > year:
            return
        clause = form.clause(revision.clause)
        yield f"自{revision.first_year}年度修订（{clause.name}，{clause.source}，{clause.standing.value}）：{clause.text}"


def _grades(scored: Scored) -> str:
    """Write the grade by the rule, and the printed one where what was filed makes another of it."""
    if not scored.grade:
        return ""
    printed = f"（印 {scored.printed_grade}）" if scored.printed_grade != scored.grade else ""
    return f"，等级 {scored.grade}{printed}"


def _branches(parts: tuple[Score, ...], indent: str) -> Iterator[str]:
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        reason = _reason(part)
        yield f"{indent}{'└' if last else '├'} {_headline(part)}{'　' + reason if reason else ''}"
        yield from _branches(part.parts, indent + ("  " if last else "│ "))


def _headline(score: Score) -> str:
    if not score.weight and score.value is None:
        return f"{score.name}（不计分）"
    points = "—" if score.value is None else plain(score.value)
    other = ""
    if score.printed != score.value and (score.printed is not None or score.filed is not None):
        other = f"（报送 {'空白' if score.printed is None else plain(score.printed)}）"
    leaves = [leaf for leaf in score.walk() if leaf.open and not leaf.parts] if score.parts else []
    blocked = sum(leaf.obstacle is not None for leaf in leaves)
    counts = ((len(leaves) - blocked, "未填"), (blocked, "算不出"))
    still_open = "".join(f"（{count} 项{what}）" for count, what in counts if count)
    return f"{score.name} {points} / {plain(score.weight)}{other}{still_open}"


def _reason(score: Score) -> str:
    if score.obstacle is not None:
        return score.obstacle.message
    if score.parts:
        return ""
    if score.value is None:
        return "还没有填完" if score.weight else ""
    return "；".join([wording.working(score), *wording.adjustments(score)])


def one(scored: Scored, score: Score, locate: Locate, trace: Trace = NO_TRACE) -> Iterator[str]:
    """Write everything about one score: figures, formula, clause, rounding, filed beside computed, places.

    A figure that was rolled up is followed by what it was rolled up from, down to what somebody wrote.
    """
    yield f"{score.name}（{score.kind}，{' → '.join(_path(scored, score))}）"
    rows = list(_facts(scored.form, score))
    if score is scored.total and scored.grade:
        rows.insert(2, ("等级", _grades(scored).removeprefix("，等级 ")))
    widest = max(width(name) for name, _ in rows)
    for name, text in rows:
        yield f"  {pad(name, widest)}  {text}"
    yield "  依据的数"
    widest = max((width(f"{i.name} {i.text}") for i in score.inputs), default=0)
    for given in score.inputs:
        yield f"    {pad(f'{given.name} {given.text}', widest)}  {locate(given.address)}"
        rolled_up = trace.at(given.address)
        if rolled_up and scored.form.roll_up:
            figure = trace.figures[given.address]
            yield f"      {_way(figure, scored.form.roll_up, given.address)}"
            averaged = given.address[-1] == GRADE or scored.form.roll_up.averages(figure.unit)
            yield from _drawn_from(trace, rolled_up, "      ", scored.form.money_unit if averaged else "")
    if score.filed is not None:
        key = score.filed_key
        yield f"    {pad(f'{key} {filed(score.filed)}', widest)}  {locate((*score.address, key))}"
    for part in score.parts:
        yield f"    {_headline(part)}  {locate(part.address)}"


def _way(figure: Figure, rule: RollUpRule, address: Address) -> str:
    """Say how a figure was rolled up together, and by which clause."""
    if address[-1] == GRADE:
        return f"按{rule.funds.value}加权平均得分率（{rule.quality_clause or rule.clause}）"
    if rule.averages(figure.unit):
        return f"按{rule.funds.value}加权平均（{rule.clause}）"
    return f"相加（{rule.clause}）"


def _drawn_from(
    trace: Trace, contributions: tuple[Contribution, ...], indent: str, money: str
) -> Iterator[str]:
    """Write what a figure was rolled up from, a line each, and below each what that was rolled up from.

    Where it was averaged, `money` is the unit of the funds that each is weighed by; else it is empty.
    """
    rows = [(f"← {c.source} {c.name} {c.text}{_weighed(c, money)}", c) for c in contributions]
    widest = max((width(text) for text, _ in rows), default=0)
    for text, contribution in rows:
        yield f"{indent}{pad(text, widest)}  {trace.locate(contribution)}"
        yield from _drawn_from(trace, contribution.below, f"{indent}  ", money)


def _weighed(contribution: Contribution, money: str) -> str:
    if not money or not contribution.funds:
        return ""
    return f"（资金 {plain(Decimal(contribution.funds.numerator) / contribution.funds.denominator)}{money}）"


def _facts(form: Form, score: Score) -> Iterator[tuple[str, str]]:
    yield keys.WEIGHT, plain(score.weight)
    if score.obstacle is not None:
        yield "得分", f"算不出：{score.obstacle.message}"
    else:
        waiting = "还没有填完" if score.weight else "不计分"
        yield "得分", waiting if score.value is None else plain(score.value)
    if score.filed is not None:
        yield score.filed_key, f"{filed(score.filed)}{_apart(score)}"
    if score.working:
        yield "公式", wording.formula(score)
        yield "算式", wording.working(score)
    for adjustment in wording.adjustments(score):
        yield "调整", adjustment
    for name in _cited(score):
        clause = form.clause(name)
        yield "条款", f"{clause.name}（{clause.source}，{clause.standing.value}）：{clause.text}"


def _apart(score: Score) -> str:
    """Say how far the filed score is from the rule's."""
    if score.figure is None or score.value is None:
        return ""
    return f"（与规则相差 {plain(abs(score.figure - score.value))}）"


def _cited(score: Score) -> Iterator[str]:
    """Name the clause of the formula, then the others that the adjustments cite."""
    if score.clause:
        yield score.clause
    for adjustment in score.adjustments:
        if adjustment.clause not in ("", score.clause):
            yield adjustment.clause


def _path(scored: Scored, score: Score) -> list[str]:
    def search(node: Score, above: list[str]) -> list[str] | None:
        if node is score:
            return above
        found = (search(part, [*above, node.name]) for part in node.parts)
        return next((path for path in found if path is not None), None)

    return search(scored.total, []) or [scored.total.name]


def data(scored: Scored, locate: Locate, trace: Trace = NO_TRACE) -> dict[str, Any]:
    """Write every computed number with its reason, for `scores.json`."""
    a = scored.assessment
    return {
        "版本": VERSION,
        keys.FORM: a.form,
        keys.YEAR: a.year,
        keys.UNIT_NAME: a.unit,
        keys.STATUS: a.status.value,
        "执行率": {s.name: None if s.rate is None else str(s.rate) for s in scored.budget},
        **_filed_beside(a),
        **({"修订": revised} if (revised := list(_revised(scored.form, a.year))) else {}),
        **({"等级": scored.grade, "印出等级": scored.printed_grade} if scored.grade else {}),
        "得分": _data(scored.total, scored.form, locate, trace),
    }


def _filed_beside(a: Assessment) -> dict[str, dict[str, str]]:
    """Write what was filed of the budget lines where the program has a figure of its own."""
    rates = {line.name: line.filed_rate for line in a.budget if line.filed_rate is not None}
    weights = {line.name: filed(line.filed_weight) for line in a.budget if line.filed_weight is not None}
    return {key: told for key, told in ((keys.FILED_RATE, rates), (keys.FILED_WEIGHT, weights)) if told}


def _data(score: Score, form: Form, locate: Locate, trace: Trace) -> dict[str, Any]:
    known: dict[str, Any] = {
        "类别": score.kind,
        keys.NAME: score.name,
        "位置": str(locate(score.address)),
        keys.WEIGHT: plain(score.weight),
        "得分": None if score.value is None else plain(score.value),
        score.filed_key: None if score.filed is None else filed(score.filed),
        "印出": None if score.printed is None else plain(score.printed),
    }
    if score.working:
        known["公式"] = wording.formula(score)
        known["算式"] = wording.working(score)
    if score.adjustments:
        known["调整"] = list(wording.adjustments(score))
    if score.clause:
        clause = form.clause(score.clause)
        known["条款"] = {keys.NAME: clause.name, "出处": clause.source, keys.STATUS: clause.standing.value}
    if score.obstacle:
        known["算不出"] = score.obstacle.message
    if score.open:
        known["未填"] = score.open
    if score.inputs:
        known["依据"] = [
            {
                keys.NAME: given.name,
                "值": given.text,
                "位置": str(locate(given.address)),
                **_drawn(trace, trace.at(given.address)),
            }
            for given in score.inputs
        ]
    if score.parts:
        known["下级"] = [_data(part, form, locate, trace) for part in score.parts]
    return known


def _drawn(trace: Trace, contributions: tuple[Contribution, ...]) -> dict[str, Any]:
    """Write what a figure was rolled up from; nothing where somebody wrote it."""
    if not contributions:
        return {}
    known = [
        {"自评": c.source, keys.NAME: c.name, "值": c.text, "位置": str(trace.locate(c))}
        | _drawn(trace, c.below)
        for c in contributions
    ]
    return {keys.ROLLED_UP_FROM: known}


def codes() -> dict[str, str]:
    """List every code that can be printed, with its title."""
    titles = {code: about.title for code, about in READING.items()}
    titles |= {check.code: check.about.title for check in checks.CHECKS}
    return dict(sorted(titles.items()))


def one_code(code: str, forms: Iterable[Form]) -> Iterator[str]:
    """Write everything about a code: as a check finds it, as reading does, or both; nothing of an unknown one."""
    check = next((check for check in checks.CHECKS if check.code == code), None)
    if check is not None:
        yield from _one_check(check, forms)
    reading = READING.get(code)
    if reading is not None:
        yield from _one_reading(code, reading, also=check is not None)


def _one_reading(code: str, about: About, *, also: bool) -> Iterator[str]:
    yield f"{code} {'读文件时：' if also else ''}{about.title}"
    yield f"  为什么  {about.reason}"
    yield f"  出处    {about.source}"
    yield f"  级别    {about.severity}"


def _one_check(check: Check, forms: Iterable[Form]) -> Iterator[str]:
    """Write everything about a check: what, why, who asks, how grave in each 状态, how each form sets it."""
    about = check.about
    empty = Finding(code="", severity=check.severity, address=())
    weights = (f"{s.value}{checks.weigh(empty, check, s).severity.value}" for s in Status)
    yield f"{check.code} {about.title}"
    yield f"  为什么  {about.reason}"
    yield f"  出处    {about.source}"
    yield f"  级别    {'，'.join(weights)}"
    if check.guess:
        yield "  说明    只是提请核对，由人判断，从不算错误"
    said: dict[str, str] = {}
    for form in forms:
        setting = _setting(check, form)
        since = f"（自{form.revisions[-1].first_year}年度）" if form.id in said else ""
        if said.get(form.id) != setting:
            yield f"  表式    {form.id}{since}：{setting}"
        said[form.id] = setting


def _setting(check: Check, form: Form) -> str:
    """Say how a form sets a check, with the clause."""
    rule = form.check_rule(check.code)
    if not check.runs(form):
        return "停用" if rule is not None and rule.off else "没有写阈值，不做"
    said = [f"阈值 {plain(rule.threshold)}%"] if rule and rule.threshold is not None else []
    said += [f"级别 {rule.severity.value}"] if rule and rule.severity else []
    text = "，".join(said) or "没有另外设定"
    if rule is None or rule.clause is None:
        return text
    clause = form.clause(rule.clause)
    return f"{text}（{clause.name}，{clause.source}，{clause.standing.value}：{clause.text}）"
