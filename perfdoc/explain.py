"""Scores as text for a person and as data for a machine: the reason beside each number."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from perfdoc.diagnostics import Address, Place
from perfdoc.forms import Form
from perfdoc.quantity import plain
from perfdoc.scoring import Score, Scored

Locate = Callable[[Address], Place]
"""Looks up where the value at an address is written."""


def tree(scored: Scored) -> Iterator[str]:
    """Write the whole form as a tree: each score with its weight and its working, a line each."""
    a, total = scored.assessment, scored.total
    yield f"{a.year}年度 {a.unit}（{scored.form.name}，{a.status.value}）"
    yield _headline(total)
    yield from _branches(total.parts, "")
    unscored = [line for line in scored.budget if not line.weight]
    for line in unscored:
        yield f"（不计分）{line.name}"


def _branches(parts: tuple[Score, ...], indent: str) -> Iterator[str]:
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        reason = _reason(part)
        yield f"{indent}{'└' if last else '├'} {_headline(part)}{'　' + reason if reason else ''}"
        yield from _branches(part.parts, indent + ("  " if last else "│ "))


def _headline(score: Score) -> str:
    points = "—" if score.value is None else plain(score.value)
    filed = ""
    if score.printed != score.value and score.printed is not None:
        filed = f"（报送 {plain(score.printed)}）"
    still_open = f"（{score.open} 项未填）" if score.parts and score.open else ""
    return f"{score.name} {points} / {plain(score.weight)}{filed}{still_open}"


def _reason(score: Score) -> str:
    if score.obstacle is not None:
        return score.obstacle.message
    if score.parts:
        return ""
    if score.value is None:
        return "还没有填完"
    return "；".join([score.working, *score.adjustments])


def one(scored: Scored, score: Score, locate: Locate) -> Iterator[str]:
    """Write everything about one score: figures, formula, clause, rounding, filed beside computed, places."""
    yield f"{score.name}（{score.kind}，{' › '.join(_path(scored, score))}）"
    rows = list(_facts(scored.form, score))
    width = max(_width(name) for name, _ in rows)
    for name, text in rows:
        yield f"  {_pad(name, width)}  {text}"
    yield "  依据的数"
    width = max((_width(f"{i.name} {i.text}") for i in score.inputs), default=0)
    for given in score.inputs:
        yield f"    {_pad(f'{given.name} {given.text}', width)}  {locate(given.address)}"
    if score.filed is not None:
        yield f"    {_pad(f'报送得分 {plain(score.filed)}', width)}  {locate((*score.address, '报送得分'))}"
    for part in score.parts:
        yield f"    {_headline(part)}  {locate(part.address)}"


def _facts(form: Form, score: Score) -> Iterator[tuple[str, str]]:
    yield "分值", plain(score.weight)
    if score.obstacle is not None:
        yield "得分", f"算不出：{score.obstacle.message}"
    else:
        yield "得分", "还没有填完" if score.value is None else plain(score.value)
    if score.filed is not None:
        difference = "" if score.value is None else f"（与规则相差 {plain(abs(score.filed - score.value))}）"
        yield "报送得分", f"{plain(score.filed)}{difference}"
    if score.formula:
        yield "公式", score.formula
        yield "算式", score.working
    for adjustment in score.adjustments:
        yield "调整", adjustment
    for name in _cited(score):
        clause = form.clause(name)
        yield "条款", f"{clause.name}（{clause.source}，{clause.standing.value}）：{clause.text}"


def _cited(score: Score) -> Iterator[str]:
    """Name the clause of the formula, then those that the adjustments cite in brackets at their end."""
    if score.clause:
        yield score.clause
    for adjustment in score.adjustments:
        found = re.search(r"（([^（）]+)）$", adjustment)
        if found and found[1] != score.clause:
            yield found[1]


def _path(scored: Scored, score: Score) -> list[str]:
    def search(node: Score, above: list[str]) -> list[str] | None:
        if node is score:
            return above
        found = (search(part, [*above, node.name]) for part in node.parts)
        return next((path for path in found if path is not None), None)

    return search(scored.total, []) or [scored.total.name]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def data(scored: Scored, locate: Locate) -> dict[str, Any]:
    """Write every computed number with its reason, for `scores.json`."""
    a = scored.assessment
    return {
        "表式": a.form,
        "年度": a.year,
        "单位名称": a.unit,
        "状态": a.status.value,
        "执行率": {s.name: None if s.rate is None else str(s.rate) for s in scored.budget},
        "得分": _data(scored.total, scored.form, locate),
    }


def _data(score: Score, form: Form, locate: Locate) -> dict[str, Any]:
    known: dict[str, Any] = {
        "类别": score.kind,
        "名称": score.name,
        "位置": str(locate(score.address)),
        "分值": plain(score.weight),
        "得分": None if score.value is None else plain(score.value),
        "报送得分": None if score.filed is None else plain(score.filed),
        "印出": None if score.printed is None else plain(score.printed),
    }
    if score.formula:
        known["公式"] = score.formula
        known["算式"] = score.working
    if score.adjustments:
        known["调整"] = list(score.adjustments)
    if score.clause:
        clause = form.clause(score.clause)
        known["条款"] = {"名称": clause.name, "出处": clause.source, "状态": clause.standing.value}
    if score.obstacle:
        known["算不出"] = score.obstacle.message
    if score.open:
        known["未填"] = score.open
    if score.inputs:
        known["依据"] = [
            {"名称": given.name, "值": given.text, "位置": str(locate(given.address))}
            for given in score.inputs
        ]
    if score.parts:
        known["下级"] = [_data(part, form, locate) for part in score.parts]
    return known
