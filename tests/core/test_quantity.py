import re
from decimal import Decimal

import pytest
from builders import encodes_in_gbk
from hypothesis import assume, example, given
from hypothesis import strategies as st

from perfdoc.core import quantity
from perfdoc.core.assessment import Comparator, Quantity, Words

AT_LEAST, AT_MOST, MORE, LESS, EXACTLY = (
    Comparator.AT_LEAST,
    Comparator.AT_MOST,
    Comparator.MORE_THAN,
    Comparator.LESS_THAN,
    Comparator.EXACTLY,
)
WIDE = str.maketrans("0123456789%.,-", "０１２３４５６７８９％．，－")

figures = st.builds(
    lambda digits, places, sign: Decimal((sign, tuple(map(int, str(digits))), -places)),
    st.integers(0, 10**14 - 1),
    st.integers(0, 14),
    st.sampled_from((0, 1)),
).filter(lambda number: len(re.findall("[0-9]", f"{number:f}")) <= quantity.MAX_DIGITS)
"""Any figure that may be written: at most 15 digits, leading and trailing zeros of the fraction included."""


def measured(text: str) -> Quantity:
    value = quantity.read(text)
    assert isinstance(value, Quantity), text
    return value


# --- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("220", "220", ""),
        ("0", "0", ""),
        ("0.6", "0.6", ""),
        ("367.24", "367.24", ""),
        ("75.10", "75.10", ""),
        ("-3", "-3", ""),
        ("30个", "30", "个"),
        ("10 次", "10", "次"),
        ("90%", "90", "%"),
        ("90 %", "90", "%"),
        ("5‰", "5", "‰"),
        ("1000 万方", "1000", "万方"),
        ("1,000", "1000", ""),
        ("1,000.50", "1000.50", ""),
        ("1,234,567元", "1234567", "元"),
        ("3个月", "3", "个月"),
        ("3年", "3", "年"),
        ("0起", "0", "起"),
        ("12人次", "12", "人次"),
        ("8立方米/天", "8", "立方米/天"),
        ("20m²", "20", "m²"),
        ("25℃", "25", "℃"),
        ("999999999999999", "999999999999999", ""),
        ("1.00000000000000", "1", ""),
        ("30一二三四五六七八九十甲乙", "30", "一二三四五六七八九十甲乙"),
        ("　30　个　", "30", "个"),
    ],
)
def test_a_figure_is_read_with_its_unit(text: str, number: str, unit: str) -> None:
    assert quantity.read(text) == Quantity(text=text, number=Decimal(number), unit=unit)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("１００％", "100", "%"),
        ("１０", "10", ""),
        ("１，０００．５０元", "1000.50", "元"),
        ("－３", "-3", ""),
        ("３0个", "30", "个"),
        ("90％", "90", "%"),
    ],
)
def test_full_width_digits_and_signs_are_read_and_remembered(text: str, number: str, unit: str) -> None:
    assert quantity.read(text) == Quantity(text=text, number=Decimal(number), unit=unit, wide=True)


@pytest.mark.parametrize(
    ("sign", "comparator"),
    [
        ("≥", AT_LEAST),
        ("≧", AT_LEAST),
        (">=", AT_LEAST),
        ("≤", AT_MOST),
        ("≦", AT_MOST),
        ("<=", AT_MOST),
        (">", MORE),
        ("＞", MORE),
        ("<", LESS),
        ("＜", LESS),
        ("=", EXACTLY),
        ("＝", EXACTLY),
    ],
)
@pytest.mark.parametrize("blank", ["", " "])
def test_a_sign_in_front_is_read(sign: str, blank: str, comparator: Comparator) -> None:
    text = f"{sign}{blank}90%"
    assert quantity.read(text) == Quantity(text=text, number=Decimal(90), unit="%", comparator=comparator)


@pytest.mark.parametrize("label", ["认可度", "服务对象满意度", "排江水质合格率"])
@pytest.mark.parametrize("between", ["", " ", "≥", " ≥ "])
def test_a_percentage_may_name_its_measure(label: str, between: str) -> None:
    found = measured(f"{label}{between}90%")
    assert (found.label, found.number, found.unit) == (label, Decimal(90), "%")
    assert found.comparator is (AT_LEAST if between.strip() else None)


