"""Whether an indicator is what its name and its group say: direction, kind, group."""

import re

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.units import MONEY
from perfdoc.core.assessment import Direction, Group, Indicator, Quantity, Words
from perfdoc.core.diagnostics import Address, Severity


@check("P313", Severity.ERROR)
def sign_against_direction(subject: Subject) -> Findings:
    """A sign in front of the target that contradicts the written direction.

    Why: Which of the two formulae applies would be a guess.
    Source: 备注2 (≥X is 正向, ≤X is 反向).
    标题: 目标值的符号与方向矛盾
    缘由: 两个公式该用哪一个就成了猜测。
    出处: 附件3 备注2（≥X 为正向，≤X 为反向）
    """
    for indicator, score in subject.scored.indicators():
        target = indicator.target
        sign = target.comparator if isinstance(target, Quantity) else None
        if (
            sign
            and indicator.direction
            and sign.direction not in (Direction.EQUAL, indicator.direction)
            and indicator.direction is not Direction.WITHIN
        ):
            yield found(
                (*score.address, "方向"),
                f"「{indicator.name}」目标写成「{sign.value}」，方向却是{indicator.direction.value}。",
                "请核对符号和方向。",
            )


_UNWANTED = re.compile(
    r"(?:排放|能耗|耗水|耗电|事故|投诉|信访|差错|失误|违规|违纪|违法|伤亡|死亡|逾期|超支|返贫|辍学)"
    r"(?:事件)?(?:总)?(?:量|率|数|数量|次数|件数|起数|人数|发生率|发生数|发生次数)?$"
)
_COST = re.compile(r"成本|费用$|单价$")
_SAVED = re.compile(r"节约|节省|降低|下降|压减|减少|控制率|处理|处置|整改|办结|化解|回复|完成")
_COUNT = re.compile(r"(?:次数|个数|户数|人数|家数|条数|件数|数量|面积|里程|场次)$")


@check("P602", Severity.WARNING, guess=True)
def direction_against_kind(subject: Subject) -> Findings:
    """A cost or a mishap scored as the more the better, or a quantity as the fewer the better.

    Where the 方向 is written out, somebody has thought of it.

    Why: The wrong formula gives full marks for the worst result.
    Source: published form 12; a checker's finding; 全年污水排放量 in the filed form of 2020.
    标题: 方向与指标的性质可能不符
    缘由: 方向反了，结果越差得分越高。
    出处: 某核查程序的问题清单；已公开的自评表
    """
    for address, group, indicator in _placed(subject):
        stated = indicator.direction is not None or indicator.judgement is not None
        if stated or not isinstance(indicator.target, Quantity):
            continue
        name = indicator.name
        bad = _UNWANTED.search(name) or _COST.search(name) or "成本" in group.name
        if bad and not _SAVED.search(name) and indicator.better is Direction.HIGHER:
            yield found(
                (*address, "年初目标值"),
                f"「{name}」目标「{indicator.target.text}」按越多越好计分，这类指标通常越少越好。",
                "请核对并写明 方向: 反向（或 正向）。",
            )
        elif (
            "数量" in group.name
            and _COUNT.search(name)
            and not _UNWANTED.search(name)
            and indicator.better is Direction.LOWER
        ):
            yield found(
                (*address, "年初目标值"),
                f"「{name}」目标「{indicator.target.text}」按越少越好计分，数量指标通常越多越好。",
                "请核对；若越多越好，请改用 ≥，否则写明 方向: 反向。",
            )


def _placed(subject: Subject) -> list[tuple[Address, Group, Indicator]]:
    """List every indicator with its address and the group it stands in."""
    return [(row.address, row.group, row.indicator) for row in subject.scored.rows()]


_VAGUE = re.compile(
    r"(?:效果|成效|作用|影响)(?:明显|显著|较好|良好)|(?:明显|显著|有效|进一步|不断|稳步|逐步|持续|有所)(?:提|改|增|加|扩|促|保|优|好)"
    r"|较好|良好$|较高|比较满意|基本满意"
)


@check("P606", Severity.WARNING, guess=True)
def target_not_checkable(subject: Subject) -> Findings:
    """A target in words by which nobody can tell whether it was met: 效果明显.

    Why: An audit found nine benefit indicators in one form 不具考核性, and took their points.
    Source: R6, a Sichuan audit firm; an auditor's report “9个效益指标…不具考核性”.
    标题: 文字目标可能无法考核
    缘由: “效果明显”无法判断是否完成，复核时会扣分。
    出处: 某会计师事务所的复核规则；某审计报告
    """
    for indicator, score in subject.scored.indicators():
        target = indicator.target
        if isinstance(target, Words) and not re.search(r"\d", target.text) and _VAGUE.search(target.text):
            yield found(
                (*score.address, "年初目标值"),
                f"「{indicator.name}」的目标「{target.text}」难以判断是否完成。",
                "请核对，尽量写成可以核实的事或数。",
            )


_COUNTS = tuple("个次条件项户人家期批份起处台套")
_QUALITY = re.compile(r"(?:合格|达标|优良|优质|验收通过)率$")


@check("P607", Severity.WARNING, guess=True)
def indicator_in_wrong_group(subject: Subject) -> Findings:
    """An indicator whose kind is not that of its group: a count under 质量, money under 数量, a benefit under 产出.

    Why: Reviewers give 0 for an indicator that does not belong to its group.
    Source: R6, 三级与二级不匹配 → 0, 资金支付类“数量指标” → 0; 财预〔2021〕101号.
    标题: 指标可能放错了类别
    缘由: 三级指标与二级指标不匹配，复核时可能按 0 分计。
    出处: 某会计师事务所的复核规则；财预〔2021〕101号
    """
    for address, group, indicator in _placed(subject):
        why = _misplaced(group.name, indicator)
        if why:
            yield found(
                (*address, "名称"),
                f"「{indicator.name}」放在「{group.name}」下，{why}。",
                "请核对应放在哪一类。",
            )
    for score in subject.scored.dimensions:
        for part in score.parts:
            output = part.name.startswith(("数量", "质量", "时效", "成本"))
            if ("产出" in score.name and "效益" in part.name) or ("效益" in score.name and output):
                yield found(
                    (*part.address, "名称"),
                    f"「{part.name}」放在一级指标「{score.name}」下。",
                    "请核对应放在哪个一级指标。",
                )


def _misplaced(group: str, indicator: Indicator) -> str:
    """Say in Chinese why an indicator does not belong to a group; empty where it may."""
    target = indicator.target
    unit = target.unit if isinstance(target, Quantity) else ""
    shown = target.text if target else ""
    if "质量" in group and unit in _COUNTS:
        return f"目标「{shown}」数的是数量"
    if "数量" in group and unit in MONEY:
        return f"目标「{shown}」是金额"
    if "数量" in group and _QUALITY.search(indicator.name):
        return "它说的是质量"
    return ""
