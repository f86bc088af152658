"""The tasks that look at two years of a unit or more: `diff` and `trend`.

A side is an assessment of the working copy (`2020`) or of a revision of git (`HEAD~1:2020`).
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc import workspace
from perfdoc.cli import AT_FAULT, FINE, WRONG_USE, Refusal, find_repository, print_diagnostics, print_troubles
from perfdoc.diagnostics import Address

if TYPE_CHECKING:
    from perfdoc.compare import Comparison, Finished
    from perfdoc.git.revision import Side
    from perfdoc.pipeline import Judged
    from perfdoc.terminal import Palette

FORMATS = ("text", "html", "docx", "md", "json")
TREND_FORMATS = ("text", "html")
DIFFERENT = 1
"""What `--exit-code` ends with where something changed, as `git diff` does."""
_TO_FILE = frozenset({"html", "docx"})
"""Faces that nobody reads in a terminal: they go to build/ where no file is named."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A side of a comparison, scored.

    Attributes:
        side: Where it stands.
        judged: All that is known of it.
        finished: What is compared.
    """

    side: "Side"
    judged: "Judged"
    finished: "Finished"


def diff(
    old: str,
    new: str,
    *,
    form: str = "text",
    out: str | None = None,
    every: bool = False,
    exit_code: bool = False,
) -> int:
    """Compare two years, the earlier one first.

    Args:
        old: A name below content/, or `REV:name`.
        new: Likewise.
        form: One of `FORMATS`.
        out: The file to write; the screen, or a file in build/, where left out.
        every: True shows what stayed as well, in a terminal.
        exit_code: True ends with 1 where something changed.
    """
    _known(form, FORMATS)
    root = find_repository()
    with ExitStack() as stack:
        sides = [_open_side(stack, root, wanted) for wanted in (old, new)]
        both = [_read(side) for side in sides]
        if both[0] is None or both[1] is None:
            return AT_FAULT
        code = _tell(root, both[0], both[1], _Wanted(form, out, every))
        if code != FINE or not exit_code:
            return code
        return FINE if _compared(both[0], both[1]).empty else DIFFERENT


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a comparison is to be told."""

    form: str
    out: str | None
    every: bool


def _known(form: str, forms: Sequence[str]) -> None:
    if form not in forms:
        raise Refusal(f"没有「{form}」这种格式。可以写：{'、'.join(forms)}。")


def _open_side(stack: ExitStack, root: Path, wanted: str) -> "Side":
    from perfdoc.git import revision  # noqa: PLC0415

    try:
        return stack.enter_context(revision.opened(root, wanted))
    except revision.NoSide as missing:
        raise Refusal(str(missing)) from None


def _read(side: "Side") -> _Read | None:
    """Score a side; None, with the reasons printed, where it cannot be."""
    from perfdoc.pipeline import Run  # noqa: PLC0415

    judged = Run(side.root).judge(side.name)
    finished = judged.finished(side.shown)
    if finished is None:
        print_diagnostics(judged.diagnostics, sys.stderr)
        print(f"{side.shown}：有错误，不能比较。请先改正。", file=sys.stderr)
        return None
    return _Read(side, judged, finished)


def _compared(old: _Read, new: _Read) -> "Comparison":
    from perfdoc.compare import compare  # noqa: PLC0415

    return compare(old.finished, new.finished)


def _locate(old: _Read, new: _Read) -> Callable[[str, Address], str]:
    """Say where a value stands; a side from git says which revision."""
    sides = {"old": old, "new": new}

    def locate(side: str, address: Address) -> str:
        read = sides[side]
        revision, colon, _ = read.side.shown.rpartition(":")
        return f"{revision}{colon}{read.judged.place(address)}"

    return locate


def _tell(root: Path, old: _Read, new: _Read, wanted: _Wanted) -> int:
    comparison, locate = _compared(old, new), _locate(old, new)
    if wanted.form == "text":
        from perfdoc.review import text  # noqa: PLC0415

        lines = text.report(comparison, locate, _palette(wanted.out), every=wanted.every)
        return _give(root, wanted.out, "".join(f"{line}\n" for line in lines))
    if wanted.form in ("md", "json"):
        from perfdoc.review import data, markdown  # noqa: PLC0415

        face = markdown.report if wanted.form == "md" else data.report
        return _give(root, wanted.out, face(comparison, locate))
    raise AssertionError(wanted.form)


def _palette(out: str | None) -> "Palette":
    from perfdoc.terminal import Palette, palette  # noqa: PLC0415

    return Palette() if out else palette(os.environ, is_terminal=sys.stdout.isatty())


def _give(root: Path, out: str | None, told: str | bytes) -> int:
    """Print what was told, or write it to a file."""
    if out is None:
        sys.stdout.write(told if isinstance(told, str) else told.decode())
        return FINE
    from perfdoc import disk  # noqa: PLC0415

    path = Path(out).absolute()
    if not path.parent.is_dir():
        raise Refusal(f"没有 {path.parent} 这个文件夹。")
    trouble = disk.write(path, told.encode() if isinstance(told, str) else told)
    if trouble:
        print_troubles([trouble])
        return WRONG_USE
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    print(f"已生成 {shown}")
    return FINE


# --- trend ------------------------------------------------------------------------------------------------------


def trend(name: str | None = None, *, form: str = "text", out: str | None = None) -> int:
    """Show how every figure of a unit went over the years.

    Args:
        name: An assessment of any year of the unit; may be left out where there is only one unit.
        form: One of `TREND_FORMATS`.
        out: The file to write; the screen where left out.
    """
    _known(form, TREND_FORMATS)
    root = find_repository()
    read = list(_years(root, _unit(root, name)))
    if not read:
        return AT_FAULT
    from perfdoc.compare.trend import trend as followed  # noqa: PLC0415
    from perfdoc.review import text  # noqa: PLC0415

    known = followed([each.finished for each in read])
    lines = text.trend_report(known, _palette(out))
    return _give(root, out, "".join(f"{line}\n" for line in lines))


def _unit(root: Path, name: str | None) -> tuple[str, ...]:
    """List the names of a unit's years, earliest first."""
    units = _units(workspace.names(root))
    if name is not None:
        wanted = name.strip("/")
        found = next((names for names in units if wanted in names), None)
        if found is None:
            raise Refusal(f"没有找到「{wanted}」，或者它的路径里没有年度。")
        return found
    if len(units) != 1:
        several = "、".join(names[-1] for names in units[:20])
        raise Refusal(
            f"有几个单位，请写出其中一份的名称：{several}。" if units else "content 下还没有分年度的自评。"
        )
    return units[0]


def _units(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Sort assessments into units: paths that differ in the year alone are one unit."""
    from perfdoc import newyear  # noqa: PLC0415

    units: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        steps = tuple("{年度}" if newyear.is_year(step) else step for step in name.split("/"))
        if "{年度}" in steps:
            units.setdefault(steps, []).append(name)
    return [tuple(sorted(found)) for found in units.values()]


def _years(root: Path, names: Iterable[str]) -> Iterator[_Read]:
    """Score every year; one that cannot be read is said so and left out."""
    from perfdoc.git.revision import Side  # noqa: PLC0415

    for name in names:
        read = _read(Side(root, name, name))
        if read is not None:
            yield read
