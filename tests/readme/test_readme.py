"""What the READMEs show is what happens: their commands run, their outputs are kept by `invoke test --accept`."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from invoke.collection import Collection
from invoke.parser import Parser

from perfdoc.cli.commands import GROUPS

ROOT = Path(__file__).parents[2]
CLERK = "README.zh-CN.md"
READMES = ("README.md", CLERK)
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))

INSTALL = "python3 -m venv .venv && . .venv/bin/activate && pip install -q -c constraints.txt -e {} && "
WINDOWS = "py -3.11 -m venv .venv && .venv\\Scripts\\activate && pip install -q -c constraints.txt -e {} && "
BUILD, TEST, FORMS = "invoke build --year 2020", "invoke test", "perfdoc forms"
WHEELHOUSE = "pip wheel -q -c constraints.txt -w wheelhouse ."
OFFLINE = INSTALL.partition("pip")[0] + "pip install -q --no-index --find-links wheelhouse perfdoc"

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
        if line not in (WHEELHOUSE, OFFLINE):
            yield re.sub(re.escape(INSTALL).replace(r"\{\}", r"\S+"), "", line)
    yield from INLINE.findall(text(page))


COMMANDS = sorted(
    {
        (page == CLERK, command)
        for page in (*READMES, "CONTRIBUTING.md", "docs/commands.md")
        for command in commands(page)
    }
)
"""What is typed, and whether it is typed where the clerk's page leads."""


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


def test_the_chinese_readme_installs_the_same_way() -> None:
    assert [body.strip() for body in blocks(CLERK, "sh")] == [
        INSTALL.format(".") + FORMS,
        WHEELHOUSE,
        OFFLINE,
    ]
    assert [body.strip() for body in blocks(CLERK, "bat")] == [WINDOWS.format(".") + FORMS]


def test_ci_runs_the_commands_of_the_readme() -> None:
    ci = text(".ci/run").splitlines()
    assert {body.strip() for body in blocks("README.md", "sh")} <= set(ci)


# --- commands, outputs, tables ----------------------------------------------------------------------------------


def test_every_command_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    tasks = Collection.from_module(importlib.import_module("tasks")).to_contexts()
    options = {
        each.name: {"--help"} | {f"--{a.typed}" for a in each.arguments} for each in chain(*GROUPS.values())
    }
    for _, command in COMMANDS:
        program, *words = command.split()
        if program == "invoke":
            (found,) = Parser(contexts=tasks).parse_argv(words)
            assert found.name == words[0], command
        elif program == "perfdoc":
            assert {word for word in words if word.startswith("--")} <= options[words[0]], command


def committed(folder: Path) -> None:
    """Make a repository of git of a folder, with all of it committed."""
    run(folder, "git init -q && git add -A && git -c user.name=x -c user.email=x@example.org commit -qm x")


def started(folder: Path, command: str) -> Path:
    """Lay out what a command starts from: a clone, or for `init` an empty folder."""
    if command == "perfdoc init":
        folder.mkdir(parents=True)
        return folder
    fresh(folder)
    if "HEAD" in command:
        committed(folder)
    if "git-setup" in command:
        run(folder, "git init")
    if " new-year 2021" in command:
        shutil.rmtree(folder / "content" / "2021")
    if " draw " in command:
        (folder / "templates" / command.rsplit(maxsplit=1)[-1] / "attachment.docx").unlink()
    return folder


def try_out(folder: Path, command: str) -> None:
    task = re.match(r"invoke ([\w-]+)", command)
    if task and task[1] in SLOW_OR_RECURSIVE:
        done = run(folder, f"invoke --help {task[1]}")
        assert all(flag in done.stdout for flag in re.findall(r"--\w+", command)), done.stdout
    else:
        done = run(folder, command)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder to which the clerk's page leads."""
    folder = tmp_path_factory.mktemp("clerk")
    refreshed(CLERK, folder)
    return folder / "自评"


