"""The tasks: find files, call, print, exit.

Every command is a function that returns its exit code: 0 fine, 1 the content is at fault, 2 wrong use or a
trouble of the machine. `tasks.py` and the console script `perfdoc` are thin fronts over the same functions.
Heavy modules are imported where they are used: a build that has nothing to do must cost next to nothing.
"""

import atexit
import contextlib
import functools
import gc
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from perfdoc import workspace

if TYPE_CHECKING:
    from perfdoc.diagnostics import Diagnostic
    from perfdoc.disk import NotWritten
    from perfdoc.newyear import Renewed
    from perfdoc.pipeline import Built, Run

FINE, AT_FAULT, WRONG_USE = 0, 1, 2


class Refusal(Exception):  # noqa: N818 -- wrong use or an unfit machine; `guarded` turns it into exit code 2
    """The command cannot be carried out as given."""


def build(
    year: str | None = None,
    name: str | None = None,
    *,
    pdf: bool = False,
    strict: bool = False,
    force: bool = False,
) -> int:
    """Write the Word attachment and scores.json of every chosen assessment whose inputs changed."""
    root, chosen = _choose(year, name)
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
    from perfdoc import batch  # noqa: PLC0415

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
    _write_prepared(run)
    if not built.files:
        print(f"{name}：有错误，没有生成；原有的文件没有动。", file=sys.stderr)
        return AT_FAULT
    whole = _write(order.root, built, pdf=order.pdf) and (not order.pdf or _write_pdf(order.root, built))
    _write_stamp(order.root, built, order.options, pdf=order.pdf, whole=whole)
    return FINE if whole else WRONG_USE


def _write_prepared(run: "Run") -> None:
    """Keep what docxtpl prepared for the next run; where that fails, the next run prepares again."""
    if run.prepared:
        from perfdoc import disk  # noqa: PLC0415

        disk.write_all(run.prepared, durable=False)
        run.prepared.clear()


def _run(root: Path, *, strict: bool = False) -> "Run":
    from perfdoc import pipeline  # noqa: PLC0415

    return pipeline.Run(root, strict=strict)


@functools.cache
def _shared_run(root: Path, strict: bool) -> "Run":  # noqa: FBT001 -- a cache keeps positional arguments
    """One run for all that a process builds: forms and templates are read once in each."""
    return _run(root, strict=strict)


def _print_briefly(diagnostics: "Sequence[Diagnostic]") -> None:
    """Print what blocks or warns; what is merely listed is counted."""
    from perfdoc.diagnostics import Severity  # noqa: PLC0415

    listed = [d for d in diagnostics if d.severity is Severity.INFO]
    print_diagnostics((d for d in diagnostics if d.severity is not Severity.INFO), sys.stderr)
    if listed:
        print(f"还有 {len(listed)} 处待填或待说明，用 check 查看。", file=sys.stderr)


def _write(root: Path, built: "Built", *, pdf: bool) -> bool:
    """Write what was built; an output that somebody edited is set aside first."""
    from perfdoc import disk  # noqa: PLC0415

    stamp = workspace.read_stamp(root, built.judged.name)
    for path, data in built.files.items():
        if workspace.edited_by_hand(root, stamp, path, data) and not _set_aside(root, path):
            return False
    troubles = disk.write_all(built.files)
    print_troubles(troubles)
    if troubles:
        return False
    _remove_outdated(root, stamp, built, pdf=pdf)
    for path in built.files:
        print(f"已生成 {_shown(root, path)}")
    return True


def _set_aside(root: Path, path: Path) -> bool:
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
    print(f"{_shown(root, path)} 在上次生成后被改过，已另存为 {kept.name}。")
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
    from perfdoc import office  # noqa: PLC0415

    document = _document(built)
    stamp = workspace.read_stamp(root, built.judged.name)
    pdf = document.with_suffix(".pdf")
    if stamp and _shown(root, pdf) in stamp.outputs and workspace.edited_by_hand(root, stamp, pdf):
        _set_aside(root, pdf)
    troubles = office.to_pdf([document], document.parent)
    for trouble in troubles:
        print(f"错误 {trouble.message}{trouble.remedy}", file=sys.stderr)
    if not troubles:
        print(f"已生成 {_shown(root, pdf)}")
    return not troubles


def _document(built: "Built") -> Path:
    return next(path for path in built.files if path.suffix == ".docx")


