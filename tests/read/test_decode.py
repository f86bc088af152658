import copy
import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from builders import (
    FILE,
    FILED_TEXT,
    FORM,
    FORM_TEXT,
    decoded,
    encodes_in_gbk,
    node,
    nodes_of,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    Direction,
    Expenditure,
    Indicator,
    Judgement,
    Quantity,
    Status,
    Words,
)
from perfdoc.core.diagnostics import Diagnostic, Place
from perfdoc.core.source import Mapping, Node, Scalar, Sequence, locate
from perfdoc.form.rulebook import Band, Form, Rounding, RoundingMode, ZeroRule
from perfdoc.read.decode import MISSING, decode


def nested(text: str) -> dict[str, Any]:
    value = written(nodes_of(text))
    assert isinstance(value, dict)
    return value


SMALL = nested("""
表式: hubei-department
年度: 2020
部门: 智造园
单位名称: 服务中心
状态: 定稿
预算执行:
  - {名称: 部门整体支出总额, 预算数: 489, 执行数: 367.24}
年度目标:
  - 招商活动有效开展
指标:
  - 一级指标: 产出指标
    分值: 80
    二级指标:
      - 名称: 数量指标
        分值: 80
        三级指标:
          - {名称: 接洽企业数量, 分值: 80, 年初目标值: 30个, 实际完成值: 74个}
""")
"""The smallest assessment that can be read."""


def small(**changes: Any) -> dict[str, Any]:
    """Copy the smallest assessment; None takes a name out."""
    changed = copy.deepcopy(SMALL) | changes
    return {key: value for key, value in changed.items() if value is not None}


def faults_of(content: dict[str, Any], cls: type[Any] = Assessment) -> list[str]:
    value, faults = decoded(node(content), cls)
    assert (value is MISSING) == bool(faults)
    return faults


def indicator_with(**changes: Any) -> dict[str, Any]:
    line = {"名称": "接洽企业数量", "分值": "80", "年初目标值": "30个", "实际完成值": "74个"} | changes
    return {key: value for key, value in line.items() if value is not None}


# --- what is read -----------------------------------------------------------------------------------------------


def test_the_filed_form_of_2020_is_read_to_the_last_digit() -> None:
    value, faults = decoded(nodes_of(FILED_TEXT), Assessment)
    assert faults == []
    assert isinstance(value, Assessment)
    assert (value.form, value.year, value.department) == ("hubei-department", 2020, "智造园")
    assert (value.date, value.status) == (dt.date(2021, 5, 25), Status.FILED)
    assert value.expenditure == Expenditure(
        basic=Decimal(0), project=Decimal("415.93"), pass_through=Decimal("48.69")
    )
    assert value.budget == (
        BudgetLine(name="部门整体支出总额", budgeted=Decimal(489), executed=Decimal("367.24")),
    )
    assert [len(group.indicators) for part in value.dimensions for group in part.groups] == [9, 4, 4, 3]
    assert value.indicators()[8] == Indicator(
        name="全年污水排放量",
        weight=Decimal(3),
        target=Quantity(text="1000万方", number=Decimal(1000), unit="万方"),
        actual=Quantity(text="2176万方", number=Decimal(2176), unit="万方"),
        printed_as="全年污水排放量（3）",
    )
    assert value.indicators()[14].judgement == Judgement(grade="达成预期")
    assert value.indicators()[15].direction is Direction.LOWER
    assert value.prose == ()


def test_the_form_is_read_with_its_rulebook() -> None:
    assert FORM.id == "hubei-department"
    assert FORM.last_year is None
    assert FORM.rounding == Rounding(digits=2, rate_digits=1, mode=RoundingMode.HALF_UP, clause="自定1")
    assert FORM.quality.bands[1] == Band(
        name="部分达成预期",
        upper=Decimal(80),
        upper_included=False,
        lower=Decimal(50),
        default=Decimal(80),
    )
    assert FORM.quantities[1].zeros == (
        ZeroRule(actual=True, share=Decimal(100), clause="自定2"),
        ZeroRule(target=True, actual=False, share=Decimal(0), clause="自定2"),
    )
    assert [rule.shortfalls for rule in FORM.narratives] == [True, False]


