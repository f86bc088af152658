"""Compare texts: match paragraphs, find changed characters within them, and measure what was copied.

A figure is one atom, and so is a Latin word: `2020年` becomes `2021年` by one figure, not by its last digit.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import itemgetter

from perfdoc.years.kinds import Op
from perfdoc.years.value import Passage, Piece, Words

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*\s*[%％]?|[A-Za-z]+|.", re.DOTALL)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*[%％]?")
_YEAR = re.compile(r"(?P<than>[与较比和同自从至《]|[上去前]年[（(])?\s*(?<!\d)(?P<year>(?:19|20)\d{2})\s*年")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_GRAM = 8
"""Characters in a row that count as copied; shorter runs are turns of phrase."""
_ALIKE = 0.25
"""Pairs of characters that two paragraphs must share to be one paragraph through both years."""
_MANY = 200
_ISLAND = 3
"""A run of so few atoms between two changes is a chance agreement; it is read as changed too."""


def texts(
    name: str,
    title: str,
    old: Sequence[str],
    new: Sequence[str],
    years: tuple[int, int],
    copied: "Grams | None",
    *,
    narrative: bool,
) -> Words:
    """Compare the paragraphs of a text.

    Args:
        name: Its name in the program.
        title: Its title on the form.
        old: Last year's paragraphs.
        new: This year's.
        years: 年度 of both.
        copied: All of last year's prose, to tell what was taken from it; None where that says nothing.
        narrative: True for a text with a file of its own.
    """
    passages, taken = [], Copied()
    for i, j in aligned(old, new):
        before, after = ("" if i is None else old[i]), ("" if j is None else new[j])
        pieces = diff(before, after)
        own = copied.of(after) if copied else Copied()
        taken += own
        passages.append(
            Passage(
                old=None if i is None else i + 1,
                new=None if j is None else j + 1,
                pieces=pieces,
                reused=None if j is None else own.percent,
                # In a paragraph that only one year has no figure changed.
                numbers=() if None in (i, j) else figures_changed(pieces, years),
                stale=stale_years(after, years[1]),
            )
        )
    return Words(name=name, title=title, narrative=narrative, passages=tuple(passages), reused=taken.percent)


# --- characters -------------------------------------------------------------------------------------------------


def diff(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts: kept, deleted and inserted pieces, deletions before insertions."""
    if old == new:
        return (Piece(op=Op.SAME, text=new),) if new else ()
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    ops = [(Op.SAME, atom) for atom in before[:head]]
    ops += _without_islands(_edits(before[head : len(before) - tail], after[head : len(after) - tail]))
    ops += [(Op.SAME, atom) for atom in before[len(before) - tail :]]
    return tuple(
        Piece(op=op, text="".join(atom for _, atom in run))
        for op, run in groupby(_settled(ops), key=itemgetter(0))
    )


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count


