"""The task `new-year`: a year opened from an earlier one."""

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    WRONG_USE,
    Refusal,
    find_repository,
    print_diagnostics,
    print_troubles,
    shown,
)
from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.host.newyear import Renewed


def new_year(
    year: str, from_year: str | None = None, name: str | None = None, *, dry_run: bool = False
) -> int:
    """Open a year from an earlier one: what stays is copied, what is to be filled in is empty, nothing is overwritten.

    Args:
        year: The year to open.
        from_year: The year to open it from; a unit's latest earlier one where left out.
        name: Only this assessment of the earlier year, and those that it is drawn from.
        dry_run: Only list what would be written, line by line.
    """
    root = find_repository()
    opened = _open_to_copy(root, year, _to_copy(root, year, from_year, name))
    if opened is None:
        return AT_FAULT
    files = {path: data for each in opened for path, data in each.files.items()}
    taken = [path for path in files if os.path.lexists(path)]
    if taken:
        named = "、".join(shown(root, path) for path in taken[:10])
        more = f"等 {len(taken)} 个文件" if len(taken) > 10 else ""  # noqa: PLR2004 -- what fits a screen
        raise Refusal(f"已经有 {named}{more}，没有写出任何文件。要只开其中一份，请用 --name 选。")
    if not dry_run and not _write_new(files):
        return WRONG_USE
    for each in opened:
        _say_opened(root, each, dry_run=dry_run)
    if dry_run:
        print("只是预览，没有写出任何文件。")
    else:
        print(f"请逐项核对目标，确认后删去「目标待确认」；用 check --year {year} 查看还缺什么。")
    return FINE


@dataclass(frozen=True, slots=True)
class _OpenedYear:
    """An assessment of the next year, not yet written: its main file first."""

    source: str
    renewed: "Renewed"
    files: dict[Path, bytes]


def _to_copy(root: Path, year: str, from_year: str | None, name: str | None) -> tuple[str, ...]:
    """Choose the assessments that a year is opened from."""
    from perfdoc.host import newyear  # noqa: PLC0415

    for given in filter(None, (year, from_year)):
        if not newyear.is_year(given):
            raise Refusal(f"「{given}」不是年度，请写四位数字，例如 2021。")
    every = workspace.names(root)
    chosen = newyear.sources(every, year, from_year)
    if name is not None:
        wanted = workspace.plain_name(name)
        own = newyear.year_of(wanted)
        fits = wanted in every and own is not None and own < year and from_year in (None, own)
        chosen = (wanted,) if fits else ()
    if not chosen:
        told = "，".join(
            f"{key} {value}" for key, value in (("--from", from_year), ("--name", name)) if value
        )
        raise Refusal(
            f"没有早于 {year} 年度的自评可以照抄{f'（{told}）' if told else ''}。"
            f"现有：{'、'.join(every[:20]) or '无'}。"
        )
    return chosen


def _open_to_copy(root: Path, year: str, chosen: Sequence[str]) -> "list[_OpenedYear] | None":
    """Make the next year of each, and of what it is drawn from; None where one of them cannot be read."""
    from perfdoc import disk  # noqa: PLC0415
    from perfdoc.host import newyear  # noqa: PLC0415
    from perfdoc.judge import rollup  # noqa: PLC0415
    from perfdoc.read import text  # noqa: PLC0415
    from perfdoc.read.folder import ASSESSMENT, OpenedForm, open_assessment  # noqa: PLC0415

    waiting, made = list(chosen), dict[str, _OpenedYear]()
    forms: dict[str, OpenedForm] = {}
    while waiting:
        name = waiting.pop(0)
        source = root / "content" / name / ASSESSMENT
        folder = disk.inside(root / "content", newyear.following(name, year))
        if folder is None:
            raise Refusal(f"content/{newyear.following(name, year)} 不在 content 里，或者不能做文件夹名。")
        opened = open_assessment(root, source.parent, forms)
        words = text.decode(source.read_bytes(), name)[0] if opened.assessment else None
        if opened.assessment is None or opened.form is None or words is None:
            print_diagnostics(opened.diagnostics, sys.stderr)
            print(f"{name}：有错误，没有写出任何文件。请先改正。", file=sys.stderr)
            return None
        renewed = newyear.renew(words, newyear.year_of(name) or "", year, opened.form.layout)
        files = {folder / ASSESSMENT: renewed.text.encode()}
        files |= {folder / rule.file: b"" for rule in opened.form.narratives}
        made[name] = _OpenedYear(name, renewed, files)
        waiting += _parts_to_copy(root, year, rollup.sources(opened.assessment), {*made, *waiting})
    return list(made.values())


def _parts_to_copy(root: Path, year: str, parts: Iterable[str], known: set[str]) -> list[str]:
    """Name the parts that the next year lacks: a department that is drawn from nothing could not be read."""
    from perfdoc import disk  # noqa: PLC0415
    from perfdoc.host import newyear  # noqa: PLC0415

    def there(name: str) -> bool:
        folder = disk.inside(root / "content", name)
        return folder is not None and (folder / workspace.ASSESSMENT).is_file()

    earlier = (part for part in parts if (newyear.year_of(part) or year) < year and part not in known)
    return [part for part in earlier if there(part) and not there(newyear.following(part, year))]


def _write_new(files: dict[Path, bytes]) -> bool:
    """Write all files or none; folders made for nothing go again."""
    from perfdoc import disk  # noqa: PLC0415

    made = {f for path in files for f in (path.parent, *path.parent.parents) if not f.exists()}
    troubles = disk.write_all(files)
    print_troubles(troubles)
    for folder in sorted(made, key=lambda f: len(f.parts), reverse=True) if troubles else ():
        with contextlib.suppress(OSError):
            folder.rmdir()
    return not troubles


def _say_opened(root: Path, opened: _OpenedYear, *, dry_run: bool) -> None:
    counts = "，".join(f"{fate.value} {number} 处" for fate, number in opened.renewed.counted())
    main, *narratives = opened.files
    verb = "将写出" if dry_run else "已写出"
    print(f"{verb} {shown(root, main)}（照 content/{opened.source}）：{counts}")
    for line in opened.renewed.changed_lines() if dry_run else ():
        print(line)
    for path in narratives:
        print(f"{verb} {shown(root, path)}（空的）")
