"""Check this year's form against last year's, as a reviewer does."""

from dataclasses import replace
from typing import TYPE_CHECKING

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.diagnostics import Quote, Severity, facts
from perfdoc.years.kinds import Break, Change, Flag

if TYPE_CHECKING:
    from perfdoc.years.value import Passage, Row, Words


def _softened(subject: Subject, flag: Flag) -> Findings:
    """Report every target that looks soft in one way, at the target."""
    for row in subject.comparison.rows if subject.comparison else ():
        for flagged in row.flags:
            if flagged.flag is flag:
                at = _at(row, keys.TARGET)
                named = facts(name=Quote(row.name))
                yield replace(found(at, flagged.kind), facts=named + flagged.facts)


def _at(row: "Row", key: str) -> Address:
    return (*row.news[0].address, key)


@check("P411", Severity.WARNING)
def last_year_unread(subject: Subject) -> Findings:
    """Report that last year's assessment exists and could not be read, so that nothing was compared with it.

    Source: perfdoc's own, from the review of two years.
    """
    if subject.unread:
        yield found((keys.YEAR,), advice=facts(folder=subject.unread), name=Quote(subject.unread))


@check("P401", Severity.INFO)
def incomparable_with_last_year(subject: Subject) -> Findings:
    """Find an indicator whose unit, direction, kind or scope is not last year's.

    Source: SDMX OBS_STATUS “B”; a bureau's finding 长期目标与年度目标混淆.
    """
    for row in subject.comparison.rows if subject.comparison else ():
        for broken in row.breaks:
            if broken.kind is not Break.RULE:
                yield found(
                    _at(row, keys.SCOPE if broken.kind is Break.SCOPE else keys.TARGET),
                    name=Quote(row.name),
                    what=broken.kind.value,
                    old=Quote(broken.old),
                    new=Quote(broken.new),
                )


@check("P402", Severity.INFO)
def form_incomparable_with_last_year(subject: Subject) -> Findings:
    """Find a form, rulebook or scheme of weights that is not last year's.

    Source: perfdoc's own, from the review of two years.
    """
    places = {Break.FORM: (keys.FORM,), Break.RULE: (keys.FORM,), Break.WEIGHTS: (keys.INDICATORS,)}
    for broken in subject.comparison.breaks if subject.comparison else ():
        yield found(places[broken.kind], what=broken.kind.value, old=broken.old, new=broken.new)


@check("P403", Severity.WARNING, guess=True)
def target_lowered_score_rose(subject: Subject) -> Findings:
    """Find a target that was made easier while the score rose.

    Source: 财预〔2020〕10号 (assumed) 目标明显偏低; review of two years, measured on a pair of forms.
    """
    yield from _softened(subject, Flag.LOWERED)


@check("P404", Severity.WARNING, guess=True)
def target_below_last_actual(subject: Subject) -> Findings:
    """Find a target below what was already reached last year.

    Source: checks of a finance bureau, “目标偏低”; 财预〔2020〕10号 (assumed).
    """
    yield from _softened(subject, Flag.BELOW_LAST)


@check("P405", Severity.WARNING, guess=True, threshold=True)
def target_kept_after_excess(subject: Subject) -> Findings:
    """Find a target that stayed although last year far exceeded it.

    Source: perfdoc's own threshold, in the form's 检查.
    """
    yield from _softened(subject, Flag.KEPT)


@check("P406", Severity.INFO)
def row_as_last_year(subject: Subject) -> Findings:
    """Find an indicator whose weight, target and actual are all last year's.

    Source: 财政部门 findings of forms copied from the year before.
    """
    yield from _softened(subject, Flag.REPEATED)


@check("P407", Severity.WARNING, guess=True, threshold=True)
def text_copied_from_last_year(subject: Subject) -> Findings:
    """Find a paragraph most of which stands in last year's narrative, figures apart.

    Source: “受益老年人” in another bureau's form; forms whose text survived from the year before.
    """
    least = subject.threshold("P407")
    for text, passage in _passages(subject):
        if passage.reused is not None and passage.reused >= least:
            yield found(
                (text.name, *_line(subject, text, passage)),
                title=Quote(text.title),
                paragraph=passage.new or 0,
                reused=f"{passage.reused}%",
            )


@check("P408", Severity.WARNING, guess=True)
def year_of_another_form(subject: Subject) -> Findings:
    """Find a paragraph that names a year which is neither this form's nor the next.

    Source: published form 29, with the date of the year before.
    """
    for text, passage in _passages(subject):
        if passage.stale:
            yield found(
                (text.name, *_line(subject, text, passage)),
                title=Quote(text.title),
                paragraph=passage.new or 0,
                years="、".join(passage.stale),
                year=subject.assessment.year,
            )


@check("P409", Severity.ERROR)
def link_to_nothing(subject: Subject) -> Findings:
    """Find a declared link to last year that names nothing there, or something another link has taken.

    Source: perfdoc's own, from the identity of indicators across years.
    """
    for link in subject.comparison.loose if subject.comparison else ():
        yield found(link.address, link.kind, key=link.key, name=Quote(link.name))


@check("P410", Severity.WARNING)
def indicator_gone(subject: Subject) -> Findings:
    """Find an indicator of last year that is gone without an entry in 取消.

    Source: perfdoc's own, from the review of two years.
    """
    comparison = subject.comparison
    if comparison is None:
        return
    # The likeliest comes first, and stays.
    near = {proposal.old: proposal for proposal in reversed(comparison.proposals)}
    for row in comparison.rows:
        if row.changes == (Change.DROPPED,) and row.dropped is None:
            likely = near.get(row.name)
            advice = facts(new=Quote(likely.new), line=likely.line) if likely else ()
            yield found((keys.INDICATORS,), "renamed" if likely else "", advice=advice, name=Quote(row.name))


def _passages(subject: Subject) -> "list[tuple[Words, Passage]]":
    """List this year's paragraphs of the narratives; goals may well stay."""
    if subject.comparison is None:
        return []
    texts = (text for text in subject.comparison.texts if text.narrative)
    return [(text, passage) for text in texts for passage in text.passages if passage.new is not None]


def _line(subject: Subject, text: "Words", passage: "Passage") -> Address:
    """Find the line of the narrative's file on which a paragraph begins."""
    paragraphs = subject.narratives.named(text.name).paragraphs
    return (paragraphs[(passage.new or 1) - 1].first_line, 1)
