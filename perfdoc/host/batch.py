"""Process many assessments at once: one job each, spread over processes, results in the order asked for.

A bureau builds a thousand units in one go; each is a file's worth of work of its own, so the processors share them.
"""

import contextlib
import functools
import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

WORTH_SHARING = 100
"""From so many units on, what further processes cost to start is won back (0.1 s each against 5 ms a unit)."""

_PER_PROCESSOR = 3
"""Processes for each processor: a unit waits for the disk (three syncs) as long as it computes, and syncs that wait
together are done together. On two processors 200 units took 8.4 s by two processes and 3.6 to 6.5 s by six."""

_MOST_PROCESSES = 61
"""More than these Windows cannot wait for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one job returned and printed.

    Attributes:
        code: Its exit code.
        out: What it printed for the person.
        err: What it printed of troubles.
    """

    code: int
    out: str
    err: str


def answers(
    job: Callable[[str], int], names: Sequence[str], executor: Executor | None = None
) -> Iterator[Answer]:
    """Do a job for each name; the answers come in the order of the names, whoever is done first.

    Args:
        job: Can be sent to another process; what it prints is kept for its answer.
        names: Of the assessments.
        executor: Where the jobs run; None takes some processes for each processor.
    """
    asked = functools.partial(_ask, job)
    if executor is not None:
        yield from executor.map(asked, names)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- 4 ms that one unit need not pay

    processes = min((os.cpu_count() or 1) * _PER_PROCESSOR, _MOST_PROCESSES)
    pool = ProcessPoolExecutor(processes, initializer=_begin)
    try:
        yield from pool.map(asked, names, chunksize=max(1, len(names) // (processes * 4)))
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Prepare a process for its jobs: it leaves Ctrl-C to its parent, and ends when that is gone, however it went."""
    import signal  # noqa: PLC0415 -- only where many units share the processors

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process  # noqa: PLC0415 -- as above

    parent = parent_process()
    if parent is not None:
        connection.wait(
            [parent.sentinel]
        )  # ready once the parent has ended; a signal could be missed, this cannot
        os._exit(1)


def _ask(job: Callable[[str], int], name: str) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = job(name)
    return Answer(code, out.getvalue(), err.getvalue())
