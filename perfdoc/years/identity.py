"""Match last year's indicators with this year's: by name or by a declared link, never by likeness alone.

Likeness only proposes the line to paste. 开工率 and 竣工率 share two characters of three and are two things;
接洽招商企业家数 and 招商接洽企业数量 share fewer and are one: no threshold tells them apart.
"""

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Dropped
from perfdoc.judge.scoring import Row, Score, Scored
from perfdoc.years.kinds import Change
from perfdoc.years.value import LooseLink, Proposal, Side, Way
from perfdoc.years.words import common_subsequence

_LIKELY = 50
"""Per cent of common characters from which two names are worth a look."""
_MOST_PROPOSALS = 3
_COMMON = 50
"""Names that may share a pair of characters before it tells nothing."""
_CANDIDATES = 5
"""So many names that share most pairs of characters are looked at in full."""


@functools.lru_cache(maxsize=8192)
def bare(name: str) -> str:
    """Reduce a name to what makes it that name: width, spaces and punctuation are noise."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold() or name


@dataclass(frozen=True, slots=True)
class Pair:
    """Indicators that belong together: one and one, several and one, one and several, or one alone."""

    olds: tuple[Side, ...]
    news: tuple[Side, ...]
    change: Change | None = None
    dropped: Dropped | None = None


def goal_keys(old: Assessment, new: Assessment) -> tuple[list[str], list[str]]:
    """Name the goal blocks of both years so that one goal has one name: by its text, else by its place."""
    places = [str(i) for i in range(len(old.goal_blocks))]
    left = dict(zip(places, (bare(block.goal) for block in old.goal_blocks), strict=True))
    written_keys: list[str] = []
    for block in new.goal_blocks:
        same = next((place for place, goal in left.items() if goal == bare(block.goal)), "")
        left.pop(same, None)
        written_keys.append(same)
    return places, [
        key or (str(j) if left.pop(str(j), "") else f"new {j}") for j, key in enumerate(written_keys)
    ]


def ways(scored: Scored, goals: Sequence[str], *, as_before: bool = False) -> dict[Address, Way]:
    """Find the way to every sum of the form, by its address and in the form's order.

    Args:
        scored: One year.
        goals: The names of its goal blocks, as `goal_keys` gives them.
        as_before: True names the sums as they were called the year before, by their 曾用名.
    """
    former = {address: each.renamed_from for address, each in scored.assessment.sums() if as_before}
    found: dict[Address, Way] = {}

    def walk(scores: Iterable[Score], above: Way) -> None:
        for score in scores:
            if score.kind == keys.GOAL_BLOCKS:
                name = goals[int(score.address[1])]
            elif score.kind in (keys.DIMENSION, keys.GROUP):
                name = bare(former.get(score.address) or score.name)
            else:
                continue
            found[score.address] = (*above, (score.kind, name))
            walk(score.parts, found[score.address])

    walk(scored.total.parts, ())
    return found


def sides(scored: Scored, known: Mapping[Address, Way]) -> tuple[Side, ...]:
    """Take every indicator as a side of a comparison, with the way to its sum; a form without levels has none."""
    return tuple(as_side(row, known.get(row.sums[-1].address, ())) for row in scored.rows())


def as_side(row: Row, way: Way = ()) -> Side:
    """Take a row of the form as one side of a comparison."""
    return Side(
        indicator=row.indicator, score=row.score, way=way, dimension=row.dimension.name, group=row.group.name
    )


@dataclass(slots=True)
class _Pairing:
    """Takes both years apart link by link; what is taken is taken once."""

    olds: Sequence[Side]
    news: Sequence[Side]
    gone: dict[int, int] = field(default_factory=dict)
    """Which pair each old side went into."""
    come: dict[int, int] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    loose: list[LooseLink] = field(default_factory=list)
    by_name: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, old in enumerate(self.olds):
            self.by_name.setdefault(bare(old.name), []).append(i)

    def take(self, olds: Sequence[int], news: Sequence[int], change: Change | None = None) -> None:
        self.gone.update(dict.fromkeys(olds, len(self.pairs)))
        self.come.update(dict.fromkeys(news, len(self.pairs)))
        self.pairs.append(Pair(tuple(self.olds[i] for i in olds), tuple(self.news[j] for j in news), change))

    def free(self, name: str, way: Way) -> int | None:
        """Find last year's indicator of a name that nothing has taken; of several, one in the same group first."""
        free = [i for i in self.by_name.get(bare(name), ()) if i not in self.gone]
        return min(free, key=lambda i: self.olds[i].way != way, default=None)

    def miss(self, at: Address, key: str, name: str) -> None:
        self.loose.append(LooseLink(address=(*at, key), key=key, name=name))


