"""To read a part by what is known of its rows is to read it in full: the same faults, places and text, always.

Each example begins with an empty memory and reads several parts in turn, so that what was learnt of one is used, and
could do harm, in the next.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from drafts import ROOT, content, indicator, indicators, opened
from effort import calls
from hypothesis import given
from hypothesis import strategies as st
from seeds import DOCUMENT, LEGITIMATE, NAMESPACES, SEEDS, SOUND, Seed, form, tables

from perfdoc.docx.content import Content
from perfdoc.docx.sound import Reading, Surroundings, memory, read, survey
from perfdoc.docx.sound.known import known_text
from perfdoc.docx.sound.story import read_story
from perfdoc.faces import printed
from perfdoc.host.pipeline import Run

AROUND, _ = survey({name: text.encode() for name, text in SOUND.items()})


def fresh() -> Surroundings:
    """Give the surroundings of the sound package, with nothing remembered."""
    return replace(AROUND)


def same(data: bytes | str, around: Surroundings) -> Reading:
    """Read a part twice, the second time knowing all that the first has taught, and hold both to the full reading."""
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    full = read_story(data, replace(around))
    assert read(data, around) == full
    assert read(data, around) == full
    return full


def known(data: bytes | str, around: Surroundings) -> bool:
    """Tell whether a part is read without being parsed; it must be so in the end if it is so at all."""
    return known_text(data.encode() if isinstance(data, str) else data, around) is not None


# --- parts without and with every seeded fault ------------------------------------------------------------------

INNER_TABLE = re.compile(r"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"900\"/>.*?</w:tbl>", re.DOTALL)
FLAT = INNER_TABLE.sub("<w:p><w:r><w:t>内</w:t></w:r></w:p>", DOCUMENT)
"""The sound document without its table in a table."""

FIRST_ROW, SECOND_ROW = re.findall(r"<w:tr>.*?</w:tr>", FLAT, re.DOTALL)
LOOPED = SECOND_ROW.replace(' w14:paraId="00000003"', "")
WITH_BREAK = LOOPED.replace(
    "得分", '得分</w:t><w:br/><w:t xml:space="preserve">（5分）</w:t><w:tab/><w:t xml:space="preserve">&amp;'
)
OTHER = FIRST_ROW.replace("<w:cantSplit/>", "")
LONG = FLAT.replace(SECOND_ROW, f"{LOOPED * 5}{OTHER}{WITH_BREAK}\n{LOOPED * 5}{SECOND_ROW}{LOOPED}")
"""It has rows to repeat, one with ids among them."""


def test_a_sound_part_is_known_from_the_first() -> None:
    for document in (FLAT, LONG):
        around = fresh()
        assert same(document, around).faults == ()
        assert known(document, around)
        assert known(document, fresh())


def sown(seed: Seed) -> Iterator[str]:
    """Sow a fault in the first, a middle and the last place of its kind, and everywhere."""
    for document in (DOCUMENT, FLAT, LONG):
        if seed.old == DOCUMENT:
            yield seed.new
        elif seed.old in document:
            pieces = document.split(seed.old)
            for place in {1, len(pieces) // 2, len(pieces) - 1}:
                yield seed.old.join(pieces[:place]) + seed.new + seed.old.join(pieces[place:])
            yield seed.new.join(pieces)


def test_every_fault_reads_the_same_among_rows_that_are_known() -> None:
    for seed in SEEDS:
        if seed.part == "word/document.xml":
            around = fresh()
            for document in (LONG, FLAT, *sown(seed), LONG):
                same(document, around)
            assert known(LONG, around), seed.name


def test_what_is_no_fault_reads_the_same() -> None:
    for old, new in LEGITIMATE.values():
        around = fresh()
        for document in (LONG, FLAT.replace(old, new, 1), LONG.replace(old, new, 1), LONG.replace(old, new)):
            same(document, around)


def test_most_of_what_is_no_fault_is_known() -> None:
    strange = {
        name for name, (old, new) in LEGITIMATE.items() if not known(LONG.replace(old, new, 1), fresh())
    }
    assert strange == {
        "move",
        "ruby",
        "text box, twice over",
        "tracked row and cell, free columns, controls around row and cell",
    }


# --- parts made at random ---------------------------------------------------------------------------------------

TOKENS = re.findall(r"<[^>]*>|[^<]+", LONG)
FRAGMENTS = """
<w:t> </w:t> <w:t/> <w:t></w:t> <w:t></w:t>字</w:t> <w:t>x<w:br/>y</w:t> <w:t>x<m:q/>y</w:t> <w:tab/> <w:br/> <w:cr/> <w:r> </w:r> <w:p> </w:p>
<w:p/> <w:p·/> <w:p·w:rsidR="1"/> <w:noBreakHyphen/> <w:br·w:type="page"/> <w:tab·w:val="left"·w:pos="1"/> <w:br></w:br>
<w:br/><w:t·xml:space="preserve"> <w:br/><w:t·xml:space="preserve">x</w:t> <w:tab/><w:t·xml:space="preserve">x</w:t>
<w:t·xml:space="preserve">x</w:t> <w:t·a=">">x</w:t> <w:t·a="y>x</w:t> <w:t·xmlns:w="u">x</w:t> <q:t·xmlns:q="u">x</q:t>
<w:r><w:t>x</w:t></w:r> <w:p><w:r><w:t>x</w:t></w:r></w:p> <m:r><w:t>x</w:t></m:r> <w:r·xmlns:w="u"><w:t>x</w:t></w:r>
<w:instrText>x</w:instrText> <w:delText>x</w:delText> <w:moveFrom·w:id="9"·w:author="某"><w:r><w:t>x</w:t></w:r></w:moveFrom>
<w:ins·w:id="9"·w:author="某"><w:r><w:t>x</w:t></w:r></w:ins>
<!--·--> <!--<w:t>x</w:t>--> <!--</w:tr><w:tr>--> <![CDATA[x]]> <![CDATA[<w:t>x</w:t>]]> <?x?> <?x·</w:tr>?> <!DOCTYPE·x>
<w:tr> </w:tr> <w:tr/> <w:tr·/> <w:tr·w:rsidR="1"/> <w:tr·w:rsidR="1"> <w:tr><w:tc><w:p/></w:tc></w:tr> <w:tc><w:p/></w:tc> <w:tc/> <w:tc>
</w:tc> <w:tbl> </w:tbl> <w:tbl·x="1"> </w:tbl·> <w:tblPrEx/>
<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>
<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>
<w:sdt><w:sdtContent> </w:sdtContent></w:sdt> <w:body> </w:body> <w:document> </w:document> <w:sectPr/> <w:gridCol/>
<w:vMerge/> <w:vMerge·w:val="restart"/> <w:gridSpan·w:val="2"/> <w:tcPr><w:vMerge/></w:tcPr> <w:trPr><w:gridAfter·w:val="1"/></w:trPr>
<w:bookmarkStart·w:id="0"·w:name="二"/> <w:bookmarkEnd·w:id="0"/> <w:bookmarkStart·w:id="1"·w:name="三"/> <w:bookmarkEnd·w:id="1"/>
<w:bookmarkStart·w:id="4"·w:name="四"/><w:bookmarkEnd·w:id="4"/> ·w14:paraId="00000003" ·w14:paraId="00000009" <wp:docPr·id="1"/>
<wp:docPr·id="7"/> ·xmlns:w="u" ·xmlns:w14="u" ·xmlns:q="u" ·mc:Ignorable="q" ·w:val="x" <w:jc·w:val="middle"/> <w:rPr/> <w:pPr/> <w:tcPr/>
<w:pStyle·w:val="无"/> <w:b·w:val="是"/> <mc:AlternateContent><mc:Choice·Requires="q"/></mc:AlternateContent>
<mc:Fallback><w:p><w:r><w:t>x</w:t></w:r></w:p></mc:Fallback> {{
<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>
&amp; &lt; &gt; &quot; &apos; &#34; &#39; &#65; &#x41; &#13; &#1; &nbsp; &amp;lt; &amp;amp; & > ]]> < " x 字 𠮷
"""
BITS = [
    *(fragment.replace("·", " ") for fragment in FRAGMENTS.split()),
    *(" ", "\n", "\t", "\r", "\r\n", "\x00", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\u200b", "\u3000"),
    *("\ufeff", "\ufffd", "\ufffe", "\uffff", "\ud800"),
    *(LOOPED, WITH_BREAK, OTHER, FIRST_ROW, SECOND_ROW),
]
"""What could mislead somebody who does not parse."""


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw the long document with a few pieces taken away, doubled, moved, or put in."""
    tokens = list(TOKENS)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(tokens) - 1))
        stretch = draw(st.integers(0, 6))
        match draw(st.sampled_from(["take", "put", "put", "put", "instead", "into", "copy"])):
            case "take":
                del tokens[place : place + stretch]
            case "put":
                tokens.insert(place, draw(st.sampled_from(BITS)))
            case "instead":
                tokens[place : place + stretch] = [draw(st.sampled_from(BITS))]
            case "into":
                token = tokens[place]
                at = draw(st.integers(0, len(token)))
                tokens[place] = token[:at] + draw(st.sampled_from(BITS)) + token[at:]
            case "copy":
                other = draw(st.integers(0, len(tokens) - 1))
                tokens[other:other] = tokens[place : place + stretch]
    return "".join(tokens)


WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def whole(*blocks: str) -> str:
    return f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"


def table(*cells: str, columns: int = 1) -> str:
    """Write a table of one cell in each row, over all its columns."""
    span = f'<w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>' if columns > 1 else ""
    rows = "".join(f"<w:tr><w:tc>{span}{cell}</w:tc></w:tr>" for cell in cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{rows}</w:tbl><w:p/>"


SAID = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>"
MERGE = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
CONTINUED = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
OTHER_W = f'<q:r xmlns:q="{WORD_SPACE}" xmlns:w="u"><w:t xmlns:w="{WORD_SPACE}">甲</w:t><w:br/><w:t xml:space="preserve">乙</w:t></q:r>'
IN_BOX = "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
MOVED = '<w:moveFrom w:id="9" w:author="某"><w:r><w:t>甲</w:t></w:r></w:moveFrom>'
TRAPS: dict[str, list[str]] = {
    "number where words are tried": [
        whole(f"<w:p>{piece}</w:p>")
        for piece in [
            "<w:r><w:t>(0)<m:x/>甲</w:t></w:r>",
            f"{MOVED}<w:r><w:t>(0)(1)<m:x/></w:t></w:r>",
            f"{MOVED}<w:r><w:t>(0)</w:t ></w:r>",
        ]
    ],
    "words before the root": [LONG, '<w:br/><w:t xml:space="preserve">甲</w:t>' + LONG],
    "blank before the declaration": [LONG, " " + LONG],
    "row behind a mark, under another than in the frame": [
        whole(
            table(MERGE + SAID, SAID, CONTINUED).replace(
                f"<w:tr><w:tc>{CONTINUED}", f"{mark}<w:tr><w:tc>{CONTINUED}"
            )
        )
        for mark in ["", '<w:proofErr w:type="spellEnd"/>']
    ],
    "another meaning of w, in the frame": [whole(f"<w:p>{OTHER_W}</w:p>")],
    "another meaning of w, in a row": [whole(table(SAID, f"<w:p>{OTHER_W}</w:p>"))],
    "another meaning of w, oddly spelt": [
        whole(place.format(OTHER_W.replace("xmlns:w=", "xmlns:w =")))
        for place in ["<w:p>{}</w:p>", table(SAID, "<w:p>{}</w:p>")]
    ],
    "comment over the end of a row": [
        whole(table(SAID, "<w:p/>").replace("<w:p/></w:tc></w:tr>", "<w:p/></w:tc>" + rest))
        for rest in [
            '<!--</w:tr><w:tr>--></w:tr><w:tr w:rsidR="1"/><w:tr><w:tc><w:p/></w:tc></w:tr>',
            "<!--</w:tr>",
        ]
    ],
    "instruction over the end of a row": [
        whole(table(SAID, "<w:p/>").replace("<w:p/></w:tc></w:tr>", "<w:p/></w:tc>" + rest))
        for rest in [
            '<?x </w:tr><w:tr>?></w:tr><w:tr w:rsidR="1"/><w:tr><w:tc><w:p/></w:tc></w:tr>',
            "<?x </w:tr>",
        ]
    ],
    "row that is closed at once": [LONG, LONG.replace(LOOPED, '<w:tr w:rsidR="1"/>' + LOOPED, 3)],
    "row of another table": [
        whole(table(SAID, SAID, columns=2), table("<w:p/>", SAID, columns=3)),
        whole(
            table(SAID, SAID, columns=2),
            table("<w:p/>", SAID, columns=3).replace('"3"/></w:tcPr>' + SAID, '"2"/></w:tcPr>' + SAID),
        ),
    ],
    "table in a text box": [
        whole(SAID, IN_BOX.format(table("<w:p/>", SAID))),
        whole(SAID, IN_BOX.format(table("<w:p/>", "<w:p/>", SAID))),
    ],
    "table in a table": [
        whole(SAID, table(table("<w:p/>", SAID, SAID))),
        whole(SAID, table("<w:p/>", table("<w:p/>", SAID))),
    ],
    "end of a row too many": [LONG, LONG.replace("</w:tr>", "</w:tr></w:tr>", 4), LONG + "</w:tr>"],
    "sign that is no blank between rows": [LONG, LONG.replace("</w:tr><w:tr>", "</w:tr>\x0b<w:tr>", 1)],
    "table that is closed oddly": [
        whole(
            table(SAID, SAID).replace("</w:tr>", "</w:tr >", 1).replace("</w:tbl>", "</w:tbl ><w:tbl x='1'>")
        )
    ],
    "rows in a control": [
        whole(
            table(SAID, SAID, SAID)
            .replace("</w:tblGrid>", "</w:tblGrid><w:sdt><w:sdtContent>")
            .replace("</w:tbl>", "</w:sdtContent></w:sdt></w:tbl>")
        )
    ],
    "choice whose prefix another row declares": [
        whole(table(SAID, "<w:p><w:r><w:drawing xmlns:q='u'/></w:r></w:p>", choice))
        for choice in [
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='q'/></mc:AlternateContent></w:r></w:p>"
        ]
    ]
    + [
        whole(
            table(
                SAID,
                "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='q'/></mc:AlternateContent></w:r></w:p>",
            )
        )
    ],
    "strict document": [LONG.replace(WORD_SPACE, "http://purl.oclc.org/ooxml/wordprocessingml/main")],
    "foreign encoding": [
        LONG.replace("UTF-8", "us-ascii"),
        re.sub("[^\\x00-\\x7f]", "x", LONG).replace("UTF-8", "us-ascii"),
        re.sub("[^\\x00-\\x7f]", "x", LONG).replace("UTF-8", "us-ascii").replace("xx<", "字<", 1),
    ],
    "ids in a row that repeats": [LONG, LONG + "", LONG.replace(SECOND_ROW, SECOND_ROW * 2)],
}
"""Parts by which a reader who does not parse could be misled, the later ones by what the earlier have taught."""


@pytest.mark.parametrize("documents", TRAPS.values(), ids=TRAPS)
def test_a_trap_reads_the_same(documents: list[str]) -> None:
    around = fresh()
    for document in documents:
        same(document, around)


SHORT = whole(table(SAID, MERGE + SAID, "<w:tcPr><w:vMerge/></w:tcPr>" + SAID, SAID), SAID)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(8))
def test_whatever_stands_in_a_word_or_between_two_tags_reads_the_same(first: int) -> None:
    tokens = re.findall(r"<[^>]*>|[^<]+", SHORT)
    for bit in BITS[first::8]:
        around = fresh()
        for old in ("得分", "完", "产出指标"):
            same(LONG.replace(old, f"甲{bit}乙"), around)
            same(LONG.replace(old, bit, 1), around)
        for place in range(len(tokens) + 1):
            same("".join([*tokens[:place], bit, *tokens[place:]]), around)
            same("".join([*tokens[:place], bit, *tokens[place + 1 :]]), around)
        assert known(SHORT, around)