def test_what_is_left_open_is_left_open() -> None:
    value, faults = decoded(node(small()), Assessment)
    assert faults == []
    assert (value.date, value.expenditure) == (None, Expenditure())
    value, faults = decoded(
        node(
            small(
                填报日期="", 支出="", 指标=[nested("一级指标: 甲\n分值: 1\n二级指标: []") | {"二级指标": []}]
            )
        ),
        Assessment,
    )
    assert faults == ["P102 「二级指标」是空的。至少写一条。"]
    line, faults = decoded(node(indicator_with(实际完成值="", 方向="", 定性="", 报送得分="")), Indicator)
    assert faults == []
    assert (line.actual, line.direction, line.judgement, line.filed) == (None, None, None, None)


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"单位名": "x"}, "P101 这里不认识的名称「单位名」。是否为「单位名称」？"),
        ({"填表日期": "x"}, "P101 这里不认识的名称「填表日期」。是否为「填报日期」？"),
        ({"分值：3": "x"}, "P101 这里不认识的名称「分值：3」。"),
        ({"": "x"}, "P101 这里不认识的名称「」。"),
        ({"prose": "x"}, "P101 这里不认识的名称「prose」。"),
    ],
)
def test_an_unknown_name_is_a_fault_with_a_suggestion(change: dict[str, str], sentence: str) -> None:
    (fault,) = faults_of(small(**change))
    assert fault.startswith(sentence)
    if not fault.endswith("？"):
        assert fault.removeprefix(sentence) == (
            "这里可以写：表式、年度、部门、单位名称、填报日期、状态、支出、预算执行、基本信息、勾选、"
            "年度总体目标、年度目标、指标、绩效目标、取消、上年措施、报送总分。"
        )


def test_an_unknown_name_below_says_where() -> None:
    (fault,) = faults_of(indicator_with(完成值="3"), Indicator)
    assert fault == "P101 这里不认识的名称「完成值」。是否为「实际完成值」？"
    (fault,) = faults_of(small(支出={"基本支出": "0"}))
    assert fault == "P101 「支出」里不认识的名称「基本支出」。是否为「基本支出总额」？"
    (fault,) = faults_of(small(预算执行=[{"名称": "甲", "预算": "1"}]))
    assert fault == "P101 「预算执行」里不认识的名称「预算」。是否为「预算数」？"


@pytest.mark.parametrize("key", ["表式", "年度", "单位名称", "状态"])
def test_a_name_that_is_required_must_be_there_and_filled(key: str) -> None:
    assert faults_of(small(**{key: None})) == [f"P102 缺少「{key}」。请加一行 {key}: …"]
    assert faults_of(small(**{key: ""})) == [f"P102 「{key}」没有填写。请填写。"]


@pytest.mark.parametrize("key", ["部门", "年度目标", "指标", "预算执行"])
def test_a_name_that_only_some_forms_ask_for_may_be_left_out(key: str) -> None:
    assert faults_of(small(**{key: None})) == []
    assert faults_of(small(**{key: ""})) == []


def test_a_missing_name_below_says_of_what() -> None:
    assert faults_of(small(预算执行=[{"预算数": "1"}])) == ["P102 「预算执行」缺少「名称」。请加一行 名称: …"]
    one = copy.deepcopy(SMALL["指标"])
    del one[0]["二级指标"][0]["分值"]
    assert faults_of(small(指标=one)) == ["P102 「数量指标」缺少「分值」。请加一行 分值: …"]
    del one[0]["二级指标"][0]["三级指标"][0]["分值"]
    assert faults_of(small(指标=one)) == [
        "P102 「接洽企业数量」缺少「分值」。请加一行 分值: …",
        "P102 「数量指标」缺少「分值」。请加一行 分值: …",
    ]


