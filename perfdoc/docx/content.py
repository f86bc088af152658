"""What a template is filled with."""

from collections.abc import Mapping, Sequence
from typing import Self, TypeAlias

Row = Mapping[str, str | bool]
Content = Mapping[str, str | Sequence[str] | Sequence[Row]]
"""Strings, lists of paragraphs and lists of rows; a row's booleans steer merged cells and print nothing."""

Item: TypeAlias = tuple[str, int]
"""An item of the form by the name of its list and its number in reading order: `("指标", 4)`."""


class Cell(str):
    """A string of a row that knows which item the row prints: `Rendered.placed` then tells where that item stands."""

    __slots__ = ("item",)
    item: Item

    def __new__(cls, text: str, item: Item) -> Self:
        """Take a text as it is, and the item beside it."""
        cell = super().__new__(cls, text)
        cell.item = item
        return cell


def numbered(content: Content) -> Content:
    """Let every string of a row know which item it belongs to; what is printed stays the same."""
    return {name: _numbered(name, value) for name, value in content.items()}


def _numbered(name: str, value: str | Sequence[str] | Sequence[Row]) -> str | Sequence[str] | Sequence[Row]:
    rows = [
        {field: Cell(text, (name, number)) if isinstance(text, str) else text for field, text in row.items()}
        for number, row in enumerate(value)
        if isinstance(row, Mapping)
    ]
    return rows or value
