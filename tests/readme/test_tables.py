"""The tables of docs/ are made from the code; `invoke test --accept` writes them again."""

import dataclasses
import enum
import inspect
import json
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfdoc.checks import CHECKS, Check, weigh
from perfdoc.cli.commands import GROUPS, Argument, Command
from perfdoc.core import wording
from perfdoc.core.assessment import Assessment, Status
from perfdoc.core.diagnostics import Finding
from perfdoc.form.rulebook import Form
from perfdoc.read.decode import hints

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def between(page: str, name: str, body: str) -> str:
    """Put text between the marks of a name."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    assert start in page, name
    before, _, rest = page.partition(start)
    return before + start + body + end + rest.partition(end)[2]


def severity(check: Check, state: Status) -> str:
    empty = Finding(code="", severity=check.severity, address=())
    return weigh(empty, check, state).severity.value


def checks_table() -> str:
    rows = [
        "| code | " + " | ".join(state.value for state in Status) + " | 查什么 | 为什么 | finds |",
        "|---|---|---|---|---|---|---|",
    ]
    for check in sorted(CHECKS, key=lambda check: check.code):
        words = check.about
        weights = " | ".join(severity(check, state) for state in Status)
        rows.append(f"| {check.code} | {weights} | {words.title} | {words.reason} | {words.finds} |")
    return "\n".join(rows) + "\n"


def codes_table() -> str:
    rows = ["| code | 级别 | 什么 | 为什么 | means |", "|---|---|---|---|---|"]
    for code, words in wording.READING.items():
        rows.append(f"| {code} | {words.severity} | {words.title} | {words.reason} | {words.finds} |")
    return "\n".join(rows) + "\n"


def decisions_list() -> str:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in pages]
    return "".join(f"- [{title}](decisions/{page.name})\n" for title, page in zip(titles, pages, strict=True))


SPEED = (
    "scored data → bytes, 500 documents of 20 indicators, each",
    "the same, checked",
    "scored data → bytes, one document of 2,000 indicators",
    "the same, checked",
    "what 2,000 indicators cost, against 200",
    "comparing two years of 2,000 indicators and 20,000 characters, against scoring and rendering one",
    "files → files, 500 units, with all checks and safe writing, by the clock on two processors",
    "the same as CPU time, all processes together",
    "CPU of a first `invoke build`, against a bare docxtpl script",
    "CPU of an `invoke build` with nothing to do, against the same script",
)
"""The rows of `invoke bench`, in English."""


def with_speed(page: str) -> str:
    """Put the figures of the last full `invoke bench` into a page; they are not a test's to compare."""
    measured = ROOT / "build" / "bench.json"
    known = json.loads(measured.read_text(encoding="utf-8")) if measured.exists() else {}
    if known.get("quick", True):
        return page
    rows = ["| from → to | docxtpl | perfdoc | | goal |", "|---|--:|--:|--:|---|"]
    for name, row in zip(SPEED, known["rows"], strict=True):
        times = " | ".join("–" if ms is None else milliseconds(ms) for ms in (row["plain"], row["ours"]))
        ratio = f"{row['ratio']:.2f} ×" if row["at_most"] else f"{row['ratio']:.1f} × as fast"
        sign = "≤" if row["at_most"] else "≥"
        missed = "" if row["met"] else ", missed"
        goal = "" if row["goal"] is None else f"{sign} {row['goal']:g}{missed}"
        rows.append(f"| {name} | {times} | {ratio} | {goal} |")
    where = f"Medians of CPU time; Python {known['python']}, docxtpl {known['docxtpl']}, {known['system']}."
    return between(page, "speed", "\n".join((*rows, "", where)) + "\n")


def milliseconds(value: float) -> str:
    return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.3g} ms"


# --- commands -----------------------------------------------------------------------------------------------------


def commands_list() -> str:
    return "".join(
        f"### {group}\n\n" + "".join(map(command_text, commands)) for group, commands in GROUPS.items()
    )


