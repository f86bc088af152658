"""The tasks: find files, call, print, exit.

Every command is a function that returns its exit code: 0 fine, 1 the content is at fault, 2 wrong use or a
trouble of the machine. `tasks.py` and the console script `perfdoc` are thin fronts over the same functions.
Heavy modules are imported where they are used: a build that has nothing to do must cost next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from perfdoc.cli.screen import AT_FAULT, FINE, FORMATS, TREND_FORMATS, WRONG_USE, Refusal, guarded

if TYPE_CHECKING:
    from perfdoc.cli.building import build
    from perfdoc.cli.checking import check, explain
    from perfdoc.cli.compare import diff, trend
    from perfdoc.cli.opening import new_year
    from perfdoc.cli.upkeep import clean, draw, git_setup, schema, text

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
    "draw",
    "explain",
    "git_setup",
    "guarded",
    "new_year",
    "schema",
    "text",
    "trend",
]

_HOMES = {
    "build": "building",
    "check": "checking",
    "clean": "upkeep",
    "diff": "compare",
    "draw": "upkeep",
    "explain": "checking",
    "git_setup": "upkeep",
    "new_year": "opening",
    "schema": "upkeep",
    "text": "upkeep",
    "trend": "compare",
}


def __getattr__(name: str) -> Any:
    """Load the module of a task when the task is asked for: the others cost a build that does nothing a tenth."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"perfdoc.cli.{_HOMES[name]}"), name)