def pair(
    old: Sequence[Side], new: Sequence[Side], assessment: Assessment
) -> tuple[list[Pair], list[LooseLink]]:
    """Pair the indicators of two years: declared links first, then names.

    Args:
        old: Last year's, their sums named as last year.
        new: This year's, their sums named as last year.
        assessment: This year's content, for what it says was dropped.

    Returns:
        The pairs in this year's order, what was dropped behind what it followed; and the links that name nothing.
    """
    work = _Pairing(old, new)
    _take_merged(work)
    _take_split(work)
    for j, each in enumerate(new):
        former = each.indicator.renamed_from
        if former:
            i = None if j in work.come else work.free(former, each.way)
            if i is None:
                work.miss(each.address, keys.RENAMED_FROM, former)
            else:
                work.take([i], [j])
    for j, each in enumerate(new):
        if j not in work.come:
            i = work.free(each.name, each.way)
            work.take([] if i is None else [i], [j], Change.ADDED if i is None else None)
    reasons = _reasons(assessment, work)
    return list(_in_order(work, reasons)), work.loose


def _take_merged(work: _Pairing) -> None:
    for j, each in enumerate(work.news):
        found = []
        for name in each.indicator.merged_from:
            i = work.free(name, each.way)
            if i is None or i in found:
                work.miss(each.address, keys.MERGED_FROM, name)
            else:
                found.append(i)
        if found:
            work.take(sorted(found), [j], Change.MERGED)


def _take_split(work: _Pairing) -> None:
    """Take what shares a 拆分自; one that kept the old name is part of it."""
    groups: dict[str, list[int]] = {}
    for j, each in enumerate(work.news):
        origin = each.indicator.split_from
        if origin and j in work.come:
            work.miss(each.address, keys.SPLIT_FROM, origin)
        elif origin:
            groups.setdefault(bare(origin), []).append(j)
    for name, named in groups.items():
        members = [j for j in named if j not in work.come]
        i = work.free(name, work.news[named[0]].way)
        if i is None or not members:
            for j in members:
                work.miss(work.news[j].address, keys.SPLIT_FROM, work.news[j].indicator.split_from or name)
            continue
        kept = [
            j
            for j, each in enumerate(work.news)
            if j not in work.come
            and (bare(each.name), each.way) == (name, work.olds[i].way)
            and not each.indicator.renamed_from
        ]
        work.take([i], sorted({*members, *kept}), Change.SPLIT)


def _reasons(assessment: Assessment, work: _Pairing) -> dict[int, Dropped]:
    """Find what `取消` speaks of; an entry for what is still there, or never was, is loose."""
    reasons = {}
    for number, dropped in enumerate(assessment.dropped):
        left = [
            i for i in work.by_name.get(bare(dropped.name), ()) if i not in work.gone and i not in reasons
        ]
        if left:
            reasons[left[0]] = dropped
        else:
            work.loose.append(
                LooseLink(address=(keys.DROPPED, number, keys.NAME), key=keys.DROPPED, name=dropped.name)
            )
    return reasons


def _in_order(work: _Pairing, reasons: dict[int, Dropped]) -> Iterator[Pair]:
    """Follow this year's order; what was dropped comes behind the last of the sides that it followed."""
    waiting: dict[int | None, list[Pair]] = {}
    before: int | None = None
    for i, old in enumerate(work.olds):
        if i in work.gone:
            before = work.gone[i]
        else:
            waiting.setdefault(before, []).append(Pair((old,), (), Change.DROPPED, reasons.get(i)))
    yield from waiting.get(None, ())
    for number in dict.fromkeys(work.come[j] for j in range(len(work.news))):
        yield work.pairs[number]
        yield from waiting.get(number, ())


# --- proposals --------------------------------------------------------------------------------------------------


def likeness(a: str, b: str) -> int:
    """Per cent of the characters of two names that stand in both, in order."""
    a, b = bare(a), bare(b)
    return 200 * len(common_subsequence(a, b)) // ((len(a) + len(b)) or 1)


def proposals(olds: Iterable[str], news: Iterable[str]) -> tuple[Proposal, ...]:
    """List pairs of names that may be one indicator, the likeliest first; only a person can declare it.

    What very many names share (项目完成率) tells none of them apart and is not looked at.
    """
    shared: dict[str, list[str]] = {}
    for old in dict.fromkeys(olds):
        for gram in _grams(old):
            shared.setdefault(gram, []).append(old)
    telling = {gram: names for gram, names in shared.items() if len(names) <= _COMMON}
    found = []
    for new in dict.fromkeys(news):
        counted = Counter(old for gram in _grams(new) for old in telling.get(gram, ()))
        near = [(likeness(old, new), old) for old, _ in counted.most_common(_CANDIDATES)]
        for likely, old in sorted(near, key=lambda hit: -hit[0])[:_MOST_PROPOSALS]:
            if likely >= _LIKELY:
                found.append(Proposal(old=old, new=new, likeness=likely, line=f"曾用名: {as_written(old)}"))
    return tuple(sorted(found, key=lambda each: -each.likeness))


def _grams(name: str) -> dict[str, None]:
    """Take the pairs of characters of a name, in their order: the same proposals come in every run."""
    known = bare(name)
    return dict.fromkeys([*(known[i : i + 2] for i in range(len(known) - 1)), known[:1]])


_PLAIN = re.compile(r"[^\W_][\w、，。；（）《》“”·／％—.%/ -]*(?<! )")


def as_written(name: str) -> str:
    """Write a name as a person has to in the file: in quotes where YAML would read it otherwise."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