def _write_stamp(root: Path, built: "Built", options: str, *, pdf: bool, whole: bool) -> None:
    """Record what was built from what; a build that could not write everything is recorded as unfinished."""
    from perfdoc import disk  # noqa: PLC0415
    from perfdoc.diagnostics import Severity  # noqa: PLC0415

    outputs = [*built.files, *([_document(built).with_suffix(".pdf")] if pdf else [])]
    stamp = workspace.Stamp(
        program=workspace.program_fingerprint() if whole else "",
        options=options,
        inputs={_shown(root, path): digest for path, digest in built.inputs.items()},
        outputs=workspace.digests(root, outputs),
        warnings=sum(d.severity is Severity.WARNING for d in built.diagnostics),
    )
    path = workspace.stamp_path(root, built.judged.name)
    # A stamp that a power cut takes costs one build more; waiting for the disk costs as much as the attachment.
    trouble = disk.write(path, workspace.stamp_bytes(stamp), durable=False)
    print_troubles([trouble] if trouble else [])


def check(
    year: str | None = None,
    name: str | None = None,
    *,
    strict: bool = False,
    as_json: bool = False,
    settle: bool = False,
    explain: str | None = None,
) -> int:
    """Report everything that is wrong with the chosen assessments: what a build would say, without writing.

    With `settle` also the lines of review.yaml that would accept each finding; with `explain` only what a
    code means.
    """
    if explain is not None:
        return _explain_check(explain)
    root, chosen = _choose(year, name)
    run = _run(root, strict=strict)
    code = FINE
    found: list[Diagnostic] = []
    for each in chosen:
        built = run.build(each)
        found.extend(built.diagnostics)
        code = code if built.files else AT_FAULT
        if settle:
            _print_to_settle(built)
    departures = run.worked_cases()
    found.extend(departures)
    code = AT_FAULT if departures else code
    found = list(dict.fromkeys(found))
    if settle:
        return code
    if as_json:
        _print_json(found)
    else:
        print_diagnostics(found, sys.stdout)
        print(_summary(found, len(chosen)))
    _write_prepared(run)
    return code


def _print_to_settle(built: "Built") -> None:
    """Print what a person may accept, each with the line to paste into review.yaml."""
    from perfdoc.checks import settled  # noqa: PLC0415

    judged = built.judged
    left = list(settled.to_settle(judged.findings)) if judged.scored else []
    if judged.scored is None or not left:
        print(f"{judged.name}：没有要核定的。")
        return
    print(f"# 可以接受的，把那一行放进 content/{judged.name}/review.yaml，填上理由和经办。")
    print("核定:")
    for finding in left:
        place = judged.place(finding.address)
        print(f"  # {place.line}:{place.column} {finding.code} {finding.message}")
        print(settled.line_to_paste(judged.scored, finding))


def _explain_check(code: str) -> int:
    """Print what a code means, why it matters, who asks for it, how grave it is and how each form sets it."""
    from perfdoc import explain as words  # noqa: PLC0415
    from perfdoc.load import content  # noqa: PLC0415

    wanted, known = code.upper(), words.codes()
    if wanted not in known:
        listed = "".join(f"\n  {each} {title}" for each, title in known.items())
        raise Refusal(f"没有「{code}」这个代码。现有：{listed}")
    root = workspace.find_root(Path.cwd())
    names = sorted(path.parent.name for path in (root / "templates").glob("*/form.yaml")) if root else []
    opened = [content.open_form(root, name) for name in names] if root else []
    forms = [form for each in opened if each.form for form in (each.form, *each.editions)]
    for line in words.one_code(wanted, forms):
        print(line)
    return FINE


def _summary(diagnostics: "Iterable[Diagnostic]", total: int) -> str:
    counts: dict[str, int] = {}
    for d in diagnostics:
        counts[d.severity.value] = counts.get(d.severity.value, 0) + 1
    found = "，".join(f"{counts[word]} 条{word}" for word in ("错误", "警告", "提示") if word in counts)
    return f"检查了 {total} 份自评：{found or '没有发现问题'}。"


def _print_json(diagnostics: "Iterable[Diagnostic]") -> None:
    import json  # noqa: PLC0415

    known = [
        {
            "code": d.code,
            "severity": d.severity.name.lower(),
            "file": d.place.file,
            "line": d.place.line,
            "column": d.place.column,
            "message": d.message,
            "remedy": d.remedy,
        }
        for d in diagnostics
    ]
    print(json.dumps(known, ensure_ascii=False, indent=2))


