"""Parse figures such as `≥90%`, `1,000.50`, `1000 万方`, `认可度 90%`, and explain why a text is not one.

Nothing is guessed: what is not plainly one figure with at most one unit stays text.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from perfdoc.core.assessment import Blank, Comparator, Filed, Quantity, Value, Words

MAX_DIGITS = 15
"""More digits than any budget has; beyond it a figure is a slip of the keyboard."""

_WIDE = str.maketrans("０１２３４５６７８９％．，－＋", "0123456789%.,-+")
_SIGNS = {
    sign: comparator
    for comparator, signs in (
        (Comparator.AT_LEAST, ("≥", "≧", "⩾", ">=", "＞=", "＞＝", ">＝")),
        (Comparator.AT_MOST, ("≤", "≦", "⩽", "<=", "＜=", "＜＝", "<＝")),
        (Comparator.MORE_THAN, (">", "＞", "﹥", "》")),
        (Comparator.LESS_THAN, ("<", "＜", "﹤", "《")),
        (Comparator.EXACTLY, ("=", "＝", "﹦", "═")),
    )
    for sign in signs
}
_BEFORE = {
    word: comparator
    for comparator, words in (
        (
            Comparator.AT_LEAST,
            "不低于 不少于 不小于 至少 最少 达到 达 大于等于 大于或等于 大于或者等于 高于或等于 高于等于",
        ),
        (
            Comparator.AT_MOST,
            "不高于 不多于 不大于 不超过 不超 至多 最多 小于等于 小于或等于 小于或者等于 低于或等于 低于等于 控制在",
        ),
        (Comparator.MORE_THAN, "大于 高于 多于 超过"),
        (Comparator.LESS_THAN, "小于 低于 少于"),
        (Comparator.EXACTLY, "等于"),
    )
    for word in words.split()
}
"""Comparators in words, as they stand in front of a figure."""
_BEHIND = {
    word: comparator
    for comparator, words in (
        (Comparator.AT_LEAST, "以上 及以上"),
        (Comparator.AT_MOST, "以下 及以下 以内 之内 内"),
    )
    for word in words.split()
}
"""Comparators in words, as they stand behind a figure; in these forms the figure itself is included."""
_NUMBER = r"-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"
_DECIMAL = re.compile(_NUMBER)
# A unit is % alone, or holds no digit but a power (m³, m2), no sign and no word that makes the figure vague (30余个).
# A counter may name another in brackets, 场（次）; what is divided may be by two things, 元/人、天.
_WORD = r"[^\s\d¼½¾%‰≥≤≧≦⩾⩽＞＜<>=＝﹦═~～:：.,，。；;!！?？、（）()《》\"“”…*_+-]"
_UNIT = rf"[%‰]|[ck]?m[23²³]|{_WORD}{{1,12}}?(?:[（(]{_WORD}{{1,4}}[）)])?(?:(?<=/.)、{_WORD}{{1,3}})?"
_VAGUE = re.compile(
    r"[余多来几月]|.*(?:以上|以下|以内|之内|左右|上下|不到|不等|第)|.*(?:前|后|止|余|多|每)$|.+起$",
    re.DOTALL,
)
# 12月底 is a day, not twelve of something; 3个月 and 3年 are measures.
_DATE = re.compile(r"[0-9]+\s*月.*|(?:19|20)[0-9]{2}(?:\s*年|[-/.][01]?[0-9][-/.][0-3]?[0-9]).*", re.DOTALL)
_QUANTITY = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2}\s*年度?|[本当全]年度?)??"
    rf"(?P<label>[^\s0-9≥≤≧≦⩾⩽＞＜<>=＝﹥﹤﹦═《》,，。；;：:.%（(-]{{1,24}}?)??\s*"
    rf"(?P<sign>{'|'.join(sorted((*_SIGNS, *_BEFORE), key=len, reverse=True))})?\s*"
    rf"(?!0[xXoObB][0-9A-Za-z])(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*"
    rf"(?:(?:[（(]含[）)])?(?P<behind>{'|'.join(sorted(_BEHIND, key=len, reverse=True))}))?(?:满意度?)?"
)
_USUAL = re.compile(
    rf"(?P<sign>[≥≤])?\s*(?!0[xXoObB])(?P<number>{_NUMBER})\s*(?P<unit>[%‰]|{_WORD}{{0,11}}(?![内上下意度]){_WORD})?(?P<behind>$)?"
)
"""Nearly every value, ≥95%, 30个; the last character is none that may end a comparator, 24小时内, 90%以上."""
# A measure may be named in front of its percentage, 认可度 90%, and anything in front of a comparator, 总成本不超过75万元;
# words that say how often, how near or by how much it changed make it another figure.
_OTHER_FIGURE = re.compile("约|近|每|第|降|提|升|增|减|下|上|同比|较|余|不足|其中|和|及")
_NAMES_A_MEASURE = re.compile(".*[度率]")
_CHINESE_NUMBERS = {c: str(i) for i, c in enumerate("一二三四五六七八九", start=1)} | {
    "两": "2",
    "十": "10",
    "半": "0.5",
}
_LIMIT = re.compile(
    r"(?P<number>[一二两三四五六七八九十半])(?P<unit>个?(?:小时|工作日|月|星期)|天|日|周|年|分钟)(?P<behind>以内|之内|内)"
)
"""A time limit whose figure is a Chinese numeral: 三小时内, 半小时之内."""
_SLIPS = (
    (_DATE.pattern, "是日期，不是数量", "若是完成时间，请按定性指标填写。"),
    (r"-?[0-9.,]+\s*[-~～—–至到]+\s*[0-9.,]+.*", "是一个范围", "只填一个数，例如 30 个。"),
    (r"[0-9.]+[eE][+-]?[0-9]+", "是程序员的写法，表里不用", "写成普通数字，例如 1000。"),
    (r"-?[0-9]+_.*", "里有下划线", "去掉下划线，例如 1000。"),
    (r"-?0[0-9]+.*", "开头多了 0", "去掉开头的 0，例如 10。"),
    (r"[-+]?\.[0-9]+.*", "小数点前缺 0", "补上 0，例如 0.5。"),
    (r"[0-9]+,.*", "里的逗号不在千位上", "去掉逗号，例如 1000。"),
    (r"\+[0-9].*", "前面不用加号", "去掉加号。"),
)


def read(text: str) -> Value:
    """Read a target or an actual: a quantity where it plainly is one, else words.

    A comparator may be a sign or words, before or behind: ≥95%, 不低于95%, 95%以上, 控制在68万元以内. Full-width digits and
    look-alike signs are read as their usual forms; the text itself is kept for printing.
    """
    narrow = text.translate(_WIDE).strip()
    found = _USUAL.fullmatch(narrow)
    if found is None or _VAGUE.match(
        found["unit"] or ""
    ):  # one value of five: the whole pattern takes four times as long
        found = _QUANTITY.fullmatch(narrow) or _LIMIT.fullmatch(narrow)
    if found is None:
        return Words(text)
    parts = found.groupdict()
    number = _CHINESE_NUMBERS.get(parts["number"], parts["number"])
    unit, label = parts["unit"] or "", parts.get("label") or ""
    comparator = _comparator(parts.get("sign"), parts["behind"])
    if (
        _too_long(number)
        or comparator is _CONTRADICTION
        or _VAGUE.match(unit)
        or _is_date(number, unit, narrow)
    ):
        return Words(text)
    named = bool(_NAMES_A_MEASURE.fullmatch(label)) and unit == "%"
    if _OTHER_FIGURE.search(label) or ((parts.get("year") or (label and not named)) and comparator is None):
        return Words(text)
    return Quantity(
        text=text,
        number=Decimal(number.replace(",", "")),
        unit=unit.removeprefix("个") if unit in _COUNTED_TIMES else unit,
        comparator=comparator,
        label=label if named else "",
        wide=text.translate(_WIDE) != text,
    )


_COUNTED_TIMES = ("个小时", "个工作日", "个星期")
"""Units of time that are the same with and without 个; 个月 is no 月."""
_CONTRADICTION = object()


def _comparator(before: str | None, behind: str | None) -> Any:
    """Join what stands before and behind a figure; `_CONTRADICTION` where one is a floor and the other a ceiling."""
    first = _SIGNS.get(before or "") or _BEFORE.get(before or "")
    second = _BEHIND.get(behind or "")
    if first and second and first is not second and first.direction is not second.direction:
        return _CONTRADICTION
    return first or second


def _is_date(number: str, unit: str, narrow: str) -> bool:
    """Tell a day from a figure: 12月底 and 2023-12-30 are days, 12.5 is none."""
    if _DATE.fullmatch(number + unit):
        return True
    return not {"月", "年"}.isdisjoint(narrow) and last_day(narrow) is not None


def comparable(target: Quantity, actual: Quantity) -> bool:
    """Tell whether two figures may be divided: one unit and one measure; a bare figure takes those of the other."""
    return (
        _alike(target.unit, actual.unit)
        and _alike(target.label, actual.label)
        and as_percent(target, actual) is None
    )


def _alike(one: str, other: str) -> bool:
    return one == other or not one or not other


def as_percent(target: Quantity, actual: Quantity) -> Decimal | None:
    """Read a bare figure beside a percentage that was written as a share, 0.96 beside 95%: 96; None where it is none."""
    if (target.unit == "%") == (actual.unit == "%") or (target.unit and actual.unit):
        return None
    bare, percent = (target, actual) if actual.unit else (actual, target)
    share = 0 < bare.number <= 1 < percent.number
    return bare.number * 100 if share else None


def sign(text: str) -> str:
    """Return the sign in front of a figure as it was written; empty where there is none."""
    longest_first = sorted(_SIGNS, key=len, reverse=True)
    return next((sign for sign in longest_first if text.lstrip().startswith(sign)), "")


def decimal(text: str) -> Decimal | None:
    """Read a bare figure; None where the text is anything else (then `why_not` says what)."""
    narrow = text.translate(_WIDE).strip()
    if _DECIMAL.fullmatch(narrow) is None or _too_long(narrow):
        return None
    return Decimal(narrow.replace(",", ""))


def why_not(text: str) -> tuple[str, str]:
    """Explain why a text is not a figure, and how to fix it; both in Chinese, without the text itself."""
    narrow = text.translate(_WIDE).strip()
    if any(_too_long(run) for run in re.findall(r"[0-9.,]+", narrow)):
        return f"数字太长（最多 {MAX_DIGITS} 位）", "核对是否多按了键。"
    bare = narrow.lstrip("≥≤≧≦＞＜<>=＝═ ")
    for pattern, message, remedy in _SLIPS:
        if re.fullmatch(pattern, bare, re.DOTALL):
            return message, remedy
    return "不是数值", "应填数字加单位，例如 30 个。"


@dataclass(frozen=True, slots=True)
class Span:
    """A target with two bounds, both included: `90-110%`."""

    low: Decimal
    high: Decimal
    unit: str


_SPAN = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?P<first>{_UNIT})?\s*(?:-|~|～|—|–|至|到)\s*(?P<high>{_NUMBER})\s*(?P<unit>{_UNIT})?"
)


def span(text: str) -> Span | None:
    """Read a target of two bounds; None where the text is anything else.

    The unit may stand behind both bounds or behind the second one.
    """
    found = _SPAN.fullmatch(text.translate(_WIDE).strip())
    if found is None or _too_long(found["low"]) or _too_long(found["high"]):
        return None
    low, high = (Decimal(found[bound].replace(",", "")) for bound in ("low", "high"))
    unit = found["unit"] or ""
    return Span(low, high, unit) if low <= high and found["first"] in (None, unit) else None


Day = tuple[int | None, int, int]
"""Year (None where the text names none), month, day."""

_EARLIER = r"(?:之前|以前|前)"
_DAY = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})\s*[年./-]\s*)?(?P<month>1[0-2]|0?[1-9])\s*(?:月份?|[./-])\s*"
    rf"(?:(?P<day>3[01]|[12][0-9]|0?[1-9])\s*日?|(?P<end>底|末))?\s*(?P<before>{_EARLIER})?\s*(?:完成(?:验收|发放)?)?"
)
_YEAR_END = re.compile(rf"(?:(?P<year>(?:19|20)[0-9]{{2}})\s*)?年(?:底|末)\s*{_EARLIER}?\s*(?:完成)?")
_DATE_SIGNS = frozenset("月年./-．－")
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_FEBRUARY = 2
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_day(text: str) -> Day | None:
    """Read the last day that a date allows: `12月30日`, `9月底前`, `2022-12-30`, `7月`, `年底`; None for no date.

    A bare month lasts to its end; `9月前` ends with the day before it begins; a day that no calendar has is no date.
    """
    if _DATE_SIGNS.isdisjoint(text):  # nine figures of ten; asking first takes a tenth of the time
        return None
    narrow = _numbered_months(text.translate(_WIDE).strip())
    ends = _YEAR_END.fullmatch(narrow)
    if ends is not None:
        return _year_of(ends), 12, 31
    found = _DAY.fullmatch(narrow)
    if found is None or ("月" not in narrow and not found["day"]):
        return None
    year, month = _year_of(found), int(found["month"])
    if found["day"]:
        day = int(found["day"])
        return (year, month, day) if day <= _length(year, month) else None
    if found["before"] and not found["end"]:
        return _end_of(year, month - 1)
    return _end_of(year, month)


def _numbered_months(text: str) -> str:
    """Write 二月 as 2月."""
    return re.sub("(十[一二]|[一二三四五六七八九十])月", lambda m: f"{_MONTHS.index(m[1]) + 1}月", text)


def _year_of(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


def _length(year: int | None, month: int) -> int:
    """Count the days of a month; where no year is named, as many as it can have."""
    if month == _FEBRUARY and year is not None and (year % 4 or (year % 100 == 0 and year % 400)):
        return 28
    return _LONGEST_MONTHS[month - 1]


def _end_of(year: int | None, month: int) -> Day:
    """Name the last day of a month; month 0 is the December before."""
    if month:
        return year, month, _length(year, month)
    return (None, 0, 0) if year is None else (year - 1, 12, 31)


def later(day: Day, limit: Day) -> bool:
    """Return True if a day is later than a limit; years are compared only where both name one."""
    if day[0] is not None and limit[0] is not None and day[0] != limit[0]:
        return day[0] > limit[0]
    return day[1:] > limit[1:]


def rounded(number: Decimal, digits: int) -> Decimal:
    """Round half up to some digits, however long the number is."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _LONG)


_LONG = Context(prec=200)


def plain(number: Decimal) -> str:
    """Print a computed figure as the form does: no exponent, no trailing zeros (`3`, `0.6`, `15.02`)."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def filed(written: Filed) -> str:
    """Write what was filed: a figure as the form prints it, 空白 for a cell left empty."""
    return written.value if isinstance(written, Blank) else plain(written)


def _too_long(number: str) -> bool:
    return len(number) > MAX_DIGITS and sum(c.isdigit() for c in number) > MAX_DIGITS