# --- kinds of values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("年度", ["2020"], "P104 「年度」应当是一个值。写在同一行冒号后面，只写一个值。"),
        ("部门", {"名称": "x"}, "P104 「部门」应当是一个值。写在同一行冒号后面，只写一个值。"),
        ("年度目标", "招商", "P104 「年度目标」应当是一个列表。每条另起一行，以“- ”开头。"),
        ("年度目标", {"一": "招商"}, "P104 「年度目标」应当是一个列表。每条另起一行，以“- ”开头。"),
        ("年度目标", [], "P102 「年度目标」是空的。至少写一条。"),
        ("年度目标", ["招商", ""], "P102 「年度目标」第 2 条是空的。请填写或删除。"),
        ("年度目标", [["招商"]], "P104 「年度目标」应当是一个值。写在同一行冒号后面，只写一个值。"),
        (
            "支出",
            "415.93",
            "P104 「支出」应当是“名称: 值”（基本支出总额、项目支出总额、往来资金 等），现在是「415.93」。请照旁边的写法改。",
        ),
        (
            "支出",
            ["415.93"],
            "P104 「支出」应当是“名称: 值”（基本支出总额、项目支出总额、往来资金 等），现在是一个列表。请照旁边的写法改。",
        ),
        (
            "预算执行",
            ["489"],
            "P104 「预算执行」应当是“名称: 值”（名称、年初预算数、预算数 等），现在是「489」。请照旁边的写法改。",
        ),
        ("预算执行", [""], "P102 「预算执行」第 1 条是空的。请填写或删除。"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault(key: str, value: Any, sentence: str) -> None:
    assert faults_of(small(**{key: value})) == [sentence]


def test_the_whole_file_must_be_names_and_values() -> None:
    for content, shown in ((node("abc"), "「abc」"), (node(["a"]), "一个列表")):
        value, faults = decoded(content, Assessment)
        assert value is MISSING
        assert faults == [
            f"P104 这里应当是“名称: 值”（表式、年度、部门 等），现在是{shown}。请照旁边的写法改。"
        ]


@pytest.mark.parametrize("null", ["null", "Null", "NULL", "~"])
def test_what_yaml_takes_for_nothing_is_not_printed_in_silence(null: str) -> None:
    sentence = f"P104 「部门」填的是「{null}」，会照原样印在表里。没有内容就空着。"
    assert faults_of(small(部门=null)) == [sentence]
    assert faults_of(small(填报日期=null)) == [sentence.replace("部门", "填报日期")]


def test_words_for_nothing_are_words() -> None:
    for text in ("无", "none", "None", "否", "no", "nil", "-", "/"):
        value, faults = decoded(node(small(部门=text)), Assessment)
        assert (value.department, faults) == (text, [])


def test_a_quoted_null_is_a_text_and_a_quoted_nothing_is_nothing() -> None:
    assert decoded(nodes_of('名称: "null"\n分值: 1'), Indicator)[0].name == "null"
    assert decoded(nodes_of("名称: '~'\n分值: 1"), Indicator)[0].name == "~"
    assert decoded(nodes_of('名称: ""\n分值: 1'), Indicator)[1] == ["P102 「名称」没有填写。请填写。"]
    assert decoded(nodes_of('名称: x\n分值: 1\n年初目标值: ""'), Indicator)[1] == [
        "P102 「年初目标值」没有填写。请填写。"
    ]


@pytest.mark.parametrize(
    "text", ["yes", "no", "on", "Y", "是", "1:30", "010", "05001", "1e3", "75.10", "2021-05-25"]
)
def test_a_text_is_kept_as_it_was_typed(text: str) -> None:
    value, faults = decoded(nodes_of(f"名称: {text}\n分值: 1\n印作: {text}"), Indicator)
    assert (value.name, value.printed_as, faults) == (text, text, [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("367.24", "367.24"),
        ("75.10", "75.10"),
        ("1,000.50", "1000.50"),
        ("１２", "12"),
        ("0", "0"),
        ("-3", "-3"),
    ],
)
def test_a_figure_is_read_exactly(text: str, number: str) -> None:
    value, faults = decoded(node({"名称": "x", "分值": text}), Indicator)
    assert faults == []
    assert f"{value.weight:f}" == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("四十", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("40分", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("≥40", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("1:30", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("0x1F", "不是数值。只填数字，不带单位，例如 367.24。"),
        (".inf", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("nan", "不是数值。只填数字，不带单位，例如 367.24。"),
        ("010", "开头多了 0。去掉开头的 0，例如 10。"),
        ("1e3", "是程序员的写法，表里不用。写成普通数字，例如 1000。"),
        ("1_000", "里有下划线。去掉下划线，例如 1000。"),
        ("1,00", "里的逗号不在千位上。去掉逗号，例如 1000。"),
        ("30-40", "是一个范围。只填一个数，例如 30 个。"),
        ("1" * 16, "数字太长（最多 15 位）。核对是否多按了键。"),
    ],
)
def test_what_is_not_a_figure_says_why(text: str, sentence: str) -> None:
    assert faults_of({"名称": "x", "分值": text}, Indicator) == [f"P104 「分值」填的是「{text}」，{sentence}"]


def test_a_long_value_is_shown_in_part() -> None:
    (fault,) = faults_of({"名称": "x", "分值": "1" * 4000}, Indicator)
    assert fault == f"P104 「分值」填的是「{'1' * 40}…」，数字太长（最多 15 位）。核对是否多按了键。"
    (fault,) = faults_of(small(支出="甲" * 41))
    assert f"现在是「{'甲' * 40}…」" in fault
    (fault,) = faults_of(small(支出="甲" * 40))
    assert f"现在是「{'甲' * 40}」" in fault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30个", Quantity(text="30个", number=Decimal(30), unit="个")),
        ("认可度90%", Quantity(text="认可度90%", number=Decimal(90), unit="%", label="认可度")),
        ("全年无一起安全生产事故", Words("全年无一起安全生产事故")),
        ("30-40 次", Words("30-40 次")),
    ],
)
def test_a_target_is_a_quantity_or_words(text: str, expected: Quantity | Words) -> None:
    value, faults = decoded(
        node({"名称": "x", "分值": "1", "年初目标值": text, "实际完成值": text}), Indicator
    )
    assert (value.target, value.actual, faults) == (expected, expected, [])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-05-25", dt.date(2021, 5, 25)),
        ("2021-5-25", dt.date(2021, 5, 25)),
        ("2021/5/25", dt.date(2021, 5, 25)),
        ("2021年5月25日", dt.date(2021, 5, 25)),
        ("2021年05月05日", dt.date(2021, 5, 5)),
        ("2020-02-29", dt.date(2020, 2, 29)),
        ("2021-12-31", dt.date(2021, 12, 31)),
        ("2021-01-01", dt.date(2021, 1, 1)),
    ],
)
def test_a_date_may_be_written_in_four_ways(text: str, date: dt.date) -> None:
    assert decoded(node(small(填报日期=text)), Assessment)[0].date == date


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2021-02-30", "没有这一天。请核对日期。"),
        ("2021-02-29", "没有这一天。请核对日期。"),
        ("2021-05-00", "没有这一天。请核对日期。"),
        ("0000-01-01", "没有这一天。请核对日期。"),
        ("2021-13-01", "月份应为 1 到 12。请核对日期。"),
        ("2021-00-01", "月份应为 1 到 12。请核对日期。"),
        ("2021-05-25 10:00:00 +08:00", "不是日期。只填日期，例如 2021-05-25。"),
        ("2021-05", "不是日期。只填日期，例如 2021-05-25。"),
        ("2021.5.25", "不是日期。只填日期，例如 2021-05-25。"),
        ("2021-05/25", "不是日期。只填日期，例如 2021-05-25。"),
        ("21-05-25", "不是日期。只填日期，例如 2021-05-25。"),
        ("五月", "不是日期。只填日期，例如 2021-05-25。"),
    ],
)
def test_what_is_not_a_date_says_why(text: str, sentence: str) -> None:
    assert faults_of(small(填报日期=text)) == [f"P104 「填报日期」填的是「{text}」，{sentence}"]