CELLS = [
    "<w:p/>",
    "<w:p><w:r><w:t>甲</w:t></w:r></w:p>",
    '<w:p><w:r><w:t>甲</w:t><w:br/><w:t xml:space="preserve">乙</w:t></w:r></w:p>',
    "<w:p><w:r><w:tab/><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t/></w:r></w:p>",
    '<w:p><w:bookmarkStart w:id="{0}" w:name="签"/><w:r><w:t>甲</w:t></w:r><w:bookmarkEnd w:id="{0}"/></w:p>',
    '<w:p w14:paraId="0000000{0}"/>',
    '<w:p><w:bookmarkStart w:id="{0}" w:name="签"/></w:p>',
    '<w:p><w:bookmarkEnd w:id="{0}"/></w:p>',
    '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="{0}"/></wp:inline></w:drawing></w:r></w:p>',
    '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="q{0}"/></mc:AlternateContent></w:r></w:p>',
    '<w:p><w:r><q:x xmlns:q{0}="u" xmlns:q="u"/></w:r></w:p>',
    '<w:p><w:pPr><w:pStyle w:val="无"/></w:pPr></w:p>',
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>",
    "",
]  # fmt: skip
USUAL = 4
"""So many of them, from the first, are usual and sound."""


@st.composite
def rows(draw: st.DrawFn) -> str:
    """Draw a row for a grid of three columns that is likely, and not sure, to fit and to be sound."""
    spans = draw(st.sampled_from([(1, 1, 1)] * 4 + [(1, 2), (2, 1), (3,), (1, 1), (2, 2)]))
    merges = ["", "", "", "<w:vMerge/>", '<w:vMerge w:val="continue"/>', '<w:vMerge w:val="restart"/>']
    cells = ""
    for span in spans:
        usual = draw(st.integers(0, 9))
        inside = CELLS[usual % USUAL] if usual else draw(st.sampled_from(CELLS))
        merge = draw(st.sampled_from(merges))
        cells += f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{inside}</w:tc>'
    return f"<w:tr>{cells.replace('{0}', draw(st.sampled_from('789')))}</w:tr>"


