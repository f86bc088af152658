"""Parts beside the main one are checked as they are rendered, and a loop repeats no id that Word left behind."""

import re
from itertools import count

import pytest
from drafts import FILE, MAIN, TEMPLATE, content, indicators, opened, packed, parts_of, with_heads
from seeds import SEEDS, SOUND, Seed

from perfdoc.docx.sound import read_part, survey

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
GIVEN = content(指标=indicators(8), 备注=["1.口径", "2.计分", "3.说明"])


# --- other parts ------------------------------------------------------------------------------------------------

AROUND, _ = survey({name: text.encode() for name, text in SOUND.items()})
OTHERS = [seed for seed in SEEDS if seed.part in {*AROUND.others, "docProps/core.xml"}]


@pytest.mark.parametrize("seed", OTHERS, ids=[seed.name for seed in OTHERS])
def test_a_fault_of_another_part_is_the_same_rendered_as_surveyed(seed: Seed) -> None:
    text = SOUND[seed.part].replace(seed.old, seed.new, 1)
    _, surveyed = survey({name: one.encode() for name, one in {**SOUND, seed.part: text}.items()})
    assert read_part(text.encode(), AROUND, seed.part).faults == surveyed
    (fault,) = surveyed
    assert fault.part == seed.part


@pytest.mark.parametrize("part", [*AROUND.others, "docProps/core.xml", "[Content_Types].xml"])
def test_a_sound_part_has_no_fault(part: str) -> None:
    assert read_part(SOUND[part].encode(), AROUND, part).faults == ()


def test_the_text_of_another_part_is_read() -> None:
    assert read_part(SOUND["word/header1.xml"].encode(), AROUND, "word/header1.xml").text == "附件3\n"
    assert "自评表" in read_part(SOUND["docProps/core.xml"].encode(), AROUND, "docProps/core.xml").text


def in_header(paragraphs: str) -> bytes:
    parts = parts_of(with_heads([], []))
    xml = re.sub("<w:p>.*</w:p>|<w:p/>", lambda _: paragraphs, parts["word/header1.xml"].decode())
    assert paragraphs in xml
    return packed({**parts, "word/header1.xml": xml.encode()})


def looped(inside: str, name: str) -> str:
    """Repeat a paragraph for each of the notes, with a bookmark around its words."""
    mark = f'<w:bookmarkStart w:id="3" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="3"/>'
    tags = ["{%p for 段 in 备注 %}", "{%p endfor %}"]
    begin, end = (f"<w:p><w:r><w:t>{tag}</w:t></w:r></w:p>" for tag in tags)
    return f"{begin}<w:p>{mark}</w:p>{end}<w:p/>"


SAID = "<w:r><w:t>{{ 段 }}</w:t></w:r>"


def test_a_fault_that_a_header_gets_by_rendering_is_found() -> None:
    template = opened(in_header(looped(SAID, "甲")))
    (fault, other) = template.render(GIVEN).faults
    assert fault.code == other.code == "P901"
    assert "word/header1.xml 第2段 书签编号“3”重复了。（共 2 处，这是第一处）" in fault.message


def test_a_header_that_repeats_soundly_has_no_fault() -> None:
    document = opened(in_header(looped(SAID, "_GoBack"))).render(GIVEN)
    assert document.faults == ()
    assert parts_of(document.data)["word/header1.xml"].decode().count("<w:r>") == 3


# --- what Word leaves in a saved template -------------------------------------------------------------------------


def saved_by_word() -> bytes:
    """Give every paragraph and row of the template its ids, and every looped row a bookmark."""
    parts = parts_of(TEMPLATE)
    number = count(1)

    def marked(found: re.Match[str]) -> str:
        return f'{found[0]} w14:paraId="{next(number):08X}" w14:textId="77777777"'

    def edited_last(found: re.Match[str]) -> str:
        start = f'<w:bookmarkStart w:name="_GoBack" w:colFirst="0" w:id="{next(number)}"/>'
        return f'{start}{found[0]}<w:bookmarkEnd w:id="{next(number) - 1}"/>'

    xml = parts[MAIN].decode()
    xml = re.sub("<w:(?:p|tr)(?=[ >/])", marked, xml)
    xml = re.sub(r"<w:r>(?:(?!</w:r>).)*\{\{ \w+\.(?:得分|三级) \}\}.*?</w:r>", edited_last, xml)
    xml = xml.replace("<w:document ", f'<w:document xmlns:w14="{W14}" ', 1)
    assert xml.count("_GoBack") > 3
    return packed({**parts, MAIN: xml.encode()})


def test_ids_that_word_left_in_a_looped_row_are_not_repeated() -> None:
    template = opened(saved_by_word())
    document = template.render(GIVEN)
    assert document.faults == ()
    main = parts_of(document.data)[MAIN].decode()
    assert re.findall("paraId|textId|_GoBack|bookmark", main) == []
    assert re.sub(rf' xmlns:w14="{W14}"', "", main) == parts_of(opened().render(GIVEN).data)[MAIN].decode()


def test_only_what_a_loop_must_not_repeat_is_taken_out() -> None:
    parts = parts_of(saved_by_word())
    kept = '<w:bookmarkStart w:id="900" w:name="标题"/><w:r><w:t>paraId="1" _GoBack</w:t></w:r><w:bookmarkEnd w:id="900"/>'
    xml = parts[MAIN].decode().replace("<w:sectPr", f"<w:p>{kept}</w:p><w:sectPr", 1)
    document = opened(packed({**parts, MAIN: xml.encode()})).render(GIVEN)
    assert document.faults == ()
    assert kept in parts_of(document.data)[MAIN].decode()


def test_a_loop_that_repeats_an_id_of_the_author_is_a_fault() -> None:
    parts = parts_of(saved_by_word())
    xml = parts[MAIN].decode().replace('w:name="_GoBack"', 'w:name="甲"')
    faults = opened(packed({**parts, MAIN: xml.encode()})).render(GIVEN).faults
    assert {(fault.code, fault.place.file) for fault in faults} == {("P901", FILE)}
    assert all("重复了" in fault.message for fault in faults)