@pytest.mark.slow
@pytest.mark.parametrize(("clerk", "command"), [each for each in COMMANDS if "--pdf" not in each[1]])
def test_every_command_runs(
    clerk: bool,  # noqa: FBT001 -- a parameter of the test
    command: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    folder = tmp_path / "clone"
    if clerk:
        shutil.copytree(request.getfixturevalue("walked"), folder)
    try_out(folder if clerk else started(folder, command), command)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("command", sorted({c for _, c in COMMANDS if "--pdf" in c}))
def test_a_pdf_is_built_where_there_is_libreoffice(command: str, tmp_path: Path) -> None:
    try_out(fresh(tmp_path / "clone"), command)
    assert list((tmp_path / "clone" / "build" / "2020").glob("*.pdf"))


@pytest.mark.slow
def test_what_is_carried_to_another_machine_is_all_that_is_needed(tmp_path: Path) -> None:
    clone, other = tmp_path / "clone", tmp_path / "other"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".*", "build", "__pycache__"))
    done = run(clone, WHEELHOUSE)
    assert done.returncode == 0, done.stdout
    shutil.copytree(clone / "wheelhouse", other / "wheelhouse")
    done = run(
        other,
        f"{OFFLINE} && perfdoc init 自评 && cd 自评 && perfdoc new 样例/2022 --sample --form mof-project",
    )
    assert done.returncode == 0, done.stdout
    done = run(other / "自评", ". ../.venv/bin/activate && perfdoc build")
    assert done.returncode == 0, done.stdout
    assert list((other / "自评" / "build" / "样例" / "2022").glob("*.docx"))


def make_mistake(folder: Path, mistake: str) -> tuple[Path, bytes]:
    """Change one line as a `diff` block shows, `@@ file:line @@`, old line, new line; return what the file held."""
    found = MISTAKE.fullmatch(mistake)
    assert found, mistake
    path = folder / found[1]
    before = path.read_bytes()
    lines = before.decode("utf-8").splitlines()
    assert lines[int(found[2]) - 1] == found[3]
    lines[int(found[2]) - 1] = found[4]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return path, before


def session(folder: Path, shown: str) -> str:
    """Run the commands of a `console` block again and write down what they print, without where that was."""
    given = re.findall(r"^\$ (.*)$", shown, re.MULTILINE)
    printed = "".join(f"$ {command}\n{run(folder, command).stdout}" for command in given)
    return printed.replace(str(folder), "…").replace(str(folder.parent), "…")


def place(page: str, folder: Path, shown: str) -> Path:
    """Return where a console block is typed: a clone; for the clerk's page the folder that it makes on the way."""
    if page == CLERK:
        made = folder / "自评"
        return made if made.exists() else fresh(folder / "perfdoc")
    if "perfdoc init" not in shown:
        return fresh(folder / "clone")
    (folder / "empty").mkdir()
    return folder / "empty"


def refreshed(page: str, folder: Path) -> str:
    """Write a README as it should be: each console block run again after the mistake that is shown before it."""
    mistakes: list[str] = []

    def block(found: re.Match[str]) -> str:
        language, body = found.groups()
        if language == "diff":
            mistakes.append(body)
        if language != "console":
            return found[0]
        where = place(page, folder, body)
        undo = [make_mistake(where, mistake) for mistake in mistakes]
        mistakes.clear()
        known = session(where, body)
        for path, before in undo:
            path.write_bytes(before)
        return f"```console\n{known}```"

    return FENCE.sub(block, text(page))


@pytest.mark.parametrize("page", READMES)
def test_what_is_shown_is_what_is_printed(page: str, tmp_path: Path, accept: bool) -> None:  # noqa: FBT001
    expected = refreshed(page, tmp_path)
    assert "Traceback" not in expected
    if accept:
        (ROOT / page).write_text(expected, encoding="utf-8", newline="\n")
    assert text(page) == expected


def test_excerpts_of_the_content_are_real() -> None:
    written = [ROOT / "content/2020/assessment.yaml", *ROOT.glob("t*s/*/**/assessment.yaml")]
    lines = {line.strip() for path in written for line in path.read_text(encoding="utf-8").splitlines()}
    shown = [line.strip() for page in READMES for body in blocks(page, "yaml") for line in body.splitlines()]
    assert shown
    assert set(shown) <= lines


def test_readme_is_read_in_one_sitting() -> None:
    assert len(text("README.md").encode()) <= 12_000


def test_what_a_package_index_shows_needs_no_file_of_the_repository() -> None:
    page = tomllib.loads(text("pyproject.toml"))["project"]["readme"]
    assert all("://" in target for target in linked(page))


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
    assert names <= set(re.findall(r"`(?:invoke|perfdoc) ([\w-]+)", text("docs/commands.md")))


def linked(page: str) -> list[str]:
    """List where the links and pictures of a page lead."""
    prose = FENCE.sub("", text(page))
    return [a or b for a, b in re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", prose)]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in linked(page):
        if "://" not in target:
            assert (ROOT / page).parent.joinpath(target.partition("#")[0]).exists(), target
