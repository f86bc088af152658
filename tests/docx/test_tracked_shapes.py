"""Any two documents come back: tables of any shape, nested ones, with links, fields and pictures of their own."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from revisions import accepted, canonical, rejected
from seeds import document, said, tables

from perfdoc.core.address import Address
from perfdoc.docx import sound
from perfdoc.docx.template import Rendered
from perfdoc.docx.tracked import tracked
from perfdoc.docx.tracked.rows import Row, Step, ordered

MAIN = "word/document.xml"
AUTHOR, DATE = "perfdoc", "2021-05-25T08:00:00Z"
PARAGRAPH = st.sampled_from(["", "预算执行较慢。", "预算执行率75.1%，较慢。", "疫情影响。"]).map(
    lambda text: said(f"<w:t>{text}</w:t>") if text else "<w:p/>"
)
STYLED = st.sampled_from(
    ['<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>居中</w:t></w:r></w:p>', "<w:p><w:pPr><w:keepNext/></w:pPr></w:p>"]
)  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(tables().map(lambda drawn: drawn[0]), PARAGRAPH, STYLED), max_size=4))
    return "".join(parts) + draw(PARAGRAPH | STYLED)


def marked(old: bytes, new: bytes) -> bytes:
    """Mark two main parts, and hold the result to both."""
    xml = tracked(Rendered(MAIN, old, ()), Rendered(MAIN, new, ()), {}, AUTHOR, DATE)
    assert sound.read(xml, sound.Surroundings()).faults == ()
    assert canonical(accepted(xml)) == canonical(new)
    assert canonical(rejected(xml)) == canonical(old)
    return xml


@settings(max_examples=20)
@given(bodies(), bodies())
def test_any_two_documents_come_back(old: str, new: str) -> None:
    marked(document(old), document(new))


# --- the order of rows ----------------------------------------------------------------------------------------------

SHAPES: list[tuple[str, dict[tuple[int, int], bool]]] = [
    ("none", {}),
    ("first", {(0, 1): False, (1, 2): False}),
    ("second", {(0, 1): True, (1, 2): False}),
    ("third", {(0, 1): True, (1, 2): True}),
    ("other columns", {(2, 3): False}),
    ("other columns again", {(2, 3): True}),
]


@st.composite
def row_lists(draw: st.DrawFn) -> list[Row]:
    """Draw rows whose merges go on only where there is one above."""
    rows: list[Row] = []
    for number in draw(st.permutations(range(8))):
        above = rows[-1].merges if rows else {}
        fitting = [(s, m) for s, m in SHAPES if all(at in above for at, goes_on in m.items() if goes_on)]
        shape, merges = draw(st.sampled_from(fitting))
        rows.append(Row(shape, merges, draw(st.sampled_from([("指标", number), None]))))
    return rows[: draw(st.integers(1, 8))]


@settings(max_examples=50)
@given(row_lists(), row_lists())
def test_every_row_stands_once_and_every_merge_has_its_beginning(old: list[Row], new: list[Row]) -> None:
    same: dict[Address, Address] = {("指标", n): ("指标", n) for n in range(8)}
    steps = ordered(old, new, same)
    assert [i for i, _ in steps if i is not None] == list(range(len(old)))
    assert [j for _, j in steps if j is not None] == list(range(len(new)))
    above: Any = {}
    for i, j in steps:
        row = new[j] if i is None and j is not None else old[i or 0]
        assert all(at in above for at, goes_on in row.merges.items() if goes_on)
        above = row.merges
    for i, j in steps:
        if i is not None and j is not None:
            assert old[i].shape == new[j].shape
            assert old[i].item == new[j].item


def rows(*written: str) -> list[Row]:
    """Make rows of `甲 restart`: an item by its name, and what it begins."""
    made = []
    for one in written:
        name, _, begins = one.partition(" ")
        shape = begins or "third"
        made.append(Row(shape, dict(SHAPES)[shape], ("指标", ord(name))))
    return made


def order(old: list[Row], new: list[Row]) -> list[Step]:
    return ordered(old, new, {row.item: row.item for row in old if row.item})


def test_a_row_that_comes_stands_in_its_own_group() -> None:
    old = rows("甲 first", "乙", "丙 second", "丁")
    new = rows("甲 first", "乙", "戊", "丁 second")
    assert order(old, new) == [(0, 0), (1, 1), (None, 2), (2, None), (3, None), (None, 3)]


def test_a_row_that_moved_goes_and_comes() -> None:
    old, new = rows("甲 first", "乙", "丙", "丁"), rows("甲 first", "丙", "丁", "乙")
    assert order(old, new) == [(0, 0), (1, None), (2, 1), (3, 2), (None, 3)]


def test_a_row_that_begins_a_group_in_one_year_only_goes_and_comes() -> None:
    old, new = rows("甲 first", "乙", "丙"), rows("乙 first", "丙")
    assert order(old, new) == [(0, None), (1, None), (None, 0), (2, 1)]


def test_where_rows_of_other_columns_stand_between_nothing_stays() -> None:
    old = [*rows("甲 first"), Row("other", {(0, 1): True, (2, 3): False}, None)]
    new = [*rows("甲 first"), Row("another", {(1, 2): True, (0, 1): False}, None)]
    assert order(old, new) == [(0, None), (1, None), (None, 0), (None, 1)]
