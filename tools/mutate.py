"""Would a test notice? Change one thing in the code at a time, run the tests that concern it, and list what they let pass.

Each mutant is one edit of one expression or statement: an operator, a comparison, a constant, a condition turned
round, two arguments swapped, a result or a call dropped. It is tried in a copy of the repository in a temporary
folder, so that work can go on meanwhile; Hypothesis runs without chance, so the same code gives the same list.
"""

import ast
import copy
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

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
"""The files of each part, and the tests that concern it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit: the bytes of a file from `start` to `end` become `text`."""

    part: str
    file: str
    line: int
    start: int
    end: int
    text: str
    function: str
    """The function whose body holds it, as Python names it; empty where it runs as the module is imported."""


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
"""Calls whose texts are for the person who writes the file; what else they are given, their defaults, is code."""

_ANY_ORDER = frozenset({"min", "max", "multiply"})
"""Calls that give the same in whatever order their arguments stand: swapping them changes nothing."""

_TYPES = frozenset({"Callable", "tuple", "dict", "list", "frozenset", "set", "Mapping", "Iterator"})
"""What is subscripted to write a type: nothing happens there when the program runs."""

_NAMES_ONLY = frozenset({"__all__"})
"""Lists of names for the reader and the linter; no caller imports by them."""


def mutants(part: str, file: str, source: str) -> list[Mutant]:
    """List every mutant of a file, in its order."""
    data = source.encode()
    begins = [0]
    for line in data.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found: list[Mutant] = []
    tree = ast.parse(source)
    functions = dict(_functions(tree))
    for node, changed in _edits(tree):
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        text = changed if isinstance(changed, str) else ast.unparse(changed)
        if text == ast.unparse(node):
            continue  # what returns nothing already, for example
        text = text if isinstance(changed, str) else f"({text})"
        found.append(Mutant(part, file, node.lineno, start, end, text, functions.get(node.lineno, "")))
    return sorted(set(found), key=lambda m: (m.start, m.end, m.text))


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[int, str]]:
    """Pair each line of the body of a function or method with the function's name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1):
                yield line, f"{within}{node.name}"


def applied(mutant: Mutant, data: bytes) -> bytes:
    """Make the edit."""
    return data[: mutant.start] + mutant.text.encode() + data[mutant.end :]


Edit = tuple[ast.expr | ast.stmt, ast.expr | str]


def _edits(tree: ast.AST) -> Iterator[Edit]:
    for node in _walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _inside(node)
        else:
            yield from _edits_of(node)


def _edits_of(node: ast.AST) -> Iterator[Edit]:
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
    elif isinstance(node, ast.Call) and _swappable(node):
        swapped = copy.copy(node)
        swapped.args = [node.args[1], node.args[0], *node.args[2:]]
        yield node, swapped
    elif isinstance(node, ast.Return) and node.value is not None:
        yield node.value, "None"
    elif isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    ):
        yield node, "pass"
    yield from _conditions(node)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when a function is called: no annotation, decorator, docstring, assertion or spoken text."""
    yield node
    if isinstance(node, ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases"):
            continue
        if name == "args" and _called(node) in _SPOKEN:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _skipped(child):
                yield from _walk(child)


def _skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True  # zip(strict=True) is an assertion: it changes nothing where what it says holds
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in _TYPES:
        return True
    if isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id in _NAMES_ONLY for target in node.targets
    ):
        return True
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom)


