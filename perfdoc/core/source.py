"""Text with positions: what a YAML file says before anyone decides what it means.

Every scalar is text. Numbers, dates and words are decided later, by the type of the field that takes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from perfdoc.core.address import Address
from perfdoc.core.diagnostics import Place


class Scalar(NamedTuple):
    """One value as it was typed; `quoted` distinguishes `""` from no value. A tuple for speed, as `Place` is."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """True for a key with nothing behind it."""
        return not self.text and not self.quoted


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named values in the order in which they were written; no name occurs twice.

    Attributes:
        entries: Names with their values.
        place: Where it begins.
        named: The entries by name: every finding and every score asks its way down from the root.
    """

    entries: "tuple[tuple[Scalar, Node], ...]"
    place: Place
    named: "dict[str | int, tuple[Scalar, Node]]" = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", {entry[0].text: entry for entry in self.entries})

    def get(self, name: str) -> "Node | None":
        """Return the value of `name`, or None where it is not written."""
        entry = self.named.get(name)
        return None if entry is None else entry[1]

    def __iter__(self) -> "Iterator[tuple[Scalar, Node]]":
        return iter(self.entries)


Node = Scalar | Sequence | Mapping


def locate(root: Node, address: Address) -> Place:
    """Find where the value at `address` is written.

    Where a part of the address is not written (an empty value that was left out), the place of the last part
    that is written answers: that is where the clerk has to add it.
    """
    node, place = root, root.place
    for step in address:
        if isinstance(node, Mapping):
            entry = node.named.get(step)
            if entry is None:
                return place
            key, node = entry
            place = node.place if isinstance(node, Scalar) and not node.empty else key.place
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            return place
    return place
