"""What does a YAML file say, value by value and place by place?

The nodes are built from the loader's events as they come, within limits, and every scalar stays text.
Only the notation is judged here; what a name or a value means is decided by the field that takes it.
`notation.traps` knows what YAML reads otherwise than it was meant, `notation.slips` why it cannot be read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

import yaml
from yaml import Mark

from perfdoc.core.diagnostics import Diagnostic, Place, diagnose
from perfdoc.core.source import Mapping, Node, Scalar, Sequence
from perfdoc.read.text import ENOUGH, Sheet, capped, characters, excerpt
from perfdoc.read.yaml import traps, wording
from perfdoc.read.yaml.page import indent_of

DEEPEST = 30
"""Lists and mappings inside each other; an assessment has eight."""

MOST_NODES = 50_000
"""Names and values in a file; an assessment has some 500."""

_LAYOUT = ("|", ">")
_MERGE = "<<"


class Loader(Protocol):
    """What is asked of a YAML loader: its next event, None after the last."""

    def __init__(self, stream: str) -> None: ...

    def get_event(self) -> Any: ...  # noqa: D102


LOADER: Final[type[Loader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast loader where libyaml is installed; the slow one gives the same verdicts."""


def parse(
    text: str, file: str, *, loader: type[Loader] = LOADER
) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """Read a YAML text whose root is a mapping.

    Args:
        text: The text as `text.decode` gives it.
        file: The name to show.
        loader: The YAML loader that is to yield the events.

    Returns:
        The root, or None where something is at fault; and all faults of the notation that could be found.
    """
    sheet = Sheet(file, text.split("\n"))
    tabs: tuple[Diagnostic, ...] = ()
    if "\t" in text:
        from perfdoc.read.yaml import slips  # noqa: PLC0415 -- 20 ms that a sound file does not pay

        sheet, tabs = slips.tabs(sheet)
    reading = _read(sheet, loader)
    if not (tabs or reading.faults) and isinstance(reading.root, Mapping):
        return reading.root, ()
    return None, capped(_faults(sheet, reading, tabs, loader))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How far a text could be read; `broken` is the row at which the loader gave up."""

    root: Node | None
    faults: tuple[Diagnostic, ...]
    broken: int | None = None


def _read(sheet: Sheet, loader: type[Loader]) -> _Reading:
    text = "\n".join(sheet.lines)
    builder = _Builder(sheet, text)
    try:
        builder.read(loader(text))
    except yaml.MarkedYAMLError as stopped:
        mark = stopped.problem_mark or stopped.context_mark
        return _Reading(None, builder.all_faults(), mark.line if mark else 0)
    except (yaml.YAMLError, ValueError, OverflowError):  # the last two: lone surrogates and "\\U00110000"
        return _Reading(None, characters(text, sheet.file) or builder.all_faults(), 0)
    return _Reading(builder.root, builder.all_faults(), builder.broken)


def _faults(
    sheet: Sheet, reading: _Reading, tabs: tuple[Diagnostic, ...], loader: type[Loader]
) -> tuple[Diagnostic, ...]:
    """Find out why a text could not be read, or was read otherwise than it was meant, and what else is wrong with it."""
    from perfdoc.read.yaml import slips  # noqa: PLC0415 -- as in `parse`

    if reading.broken is None:
        nameless = slips.nameless_lines(sheet) if isinstance(reading.root, Scalar) else ()
        seen = (*tabs, *nameless)
        faults = (*seen, *_elsewhere(reading.faults, seen))
        return faults or (_not_a_mapping(sheet, reading.root),)
    page = slips.scan(sheet, aligned=not any(slips.in_indent(sheet, tab) for tab in tabs))
    seen = (*tabs, *_elsewhere(page.slips, tabs))
    if seen and not page.sound:
        first = min(fault.place.line for fault in seen)
        return (*seen, *(fault for fault in reading.faults if fault.place.line < first))
    if page.slips and page.sound:
        reading = _read(page, loader)
    faults = (*seen, *_elsewhere(reading.faults, seen))
    if reading.broken is None:
        return faults
    row = min(reading.broken, len(sheet.lines) - 1)
    while row and not sheet.line(row).strip():
        row -= 1
    if any(abs(fault.place.line - 1 - row) <= 1 for fault in faults):
        return faults
    words = sheet.line(row)
    return (*faults, sheet.error("P006.unreadable", row, indent_of(words), words))


def _elsewhere(faults: Iterable[Diagnostic], seen: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Leave out what was found on a line of which something was said already: one slip, one message."""
    lines = {fault.place.line for fault in seen}
    return tuple(fault for fault in faults if fault.place.line not in lines)