@pytest.mark.parametrize(
    "text", ["20", "20200", "2020年", "２０２０", "1989", "2100", "2020.0", "+2020", "abcd"]
)
def test_a_year_has_four_digits_and_lies_near(text: str) -> None:
    assert faults_of(small(年度=text)) == [
        f"P104 「年度」填的是「{text}」，不是年度。填四位数字，例如 2020。"
    ]


@pytest.mark.parametrize("text", ["1990", "2020", "2099"])
def test_a_year_is_a_number(text: str) -> None:
    assert decoded(node(small(年度=text)), Assessment)[0].year == int(text)


@pytest.mark.parametrize(
    ("text", "judgement"),
    [
        ("达成预期", Judgement(grade="达成预期")),
        ("部分达成预期 60%", Judgement(grade="部分达成预期", share=Decimal(60))),
        ("部分达成预期60%", Judgement(grade="部分达成预期", share=Decimal(60))),
        ("部分达成预期 62.5 ％", Judgement(grade="部分达成预期", share=Decimal("62.5"))),
        (" 优  90% ", Judgement(grade="优", share=Decimal(90))),
    ],
)
def test_a_judgement_is_a_grade_and_perhaps_a_share(text: str, judgement: Judgement) -> None:
    value, faults = decoded(node({"名称": "x", "分值": "1", "定性": text}), Indicator)
    assert (value.judgement, faults) == (judgement, [])


