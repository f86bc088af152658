"""The JSON Schema that editors use to complete and explain an assessment or a rulebook.

It is made from the declarations of the model, so it cannot say anything else than the reader does.
"""

import dataclasses
import datetime as dt
import enum
import functools
import json
import types
import typing
from decimal import Decimal
from typing import Any

from perfdoc.core.assessment import Assessment, Judgement, Named, Value
from perfdoc.form.rulebook import Form
from perfdoc.read.decode import hints
from perfdoc.read.worked import Cases

SCHEMAS = {"assessment.schema.json": Assessment, "form.schema.json": Form, "cases.schema.json": Cases}
"""File names under `templates/` and what each describes."""

_NUMBER = {"type": ["number", "string"], "pattern": r"^-?[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)?$"}
# YAML 1.1 editors take 2020 for a number, 是 for text and 2021-05-25 for either: both are accepted as written.
_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": ["string", "number", "boolean"]},
    bool: {"enum": ["是", "否"]},
    int: {"type": ["integer", "string"], "pattern": "^[0-9]{4}$", "minimum": 1990, "maximum": 2099},
    Decimal: _NUMBER,
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


def schema(cls: type) -> dict[str, Any]:
    """Describe a record type as a JSON Schema (draft 2020-12)."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_record(cls)}


def text(cls: type) -> str:
    """Write the schema as the file that editors read."""
    return json.dumps(schema(cls), ensure_ascii=False, indent=2) + "\n"


def _record(cls: type) -> dict[str, Any]:
    annotations, about = hints(cls), (cls.__doc__ or "").strip()
    properties, required = {}, []
    for field in dataclasses.fields(cls):
        if "key" not in field.metadata:
            continue
        optional = field.default is not dataclasses.MISSING
        described = {"description": field.metadata["about"]} | _type(
            annotations[field.name], optional=optional
        )
        properties[field.metadata["key"]] = described
        if not optional:
            required.append(field.metadata["key"])
    return {
        "title": about.split(":")[0].split("\n")[0].rstrip("."),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _type(annotation: Any, *, optional: bool = False) -> dict[str, Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType) and annotation != Value:
        rest = [arg for arg in typing.get_args(annotation) if arg is not type(None)]
        annotation = functools.reduce(lambda a, b: a | b, rest)
    described = _plain_type(annotation)
    return {"anyOf": [described, {"type": "null"}]} if optional else described


def _plain_type(annotation: Any) -> dict[str, Any]:
    if annotation in _SCALARS:
        return dict(_SCALARS[annotation])
    if annotation == Value:
        return {"type": ["string", "number"], "examples": ["30个", "≥90%", "1000万方"]}
    if annotation == Named:
        return {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
    if typing.get_origin(annotation) is tuple:
        return {"type": "array", "minItems": 1, "items": _plain_type(typing.get_args(annotation)[0])}
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return {"enum": [member.value for member in annotation]}
    return _record(annotation)
