"""Text for a terminal: columns that line up in Chinese, and colour that only adds to what is written."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


def width(text: str) -> int:
    """Count the columns that a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """Fill a text up with spaces."""
    return text + " " * (columns - width(text))


def pad_left(text: str, columns: int) -> str:
    """Set a text, a figure mostly, flush right."""
    return " " * (columns - width(text)) + text


_COLOURS = {"good": "32", "bad": "31", "note": "33", "head": "1", "faint": "2"}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, or none.

    Attributes:
        on: False leaves every text as it is.
    """

    on: bool = False

    def paint(self, text: str, colour: str) -> str:
        """Colour a text: `good`, `bad`, `note`, `head` or `faint`."""
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.on and text else text


def palette(environment: Mapping[str, str], *, is_terminal: bool) -> Palette:
    """Decide about colour: `NO_COLOR` forbids it, `FORCE_COLOR` asks for it, else a terminal gets it.

    Args:
        environment: The variables of the process.
        is_terminal: Whether somebody watches.
    """
    if environment.get("NO_COLOR"):
        return Palette(on=False)
    return Palette(
        on=bool(environment.get("FORCE_COLOR")) or (is_terminal and environment.get("TERM") != "dumb")
    )
