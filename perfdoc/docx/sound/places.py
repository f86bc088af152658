"""Where does an element stand, in the words of somebody who looks at the page?"""

from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.names import CELL, CONTROLS, PARAGRAPH, ROW, TABLE

_NUMBERED = {TABLE: "表{}", PARAGRAPH: "第{}段"}
_STEPS = {TABLE: "内表{}", ROW: "第{}行", CELL: "第{}格"}


def outermost(
    element: Element,
    tags: Collection[str],
    *,
    through: Collection[str] | None = None,
    past: Collection[str] = (),
) -> Iterator[Element]:
    """Give the outermost elements of some kinds, whatever stands around them.

    With a stack, since a hostile file nests deeper than Python recurses.

    Args:
        element: Where to look; it is not given itself.
        tags: What to give.
        through: The only elements to look into; None for all.
        past: Elements not to look into.
    """
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in tags:
            yield child
        elif child.tag not in past and (through is None or child.tag in through):
            waiting.extend(reversed(child))


def inside(element: Element, *tags: str) -> Iterator[Element]:
    """Give the children of some kinds, those within content controls too, those of a table further in not."""
    return outermost(element, tags, through=CONTROLS)


class Places:
    """The elements of one part with their order and their surroundings; built only when there is a fault."""

    def __init__(self, root: Element) -> None:
        self._order = {element: number for number, element in enumerate(root.iter())}
        self._parents = {child: parent for parent in self._order for child in parent}
        self._numbers = self._number(root)

    def order(self, element: Element) -> int:
        """Count the elements before this one."""
        return self._order[element]

    def name(self, element: Element) -> str:
        """Name the cell around an element, or its paragraph where there is no table; empty where neither is."""
        words: list[str] = []
        for ancestor in self._line(element):
            if ancestor in self._numbers:
                words.append(_NUMBERED[ancestor.tag].format(self._numbers[ancestor]))
            elif words and ancestor.tag in _STEPS:
                words.append(self._step(ancestor))
        return " ".join(words)

    def _step(self, element: Element) -> str:
        """Number a row, a cell or a table within a cell among its like."""
        parent = self._parents[element]
        while parent.tag in CONTROLS:
            parent = self._parents[parent]
        number = next((n for n, one in enumerate(inside(parent, element.tag), 1) if one is element), 0)
        return _STEPS[element.tag].format(number or "?")

    def _line(self, element: Element) -> list[Element]:
        """List the ancestors from the root down to the element itself."""
        line = [element]
        while line[-1] in self._parents:
            line.append(self._parents[line[-1]])
        return line[::-1]

    def _number(self, root: Element) -> dict[Element, int]:
        """Number tables, and paragraphs outside them, through the part."""
        numbers: dict[Element, int] = {}
        within: set[Element] = set()
        counts = dict.fromkeys(_NUMBERED, 0)
        for element in root.iter():
            parent = self._parents.get(element)
            if parent is not None and (parent in within or parent.tag == TABLE):
                within.add(element)
            elif element.tag in counts:
                counts[element.tag] += 1
                numbers[element] = counts[element.tag]
        return numbers
