"""The tasks: find files, call, print, exit.

Every command is a function that returns its exit code: 0 fine, 1 the content is at fault, 2 wrong use or a
trouble of the machine. `tasks.py` and the console script `perfdoc` are thin fronts over the same functions.
Heavy modules are imported where they are used: a build that has nothing to do must cost next to nothing.
"""

from perfdoc.cli.between import FORMATS, TREND_FORMATS, diff, trend
from perfdoc.cli.building import build
from perfdoc.cli.checking import check, explain
from perfdoc.cli.opening import new_year
from perfdoc.cli.screen import AT_FAULT, FINE, WRONG_USE, Refusal, guarded
from perfdoc.cli.upkeep import clean, git_setup, schema, text

__all__ = [
    "AT_FAULT",
    "FINE",
    "FORMATS",
    "TREND_FORMATS",
    "WRONG_USE",
    "Refusal",
    "build",
    "check",
    "clean",
    "diff",
    "explain",
    "git_setup",
    "guarded",
    "new_year",
    "schema",
    "text",
    "trend",
]
