"""The shape of the house, counted: few rooms at the top, few doors between them, no way round in a circle."""

from itertools import permutations
from pathlib import Path

import grimp

import perfdoc

MOST_ROOMS, MOST_DOORS = 14, 37


def test_the_top_of_the_house_holds_few_names() -> None:
    names = {p.name for p in Path(perfdoc.__file__).parent.iterdir() if not p.name.startswith("__")}
    assert len(names) <= MOST_ROOMS, sorted(names)


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
    assert len(doors) <= MOST_DOORS, sorted(doors)
