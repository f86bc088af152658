"""Is a part sound by what is known of its rows, and what does it say?

To parse and judge a form of 20 indicators takes 2.4 ms, and one of 2,000 takes 300 ms. Nearly all of that goes to
rows that differ in their words only, and words change no structure. So the words are taken out, and what is left
falls into a few different rows and a frame, the part with one row in each table. Each of them is judged once, by the
same functions as a whole part, and remembered with the template: 0.17 ms and 14 ms. To remember whole parts would not
do: 500 forms that differ in their rows, paragraphs and line breaks have 500 skeletons, but 5 frames and 30 rows.

Nothing is reported from here. A part is sound, or it is read in full: because it has a fault, or because it holds
anything of which this module does not know for certain that it may be taken apart.

Why a part is sound when its pieces are:

*   Words. `_cut` takes out what stands between a `>` and the next `</w:t>`. Each piece is judged with a number in every
    such place, and the full reader must find them all, each alone in the text of a run, in their order. Any words will
    do there that are well-formed, which `_decoded` sees to, and so will a break or a tab between them, which
    `_skeleton` drops.
*   Rows. A row stands directly in a table and the table in the body, so that the row means the same wherever it stands
    in its table. It is judged behind the very text that opens the table. Outside it only its merges and its ids
    matter; `_walked` and `_sound` compare them. And a table may have any number of rows.
*   All else stands in the frame as it does in the part.
"""

import re
from collections.abc import Sequence
from itertools import chain, groupby
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from perfdoc.docx.sound.faults import Fault
from perfdoc.docx.sound.markup import Index, index, parse
from perfdoc.docx.sound.memory import Identity, Row, Rows
from perfdoc.docx.sound.names import BODY, ROW, TABLE, TEXT
from perfdoc.docx.sound.references import Surroundings, identities
from perfdoc.docx.sound.story import Reading, read_story, slips_of, text_of
from perfdoc.docx.sound.tables import across, columns_of, continues

_WORDS_END, _GAP = b"</w:t>", b"></w:t>"
_INLINE = frozenset({b'<w:br/><w:t xml:space="preserve"', b'<w:tab/><w:t xml:space="preserve"'})
_BODY_BEGINS, _TABLE_BEGINS, _TABLE_END = b"<w:body>", b"<w:tbl>", b"</w:tbl>"
_ROW_BEGINS, _ROW_END, _ALL_END = (b"<w:tr>", b"<w:tr "), b"</w:tr>", b"</w:tr></w:tbl></w:body></w:document>"

# Patterns are compiled when they are first asked, as in `attributes`.
_BEGINNING = (
    rb"(\xef\xbb\xbf)?(<\?xml version=[\"']1\.0[\"'] encoding=[\"'](?i:utf-8)[\"']( standalone=[\"']yes[\"'])?\?>)?"
    rb"\s*<w:document[\s>]"
)
_DECLARED = rb"xmlns:w\s*="
_SIGN = rb"<(?:(?P<line>/w:p|w:p(?: [^<>]*)?/|w:br(?: [^<>]*)?/|w:cr/)|(?P<tab>w:tab/)|(?P<hyphen>w:noBreakHyphen/))>"
_SIGNS = {"line": b"\n", "tab": b"\t", "hyphen": b"-"}

_NO_WORDS = b"<" + bytes({*range(0x20)} - {*b"\t\n"})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#34;": '"', "&apos;": "'", "&#39;": "'", "&amp;": "&"}
"""The ampersand comes last, since it begins them all."""

_FEW = 64
"""So many new rows are worth a look even where nearly all rows differ."""
_FOLD = 4
"""So many times a part may be parsed for its tables; each is judged behind what stands before the body."""

_Identities: TypeAlias = tuple[Identity, ...]


class _Cut(NamedTuple):
    """A part in turns: markup but for its last `>`, words up to a `</w:t>`, markup, words … and what is behind."""

    markup: Sequence[bytes]
    words: Sequence[bytes]
    tail: bytes


class _Rows(NamedTuple):
    """Rows that follow each other in the skeleton of a part, and the piece of its frame before them."""

    before: bytes
    rows: list[bytes]


def read(document: bytes, surroundings: Surroundings) -> Reading:
    """Check the rendered main part and read its text."""
    text = known_text(document, surroundings)
    return read_story(document, surroundings) if text is None else Reading((), text)


