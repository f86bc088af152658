"""docs/architecture.md is held to the code: what it names exists, and its map is the contract that lint enforces."""

import dataclasses
import importlib
import re
import tomllib
from collections import defaultdict
from functools import reduce
from pathlib import Path

import pytest

from perfdoc.core import assessment

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
KEYS = re.compile(r"(?<=<!-- keys -->\n).*?(?=<!-- /keys -->)", re.DOTALL)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
LAYERS: list[str] = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
FILES = ("form.yaml", "core/codes.json")


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def names(text: str) -> list[str]:
    """List what a text names of the code, `wing.module.function`; a name that begins with a point goes on the one before."""
    wings = "|".join(LAYERS)
    return re.findall(
        rf"(?<![\w./])(?:{wings})(?:\.\w+)+", reduce(lambda t, f: t.replace(f, ""), FILES, text)
    )


def found(name: str) -> object:
    """Import as much of a name as is a module and look the rest up."""
    steps = name.split(".")
    for end in range(len(steps), 0, -1):
        try:
            module: object = importlib.import_module(".".join(("perfdoc", *steps[:end])))
        except ModuleNotFoundError:
            continue
        return reduce(member, steps[end:], module)
    raise LookupError(name)


def member(owner: object, name: str) -> object:
    fields = getattr(owner, "__dataclass_fields__", {})
    return fields[name] if name in fields else getattr(owner, name)


def test_every_function_that_is_named_exists() -> None:
    assert len(names(page())) > len(LAYERS)
    for name in names(page()):
        assert found(name) is not None, name


def house() -> list[tuple[str, str, str]]:
    chapter = page().partition("## Map of the house")[2].partition("\n## ")[0]
    return re.findall(r"^\| (\d+) \| `(\w+)` \| .*? \| (.*?) ?\|$", chapter, re.MULTILINE)


def test_the_map_of_the_house_is_the_contract_that_lint_enforces() -> None:
    assert [(int(row), wing) for row, wing, _ in house()] == [
        (row, wing) for row, wing in zip(reversed(range(len(LAYERS))), LAYERS, strict=True)
    ]


@pytest.mark.parametrize("wing", LAYERS)
def test_what_a_wing_may_not_import_is_what_lint_forbids_it(wing: str) -> None:
    rows = {name: said for _, name, said in house()}
    said = rows["checks"] if rows[wing] == "the same" else rows[wing]
    forbidden = {
        name
        for contract in CONTRACTS
        if contract["type"] == "forbidden" and f"perfdoc.{wing}" in contract["source_modules"]
        for name in contract["forbidden_modules"]
    }
    own = {name.removeprefix("perfdoc.") for name in forbidden if name.startswith("perfdoc.")}
    assert ("OOXML" in said) == ("docxtpl" in forbidden)
    assert ("YAML" in said) == ("yaml" in forbidden)
    assert ("processes" in said) == ("subprocess" in forbidden)
    assert ("files" in said) == ("disk" in own)
    named = set(re.findall(r"`([\w.]+)`", said))
    assert named == (own if named else set())


def keys_table() -> str:
    """List every key of assessment.yaml once, in the form's order, with the fields that it is written for."""
    fields: dict[str, list[str]] = defaultdict(list)
    about: dict[str, str] = {}
    records = [
        record
        for record in reversed(vars(assessment).values())
        if isinstance(record, type) and dataclasses.is_dataclass(record)
    ]
    for record in records:
        for field in dataclasses.fields(record):
            if "key" in field.metadata:
                key = field.metadata["key"]
                fields[key].append(f"`{record.__name__}.{field.name}`")
                if key not in about or record is assessment.Indicator:
                    about[key] = field.metadata["about"]
    rows = [f"| {key} | {', '.join(where)} | {about[key]} |" for key, where in fields.items()]
    return "\n".join(("| key | field | 说明 |", "|---|---|---|", *rows)) + "\n"


def test_every_key_of_an_assessment_is_in_the_glossary(accept: bool) -> None:  # noqa: FBT001 -- a fixture
    if accept:
        PAGE.write_text(KEYS.sub(lambda _: keys_table(), page()), encoding="utf-8", newline="\n")
    assert KEYS.findall(page()) == [keys_table()]
