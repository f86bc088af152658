"""Find what is not filled in yet, and placeholder text left over from the empty form."""

import re
from collections.abc import Iterable

from perfdoc.checks.registry import Findings, Subject, check, found
from perfdoc.core import keys
from perfdoc.core.address import Address
from perfdoc.core.assessment import Assessment, Blank, Detail, Indicator, Named, Words
from perfdoc.core.diagnostics import Quote, Severity, facts
from perfdoc.form.layout import BUDGET, INDICATORS, PURPOSE, Column, Layout, Weights
from perfdoc.judge.scoring import Scored


@check("P102", Severity.ERROR, unfilled=True)
def figure_left_open(subject: Subject) -> Findings:
    """Find a figure, grade, date or narrative that is not filled in; reviewers return forms with empty cells.

    Source: the form; every cell of it is to be filled.
    """
    layout = subject.form.layout
    yield from _open_boxes(subject.assessment, layout)
    yield from _open_money(subject)
    yield from _open_purpose(subject.assessment, layout)
    yield from _open_indicators(subject.scored)
    yield from _open_sums(subject.scored)
    for block in layout.own_tables:
        for i, row in enumerate(subject.assessment.own_table(block.name)):
            name = next((text for _, text in row), block.name)
            if name not in block.open_rows:
                yield from _open_cells((block.name, i), name, block.columns, row)
    for narrative in subject.narratives.texts:
        if not narrative.paragraphs and _asks(layout.box(narrative.name)):
            yield found((narrative.name, 1, 1), "text", title=Quote(narrative.title))


def _asks(box: Column | None) -> bool:
    return box is not None and box.asked


def _open_boxes(a: Assessment, layout: Layout) -> Findings:
    if a.date is None and _asks(layout.box(keys.DATE)):
        yield found((keys.DATE,), "value", owner="", name=keys.DATE)
    for name, amount in ((keys.BASIC, a.expenditure.basic), (keys.PROJECT, a.expenditure.project)):
        if amount is None and _asks(layout.box(name)):
            yield found((keys.EXPENDITURE, name), name=name)


def _open_purpose(a: Assessment, layout: Layout) -> Findings:
    if a.purpose is None:
        return
    if a.purpose.achieved is None and layout.prints(PURPOSE, keys.ACHIEVED):
        yield found((PURPOSE, keys.ACHIEVED), "value", owner="", name=keys.ACHIEVED)
    yield from _open_cells((PURPOSE,), "", layout.own_columns(PURPOSE), a.purpose.own)


def _open_cells(address: Address, owner: str, columns: Iterable[Column], own: Named) -> Findings:
    """Find the cells of a form's own columns that the unit has to fill in and has not."""
    written = {key for key, _ in own}
    for column in columns:
        if column.asked and column.key not in written:
            said = Quote(owner) if owner else ""
            yield found((*address, column.key), "value", owner=said, name=column.key)


def _open_money(subject: Subject) -> Findings:
    layout, basis = subject.form.layout, subject.form.budget.basis
    block = layout.tables.get(BUDGET)
    for i, line in enumerate(subject.assessment.budget):
        if block is None or line.name in block.open_rows:
            continue
        amounts = (
            (keys.INITIAL, line.initial),
            (keys.BUDGETED, line.budgeted),
            (keys.EXECUTED, line.executed),
        )
        for name, amount in amounts:
            column = block.column(name)
            wanted = column.asked if column else name in (basis.value, keys.EXECUTED)
            if amount is None and wanted:
                yield found((BUDGET, i, name), "value", owner=Quote(line.name), name=name)
        yield from _open_cells((BUDGET, i), line.name, layout.own_columns(BUDGET), line.own)


def _open_sums(scored: Scored) -> Findings:
    for i, block in enumerate(scored.assessment.goal_blocks):
        if not block.goal:
            yield found((keys.GOAL_BLOCKS, i, keys.GOAL), "value", owner=f"目标{i + 1} ", name="内容")
    for score in scored.total.walk():
        if score.filed is Blank.BLANK:
            yield found((*score.address, score.filed_key), "filed", name=Quote(score.name))


