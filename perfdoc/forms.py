"""What an official form rules: its rulebook, labels and narratives, as read from `templates/<form>/form.yaml`.

No figure of a rulebook stands in code: code holds the formulae, the file chooses among them and brings
weights, caps, bands, digits and the clause that says so.
"""

import decimal
import string
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated

from perfdoc.diagnostics import Address, Finding, Severity
from perfdoc.model import Direction, Expenditure, entry

Percent = Annotated[Decimal, "percent"]
"""A share written with its sign, `80%`; held as the number in front of it."""


Count = Annotated[int, "count"]
"""A small whole number; a bare `int` of the model is a year."""


class Standing(Enum):
    """How well a clause is attested."""

    READ = "已读"
    CITED = "转引"
    ASSUMED = "推定"
    DECIDED = "自定"


class Formula(Enum):
    """The formulae that a rulebook can choose from; A is the target or budget, B the actual or execution."""

    PROPORTIONAL = "分值×B÷A"
    INVERSE = "分值×A÷B"


class RoundingMode(Enum):
    """What happens to the digits behind the last one kept."""

    HALF_UP = "四舍五入"
    HALF_EVEN = "四舍六入五成双"
    DOWN = "去尾"

    @property
    def decimal_name(self) -> str:
        """The name of the mode in the `decimal` module."""
        return _MODES[self]


_MODES = {
    RoundingMode.HALF_UP: decimal.ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    RoundingMode.DOWN: decimal.ROUND_DOWN,
}


class ScoredLine(Enum):
    """Which lines of 预算执行情况 earn points."""

    FIRST = "首行"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """档次: a grade of a qualitative indicator and the shares of the weight that belong to it."""

    name: str = entry("名称", "例如 达成预期")
    upper: Percent = entry("上限", "本档最高为分值的百分之几")
    upper_included: bool = entry("含上限", "上限本身是否属于本档")
    lower: Percent = entry("下限", "本档最低为分值的百分之几")
    default: Percent = entry("默认", "没有写百分比时按百分之几计")

    def holds(self, share: Decimal) -> bool:
        """Tell whether a stated share belongs to this band; the lower edge always does."""
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
class WeightRule:
    """分值: what the weights of the indicators add up to."""

    indicators: Decimal = entry("指标分值", "全部一级指标分值之和")
    total: Decimal = entry("满分", "预算执行与指标分值之和")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossFooting:
    """勾稽: which amounts of 支出 make up the executed amount of the scored line."""

    plus: tuple[str, ...] = entry("加", "支出中相加的项目")
    minus: tuple[str, ...] = entry("减", "支出中减去的项目")
    clause: str = entry("条款", "依据的条款")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """标签: the words printed around figures; `{名称}` and the like are filled in."""

    number: str = entry("附件号", "左上角，例如 附件3：")
    title: str = entry("标题", "表的标题，也是文件名")
    dimension: str = entry("一级指标", "一级指标格里印的字")
    group: str = entry("二级指标", "二级指标格里印的字")
    indicator: str = entry("三级指标", "三级指标格里印的字")
    goal: str = entry("年度目标", "每条年度目标印的字")
    project: str = entry("项目支出总额", "有往来资金时项目支出格里印的字")


