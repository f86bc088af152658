"""What a template is filled with."""

from collections.abc import Mapping, Sequence
from typing import Self

from perfdoc.core.address import Address

Row = Mapping[str, str | bool]
Content = Mapping[str, str | Sequence[str] | Sequence[Row]]
"""Strings, lists of paragraphs and lists of rows; a row's booleans steer merged cells and print nothing."""


class Line(dict[str, str | bool]):
    """A row that knows what of the assessment it prints; None where that is nothing that was written."""

    __slots__ = ("address",)

    def __init__(self, cells: Row, address: Address | None) -> None:
        super().__init__(cells)
        self.address = address


class Cell(str):
    """A string of a row that knows the row's address: `Rendered.placed` then tells where that row stands."""

    __slots__ = ("address",)
    address: Address

    def __new__(cls, text: str, address: Address) -> Self:
        """Take a text as it is, and the address beside it."""
        cell = super().__new__(cls, text)
        cell.address = address
        return cell


def addressed(content: Content) -> Content:
    """Let every string of a row know the row's address; what is printed stays the same."""
    return {name: _addressed(value) for name, value in content.items()}


def _addressed(value: str | Sequence[str] | Sequence[Row]) -> str | Sequence[str] | Sequence[Row]:
    rows = [_cells(row) for row in value if isinstance(row, Mapping)]
    return rows or value


def _cells(row: Row) -> Row:
    address = row.address if isinstance(row, Line) else None
    if address is None:
        return row
    return {field: Cell(text, address) if isinstance(text, str) else text for field, text in row.items()}
