"""The paragraphs of a cell, or between two tables, with what came and went in them.

In Word a paragraph is its words and the mark behind them. A mark that comes or goes joins its paragraph with the next,
and the format of the joined one is that of its last mark. The last mark of a cell can neither come nor go: so where
paragraphs are added at the end, what is marked is the break before them, not the one behind.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby

from perfdoc.docx.sound.names import RUN, TEXT, XML, W
from perfdoc.docx.tracked.marks import (
    FORMAT_CHANGE,
    NAMES,
    PARAGRAPH_FORMAT,
    POINTS,
    RUN_FORMAT,
    SECTION,
    Element,
    Pen,
    as_marked,
    key,
    paragraph_format,
    put,
    raw,
    rooted,
    uprooted,
)
from perfdoc.years.kinds import Op
from perfdoc.years.words import aligned, diff

_SPOKEN = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t"}
_OBJECT = "\ufffc"
"""What stands in a text for a picture, a field or a link."""
_KEPT_OUT = frozenset({RUN_FORMAT, SECTION, FORMAT_CHANGE})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A paragraph of the marked text; one of the two is None where it goes or comes.

    Attributes:
        old: As it was.
        new: As it is.
        alike: True where its words are compared; else all of them go and all come.
    """

    old: Element | None
    new: Element | None
    alike: bool = False

    @property
    def op(self) -> Op:
        if self.old is None:
            return Op.ADDED
        return Op.DROPPED if self.new is None else Op.SAME


def mark_paragraphs(
    pen: Pen, old: Sequence[Element], new: Sequence[Element], parent: Element, behind: Element | None = None
) -> None:
    """Mark what became of the paragraphs, in the new tree.

    Args:
        pen: Writes the marks.
        old: Paragraphs of the old year; those that go are moved.
        new: Paragraphs of the new year, where they stand.
        parent: The cell or body of the new year around them.
        behind: The element before which the text ends; None where it ends with the parent.
    """
    forms = [[_format_of(p) for p in paragraphs] for paragraphs in (old, new)]
    formats = [[_joined(form) for form in each] for each in forms]
    entries = _entries(old, new, *formats)
    placed = _placed(entries, parent, behind)
    breaks = _breaks([entry.op for entry in entries])
    for paragraph, entry in zip(placed, entries, strict=True):
        _mark_words(pen, paragraph, entry)
    if len({*formats[0], *formats[1]}) > 1:
        _set_formats(pen, zip(placed, breaks, strict=True), *forms)
    for paragraph, op in zip(placed, breaks, strict=True):
        if op is not Op.SAME:
            pen.paragraph(paragraph, op)


def _entries(
    old: Sequence[Element], new: Sequence[Element], before: Sequence[bytes], after: Sequence[bytes]
) -> list[_Entry]:
    """Pair the paragraphs: by their place where the form gives each its own format, else by their words."""
    texts = [[_text(p) for p in paragraphs] for paragraphs in (old, new)]
    if before == after and (len(set(before)) > 1 or len(old) == 1):
        alike = [len(aligned([a], [b])) == 1 for a, b in zip(*texts, strict=True)]
        return [_Entry(a, b, like) for a, b, like in zip(old, new, alike, strict=True)]
    entries: list[_Entry] = []
    for i, j in aligned(*texts):
        a, b = None if i is None else old[i], None if j is None else new[j]
        if i is not None and j is not None and before[i] != after[j]:
            entries += [_Entry(a, None), _Entry(None, b)]
        else:
            entries.append(_Entry(a, b, alike=True))
    entries = [entry for _, run in groupby(entries, _stays) for entry in sorted(run, key=_comes)]
    if old and new and not any(map(_stays, entries)):
        # One paragraph has to stay, or the old text leaves an empty one behind.
        return [
            *(_Entry(p, None) for p in old[:-1]),
            *(_Entry(None, p) for p in new[:-1]),
            _Entry(old[-1], new[-1]),
        ]
    return entries


def _stays(entry: _Entry) -> bool:
    return entry.op is Op.SAME


def _comes(entry: _Entry) -> bool:
    return entry.op is Op.ADDED


