"""The one door by which a file comes in: its place, its kind and its size are asked before a byte of it is read."""

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from perfdoc.core.diagnostics import Diagnostic, Place, Severity

LARGEST_TEXT = 2_000_000
"""Bytes in a text; the longest self-evaluation seen has 40,000."""
LARGEST_DOCUMENT = 20 * 1024 * 1024
"""Bytes in a Word file, and in what is derived from one."""
LARGEST_OUTPUT = 200 * 1024 * 1024
"""Bytes in a file that is only hashed."""

ABSENT = ""
"""The hash of a file that is not there; its coming counts as a change."""

Inputs = dict[Path, str]
"""The files that had a say, each with the sha256 of the bytes that were read."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What came of reading one file.

    Attributes:
        value: What it holds; None where it is not there or cannot be read.
        diagnostics: What is wrong with it; nothing where it is not there.
        inputs: The file with the hash of what was read, `ABSENT` where nothing was.
    """

    value: T | None
    diagnostics: tuple[Diagnostic, ...]
    inputs: Inputs

    @property
    def absent(self) -> bool:
        """True where there is no such file; whether it has to be there the caller knows."""
        return self.value is None and not self.diagnostics


class Unfit(Exception):  # noqa: N818 -- it says in Chinese what stands there instead of a file
    """Something stands there that is not read.

    Attributes:
        message: What is in the way.
        remedy: What to do about it.
        code: Of the diagnostic.
    """

    def __init__(self, message: str, remedy: str, code: str = "P202") -> None:
        super().__init__(message)
        self.message, self.remedy, self.code = message, remedy, code


_KINDS = (
    (stat.S_ISDIR, "文件夹"),
    (stat.S_ISFIFO, "管道"),
    (stat.S_ISSOCK, "套接字"),
    (lambda _: True, "设备"),
)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_CAUSES = {errno.EACCES: "没有读取的权限", errno.EPERM: "没有读取的权限", errno.ELOOP: "这个链接指向它自己"}


def contents(path: Path, most: int) -> bytes:
    """Read a regular file of at most so many bytes.

    Raises:
        FileNotFoundError: There is none.
        Unfit: It is no regular file, too large, or the system does not let it be read.
    """
    try:
        _ask(path.stat(), most)  # before it is opened: opening a device may already do something
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb") as file:  # noqa: PTH123 -- the descriptor is open
            _ask(os.fstat(descriptor), most)
            data = file.read(most + 1)
        if len(data) > most:
            raise _too_large(len(data), most)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except (OSError, ValueError) as error:  # ValueError: a path that no system takes
        cause = _CAUSES.get(getattr(error, "errno", None) or 0) or getattr(error, "strerror", None) or error
        raise Unfit(f"读不了这个文件（{cause}）。", "请核对权限，或关闭正在使用它的程序。") from None
    return data


def _ask(status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next(word for fits, word in _KINDS if fits(status.st_mode))
        raise Unfit(f"读不了这个文件（这里是一个{kind}，不是文件）。", "请换成普通的文件。")
    if status.st_size > most:
        raise _too_large(status.st_size, most)


def _too_large(size: int, most: int) -> Unfit:
    limit = f"{most / 1e6:.0f} MB"
    return Unfit(f"文件有 {size / 1e6:.1f} MB，上限是 {limit}。", "请核对是否放错了文件。", "P008")


def read(root: Path, path: Path, most: int) -> Read[bytes]:
    """Read a file of a content repository.

    Args:
        root: The repository, links resolved.
        path: The file, below one of its folders; a link must not lead out of that folder.
        most: Bytes that it may have.
    """
    try:
        _stay_inside(root, path)
        data = contents(path, most)
    except FileNotFoundError:
        return Read(None, (), {path: ABSENT})
    except Unfit as found:
        shown = path.relative_to(root).as_posix()
        place = Place(shown) if most == LARGEST_TEXT else Place(shown, 0, 0)  # only a text has lines
        wrong = Diagnostic(
            code=found.code,
            severity=Severity.ERROR,
            place=place,
            message=found.message,
            remedy=found.remedy,
        )
        return Read(None, (wrong,), {path: ABSENT})
    return Read(data, (), {path: hashlib.sha256(data).hexdigest()})


def _stay_inside(root: Path, path: Path) -> None:
    """Refuse a link out of content/ or templates/; either may be a link itself, as a folder on another disk is."""
    try:
        real = os.path.realpath(path)
    except ValueError:  # a NUL in the name; reading says so
        return
    if real == os.fspath(path):
        return
    home = root / path.relative_to(root).parts[0]
    if not Path(real).is_relative_to(os.path.realpath(home)):
        message = f"读不了这个文件（它是链接，指向 {home.name} 之外的“{real}”）。"
        raise Unfit(message, f"请把文件本身放进 {home.name}，不用链接。")


def digest(path: Path) -> str | None:
    """Hash a file; None where it cannot be read."""
    try:
        return hashlib.sha256(contents(path, LARGEST_OUTPUT)).hexdigest()
    except (FileNotFoundError, Unfit):
        return None
