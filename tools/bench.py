"""How fast is perfdoc beside docxtpl, used as its manual says?

    invoke bench
    invoke bench --quick

Both take turns (A B A B …) on the same content in one run, and what counts is CPU time: so neither a busy machine
nor a slow disk favours one of them. Only the way from files to files is taken by the clock, as a bureau waits for it,
and its CPU time is told beside: perfdoc shares many units among the processors and waits for the disk, a script with
docxtpl does neither. A figure is the median of the rounds, a ratio the median of each round's ratio.
The rival is given every advantage: finished strings, and from files to files a script that reads them and checks and
computes nothing. Before anything is measured the two must make the same text.

A benchmark measures and does not judge: the exit code is 0 unless something failed to run.
"""

import compileall
import contextlib
import gc
import io
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree.ElementTree import canonicalize

import yaml
from docxtpl import DocxTemplate

from perfdoc import disk
from perfdoc.cli import building
from perfdoc.cli.screen import FINE
from perfdoc.core import quantity
from perfdoc.core.assessment import Indicator
from perfdoc.docx.template import Template, open_template
from perfdoc.faces import printed
from perfdoc.faces.columns import pad, pad_left, width
from perfdoc.form.layout import STEERING
from perfdoc.host.pipeline import Run
from perfdoc.judge import narrative, scoring
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Scored
from perfdoc.years.comparison import ScoredYear, compare

ROOT = Path(__file__).resolve().parents[1]
SAMPLE, FORM = "2020", "hubei-department"
TEMPLATE = f"templates/{FORM}/attachment.docx"
BODY = "word/document.xml"
RESULT = ROOT / "build" / "bench.json"
WHOLE_PROCESSES = hasattr(os, "wait4")
"""Whether the system tells what a child has used; Windows does not."""


class Failed(Exception):  # noqa: N818 -- it says what happened, and never leaves this module
    """Something did not run, or the two sides did not make the same; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run: rounds, and what is in one."""

    batches: int
    batch: int
    large: int
    units: int
    files: int
    processes: int


