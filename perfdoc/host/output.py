"""Write and remove files: only in their own folder, through no link, all of them or none.

Only what the program wrote is removed, and only while it is byte for byte as written.
"""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from perfdoc import disk
from perfdoc.disk import NotWritten
from perfdoc.host import workspace
from perfdoc.read import file
from perfdoc.read.file import Unfit


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that the program writes into.

    Attributes:
        root: The content repository, or the folder that a person named; links on the way to it are allowed.
        folder: What the files belong to, `root` or a folder below it.
    """

    root: Path
    folder: Path

    def path(self, name: str) -> Path | None:
        """Name a file of this folder; None where some system does not take the name."""
        return None if disk.name_fault(name) else self.folder / name

    def write(self, files: Mapping[Path, bytes], *, durable: bool = True) -> tuple[NotWritten, ...]:
        """Write files that belong together: all of them, or none where one would end up elsewhere.

        Args:
            files: What each is to hold.
            durable: False where a file can simply be made again after a power cut.

        Returns:
            What kept files from being written; empty where all are there.
        """
        astray = tuple(filter(None, map(self.obstacle, files)))
        return astray or disk.write_all(files, durable=durable)

    def obstacle(self, path: Path) -> NotWritten | None:
        """Return what prevents writing here; None where nothing does."""
        if not path.is_relative_to(self.folder) or ".." in path.parts:
            return NotWritten(path, f"“{path}”没有写出：它不在“{self.folder}”里。", "请检查名称里的文件夹。")
        link = _link(self.root, path)
        if link is None:
            return None
        shown = link.relative_to(self.root).as_posix()
        return NotWritten(path, f"“{path.name}”没有写出：“{shown}”是一个链接。", "请删除这个链接，再来一次。")

    def remove(self, path: Path, known: str) -> bool:
        """Remove an output that the program wrote; False where it is something else, which stays.

        Args:
            path: The file.
            known: The hash of what was written there.
        """
        ours = path.suffix in {".docx", ".pdf"} or path.name == "scores.json"
        if not ours or path.parent != self.folder or self.obstacle(path) or file.digest(path) != known:
            return False
        path.unlink()
        return True

    def set_aside(self, path: Path) -> Path | NotWritten:
        """Copy an edited output beside itself under a name that is not taken; returns that name, or what forbids it."""
        numbers = ("", *range(2, 1000))
        names = (path.with_name(f"{path.stem}（手工修改{number}）{path.suffix}") for number in numbers)
        kept = next(name for name in names if not os.path.lexists(name))
        try:
            data = file.contents(path, file.LARGEST_OUTPUT)
        except Unfit as found:
            return NotWritten(path, f"“{path.name}”没有更新：{found.message}", found.remedy)
        return next(iter(self.write({kept: data})), kept)


def folder_fault(name: str) -> str | None:
    """Return why some system does not take a name for a folder; None where all do."""
    return disk.name_fault(name)


def content_folder(root: Path, name: str) -> Path | None:
    """Return the folder of an assessment; None where its name leads out of content/ or fits no system."""
    return disk.inside(root / "content", name)


def clear(root: Path) -> tuple[Path | None, list[Path]]:
    """Remove from build/ what stamps say that the program wrote, the stamps included.

    Returns:
        A link in the way, on account of which nothing was removed; what stays because it is somebody else's.
    """
    import shutil  # noqa: PLC0415 -- it brings three compressors along, and a build removes no folder

    own = (workspace.stamps_folder(root), workspace.prepared_folder(root))
    link = next(filter(None, (_link(root, folder) for folder in own)), None)
    if link is not None:
        return link, []
    written: dict[Path, str] = {}
    for path in own[0].rglob("*.json"):
        stamp = workspace.read_stamp(root, path.relative_to(own[0]).as_posix().removesuffix(".json"))
        written |= {root / output: known for output, known in stamp.outputs.items()} if stamp else {}
    for folder in own:
        shutil.rmtree(folder, ignore_errors=True)
    left = []
    for top, folders, names in os.walk(root / "build", topdown=False):
        linked = (name for name in folders if _is_link(Path(top, name)))
        for path in (Path(top, name) for name in (*names, *linked)):
            if path in written and not _is_link(path) and file.digest(path) == written[path]:
                path.unlink()
            else:
                left.append(path)
        with suppress(OSError):  # something is left in it
            Path(top).rmdir()
    return None, sorted(left)


def _link(root: Path, path: Path) -> Path | None:
    """Find a link on the way from a root to a path; None where there is none."""
    steps = (path, *path.parents)
    return next((step for step in steps[: steps.index(root)] if _is_link(step)), None)


def _is_link(path: Path) -> bool:
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return False
    junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(status.st_mode) or junction
