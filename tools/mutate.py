"""Would a test notice? Change one thing in the code at a time, run the tests that concern it, and list what they let pass.

Each mutant is one edit of one expression: an operator, a comparison, a constant, a condition turned round, two
arguments swapped, a result dropped. It is made in a copy of the package in a temporary folder, so that the working
copy is never touched; Hypothesis runs without chance, so the same code gives the same list.
"""

import ast
import compileall
import copy
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("perfdoc", "templates", "content", "tests", "pyproject.toml")
GOAL = 95
"""Per cent of the mutants of each module that the tests have to notice."""

MODULES = {
    "scoring": (
        ("scoring/__init__.py", "scoring/draft.py", "scoring/points.py", "scoring/value.py"),
        ("tests/core/test_scoring.py", "tests/rules"),
    ),
    "quantity": (("quantity.py",), ("tests/core/test_quantity.py",)),
    "rollup": (
        ("rollup.py",),
        (
            "tests/rollup/test_tally.py",
            "tests/rollup/test_rollup.py::test_whatever_keeps_a_figure_from_being_drawn_is_told",
        ),
    ),
    "forms": (("forms.py",), ("tests/core/test_forms.py", "tests/rollup/test_tally.py")),
}
"""The files of each part, and the tests that concern it, the likeliest to notice first."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit: the bytes of a file from `start` to `end` become `text`."""

    part: str
    file: str
    line: int
    start: int
    end: int
    text: str


# --- making mutants ---------------------------------------------------------------------------------------------

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SPOKEN = frozenset({"entry"})
"""Calls whose texts are for a person who writes the file; no test reads them word for word."""


def mutants(part: str, file: str, source: str) -> list[Mutant]:
    """List every mutant of a file, in its order."""
    data = source.encode()
    begins = [0]
    for line in data.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found: list[Mutant] = []
    for node, changed in _edits(ast.parse(source)):
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        text = changed if isinstance(changed, str) else ast.unparse(changed)
        mutant = Mutant(part, file, node.lineno, start, end, text)
        if _differs(source, applied(mutant, data)):
            found.append(mutant)
    return sorted(set(found), key=lambda m: (m.start, m.end, m.text))


def applied(mutant: Mutant, data: bytes) -> bytes:
    """Make the edit."""
    return data[: mutant.start] + mutant.text.encode() + data[mutant.end :]


def _differs(source: str, mutated: bytes) -> bool:
    """Tell whether an edit gives another program, and one that compiles."""
    try:
        return ast.dump(ast.parse(mutated)) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False


Edit = tuple[ast.expr, ast.expr | str]


def _edits(tree: ast.AST) -> Iterator[Edit]:
    for node in _walk(tree):
        if isinstance(node, ast.Compare):
            yield from _comparisons(node)
        elif isinstance(node, ast.BoolOp):
            other = copy.copy(node)
            other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, other
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield node, node.operand
        elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
            counted = copy.copy(node)
            counted.op = _COUNTED[type(node.op)]()
            yield node, counted
        elif isinstance(node, ast.Constant):
            yield from _constants(node)
        elif isinstance(node, ast.Call) and len(node.args) > 1 and not _starred(node):
            swapped = copy.copy(node)
            swapped.args = [node.args[1], node.args[0], *node.args[2:]]
            yield node, swapped
        elif isinstance(node, ast.Return) and node.value is not None:
            yield node.value, "None"
        yield from _conditions(node)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when a function is called: no annotation, decorator, docstring, assertion or spoken text."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _skipped(child):
                yield from _walk(child)


def _skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    spoken = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SPOKEN
    # Inside an f-string Python 3.11 gives no places.
    return spoken or isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr)


def _starred(call: ast.Call) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in call.args[:2])


def _comparisons(node: ast.Compare) -> Iterator[Edit]:
    for i, op in enumerate(node.ops):
        for other in _COMPARED[type(op)]:
            changed = copy.copy(node)
            changed.ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
            yield node, changed


def _constants(node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield node, repr(not value)
    elif isinstance(value, int):
        yield node, repr(value + 1)
    elif isinstance(value, str):
        yield node, repr(f"?{value}" if value else "?")


def _conditions(node: ast.AST) -> Iterator[Edit]:
    """Turn a condition round where no comparison or `not` in it does so already."""
    tests: list[ast.expr] = []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests = [node.test]
    elif isinstance(node, ast.comprehension):
        tests = node.ifs
    for test in tests:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call):
            yield test, f"(not {ast.unparse(test)})"


