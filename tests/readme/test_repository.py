"""What belongs in the repository, and what must not."""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

# --- constraints ------------------------------------------------------------------------------------------------


def constraints() -> dict[str, str]:
    """List what is pinned for the Python that runs this."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in pinned
        if one.marker is None or one.marker.evaluate()
    }


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [
        Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])
    ]


def needed(requirement: Requirement, known: dict[str, set[str]]) -> None:
    """Gather what a requirement needs in turn on this system, as the installed packages say."""
    name = canonicalize_name(requirement.name)
    extras = {"", *requirement.extras}
    new = extras - known.setdefault(name, set())
    known[name] |= new
    for line in metadata.requires(name) or () if new else ():
        below = Requirement(line)
        if below.marker is None or any(below.marker.evaluate({"extra": extra}) for extra in new):
            needed(below, known)


def test_constraints_are_plain_names_and_versions_in_order() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    plain = re.compile(r'[A-Za-z0-9_.-]+==[A-Za-z0-9.]+(; python_version >= "3\.1\d")?')
    assert [line for line in lines if not plain.fullmatch(line)] == []
    assert lines == sorted(lines, key=str.lower)


@pytest.mark.parametrize("requirement", asked_for(), ids=str)
def test_constraints_satisfy_what_the_project_asks_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(constraints()[canonicalize_name(requirement.name)])


@pytest.mark.skipif(sys.platform == "win32", reason="some packages need others on Windows only")
def test_constraints_hold_everything_that_is_installed_and_nothing_else() -> None:
    known: dict[str, set[str]] = {}
    for requirement in asked_for():
        needed(requirement, known)
    assert set(constraints()) == set(known)


# --- traces -----------------------------------------------------------------------------------------------------

REGISTRIES = re.compile(
    r"(?:py[p]i|pythonhoste[d]|np[m]js|jsdeliv[r])\.|--(?:extra-)?index-ur[l]|/simpl[e]\b|mirror[s]?\.[a-z]"
)
USUAL = ("/home/", "/root/", "/Users/", "/mnt/", "C:\\Users\\")


def tracked() -> list[Path]:
    # A checkout may belong to somebody else than the one who tests it, as in a container.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def machine() -> tuple[str, ...]:
    """Name the folders of this machine that a careless commit would carry."""
    own = (ROOT, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir()))
    return tuple({f"{path.as_posix()}/" for path in own if path.as_posix() != "/"} | set(USUAL))


def test_no_file_names_a_folder_of_this_machine_or_a_registry() -> None:
    places = re.compile("|".join(rf"(?<![\w.:/]){re.escape(place)}" for place in machine()))
    found = []
    for path in tracked():
        words = path.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(words.splitlines(), start=1):
            if path != Path(__file__) and (places.search(line) or REGISTRIES.search(line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_no_lock_file_of_a_registry_is_kept() -> None:
    assert not {"uv.lock", "pylock.toml", "poetry.lock"} & {path.name for path in tracked()}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bit")
def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
