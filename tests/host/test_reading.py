"""What is read: ordinary files of their own folders, of a size that is asked first; everything else gets a sentence."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import perfdoc, process

from perfdoc.read import file

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif("sys.platform == 'win32'", reason="pipes, devices and links of POSIX")
FILES = ("content/2020/assessment.yaml", "content/2020/deviation.md", "content/2020/review.yaml",
         "templates/hubei-department/form.yaml", "templates/hubei-department/attachment.docx",
         "templates/hubei-department/cases.yaml")  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    shutil.copytree(ROOT / "content" / "2020", root / "content" / "2020")
    shutil.copytree(ROOT / "templates", root / "templates")
    return root


def huge(path: Path) -> None:
    with path.open("wb") as made:
        made.truncate(6_000_000_000)


def bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


def linked(path: Path) -> None:
    outside = path.parents[3] / "outside"
    outside.write_text("outside", encoding="ascii")
    path.symlink_to(outside)


SHAPES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file of 6 GB": (huge, "上限是"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "是链接，指向"),
    "a pipe": (os.mkfifo, "这里是一个管道"),
    "a folder": (Path.mkdir, "这里是一个文件夹"),
    "a link outside": (linked, "是链接，指向"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "这个链接指向它自己"),
}


@POSIX
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_ordinary_file_is_told_at_its_place(repository: Path, name: str, shape: str) -> None:
    make, said = SHAPES[shape]
    path = repository / name
    path.unlink(missing_ok=True)
    make(path)
    done = perfdoc(repository, "check", "--year", "2020")
    if name.endswith((".docx", "form.yaml", "assessment.yaml")) and not path.is_file():
        # What leads nowhere is not there; and a form misses a template that is no file.
        assert done.returncode in {1, 2}
        assert said in done.stdout or "没有找到" in done.stdout or "还没有自评" in done.stderr
        return
    assert done.returncode == 1
    assert said in next(line for line in done.stdout.splitlines() if line.startswith(name))


@POSIX
@pytest.mark.parametrize("shape", ["a file of 6 GB", "a pipe", "a device", "a link outside"])
def test_a_prepared_template_or_a_stamp_of_an_odd_kind_is_made_anew(repository: Path, shape: str) -> None:
    perfdoc(repository, "build")
    before = next((repository / "build/2020").glob("*.docx")).read_bytes()
    path = repository / "templates/hubei-department/attachment.prepared.json"
    path.unlink()
    SHAPES[shape][0](path)
    done = process(repository, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert next((repository / "build/2020").glob("*.docx")).read_bytes() == before


@POSIX
@pytest.mark.parametrize("shape", ["a file of 6 GB", "a pipe", "a device"])
def test_text_reads_ordinary_files_only(tmp_path: Path, shape: str) -> None:
    SHAPES[shape][0](tmp_path / "a.docx")
    done = perfdoc(tmp_path, "text", "a.docx")
    assert done.returncode == 2
    assert "读不了「a.docx」" in done.stderr


@POSIX
def test_a_link_within_content_is_read(repository: Path) -> None:
    folder = repository / "content/2020"
    (folder / "deviation.md").rename(repository / "content/shared.md")
    (folder / "deviation.md").symlink_to("../shared.md")
    assert perfdoc(repository, "build").returncode == 0


@POSIX
def test_content_may_be_a_link_itself(repository: Path, tmp_path: Path) -> None:
    (repository / "content").rename(tmp_path / "share")
    (repository / "content").symlink_to(tmp_path / "share")
    assert perfdoc(repository, "build").returncode == 0


@POSIX
def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bind(tmp_path / "s")
    with pytest.raises(file.Unfit, match="套接字"):
        file.contents(tmp_path / "s", 10)


def test_the_bound_is_the_last_size_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    assert file.contents(path, 10) == b"x" * 10
    with pytest.raises(file.Unfit, match="上限"):
        file.contents(path, 9)


@pytest.mark.parametrize("path", ["no", "a/b", "nul\0"])
def test_what_is_not_there_is_absent_and_what_no_system_takes_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / "a").write_bytes(b"")
    read = file.read(tmp_path, tmp_path / path, 10)
    assert read.value is None
    assert read.absent == ("\0" not in path)
    assert read.inputs == {tmp_path / path: file.ABSENT}
