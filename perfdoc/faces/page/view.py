"""What the page shows of a comparison: its figures put into words, signs and order; none is made here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from perfdoc.core.quantity import filed, plain
from perfdoc.faces import phrases
from perfdoc.faces.page import chart
from perfdoc.faces.phrases import Locate
from perfdoc.judge.scoring import wording
from perfdoc.years.identity import bare
from perfdoc.years.kinds import SCORE_BREAKS, WAITING, Cause, Change
from perfdoc.years.trend import Trend
from perfdoc.years.value import (
    Bar,
    Broken,
    BudgetRow,
    Comparison,
    Effect,
    Field,
    Passage,
    Proposal,
    Row,
    Side,
    Words,
    Year,
)

_ALL = 100
_LISTED = 5
"""So many of each kind stand on the first screen; the rest is a click away."""

_CAUSES = {
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


def figure(number: Decimal | None) -> str:
    """Print a figure; a dash where there is none."""
    return "—" if number is None else plain(number).replace("-", "−")


def signed(number: Decimal | None) -> str:
    """Print a difference with its sign; a dash where there is none."""
    if number is None:
        return "—"
    return f"+{plain(number)}" if number > 0 else figure(number)


def percent(number: Decimal | None) -> str:
    """Print a difference in per cent; a dash where there is none."""
    return "—" if number is None else f"{signed(number)}%"


def broken(each: Broken) -> str:
    """Say why two years do not compare."""
    return phrases.broken((each,))


def caused(effects: tuple[Effect, ...], names: Mapping[Cause, str] = MappingProxyType({})) -> str:
    """List what moved a score: `目标 +0.45，完成 −1.25`."""
    return _printed(phrases.causes(effects, names))


def why(moved: Bar | Row) -> str:
    """List what moved a sum or a row."""
    return _printed(phrases.why(moved))


def _printed(told: str) -> str:
    """Set the sign that print has; what was told holds figures and fixed words only."""
    return told.replace(phrases.MINUS, "−")


# --- what the template shows ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A value in a cell, with the number of the indicator where a cell holds several."""

    text: str
    whose: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mover:
    """What moved the score much: a row, or a line of the budget."""

    href: str
    name: str
    moved: Decimal
    why: str
    mini: chart.Mini | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A column of the table in both years, and what is said of the difference."""

    old: tuple[_Said, ...]
    new: tuple[_Said, ...]
    changed: bool = False
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """A sentence below a row: `broken`, `soft`, `hint` or `plain`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """How a side came by its score."""

    year: int
    name: str
    score: str
    lines: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _RowView:
    """An indicator as the table shows it."""

    row: Row
    cells: tuple[_Cell, ...]
    delta: str
    percent: str
    tone: str
    why: str
    mini: chart.Mini | None
    notes: tuple[_Note, ...]
    proofs: tuple[_Proof, ...]
    waits: bool

    @property
    def name(self) -> str:
        return "、".join(_called(self.row.news or self.row.olds))

    @property
    def statuses(self) -> str:
        return " ".join(change.value for change in self.row.changes)

    @property
    def marks(self) -> str:
        """What the filters ask for."""
        row = self.row
        marks = {
            "broken": row.breaks,
            "soft": phrases.softness(row),
            "kept": phrases.sameness(row),
            "filed": any(phrases.departs(side) for side in (*row.olds, *row.news)),
            "moved": row.moved and not self.waits,
        }
        return " ".join(name for name, holds in marks.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Rows of one 二级指标, in the form's order."""

    title: str
    bar: Bar | None
    rows: tuple[_RowView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line of a list on the first screen."""

    href: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A list of the first screen; `more` counts what it leaves out, which a filter shows."""

    title: str
    none: str
    items: tuple[_Item, ...]
    count: int
    href: str
    filter: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def _listed(title: str, none: str, items: list[_Item], href: str, shown_by: str = "") -> _Listed:
    return _Listed(
        title=title, none=none, items=tuple(items[:_LISTED]), count=len(items), href=href, filter=shown_by
    )


class Lines:
    """The lines over the years that a template asks for."""

    def __init__(self, trend: Trend) -> None:
        """Take all years of a unit."""
        self.trend = trend
        self.pictures = tuple(chart.pictures(trend))

    @property
    def last(self) -> Year:
        """The year that names the unit."""
        return self.trend.years[-1]

    @property
    def span(self) -> str:
        """From when to when."""
        return f"{self.trend.years[0].year}—{self.last.year}"

    @staticmethod
    def broken(each: Broken) -> str:
        """Say why two years do not compare."""
        return broken(each)

    @staticmethod
    def describe(picture: chart.Picture) -> str:
        """Say a line in words, for those who cannot see it."""
        return "；".join(
            f"{dot.year} 年 {dot.text or '没有'}"
            + (f"，与前一年不可比（{'、'.join(broken(b) for b in dot.breaks)}）" if dot.breaks else "")
            for dot in picture.dots
        )


@dataclass(frozen=True, slots=True)
class _NoLines:
    """Stands for no trend at all."""

    trend: None = None


NO_LINES = _NoLines()


class View:
    """What the template asks for."""

    def __init__(self, comparison: Comparison, place: Locate, copied: int) -> None:
        """Take a comparison, where its values stand, and from what per cent a paragraph counts as copied."""
        self.c = comparison
        self.old, self.new = comparison.old, comparison.new
        self.copied = copied
        self.place = place
        self.waits = bool(self.old.waiting or self.new.waiting)
        self.whole = tuple(broken(each) for each in comparison.breaks)
        self.rules = tuple(map(phrases.rule, comparison.rules))
        self._most = chart.greatest([row.moved for row in comparison.rows if not phrases.waits(row)])
        self._proposals: dict[str, list[Proposal]] = {}
        for proposal in comparison.proposals:
            self._proposals.setdefault(proposal.new, []).append(proposal)
        self._sums = _Sums(comparison)
        self.groups = tuple(self._groups())
        self.budget = tuple(self._budget_row(line) for line in comparison.budget)
        self.waterfall = chart.waterfall(comparison.bridge, waiting=self.waits)

    # --- the first screen

    @property
    def years(self) -> str:
        """The title's years."""
        return f"{self.old.year} → {self.new.year}"

    @property
    def tone(self) -> str:
        """Which way the total went; empty while it is not known or not comparable."""
        if self.waits or self.c.breaks:
            return ""
        return _tone(self.c.bridge.moved)

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
            f"{way}因为{'、'.join(_in_words(e) for e in sorted(some, key=_by_size))}"
            for way, some in (ways if self.c.bridge.moved > 0 else ways[::-1])
            if some
        ]
        if not said:
            return ""
        return ("已填的各项：" if self.waits else "") + "；".join(said) + "。"

    @property
    def caution(self) -> str:
        """Say why even the totals do not compare."""
        if not self.whole or self.waits:
            return ""
        kinds = "、".join(each.kind.value for each in self.c.breaks)
        return f"两年的{kinds}不同，总分只能并列，不能直接相比。"

    @property
    def by_rule(self) -> str:
        """Say what the totals are by the rule, where something else was filed."""
        said = [
            f"{year.year} 年应为 {figure(year.computed)} 分，报送 {figure(year.printed)} 分"
            for year in phrases.by_hand(self.c)
        ]
        return f"按规则计算，{'，'.join(said)}。" if said else ""

    @property
    def top(self) -> tuple[_Mover, ...]:
        """The rows and lines that moved the score most."""
        told = phrases.moved_most(self.c)
        most = chart.greatest([each.moved for each in told])
        return tuple(
            _Mover(
                href=_at(each) if isinstance(each, Row) else "#budget",
                name=each.name,
                moved=each.moved,
                why=why(each),
                mini=chart.mini(each.moved, most),
            )
            for each in told
        )

    @property
    def renames(self) -> _Listed | None:
        """New rows that may be old ones: until somebody declares it, they count as won and lost."""
        rows = {row.name: row for row in self.c.rows if row.changes == (Change.ADDED,)}
        items = [
            _Item(href=_at(rows[new]), name=new, text=f"（上年「{olds[0].old}」？）")
            for new, olds in self._proposals.items()
            if new in rows
        ]
        if not items:
            return None
        return _Listed(title="可能的更名", none="", items=tuple(items[:1]), count=len(items), href="#table")

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many rows became what."""
        return tuple((change.value, self.c.count(change)) for change in Change)

    @property
    def lists(self) -> tuple[_Listed, ...]:
        """What a reviewer asks first."""
        return (
            _listed("不可比的行", "没有，各行都可以相比。", list(self._broken()), "#table", "only=broken"),
            _listed("偏软的目标", "没有发现。", list(self._soft()), "#table", "only=soft"),
            _listed("整行照旧", "没有发现。", list(self._repeated()), "#table", "only=kept"),
            _listed("照抄的文字", "没有发现。", list(self._passages(copied=True)), "#texts"),
            _listed("年份可疑", "没有发现。", list(self._passages(copied=False)), "#texts"),
            _listed("人工改分", "没有，得分都与规则一致。", list(self._filed()), "#table", "only=filed"),
        )

    def _views(self) -> Iterator[_RowView]:
        return (view for group in self.groups for view in group.rows)

    @property
    def open_rows(self) -> _Listed:
        """What is still to be filled in."""
        items = [
            _Item(href="#budget", name=line.name, text="") for line in self.c.budget if _waits(line.effects)
        ]
        items += [_Item(href=_at(v.row), name=v.row.name, text="") for v in self._views() if v.waits]
        return _Listed(title="待填", none="", items=tuple(items[:8]), count=len(items), href="#table")

    def _broken(self) -> Iterator[_Item]:
        for row in phrases.incomparable(self.c):
            text = "；".join(broken(each) for each in row.breaks)
            yield _Item(href=_at(row), name=row.name, text=text)

    def _soft(self) -> Iterator[_Item]:
        for row in phrases.soft(self.c):
            yield _Item(href=_at(row), name=row.name, text="；".join(phrases.softness(row).values()))

    def _repeated(self) -> Iterator[_Item]:
        for row in phrases.repeated(self.c):
            yield _Item(href=_at(row), name=row.name, text="")

    def _passages(self, *, copied: bool) -> Iterator[_Item]:
        found = phrases.copied(self.c, self.copied) if copied else phrases.stale(self.c)
        places = {
            id(passage): f"#t{i}-{k}"
            for i, words in enumerate(self.c.texts, start=1)
            for k, passage in enumerate(words.passages, start=1)
        }
        for words, passage in found:
            text = self._copying(passage) if copied else f"写着 {'、'.join(passage.stale)} 年"
            yield _Item(href=places[id(passage)], name=phrases.passage_name(words, passage), text=text)

    @staticmethod
    def _copying(passage: Passage) -> str:
        """Say what a paragraph took from last year."""
        count = len(passage.numbers)
        edits = f"，改了 {count} 处数字" if count and passage.reused == _ALL else ""
        return f"{passage.reused}% 相同{edits}"

    def copies(self, words: Words, passage: Passage) -> bool:
        """Tell whether a paragraph is listed as copied."""
        return phrases.is_copied(words, passage, self.copied)

    def _filed(self) -> Iterator[_Item]:
        for row in self.c.rows:
            text = "；".join(self._departures(row))
            if text:
                yield _Item(href=_at(row), name=row.name, text=text)
        for year, name in phrases.lines_by_hand(self.c):
            yield _Item(href="#budget", name=name, text=f"{year.year} 年报送与规则不同")

    def _departures(self, row: Row) -> Iterator[str]:
        for year, sides in ((self.old, row.olds), (self.new, row.news)):
            for side in sides:
                if phrases.departs(side):
                    yield f"{year.year} 年报送 {figure(side.score.figure)}，按规则 {figure(side.score.value)}"

    # --- the bridge

    @property
    def waiting_effect(self) -> Effect | None:
        """What open cells hide; no loss, and so set apart."""
        return next((e for e in self.c.bridge.effects if e.cause in WAITING), None)

    @property
    def bars(self) -> tuple[tuple[int, Bar, chart.Mini | None], ...]:
        """Every sum of the form with its depth and its small bar."""
        parts = [(depth, bar) for depth, bar in _deep(0, self.c.bridge) if depth]
        most = chart.greatest([bar.moved for _, bar in parts if not phrases.waits(bar)])
        return tuple(
            (depth, bar, None if phrases.waits(bar) else chart.mini(bar.moved, most)) for depth, bar in parts
        )

    def row_names(self, bar: Bar) -> tuple[tuple[int, str, str], ...]:
        """The rows that moved a group, with what each moved it by, or how it came or went."""
        rows = () if bar.parts else (self.c.row(number) for number in bar.rows)
        return tuple((row.number, row.name, self._moved_it(row)) for row in rows)

    def _moved_it(self, row: Row) -> str:
        if phrases.waits(row):
            return "待填"
        crossing = [change for change in row.changes if change in _CROSSING]
        if not crossing:
            return signed(row.moved)
        words = "、".join(change.value for change in crossing)
        # What went from one sum to another moved each of them by other points than its own.
        return words if self._sums.crossed(row) else f"{words} {signed(row.moved)}"

    @staticmethod
    def cause(cause: Cause) -> str:
        """Name a cause to somebody who reads it first."""
        return _CAUSES[cause]

    @staticmethod
    def joint(effect: Effect) -> str:
        """Say that a cause holds the one before it as well."""
        return phrases.joint(effect)

    @staticmethod
    def why(bar: Bar) -> str:
        """List what moved a sum."""
        return why(bar)

    @staticmethod
    def waiting(effects: tuple[Effect, ...]) -> bool:
        """Tell whether what moved a sum is an open cell."""
        return _waits(effects)

    # --- the table

    def _groups(self) -> Iterator[_Group]:
        found: dict[_Way | int, list[Row]] = {}
        for row in self.c.rows:
            found.setdefault(self._sums.of(row), []).append(row)
        for key, rows in found.items():
            way, bar = self._sums.named(key)
            yield _Group(title=" › ".join(way), bar=bar, rows=tuple(self._row(row) for row in rows))

    def _row(self, row: Row) -> _RowView:
        waits = phrases.waits(row) or (bool(row.news) and row.new_score is None)
        score = row.field("得分")
        return _RowView(
            row=row,
            cells=tuple(self._cell(row, name) for name in ("分值", "年初目标值", "实际完成值", "得分")),
            delta="待填" if waits else signed(row.moved),
            percent=self._score_percent(row, score, waits=waits),
            tone="" if waits or not (score and score.changed) else _tone(row.moved),
            why="" if waits else why(row),
            mini=None if waits else chart.mini(row.moved, self._most),
            notes=tuple(self._notes(row)),
            proofs=tuple(self._proofs(row)),
            waits=waits,
        )

    def _score_percent(self, row: Row, score: Field | None, *, waits: bool) -> str:
        if waits or score is None:
            return "—"
        if score.percent is not None:
            return percent(score.percent)
        return "不可比" if row.breaks or self.c.breaks else "—"

    def _cell(self, row: Row, name: str) -> _Cell:
        field = row.field(name)
        olds, news = (tuple(_sides(sides, name)) for sides in (row.olds, row.news))
        if field is None:
            return _Cell(old=olds, new=news)
        note = "" if name == "得分" else self._difference(row, field)
        tone = {True: "better", False: "worse", None: ""}[field.better] if name != "得分" else ""
        return _Cell(old=olds, new=news, changed=field.changed and bool(field.new), note=note, tone=tone)

    def _difference(self, row: Row, field: Field) -> str:
        """Write the difference of two figures, or that they cannot be compared."""
        figures_break = any(each.kind not in SCORE_BREAKS for each in row.breaks)
        if field.changed and field.old and field.new and figures_break and field.name != "分值":
            return "不可比"
        if not field.delta:
            return ""
        share = f"（{percent(field.percent)}）" if field.percent is not None else ""
        return f"{_WAYS[field.better]}{signed(field.delta)}{share}"

    def _notes(self, row: Row) -> Iterator[_Note]:
        for each in row.breaks:
            yield _Note(kind="broken", text=f"不可比 · {broken(each)}")
        for flag, because in phrases.softness(row).items():
            yield _Note(kind="soft", text=f"偏软 · {flag.value}：{because}")
        if phrases.sameness(row):
            yield _Note(kind="kept", text=f"整行照旧 · {phrases.sameness(row)}")
        for text in self._departures(row):
            yield _Note(kind="filed", text=f"人工改分 · {text}")
        for change, sides in ((Change.MERGED, row.olds), (Change.SPLIT, row.olds)):
            if change in row.changes:
                yield _Note(kind="plain", text=f"{change.value}自：{'、'.join(_called(sides))}")
        if row.reason:
            yield _Note(kind="plain", text=f"取消理由：{row.reason}")
        known = _SHOWN | {each.kind.value for each in row.breaks}
        for field in row.fields:
            if field.changed and field.name not in known:
                yield _Note(
                    kind="plain", text=f"{field.name}：{field.old or '（无）'} → {field.new or '（无）'}"
                )
        yield from self._proposed(row)

    def _proposed(self, row: Row) -> Iterator[_Note]:
        for each in self._proposals.get(row.name, ()) if row.changes == (Change.ADDED,) else ():
            text = f"可能是更名：上年的「{each.old}」（{each.likeness}% 的字相同）。若是，请写 {each.line}"
            yield _Note(kind="hint", text=text)

    def _proofs(self, row: Row) -> Iterator[_Proof]:
        for which, year, sides in (("old", self.old, row.olds), ("new", self.new, row.news)):
            for side in sides:
                yield _Proof(
                    year=year.year,
                    name=side.name,
                    score=f"{figure(side.score.printed)} / {figure(side.score.weight)}",
                    lines=tuple(_working(side)),
                    place=self.place(which, side.address),
                )

    # --- the budget and the rest

    def _budget_row(self, line: BudgetRow) -> dict[str, Any]:
        places = [
            f"{year.year}：{self.place(which, address)}"
            for which, year, address in (("old", self.old, line.old), ("new", self.new, line.new))
            if address
        ]
        return {
            "line": line,
            "statuses": [change.value for change in line.changes],
            "fields": [(field, self._money(field)) for field in line.fields],
            "why": "" if _waits(line.effects) else caused(line.effects, phrases.OF_MONEY),
            "places": places,
        }

    def _money(self, field: Field) -> str:
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

    @property
    def loose(self) -> tuple[str, ...]:
        """Links that name nothing."""
        return tuple(f"{phrases.loose(each)}：{self.place('new', each.address)}" for each in self.c.loose)

    def head_difference(self, field: Field) -> str:
        """Say what the difference of a value of the head is; a dash between texts."""
        return self._money(field) if field.delta is not None else "—"

    @staticmethod
    def texts_note(words: Words) -> str:
        """Say how much of a text was taken from last year."""
        if not words.changed:
            return "与上年一字不差"
        return "" if words.reused is None else f"全文 {words.reused}% 与上年相同"

    @staticmethod
    def numbers(passage: Passage) -> str:
        """List the figures that changed."""
        return phrases.numbers(passage)

    @staticmethod
    def broken(each: Broken) -> str:
        """Say why two years do not compare."""
        return broken(each)


_SHOWN = frozenset({"分值", "年初目标值", "实际完成值", "得分", "按规则得分", "报送得分"})
"""Fields that have a column or a sentence of their own."""
_WAYS = {True: "变好 ", False: "变差 ", None: ""}


def _waits(effects: tuple[Effect, ...]) -> bool:
    return any(effect.cause in WAITING for effect in effects)


_CROSSING = frozenset({Change.MOVED, Change.SPLIT, Change.MERGED})
"""What may take an indicator from one sum of the form to another."""


def _waiting(year: Year) -> str:
    return f"{year.year} 年度{year.status.value}，{phrases.waiting(year)}"


def _by_size(effect: Effect) -> Decimal:
    return -abs(effect.amount)


def _in_words(effect: Effect) -> str:
    return f"{_CAUSES[effect.cause]}（{signed(effect.amount)}）"


def _tone(moved: Decimal) -> str:
    if not moved:
        return ""
    return "better" if moved > 0 else "worse"


def _at(row: Row) -> str:
    return f"#r{row.number}"


_Way = tuple[str, ...]
"""The sums above an indicator as one year calls them, outermost first."""


def _way(side: Side) -> _Way:
    goal = (f"目标{int(side.address[1]) + 1}",) if side.address[0] == "绩效目标" else ()
    return (*goal, side.dimension, side.group)


def _leaves(above: _Way, bar: Bar) -> Iterator[tuple[_Way, Bar]]:
    for part in bar.parts:
        way = (*above, part.name)
        if part.parts:
            yield from _leaves(way, part)
        else:
            yield way, part


class _Sums:
    """Under which innermost sum a row stands: this year's, and for what was dropped the one that its own became."""

    def __init__(self, comparison: Comparison) -> None:
        """Take the sums of a comparison and what its rows tell of their names."""
        self._known = list(_leaves((), comparison.bridge))
        self._by_name: dict[_Way, int] = {}
        for number, (way, _) in enumerate(self._known):
            # Of two sums of one name this year's stands first; the other is gone.
            self._by_name.setdefault(_bared(way), number)
        by_row = {
            row: number
            for number, (_, bar) in enumerate(self._known)
            for row in bar.rows
            if comparison.row(row).changes == (Change.DROPPED,)
        }
        self._became: dict[_Way, _Way | int] = {}
        for row in comparison.rows:
            if row.old and row.new and Change.MOVED not in row.changes:
                self._became.setdefault(_bared(_way(row.old)), self._now(row.new))
        for number, place in by_row.items():
            self._became.setdefault(_bared(_way(comparison.row(number).olds[0])), place)

    def of(self, row: Row) -> _Way | int:
        """Find the sum of a row: its number, or its name where the form has no such sum."""
        return self._now(row.news[0]) if row.news else self._then(row.olds[0])

    def named(self, key: _Way | int) -> tuple[_Way, Bar | None]:
        """Name a sum that was found."""
        return self._known[key] if isinstance(key, int) else (key, None)

    def crossed(self, row: Row) -> bool:
        """Tell whether the sides of a row stand in more than one sum."""
        return len({*map(self._then, row.olds), *map(self._now, row.news)}) > 1

    def _now(self, side: Side) -> _Way | int:
        return self._by_name.get(_bared(_way(side)), _way(side))

    def _then(self, side: Side) -> _Way | int:
        return self._became.get(_bared(_way(side)), self._now(side))


def _bared(way: _Way) -> _Way:
    """Names that differ in width, spaces and punctuation name one sum."""
    return tuple(map(bare, way))


def _deep(depth: int, bar: Bar) -> Iterator[tuple[int, Bar]]:
    yield depth, bar
    for part in bar.parts:
        yield from _deep(depth + 1, part)


def _sides(sides: tuple[Side, ...], name: str) -> Iterator[_Said]:
    for place, side in enumerate(sides):
        whose = _number(place) if len(sides) > 1 else ""
        yield _Said(text=_shown(side, name), whose=whose, aside=_aside(side) if name == "得分" else "")


def _number(place: int) -> str:
    return chr(ord("①") + place) if place < 20 else f"（{place + 1}）"  # noqa: PLR2004 -- the circled ones end


def _called(sides: tuple[Side, ...]) -> list[str]:
    """Name sides, with numbers where the cells have them."""
    if len(sides) == 1:
        return [sides[0].name]
    return [f"{_number(place)} {side.name}" for place, side in enumerate(sides)]


def _shown(side: Side, name: str) -> str:
    indicator = side.indicator
    if name == "分值":
        return figure(indicator.weight)
    if name == "得分":
        return figure(side.score.printed) if side.score.printed is not None else "待填"
    value = indicator.target if name == "年初目标值" else indicator.actual
    if value is not None:
        return value.text
    return "待填" if name == "实际完成值" else "（空）"


def _aside(side: Side) -> str:
    return f"按规则 {figure(side.score.value)}" if phrases.departs(side) else ""


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