@pytest.mark.parametrize(
    "text", ["60%", "达成预期 60", "达成 预期", "达成预期 6.%", "达成预期（60%）", "优 060%", "优 1.2.3%"]
)
def test_what_is_not_a_judgement_says_how_to_write_one(text: str) -> None:
    assert faults_of({"名称": "x", "分值": "1", "定性": text}, Indicator) == [
        f"P104 「定性」填的是「{text}」，不是“档次”或“档次 百分数”。例如 达成预期，或 部分达成预期 60%。"
    ]


@pytest.mark.parametrize(
    ("content", "cls", "sentence"),
    [
        (
            small(状态="已上报"),
            Assessment,
            "「状态」填的是「已上报」，不在可选的词里。可以写：填报中、定稿、已报送。",
        ),
        (
            indicator_with(方向="正"),
            Indicator,
            "「方向」填的是「正」，不在可选的词里。可以写：正向、反向、等于、区间、截止、是否。",
        ),
        (
            {"得分位数": "2", "执行率位数": "1", "方式": "进一", "条款": "x"},
            Rounding,
            "「方式」填的是「进一」，不在可选的词里。可以写：四舍五入、四舍六入五成双、去尾。",
        ),
        (
            {"得分位数": "10", "执行率位数": "1", "方式": "去尾", "条款": "x"},
            Rounding,
            "「得分位数」填的是「10」，不是个数。填一个不大的整数，例如 2。",
        ),
        (
            {"得分位数": "-1", "执行率位数": "1", "方式": "去尾", "条款": "x"},
            Rounding,
            "「得分位数」填的是「-1」，不是个数。填一个不大的整数，例如 2。",
        ),
        (
            {"完成为零": "true", "得分率": "0%", "条款": "x"},
            ZeroRule,
            "「完成为零」填的是「true」，不是“是”或“否”。填 是 或 否。",
        ),
        (
            {"得分率": "100", "条款": "x"},
            ZeroRule,
            "「得分率」填的是「100」，不是百分数。写成数字加 %，例如 80%。",
        ),
        (
            {"得分率": "一半%", "条款": "x"},
            ZeroRule,
            "「得分率」填的是「一半%」，不是百分数。写成数字加 %，例如 80%。",
        ),
        (
            {"得分率": "%", "条款": "x"},
            ZeroRule,
            "「得分率」填的是「%」，不是百分数。写成数字加 %，例如 80%。",
        ),
    ],
)
def test_what_a_field_does_not_take_says_what_it_takes(
    content: dict[str, Any], cls: type[Any], sentence: str
) -> None:
    assert faults_of(content, cls) == [f"P104 {sentence}"]


