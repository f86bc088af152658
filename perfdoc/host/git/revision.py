"""One side of a comparison: the working copy, or what a revision of git holds, laid out as a folder.

The files are read from git's store as they lie there: nothing is checked out, no filter and no hook runs, and
every path is looked at before it is written.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from perfdoc import disk
from perfdoc.docx import package
from perfdoc.host import workspace
from perfdoc.host.git.ask import NoAnswer, ask, prefix

_READ = frozenset({".yaml", ".md", ".docx", ".json"})
"""What the program reads; evidence that lies beside is left in git."""
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_FOLDERS = ("content", "templates")
_FILE, _PROGRAM = b"100644", b"100755"
_KINDS = {b"120000": "链接", b"160000": "子模块"}


class NoSide(Exception):  # noqa: N818 -- wrong use, in Chinese, for the clerk
    """The side asked for does not exist or cannot be read."""


@dataclass(frozen=True, slots=True)
class Side:
    """An assessment, and the content repository that it stands in.

    Attributes:
        root: The folder that holds content/ and templates/.
        name: The assessment's path below content/.
        shown: How to speak of it: `2020`, or `v1:2020`.
    """

    root: Path
    name: str
    shown: str


@contextmanager
def opened(root: Path, wanted: str) -> Iterator[Side]:
    """Lay out what `2020` or `REV:2020` means; what was laid out from a revision is gone afterwards.

    Args:
        root: The content repository in the working copy.
        wanted: A name, or a path of an assessment; with a revision of git and a colon before it, as it was then.

    Raises:
        NoSide: On entering only: there is no such assessment, no such revision, no git.
    """
    # No name holds a colon, but a revision may: `HEAD^{/fix: x}:2020`.
    revision, colon, path = wanted.rpartition(":")
    if not colon or _DRIVE.match(wanted):
        yield _here(root, wanted)
        return
    with tempfile.TemporaryDirectory(prefix="perfdoc-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        yield _then(root, revision, path, folder)


def named(root: Path, wanted: str) -> str:
    """Take the name of an assessment of the working copy from a name or a path, a full one included."""
    if _DRIVE.match(wanted) or wanted.startswith("/"):
        below = Path(wanted).resolve()
        wanted = below.relative_to(root).as_posix() if below.is_relative_to(root) else wanted
    return workspace.plain_name(wanted)


def _here(root: Path, wanted: str) -> Side:
    name = named(root, wanted)
    return Side(root, _known(root, name, wanted, "content 下"), name)


def _then(root: Path, revision: str, path: str, folder: Path) -> Side:
    try:
        before = prefix(root)
        tree = _tree(root, revision)
        _lay_out(root, tree, before, folder)
    except NoAnswer as missing:
        raise NoSide(str(missing)) from None
    for needed in _FOLDERS:
        if not (folder / needed).is_dir():
            raise NoSide(f"版本「{revision}」里没有 {needed} 文件夹。")
    name = _name(path, before)
    return Side(folder, _known(folder, name, path, f"版本「{revision}」里"), f"{revision}:{name}")


def _name(path: str, before: str) -> str:
    """Take the name of an assessment from a path, which may be one below the root of git's repository."""
    return workspace.plain_name(path.replace("\\", "/").removeprefix("./").removeprefix(before))


def _known(root: Path, name: str, wanted: str, where: str) -> str:
    every = workspace.names(root)
    if name not in every:
        known = "、".join(every[:20]) or "无"
        raise NoSide(f"{where}没有找到「{wanted}」这份自评。现有：{known}。")
    return name


def _tree(root: Path, revision: str) -> str:
    """Find the tree of a revision."""
    if not revision:
        raise NoSide("冒号前面要写版本，例如 HEAD:2020。")
    found = None if revision.startswith("-") else ask(root, "rev-parse", "--verify", f"{revision}^{{tree}}")
    if found is None or found.code:
        raise NoSide(f"git 里没有「{revision}」这个版本。可以写 HEAD~1、标签、分支名或提交号。")
    return found.out.decode("ascii").strip()


def _lay_out(root: Path, tree: str, before: str, folder: Path) -> None:
    """Write the files of a tree that an assessment can be made of."""
    listed = ask(
        root, "ls-tree", "-r", "-l", "-z", "--full-tree", tree, "--", *(before + f for f in _FOLDERS)
    )
    if listed.code:
        raise NoSide(f"git 读不出这个版本（{listed.complaint}）。")
    targets: list[tuple[bytes, Path]] = []
    for entry in filter(None, listed.out.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, blob, size = facts.split()
        target = _target(mode, path, before, folder)
        if target is None or target.suffix not in _READ:
            continue
        if not size.isdigit():  # git says BAD
            raise NoSide(f"git 里缺少「{target.name}」的内容（仓库可能不完整）。")
        if int(size) <= package.MAX_FILE:
            targets.append((blob, target))
    _write(root, targets)


def _target(mode: bytes, path: bytes, before: str, folder: Path) -> Path | None:
    """Decide where a file goes; None for one that no system would take, or that is hidden."""
    shown = path.decode("utf-8", "replace")
    if mode not in (_FILE, _PROGRAM):
        raise NoSide(f"「{shown}」在那个版本里是{_KINDS.get(mode, '特殊文件')}，不读取。")
    try:
        below = path.decode().removeprefix(before)
    except UnicodeDecodeError:
        return None
    if not below.startswith(tuple(f"{name}/" for name in _FOLDERS)):
        return None
    return disk.inside(folder, below)


def _write(root: Path, targets: list[tuple[bytes, Path]]) -> None:
    given = b"".join(blob + b"\n" for blob, _ in targets)
    answer = ask(root, "cat-file", "--batch", given=given)
    at = 0
    for blob, target in targets:
        line_end = answer.out.find(b"\n", at)
        found = answer.out[at:line_end].split()
        if answer.code or line_end < 0 or len(found) != 3 or found[0] != blob:  # noqa: PLR2004 -- name, kind, size
            raise NoSide(f"git 里缺少「{target.name}」的内容（{answer.complaint or '仓库可能不完整'}）。")
        start, size = line_end + 1, int(found[2])
        at = start + size + 1
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(answer.out[start : start + size])
        except OSError as error:  # two names that are one on this system, or no room
            raise NoSide(f"「{target.name}」写不到临时文件夹（{error.strerror}）。") from None
