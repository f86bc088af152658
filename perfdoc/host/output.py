"""The one door by which a file goes out: into the folder that it belongs to, past no link, whole or not at all.

Nothing is removed but what the program wrote there, byte for byte as it wrote it.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfdoc import disk
from perfdoc.disk import NotWritten
from perfdoc.read import file
from perfdoc.read.file import Unfit


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that the program writes into.

    Attributes:
        root: The content repository, or the folder that a person named; how it is reached is not asked.
        folder: What the files belong to, `root` or a folder below it.
    """

    root: Path
    folder: Path

    def path(self, name: str) -> Path | None:
        """Name a file of this folder; None where the name leads out of it or some system does not take it."""
        return disk.inside(self.folder, name)

    def write(self, files: Mapping[Path, bytes], *, durable: bool = True) -> tuple[NotWritten, ...]:
        """Write files that belong together: all of them or, where one would go astray, none.

        Args:
            files: What each is to hold.
            durable: False where a file that a power cut takes is simply made again.

        Returns:
            What kept files from being written; empty where all are there.
        """
        astray = tuple(filter(None, map(self.obstacle, files)))
        return astray or disk.write_all(files, durable=durable)

    def obstacle(self, path: Path) -> NotWritten | None:
        """Say what is in the way of writing here; None where nothing is."""
        if not path.is_relative_to(self.folder) or ".." in path.parts:
            return NotWritten(path, f"“{path}”没有写出：它不在“{self.folder}”里。", "请检查名称里的文件夹。")
        steps = (path, *path.parents)
        link = next((step for step in steps[: steps.index(self.root)] if _is_link(step)), None)
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


def _is_link(path: Path) -> bool:
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return False
    junction = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(status.st_mode) or junction
