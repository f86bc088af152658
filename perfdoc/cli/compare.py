"""The tasks that look at two years of a unit or more: `diff` and `trend`.

A side is an assessment of the working copy (`2020`) or of a revision of git (`HEAD~1:2020`).
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli import outputs
from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    FORMATS,
    TREND_FORMATS,
    Refusal,
    find_repository,
    open_run,
    print_diagnostics,
    print_json,
)
from perfdoc.core.address import Address
from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.docx.template import Filled
    from perfdoc.faces.columns import Palette
    from perfdoc.host.git.revision import Side
    from perfdoc.host.pipeline import Evaluation, Run
    from perfdoc.host.sides import Comparison, ScoredYear, Trend

_ENDINGS = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".md": "md",
    ".json": "json",
}
AUTHOR = "perfdoc"
"""Who made the tracked changes; the clerk did not type them."""
DIFFERENT = 1
"""What `--exit-code` ends with where something changed, as `git diff` does."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A side of a comparison, scored.

    Attributes:
        side: Where it stands.
        run: What has read it.
        evaluation: All that is known of it.
        scored_year: What is compared.
    """

    side: "Side"
    run: "Run"
    evaluation: "Evaluation"
    scored_year: "ScoredYear"


def diff(
    old: str,
    new: str,
    *,
    form: str | None = None,
    out: str | None = None,
    every: bool = False,
    exit_code: bool = False,
) -> int:
    """Compare two years, the earlier one first.

    Args:
        old: A name below content/, or `REV:name`.
        new: Likewise.
        form: One of `FORMATS`; what the ending of `out` says where left out, or else text.
        out: The file to write; the screen, or a file in build/, where left out.
        every: True shows what stayed as well, in a terminal.
        exit_code: True ends with 1 where something changed.
    """
    face = _face(form, out, FORMATS)
    root = find_repository()
    from perfdoc.host.sides import compare  # noqa: PLC0415

    with ExitStack() as stack:
        sides = [_open_side(stack, root, wanted) for wanted in (old, new)]
        runs = {side.root: open_run(side.root) for side in sides}
        before, after = [_read(runs[side.root], side) for side in sides]
        if before is None or after is None:
            return AT_FAULT
        comparison = compare(before.scored_year, after.scored_year)
        told = _told(face, root, comparison, before, after, _palette(out), every=every)
        if told is None:
            return AT_FAULT
        default = _beside(root, before, after, face) if out is None and face in ("html", "docx") else None
        code = _give(root, out, told, default, as_json=face == "json")
        return DIFFERENT if code == FINE and exit_code and not comparison.empty else code


def _face(form: str | None, out: str | None, forms: Sequence[str]) -> str:
    """Choose the format: the one asked for, or else the one that the ending of the file says."""
    if out is not None and not out.strip():
        raise Refusal("--out 后面要写文件名，例如 --out 对比.html。")
    suffix = Path(out).suffix if out else ""
    meant = _ENDINGS.get(suffix.lower())
    face = form if form is not None else meant or "text"
    if face not in forms:
        raise Refusal(f"没有「{face}」这种格式。可以写：{'、'.join(forms)}。")
    if meant not in (None, face):
        raise Refusal(f"--format {face} 与文件名的 {suffix} 对不上。请改文件名，或不写 --format。")
    return face


def _open_side(stack: ExitStack, root: Path, wanted: str) -> "Side":
    from perfdoc.host.git import revision  # noqa: PLC0415

    try:
        return stack.enter_context(revision.opened(root, wanted))
    except revision.NoSide as missing:
        raise Refusal(str(missing)) from None


def _read(run: "Run", side: "Side") -> _Read | None:
    """Score a side; None, with the reasons printed, where it cannot be."""
    evaluation = run.judge(side.name)
    scored_year = evaluation.scored_year(side.shown)
    if scored_year is None:
        print_diagnostics(evaluation.diagnostics, sys.stderr)
        print(f"{side.shown}：有错误，不能比较。请先改正。", file=sys.stderr)
        return None
    if evaluation.decisive:
        print_diagnostics(evaluation.decisive, sys.stderr)
        print(f"{side.shown}：有错误，下面的得分和文字可能不全。", file=sys.stderr)
    return _Read(side, run, evaluation, scored_year)


def _read_here(run: "Run", name: str) -> _Read | None:
    """Score a year of the working copy."""
    from perfdoc.host.git.revision import Side  # noqa: PLC0415

    return _read(run, Side(run.root, name, name))


def _locate(old: _Read, new: _Read) -> Callable[[str, Address], str]:
    """Say where a value stands; a side from git says which revision."""
    sides = {"old": old, "new": new}

    def locate(side: str, address: Address) -> str:
        read = sides[side]
        revision, colon, _ = read.side.shown.rpartition(":")
        return f"{revision}{colon}{read.evaluation.place(address)}"

    return locate


def _told(
    face: str,
    root: Path,
    comparison: "Comparison",
    old: _Read,
    new: _Read,
    palette: "Palette",
    *,
    every: bool,
) -> str | bytes | None:
    """Tell a comparison in a format; None, with the reasons printed, where it cannot be made."""
    from perfdoc.faces import markdown, terminal  # noqa: PLC0415
    from perfdoc.faces.phrases import COPIED  # noqa: PLC0415
    from perfdoc.host.sides import copied_from  # noqa: PLC0415

    locate, copied = _locate(old, new), copied_from(new.scored_year) or COPIED
    if face == "text":
        lines = terminal.report(comparison, locate, palette, every=every, copied=copied)
        return "".join(f"{line}\n" for line in lines)
    if face == "md":
        return markdown.report(comparison, locate, copied=copied)
    if face == "json":
        from perfdoc.faces.json import report  # noqa: PLC0415

        return report(comparison, locate)
    if face == "html":
        from perfdoc.faces.page.document import page  # noqa: PLC0415

        return page(comparison, _trend_of(root, old, new), locate, copied=copied)
    return _marked(comparison, old, new)


def _beside(root: Path, old: _Read, new: _Read, form: str) -> Path:
    """Name the file of a format in build/, beside the new year's attachment."""
    from perfdoc.host.output import Home  # noqa: PLC0415

    against = re.sub(r"[^\w.-]+", "-", old.side.shown)
    home = Home(root, workspace.output_folder(root, new.side.name))
    path = home.path(f"与{against}对比.{form}")
    if path is None:
        raise Refusal("文件名不能用，请用 --out 指定。")
    return path


