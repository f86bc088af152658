"""How does a file get written whole or not at all? Every writer of the program writes through here.

The new content goes into a temporary file beside the target, is synced, and takes the target's name in one
step: whoever reads, and whenever the power fails, there is the old file or the new one, never half of either.
Writing in place is no way out of any trouble; where the target cannot be replaced, it stays as it is.

What it costs: about 1 ms a file of 40 kB on a virtual machine's ext4, half of it for the two syncs of file and
folder; 500 units with three files each took 0.8 to 1.2 s, and 0.05 s where nothing had changed, since a file that
already holds the content is left alone. On a spinning disk the syncs weigh more.
"""

import errno
import functools
import os
import stat
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_WINDOWS = os.name == "nt"


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A file that did not get its new content, as the clerk reads it.

    Attributes:
        path: The file as it was asked for.
        message: What is in the way.
        remedy: What to do about it.
        beside: Where the new content went instead, or None where it is nowhere.
        cause: The file of the same batch that held this one back, or None where something was in its own way.
    """

    path: Path
    message: str
    remedy: str
    beside: Path | None = None
    cause: Path | None = None

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """One file on its way: `path` as asked for, `target` behind all links, `mode` None for a new file."""

    path: Path
    target: Path
    data: bytes
    temporary: Path
    mode: int | None
    lock: Path | None


def write(path: Path, data: bytes, *, durable: bool = True) -> NotWritten | None:
    """Write one file whole or not at all, its folders included; None says that it holds `data` now.

    Args:
        path: The file.
        data: What it is to hold.
        durable: False for what the next run can make anew: then a power cut may lose it, and no sync is waited for.
    """
    return next(iter(write_all({path: data}, durable=durable)), None)


def write_all(files: Mapping[Path, bytes], *, durable: bool = True) -> tuple[NotWritten, ...]:
    """Write files that belong together, as one step as far as a file system knows such a thing.

    All of them are written beside their targets and synced before the first is renamed.
    Where one cannot be written none is, and each says so.
    Only a file that somebody has open does not hold up the others: it is set beside its target.

    Returns:
        One report for each file without its new content, in the order of `files`.
    """
    plans = [_plan(path, data) for path, data in files.items()]
    drafts = [plan for plan in plans if isinstance(plan, _Draft)]
    faults = [plan for plan in plans if isinstance(plan, NotWritten)] or _same_target(drafts)
    try:
        faults = faults or _stage_all(drafts, durable=durable)
        reports = _held_back(faults, drafts) if faults else _put_in_place(drafts, durable=durable)
    finally:
        _remove_temporaries(drafts)
    return tuple(reports[path] for path in files if path in reports)


# --- before anything is written -------------------------------------------------------------------------------

_ANYONE_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def _plan(path: Path, data: bytes) -> _Draft | NotWritten | None:
    """Look at the target; None where it already holds `data`."""
    try:
        target = path.resolve()
        old = _stat(target)
        if old is not None and _holds(target, old, data):
            return None
        fault = _protected(path, target, old)
    except OSError as error:
        return _not_written(path, error)
    except RuntimeError:  # a link that leads to itself, before Python 3.13
        return _not_written(path, OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
    if fault is not None:
        return fault
    temporary = target.with_name(f".perfdoc-{os.urandom(8).hex()}.tmp")
    mode = None if old is None else stat.S_IMODE(old.st_mode) & 0o777
    return _Draft(path, target, data, temporary, mode, None if old is None else _lock(target))


def _stat(path: Path) -> os.stat_result | None:
    """Return the state of what is there, or None where nothing is."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _holds(target: Path, old: os.stat_result, data: bytes) -> bool:
    if not stat.S_ISREG(old.st_mode) or old.st_size != len(data):
        return False
    try:
        return target.read_bytes() == data
    except OSError:
        return False