def common_subsequence(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair the atoms of a longest common subsequence, by their places, in order.

    The rows of the classic table are kept as the bits of one integer each (Hyyrö 2004): a row of 500 atoms costs four
    operations instead of 500. Two paragraphs of 400 characters take 0.3 ms; a table of cells takes 40.
    """
    places: dict[str, int] = {}
    for i, atom in enumerate(old):
        places[atom] = places.get(atom, 0) | 1 << i
    everywhere = (1 << len(old)) - 1
    bits, rows = everywhere, list[int]()
    for atom in new:
        met = bits & places.get(atom, 0)
        bits = ((bits + met) | (bits - met)) & everywhere
        rows.append(bits)
    pairs = []
    i, j = len(old), len(new)
    while i and j:
        if rows[j - 1] >> (i - 1) & 1:
            i -= 1
        elif j > 1 and not rows[j - 2] >> (i - 1) & 1:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _edits(old: Sequence[str], new: Sequence[str]) -> list[tuple[Op, str]]:
    ops: list[tuple[Op, str]] = []
    i = j = 0
    for a, b in [*common_subsequence(old, new), (len(old), len(new))]:
        ops += [(Op.DROPPED, atom) for atom in old[i:a]]
        ops += [(Op.ADDED, atom) for atom in new[j:b]]
        ops += [(Op.SAME, atom) for atom in old[a : a + 1]]
        i, j = a + 1, b + 1
    return ops


def _without_islands(ops: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Read a few kept atoms between larger changes as changed: three words struck out read better than nine pieces."""
    runs = [(op, [atom for _, atom in run]) for op, run in groupby(ops, key=itemgetter(0))]
    cleaned: list[tuple[Op, str]] = []
    for place, (op, atoms) in enumerate(runs):
        around = [len(runs[n][1]) for n in (place - 1, place + 1) if 0 <= n < len(runs)]
        chance = op is Op.SAME and len(atoms) <= _ISLAND and len(around) > 1 and min(around) > len(atoms)
        if chance and not any(_FIGURE.fullmatch(atom) for atom in atoms):
            cleaned += [(Op.DROPPED, atom) for atom in atoms] + [(Op.ADDED, atom) for atom in atoms]
        else:
            cleaned += [(op, atom) for atom in atoms]
    return cleaned


def _settled(ops: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Put deletions before insertions in each run of changes."""
    settled: list[tuple[Op, str]] = []
    for kept, run in groupby(ops, key=lambda edit: edit[0] is Op.SAME):
        edits = list(run)
        settled += edits if kept else sorted(edits, key=lambda edit: edit[0] is Op.ADDED)
    return settled


# --- figures and years ------------------------------------------------------------------------------------------


def figures_changed(pieces: Sequence[Piece], years: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    """List the figures that changed; one 年度 in place of the other is not listed."""
    changed: list[tuple[str, str]] = []
    for kept, run in groupby(pieces, key=lambda piece: piece.op is Op.SAME):
        if kept:
            continue
        edits = list(run)
        gone, come = (
            [found.strip() for p in edits if p.op is op for found in _FIGURE.findall(p.text)]
            for op in (Op.DROPPED, Op.ADDED)
        )
        changed += zip_longest(gone, come, fillvalue="")
    return tuple(pair for pair in changed if pair[0] != pair[1] and pair != (str(years[0]), str(years[1])))


def stale_years(text: str, year: int) -> tuple[str, ...]:
    """List the years that a text names and that are neither the form's own nor the next.

    A year held up for comparison (`较2019年`) or in the name of a document (`《2019年…》`) is not stale.
    """
    narrow = unicodedata.normalize("NFKC", text).translate(_NUMERALS)
    named = (m["year"] for m in _YEAR.finditer(narrow) if not m["than"])
    return tuple(dict.fromkeys(each for each in named if int(each) not in (year, year + 1)))


# --- paragraphs -------------------------------------------------------------------------------------------------


def aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Pair paragraphs without crossing: the pairing that shares most; what shares too little stands alone.

    Paragraphs that stayed at the beginning and the end are paired at once; each of the others is held against each.
    """
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    ends = len(old) - tail, len(new) - tail
    between = _paired(old[head : ends[0]], new[head : ends[1]])
    return [
        *((i, i) for i in range(head)),
        *((None if i is None else i + head, None if j is None else j + head) for i, j in between),
        *((ends[0] + i, ends[1] + i) for i in range(tail)),
    ]


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    before, after = [_bigrams(text) for text in old], [_bigrams(text) for text in new]
    likeness = [[_alike(a, b) for b in after] for a in before]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            pair = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and _ALIKE <= likeness[i][j] == best[i][j] - best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i + 1][j] >= best[i][j + 1]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _bigrams(text: str) -> frozenset[str]:
    """Take pairs of characters out of a paragraph: all of a short one, every fourth kind of a long one.

    Each paragraph is held against each of the other year: 50 against 50 of 400 characters take 75 ms with all pairs.
    """
    bare = bared(text)
    pairs = {bare[i : i + 2] for i in range(len(bare) - 1)}
    if len(pairs) > _MANY:
        pairs = {pair for pair in pairs if not (ord(pair[0]) * 31 + ord(pair[1])) & 3}
    return frozenset(pairs) or frozenset({bare})


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of pairs of characters; rounded so that sums of it compare exactly."""
    return round(2 * len(a & b) / (len(a) + len(b)) * 4096) / 4096


# --- copying ----------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1024)
def bared(text: str) -> str:
    """Normalize a text for finding copies: figures masked, punctuation and spaces dropped."""
    narrow = re.sub(r"\d+(?:[.,]\d+)*", "0", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\W_]+", "", narrow)


@dataclass(frozen=True, slots=True)
class Copied:
    """How much of a text stands elsewhere.

    Attributes:
        characters: Those that do.
        length: All of them, figures masked, punctuation and spaces apart.
    """

    characters: int = 0
    length: int = 0

    @property
    def percent(self) -> int | None:
        """Per cent of the characters; None for a text shorter than one run."""
        return self.characters * 100 // self.length if self.length >= _GRAM else None

    def __add__(self, other: "Copied") -> "Copied":
        return Copied(self.characters + other.characters, self.length + other.length)


class Grams:
    """Runs of eight characters of some texts, to tell what another text took from them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take in the texts; a run never reaches over the end of one."""
        bares = [bared(text) for text in texts]
        self._known = frozenset(bare[i : i + _GRAM] for bare in bares for i in range(len(bare) - _GRAM + 1))
        self._short = frozenset(bare for bare in bares if len(bare) < _GRAM)

    def of(self, text: str) -> Copied:
        """Count a text's characters that stand in a known run.

        A text shorter than a run counts where it is known as a whole, and is left out where it is not.
        """
        bare = bared(text)
        if len(bare) < _GRAM:
            return Copied(len(bare), len(bare)) if bare in self._short else Copied()
        reach = covered = 0
        for i in range(len(bare) - _GRAM + 1):
            if bare[i : i + _GRAM] in self._known:
                covered += i + _GRAM - max(i, reach)
                reach = i + _GRAM
        return Copied(covered, len(bare))