def _called(node: ast.AST) -> str:
    """Name what a call calls; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _swappable(call: ast.Call) -> bool:
    starred = any(isinstance(argument, ast.Starred) for argument in call.args[:2])
    return len(call.args) > 1 and not starred and _called(call) not in _ANY_ORDER | _SPOKEN


def _inside(text: ast.JoinedStr) -> Iterator[Edit]:
    """Edit an f-string as a whole, since Python 3.11 gives no places inside one: its words, and what it computes."""
    yield text, ast.JoinedStr([ast.Constant("X"), *text.values])
    for i, piece in enumerate(text.values):
        if isinstance(piece, ast.FormattedValue):
            for node in _walk(piece.value):
                for old, new in _edits_of(node):
                    pieces = [*text.values]
                    pieces[i] = _Instead(old, new).visit(copy.copy(piece))
                    yield text, ast.JoinedStr(pieces)


class _Instead(ast.NodeTransformer):
    """Puts one node in the place of another, in a copy."""

    def __init__(self, old: ast.AST, new: ast.expr | str) -> None:
        self.old = old
        self.new = ast.parse(new, mode="eval").body if isinstance(new, str) else new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(copy.copy(node))

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node


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
        # A letter rather than a sign: a pattern with it is still a pattern, and has to be missed by a test.
        yield node, repr(f"X{value}")


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


class Process:
    """A process of `tools/trial.py` for one part of the program, in one of its two modes."""

    def __init__(self, mode: str, folder: Path, part: str) -> None:
        """Start it for a copy of the repository."""
        self.folder = folder
        self.patience = 600.0
        self.known: object = None
        words = ["-x", "-q", "--no-header", "--tb=no", "-m", "not slow and not office", *MODULES[part][1]]
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self.process = subprocess.Popen(  # noqa: S603 -- this project's own tests
            [sys.executable, str(ROOT / "tools" / "trial.py"), mode, str(folder), *words],
            cwd=folder,
            env=kept | {"HYPOTHESIS_PROFILE": "mutation"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def begun(self) -> bool:
        """Run the tests with nothing changed: do they pass, how long do they take, what does each call?"""
        told = self._asked(module=None, path=None, source=None, function=None)
        self.patience = 5 + 5 * float(told["seconds"])
        self.known = told["known"]
        return bool(told["code"] == 0)

    def begun_like(self, other: "Process") -> None:
        """Take over what another process found out."""
        self.patience = other.patience
        self._ask(known=other.known)

    def tried(self, mutant: Mutant) -> tuple[bool, bool]:
        """Tell whether the tests let a mutant pass, and whether its function was called before any test ran.

        A mutant that does not end was noticed.
        """
        path = self.folder / "perfdoc" / mutant.file
        name = "perfdoc." + mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        source = applied(mutant, path.read_bytes()).decode()
        told = self._asked(module=name, path=str(path), source=source, function=mutant.function)
        if told["code"] in _TROUBLE:
            raise RuntimeError(f"pytest itself failed: {told}")
        return told["code"] == 0, told["early"]

    def _asked(self, **asked: str | None) -> dict[str, Any]:
        self._ask(**asked, patience=self.patience)
        assert self.process.stdout  # noqa: S101 -- it is a pipe
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process that tries mutants has ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def _ask(self, **asked: object) -> None:
        assert self.process.stdin  # noqa: S101 -- it is a pipe
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def closed(self) -> None:
        """Let the process end."""
        self.process.communicate()


class Bench:
    """Tries mutants one after the other: the quick way where that is enough, else with everything imported anew."""

    def __init__(self, folder: Path, part: str) -> None:
        """Start both processes."""
        self.folder = folder
        self.processes = [Process(mode, folder, part) for mode in ("loaded", "anew")]

    def begun(self) -> bool:
        """Run the tests with nothing changed; tell whether they pass."""
        with ThreadPoolExecutor() as pool:
            return all(pool.map(Process.begun, self.processes))

    def begun_like(self, other: "Bench") -> None:
        """Take over what another bench found out."""
        for mine, known in zip(self.processes, other.processes, strict=True):
            mine.begun_like(known)

    def survives(self, mutant: Mutant) -> bool:
        """Tell whether the tests let a mutant pass."""
        loaded, anew = self.processes
        if mutant.function:
            alive, early = loaded.tried(mutant)
            if not (alive and early):
                return alive
        return anew.tried(mutant)[0]

    def closed(self) -> None:
        """Let the processes end."""
        for process in self.processes:
            process.closed()


_TROUBLE = (4, 5)
"""Exit codes of pytest that no mutant brings about: it was called wrongly, or found no tests."""


def copied(folder: Path) -> Path:
    """Copy what the tests need."""
    unwanted = shutil.ignore_patterns("__pycache__", ".hypothesis", "build")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=unwanted)
        else:
            shutil.copy(source, folder / name)
    return folder


def shown(mutant: Mutant, folder: Path = ROOT) -> str:
    """Write a mutant as a difference."""
    before = (folder / "perfdoc" / mutant.file).read_bytes()
    old, new = (text.decode().splitlines() for text in (before, applied(mutant, before)))
    changes = list(difflib.unified_diff(old, new, n=0, lineterm=""))[3:]
    return "\n".join(f"    {line}" for line in changes)


def chosen(part: str, most: int | None, folder: Path = ROOT) -> list[Mutant]:
    """List the mutants of a part: all, or at most so many, drawn the same way every time."""
    own = [
        mutant
        for file in MODULES[part][0]
        for mutant in mutants(part, file, (folder / "perfdoc" / file).read_text(encoding="utf-8"))
    ]
    if most is not None and len(own) > most:
        own = sorted(random.Random(part).sample(own, most), key=lambda m: (m.file, m.start, m.text))  # noqa: S311
    return own


def main(*, parts: str | None = None, most: int | None = None, at_once: int = 2) -> int:
    """Try the mutants and report; 0 where the tests noticed enough of every part, else 1.

    Args:
        parts: Names of `MODULES` with commas between them; all where None.
        most: How many mutants of each part to try; all where None.
        at_once: How many to try side by side.
    """
    if not hasattr(os, "fork"):
        print("这项检查要用 fork，Windows 上没有；请在 Linux 或 macOS 上运行。")
        return 2
    names = parts.split(",") if parts else list(MODULES)
    reports: list[str] = []
    good = True
    with tempfile.TemporaryDirectory() as folder:
        copied(Path(folder))
        for name in names:
            benches = [Bench(Path(folder), name) for _ in range(at_once)]
            if not benches[0].begun():
                print(f"{name}：没有改动时测试就不通过，先把测试改好。")
                return 1
            for bench in benches[1:]:
                bench.begun_like(benches[0])
            survived = _tried(chosen(name, most, Path(folder)), benches)
            for bench in benches:
                bench.closed()
            made, passed = len(survived), sum(survived)
            share = 100 * (made - passed) / made if made else 100.0
            good = good and share >= GOAL
            reports.append(
                f"{name}：{made} 个变异，测试发现 {made - passed} 个（{share:.1f}%），漏过 {passed} 个"
            )
    print("\n".join(reports))
    return 0 if good else 1


def _tried(trying: list[Mutant], benches: list[Bench]) -> list[bool]:
    """Try each mutant on the next bench that is free, and print each that survives; True where it does."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def attempt(mutant: Mutant) -> bool:
        bench = free.get()
        try:
            return bench.survives(mutant)
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as pool:
        outcomes: list[bool] = []
        for mutant, alive in zip(trying, pool.map(attempt, trying), strict=True):
            outcomes.append(alive)
            if alive:
                print(
                    f"perfdoc/{mutant.file}:{mutant.line} 活下来了\n{shown(mutant, benches[0].folder)}",
                    flush=True,
                )
        return outcomes
