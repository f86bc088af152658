"""What the READMEs show is what happens: commands run, outputs and tables kept by `invoke test --accept`."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from commands import perfdoc
from invoke.collection import Collection
from invoke.parser import Parser

from perfdoc.checks import CHECKS, Check, weigh
from perfdoc.core import wording
from perfdoc.core.assessment import Status
from perfdoc.core.diagnostics import Finding

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))

INSTALL = "python3 -m venv .venv && . .venv/bin/activate && pip install -q -c constraints.txt -e {} && "
WINDOWS = "py -3.11 -m venv .venv && .venv\\Scripts\\activate && pip install -q -c constraints.txt -e {} && "
BUILD, TEST = "invoke build --year 2020", "invoke test"
OFFLINE = (
    "pip wheel -q -c constraints.txt -w wheelhouse .",
    INSTALL.partition("pip")[0] + "pip install -q --no-index --find-links wheelhouse perfdoc",
)

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MISTAKE = re.compile(r"@@ (\S+):(\d+) @@\n-(.*)\n\+(.*)\n")
INLINE = re.compile(r"`((?:invoke|perfdoc|git) [^`]+)`")
SLOW_OR_RECURSIVE = {"test", "lint", "bench", "mutate"}
"""These tasks are only asked for their help: this is a test, and the others are CI's own steps."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are written for sh")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text(page)) if found == language]


def commands(page: str) -> Iterator[str]:
    """List what a reader may type from a page, the installation left out."""
    for line in chain.from_iterable(body.splitlines() for body in blocks(page, "sh")):
        if line not in OFFLINE:
            yield re.sub(re.escape(INSTALL).replace(r"\{\}", r"\S+"), "", line)
    yield from INLINE.findall(text(page))


COMMANDS = sorted({command for page in (*READMES, "CONTRIBUTING.md") for command in commands(page)})


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a terminal in this folder would, with this interpreter's programs first."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "GIT_PAGER": "cat"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def fresh(folder: Path) -> Path:
    """Make a folder what a clone is to somebody who fills in the form."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "tasks.py", folder)
    return folder


# --- the two commands -------------------------------------------------------------------------------------------


def test_readme_opens_with_one_command_to_build_and_one_to_test() -> None:
    assert [body.strip() for body in blocks("README.md", "sh")] == [
        INSTALL.format(".") + BUILD,
        INSTALL.format("'.[dev]'") + TEST,
    ]
    assert [body.strip() for body in blocks("README.md", "bat")] == [
        WINDOWS.format(".") + BUILD,
        WINDOWS.format(".[dev]") + TEST,
    ]


def test_the_chinese_readme_opens_with_the_same_command_to_build() -> None:
    assert [body.strip() for body in blocks("README.zh-CN.md", "sh")] == [
        INSTALL.format(".") + BUILD,
        *OFFLINE,
    ]
    assert [body.strip() for body in blocks("README.zh-CN.md", "bat")] == [WINDOWS.format(".") + BUILD]


def test_ci_runs_the_commands_of_the_readme() -> None:
    ci = text(".ci/run").splitlines()
    assert {body.strip() for body in blocks("README.md", "sh")} <= set(ci)


# --- commands, outputs, tables ----------------------------------------------------------------------------------


def test_every_command_is_one_that_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    tasks = Collection.from_module(importlib.import_module("tasks")).to_contexts()
    for command in COMMANDS:
        program, *words = command.split()
        if program == "invoke":
            (found,) = Parser(contexts=tasks).parse_argv(words)
            assert found.name == words[0], command
        elif program == "perfdoc":
            done = perfdoc(started(tmp_path / "clone", words), *words)
            assert done.returncode == 0, done.stderr


def started(folder: Path, words: list[str]) -> Path:
    """Lay out what a command starts from: a clone, or for `init` an empty folder."""
    if words != ["init"]:
        return fresh(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def committed(folder: Path) -> None:
    """Make a repository of git of a folder, with all of it committed."""
    run(folder, "git init -q && git add -A && git -c user.name=x -c user.email=x@example.org commit -qm x")


def try_out(folder: Path, command: str) -> None:
    started(folder, command.split()[1:])
    if "HEAD" in command:
        committed(folder)
    if "git-setup" in command:
        run(folder, "git init")
    if command.startswith("invoke new-year 2021"):
        shutil.rmtree(folder / "content" / "2021")
    if command.startswith("invoke draw "):
        (folder / "templates" / command.removeprefix("invoke draw ") / "attachment.docx").unlink()
    task = re.match(r"invoke ([\w-]+)", command)
    if task and task[1] in SLOW_OR_RECURSIVE:
        done = run(folder, f"invoke --help {task[1]}")
        assert all(flag in done.stdout for flag in re.findall(r"--\w+", command)), done.stdout
    else:
        done = run(folder, command)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [c for c in COMMANDS if "--pdf" not in c])
def test_every_command_runs(command: str, tmp_path: Path) -> None:
    try_out(tmp_path / "clone", command)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("command", [c for c in COMMANDS if "--pdf" in c])
def test_every_command_that_needs_libreoffice_runs(command: str, tmp_path: Path) -> None:
    try_out(tmp_path / "clone", command)
    assert list((tmp_path / "clone" / "build" / "2020").glob("*.pdf"))


def make_mistake(folder: Path, mistake: str) -> None:
    """Change one line as a `diff` block shows: `@@ file:line @@`, the line as it is, the line as it becomes."""
    found = MISTAKE.fullmatch(mistake)
    assert found, mistake
    path = folder / found[1]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[int(found[2]) - 1] == found[3]
    lines[int(found[2]) - 1] = found[4]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def session(folder: Path, shown: str) -> str:
    """Run the commands of a `console` block again and write down what they print."""
    given = re.findall(r"^\$ (.*)$", shown, re.MULTILINE)
    return "".join(f"$ {command}\n{run(folder, command).stdout}" for command in given)


def refreshed(page: str, folder: Path) -> str:
    """Write a README as it should be: each console block run again after the mistakes shown before it."""
    mistakes: list[str] = []

    def block(found: re.Match[str]) -> str:
        language, body = found.groups()
        if language == "diff":
            mistakes.append(body)
        if language != "console":
            return found[0]
        fresh(folder)
        for mistake in mistakes:
            make_mistake(folder, mistake)
        mistakes.clear()
        return f"```console\n{session(folder, body)}```"

    known = FENCE.sub(block, text(page))
    for name, table in (
        ("checks", checks_table()),
        ("codes", codes_table()),
        ("decisions", decisions_list()),
    ):
        known = between(known, name, table)
    return known


def between(page: str, name: str, body: str) -> str:
    """Put text between the marks of a name; a page without them stays as it is."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if start not in page:
        return page
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
    return "".join(
        f"- [{title}](docs/decisions/{page.name})\n" for title, page in zip(titles, pages, strict=True)
    )


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


