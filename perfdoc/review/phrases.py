"""The words in which a comparison is told: the same sentence on a screen, in a page and in a pull request."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from perfdoc.compare import (
    Break,
    Broken,
    Cause,
    Change,
    Comparison,
    Effect,
    Field,
    Flag,
    LooseLink,
    Passage,
    Row,
    Words,
)
from perfdoc.compare.flags import CODES
from perfdoc.compare.value import Bar
from perfdoc.quantity import plain

MINUS = "-"
"""The sign that a Chinese console can show; the typographic one is not in its code page."""
COPIED = 60
"""Per cent of a paragraph from which it is called copied on a first screen; the threshold of P407 is the form's."""
_TOP = 5


def signed(amount: Decimal) -> str:
    """Write a difference with its sign: `+0.45`, `-1.25`, `0`."""
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + plain(abs(amount))


def points(amount: Decimal | None) -> str:
    """Write points; a dash where there are none."""
    return "—" if amount is None else plain(amount)


def headline(comparison: Comparison) -> str:
    """Say what is compared."""
    new = comparison.new
    return f"{comparison.old.year} 年度 → {new.year} 年度　{new.unit}（{new.form}）"


def total(comparison: Comparison) -> str:
    """Say what the total did, or that it cannot be told yet."""
    old, new = comparison.old, comparison.new
    if new.open or old.open:
        waiting = "，".join(f"{year.year} 年度还有 {year.open} 项待填" for year in (old, new) if year.open)
        return f"总分 {points(old.printed)} → {points(new.printed)}（{waiting}，总分暂不相比）"
    kinds = "、".join(broken.kind.value for broken in comparison.breaks)
    apart = f"；{kinds}与上年不同，总分不可比" if kinds else ""
    return f"总分 {points(old.printed)} → {points(new.printed)}（{signed(comparison.bridge.moved)}{apart}）"


def told(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Keep what says something: that a score is not there yet explains nothing."""
    return tuple(effect for effect in effects if effect.cause not in (Cause.OPEN, Cause.BLOCKED))


def by_rule(comparison: Comparison) -> str:
    """Say what the totals are by the rule where a filed score departs from it; empty where none does."""
    years = [year for year in (comparison.old, comparison.new) if year.filed]
    return "；".join(
        f"{year.year} 年度按规则 {points(year.computed)}，报送 {points(year.printed)}（{'、'.join(year.filed)}）"
        for year in years
    )


def causes(effects: Iterable[Effect], names: Mapping[Cause, str] = MappingProxyType({})) -> str:
    """List what moved a score: `目标 +0.45，完成 +0.25，人工 -1.25`.

    Args:
        effects: In their order.
        names: Other names for some causes, as `OF_MONEY` has them for a line of 预算执行.
    """
    return "，".join(
        f"{names.get(effect.cause, effect.cause.value)} {signed(effect.amount)}{_joint(effect)}"
        for effect in effects
    )


OF_MONEY = MappingProxyType({Cause.TARGET: "预算数", Cause.ACTUAL: "执行数"})
"""What is target and actual of an indicator is budget and execution of a line."""


def why(bar: Bar) -> str:
    """List what moved a sum."""
    return causes(bar.effects, OF_MONEY if bar.kind == "预算执行" else MappingProxyType({}))


def _joint(effect: Effect) -> str:
    return "（与前一步分不开）" if effect.joint else ""


def counts(comparison: Comparison) -> str:
    """Count what became of the indicators."""
    told = [(change, comparison.count(change)) for change in Change]
    before = sum(len(row.olds) for row in comparison.rows)
    after = sum(len(row.news) for row in comparison.rows)
    listed = "，".join(f"{change.value} {count}" for change, count in told if count)
    return f"指标 {before} 项 → {after} 项：{listed or '没有指标'}"


def moved_most(comparison: Comparison) -> Iterator[Row]:
    """Yield the rows that won or lost most; what only waits to be filled in is none of them."""
    rows = (comparison.row(number) for number in comparison.bridge.rows)
    scored = (row for row in rows if not any(effect.cause is Cause.OPEN for effect in row.effects))
    for _, row in zip(range(_TOP), scored, strict=False):
        yield row


def name(row: Row) -> str:
    """Name a row through both years: one name, or the old and the new."""
    olds, news = ("、".join(side.name for side in sides) for sides in (row.olds, row.news))
    return f"{olds} → {news}" if olds and news and olds != news else news or olds


def changes(row: Row) -> str:
    """Name what became of a row."""
    return "、".join(change.value for change in row.changes)


def mark(row: Row) -> str:
    """Mark a row by one sign, as a diff does: `+ - ~`, a space where it stayed."""
    for change, sign in ((Change.ADDED, "+"), (Change.DROPPED, "-"), (Change.UNCHANGED, " ")):
        if change in row.changes:
            return sign
    return "~"


def difference(field: Field) -> str:
    """Write the difference of a value: `-10，-33.3%，变差`; empty where none can be told."""
    if field.delta is None:
        return ""
    told = [signed(field.delta) + ("" if field.percent is None else f"，{signed(field.percent)}%")]
    if field.better is not None:
        told.append("变好" if field.better else "变差")
    return "，".join(told)


def value(field: Field) -> str:
    """Write a value through both years with its difference."""
    both = field.old if not field.changed else f"{field.old or '（空）'} → {field.new or '（空）'}"
    told = difference(field) if field.changed else ""
    return f"{field.name} {both or '（空）'}" + (f"（{told}）" if told else "")


def broken(breaks: Iterable[Broken]) -> str:
    """Say why two years do not compare."""
    return "；".join(f"{each.kind.value}不同：{each.old} → {each.new}" for each in breaks)


def incomparable(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows whose figures do not compare."""
    return tuple(row for row in comparison.rows if any(each.kind is not Break.RULE for each in row.breaks))


def soft(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows whose target looks soft."""
    return tuple(row for row in comparison.rows if any(f.flag is not Flag.REPEATED for f in row.flags))


def repeated(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows of which weight, target and actual are all last year's."""
    return tuple(row for row in comparison.rows if any(f.flag is Flag.REPEATED for f in row.flags))


def flagged(row: Row) -> Iterator[str]:
    """Say why a target looks soft, with the check that asks about it."""
    return (f"{flag.flag.value}（{CODES[flag.flag]}）：{flag.because}" for flag in row.flags)


MAY_STAY = frozenset({"年度目标", "预期目标"})
"""Texts that may well be last year's: a goal that stays is no copy."""


def copied(comparison: Comparison) -> Iterator[tuple[Words, Passage]]:
    """Yield the paragraphs of which most was copied from last year."""
    for text in comparison.texts:
        if text.name in MAY_STAY:
            continue
        for passage in text.passages:
            if passage.reused is not None and passage.reused >= COPIED:
                yield text, passage


def stale(comparison: Comparison) -> Iterator[tuple[Words, Passage]]:
    """Yield the paragraphs that name a year which is not this form's."""
    for text in comparison.texts:
        for passage in text.passages:
            if passage.stale:
                yield text, passage


def passage_name(text: Words, passage: Passage) -> str:
    """Name a paragraph by its place in this year's text, else in last year's."""
    return f"{text.title}第 {passage.new} 段" if passage.new else f"{text.title}上年第 {passage.old} 段"


def numbers(passage: Passage) -> str:
    """List the figures that changed in a paragraph."""
    return "、".join(f"{old or '（无）'} → {new or '（无）'}" for old, new in passage.numbers)


def loose(link: LooseLink) -> str:
    """Say that a declared link leads nowhere."""
    return link.sentence
