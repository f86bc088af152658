import itertools
import re
import unicodedata
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from builders import (
    FORM,
    Names,
    assessment,
    budget_line,
    encodes_in_gbk,
    indicator,
    judged,
)
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.core.assessment import Expenditure, Prose, Quantity, Status
from perfdoc.core.diagnostics import Finding, Severity
from perfdoc.core.quantity import read
from perfdoc.judge import narrative, scoring
from perfdoc.judge.scoring.exact import percent

NAMES: Names = {
    "年度": Decimal(2020),
    "部门": "智造园",
    "填报日期": "2021年5月25日",
    "执行率": read("75.1%"),
    "开": None,
    "支出": {"项目支出总额": Decimal("415.93"), "往来资金": Decimal("48.69"), "基本支出总额": None},
    "预算执行": {"部门整体支出总额": {"预算数": Decimal(489), "执行数": Decimal("367.24")}},
    "指标": {
        "招商": {
            "实际完成值": read("74个"),
            "年初目标值": read("≥30个"),
            "完成率": read("246.7%"),
            "得分": Decimal("3.00"),
        },
        "满意": {
            "实际完成值": read("认可度100%"),
            "年初目标值": read("３０个"),
            "完成率": None,
            "得分": None,
        },
        "培训": {"实际完成值": read("30-40次"), "年初目标值": read("全年无事故")},
        "均值": {
            "实际完成值": Quantity(text="83.33%", number=Decimal(250) / 3, unit="%", rounded=Decimal("83.33"))
        },
    },
}