def _not_a_mapping(sheet: Sheet, root: Node | None) -> Diagnostic:
    if root is None or (isinstance(root, Scalar) and root.empty):
        return sheet.error("P009.empty", 0, 0)
    return sheet.error(
        "P009.root", root.place.line - 1, root.place.column - 1, sheet.line(root.place.line - 1)
    )


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; names and values take turns among a mapping's children.

    Attributes:
        place: Where it begins.
        mapping: Whether it has names.
        flow: Whether it stands in brackets.
        indent: The column in which the innermost one without brackets begins.
        sound: False where it stands as a name or has a tag, of which enough is said.
        children: What was read so far.
    """

    place: Place
    mapping: bool
    flow: bool
    indent: int
    sound: bool
    children: list[Node] = field(default_factory=list)

    @property
    def name_due(self) -> bool:
        return self.mapping and not len(self.children) % 2


class _Builder:
    """Events → nodes, one event at a time."""

    def __init__(self, sheet: Sheet, text: str) -> None:
        self.root: Node | None = None
        self.done = False
        self.broken: int | None = None
        self._sheet = sheet
        self._file = sheet.file
        self._faults: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._last_row = 0
        self._closed: list[tuple[Mark, Mark]] = []
        self._glued = traps.GLUED.search(text) is not None
        self._disputed = traps.DISPUTED.search(text) is not None
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.StreamEndEvent: self._finish,
        }

    def read(self, events: Loader) -> None:
        """Take one event after the other, until `done` tells to stop."""
        takes, next_event = self._takes, events.get_event
        while not self.done:
            event = next_event()
            take = takes.get(type(event))
            if take is not None:
                take(event)

    def all_faults(self) -> tuple[Diagnostic, ...]:
        """Return what was found so far."""
        if self._glued:
            swallowed = traps.swallowed(self._sheet, self._closed, self._last_row)
            return (*self._faults, *islice(swallowed, ENOUGH))
        return tuple(self._faults)

    def _report(self, *faults: Diagnostic | None) -> None:
        self._faults += [fault for fault in faults if fault is not None]
        self.done = self.done or len(self._faults) >= ENOUGH

    def _scalar(self, event: Any) -> None:
        start, style, value = event.start_mark, event.style, event.value
        row: int = start.line
        if event.anchor or event.tag:
            self._refuse(event)
        if style:
            self._in_quotes(event)
        elif value:
            self._plain(event, value, row)
        self._last_row = row
        place = Place(self._file, row + 1, start.column + 1)
        if not (style or value) and self._open:
            within = self._open[-1]
            if within.flow and within.mapping and not within.name_due:
                place = traps.left_empty(self._sheet, within.children[-1])
        self._add(Scalar(value, place, bool(style)))

    def _plain(self, event: Any, value: str, row: int) -> None:
        flow = bool(self._open) and self._open[-1].flow
        start, end = event.start_mark, event.end_mark
        if value[0] in traps.SUSPECT or row != end.line or value != value.strip() or (flow and "：" in value):
            self._report(traps.in_plain(self._sheet, value, start, end, flow=flow))
        if flow and self._disputed and traps.disputed(self._sheet, value, end):
            self._give_up(event)

    def _in_quotes(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        self._closed.append((start, end))
        if event.style in _LAYOUT:
            self._report(traps.block_for_sign(self._sheet, event.value, start))
            return
        if start.line != end.line:
            indent = self._open[-1].indent if self._open else -1
            self._report(traps.unclosed_quote(self._sheet, start, end, indent))
        if event.style == '"':
            self._escapes(event)

    def _escapes(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        opened, closed = (start.line, start.column + 1), (end.line, end.column)
        for escape in wording.escapes(self._sheet, opened, closed):
            if not escape.readable:
                self._give_up(event)
            if self.done:
                return
            self._report(escape.fault)

    def _give_up(self, event: Any) -> None:
        """Stop where only one of the loaders goes on, so that both give the same verdict."""
        self.broken, self.done = event.start_mark.line, True

    def _start(self, event: Any) -> None:
        start = event.start_mark
        if event.anchor or event.tag:
            self._refuse(event)
        place = Place(self._file, start.line + 1, start.column + 1)
        if len(self._open) >= DEEPEST:
            self._stop("P008.depth", place, DEEPEST)
        above = self._open[-1] if self._open else None
        flow = bool(event.flow_style)
        self._open.append(
            _Open(
                place=place,
                mapping=isinstance(event, yaml.MappingStartEvent),
                flow=flow,
                indent=(above.indent if above else -1) if flow else start.column,
                sound=not event.tag and (above is None or (above.sound and not above.name_due)),
            )
        )

    def _end(self, event: Any) -> None:
        ended = self._open.pop()
        if ended.flow:
            self._closed.append((event.end_mark, event.end_mark))
        if ended.mapping:
            self._add(Mapping(self._entries(ended), ended.place))
            return
        if ended.flow:
            self._report(*traps.split_figures(self._sheet, ended.children))
        self._add(Sequence(tuple(ended.children), ended.place))

    def _entries(self, ended: _Open) -> tuple[tuple[Scalar, Node], ...]:
        """Pair names and values, and judge the names."""
        entries: dict[str, tuple[Scalar, Node]] = {}
        last: tuple[Node, Node] | None = None
        for name, value in zip(ended.children[::2], ended.children[1::2], strict=True):
            if not isinstance(name, Scalar):
                row, column = name.place.line - 1, name.place.column - 1
                self._report(self._sheet.error("P006.name_not_text", row, column))
            elif name.text == _MERGE and not name.quoted:
                self._report(diagnose("P007.merge", name.place, words=name.text))
            elif not name.text:
                self._report(_name_missing(self._sheet, name.place, ended.place))
            elif isinstance(value, Scalar) and value.empty and ended.sound and self._alone(ended, last, name):
                pass
            elif name.text in entries:
                first = entries[name.text][0].place.line
                self._report(diagnose("P103", name.place, words=excerpt(name.text), line=first))
            else:
                entries[name.text] = name, value
            last = name, value
        return tuple(entries.values())

    def _alone(self, ended: _Open, last: tuple[Node, Node] | None, name: Scalar) -> bool:
        """Tell whether a name without a value was never meant as one, and report that."""
        if ended.flow and traps.stands_alone(self._sheet, name):
            self._report(traps.name_alone(self._sheet, last, name))
            return True
        self._report(traps.wide_name(self._sheet, name))
        return False

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._stop("P008.nodes", node.place, MOST_NODES)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _refuse(self, event: Any) -> None:
        start = event.start_mark
        self._report(wording.anchor_or_tag(self._sheet, start.line, start.column))

    def _alias(self, event: Any) -> None:
        start = event.start_mark
        within = self._open[-1].children if self._open else []
        if not (within and isinstance(within[-1], Scalar) and within[-1].text == _MERGE):
            self._refuse(event)
        self._add(Scalar("*", Place(self._file, start.line + 1, start.column + 1), quoted=True))

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            start = event.start_mark
            self._report(wording.document(self._sheet, start.line))
            self.done = True

    def _stop(self, kind: str, place: Place, most: int) -> None:
        self._report(diagnose(kind, place, most=most))
        self.done = True

    def _finish(self, event: Any) -> None:
        self._last_row = event.start_mark.line
        self.done = True


def _name_missing(sheet: Sheet, place: Place, opening: Place) -> Diagnostic:
    """Report an empty name, at its opening bracket where nothing of it is written."""
    written = sheet.line(place.line - 1)[place.column - 1 : place.column] in (":", '"', "'")
    at = place if written else opening
    return sheet.error("P006.name", at.line - 1, at.column - 1)