@pytest.mark.parametrize("page", READMES)
def test_what_is_shown_is_what_is_printed(page: str, tmp_path: Path, accept: bool) -> None:  # noqa: FBT001
    expected = refreshed(page, tmp_path / "clone")
    assert "Traceback" not in expected
    if accept:
        expected = with_speed(expected)
        (ROOT / page).write_text(expected, encoding="utf-8", newline="\n")
    assert text(page) == expected


@pytest.mark.parametrize("page", READMES)
def test_excerpts_of_the_content_are_real(page: str) -> None:
    content = text("content/2020/assessment.yaml").splitlines()
    for line in chain.from_iterable(body.splitlines() for body in blocks(page, "yaml")):
        assert line in content


@pytest.mark.slow
def test_the_year_that_ships_was_opened_by_the_command_that_is_shown(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "clone")
    shutil.rmtree(folder / "content" / "2021")
    assert run(folder, "invoke new-year 2021 --from 2020").returncode == 0
    for shipped in (ROOT / "content" / "2021").iterdir():
        assert (folder / "content" / "2021" / shipped.name).read_bytes() == shipped.read_bytes()
    done = run(folder, "invoke check --year 2021")
    assert done.returncode == 0, done.stdout
    found = [line.split()[1:3] for line in done.stdout.splitlines()[:-1]]
    # What is left to warn of lies in the targets of 2020 themselves.
    assert {code for severity, code in found if severity != "提示"} == {
        "P106",
        "P404",
        "P405",
        "P602",
        "P607",
    }
    assert {code for severity, code in found if severity == "提示"} == {"P102", "P109"}
    assert run(folder, "invoke build --year 2021").returncode == 0
    assert list((folder / "build" / "2021").glob("*.docx"))
    assert run(folder, "invoke explain --year 2021").stdout.splitlines()[1].startswith("总分 — / 100")


# --- what is listed is what there is ----------------------------------------------------------------------------


def test_every_task_is_mentioned() -> None:
    listed = json.loads(run(ROOT, "invoke --list --list-format=json").stdout)
    names = {task["name"] for task in listed["tasks"]}
    assert names
    assert names <= set(re.findall(r"`(?:invoke|perfdoc) ([\w-]+)", text("README.md")))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    prose = FENCE.sub("", text(page))
    targets = re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", prose)
    for target in chain.from_iterable(targets):
        if target and "://" not in target:
            assert (ROOT / page).parent.joinpath(target.partition("#")[0]).exists(), target
