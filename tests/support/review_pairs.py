"""The pairs of `tests/years/pairs`, read as a repository is read and compared."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from builders import judged

from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment
from perfdoc.host.pipeline import Evaluation, Run
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.trend import Trend, trend
from perfdoc.years.value import Comparison

ROOT = Path(__file__).parents[2]
PAIRS = ROOT / "tests" / "years" / "pairs"
NAMES = ("rich", "filling", "same", "forms")


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair, compared, with the trend over all its years."""

    comparison: Comparison
    trend: Trend
    place: Callable[[str, Address], str]


def opened(root: Path, pair: str) -> list[Evaluation]:
    """Judge the years of a pair in a repository of their own, the earliest first."""
    shutil.copytree(ROOT / "templates", root / "templates")
    years = [y for y in ("earlier", "before", "after") if (PAIRS / pair / y).is_dir()]
    for year in years:
        shutil.copytree(PAIRS / pair / year, root / "content" / year)
    run = Run(root)
    return [run.judge(year) for year in years]


def scored_year(judged: Evaluation) -> ScoredYear:
    """Take a year that could be read."""
    assert judged.scored is not None, judged.diagnostics
    assert judged.narratives is not None
    return ScoredYear(judged.name, judged.scored, judged.narratives)


def pair(root: Path, name: str) -> Pair:
    """Open and compare a pair."""
    years = opened(root, name)
    places = dict(zip(("new", "old"), reversed(years), strict=False))
    *_, old, new = map(scored_year, years)
    return Pair(
        compare(old, new),
        trend([scored_year(year) for year in years]),
        lambda side, address: str(places[side].place(address)),
    )


@cache
def known_pair(name: str) -> Pair:
    """Compare a pair once for all that only read it."""
    with TemporaryDirectory() as folder:
        return pair(Path(folder), name)


def finished_of(given: Assessment) -> ScoredYear:
    """Score a year made in code."""
    return ScoredYear("x", *judged(given))
