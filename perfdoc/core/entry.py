"""How a field is declared that a person writes, or another program reads: its key and what it holds."""

from dataclasses import field, fields
from enum import Enum
from typing import Any

from perfdoc.core import keys


class CarryOver(Enum):
    """What happens to a value when the next year is opened; the value is the word the clerk reads."""

    KEPT = "照抄"
    YEAR = "改年度"
    STATUS = "改状态"
    LINKS = "改汇总自"
    TARGET = keys.UNCONFIRMED
    EMPTIED = "清空"
    REMOVED = "删去"
    BELOW = "逐项"


def entry(
    key: str, about: str, next_year: CarryOver = CarryOver.KEPT, *, weight: bool = False, **default: Any
) -> Any:
    """Declare a field that a person writes as `key: …`.

    Args:
        key: The form's own word.
        about: One Chinese sentence for the person who fills it in; editors show it.
        next_year: What `new-year` does with it.
        weight: True for a 分值: it has to be written on every form whose indicators carry weights, and on no other.
        **default: `default=…` where the field may be left out.
    """
    about_it = {"key": key, "about": about, "next_year": next_year, "weight": weight}
    return field(metadata=about_it, **default)


def keys_of(record: Any) -> dict[str, str]:
    """Map the name of each field that a record declares with `entry` to its key, in the order of the record."""
    return {known.name: known.metadata["key"] for known in fields(record) if "key" in known.metadata}