def explain(year: str | None = None, name: str | None = None, indicator: str | None = None) -> int:
    """Print why each score is what it is: the whole form as a tree, or one indicator in full."""
    from perfdoc import explain as words  # noqa: PLC0415

    root, chosen = _choose(year, name)
    if len(chosen) > 1:
        raise Refusal(f"有 {len(chosen)} 份自评，请用 --name 选一份：{'、'.join(chosen)}。")
    judged = _run(root).judge(chosen[0])
    if judged.scored is None:
        print_diagnostics(judged.diagnostics, sys.stderr)
        return AT_FAULT
    if indicator is None:
        lines = words.tree(judged.scored)
    else:
        found = [s for s in judged.scored.total.walk() if s.name == indicator]
        if not found:
            raise Refusal(_no_such_indicator(indicator, [s.name for s in judged.scored.total.walk()]))
        lines = (
            line for score in found for line in words.one(judged.scored, score, judged.place, judged.drill)
        )
    for line in lines:
        print(line)
    return FINE


def _no_such_indicator(indicator: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415

    close = difflib.get_close_matches(indicator, known, n=3, cutoff=0.3)
    hint = f"是否为：{'、'.join(close)}？" if close else "用 explain 不带 --indicator 可以看到全部名称。"
    return f"没有找到指标「{indicator}」。{hint}"


def schema() -> int:
    """Write what is derived: the JSON Schemas that editors use, and each template as docxtpl prepares it."""
    from perfdoc import disk  # noqa: PLC0415
    from perfdoc.load import schema as schemas  # noqa: PLC0415
    from perfdoc.review import data  # noqa: PLC0415

    root = find_repository()
    files = {root / "templates" / file: schemas.text(cls).encode() for file, cls in schemas.SCHEMAS.items()}
    files[root / "templates" / data.SCHEMA] = data.schema().encode()
    prepared, faults = _run(root).prepare_templates()
    files |= prepared
    print_diagnostics(faults, sys.stderr)
    if faults:
        return AT_FAULT
    troubles = disk.write_all(files)
    print_troubles(troubles)
    for path in files if not troubles else ():
        print(f"已生成 {_shown(root, path)}")
    return WRONG_USE if troubles else FINE


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
        shown = "、".join(_shown(root, path) for path in taken[:10])
        more = f"等 {len(taken)} 个文件" if len(taken) > 10 else ""  # noqa: PLR2004 -- what fits a screen
        raise Refusal(f"已经有 {shown}{more}，没有写出任何文件。要只开其中一份，请用 --name 选。")
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
    from perfdoc import newyear  # noqa: PLC0415

    for given in filter(None, (year, from_year)):
        if not newyear.is_year(given):
            raise Refusal(f"「{given}」不是年度，请写四位数字，例如 2021。")
    every = workspace.names(root)
    chosen = newyear.sources(every, year, from_year)
    if name is not None:
        wanted = name.strip("/")
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
    from perfdoc import disk, newyear, rollup  # noqa: PLC0415
    from perfdoc.load import content, text  # noqa: PLC0415

    waiting, made = list(chosen), dict[str, _OpenedYear]()
    forms: dict[str, content.OpenedForm] = {}
    while waiting:
        name = waiting.pop(0)
        source = root / "content" / name / content.ASSESSMENT
        folder = disk.inside(root / "content", newyear.following(name, year))
        if folder is None:
            raise Refusal(f"content/{newyear.following(name, year)} 不在 content 里，或者不能做文件夹名。")
        opened = content.open_assessment(root, source.parent, forms)
        words = text.decode(source.read_bytes(), name)[0] if opened.assessment else None
        if opened.assessment is None or opened.form is None or words is None:
            print_diagnostics(opened.diagnostics, sys.stderr)
            print(f"{name}：有错误，没有写出任何文件。请先改正。", file=sys.stderr)
            return None
        renewed = newyear.renew(words, newyear.year_of(name) or "", year)
        files = {folder / content.ASSESSMENT: renewed.text.encode()}
        files |= {folder / rule.file: b"" for rule in opened.form.narratives}
        made[name] = _OpenedYear(name, renewed, files)
        waiting += _parts_to_copy(root, year, rollup.draws(opened.assessment), {*made, *waiting})
    return list(made.values())


def _parts_to_copy(root: Path, year: str, parts: Iterable[str], known: set[str]) -> list[str]:
    """Name the parts that the next year lacks: a department that is drawn from nothing could not be read."""
    from perfdoc import disk, newyear  # noqa: PLC0415

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
    print(f"{verb} {_shown(root, main)}（照 content/{opened.source}）：{counts}")
    for line in opened.renewed.changed_lines() if dry_run else ():
        print(line)
    for path in narratives:
        print(f"{verb} {_shown(root, path)}（空的）")


def git_setup(*, undo: bool = False) -> int:
    """Tell git, for this repository only, how to show what changed in assessments; `undo` takes it back."""
    from perfdoc.git import setup  # noqa: PLC0415
    from perfdoc.git.ask import NoAnswer, prefix  # noqa: PLC0415

    root = find_repository()
    about = {key: words for key, (_, words) in setup.settings("").items()}
    try:
        prefix(root)
        changed = setup.remove(root) if undo else setup.install(root, sys.executable)
        lacking = [] if undo else setup.unattributed(root)
    except NoAnswer as missing:
        raise Refusal(str(missing)) from None
    for key in changed:
        print(f"已删去 {key}" if undo else f"已设置 {key}：{about[key]}")
    if not changed:
        print("没有设置过，不用撤销。" if undo else "已经设置好了，不用再做。")
    if lacking:
        print("还要在 .gitattributes 里加上下面几行，并提交：")
        for line in lacking:
            print(line)
    return FINE


def text(file: str) -> int:
    """Print a .docx as lines of text, a row of a table a line; git compares two versions of it by these lines.

    What cannot be read is said in a line of its own, different for different bytes, and is no failure: git would
    show nothing at all.
    """
    import hashlib  # noqa: PLC0415

    from perfdoc import transcript  # noqa: PLC0415

    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise Refusal(f"读不了「{file}」（{error.strerror}）。") from None
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="\n")  # git would show a carriage return at the end of each line
    try:
        for line in transcript.transcript(data):
            print(line)
    except transcript.Unreadable as refusal:
        print(f"（读不出这份文件：{refusal}。sha256 {hashlib.sha256(data).hexdigest()}）")
    return FINE


