"""No second list of columns is left in the code: the keys of assessment.yaml are spelled in `core` and `form` alone."""

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

import perfdoc
from perfdoc.core import assessment

PACKAGE = Path(perfdoc.__file__).parent
WINGS = ("checks", "docx", "faces", "host", "judge", "read", "years")
"""All wings but `core` and `form`, which spell them, and `cli`, whose help speaks of 年度 and 名称 as any text does."""
KEYS = {
    field.metadata["key"]
    for record in vars(assessment).values()
    if isinstance(record, type) and dataclasses.is_dataclass(record)
    for field in dataclasses.fields(record)
    if "key" in field.metadata
}


def spelled(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield every text that is a key.

    `entry("名称", …)` of another record declares a key of its own, and the words around a placeholder are a sentence.
    """
    declared = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "entry"
        for argument in node.args
    }
    words = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in KEYS and id(node) not in declared | words:
            yield node


@pytest.mark.parametrize("wing", WINGS)
def test_a_key_is_spelled_where_it_is_declared_and_nowhere_else(wing: str) -> None:
    found = [
        f"{file.relative_to(PACKAGE)}:{node.lineno} {node.value!r}"
        for file in sorted((PACKAGE / wing).rglob("*.py"))
        for node in spelled(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []
