"""Turn two scored years into one comparison."""

from collections.abc import Iterator
from dataclasses import dataclass

from perfdoc.core import keys
from perfdoc.core.assessment import Assessment, BudgetLine, Dimension, FollowUp, Named
from perfdoc.form.layout import BUDGET, INDICATORS, PURPOSE, Column
from perfdoc.form.rulebook import Form
from perfdoc.judge.narrative import Narratives
from perfdoc.judge.scoring import Score, Scored
from perfdoc.years import bridge, fields, flags, identity, own
from perfdoc.years.identity import Pair, bare
from perfdoc.years.kinds import SCORE_BREAKS, Break, Cause, Change
from perfdoc.years.value import BudgetRow, Comparison, Field, LooseLink, Measure, Row, Side, Words, Year
from perfdoc.years.words import Grams, texts


@dataclass(frozen=True, slots=True)
class ScoredYear:
    """One year, ready to be compared.

    Attributes:
        name: Its path below content/, or what the reviewer typed.
        scored: The scored assessment.
        narratives: Its filled narratives.
    """

    name: str
    scored: Scored
    narratives: Narratives


def compare(old: ScoredYear, new: ScoredYear) -> Comparison:
    """Compare two years of one unit, the earlier one first."""
    a, b = old.scored, new.scored
    whole = tuple(fields.form_breaks(a, b))
    kinds = frozenset(broken.kind for broken in whole)
    goals = identity.goal_keys(a.assessment, b.assessment)
    ways = identity.ways(a, goals[0]), identity.ways(b, goals[1], as_before=True)
    before, after = identity.sides(a, ways[0]), identity.sides(b, ways[1])
    pairs, loose = identity.pair(before, after, b.assessment)
    # Two drafts of one year: that a target or a text stayed says nothing.
    drafts = a.assessment.year == b.assessment.year
    forms = (a.form, b.form)
    only = own.columns(INDICATORS, forms)
    rows = tuple(
        _row(number, pair, forms, kinds, only, drafts=drafts) for number, pair in enumerate(pairs, start=1)
    )
    budget, loose_lines = _budget(a, b, points=not kinds)
    gone = [row.name for row in rows if row.changes == (Change.DROPPED,) and row.dropped is None]
    come = [row.name for row in rows if row.changes == (Change.ADDED,)]
    return Comparison(
        old=_year(old),
        new=_year(new),
        head=(
            *fields.head(a.assessment, b.assessment, forms),
            *own.cells(own.columns(PURPOSE, forms), _of_purpose(a.assessment), _of_purpose(b.assessment)),
            *own.tables(a.assessment, b.assessment, forms),
        ),
        breaks=whole,
        rules=fields.changed_rules(a.form, b.form),
        budget=budget,
        rows=rows,
        bridge=bridge.bridge(a, b, ways, budget, rows),
        texts=tuple(_texts(old, new, drafts=drafts)),
        measures=() if drafts else tuple(_measures(old, new)),
        loose=() if drafts else (*loose, *_loose_sums(before, b), *loose_lines, *_loose_measures(old, new)),
        proposals=identity.proposals(gone, come),
    )


def _year(scored_year: ScoredYear) -> Year:
    scored = scored_year.scored
    assessment = scored.assessment
    blocked = sum(bool(score.obstacle and score.weight) for score in scored.total.walk())
    filed = [score for score in scored.total.walk() if score.departs]
    return Year(
        name=scored_year.name,
        year=assessment.year,
        unit=assessment.unit,
        form=scored.form.name,
        status=assessment.status,
        printed=scored.total.printed,
        computed=scored.total.value,
        open=scored.total.open - blocked,
        blocked=blocked,
        grade=scored.grade,
        filed=tuple(score.name for score in filed),
    )


# --- rows -------------------------------------------------------------------------------------------------------


def _of_purpose(a: Assessment) -> Named:
    return a.purpose.own if a.purpose else ()


