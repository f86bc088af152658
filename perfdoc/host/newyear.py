"""Last year's assessment.yaml → the next year's, text to text: what stays, what is emptied, what goes.

The text is edited at the places of its values and never written anew, so its comments and its layout stay.
"""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import yaml

from perfdoc.core.assessment import Status


class Fate(Enum):
    """What becomes of a value in the next year, in the words in which the clerk is told of it."""

    KEPT = "照抄"
    YEAR = "改年度"
    STATUS = "改状态"
    LINKS = "改汇总自"
    TARGET = "目标待确认"
    EMPTIED = "清空"
    REMOVED = "删去"
    BELOW = "逐项"


FATES: Mapping[str, Mapping[str, Fate]] = {
    "": {
        "表式": Fate.KEPT,
        "年度": Fate.YEAR,
        "部门": Fate.KEPT,
        "单位名称": Fate.KEPT,
        "填报日期": Fate.EMPTIED,
        "状态": Fate.STATUS,
        "支出": Fate.BELOW,
        "预算执行": Fate.BELOW,
        "基本信息": Fate.KEPT,
        "勾选": Fate.KEPT,
        "年度总体目标": Fate.BELOW,
        "年度目标": Fate.KEPT,
        "指标": Fate.BELOW,
        "绩效目标": Fate.BELOW,
        "取消": Fate.REMOVED,
        "上年措施": Fate.REMOVED,
    },
    "支出": {
        "基本支出总额": Fate.EMPTIED,
        "项目支出总额": Fate.EMPTIED,
        "往来资金": Fate.EMPTIED,
        "汇总自": Fate.LINKS,
    },
    "预算执行": {
        "名称": Fate.KEPT,
        "年初预算数": Fate.EMPTIED,
        "预算数": Fate.EMPTIED,
        "执行数": Fate.EMPTIED,
        "汇总自": Fate.LINKS,
        "报送得分": Fate.REMOVED,
        "报送理由": Fate.REMOVED,
        "曾用名": Fate.REMOVED,
    },
    "年度总体目标": {
        "预期目标": Fate.KEPT,
        "实际完成情况": Fate.EMPTIED,
    },
    "绩效目标": {
        "目标": Fate.KEPT,
        "分值": Fate.KEPT,
        "指标": Fate.BELOW,
    },
    "指标": {
        "一级指标": Fate.KEPT,
        "分值": Fate.KEPT,
        "二级指标": Fate.BELOW,
        "曾用名": Fate.REMOVED,
    },
    "二级指标": {
        "名称": Fate.KEPT,
        "分值": Fate.KEPT,
        "三级指标": Fate.BELOW,
        "曾用名": Fate.REMOVED,
    },
    "三级指标": {
        "名称": Fate.KEPT,
        "分值": Fate.KEPT,
        "方向": Fate.KEPT,
        "年初目标值": Fate.TARGET,
        "实际完成值": Fate.EMPTIED,
        "定性": Fate.EMPTIED,  # left standing: it says that this indicator wants a grade
        "印作": Fate.KEPT,
        "报送得分": Fate.REMOVED,
        "报送理由": Fate.REMOVED,
        "说明": Fate.REMOVED,
        "汇总自": Fate.LINKS,
        "汇总指标": Fate.KEPT,
        "口径": Fate.KEPT,
        "曾用名": Fate.REMOVED,
        "拆分自": Fate.REMOVED,
        "合并自": Fate.REMOVED,
        "目标待确认": Fate.KEPT,  # the target sees to it
    },
}
"""Every key of an assessment under the key that it stands below: nothing is decided elsewhere."""

_COMMA = re.compile(r"\s*,")
_UNCONFIRMED, _YES = "目标待确认", "是"


@dataclass(frozen=True, slots=True)
class Renewed:
    """The next year's text.

    Attributes:
        before: Last year's text.
        text: What it becomes.
        counts: How many values met each fate, those that stay as they are left out.
    """

    before: str
    text: str
    counts: Mapping[Fate, int]

    def counted(self) -> tuple[tuple[Fate, int], ...]:
        """List the fates that at least one value met, in the order of `Fate`."""
        return tuple((fate, self.counts[fate]) for fate in Fate if self.counts.get(fate))

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
    """Choose what a year is opened from: all that a unit has of one year, its latest earlier one unless told.

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


def renew(text: str, year: str, next_year: str) -> Renewed:
    """Make the next year's text from a text that reads without a fault.

    Args:
        text: Last year's assessment.yaml, lines ended by a line feed.
        year: Last year as a step of a path, such as `2020`.
        next_year: The next year likewise.
    """
    # The loader in Python: the other one counts some marks differently.
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pen = _Pen(text, year, next_year)
    if isinstance(root, yaml.MappingNode):
        pen.mapping(root, "")
    return Renewed(text, pen.edited(), pen.counts)


class _Pen:
    """Gathers the edits of one text."""

    def __init__(self, text: str, year: str, next_year: str) -> None:
        self._text, self._year, self._next = text, year, next_year
        self._edits: list[_Edit] = []
        self.counts: Counter[Fate] = Counter()

    def edited(self) -> str:
        """Carry out all edits."""
        pieces: list[str] = []
        at = 0
        for start, end, text in sorted(self._edits):
            pieces += (self._text[at:start], text)
            at = max(at, end)
        return "".join((*pieces, self._text[at:]))

    def mapping(self, node: yaml.MappingNode, owner: str) -> None:
        """Decide over the values below a key."""
        fates = FATES[owner]
        gone = []
        for key, value in node.value:
            fate = fates.get(key.value, Fate.KEPT)
            if fate is Fate.REMOVED:
                gone.append((key, value))
            elif fate is Fate.BELOW:
                self._below(value, key.value)
            elif fate is Fate.LINKS:
                self._relink(value)
            elif fate is Fate.TARGET:
                self._ask(node, key, value)
            else:
                self._scalar(value, fate)
        self.counts[Fate.REMOVED] += len(gone)
        if node.flow_style:
            self._remove_within_braces(node.value, gone)
        else:
            self._remove_lines(node.value, gone)

    def _below(self, value: yaml.Node, owner: str) -> None:
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if isinstance(item, yaml.MappingNode):
                self.mapping(item, owner)

    def _scalar(self, value: yaml.Node, fate: Fate) -> None:
        becomes = {Fate.YEAR: self._next, Fate.STATUS: Status.FILLING.value, Fate.EMPTIED: ""}.get(fate)
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
                self.counts[Fate.LINKS] += 1
                self._edits.append(_Edit(start, end, becomes))

    def _ask(self, node: yaml.MappingNode, key: yaml.Node, target: yaml.Node) -> None:
        """Mark a target that was taken over as one that somebody has to confirm."""
        end = self._end(target)
        if _start(target) == end:
            return
        self.counts[Fate.TARGET] += 1
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
