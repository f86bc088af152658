import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from builders import (
    LOWER,
    PROSE,
    SPENT,
    assessment,
    budget_line,
    dimension,
    encodes_in_gbk,
    group,
    indicator,
)
from faulty import (
    ALONGSIDE,
    DRAWN,
    ERROR,
    EXPLAINED,
    FAULTS,
    FIRST,
    FORM,
    HALF,
    INFO,
    NAMED,
    SECOND,
    WARNING,
    Fault,
    found_in,
    prose,
    two,
)
from hypothesis import given
from hypothesis import strategies as st

from perfdoc import checks
from perfdoc.checks import CHECKS, Check, Subject
from perfdoc.core.assessment import Assessment, Expenditure, Prose, Status
from perfdoc.core.diagnostics import Diagnostic, Finding, Place, Severity, any_error, in_reading_order

# --- each check -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", list(Status))
def test_a_sound_assessment_has_no_findings(status: Status) -> None:
    assert found_in(assessment(status=status)) == ()
    assert found_in(two({}, status=status)) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=NAMED)
def test_a_check_finds_its_own_fault_and_no_other_does(fault: Fault) -> None:
    findings = found_in(fault.given)
    assert {found.code for found in findings} - ALONGSIDE.get(fault.code, set()) == {fault.code}
    assert (fault.code, fault.severity, fault.address) in [(f.code, f.severity, f.address) for f in findings]


@pytest.mark.parametrize("fault", FAULTS, ids=NAMED)
def test_a_fault_is_said_once(fault: Fault) -> None:
    findings = [found for found in found_in(fault.given) if found.code == fault.code]
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("P102", assessment(expenditure=replace(SPENT, pass_through=None), budget=(budget_line(),))),
        ("P102", two({"target": "无事故", "actual": "无事故", "grade": "达成预期"})),
        ("P301", two({"target": "4个", "actual": "3个", "filed": "30"}, prose=EXPLAINED)),
        ("P515", two({"target": "4个", "actual": "3个", "filed": "30.00"}, prose=EXPLAINED)),
        ("P515", two({"target": "4个", "actual": "3个", "filed": "40", "because": "x"}, prose=EXPLAINED)),
        ("P515", two({"target": "4个", "actual": "≥3个", "filed": "40"})),
        ("P301", two({"target": "4个", "actual": "≥3个", "filed": "40"}, status=Status.FILED)),
        ("P302", two({"filed": "40"})),
        ("P302", two({"filed": "0", "because": "x"})),
        ("P306", assessment(budget=(budget_line(executed=None),))),
        ("P306", assessment(budget=())),
        ("P306", assessment(expenditure=replace(SPENT, basic=None, project=Decimal(1)))),
        ("P306", assessment(expenditure=Expenditure(basic=Decimal(0), project=Decimal("366.75")))),
        ("P308", assessment(budget=(budget_line("366.75", "366.75"),))),
        ("P107", two({"target": "无事故", "actual": "1起", "grade": "达成预期"})),
        ("P313", two({"target": "=30个", "direction": LOWER})),
        ("P313", two({"target": "≤30个", "direction": LOWER})),
        ("P313", two({"target": "30个", "direction": LOWER})),
        ("P313", two({"target": "≥30个"})),
        ("P313", two({"target": "≤30个"})),
        ("P010", assessment(goals=("华星t4、G6二期，规模XL，100%收集，4×100米接力，…等",))),
        ("P010", assessment(prose=prose("一。\n \n　\n二。"))),
        ("P501", two(HALF, prose=EXPLAINED)),
        ("P501", two(HALF, prose=prose("接洽企\n业数量 没有完成，因经费到位较晚。"))),
        ("P501", two({"actual": "29.999999个", "weight": 40})),
        ("P501", two({"actual": None})),
    ],
)
def test_a_check_is_silent_where_nothing_is_wrong(code: str, given: Assessment) -> None:
    assert code not in [found.code for found in found_in(given)]


