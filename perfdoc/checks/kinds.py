"""Check that the direction, kind and group of an indicator fit its name."""

import re

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.checks.units import MONEY
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Direction, Group, Indicator, Quantity, Words
from perfdoc.core.diagnostics import Quote, Severity
from perfdoc.core.quantity import comparable


@check("P313", Severity.ERROR)
def sign_against_direction(subject: Subject) -> Findings:
    """Find a sign in front of the target that contradicts the written direction.

    Source: 备注2 (≥X is 正向, ≤X is 反向).
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
                (*score.address, keys.DIRECTION),
                name=Quote(indicator.name),
                sign=Quote(sign.value),
                direction=indicator.direction.value,
            )


@check("P316", Severity.ERROR)
def figure_judged_by_a_word(subject: Subject) -> Findings:
    """A missed figure called 达成预期 earns full marks, and nobody sees it.

    Source: 备注2 and 备注3: what has a figure is 定量.
    """
    for indicator, score in subject.scored.indicators():
        target, actual, judgement = indicator.target, indicator.actual, indicator.judgement
        if judgement is None or not isinstance(target, Quantity) or actual is None:
            continue
        best = subject.form.quality.bands[0].name
        if not isinstance(actual, Quantity):
            yield found(
                (*score.address, keys.ACTUAL),
                "actual",
                name=Quote(indicator.name),
                target=Quote(target.text),
                actual=Quote(actual.text),
            )
        elif judgement.grade == best and not _reached(indicator.better, target, actual):
            yield found(
                (*score.address, keys.JUDGEMENT),
                name=Quote(indicator.name),
                target=Quote(target.text),
                actual=Quote(actual.text),
                grade=Quote(judgement.grade),
            )


def _reached(better: Direction, target: Quantity, actual: Quantity) -> bool:
    """Tell whether an actual meets its target; figures of two units are for others to tell."""
    if not comparable(target, actual):
        return True
    if better is Direction.LOWER:
        return actual.number <= target.number
    if better is Direction.EQUAL:
        return actual.number == target.number
    return actual.number >= target.number


_UNWANTED = re.compile(
    r"(?:排放|能耗|耗水|耗电|事故|投诉|信访|差错|失误|违规|违纪|违法|伤亡|死亡|逾期|超支|返贫|辍学)"
    r"(?:事件)?(?:总)?(?:量|率|数|数量|次数|件数|起数|人数|发生率|发生数|发生次数)?$"
)
_COST = re.compile(r"成本|费用$|单价$")
_SAVED = re.compile(r"节约|节省|降低|下降|压减|减少|控制率|处理|处置|整改|办结|化解|回复|完成")
_COUNT = re.compile(r"(?:次数|个数|户数|人数|家数|条数|件数|数量|面积|里程|场次)$")


@check("P602", Severity.WARNING, guess=True)
def direction_against_kind(subject: Subject) -> Findings:
    """Find a cost or a mishap scored as the more the better, or a quantity as the fewer the better.

    Where the 方向 is written out, somebody has thought of it.

    Where the 方向 is written out, somebody has thought of it.

    Source: published form 12; a checker's finding; 全年污水排放量 in the filed form of 2020.
    """
    for address, group, indicator in _placed(subject):
        stated = indicator.direction is not None or indicator.judgement is not None
        if stated or not isinstance(indicator.target, Quantity):
            continue
        name = indicator.name
        bad = _UNWANTED.search(name) or _COST.search(name) or "成本" in group.name
        if bad and not _SAVED.search(name) and indicator.better is Direction.HIGHER:
            yield found((*address, keys.TARGET), name=Quote(name), target=Quote(indicator.target.text))
        elif (
            "数量" in group.name
            and _COUNT.search(name)
            and not _UNWANTED.search(name)
            and indicator.better is Direction.LOWER
        ):
            yield found(
                (*address, keys.TARGET), "count", name=Quote(name), target=Quote(indicator.target.text)
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
    """Find a target in words by which nobody can tell whether it was met, such as 效果明显.

    Source: R6, a Sichuan audit firm; an auditor's report “9个效益指标…不具考核性”.
    """
    for indicator, score in subject.scored.indicators():
        target = indicator.target
        if isinstance(target, Words) and not re.search(r"\d", target.text) and _VAGUE.search(target.text):
            yield found((*score.address, keys.TARGET), name=Quote(indicator.name), target=Quote(target.text))


_COUNTS = tuple("个次条件项户人家期批份起处台套")
_QUALITY = re.compile(r"(?:合格|达标|优良|优质|验收通过)率$")


@check("P607", Severity.WARNING, guess=True)
def indicator_in_wrong_group(subject: Subject) -> Findings:
    """Find an indicator whose kind is not that of its group, such as money under 数量.

    Source: R6, 三级与二级不匹配 → 0, 资金支付类“数量指标” → 0; 财预〔2021〕101号.
    """
    for address, group, indicator in _placed(subject):
        kind = _misplaced(group.name, indicator)
        if kind:
            target = Quote(indicator.target.text if indicator.target else "")
            yield found(
                (*address, keys.NAME),
                kind,
                name=Quote(indicator.name),
                group=Quote(group.name),
                target=target,
            )
    for score in subject.scored.dimensions:
        for part in score.parts:
            output = part.name.startswith(("数量", "质量", "时效", "成本"))
            if ("产出" in score.name and "效益" in part.name) or ("效益" in score.name and output):
                yield found(
                    (*part.address, keys.NAME), "group", name=Quote(part.name), dimension=Quote(score.name)
                )


def _misplaced(group: str, indicator: Indicator) -> str:
    """Tell what an indicator is that does not belong to its group; empty where it may belong."""
    target = indicator.target
    unit = target.unit if isinstance(target, Quantity) else ""
    if "质量" in group and unit in _COUNTS:
        return "count"
    if "数量" in group and unit in MONEY:
        return "money"
    if "数量" in group and _QUALITY.search(indicator.name):
        return "quality"
    return ""
