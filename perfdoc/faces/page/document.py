"""A comparison as one HTML file that fetches nothing: for the screen, the keyboard, a screen reader and paper."""

import base64
import functools
import hashlib
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from perfdoc.faces import phrases
from perfdoc.faces.page import chart, view
from perfdoc.faces.page.view import View
from perfdoc.faces.phrases import COPIED, Locate
from perfdoc.years.kinds import Change, Op
from perfdoc.years.trend import Trend
from perfdoc.years.value import Comparison


def page(comparison: Comparison, trend: Trend | None, place: Locate, *, copied: int = COPIED) -> str:
    """Write a comparison as one HTML file.

    Args:
        comparison: Two years.
        trend: All the years there are; None leaves the trend lines out.
        place: Looks up the file and line of a value of `old` or `new`.
        copied: Per cent of a paragraph from which it is listed as copied.

    Returns:
        The file's text; the same for the same input.
    """
    return _written("page.html", trend, v=View(comparison, place, copied))


def trend_page(trend: Trend) -> str:
    """Write all years of a unit as one HTML file: every line as a picture, and the same figures as a table."""
    return _written("trend.html", trend)


def _written(template: str, trend: Trend | None, **shown: Any) -> str:
    style, script = _part("page.css"), _part("page.js")
    shown |= {"trend": trend, "pictures": list(chart.pictures(trend)) if trend else []}
    return (
        _environment()
        .get_template(template)
        .render(**shown, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script))
    )


def _part(name: str) -> str:
    return (resources.files("perfdoc.faces.page") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does: the browser runs this and nothing that was slipped in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_part),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"n": view.figure, "signed": view.signed, "printed": view.printed}
    made.globals |= {"phrases": phrases, "view": view, "chart": chart, "Change": Change, "Op": Op}
    return made