@pytest.mark.parametrize(("text", "share"), [("80%", "80"), ("0%", "0"), ("62.5%", "62.5"), ("80 %", "80")])
def test_a_percentage_is_held_as_the_number_in_front_of_its_sign(text: str, share: str) -> None:
    assert decoded(node({"得分率": text, "条款": "x"}), ZeroRule)[0].share == Decimal(share)


# --- all faults, each at its place ------------------------------------------------------------------------------


def test_all_faults_are_found_at_once_and_each_at_its_place() -> None:
    text = """\
表式: hubei-department
年度: 20
部门: ~
单位: 服务中心
状态: 定稿
预算执行:
  - {名称: 部门整体支出总额, 预算数: 1e3, 执行: 3}
年度目标: 招商
指标:
  - 一级指标: 产出指标
    分值: 四十
    二级指标:
      - 名称: 数量指标
        三级指标:
          - {名称: 甲, 分值: 3, 方向: 正}
          - {名称: 乙, 分值: }
          -
          - 丙
"""
    faults: list[Diagnostic] = []
    assert decode(nodes_of(text), Assessment, faults) is MISSING
    faults.sort(key=lambda fault: fault.place)
    expected = [
        ("P104", 2, "20", "「年度」填的是「20」，不是年度。"),
        ("P104", 3, "~", "「部门」填的是「~」，会照原样印在表里。"),
        ("P101", 4, "单位:", "这里不认识的名称「单位」。"),
        ("P104", 7, "1e3", "「预算数」填的是「1e3」，是程序员的写法，表里不用。"),
        ("P101", 7, "执行:", "「预算执行」里不认识的名称「执行」。"),
        ("P104", 8, "招商", "「年度目标」应当是一个列表。"),
        ("P104", 11, "四十", "「分值」填的是「四十」，不是数值。"),
        ("P102", 13, "名称: 数量指标", "「数量指标」缺少「分值」。"),
        ("P104", 15, "正", "「方向」填的是「正」，不在可选的词里。"),
        ("P102", 16, "分值:", "「分值」没有填写。"),
        ("P102", 17, "", "「三级指标」第 3 条是空的。"),
        ("P104", 18, "丙", "「三级指标」应当是“名称: 值”（名称、分值、方向 等），现在是「丙」。"),
    ]
    assert [(fault.code, fault.place.line, fault.message) for fault in faults] == [
        (code, line, message) for code, line, _, message in expected
    ]
    lines = text.split("\n")
    for fault, (_, line, words, _) in zip(faults, expected, strict=True):
        assert lines[line - 1][fault.place.column - 1 :].startswith(words)
    assert {fault.place.file for fault in faults} == {FILE}
    for fault in faults:
        assert encodes_in_gbk(str(fault)), fault
        assert fault.message.endswith("。")
        assert "。。" not in str(fault)


def test_what_is_wrong_in_one_part_keeps_no_other_from_being_read() -> None:
    faults: list[Diagnostic] = []
    read = decode(node({"名称": "x", "分值": "3"}), Indicator, faults)
    assert isinstance(read, Indicator)
    assert decode(node({"名称": "x"}), Indicator, faults) is MISSING
    assert isinstance(decode(node({"名称": "y", "分值": "3"}), Indicator, faults), Indicator)
    assert len(faults) == 1