def _trend_of(root: Path, old: _Read, new: _Read) -> "Trend":
    """Follow all the years of the unit; a side from git stands for itself, with no other years around it."""
    from perfdoc.host.sides import trend as followed  # noqa: PLC0415

    known = {read.side.shown: read for read in (old, new)}
    names = next((names for names in _units(workspace.names(root)) if known.keys() <= {*names}), ())
    read = [known.get(name) or _read_here(new.run, name) for name in names] or [old, new]
    return followed([each.scored_year for each in read if each is not None])


def _marked(comparison: "Comparison", old: _Read, new: _Read) -> bytes | None:
    """Mark the new year's attachment against the old; None, with the reasons printed, where it cannot be made."""
    from perfdoc.docx import tracked  # noqa: PLC0415

    before, after = _filled(old), _filled(new)
    if before is None or after is None:
        return None
    made = tracked.tracked_attachment(before, after, tracked.pairs(comparison), AUTHOR, _date_of(new))
    if made.faults:
        for fault in made.faults:
            print(f"错误 {fault.part} {fault.where}：{fault.message}", file=sys.stderr)
        return None
    return made.data


def _filled(read: _Read) -> "Filled | None":
    """Render a side, once; None, with the reasons printed, where it cannot be."""
    from perfdoc.docx.content import addressed  # noqa: PLC0415
    from perfdoc.faces import printed  # noqa: PLC0415

    scored, narratives = read.scored_year.scored, read.scored_year.narratives
    opened = read.run.template(scored.form)
    if opened.template is None:
        print_diagnostics(opened.faults, sys.stderr)
        return None
    content = addressed(printed.fill(scored, narratives))
    filled = opened.template.fill(content)
    faults = [*opened.template.inspect(filled, content)]
    print_diagnostics(faults, sys.stderr)
    return None if faults else filled


