"""What every task needs of the screen and the repository: exit codes, refusals, the folder, what was chosen."""

import atexit
import codecs
import gc
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from perfdoc.host import workspace

if TYPE_CHECKING:
    from perfdoc.core.diagnostics import Diagnostic
    from perfdoc.disk import NotWritten
    from perfdoc.host.pipeline import Run

FINE, AT_FAULT, WRONG_USE = 0, 1, 2
FORMATS = ("text", "html", "docx", "md", "json")
"""The faces of a comparison, as `--format` names them."""
TREND_FORMATS = ("text", "html")


class Refusal(Exception):  # noqa: N818 -- wrong use or an unfit machine; `guarded` turns it into exit code 2
    """The command cannot be carried out as given."""


def find_repository() -> Path:
    """Find the content repository that the command is given in; raises `Refusal` outside one."""
    root = workspace.find_root(Path.cwd())
    if root is None:
        raise Refusal(
            "这里不是内容仓库：上级文件夹里没有 content 和 templates。请先进入仓库的文件夹；还没有的，运行 perfdoc init 建一个。"
        )
    return root


def choose(year: str | None, name: str | None) -> tuple[Path, tuple[str, ...]]:
    """Find the repository and the assessments that a command is given; raises `Refusal` where there are none."""
    root = find_repository()
    every, misnamed = workspace.scan(root)
    for path in misnamed:
        print(f"{shown(root, path)} 没有读。请改名为 {workspace.ASSESSMENT}。", file=sys.stderr)
    if not every:
        raise Refusal("content 下还没有自评（没有 assessment.yaml）。用 perfdoc new 新写一份。")
    chosen = workspace.select(root, every, year, name)
    unshown = next(filter(workspace.UNSHOWN.search, chosen), None)
    if unshown is not None:
        raise Refusal(f"content 下的文件夹「{unshown}」名称里有控制字符，或不是 UTF-8。请给它改名。")
    if not chosen:
        wanted = "，".join(f"{key} {value}" for key, value in (("--year", year), ("--name", name)) if value)
        raise Refusal(f"没有找到 {wanted} 的自评。现有：{_listed(root, every[:20])}。")
    return root, chosen


def _listed(root: Path, names: Iterable[str]) -> str:
    """List assessments, each with its year where its name does not say it."""
    said = ((name, workspace.year_said(root, name)) for name in names)
    return "、".join(name if not year or year in name else f"{name}（{year} 年度）" for name, year in said)


def shown(root: Path, path: Path) -> str:
    """Name a file as the clerk sees it: from the repository's root, with forward slashes."""
    return workspace.relative(root, path)


def escaped(text: str) -> str:
    """Write what would steer the screen, or is no text, as an escape; line ends and tabs stay."""
    return workspace.UNSHOWN.sub(lambda f: f[0] if f[0] in "\n\t" else ascii(f[0])[1:-1], text)


def print_diagnostics(diagnostics: "Iterable[Diagnostic]", stream: TextIO) -> None:
    """Print what was found, a line each."""
    for diagnostic in diagnostics:
        print(escaped(str(diagnostic)), file=stream)


def print_troubles(troubles: Iterable["NotWritten"]) -> None:
    """Print which files could not be written, and why; those that one file held back stand in one line."""
    held: dict[Path, list[NotWritten]] = {}
    for trouble in troubles:
        if trouble.cause is not None:
            held.setdefault(trouble.cause, []).append(trouble)
        else:
            print(escaped(f"错误 {trouble}"), file=sys.stderr)
    for cause, back in held.items():
        names = "、".join(f"“{one.path.name}”" for one in back[:_NAMED])
        all_of_them = f"{names}等 {len(back)} 个文件" if len(back) > _NAMED else names
        print(escaped(f"错误 因为“{cause.name}”写不出去，{all_of_them}也没有写。"), file=sys.stderr)


_NAMED = 3
"""How many of the files that were held back are named before they are counted."""


def print_json(text: str) -> None:
    """Print JSON for a program: where the screen is not UTF-8 all but ASCII is escaped, and any program can read it."""
    encoding = sys.stdout.encoding or "utf-8"
    if codecs.lookup(encoding).name != "utf-8":
        # All that is not ASCII stands in strings, where every character may be written as its escape.
        text = re.sub(r"[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], text)
    sys.stdout.write(text)


def open_run(root: Path, *, strict: bool = False) -> "Run":
    """Begin a run over a repository."""
    from perfdoc.host import pipeline  # noqa: PLC0415

    return pipeline.Run(root, strict=strict)


def write_prepared(run: "Run") -> None:
    """Keep what docxtpl prepared for the next run; where that fails, the next run prepares again."""
    if run.prepared:
        from perfdoc.host.output import Home  # noqa: PLC0415

        Home(run.root, workspace.prepared_folder(run.root)).write(run.prepared, durable=False)
        run.prepared.clear()


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
        return sheltered(command)
    except Refusal as refusal:
        print(escaped(str(refusal)), file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        # The reader has gone (`| head`); Python would complain once more when it flushes at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 -- lives until the exit
        return FINE
    except KeyboardInterrupt:
        print("已中断。写出的文件都是完整的；还没写的没有动。", file=sys.stderr)
        return WRONG_USE


def sheltered(job: Callable[[], int]) -> int:
    """Do a job; where it fails in a way that nobody foresaw, say so in a sentence and go on behind it."""
    try:
        return job()
    except (Refusal, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 -- the last resort: whatever it is, the clerk gets a sentence
        print(escaped(_last_words(error)), file=sys.stderr)
        return WRONG_USE


def _last_words(error: Exception) -> str:
    """Say that something went wrong that nobody foresaw, and where the particulars are."""
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    told = f"出了意料之外的问题（{type(error).__name__}：{str(error)[:200]}），没有做完；已写出的文件都是完整的。"
    particulars = escaped("".join(traceback.format_exception(error))).encode("utf-8", "backslashreplace")
    try:
        descriptor, name = tempfile.mkstemp(prefix="perfdoc-", suffix=".txt")
        with open(descriptor, "wb") as file:  # noqa: PTH123 -- the descriptor is open
            file.write(particulars)
    except OSError:
        return f"{told}临时文件夹写不进去，没有留下记录。请腾出空间后再试一次。"
    return f"{told}请把 {name} 发给维护 perfdoc 的人。"
