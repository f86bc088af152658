"""The schema of scores.json, by which other programs read what `explain.data` writes."""

import dataclasses
import functools
import json
import typing
from dataclasses import dataclass
from typing import Any

from perfdoc.core.assessment import Status
from perfdoc.core.entry import entry
from perfdoc.faces.explain import VERSION
from perfdoc.form.rulebook import Standing

SCHEMA = "scores.schema.json"
"""The name under which it is published in templates/."""

Amount = str
"""A figure as an exact text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """汇总自: what a figure was rolled up from."""

    assessment: str = entry("自评", "content 下的路径")
    name: str = entry("名称", "在那份自评里叫什么")
    text: str = entry("值", "那里的数")
    place: str = entry("位置", "文件、行、列")
    below: "tuple[Source, ...]" = entry("汇总自", "它又由什么汇总而来", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """依据: a figure that a score rests on."""

    name: str = entry("名称", "例如 实际完成值")
    text: str = entry("值", "照原样")
    place: str = entry("位置", "文件、行、列")
    sources: tuple[Source, ...] = entry("汇总自", "由什么汇总而来", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """条款: what a rule rests on."""

    name: str = entry("名称", "例如 备注2")
    source: str = entry("出处", "文件或表中位置")
    standing: Standing = entry("状态", "已读、转引、推定或自定")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """得分: a score with its reason, and those below it."""

    kind: str = entry("类别", "总分、预算执行、一级指标等")
    name: str = entry("名称", "印在表里的名称")
    place: str = entry("位置", "文件、行、列")
    weight: Amount = entry("分值", "满分")
    value: Amount | None = entry("得分", "按规则算出的；空为还算不出")
    printed: Amount | None = entry("印出", "印在表里的")
    filed: Amount | None = entry("报送得分", "报送的数，或 空白；没有写的为空", default=None)
    filed_total: Amount | None = entry("报送总分", "总分报送的数，代替 报送得分", default=None)
    formula: str = entry("公式", "用哪个公式", default="")
    working: str = entry("算式", "代入的数", default="")
    adjustments: tuple[str, ...] = entry("调整", "舍入、上限等", default=())
    clause: Cited | None = entry("条款", "依据的条款", default=None)
    obstacle: str = entry("算不出", "为什么算不出", default="")
    open: int = entry("未填", "还有几项未填", default=0)
    inputs: tuple[Given, ...] = entry("依据", "依据的数", default=())
    parts: "tuple[Node, ...]" = entry("下级", "下一级的得分", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """scores.json: every computed number of an assessment."""

    version: int = entry("版本", "这种格式的版本")
    form: str = entry("表式", "templates 下的文件夹名")
    year: int = entry("年度", "自评的年度")
    unit: str = entry("单位名称", "填报单位")
    status: Status = entry("状态", "填报中、定稿或已报送")
    rates: dict[str, str | None] = entry("执行率", "各行的执行率，空为算不出")
    revisions: tuple[str, ...] = entry("修订", "这一年适用的修订", default=())
    grade: str = entry("等级", "按规则的等级", default="")
    printed_grade: str = entry("印出等级", "印在表里的等级", default="")
    total: Node = entry("得分", "总分和以下各级")


def schema() -> str:
    """Write the JSON Schema (draft 2020-12) of scores.json."""
    known = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"得分，版本 {VERSION}",
        **_record(Scores),
        "$defs": {record.__name__: _record(record) for record in (Source, Given, Cited, Node)},
    }
    return json.dumps(known, ensure_ascii=False, indent=2) + "\n"


def _record(record: Any) -> dict[str, Any]:
    hints, fields = typing.get_type_hints(record), dataclasses.fields(record)
    described = {
        f.metadata["key"]: {"description": f.metadata["about"]} | _type(hints[f.name]) for f in fields
    }
    required = [f.metadata["key"] for f in fields if f.default is dataclasses.MISSING]
    return {"type": "object", "properties": described, "required": required, "additionalProperties": False}


_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    str | None: {"type": ["string", "null"]},
    dict[str, str | None]: {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
}


@functools.cache
def _type(declared: Any) -> dict[str, Any]:
    if declared in _PLAIN:
        return _PLAIN[declared]
    inner = [each for each in typing.get_args(declared) if each not in (type(None), Ellipsis)]
    if typing.get_origin(declared) is tuple:
        return {"type": "array", "items": _type(inner[0])}
    record = inner[0] if inner else declared
    if issubclass(record, (Status, Standing)):
        return {"enum": [member.value for member in record]}
    return {"$ref": f"#/$defs/{record.__name__}"}
