"""What changed between two years of one unit: the value that every face of the review is drawn from.

Nothing here is computed. All figures are exact; a face prints them and never computes one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfdoc.core import wording
from perfdoc.core.address import Address
from perfdoc.core.assessment import Dropped, Indicator, Status
from perfdoc.core.diagnostics import Facts, Quote, facts
from perfdoc.judge.scoring import Score
from perfdoc.years.kinds import SCORE_BREAKS, WAITING, Break, Cause, Change, Flag, Op

__all__ = [
    "SCORE_BREAKS",
    "WAITING",
    "Bar",
    "Break",
    "Broken",
    "BudgetRow",
    "Cause",
    "Change",
    "ChangedRule",
    "Comparison",
    "Effect",
    "Field",
    "Flag",
    "Flagged",
    "LooseLink",
    "Measure",
    "Op",
    "Passage",
    "Piece",
    "Proposal",
    "Row",
    "Side",
    "Words",
    "Year",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a row, a line or the head, in both years.

    Attributes:
        name: The form's word: 分值, 年初目标值, 实际完成值, 得分, 方向, 口径 …
        old: As it is printed in the old year; empty where it is not written.
        new: Likewise in the new year.
        delta: New less old, in the new year's unit; None where the two are no figures or not comparable.
        percent: The difference in per cent of the old figure; None as `delta`, and where the old figure is 0.
        better: True where it moved the way the indicator wants, False where against it; None where that says nothing.
        changed: True where the two years differ in more than width, spaces, punctuation or trailing zeros.
    """

    name: str
    old: str
    new: str
    changed: bool
    delta: Decimal | None = None
    percent: Decimal | None = None
    better: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An indicator as it stands in one year.

    Attributes:
        indicator: The content.
        score: What it earned, with its reason.
        dimension: The name of its 一级指标 in that year.
        group: The name of its 二级指标.
    """

    indicator: Indicator
    score: Score
    dimension: str
    group: str

    @property
    def name(self) -> str:
        """名称."""
        return self.indicator.name

    @property
    def address(self) -> Address:
        """Where it stands in its own year."""
        return self.score.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A part of a change in score.

    Attributes:
        cause: What it comes from.
        amount: Points won (above 0) or lost.
        joint: True where an earlier cause could not be told from this one, because the step between cannot be scored.
    """

    cause: Cause
    amount: Decimal
    joint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A reason why two years do not compare, with what was and what is."""

    kind: Break
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRule:
    """A parameter of the rulebook that is another one this year.

    Attributes:
        part: The part of the rulebook, and which of its rules: 预算执行, 定量（正向）, 定性（达成预期）.
        parameter: The word of form.yaml: 上限, 得分位数.
        old: As form.yaml writes it for the old year; empty where it does not.
        new: Likewise for the new year.
        clause: The name of the clause that the new rule rests on; of a rule that is gone, the old one's.
    """

    part: str
    parameter: str
    old: str
    new: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A target that looks soft, with the figures that say so.

    Attributes:
        flag: In which way it looks soft.
        facts: The figures.
        kind: `lower` where less is better and the words for it differ; else empty.
    """

    flag: Flag
    facts: Facts
    kind: str = ""

    @property
    def because(self) -> str:
        """Say in Chinese why it looks soft."""
        key = f"{self.flag.name}.{self.kind}" if self.kind else self.flag.name
        return wording.said(wording.SOFT[key], self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two names that may be one indicator; never taken for one until somebody declares it.

    Attributes:
        old: A name of last year that this year does not have.
        new: A name of this year that last year did not have.
        likeness: Per cent of the characters that both names share.
        line: What to write behind the new indicator: `曾用名: …`.
    """

    old: str
    new: str
    likeness: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseLink:
    """A declared link to something that last year does not have, or that another link has taken.

    Attributes:
        address: Where this year's content declares it.
        key: 曾用名, 拆分自, 合并自, 取消 or 上年措施.
        name: What it names.
    """

    address: Address
    key: str
    name: str

    @property
    def kind(self) -> str:
        """Which kind of a fault it is: of 取消, of 上年措施, or of a name."""
        return {"取消": "dropped", "上年措施": "measure"}.get(self.key, "")

    @property
    def sentence(self) -> str:
        """Say in Chinese that it leads nowhere."""
        return wording.said(wording.LOOSE[self.kind], facts(key=self.key, name=Quote(self.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An indicator through both years.

    Attributes:
        number: Its place in the comparison, from 1; rows stand in the new year's order, dropped ones behind the row
            that they followed.
        olds: Last year's side; several where they were merged, none where the indicator is new.
        news: This year's side; several where it was split, none where it was dropped.
        changes: What became of it, in the order of `Change`; several may hold at once.
        fields: Every value of the row, unchanged ones too; empty unless there is one side in each year.
        breaks: Why the years do not compare.
        flags: Why the target looks soft.
        effects: What moved its score, summing exactly to the change; those of 0 are left out.
        dropped: The reason that was declared for dropping it, or None.
    """

    number: int
    olds: tuple[Side, ...]
    news: tuple[Side, ...]
    changes: tuple[Change, ...]
    fields: tuple[Field, ...] = ()
    breaks: tuple[Broken, ...] = ()
    flags: tuple[Flagged, ...] = ()
    effects: tuple[Effect, ...] = ()
    dropped: Dropped | None = None

    @property
    def old(self) -> Side | None:
        """Last year's side; None where there is none, or more than one."""
        return self.olds[0] if len(self.olds) == 1 else None

    @property
    def new(self) -> Side | None:
        """This year's side; None where there is none, or more than one."""
        return self.news[0] if len(self.news) == 1 else None

    @property
    def name(self) -> str:
        """The names of this year, else of last year."""
        return "、".join(side.name for side in self.news or self.olds)

    @property
    def old_score(self) -> Decimal | None:
        """The points printed last year, added up; None where there are none."""
        return _printed(self.olds)

    @property
    def new_score(self) -> Decimal | None:
        """The points printed this year, added up; None where there are none."""
        return _printed(self.news)

    @property
    def moved(self) -> Decimal:
        """The change in printed score; what is not there counts as 0."""
        return sum((effect.amount for effect in self.effects), Decimal(0))

    @property
    def unchanged(self) -> bool:
        """True where nothing became of it."""
        return self.changes == (Change.UNCHANGED,)

    def field(self, name: str) -> Field | None:
        """Return a value by the form's word; None where the row has none of that name."""
        return next((f for f in self.fields if f.name == name), None)


def _printed(sides: tuple[Side, ...]) -> Decimal | None:
    shown = [side.score.printed for side in sides if side.score.printed is not None]
    return sum(shown, Decimal(0)) if shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A line of 预算执行 through both years.

    Attributes:
        name: Its name this year, else last year.
        old: Where it stood last year; None where it did not.
        new: Where it stands this year; None where it does not.
        changes: As of a `Row`.
        fields: Its amounts, its rate and its points.
        effects: As of a `Row`; empty for a line that is not scored.
    """

    name: str
    old: Address | None
    new: Address | None
    changes: tuple[Change, ...]
    fields: tuple[Field, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A sum of the form through both years, and what moved it: 总分, a 一级指标, a 二级指标, a line of 预算执行.

    Attributes:
        kind: 总分, 预算执行, 一级指标 or 二级指标.
        name: Its name this year, else last year.
        old: Points printed last year; None where there are none.
        new: Points printed this year; None where there are none.
        old_weight: Its 分值 last year; None where it was not there.
        new_weight: Its 分值 this year; None where it is not there.
        effects: By cause, in its fixed order, summing exactly to `new` less `old`; what is not there counts as 0.
        parts: The sums below it.
        rows: Numbers of the rows below it that won or lost points, those first that moved most.
    """

    kind: str
    name: str
    old: Decimal | None
    new: Decimal | None
    old_weight: Decimal | None
    new_weight: Decimal | None
    effects: tuple[Effect, ...]
    parts: "tuple[Bar, ...]" = ()
    rows: tuple[int, ...] = ()

    @property
    def moved(self) -> Decimal:
        """The change in printed score."""
        return sum((effect.amount for effect in self.effects), Decimal(0))

    def walk(self) -> "Iterator[Bar]":
        """Yield this bar and all below it, in the form's order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of characters and what became of it."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph through both years.

    Attributes:
        old: Its number last year, from 1; None where it is new.
        new: Its number this year, from 1; None where it was dropped.
        pieces: Its text; the same and the dropped pieces make last year's, the same and the added ones this year's.
        reused: Per cent of this year's paragraph that stands in last year's narratives, figures apart; None where the
            paragraph was dropped or is too short to tell.
        numbers: Figures that changed, `(old, new)`; empty in place of a figure that only one year has.
        stale: Years that this paragraph names and that are not the form's own.
    """

    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]
    reused: int | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """True unless every piece stayed."""
        return any(piece.op is not Op.SAME for piece in self.pieces)

    @property
    def new_text(self) -> str:
        """This year's paragraph; empty where it was dropped."""
        return "".join(piece.text for piece in self.pieces if piece.op is not Op.DROPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text of the form through both years: a narrative, or the goals.

    Attributes:
        name: Its name in the program: 偏差分析, 改进措施, 年度目标.
        title: Its title on the form.
        narrative: True for a text with a file of its own, False for goals.
        passages: Its paragraphs in this year's order, dropped ones where they stood.
        reused: Per cent of this year's text that stands in last year's, figures apart; None where there is too little.
    """

    name: str
    title: str
    narrative: bool
    passages: tuple[Passage, ...]
    reused: int | None = None

    @property
    def changed(self) -> bool:
        """True unless every paragraph stayed."""
        return any(passage.changed for passage in self.passages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An improvement measure of last year, and what this year says of it.

    Attributes:
        number: Its paragraph in last year's text, from 1.
        text: What was promised.
        outcome: What `上年措施` says became of it; empty where it says nothing.
        kept: Per cent of it that stands in this year's narratives again, figures apart; None where it is too short.
    """

    number: int
    text: str
    outcome: str = ""
    kept: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One side of a comparison.

    Attributes:
        name: Its path below content/, or what the reviewer typed.
        year: 年度.
        unit: 单位名称.
        form: The name of its 表式.
        status: 状态.
        printed: 总分 as filed; None while nothing is scored.
        computed: 总分 by the rule; None while nothing is scored.
        open: How many scores still wait for an input.
        blocked: How many scores cannot be computed, because something in the content is wrong.
        grade: Where the rulebook has grades, else empty.
        filed: Names of the rows and lines whose filed score departs from the rule.
    """

    name: str
    year: int
    unit: str
    form: str
    status: Status
    printed: Decimal | None
    computed: Decimal | None
    open: int = 0
    blocked: int = 0
    grade: str = ""
    filed: tuple[str, ...] = ()

    @property
    def waiting(self) -> int:
        """How many scores are not there, for whatever reason; then its total is part of one."""
        return self.open + self.blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two years of one unit, compared.

    Attributes:
        old: The earlier side.
        new: The later side.
        head: Values of the head that changed: 单位名称, 部门, 支出 and what else the form asks for; that another day
            and 状态 stand there goes without saying.
        breaks: What changed for the form as a whole: 表式, 计分规则, 分值体系.
        rules: The parameters of the scoring that changed.
        budget: The lines of 预算执行.
        rows: The indicators.
        bridge: 总分 and every sum below it, with what moved each.
        texts: The goals and the narratives.
        measures: Last year's improvement measures.
        loose: Declared links that name nothing.
        proposals: Names of both years that may be one indicator, the likeliest first.
    """

    old: Year
    new: Year
    head: tuple[Field, ...]
    breaks: tuple[Broken, ...]
    rules: tuple[ChangedRule, ...]
    budget: tuple[BudgetRow, ...]
    rows: tuple[Row, ...]
    bridge: Bar
    texts: tuple[Words, ...]
    measures: tuple[Measure, ...] = ()
    loose: tuple[LooseLink, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def empty(self) -> bool:
        """True where nothing changed that is compared: no figure, word, rule or name."""
        return (
            not self.head
            and not self.breaks
            and all(line.changes == (Change.UNCHANGED,) for line in self.budget)
            and all(row.unchanged for row in self.rows)
            and not any(text.changed for text in self.texts)
        )

    def row(self, number: int) -> Row:
        """Return a row by its number."""
        return self.rows[number - 1]

    def count(self, change: Change) -> int:
        """Count the rows of which something became."""
        return sum(change in row.changes for row in self.rows)
