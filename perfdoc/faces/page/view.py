"""What the page shows of a comparison: its figures put into words, signs and order; none is made here."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfdoc.core import keys
from perfdoc.core.quantity import filed
from perfdoc.faces import phrases
from perfdoc.faces.page import chart
from perfdoc.faces.phrases import Locate
from perfdoc.judge.scoring import wording
from perfdoc.years.kinds import SCORE_BREAKS, WAITING, Cause, Change
from perfdoc.years.value import (
    Bar,
    Comparison,
    Effect,
    Field,
    Passage,
    Proposal,
    Row,
    Side,
    Way,
    Words,
    Year,
)

_ALL = 100
_Item = tuple[str, str, str]
"""A line of a list on the first screen: where it leads, its name, and what is said of it."""

CAUSES = {
    Cause.WEIGHT: "分值调整",
    Cause.TARGET: "目标调整",
    Cause.DIRECTION: "方向改变",
    Cause.ACTUAL: "完成情况",
    Cause.RULE: "计分规则",
    Cause.FILED: "人工改分",
    Cause.SPLIT: "指标拆分",
    Cause.MERGED: "指标合并",
    Cause.ADDED: "新增指标",
    Cause.DROPPED: "取消指标",
    Cause.MOVED: "指标移动",
    Cause.OPEN: "尚待填报",
    Cause.BLOCKED: "算不出得分",
    Cause.CAP: "总分上限",
}


# --- figures in print -------------------------------------------------------------------------------------------


def printed(told: str) -> str:
    """Set the minus that print has; what was told holds figures and fixed words only."""
    return told.replace(phrases.MINUS, "−")


def figure(number: Decimal | None) -> str:
    """Print a figure; a dash where there is none."""
    return printed(phrases.points(number))


def signed(number: Decimal | None) -> str:
    """Print a difference with its sign; a dash where there is none."""
    return "—" if number is None else printed(phrases.signed(number))


def percent(number: Decimal | None) -> str:
    """Print a difference in per cent; a dash where there is none."""
    return "—" if number is None else f"{signed(number)}%"


# --- what the template shows ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A column of the table in both years, and what is said of the difference.

    Each value stands with the number of its indicator, where a cell holds several, and with what is said aside.
    """

    old: tuple[tuple[str, str, str], ...]
    new: tuple[tuple[str, str, str], ...]
    changed: bool = False
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of the first screen, and the filter that shows all of it in the table; a text has none."""

    title: str
    none: str
    items: tuple[_Item, ...]
    filter: str = ""

    @property
    def count(self) -> int:
        return len(self.items)


class View:
    """What the template asks for."""

    def __init__(self, comparison: Comparison, place: Locate, copied: int) -> None:
        """Take a comparison, where its values stand, and from what per cent a paragraph counts as copied."""
        self.c = comparison
        self.old, self.new = comparison.old, comparison.new
        self.copied = copied
        self.place = place
        self.waits = bool(self.old.waiting or self.new.waiting)
        self.whole = tuple(phrases.broken((each,)) for each in comparison.breaks)
        self.rules = tuple(map(phrases.rule, comparison.rules))
        self.top = phrases.moved_most(comparison)
        _, *self.bars = comparison.bridge.walk()
        self._proposals: dict[str, list[Proposal]] = {}
        for proposal in comparison.proposals:
            self._proposals.setdefault(proposal.new, []).append(proposal)
        self.waterfall = chart.waterfall(comparison.bridge, waiting=self.waits)

    # --- the first screen

    @property
    def verdict(self) -> str:
        """Say what the score did, in one sentence."""
        moved, old, new = self.c.bridge.moved, figure(self.old.printed), figure(self.new.printed)
        if self.waits:
            return (
                "、".join(_waiting(year) for year in (self.old, self.new) if year.waiting)
                + "，总分还不能相比。"
            )
        if not moved:
            return f"总分 {new} 分，与上年相同。"
        way, amount = ("升到", "多") if moved > 0 else ("降到", "少")
        return f"总分由 {old} 分{way} {new} 分，{amount} {figure(abs(moved))} 分。"

    @property
    def reasons(self) -> str:
        """Say why, the greatest causes first."""
        known = [e for e in self.c.bridge.effects if e.cause not in WAITING]
        ways = (("多得", [e for e in known if e.amount > 0]), ("少得", [e for e in known if e.amount < 0]))
        said = [
            f"{way}因为{'、'.join(_in_words(e) for e in sorted(some, key=lambda e: -abs(e.amount)))}"
            for way, some in (ways if self.c.bridge.moved > 0 else ways[::-1])
            if some
        ]
        if not said:
            return ""
        return ("已填的各项：" if self.waits else "") + "；".join(said) + "。"

    @property
    def renames(self) -> list[_Item]:
        """New rows that may be old ones: until somebody declares it, they count as won and lost."""
        added = {row.name: row for row in self.c.rows if row.changes == (Change.ADDED,)}
        return [
            (at(added[new]), new, f"（上年「{olds[0].old}」？）")
            for new, olds in self._proposals.items()
            if new in added
        ]

    @property
    def lists(self) -> tuple[_Listed, ...]:
        """What a reviewer asks first."""
        broken = ((row, phrases.broken(row.breaks)) for row in phrases.incomparable(self.c))
        soft = ((row, "；".join(phrases.softness(row).values())) for row in phrases.soft(self.c))
        kept = ((row, "") for row in phrases.repeated(self.c))
        copied = ((w, p, self._copying(p)) for w, p in phrases.copied(self.c, self.copied))
        stale = ((w, p, f"写着 {'、'.join(p.stale)} 年") for w, p in phrases.stale(self.c))
        return (
            _Listed("不可比的行", "没有，各行都可以相比。", _of_rows(broken), "only=broken"),
            _Listed("偏软的目标", "没有发现。", _of_rows(soft), "only=soft"),
            _Listed("整行照旧", "没有发现。", _of_rows(kept), "only=kept"),
            _Listed("照抄的文字", "没有发现。", self._of_texts(copied)),
            _Listed("年份可疑", "没有发现。", self._of_texts(stale)),
            _Listed("人工改分", "没有，得分都与规则一致。", tuple(self._filed()), "only=filed"),
        )

    def waits_in(self, row: Row) -> bool:
        """Tell whether a row has no score yet."""
        return phrases.waits(row) or (bool(row.news) and row.new_score is None)

    @property
    def open_rows(self) -> list[_Item]:
        """What is still to be filled in."""
        lines = [("#budget", line.name, "") for line in self.c.budget if phrases.waits(line)]
        rows = (row for _, _, rows in self.groups for row in rows if self.waits_in(row))
        return [*lines, *_of_rows((row, "") for row in rows)]

    def _of_texts(self, found: Iterable[tuple[Words, Passage, str]]) -> tuple[_Item, ...]:
        places = {
            id(passage): f"#t{i}-{k}"
            for i, words in enumerate(self.c.texts, start=1)
            for k, passage in enumerate(words.passages, start=1)
        }
        return tuple((places[id(p)], phrases.passage_name(words, p), text) for words, p, text in found)

    @staticmethod
    def _copying(passage: Passage) -> str:
        """Say what a paragraph took from last year."""
        count = len(passage.numbers)
        edits = f"，改了 {count} 处数字" if count and passage.reused == _ALL else ""
        return f"{passage.reused}% 相同{edits}"

    def _filed(self) -> Iterator[_Item]:
        told = ((row, "；".join(self._departures(row))) for row in self.c.rows)
        yield from _of_rows((row, text) for row, text in told if text)
        for year, name in phrases.lines_by_hand(self.c):
            yield "#budget", name, f"{year.year} 年报送与规则不同"

    def _departures(self, row: Row) -> Iterator[str]:
        for year, side in self._sides(row):
            if phrases.departs(side):
                yield f"{year.year} 年报送 {figure(side.score.figure)}，按规则 {figure(side.score.value)}"

    def _sides(self, row: Row) -> Iterator[tuple[Year, Side]]:
        yield from ((self.old, side) for side in row.olds)
        yield from ((self.new, side) for side in row.news)

    # --- the bridge

    @property
    def waiting_effect(self) -> Effect | None:
        """What open cells hide; no loss, and so set apart."""
        return next((e for e in self.c.bridge.effects if e.cause in WAITING), None)

    def row_names(self, bar: Bar) -> tuple[tuple[int, str, str], ...]:
        """The rows that moved a group, with what each moved it by, or how it came or went."""
        rows = () if bar.parts else map(self.c.row, bar.rows)
        return tuple((row.number, row.name, _moved_it(row)) for row in rows)

    # --- the table

    @functools.cached_property
    def groups(self) -> list[tuple[str, Bar, list[Row]]]:
        """The rows of each innermost sum, with its name from the outside in; of the total where the form has no levels."""
        bars = {bar.way: bar for bar in self.c.bridge.walk() if bar.kind != keys.BUDGET}
        found: dict[Way, list[Row]] = {}
        for row in self.c.rows:
            found.setdefault((row.news or row.olds)[0].way, []).append(row)
        names = {way: [bars[way[: i + 1]].name for i in range(len(way))] for way in found}
        return [(" › ".join(names[way]) or bars[way].name, bars[way], rows) for way, rows in found.items()]

    def marks(self, row: Row) -> str:
        """Say what the filters ask for."""
        marks = {
            "broken": row.breaks,
            "soft": phrases.softness(row),
            "kept": phrases.sameness(row),
            "filed": any(phrases.departs(side) for _, side in self._sides(row)),
            "moved": row.moved and not self.waits_in(row),
        }
        return " ".join(name for name, holds in marks.items() if holds)

    def row_tone(self, row: Row) -> str:
        """Say which way the score of a row went; nothing where it stayed, or cannot be told."""
        score = row.field("得分")
        return tone(row.moved) if score and score.changed and not self.waits_in(row) else ""

    def cells(self, row: Row) -> Iterator[_Cell]:
        """List the columns of a row."""
        return (self._cell(row, name) for name in (keys.WEIGHT, keys.TARGET, keys.ACTUAL, "得分"))

    def score_percent(self, row: Row) -> str:
        """Print by how many per cent a score moved."""
        score = row.field("得分")
        if self.waits_in(row) or score is None:
            return "—"
        if score.percent is None and (row.breaks or self.c.breaks):
            return "不可比"
        return percent(score.percent)

    def _cell(self, row: Row, name: str) -> _Cell:
        field = row.field(name)
        olds, news = (tuple(_values(sides, name)) for sides in (row.olds, row.news))
        if field is None:
            return _Cell(old=olds, new=news)
        changed = field.changed and bool(field.new)
        if name == "得分":
            return _Cell(old=olds, new=news, changed=changed)
        way = {True: "better", False: "worse", None: ""}[field.better]
        return _Cell(old=olds, new=news, changed=changed, note=self._difference(row, field), tone=way)

    def _difference(self, row: Row, field: Field) -> str:
        """Write the difference of two figures, or that they cannot be compared."""
        figures_break = any(each.kind not in SCORE_BREAKS for each in row.breaks)
        if field.changed and field.old and field.new and figures_break and field.name != keys.WEIGHT:
            return "不可比"
        if not field.delta:
            return ""
        share = f"（{percent(field.percent)}）" if field.percent is not None else ""
        return f"{_WAYS[field.better]}{signed(field.delta)}{share}"

    def notes(self, row: Row) -> Iterator[tuple[str, str]]:
        """List the sentences below a row, each with its kind."""
        for each in row.breaks:
            yield "broken", f"不可比 · {phrases.broken((each,))}"
        for flag, because in phrases.softness(row).items():
            yield "soft", f"偏软 · {flag.value}：{because}"
        if phrases.sameness(row):
            yield "kept", f"整行照旧 · {phrases.sameness(row)}"
        for text in self._departures(row):
            yield "filed", f"人工改分 · {text}"
        for change in (Change.MERGED, Change.SPLIT):
            if change in row.changes:
                yield "plain", f"{change.value}自：{called(row.olds)}"
        if row.reason:
            yield "plain", f"取消理由：{row.reason}"
        known = _SHOWN | {each.kind.value for each in row.breaks}
        for field in row.fields:
            if field.changed and field.name not in known:
                yield "plain", f"{field.name}：{field.old or '（无）'} → {field.new or '（无）'}"
        yield from self._proposed(row)

    def _proposed(self, row: Row) -> Iterator[tuple[str, str]]:
        for proposed in self._proposals.get(row.name, ()) if row.changes == (Change.ADDED,) else ():
            alike = f"上年的「{proposed.old}」（{proposed.likeness}% 的字相同）"
            yield "hint", f"可能是更名：{alike}。若是，请写 {proposed.line}"

    def proofs(self, row: Row) -> Iterator[tuple[Year, Side, tuple[str, ...], str]]:
        """Say how each side came by its score, and where it stands."""
        for year, side in self._sides(row):
            place = self.place("old" if year is self.old else "new", side.address)
            yield year, side, tuple(_working(side)), place

    # --- the budget and the rest

    @staticmethod
    def money(field: Field) -> str:
        """Say what the difference of an amount, a rate or points is."""
        if field.delta is None:
            return "—" if field.new else "待填"
        if not field.delta:
            return "0"
        if field.name == "执行率":
            share = " 个百分点"
        elif field.percent is None:
            share = "（不可比）"
        else:
            share = f"（{percent(field.percent)}）"
        return f"{_WAYS[field.better]}{signed(field.delta)}{share}"


_SHOWN = frozenset({keys.WEIGHT, keys.TARGET, keys.ACTUAL, "得分", "按规则得分", keys.FILED})
"""Fields that have a column or a sentence of their own."""
_WAYS = {True: "变好 ", False: "变差 ", None: ""}


_CROSSING = frozenset({Change.MOVED, Change.SPLIT, Change.MERGED})
"""What may take an indicator from one sum of the form to another."""


def _waiting(year: Year) -> str:
    return f"{year.year} 年度{year.status.value}，{phrases.waiting(year)}"


def _in_words(effect: Effect) -> str:
    return f"{CAUSES[effect.cause]}（{signed(effect.amount)}）"


def _moved_it(row: Row) -> str:
    if phrases.waits(row):
        return "待填"
    crossing = [change for change in row.changes if change in _CROSSING]
    if not crossing:
        return signed(row.moved)
    words = "、".join(change.value for change in crossing)
    # What went from one sum to another moved each of them by other points than its own.
    crossed = len({side.way for side in (*row.olds, *row.news)}) > 1
    return words if crossed else f"{words} {signed(row.moved)}"


def tone(moved: Decimal) -> str:
    """Say which way points went."""
    if not moved:
        return ""
    return "better" if moved > 0 else "worse"


def at(moved: Bar | Row) -> str:
    """Say where what moved the total stands on the page."""
    return f"#r{moved.number}" if isinstance(moved, Row) else "#budget"


def _of_rows(rows: Iterable[tuple[Row, str]]) -> tuple[_Item, ...]:
    return tuple((at(row), row.name, text) for row, text in rows)


def _values(sides: tuple[Side, ...], name: str) -> Iterator[tuple[str, str, str]]:
    for place, side in enumerate(sides):
        departs = name == "得分" and phrases.departs(side)
        aside = f"按规则 {figure(side.score.value)}" if departs else ""
        yield _number(place) if len(sides) > 1 else "", _shown(side, name), aside


def _number(place: int) -> str:
    return chr(ord("①") + place) if place < 20 else f"（{place + 1}）"  # noqa: PLR2004 -- the circled ones end


def called(sides: tuple[Side, ...]) -> str:
    """Name sides, with numbers where the cells have them."""
    if len(sides) == 1:
        return sides[0].name
    return "、".join(f"{_number(place)} {side.name}" for place, side in enumerate(sides))


def _shown(side: Side, name: str) -> str:
    indicator = side.indicator
    if name == keys.WEIGHT:
        return figure(indicator.weight)
    if name == "得分":
        return figure(side.score.printed) if side.score.printed is not None else "待填"
    value = indicator.target if name == keys.TARGET else indicator.actual
    if value is not None:
        return value.text
    return "待填" if name == keys.ACTUAL else "（空）"


def _working(side: Side) -> Iterator[str]:
    score = side.score
    if score.obstacle:
        yield f"算不出：{score.obstacle.message}"
    elif score.value is None:
        yield "还没有填完"
    if score.working:
        clause = f"（{score.clause}）" if score.clause else ""
        yield f"{wording.formula(score)}：{wording.working(score)}{clause}"
    yield from wording.adjustments(score)
    if score.filed is not None:
        because = side.indicator.filed_because
        yield f"报送得分 {filed(score.filed)}" + (f"，理由：{because}" if because else "，没有写理由")