def command_text(command: Command) -> str:
    rows = [f"| `{typed(each)}` | {each.about} |" for each in command.arguments]
    table = "\n".join(("| | |", "|---|---|", *rows, "")) + "\n" if rows else ""
    return f"#### perfdoc {command.name}\n\n{command.about}\n\n{table}"


def typed(argument: Argument) -> str:
    if argument.positional:
        return argument.value if argument.required else f"[{argument.value}]"
    return f"--{argument.typed} {argument.value}".rstrip()


# --- keys ---------------------------------------------------------------------------------------------------------


def keys_tables(top: type, file: str, *, carried: bool) -> str:
    """List the keys of a file: a table for the file itself and one for each record that stands below a key."""
    found: dict[type, str] = {top: file}
    return "".join(keys_table(record, where, carried=carried) for record, where in below(top, found))


def below(record: type, found: dict[type, str]) -> Iterator[tuple[type, str]]:
    yield record, found[record]
    for field in keyed(record):
        for inner in records(hints(record)[field.name]):
            if inner not in found:
                found[inner] = field.metadata["key"]
                yield from below(inner, found)


def keyed(record: type) -> list[dataclasses.Field[object]]:
    return [field for field in dataclasses.fields(record) if "key" in field.metadata]


def parts(annotation: object) -> Iterator[object]:
    yield annotation
    for inner in typing.get_args(annotation):
        yield from parts(inner)


def records(annotation: object) -> list[type]:
    """List the records with keys of their own that an annotation names."""
    return [each for each in parts(annotation) if inspect.isclass(each) and is_record(each)]


def is_record(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) and bool(keyed(kind))


def keys_table(record: type, where: str, *, carried: bool) -> str:
    head = ("| 名称 | 必写 | 说明 | 可选 |", "|---|---|---|---|")
    if carried:
        head = (f"{head[0]} 开新年度时 |", f"{head[1]}---|")
    rows = [key_row(record, field, carried=carried) for field in keyed(record)]
    return "\n".join((f"### {where}", "", *head, *rows, "")) + "\n"


def key_row(record: type, field: dataclasses.Field[object], *, carried: bool) -> str:
    known = field.metadata
    must = "按表式" if known["weight"] else "" if has_default(field) else "是"
    cells = [known["key"], must, known["about"], "、".join(choices(hints(record)[field.name]))]
    return "| " + " | ".join([*cells, *([known["next_year"].value] if carried else [])]) + " |"


def has_default(field: dataclasses.Field[object]) -> bool:
    return not (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)


def choices(annotation: object) -> list[str]:
    return [
        member.value
        for each in parts(annotation)
        if inspect.isclass(each) and issubclass(each, enum.Enum)
        for member in each
    ]


# --- the pages ----------------------------------------------------------------------------------------------------

TABLES: dict[str, Callable[[], str]] = {
    "checks.md#checks": checks_table,
    "checks.md#codes": codes_table,
    "commands.md#commands": commands_list,
    "keys.md#assessment": lambda: keys_tables(Assessment, "assessment.yaml", carried=True),
    "keys.md#form": lambda: keys_tables(Form, "form.yaml", carried=False),
    "decisions.md#decisions": decisions_list,
}
"""What stands between the marks of a name on a page."""


@pytest.mark.parametrize("table", TABLES)
def test_a_table_lists_what_there_is(table: str, accept: bool) -> None:  # noqa: FBT001 -- a fixture
    name, _, mark = table.partition("#")
    page = DOCS / name
    known = page.read_text(encoding="utf-8")
    expected = between(known, mark, TABLES[table]())
    if accept:
        page.write_text(expected, encoding="utf-8", newline="\n")
        known = expected
    assert known == expected


def test_the_speed_is_that_of_the_last_full_measurement(accept: bool) -> None:  # noqa: FBT001 -- a fixture
    page = DOCS / "speed.md"
    if accept:
        page.write_text(with_speed(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    assert all(f"| {row} |" in page.read_text(encoding="utf-8") for row in SPEED)
