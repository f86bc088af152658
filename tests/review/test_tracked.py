"""The new year's attachment with tracked changes: accepted it is the new year's, rejected the old year's."""

from collections.abc import Mapping
from typing import Any

from drafts import TEXT, content, parts_of, shipped
from hypothesis import given, settings
from hypothesis import strategies as st
from revisions import accepted, canonical, rejected

from perfdoc import structure
from perfdoc.attachment import Content
from perfdoc.review.order import Item
from perfdoc.review.tracked import Printed, Tracked, numbered, printed, tracked_attachment
from perfdoc.word import Template

AUTHOR, DATE = "perfdoc", "2021-05-25T08:00:00Z"
MAIN = "word/document.xml"


def main_part(content: Content, template: Template | None = None) -> bytes:
    return (template or shipped()).fill(content).parts[-1].xml


def as_printed(content: Content, template: Template | None = None) -> Printed:
    return printed(main_part(content, template), main_part(numbered(content), template))


def by_name(old: Content, new: Content) -> dict[Item, Item]:
    """Pair the rows of two contents by their names."""
    fields = {"指标": "三级", "预算执行": "名称"}
    numbers: list[dict[tuple[str, Any], Item]] = [
        {(name, row[field]): (name, n) for name, field in fields.items() for n, row in enumerate(one[name])}  # type: ignore[index]
        for one in (old, new)
    ]
    return {item: numbers[1][known] for known, item in numbers[0].items() if known in numbers[1]}


def mark(
    old: Content, new: Content, same: Mapping[Item, Item] | None = None, template: Template | None = None
) -> Tracked:
    return tracked_attachment(
        as_printed(old, template),
        as_printed(new, template),
        (template or shipped()).fill(new).data,
        by_name(old, new) if same is None else same,
        AUTHOR,
        DATE,
    )


def marked(
    old: Content, new: Content, same: Mapping[Item, Item] | None = None, template: Template | None = None
) -> str:
    """Mark the new content against the old one, and hold it to both."""
    made = mark(old, new, same, template)
    assert made.faults == (), "\n".join(map(str, made.faults))
    assert structure.package_faults(made.data) == ()
    xml = parts_of(made.data)[MAIN]
    assert canonical(accepted(xml)) == canonical(main_part(new, template))
    assert canonical(rejected(xml)) == canonical(main_part(old, template))
    for settle in (accepted, rejected):
        around, _ = structure.survey(parts_of(made.data))
        assert structure.read(settle(xml), around).faults == ()
    return xml.decode()


def test_the_same_content_has_no_mark() -> None:
    assert "w:author" not in marked(content(), content())


ROWS = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(1, 12), st.sampled_from(["3", "4个", "一\n二", "", "75.1%"])),
    min_size=1, max_size=9, unique_by=lambda row: row[2],
)  # fmt: skip
PARAGRAPHS = st.lists(
    st.sampled_from(["预算执行较慢。", "预算执行率75.1%，较慢。", "疫情影响。", "", "甲\n乙\t丙"]) | TEXT,
    max_size=4,
)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a content with groups of any shape."""
    rows = []
    for number, (first, second, name, said) in enumerate(draw(ROWS)):
        starts = first or number == 0
        rows.append(
            {
                "一级": f"一级{name % 3}" if starts else "",
                "二级": f"二级{name % 4}\n（20分）" if starts or second else "",
                "三级": f"第{name}项指标",
                "年初目标值": said,
                "实际完成值": draw(st.sampled_from(["3个", "5个"])),
                "得分": said,
                "一级始": starts,
                "二级始": starts or second,
            }
        )
    lines = draw(st.lists(st.sampled_from(["总额", "财政", "其他"]), min_size=1, max_size=3, unique=True))
    return content(
        标题=draw(TEXT),
        指标=rows,
        预算执行=[
            {
                "名称": name,
                "预算数": "489",
                "执行数": draw(st.sampled_from(["367", "1"])),
                "执行率": "75.1%",
                "得分": "15",
            }
            for name in lines
        ],
        年度目标=draw(PARAGRAPHS.filter(bool)),
        偏差分析=draw(PARAGRAPHS),
        改进措施=draw(PARAGRAPHS),
        备注=draw(PARAGRAPHS),
    )


@settings(max_examples=150)
@given(contents(), contents())
def test_any_two_contents_come_back(old: dict[str, Any], new: dict[str, Any]) -> None:
    marked(old, new)
