"""A bench of `tools.mutate`: a pytest that is started once and tries one mutant after the other, each in a fork.

Starting Python and pytest and collecting take longer than the tests that notice. So this process does that once and
forks for each mutant. `loaded`, the tests are collected already and the fork exchanges the code of the one function
that is mutated, which is quick, but too late for what ran while tests were collected. `anew`, the fork imports the
package with the mutant in place of the one module, and then collects.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, TextIO

import pytest

PACKAGE = "perfdoc"
LOADED, ANEW = "loaded", "anew"
MOST_MEMORY = 4 << 30
"""Bytes that a mutant may take: one that gathers without end was noticed."""

Asked = dict[str, Any]


class Mutated(SourceFileLoader):
    """Finds one module and loads it with other code than its file holds."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module, as a finder of `sys.meta_path`."""
        del path, target
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """Give the mutated code."""
        del fullname
        return self.code


class Bench:
    """The pytest plugin: waits for mutants, forks, and in the fork orders the tests and tells which one noticed."""

    def __init__(self, mode: str, asked: TextIO, told: TextIO) -> None:
        self.mode, self.asked, self.narratives = mode, asked, told
        self.took: dict[str, float] = {}
        self.reached: dict[str, Sequence[str]] = {}
        self.early: list[str] = []
        self.noticed: dict[str, int] = {}
        self.called: set[str] = set()
        self.forked: TextIO | None = None
        self.trying: Asked = {}

    # --- before the fork ---

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Wait here, where everything that is not mutated was imported once."""
        if self.mode == ANEW:
            importlib.import_module(f"{PACKAGE}.pipeline")
            importlib.import_module("hypothesis.strategies")
            self._serve()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Wait here, where the tests are collected."""
        if self.mode == LOADED:
            sys.setprofile(None)
            self.early = sorted(self.called)
            self._serve()
            self._choose(session.items)

    def _serve(self) -> None:
        """Fork for each mutant that is asked for; only forks come back from here."""
        for line in self.asked:
            asked = json.loads(line)
            if "known" in asked:
                self.took, self.reached, self.early = asked["known"]
            elif self._fork(asked):
                return
        os._exit(0)

    def _fork(self, asked: Asked) -> bool:
        """Fork to try a mutant, or nothing changed; True in the fork."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self.forked, self.trying = os.fdopen(writing, "w", encoding="utf-8"), asked
            _limit(asked["patience"])
            (_exchange if self.mode == LOADED else _import_anew)(asked)
            return True
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as heard:
            for word in map(json.loads, (line for line in heard if line.endswith("\n"))):
                self._hear(**word)
        _, status, used = os.wait4(child, 0)
        answer: dict[str, Any] = {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": used.ru_utime + used.ru_stime,
            "early": _place(asked["path"], asked["function"]) in self.early,
        }
        if asked["path"] is None:
            answer["known"] = (self.took, self.reached, self.early)
        self.narratives.write(json.dumps(answer) + "\n")
        self.narratives.flush()
        return False

    def _hear(self, test: str, *, failed: bool, took: float, reached: Sequence[str] | None) -> None:
        self.took[test] = took
        self.noticed[test] = self.noticed.get(test, 0) + failed
        if reached is not None:
            self.reached[test] = reached

    # --- in the fork ---

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose the tests where they were not collected before."""
        if self.mode == ANEW:
            self._choose(items)

    def _choose(self, items: list[pytest.Item]) -> None:
        """Begin with the quick tests that noticed most so far; leave out those that cannot notice."""
        here = _place(self.trying["path"], self.trying["function"])
        items[:] = [item for item in items if here in self.reached.get(item.nodeid, (here,))]
        items.sort(key=lambda item: self.took.get(item.nodeid, 0.0) / (1 + self.noticed.get(item.nodeid, 0)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Watch which functions a test calls while nothing is changed."""
        watching = self.mode == LOADED and self.trying["path"] is None
        reached: set[str] = set()
        if watching:
            _watch(reached)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            item.stash[_REACHED] = sorted(reached) if watching else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        """Tell how a test went."""
        report: Any = yield
        if self.forked and (report.failed or call.when == "call"):
            reached = item.stash.get(_REACHED, None)
            word = {"test": item.nodeid, "failed": report.failed, "took": report.duration, "reached": reached}
            self.forked.write(json.dumps(word) + "\n")
            self.forked.flush()
        return report  # type: ignore[no-any-return]


_REACHED = pytest.StashKey[list[str] | None]()


def _place(path: str | None, function: str | None) -> str:
    return f"{path}:{function}"


def _watch(reached: set[str]) -> None:
    """Note which functions of the package are called from now on."""

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and f"/{PACKAGE}/" in frame.f_code.co_filename:
            reached.add(_place(frame.f_code.co_filename, frame.f_code.co_qualname))

    sys.setprofile(watch)


def _limit(patience: float) -> None:
    """Bound a fork: seconds of the processor, which a busy machine does not use up, time by the clock, and memory."""
    signal.setitimer(signal.ITIMER_PROF, patience)
    signal.setitimer(signal.ITIMER_REAL, 20 * patience)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _compiled(asked: Asked) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the compiler thinks of a mutant is no test's doing
        return compile(asked["source"], asked["path"], "exec", dont_inherit=True)


def _import_anew(asked: Asked) -> None:
    """Have the package imported anew, with the mutant where there is one."""
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]
    if asked["path"] is not None:
        sys.meta_path.insert(0, Mutated(asked["module"], asked["path"], _compiled(asked)))


def _exchange(asked: Asked) -> None:
    """Give the mutated function its code."""
    if asked["path"] is None:
        return
    (code,) = (code for code in _codes(_compiled(asked)) if code.co_qualname == asked["function"])
    (function,) = (
        function
        for function in _functions(sys.modules[asked["module"]])
        if function.__code__.co_qualname == asked["function"]
        and function.__code__.co_filename == asked["path"]
    )
    function.__code__ = code


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """List the functions that a module and its classes define."""
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) == module.__name__:
            for member in vars(thing).values() if isinstance(thing, type) else (thing,):
                function = member.fget if isinstance(member, property) else member
                if isinstance(function, FunctionType):
                    yield function


@contextlib.contextmanager
def _aside() -> Iterator[tuple[TextIO, TextIO]]:
    """Yield the ways from and to the one who asks, out of pytest's reach; what is printed goes nowhere."""
    with (
        os.fdopen(os.dup(0), encoding="utf-8") as asked,
        os.fdopen(os.dup(1), "w", encoding="utf-8") as told,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
    ):
        os.dup2(nowhere.fileno(), 1)
        yield asked, told


def main(mode: str, folder: str, *words: str) -> None:
    """Serve as a bench for the repository in a folder, with these words for pytest."""
    sys.path.insert(0, folder)
    with _aside() as ways:
        bench = Bench(mode, *ways)
        if mode == LOADED:
            _watch(bench.called)
        code = pytest.main(["-p", "no:cacheprovider", "-p", "no:xdist", *words], [bench])
        os._exit(int(code))


if __name__ == "__main__":
    main(*sys.argv[1:])