def _date_of(new: _Read) -> str:
    """Date the changes by the form, not by the clock: the same content gives the same bytes."""
    day = new.scored_year.scored.assessment.date
    return f"{day.isoformat() if day else f'{new.scored_year.scored.assessment.year}-12-31'}T00:00:00Z"


def _palette(out: str | None) -> "Palette":
    from perfdoc.faces.columns import Palette, palette  # noqa: PLC0415

    return Palette() if out else palette(os.environ, is_terminal=sys.stdout.isatty())


def _give(
    root: Path, out: str | None, told: str | bytes, default: Path | None = None, *, as_json: bool = False
) -> int:
    """Print the output, or write it to the file that was named, or else to its own in build/."""
    data = told.encode() if isinstance(told, str) else told
    if out is not None:
        return outputs.give(root, outputs.target(root, out), data, asked=True)
    if default is not None:
        return outputs.give(root, default, data, asked=False)
    if as_json:
        print_json(data.decode())
    else:
        sys.stdout.write(data.decode())
    return FINE


# --- trend ------------------------------------------------------------------------------------------------------


def trend(name: str | None = None, *, form: str | None = None, out: str | None = None) -> int:
    """Show how every figure of a unit went over the years; a page goes to build/ where no file is named.

    Args:
        name: An assessment of any year of the unit; may be left out where there is only one unit.
        form: One of `TREND_FORMATS`; what the ending of `out` says where left out, or else text.
        out: The file to write; the screen where left out.
    """
    face = _face(form, out, TREND_FORMATS)
    root = find_repository()
    run = open_run(root)
    read = [each for each in (_read_here(run, one) for one in _unit(root, name)) if each is not None]
    if not read:
        return AT_FAULT
    from perfdoc.faces.terminal import trend_report  # noqa: PLC0415
    from perfdoc.host.sides import trend as followed  # noqa: PLC0415

    _warn_of_units(read)
    known = followed([each.scored_year for each in read])
    if face == "html":
        from perfdoc.faces.page.document import trend_page  # noqa: PLC0415

        return _give(root, out, trend_page(known), root / "build" / "历年走势.html")
    lines = trend_report(known, _palette(out))
    return _give(root, out, "".join(f"{line}\n" for line in lines))


def _unit(root: Path, name: str | None) -> tuple[str, ...]:
    """List the names of a unit's years, earliest first."""
    units = _units(workspace.names(root))
    if name is not None:
        from perfdoc.host.git import revision  # noqa: PLC0415

        wanted = revision.named(root, name)
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


def _warn_of_units(read: Iterable[_Read]) -> None:
    """Say so where the years of one path are those of several units: what follows is then no course of one."""
    years: dict[str, list[str]] = {}
    for each in read:
        assessment = each.scored_year.scored.assessment
        years.setdefault(assessment.unit, []).append(str(assessment.year))
    if len(years) > 1:
        told = "；".join(f"{'、'.join(found)} 年度是「{unit}」" for unit, found in years.items())
        print(f"注意：单位名称不同（{told}）。若不是同一个单位，请分开放。", file=sys.stderr)


def _units(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Sort assessments into units: paths that differ in the year alone are one unit."""
    from perfdoc.host import newyear  # noqa: PLC0415

    units: dict[str, list[str]] = {}
    for name in names:
        if newyear.year_of(name) is not None:
            units.setdefault(newyear.following(name, "{年度}"), []).append(name)
    return [tuple(sorted(found)) for found in units.values()]
