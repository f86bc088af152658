"""What is installed, and nothing else, on a machine without a network: from an empty folder to the Word file."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commands import ROOT

pytestmark = pytest.mark.slow

SOURCES = (
    "perfdoc",
    "templates",
    "pyproject.toml",
    "docs",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "LICENSE",
)
SCREENS = {
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
    "gbk": {
        "LC_ALL": "zh_CN.GBK",
        "PYTHONUTF8": "0",
    },  # names of files are in GBK too, as on an old Chinese Linux
}


def has_gbk() -> bool:
    listed = (
        subprocess.run(["locale", "-a"], capture_output=True, check=False) if shutil.which("locale") else None
    )
    return listed is not None and b"zh_CN.gbk" in listed.stdout


def checkout(folder: Path) -> Path:
    """Copy what a wheel is built from."""
    folder.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def wheel(source: Path, into: Path) -> Path:
    """Build a wheel without asking anybody for anything; returns it unpacked, as an installation lays it out."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = into.glob("*.whl")
    unpacked = into / "installed"
    with zipfile.ZipFile(built) as packed:
        packed.extractall(unpacked)
    return unpacked


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return wheel(checkout(folder / "source"), folder / "out")


def run(installed: Path, folder: bytes, *arguments: str, screen: str = "utf-8") -> str:
    """Run the installed program, with every assertion and docstring stripped."""
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "perfdoc", *(each.encode(screen) for each in arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed), **SCREENS[screen]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(screen)
    return done.stdout.decode(screen)


@pytest.mark.parametrize(
    "screen", ["utf-8", pytest.param("gbk", marks=pytest.mark.skipif(not has_gbk(), reason="no such locale"))]
)
def test_the_wheel_alone_builds_every_form_from_an_empty_folder(
    screen: str, installed: Path, tmp_path: Path
) -> None:
    top = os.fsencode(tmp_path)
    folder = top + "/我的 自评".encode(screen)
    run(installed, top, "init", "我的 自评", screen=screen)
    forms = sorted(path.parent.name for path in ROOT.glob("templates/*/form.yaml"))
    listed = run(installed, folder, "forms", screen=screen)
    for form in forms:
        assert f"（{form}）" in listed
        run(installed, folder, "new", f"某局/{form}/2026", "--form", form, screen=screen)
        run(installed, folder, "new", f"样例/{form}", "--form", form, "--sample", screen=screen)
    run(installed, folder, "build", screen=screen)
    built = [name for _, _, names in os.walk(folder + b"/build") for name in names if name.endswith(b".docx")]
    assert len(built) == 2 * len(forms)
    assert "没有发现问题" in run(installed, folder, "check", "--name", "样例", screen=screen)
    assert "与 perfdoc 自带的相同" in run(installed, folder, "forms", "--update", screen=screen)


def test_nothing_that_is_said_depends_on_docstrings(installed: Path, tmp_path: Path) -> None:
    plain = subprocess.run(
        [sys.executable, "-m", "perfdoc", "check", "--explain", "P301"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    top = os.fsencode(tmp_path)
    assert run(installed, top, "check", "--explain", "P301") == plain.stdout
    run(installed, top, "init", "库")
    shutil.rmtree(tmp_path / "库" / "templates")
    shutil.copytree(ROOT / "templates", tmp_path / "库" / "templates")
    run(installed, os.fsencode(tmp_path / "库"), "schema")
    for path in ROOT.glob("templates/**/*.schema.json"):
        assert (tmp_path / "库" / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name


def test_a_second_wheel_does_not_hold_what_was_deleted_and_build_is_left_alone(tmp_path: Path) -> None:
    source = checkout(tmp_path / "source")
    outputs = source / "build" / "2020"
    outputs.mkdir(parents=True)
    (outputs / "表.docx").write_bytes(b"kept")
    (source / "perfdoc" / "gone.py").write_text("", encoding="utf-8")
    assert (wheel(source, tmp_path / "first") / "perfdoc" / "gone.py").is_file()
    (source / "perfdoc" / "gone.py").unlink()
    second = wheel(source, tmp_path / "second")
    assert not (second / "perfdoc" / "gone.py").exists()
    assert [
        path.relative_to(source).as_posix() for path in (source / "build").rglob("*") if path.is_file()
    ] == ["build/2020/表.docx"]
    shipped = {path.relative_to(second).as_posix() for path in second.rglob("*") if path.is_file()}
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "perfdoc").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    templates = {
        f"perfdoc/{p.relative_to(source).as_posix()}"
        for p in (source / "templates").rglob("*")
        if p.is_file()
    }
    assert {path for path in shipped if path.startswith("perfdoc/")} == wanted | templates
