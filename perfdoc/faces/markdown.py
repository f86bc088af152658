"""A comparison for a pull request: summary, tables, and details that fold."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfdoc.core import keys
from perfdoc.faces import phrases
from perfdoc.faces.phrases import COPIED, Locate, points, signed
from perfdoc.years.kinds import Change, Op
from perfdoc.years.value import BudgetRow, Comparison, Measure, Passage, Row, Words


def report(comparison: Comparison, locate: Locate, *, copied: int = COPIED) -> str:
    """Write a comparison as GitHub-flavoured Markdown.

    Args:
        comparison: What changed.
        locate: Where the values stand.
        copied: Per cent of a paragraph from which it is listed as copied.
    """
    return "\n".join(_lines(comparison, locate, copied)) + "\n"


def _lines(comparison: Comparison, locate: Locate, copied: int) -> Iterator[str]:
    yield f"## {_plain(phrases.headline(comparison))}"
    yield ""
    yield f"**{_plain(phrases.total(comparison))}**"
    yield ""
    yield from (f"- {line}" for line in _summary(comparison, copied))
    if comparison.empty:
        yield "- 两年没有不同。"
    if phrases.effects_shown(comparison.bridge.effects):
        yield from ("", "### 得分为什么变", "")
        yield from _table(("", "上年", "今年", "变动", "原因"), phrases.bars(comparison.bridge, "　"))
    yield from _changed_rows(comparison, locate)
    yield from _budget(comparison.budget)
    if comparison.head or comparison.breaks:
        yield from ("", "### 表式和表头", "")
        yield from (f"- {_line(phrases.broken((broken,)))}" for broken in comparison.breaks)
        yield from (f"- {_line(phrases.rule(rule))}" for rule in comparison.rules)
        yield from (f"- {_line(phrases.value(field))}" for field in comparison.head)
    yield from _texts(comparison.texts)
    yield from _measures(comparison.measures)


def _summary(comparison: Comparison, copied: int) -> Iterator[str]:
    yield from map(_line, phrases.reasons(comparison))
    yield _line(phrases.counts(comparison))
    yield from (_line(phrases.listed(*found)) for found in phrases.lists(comparison, copied))
    for each in comparison.proposals:
        names = replace(each, old=_plain(each.old), new=_plain(each.new))
        yield f"可能是更名：{phrases.proposal(names, _code(each.line))}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    listed = list(heads)
    yield "| " + " | ".join(listed) + " |"
    yield "|" + "---|" * len(listed)
    for row in rows:
        yield "| " + " | ".join(_plain(cell) for cell in row) + " |"


def _changed_rows(comparison: Comparison, locate: Locate) -> Iterator[str]:
    rows = [row for row in comparison.rows if not row.unchanged or row.flags]
    if not rows:
        return
    yield from ("", "### 指标", "")
    yield from _table(
        (keys.INDICATORS, "变化", keys.WEIGHT, keys.TARGET, keys.ACTUAL, "得分", "得分变动"),
        (_cells(row) for row in rows),
    )
    yield from ("", "<details><summary>说明和位置</summary>", "")
    for row in rows:
        yield f"- {_line(phrases.name(row))}"
        for said in _remarks(row):
            yield f"  - {_line(said)}"
        yield f"  - {'　'.join(map(_code, phrases.places(row, locate)))}"
    yield from ("", "</details>")


def _cells(row: Row) -> Iterator[str]:
    yield phrases.name(row)
    yield phrases.changes(row)
    for key in (keys.WEIGHT, keys.TARGET, keys.ACTUAL):
        field = row.field(key)
        yield phrases.both(field) if field else ""
    score = row.field("得分")
    yield phrases.both(score) if score else f"{points(row.old_score)} → {points(row.new_score)}"
    yield f"{signed(row.moved)}（{phrases.why(row)}）" if phrases.effects_shown(row.effects) else ""


def _remarks(row: Row) -> Iterator[str]:
    others = (field for field in row.fields if field.changed and field.name not in _IN_TABLE)
    yield from (phrases.value(field) for field in others)
    if row.reason:
        yield f"取消的理由：{row.reason}"
    if row.breaks:
        yield f"不可比：{phrases.broken(row.breaks)}"
    yield from (f"请核对：{said}" for said in phrases.flagged(row))


_IN_TABLE = frozenset({keys.NAME, keys.WEIGHT, keys.TARGET, keys.ACTUAL, "得分"})


def _budget(lines: Iterable[BudgetRow]) -> Iterator[str]:
    changed = [line for line in lines if line.changes != (Change.UNCHANGED,)]
    if changed:
        yield from ("", "### 预算执行", "")
        for line in changed:
            told = [phrases.value(field) for field in line.fields if field.changed]
            told += phrases.line_points(line)
            yield f"- {_line(phrases.line(line) + ('：' if told else '') + '；'.join(told))}"


def _texts(texts: Iterable[Words]) -> Iterator[str]:
    for text in texts:
        if not text.changed:
            continue
        reused = "" if text.reused is None else f"（与上年相同 {text.reused}%）"
        yield from ("", f"### {_plain(text.title)}{reused}", "")
        for passage in text.passages:
            if passage.changed:
                yield from (f"**{_plain(phrases.passage_name(text, passage))}**", "", _pieces(passage), "")
                if phrases.numbers(passage):
                    yield from (f"数字变动：{_plain(phrases.numbers(passage))}", "")
                if passage.stale:
                    yield from (f"请核对年份：{'、'.join(passage.stale)}", "")


_TAGS = {Op.DROPPED: ("<del>", "</del>"), Op.ADDED: ("<ins>", "</ins>"), Op.SAME: ("", "")}


def _pieces(passage: Passage) -> str:
    return "".join(
        f"{_TAGS[piece.op][0]}{(_plain if place else _line)(piece.text)}{_TAGS[piece.op][1]}"
        for place, piece in enumerate(passage.pieces)
    )


def _measures(measures: tuple[Measure, ...]) -> Iterator[str]:
    if measures:
        yield from ("", "### 上年的改进措施", "")
    for each in measures:
        yield f"- {_line(f'{phrases.measure(each)}：{each.text}')}"
        yield f"  - {_line(phrases.outcome(each))}"


def _line(text: str) -> str:
    """Keep what stands at the beginning of a line from making it an item of a list or a heading."""
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", _plain(text).lstrip(" \t"))


def _plain(text: str) -> str:
    """Keep what a person wrote from being read as Markdown or HTML, from becoming a link and from calling anybody."""
    escaped = re.sub(r"[\r\n]+", " ", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    escaped = re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", escaped)
    return _CALLS.sub(f"\\g<0>{_NOTHING}", escaped)


_CALLS = re.compile(r"@(?=\w)|#(?=\d)|:(?=//)|:(?=[a-z0-9+-]+:)|\bwww(?=\.)", re.IGNORECASE)
"""What GitHub looks for in scored_year text, where a backslash is gone: names, issues, addresses, pictures."""
_NOTHING = "&#8203;"
"""A space of no width: it parts what would be taken for one thing."""


def _code(text: str) -> str:
    """Write a text as code, in a fence of more backticks than it holds: nothing in it is read as markup."""
    flat = re.sub(r"[\r\n]+", " ", text)
    fence = "`" * (max(map(len, re.findall(r"`+", flat)), default=0) + 1)
    room = " " if "`" in (flat[:1], flat[-1:]) else ""
    return f"{fence}{room}{flat}{room}{fence}"