def _breaks(ops: Sequence[Op]) -> list[Op]:
    """Say for each paragraph what became of the break behind it."""
    stays = [place for place, op in enumerate(ops) if op is Op.SAME]
    if not stays:
        return [*ops]
    return [*ops[: stays[-1]], *ops[stays[-1] + 1 :], Op.SAME]


def _placed(entries: Sequence[_Entry], parent: Element, behind: Element | None) -> list[Element]:
    """Put what goes between what is there; returns the paragraphs of the entries."""
    placed: list[Element] = []
    for entry in reversed(entries):
        paragraph = entry.new
        if paragraph is None:
            paragraph = uprooted(entry.old)
            put(paragraph, parent, behind)
        placed.append(paragraph)
        behind = paragraph
    return placed[::-1]


# --- formats of paragraphs --------------------------------------------------------------------------------------


def _format_of(paragraph: Element) -> list[Element]:
    """List what makes the format of a paragraph, without that of its mark."""
    form = paragraph.find(PARAGRAPH_FORMAT)
    return [] if form is None else [child for child in form if child.tag not in _KEPT_OUT]


def _set_formats(
    pen: Pen,
    breaks: Iterable[tuple[Element, Op]],
    before: Iterable[list[Element]],
    after: Iterable[list[Element]],
) -> None:
    """Give each paragraph the format that it has to have once all is accepted, and once all is rejected.

    The breaks that are left then make the paragraphs of that year, one after the other.
    """
    goes, comes = iter(before), iter(after)
    for paragraph, op in breaks:
        rejected = None if op is Op.ADDED else next(goes)
        accepted = None if op is Op.DROPPED else next(comes)
        wanted = (rejected if accepted is None else accepted) or []
        if _joined(wanted) != _joined(_format_of(paragraph)):
            _reformat(paragraph, wanted)
        if accepted is not None and rejected is not None and _joined(accepted) != _joined(rejected):
            form = paragraph_format(paragraph)
            change = pen.make(form, FORMAT_CHANGE)
            change.append(change.makeelement(PARAGRAPH_FORMAT, nsmap=NAMES))
            change[0].extend(map(deepcopy, rejected))
            form.append(change)


def _joined(form: Iterable[Element]) -> bytes:
    return b"".join(map(key, form))


def _reformat(paragraph: Element, wanted: Iterable[Element]) -> None:
    form = paragraph_format(paragraph)
    for child in _format_of(paragraph):
        form.remove(child)
    for place, child in enumerate(wanted):
        form.insert(place, deepcopy(child))


