"""The pairs of `pairs/`, read as a repository is read and compared."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from builders import judged

from perfdoc.compare import Comparison, Finished, compare
from perfdoc.compare.trend import Trend, trend
from perfdoc.diagnostics import Address
from perfdoc.model import Assessment
from perfdoc.pipeline import Judged, Run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAIRS = HERE / "pairs"
NAMES = ("rich", "filling", "same", "forms")


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair, compared, with the trend over all its years."""

    comparison: Comparison
    trend: Trend
    place: Callable[[str, Address], str]


def opened(root: Path, pair: str) -> list[Judged]:
    """Judge the years of a pair in a repository of their own, the earliest first."""
    shutil.copytree(ROOT / "templates", root / "templates")
    years = [y for y in ("earlier", "before", "after") if (PAIRS / pair / y).is_dir()]
    for year in years:
        shutil.copytree(PAIRS / pair / year, root / "content" / year)
    run = Run(root)
    return [run.judge(year) for year in years]


def finished(judged: Judged) -> Finished:
    """Take a year that could be read."""
    assert judged.scored is not None, judged.diagnostics
    assert judged.told is not None
    return Finished(judged.name, judged.scored, judged.told)


def pair(root: Path, name: str) -> Pair:
    """Open and compare a pair."""
    years = opened(root, name)
    places = dict(zip(("new", "old"), reversed(years), strict=False))
    *_, old, new = map(finished, years)
    return Pair(
        compare(old, new),
        trend([finished(year) for year in years]),
        lambda side, address: str(places[side].place(address)),
    )


@cache
def known_pair(name: str) -> Pair:
    """Compare a pair once for all that only read it."""
    with TemporaryDirectory() as folder:
        return pair(Path(folder), name)


def finished_of(given: Assessment) -> Finished:
    """Score a year made in code."""
    return Finished("x", *judged(given))