# --- texts that stay texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "全年无一起安全生产事故",
        "十次",
        "约30个",
        "近 30 个",
        "共30个",
        "90%左右",
        "30个以上的",
        "30余",
        "30余个",
        "30多个",
        "10几个",
        "20来次",
        "30个左右",
        "30个上下",
        "30个不到",
        "9月起",
        "30个起",
        "12月",
        "12 月底",
        "9月前",
        "2020年",
        "2020年12月",
        "第3名",
        "3年第一",
        "温度 30℃",
        "认可度30个",
        "认可度约90%",
        "2020年度90%",
        "90%（含）",
        "30个。",
        "30个！",
        "30,",
        "30个、40个",
        "30 个 次",
        "共 30 个 项目",
        "30-40 次",
        "30至40次",
        "30~40",
        "1:30",
        "1：30",
        "1/2",
        "2021-05-25",
        "1e3",
        "1_000",
        "0x1F",
        "0xFF",
        "0b11",
        "0o10",
        "0123456789",
        "05001",
        "12:30:45",
        "190:20:30.15",
        "1.0e+3",
        "1E5",
        "NaN",
        "Infinity",
        "010",
        "00",
        "08",
        ".5",
        "10.",
        "10.个",
        "1.2.3",
        "+5",
        "--5",
        "- 5",
        "5%%",
        "5½",
        "1,00",
        "1,0000",
        "0,100",
        "12,34,567",
        ",100",
        "٣",
        "3٣",
        "nan",
        ".inf",
        "∞",
        "①",
        "≥",
        ">>90",
        "≥≥90",
        "90≥",
        "",
        " ",
        "30一二三四五六七八九十甲乙丙",
        "1234567890123456",
        "1.000000000000000",
    ],
)
def test_what_is_not_plainly_one_figure_stays_text(text: str) -> None:
    assert quantity.read(text) == Words(text)


ATOMS = [*"0123456789,.%-≥≤ 　个次月第余多约至（）x_:", "１", "％", "，", "满意度", "以上", "左右", "万方"]


@given(st.lists(st.sampled_from(ATOMS), max_size=12).map("".join))
def test_a_figure_is_never_guessed_out_of_a_text(text: str) -> None:
    value = quantity.read(text)
    assert value.text == text
    if isinstance(value, Quantity):
        narrow = text.translate(str.maketrans("１％，", "1%,"))
        (figure,) = re.findall("[0-9.,-]+", narrow)
        assert f"{value.number:f}" == figure.replace(",", "")
        assert narrow.rpartition(figure)[2].strip() == value.unit
        assert re.fullmatch("(满意度|率|度)*[≥≤]?", re.sub(r"\s", "", narrow.partition(figure)[0]))
        assert not re.search("以上|左右|第|^[余多月]|[余多（）_:]$", value.unit)


@given(
    figures,
    st.sampled_from(["约", "近", "超", "共", "共计", "第", "（", "00", "x", "每季度", "比上年增长"]),
)
def test_a_word_before_a_figure_makes_it_a_text(number: Decimal, before: str) -> None:
    text = f"{before}{number:f}个"
    assert quantity.read(text) == Words(text)


@given(
    figures,
    st.sampled_from(["次左右", "余", "多个", "几", "个上下", "月", "（含）", "。", "个以上的"]),
)
def test_a_vague_word_after_a_figure_makes_it_a_text(number: Decimal, after: str) -> None:
    text = f"{number:f}{after}"
    assert quantity.read(text) == Words(text)


@given(st.text(max_size=40))
def test_any_text_is_kept_as_it_was_written(text: str) -> None:
    assert quantity.read(text).text == text


# --- round trips ------------------------------------------------------------------------------------------------


@given(
    number=figures,
    commas=st.booleans(),
    wide=st.booleans(),
    unit=st.sampled_from(["", "%", "个", "万方", "次/年"]),
    blank=st.sampled_from(["", " ", "  ", "　"]),
    sign=st.sampled_from(["", "≥", "≤", "＞", "=", ">="]),
)
def test_a_figure_written_in_any_way_reads_back(
    *, number: Decimal, commas: bool, wide: bool, unit: str, blank: str, sign: str
) -> None:
    written = f"{number:,f}" if commas else f"{number:f}"
    text = sign + (written.translate(WIDE) if wide else written) + blank + unit
    found = measured(text)
    assert found.number == number
    assert found.unit == unit
    assert found.wide is wide
    assert found.text == text


@given(number=figures, commas=st.booleans(), wide=st.booleans())
def test_a_bare_figure_reads_back_with_every_digit(*, number: Decimal, commas: bool, wide: bool) -> None:
    written = f"{number:,f}" if commas else f"{number:f}"
    found = quantity.decimal(written.translate(WIDE) if wide else written)
    assert found is not None
    assert f"{found:f}" == f"{number:f}"


@given(st.one_of(st.text(max_size=20), st.lists(st.sampled_from(ATOMS), max_size=8).map("".join)))
def test_a_bare_figure_is_a_quantity_without_unit_sign_and_measure(text: str) -> None:
    value = quantity.read(text)
    alone = isinstance(value, Quantity) and not (value.unit or value.label or value.comparator)
    found = quantity.decimal(text)
    assert found == (value.number if alone and isinstance(value, Quantity) else None)