def _row(
    number: int,
    pair: Pair,
    forms: tuple[Form, Form],
    whole: frozenset[Break],
    only: tuple[Column, ...],
    *,
    drafts: bool,
) -> Row:
    olds, news = pair.olds, pair.news
    if pair.change is not None:
        effects = bridge.one_sided(
            (s.score for s in olds), (s.score for s in news), _cause(pair.change, news)
        )
        return Row(
            number=number, olds=olds, news=news, changes=(pair.change,), effects=effects, dropped=pair.dropped
        )
    old, new = olds[0], news[0]
    breaks = tuple(fields.row_breaks(old, new, forms, whole))
    values = (
        *fields.row_fields(old, new, breaks, forms[1], whole),
        *own.cells(only, old.indicator.own, new.indicator.own),
        *own.details(old.indicator, new.indicator, only),
    )
    broken = any(each.kind not in SCORE_BREAKS for each in breaks)
    changes = tuple(_changes(values, moved=old.way != new.way, broken=broken))
    return Row(
        number=number,
        olds=olds,
        news=news,
        changes=changes or (Change.UNCHANGED,),
        fields=values,
        breaks=breaks,
        flags=() if drafts else tuple(flags.flags(old, new, breaks, forms[1])),
        effects=bridge.effects(
            old.score,
            new.score,
            bridge.indicator_steps(old, new, forms[0], rule_changed=Break.RULE in whole),
        ),
    )


def _cause(change: Change, news: tuple[Side, ...]) -> Cause:
    """Name the cause of a row without one-to-one; parts that are not scored yet have lost nothing."""
    return Cause.OPEN if any(side.score.printed is None for side in news) else _CAUSES[change]


_CAUSES = {
    Change.ADDED: Cause.ADDED,
    Change.DROPPED: Cause.DROPPED,
    Change.SPLIT: Cause.SPLIT,
    Change.MERGED: Cause.MERGED,
}
_NAMES = frozenset({keys.NAME, keys.DIMENSION, keys.GROUP})


def _changes(values: tuple[Field, ...], *, moved: bool, broken: bool) -> Iterator[Change]:
    if broken or any(field.changed and field.name not in _NAMES for field in values):
        yield Change.CHANGED
    if any(field.changed and field.name == keys.NAME for field in values):
        yield Change.RENAMED
    if moved:
        yield Change.MOVED


# --- the budget -------------------------------------------------------------------------------------------------

_Line = tuple[BudgetLine, Score]


def _budget(old: Scored, new: Scored, *, points: bool) -> tuple[tuple[BudgetRow, ...], tuple[LooseLink, ...]]:
    """Pair the lines of 预算执行, declared links first, and find the links that name nothing."""
    left: dict[str, list[_Line]] = {}
    for line, score in zip(old.assessment.budget, old.budget, strict=True):
        left.setdefault(bare(line.name), []).append((line, score))
    pairs = list(zip(new.assessment.budget, new.budget, strict=True))
    found: dict[int, _Line] = {}
    loose = []
    for linked in (True, False):
        for i, (line, score) in enumerate(pairs):
            name = line.renamed_from if linked else line.name
            if i not in found and name and left.get(bare(name)):
                found[i] = left[bare(name)].pop(0)
            elif linked and name:
                loose.append(
                    LooseLink(address=(*score.address, keys.RENAMED_FROM), key=keys.RENAMED_FROM, name=name)
                )
    forms = (old.form, new.form)
    rows = [_budget_row(found.get(i), pair, forms, points=points) for i, pair in enumerate(pairs)]
    rows += [_budget_row(gone, None, forms, points=points) for lines in left.values() for gone in lines]
    return tuple(rows), tuple(loose)


def _budget_row(old: _Line | None, new: _Line | None, forms: tuple[Form, Form], *, points: bool) -> BudgetRow:
    values = fields.line_fields(old, new, forms, points=points)
    if old and new:
        values += tuple(own.cells(own.columns(BUDGET, forms), old[0].own, new[0].own))
    lost, won = ([pair[1]] if pair and pair[1].weight else [] for pair in (old, new))
    if old and new:
        changes = tuple(_line_changes(old, new, values)) or (Change.UNCHANGED,)
        # A line that lost or won its place as the scored one did so by a rule.
        if lost and won:
            effects = bridge.effects(old[1], new[1], bridge.line_steps(*old, new[0], forms))
        else:
            effects = bridge.one_sided(lost, won, Cause.RULE)
    else:
        changes = (Change.ADDED,) if new else (Change.DROPPED,)
        effects = bridge.one_sided(lost, won, _CAUSES[changes[0]])
    name = next(pair[0].name for pair in (new, old) if pair)
    return BudgetRow(
        name=name,
        old=old[1].address if old else None,
        new=new[1].address if new else None,
        changes=changes,
        fields=values,
        effects=effects,
    )


