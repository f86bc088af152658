"""A comparison for a terminal: the summary first, then what changed row by row, then the words."""

from collections.abc import Iterable, Iterator

from perfdoc.core import keys
from perfdoc.faces import phrases
from perfdoc.faces.columns import Palette, pad, pad_left, width
from perfdoc.faces.phrases import COPIED, Locate, points, signed
from perfdoc.years.kinds import Change, Op
from perfdoc.years.trend import Line, Point, Trend
from perfdoc.years.value import Bar, BudgetRow, Comparison, Passage, Row, Words

_BLOCKS = "▁▂▃▄▅▆▇█"
_AROUND = 12
"""Characters kept on either side of a change in a paragraph."""


def report(
    comparison: Comparison,
    locate: Locate,
    palette: Palette,
    *,
    every: bool = False,
    copied: int = COPIED,
) -> Iterator[str]:
    """Write a comparison line by line.

    Args:
        comparison: What changed.
        locate: Where the values stand.
        palette: Colours, or none.
        every: True shows the rows that stayed as well.
        copied: Per cent of a paragraph from which it is listed as copied.
    """
    yield palette.paint(phrases.headline(comparison), "head")
    yield from _summary(comparison, palette, copied)
    if comparison.empty:
        yield "两年没有不同。"
    yield from _section("得分为什么变", _bridge(comparison.bridge, palette), palette)
    yield from _section("表式和表头", _head(comparison), palette)
    yield from _section(keys.BUDGET, _budget(comparison.budget, every=every), palette)
    yield from _section(keys.INDICATORS, _rows(comparison, locate, palette, every=every), palette)
    yield from _section("文字", _texts(comparison.texts, palette), palette)
    yield from _section("上年的改进措施", _measures(comparison), palette)


def _section(title: str, lines: Iterable[str], palette: Palette) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield ""
        yield palette.paint(f"── {title}", "head")
        yield from listed


def _summary(comparison: Comparison, palette: Palette, copied: int) -> Iterator[str]:
    moved = comparison.bridge.moved
    waiting = comparison.new.waiting or comparison.old.waiting
    tone = "note" if waiting else "good" if moved > 0 else "bad" if moved < 0 else "faint"
    yield palette.paint(phrases.total(comparison), tone)
    yield from (f"  {said}" for said in phrases.reasons(comparison))
    yield phrases.counts(comparison)
    yield from (phrases.listed(*found) for found in phrases.lists(comparison, copied))
    proposals = [phrases.proposal(each, each.line) for each in comparison.proposals]
    if proposals:
        yield phrases.listed("可能是更名", proposals)


def _bridge(total: Bar, palette: Palette) -> Iterator[str]:
    if not phrases.effects_shown(total.effects):
        return
    rows = list(phrases.bars(total, "  "))
    columns = max(width(name) for name, *_ in rows)
    figures = [max(width(row[place]) for row in rows) for place in (1, 2, 3)]
    for name, old, new, moved, why in rows:
        tone = "good" if moved.startswith("+") else "bad" if moved.startswith(phrases.MINUS) else "faint"
        told = palette.paint(pad_left(moved, figures[2]), tone)
        yield f"  {pad(name, columns)}  {pad_left(old, figures[0])} → {pad_left(new, figures[1])}  {told}  {why}".rstrip()


def _head(comparison: Comparison) -> Iterator[str]:
    for broken in comparison.breaks:
        yield f"! {phrases.broken((broken,))}"
    yield from (f"~ {phrases.rule(rule)}" for rule in comparison.rules)
    for field in comparison.head:
        yield f"~ {phrases.value(field)}"


def _budget(lines: Iterable[BudgetRow], *, every: bool) -> Iterator[str]:
    for line in lines:
        if every or line.changes != (Change.UNCHANGED,):
            yield f"~ {phrases.line(line)}"
            yield from (f"    {phrases.value(field)}" for field in line.fields)
            yield from (f"    {told}" for told in phrases.line_points(line))


def _rows(comparison: Comparison, locate: Locate, palette: Palette, *, every: bool) -> Iterator[str]:
    left = 0
    for row in comparison.rows:
        if row.unchanged and not row.flags and not every:
            left += 1
            continue
        tone = {"+": "good", "-": "bad", "~": "head"}.get(phrases.mark(row), "faint")
        yield palette.paint(f"{phrases.mark(row)} {phrases.name(row)}（{phrases.changes(row)}）", tone)
        yield from (f"    {line}" for line in _row(row, locate, palette))
    if left:
        yield f"  另有 {left} 项没有变化。"


