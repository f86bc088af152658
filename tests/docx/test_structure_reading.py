"""The text of a document is read as a person reads it, and sound tables of any shape are sound."""

from effort import calls
from hypothesis import given, settings
from seeds import document, form, said, tables

from perfdoc.docx.sound import Surroundings, read
from perfdoc.docx.sound.story import read_story

NOTHING = Surroundings()
TRACKED = 'w:id="1" w:author="某"'


def test_runs_of_a_paragraph_join_and_paragraphs_end_in_a_line() -> None:
    reading = read(
        document(said("<w:t>绩效</w:t>", "<w:t>自评</w:t>") + "<w:p/>" + said("<w:t>表</w:t>")), NOTHING
    )
    assert reading.text == "绩效自评\n\n表\n"


def test_breaks_and_tabs_are_read_and_tab_stops_are_not() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr>'
    run = "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:cr/><w:noBreakHyphen/></w:r>"
    assert read(document(f"<w:p>{stops}{run}</w:p>"), NOTHING).text == "甲\n乙\t丙\n-\n"


def test_a_link_a_field_a_control_and_an_insertion_are_read_in_their_order() -> None:
    inner = (
        "<w:r><w:t>1</w:t></w:r><w:hyperlink><w:r><w:t>2</w:t></w:r></w:hyperlink>"
        '<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>'
        "<w:sdt><w:sdtContent><w:r><w:t>4</w:t></w:r><w:smartTag><w:r><w:t>5</w:t></w:r></w:smartTag></w:sdtContent></w:sdt>"
        f"<w:ins {TRACKED}><w:r><w:t>6</w:t></w:r></w:ins>"
    )
    assert read(document(f"<w:p>{inner}</w:p>"), NOTHING).text == "123456\n"


def test_what_was_deleted_or_moved_away_is_not_read() -> None:
    gone = f"<w:del {TRACKED}><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom {TRACKED}><w:r><w:t>移</w:t></w:r></w:moveFrom>"
    reading = read(
        document(f"<w:p>{gone}<w:r><w:instrText>PAGE</w:instrText><w:t>留</w:t></w:r></w:p>"), NOTHING
    )
    assert (reading.text, reading.faults) == ("留\n", ())


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = "<w:txbxContent>" + said("<w:t>框</w:t>") + "</w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="u" xmlns:v="v">'
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    reading = read(document(said("<w:t>前</w:t>", both, "<w:t>后</w:t>")), NOTHING)
    assert (reading.text, reading.faults) == ("前后\n框\n", ())


def test_entities_and_rare_characters_are_read_as_they_are() -> None:
    assert (
        read(document(said("<w:t>R&amp;D &lt;60 𠮷\u2028😀</w:t>")), NOTHING).text == "R&D <60 𠮷\u2028😀\n"
    )


def test_a_part_that_cannot_be_read_has_a_fault_and_no_text() -> None:
    reading = read(document(said("<w:t>R&D</w:t>")), NOTHING)
    assert (len(reading.faults), reading.text) == (1, "")
    assert reading.faults[0].part == "word/document.xml"


@settings(deadline=None)  # a loaded machine is no fault
@given(tables())
def test_a_table_that_fits_has_no_fault_and_its_words_are_read_in_order(drawn: tuple[str, list[str]]) -> None:
    table, words = drawn
    reading = read(document(table), NOTHING)
    assert reading.faults == ()
    assert [line for line in reading.text.split("\n") if line] == words


def effort(rows: int) -> int:
    data = form(rows)
    assert read_story(data, NOTHING).faults == ()
    return calls(lambda: read_story(data, NOTHING))


def test_a_long_form_is_read_in_full_in_proportion_to_its_length() -> None:
    assert effort(26 * 16) < effort(26) * 16 * 2
