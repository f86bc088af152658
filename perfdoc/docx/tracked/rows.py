"""Which rows of two tables stay, and in which order do the others stand between them?

A row that stays must be the same row in both years: one item of the form, with the same cells, spans and merges. What
is marked within a cell are its words; a merge cannot be half accepted. All other rows of the old year go, and all
other rows of the new one come. So accepting leaves exactly the new rows and rejecting exactly the old ones, whatever
was paired; the pairs decide only how much there is to read.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from perfdoc.core.address import Address

Columns: TypeAlias = tuple[int, int]
_Pair: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[int | None, int | None]
"""A row of the marked table: its number in the old year and in the new one; one of them None where it goes or comes."""


@dataclass(frozen=True, slots=True)
class Row:
    """What decides where a row of a table may stand.

    Attributes:
        shape: Equal for rows with the same cells.
        merges: The columns of each vertical merge, and whether it continues one from the row above.
        item: What of the form the row prints; None for a row of the form itself.
    """

    shape: Hashable
    merges: Mapping[Columns, bool]
    item: Address | None


def ordered(old: Sequence[Row], new: Sequence[Row], same: Mapping[Address, Address]) -> list[Step]:
    """Put the rows of two tables into one order.

    Args:
        old: Rows of the old year.
        new: Rows of the new year.
        same: The new year's item for each of the old year that is the same.
    """
    kept = _rising([(i, j) for i, j in _candidates(old, new, same) if old[i].shape == new[j].shape])
    steps = _interleaved(old, new, kept)
    if _joined(old, new, steps):
        return steps
    # A row that goes may stand between a merge and the row that comes to continue it: then nothing stays, which is
    # always sound. The rows of one form between two rows that stay have the same merges, so that no form comes here.
    return [*((i, None) for i in range(len(old))), *((None, j) for j in range(len(new)))]


def _candidates(old: Sequence[Row], new: Sequence[Row], same: Mapping[Address, Address]) -> Iterator[_Pair]:
    yield from _of_the_form(old, new)
    then = _by_item(new)
    for item, rows in _by_item(old).items():
        if item in same:
            # An item may print rows before its own, such as a header; its own is the last.
            yield from zip(reversed(rows), reversed(then.get(same[item], [])), strict=False)


def _by_item(rows: Sequence[Row]) -> dict[Address, list[int]]:
    found: dict[Address, list[int]] = {}
    for number, row in enumerate(rows):
        if row.item is not None:
            found.setdefault(row.item, []).append(number)
    return found


def _of_the_form(old: Sequence[Row], new: Sequence[Row]) -> Iterable[_Pair]:
    """Pair the rows that print no item by their place in the form."""
    before, after = ([n for n, row in enumerate(rows) if row.item is None] for rows in (old, new))
    if len(before) == len(after):
        return zip(before, after, strict=True)
    shapes = [old[n].shape for n in before], [new[n].shape for n in after]
    blocks = SequenceMatcher(None, *shapes, autojunk=False).get_matching_blocks()
    return [(before[b.a + k], after[b.b + k]) for b in blocks for k in range(b.size)]


def _rising(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Keep as many pairs as rise in both years: a row that moved past others goes in one place and comes in another."""
    ends: list[int] = []
    chains: list[tuple[_Pair, int | None]] = []
    tips: list[int] = []
    for i, j in sorted(pairs):
        place = bisect_left(ends, j)
        chains.append(((i, j), tips[place - 1] if place else None))
        ends[place : place + 1], tips[place : place + 1] = [j], [len(chains) - 1]
    kept = []
    at = tips[-1] if tips else None
    while at is not None:
        pair, at = chains[at]
        kept.append(pair)
    return kept[::-1]


_Groups: TypeAlias = Mapping[Columns, tuple[int, bool]]
"""The merge that each cell of a row belongs to, by a number, and whether it continues it."""


def _interleaved(old: Sequence[Row], new: Sequence[Row], kept: Sequence[_Pair]) -> list[Step]:
    """Order what goes and what comes between two rows that stay.

    A row that continues the merges of the row above it stands before one that begins its own, so that each row is seen
    in its own group; what goes stands before what comes.
    """
    gone, come = _grouped(old, new, kept)
    steps: list[Step] = []
    above: _Groups = {}
    i = j = 0
    for last, final in [*kept, (len(old), len(new))]:
        while i < last or j < final:
            if j == final or (i < last and _fit(gone[i], above) >= _fit(come[j], above)):
                steps.append((i, None))
                above, i = gone[i], i + 1
            else:
                steps.append((None, j))
                above, j = come[j], j + 1
        if i < len(old) and j < len(new):
            steps.append((i, j))
            above, i, j = gone[i], i + 1, j + 1
    return steps


def _fit(row: _Groups, above: _Groups) -> tuple[int, int]:
    """Tell how well a row stands below another: how few merges it would tear, then how many it continues."""
    continued = [at in above and above[at][0] == group for at, (group, goes_on) in row.items() if goes_on]
    return -continued.count(False), continued.count(True)


def _grouped(
    old: Sequence[Row], new: Sequence[Row], kept: Sequence[_Pair]
) -> tuple[list[_Groups], list[_Groups]]:
    """Number the merges of both years; those that share a row that stays are one."""
    gone = _groups(old, 0)
    come = _groups(new, sum(len(row.merges) for row in old))
    # Rows of one merge follow each other and kept rows rise: the first row that two merges share names them both.
    names: dict[int, int] = {}
    for i, j in kept:
        for at, (group, _) in gone[i].items():
            other = come[j][at][0]
            names[group] = names[other] = names.get(group, names.get(other, group))

    def named(rows: list[_Groups]) -> list[_Groups]:
        return [
            {at: (names.get(group, group), goes_on) for at, (group, goes_on) in row.items()} for row in rows
        ]

    return named(gone), named(come)


def _groups(rows: Sequence[Row], number: int) -> list[_Groups]:
    found: list[_Groups] = []
    above: _Groups = {}
    for row in rows:
        here: dict[Columns, tuple[int, bool]] = {}
        for at, goes_on in row.merges.items():
            if goes_on and at in above:
                here[at] = above[at][0], True
            else:
                number += 1
                here[at] = number, goes_on
        found.append(here)
        above = here
    return found


def _joined(old: Sequence[Row], new: Sequence[Row], steps: Iterable[Step]) -> bool:
    """Tell whether each merge that goes on has one above it, as long as nothing is accepted or rejected."""
    above: Mapping[Columns, bool] = {}
    for i, j in steps:
        here = old[i].merges if i is not None else new[j or 0].merges
        if any(goes_on and at not in above for at, goes_on in here.items()):
            return False
        above = here
    return True
