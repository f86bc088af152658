"""A comparison as JSON for machines, and the schema by which it is published.

One declaration of each record makes both, so that neither can say what the other does not. Amounts are strings:
they are exact. `版本` counts up when a key changes its meaning or goes; a new key does not count.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any

from perfdoc.core.address import Address
from perfdoc.core.assessment import Status
from perfdoc.core.quantity import plain
from perfdoc.faces.phrases import Locate, figures
from perfdoc.judge.scoring import wording
from perfdoc.years.flags import CODES
from perfdoc.years.value import Break, Cause, Change, Comparison, Flag, Op

VERSION = 1
SCHEMA = "comparison.schema.json"
"""The name under which the schema is published in templates/."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a record: what it means, how it is read off, and its schema."""

    name: str
    about: str
    read: Callable[[Any, Locate], Any]
    schema: dict[str, Any]


Read = str | Callable[[Any], Any]
"""An attribute's name, or what else to read off a value."""


def _reader(read: Read) -> Callable[[Any], Any]:
    return attrgetter(read) if isinstance(read, str) else read


def _plainly(name: str, about: str, read: Read, schema: dict[str, Any]) -> _Key:
    got = _reader(read)
    return _Key(name, about, lambda value, _: got(value), schema)


def _text(name: str, about: str, read: Read) -> _Key:
    return _plainly(name, about, read, {"type": "string"})


def _amount(name: str, about: str, read: Read) -> _Key:
    got = _reader(read)

    def written(value: Any, _: Locate) -> str | None:
        amount: Decimal | None = got(value)
        return None if amount is None else plain(amount)

    return _Key(name, about, written, {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})


def _count(name: str, about: str, read: Read, *, maybe: bool = False) -> _Key:
    return _plainly(name, about, read, {"type": ["integer", "null"] if maybe else "integer"})


def _flag(name: str, about: str, read: Read, *, maybe: bool = False) -> _Key:
    return _plainly(name, about, read, {"type": ["boolean", "null"] if maybe else "boolean"})


def _word(name: str, about: str, read: str, words: type[Enum]) -> _Key:
    return _plainly(name, about, f"{read}.value", {"enum": [member.value for member in words]})


def _place(name: str, about: str, read: Callable[[Any], tuple[str, Address | None]]) -> _Key:
    def written(value: Any, locate: Locate) -> str | None:
        side, address = read(value)
        return None if address is None else locate(side, address)

    return _Key(name, about, written, {"type": ["string", "null"]})


def _list(name: str, about: str, read: Read, item: "_Record") -> _Key:
    got = _reader(read)

    def written(value: Any, locate: Locate) -> list[Any]:
        return [item.data(each, locate) for each in got(value)]

    return _Key(name, about, written, {"type": "array", "items": {"$ref": f"#/$defs/{item.name}"}})


def _words(name: str, about: str, read: Read, words: type[Enum] | None = None) -> _Key:
    item = {"type": "string"} if words is None else {"enum": [member.value for member in words]}
    got = _reader(read)

    def written(value: Any) -> list[str]:
        return [getattr(each, "value", each) for each in got(value)]

    return _plainly(name, about, written, {"type": "array", "items": item})


def _one(name: str, about: str, read: str, record: "_Record") -> _Key:
    got = attrgetter(read)
    return _Key(
        name, about, lambda value, locate: record.data(got(value), locate), {"$ref": f"#/$defs/{record.name}"}
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """A kind of value with its keys."""

    name: str
    keys: tuple[_Key, ...]

    def data(self, value: Any, locate: Locate) -> dict[str, Any]:
        return {key.name: key.read(value, locate) for key in self.keys}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {key.name: {"description": key.about} | key.schema for key in self.keys},
            "required": [key.name for key in self.keys],
            "additionalProperties": False,
        }


_YEAR = _Record(
    "年",
    (
        _text("名称", "content 下的路径，或所给的版本", "name"),
        _count("年度", "自评的年度", "year"),
        _text("单位名称", "填报单位", "unit"),
        _text("表式", "表的正式名称", "form"),
        _word("状态", "填报中、定稿或已报送", "status", Status),
        _amount("总分", "印出的总分", "printed"),
        _amount("按规则总分", "按规则算出的总分", "computed"),
        _count("待填", "还没有得分的项数", "open"),
        _count("算不出", "内容有错误、算不出得分的项数", "blocked"),
        _text("等级", "没有等级的为空", "grade"),
        _words("报送不同", "报送得分与规则不同的各项", "filed"),
    ),
)