@pytest.mark.parametrize(
    "text", ["30个", "90%", "≥90", "1e3", "1_000", "010", "", "-", "NaN", "1" * 16, "1 000"]
)
def test_a_bare_figure_has_nothing_around_it(text: str) -> None:
    assert quantity.decimal(text) is None


# --- slips and their sentences ----------------------------------------------------------------------------------

NOT_A_NUMBER = ("不是数值", "应填数字加单位，例如 30 个。")
A_RANGE = ("是一个范围", "只填一个数，例如 30 个。")
A_DATE = ("是日期，不是数量", "若是完成时间，请按定性指标填写。")
TOO_LONG = ("数字太长（最多 15 位）", "核对是否多按了键。")
LEADING_ZERO = ("开头多了 0", "去掉开头的 0，例如 10。")
COMMA = ("里的逗号不在千位上", "去掉逗号，例如 1000。")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("30-40 次", A_RANGE),
        ("30 - 40", A_RANGE),
        ("30至40次", A_RANGE),
        ("≥30~40", A_RANGE),
        ("３０－４０", A_RANGE),
        ("1:30", NOT_A_NUMBER),
        ("1：30", NOT_A_NUMBER),
        ("0x1F", NOT_A_NUMBER),
        (".inf", NOT_A_NUMBER),
        ("十次", NOT_A_NUMBER),
        ("30个以上", NOT_A_NUMBER),
        ("", NOT_A_NUMBER),
        ("1e3", ("是程序员的写法，表里不用", "写成普通数字，例如 1000。")),
        ("1.5E+3", ("是程序员的写法，表里不用", "写成普通数字，例如 1000。")),
        ("1_000", ("里有下划线", "去掉下划线，例如 1000。")),
        ("1_000个", ("里有下划线", "去掉下划线，例如 1000。")),
        ("010", LEADING_ZERO),
        ("-010", LEADING_ZERO),
        ("08个", LEADING_ZERO),
        (".5", ("小数点前缺 0", "补上 0，例如 0.5。")),
        ("-.5%", ("小数点前缺 0", "补上 0，例如 0.5。")),
        ("1,00", COMMA),
        ("≥1,0000个", COMMA),
        ("+5", ("前面不用加号", "去掉加号。")),
        ("12月底", A_DATE),
        ("2020年12月", A_DATE),
        ("2020-12-31", A_DATE),
        ("1234567890123456", TOO_LONG),
        ("１２３４５６７８９０１２３４５６％", TOO_LONG),
        ("1234567890123456个", TOO_LONG),
        ("1" * 4000, TOO_LONG),
    ],
)
def test_a_slip_is_named_with_its_cure(text: str, sentence: tuple[str, str]) -> None:
    assert quantity.why_not(text) == sentence


@given(st.lists(st.sampled_from([*ATOMS, "\n", "e", "+"]), max_size=12).map("".join))
def test_whatever_is_not_a_figure_has_a_sentence_and_a_cure(text: str) -> None:
    reason, remedy = quantity.why_not(text)
    assert reason
    assert not reason.endswith("。")
    assert remedy.endswith("。")
    assert encodes_in_gbk(reason + remedy)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10_000,
        "1," * 5_000,
        "1" + "_" * 10_000 + "\nx",
        "0" * 10_000 + "\nx",
        "1-" * 5_000 + "\nx",
        "1" + ",1" * 5_000 + "\nx",
        "1" + "." * 10_000,
        " " * 10_000 + "1" + " " * 10_000 + "个 次",
        "率" * 10_000,
        "1" + "以" * 10_000,
    ],
    ids=lambda text: text[:6].strip(),
)
def test_a_long_text_is_judged(text: str) -> None:
    assert isinstance(quantity.read(text), Words)
    quantity.why_not(text)


# --- printing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("3", "3"),
        ("3.00", "3"),
        ("0.60", "0.6"),
        ("15.02", "15.02"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-3", "0.001"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("-1.50", "-1.5"),
        ("0E+2", "0"),
    ],
)
def test_a_computed_figure_prints_plainly(number: str, text: str) -> None:
    assert quantity.plain(Decimal(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=9))
@example(Decimal("-0.0"))
def test_a_printed_figure_is_the_same_figure_in_its_shortest_form(number: Decimal) -> None:
    text = quantity.plain(number)
    assert Decimal(text) == number
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)
    assert text != "-0"


@given(figures.filter(lambda number: number >= 0))
def test_what_is_printed_reads_back(number: Decimal) -> None:
    assert quantity.decimal(quantity.plain(number)) == number


