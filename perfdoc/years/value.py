"""What changed between two years of one unit: the value that every output format is made from.

Nothing here is computed. All figures are exact; the formats print them and never compute one.
A field carries the word of the JSON in which machines read it (`entry`); one without a word stays inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfdoc.core import keys, wording
from perfdoc.core.address import Address
from perfdoc.core.assessment import Dropped, Indicator, Status
from perfdoc.core.diagnostics import Facts, Quote, facts
from perfdoc.core.entry import entry
from perfdoc.judge.scoring import Score
from perfdoc.judge.scoring.value import Working
from perfdoc.years.kinds import Break, Cause, Change, Flag, Op

Way = tuple[tuple[str, str], ...]
"""The way to a sum of the form by kind and bare name, from the outside in; what has one way is one sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a row, a line or the head, in both years.

    `delta` is new less old in the new year's unit, and None where the two are no figures or not comparable.
    """

    name: str = entry("名称", "表中的栏目")
    old: str = entry("上年", "印出的样子，空为没有写")
    new: str = entry("今年", "印出的样子，空为没有写")
    changed: bool = entry("不同", "除了空格、标点、全半角和末尾的零以外是否不同")
    delta: Decimal | None = entry("差", "今年减上年，按今年的单位；不可比的为 null", default=None)
    percent: Decimal | None = entry(
        "百分比", "差占上年的百分之几；不可比的、上年为 0 的为 null", default=None
    )
    better: bool | None = entry("变好", "是否朝指标的方向变；无所谓好坏的为 null", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An indicator as it stands in one year, with what it earned.

    `way` leads to the sum that it counts in, by last year's names; a trend, which adds up nothing, leaves it empty.
    """

    indicator: Indicator
    score: Score
    way: Way = ()
    name: str = entry("名称", "三级指标", init=False)
    dimension: str = entry("一级指标", "所属")
    group: str = entry("二级指标", "所属")
    weight: Decimal = entry("分值", "满分", init=False)
    printed: Decimal | None = entry("得分", "印出的得分", init=False)
    value: Decimal | None = entry("按规则得分", "按规则算出的得分", init=False)
    working: Working | None = entry("算式", "带数的公式", init=False)
    clause: str = entry("条款", "依据的条款", init=False)
    address: Address = entry("位置", "文件、行、列", init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.indicator.name)
        for name in ("weight", "printed", "value", "working", "clause", "address"):
            object.__setattr__(self, name, getattr(self.score, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A part of a change in score, points won or lost.

    It is `joint` where it includes an earlier cause, because the step between the two cannot be scored.
    """

    cause: Cause = entry("原因", "依固定的次序")
    amount: Decimal = entry("分", "得（正）或失（负）几分")
    joint: bool = entry("分不开", "前一步无法计分，与这一步合在一起", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A reason why two years do not compare, with what was and what is."""

    kind: Break = entry("什么不同", "单位、方向等")
    old: str = entry("上年", "上年是什么")
    new: str = entry("今年", "今年是什么")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRule:
    """A parameter of the rulebook that is another one this year, each side as form.yaml writes it."""

    part: str = entry("部分", "规则的哪一部分，例如 定量（正向）")
    parameter: str = entry("参数", "form.yaml 里的名称，例如 上限")
    old: str = entry("上年", "上年是什么，空为没有写")
    new: str = entry("今年", "今年是什么，空为没有写")
    clause: str = entry("条款", "今年依据的条款；今年没有的，上年的")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A target that looks soft, with the figures that say so.

    Attributes:
        flag: In which way it looks soft.
        facts: The figures.
        kind: `lower` where less is better and the words for it differ; else empty.
    """

    flag: Flag = entry("什么", "哪一种")
    code: str = entry("代码", "报告它的检查", init=False)
    because: str = entry("依据", "一句话，带数", init=False)
    facts: Facts
    kind: str = ""

    def __post_init__(self) -> None:
        because = wording.BECAUSE[wording.key(self.flag.code, self.kind)]
        object.__setattr__(self, "code", self.flag.code)
        object.__setattr__(self, "because", wording.said(because, self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two names that may be one indicator; never taken for one until somebody declares it."""

    old: str = entry("上年", "今年没有的名称")
    new: str = entry("今年", "上年没有的名称")
    likeness: int = entry("相同", "相同的字占百分之几")
    line: str = entry("写作", "确认后写在指标后面的话")


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseLink:
    """A declared link to something that last year does not have, or that another link has taken."""

    name: str = entry("名称", "所写的上年指标")
    key: str = entry("写在", "曾用名、拆分自、合并自、取消或上年措施")
    address: Address = entry("位置", "文件、行、列")

    @property
    def kind(self) -> str:
        """Which kind of a fault it is: of 取消, of 上年措施, or of a name."""
        return {keys.DROPPED: "dropped", keys.FOLLOW_UPS: "measure"}.get(self.key, "")

    @property
    def sentence(self) -> str:
        """Say in Chinese that it leads nowhere."""
        because = wording.BECAUSE[wording.key(wording.LOOSE, self.kind)]
        return wording.said(because, facts(key=self.key, name=Quote(self.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An indicator through both years.

    Rows stand in the new year's order, dropped ones behind the row that they followed. Several sides of a year were
    merged or split. `fields` holds unchanged values too, and is empty unless there is one side in each year.
    """

    number: int = entry("编号", "在本次比较中的次序")
    name: str = entry("名称", "今年的名称，没有的为上年的", init=False)
    changes: tuple[Change, ...] = entry("变化", "可以同时有几种")
    olds: tuple[Side, ...] = entry("上年", "新增的没有，合并的有几项")
    news: tuple[Side, ...] = entry("今年", "取消的没有，拆分的有几项")
    fields: tuple[Field, ...] = entry("值", "一项对一项时的各栏", default=())
    breaks: tuple[Broken, ...] = entry("不可比", "为什么两年不能相比", default=())
    flags: tuple[Flagged, ...] = entry("目标偏软", "要请人核对的", default=())
    effects: tuple[Effect, ...] = entry("原因", "得分变动的原因，相加等于得分的变动", default=())
    moved: Decimal = entry("得分变动", "今年减上年，没有的按 0", init=False)
    reason: str = entry("取消的理由", "没有写的为空", init=False)
    dropped: Dropped | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", "、".join(side.name for side in self.news or self.olds))
        object.__setattr__(self, "moved", _added_up(self.effects))
        object.__setattr__(self, "reason", self.dropped.reason if self.dropped else "")

    @property
    def old(self) -> Side | None:
        """Last year's side; None where there is none, or more than one."""
        return self.olds[0] if len(self.olds) == 1 else None

    @property
    def new(self) -> Side | None:
        """This year's side; None where there is none, or more than one."""
        return self.news[0] if len(self.news) == 1 else None

    @property
    def old_score(self) -> Decimal | None:
        """The points printed last year, added up; None where there are none."""
        return _printed(self.olds)

    @property
    def new_score(self) -> Decimal | None:
        """The points printed this year, added up; None where there are none."""
        return _printed(self.news)

    @property
    def unchanged(self) -> bool:
        """True where nothing changed."""
        return self.changes == (Change.UNCHANGED,)

    def field(self, name: str) -> Field | None:
        """Return a value by the form's word; None where the row has none of that name."""
        return next((f for f in self.fields if f.name == name), None)


def _added_up(effects: tuple[Effect, ...]) -> Decimal:
    return sum((effect.amount for effect in effects), Decimal(0))


def _printed(sides: tuple[Side, ...]) -> Decimal | None:
    shown = [side.printed for side in sides if side.printed is not None]
    return sum(shown, Decimal(0)) if shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A line of 预算执行 through both years; one that is not scored has no effects."""

    name: str = entry("名称", "今年的名称，没有的为上年的")
    changes: tuple[Change, ...] = entry("变化", "可以同时有几种")
    fields: tuple[Field, ...] = entry("值", "各栏")
    effects: tuple[Effect, ...] = entry("原因", "得分变动的原因", default=())
    old: Address | None = entry("上年位置", "文件、行、列")
    new: Address | None = entry("今年位置", "文件、行、列")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A sum of the form through both years, with the sums below it.

    The effects stand by cause, in its fixed order, and sum exactly to `new` less `old`; what is not there counts as 0.
    """

    kind: str = entry("类别", "总分、预算执行、绩效目标、一级指标或二级指标")
    name: str = entry("名称", "今年的名称，没有的为上年的")
    old: Decimal | None = entry("上年", "印出的得分")
    new: Decimal | None = entry("今年", "印出的得分")
    old_weight: Decimal | None
    new_weight: Decimal | None
    moved: Decimal = entry("变动", "今年减上年，没有的按 0", init=False)
    effects: tuple[Effect, ...] = entry("原因", "相加等于变动")
    way: Way = ()
    parts: "tuple[Bar, ...]" = ()
    rows: tuple[int, ...] = entry("指标", "使它变动的指标的编号，变得多的在前", default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "moved", _added_up(self.effects))

    def walk(self) -> "Iterator[Bar]":
        """Yield this bar and all below it, in the form's order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of characters and what became of it."""

    op: Op = entry("怎样", "同、增或删")
    text: str = entry("文字", "原文")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph through both years; `reused` and `stale` speak of this year's."""

    old: int | None = entry("上年", "上年的第几段")
    new: int | None = entry("今年", "今年的第几段")
    pieces: tuple[Piece, ...] = entry("片段", "同与删合成上年的，同与增合成今年的")
    reused: int | None = entry("与上年相同", "今年这一段百分之几见于上年，数字不计", default=None)
    numbers: tuple[tuple[str, str], ...] = entry("数字变动", "上年的数和今年的数", default=())
    stale: tuple[str, ...] = entry("年份可疑", "提到的、不是本年度的年份", default=())

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
    """A text of the form through both years: a narrative with a file of its own, or the goals.

    Its paragraphs stand in this year's order, dropped ones where they stood.
    """

    name: str = entry("名称", "程序里的名称")
    title: str = entry("标题", "表中的栏目")
    narrative: bool
    reused: int | None = entry("与上年相同", "百分之几见于上年，数字不计", default=None)
    passages: tuple[Passage, ...] = entry("段", "依今年的次序")

    @property
    def changed(self) -> bool:
        """True unless every paragraph stayed."""
        return any(passage.changed for passage in self.passages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An improvement measure of last year, and what this year says of it."""

    number: int = entry("第几段", "在上年的改进措施里")
    text: str = entry("内容", "上年写的")
    outcome: str = entry("落实情况", "上年措施 里写的，没有写的为空", default="")
    kept: int | None = entry("又写了", "百分之几又见于今年的文字", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One side of a comparison; its scores are None while nothing is scored."""

    name: str = entry("名称", "content 下的路径，或所给的版本")
    year: int = entry("年度", "自评的年度")
    unit: str = entry("单位名称", "填报单位")
    form: str = entry("表式", "表的正式名称")
    status: Status = entry("状态", "填报中、定稿或已报送")
    printed: Decimal | None = entry("总分", "印出的总分")
    computed: Decimal | None = entry("按规则总分", "按规则算出的总分")
    open: int = entry("待填", "还没有得分的项数", default=0)
    blocked: int = entry("算不出", "内容有错误、算不出得分的项数", default=0)
    grade: str = entry("等级", "没有等级的为空", default="")
    filed: tuple[str, ...] = entry("报送不同", "报送得分与规则不同的各项", default=())

    @property
    def waiting(self) -> int:
        """How many scores are not there, for whatever reason; then its total is part of one."""
        return self.open + self.blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two years of one unit, compared.

    A different date or 状态 in the head is not listed. `bridge` is 总分 with every sum below it.
    """

    old: Year = entry("上年", "较早的一份")
    new: Year = entry("今年", "较晚的一份")
    breaks: tuple[Broken, ...] = entry("不可比", "整张表有什么不同")
    rules: tuple[ChangedRule, ...] = entry("规则", "计分规则变了的各个参数")
    head: tuple[Field, ...] = entry("表头", "表头变了的各栏")
    budget: tuple[BudgetRow, ...] = entry("预算执行", "各行")
    rows: tuple[Row, ...] = entry("指标", "依今年的次序，取消的跟在原来的前一项后面")
    bridge: Bar = entry("合计", "总分和它下面的各个合计")
    texts: tuple[Words, ...] = entry("文字", "年度目标和各段叙述")
    measures: tuple[Measure, ...] = entry("上年措施", "上年的改进措施", default=())
    loose: tuple[LooseLink, ...] = entry("对应不上", "写明的对应关系里找不到的", default=())
    proposals: tuple[Proposal, ...] = entry("可能是更名", "只供参考，要人写明才算", default=())

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
        """Count the rows with a change."""
        return sum(change in row.changes for row in self.rows)