_FIELD = _Record(
    "值",
    (
        _text("名称", "表中的栏目", "name"),
        _text("上年", "印出的样子，空为没有写", "old"),
        _text("今年", "印出的样子，空为没有写", "new"),
        _flag("不同", "除了空格、标点、全半角和末尾的零以外是否不同", "changed"),
        _amount("差", "今年减上年，按今年的单位；不可比的为 null", "delta"),
        _amount("百分比", "差占上年的百分之几；不可比的、上年为 0 的为 null", "percent"),
        _flag("变好", "是否朝指标的方向变；无所谓好坏的为 null", "better", maybe=True),
    ),
)


_EFFECT = _Record(
    "原因",
    (
        _word("原因", "依固定的次序", "cause", Cause),
        _amount("分", "得（正）或失（负）几分", "amount"),
        _flag("分不开", "前一步无法计分，与这一步合在一起", "joint"),
    ),
)


_BROKEN = _Record(
    "不可比",
    (
        _word("什么不同", "单位、方向等", "kind", Break),
        _text("上年", "上年是什么", "old"),
        _text("今年", "今年是什么", "new"),
    ),
)


_RULE = _Record(
    "规则",
    (
        _text("部分", "规则的哪一部分，例如 定量（正向）", "part"),
        _text("参数", "form.yaml 里的名称，例如 上限", "parameter"),
        _text("上年", "上年是什么，空为没有写", "old"),
        _text("今年", "今年是什么，空为没有写", "new"),
        _text("条款", "今年依据的条款；今年没有的，上年的", "clause"),
    ),
)


_FLAGGED = _Record(
    "目标偏软",
    (
        _word("什么", "哪一种", "flag", Flag),
        _text("代码", "报告它的检查", lambda f: CODES[f.flag]),
        _text("依据", "一句话，带数", "because"),
    ),
)


def _side_record(name: str, side: str) -> _Record:
    return _Record(
        name,
        (
            _text("名称", "三级指标", "name"),
            _text("一级指标", "所属", "dimension"),
            _text("二级指标", "所属", "group"),
            _amount("分值", "满分", "score.weight"),
            _amount("得分", "印出的得分", "score.printed"),
            _amount("按规则得分", "按规则算出的得分", "score.value"),
            _text("算式", "带数的公式", lambda s: wording.working(s.score)),
            _text("条款", "依据的条款", "score.clause"),
            _place("位置", "文件、行、列", lambda s: (side, s.address)),
        ),
    )


_OLD_SIDE, _NEW_SIDE = _side_record("上年指标", "old"), _side_record("今年指标", "new")


_ROW = _Record(
    "指标",
    (
        _count("编号", "在本次比较中的次序", "number"),
        _text("名称", "今年的名称，没有的为上年的", "name"),
        _words("变化", "可以同时有几种", "changes", Change),
        _list("上年", "新增的没有，合并的有几项", "olds", _OLD_SIDE),
        _list("今年", "取消的没有，拆分的有几项", "news", _NEW_SIDE),
        _list("值", "一项对一项时的各栏", "fields", _FIELD),
        _list("不可比", "为什么两年不能相比", "breaks", _BROKEN),
        _list("目标偏软", "要请人核对的", "flags", _FLAGGED),
        _list("原因", "得分变动的原因，相加等于得分的变动", "effects", _EFFECT),
        _amount("得分变动", "今年减上年，没有的按 0", "moved"),
        _text("取消的理由", "没有写的为空", lambda r: getattr(r.dropped, "reason", "")),
    ),
)


_LINE = _Record(
    "预算行",
    (
        _text("名称", "今年的名称，没有的为上年的", "name"),
        _words("变化", "可以同时有几种", "changes", Change),
        _list("值", "各栏", "fields", _FIELD),
        _list("原因", "得分变动的原因", "effects", _EFFECT),
        _place("上年位置", "文件、行、列", lambda b: ("old", b.old)),
        _place("今年位置", "文件、行、列", lambda b: ("new", b.new)),
    ),
)


_BAR = _Record(
    "合计",
    (
        _text("类别", "总分、预算执行、绩效目标、一级指标或二级指标", "kind"),
        _text("名称", "今年的名称，没有的为上年的", "name"),
        _amount("上年", "印出的得分", "old"),
        _amount("今年", "印出的得分", "new"),
        _amount("变动", "今年减上年，没有的按 0", "moved"),
        _list("原因", "相加等于变动", "effects", _EFFECT),
        _Key(
            "指标",
            "使它变动的指标的编号，变得多的在前",
            lambda b, _: list(b.rows),
            {"type": "array", "items": {"type": "integer"}},
        ),
    ),
)


