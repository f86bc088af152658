"""A comparison as one HTML file that fetches nothing: for the screen, the keyboard, a screen reader and paper."""

import base64
import functools
import hashlib
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from perfdoc.compare.trend import Trend
from perfdoc.compare.value import Comparison, Op
from perfdoc.review import chart
from perfdoc.review.view import COPIED, Place, View, figure, percent, signed

__all__ = ["COPIED", "Place", "page"]


def page(comparison: Comparison, trend: Trend | None, place: Place, *, copied: int = COPIED) -> str:
    """Write a comparison as one HTML file.

    Args:
        comparison: Two years.
        trend: All the years there are; None leaves the trend lines out.
        place: Looks up the file and line of a value of either year.
        copied: Per cent of a paragraph from which it is listed as copied.

    Returns:
        The file's text; the same for the same input.
    """
    style, script = _part("page.css"), _part("page.js")
    return _template().render(
        v=View(comparison, trend, place, copied),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _part(name: str) -> str:
    return (resources.files("perfdoc.review") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does: the browser runs this and nothing that was slipped in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def _template() -> Template:
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"n": figure, "signed": signed, "percent": percent}
    made.globals |= {"SAME": Op.SAME, "ADDED": Op.ADDED, "WIDE": chart.WIDE, "HIGH": chart.HIGH}
    return made.from_string(_part("page.html"))