def known_text(document: bytes, around: Surroundings) -> str | None:
    """Read the text of a part that is surely sound; None where that is not sure."""
    cut = _cut(document)
    if cut is None or not _sound(_skeleton(cut), around):
        return None
    return _decoded(_said(cut, around))


def _cut(document: bytes) -> _Cut | None:
    *pieces, tail = document.split(_WORDS_END)
    if not pieces:
        return None
    markup, ends, words = zip(*[piece.rpartition(b">") for piece in pieces], strict=True)
    return _Cut(markup, words, tail) if b"" not in ends else None


def _skeleton(cut: _Cut) -> bytes:
    """Put the markup together again, without words and without what may stand between words of one run."""
    first, *rest = cut.markup
    return _GAP.join([first, *(markup for markup in rest if markup not in _INLINE), cut.tail])


def _sound(skeleton: bytes, around: Surroundings) -> bool:
    """Judge a part by its frame and its rows."""
    parted = _parted(skeleton)
    found = None if parted is None else _framed(parted[0], around)
    if parted is None or found is None:
        return False
    frame, tables = parted
    head = frame[: frame.index(_BODY_BEGINS) + len(_BODY_BEGINS)]
    if len(head) * len(tables) > _FOLD * len(skeleton):
        return False
    for table in tables:
        more = _walked(head, table, around)
        if more is None:
            return False
        found += more
    return len(set(found)) == len(found)


def _parted(skeleton: bytes) -> tuple[bytes, list[_Rows]] | None:
    """Take out all rows but the first of each table.

    What lies between two `</w:tr>` and begins like a row is a row; the first row of a table stands behind its grid.
    Between the last row and the end of the table nothing else may stand.
    """
    first, *rest = skeleton.split(_ROW_END)
    frame, tables = [first], list[_Rows]()
    for are_rows, group in groupby((piece.lstrip(b" \t\r\n") for piece in rest), key=_begins_row):
        pieces = [*group]
        if are_rows:
            tables.append(_Rows(frame[-1], pieces))
        elif tables and not pieces[0].startswith(_TABLE_END):
            return None
        else:
            frame += pieces
    return _ROW_END.join(frame), tables


def _begins_row(piece: bytes) -> bool:
    return piece.startswith(_ROW_BEGINS)


def _framed(frame: bytes, around: Surroundings) -> _Identities | None:
    """Return the ids in a frame that is sound."""
    around.memory.make_room(0 if frame in around.memory.frames else len(frame))
    known = around.memory.frames
    if frame not in known:
        known[frame] = _judged_frame(frame, around)
    return known[frame]


def _judged_frame(frame: bytes, around: Surroundings) -> _Identities | None:
    if not _usual(frame):
        return None
    data, text = _filled(frame)
    root = parse(around.part, data)
    if isinstance(root, Fault) or root.tag != around.root:
        return None
    found = index(root)
    tables = root.findall(f"{BODY}/{TABLE}")
    rows = [row for table in tables for row in table.findall(ROW)]
    if found.get(TABLE, []) != tables or found.get(ROW, []) != rows:
        return None
    if not _found(text, found) or any(True for _ in slips_of(data, root, found, around)):
        return None
    return tuple(identity for _, identity in identities(found))


def _usual(frame: bytes) -> bool:
    """Tell whether a part is in UTF-8, consists of tags only, and means by `w` the same throughout."""
    begun = re.match(_BEGINNING, frame)
    if begun is None or _BODY_BEGINS not in frame or len(re.findall(_DECLARED, frame)) != 1:
        return False
    return b"<!" not in frame and frame.find(b"<?", begun.end()) < 0


def _walked(head: bytes, table: _Rows, around: Surroundings) -> _Identities | None:
    """Return the ids in the rows of a table behind the first, if each is sound and fits under the one above."""
    opened = _opened(table.before)
    if opened is None:
        return None
    start, first = head + opened[0], opened[1]
    known = around.memory.tables.setdefault(start, {})
    new = [row for row in dict.fromkeys((first, *table.rows)) if row not in known]
    if len(new) > _FEW and len(new) * 2 > len(table.rows):
        return None
    if new:
        _learn(new, start, known, around)
    above, found = known.get(first), list[Identity]()
    for row in table.rows:
        here = known.get(row)
        if here is None or above is None or not here.continued <= above.merges:
            return None
        found += here.identities
        above = here
    return tuple(found)