_PIECE = _Record(
    "片段",
    (
        _word("怎样", "同、增或删", "op", Op),
        _text("文字", "原文", "text"),
    ),
)


_PASSAGE = _Record(
    "段",
    (
        _count("上年", "上年的第几段", "old", maybe=True),
        _count("今年", "今年的第几段", "new", maybe=True),
        _list("片段", "同与删合成上年的，同与增合成今年的", "pieces", _PIECE),
        _count("与上年相同", "今年这一段百分之几见于上年，数字不计", "reused", maybe=True),
        _Key(
            "数字变动",
            "上年的数和今年的数",
            lambda p, _: [list(pair) for pair in figures(p)],
            {
                "type": "array",
                "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
            },
        ),
        _words("年份可疑", "提到的、不是本年度的年份", "stale"),
    ),
)


_WORDS = _Record(
    "文字",
    (
        _text("名称", "程序里的名称", "name"),
        _text("标题", "表中的栏目", "title"),
        _count("与上年相同", "百分之几见于上年，数字不计", "reused", maybe=True),
        _list("段", "依今年的次序", "passages", _PASSAGE),
    ),
)


_MEASURE = _Record(
    "措施",
    (
        _count("第几段", "在上年的改进措施里", "number"),
        _text("内容", "上年写的", "text"),
        _text("落实情况", "上年措施 里写的，没有写的为空", "outcome"),
        _count("又写了", "百分之几又见于今年的文字", "kept", maybe=True),
    ),
)


_LOOSE = _Record(
    "对应不上",
    (
        _text("名称", "所写的上年指标", "name"),
        _text("写在", "曾用名、拆分自、合并自、取消或上年措施", "key"),
        _place("位置", "文件、行、列", lambda link: ("new", link.address)),
    ),
)


_PROPOSAL = _Record(
    "可能是更名",
    (
        _text("上年", "今年没有的名称", "old"),
        _text("今年", "上年没有的名称", "new"),
        _count("相同", "相同的字占百分之几", "likeness"),
        _text("写作", "确认后写在指标后面的话", "line"),
    ),
)


_COMPARISON = _Record(
    "比较",
    (
        _count("版本", "这种格式的版本", lambda _: VERSION),
        _one("上年", "较早的一份", "old", _YEAR),
        _one("今年", "较晚的一份", "new", _YEAR),
        _list("不可比", "整张表有什么不同", "breaks", _BROKEN),
        _list("规则", "计分规则变了的各个参数", "rules", _RULE),
        _list("表头", "表头变了的各栏", "head", _FIELD),
        _list("预算执行", "各行", "budget", _LINE),
        _list("指标", "依今年的次序，取消的跟在原来的前一项后面", "rows", _ROW),
        _list("合计", "总分和它下面的各个合计", lambda c: c.bridge.walk(), _BAR),
        _list("文字", "年度目标和各段叙述", "texts", _WORDS),
        _list("上年措施", "上年的改进措施", "measures", _MEASURE),
        _list("对应不上", "写明的对应关系里找不到的", "loose", _LOOSE),
        _list("可能是更名", "只供参考，要人写明才算", "proposals", _PROPOSAL),
    ),
)
_RECORDS = (
    _YEAR,
    _FIELD,
    _EFFECT,
    _BROKEN,
    _RULE,
    _FLAGGED,
    _OLD_SIDE,
    _NEW_SIDE,
    _ROW,
    _LINE,
    _BAR,
    _PIECE,
    _PASSAGE,
    _WORDS,
    _MEASURE,
    _LOOSE,
    _PROPOSAL,
)


def data(comparison: Comparison, locate: Locate) -> dict[str, Any]:
    """Turn a comparison into lists, dictionaries and texts."""
    return _COMPARISON.data(comparison, locate)


def report(comparison: Comparison, locate: Locate) -> str:
    """Write a comparison as JSON."""
    return json.dumps(data(comparison, locate), ensure_ascii=False, indent=1) + "\n"


def schema() -> str:
    """Write the JSON Schema (draft 2020-12) of what `report` writes."""
    known = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"两年的比较，版本 {VERSION}",
        **_COMPARISON.schema(),
        "$defs": {record.name: record.schema() for record in _RECORDS},
    }
    return json.dumps(known, ensure_ascii=False, indent=2) + "\n"
