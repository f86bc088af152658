"""Files that a command writes: what somebody edited is set aside first, and what is not the program's stays."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from perfdoc.cli.screen import FINE, WRONG_USE, Refusal, print_troubles, shown
from perfdoc.host import workspace
from perfdoc.host.output import Home

_SOURCES = ("content", "templates")


def write_new(home: Home, files: Mapping[Path, bytes]) -> bool:
    """Write files that were not there, all of them or none; folders made for nothing go again."""
    made = {f for path in files for f in (path.parent, *path.parent.parents) if not f.exists()}
    troubles = home.write(files)
    print_troubles(troubles)
    for folder in sorted(made, key=lambda f: len(f.parts), reverse=True) if troubles else ():
        with contextlib.suppress(OSError):
            folder.rmdir()
    return not troubles


def set_aside(home: Home, path: Path) -> bool:
    """Copy an edited output beside itself under a name that is not taken; False where that fails."""
    kept = home.set_aside(path)
    if not isinstance(kept, Path):
        print_troubles([kept])
        return False
    print(f"{shown(home.root, path)} 在上次生成后被改过，已另存为 {kept.name}。")
    return True


def target(root: Path, out: str) -> Path:
    """Find the file that `--out` names; raises `Refusal` where nothing may be written there."""
    given = Path(os.path.abspath(out))  # noqa: PTH100 -- `..` goes, links stay
    try:
        path = given.resolve()
    except (OSError, RuntimeError):
        path = given  # a link that leads to itself: writing says so
    if not path.parent.is_dir():
        raise Refusal(f"没有 {path.parent} 这个文件夹。")
    for name in _SOURCES:
        folder = root / name
        if given.is_relative_to(folder) or path.is_relative_to(folder.resolve()):
            raise Refusal(f"--out 不能写到 {name} 里，那里是原始的内容和模板。请换一个位置。")
    return given.parent.resolve() / given.name  # a link of that name is not followed: the door says so


def give(root: Path, path: Path, data: bytes, *, asked: bool) -> int:
    """Write what a comparison made, and record it; returns the exit code.

    Args:
        root: The content repository.
        path: The file.
        data: What it is to hold.
        asked: True where the clerk named the file: what the program never wrote there is not replaced.
    """
    home = Home(path.parent, path.parent) if asked else Home(root, root / "build")
    obstacle = home.obstacle(path)
    if obstacle:
        print_troubles([obstacle])
        return WRONG_USE
    stamp = workspace.read_stamp(root, workspace.COMPARISONS)
    if path.is_file() and workspace.edited_by_hand(root, stamp, path, data):
        if asked and not (stamp and workspace.relative(root, path) in stamp.outputs):
            raise Refusal(
                f"已经有 {shown(root, path)}，不是 perfdoc 上次写的，没有动它。请换一个文件名，或先把它移走。"
            )
        if not set_aside(home, path):
            return WRONG_USE
    troubles = home.write({path: data})
    print_troubles(troubles)
    if not _record(root, stamp, path) or troubles:
        return WRONG_USE
    print(f"已生成 {shown(root, path)}")
    return FINE


def _record(root: Path, stamp: workspace.Stamp | None, path: Path) -> bool:
    """Remember what stands there now: it was written, or has been set aside."""
    outputs = {**(stamp.outputs if stamp else {}), **workspace.digests(root, [path])}
    known = workspace.Stamp(program="", options="", inputs={}, outputs=outputs, warnings=0)
    return write_stamp(root, workspace.COMPARISONS, known)


def write_stamp(root: Path, name: str, stamp: workspace.Stamp) -> bool:
    """Keep a stamp; False, with the reason printed, where that fails."""
    home = Home(root, workspace.stamps_folder(root))
    # A stamp that a power cut takes costs one build more; waiting for the disk costs as much as the attachment.
    troubles = home.write({workspace.stamp_path(root, name): workspace.stamp_bytes(stamp)}, durable=False)
    print_troubles(troubles)
    return not troubles
