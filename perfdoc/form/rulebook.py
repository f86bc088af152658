"""The rulebook, labels and narratives of an official form, as read from `templates/<form>/form.yaml`.

No figure of a rulebook is in the code: code holds the formulae, the file chooses among them and sets
weights, caps, bands, digits and the clause that says so.
"""

import dataclasses
import itertools
import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from perfdoc.core.address import Address
from perfdoc.core.assessment import Direction, Expenditure
from perfdoc.core.diagnostics import Facts, Finding, Quote, Severity, facts
from perfdoc.core.entry import entry, keys_of
from perfdoc.form.layout import Block, Layout, mentioned

Percent = Annotated[Decimal, "percent"]
"""A share written with its sign, `80%`; held as the number in front of it."""


Count = Annotated[int, "count"]
"""A small whole number; a bare `int` of the model is a year."""

Length = Annotated[int, "length"]
"""A number of characters, at least one."""


class Standing(Enum):
    """How well a clause is attested."""

    READ = "已读"
    CITED = "转引"
    ASSUMED = "推定"
    DECIDED = "自定"


class Formula(Enum):
    """The formulae that a rulebook can choose from; A is the target or budget, B the actual or execution.

    `NEARER` divides the smaller of both by the larger, so that a deviation to either side costs the same.
    `MET` gives all or nothing.
    """

    PROPORTIONAL = "分值×B÷A"
    INVERSE = "分值×A÷B"
    NEARER = "分值×较小÷较大"
    MET = "达到得满分"


class RoundingMode(Enum):
    """What happens to the digits behind the last one kept."""

    HALF_UP = "四舍五入"
    HALF_EVEN = "四舍六入五成双"
    DOWN = "去尾"

    @property
    def decimal_name(self) -> str:
        """The name of the mode in the `decimal` module."""
        return f"ROUND_{self.name}"


class ScoredLine(Enum):
    """Which lines of 预算执行情况 earn points."""

    FIRST = "首行"
    NONE = "不计分"


class BudgetBasis(Enum):
    """Which amount of a budget line is A."""

    ADJUSTED = "预算数"
    INITIAL = "年初预算数"


class ExcessAction(Enum):
    """What a rulebook does about an actual far above its target."""

    NOTHING = "不处理"
    EXPLAIN = "说明"
    DEDUCT = "扣分"
    SCALE = "按倍数扣分"