FULL = Effort(batches=10, batch=50, large=7, units=500, files=3, processes=25)
QUICK = Effort(batches=4, batch=10, large=1, units=120, files=1, processes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table.

    Attributes:
        what: What was measured.
        plain: Milliseconds of docxtpl; None where it takes no part.
        ours: Milliseconds of perfdoc.
        ratio: How many times as fast perfdoc is, or where `at_most`, what it costs as a multiple.
        goal: What the ratio should reach; None where it is only told.
        at_most: True where a small ratio is the good one.
    """

    what: str
    plain: float | None
    ours: float
    ratio: float
    goal: float | None = None
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal


def main(*, quick: bool) -> int:
    """Measure everything, print the table, write `build/bench.json`."""
    effort = QUICK if quick else FULL
    rows: list[Row] = []
    gc.set_threshold(100_000, 50, 50)  # for both sides, as `cli.guarded` sets it
    try:
        with tempfile.TemporaryDirectory(prefix="perfdoc-bench-") as folder:
            for row in _rows(Path(folder).resolve(), effort):
                print(f"　… {row.what}", file=sys.stderr, flush=True)
                rows.append(row)
    except Failed as failed:
        print(f"没有测成：{failed}", file=sys.stderr)
        return 1
    machine = {
        "python": platform.python_version(),
        "docxtpl": version("docxtpl"),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "quick": quick,
    }
    known = {**machine, "rows": [{**asdict(row), "met": row.met} for row in rows]}
    trouble = disk.write(RESULT, (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode())
    if trouble:
        print(f"没有测成：{trouble}", file=sys.stderr)
        return 1
    print("\n".join(_table(rows)))
    print(
        f"各轮的中位数，未注明处是 CPU 时间，两边轮流运行。Python {machine['python']}，docxtpl {machine['docxtpl']}，{machine['system']}。"
    )
    if not WHOLE_PROCESSES:
        print("这个系统不报告子进程的 CPU 时间，没有测“整个进程”两行。")
    return 0


def _rows(folder: Path, effort: Effort) -> Iterator[Row]:
    repository = folder / "units"
    _copy(repository, "templates")
    for number in range(effort.units):
        _write_unit(repository / "content" / f"{SAMPLE}-{number:03}", number)
    bench = _Bench(repository)
    bench.compare()
    # What holds least in memory goes first: a heap full of other documents slows both sides, and ours more.
    large, files = [*bench.large_documents(effort)], [*bench.from_files_to_files(effort)]
    yield from (*bench.small_documents(effort), *large, *bench.two_years(effort), *files)
    if WHOLE_PROCESSES:
        yield from _whole_processes(folder / "program", bench, effort)


# --- content ------------------------------------------------------------------------------------------------------


def _copy(target: Path, *names: str) -> None:
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / name)


def _write_unit(folder: Path, number: int) -> None:
    """Write the sample again as another unit would have it.

    Names, figures, the lengths of the groups, and the numbers of goals and paragraphs all differ, so that no two of
    400 documents have the same shape; each has the sample's indicators, and its sums agree.
    """
    sample = ROOT / "content" / SAMPLE
    shutil.copytree(sample, folder)
    data = yaml.safe_load((sample / "assessment.yaml").read_text(encoding="utf-8"))
    data["部门"] += f"{number:03}分园"
    data["单位名称"] += f"第{number:03}分中心"
    for holder, key in (
        (data["支出"], "项目支出总额"),
        *((data["预算执行"][0], key) for key in ("预算数", "执行数")),
    ):
        holder[key] = round(holder[key] + number, 2)
    del data["年度目标"][1 + number % 4 :]
    for dimension, most in zip(data["指标"], (5, 3), strict=False):
        first, second = dimension["二级指标"][:2]
        _shift(first, second, number % most)
        for group in dimension["二级指标"]:
            for indicator in group["三级指标"]:
                indicator["实际完成值"] = _more(indicator["实际完成值"], number % 6)
    written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000)
    (folder / "assessment.yaml").write_text(written, encoding="utf-8", newline="\n")
    prose = folder / "improvement.md"
    more = "".join(f"\n第{i}项措施已列入{number:03}分园的年度计划。\n" for i in range(1, 1 + number % 7))
    prose.write_text(prose.read_text(encoding="utf-8").rstrip() + "\n" + more, encoding="utf-8", newline="\n")


def _shift(group: dict[str, Any], following: dict[str, Any], count: int) -> None:
    """Move the last indicators of a group to the next one, with their weights."""
    moved = [group["三级指标"].pop() for _ in range(count)]
    following["三级指标"][:0] = reversed(moved)
    weight = sum(indicator["分值"] for indicator in moved)
    group["分值"] -= weight
    following["分值"] += weight


def _more(written: Any, by: int) -> Any:
    """Raise a count by some; a percentage, a zero or a text stays as it is."""
    found = re.match("[1-9][0-9]*(?![0-9%])", str(written))
    if not found:
        return written
    raised = f"{int(found[0]) + by}{str(written)[found.end() :]}"
    return int(raised) if raised.isdecimal() else raised


def _multiplied(scored: Scored, times: int) -> Scored:
    """Repeat the dimensions of an assessment under numbered names, and score it again."""
    a = scored.assessment
    dimensions = tuple(
        replace(
            dimension,
            name=f"{dimension.name}{number}",
            groups=tuple(
                replace(
                    group, indicators=tuple(replace(i, name=f"{i.name}{number}") for i in group.indicators)
                )
                for group in dimension.groups
            ),
        )
        for number in range(times)
        for dimension in a.dimensions
    )
    return scoring.score(replace(a, dimensions=dimensions), scored.form)


def _a_year_later(scored: Scored) -> Scored:
    """Raise every count by one, rename every 40th indicator with its link."""
    number = iter(range(1_000_000))

    def later(indicator: Indicator) -> Indicator:
        at = next(number)
        written = quantity.read(str(_more(indicator.actual.text, 1))) if indicator.actual else None
        named: dict[str, Any] = (
            {"name": f"{indicator.name}改", "renamed_from": indicator.name} if at % 40 == 0 else {}
        )
        return replace(indicator, actual=written, **named)

    dimensions = tuple(
        replace(d, groups=tuple(replace(g, indicators=tuple(map(later, g.indicators))) for g in d.groups))
        for d in scored.assessment.dimensions
    )
    return scoring.score(replace(scored.assessment, dimensions=dimensions), scored.form)


def _with_prose(scored: Scored, turn: int) -> tuple[Scored, Narratives]:
    """Give a year 50 paragraphs of 400 characters, two thirds of each the same in both years."""
    drawn = random.Random(1)  # noqa: S311 -- prose, no secret
    fresh = random.Random(2 + turn)  # noqa: S311
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 800)]
    paragraphs = [
        "".join(drawn.choices(letters, k=260)) + f"{turn}" + "".join(fresh.choices(letters, k=139))
        for _ in range(50)
    ]
    prose = tuple(
        replace(p, text="\n\n".join(paragraphs[i::2])) for i, p in enumerate(scored.assessment.prose)
    )
    known = scoring.score(replace(scored.assessment, prose=prose), scored.form)
    return known, narrative.fill_narratives(known)


# --- what people write who use docxtpl alone -------------------------------------------------------------------------


def _plain_document(template: Path, context: Mapping[str, Any], target: Any) -> None:
    """Do what the manual of docxtpl says."""
    document = DocxTemplate(template)
    document.render(context, autoescape=True)
    document.save(target)


def _read_plainly(folder: Path) -> None:
    """Read a unit's files, as a script would."""
    yaml.safe_load((folder / "assessment.yaml").read_text(encoding="utf-8"))
    for prose in folder.glob("*.md"):
        prose.read_text(encoding="utf-8").split("\n\n")


# --- measuring ------------------------------------------------------------------------------------------------------

Side = Callable[[int], float]
"""Does its work in the given round and returns what it cost."""


def _turns(rounds: int, *sides: Side) -> list[list[float]]:
    """Let the sides take turns; returns what each cost, round by round."""
    costs: list[list[float]] = [[] for _ in sides]
    gc.freeze()  # what the benchmark itself holds is nobody's business
    for number in range(rounds):
        for side, found in zip(sides, costs, strict=True):
            # Nobody pays for what the other left behind: neither for its garbage nor for sorting the memory
            # that it gave back, which the next large request has to do (24 ms after 2,000 indicators by docxtpl).
            gc.collect()
            bytearray(1_000_000)
            found.append(side(number))
    gc.unfreeze()
    return costs


def _timed(work: Callable[[int], object], *, times: int = 1) -> Side:
    """Measure the CPU time of a function in milliseconds.

    Args:
        work: The function.
        times: More than once means on average of so many in a row, behind one that only warms up.
    """

    def side(number: int) -> float:
        if times > 1:
            work(number)
        start = time.process_time()
        for _ in range(times):
            work(number)
        return (time.process_time() - start) * 1000 / times

    return side


def _compared(what: str, plain: Sequence[float], ours: Sequence[float], goal: float | None = None) -> Row:
    ratio = median(a / b for a, b in zip(plain, ours, strict=True))
    return Row(what=what, plain=median(plain), ours=median(ours), ratio=ratio, goal=goal)


class _Bench:
    """The units of a repository, one of them judged, and the template opened."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self.folders = sorted((repository / "content").iterdir())
        self.path = repository / TEMPLATE
        self.run = Run(repository)
        self.sample = self._judged(self.folders[0])
        self.template = self._opened()

    def _judged(self, folder: Path) -> tuple[Scored, Narratives]:
        judged = self.run.judge(folder.name)
        if judged.scored is None or judged.narratives is None or not judged.sound:
            raise Failed("；".join(map(str, judged.diagnostics)))
        return judged.scored, judged.narratives

    def _opened(self) -> Template:
        form = self.sample[0].form
        made = open_template(self.path.read_bytes(), TEMPLATE, form.layout.blanks, STEERING)
        if isinstance(made, Template):
            return made
        raise Failed("；".join(map(str, made)))

    def compare(self) -> None:
        """Hold both sides to the same body; otherwise no comparison is honest."""
        filled = printed.fill(*self.sample)
        packed = io.BytesIO()
        _plain_document(self.path, filled, packed)
        if _body(packed) != _body(io.BytesIO(self.template.fill(filled).data)):
            raise Failed("docxtpl 与本项目生成的正文不同。")

    def _fill(self, scored: Scored, told: Narratives) -> bytes:
        return self.template.fill(printed.fill(scored, told)).data

    def _render(self, scored: Scored, told: Narratives) -> bytes:
        document = self.template.render(printed.fill(scored, told))
        if document.faults:
            raise Failed("；".join(map(str, document.faults)))
        return document.data

    def small_documents(self, effort: Effort) -> Iterator[Row]:
        """Measure documents of 20 indicators, a batch a round, each a document of its own."""
        units = [self._judged(folder) for folder in self.folders]
        contents = [printed.fill(*unit) for unit in units]
        each = [
            [(number * effort.batch + i) % len(units) for i in range(effort.batch)]
            for number in range(effort.batches)
        ]

        def plain(number: int) -> None:
            for i in each[number]:
                _plain_document(self.path, contents[i], io.BytesIO())

        def ours(make: Callable[[Scored, Narratives], bytes], number: int) -> None:
            for i in each[number]:
                make(*units[i])

        theirs, filled, rendered = (
            [cost / effort.batch for cost in costs]
            for costs in _turns(
                effort.batches,
                _timed(plain),
                _timed(partial(ours, self._fill)),
                _timed(partial(ours, self._render)),
            )
        )
        count = effort.batches * effort.batch
        yield _compared(f"已计分 → Word 文件，20 项指标（{count} 份，每份）", theirs, filled, 30)
        yield _compared("　生成并检查", theirs, rendered)

    def large_documents(self, effort: Effort) -> Iterator[Row]:
        """Measure one document of 2,000 indicators, and one of 200 for how the cost grows."""
        scored, _ = self.sample
        times = 2000 // len(scored.assessment.indicators())
        large, middle = (_multiplied(scored, number) for number in (times, times // 10))
        large_told, middle_told = narrative.fill_narratives(large), narrative.fill_narratives(middle)
        context = printed.fill(large, large_told)
        theirs, filled, rendered, smaller = _turns(
            effort.large,
            _timed(lambda _: _plain_document(self.path, context, io.BytesIO())),
            # Repeated until no round is too short for the clock, both to the same amount.
            _timed(lambda _: self._fill(large, large_told), times=3),
            _timed(lambda _: self._render(large, large_told)),
            _timed(lambda _: self._fill(middle, middle_told), times=30),
        )
        yield _compared("已计分 → Word 文件，2000 项指标", theirs, filled, 10)
        yield _compared("　生成并检查", theirs, rendered)
        growth = median(a / b for a, b in zip(filled, smaller, strict=True))
        yield Row(
            what="　2000 项的用时是 200 项的几倍",
            plain=None,
            ours=median(filled),
            ratio=growth,
            goal=12,
            at_most=True,
        )

    def two_years(self, effort: Effort) -> Iterator[Row]:
        """Measure the comparison of two years of 2,000 indicators and 20,000 characters of prose, against one of them."""
        scored, _ = self.sample
        old = _multiplied(scored, 2000 // len(scored.assessment.indicators()))
        new = _a_year_later(old)
        before, after = (ScoredYear(SAMPLE, *_with_prose(year, turn)) for turn, year in enumerate((old, new)))

        def one_year(_: int) -> None:
            self._render(scoring.score(after.scored.assessment, after.scored.form), after.narratives)

        alone, both = _turns(effort.large, _timed(one_year), _timed(lambda _: compare(before, after)))
        yield Row(
            what="比较两年各 2000 项指标、2 万字，是一年计分和生成的几倍",
            plain=None,
            ours=median(both),
            ratio=median(a / b for a, b in zip(both, alone, strict=True)),
            goal=3,
            at_most=True,
        )

    def from_files_to_files(self, effort: Effort) -> Iterator[Row]:
        """Measure the way from the folders of all units to their documents on the disk, by the clock.

        A build shares many units among the processors; a script with docxtpl, as its manual has it, does not.
        """
        out, build = self.repository / "plain", self.repository / "build"
        cpu: list[list[float]] = [[], []]

        contents = [printed.fill(*self._judged(folder)) for folder in self.folders]

        def plain(_: int) -> None:
            for folder, context in zip(self.folders, contents, strict=True):
                _read_plainly(folder)
                _plain_document(self.path, context, out / f"{folder.name}.docx")

        def ours(_: int) -> None:
            if building.build() != FINE:
                raise Failed("build 没有成功。")

        def side(work: Callable[[int], None], target: Path, processors: list[float], number: int) -> float:
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            silent = io.StringIO()
            with (
                contextlib.chdir(self.repository),
                contextlib.redirect_stdout(silent),
                contextlib.redirect_stderr(silent),
            ):
                start, used = time.perf_counter(), sum(os.times()[:4])
                work(number)
                spent = (time.perf_counter() - start) * 1000
                # Those of the processes that shared the work as well: they are waited for by now.
                processors.append((sum(os.times()[:4]) - used) * 1000)
            made = sum(1 for _ in target.rglob("*.docx"))
            if made != len(self.folders):
                raise Failed(f"应有 {len(self.folders)} 份 Word 文件，实有 {made} 份。")
            return spent

        theirs, built = _turns(
            effort.files, partial(side, plain, out, cpu[0]), partial(side, ours, build, cpu[1])
        )
        yield _compared(f"从文件到文件，{len(self.folders)} 份，含全部检查（按钟表）", theirs, built, 6)
        yield _compared("　CPU 时间，所有进程相加", cpu[0], cpu[1])


def _body(file: io.BytesIO) -> str:
    with zipfile.ZipFile(file) as archive:
        return canonicalize(archive.read(BODY).decode())


# --- whole processes ------------------------------------------------------------------------------------------------

_BARE = """\
import json
import docxtpl

with open("context.json", encoding="utf-8") as file:
    context = json.load(file)
document = docxtpl.DocxTemplate({template!r})
document.render(context, autoescape=True)
document.save("bare.docx")
"""


def _whole_processes(program: Path, bench: _Bench, effort: Effort) -> Iterator[Row]:
    """Measure `invoke build` of one assessment against a bare script, each in a process of its own."""
    _copy(program, "templates", "perfdoc", "tasks.py")
    _copy(program, f"content/{SAMPLE}")
    context = printed.fill(*bench.sample)
    (program / "context.json").write_text(json.dumps(context, ensure_ascii=False), encoding="utf-8")
    (program / "bare.py").write_text(_BARE.format(template=TEMPLATE), encoding="utf-8")
    for name in ("perfdoc", "tasks.py"):
        (compileall.compile_dir if (program / name).is_dir() else compileall.compile_file)(
            program / name, quiet=1
        )
    bare = partial(_process, program, sys.executable, "bare.py")
    build = partial(_process, program, *_invoke(), "build")

    def first(number: int) -> float:
        shutil.rmtree(program / "build", ignore_errors=True)
        return build(number)

    _turns(1, bare, first, build)  # the disk's cache, and byte code of installed packages
    theirs, firsts, idle = _turns(effort.processes, bare, first, build)
    for what, ours, goal in (("首次 invoke build", firsts, 1.6), ("没有变化时 invoke build", idle, 1.0)):
        ratio = median(b / a for a, b in zip(theirs, ours, strict=True))
        yield Row(
            what=f"整个进程：{what}",
            plain=median(theirs),
            ours=median(ours),
            ratio=ratio,
            goal=goal,
            at_most=True,
        )


def _invoke() -> list[str]:
    """Find the command that a clerk types, beside this interpreter."""
    command = shutil.which("invoke", path=str(Path(sys.executable).parent))
    return [command] if command else [sys.executable, "-m", "invoke"]


def _process(folder: Path, *command_and_round: Any) -> float:
    """Run a command to its end and return the CPU time, user's and system's, of it and its children."""
    *command, _ = command_and_round
    known = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=folder, env=known, stdout=said, stderr=said)  # noqa: S603 -- our own commands
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            words = said.read().decode("utf-8", "replace")[-500:]
            raise Failed(f"{' '.join(map(str, command))} 以 {child.returncode} 结束：{words}")
    return (used.ru_utime + used.ru_stime) * 1000


# --- the table ------------------------------------------------------------------------------------------------------


def _table(rows: Sequence[Row]) -> Iterator[str]:
    cells = [("项目", "docxtpl", "本项目", "比", "目标", "结果"), *map(_cells, rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        first, *figures, last = map(pad_left, row, widths)
        yield "  ".join((pad(first.strip(" "), widths[0]), *figures, last.strip())).rstrip()


def _cells(row: Row) -> tuple[str, ...]:
    goal = "" if row.goal is None else f"{'≤' if row.at_most else '≥'} {row.goal:g}"
    met = "" if row.met is None else ("达到" if row.met else "未达到")
    ratio = f"{row.ratio:.2f} 倍" if row.at_most else f"快 {row.ratio:.1f} 倍"
    return row.what, _duration(row.plain), _duration(row.ours), ratio, goal, met


def _duration(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "—"
    if milliseconds >= 10_000:  # noqa: PLR2004 -- seconds read better from here on
        return f"{milliseconds / 1000:.1f} 秒"
    return f"{milliseconds:.2f} 毫秒" if milliseconds < 10 else f"{milliseconds:.0f} 毫秒"  # noqa: PLR2004
