"""Turn last year's assessment.yaml into the next year's: what is kept, emptied and removed.

The text is edited where its values stand and not rewritten, so its comments and layout are kept.
"""

import dataclasses
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import yaml

from perfdoc.core import keys
from perfdoc.core.assessment import (
    Assessment,
    BudgetLine,
    Detail,
    Dimension,
    Expenditure,
    GoalBlock,
    Group,
    Indicator,
    Purpose,
    Status,
)
from perfdoc.core.entry import CarryOver
from perfdoc.form.layout import BUDGET, INDICATORS, LEVELS, PURPOSE, Column, Layout

CarryOvers = Mapping[str, Mapping[str, CarryOver]]
"""What becomes of every key of an assessment, under the key that it stands below."""


def carry_overs(layout: Layout) -> CarryOvers:
    """List what happens to every key in the next year: as its field declares, or the form for its own columns."""
    fates = {owner: _declared(record) for owner, record in _RECORDS.items()}
    first = {LEVELS[1:]: keys.GROUP, LEVELS[2:]: keys.INDICATOR}.get(layout.levels, INDICATORS)
    fates[INDICATORS] = fates[first]
    for owner, table in (
        (BUDGET, BUDGET),
        (PURPOSE, PURPOSE),
        (keys.INDICATOR, INDICATORS),
        (keys.DETAILS, INDICATORS),
    ):
        fates[owner] = {**fates[owner], **_of_columns(layout.own_columns(table))}
    for table_of_its_own in layout.own_tables:
        fates[""] = {**fates[""], table_of_its_own.name: CarryOver.BELOW}
        fates[table_of_its_own.name] = _of_columns(table_of_its_own.columns)
    boxes = _of_columns(layout.own_boxes)
    if any(fate is not CarryOver.KEPT for fate in boxes.values()):
        fates[""] = {**fates[""], keys.FACTS: CarryOver.BELOW}
        fates[keys.FACTS] = boxes
    return fates


_RECORDS: Mapping[str, type] = {
    "": Assessment,
    keys.EXPENDITURE: Expenditure,
    BUDGET: BudgetLine,
    PURPOSE: Purpose,
    keys.GOAL_BLOCKS: GoalBlock,
    INDICATORS: Dimension,
    keys.GROUP: Group,
    keys.INDICATOR: Indicator,
    keys.DETAILS: Detail,
}


def _declared(record: type) -> dict[str, CarryOver]:
    known = (field.metadata for field in dataclasses.fields(record) if "key" in field.metadata)
    return {metadata["key"]: metadata["next_year"] for metadata in known}


def _of_columns(columns: Iterable[Column]) -> dict[str, CarryOver]:
    return {column.key: column.carry_over for column in columns}


_COMMA = re.compile(r"\s*,")
_UNCONFIRMED, _YES = keys.UNCONFIRMED, "是"


@dataclass(frozen=True, slots=True)
class Renewed:
    """The next year's text.

    Attributes:
        before: Last year's text.
        text: What it becomes.
        counts: How many values were changed in each way; kept ones are not counted.
    """

    before: str
    text: str
    counts: Mapping[CarryOver, int]

    def counted(self) -> tuple[tuple[CarryOver, int], ...]:
        """List the ways in which at least one value was changed, in the order of `CarryOver`."""
        return tuple((fate, self.counts[fate]) for fate in CarryOver if self.counts.get(fate))

    def changed_lines(self) -> Iterator[str]:
        """List the lines that go (`-`, numbered as in last year's file) and those that come (`+`, as in the new one)."""
        old, new = self.before.splitlines(), self.text.splitlines()
        # Lines that occur all over a long file are no anchors: without that, 1,000 indicators take minutes.
        for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
            if kind != "equal":
                yield from (f"{number:>4} - {line}" for number, line in enumerate(old[a:b], start=a + 1))
                yield from (f"{number:>4} + {line}" for number, line in enumerate(new[c:d], start=c + 1))


_YEAR_STEP = re.compile(r"(?:19|20)[0-9]{2}")


