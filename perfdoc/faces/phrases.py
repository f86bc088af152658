"""The sentences of a comparison: the same on a screen, in a page and in a pull request."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.quantity import plain
from perfdoc.years.kinds import WAITING, Cause, Change, Flag
from perfdoc.years.value import (
    Bar,
    Broken,
    BudgetRow,
    ChangedRule,
    Comparison,
    Effect,
    Field,
    Measure,
    Passage,
    Proposal,
    Row,
    Side,
    Words,
    Year,
)

Locate = Callable[[str, Address], str]
"""Says where a side, `old` or `new`, has the value at an address: `content/2021/assessment.yaml:31:13`."""

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
    """Say what is compared; two drafts of one year by their names, two units by theirs."""
    old, new = comparison.old, comparison.new
    years = f"{old.year} 年度 → {new.year} 年度"
    if old.year == new.year:
        years = f"{new.year} 年度　{old.name} → {new.name}"
    unit = new.unit if old.unit == new.unit else f"{old.unit} → {new.unit}"
    return f"{years}　{unit}（{new.form}）"


def waiting(year: Year) -> str:
    """Say how many scores of a year are not there."""
    counts = ((year.open, "项待填"), (year.blocked, "项算不出"))
    return "还有 " + "、".join(f"{count} {what}" for count, what in counts if count)


def total(comparison: Comparison) -> str:
    """Write the change of the total, or why there is none yet."""
    old, new = comparison.old, comparison.new
    kinds = "、".join(broken.kind.value for broken in comparison.breaks)
    apart = f"；{kinds}与上年不同，总分不可比" if kinds else ""
    if new.waiting or old.waiting:
        told = "，".join(f"{year.year} 年度{waiting(year)}" for year in (old, new) if year.waiting)
        so_far = "已得 " if new.waiting and new.printed is not None else ""
        return f"总分 {points(old.printed)} → {so_far}{points(new.printed)}（{told}，总分暂不相比{apart}）"
    if old.printed is None and new.printed is None:
        return f"总分 两年都不计分{f'（{apart[1:]}）' if apart else ''}"
    moved = "没有总分可比" if None in (old.printed, new.printed) else signed(comparison.bridge.moved)
    return f"总分 {points(old.printed)} → {points(new.printed)}（{moved}{apart}）"


def bars(bar: Bar, indent: str, depth: int = 0) -> Iterator[tuple[str, str, str, str, str]]:
    """Write a sum and those below it that something moved: name, both years, what it was moved by, and why."""
    yield indent * depth + bar.name, points(bar.old), points(bar.new), moved(bar), why(bar)
    for part in bar.parts:
        if part.effects:
            yield from bars(part, indent, depth + 1)


def moved(bar: Bar) -> str:
    """Write what a sum was moved by, what is not scored yet apart; a dash where that is all there is."""
    known = effects_shown(bar.effects)
    if bar.effects and not known:
        return "—"
    return signed(sum((effect.amount for effect in known), Decimal(0)))


def effects_shown(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Keep what says something: that a score is not there yet explains nothing."""
    return tuple(effect for effect in effects if effect.cause not in WAITING)


def reasons(comparison: Comparison) -> Iterator[str]:
    """Say what stands behind the total: what the rule gives, the causes, the rows and lines that moved most."""
    filed = "；".join(
        f"{year.year} 年度按规则 {points(year.computed)}，报送 {points(year.printed)}（{'、'.join(year.filed)}）"
        for year in by_hand(comparison)
    )
    if filed:
        yield filed
    if effects_shown(comparison.bridge.effects):
        yield f"原因：{why(comparison.bridge)}"
    most = [f"{each.name} {signed(each.moved)}" for each in moved_most(comparison)]
    if most:
        yield f"变得最多：{'、'.join(most)}"


def causes(effects: Iterable[Effect], names: Mapping[Cause, str] = MappingProxyType({})) -> str:
    """List what moved a score: `目标 +0.45，完成 +0.25，人工 -1.25`.

    Args:
        effects: In their order.
        names: Other names for some causes, as `OF_MONEY` has them for a line of 预算执行.
    """
    return "，".join(
        f"{names.get(effect.cause, effect.cause.value)} {signed(effect.amount)}{joint(effect)}"
        for effect in effects
    )


OF_MONEY = MappingProxyType({Cause.TARGET: keys.BUDGETED, Cause.ACTUAL: keys.EXECUTED})
"""What is target and actual of an indicator is budget and execution of a line."""


def why(moved: Bar | Row) -> str:
    """List what moved a sum or a row."""
    money = isinstance(moved, Bar) and moved.kind == keys.BUDGET
    return causes(moved.effects, OF_MONEY if money else MappingProxyType({}))


