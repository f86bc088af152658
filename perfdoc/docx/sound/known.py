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
    matter; `_sound` compares them. And a table may have any number of rows.
*   All else stands in the frame as it does in the part.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from perfdoc.docx.sound.faults import Fault
from perfdoc.docx.sound.markup import Index, index, parse
from perfdoc.docx.sound.memory import Piece
from perfdoc.docx.sound.names import BODY, ROW, TABLE, TEXT
from perfdoc.docx.sound.references import Surroundings, identities
from perfdoc.docx.sound.story import Reading, read_story, slips_of, text_of
from perfdoc.docx.sound.tables import Merges, across, columns_of, continues

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

_FEW = 32
"""So many new rows of one part are worth a look; each is judged behind what stands before the body and its table."""


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
    parted = None if cut is None else _parted(_skeleton(cut))
    if cut is None or parted is None or not _sound(*parted, around):
        return None
    return _decoded(_said(cut))


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


def _sound(frame: bytes, tables: list[_Rows], around: Surroundings) -> bool:
    """Judge a part by its frame and its rows: is each sound, does it fit under the one above, is no id there twice?"""
    memory = around.memory
    if frame not in memory.frames:
        memory.make_room(len(frame))
        memory.frames[frame] = _judged(b"", frame, b"", around)
    outside = memory.frames[frame]
    if outside is None:
        return False
    head = frame[: frame.index(_BODY_BEGINS) + len(_BODY_BEGINS)]
    found, few = [*outside.identities], _FEW
    for table in tables:
        begins, begins_row = table.before.rfind(_TABLE_BEGINS), max(map(table.before.rfind, _ROW_BEGINS))
        if not 0 <= begins < begins_row:
            return False
        start, first = table.before[begins:begins_row], table.before[begins_row:]
        known = memory.tables.setdefault((head, start), {})
        new = {first, *table.rows} - known.keys()
        few -= len(new)
        if few < 0:
            return False
        memory.make_room(sum(map(len, new)))
        known.update((row, _judged(head + start, row, _ALL_END, around)) for row in new)
        above = known[first]
        for here in map(known.__getitem__, table.rows):
            if here is None or above is None or not here.continued <= above.merges:
                return False
            found += here.identities
            above = here
    return len(set(found)) == len(found)


def _judged(before: bytes, piece: bytes, behind: bytes, around: Surroundings) -> Piece | None:
    """Judge a frame, or a row behind the beginning of its table; None where only a full reading can."""
    if not (_tags_only(piece) if before else _begins_well(piece)):
        return None
    filled, text = _filled(piece)
    data = before + filled + behind
    root = parse(around.part, data)
    if isinstance(root, Fault) or root.tag != around.root:
        return None
    found, tables = index(root), root.findall(f"{BODY}/{TABLE}")
    rows = [row for table in tables for row in table.findall(ROW)]
    strange = found.get(TABLE, []) != tables or found.get(ROW, []) != rows
    merges: Merges = {}
    if before and (len(tables) != 1 or len(rows) != 1):
        strange = True
    elif before and not strange:
        # Without the part no prefix is declared, so that a row with an mc:Choice is none that is known.
        root, found, data = rows[0], index(rows[0]), b""
        taken, merges = across(root)
        strange = taken is None or taken != columns_of(tables[0])
    if strange or not _found(text, found) or any(True for _ in slips_of(data, root, found, around)):
        return None
    continued = frozenset(place for place, (_, merge) in merges.items() if continues(merge))
    return Piece(frozenset(merges), continued, tuple(identity for _, identity in identities(found)))


def _begins_well(frame: bytes) -> bool:
    """Tell whether a part is in UTF-8, consists of tags only, and means by `w` the same throughout."""
    begun = re.match(_BEGINNING, frame)
    return begun is not None and _BODY_BEGINS in frame and _tags_only(frame[begun.end() :], declared=1)


def _tags_only(markup: bytes, declared: int = 0) -> bool:
    """Tell whether markup holds neither comments nor instructions, and says so often what `w` means."""
    return not any(odd in markup for odd in (b"<!", b"<?")) and len(re.findall(_DECLARED, markup)) == declared


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


def _said(cut: _Cut) -> bytes:
    """Read the words with the line ends and tabs between them."""
    turns = zip(map(_signs, cut.markup), cut.words, strict=True)
    return b"".join(chain.from_iterable(turns)) + _signs(cut.tail)


@lru_cache(maxsize=1024)
def _signs(markup: bytes) -> bytes:
    """Read the line ends and tabs in a stretch of markup; few stretches differ from document to document."""
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