class ReasonPlace(Enum):
    """Where the form wants reasons: in one narrative, or in a column beside each indicator."""

    TOGETHER = "集中"
    PER_ROW = "逐项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """条款: a sentence that a rule rests on."""

    name: str = entry("条款", "规则引用时用的名称，例如 备注2")
    source: str = entry("出处", "文件名、文号或表中位置")
    standing: Standing = entry(
        "状态", "已读：读过原文；转引：只见引用；推定：未见原文；自定：表未规定，由本规则书定"
    )
    text: str = entry("内容", "条款原文，或自定的规则")
    printed: bool = entry("印出", "是否作为备注印在表下", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """舍入: how a score is rounded, once, when it is final."""

    digits: Count = entry("得分位数", "得分保留几位小数")
    rate_digits: Count = entry("执行率位数", "印出的执行率保留几位小数（计分时不舍入）")
    mode: RoundingMode = entry("方式", "四舍五入、四舍六入五成双或去尾")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRule:
    """预算执行: how the execution of the budget is scored."""

    weight: Decimal = entry("分值", "预算执行情况的满分")
    scored: ScoredLine = entry("计分行", "哪一行计分")
    formula: Formula = entry("公式", "A 为预算数，B 为执行数")
    cap: Percent = entry("上限", "得分最多为分值的百分之几")
    clause: str = entry("条款", "依据的条款")
    cap_clause: str = entry("上限条款", "上限依据的条款")
    basis: BudgetBasis = entry(
        "预算口径", "A 取哪个数：预算数（调整后）或 年初预算数", default=BudgetBasis.ADJUSTED
    )
    round_first: bool = entry("先舍入", "是 表示执行率先按印出的位数舍入再计分", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """超额: what follows where an actual is far above its target.

    With 按倍数扣分 the points are lost once for every full step of (B/A − 100 %) over (起点 − 100 %).
    """

    threshold: Percent = entry("起点", "实际完成值达到目标的百分之几算超额，例如 130%")
    action: ExcessAction = entry("处理", "不处理、说明、扣分或按倍数扣分")
    points: Decimal | None = entry("扣", "每次扣几分", default=None)
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCap:
    """总分上限: the most that a total can be at a low execution rate."""

    below: Percent = entry("执行率低于", "例如 80%")
    most: Decimal = entry("至多", "总分最多几分")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeStep:
    """等级: a grade and the least total that earns it."""

    name: str = entry("名称", "例如 优")
    least: Decimal = entry("下限", "总分不低于几分")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRule:
    """说明: where reasons are written and how long they may be."""

    place: ReasonPlace = entry("位置", "集中：写在叙述里；逐项：写在每项指标后面")
    longest: Length | None = entry("最长", "一条说明最多几个字", default=None)
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """勾选: a line of boxes of which one is ticked."""

    name: str = entry("名称", "例如 项目属性")
    options: tuple[str, ...] = entry("选项", "按表中的次序")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """检查: how one check is set by this form; what is not listed keeps its usual setting."""

    code: str = entry("代码", "例如 P502")
    off: bool = entry("停用", "是 表示不做这项检查", default=False)
    severity: Severity | None = entry("级别", "错误、警告或提示", default=None)
    threshold: Percent | None = entry("阈值", "这项检查用的百分数", default=None)
    clause: str | None = entry("条款", "依据的条款", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroRule:
    """零值: the share of the weight where a zero makes the formula meaningless."""

    target: bool | None = entry("目标为零", "是、否；不写表示都算", default=None)
    actual: bool | None = entry("完成为零", "是、否；不写表示都算", default=None)
    share: Percent = entry("得分率", "得分为分值的百分之几")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityRule:
    """定量: how a quantitative indicator of one direction is scored."""

    direction: Direction = entry("方向", "正向或反向")
    formula: Formula = entry("公式", "A 为年初目标值，B 为实际完成值")
    cap: Percent = entry("上限", "得分最多为分值的百分之几")
    clause: str = entry("条款", "依据的条款")
    zeros: tuple[ZeroRule, ...] = entry("零值", "目标或完成为零、公式算不出时怎样计分", default=())
    floor: Percent | None = entry("下限", "算出的得分低于分值的百分之几就不得分；不写表示没有", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """档次: a grade of a qualitative indicator and the shares of the weight that belong to it."""

    name: str = entry("名称", "例如 达成预期")
    upper: Percent = entry("上限", "本档最高为分值的百分之几")
    upper_included: bool = entry("含上限", "上限本身是否属于本档")
    lower: Percent = entry("下限", "本档最低为分值的百分之几")
    default: Percent = entry("默认", "没有写百分比时按百分之几计")

    def holds(self, share: Decimal) -> bool:
        """Return True if a stated share is in this band; the lower edge always is."""
        return self.lower <= share < self.upper or (self.upper_included and share == self.upper)

    def __str__(self) -> str:
        edge = "" if self.upper_included else "，不含上限"
        return f"{self.lower:f}%–{self.upper:f}%{edge}"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityRule:
    """定性: the bands of a qualitative indicator."""

    clause: str = entry("条款", "依据的条款")
    default_clause: str = entry("默认条款", "没有写百分比时怎样计分，依据的条款")
    bands: tuple[Band, ...] = entry("档次", "从高到低")

    def band(self, grade: str) -> Band | None:
        """Return the band of that name, or None."""
        return next((b for b in self.bands if b.name == grade), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionWeight:
    """一级: the weight that a rulebook sets for a dimension."""

    name: str = entry("名称", "一级指标的名称，例如 产出指标")
    weight: Decimal = entry("分值", "通常的分值")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRule:
    """分值: what the weights of the indicators add up to."""

    indicators: Decimal = entry("指标分值", "全部一级指标分值之和")
    total: Decimal = entry("满分", "预算执行与指标分值之和")
    clause: str = entry("条款", "依据的条款")
    tolerance: Decimal = entry("容差", "合计相差不超过几分不算错，例如 0.1", default=Decimal(0))
    dimensions: tuple[DimensionWeight, ...] = entry(
        "一级", "一级指标统一设置的分值；不写表示各单位自定", default=()
    )
    equal_digits: Count | None = entry(
        "三级均分", "三级指标平分二级指标的分值，保留几位小数；不写表示各单位自定", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossFooting:
    """勾稽: which amounts of 支出 make up the executed amount of the scored line."""

    plus: tuple[str, ...] = entry("加", "支出中相加的项目")
    minus: tuple[str, ...] = entry("减", "支出中减去的项目")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """换算: one unit expressed in another, so many times as large a figure."""

    source: str = entry("自", "例如 元；没有单位的数写 小数")
    target: str = entry("到", "例如 万元；没有单位的数写 小数")
    factor: Decimal = entry("乘以", "自的数乘以几就是到的数，例如 0.0001")


BARE = "小数"
"""What a rulebook calls the unit of a figure without one."""


class Funds(Enum):
    """What counts as 资金额度 when a roll-up weights by it."""

    BUDGETED = "预算数"
    EXECUTED = "执行数"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpRule:
    """汇总: how several assessments become one."""

    relative: tuple[str, ...] = entry("相对值", "按资金额度加权平均的单位，例如 %；其余单位相加")
    funds: Funds = entry("资金额度", "用首行的预算数还是执行数作权重")
    digits: Count = entry("位数", "加权平均后印出几位小数（计分时不舍入）")
    clause: str = entry("条款", "定量指标汇总依据的条款")
    quality_clause: str | None = entry("定性条款", "定性指标汇总依据的条款", default=None)
    funds_clause: str | None = entry("资金条款", "用预算数还是执行数作权重，依据的条款", default=None)
    conversions: tuple[Conversion, ...] = entry("换算", "哪些单位可以互相换算", default=())

    def averages(self, unit: str) -> bool:
        """Return True if figures of a unit are averaged, weighted by funds; others are added up."""
        return (unit or BARE) in self.relative

    def converted(self, unit: str) -> tuple[str, Decimal] | None:
        """Follow the conversions of a unit to their end: the last unit and the factor; None where there is no end."""
        steps = {c.source: c for c in self.conversions}
        factor, seen = Decimal(1), {unit}
        while unit in steps:
            factor, unit = factor * steps[unit].factor, steps[unit].target
            if unit in seen:
                return None
            seen.add(unit)
        return unit, factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """标签: the words printed around figures; `{名称}` and the like are filled in."""

    number: str = entry("附件号", "左上角，例如 附件3：；没有的不写", default="")
    title: str = entry("标题", "表的标题，也是文件名")
    dimension: str = entry("一级指标", "一级指标格里印的字")
    group: str = entry("二级指标", "二级指标格里印的字")
    indicator: str = entry("三级指标", "三级指标格里印的字")
    goal: str = entry("年度目标", "每条年度目标印的字", default="{内容}")
    project: str = entry("项目支出总额", "有往来资金时项目支出格里印的字", default="{项目支出总额}")
    goal_block: str = entry("绩效目标", "每个绩效目标左侧格里印的字", default="{内容}")
    tick: str = entry("勾选", "打勾的各栏里每一项印的字", default="{方框}{选项}")
    unscored: str = entry("不计分", "不计分的格里印的字", default="")


LABEL_PLACEHOLDERS = {
    "number": (),
    "title": ("年度", "部门", "单位名称"),  # and the form's own boxes
    "dimension": ("名称", "分值"),
    "group": ("名称", "分值"),
    "indicator": ("名称", "分值"),
    "goal": ("序号", "内容"),
    "project": ("项目支出总额", "往来资金"),
    "goal_block": ("序号", "内容", "分值"),
    "tick": ("方框", "序号", "选项"),
    "unscored": (),
}
"""What each label may mention in braces."""

LABEL_MUST_HOLD = {
    "dimension": "名称",
    "group": "名称",
    "indicator": "名称",
    "goal": "内容",
    "project": "项目支出总额",
    "goal_block": "内容",
    "tick": "选项",
}
"""What each label has to mention: without it, a page would print rows without names, or money without its amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeRule:
    """叙述: one narrative of the form and the file that holds it."""

    name: str = entry("名称", "程序里的名称，例如 偏差分析")
    title: str = entry("标题", "表中的栏目名")
    file: str = entry("文件", "同一文件夹里的 .md 文件")
    shortfalls: bool = entry("说明未完成", "未完成的指标是否要在这里说明原因", default=False)
    longest: Length | None = entry("最长", "最多几个字；不写表示不限", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """修订: what a later document changes from a year on; what it does not write stays as it was.

    A part that it writes takes the place of the whole part. The page (模板, 版面, 勾选, 叙述) is none of it:
    another page is another form.
    """

    first_year: int = entry("首个年度", "从哪个年度起这样算")
    clause: str = entry("条款", "依据的条款")
    money_unit: str | None = entry("金额单位", "万元或元", default=None)
    labels: Labels | None = entry("标签", "表中印出的字", default=None)
    reasons: ReasonRule | None = entry("说明", "偏差原因写在哪里", default=None)
    weights: WeightRule | None = entry("分值", "分值怎样合计", default=None)
    budget: BudgetRule | None = entry("预算执行", "预算执行怎样计分", default=None)
    quantities: tuple[QuantityRule, ...] | None = entry("定量", "定量指标怎样计分", default=None)
    quality: QualityRule | None = entry("定性", "定性指标怎样计分", default=None)
    rounding: Rounding | None = entry("舍入", "得分怎样舍入", default=None)
    cross_footing: CrossFooting | None = entry("勾稽", "支出与执行数怎样核对", default=None)
    excess: Excess | None = entry("超额", "完成值远高于目标时怎样处理", default=None)
    total_caps: tuple[TotalCap, ...] | None = entry("总分上限", "执行率低时总分的上限", default=None)
    grades: tuple[GradeStep, ...] | None = entry("等级", "总分对应的等级，从高到低", default=None)
    roll_up: RollUpRule | None = entry("汇总", "几份自评怎样汇总成一份", default=None)
    satisfaction: bool | None = entry("满意度必评", "是 表示必须有满意度指标", default=None)
    checks: tuple[CheckRule, ...] | None = entry("检查", "与通常设定不同的检查", default=None)
    new_clauses: tuple[Clause, ...] = entry(
        "新条款", "新增的条款；与原有条款同名的，从这一年起取代它", default=()
    )

    def parts(self) -> dict[str, Any]:
        """Return the parts of the form that it writes anew, by field."""
        own = {field.name for field in dataclasses.fields(self)} - {"first_year", "clause", "new_clauses"}
        written = ((name, getattr(self, name)) for name in own)
        return {name: value for name, value in written if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """表式: an official form with its rulebook.

    Read from its file it holds every 修订; as it stands in a year (`editions`), those that apply.
    """

    id: str = entry("表式", "与文件夹同名")
    name: str = entry("名称", "表的正式名称")
    jurisdiction: str = entry("辖区", "在哪里适用")
    first_year: int = entry("首个年度", "从哪个年度起适用")
    last_year: int | None = entry("末个年度", "到哪个年度为止；不写表示仍然适用", default=None)
    template: str = entry("模板", "Word 模板的文件名")
    money_unit: str = entry("金额单位", "万元或元")
    blocks: tuple[Block, ...] = entry("版面", "表从上到下的各个部分：段、行、表")
    ticks: tuple[Tick, ...] = entry("勾选", "打勾的各栏", default=())
    labels: Labels = entry("标签", "表中印出的字")
    narratives: tuple[NarrativeRule, ...] = entry("叙述", "表后的几段文字", default=())
    reasons: ReasonRule | None = entry("说明", "偏差原因写在哪里", default=None)
    weights: WeightRule = entry("分值", "分值怎样合计")
    budget: BudgetRule = entry("预算执行", "预算执行怎样计分")
    quantities: tuple[QuantityRule, ...] = entry("定量", "定量指标怎样计分")
    quality: QualityRule = entry("定性", "定性指标怎样计分")
    rounding: Rounding = entry("舍入", "得分怎样舍入")
    cross_footing: CrossFooting | None = entry("勾稽", "支出与执行数怎样核对", default=None)
    excess: Excess | None = entry("超额", "完成值远高于目标时怎样处理", default=None)
    total_caps: tuple[TotalCap, ...] = entry("总分上限", "执行率低时总分的上限", default=())
    grades: tuple[GradeStep, ...] = entry("等级", "总分对应的等级，从高到低", default=())
    roll_up: RollUpRule | None = entry("汇总", "几份自评怎样汇总成一份", default=None)
    satisfaction: bool = entry("满意度必评", "是 表示必须有满意度指标", default=False)
    checks: tuple[CheckRule, ...] = entry("检查", "与通常设定不同的检查", default=())
    clauses: tuple[Clause, ...] = entry("条款", "规则的依据")
    revisions: tuple[Revision, ...] = entry("修订", "从某个年度起改变的规则，从早到晚", default=())
    layout: Layout = dataclasses.field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Kept rather than made when asked: every row of every page asks.
        narratives = tuple(rule.name for rule in self.narratives)
        ticks = tuple(tick.name for tick in self.ticks)
        object.__setattr__(self, "layout", Layout(self.blocks, narratives, ticks))

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The names of the boxes that only this form has, written under 基本信息."""
        return tuple(box.key for box in self.layout.own_boxes)

    def clause(self, name: str) -> Clause:
        """Return a clause by name; `faults` reports names that do not exist before anything asks."""
        for clause in self.clauses:
            if clause.name == name:
                return clause
        raise KeyError(name)

    def quantity_rule(self, direction: Direction) -> QuantityRule | None:
        """Return the rule for a direction; None where the rulebook has none."""
        return next((r for r in self.quantities if r.direction is direction), None)

    def check_rule(self, code: str) -> CheckRule | None:
        """Return how this form sets a check; None where it keeps the usual setting."""
        for rule in self.checks:  # a plain loop: every check asks for every assessment
            if rule.code == code:
                return rule
        return None


def editions(form: Form) -> tuple[Form, ...]:
    """Make the form as it stands after each of its 修订, in their order; none where it has none."""
    made: list[Form] = []
    for i, revision in enumerate(form.revisions):
        before = made[-1] if made else form
        made.append(
            dataclasses.replace(
                before,
                **revision.parts(),
                clauses=_with_clauses(before.clauses, revision.new_clauses),
                revisions=form.revisions[: i + 1],
            )
        )
    return tuple(made)


def _with_clauses(clauses: tuple[Clause, ...], new: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Put new clauses in the place of those of the same name, the others at the end."""
    by_name = {clause.name: clause for clause in new}
    kept = tuple(by_name.get(clause.name, clause) for clause in clauses)
    names = {clause.name for clause in clauses}
    return kept + tuple(clause for clause in new if clause.name not in names)


def edition_in(year: int, form: Form, later: tuple[Form, ...]) -> Form:
    """Choose the form as it stands in a year: the last of its editions that has begun."""
    begun = [edition for edition in later if edition.revisions[-1].first_year <= year]
    return begun[-1] if begun else form


Find = Callable[[Form], Iterable[Finding]]
"""Finds the faults of a form as it stands in some year."""


def faults_of_editions(form: Form, find: Find) -> Iterator[Finding]:
    """Find the faults that each 修订 introduces, at the line where it is written, each once."""
    known = set(find(form))
    for number, edition in enumerate(editions(form)):
        revision, found = form.revisions[number], [*find(edition)]
        if all(clause.name != revision.clause for clause in edition.clauses):
            found.append(_uncited((_REVISIONS, number, "条款"), revision.clause))
        for finding in found:
            if finding not in known:
                known.add(finding)
                at = _written_at(finding.address, edition)
                yield dataclasses.replace(finding, address=at, since=revision.first_year)


def _written_at(address: Address, edition: Form) -> Address:
    """Find where a part of an edition is written: in the last 修订 that writes it, else point at the last one."""
    keys = keys_of(Form)
    for i in reversed(range(len(edition.revisions))):
        if address[0] in [keys[name] for name in edition.revisions[i].parts()]:
            return ("修订", i, *address)
        if address[0] == "条款":
            names = [clause.name for clause in edition.revisions[i].new_clauses]
            name = edition.clauses[int(address[1])].name
            if name in names:
                return ("修订", i, "新条款", len(names) - 1 - names[::-1].index(name), *address[2:])
    return address if address[0] == "修订" else ("修订", len(edition.revisions) - 1, "首个年度")


def _revision_faults(form: Form) -> Iterator[Finding]:
    for i, revision in enumerate(form.revisions):
        before = form.revisions[i - 1].first_year if i else form.first_year
        at = ("修订", i, "首个年度")
        if revision.first_year <= before:
            what = "上一条修订" if i else "本表的首个年度"
            yield fault(at, "not_later", year=revision.first_year, than=what, before=before)
        elif form.last_year is not None and revision.first_year > form.last_year:
            yield fault(at, "too_late", year=revision.first_year, last=form.last_year)
        if not revision.parts() and not revision.new_clauses:
            yield fault(("修订", i), "changes_nothing", year=revision.first_year)


def faults(form: Form) -> Iterator[Finding]:
    """Find contradictions in a rulebook that could be read."""
    yield from _revision_faults(form)
    yield from _clauses_named_twice(form)
    known = {clause.name for clause in form.clauses}
    yield from (_uncited(address, name) for address, name in _cited(form) if name not in known)
    yield from _label_faults(form)
    yield from _missing_directions(form)
    yield from _band_faults(form.quality)
    yield from _steps_out_of_order(form)
    if form.roll_up:
        yield from _endless_conversions(form.roll_up)
    if form.cross_footing:
        yield from _unknown_amounts(form.cross_footing)
    if form.weights.indicators + form.budget.weight != form.weights.total:
        yield fault(
            ("分值", "满分"),
            "total",
            indicators=str(form.weights.indicators),
            budget=str(form.budget.weight),
            total=str(form.weights.total),
        )
    level = sum((dimension.weight for dimension in form.weights.dimensions), Decimal(0))
    if form.weights.dimensions and level != form.weights.indicators:
        whole = f"{form.weights.indicators:f}"
        yield fault(("分值", "一级"), "dimensions", total=f"{level:f}", indicators=whole)


def fault(address: Address, kind: str, *, advice: Facts = (), **named: str | int | Quote) -> Finding:
    """Make a fault of a rulebook.

    Args:
        address: Where it stands in form.yaml.
        kind: Which of the faults that `perfdoc.core.wording` knows for P210.
        advice: What only the remedy speaks of.
        **named: The facts, in the order in which they are spoken of.
    """
    return Finding(
        code="P210",
        severity=Severity.ERROR,
        address=address,
        kind=kind,
        facts=facts(**named),
        advice=advice,
    )


def _clauses_named_twice(form: Form) -> Iterator[Finding]:
    """Find clauses of one name: a rule that cites it would rest on whichever comes first."""
    seen: set[str] = set()
    for i, clause in enumerate(form.clauses):
        if clause.name in seen:
            yield fault(("条款", i, "条款"), "clause_twice", name=Quote(clause.name))
        seen.add(clause.name)


def _uncited(address: Address, name: str) -> Finding:
    return fault(address, "uncited", name=Quote(name))


def _cited(value: object, address: Address = ()) -> Iterator[tuple[Address, str]]:
    """Find every clause that a rulebook cites, with its address: any field written as 条款 or …条款."""
    for field in dataclasses.fields(value):  # type: ignore[arg-type]  # only dataclasses come here
        if "key" not in field.metadata:
            continue
        inner, key = getattr(value, field.name), field.metadata["key"]
        if isinstance(inner, str) and key.endswith("条款") and not isinstance(value, Clause):
            yield (*address, key), inner
        elif dataclasses.is_dataclass(inner):
            yield from _cited(inner, (*address, key))
        elif isinstance(inner, tuple) and key != _REVISIONS:
            for i, item in enumerate(inner):
                if dataclasses.is_dataclass(item):
                    yield from _cited(item, (*address, key, i))


_REVISIONS = "修订"
"""What these cite is looked for in the edition that each of them makes."""


def _label_faults(form: Form) -> Iterator[Finding]:
    labels = form.labels
    keys = keys_of(Labels)
    for name, usual in LABEL_PLACEHOLDERS.items():
        at, pattern, needed = ("标签", keys[name]), getattr(labels, name), LABEL_MUST_HOLD.get(name)
        allowed = (*usual, *(form.fact_names if name == "title" else ()))
        label = Quote(pattern)
        try:
            unknown = _unknown_placeholder(pattern, allowed)
        except ValueError:
            yield fault(at, "braces", label=label)
            continue
        if unknown is not None:
            can = "、".join(f"{{{each}}}" for each in allowed) or "没有"
            yield fault(at, "label", advice=facts(can=can), label=label, unknown=f"{{{unknown}}}")
        elif needed and needed not in mentioned(pattern):
            yield fault(at, "label_lacks", label=label, placeholder=f"{{{needed}}}", needed=Quote(needed))


def _unknown_placeholder(pattern: str, allowed: tuple[str, ...]) -> str | None:
    """Return the first placeholder that is not allowed or not plain; ValueError where the braces are malformed."""
    for _, placeholder, spec, conversion in string.Formatter().parse(pattern):
        if placeholder is not None and (placeholder not in allowed or spec or conversion):
            return placeholder
    return None


def _unknown_amounts(rule: CrossFooting) -> Iterator[Finding]:
    fields = Expenditure.__dataclass_fields__.values()
    known = [field.metadata["key"] for field in fields if field.name != "rolled_up_from"]
    for key, names in (("加", rule.plus), ("减", rule.minus)):
        for i, name in enumerate(names):
            if name not in known:
                yield fault(("勾稽", key, i), "amount", advice=facts(can="、".join(known)), name=Quote(name))


def _endless_conversions(rule: RollUpRule) -> Iterator[Finding]:
    """Find conversions that do not lead to one unit by one positive factor."""
    for i, conversion in enumerate(rule.conversions):
        if conversion.factor <= 0:
            yield fault(("汇总", "换算", i, "乘以"), "factor")
        if conversion.source in (other.source for other in rule.conversions[:i]):
            yield fault(("汇总", "换算", i, "自"), "conversion_twice", unit=Quote(conversion.source))
        elif rule.converted(conversion.source) is None:
            yield fault(("汇总", "换算", i, "到"), "endless", unit=Quote(conversion.source))


_ALWAYS = (Direction.HIGHER, Direction.LOWER)


def _missing_directions(form: Form) -> Iterator[Finding]:
    for direction in Direction:
        rules = [i for i, rule in enumerate(form.quantities) if rule.direction is direction]
        if not rules and direction in _ALWAYS:
            yield fault(("定量",), "no_direction", direction=Quote(direction.value))
        elif len(rules) > 1:
            yield fault(("定量", rules[1]), "direction_twice", direction=Quote(direction.value))


def _steps_out_of_order(form: Form) -> Iterator[Finding]:
    for i, (above, grade) in enumerate(itertools.pairwise(form.grades), start=1):
        if grade.least >= above.least:
            yield fault(("等级", i, "下限"), "grades", grade=Quote(grade.name))
    excess = form.excess
    if excess and (excess.points is None) == (excess.action in (ExcessAction.DEDUCT, ExcessAction.SCALE)):
        yield fault(("超额", "处理"), "excess", action=Quote(excess.action.value))


def _band_faults(rule: QualityRule) -> Iterator[Finding]:
    for i, band in enumerate(rule.bands):
        if not band.lower <= band.default <= band.upper:
            at, share = ("定性", "档次", i, "默认"), f"{band.default}%"
            yield fault(at, "default", name=Quote(band.name), default=share, band=str(band))
    for i, (upper, lower) in enumerate(itertools.pairwise(rule.bands), start=1):
        if upper.lower != lower.upper or lower.upper_included:
            yield fault(
                ("定性", "档次", i, "上限"),
                "bands",
                above=Quote(upper.name),
                lower=f"{upper.lower}%",
                below=Quote(lower.name),
                upper=f"{lower.upper}%",
            )