def fill(text: str, names: Names, name: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Fill a text: its paragraphs as they are printed, and the faults."""
    filled, faults = narrative.fill(text, names, name)
    return tuple(paragraph.text for paragraph in filled), faults


def paragraphs(text: str) -> tuple[str, ...]:
    """Fill a text in which nothing may be at fault."""
    filled, faults = fill(text, NAMES, "偏差分析")
    assert faults == ()
    return filled


def blank(expression: str) -> str:
    (text,) = paragraphs(f"有{{{{ {expression} }}}}个")
    return text.removeprefix("有").removesuffix("个")


# --- paragraphs and lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("\n\n", ()),
        ("  \n　\n", ()),
        ("一段。", ("一段。",)),
        ("一段。\n", ("一段。",)),
        ("一段。\n\n二段。\n", ("一段。", "二段。")),
        ("\n\n一段。\n\n\n 　\n二段。\n\n", ("一段。", "二段。")),
        ("　　一段。  \n", ("一段。",)),
        ("一句。\n二句。\n三句。\n", ("一句。二句。三句。",)),
        ("一段，\n 接着。", ("一段，接着。",)),
        ("一段。\n　　二段。", ("一段。", "二段。")),
        ("　　一段，\n接着。\n\t二段。", ("一段，接着。", "二段。")),
        (
            "措施：\n1.加强管理\n2、完善制度\n（3）强化监督",
            ("措施：", "1.加强管理", "2、完善制度", "（3）强化监督"),
        ),
        ("一、情况\n（一）收入\n①财政\n第二，支出", ("一、情况", "（一）收入", "①财政", "第二，支出")),
        ("完成\n3.75万元，\n2020年\n10个", ("完成3.75万元，2020年10个",)),
        ("一是好，\n二是快。", ("一是好，二是快。",)),
    ],
)
def test_paragraphs_stand_between_empty_lines_or_begin_with_an_indent_or_a_number(
    text: str, expected: tuple[str, ...]
) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("中文", "中文", "中文中文"),
        ("中文", "word", "中文word"),
        ("word", "中文", "word中文"),
        ("中文", "2020", "中文2020"),
        ("2020", "年", "2020年"),
        ("one", "two", "one two"),
        ("t4", "G6", "t4 G6"),
        ("100", "200", "100 200"),
        ("end.", "Begin", "end. Begin"),
        ("（甲）", "x", "（甲）x"),
        ("x", "“乙”", "x“乙”"),
        ("Ａ", "b", "Ａb"),
        ("……", "b", "……b"),
        ("90%", "of", "90% of"),
        ("naïve", "café", "naïve café"),
    ],
)
def test_lines_join_without_a_space_where_chinese_meets_anything(
    before: str, after: str, joined: str
) -> None:
    assert paragraphs(f"{before}\n{after}") == (joined,)
    assert paragraphs(f"  {before} \n {after}\t") == (joined,)


def test_a_filled_blank_joins_like_the_text_around_it() -> None:
    assert paragraphs("{{ 年度 }}\n{{ 年度 }}") == ("2020 2020",)
    assert paragraphs("{{ 年度 }}\n年") == ("2020年",)
    assert paragraphs("a\n{{ 开 }}\nb") == ("a b",)
    assert paragraphs("{{ 开 }}\nb") == ("b",)


def test_a_text_without_blanks_may_hold_anything_else() -> None:
    for text in ("100%", "{% if %}", "{# 注 #}", "{单}", "}}", "#1", "<w:p>", "&amp;", "a_b*c", "\\n", "'x'"):
        assert paragraphs(text) == (text,)


line_ends = st.text(st.sampled_from(" \t　"), max_size=2)
plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=60).filter(
    lambda text: re.search(r"[{｛]\s*[{｛]", text) is None
)


@given(plain_text.map(str.strip).filter(bool))
def test_a_line_without_blanks_survives_to_the_letter(text: str) -> None:
    assert paragraphs(text) == (text,)


@given(st.lists(st.tuples(line_ends, plain_text, line_ends), max_size=8))
def test_a_text_without_blanks_loses_only_white_space_at_its_line_ends(
    lines: list[tuple[str, str, str]],
) -> None:
    text = "\n".join("".join(line) for line in lines)
    filled = paragraphs(text)
    assert all(paragraph and paragraph == paragraph.strip() and "\n" not in paragraph for paragraph in filled)
    kept = [line.strip() for line in text.split("\n") if line.strip()]
    blocks = re.split(r"\n(?:\s*\n)+", "\n".join(line.strip() for line in text.split("\n")).strip("\n"))
    assert (len(blocks) if kept else 0) <= len(filled) <= len(kept)
    remaining = "\n".join(filled)
    for line in kept:
        assert remaining.startswith(line)
        remaining = remaining[len(line) :]
        remaining = (
            remaining.removeprefix("\n") if remaining.startswith("\n") else remaining.removeprefix(" ")
        )
    assert remaining == ""


@given(st.text(st.sampled_from("中ａ，“ab1%. }\n\t　"), max_size=40))
def test_a_space_is_added_only_between_two_characters_that_are_not_chinese(text: str) -> None:
    lines = [line.strip() for line in text.split("\n")]
    for before, after in itertools.pairwise(lines):
        if before and after and not after.startswith("1."):
            wide = any(unicodedata.east_asian_width(c) in "WFA" for c in (before[-1], after[0]))
            assert paragraphs(f"{before}\n{after}") == (before + ("" if wide else " ") + after,)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("完成｛｛ 执行率 ｝｝。", 3),
        ("完成{ { 执行率 } }。", 3),
        ("完成{｛ 执行率 }｝。", 3),
        ("{{ 年度 }}年完成｛执行率｝。", 12),
        ("完成{执行率}。", 3),
        ("完成{ 支出.项目支出总额 }万元。", 3),
    ],
)
def test_braces_that_were_meant_as_a_blank_are_named(line: str, column: int) -> None:
    _, (fault,) = narrative.fill(line, NAMES, "偏差分析")
    assert (fault.code, fault.kind, fault.address) == ("P201", "braces", ("偏差分析", 1, column))


@pytest.mark.parametrize(
    "line", ["{单}", "{{ 年度 }}{{ 年度 }}", "｛甲｝", "}}", "} }", "｝｝", "{% if %}", "{{ '{' }}", "{1}"]
)
def test_other_braces_are_text(line: str) -> None:
    assert narrative.fill(line, NAMES, "偏差分析")[1] == ()


# --- blanks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("年度", "2020"),
        ("部门", "智造园"),
        ("填报日期", "2021年5月25日"),
        ("执行率", "75.1%"),
        ("支出.项目支出总额", "415.93"),
        ('支出["项目支出总额"]', "415.93"),
        ("支出['项目支出总额']", "415.93"),
        ('预算执行["部门整体支出总额"].执行数', "367.24"),
        ("预算执行.部门整体支出总额.执行数", "367.24"),
        ('指标["招商"].实际完成值', "74个"),
        ('指标["招商"]["年初目标值"]', "≥30个"),
        ("指标.招商.得分", "3.00"),
        ("'文字'", "文字"),
        ('"文字"', "文字"),
        ("(年度)", "2020"),
        ("12", "12"),
        ("1.50", "1.5"),
    ],
)
def test_a_blank_is_filled_with_what_it_names(expression: str, text: str) -> None:
    assert blank(expression) == text


def test_a_blank_needs_no_spaces_and_may_touch_the_text() -> None:
    assert paragraphs("支出{{支出.项目支出总额}}万元") == ("支出415.93万元",)
    assert paragraphs("{{年度}}{{ 部门 }}{{   执行率   }}") == ("2020智造园75.1%",)
    assert paragraphs("{{- 年度 -}} 年") == ("2020 年",)


def test_what_is_filled_in_is_not_read_again() -> None:
    names: Names = {"名": "{{ 年度 }} & <b>"}
    assert fill("甲{{ 名 }}", names, "x") == (("甲{{ 年度 }} & <b>",), ())


def test_opening_braces_are_written_as_a_text() -> None:
    assert paragraphs("写成 {{ '{{' }} 年度 }} 即可") == ("写成 {{ 年度 }} 即可",)


@pytest.mark.parametrize(
    "expression",
    [
        "开",
        "支出.基本支出总额",
        '指标["满意"].得分',
        "开 + 1",
        "1 - 开",
        "开 * 开",
        "1 / 开",
        "开 | round(1)",
    ],
)
def test_an_open_figure_prints_nothing(expression: str) -> None:
    assert blank(expression) == ""


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("支出.项目支出总额 - 支出.往来资金", "367.24"),
        ("支出.项目支出总额 + 支出.往来资金", "464.62"),
        ('指标["招商"].实际完成值 - 指标["招商"].年初目标值', "44"),
        ("年度 - 1", "2019"),
        ("指标.满意.实际完成值 - 90", "10"),
        ("指标.满意.年初目标值 + 0", "30"),
        ("执行率 + 0", "75.1"),
        ("3 * 835 / 3000", "0.835"),
        ("1 / 8", "0.125"),
        ("7 / 7", "1"),
        ("1000 / 10", "100"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("100 / 10 / 5", "2"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 64", "0.015625"),
        ("'5' + 3", "8"),
        ("指标.均值.实际完成值 + 1", "84.33"),
    ],
)
def test_figures_can_be_calculated_with(expression: str, text: str) -> None:
    assert blank(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("2.675 | round(2)", "2.68"),
        ("2.665 | round(2)", "2.67"),
        ("2.664 | round(2)", "2.66"),
        ("(1 / 3) | round(2)", "0.33"),
        ("(2 / 3) | round(1)", "0.7"),
        ("(5 / 2) | round(0)", "3"),
        ("(0 - 5 / 2) | round(0)", "-3"),
        ("3 | round(2)", "3.00"),
        ("执行率 | round(0)", "75"),
        ("(1 / 3) | round(6)", "0.333333"),
        ("1 / (4 | round(2))", "0.25"),
        ("(0 - 1 / 8) | round(0)", "0"),
        ("(0 - 1 / 8) | round(2)", "-0.13"),
    ],
)
def test_a_figure_is_rounded_half_up_to_the_digits_that_are_asked_for(expression: str, text: str) -> None:
    assert blank(expression) == text


def test_a_filter_binds_to_the_last_figure_alone() -> None:
    _, (fault,) = fill("{{ 1 / 3 | round(2) }}", NAMES, "x")
    assert fault.message == "文中的 {{ 1 / 3 | round(2) }} 除不尽。"


@given(
    st.integers(-(10**6), 10**6),
    st.integers(1, 10**4),
    st.integers(0, 6),
    st.sampled_from(["+", "-", "*", "/"]),
)
def test_a_calculation_gives_the_exact_figure_rounded_once(
    left: int, right: int, digits: int, sign: str
) -> None:
    names: Names = {"甲": Decimal(left) / 100, "乙": Decimal(right)}
    (text,), faults = fill(f"{{{{ (甲 {sign} 乙) | round({digits}) }}}}", names, "x")
    one, other = Fraction(left, 100), Fraction(right)
    exact = {"+": one + other, "-": one - other, "*": one * other, "/": one / other}[sign]
    expected = (Decimal(exact.numerator * 10**9 // exact.denominator)).scaleb(-9)
    assert faults == ()
    if expected == exact:
        assert text == f"{expected.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):zf}"
    assert not re.fullmatch(r"-0(\.0*)?", text)
    assert abs(Fraction(text) - exact) <= Fraction(1, 2 * 10**digits)


# --- faults -----------------------------------------------------------------------------------------------------

HOW_TO_WRITE = '写成 {{ 支出.项目支出总额 }} 或 {{ 指标["名称"].实际完成值 }}。'
ONLY = "只能写名称、加减乘除和 | round(1)。"
UNCLOSED = "补上 }}；若是文字，写成 {{ '{{' }}。"


@pytest.mark.parametrize(
    ("expression", "reason", "remedy"),
    [
        ("支出.项目支出", "填不出：「支出」里没有「项目支出」这个名称", "是否为「项目支出总额」？"),
        ("执行绿", "填不出：没有「执行绿」这个名称", "是否为「执行率」？"),
        (
            "产值",
            "填不出：没有「产值」这个名称",
            "可用：年度、部门、填报日期、执行率、开、支出、预算执行、指标。",
        ),
        (
            '指标["招商"].名',
            "填不出：「指标[招商]」里没有「名」这个名称",
            "可用：实际完成值、年初目标值、完成率、得分。",
        ),
        ('指标["招"].得分', "填不出：「指标」里没有「招」这个名称", "是否为「招商」？"),
        ("支出", "不是一个数", "后面还要写明是哪一项：项目支出总额、往来资金、基本支出总额。"),
        ('指标["招商"]', "不是一个数", "后面还要写明是哪一项：实际完成值、年初目标值、完成率、得分。"),
        ("年度.月", "里「年度」之后没有「月」", "去掉后面的部分。"),
        ("支出.项目支出总额.元", "里「支出.项目支出总额」之后没有「元」", "去掉后面的部分。"),
        ("开.x", "里「开」之后没有「x」", "去掉后面的部分。"),
        (
            "上年.总分",
            "没有找到上年的自评",
            "上年的自评要在同一层的上年文件夹里；没有就去掉这一处。",
        ),
        ("1 / 3", "除不尽", "写明保留几位小数，例如 | round(1)。"),
        ("支出.往来资金 / 7", "除不尽", "写明保留几位小数，例如 | round(1)。"),
        ("1 / 0", "除数为 0", "核对除数。"),
        ("年度 / (1 - 1)", "除数为 0", "核对除数。"),
        ("部门 + 1", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("1 - 部门", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("部门 | round(1)", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("支出 * 2", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("指标.培训.实际完成值 + 1", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("填报日期 - 1", "里有一项不是数，不能计算", "只拿数来加减乘除。"),
        ("(1 / 3) | round(7)", "保留的位数太多", "最多保留 6 位小数。"),
        ("1 | round(99999999999)", "保留的位数太多", "最多保留 6 位小数。"),
        ("1e999", "算出的数太大", "核对算式。"),
        ("1e999 - 1e999", "算出的数太大", "核对算式。"),
        ("1" * 40, "算出的数太大", "核对算式。"),
        ("1000000000000 * 1000000000000 * 1000000000000", "算出的数太大", "核对算式。"),
        ("", "看不懂", HOW_TO_WRITE),
        ("支出.", "看不懂", HOW_TO_WRITE),
        ("年度 年度", "看不懂", HOW_TO_WRITE),
        ('指标["招商]', "看不懂", HOW_TO_WRITE),
        ("指标[“招商”]", "看不懂", HOW_TO_WRITE),
        ("%", "看不懂", HOW_TO_WRITE),
        ("年度, 部门", "用了不支持的写法", ONLY),
        ("指标[0]", "用了不支持的写法", ONLY),
        ("1 if 年度 else 2", "用了不支持的写法", ONLY),
        ("年度 ~ 部门", "用了不支持的写法", ONLY),
        ("年度 == 部门", "用了不支持的写法", ONLY),
        ("年度 is defined", "用了不支持的写法", ONLY),
        ("7 % 2", "用了不支持的写法", ONLY),
        ("7 // 2", "用了不支持的写法", ONLY),
        ("2 ** 3", "用了不支持的写法", ONLY),
        ("- 5", "用了不支持的写法", ONLY),
        ("not 年度", "用了不支持的写法", ONLY),
        ("true", "用了不支持的写法", ONLY),
        ("none", "用了不支持的写法", ONLY),
        ("年度 | upper", "用了不支持的写法", ONLY),
        ("年度 | round", "用了不支持的写法", ONLY),
        ("1 | round(-1)", "用了不支持的写法", ONLY),
        ("1 | round(1, 'floor')", "用了不支持的写法", ONLY),
        ("1 | round(digits=1)", "用了不支持的写法", ONLY),
        ("'C:\\x41'", "里有 \\", "直接写出文字，不用 \\。"),
        ("'\\x00'", "里有 \\", "直接写出文字，不用 \\。"),
        ("指标['\\x1b[2J']", "里有 \\", "直接写出文字，不用 \\。"),
    ],
)
def test_a_faulty_blank_is_left_as_written_and_reported(expression: str, reason: str, remedy: str) -> None:
    written = f"{{{{ {expression} }}}}"
    filled, faults = fill(f"甲。\n\n乙，{written}个。", NAMES, "偏差分析")
    assert filled == ("甲。", f"乙，{written}个。")
    (fault,) = faults
    assert (fault.code, fault.severity) == ("P201", Severity.ERROR)
    assert fault.address == ("偏差分析", 3, 3)
    assert fault.message == f"文中的 {written} {reason}。"
    assert fault.remedy == remedy
    assert encodes_in_gbk(reason + remedy)


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("甲{{ 年度", 2, "{{ 年度"),
        ("{{", 1, "{{"),
        ("{{ 年度 }} 与 {{ 部门 }", 12, "{{ 部门 }"),
        ("{{ 年度 } }", 1, "{{ 年度 } }"),
        ("}} {{", 4, "{{"),
    ],
)
def test_braces_that_are_not_closed_on_their_line_are_reported(line: str, column: int, shown: str) -> None:
    filled, (fault,) = fill(line, NAMES, "x")
    assert filled == (line.replace("{{ 年度 }}", "2020"),)
    assert fault.address == ("x", 1, column)
    assert fault.message == f"文中的 {shown} 没有配对的 }}}}。"
    assert fault.remedy == UNCLOSED


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("年度" + " " * 298, "年度" + " " * 299),
        ("(" * 10 + "年度" + ")" * 10, "(" * 11 + "年度" + ")" * 11),
    ],
    ids=["characters", "brackets"],
)
def test_a_blank_that_is_too_long_or_too_deep_is_refused(within: str, beyond: str) -> None:
    assert fill(f"{{{{{within}}}}}", NAMES, "x") == (("2020",), ())
    _, (fault,) = fill(f"{{{{{beyond}}}}}", NAMES, "x")
    assert fault.message.endswith(" 太长。")
    assert fault.remedy == "一处只填一个数。"


@pytest.mark.parametrize(("length", "shown"), [(60, 60), (61, 60)])
def test_a_message_shows_a_long_blank_in_part(length: int, shown: int) -> None:
    written = "{{" + "甲" * (length - 4) + "}}"
    _, (fault,) = fill(written, NAMES, "x")
    expected = written[:shown] + ("…" if length > shown else "")
    assert fault.message.startswith(f"文中的 {expected} 填不出：")


def test_a_message_names_a_few_of_the_names_that_there_are() -> None:
    names: Names = {f"名{i}": Decimal(i) for i in range(10)}
    _, (fault,) = fill("{{ x }}", names, "x")
    assert fault.remedy == "可用：名0、名1、名2、名3、名4、名5、名6、名7。"
    _, (fault,) = fill("{{ 表 }}", {"表": names}, "x")
    assert fault.remedy == "后面还要写明是哪一项：名0、名1、名2、名3、名4、名5。"


def test_a_blank_stands_on_one_line() -> None:
    filled, faults = fill("甲{{\n年度 }}", NAMES, "x")
    assert filled == ("甲{{年度 }}",)
    assert [fault.address for fault in faults] == [("x", 1, 2)]


def test_every_fault_of_a_text_is_reported_at_its_line_and_column() -> None:
    text = "{{ 甲 }}\n　　乙{{ 年度 }}{{ 乙 }}{{ 丙 }}\n\n\n  {{ 丁"
    _, faults = fill(text, NAMES, "改进措施")
    assert [fault.address for fault in faults] == [
        ("改进措施", 1, 1),
        ("改进措施", 2, 12),
        ("改进措施", 2, 19),
        ("改进措施", 5, 3),
    ]


def test_the_same_blank_is_judged_by_the_names_of_each_text() -> None:
    assert fill("{{ 年度 }}", {"年度": "2020"}, "x")[0] == ("2020",)
    assert fill("{{ 年度 }}", {"年度": "2021"}, "x")[0] == ("2021",)
    assert fill("{{ 年度 }}", {}, "x")[1][0].message == "文中的 {{ 年度 }} 填不出：没有「年度」这个名称。"


HOSTILE = [
    "cycler.__init__.__globals__.os.popen('id')",
    "cycler",
    "lipsum()",
    "range(10**9)",
    "namespace(a=1)",
    "年度.__class__",
    "年度['__class__']",
    "支出.__class__.__mro__",
    "支出.keys()",
    "支出.get('x')",
    "年度.format(1)",
    "''.__class__",
    "self",
    "[x for x in 支出]",
    "支出 | map('upper')",
    "支出 | attr('__class__')",
    "'a' * 10**10",
    "'a' * 10000000000",
    "10 ** 10 ** 10",
    "9 ** 9 ** 9 ** 9",
    "1e308 * 1e308",
    "1e300 | round(6)",
    "(" * 140 + "1" + ")" * 140,
    "[" * 148,
    "{" * 148,
    "[" * 10 + "1" + "]" * 10,
    "-" * 290 + "1",
    "not " * 70 + "1",
    "1 if 1 else " * 24 + "1",
    "支出" + ".x" * 140,
    "1" + "+1" * 140,
    "1" + "*9" * 140,
    "1" * 290,
    "年" * 290,
    "x" * 10_000,
    "(" * 10_000,
    "'" * 10_001,
    "1+" * 5_000 + "1",
    "%} {% include '/etc/passwd' %} {%",
    "# #} {#",
    "caller()",
    "loop.index",
    "true.real",
    "\\u0041",
]


@pytest.mark.parametrize("expression", HOSTILE, ids=lambda text: text[:30])
def test_a_hostile_blank_is_refused(expression: str) -> None:
    written = f"{{{{ {expression} }}}}"
    filled, faults = fill(written, NAMES, "x")
    if expression == "1" + "+1" * 140:
        assert (filled, faults) == (("141",), ())
        return
    assert filled == (written,)
    assert len(faults) == 1
    assert len(faults[0].message) < 400


@pytest.mark.parametrize(
    "text",
    ["{{" * 50_000, "{{ 年度 }}" * 5_000, "{" * 100_001, "}}{{" * 5_000, "{{ x }}" * 500, "甲\n" * 20_000],
    ids=lambda text: text[:6],
)
def test_a_long_text_is_filled(text: str) -> None:
    _, faults = fill(text, NAMES, "x")
    assert all(len(fault.message) < 100 for fault in faults)


TOKENS = [
    *"+-*/|()[]{}.,%~'\" ",
    "年度",
    "支出",
    "支出.项目支出总额",
    "指标",
    "开",
    "部门",
    "round(1)",
    "round",
    "1",
    "0",
    "1e9",
    "__class__",
    "not ",
    " if ",
    " else ",
    "}}",
    "{{",
    "{%",
]


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_whatever_stands_in_a_blank_it_is_filled_or_reported(expression: str) -> None:
    filled, faults = fill(f"{{{{ {expression} }}}}", NAMES, "x")
    assert all(fault.message.endswith("。") and fault.remedy for fault in faults)
    assert all(fault.address[:2] == ("x", 1) for fault in faults)
    if not faults:
        assert "<" not in "".join(filled)  # as every object of Python shows itself


# --- the figures that prose may quote ---------------------------------------------------------------------------


def told(*prose: str, **changes: object) -> tuple[str, ...]:
    """Fill a deviation analysis for an assessment made with `changes`."""
    given = assessment(prose=(Prose("偏差分析", "\n\n".join(prose)),), **changes)
    _, narratives = judged(given)
    assert narratives.faults == ()
    return narratives.named("偏差分析").printed


def test_prose_can_quote_every_figure_of_the_form() -> None:
    assert told(
        "{{ 年度 }}，{{ 部门 }}，{{ 单位名称 }}，{{ 填报日期 }}",
        "{{ 支出.基本支出总额 }}，{{ 支出.项目支出总额 }}，{{ 支出.往来资金 }}",
        '{{ 预算执行["部门整体支出总额"].预算数 }}，{{ 预算执行["部门整体支出总额"].执行数 }}',
        '{{ 预算执行["部门整体支出总额"].执行率 }}，{{ 预算执行["部门整体支出总额"].得分 }}，{{ 执行率 }}',
        '{{ 指标["接洽企业数量"].名称 }}，{{ 指标["接洽企业数量"].分值 }}',
        '{{ 指标["接洽企业数量"].年初目标值 }}，{{ 指标["接洽企业数量"].实际完成值 }}',
        '{{ 指标["接洽企业数量"].完成率 }}，{{ 指标["接洽企业数量"].得分 }}，{{ 总分 }}',
    ) == (
        "2020，智造园，智能制造产业园建设服务中心，2021年5月25日",
        "0，415.44，48.69",
        "489，366.75",
        "75%，15，75%",
        "接洽企业数量，80",
        "30个，30个",
        "100%，80，95",
    )


def test_what_is_still_open_prints_nothing_in_prose() -> None:
    blanks = (
        "填报日期",
        "支出.基本支出总额",
        '预算执行["部门整体支出总额"].执行率',
        '预算执行["部门整体支出总额"].得分',
        "执行率",
        '指标["接洽企业数量"].实际完成值',
        '指标["接洽企业数量"].完成率',
        '指标["接洽企业数量"].得分',
        "总分",
    )
    given = assessment(
        indicator("30个", None),
        status=Status.FILLING,
        date=None,
        expenditure=Expenditure(),
        budget=(budget_line(None, None),),
    )
    names = narrative.figures(scoring.score(given, FORM))
    for expression in blanks:
        assert fill(f"有{{{{ {expression} }}}}无", names, "x") == (("有无",), ()), expression


def test_a_form_without_budget_lines_has_no_rate() -> None:
    names = narrative.figures(scoring.score(assessment(budget=()), FORM))
    assert fill("有{{ 执行率 }}", names, "x") == (("有",), ())
    assert names["预算执行"] == {}


def test_the_filed_score_is_quoted_as_it_is_printed() -> None:
    given = assessment(indicator("4", "3", filed="80"), budget=(budget_line(filed="20"),))
    names = narrative.figures(scoring.score(given, FORM))
    assert fill("{{ 总分 }}，{{ 指标.接洽企业数量.得分 }}", names, "x")[0] == ("100，80",)


@pytest.mark.parametrize(
    ("target", "actual", "rate"),
    [
        ("30个", "74个", "246.7%"),
        ("3", "1", "33.3%"),
        ("8", "1", "12.5%"),
        ("80", "1", "1.3%"),
        ("0", "3", ""),
    ],
)
def test_the_rate_of_completion_has_one_decimal(target: str, actual: str, rate: str) -> None:
    names = narrative.figures(scoring.score(assessment(indicator(target, actual)), FORM))
    assert fill("有{{ 指标.接洽企业数量.完成率 }}", names, "x")[0] == (f"有{rate}",)


@pytest.mark.parametrize(
    ("rate", "digits", "text"),
    [
        ("0.751002", 1, "75.1%"),
        ("0.7505", 1, "75.1%"),
        ("0.75049", 1, "75%"),
        ("1", 1, "100%"),
        ("0.5", 0, "50%"),
        ("0.345", 0, "35%"),
        ("1.0259", 2, "102.59%"),
        ("0", 1, "0%"),
    ],
)
def test_a_rate_is_printed_as_a_percentage_rounded_half_up(rate: str, digits: int, text: str) -> None:
    assert percent(Decimal(rate), replace(FORM.rounding, rate_digits=digits)) == text


def test_an_open_rate_stays_open() -> None:
    assert percent(None, FORM.rounding) is None


def test_the_form_decides_how_many_digits_a_rate_has() -> None:
    form = replace(FORM, rounding=replace(FORM.rounding, rate_digits=2))
    names = narrative.figures(scoring.score(assessment(budget=(budget_line("3", "2"),)), form))
    assert fill("{{ 执行率 }}", names, "x")[0] == ("66.67%",)


def test_last_year_is_quoted_by_the_same_names() -> None:
    before = scoring.score(assessment(indicator("30个", "15个"), year=2019), FORM)
    prose = (
        '由{{ 上年.指标["接洽企业数量"].实际完成值 }}到{{ 指标["接洽企业数量"].实际完成值 }}，{{ 上年.年度 }}'
    )
    now = scoring.score(assessment(prose=(Prose("偏差分析", prose),)), FORM)
    assert narrative.fill_narratives(now, before).named("偏差分析").printed == ("由15个到30个，2019",)
    assert narrative.fill_narratives(now, before).faults == ()
    faults = narrative.fill_narratives(now).faults
    assert [fault.address for fault in faults] == [
        ("偏差分析", 1, prose.index("{{ 上年") + 1),
        ("偏差分析", 1, prose.rindex("{{ 上年") + 1),
    ]


def test_last_year_has_no_year_before_it() -> None:
    before = scoring.score(assessment(year=2019), FORM)
    now = scoring.score(assessment(prose=(Prose("偏差分析", "{{ 上年.上年.年度 }}"),)), FORM)
    (fault,) = narrative.fill_narratives(now, before).faults
    assert fault.message == "文中的 {{ 上年.上年.年度 }} 填不出：「上年」里没有「上年」这个名称。"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("较上年增长", False),
        ("{{ 年度 }}较上年{{ 总分 }}", False),
        ("{{ 上年.总分 }}", True),
        ("一\n二{{ 总分 - 上年.总分 }}", True),
        ("", False),
    ],
)
def test_a_text_asks_for_last_year_only_in_a_blank(text: str, *, asks: bool) -> None:
    assert narrative.mentions_last_year(text) is asks


def test_the_narratives_come_in_the_order_of_the_form_with_its_titles() -> None:
    given = assessment(prose=(Prose("改进措施", "二。"), Prose("偏差分析", "一。\n\n{{ 甲 }}")))
    _, narratives = judged(given)
    assert [(n.name, n.title, n.printed) for n in narratives.texts] == [
        ("偏差分析", "偏差大或目标未完成原因分析", ("一。", "{{ 甲 }}")),
        ("改进措施", "改进措施及结果应用方案", ("二。",)),
    ]
    assert narratives.named("改进措施").text == "二。"
    assert narratives.named("偏差分析").text == "一。\n{{ 甲 }}"
    assert [fault.address for fault in narratives.faults] == [("偏差分析", 3, 1)]


def test_every_line_is_known_by_its_place_and_every_paragraph_by_its_first_line() -> None:
    written = "\n一，{{ 年度 }}\n 二。\n \n\n三。\n"
    _, narratives = judged(assessment(prose=(Prose("偏差分析", written),)))
    told = narratives.named("偏差分析")
    assert [(p.first_line, p.lines, p.text) for p in told.paragraphs] == [
        (2, ("一，{{ 年度 }}", " 二。"), "一，2020二。"),
        (6, ("三。",), "三。"),
    ]
    assert [*told.lines()] == [
        (("偏差分析", 2, 1), "一，{{ 年度 }}"),
        (("偏差分析", 3, 1), " 二。"),
        (("偏差分析", 6, 1), "三。"),
    ]


@given(st.lists(st.sampled_from(["甲，", " 乙{{ 年度 }}", "", "  ", "Abc"])).map("\n".join))
def test_no_line_is_lost_and_each_stands_where_it_says(text: str) -> None:
    filled, _ = narrative.fill(text, NAMES, "偏差分析")
    lines = narrative.Narrative("偏差分析", "", filled).lines()
    written = [(("偏差分析", n, 1), line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    assert [*lines] == written


def test_a_narrative_that_was_not_written_is_empty() -> None:
    _, narratives = judged(assessment(prose=()))
    assert [n.paragraphs for n in narratives.texts] == [(), ()]