def is_year(step: str) -> bool:
    """Tell whether a step of a path names a year."""
    return _YEAR_STEP.fullmatch(step) is not None


def year_of(name: str) -> str | None:
    """Return the first step of an assessment's path that is a year; None where no step is one."""
    return next(filter(is_year, name.split("/")), None)


def following(name: str, next_year: str) -> str:
    """Name the assessment of another year that follows from this one."""
    year = year_of(name)
    return "/".join(next_year if step == year else step for step in name.split("/"))


def sources(every: Iterable[str], next_year: str, year: str | None = None) -> tuple[str, ...]:
    """Choose what a year is opened from: all assessments of a unit for one year, by default its latest earlier one.

    A unit is what stands before the year in a path: a project of the year before the last is not taken up again.

    Args:
        every: The names of all assessments.
        next_year: The year to open.
        year: The year to open it from.
    """
    dated = [(name, step) for name in every if (step := year_of(name)) is not None and step < next_year]
    latest: dict[str, str] = {}
    for name, step in dated:
        latest[_unit(name, step)] = max(step, latest.get(_unit(name, step), ""))
    return tuple(name for name, step in dated if step == (year or latest[_unit(name, step)]))


def _unit(name: str, year: str) -> str:
    return f"/{name}/".partition(f"/{year}/")[0]


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


_Entry = tuple[yaml.Node, yaml.Node]


def renew(text: str, year: str, next_year: str, layout: Layout) -> Renewed:
    """Make the next year's text from a text that reads without a fault.

    Args:
        text: Last year's assessment.yaml, lines ended by a line feed.
        year: Last year as a step of a path, such as `2020`.
        next_year: The next year likewise.
        layout: What the form declares.
    """
    # The loader in Python: the other one counts some marks differently.
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pen = _Pen(text, year, next_year, carry_overs(layout))
    if isinstance(root, yaml.MappingNode):
        pen.mapping(root, "")
    return Renewed(text, pen.edited(), pen.counts)