def test_without_a_reason_a_filed_score_is_reported_once_whatever_the_status() -> None:
    for status, code, severity in (
        (Status.FILLING, "P301", WARNING),
        (Status.FINAL, "P515", ERROR),
        (Status.FILED, "P301", WARNING),
    ):
        (found,) = found_in(
            two({"target": "4个", "actual": "3个", "filed": "40"}, prose=EXPLAINED, status=status)
        )
        assert (found.code, found.severity) == (code, severity)


def test_a_text_target_without_a_grade_is_a_blank_while_the_year_is_running() -> None:
    given = two({"target": "无事故", "actual": "无事故"}, status=Status.FILLING)
    (found,) = found_in(given)
    assert (found.code, found.severity, found.address) == ("P102", INFO, (*FIRST, "定性"))
    assert found.message == "「接洽企业数量」的目标是文字，没有写达成情况。"
    assert found.remedy == "请加 定性: 达成预期 等。"
    (found,) = found_in(replace(given, status=Status.FINAL))
    assert (found.code, found.severity, found.address) == ("P105", ERROR, (*FIRST, "年初目标值"))


def test_an_open_actual_is_asked_for_before_its_grade() -> None:
    (found,) = found_in(two({"target": "无事故", "actual": None}, status=Status.FILLING))
    assert (found.code, found.address) == ("P102", (*FIRST, "实际完成值"))


def test_residue_is_shown_on_one_line() -> None:
    (found,) = found_in(assessment(goals=("甲\n……\n乙",)))
    assert found.message == "「甲 …… 乙」里留有占位符「……」。"


@pytest.mark.parametrize(
    ("name", "spoken", "unexplained"),
    [
        ("亿元以上项目开工率", "亿元以上项目开工率偏低。", False),
        ("亿元以上项目开工率", "亿元以上 项目开工率偏低。", False),
        ("亿元以上项目开工率", "开工率偏低。", True),
        ("园区环境、环保形势稳定性", "环保形势稳定性不足。", False),
        ("园区环境、环保形势稳定性", "园区环境不好。", False),
        ("环境、环保巡查次数", "环境不好。", True),
        ("推动党建活动（红色阵地）次数", "红色阵地没有建成。", False),
        ("安全 培训　次数", "安全培训次数不足。", False),
        ("党建", "党建工作因疫情没有完成。", False),
        ("党建", "党建工作没有完成。", True),
        ("党建", "工作没有完成。", True),
    ],
)
def test_a_shortfall_is_explained_where_the_indicator_is_named(
    name: str, spoken: str, *, unexplained: bool
) -> None:
    codes = [found.code for found in found_in(two({"name": name, "actual": "15个"}, prose=prose(spoken)))]
    assert codes == (["P501"] if unexplained else [])


def test_a_shortfall_is_not_explained_by_another_narrative() -> None:
    given = two(HALF, prose=(PROSE[0], Prose("改进措施", "接洽企业数量没有完成。")))
    assert [found.code for found in found_in(given)] == ["P501"]


def test_a_form_without_a_box_for_shortfalls_asks_for_none() -> None:
    form = replace(FORM, narratives=tuple(replace(rule, shortfalls=False) for rule in FORM.narratives))
    assert found_in(two(HALF), form) == ()


@pytest.mark.parametrize(
    "residue",
    [
        "……",
        "………",
        "....",
        "**",
        "≥**",
        "XX",
        "xx",
        "××",
        "XXX单位",
        "___",
        "（200字以内）",
        "(200字以内)",
        "待填",
        "待补充",
        "待定",
        "TODO",
        "□□",
        "指标1：",
        "指标2:",
    ],
)
@pytest.mark.parametrize("place", ["department", "unit", "goals", "prose"])
def test_residue_of_the_blank_form_is_found_wherever_it_stands(residue: str, place: str) -> None:
    changed: Any = {
        "department": f"甲{residue}乙",
        "unit": residue,
        "goals": ("一", f"{residue}乙"),
        "prose": prose(f"甲\n{residue}"),
    }[place]
    given = replace(assessment(), **{place: changed})
    addresses = {
        "department": ("部门",),
        "unit": ("单位名称",),
        "goals": ("年度目标", 1),
        "prose": ("偏差分析", 2, 1),
    }
    assert [(found.code, found.address) for found in found_in(given)] == [("P010", addresses[place])]


