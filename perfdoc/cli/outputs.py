"""Files that a command writes: what somebody edited is set aside first, and what is not the program's stays."""

import os
from pathlib import Path

from perfdoc.cli.screen import FINE, WRONG_USE, Refusal, print_troubles, shown
from perfdoc.host import workspace

_SOURCES = ("content", "templates")


def set_aside(root: Path, path: Path) -> bool:
    """Copy an edited output beside itself under a name that is not taken; False where that fails."""
    from perfdoc import disk  # noqa: PLC0415

    names = (
        path.with_name(f"{path.stem}（手工修改{number}）{path.suffix}") for number in ("", *range(2, 1000))
    )
    kept = next(name for name in names if not name.exists())
    trouble = disk.write(kept, path.read_bytes())
    if trouble:
        print_troubles([trouble])
        return False
    print(f"{shown(root, path)} 在上次生成后被改过，已另存为 {kept.name}。")
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
    return path


def give(root: Path, path: Path, data: bytes, *, asked: bool) -> int:
    """Write what a comparison made, and record it; returns the exit code.

    Args:
        root: The content repository.
        path: The file.
        data: What it is to hold.
        asked: True where the clerk named the file: what the program never wrote there is not replaced.
    """
    from perfdoc import disk  # noqa: PLC0415

    stamp = workspace.read_stamp(root, workspace.COMPARISONS)
    if path.is_file() and workspace.edited_by_hand(root, stamp, path, data):
        if asked and not (stamp and workspace.relative(root, path) in stamp.outputs):
            raise Refusal(
                f"已经有 {shown(root, path)}，不是 perfdoc 上次写的，没有动它。请换一个文件名，或先把它移走。"
            )
        if not set_aside(root, path):
            return WRONG_USE
    trouble = disk.write(path, data)
    print_troubles([trouble] if trouble else [])
    _record(root, stamp, path)
    if trouble:
        return WRONG_USE
    print(f"已生成 {shown(root, path)}")
    return FINE


def _record(root: Path, stamp: workspace.Stamp | None, path: Path) -> None:
    """Remember what stands there now: it was written, or has been set aside."""
    from perfdoc import disk  # noqa: PLC0415

    outputs = {**(stamp.outputs if stamp else {}), **workspace.digests(root, [path])}
    known = workspace.Stamp(program="", options="", inputs={}, outputs=outputs, warnings=0)
    trouble = disk.write(
        workspace.stamp_path(root, workspace.COMPARISONS), workspace.stamp_bytes(known), durable=False
    )
    print_troubles([trouble] if trouble else [])