def joint(effect: Effect) -> str:
    """Say that a cause holds the one before it as well; empty where it stands for itself."""
    return "（与前一步分不开）" if effect.joint else ""


def waits(moved: Bar | BudgetRow | Row) -> bool:
    """Tell whether what moved a sum, a line or a row is an open cell, which is neither gain nor loss."""
    return any(effect.cause in WAITING for effect in moved.effects)


def counts(comparison: Comparison) -> str:
    """Count what became of the indicators."""
    told = [(change, comparison.count(change)) for change in Change]
    before = sum(len(row.olds) for row in comparison.rows)
    after = sum(len(row.news) for row in comparison.rows)
    listed = "，".join(f"{change.value} {count}" for change, count in told if count)
    return f"指标 {before} 项 → {after} 项：{listed or '没有指标'}"


def moved_most(comparison: Comparison) -> tuple[Bar | Row, ...]:
    """List the rows and lines of the budget that won or lost most; what only waits to be filled in is none of them."""
    each: list[Bar | Row] = [comparison.row(number) for number in comparison.bridge.rows]
    each += [bar for bar in comparison.bridge.parts if bar.kind == keys.BUDGET]
    scored = [one for one in each if one.moved and not waits(one)]
    return tuple(sorted(scored, key=lambda one: -abs(one.moved))[:_TOP])


def name(row: Row) -> str:
    """Name a row through both years: one name, or the old and the new."""
    olds, news = ("、".join(side.name for side in sides) for sides in (row.olds, row.news))
    return f"{olds} → {news}" if olds and news and olds != news else news or olds


def changes(row: BudgetRow | Row) -> str:
    """Name what became of a row."""
    return "、".join(change.value for change in row.changes)


def mark(row: Row) -> str:
    """Mark a row by one sign, as a diff does: `+ - ~`, a space where it stayed."""
    for change, sign in ((Change.ADDED, "+"), (Change.DROPPED, "-"), (Change.UNCHANGED, " ")):
        if change in row.changes:
            return sign
    return "~"


def difference(field: Field) -> str:
    """Write the difference of a value: `-10，-33.3%，变差`; empty where there is none."""
    if field.delta is None:
        return ""
    told = [signed(field.delta) + ("" if field.percent is None else f"，{signed(field.percent)}%")]
    if field.better is not None:
        told.append("变好" if field.better else "变差")
    return "，".join(told)


def both(field: Field) -> str:
    """Write a value through both years with its difference; empty where it stands in neither."""
    if not field.changed:
        return field.old
    told = difference(field)
    return f"{field.old or '（空）'} → {field.new or '（空）'}" + (f"（{told}）" if told else "")


def value(field: Field) -> str:
    """Write a value as `both` does, behind its name."""
    return f"{field.name} {both(field) or '（空）'}"


def line(row: BudgetRow) -> str:
    """Name a line of 预算执行, and what became of it."""
    return f"{row.name}（{changes(row)}）"


def line_points(row: BudgetRow) -> Iterator[str]:
    """Say what moved the points of a line; nothing where there is no more to say than that it waits."""
    if effects_shown(row.effects):
        yield f"得分变动：{causes(row.effects, OF_MONEY)}"


def broken(breaks: Iterable[Broken]) -> str:
    """Say why two years do not compare."""
    return "；".join(f"{each.kind.value}不同：{each.old} → {each.new}" for each in breaks)


def rule(changed: ChangedRule) -> str:
    """Say what became of a parameter of the rulebook: `定量（正向）上限 100% → 90%（备注2）`."""
    both = f"{changed.old or '（无）'} → {changed.new or '（无）'}"
    return f"{changed.part}{changed.parameter} {both}（{changed.clause}）"


# --- what a reviewer asks first: each face lists the same ---------------------------------------------------------