@st.composite
def series(draw: st.DrawFn) -> list[str]:
    """Draw parts that have rows in common."""
    known_rows = draw(st.lists(rows(), min_size=1, max_size=4))
    grids = ["<w:gridCol/>" * 3, '<w:gridCol/><w:gridCol w:w="9"/><w:gridCol/>', "<w:gridCol/>" * 2]
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        body = draw(
            st.sampled_from(["", "<w:p/>", CELLS[4].replace("{0}", "7"), CELLS[5].replace("{0}", "7")])
        )
        for _ in range(draw(st.integers(1, 2))):
            chosen = draw(st.lists(st.sampled_from(known_rows), min_size=1, max_size=6))
            grid = draw(st.sampled_from([grids[0]] * 4 + grids))
            body += f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(chosen)}</w:tbl><w:p/>"
        parts.append(whole(body))
    return parts


@st.composite
def bytes_changed(draw: st.DrawFn) -> bytes:
    """Draw the long document with a few bytes put in, taken out or changed."""
    data = LONG.encode()
    place = draw(st.integers(0, len(data) - 1))
    return data[:place] + draw(st.binary(max_size=3)) + data[place + draw(st.integers(0, 3)) :]


@st.composite
def spoken(draw: st.DrawFn) -> str:
    """Draw a table of any words, as they are or with what XML keeps for itself escaped."""
    words = draw(st.lists(st.text(max_size=8), min_size=1, max_size=8))
    if draw(st.booleans()):
        words = [re.sub("[&<]", lambda found: f"&#{ord(found[0])};", text) for text in words]
    return whole(table(*(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in words)))