class _Pen:
    """Gathers the edits of one text."""

    def __init__(self, text: str, year: str, next_year: str, fates: CarryOvers) -> None:
        self._text, self._year, self._next, self._fates = text, year, next_year, fates
        self._edits: list[_Edit] = []
        self.counts: Counter[CarryOver] = Counter()

    def edited(self) -> str:
        """Carry out all edits."""
        pieces: list[str] = []
        at = 0
        for start, end, text in sorted(self._edits):
            pieces += (self._text[at:start], text)
            at = max(at, end)
        return "".join((*pieces, self._text[at:]))

    def mapping(self, node: yaml.MappingNode, owner: str) -> None:
        """Edit the values below a key."""
        fates = self._fates[owner]
        gone = []
        for key, value in node.value:
            fate = fates.get(key.value, CarryOver.KEPT)
            if fate is CarryOver.REMOVED:
                gone.append((key, value))
            elif fate is CarryOver.BELOW:
                self._below(value, key.value)
            elif fate is CarryOver.LINKS:
                self._relink(value)
            elif fate is CarryOver.TARGET:
                self._ask(node, key, value)
            else:
                self._scalar(value, fate)
        self.counts[CarryOver.REMOVED] += len(gone)
        if node.flow_style:
            self._remove_within_braces(node.value, gone)
        else:
            self._remove_lines(node.value, gone)

    def _below(self, value: yaml.Node, owner: str) -> None:
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if isinstance(item, yaml.MappingNode):
                self.mapping(item, owner)

    def _scalar(self, value: yaml.Node, fate: CarryOver) -> None:
        becomes = {
            CarryOver.YEAR: self._next,
            CarryOver.STATUS: Status.FILLING.value,
            CarryOver.EMPTIED: "",
        }.get(fate)
        start, end = _start(value), self._end(value)
        if becomes is None or start == end or self._text[start:end] == becomes:
            return
        self.counts[fate] += 1
        if not becomes and self._text[end : end + 1] in ("\n", ""):
            start = len(self._text[:start].rstrip(" "))  # no blanks at the end of a line
        self._edits.append(_Edit(start, end, becomes))

    def _relink(self, value: yaml.Node) -> None:
        """Follow a path whose step is the old year to the new year's."""
        step = re.compile(rf"(?<![^/\"'\s]){re.escape(self._year)}(?![^/\"'\s])")
        for item in value.value if isinstance(value, yaml.SequenceNode) else []:
            start, end = _start(item), self._end(item)
            written = self._text[start:end]
            becomes = step.sub(self._next, written)
            if becomes != written:
                self.counts[CarryOver.LINKS] += 1
                self._edits.append(_Edit(start, end, becomes))

    def _ask(self, node: yaml.MappingNode, key: yaml.Node, target: yaml.Node) -> None:
        """Mark a target that was taken over as one that somebody has to confirm."""
        end = self._end(target)
        if _start(target) == end:
            return
        self.counts[CarryOver.TARGET] += 1
        mark = next((value for name, value in node.value if name.value == _UNCONFIRMED), None)
        if mark is not None:
            self._edits.append(self._yes(mark))
        elif node.flow_style:
            self._edits.append(_Edit(end, end, f", {_UNCONFIRMED}: {_YES}"))
        else:
            line_end = self._line_end(end)
            indent = " " * key.start_mark.column
            self._edits.append(_Edit(line_end, line_end, f"\n{indent}{_UNCONFIRMED}: {_YES}"))

    def _yes(self, mark: yaml.Node) -> _Edit:
        start, end = _start(mark), self._end(mark)
        if start < end:
            return _Edit(start, end, _YES)
        # Nothing is written: the place is that of the colon's end.
        return (
            _Edit(end + 1, end + 1, _YES) if self._text[end : end + 1] == " " else _Edit(end, end, f" {_YES}")
        )

    # --- removing -------------------------------------------------------------------------------------------

    def _remove_within_braces(self, entries: list[_Entry], gone: list[_Entry]) -> None:
        """Remove entries of `{a: 1, b: 2}` with a comma each; a comment between two of them stays."""
        last_kept = max((i for i, entry in enumerate(entries) if entry not in gone), default=-1)
        for i, (key, value) in enumerate(entries):
            if (key, value) not in gone:
                continue
            start, end = _start(key), self._end(value)
            rest = _COMMA.match(self._text, end)
            after_comma = rest.end() if rest else end
            if i > last_kept >= 0:
                before = self._end(entries[i - 1][1])
                noted = "#" in self._text[before:start]
                start, end = (start, after_comma) if noted else (before, end)
            elif i + 1 < len(entries):
                following = _start(entries[i + 1][0])
                end = after_comma if "#" in self._text[end:following] else following
            self._edits.append(_Edit(start, end, ""))

    def _remove_lines(self, entries: list[_Entry], gone: list[_Entry]) -> None:
        """Remove entries that have lines to themselves; the first ones of `- a: 1` leave their dash to the next."""
        first_kept = next((i for i, entry in enumerate(entries) if entry not in gone), len(entries))
        for key, value in gone:
            start, end = self._line_start(_start(key)), self._line_end(self._end(value)) + 1
            if self._text[start : _start(key)].strip():
                start, end = _start(key), self._end(value)
                if first_kept < len(entries) and not self._noted(entries[: first_kept + 1]):
                    end = _start(entries[first_kept][0])
            elif self._text[:start].endswith("\n\n") and self._text[end : end + 1] in ("\n", ""):
                end += 1  # of two blank lines that would meet, one goes
            self._edits.append(_Edit(start, min(end, len(self._text)), ""))

    def _noted(self, entries: list[_Entry]) -> bool:
        """Tell whether anything but blanks stands between entries: a comment."""
        return any(
            self._text[self._end(value) : _start(key)].strip()
            for (_, value), (key, _) in itertools.pairwise(entries)
        )

    # --- places ---------------------------------------------------------------------------------------------

    def _end(self, node: yaml.Node) -> int:
        """Find the end of what is written: a block ends for the loader where the next thing begins."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        start, end = _start(node), int(node.end_mark.index)
        return start + len(self._text[start:end].rstrip())

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end


def _start(node: yaml.Node) -> int:
    return int(node.start_mark.index)
