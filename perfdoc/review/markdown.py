"""A comparison for a pull request: summary, tables, and details that fold."""

import re
from collections.abc import Iterable, Iterator

from perfdoc.compare import BudgetRow, Change, Comparison, Field, Op, Passage, Row, Words
from perfdoc.compare.value import Bar
from perfdoc.review import phrases
from perfdoc.review.phrases import points, signed
from perfdoc.review.text import Locate


def report(comparison: Comparison, locate: Locate) -> str:
    """Write a comparison as GitHub-flavoured Markdown."""
    return "\n".join(_lines(comparison, locate)) + "\n"


def _lines(comparison: Comparison, locate: Locate) -> Iterator[str]:
    yield f"## {_plain(phrases.headline(comparison))}"
    yield ""
    yield f"**{_plain(phrases.total(comparison))}**"
    yield ""
    yield from (f"- {_plain(line)}" for line in _summary(comparison))
    if comparison.empty:
        yield "- 两年没有不同。"
    if phrases.told(comparison.bridge.effects):
        yield from ("", "### 得分为什么变", "")
        yield from _table(("", "上年", "今年", "变动", "原因"), _bars(comparison.bridge, 0))
    yield from _changed_rows(comparison, locate)
    yield from _budget(comparison.budget)
    if comparison.head or comparison.breaks:
        yield from ("", "### 表式和表头", "")
        yield from (f"- {_plain(phrases.broken((broken,)))}" for broken in comparison.breaks)
        yield from (f"- {_plain(phrases.value(field))}" for field in comparison.head)
    yield from _texts(comparison.texts)


def _summary(comparison: Comparison) -> Iterator[str]:
    if phrases.by_rule(comparison):
        yield phrases.by_rule(comparison)
    if phrases.told(comparison.bridge.effects):
        yield f"原因：{phrases.causes(comparison.bridge.effects)}"
    yield phrases.counts(comparison)
    for title, rows in (("不可比", phrases.incomparable(comparison)), ("目标偏软", phrases.soft(comparison))):
        if rows:
            yield f"{title} {len(rows)} 项：{'、'.join(row.name for row in rows)}"
    copied = [f"{phrases.passage_name(text, p)} {p.reused}%" for text, p in phrases.copied(comparison)]
    if copied:
        yield f"照抄上年：{'、'.join(copied)}"
    for link in comparison.loose:
        yield phrases.loose(link)
    for each in comparison.proposals:
        yield f"可能是更名：{each.old} → {each.new}（{each.likeness}% 相同，确认后写 `{each.line}`）"


def _bars(bar: Bar, depth: int) -> Iterator[tuple[str, ...]]:
    name = "　" * depth + bar.name
    yield name, points(bar.old), points(bar.new), signed(bar.moved), phrases.why(bar)
    for part in bar.parts:
        if part.effects:
            yield from _bars(part, depth + 1)


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
        ("指标", "变化", "分值", "年初目标值", "实际完成值", "得分", "得分变动"),
        (_cells(row) for row in rows),
    )
    yield from ("", "<details><summary>说明和位置</summary>", "")
    for row in rows:
        yield f"- {_plain(phrases.name(row))}"
        for said in _remarks(row):
            yield f"  - {_plain(said)}"
        places = [locate("old", side.address) for side in row.olds]
        places += [locate("new", side.address) for side in row.news]
        yield f"  - {'　'.join(f'`{place}`' for place in places)}"
    yield from ("", "</details>")


def _cells(row: Row) -> Iterator[str]:
    yield phrases.name(row)
    yield phrases.changes(row)
    for key in ("分值", "年初目标值", "实际完成值"):
        yield _both(row.field(key))
    score = row.field("得分")
    yield _both(score) if score else f"{points(row.old_score)} → {points(row.new_score)}"
    yield f"{signed(row.moved)}（{phrases.causes(row.effects)}）" if phrases.told(row.effects) else ""


def _both(field: Field | None) -> str:
    if field is None:
        return ""
    if not field.changed:
        return field.old
    told = phrases.difference(field)
    return f"{field.old or '（空）'} → {field.new or '（空）'}" + (f"（{told}）" if told else "")


def _remarks(row: Row) -> Iterator[str]:
    others = (field for field in row.fields if field.changed and field.name not in _IN_TABLE)
    yield from (phrases.value(field) for field in others)
    if row.dropped:
        yield f"取消的理由：{row.dropped.reason}"
    if row.breaks:
        yield f"不可比：{phrases.broken(row.breaks)}"
    yield from (f"请核对：{said}" for said in phrases.flagged(row))


_IN_TABLE = frozenset({"名称", "分值", "年初目标值", "实际完成值", "得分"})


def _budget(lines: Iterable[BudgetRow]) -> Iterator[str]:
    changed = [line for line in lines if line.changes != (Change.UNCHANGED,)]
    if changed:
        yield from ("", "### 预算执行", "")
        for line in changed:
            told = "；".join(phrases.value(field) for field in line.fields if field.changed)
            yield f"- {_plain(line.name)}：{_plain(told)}"


def _texts(texts: Iterable[Words]) -> Iterator[str]:
    for text in texts:
        if not text.changed:
            continue
        reused = "" if text.reused is None else f"（与上年相同 {text.reused}%）"
        yield from ("", f"### {_plain(text.title)}{reused}", "")
        for passage in text.passages:
            if passage.changed:
                yield from (f"**{phrases.passage_name(text, passage)}**", "", _pieces(passage), "")
                if passage.numbers:
                    yield from (f"数字变动：{_plain(phrases.numbers(passage))}", "")


_TAGS = {Op.DROPPED: ("<del>", "</del>"), Op.ADDED: ("<ins>", "</ins>"), Op.SAME: ("", "")}


def _pieces(passage: Passage) -> str:
    marked = ((*_TAGS[piece.op], _plain(piece.text)) for piece in passage.pieces)
    return "".join(f"{start}{text}{end}" for start, end, text in marked)


def _plain(text: str) -> str:
    """Keep what a person wrote from being read as Markdown or HTML."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", escaped)
