"""版面: what a form is, from the top of the page to the bottom, as one declared value.

Everything that has to know a form's boxes, tables and columns asks this value: which keys an assessment may hold,
what the Word template has to print, what is asked for, what the next year keeps, what two years compare.
A key that the program computes or knows the meaning of is built in (`BOXES`, `COLUMNS`); every other key is the
form's own, declared here and nowhere else.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Annotated, ClassVar

from perfdoc.core.entry import CarryOver, entry

Edges = Annotated[tuple[Decimal, ...], "one or more"]
"""Right edges in millimetres from the table's left edge: `75`, or `[27.5, 75]` for a label cell and its value."""

Label = Annotated[str, "may be empty"]
"""Printed words; `""` prints none."""


class BlockKind(Enum):
    """The three kinds of block a page is made of."""

    LINE = "段"
    ROW = "行"
    TABLE = "表"


class Kind(Enum):
    """What a box or column holds."""

    TEXT = "文字"
    PARAGRAPHS = "段落"
    MONEY = "金额"
    RATE = "比率"
    QUANTITY = "数量"
    DATE = "日期"
    SCORE = "得分"


class Filler(Enum):
    """Who fills a box or column in."""

    UNIT = "单位"
    REVIEWER = "复核"
    PROGRAM = "程序"