# --- order ------------------------------------------------------------------------------------------------------


def shuffled(given: Node, chance: random.Random) -> Node:
    """Shuffle the names of every mapping, on every level; lists keep their order."""
    if isinstance(given, Mapping):
        entries = [(key, shuffled(value, chance)) for key, value in given.entries]
        chance.shuffle(entries)
        return Mapping(tuple(entries), given.place)
    if isinstance(given, Sequence):
        return Sequence(tuple(shuffled(item, chance) for item in given.items), given.place)
    return given


FILED_NODE, FORM_NODE = nodes_of(FILED_TEXT), nodes_of(FORM_TEXT)
FILED = decoded(FILED_NODE, Assessment)[0]


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_names_never_matters(chance: random.Random) -> None:
    assert decoded(shuffled(FILED_NODE, chance), Assessment) == (FILED, [])
    assert decoded(shuffled(FORM_NODE, chance), Form) == (FORM, [])


WORDS = [
    "年度",
    "名称",
    "分值",
    "指标",
    "支出",
    "状态",
    "预算执行",
    "x",
    "30个",
    "2020",
    "~",
    "",
    "定稿",
    "1e3",
]
anything = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(anything, st.sampled_from([Assessment, Form, Indicator]))
def test_whatever_a_file_says_it_is_read_or_reported(content: Any, cls: type[Any]) -> None:
    value, faults = decoded(node(content), cls)
    assert (value is MISSING) == bool(faults)
    assert all("。。" not in fault for fault in faults)


@given(st.sampled_from([key for key in SMALL if key != "支出"]), anything)
def test_one_faulty_part_is_reported_and_nothing_else(key: str, content: Any) -> None:
    value, faults = decoded(node(small(**{key: content})), Assessment)
    assert (value is MISSING) == bool(faults)
    others = [other for other in SMALL if other != key]
    assert not any(fault.startswith(f"P102 缺少「{other}」") for fault in faults for other in others)


# --- places -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "line", "column"),
    [
        ((), 1, 1),
        (("年度",), 2, 5),
        (("部门",), 3, 1),  # nothing behind the name: the name itself
        (("填报日期",), 1, 1),  # not written: where it has to be added
        (("指标",), 4, 1),
        (("指标", 0), 5, 5),
        (("指标", 0, "分值"), 6, 9),
        (("指标", 0, "二级指标", 1, "名称"), 9, 14),
        (("指标", 0, "二级指标", 1, "分值"), 9, 9),
        (("指标", 0, "二级指标", 7, "分值"), 7, 5),
        (("指标", 5), 4, 1),
        (("年度", "x"), 2, 5),
        (("年度", 0), 2, 5),
        ((0,), 1, 1),
    ],
)
def test_the_place_of_a_value_is_where_it_is_written_or_has_to_be(
    address: tuple[str | int, ...], line: int, column: int
) -> None:
    text = """\
表式: x
年度: 2020
部门:
指标:
  - 一级指标: 产出指标
    分值: 40
    二级指标:
      - {名称: 甲}
      - {名称: 乙}
"""
    assert locate(nodes_of(text), address) == Place(FILE, line, column)


def test_a_mapping_answers_by_name() -> None:
    read = nodes_of("甲: 1\n乙: {丙: 2}")
    assert isinstance(read, Mapping)
    assert read.get("甲") == Scalar("1", Place(FILE, 1, 4))
    assert read.get("丁") is None
    assert [key.text for key, _ in read] == ["甲", "乙"]
    assert Scalar("", Place(FILE)).empty
    assert not Scalar("", Place(FILE), quoted=True).empty
    assert not Scalar("x", Place(FILE)).empty
