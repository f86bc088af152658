"""Run git without running anything that the repository brings along."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class NoAnswer(Exception):  # noqa: N818 -- it says what is missing, in Chinese, for the clerk
    """There is no git, or no repository of git."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said: its exit code, what it printed, and its complaint."""

    code: int
    out: bytes
    complaint: str


_QUIET = {
    "GIT_LITERAL_PATHSPECS": "1",  # a file may be named like a pattern
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_CONFIGURED = ("--no-pager", "-c", "core.fsmonitor=false")
"""A repository may name a program to watch its files; nothing that is asked here needs it."""


def ask(folder: Path, *arguments: str, given: bytes = b"") -> Answer:
    """Run git in a folder.

    Args:
        folder: Where to run it.
        *arguments: What git is to do.
        given: What git reads from its standard input.

    Raises:
        NoAnswer: There is no git on this machine.
    """
    git = shutil.which("git")
    if git is None or Path(git).resolve().is_relative_to(folder.resolve()):
        # On Windows a program in the current folder comes first; one among the content is none of ours.
        raise NoAnswer("没有找到 git。请先安装 git，再打开一个新的窗口。")
    done = subprocess.run(  # noqa: S603 -- git itself, and no shell
        [git, *_CONFIGURED, *arguments],
        cwd=folder,
        env=os.environ | _QUIET,
        input=given,
        capture_output=True,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def prefix(folder: Path) -> str:
    """Return the path from the top of the git repository to a folder in it, with a slash at its end, or nothing.

    Raises:
        NoAnswer: There is no git, or the folder lies in no repository.
    """
    answer = ask(folder, "rev-parse", "--show-prefix")
    if answer.code:
        last = answer.complaint.splitlines()[-1:] or ["没有说明原因"]
        raise NoAnswer(f"这里不是 git 仓库，或者 git 不肯打开它（{last[0]}）。")
    return answer.out.decode("utf-8", "surrogateescape").removesuffix("\n")