def test_residue_is_found_in_every_name_and_text_of_the_table() -> None:
    given = assessment(
        budget=(budget_line(name="××支出"),),
        dimensions=(
            dimension(
                group(
                    indicator("XX", "待填", 80, "指标1：", grade="达成预期"),
                    name="____",
                ),
                name="**",
            ),
        ),
    )
    residue = [found for found in found_in(given) if found.code == "P010"]
    assert [found.address for found in residue] == [
        ("预算执行", 0, "名称"),
        ("指标", 0, "一级指标"),
        ("指标", 0, "二级指标", 0, "名称"),
        (*FIRST, "名称"),
        (*FIRST, "年初目标值"),
        (*FIRST, "实际完成值"),
    ]


# --- how grave a finding is -------------------------------------------------------------------------------------


def weighed(check: Check, status: Status, severity: Severity = ERROR) -> Severity:
    finding = Finding(code="", severity=severity, address=())
    return checks.weigh(finding, check, status).severity


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_final_version_is_judged_in_full(check: Check) -> None:
    assert weighed(check, Status.FINAL) is check.severity


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
@pytest.mark.parametrize("status", [Status.FILLING, Status.FILED])
def test_outside_a_final_version_only_what_is_decisive_blocks(check: Check, status: Status) -> None:
    if check.decisive:
        assert weighed(check, status) is ERROR
    elif check.unfilled and status is Status.FILLING:
        assert weighed(check, status) is INFO
    else:
        assert weighed(check, status) is (INFO if check.severity is INFO else WARNING)


@pytest.mark.parametrize("status", list(Status))
def test_a_finding_may_weigh_less_than_its_check_and_never_more(status: Status) -> None:
    heavy = Check("P999", ERROR, lambda _: iter(()))
    light = Check("P999", WARNING, lambda _: iter(()))
    assert weighed(heavy, status, WARNING) is WARNING
    assert weighed(heavy, status, INFO) is INFO
    assert weighed(light, status, ERROR) is WARNING


DECISIVE = {"P104", "P105", "P107", "P201", "P312", "P314"} | DRAWN


def test_the_decisive_checks_and_those_for_blanks_are_these() -> None:
    assert {check.code for check in CHECKS if check.decisive} == DECISIVE
    assert {check.code for check in CHECKS if check.unfilled} == {
        "P102",
        "P109",
        "P501",
        "P502",
        "P503",
        "P504",
        "P601",
        "P604",
    }
    assert {check.code for check in CHECKS if check.severity is WARNING and not check.guess} == {
        "P003",
        "P106",
        "P410",
        "P411",
        "P502",
        "P503",
        "P504",
        "P516",
    }


@pytest.mark.parametrize("fault", FAULTS, ids=NAMED)
@pytest.mark.parametrize("status", [Status.FILLING, Status.FILED])
def test_what_blocks_outside_a_final_version_is_only_what_cannot_be_computed_or_read(
    fault: Fault, status: Status
) -> None:
    findings = found_in(replace(fault.given, status=status))
    assert any_error(findings) is (fault.code in DECISIVE)


# --- order ------------------------------------------------------------------------------------------------------