# --- trying them ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """A copy of the repository in which one mutant after the other is tried."""

    folder: Path

    def tests_pass(self, part: str, *, patience: float) -> bool:
        """Run the tests that concern a part; a run that does not end has noticed."""
        tests = [test for test in MODULES[part][1] if (self.folder / test.partition("::")[0]).exists()]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no"]
        command += ["-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow and not office", *tests]
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment = kept | {
            "PYTHONPATH": str(self.folder),
            "HYPOTHESIS_PROFILE": "mutation",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        try:
            done = subprocess.run(  # noqa: S603 -- this project's own tests
                command, cwd=self.folder, env=environment, capture_output=True, check=False, timeout=patience
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def survives(self, mutant: Mutant, *, patience: float) -> bool:
        """Tell whether the tests let a mutant pass."""
        path = self.folder / "perfdoc" / mutant.file
        whole = path.read_bytes()
        try:
            path.write_bytes(applied(mutant, whole))
            return self.tests_pass(mutant.part, patience=patience)
        finally:
            path.write_bytes(whole)


def prepared(folder: Path) -> Bench:
    """Copy the repository; what is mutated keeps no compiled form that could be mistaken for it."""
    unwanted = shutil.ignore_patterns("__pycache__", ".hypothesis", "build")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=unwanted)
        else:
            shutil.copy(source, folder / name)
    compileall.compile_dir(folder / "perfdoc", quiet=2)
    for files, _ in MODULES.values():
        for file in files:
            path = folder / "perfdoc" / file
            for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
                compiled.unlink()
    return Bench(folder)


def shown(mutant: Mutant) -> str:
    """Write a mutant as a difference."""
    before = (ROOT / "perfdoc" / mutant.file).read_bytes()
    old, new = (text.decode().splitlines() for text in (before, applied(mutant, before)))
    changes = list(difflib.unified_diff(old, new, n=0, lineterm=""))[3:]
    return "\n".join(f"    {line}" for line in changes)


def chosen(parts: list[str], most: int | None) -> list[Mutant]:
    """List the mutants of the parts: all, or at most so many of each, drawn the same way every time."""
    every: list[Mutant] = []
    for part in parts:
        own = [
            mutant
            for file in MODULES[part][0]
            for mutant in mutants(part, file, (ROOT / "perfdoc" / file).read_text(encoding="utf-8"))
        ]
        if most is not None and len(own) > most:
            own = sorted(random.Random(part).sample(own, most), key=lambda m: (m.file, m.start, m.text))  # noqa: S311
        every += own
    return every


def main(*, parts: str | None = None, most: int | None = None, at_once: int = 2) -> int:
    """Try the mutants and report; 0 where the tests noticed enough of every part, else 1.

    Args:
        parts: Names of `MODULES` with commas between them; all where None.
        most: How many mutants of each part to try; all where None.
        at_once: How many to try side by side.
    """
    names = parts.split(",") if parts else list(MODULES)
    with tempfile.TemporaryDirectory() as folder:
        benches = [prepared(_made(Path(folder) / str(i))) for i in range(at_once)]
        patience: dict[str, float] = {}
        for name in names:
            begun = time.monotonic()
            if not benches[0].tests_pass(name, patience=600):
                print(f"{name}：没有改动时测试就不通过，先把测试改好。")
                return 1
            patience[name] = 20 + 5 * (time.monotonic() - begun)
        trying = chosen(names, most)
        return _report(names, trying, _tried(trying, benches, patience))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _tried(trying: list[Mutant], benches: list[Bench], patience: dict[str, float]) -> list[bool]:
    """Try each mutant in the next bench that is free, and print each that survives; True where it does."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def attempt(mutant: Mutant) -> bool:
        bench = free.get()
        try:
            return bench.survives(mutant, patience=patience[mutant.part])
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as pool:
        outcomes: list[bool] = []
        for mutant, alive in zip(trying, pool.map(attempt, trying), strict=True):
            outcomes.append(alive)
            if alive:
                print(f"perfdoc/{mutant.file}:{mutant.line} 活下来了\n{shown(mutant)}", flush=True)
        return outcomes


def _report(names: list[str], trying: list[Mutant], survived: list[bool]) -> int:
    code = 0
    for name in names:
        outcomes = [alive for mutant, alive in zip(trying, survived, strict=True) if mutant.part == name]
        killed = len(outcomes) - sum(outcomes)
        share = 100 * killed / len(outcomes) if outcomes else 100.0
        code = code if share >= GOAL else 1
        print(
            f"{name}：{len(outcomes)} 个变异，测试发现 {killed} 个（{share:.1f}%），漏过 {sum(outcomes)} 个"
        )
    return code
