"""What an assessment is: one unit's self-evaluation for one year, as immutable values.

A field carries the words of the form under which a person writes it (`entry`), so that reading a file,
describing it to an editor and finding the place of a value all follow from this one description.
Annotations are data here: postponed evaluation stays off.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.entry import CarryOver, entry

Named = tuple[tuple[str, str], ...]
"""Free names with a text each, in the order in which they were written."""


class Blank(Enum):
    """空白: a cell that was handed in empty, which is neither a figure nor a cell that nobody wrote about."""

    BLANK = "空白"


Filed = Decimal | Blank
"""What was handed in where the program has a figure of its own: another figure, or nothing."""


class Status(Enum):
    """状态: how strict the program is with an assessment."""

    FILLING = "填报中"
    FINAL = "定稿"
    FILED = "已报送"


class Direction(Enum):
    """How an actual is compared with its target: 正向 (at least), 反向 (at most), and the kinds without a direction."""

    HIGHER = "正向"
    LOWER = "反向"
    EQUAL = "等于"
    WITHIN = "区间"
    BY_DATE = "截止"
    YES_NO = "是否"


class Comparator(Enum):
    """The sign in front of a target."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    MORE_THAN = "＞"
    LESS_THAN = "＜"
    EXACTLY = "="

    @property
    def direction(self) -> Direction:
        """The direction that the sign implies."""
        if self in (Comparator.AT_LEAST, Comparator.MORE_THAN):
            return Direction.HIGHER
        if self in (Comparator.AT_MOST, Comparator.LESS_THAN):
            return Direction.LOWER
        return Direction.EQUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A measured or promised amount: `≥90%`, `1000 万方`, `认可度 90%`.

    Attributes:
        text: As the person wrote it; this is what is printed.
        number: The figure alone.
        unit: `%`, `万方` …; empty where none is written.
        comparator: The sign in front, or None.
        label: What the figure is a measure of where the person says so (`认可度`), else empty.
        wide: True where full-width digits or signs were written.
        rounded: The figure as `text` shows it where that is rounded; None where it shows `number` itself.
    """

    text: str
    number: Decimal
    unit: str = ""
    comparator: Comparator | None = None
    label: str = ""
    wide: bool = False
    rounded: Decimal | None = None

    @property
    def shown(self) -> Decimal:
        """The figure as it is printed: an average is scored unrounded and printed rounded."""
        return self.number if self.rounded is None else self.rounded


@dataclass(frozen=True, slots=True)
class Words:
    """A target or actual that is a text, printed as it stands."""

    text: str


Value = Quantity | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """定性: the grade of a qualitative indicator, with the share of its weight where the person states one.

    Attributes:
        grade: A name of one of the rulebook's bands.
        share: Per cent of the weight; None means the band's default.
    """

    grade: str
    share: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """明细: a row below an indicator that shows figures and is not scored."""

    name: str = entry(keys.NAME, "明细的名称")
    target: Value | None = entry(
        keys.TARGET, "年初定下的目标，数字加单位，例如 30个、≥90%", CarryOver.TARGET, default=None
    )
    actual: Value | None = entry(
        keys.ACTUAL, "年末实际完成的数，单位与目标一致", CarryOver.EMPTIED, default=None
    )
    remark: str | None = entry(keys.REMARK, "这一行的偏差原因和改进措施", CarryOver.REMOVED, default=None)
    unconfirmed: bool = entry(keys.UNCONFIRMED, "是：目标照抄上年，还没有人确认；确认后删去", default=False)
    own: Named = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """三级指标: a target, the actual and the points it can earn."""

    name: str = entry(keys.NAME, "三级指标的名称，不带分值")
    weight: Decimal = entry(keys.WEIGHT, "这项指标的满分", weight=True, default=Decimal(0))
    direction: Direction | None = entry(
        keys.DIRECTION,
        "正向：越多越好；反向：越少越好；等于、区间、截止（日期）、是否。不写时按目标值前的 ≥ ≤ = 判断，没有符号的按正向",
        default=None,
    )
    target: Value | None = entry(
        keys.TARGET, "年初定下的目标，数字加单位，例如 30个、≥90%", CarryOver.TARGET, default=None
    )
    actual: Value | None = entry(
        keys.ACTUAL, "年末实际完成的数，单位与目标一致", CarryOver.EMPTIED, default=None
    )
    judgement: Judgement | None = entry(
        keys.JUDGEMENT,
        "定性指标的达成情况：达成预期、部分达成预期、未达成预期，后面可写百分比",
        CarryOver.EMPTIED,
        default=None,
    )
    printed_as: str | None = entry(
        keys.PRINTED_AS, "表中印出的名称与“名称（分值）”不同时，照原样写在这里", default=None
    )
    filed: Filed | None = entry(
        keys.FILED,
        "报送的得分与按规则算出的不同时写在这里；报送时空着的写 空白",
        CarryOver.REMOVED,
        default=None,
    )
    filed_because: str | None = entry(
        keys.FILED_BECAUSE, "为什么报送得分与规则不同", CarryOver.REMOVED, default=None
    )
    remark: str | None = entry(
        keys.REMARK, "这一项的偏差原因和改进措施；逐项说明的表印在表里", CarryOver.REMOVED, default=None
    )
    rolled_up_from: tuple[str, ...] = entry(
        keys.ROLLED_UP_FROM, "由哪些自评汇总而来，写 content 下的路径", CarryOver.LINKS, default=()
    )
    rolled_up_name: str | None = entry(
        keys.ROLLED_UP_NAME, "在那些自评里叫什么名称；不写就是同名", default=None
    )
    scope: str | None = entry(
        keys.SCOPE, "统计的范围或数据来源；与上年不同时写明，两年就不相比", default=None
    )
    renamed_from: str | None = entry(
        keys.RENAMED_FROM, "上年叫什么名称；改了名称才写", CarryOver.REMOVED, default=None
    )
    split_from: str | None = entry(
        keys.SPLIT_FROM, "由上年哪一项指标拆分而来", CarryOver.REMOVED, default=None
    )
    merged_from: tuple[str, ...] = entry(
        keys.MERGED_FROM, "由上年哪几项指标合并而来", CarryOver.REMOVED, default=()
    )
    unconfirmed: bool = entry(keys.UNCONFIRMED, "是：目标照抄上年，还没有人确认；确认后删去", default=False)
    details: tuple[Detail, ...] = entry(
        keys.DETAILS, "这一项下面不计分的明细行，表中有明细的才写", CarryOver.BELOW, default=()
    )
    own: Named = ()

    @property
    def quantitative(self) -> bool:
        """True where the score follows from figures, not from a grade."""
        return isinstance(self.target, Quantity) and self.judgement is None

    @property
    def better(self) -> Direction:
        """The direction that applies: the written one, else that of the target's sign, else 正向."""
        if self.direction is not None:
            return self.direction
        sign = self.target.comparator if isinstance(self.target, Quantity) else None
        return sign.direction if sign else Direction.HIGHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """二级指标."""

    name: str = entry(keys.NAME, "二级指标的名称，例如 数量指标")
    weight: Decimal = entry(keys.WEIGHT, "本组三级指标分值之和", weight=True, default=Decimal(0))
    indicators: tuple[Indicator, ...] = entry(
        keys.INDICATOR, "本组的三级指标，一行一项", CarryOver.BELOW, default=()
    )
    renamed_from: str | None = entry(
        keys.RENAMED_FROM, "上年叫什么名称；改了名称才写", CarryOver.REMOVED, default=None
    )

    def below(self, address: Address) -> Iterator[tuple[Address, Indicator]]:
        """Yield the address of each indicator, where this group stands at `address`.

        A level that the form does not have has no name and adds no step to the address.
        """
        steps = (keys.INDICATOR,) if self.name else ()
        return (((*address, *steps, k), indicator) for k, indicator in enumerate(self.indicators))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """一级指标."""

    name: str = entry(keys.DIMENSION, "一级指标的名称，例如 产出指标")
    weight: Decimal = entry(keys.WEIGHT, "所属二级指标分值之和", weight=True, default=Decimal(0))
    groups: tuple[Group, ...] = entry(keys.GROUP, "所属的二级指标", CarryOver.BELOW)
    renamed_from: str | None = entry(
        keys.RENAMED_FROM, "上年叫什么名称；改了名称才写", CarryOver.REMOVED, default=None
    )

    def below(self, address: Address) -> Iterator[tuple[Address, Group]]:
        """Yield the address of each group, where this dimension stands at `address`.

        A level that the form does not have has no name and adds no step to the address.
        """
        steps = (keys.GROUP,) if self.name else ()
        return (
            ((*address, *steps, j) if group.name else address, group) for j, group in enumerate(self.groups)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expenditure:
    """支出: what the unit spent in the year, in the form's money unit."""

    basic: Decimal | None = entry(keys.BASIC, "全年基本支出", CarryOver.EMPTIED, default=None)
    project: Decimal | None = entry(keys.PROJECT, "全年项目支出，含往来资金", CarryOver.EMPTIED, default=None)
    pass_through: Decimal | None = entry(
        keys.PASS_THROUGH, "项目支出中不属于预算执行的部分", CarryOver.EMPTIED, default=None
    )
    rolled_up_from: tuple[str, ...] = entry(
        keys.ROLLED_UP_FROM, "由哪些自评的支出相加而来，写 content 下的路径", CarryOver.LINKS, default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """A line of 预算执行情况, in the form's money unit."""

    name: str = entry(keys.NAME, "例如 部门整体支出总额")
    initial: Decimal | None = entry(
        keys.INITIAL, "年初批复的预算，表中有这一列的才写", CarryOver.EMPTIED, default=None
    )
    budgeted: Decimal | None = entry(
        keys.BUDGETED, "调整后的预算（A），含上年结余结转", CarryOver.EMPTIED, default=None
    )
    executed: Decimal | None = entry(keys.EXECUTED, "财政资金实际支出（B）", CarryOver.EMPTIED, default=None)
    rolled_up_from: tuple[str, ...] = entry(
        keys.ROLLED_UP_FROM, "由哪些自评的首行相加而来，写 content 下的路径", CarryOver.LINKS, default=()
    )
    filed: Filed | None = entry(
        keys.FILED,
        "报送的得分与按规则算出的不同时写在这里；报送时空着的写 空白",
        CarryOver.REMOVED,
        default=None,
    )
    filed_because: str | None = entry(
        keys.FILED_BECAUSE, "为什么报送得分与规则不同", CarryOver.REMOVED, default=None
    )
    filed_rate: str | None = entry(
        keys.FILED_RATE,
        "表上印的执行率与算出的不同时照原样写，例如 50%；空着的写 空白",
        CarryOver.REMOVED,
        default=None,
    )
    filed_weight: Filed | None = entry(
        keys.FILED_WEIGHT,
        "这一行印的分值与表式规定的不同时写在这里；空着的写 空白",
        CarryOver.REMOVED,
        default=None,
    )
    renamed_from: str | None = entry(
        keys.RENAMED_FROM, "上年叫什么名称；改了名称才写", CarryOver.REMOVED, default=None
    )
    remark: str | None = entry(
        keys.REMARK, "这一行的原因说明，表中有这一列的才写", CarryOver.REMOVED, default=None
    )
    own: Named = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """取消: an indicator of last year that was dropped, and the reason."""

    name: str = entry(keys.NAME, "上年的指标名称")
    reason: str = entry(keys.REASON, "为什么今年不再设这项指标")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """上年措施: how one of last year's improvement measures was carried out."""

    measure: str = entry(keys.MEASURE, "上年改进措施的第几段，例如 1；或那一段里的几个字")
    outcome: str = entry(keys.OUTCOME, "例如 已落实、正在落实、没有落实，以及做了什么")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """年度总体目标: the overall goal of the year and its outcome, where the form has a box for each."""

    expected: str = entry(keys.EXPECTED, "年初定下的总体目标")
    achieved: str | None = entry(keys.ACHIEVED, "年末总体目标的完成情况", CarryOver.EMPTIED, default=None)
    own: Named = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalBlock:
    """年度绩效目标: a goal with its own points and indicators, where the form repeats its table for each."""

    goal: str = entry(keys.GOAL, "这个绩效目标的内容", default="")
    weight: Decimal = entry(keys.WEIGHT, "这个目标下一级指标分值之和", weight=True, default=Decimal(0))
    dimensions: tuple[Dimension, ...] = entry(keys.INDICATORS, "这个目标的指标", CarryOver.BELOW)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table that only this form has.

    Attributes:
        name: Its name, which is also its key.
        rows: The cells of each row as they were written, by their columns' keys; a cell left empty is not among them.
    """

    name: str
    rows: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A narrative as it was written, its tags unfilled.

    Attributes:
        name: The name under which the form knows it, for example 偏差分析.
        text: The whole file, lines ended by a line feed.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """自评: one unit's filled form for one year; nothing in it is computed."""

    form: str = entry(keys.FORM, "用哪一种表，即 templates/ 下的文件夹名")
    year: int = entry(keys.YEAR, "自评的年度，例如 2020", CarryOver.YEAR)
    department: str = entry(keys.DEPARTMENT, "标题中的部门名称，标题里有它的表才写", default="")
    unit: str = entry(keys.UNIT_NAME, "填报单位的全称")
    date: dt.date | None = entry(keys.DATE, "例如 2021-05-25", CarryOver.EMPTIED, default=None)
    status: Status = entry(
        keys.STATUS,
        "填报中：可以有空白；定稿：一切必须齐全正确；已报送：存档，只提示不阻止",
        CarryOver.STATUS,
    )
    expenditure: Expenditure = entry(keys.EXPENDITURE, "全年支出", CarryOver.BELOW, default=Expenditure())
    budget: tuple[BudgetLine, ...] = entry(
        keys.BUDGET, "预算执行情况，每行一个口径，第一行计分", CarryOver.BELOW, default=()
    )
    facts: Named = entry(keys.FACTS, "表头的各栏，例如 项目名称、主管部门", default=())
    ticks: Named = entry(keys.TICKS, "打勾的各栏选了哪一项，例如 项目属性: 持续性", default=())
    purpose: Purpose | None = entry(
        keys.PURPOSE, "预期目标和实际完成情况，表中有这一栏的才写", CarryOver.BELOW, default=None
    )
    goals: tuple[str, ...] = entry(keys.GOALS, "年度目标，一条一行", default=())
    dimensions: tuple[Dimension, ...] = entry(keys.INDICATORS, "年度绩效指标", CarryOver.BELOW, default=())
    goal_blocks: tuple[GoalBlock, ...] = entry(
        keys.GOAL_BLOCKS, "几个目标各有一组指标的表，一个目标一条", CarryOver.BELOW, default=()
    )
    dropped: tuple[Dropped, ...] = entry(
        keys.DROPPED, "上年有、今年取消的指标和理由", CarryOver.REMOVED, default=()
    )
    follow_ups: tuple[FollowUp, ...] = entry(
        keys.FOLLOW_UPS, "上年改进措施的落实情况", CarryOver.REMOVED, default=()
    )
    filed_total: Filed | None = entry(
        keys.FILED_TOTAL,
        "报送的总分与各项得分之和不同时写在这里；空着的写 空白",
        CarryOver.REMOVED,
        default=None,
    )
    prose: tuple[Prose, ...] = ()
    own_tables: tuple[OwnTable, ...] = ()

    def tables(self) -> tuple[tuple[Address, tuple[Dimension, ...]], ...]:
        """List the tables of indicators with the address of each: one, or one for each goal."""
        own = (((keys.INDICATORS,), self.dimensions),) if self.dimensions else ()
        return own + tuple(
            ((keys.GOAL_BLOCKS, i, keys.INDICATORS), block.dimensions)
            for i, block in enumerate(self.goal_blocks)
        )

    def below(self) -> Iterator[tuple[Address, Dimension]]:
        """Yield the address of each dimension of all tables."""
        return (
            ((*address, i) if dimension.name else address, dimension)
            for address, table in self.tables()
            for i, dimension in enumerate(table)
        )

    def sums(self) -> Iterator[tuple[Address, Dimension | Group]]:
        """Yield each dimension with its groups behind it, and their addresses."""
        for address, dimension in self.below():
            yield address, dimension
            yield from dimension.below(address)

    def placed(self) -> Iterator[tuple[Address, Indicator]]:
        """Yield the address of each indicator, in the form's order."""
        for first, dimension in self.below():
            for second, group in dimension.below(first):
                yield from group.below(second)

    def indicators(self) -> tuple[Indicator, ...]:
        """List all indicators in the form's order."""
        return tuple(indicator for _, indicator in self.placed())

    def own_table(self, name: str) -> tuple[Named, ...]:
        """List the rows of a table that only this form has; none where it is not written."""
        return next((table.rows for table in self.own_tables if table.name == name), ())

    def prose_named(self, name: str) -> str:
        """Return the raw text of a narrative; empty where the form has none of that name."""
        return next((p.text for p in self.prose if p.name == name), "")
