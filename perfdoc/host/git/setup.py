"""How git shows differences in this repository: hunk headers, words, and a .docx as its form.

git runs no command that a repository brings along, so each clone is configured once; `.gitattributes` lists the files.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfdoc.host.git.ask import NoAnswer, ask

_ANY_CHARACTER = "[^[:space:]]" + f"[{''.join(map(chr, range(0x100, 0x140)))}]*"
"""A character, whether git takes it for one or for its bytes.

Under LC_ALL=C and on Windows git reads bytes. The 64 letters are those whose last bytes in UTF-8 are all there are,
so that the bytes of one Chinese character stay together; where git reads characters, they hardly ever occur.
No bytes that are no UTF-8 stand in here: a command line on Windows could not carry them.
"""

_WORDS = f"[0-9]+([.][0-9]+)?%?|[A-Za-z]+|{_ANY_CHARACTER}"
_OPENINGS = "^ *- +((一级指标|名称|目标): *[^ ].*)$\n^([^][:space:]#{}-][^:]*):"
"""The line that opens a dimension, a group or an indicator of several lines, and each part of the file.

An indicator of one line opens nothing: git names what stands above a hunk, and that would be another indicator.
"""

_COMMAND = " -P -X utf8 -m perfdoc text"
"""What follows the interpreter.

`-P`: a folder `perfdoc` in somebody's repository is not the program. `-X utf8`: git reads UTF-8, whatever the console
does.
"""

ATTRIBUTES: Mapping[str, str] = {
    "content/**/assessment.yaml": "diff=perfdoc",
    "content/**/*.md": "diff=perfdoc-text",
    "*.docx": "-text -merge diff=perfdoc-docx",
}
"""What `.gitattributes` has to say for the settings to take effect."""


def settings(python: str) -> dict[str, tuple[str, str]]:
    """List every setting with its value and, in Chinese, what it is for.

    Args:
        python: The interpreter that perfdoc is installed for.
    """
    # git hands the line to a shell, on Windows too, where forward slashes do as well.
    command = f"{shlex.quote(Path(python).as_posix())}{_COMMAND}"
    return {
        "diff.perfdoc.xfuncname": (_OPENINGS, "差异上方写出所在的一级、二级指标"),
        "diff.perfdoc.wordRegex": (_WORDS, "按字比较，数字不拆开"),
        "diff.perfdoc-text.wordRegex": (_WORDS, "叙述按字比较，数字不拆开"),
        "diff.perfdoc-docx.textconv": (command, "Word 附件按表的文字逐行比较"),
        "diff.perfdoc-docx.wordRegex": (_WORDS, "附件的文字按字比较，数字不拆开"),
    }


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the settings.

    Attributes:
        changed: The keys that were set, or removed.
        left: Keys that somebody has set himself, with his value; they stay as they are.
    """

    changed: tuple[str, ...]
    left: Mapping[str, str]


def install(folder: Path, python: str) -> Done:
    """Set what is not set yet, for this repository only; what somebody set himself stays."""
    known, left = _known(folder)
    wanted = {key: value for key, (value, _) in settings(python).items() if key not in left}
    missing = tuple(key for key, value in wanted.items() if known[key] != [value])
    for key in missing:
        _configure(folder, "--replace-all", key, wanted[key])
    return Done(missing, left)


def remove(folder: Path) -> Done:
    """Remove what `install` sets and nothing else."""
    known, left = _known(folder)
    present = tuple(key for key, values in known.items() if values and key not in left)
    for key in present:
        _configure(folder, "--unset-all", key)
    return Done(present, left)


def unattributed(folder: Path) -> list[str]:
    """List the lines that `.gitattributes` lacks."""
    asked = {pattern: pattern.replace("**", "2020").replace("*", "x") for pattern in ATTRIBUTES}
    answer = ask(folder, "check-attr", "-z", "diff", "--", *asked.values())
    given = answer.out.decode("utf-8", "replace").split("\0")[2::3]
    return [
        f"{pattern} {ATTRIBUTES[pattern]}"
        for pattern, driver in zip(asked, given, strict=False)
        if not ATTRIBUTES[pattern].endswith(f"diff={driver}")
    ]


def _values(folder: Path, key: str) -> list[str]:
    answer = ask(folder, "config", "--local", "-z", "--get-all", key)
    return [] if answer.code else answer.out.decode("utf-8", "replace").split("\0")[:-1]


def _known(folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Read the values of every setting, and the last of each that no perfdoc has set."""
    known = {key: _values(folder, key) for key in settings("")}
    left = {}
    for key, (own, _) in settings("").items():
        # The path of the interpreter is another where the program moved.
        end = _COMMAND if key.endswith(".textconv") else None
        theirs = [value for value in known[key] if not (value.endswith(end) if end else value == own)]
        if theirs:
            left[key] = theirs[-1]
    return known, left


def _configure(folder: Path, *arguments: str) -> None:
    answer = ask(folder, "config", "--local", *arguments)
    if answer.code:
        raise NoAnswer(f"git 的设置没有写成（{answer.complaint}）。")