@given(
    st.lists(damaged(), min_size=1, max_size=3),
    bytes_changed(),
    series(),
    st.lists(tables().map(lambda drawn: whole(drawn[0], "<w:p/>")), min_size=1, max_size=3),
    spoken(),
)
def test_any_part_reads_the_same_after_any_others(
    damaged: list[str], changed: bytes, series: list[str], tables: list[str], spoken: str
) -> None:
    around = fresh()
    same(changed, around)
    for part in (LONG, *damaged, LONG, *series, *tables, spoken, LONG):
        same(part, around)


# --- real forms -------------------------------------------------------------------------------------------------


def varied(number: int) -> Content:
    """Make a content of another shape than the one before: rows, groups, paragraphs and line breaks."""
    chance = random.Random(number)  # noqa: S311 -- the same forms in every run

    def said(most: int) -> list[str]:
        return [f"第{n}段：R&D <{number}>，“{n * 7}%”。" for n in range(chance.randint(0, most))]

    found, first, second = [], 1, 1
    for n in range(chance.randint(1, 60)):
        row = dict(indicator(n, first=not n or n >= first, second=not n or n >= second or n >= first))
        first = n + chance.randint(1, 20) if row["一级始"] else first
        second = n + chance.randint(1, 6) if row["二级始"] else second
        row["实际完成值"] = chance.choice(["", "3个", "3个\n（注）", "a\tb", "\n", "≥5%"])
        found.append(row)
    lines = [content()["预算执行"][0]] * chance.randint(1, 4)
    return content(
        指标=found,
        预算执行=lines,
        年度目标=said(5),
        偏差分析=said(8) or [""],
        改进措施=said(8) or [""],
        备注=said(4),
    )


