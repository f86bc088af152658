"""The JSON Schema that editors use to complete and explain an assessment or a rulebook.

It is made from the declarations of the model, so it cannot say anything else than the reader does.
"""

import dataclasses
import datetime as dt
import enum
import json
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfdoc.core import keys
from perfdoc.core.assessment import (
    Assessment,
    Blank,
    Dimension,
    Filed,
    Group,
    Indicator,
    Judgement,
    Named,
    Value,
)
from perfdoc.form.layout import Column, Edges, Kind, Label, Layout, Weights
from perfdoc.form.rulebook import Form
from perfdoc.read.decode import OWNERS, hints, without_none
from perfdoc.read.worked import Cases

ASSESSMENT_SCHEMA = "assessment.schema.json"
"""What describes the assessments of a form, in the form's own folder."""
SCHEMAS = {"form.schema.json": Form, "cases.schema.json": Cases}
"""File names under `templates/` and what each describes."""
_TITLES: dict[type, str] = {Assessment: "自评", Form: keys.FORM, Cases: "算例"}

_NUMBER = {"type": ["number", "string"], "pattern": r"^-?[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)?$"}
# YAML 1.1 editors take 2020 for a number, 是 for text and 2021-05-25 for either: both are accepted as written.
_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": ["string", "number", "boolean"]},
    Edges: {"anyOf": [_NUMBER, {"type": "array", "minItems": 1, "items": _NUMBER}]},
    Label: {"type": ["string", "number", "boolean"]},
    Mapping[str, str]: {"type": "object", "additionalProperties": {"type": "string"}},
    typing.Annotated[int, "number"]: {"type": "integer", "minimum": 0},
    bool: {"enum": ["是", "否"]},
    int: {"type": ["integer", "string"], "pattern": "^[0-9]{4}$", "minimum": 1990, "maximum": 2099},
    Decimal: _NUMBER,
    Filed: {"anyOf": [_NUMBER, {"const": Blank.BLANK.value}]},
    dt.date: {"type": "string", "examples": ["2021-05-25"]},
    Judgement: {"type": "string", "examples": ["达成预期", "部分达成预期 60%", "未达成预期"]},
    typing.Annotated[Decimal, "percent"]: {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?%$"},
    typing.Annotated[int, "count"]: {
        "type": ["integer", "string"],
        "pattern": "^[0-9]$",
        "minimum": 0,
        "maximum": 9,
    },
    typing.Annotated[int, "length"]: {
        "type": ["integer", "string"],
        "pattern": "^[1-9][0-9]{0,4}$",
        "minimum": 1,
        "maximum": 99999,
    },
}


def schema(cls: type, layout: Layout | None = None, title: str = "") -> dict[str, Any]:
    """Describe a record type as a JSON Schema (draft 2020-12).

    Args:
        cls: The type.
        layout: What a form declares, to describe its assessments; None for any other file.
        title: What such a file is called; the usual name where it is empty.
    """
    described = _record(cls, layout or Layout(()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title or _TITLES[cls],
        **described,
    }


def text(cls: type, layout: Layout | None = None, title: str = "") -> str:
    """Write the schema as the file that editors read."""
    return json.dumps(schema(cls, layout, title), ensure_ascii=False, indent=2) + "\n"


def _record(cls: type, layout: Layout) -> dict[str, Any]:
    annotations = hints(cls)
    properties, required = {}, []
    for field in dataclasses.fields(cls):
        if "key" not in field.metadata:
            continue
        weighed = field.metadata.get("weight", False) and layout.weights is Weights.REQUIRED
        optional = field.default is not dataclasses.MISSING and not weighed
        annotation = annotations[field.name]
        if field.name == "dimensions":
            annotation = _LEVELS[len(layout.levels)]
        known_type = _type(annotation, layout, optional=optional)
        if field.name == "facts" and layout.own_boxes:
            known_type = {"anyOf": [_own_record(layout.own_boxes), {"type": "null"}]}
        described = {"description": field.metadata["about"]} | known_type
        properties[field.metadata["key"]] = described
        if not optional:
            required.append(field.metadata["key"])
    properties |= _own(cls, layout)
    known = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    if shorthand := getattr(cls, "SHORTHAND", None):
        return {"anyOf": [properties[shorthand], known]}
    return known


_LEVELS: dict[int, Any] = {1: tuple[Indicator, ...], 2: tuple[Group, ...], 3: tuple[Dimension, ...]}
"""What 指标 lists, by how many levels a form has."""

_OWN_TYPES: dict[Kind, Any] = {
    Kind.MONEY: Decimal,
    Kind.SCORE: Decimal,
    Kind.DATE: dt.date,
    Kind.QUANTITY: Value,
}


def _own(cls: type, layout: Layout) -> dict[str, Any]:
    """Describe what only this form has: columns of a built-in table, or tables of its own."""
    if cls is Assessment:
        return {
            table.name: {"type": "array", "items": _own_record(table.columns)} for table in layout.own_tables
        }
    table = OWNERS.get(cls)
    return _own_record(layout.own_columns(table))["properties"] if table else {}


def _own_record(columns: tuple[Column, ...]) -> dict[str, Any]:
    cells = {c.key: _own_cell(c) for c in columns if c.written}
    return {"type": "object", "properties": cells, "additionalProperties": False}


def _own_cell(column: Column) -> dict[str, Any]:
    described = _plain_type(_OWN_TYPES.get(column.kind or Kind.TEXT, str), Layout(()))
    return {"description": column.label.replace("\n", ""), "anyOf": [described, {"type": "null"}]}


def _type(annotation: Any, layout: Layout, *, optional: bool = False) -> dict[str, Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType) and annotation != Value:
        annotation = without_none(annotation)
    described = _plain_type(annotation, layout)
    return {"anyOf": [described, {"type": "null"}]} if optional else described


def _plain_type(annotation: Any, layout: Layout) -> dict[str, Any]:
    if annotation in _SCALARS:
        return dict(_SCALARS[annotation])
    if annotation == Value:
        return {"type": ["string", "number"], "examples": ["30个", "≥90%", "1000万方"]}
    if annotation == Named:
        return {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}
    if typing.get_origin(annotation) is tuple:
        return {"type": "array", "minItems": 1, "items": _plain_type(typing.get_args(annotation)[0], layout)}
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return {"enum": [member.value for member in annotation]}
    return _record(annotation, layout)