def _opened(before: bytes) -> tuple[bytes, bytes] | None:
    """Part what stands before rows into the beginning of their table and its first row."""
    table, row = before.rfind(_TABLE_BEGINS), max(map(before.rfind, _ROW_BEGINS))
    if not 0 <= table < row:
        return None
    return before[table:row], before[row:]


def _learn(rows: list[bytes], start: bytes, known: Rows, around: Surroundings) -> None:
    """Judge rows that were not met before; all of them are parsed together, and each is judged alone."""
    around.memory.make_room(sum(map(len, rows)))
    known.update((row, None) for row in rows if not _plain(row))
    plain = [row for row in rows if row not in known]
    filled = [_filled(row) for row in plain]
    root = parse(around.part, start + _ROW_END.join(data for data, _ in filled) + _ALL_END)
    if isinstance(root, Fault):
        return
    tables, elements = [*root.iter(TABLE)], [*root.iter(ROW)]
    if len(tables) != 1 or len(elements) != len(plain) or elements != tables[0].findall(ROW):
        return
    columns = columns_of(tables[0])
    for row, element, (_, text) in zip(plain, elements, filled, strict=True):
        known[row] = _judged_row(element, text, columns, around)


def _plain(row: bytes) -> bool:
    """Tell whether a row consists of tags only, holds no table, and means by `w` the same as the part."""
    odd = (b"<!", b"<?", b"<w:tbl>", b"<w:tbl ")
    return not any(one in row for one in odd) and not re.search(_DECLARED, row)


def _judged_row(row: Element, text: str, columns: int | None, around: Surroundings) -> Row | None:
    """Judge a row; without the part no prefix is declared, so that one with an mc:Choice is none that is known."""
    found = index(row)
    taken, merges = across(row)
    if taken is None or taken != columns or not _found(text, found):
        return None
    if any(True for _ in slips_of(b"", row, found, around)):
        return None
    continued = frozenset(place for place, (_, merge) in merges.items() if continues(merge))
    return Row(frozenset(merges), continued, tuple(identity for _, identity in identities(found)))


def _filled(piece: bytes) -> tuple[bytes, str]:
    """Put a number in each place for words; returns that, and what the full reader must find in it."""
    first, *rest = piece.split(_GAP)
    numbered = [(b"(%d)" % number, markup) for number, markup in enumerate(rest)]
    data = first + b"".join(b">%b</w:t>%b" % pair for pair in numbered)
    said = _signs(first) + b"".join(number + _signs(markup) for number, markup in numbered)
    return data, said.decode()


def _found(text: str, found: Index) -> bool:
    """Tell whether each number is all that its `w:t` holds, no other `w:t` holds anything, and all are read in order."""
    places = found.get(TEXT, [])
    alone = [one.text for one in places if one.text] == re.findall(r"\(\d+\)", text)
    return alone and not any(map(len, places)) and text_of(found) == text


def _said(cut: _Cut, around: Surroundings) -> bytes:
    """Read the words with the line ends and tabs between them."""
    memory, spoken = around.memory, around.memory.spoken
    for markup in {*cut.markup, cut.tail}:
        if markup not in spoken:
            memory.make_room(len(markup))
            spoken[markup] = _signs(markup)
    turns = zip(map(spoken.__getitem__, cut.markup), cut.words, strict=True)
    return b"".join(chain.from_iterable(turns)) + spoken[cut.tail]


def _signs(markup: bytes) -> bytes:
    return b"".join(_SIGNS[str(found.lastgroup)] for found in re.finditer(_SIGN, markup))


def _decoded(said: bytes) -> str | None:
    """Decode what was read between the tags; None where it is not sure to be well-formed."""
    if len(said.translate(None, _NO_WORDS)) != len(said) or any(one in said for one in _NO_CHARACTERS):
        return None
    try:
        text = said.decode()
    except UnicodeDecodeError:
        return None
    if text.count("&") != sum(map(text.count, _ESCAPED)):
        return None
    for escaped, character in _ESCAPED.items() if "&" in text else ():
        text = text.replace(escaped, character)
    return text