def clean() -> int:
    """Remove build/."""
    folder = find_repository() / "build"
    if folder.is_symlink():
        raise Refusal("build 是一个链接，不删除。请自行处理。")
    if folder.exists():
        shutil.rmtree(folder)
        print("已删除 build。")
    else:
        print("没有 build，不用删除。")
    return FINE


def find_repository() -> Path:
    """Find the content repository that the command is given in; raises `Refusal` outside one."""
    root = workspace.find_root(Path.cwd())
    if root is None:
        raise Refusal("这里不是内容仓库：上级文件夹里没有 content 和 templates。请先进入仓库的文件夹。")
    return root


def _choose(year: str | None, name: str | None) -> tuple[Path, tuple[str, ...]]:
    root = find_repository()
    every = workspace.names(root)
    if not every:
        raise Refusal("content 下还没有自评（没有 assessment.yaml）。")
    chosen = workspace.select(every, year, name)
    if not chosen:
        wanted = "，".join(f"{key} {value}" for key, value in (("--year", year), ("--name", name)) if value)
        raise Refusal(f"没有找到 {wanted} 的自评。现有：{'、'.join(every[:20])}。")
    return root, chosen


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def print_diagnostics(diagnostics: "Iterable[Diagnostic]", stream: TextIO) -> None:
    """Print what was found, a line each."""
    for diagnostic in diagnostics:
        print(diagnostic, file=stream)


def print_troubles(troubles: "Iterable[NotWritten]") -> None:
    """Print which files could not be written, and why."""
    for trouble in troubles:
        print(f"错误 {trouble}", file=sys.stderr)


def guarded(command: Callable[[], int]) -> int:
    """Run a command so that nothing it meets shows a traceback, whatever the console can print."""
    # Importing and building one assessment makes 100,000 objects and next to no garbage:
    # looking for some on the way costs 5 % of a first build, and once more at the exit 20 %.
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return command()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        # The reader has gone (`| head`); Python would complain once more when it flushes at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 -- lives until the exit
        return FINE