def test_forms_of_any_shape_are_known_and_read_the_same() -> None:
    template = opened()
    for number in range(30):
        main = template.fill(varied(number)).parts[-1].xml
        reading = same(main, template.surroundings)
        assert reading.faults == ()
        assert known(main, template.surroundings)
    assert template.surroundings.memory.size < 1_000_000


@pytest.mark.parametrize("number", [20, 200])
def test_a_form_of_the_sample_is_known_and_reads_the_same(number: int) -> None:
    judged = Run(ROOT).judge("2020")
    assert judged.scored is not None
    assert judged.narratives is not None
    filled = {**printed.fill(judged.scored, judged.narratives)}
    if number > len(filled["指标"]):
        filled["指标"] = indicators(number)
    template = opened()
    main = template.fill(filled).parts[-1].xml
    assert main.count(b"</w:tr>") > number
    reading = same(main, template.surroundings)
    assert reading.faults == ()
    assert known(main, template.surroundings)
    broken = main.replace(b"</w:p></w:tc></w:tr>", b"</w:tc></w:tr>")
    assert broken != main
    assert same(broken, template.surroundings).faults != ()


# --- what it costs ----------------------------------------------------------------------------------------------


def efforts(data: bytes, around: Surroundings) -> tuple[int, int]:
    """Count the work of the full reading and of the usual one."""
    return calls(lambda: read_story(data, around)), calls(lambda: read(data, around))


@pytest.mark.parametrize("number", [26, 400])
def test_known_rows_cost_a_fraction(number: int) -> None:
    around = fresh()
    read(form(number), around)
    full, usual = efforts(form(number), around)
    assert usual * 4 < full


def test_rows_that_all_differ_cost_little_more_than_the_full_reading() -> None:
    def unlike(rows: int) -> bytes:
        numbered = (b'<w:tr w:rsidR="%08X">' % number for number in range(rows))
        return re.sub(rb"<w:tr>", lambda _: next(numbered), form(rows))

    full, usual = efforts(unlike(150), fresh())
    assert usual < full * 2


HOSTILE = {
    "tags that never close": LONG.replace("<w:sectPr>", "<w:p " * 40_000 + "<w:sectPr>"),
    "long root and many tables": whole(
        "".join(table(SAID, SAID).replace("<w:gridCol/>", f'<w:gridCol w:w="{n}"/>') for n in range(300))
    ).replace("<w:document ", f'<w:document a="{"x" * 200_000}" '),
    "references without end": LONG.replace("得分", "&" * 200_000),
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_part_costs_little_more_than_the_full_reading(document: str) -> None:
    full, usual = efforts(document.encode(), fresh())
    assert usual < full * 3 + len(document) // 50  # where the full reading gives up at the first reference


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST", 30_000)
    around = fresh()
    for number in range(100):
        document = LONG.replace('w:w="3000" w:type="dxa"/><w:vMerge/>', f'w:w="{number}"/><w:vMerge/>')
        assert same(document, around).faults == ()
        held = around.memory
        kept = [*held.frames, *(row for rows in held.tables.values() for row in rows)]
        assert sum(map(len, kept)) <= 30_000 + len(document)
    assert held.size <= 30_000 + len(document)


def test_a_memory_belongs_to_its_surroundings() -> None:
    around = fresh()
    assert known(LONG, around)
    without = replace(around, styles={})
    assert without.memory.frames == {}
    assert same(LONG, without).faults != ()
    assert same(LONG, around).faults == ()
