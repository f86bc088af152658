import errno
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdoc import disk
from perfdoc.disk import NotWritten

NAME = "自评表.docx"
OLD, NEW = b"old" * 1000, b"new!" * 1000

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and signals as POSIX has them")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(OLD)
    return path


def temporaries(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".perfdoc-*")]


def told(report: NotWritten | None) -> NotWritten:
    assert report is not None
    return report


# --- writing ----------------------------------------------------------------------------------------------------


def test_a_file_gets_its_content_and_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "build" / "2020" / "智造园" / NAME
    assert disk.write(path, NEW) is None
    assert path.read_bytes() == NEW
    assert disk.write(path, b"") is None
    assert path.read_bytes() == b""
    assert temporaries(tmp_path) == []


def test_files_that_belong_together_are_written_together(tmp_path: Path, target: Path) -> None:
    files = {target: NEW, tmp_path / "a" / "scores.json": b"{}", tmp_path / "b" / "review.html": b"<p>"}
    assert disk.write_all(files) == ()
    assert {path: path.read_bytes() for path in files} == files
    assert disk.write_all({}) == ()


def test_a_file_that_holds_the_content_is_left_alone(target: Path) -> None:
    target.chmod(0o444)
    before = target.stat()
    assert disk.write(target, OLD) is None
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / NAME).write_bytes(OLD)
    link = tmp_path / NAME
    link.symlink_to(Path("share") / NAME)
    assert disk.write(link, NEW) is None
    assert link.is_symlink()
    assert (tmp_path / "share" / NAME).read_bytes() == NEW


@posix
def test_a_link_to_itself_is_reported(tmp_path: Path) -> None:
    link = tmp_path / NAME
    link.symlink_to(link)
    assert "链接" in told(disk.write(link, NEW)).message


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_is_kept(target: Path, mode: int) -> None:
    target.chmod(mode)
    assert disk.write(target, NEW) is None
    assert stat.S_IMODE(target.stat().st_mode) == mode


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_a_new_file_is_as_readable_as_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        assert disk.write(tmp_path / NAME, NEW) is None
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == mode


def test_only_temporaries_older_than_an_hour_are_swept(tmp_path: Path) -> None:
    for name, hours in ((".perfdoc-old.tmp", 2), (".perfdoc-young.tmp", 0.5), ("mine.tmp", 99)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    assert disk.write(tmp_path / NAME, NEW) is None
    assert {path.name for path in tmp_path.iterdir()} == {".perfdoc-young.tmp", "mine.tmp", NAME}


def test_importing_it_is_light() -> None:
    code = (
        "import perfdoc.disk, sys; print({'subprocess', 'tempfile', 'shutil', 'socket'} & set(sys.modules))"
    )
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(package())!r}); {code}",
    ]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == "set()"


def package() -> Path:
    return Path(disk.__file__).parents[1]


# --- crashes ----------------------------------------------------------------------------------------------------

ENDLESS = """
import itertools, sys
from pathlib import Path
from perfdoc import disk
files = [Path(sys.argv[1], f"{number}.docx") for number in range(3)]
for number in itertools.count():
    disk.write_all({file: bytes([number % 256]) * 300_000 for file in files})
    if number == 0:
        print(flush=True)
"""


