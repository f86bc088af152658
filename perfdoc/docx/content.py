"""What a template is filled with."""

from collections.abc import Mapping, Sequence

Row = Mapping[str, str | bool]
Content = Mapping[str, str | Sequence[str] | Sequence[Row]]
"""Strings, lists of paragraphs and lists of rows; a row's booleans steer merged cells and print nothing."""
