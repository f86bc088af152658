"""The task `new-year`: a year opened from an earlier one."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.outputs import write_new
from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    WRONG_USE,
    Refusal,
    find_repository,
    print_diagnostics,
    shown,
)
from perfdoc.host import workspace
from perfdoc.host.output import Home

if TYPE_CHECKING:
    from perfdoc.host.renewal import OpenedYear


def new_year(
    year: str, from_year: str | None = None, name: str | None = None, *, dry_run: bool = False
) -> int:
    """Open a year from an earlier one: what stays is copied, what is to be filled in is empty, nothing is overwritten.

    Args:
        year: The year to open.
        from_year: The year to open it from; a unit's latest earlier one where left out.
        name: Only this assessment of the earlier year, and the parts that it is rolled up from.
        dry_run: Only list what would be written, line by line.
    """
    from perfdoc.host import renewal  # noqa: PLC0415

    root = find_repository()
    try:
        opened = renewal.renewed(root, year, _to_copy(root, year, from_year, name))
    except renewal.NotOpened as missing:
        if not missing.diagnostics:
            raise Refusal(str(missing)) from None
        print_diagnostics(missing.diagnostics, sys.stderr)
        print(missing, file=sys.stderr)
        return AT_FAULT
    files = {path: data for each in opened for path, data in each.files.items()}
    taken = [path for path in files if os.path.lexists(path)]
    if taken:
        named = "、".join(shown(root, path) for path in taken[:10])
        more = f"等 {len(taken)} 个文件" if len(taken) > 10 else ""  # noqa: PLR2004 -- what fits a screen
        raise Refusal(f"已经有 {named}{more}，没有写出任何文件。要只开其中一份，请用 --name 选。")
    if not dry_run and not write_new(Home(root, root / "content"), files):
        return WRONG_USE
    for each in opened:
        _say_opened(root, each, dry_run=dry_run)
    if dry_run:
        print("只是预览，没有写出任何文件。")
    else:
        print(f"请逐项核对目标，确认后删去「目标待确认」；用 check --year {year} 查看还缺什么。")
    return FINE


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


def _say_opened(root: Path, opened: "OpenedYear", *, dry_run: bool) -> None:
    counts = "，".join(f"{fate.value} {number} 处" for fate, number in opened.renewed.counted())
    main, *narratives = opened.files
    verb = "将写出" if dry_run else "已写出"
    print(f"{verb} {shown(root, main)}（照 content/{opened.source}）：{counts}")
    for line in opened.renewed.changed_lines() if dry_run else ():
        print(line)
    for path in narratives:
        print(f"{verb} {shown(root, path)}（空的）")