def _line_changes(old: _Line, new: _Line, values: tuple[Field, ...]) -> Iterator[Change]:
    if any(field.changed for field in values):
        yield Change.CHANGED
    if bare(old[0].name) != bare(new[0].name):
        yield Change.RENAMED


# --- texts ------------------------------------------------------------------------------------------------------


def _texts(old: ScoredYear, new: ScoredYear, *, drafts: bool) -> Iterator[Words]:
    years = (old.scored.assessment.year, new.scored.assessment.year)
    a, b = old.scored.assessment, new.scored.assessment
    for name, before, after in (
        (keys.GOALS, _goals(a), _goals(b)),
        (keys.EXPECTED, _purpose(a, "expected"), _purpose(b, "expected")),
        (keys.ACHIEVED, _purpose(a, "achieved"), _purpose(b, "achieved")),
    ):
        if before or after:
            own = None if drafts else Grams(before)
            yield texts(name, name, before, after, years, own, narrative=False)
    prose = [p for narrative in old.narratives.texts for p in narrative.printed]
    copied = None if drafts else Grams(prose)
    earlier, later = ({text.name: text for text in year.narratives.texts} for year in (old, new))
    for name, narrative in {**later, **{n: t for n, t in earlier.items() if n not in later}}.items():
        before, after = (side[name].printed if name in side else () for side in (earlier, later))
        yield texts(name, narrative.title, before, after, years, copied, narrative=True)


def _goals(assessment: Assessment) -> tuple[str, ...]:
    return assessment.goals + tuple(block.goal for block in assessment.goal_blocks)


def _purpose(assessment: Assessment, what: str) -> tuple[str, ...]:
    written = getattr(assessment.purpose, what, None)
    return (written,) if written else ()


def _measures(old: ScoredYear, new: ScoredYear) -> Iterator[Measure]:
    """List what last year promised, and what this year says of it."""
    now = Grams([p for narrative in new.narratives.texts for p in narrative.printed])
    follow_ups = new.scored.assessment.follow_ups
    for number, text in enumerate(_promised(old), start=1):
        outcomes = (each.outcome for each in follow_ups if _speaks_of(each, number, text))
        yield Measure(number=number, text=text, outcome="；".join(outcomes), kept=now.of(text).percent)


def _promised(old: ScoredYear) -> list[str]:
    """List every paragraph of a narrative that is not there to explain shortfalls."""
    names = {rule.name for rule in old.scored.form.narratives if not rule.shortfalls}
    return [p for narrative in old.narratives.texts if narrative.name in names for p in narrative.printed]


def _speaks_of(follow_up: FollowUp, number: int, text: str) -> bool:
    """Tell whether an entry of 上年措施 means a paragraph: by its number, or by words of it."""
    named = follow_up.measure
    return named == str(number) if named.isdecimal() else named in text


def _loose_measures(old: ScoredYear, new: ScoredYear) -> Iterator[LooseLink]:
    promised = _promised(old)
    for i, follow_up in enumerate(new.scored.assessment.follow_ups):
        if not any(_speaks_of(follow_up, number, text) for number, text in enumerate(promised, start=1)):
            yield LooseLink(
                address=(keys.FOLLOW_UPS, i, keys.MEASURE), key=keys.FOLLOW_UPS, name=follow_up.measure
            )


def _loose_sums(before: tuple[Side, ...], new: Scored) -> Iterator[LooseLink]:
    """Find the 曾用名 of a 一级 or 二级指标 that names no sum of last year."""
    known = {step for each in before for step in each.way}
    for address, each in new.assessment.sums():
        kind = keys.DIMENSION if isinstance(each, Dimension) else keys.GROUP
        if each.renamed_from and (kind, bare(each.renamed_from)) not in known:
            yield LooseLink(
                address=(*address, keys.RENAMED_FROM), key=keys.RENAMED_FROM, name=each.renamed_from
            )
