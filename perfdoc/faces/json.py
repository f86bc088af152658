"""What machines read: a comparison, and what a check found; with the schemas by which both are published.

Declared fields (`entry`) make both the text and its schema, so that neither can say what the other does not. Amounts
are strings: they are exact. `版本` counts up when a key changes its meaning or goes; a new key does not count.
"""

import dataclasses
import json
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.diagnostics import Diagnostic, Severity
from perfdoc.core.entry import entry
from perfdoc.core.quantity import plain
from perfdoc.faces import scores
from perfdoc.faces.phrases import Locate
from perfdoc.judge.scoring import wording
from perfdoc.judge.scoring.value import Working
from perfdoc.years import value

VERSION = 1
SCHEMA, CHECK_SCHEMA = "comparison.schema.json", "check.schema.json"
"""The names under which the schemas are published in templates/."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """发现: a diagnostic."""

    code: str = entry("代码", "检查的代码，例如 P301")
    severity: Severity = entry("级别", "错误、警告或提示")
    file: str = entry("文件", "从内容仓库的文件夹算起")
    line: int = entry("行", "从 1 数起；不是文本文件的为 0")
    column: int = entry("列", "从 1 数起；不是文本文件的为 0")
    message: str = entry("问题", "错在哪里")
    remedy: str = entry("怎么办", "照着做的办法")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """检查: what `check` found."""

    found: tuple[Found, ...] = entry("发现", "发现的全部问题，按文件和行的次序")


def checked(diagnostics: Iterable[Diagnostic]) -> str:
    """Write what a check found as JSON."""
    found = tuple(
        Found(
            code=d.code,
            severity=d.severity,
            file=d.place.file,
            line=d.place.line,
            column=d.place.column,
            message=d.message,
            remedy=d.remedy,
        )
        for d in diagnostics
    )
    known = {"版本": VERSION, **_record(Checked(found=found), "new", lambda *_: "")}
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


_FOUND = {"发现": Found}
_RECORDS = {
    "年": value.Year,
    "值": value.Field,
    "原因": value.Effect,
    "不可比": value.Broken,
    "规则": value.ChangedRule,
    "目标偏软": value.Flagged,
    "上年指标": value.Side,
    "今年指标": value.Side,
    keys.INDICATORS: value.Row,
    "预算行": value.BudgetRow,
    "合计": value.Bar,
    "片段": value.Piece,
    "段": value.Passage,
    "文字": value.Words,
    keys.MEASURE: value.Measure,
    "对应不上": value.LooseLink,
    "可能是更名": value.Proposal,
}
_SIDES = {"old": "old", "olds": "old", "new": "new", "news": "new"}
"""Which year a field belongs to; what stands below it belongs to the same."""


def _declared(record: Any) -> "Iterator[tuple[str, dataclasses.Field[Any]]]":
    return ((f.metadata["key"], f) for f in dataclasses.fields(record) if "key" in f.metadata)


# --- what is written --------------------------------------------------------------------------------------------


def data(comparison: value.Comparison, locate: Locate) -> dict[str, Any]:
    """Turn a comparison into lists, dictionaries and texts."""
    return {"版本": VERSION, **_record(comparison, "new", locate)}


def report(comparison: value.Comparison, locate: Locate) -> str:
    """Write a comparison as JSON."""
    return json.dumps(data(comparison, locate), ensure_ascii=False, indent=1) + "\n"


def _record(record: Any, side: str, locate: Locate) -> dict[str, Any]:
    return {
        key: _written(getattr(record, known.name), known.type, _SIDES.get(known.name, side), locate)
        for key, known in _declared(record)
    }


def _written(found: Any, declared: Any, side: str, locate: Locate) -> Any:  # noqa: PLR0911 -- a case for each type
    if declared in (Address, Address | None):
        return None if found is None else locate(side, found)
    if declared == Working | None:
        return wording.written(found)
    match found:
        case Decimal():
            return plain(found)
        case Enum():
            return found.value
        case tuple():
            inner = typing.get_args(declared)[0]
            return [_written(each, inner, side, locate) for each in found]
        case value.Bar():
            return [_record(bar, side, locate) for bar in found.walk()]
        case _:
            return _record(found, side, locate) if dataclasses.is_dataclass(found) else found


# --- its schema -------------------------------------------------------------------------------------------------


def schemas() -> dict[str, str]:
    """Write the JSON Schema (draft 2020-12) of everything that machines read, by file name."""
    return {
        scores.SCHEMA: scores.schema(),
        SCHEMA: _schema("两年的比较", value.Comparison, _RECORDS),
        CHECK_SCHEMA: _schema("检查的结果", Checked, _FOUND),
    }


def _schema(title: str, record: Any, records: Mapping[str, Any]) -> str:
    whole = _described(record, "new")
    version = {"版本": {"description": "这种格式的版本", "type": "integer"}}
    known = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{title}，版本 {VERSION}",
        **whole,
        "properties": version | whole["properties"],
        "required": [*version, *whole["required"]],
        "$defs": {name: _described(record, "new") for name, record in records.items()},
    }
    return json.dumps(known, ensure_ascii=False, indent=2) + "\n"


def _described(record: Any, side: str) -> dict[str, Any]:
    properties = {
        key: {"description": known.metadata["about"]} | _type(known.type, _SIDES.get(known.name, side))
        for key, known in _declared(record)
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_AMOUNT = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    Working | None: {"type": "string"},
    int: {"type": "integer"},
    int | None: {"type": ["integer", "null"]},
    bool: {"type": "boolean"},
    bool | None: {"type": ["boolean", "null"]},
    Decimal: _AMOUNT,
    Decimal | None: _AMOUNT,
    Address: {"type": ["string", "null"]},
    Address | None: {"type": ["string", "null"]},
    tuple[str, str]: {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
}


def _type(declared: Any, side: str) -> dict[str, Any]:
    if declared in _TYPES:
        return _TYPES[declared]
    if typing.get_origin(declared) is tuple:
        return {"type": "array", "items": _type(typing.get_args(declared)[0], side)}
    if issubclass(declared, Enum):
        return {"enum": [member.value for member in declared]}
    names = [name for name, record in (_RECORDS | _FOUND).items() if record is declared]
    reference = {"$ref": f"#/$defs/{names[0] if side == 'old' else names[-1]}"}
    return {"type": "array", "items": reference} if declared is value.Bar else reference