# --- words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text that one element says.

    Attributes:
        text: As the comparison reads it; empty for what only marks a place.
        key: Equal for what is alike in both years: the format, and the element where it is not text.
        form: The format of its run.
        element: What it is, unless it is text.
        whole: True where the element stands in the paragraph and not in a run.
    """

    text: str
    key: tuple[bytes, bytes]
    form: Element | None = None
    element: Element | None = None
    whole: bool = False


_Edit = tuple[Op, _Stretch, str]


def _text(paragraph: Element) -> str:
    return "".join(stretch.text for stretch in _stretches(paragraph))


def _stretches(paragraph: Element) -> Iterator[_Stretch]:
    for child in paragraph:
        if child.tag == RUN:
            yield from _said(child)
        elif child.tag in POINTS:
            yield _Stretch("", (b"", raw(child)), element=child, whole=True)
        elif child.tag != PARAGRAPH_FORMAT:
            yield _Stretch(_OBJECT, (b"", raw(child)), element=child, whole=True)


def _said(run: Element) -> Iterator[_Stretch]:
    form = run.find(RUN_FORMAT)
    look = b"" if form is None or not len(form) else key(form)
    for child in run:
        if child.tag == TEXT:
            if child.text:
                yield _Stretch(child.text, (look, b""), form)
        elif child.tag != RUN_FORMAT:
            yield _Stretch(_SPOKEN.get(child.tag, _OBJECT), (look, raw(child)), form, child)


def _mark_words(pen: Pen, paragraph: Element, entry: _Entry) -> None:
    if entry.op is not Op.SAME:
        pen.runs(paragraph, entry.op)
    elif raw(entry.old) != raw(entry.new):
        edits = list(_edits(entry))
        for child in [child for child in paragraph if child.tag != PARAGRAPH_FORMAT]:
            paragraph.remove(child)
        _write(pen, paragraph, edits)


def _edits(entry: _Entry) -> Iterator[_Edit]:
    """Turn the old words into the new ones, a character at a time."""
    old = [stretch for stretch in _stretches(entry.old) if stretch.text]
    new = [*_stretches(entry.new)]
    gone = ((stretch, character) for stretch in old for character in stretch.text)
    come = ((stretch, character) for stretch in new for character in stretch.text or ("",))
    texts = ["".join(stretch.text for stretch in stretches) for stretches in (old, new)]
    pieces = diff(*texts) if entry.alike else ()
    ops = [piece.op for piece in pieces for _ in piece.text]
    if not entry.alike:
        ops = [*[Op.DROPPED] * len(texts[0]), *[Op.ADDED] * len(texts[1])]
    yield from _settled(_spelt(ops, gone, come))


def _spelt(
    ops: Sequence[Op], gone: Iterator[tuple[_Stretch, str]], come: Iterator[tuple[_Stretch, str]]
) -> Iterator[_Edit]:
    for op in ops:
        if op is Op.DROPPED:
            yield (op, *next(gone))
            continue
        stretch, character = next(come)
        while not stretch.text:
            yield Op.SAME, stretch, ""
            stretch, character = next(come)
        if op is Op.ADDED:
            yield op, stretch, character
            continue
        before, _ = next(gone)
        if before.key == stretch.key:
            yield op, stretch, character
        else:  # the same word in another format
            yield Op.DROPPED, before, character
            yield Op.ADDED, stretch, character
    yield from ((Op.SAME, stretch, "") for stretch, _ in come)


def _settled(edits: Iterator[_Edit]) -> Iterator[_Edit]:
    """Put what goes before what comes in each stretch of changes."""
    for kept, run in groupby(edits, key=lambda edit: edit[0] is Op.SAME):
        changes = [*run]
        yield from changes if kept else sorted(changes, key=lambda edit: edit[0] is Op.ADDED)


def _write(pen: Pen, paragraph: Element, edits: Sequence[_Edit]) -> None:
    """Write the runs of a paragraph anew, with their marks."""
    for (op, whole), group in groupby(edits, key=lambda edit: (edit[0], edit[1].whole)):
        if whole:
            for _, stretch, _ in group:
                _write_whole(pen, paragraph, op, stretch.element)
            continue
        runs = [*_runs(paragraph, op, group)]
        if op is Op.SAME or not runs:
            paragraph.extend(runs)
            continue
        mark = pen.mark(paragraph, op)
        mark.extend(as_marked(run, op) for run in runs)
        paragraph.append(mark)


def _write_whole(pen: Pen, paragraph: Element, op: Op, element: Element) -> None:
    """Write a link, a field or a content control; of one that goes only the words are left."""
    if op is not Op.DROPPED:
        paragraph.append(element)
        if op is Op.ADDED:
            pen.runs(element, op)
        return
    held = paragraph.makeelement(paragraph.tag)
    held.append(deepcopy(element))
    for run in [child for child in uprooted(held) if child.tag == RUN]:
        mark = pen.mark(paragraph, op)
        mark.append(as_marked(run, op))
        paragraph.append(mark)


def _runs(paragraph: Element, op: Op, edits: Iterator[_Edit]) -> Iterator[Element]:
    """Write runs: one for each format, in it one element for each text and each that is none."""
    for _, group in groupby(edits, key=lambda edit: edit[1].key[0]):
        run = None
        for (_, element), letters in groupby(group, key=lambda edit: (edit[1].key[1], edit[1].element)):
            characters = [*letters]
            if element is not None and op is Op.DROPPED and rooted(element):
                continue
            run = _run(paragraph, characters[0][1].form) if run is None else run
            if element is None:
                run.append(_words(run, "".join(character for _, _, character in characters)))
            else:
                run.append(deepcopy(element))
        if run is not None:
            yield run


def _run(paragraph: Element, form: Element | None) -> Element:
    run = paragraph.makeelement(RUN, nsmap=NAMES)
    if form is not None:
        run.append(deepcopy(form))
    return run


def _words(run: Element, text: str) -> Element:
    said = run.makeelement(TEXT, {XML + "space": "preserve"}, nsmap=NAMES)
    said.text = text
    return said
