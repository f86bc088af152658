"""A document that holds more than a form does: links, fields, pictures, content controls, ids of Word's own."""

import pytest
from revisions import accepted, canonical, cells, rejected
from seeds import LEGITIMATE, SOUND

from perfdoc.docx import sound
from perfdoc.docx.template import Rendered
from perfdoc.docx.tracked import tracked

MAIN = "word/document.xml"
AROUND, _ = sound.survey({name: text.encode() for name, text in SOUND.items()})
OTHER = SOUND[MAIN].replace("产出指标", "效益指标", 1)
PLAIN = {
    name: change
    for name, change in LEGITIMATE.items()
    if not any(mark in change[1] for mark in ("w:author", "w:background", "\ufeff"))
}
"""What a template may hold and is no change that somebody tracked in it."""


def with_change(main: str, old: str, new: str) -> bytes:
    return main.replace(old, new, 1).encode()


def marked(old: bytes, new: bytes) -> bytes:
    xml = tracked(
        Rendered(MAIN, old, ()), Rendered(MAIN, new, ()), {}, "perfdoc", "2021-05-25T08:00:00Z", AROUND
    )
    assert sound.read(xml, AROUND).faults == ()
    return xml


@pytest.mark.parametrize("name", PLAIN)
def test_what_a_template_holds_beside_words_is_kept(name: str) -> None:
    old, new = PLAIN[name]
    held = with_change(SOUND[MAIN], old, new)
    assert canonical(marked(held, held)) == canonical(held)


@pytest.mark.parametrize("name", PLAIN)
def test_what_the_new_year_holds_beside_words_comes(name: str) -> None:
    old, new = PLAIN[name]
    if old not in OTHER:
        old, new = (one.replace("产出指标", "效益指标") for one in (old, new))
    held = with_change(OTHER, old, new)
    xml = marked(SOUND[MAIN].encode(), held)
    assert canonical(accepted(xml)) == canonical(held)
    assert sound.read(accepted(xml), AROUND).faults == ()
    assert sound.read(rejected(xml), AROUND).faults == ()


@pytest.mark.parametrize("name", PLAIN)
def test_of_what_the_old_year_held_beside_words_the_words_come_back(name: str) -> None:
    old, new = PLAIN[name]
    held = with_change(SOUND[MAIN], old, new)
    xml = marked(held, OTHER.encode())
    assert canonical(accepted(xml)) == canonical(OTHER.encode())
    assert sound.read(rejected(xml), AROUND).faults == ()
    said = "".join(text for row in cells(rejected(xml)) for cell in row for text in cell)
    assert "产出指标" in said
