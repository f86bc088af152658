"""The shape of the house, counted: few names at the top, few pairs of wings that import one another, no circle.

How few stands in docs/architecture.md.
"""

import re
from itertools import permutations
from pathlib import Path

import grimp

import perfdoc

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def most(what: str) -> int:
    """Read a limit from the page: `at most 14 names`."""
    (number,) = re.findall(rf"at most (\d+) {what}", PAGE.read_text(encoding="utf-8"))
    return int(number)


def test_the_top_of_the_house_holds_few_names() -> None:
    names = {p.name for p in Path(perfdoc.__file__).parent.iterdir() if not p.name.startswith("__")}
    assert len(names) <= most("names"), sorted(names)


def test_few_pairs_of_wings_import_one_another_and_none_in_a_circle() -> None:
    graph = grimp.build_graph("perfdoc")
    wings = sorted(graph.find_children("perfdoc") - {"perfdoc.__main__"})
    doors = {
        (a, b)
        for a, b in permutations(wings, 2)
        if graph.find_shortest_chains(importer=a, imported=b, as_packages=True)
        and graph.direct_import_exists(importer=a, imported=b, as_packages=True)
    }
    assert not {pair for pair in doors if pair[::-1] in doors}
    assert len(doors) <= most("pairs of wings"), sorted(doors)