def test_findings_come_check_by_check_and_in_the_order_of_the_form() -> None:
    given = two(
        {"actual": None, "name": "甲"},
        {"actual": None, "name": "甲"},
        date=None,
        budget=(budget_line(None, None),),
        prose=(),
    )
    assert [(found.code, found.address) for found in found_in(given)] == [
        ("P102", ("填报日期",)),
        ("P102", ("预算执行", 0, "预算数")),
        ("P102", ("预算执行", 0, "执行数")),
        ("P102", (*FIRST, "实际完成值")),
        ("P102", (*SECOND, "实际完成值")),
        ("P102", ("偏差分析", 1, 1)),
        ("P102", ("改进措施", 1, 1)),
        ("P203", (*SECOND, "名称")),
    ]
    assert found_in(given) == found_in(given)


def diagnostic(file: str, line: int, column: int, severity: Severity, code: str, message: str) -> Diagnostic:
    return Diagnostic(
        code=code, severity=severity, place=Place(file, line, column), message=message, remedy="。"
    )


diagnostics = st.lists(
    st.builds(
        diagnostic,
        st.sampled_from(["a", "b"]),
        st.integers(1, 3),
        st.integers(1, 3),
        st.sampled_from(list(Severity)),
        st.sampled_from(["P101", "P102"]),
        st.sampled_from(["甲。", "乙。"]),
    ),
    max_size=12,
)


@given(diagnostics, st.randoms())
def test_diagnostics_are_read_from_top_to_bottom_the_graver_first(
    given: list[Diagnostic], chance: random.Random
) -> None:
    found = in_reading_order(given)
    assert set(found) == set(given)
    assert len(found) == len(set(given))
    keys = [(d.place.file, d.place.line, d.place.column, d.severity.rank, d.code, d.message) for d in found]
    assert keys == sorted(keys)
    chance.shuffle(given)
    assert in_reading_order(given) == found


def test_the_gravest_severity_ranks_first() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == [ERROR, WARNING, INFO]


def test_a_diagnostic_reads_as_one_line_that_an_editor_can_open() -> None:
    assert str(diagnostic("content/2020/assessment.yaml", 41, 15, ERROR, "P203", "不对。")) == (
        "content/2020/assessment.yaml:41:15: 错误 P203 不对。。"
    )
    assert str(Place("templates/x/attachment.docx", 0, 0)) == "templates/x/attachment.docx"


def test_only_errors_block() -> None:
    assert any_error([diagnostic("a", 1, 1, ERROR, "P1", "x")])
    assert not any_error([diagnostic("a", 1, 1, WARNING, "P1", "x"), diagnostic("a", 1, 1, INFO, "P1", "x")])
    assert not any_error([])


# --- what a check says ------------------------------------------------------------------------------------------


def everything_said() -> Iterator[Finding]:
    for fault in FAULTS:
        for status in Status:
            yield from found_in(replace(fault.given, status=status))


def test_every_message_is_a_sentence_that_an_old_console_can_show() -> None:
    for found in everything_said():
        assert found.message.endswith("。")
        assert found.remedy
        for text in (found.message, found.remedy):
            assert encodes_in_gbk(text), text
            assert not re.search("。。|，，|。，|，。|：。|  |「」|None|Decimal", text), text
        assert re.fullmatch("P[0-9]{3}", found.code)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_says_what_it_looks_for_why_and_who_asks(check: Check) -> None:
    about = check.about
    assert about.finds.endswith((".", "。"))
    for text in (about.finds, about.title, about.reason, about.source):
        assert text
        assert encodes_in_gbk(text)
        assert not re.search(r"\.\.(?!\.)|。。", text.replace("...", ""))


def test_every_check_has_a_code_of_its_own() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("P[0-9]{3}", code) for code in codes)
    assert len({check.find for check in CHECKS}) == len(CHECKS)


def test_a_check_registers_the_function_it_is_written_above() -> None:
    before = list(CHECKS)
    try:

        @checks.check("P999", WARNING, unfilled=True)
        def nothing(_: Subject) -> Iterator[Finding]:
            yield from ()

        assert CHECKS[len(before) :] == [Check("P999", WARNING, nothing, unfilled=True)]
    finally:
        CHECKS[:] = before
