"""Sound assessments with one thing wrong each: what every check is tried on."""

from collections.abc import Mapping as Named
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from builders import FORM as WHOLE
from builders import LOWER, PROSE, SPENT, assessment, budget_line, dimension, group, indicator, judged

from perfdoc import checks
from perfdoc.checks import CHECKS
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Expenditure, Prose
from perfdoc.core.diagnostics import Finding, Severity
from perfdoc.form.rulebook import CheckRule, Form

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
FIRST: Address = ("指标", 0, "二级指标", 0, "三级指标", 0)
SECOND: Address = (*FIRST[:-1], 1)


SMALL = (*(check.code for check in CHECKS if check.guess or check.threshold), "P502")
"""Checks that guess or look at the form as a whole, which assessments of one or two rows never satisfy."""
FORM = replace(
    WHOLE,
    checks=(
        *(rule for rule in WHOLE.checks if rule.code not in SMALL),
        *(CheckRule(code=code, off=True) for code in SMALL),
    ),
)


def found_in(given: Assessment, form: Form = FORM) -> tuple[Finding, ...]:
    return checks.run(*judged(given, form))


def two(first: Named[str, Any], second: Named[str, Any] | None = None, **changes: object) -> Assessment:
    """Make a sound assessment of two indicators of 40 points, but for what is given."""
    usual: dict[str, Any] = {"weight": 40}
    other: dict[str, Any] = {"weight": 40, "name": "宣传册制作次数"}
    return assessment(indicator(**{**usual, **first}), indicator(**{**other, **(second or {})}), **changes)


def prose(deviation: str) -> tuple[Prose, ...]:
    return (Prose("偏差分析", deviation), PROSE[1])


@dataclass(frozen=True)
class Fault:
    """A sound assessment with one thing wrong, and where; what is said about it, a case folder shows."""

    code: str
    given: Assessment
    address: Address
    severity: Severity = ERROR


HALF = {"actual": "15个"}
EXPLAINED = prose("接洽企业数量没有完成，因为疫情。")

FAULTS = [
    Fault(
        "P201",
        assessment(prose=prose("一。\n\n支出{{ 支出.项目 }}万元。")),
        ("偏差分析", 3, 3),
    ),
    Fault("P013", assessment(prose=prose("- 一。")), ("偏差分析", 1, 1)),
    Fault("P014", two({"name": "服务⼈数"}), (*FIRST, "名称")),
    Fault(
        "P312",
        two({"target": "0起", "actual": "0起"}),
        (*FIRST, "年初目标值"),
    ),
    Fault(
        "P105",
        two({"actual": "≥30个"}),
        (*FIRST, "实际完成值"),
    ),
    Fault(
        "P104",
        two({"grade": "优"}),
        (*FIRST, "定性"),
    ),
    Fault(
        "P109",
        assessment(replace(indicator(), unconfirmed=True)),
        (*FIRST, "目标待确认"),
    ),
    Fault("P102", assessment(date=None), ("填报日期",)),
    Fault(
        "P102",
        assessment(expenditure=replace(SPENT, basic=None)),
        ("支出", "基本支出总额"),
    ),
    Fault(
        "P102",
        assessment(expenditure=replace(SPENT, project=None)),
        ("支出", "项目支出总额"),
    ),
    Fault(
        "P102",
        assessment(budget=(budget_line(budgeted=None),)),
        ("预算执行", 0, "预算数"),
    ),
    Fault(
        "P102",
        assessment(budget=(budget_line(executed=None),)),
        ("预算执行", 0, "执行数"),
    ),
    Fault(
        "P102",
        two({}, {"actual": None}),
        (*SECOND, "实际完成值"),
    ),
    Fault(
        "P102",
        two({"target": None}),
        (*FIRST, "年初目标值"),
    ),
    Fault(
        "P102",
        two({"target": None, "actual": "无事故", "grade": "达成预期"}),
        (*FIRST, "年初目标值"),
    ),
    Fault(
        "P102",
        assessment(prose=prose("\n\n")),
        ("偏差分析", 1, 1),
    ),
    Fault(
        "P301",
        two({"target": "4个", "actual": "3个", "filed": "40", "because": "经批准调整"}, prose=EXPLAINED),
        (*FIRST, "报送得分"),
        WARNING,
    ),
    Fault(
        "P301",
        assessment(budget=(budget_line(filed="16.5", because="财政局核定"),)),
        ("预算执行", 0, "报送得分"),
        WARNING,
    ),
    Fault(
        "P302",
        two({"filed": "40.5", "because": "经批准"}),
        (*FIRST, "报送得分"),
    ),
    Fault(
        "P303",
        two({"weight": 41}),
        ("指标",),
    ),
    Fault(
        "P303",
        assessment(dimensions=(dimension(replace(group(indicator(weight=30)), weight=Decimal(80))),)),
        (*FIRST[:4], "分值"),
    ),
    Fault(
        "P303",
        assessment(
            dimensions=(
                replace(
                    dimension(
                        group(indicator(weight=30)), group(indicator(weight=20, name="x"), name="质量指标")
                    ),
                    weight=Decimal(80),
                ),
            )
        ),
        ("指标", 0, "分值"),
    ),
    Fault(
        "P306",
        assessment(expenditure=replace(SPENT, basic=Decimal("0.5"))),
        ("预算执行", 0, "执行数"),
    ),
    Fault(
        "P308",
        assessment(
            budget=(budget_line("100", "102.59"),),
            expenditure=Expenditure(basic=Decimal(100), project=Decimal("2.59")),
        ),
        ("预算执行", 0, "执行数"),
    ),
    Fault(
        "P107",
        two({"target": "1000万方", "actual": "2176方"}),
        (*FIRST, "实际完成值"),
    ),
    Fault(
        "P003",
        two({"actual": "３０个"}),
        (*FIRST, "实际完成值"),
        WARNING,
    ),
    Fault(
        "P003",
        two({"target": "30％", "actual": "30%"}),
        (*FIRST, "年初目标值"),
        WARNING,
    ),
    Fault(
        "P313",
        two({"target": "≥30个", "direction": LOWER}),
        (*FIRST, "方向"),
    ),
    Fault(
        "P203",
        two({}, {"name": "接洽企业数量"}),
        (*SECOND, "名称"),
    ),
    Fault(
        "P515",
        two({"target": "4个", "actual": "3个", "filed": "40"}, prose=EXPLAINED),
        (*FIRST, "报送得分"),
    ),
    Fault(
        "P010",
        assessment(goals=("招商活动有效开展", "……")),
        ("年度目标", 1),
    ),
    Fault("P010", assessment(department=" "), ("部门",)),
    Fault(
        "P010",
        assessment(prose=prose("一。\n\n按照全市统一部署，完成招商XX家，较上年有所增加。")),
        ("偏差分析", 3, 1),
    ),
    Fault(
        "P501",
        two(HALF),
        (*FIRST, "实际完成值"),
    ),
    Fault(
        "P501",
        two({"target": "无事故", "actual": "偶有事故", "grade": "部分达成预期"}),
        (*FIRST, "实际完成值"),
    ),
]
NAMED = [f"{fault.code} {number}" for number, fault in enumerate(FAULTS)]

ALONGSIDE = {"P302": {"P301"}}
"""A filed score above the weight differs from the rule as well."""

DRAWN = {"P701", "P702", "P703", "P704", "P705", "P706"}
"""What the roll-up finds and the checks hand on."""
