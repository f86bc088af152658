"""Addresses are closed: whatever is found stands somewhere that a record declares, and a slip is an error."""

import pytest
from builders import FORM, assessment, indicator, judged, nodes_of

from perfdoc.checks.acceptance import Review
from perfdoc.core.address import Address, UnknownAddressError, checked
from perfdoc.core.assessment import Assessment
from perfdoc.form.rulebook import Form
from perfdoc.read.folder import Origin

ROW: Address = ("指标", 0, "二级指标", 1, "三级指标", 2)
KNOWN: list[tuple[type, Address]] = [
    (Assessment, ()),
    (Assessment, ("年度",)),
    (Assessment, ("填报日期",)),
    (Assessment, ("支出", "往来资金")),
    (Assessment, ("支出", "汇总自", 1)),
    (Assessment, ("预算执行", 0, "执行数")),
    (Assessment, ("年度目标", 3)),
    (Assessment, ("年度总体目标", "实际完成情况")),
    (Assessment, ("基本信息", "项目负责人")),
    (Assessment, ("取消", 0, "名称")),
    (Assessment, (*ROW, "实际完成值")),
    (Assessment, (*ROW, "汇总自", 0)),
    (Assessment, ("绩效目标", 1, *ROW, "分值")),
    (Assessment, ("指标", 0, "三级指标", 2, "分值")),
    (Assessment, ("指标", 0, "年初目标值")),
    (Form, ("定量", 0, "零值", 1, "得分率")),
    (Form, ("定性", "档次", 0, "默认")),
    (Form, ("修订", 0, "超额", "处理")),
    (Form, ("检查", 0, "阈值")),
    (Review, ("核定", 0, "依据")),
]


@pytest.mark.parametrize(("record", "address"), KNOWN)
def test_what_a_record_declares_has_an_address(record: type, address: Address) -> None:
    assert checked(record, address) == address


@pytest.mark.parametrize(("record", "address"), [each for each in KNOWN if "基本信息" not in each[1]])
def test_no_step_of_an_address_may_be_misspelt(record: type, address: Address) -> None:
    for i, step in enumerate(address):
        wrong = 0 if isinstance(step, str) else "第一条"
        for other in (wrong, f"{step}錯"):
            with pytest.raises(UnknownAddressError):
                checked(record, (*address[:i], other, *address[i + 1 :]))


@pytest.mark.parametrize(("record", "address"), KNOWN)
def test_nothing_stands_below_a_text(record: type, address: Address) -> None:
    with pytest.raises(UnknownAddressError):
        checked(record, (*address, "无此项", "无此项"))


def test_a_name_of_the_form_is_let_through_where_the_form_declares_it() -> None:
    at = (*ROW, "数据来源")
    with pytest.raises(UnknownAddressError):
        checked(Assessment, at)
    assert checked(Assessment, at, frozenset({"数据来源"})) == at


def test_a_misspelt_address_is_an_error_and_not_the_place_above() -> None:
    file = nodes_of("指标:\n  - 一级指标: 产出指标\n    二级指标:\n      - 名称: 数量指标\n")
    origin = Origin(file, Assessment, (("偏差分析", "content/2020/deviation.md"),))
    assert origin.place(("指标", 0, "二级指标", 0, "分值")).line == 4
    with pytest.raises(UnknownAddressError):
        origin.place(("指标", 0, "二级指标", 0, "分質"))
    assert origin.place(("偏差分析", 7, 3)).line == 7


def test_every_score_of_a_form_stands_at_a_known_address() -> None:
    scored, _ = judged(assessment(indicator("40个", "30个")), FORM)
    for score in scored.total.walk():
        assert checked(Assessment, score.address) == score.address
        for given_input in score.inputs:
            assert checked(Assessment, given_input.address) == given_input.address