# --- ranges and dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("90-110%", "90", "110", "%"),
        ("90%-110%", "90", "110", "%"),
        ("90％～110％", "90", "110", "%"),
        ("90 ~ 110 %", "90", "110", "%"),
        ("3—5个", "3", "5", "个"),
        ("3个–5个", "3", "5", "个"),
        ("3至5", "3", "5", ""),
        (" 3到5 ", "3", "5", ""),
        ("1,000-2,000.5元", "1000", "2000.5", "元"),
        ("5-5个", "5", "5", "个"),
        ("-10--5", "-10", "-5", ""),
    ],
)
def test_a_range_is_read_with_its_unit(text: str, low: str, high: str, unit: str) -> None:
    assert quantity.span(text) == quantity.Span(Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "90",
        "90%",
        "110-90%",
        "90%-110",
        "3个-5件",
        "约3-5个",
        "3-5-7",
        "1-1234567890123456",
        "1234567890123456-2",
    ],
)
def test_what_is_no_range_is_none(text: str) -> None:
    assert quantity.span(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12月30日", (None, 12, 30)),
        ("12月30日前", (None, 12, 30)),
        ("12月30日之前完成", (None, 12, 30)),
        ("9月底前", (None, 9, 30)),
        ("9月末", (None, 9, 30)),
        ("9月底以前", (None, 9, 30)),
        ("9月前", (None, 8, 31)),
        ("9月之前", (None, 8, 31)),
        ("9月以前完成", (None, 8, 31)),
        ("9月前完成", (None, 8, 31)),
        ("9月完成", (None, 9, 30)),
        ("7月", (None, 7, 31)),
        ("07月", (None, 7, 31)),
        ("１２月", (None, 12, 31)),
        ("一月", (None, 1, 31)),
        ("二月", (None, 2, 29)),
        ("十月", (None, 10, 31)),
        ("十一月底前", (None, 11, 30)),
        ("十二月", (None, 12, 31)),
        ("1月前", (None, 0, 0)),
        ("2022年1月前", (2021, 12, 31)),
        ("2022年3月前", (2022, 2, 28)),
        ("2022-12-30", (2022, 12, 30)),
        ("2022/1/3", (2022, 1, 3)),
        ("2022.12.30", (2022, 12, 30)),
        ("2022 年 12 月 30 日", (2022, 12, 30)),
        ("1999年12月", (1999, 12, 31)),
        ("2023年2月", (2023, 2, 28)),
        ("2024年2月29日", (2024, 2, 29)),
        ("2月29日", (None, 2, 29)),
        ("6.30", (None, 6, 30)),
        ("年底", (None, 12, 31)),
        ("年末前完成", (None, 12, 31)),
        ("2022年底前", (2022, 12, 31)),
        ("2022年末", (2022, 12, 31)),
        *(
            (f"{month}月", (None, month, days))
            for month, days in enumerate((31, 29, 31, 30, 31, 30), start=1)
        ),
        *(
            (f"{month}月", (None, month, days))
            for month, days in enumerate((31, 31, 30, 31, 30, 31), start=7)
        ),
    ],
)
def test_a_date_is_read_to_its_last_day(text: str, day: quantity.Day) -> None:
    assert quantity.last_day(text) == day
    assert quantity.last_day(f" {text} ") == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "尽快",
        "13月",
        "0月",
        "9月31日",
        "2月30日",
        "2023年2月29日",
        "12",
        "2022",
        "2022-12",
        "30个",
        "9月上旬",
        "9月32日",
    ],
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert quantity.last_day(text) is None


@pytest.mark.parametrize(
    ("day", "limit", "late"),
    [
        ((None, 9, 30), (None, 9, 30), False),
        ((None, 10, 1), (None, 9, 30), True),
        ((None, 9, 30), (None, 10, 1), False),
        ((2023, 1, 1), (2022, 12, 31), True),
        ((2022, 12, 31), (2023, 1, 1), False),
        ((2022, 12, 31), (2022, 12, 30), True),
        ((2023, 1, 1), (None, 12, 31), False),
        ((None, 12, 31), (2021, 1, 1), True),
    ],
)
def test_years_count_only_where_both_name_one(day: quantity.Day, limit: quantity.Day, *, late: bool) -> None:
    assert quantity.later(day, limit) is late


def test_months_may_be_written_in_words() -> None:
    words = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
    for month, word in enumerate(words, start=1):
        assert quantity.last_day(f"{word}月5日") == (None, month, 5)


@pytest.mark.parametrize("sign", "≥≤≧≦＞＜<>=＝")
def test_a_sign_in_front_of_a_slip_is_looked_past(sign: str) -> None:
    assert quantity.why_not(f"{sign} 010") == LEADING_ZERO


@given(
    st.characters(
        min_codepoint=33, exclude_categories=["Nd", "Cs"], exclude_characters="≥≤≧≦＞＜<>=＝.-+．－＋"
    )
)
@example("X")
def test_nothing_else_in_front_of_a_slip_is_looked_past(other: str) -> None:
    assume(not other.isspace())
    assert quantity.why_not(f"{other}010") == NOT_A_NUMBER