@posix
def test_a_killed_program_leaves_old_or_new_and_never_half(tmp_path: Path) -> None:
    chance = random.Random(20)  # noqa: S311 - moments, not secrets
    for _ in range(12):
        writer = subprocess.Popen([sys.executable, "-c", ENDLESS, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer.stdout as ready:
            ready.readline()
            time.sleep(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        for path in tmp_path.glob("*.docx"):
            data = path.read_bytes()
            assert len(data) == 300_000
            assert len(set(data)) == 1
    assert len(list(tmp_path.glob("*.docx"))) == 3


CALLS = (
    "chmod",
    "close",
    "fstat",
    "fsync",
    "lstat",
    "mkdir",
    "open",
    "replace",
    "scandir",
    "stat",
    "unlink",
    "write",
)


class Failing:
    """A call to the operating system that fails at its n-th time, for good or just once."""

    def __init__(self, real: Callable[..., object], nth: int, error: OSError, *, for_good: bool) -> None:
        self.real, self.nth, self.error, self.for_good, self.count = real, nth, error, for_good, 0

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.count += 1
        if self.count == self.nth or (self.for_good and self.count > self.nth):
            if self.real is os.close:
                os_close(*args)
            raise self.error
        return self.real(*args, **kwargs)


os_close: Callable[..., None] = os.close


@posix
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("call", CALLS)
def test_whatever_call_fails_the_old_file_or_the_new_one_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, call: str, for_good: bool
) -> None:
    files = [tmp_path / "a.docx", tmp_path / "b.docx", tmp_path / "new" / "c.docx"]
    for nth in range(1, 30):
        for path in files:
            path.unlink(missing_ok=True)
        for path in files[:2]:
            path.write_bytes(OLD)
            path.chmod(0o664)
        failing = Failing(getattr(os, call), nth, OSError(errno.EIO, "Input/output error"), for_good=for_good)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            reports = disk.write_all(dict.fromkeys(files, NEW))
        lost = {report.path for report in reports}
        for path in files:
            there = path.read_bytes() if path.exists() else None
            # A folder that cannot be synced, or a file that cannot be removed, undoes nothing that is in place.
            assert there == (NEW if path not in lost else OLD if path in files[:2] else None)
        assert call == "unlink" or temporaries(tmp_path) == []
        assert all(report.message and report.remedy and report.beside is None for report in reports)
        if failing.count < nth:
            return
    pytest.fail(f"{call} is called too often")


@posix
def test_nothing_is_renamed_before_everything_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)

        def noted(*args: object, real: Callable[..., object] = real, name: str = name) -> object:
            order.append(name)
            return real(*args)

        monkeypatch.setattr(os, name, noted)
    assert disk.write_all({tmp_path / str(number): NEW for number in range(3)}) == ()
    assert order == ["fsync"] * 3 + ["replace"] * 3 + ["fsync"]  # the last is the folder's


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    assert disk.write(tmp_path / NAME, NEW) is None
    assert (tmp_path / NAME).read_bytes() == NEW


# --- refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EDQUOT, "配额"),
        (errno.EACCES, "没有写入的权限"),
        (errno.EROFS, "文件夹只读"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_system_error_is_told_in_the_clerks_words(
    target: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    monkeypatch.setattr(
        os, "write", Failing(os.write, 1, OSError(number, os.strerror(number)), for_good=True)
    )
    report = told(disk.write(target, NEW))
    assert words in report.message
    assert f"“{NAME}”没有写出" in report.message
    assert "原文件没有改动" in report.message
    assert (target.read_bytes(), temporaries(target.parent)) == (OLD, [])


@posix
def test_a_full_disk_keeps_the_old_file(target: Path) -> None:
    """A real limit of the system: no file may grow beyond 2,000 bytes."""
    code = (
        "import resource, sys; from pathlib import Path; from perfdoc import disk;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "print(disk.write(Path(sys.argv[1]), b'new!' * 1000) is not None)"
    )
    command = [sys.executable, "-c", code, str(target)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == "True"
    assert (target.read_bytes(), temporaries(target.parent)) == (OLD, [])


def test_one_file_that_cannot_be_written_holds_back_those_that_belong_to_it(
    tmp_path: Path, target: Path
) -> None:
    (tmp_path / "blocked").touch()
    scores = tmp_path / "scores.json"
    scores.write_bytes(b"{}")
    reports = disk.write_all({target: NEW, tmp_path / "blocked" / "x": NEW, scores: b"{}"})
    assert [report.path.name for report in reports] == [NAME, "x"]
    assert "“x”写不出去" in reports[0].message
    assert "路径中有一段是文件" in reports[1].message
    assert target.read_bytes() == OLD


def test_a_read_only_file_is_not_replaced(target: Path) -> None:
    target.chmod(0o444)
    report = told(disk.write(target, NEW))
    assert report.message == f"“{NAME}”是只读文件，没有写出。"
    assert report.beside is None
    assert target.read_bytes() == OLD


@posix
def test_a_read_only_folder_is_not_written_into(tmp_path: Path) -> None:
    folder = tmp_path / "filed"
    folder.mkdir(mode=0o555)
    report = told(disk.write(folder / NAME, NEW))
    assert "文件夹“filed”只读" in report.message
    assert "换一个位置" in report.remedy
    assert list(folder.iterdir()) == []


@posix
def test_only_an_ordinary_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert "文件夹" in told(disk.write(tmp_path / NAME, NEW)).message
    os.mkfifo(tmp_path / "pipe")
    assert "管道" in told(disk.write(tmp_path / "pipe", NEW)).message
    assert "设备" in told(disk.write(Path(os.devnull), NEW)).message
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@posix
def test_two_names_of_one_file_are_refused(tmp_path: Path, target: Path) -> None:
    (tmp_path / "link").symlink_to(target)
    reports = disk.write_all({target: NEW, tmp_path / "link": b"another"})
    assert "是同一个文件" in reports[-1].message
    assert len(reports) == 2
    assert target.read_bytes() == OLD


def test_a_name_too_long_is_reported(tmp_path: Path) -> None:
    assert "名称太长" in told(disk.write(tmp_path / ("表" * 90), NEW)).message


# --- open files -------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting take no time; the list collects what was waited for."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "monotonic", lambda: 1000 + sum(waited))
    return waited


class HeldError(PermissionError):
    """What Windows raises while Word holds a file."""

    def __init__(self, number: int) -> None:
        super().__init__(errno.EACCES, "Permission denied")
        self.winerror = number


def hold(monkeypatch: pytest.MonkeyPatch, error: OSError, times: float, name: str = NAME) -> None:
    """Let the first `times` renames to `name` fail."""
    real, count = os.replace, 0

    def replace(source: str, target: str) -> None:
        nonlocal count
        if Path(target).name == name:
            count += 1
            if count <= times:
                raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)


HOLDS = [HeldError(5), HeldError(32), HeldError(33), OSError(errno.EBUSY, "busy")]


@pytest.mark.parametrize("error", HOLDS, ids=["5", "32", "33", "EBUSY"])
@pytest.mark.parametrize("times", [1, 10])
def test_a_file_that_is_let_go_in_time_is_replaced(
    target: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float], error: OSError, times: int
) -> None:
    hold(monkeypatch, error, times)
    assert disk.write(target, NEW) is None
    assert target.read_bytes() == NEW
    assert 0 < sum(clock) < disk.PATIENCE_SECONDS


@pytest.mark.parametrize("error", HOLDS, ids=["5", "32", "33", "EBUSY"])
def test_a_file_that_stays_open_is_saved_beside(
    target: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float], error: OSError
) -> None:
    hold(monkeypatch, error, float("inf"))
    report = told(disk.write(target, NEW))
    assert report.message == "“自评表.docx”正在被 Word/WPS 打开，已另存为“自评表（新）.docx”。"
    assert report.remedy == "请关闭后重新生成。"
    assert report.beside == target.with_name("自评表（新）.docx")
    assert (report.beside.read_bytes(), target.read_bytes()) == (NEW, OLD)
    assert temporaries(target.parent) == []
    assert sum(clock) == pytest.approx(disk.PATIENCE_SECONDS, abs=0.1)


def test_an_open_file_does_not_hold_up_the_others(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    hold(monkeypatch, HeldError(32), float("inf"))
    others = [tmp_path / "scores.json", tmp_path / "review.html"]
    (report,) = disk.write_all({target: NEW} | dict.fromkeys(others, NEW))
    assert report.path == target
    assert all(path.read_bytes() == NEW for path in others)
    assert clock  # waited for, once and not for each


def test_the_file_beside_may_be_open_or_protected_too(
    target: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    error = HeldError(32)
    hold(monkeypatch, error, float("inf"))
    hold(monkeypatch, error, float("inf"), "自评表（新）.docx")
    target.with_name("自评表（新2）.docx").touch(mode=0o444)
    report = told(disk.write(target, NEW))
    assert report.beside == target.with_name("自评表（新3）.docx")
    assert report.beside.read_bytes() == NEW
    assert clock


def test_where_nothing_can_be_saved_beside_that_is_said(
    target: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setattr(os, "replace", Failing(os.replace, 1, HeldError(32), for_good=True))
    report = told(disk.write(target, NEW))
    assert report.beside is None
    assert "没有写出" in report.message
    assert (target.read_bytes(), temporaries(target.parent)) == (OLD, [])
    assert clock


def test_a_long_name_leaves_room_for_the_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    path = tmp_path / f"{'表' * 83}.docx"
    path.write_bytes(OLD)
    hold(monkeypatch, HeldError(32), float("inf"), path.name)
    beside = told(disk.write(path, NEW)).beside
    assert beside is not None
    assert beside.name == f"{'表' * 80}（新）.docx"
    assert beside.read_bytes() == NEW
    assert clock


LOCKS = [
    (NAME, f".~lock.{NAME}#", "LibreOffice"),
    (NAME, f"~${NAME}", "Word/WPS"),
    (NAME, f".~{NAME}", "Word/WPS"),
    ("整体绩效自评表.docx", "~$体绩效自评表.docx", "Word/WPS"),
    ("部门整体绩效自评表.docx", "~$整体绩效自评表.docx", "Word/WPS"),
    ("部门整体绩效自评表.docx", ".~整体绩效自评表.docx", "Word/WPS"),
    ("汇总.xlsx", "~$汇总.xlsx", "Excel/WPS"),
    ("a.pdf", ".~lock.a.pdf#", "LibreOffice"),
]


@posix
@pytest.mark.parametrize(("name", "lock", "reader"), LOCKS)
def test_a_lock_file_says_that_the_file_is_open(tmp_path: Path, name: str, lock: str, reader: str) -> None:
    path = tmp_path / name
    path.write_bytes(OLD)
    (tmp_path / lock).touch()
    report = told(disk.write(path, NEW))
    assert f"正在被 {reader} 打开" in report.message
    assert f"“{lock}”" in report.remedy
    assert report.beside == path.with_name(f"{path.stem}（新）{path.suffix}")
    assert (report.beside.read_bytes(), path.read_bytes()) == (NEW, OLD)
    (tmp_path / lock).unlink()
    assert disk.write(path, NEW) is None
    assert path.read_bytes() == NEW


@posix
def test_the_lock_of_another_file_is_none_of_ours(tmp_path: Path, target: Path) -> None:
    for lock in (".~lock.另一个.docx#", "~$另一个.docx", "~$评表.docx", ".~lock.新.docx#", "~$新.docx"):
        (tmp_path / lock).touch()
    assert disk.write(target, NEW) is None
    assert disk.write(tmp_path / "新.docx", NEW) is None  # its lock was left behind: there is nothing to lose


# --- names ------------------------------------------------------------------------------------------------------

GOOD = [
    "智造园",
    "武汉光谷智能制造产业园建设服务中心",
    "2020",
    "自评表.docx",
    "a b",
    "部门（单位）",
    "console",
    "COM10",
    "表" * 83,
    "𠮷野家",
    "䶮",
    "\ue000",
]
BAD = [
    "",
    ".",
    "..",
    "../x",
    "/x",
    "a/b",
    "a\\b",
    "a:b",
    "a*",
    "a?",
    'a"',
    "<a>",
    "a|b",
    " a",
    "a ",
    "a.",
    "a\u3000",
    ".git",
    "a\n",
    "a\0b",
    "a\u202eb",
    "a\u200b",
    "\ud800",
    "CON",
    "con",
    "nul.docx",
    "Aux .txt",
    "COM1",
    "lpt9.pdf",
    "COM¹",
    "CONIN$",
    "表" * 86,
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_fit_for_every_system(tmp_path: Path, name: str) -> None:
    assert disk.name_fault(name) is None
    assert disk.write(tmp_path / f"{name}.docx", NEW) is None


@pytest.mark.parametrize("name", BAD)
def test_a_name_unfit_for_some_system(tmp_path: Path, name: str) -> None:
    fault = disk.name_fault(name)
    assert fault
    assert fault.replace("\u3000", "").isprintable()
    assert name == "a/b" or disk.inside(tmp_path, name) is None


def test_several_names_lead_to_a_place_inside(tmp_path: Path) -> None:
    assert disk.inside(tmp_path, "2020/projects/尾水管道") == tmp_path / "2020" / "projects" / "尾水管道"
    for name in (
        "2021/../../x",
        "2021/../x",
        "2021//x",
        "2021/",
        "./x",
        "2021/.git/config",
        "C:/x",
        "//share/x",
    ):
        assert disk.inside(tmp_path, name) is None


@posix
def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "in").symlink_to(folder)
    assert disk.inside(folder, "out/x") is None
    assert disk.inside(folder, "out") is None
    assert disk.inside(folder, "in/x") == folder / "in" / "x"
    disk.inside(folder, "loop/x")  # raises nothing


PARTS = st.one_of(
    st.text(max_size=8),
    st.text(alphabet=".. /\\:~\0a表", max_size=8),
    st.sampled_from(["..", ".", "", "/", "C:", "~", "link", *BAD]),
)


@settings(max_examples=400, deadline=None)
@given(parts=st.lists(PARTS, max_size=5), separator=st.sampled_from(["/", "\\"]))
def test_no_name_leaves_the_folder(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], separator: str
) -> None:
    root = tmp_path_factory.getbasetemp() / "leave"
    folder = root / "folder"
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        (folder / "link").symlink_to(root)
    path = disk.inside(folder, separator.join(parts))
    if path is not None:
        assert path.resolve().is_relative_to(folder.resolve())
        assert path.resolve() != folder.resolve()
        assert os.path.normpath(path) == str(path)
