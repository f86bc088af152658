"""docs/forms.md builds a form step by step: the steps are followed here, and what the page shows is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "forms.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are written for sh")


def write(folder: Path, body: str) -> None:
    """Write a block below what the file that it names already holds."""
    name, _, rest = body.partition("\n")
    path = folder / name.removeprefix("# ")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(rest)


def printed(folder: Path, command: str) -> str:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def followed(page: str, folder: Path) -> str:
    """Follow a page from top to bottom; return it with what its commands print."""

    def block(found: re.Match[str]) -> str:
        language, body = found.groups()
        if language != "console":
            write(folder, body)
            return found[0]
        commands = re.findall(r"^\$ (.*)$", body, re.MULTILINE)
        said = "".join(f"$ {command}\n{printed(folder, command)}" for command in commands)
        return f"```console\n{said}```"

    return FENCE.sub(block, page)


def test_the_page_builds_its_form(tmp_path: Path, accept: bool) -> None:  # noqa: FBT001 -- a fixture
    (tmp_path / "content").mkdir()
    page = PAGE.read_text(encoding="utf-8")
    known = followed(page, tmp_path)
    if accept:
        PAGE.write_text(known, encoding="utf-8", newline="\n")
        page = known
    assert page == known