def incomparable(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows of which the figures or the points do not compare."""
    return tuple(row for row in comparison.rows if row.breaks)


def soft(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows whose target looks soft, the gravest first, in the order of `Flag`."""
    order = list(Flag)
    found = [(min(map(order.index, flags)), row) for row in comparison.rows if (flags := softness(row))]
    return tuple(row for _, row in sorted(found, key=lambda each: (each[0], each[1].number)))


def softness(row: Row) -> dict[Flag, str]:
    """Say why a target looks soft; that all of a row is last year's is another matter."""
    return {each.flag: each.because for each in row.flags if each.flag is not Flag.REPEATED}


def repeated(comparison: Comparison) -> tuple[Row, ...]:
    """List the rows of which weight, target and actual are all last year's."""
    return tuple(row for row in comparison.rows if sameness(row))


def sameness(row: Row) -> str:
    """Say what of a row is all last year's; empty where it is not."""
    return next((each.because for each in row.flags if each.flag is Flag.REPEATED), "")


def flagged(row: Row) -> Iterator[str]:
    """Say why a row is to be looked at, with the check that asks about it."""
    return (f"{flag.flag.value}（{flag.code}）：{flag.because}" for flag in row.flags)


MAY_STAY = frozenset({keys.GOALS, keys.EXPECTED})
"""Texts that may well be last year's: a goal that stays is no copy."""


def copied(comparison: Comparison, threshold: int) -> tuple[tuple[Words, Passage], ...]:
    """List the paragraphs of which most was copied from last year; a long one says more, and stands first."""
    found = [(text, p) for text in comparison.texts for p in text.passages if is_copied(text, p, threshold)]
    return tuple(sorted(found, key=lambda each: -len(each[1].new_text)))


def is_copied(text: Words, passage: Passage, threshold: int) -> bool:
    """Tell whether so many per cent of a paragraph stand in last year's text."""
    may_stay = not text.narrative and text.name in MAY_STAY
    return not may_stay and passage.reused is not None and passage.reused >= threshold


def stale(comparison: Comparison) -> tuple[tuple[Words, Passage], ...]:
    """List the paragraphs that name a year which is not this form's."""
    return tuple((text, p) for text in comparison.texts for p in text.passages if p.stale)


def by_hand(comparison: Comparison) -> tuple[Year, ...]:
    """List the years of which a filed score departs from the rule."""
    return tuple(year for year in (comparison.old, comparison.new) if year.filed)


def departs(side: Side) -> bool:
    """Tell whether the filed score of a row departs from the rule."""
    return side.score.departs


def lines_by_hand(comparison: Comparison) -> Iterator[tuple[Year, str]]:
    """Name the lines of 预算执行 whose filed score departs from the rule: what a year has filed, less its rows."""
    olds = [side for row in comparison.rows for side in row.olds]
    news = [side for row in comparison.rows for side in row.news]
    for year, sides in ((comparison.old, olds), (comparison.new, news)):
        lines = Counter(year.filed) - Counter(side.name for side in sides if departs(side))
        yield from ((year, line) for line in lines.elements())


def lists(comparison: Comparison, threshold: int) -> Iterator[tuple[str, list[str]]]:
    """List by title what a reviewer asks first; empty ones are left out.

    Args:
        comparison: What changed.
        threshold: Per cent from which a paragraph is called copied.
    """
    copies = [f"{passage_name(text, p)} {p.reused}%" for text, p in copied(comparison, threshold)]
    years = [f"{passage_name(text, p)}（{'、'.join(p.stale)}）" for text, p in stale(comparison)]
    for title, found in (
        ("不可比", [row.name for row in incomparable(comparison)]),
        ("目标偏软", [row.name for row in soft(comparison)]),
        ("整行照旧", [row.name for row in repeated(comparison)]),
        ("照抄上年", copies),
        ("年份可疑", years),
        ("对应不上", [link.sentence for link in comparison.loose]),
    ):
        if found:
            yield title, found


def listed(title: str, found: list[str]) -> str:
    """Write a list on one line."""
    return f"{title} {len(found)}：{'、'.join(found)}"


def proposal(each: Proposal, line: str) -> str:
    """Ask whether two names are one indicator, with the line to write as the format shows it."""
    return f"{each.old} → {each.new}（{each.likeness}% 相同，确认后写 {line}）"


def places(row: Row, locate: Locate) -> list[str]:
    """Say where each side of a row stands."""
    return [locate("old", side.address) for side in row.olds] + [
        locate("new", side.address) for side in row.news
    ]


# --- texts ------------------------------------------------------------------------------------------------------


def measure(each: Measure) -> str:
    """Name a measure of last year, with how much of it this year writes again."""
    return f"第 {each.number} 段" + (f"，今年的文字里又写了 {each.kept}%" if each.kept else "")


def outcome(each: Measure) -> str:
    """Say what became of a measure, or where to write it."""
    return f"落实情况：{each.outcome or '没有写（可写在 上年措施 里）'}"


def passage_name(text: Words, passage: Passage) -> str:
    """Name a paragraph by its place in this year's text, else in last year's."""
    return f"{text.title}第 {passage.new} 段" if passage.new else f"{text.title}上年第 {passage.old} 段"


def numbers(passage: Passage) -> str:
    """Say which figures changed in a paragraph."""
    return "、".join(
        f"{old} → {new}" if old and new else f"增 {new}" if new else f"删 {old}"
        for old, new in passage.numbers
    )