def _open_indicators(scored: Scored) -> Findings:
    own = scored.form.layout.own_columns(INDICATORS)
    for indicator, score in scored.indicators():
        yield from _open_values(score.address, indicator)
        ungraded = isinstance(indicator.target, Words) and indicator.judgement is None
        graded = scored.form.layout.weights is not Weights.NONE
        waits = score.value is None and score.obstacle is None and graded
        if ungraded and waits and indicator.actual is not None:
            grade = scored.form.quality.bands[0].name
            at = (*score.address, keys.JUDGEMENT)
            yield found(at, "grade", advice=facts(grade=grade), name=Quote(indicator.name))
        yield from _open_cells(score.address, indicator.name, own, indicator.own)
        for i, detail in enumerate(indicator.details):
            yield from _open_values((*score.address, keys.DETAILS, i), detail)


def _open_values(address: Address, row: Indicator | Detail) -> Findings:
    for name, value in ((keys.TARGET, row.target), (keys.ACTUAL, row.actual)):
        if value is None:
            yield found((*address, name), "value", owner=Quote(row.name), name=name)


@check("P109", Severity.ERROR, unfilled=True)
def target_unconfirmed(subject: Subject) -> Findings:
    """Find a target that was copied from last year and that nobody has confirmed.

    Source: `new-year`, which marks them.
    """
    for indicator, score in subject.scored.indicators():
        if indicator.unconfirmed:
            yield found((*score.address, keys.UNCONFIRMED), name=Quote(indicator.name))


# Each alternative begins with a character, not with a repetition or a look behind: then Python looks for those
# characters first and reads a whole form in 10 µs instead of 200.
_RESIDUE = re.compile(
    r"……+|\.\.\.\.+|\*\*+|___+|（\d+字以内）|\(\d+字以内\)|待填|待补充|待定|TODO|□□+|指标\d[:：]|"
    + "|".join(rf"{cross}(?<![A-Za-z].)[Xx×]+(?![A-Za-z])" for cross in "Xx×")
)
_FILL_IN = re.compile(r"[{｛]\s?[{｛%][^{}｛｝]*(?:[}｝%]\s?[}｝])?|[}｝]\s?[}｝]|%\s?[}｝]")
"""What fills itself in within a narrative; anywhere else it would be printed as it stands."""


@check("P010", Severity.ERROR)
def placeholder_left(subject: Subject) -> Findings:
    """Find placeholder text, text of spaces only and fill-ins that nothing fills; 5 of 31 published forms carry some.

    Source: published forms 07, 09, 26.
    """
    yield from _fill_ins(subject)
    if not _RESIDUE.search(subject.once(whole)) and all(text.strip() for _, text in texts(subject)):
        return  # as nearly always: one search through all texts takes a third of one through each
    for address, text in texts(subject):
        residue = _RESIDUE.search(text)
        if residue:
            yield found(address, around=Quote(_around(text, residue)), residue=Quote(residue[0]))
        elif not text.strip():
            yield found(address, "space")


def _fill_ins(subject: Subject) -> Findings:
    """Find fill-ins in the assessment's own texts; those of the narratives were filled when they were read."""
    if _FILL_IN.search(subject.once(whole)) is None:
        return
    narratives = {narrative.name for narrative in subject.narratives.texts}
    for address, text in texts(subject):
        written = _FILL_IN.search(text) if address[0] not in narratives else None
        if written:
            yield found(address, "fill_in", around=Quote(_around(text, written)), residue=Quote(written[0]))


def _around(text: str, residue: re.Match[str]) -> str:
    start, end = max(0, residue.start() - 8), residue.end() + 8
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}".replace("\n", " ")


_TYPOS = {
    "拔付": "拨付",
    "拔款": "拨款",
    "建立建全": "建立健全",
    "绩郊": "绩效",
    "绩校": "绩效",
    "予算": "预算",
    "执行律": "执行率",
    "布署": "部署",
    "部暑": "部署",
    "按装": "安装",
    "松驰": "松弛",
    "严竣": "严峻",
    "园满完成": "圆满完成",
    "再接再励": "再接再厉",
    "一如继往": "一如既往",
    "按步就班": "按部就班",
    "竟争": "竞争",
    "即定目标": "既定目标",
    "帐户": "账户",
}
"""Slips that no right sentence contains, and what was meant."""
_TYPO = re.compile("|".join(_TYPOS))