def _row(row: Row, locate: Locate, palette: Palette) -> Iterator[str]:
    yield from (phrases.value(field) for field in row.fields if field.changed)
    if not row.fields:
        yield f"得分 {points(row.old_score)} → {points(row.new_score)}"
    if row.reason:
        yield f"取消的理由：{row.reason}"
    if phrases.effects_shown(row.effects):
        yield f"得分变动 {signed(row.moved)}：{phrases.why(row)}"
    if row.breaks:
        yield palette.paint(f"不可比：{phrases.broken(row.breaks)}", "note")
    for said in phrases.flagged(row):
        yield palette.paint(f"请核对：{said}", "note")
    yield palette.paint("  ".join(phrases.places(row, locate)), "faint")


def _texts(texts: Iterable[Words], palette: Palette) -> Iterator[str]:
    for text in texts:
        if not text.changed:
            continue
        reused = "" if text.reused is None else f"，与上年相同 {text.reused}%"
        yield f"~ {text.title}（{len(text.passages)} 段{reused}）"
        for passage in text.passages:
            if passage.changed:
                yield from (f"    {line}" for line in _passage(text, passage, palette))


def _passage(text: Words, passage: Passage, palette: Palette) -> Iterator[str]:
    reused = "" if passage.reused is None else f"（{passage.reused}% 与上年相同）"
    yield f"{phrases.passage_name(text, passage)}{reused}"
    yield "  " + "".join(_pieces(passage, palette))
    if phrases.numbers(passage):
        yield f"  数字变动：{phrases.numbers(passage)}"
    if passage.stale:
        yield palette.paint(f"  请核对年份：{'、'.join(passage.stale)}", "note")


def _pieces(passage: Passage, palette: Palette) -> Iterator[str]:
    """Write a paragraph as `[-删-]` and `[+增+]`, what stayed shortened."""
    for place, piece in enumerate(passage.pieces):
        if piece.op is Op.DROPPED:
            yield palette.paint(f"[-{piece.text}-]", "bad")
        elif piece.op is Op.ADDED:
            yield palette.paint(f"[+{piece.text}+]", "good")
        else:
            first, last = place == 0, place == len(passage.pieces) - 1
            yield _shortened(piece.text, keep_start=not first, keep_end=not last)


def _shortened(text: str, *, keep_start: bool, keep_end: bool) -> str:
    if len(text) <= 2 * _AROUND:
        return text
    return (text[:_AROUND] if keep_start else "") + "…" + (text[-_AROUND:] if keep_end else "")


def _measures(comparison: Comparison) -> Iterator[str]:
    for measure in comparison.measures:
        yield f"{phrases.measure(measure)}：{_shortened(measure.text, keep_start=True, keep_end=False)}"
        yield f"    {phrases.outcome(measure)}"


# --- trend ------------------------------------------------------------------------------------------------------


def trend_report(trend: Trend, palette: Palette) -> Iterator[str]:
    """Write every line over the years: figures, and a curve of what was earned; `|` where a year does not compare."""
    last = trend.years[-1]
    years = "、".join(str(year.year) for year in trend.years)
    yield palette.paint(f"{last.unit}（{last.form}）　{years} 年度", "head")
    rows = [["", "", *(str(year.year) for year in trend.years)]]
    for line in (trend.total, *trend.budget, *trend.indicators):
        course = [line.at(year) for year in range(len(trend.years))]
        rows.append([line.name, "".join(map(_step, course)), *(_cell(line, point) for point in course)])
    columns = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [pad(row[0], columns[0]), pad(row[1], columns[1])]
        cells += [pad_left(cell, columns[place + 2]) for place, cell in enumerate(row[2:])]
        yield "  ".join(cells).rstrip()
    yield "曲线是得分占分值的比例；| 之后与之前不可比；· 是没有这一项或还没有得分。"


def _step(point: Point | None) -> str:
    if point is None:
        return "·"
    share = point.share
    level = "·" if share is None else _BLOCKS[max(0, min(len(_BLOCKS) - 1, int(share * len(_BLOCKS) / 100)))]
    # What is drawn is points, and these do not compare where a rule changed either.
    return ("|" if point.breaks else "") + level


def _cell(line: Line, point: Point | None) -> str:
    if point is None:
        return "—"
    if line.kind == keys.INDICATOR:
        return f"{point.actual or '待填'}｜{points(point.score)}/{points(point.weight)}"
    if point.number is None:
        return "待填"
    return f"{points(point.number)}{line.unit}{'（未填完）' if point.open else ''}"
