"""Where the program writes and what it removes: its own folders, past no link, and nothing that is not its own."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from commands import perfdoc

from perfdoc.host import workspace

ROOT = Path(__file__).parents[2]
TITLE = "2020年度智造园部门（单位）整体绩效自评表"
LINKS = pytest.mark.skipif("sys.platform == 'win32'", reason="links need rights there")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    shutil.copytree(ROOT / "content" / "2020", root / "content" / "2020")
    shutil.copytree(ROOT / "templates", root / "templates")
    return root


def stamp(root: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((root / "build/.stamps/2020.json").read_bytes())
    return known


def forge(root: Path, known: object) -> None:
    (root / "build/.stamps/2020.json").write_text(json.dumps(known), encoding="utf-8")


def left_alone(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    return hashlib.sha256(b"mine").hexdigest()


@pytest.mark.parametrize(
    "named",
    [
        "../outside/x.docx",
        "build/2020/../../content/mine.docx",
        "build/other/mine.docx",
        "build/2020/projects/mine.docx",
        "build/2020/notes.txt",
        "content/2020/mine.docx",
        "{absolute}",
    ],
)
def test_a_stamp_removes_nothing_that_the_build_did_not_write(repository: Path, named: str) -> None:
    assert perfdoc(repository, "build").returncode == 0
    named = named.format(absolute=repository.parent / "absolute.docx")
    path = repository / named
    (repository / "build/2020/projects").mkdir()
    known = stamp(repository)
    known["输出"][named] = left_alone(Path(os.path.normpath(path)))
    forge(repository, known)
    assert perfdoc(repository, "build", "--force").returncode == 0
    assert path.read_bytes() == b"mine"


def test_an_output_of_an_earlier_build_goes_and_an_edited_one_stays(repository: Path) -> None:
    perfdoc(repository, "build")
    known = stamp(repository)
    for name, edited in (("old.docx", False), ("edited.docx", True)):
        known["输出"][f"build/2020/{name}"] = left_alone(repository / "build/2020" / name)
        if edited:
            (repository / "build/2020" / name).write_bytes(b"theirs")
    forge(repository, known)
    perfdoc(repository, "build", "--force")
    assert not (repository / "build/2020/old.docx").exists()
    assert (repository / "build/2020/edited.docx").read_bytes() == b"theirs"


def test_a_stamp_fits_its_published_schema(repository: Path) -> None:
    perfdoc(repository, "build")
    known = json.loads((ROOT / "templates" / workspace.STAMP_SCHEMA).read_bytes())
    checker = jsonschema.Draft202012Validator(known)
    checker.validate(stamp(repository))
    assert not checker.is_valid({**stamp(repository), "警告": "3"})


def test_a_stamp_from_before_the_versions_still_says_what_was_written(repository: Path) -> None:
    perfdoc(repository, "build")
    known = stamp(repository)
    keys = {"程序": "program", "选项": "options", "输入": "inputs", "输出": "outputs", "警告": "warnings"}
    old = repository / "build/2020/old.docx"
    known["输出"]["build/2020/old.docx"] = left_alone(old)
    forge(repository, {english: known[key] for key, english in keys.items()})
    assert perfdoc(repository, "build", "--force").returncode == 0
    assert not old.exists()


def test_a_stamp_of_a_coming_version_is_no_stamp(repository: Path) -> None:
    perfdoc(repository, "build")
    forge(repository, {**stamp(repository), "版本": workspace.STAMP_VERSION + 1})
    assert workspace.read_stamp(repository, "2020") is None


SHAPES: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda _: None,
    lambda _: [],
    lambda _: 1,
    lambda _: "stamp",
    lambda s: {**s, "输入": None},
    lambda s: {**s, "输入": []},
    lambda s: {**s, "输出": "build"},
    lambda s: {**s, "输出": {"build/2020/x": 1}},
    lambda s: {**s, "输出": {"": "x"}},
    lambda s: {**s, "输出": {"a\0b": "x"}},
    lambda s: {**s, "输入": {"\ud800": "x"}},
    lambda s: {**s, "输入": {"\x1b[31m": "x"}},
    lambda s: {**s, "程序": 1},
    lambda s: {**s, "选项": None},
    lambda s: {**s, "警告": "3"},
    lambda s: {**s, "警告": True},
    lambda s: {**s, "别的": 1},
    lambda _: {},
)


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_a_stamp_of_a_wrong_shape_is_no_stamp(repository: Path, number: int) -> None:
    perfdoc(repository, "build")
    forge(repository, SHAPES[number](stamp(repository)))
    assert workspace.read_stamp(repository, "2020") is None
    done = perfdoc(repository, "build")
    assert done.returncode == 0, done.stderr
    assert "还没有生成过" in done.stdout


def test_a_stamp_nested_without_end_is_no_stamp(repository: Path) -> None:
    perfdoc(repository, "build")
    (repository / "build/.stamps/2020.json").write_text("[" * 100_000, encoding="ascii")
    assert workspace.read_stamp(repository, "2020") is None


@LINKS
@pytest.mark.parametrize(
    "link",
    ["build", "build/2020", "build/2020/scores.json", f"build/2020/{TITLE}.docx", "build/.stamps",
     "build/.stamps/2020.json"],
)  # fmt: skip
def test_a_link_is_not_followed_out_of_build(repository: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    target = outside / "target" if link.endswith((".json", ".docx")) else outside
    outside.mkdir()
    if target != outside:
        target.write_bytes(b"mine")
    (repository / link).parent.mkdir(parents=True, exist_ok=True)
    (repository / link).symlink_to(target)
    done = perfdoc(repository, "build")
    assert done.returncode == 2
    assert f"“{link}”是一个链接" in done.stderr
    assert {p: p.read_bytes() for p in outside.iterdir()} == ({target: b"mine"} if target != outside else {})
    (repository / link).unlink()  # the remedy
    assert perfdoc(repository, "build").returncode == 0


@LINKS
@pytest.mark.parametrize("command", [["diff", "2020", "2020", "--format", "html"], ["schema"]])
def test_no_command_follows_a_link_where_it_writes(
    repository: Path, tmp_path: Path, command: list[str]
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"mine")
    for link in ("build/2020/与2020对比.html", "templates/form.schema.json"):
        (repository / link).parent.mkdir(parents=True, exist_ok=True)
        (repository / link).unlink(missing_ok=True)
        (repository / link).symlink_to(outside)
    done = perfdoc(repository, *command)
    assert done.returncode == 2
    assert "是一个链接" in done.stderr
    assert outside.read_bytes() == b"mine"


@LINKS
def test_out_is_not_written_through_a_link(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    (tmp_path / "link.txt").symlink_to(outside)
    done = perfdoc(repository, "diff", "2020", "2020", "--out", str(tmp_path / "link.txt"))
    assert done.returncode == 2
    assert "“link.txt”是一个链接" in done.stderr
    assert not outside.exists()


def test_clean_leaves_what_is_not_the_programs(repository: Path) -> None:
    perfdoc(repository, "build")
    perfdoc(repository, "diff", "2020", "2020", "--format", "html")
    left_alone(repository / "build/2020/notes.txt")
    (repository / "build/2020/scores.json").write_bytes(b"theirs")
    done = perfdoc(repository, "clean")
    assert done.returncode == 0
    assert "还有 2 个不是它写的" in done.stdout
    files = {p.relative_to(repository).as_posix() for p in (repository / "build").rglob("*") if p.is_file()}
    assert files == {"build/2020/notes.txt", "build/2020/scores.json"}
    for file in files:
        (repository / file).unlink()
    assert "已删除 build" in perfdoc(repository, "clean").stdout
    assert not (repository / "build").exists()


@LINKS
def test_clean_does_not_follow_a_link(repository: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    left_alone(outside / "x.docx")
    perfdoc(repository, "build")
    known = stamp(repository)
    known["输出"]["build/2020/link/x.docx"] = hashlib.sha256(b"mine").hexdigest()
    forge(repository, known)
    (repository / "build/2020/link").symlink_to(outside)
    assert "build/2020/link" in perfdoc(repository, "clean").stdout
    assert (outside / "x.docx").read_bytes() == b"mine"