LABEL_BLANKS = {
    "number": (),
    "title": ("年度", "部门", "单位名称"),
    "dimension": ("名称", "分值"),
    "group": ("名称", "分值"),
    "indicator": ("名称", "分值"),
    "goal": ("序号", "内容"),
    "project": ("项目支出总额", "往来资金"),
}
"""What each label may mention in braces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeRule:
    """叙述: one narrative of the form and the file that holds it."""

    name: str = entry("名称", "程序里的名称，例如 偏差分析")
    title: str = entry("标题", "表中的栏目名")
    file: str = entry("文件", "同一文件夹里的 .md 文件")
    shortfalls: bool = entry("说明未完成", "未完成的指标是否要在这里说明原因", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """表式: an official form with its rulebook."""

    id: str = entry("表式", "与文件夹同名")
    name: str = entry("名称", "表的正式名称")
    jurisdiction: str = entry("辖区", "在哪里适用")
    first_year: int = entry("首个年度", "从哪个年度起适用")
    last_year: int | None = entry("末个年度", "到哪个年度为止；不写表示仍然适用", default=None)
    template: str = entry("模板", "Word 模板的文件名")
    money_unit: str = entry("金额单位", "万元或元")
    labels: Labels = entry("标签", "表中印出的字")
    narratives: tuple[NarrativeRule, ...] = entry("叙述", "表后的几段文字")
    weights: WeightRule = entry("分值", "分值怎样合计")
    budget: BudgetRule = entry("预算执行", "预算执行怎样计分")
    quantities: tuple[QuantityRule, ...] = entry("定量", "定量指标怎样计分")
    quality: QualityRule = entry("定性", "定性指标怎样计分")
    rounding: Rounding = entry("舍入", "得分怎样舍入")
    cross_footing: CrossFooting = entry("勾稽", "支出与执行数怎样核对")
    clauses: tuple[Clause, ...] = entry("条款", "规则的依据")

    def clause(self, name: str) -> Clause:
        """Return a clause by name; `faults` has seen to it that every name cited exists."""
        return next(c for c in self.clauses if c.name == name)

    def quantity_rule(self, direction: Direction) -> QuantityRule:
        """Return the rule for a direction; `faults` has seen to it that both are there."""
        return next(r for r in self.quantities if r.direction is direction)


def faults(form: Form) -> Iterator[Finding]:
    """Find what contradicts itself inside a rulebook that could be read."""
    yield from _unknown_clauses(form)
    yield from _label_faults(form.labels)
    yield from _missing_directions(form)
    yield from _band_faults(form.quality)
    yield from _unknown_amounts(form.cross_footing)
    if form.weights.indicators + form.budget.weight != form.weights.total:
        yield _fault(
            ("分值", "满分"),
            f"指标分值 {form.weights.indicators} 加预算执行 {form.budget.weight}，不等于满分 {form.weights.total}。",
            "三处必须一致。",
        )


def _fault(address: Address, message: str, remedy: str) -> Finding:
    return Finding(code="P210", severity=Severity.ERROR, address=address, message=message, remedy=remedy)


def _unknown_clauses(form: Form) -> Iterator[Finding]:
    known = {clause.name for clause in form.clauses}
    cited: list[tuple[Address, str]] = [
        (("分值", "条款"), form.weights.clause),
        (("预算执行", "条款"), form.budget.clause),
        (("预算执行", "上限条款"), form.budget.cap_clause),
        (("定性", "条款"), form.quality.clause),
        (("定性", "默认条款"), form.quality.default_clause),
        (("舍入", "条款"), form.rounding.clause),
        (("勾稽", "条款"), form.cross_footing.clause),
    ]
    for i, rule in enumerate(form.quantities):
        cited.append((("定量", i, "条款"), rule.clause))
        cited.extend((("定量", i, "零值", j, "条款"), zero.clause) for j, zero in enumerate(rule.zeros))
    for address, name in cited:
        if name not in known:
            yield _fault(address, f"引用的条款「{name}」没有列在「条款」里。", "补上这一条，或改正名称。")


def _label_faults(labels: Labels) -> Iterator[Finding]:
    keys = {name: field.metadata["key"] for name, field in Labels.__dataclass_fields__.items()}
    for name, allowed in LABEL_BLANKS.items():
        pattern = getattr(labels, name)
        try:
            unknown = _unknown_blank(pattern, allowed)
        except ValueError:
            yield _fault(
                ("标签", keys[name]),
                f"标签「{pattern}」里的花括号没有配对。",
                "补上另一半；文字里的花括号要写两遍。",
            )
            continue
        if unknown is not None:
            can = "、".join(f"{{{blank}}}" for blank in allowed) or "没有"
            yield _fault(
                ("标签", keys[name]),
                f"标签「{pattern}」里的 {{{unknown}}} 不认识。",
                f"这里可用的是：{can}。",
            )


def _unknown_blank(pattern: str, allowed: tuple[str, ...]) -> str | None:
    """Return the first blank that is not allowed or not plain; ValueError where the braces are malformed."""
    for _, blank, spec, conversion in string.Formatter().parse(pattern):
        if blank is not None and (blank not in allowed or spec or conversion):
            return blank
    return None


def _unknown_amounts(rule: CrossFooting) -> Iterator[Finding]:
    known = [field.metadata["key"] for field in Expenditure.__dataclass_fields__.values()]
    for key, names in (("加", rule.plus), ("减", rule.minus)):
        for i, name in enumerate(names):
            if name not in known:
                yield _fault(
                    ("勾稽", key, i), f"支出中没有「{name}」这一项。", f"这里可用的是：{'、'.join(known)}。"
                )


def _missing_directions(form: Form) -> Iterator[Finding]:
    for direction in Direction:
        rules = [i for i, rule in enumerate(form.quantities) if rule.direction is direction]
        if not rules:
            yield _fault(("定量",), f"没有写「{direction.value}」怎样计分。", "每个方向写一条。")
        elif len(rules) > 1:
            yield _fault(("定量", rules[1]), f"「{direction.value}」写了两次。", "只留一条。")


def _band_faults(rule: QualityRule) -> Iterator[Finding]:
    for i, band in enumerate(rule.bands):
        if not band.lower <= band.default <= band.upper:
            yield _fault(
                ("定性", "档次", i, "默认"),
                f"「{band.name}」的默认 {band.default}% 不在本档（{band}）之内。",
                "改正。",
            )
    for i in range(1, len(rule.bands)):
        upper, lower = rule.bands[i - 1], rule.bands[i]
        if upper.lower != lower.upper or lower.upper_included:
            yield _fault(
                ("定性", "档次", i, "上限"),
                f"「{upper.name}」的下限 {upper.lower}% 与「{lower.name}」的上限 {lower.upper}% 没有接上，或重叠。",
                "上一档的下限就是下一档不含的上限。",
            )
