"""The task `build`: what changed is rendered, checked and written."""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfdoc.cli.outputs import set_aside
from perfdoc.cli.screen import (
    AT_FAULT,
    FINE,
    WRONG_USE,
    choose,
    open_run,
    print_diagnostics,
    print_troubles,
    shown,
    write_prepared,
)
from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.core.diagnostics import Diagnostic
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
        return max(_build_one(order, name) for name in names)
    # The first one here: modules, form and template that it loads are there already in processes that are forked.
    code = _build_one(order, names[0])
    for answer in batch.answers(functools.partial(_build_one, order), names[1:]):
        sys.stdout.write(answer.out)
        sys.stderr.write(answer.err)
        code = max(code, answer.code)
    return code


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
    _write_stamp(order.root, built, order.options, pdf=order.pdf, whole=whole)
    return FINE if whole else WRONG_USE


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
    from perfdoc import disk  # noqa: PLC0415

    stamp = workspace.read_stamp(root, built.evaluation.name)
    for path, data in built.files.items():
        if workspace.edited_by_hand(root, stamp, path, data) and not set_aside(root, path):
            return False
    troubles = disk.write_all(built.files)
    print_troubles(troubles)
    if troubles:
        return False
    _remove_outdated(root, stamp, built, pdf=pdf)
    for path in built.files:
        print(f"已生成 {shown(root, path)}")
    return True


def _remove_outdated(root: Path, stamp: workspace.Stamp | None, built: "Built", *, pdf: bool) -> None:
    """Remove what an earlier build wrote and this one does not, unless somebody edited it."""
    kept = {*built.files, *([_document(built).with_suffix(".pdf")] if pdf else [])}
    for path in stamp.outputs if stamp else ():
        old = root / path
        if old not in kept and old.exists() and not workspace.edited_by_hand(root, stamp, old):
            old.unlink()
            print(f"已删除过时的 {path}")


def _write_pdf(root: Path, built: "Built") -> bool:
    from perfdoc.docx.pdf import to_pdf  # noqa: PLC0415

    document = _document(built)
    stamp = workspace.read_stamp(root, built.evaluation.name)
    pdf = document.with_suffix(".pdf")
    if stamp and shown(root, pdf) in stamp.outputs and workspace.edited_by_hand(root, stamp, pdf):
        set_aside(root, pdf)
    troubles = to_pdf([document], document.parent)
    for trouble in troubles:
        print(f"错误 {trouble.message}{trouble.remedy}", file=sys.stderr)
    if not troubles:
        print(f"已生成 {shown(root, pdf)}")
    return not troubles


def _document(built: "Built") -> Path:
    return next(path for path in built.files if path.suffix == ".docx")


def _write_stamp(root: Path, built: "Built", options: str, *, pdf: bool, whole: bool) -> None:
    """Record what was built from what; a build that could not write everything is recorded as unfinished."""
    from perfdoc import disk  # noqa: PLC0415
    from perfdoc.core.diagnostics import Severity  # noqa: PLC0415

    outputs = [*built.files, *([_document(built).with_suffix(".pdf")] if pdf else [])]
    stamp = workspace.Stamp(
        program=workspace.program_fingerprint() if whole else "",
        options=options,
        inputs={shown(root, path): digest for path, digest in built.inputs.items()},
        outputs=workspace.digests(root, outputs),
        warnings=sum(d.severity is Severity.WARNING for d in built.diagnostics),
    )
    path = workspace.stamp_path(root, built.evaluation.name)
    # A stamp that a power cut takes costs one build more; waiting for the disk costs as much as the attachment.
    trouble = disk.write(path, workspace.stamp_bytes(stamp), durable=False)
    print_troubles([trouble] if trouble else [])