@check("P011", Severity.WARNING, guess=True)
def word_misspelt(subject: Subject) -> Findings:
    """Find a word that is known to be misspelt.

    Source: corrections to a county's published attachments.
    """
    if not _TYPO.search(subject.once(whole)):
        return
    for address, text in texts(subject):
        for wrong in dict.fromkeys(_TYPO.findall(text)):
            yield found(address, wrong=Quote(wrong), right=Quote(_TYPOS[wrong]))


def texts(subject: Subject) -> tuple[tuple[Address, str], ...]:
    """List every text that a person wrote, with its address."""
    return subject.once(_texts)


def whole(subject: Subject) -> str:
    """Join all texts, so that what is rare can be looked for at once; no pattern reaches over a line's end."""
    return "\n".join(text for _, text in texts(subject))


def _texts(subject: Subject) -> tuple[tuple[Address, str], ...]:
    return tuple(_each_text(subject))


def _each_text(subject: Subject) -> Iterable[tuple[Address, str]]:
    yield from _head(subject.assessment)
    yield from _goals(subject.assessment)
    for score in (part for d in subject.scored.dimensions for part in d.walk()):
        key = keys.DIMENSION if score.kind == keys.DIMENSION else keys.NAME
        if score.kind in subject.form.layout.levels:  # a level that the form does not have bears no name
            yield (*score.address, key), score.name
    for indicator, score in subject.scored.indicators():
        for name, value in ((keys.TARGET, indicator.target), (keys.ACTUAL, indicator.actual)):
            if value is not None:
                yield (*score.address, name), value.text
        if indicator.remark is not None:
            yield (*score.address, keys.REMARK), indicator.remark
        yield from _own_texts(score.address, indicator.own)
        for i, detail in enumerate(indicator.details):
            yield (*score.address, keys.DETAILS, i, keys.NAME), detail.name
            yield from _own_texts((*score.address, keys.DETAILS, i), detail.own)
    for table in subject.assessment.own_tables:
        for i, row in enumerate(table.rows):
            yield from _own_texts((table.name, i), row)
    yield from prose_lines(subject)


def _own_texts(address: Address, own: Named) -> Iterable[tuple[Address, str]]:
    return (((*address, key), text) for key, text in own)


def _head(a: Assessment) -> Iterable[tuple[Address, str]]:
    if a.department:
        yield (keys.DEPARTMENT,), a.department
    yield (keys.UNIT_NAME,), a.unit
    for name, text in a.facts:
        yield (keys.FACTS, name), text
    for i, line in enumerate(a.budget):
        yield (BUDGET, i, keys.NAME), line.name
        if line.remark is not None:
            yield (BUDGET, i, keys.REMARK), line.remark
        yield from _own_texts((BUDGET, i), line.own)


def _goals(a: Assessment) -> Iterable[tuple[Address, str]]:
    if a.purpose:
        yield (PURPOSE, keys.EXPECTED), a.purpose.expected
        if a.purpose.achieved is not None:
            yield (PURPOSE, keys.ACHIEVED), a.purpose.achieved
        yield from _own_texts((PURPOSE,), a.purpose.own)
    for i, goal in enumerate(a.goals):
        yield (keys.GOALS, i), goal
    for i, block in enumerate(a.goal_blocks):
        if block.goal:
            yield (keys.GOAL_BLOCKS, i, keys.GOAL), block.goal


def prose_lines(subject: Subject) -> tuple[tuple[Address, str], ...]:
    """List every line of the narratives as it was written."""
    return subject.once(_prose_lines)


def _prose_lines(subject: Subject) -> tuple[tuple[Address, str], ...]:
    return tuple(line for narrative in subject.narratives.texts for line in narrative.lines())
