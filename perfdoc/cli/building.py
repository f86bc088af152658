"""The task `build`: what changed is rendered, checked and written."""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    WRONG_USE,
    choose,
    open_run,
    print_diagnostics,
    print_troubles,
    sheltered,
    shown,
    write_prepared,
)
from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.core.diagnostics import Diagnostic
    from perfdoc.host.output import Home
    from perfdoc.host.pipeline import Built, Run


def build(
    year: str | None = None,
    name: str | None = None,
    *,
    pdf: bool = False,
    strict: bool = False,
    force: bool = False,
) -> int:
    """Write the Word attachment and scores.json of every chosen assessment whose inputs changed."""
    root, chosen = choose(year, name)
    options = " ".join(flag for flag, given in (("--pdf", pdf), ("--strict", strict)) if given)
    stale: dict[str, tuple[str, ...]] = {}
    for each in chosen:
        stamp = workspace.read_stamp(root, each)
        why = ("按要求重新生成",) if force else workspace.reasons(root, stamp, options)
        if why:
            stale[each] = why
        elif stamp:
            _say_unchanged(each, stamp)
    if not stale:
        return FINE
    _shared_run.cache_clear()
    return _build_stale(_Order(root, stale, options, pdf, strict))


def _say_unchanged(name: str, stamp: workspace.Stamp) -> None:
    document = next((path for path in stamp.outputs if path.endswith(".docx")), "")
    left = f"（上次有 {stamp.warnings} 条警告，用 check 查看）" if stamp.warnings else ""
    print(f"{name}：没有变化，不重新生成 {document}{left}")


@dataclass(frozen=True, slots=True)
class _Order:
    """What a build was asked for; it travels to other processes."""

    root: Path
    why: dict[str, tuple[str, ...]]
    options: str
    pdf: bool
    strict: bool


def _build_stale(order: _Order) -> int:
    from perfdoc.host import batch  # noqa: PLC0415

    names = list(order.why)
    if len(names) < batch.WORTH_SHARING:
        return max(_build_sheltered(order, name) for name in names)
    # The first one here: modules, form and template that it loads are there already in processes that are forked.
    code = _build_sheltered(order, names[0])
    for answer in batch.answers(functools.partial(_build_sheltered, order), names[1:]):
        sys.stdout.write(answer.out)
        sys.stderr.write(answer.err)
        code = max(code, answer.code)
    return code


def _build_sheltered(order: _Order, name: str) -> int:
    return sheltered(functools.partial(_build_one, order, name))


def _build_one(order: _Order, name: str) -> int:
    """Build one assessment and say what became of it."""
    run = _shared_run(order.root, order.strict)
    print(f"{name}：{'；'.join(order.why[name])}")
    built = run.build(name)
    _print_briefly(built.diagnostics)
    write_prepared(run)
    if not built.files:
        print(f"{name}：有错误，没有生成；原有的文件没有动。", file=sys.stderr)
        return AT_FAULT
    whole = _write(order.root, built, pdf=order.pdf) and (not order.pdf or _write_pdf(order.root, built))
    recorded = _write_stamp(order.root, built, order.options, pdf=order.pdf, whole=whole)
    return FINE if whole and recorded else WRONG_USE


@functools.cache
def _shared_run(root: Path, strict: bool) -> "Run":  # noqa: FBT001 -- a cache keeps positional arguments
    """One run for all that a process builds: forms and templates are read once in each."""
    return open_run(root, strict=strict)


def _print_briefly(diagnostics: "Sequence[Diagnostic]") -> None:
    """Print what blocks or warns; what is merely listed is counted."""
    from perfdoc.core.diagnostics import Severity  # noqa: PLC0415

    listed = [d for d in diagnostics if d.severity is Severity.INFO]
    print_diagnostics((d for d in diagnostics if d.severity is not Severity.INFO), sys.stderr)
    if listed:
        print(f"还有 {len(listed)} 处待填或待说明，用 check 查看。", file=sys.stderr)


def _write(root: Path, built: "Built", *, pdf: bool) -> bool:
    """Write what was built; an output that somebody edited is set aside first."""
    from perfdoc.cli.outputs import set_aside  # noqa: PLC0415

    home, stamp = _home(root, built), workspace.read_stamp(root, built.evaluation.name)
    troubles = list(filter(None, map(home.obstacle, built.files)))
    for path, data in built.files.items() if not troubles else ():
        if workspace.edited_by_hand(root, stamp, path, data) and not set_aside(home, path):
            return False
    troubles = troubles or list(home.write(built.files))
    print_troubles(troubles)
    if troubles:
        return False
    _remove_outdated(home, stamp, built, pdf=pdf)
    for path in built.files:
        print(f"已生成 {shown(root, path)}")
    return True


def _home(root: Path, built: "Built") -> "Home":
    from perfdoc.host.output import Home  # noqa: PLC0415

    return Home(root, workspace.output_folder(root, built.evaluation.name))


def _remove_outdated(home: "Home", stamp: workspace.Stamp | None, built: "Built", *, pdf: bool) -> None:
    """Remove what an earlier build wrote and this one does not, unless somebody edited it."""
    kept = {*built.files, *([_document(built).with_suffix(".pdf")] if pdf else [])}
    for path, known in stamp.outputs.items() if stamp else ():
        if home.root / path not in kept and home.remove(home.root / path, known):
            print(f"已删除过时的 {path}")


def _write_pdf(root: Path, built: "Built") -> bool:
    from perfdoc.cli.outputs import set_aside  # noqa: PLC0415
    from perfdoc.disk import NotWritten  # noqa: PLC0415
    from perfdoc.docx.pdf import convert  # noqa: PLC0415

    home, document = _home(root, built), _document(built)
    stamp = workspace.read_stamp(root, built.evaluation.name)
    pdf = document.with_suffix(".pdf")
    obstacle = home.obstacle(pdf)
    known = obstacle is None and stamp and shown(root, pdf) in stamp.outputs
    if known and workspace.edited_by_hand(root, stamp, pdf) and not set_aside(home, pdf):
        return False
    if obstacle:
        print_troubles([obstacle])
        return False
    made = convert(document)
    if isinstance(made, bytes):
        troubles = home.write({pdf: made})
    else:
        troubles = (NotWritten(pdf, made.message, made.remedy),)
    print_troubles(troubles)
    if not troubles:
        print(f"已生成 {shown(root, pdf)}")
    return not troubles


def _document(built: "Built") -> Path:
    return next(path for path in built.files if path.suffix == ".docx")


def _write_stamp(root: Path, built: "Built", options: str, *, pdf: bool, whole: bool) -> bool:
    """Record what was built from what; a build that could not write everything is recorded as unfinished."""
    from perfdoc.cli.outputs import write_stamp  # noqa: PLC0415
    from perfdoc.core.diagnostics import Severity  # noqa: PLC0415

    outputs = [*built.files, *([_document(built).with_suffix(".pdf")] if pdf else [])]
    stamp = workspace.Stamp(
        program=workspace.program_fingerprint() if whole else "",
        options=options,
        inputs={shown(root, path): digest for path, digest in built.inputs.items()},
        outputs=workspace.digests(root, outputs),
        warnings=sum(d.severity is Severity.WARNING for d in built.diagnostics),
    )
    return write_stamp(root, built.evaluation.name, stamp)