def _protected(path: Path, target: Path, old: os.stat_result | None) -> NotWritten | None:
    """Respect what somebody protected, even where a rename would get past it.

    The mode is looked at as well as asked for: an administrator may write everywhere.
    """
    if old is not None and not stat.S_ISREG(old.st_mode):
        kind = "文件夹" if stat.S_ISDIR(old.st_mode) else "设备或管道"
        return NotWritten(
            path, f"“{path.name}”没有写出：同名的位置上是一个{kind}。", "请给它改名，或换一个位置。"
        )
    if old is not None and not old.st_mode & _ANYONE_WRITES:
        return NotWritten(
            path, f"“{path.name}”是只读文件，没有写出。", "如需更新，请取消它的只读属性后重新生成。"
        )
    if old is not None and not os.access(target, os.W_OK):
        return _not_written(path, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    folder = _stat(target.parent)
    # On Windows the attribute of a folder does not speak of writing: the desktop bears it.
    if not _WINDOWS and folder is not None and not folder.st_mode & _ANYONE_WRITES:
        return NotWritten(
            path,
            f"“{path.name}”没有写出：文件夹“{target.parent.name}”只读。",
            "请换一个位置，或取消它的只读属性。",
        )
    return None


def _lock(target: Path) -> Path | None:
    """Find the file by which LibreOffice, Word or WPS says that the target is open.

    Windows needs none of them: it does not let an open file be replaced.
    Word and WPS put their mark in front of a name of up to six characters, over the first of seven and over
    the first two of more.
    """
    if _WINDOWS:
        return None
    rest = target.name[min(2, max(0, len(target.stem) - 6)) :]
    names = (f".~lock.{target.name}#", f"~${rest}", f".~{rest}")
    return next((lock for name in names if os.path.lexists(lock := target.with_name(name))), None)


def _same_target(drafts: Iterable[_Draft]) -> list[NotWritten]:
    first: dict[str, _Draft] = {}
    return [
        NotWritten(
            draft.path,
            f"“{draft.path.name}”和“{earlier.path.name}”是同一个文件，都没有写出。",
            "请给其中一个改名。",
        )
        for draft in drafts
        if (earlier := first.setdefault(os.path.normcase(draft.target), draft)) is not draft
    ]


def _held_back(faults: Sequence[NotWritten], drafts: Iterable[_Draft]) -> dict[Path, NotWritten]:
    """Add to the faults the files that are not written on their account."""
    cause = faults[0]
    message = "“{}”没有写出，因为同一批的“{}”写不出去。"
    others = (
        NotWritten(
            draft.path, message.format(draft.path.name, cause.path.name), cause.remedy, cause=cause.path
        )
        for draft in drafts
    )
    return {report.path: report for report in (*others, *faults)}


# --- writing beside -------------------------------------------------------------------------------------------

_FLAGS = (
    os.O_CREAT
    | os.O_EXCL
    | os.O_WRONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


def _stage_all(drafts: Iterable[_Draft], *, durable: bool) -> list[NotWritten]:
    """Stage every draft up to the first that cannot be; return what is in its way."""
    for draft in drafts:
        try:
            _stage(draft, durable=durable)
        except OSError as error:
            return [_refusal(draft, error)]
    return []


def _stage(draft: _Draft, *, durable: bool) -> None:
    """Write the temporary file and have it on the disk, with the mode of the file it is to replace."""
    _sweep(draft.target.parent)
    descriptor = _new(draft)
    try:
        left = memoryview(draft.data)
        while left:
            left = left[os.write(descriptor, left) :]
        # A file system without modes refuses to set one, but has nothing to set either.
        if draft.mode is not None and stat.S_IMODE(os.fstat(descriptor).st_mode) != draft.mode:
            draft.temporary.chmod(draft.mode)
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new(draft: _Draft) -> int:
    """Open the temporary file; its folder is made only where it turns out to be missing."""
    mode = 0o666 if draft.mode is None else draft.mode
    try:
        return os.open(draft.temporary, _FLAGS, mode)
    except FileNotFoundError:
        draft.target.parent.mkdir(parents=True, exist_ok=True)
        return os.open(draft.temporary, _FLAGS, mode)


def _remove_temporaries(drafts: Iterable[_Draft]) -> None:
    for draft in drafts:
        with suppress(OSError):
            draft.temporary.unlink(missing_ok=True)


_LEFT_BEHIND_SECONDS = 3600


@functools.cache
def _sweep(folder: Path) -> None:
    """Remove what a run that was killed left behind; another run may be at work on anything younger.

    Once a run for each folder: with a file for each of 500 units in one folder, looking again for each takes longer
    than all the writing.
    """
    before = time.time() - _LEFT_BEHIND_SECONDS
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".perfdoc-") and entry.name.endswith(".tmp"):
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < before:
                        Path(entry.path).unlink()


# --- taking the name ------------------------------------------------------------------------------------------

PATIENCE_SECONDS = 2.5
"""How long an open file is waited for: a virus scanner lets go of it within that, a person does not."""

_PAUSE_SECONDS = 0.05
_HELD_ON_WINDOWS = frozenset({5, 32, 33})  # access denied, sharing violation, lock violation
_HELD = frozenset({errno.EBUSY, errno.ETXTBSY})  # the same on a share


def _held(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _HELD_ON_WINDOWS or error.errno in _HELD


def _put_in_place(drafts: Sequence[_Draft], *, durable: bool) -> dict[Path, NotWritten]:
    """Rename every draft; those whose target stays open are set beside it."""
    reports: dict[Path, NotWritten] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    locked = [draft for draft in drafts if draft.lock is not None]
    waiting = _rename([draft for draft in drafts if draft.lock is None], reports)
    while waiting and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
        waiting = _rename(waiting, reports)
    reports |= {draft.path: _set_beside(draft) for draft in (*locked, *waiting)}
    if durable:
        _sync_folders({draft.target.parent for draft in drafts})
    return reports


def _rename(drafts: Iterable[_Draft], reports: dict[Path, NotWritten]) -> list[_Draft]:
    """Rename once; return those that somebody holds, report those that cannot be."""
    held: list[_Draft] = []
    for draft in drafts:
        try:
            draft.temporary.replace(draft.target)
        except OSError as error:
            if _held(error):
                held.append(draft)
            else:
                reports[draft.path] = _refusal(draft, error)
    return held


def _set_beside(draft: _Draft) -> NotWritten:
    """Save as `…（新）.docx`; where that is open or protected too, as `…（新2）.docx` and so on."""
    for number in range(1, 10):
        beside = _beside(draft.target, number)
        try:
            old = _stat(beside)
            if old is not None and (_protected(beside, beside, old) or _lock(beside)):
                continue
            draft.temporary.replace(beside)
        except OSError as error:
            if _held(error):
                continue
            return _refusal(draft, error)
        return _open_elsewhere(draft, beside)
    return _open_elsewhere(draft, None)


_NAME_BYTES = 255


def _beside(target: Path, number: int) -> Path:
    """Mark the name, shortened where the mark makes it too long."""
    stem, ending = target.stem, f"（新{number if number > 1 else ''}）{target.suffix}"
    while len(os.fsencode(stem + ending)) > _NAME_BYTES:
        stem = stem[:-1]
    return target.with_name(stem + ending)


def _sync_folders(folders: Iterable[Path]) -> None:
    """Have the new names on the disk as well.

    The files are in place by now, so a folder that cannot be synced (some shares) is no fault to report.
    """
    if _WINDOWS:
        return
    for folder in folders:
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


# --- what the clerk reads -------------------------------------------------------------------------------------

_CAUSES = {
    errno.ENOSPC: ("磁盘已满", "请腾出空间后重新生成。"),
    errno.EDQUOT: ("磁盘配额已用完", "请腾出空间后重新生成。"),
    errno.EACCES: ("没有写入的权限", "请向管理员申请这个文件夹的写权限，或换一个位置。"),
    errno.EPERM: ("没有写入的权限", "请向管理员申请这个文件夹的写权限，或换一个位置。"),
    errno.EROFS: ("文件夹只读", "请换一个位置。"),
    errno.ENAMETOOLONG: ("名称太长", "请改短名称（最多 83 个汉字）。"),
    errno.ENOTDIR: ("路径中有一段是文件，不是文件夹", "请给那个文件改名，或换一个位置。"),
    errno.EEXIST: ("路径中有一段是文件，不是文件夹", "请给那个文件改名，或换一个位置。"),
    errno.ELOOP: ("这个链接指向它自己", "请删除这个链接后重新生成。"),
    errno.ENOENT: ("路径不存在或太长", "请换一个较短的位置。"),
}


def _not_written(path: Path, error: OSError) -> NotWritten:
    cause, remedy = _CAUSES.get(
        error.errno or 0, (f"系统报告“{error.strerror or error}”", "请检查磁盘后重新生成。")
    )
    return NotWritten(path, f"“{path.name}”没有写出：{cause}。", remedy)


def _refusal(draft: _Draft, error: OSError) -> NotWritten:
    report = _not_written(draft.path, error)
    if draft.mode is None:
        return report
    return NotWritten(report.path, f"{report.message}原文件没有改动。", report.remedy)


_READERS = {".docx": " Word/WPS ", ".doc": " Word/WPS ", ".xlsx": " Excel/WPS ", ".csv": " Excel/WPS "}


def _open_elsewhere(draft: _Draft, beside: Path | None) -> NotWritten:
    reader = _READERS.get(draft.target.suffix.lower(), "其他程序")
    remedy = "请关闭后重新生成。"
    if draft.lock is not None:
        reader = " LibreOffice " if draft.lock.name.startswith(".~lock.") else reader
        remedy = f"请关闭后重新生成；如果已经没有人打开它，请先删除遗留的“{draft.lock.name}”。"
    saved = f"已另存为“{beside.name}”。" if beside else "没有写出。原文件没有改动。"
    return NotWritten(draft.path, f"“{draft.path.name}”正在被{reader}打开，{saved}", remedy, beside)


# --- names ----------------------------------------------------------------------------------------------------

_NOT_IN_NAMES = frozenset('<>:"/\\|?*')
_INVISIBLE = frozenset(
    {"Cc", "Cf", "Cs", "Zl", "Zp"}
)  # controls, direction marks, half characters, line ends
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"}
)


def name_fault(name: str) -> str | None:
    """Say why `name` cannot name a file or folder on every system; None where it can.

    Args:
        name: One name, not a path, its ending included.
    """
    if not name:
        return "名称不能为空"
    if (fault := next(filter(None, map(_character_fault, name)), None)) is not None:
        return fault
    if name.strip() != name or name.startswith(".") or name.endswith("."):
        return f"名称“{name}”的首尾不能是空格或句点"
    if name.partition(".")[0].rstrip().upper() in _DEVICES:
        return f"“{name}”是 Windows 保留的名称"
    if len(name.encode()) > _NAME_BYTES:
        return f"名称太长（最多 {_NAME_BYTES // 3} 个汉字）"
    return None


def _character_fault(character: str) -> str | None:
    if character in _NOT_IN_NAMES:
        return f"名称中不能有“{character}”"
    if unicodedata.category(character) in _INVISIBLE:
        return f"名称中有看不见的字符 U+{ord(character):04X}"
    return None


def inside(folder: Path, name: str) -> Path | None:
    """Return the path of `name` below `folder`, links followed to check; None for any other place.

    Args:
        folder: What must not be left.
        name: A name or several with `/` between them, each fit for every system.
    """
    if any(name_fault(part) is not None for part in name.split("/")):
        return None
    path = folder / name
    try:
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):
        return None