class Weights(Enum):
    """Whether the indicators of a form carry weights."""

    REQUIRED = "必填"
    OPEN = "可空"
    NONE = "不印"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """栏、列: a box of a line or row, or a column of a table."""

    SHORTHAND: ClassVar[str] = "键"

    key: str = entry("键", "这一格的名称：程序认识的，或本表自己的")
    printed: Label | None = entry("印", "表中印出的栏名；不写就是 键", default=None)
    kind: Kind | None = entry("类型", "本表自己的列要写：文字、金额、比率、数量、日期、得分", default=None)
    filled_by: Filler | None = entry("由谁填", "单位、复核（不向单位要）或 程序（不让人填）", default=None)
    optional: bool = entry("可空", "是：空着也不提示", default=False)
    next_year: CarryOver | None = entry(
        "次年", "开新的一年时：照抄、清空、删去；不写时栏和文字照抄，其余清空", default=None
    )
    compared: bool = entry("比较", "否：两年不比较这一格", default=True)
    computed: str | None = entry("算", "由程序算出的列：写算法的名称，例如 完成率", default=None)
    summed: bool = entry("合计", "是：在合计行里相加", default=False)
    known_as: tuple[str, ...] = entry("识别", "旧文件里这一格还可能叫什么", default=())
    edges: Edges = entry("到", "格子右边到表左边的毫米数；一栏写两个：栏名和内容", default=())
    style: str | None = entry("样式", "格子里文字的样式；不写按类型", default=None)

    @property
    def label(self) -> str:
        """The words printed for it."""
        return self.key if self.printed is None else self.printed

    @property
    def written(self) -> bool:
        """True where a person may write it; False where the program fills it in."""
        return self.filled_by is not Filler.PROGRAM and self.computed is None

    @property
    def asked(self) -> bool:
        """True where the unit has to fill it in before the form is final."""
        return self.written and self.filled_by is not Filler.REVIEWER and not self.optional

    @property
    def carry_over(self) -> CarryOver:
        """What becomes of its value in the next year."""
        if self.next_year is not None:
            return self.next_year
        return CarryOver.KEPT if self.kind in (None, Kind.TEXT) else CarryOver.EMPTIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """侧: the label at the left of a table, merged over its header and rows; with 键 a column, whose header repeats."""

    printed: str = entry("印", "左侧格里印的字", default="")
    key: str | None = entry("键", "左侧格随行变化的，写列名，例如 目标", default=None)
    edge: Decimal | None = entry("到", "格子右边到表左边的毫米数", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the page: a line of text, a row of boxes, or a table with its header and rows."""

    kind: BlockKind = entry("块", "段：表外的一行；行：表里的一行栏目；表：有表头、一行一条的表")
    name: str = entry("名称", "表的名称，也是自评里的键；段和行不写", default="")
    side: Side | None = entry("侧", "表左侧合并的格子", default=None)
    boxes: tuple[Column, ...] = entry("栏", "段和行里的各栏", default=())
    columns: tuple[Column, ...] = entry("列", "表的各列，从左到右", default=())
    rows: tuple[str, ...] = entry("行", "各行固定的名称；不写就由单位自定", default=())
    open_rows: tuple[str, ...] = entry("可空行", "数可以空着的行", default=())
    empty: str = entry("空印", "空着的数印什么，例如 —", default="")
    sum_row: str = entry("合计行", "表末合计行的名称，由程序相加", default="")
    levels: tuple[str, ...] = entry(
        "层级", "一级指标、二级指标、三级指标；没有上级的表只写 三级指标", default=()
    )
    weights: Weights = entry(
        "分值",
        "必填；可空：表上不一定印分值，没有的算不出得分；不印：指标没有分值，不计分",
        default=Weights.REQUIRED,
    )
    details: bool = entry("明细", "是：指标下可以有不计分的明细行", default=False)
    empty_groups: bool = entry("空组", "是：没有三级指标的二级指标印一个空行", default=False)
    style: str | None = entry("样式", "段的样式", default=None)

    def column(self, key: str) -> Column | None:
        """Return a column by its key; None where the table has none of that name."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all columns, of the one at the left side first."""
        side = (self.side.key,) if self.side and self.side.key else ()
        return (*side, *(column.key for column in self.columns))

    @property
    def labels(self) -> Iterator[str]:
        """Every fixed text that the block prints; it may mention boxes: `（{预算分值}分）`."""
        if self.side:
            yield self.side.printed
        yield from (column.label for column in (*self.boxes, *self.columns))

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns that only this form has."""
        return tuple(column for column in self.columns if column.key not in COLUMNS.get(self.name, {}))


BUDGET, INDICATORS, PURPOSE = "预算执行", "指标", "年度总体目标"
GOALS = "年度目标"
LEVELS = ("一级指标", "二级指标", "三级指标")


def _program(kind: Kind, style: str | None = None, printed: str | None = None) -> Column:
    return Column(key="", kind=kind, filled_by=Filler.PROGRAM, style=style, printed=printed)


def _unit(kind: Kind, style: str | None = None) -> Column:
    return Column(key="", kind=kind, style=style)


BOXES: Mapping[str, Column] = {
    "附件号": _program(Kind.TEXT, "附件号", printed=""),
    "标题": _program(Kind.TEXT, "表题", printed=""),
    "年度": _unit(Kind.TEXT),
    "部门": _unit(Kind.TEXT),
    "单位名称": _unit(Kind.TEXT),
    "填报日期": _unit(Kind.DATE),
    "基本支出总额": _unit(Kind.MONEY),
    "项目支出总额": _unit(Kind.MONEY),
    "金额单位": _program(Kind.TEXT),
    "预算分值": _program(Kind.SCORE),
    "指标分值": _program(Kind.SCORE),
    "总分值": _program(Kind.SCORE),
    "总分": _program(Kind.SCORE),
    "等级": _program(Kind.TEXT),
    "执行率": _program(Kind.RATE),
    GOALS: _unit(Kind.PARAGRAPHS),
    "备注": _program(Kind.PARAGRAPHS),
}
"""Boxes whose meaning the program knows."""

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    BUDGET: {
        "名称": _unit(Kind.TEXT),
        "年初预算数": _unit(Kind.MONEY),
        "预算数": _unit(Kind.MONEY),
        "执行数": _unit(Kind.MONEY),
        "分值": _program(Kind.SCORE),
        "执行率": _program(Kind.RATE),
        "得分": _program(Kind.SCORE),
        "说明": _unit(Kind.TEXT),
    },
    PURPOSE: {"预期目标": _unit(Kind.TEXT), "实际完成情况": _unit(Kind.TEXT)},
    INDICATORS: {
        "目标": _program(Kind.TEXT),
        "一级": _program(Kind.TEXT, "表格分类"),
        "二级": _program(Kind.TEXT, "表格分类"),
        "三级": _unit(Kind.TEXT, "表格条目"),
        "年初目标值": _unit(Kind.QUANTITY, "表格目标"),
        "符号": _program(Kind.TEXT, "表格窄数"),
        "数值": _program(Kind.QUANTITY),
        "单位": _program(Kind.TEXT, "表格窄数"),
        "实际完成值": _unit(Kind.QUANTITY),
        "分值": _unit(Kind.SCORE),
        "得分": _program(Kind.SCORE),
        "完成率": _program(Kind.RATE),
        "说明": _unit(Kind.TEXT, "表格说明"),
    },
}
"""Columns whose meaning the program knows, by the table that may have them; every column of another table is its own."""

STARTS: Mapping[str, str] = {"目标": "目标始", "一级": "一级始", "二级": "二级始"}
"""For each column that is merged over rows, the flag of a row in which its cell begins; flags are never printed."""
STEERING = frozenset(STARTS.values())

Blanks = Mapping[str, frozenset[str] | None]
"""What a template has to hold: None for a text, the fields for the rows of a table, none for a list of paragraphs."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a form, with lookups by name.

    Attributes:
        blocks: From the top of the page to the bottom.
        paragraphs: Names of the narratives; their boxes hold paragraphs.
        ticks: Names of the boxes in which one option is ticked.
        boxes: Every box of the page by its key.
        tables: Every table by its name.
        blanks: Everything that the template has to hold.
    """

    blocks: tuple[Block, ...]
    paragraphs: tuple[str, ...] = ()
    ticks: tuple[str, ...] = ()
    boxes: Mapping[str, Column] = field(init=False, compare=False, repr=False)
    tables: Mapping[str, Block] = field(init=False, compare=False, repr=False)
    blanks: Blanks = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        boxes = {box.key: box for block in self.blocks for box in block.boxes}
        tables = {block.name: block for block in self.blocks if block.kind is BlockKind.TABLE}
        object.__setattr__(self, "boxes", boxes)
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "blanks", self._blanks())

    def box(self, key: str) -> Column | None:
        """Return a box by its key; None where the page has none of that name."""
        return self.boxes.get(key)

    def prints(self, table: str, column: str) -> bool:
        """Return True if a table of the page has a column."""
        block = self.tables.get(table)
        return block is not None and column in block.keys

    @property
    def own_boxes(self) -> tuple[Column, ...]:
        """The boxes of the head that only this form has; they are written under 基本信息."""
        known = {*BOXES, *self.paragraphs, *self.ticks}
        return tuple(box for key, box in self.boxes.items() if key not in known)

    @property
    def own_tables(self) -> tuple[Block, ...]:
        """The tables that only this form has; each is written under its own name."""
        return tuple(block for name, block in self.tables.items() if name not in COLUMNS)

    def own_columns(self, table: str) -> tuple[Column, ...]:
        """List the columns of a built-in table that only this form has."""
        return self.tables[table].own if table in self.tables else ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of the indicators, from the top."""
        block = self.tables.get(INDICATORS)
        return (block.levels if block else ()) or LEVELS

    @property
    def weights(self) -> Weights:
        """Whether the indicators carry weights."""
        block = self.tables.get(INDICATORS)
        return block.weights if block else Weights.REQUIRED

    def _blanks(self) -> Blanks:
        wanted: dict[str, frozenset[str] | None] = {}
        for block in self.blocks:
            for label in block.labels:
                wanted |= dict.fromkeys((key for key in mentioned(label) if key in BOXES), None)
            if block.kind is not BlockKind.TABLE:
                for box in block.boxes:
                    wanted[box.key] = frozenset() if self.holds_paragraphs(box) else None
            elif block.name == PURPOSE:
                wanted |= dict.fromkeys(block.keys, None)
            else:
                starts = (STARTS[key] for key in block.keys if key in STARTS)
                wanted[block.name] = frozenset((*block.keys, *starts))
        return wanted

    def holds_paragraphs(self, box: Column) -> bool:
        """Return True if a box prints a list of paragraphs."""
        known = BOXES.get(box.key)
        return box.key in self.paragraphs or Kind.PARAGRAPHS in (box.kind, known.kind if known else None)

    def written_columns(self, table: str) -> Iterator[Column]:
        """List the columns of a table that a person fills in, built-in ones by what is known of them."""
        block = self.tables.get(table)
        for column in block.columns if block else ():
            known = COLUMNS.get(table, {}).get(column.key)
            if (known or column).written and column.written:
                yield column


def mentioned(label: str) -> tuple[str, ...]:
    """List the names that a label mentions in braces; none where its braces are malformed."""
    try:
        return tuple(name for _, name, _, _ in string.Formatter().parse(label) if name)
    except ValueError:
        return ()
