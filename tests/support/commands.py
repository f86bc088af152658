"""The commands of the console script, as typed in a folder of a repository.

A process of its own takes longer to start than most commands take: where a test asks what is said, written and
returned, the command runs in this one; where it asks what the process around it does, it runs in another.
"""

import contextlib
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from perfdoc.cli import console

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
Edit = Callable[[Path], None]


def perfdoc(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run a command in this process; with an environment of its own it needs a process of its own."""
    if environment:
        return process(folder, *arguments, **environment)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = console.main(arguments)
        except SystemExit as leaving:  # as argparse does
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return subprocess.CompletedProcess(arguments, code, said(out), said(err))


def said(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def process(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run a command as a person does, in a process of its own."""
    encoding = environment.get("PYTHONIOENCODING", "utf-8").split(":")[0]
    return subprocess.run(
        [sys.executable, "-m", "perfdoc", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding=encoding,
        check=False,
    )


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def replace(file: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    return edit
