"""The new year's attachment with tracked changes: accepted it is the new year's, rejected the old year's."""

import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from builders import assessment, budget_line, dimension, group, judged
from builders import indicator as one_indicator
from drafts import ROOT, TEXT, content, indicator, opened, packed, parts_of, shipped, with_heads
from filed_years import year
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from marked import AUTHOR, DATE, MAIN, by_name, filled, main_part, mark, marked, years_marked
from revisions import W, accepted, canonical, cells, rejected, words
from seeds import package_faults
from years import assessments, scored_year

from perfdoc.core.assessment import Assessment, Detail, GoalBlock, Purpose
from perfdoc.docx.content import Content
from perfdoc.docx.template import Template, open_template
from perfdoc.docx.tracked import pairs, tracked_attachment
from perfdoc.faces.printed import fill
from perfdoc.form.layout import STEERING
from perfdoc.form.rulebook import Form
from perfdoc.read.folder import open_form
from perfdoc.years.comparison import compare


def row_of(xml: bytes, name: str) -> Any:
    """Find the one row that says a name, in words that stay, come or go."""
    (row,) = rows_of(xml, name)
    return row


def rows_of(xml: bytes, name: str) -> list[Any]:
    return [row for row in etree.fromstring(xml).iter(f"{W}tr") if name in "".join(row.itertext())]


def mark_of(row: Any) -> str:
    return "".join(tag for tag in ("ins", "del") if row.find(f"{W}trPr/{W}{tag}") is not None)


def changes(element: Any) -> list[tuple[str, str]]:
    """List what came and went in an element, in order."""
    return [
        (etree.QName(mark).localname, "".join(mark.itertext()))
        for mark in element.iter(f"{W}ins", f"{W}del")
        if len(mark)
    ]


# --- what comes back ------------------------------------------------------------------------------------------------


def test_the_same_content_has_no_mark() -> None:
    assert b"w:author" not in marked(content(), content())


def test_a_year_comes_back_from_the_next() -> None:
    xml = years_marked()
    file = packed({**parts_of(shipped().fill(year("2021")[1]).data), MAIN: xml})
    assert package_faults(file) == ()


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
        row = indicator(name, first=starts, second=starts or second)
        row = {**row, "三级": f"第{name}项指标", "年初目标值": said, "得分": said}
        rows.append({**row, "实际完成值": draw(st.sampled_from(["3个", "5个"]))})
    lines = draw(st.lists(st.sampled_from(["总额", "财政", "其他"]), min_size=1, max_size=3, unique=True))
    return content(
        标题=draw(TEXT),
        指标=rows,
        预算执行=[
            {"名称": name, "预算数": "489", "执行数": draw(st.sampled_from(["367", "1"])), "执行率": "75.1%", "得分": "15"}
            for name in lines
        ],
        年度目标=draw(PARAGRAPHS.filter(bool)),
        偏差分析=draw(PARAGRAPHS),
        改进措施=draw(PARAGRAPHS),
        备注=draw(PARAGRAPHS),
    )  # fmt: skip


@settings(max_examples=10)
@given(contents(), contents())
def test_any_two_contents_come_back(old: dict[str, Any], new: dict[str, Any]) -> None:
    marked(old, new)


@settings(max_examples=5)
@given(assessments, assessments)
def test_any_two_years_come_back_by_their_comparison(old: Assessment, new: Assessment) -> None:
    years = [scored_year(one, name=name) for one, name in ((old, "old"), (new, "new"))]
    comparison = compare(*years)
    same = pairs(comparison)
    before, after = ({row.score.address: row.indicator.name for row in one.scored.rows()} for one in years)
    paired = sorted((before[i], after[j]) for i, j in same.items() if i in before)
    assert paired == sorted((row.old.name, row.new.name) for row in comparison.rows if row.old and row.new)
    contents = [fill(one.scored, one.narratives) for one in years]
    marked(contents[0], contents[1], same)


def test_wrong_pairs_make_it_longer_and_never_wrong() -> None:
    old, new = (
        content(),
        content(指标=[indicator(7, first=True, second=True), indicator(8, first=False, second=False)]),
    )
    marked(old, new, {("指标", n): ("指标", 1 - n % 2) for n in range(4)})
    marked(old, new, {("指标", 0): ("指标", 9), ("不存在", 1): ("指标", 0)})


@pytest.mark.parametrize("before", [[], [""], ["甲"], ["预算执行较慢。", "疫情影响。"]])
@pytest.mark.parametrize(
    "after", [[], ["\n"], ["疫情影响，较大。", "预算执行较慢。", "R&D <b> 😀𠮷 “弯”\t制表"]]
)
def test_paragraphs_come_back(before: list[str], after: list[str]) -> None:
    for name in ("偏差分析", "备注"):
        marked(content(**{name: before}), content(**{name: after}))


# --- other forms ----------------------------------------------------------------------------------------------------


@cache
def form_of(name: str) -> tuple[Form, Template]:
    form = open_form(ROOT, name).form
    assert form is not None
    data = (ROOT / "templates" / name / form.template).read_bytes()
    template = open_template(data, name, form.layout.blanks, STEERING)
    assert isinstance(template, Template), template
    return form, template


def filled_form(name: str, filed: Assessment) -> Content:
    """Fill a form with an assessment; its indicators stand below two goals where the form has goals."""
    form, _ = form_of(name)
    goals = form.layout.prints("指标", "目标")
    blocks = tuple(
        GoalBlock(goal=f"做成第{n}件事", weight=Decimal(40), dimensions=filed.dimensions[n - 1 : n])
        for n in (1, 2)
    )
    given = assessment(
        dimensions=() if goals else filed.dimensions,
        goal_blocks=blocks if goals else (),
        budget=(*filed.budget, budget_line(name="其中：财政资金")),
        purpose=Purpose(expected="预期", achieved="完成"),
        goals=(),
    )
    return fill(*judged(given, form))


@pytest.mark.parametrize("name", ["hubei-project", "mof-project", "mof-department"])
def test_the_further_forms_come_back(name: str) -> None:
    (old, _), (new, _) = year("2020"), year("2021")
    a, b = (filled_form(name, side.scored.assessment) for side in (old, new))
    xml = marked(a, b, template=form_of(name)[1])
    assert mark_of(row_of(xml, "制作园区宣传册次数")) == "del"
    assert mark_of(row_of(xml, "走出去招商次数")) == ""


def test_a_year_of_another_form_goes_as_a_whole_table() -> None:
    (old, a), (new, _) = year("2020"), year("2021")
    b = filled_form("mof-project", new.scored.assessment)
    template = form_of("mof-project")[1]
    same = pairs(compare(old, new))
    made = tracked_attachment(filled(a), filled(b, template), same, AUTHOR, DATE)
    assert made.faults == ()
    xml = parts_of(made.data)[MAIN]
    assert canonical(accepted(xml)) == canonical(main_part(b, template))
    assert cells(rejected(xml)) == cells(main_part(a))
    assert {mark_of(row) for row in etree.fromstring(xml).iter(f"{W}tr")} == {"ins", "del"}


def test_the_page_around_is_the_new_years() -> None:
    template = opened(with_heads(["第"], ["{{ 标题 }}"], "{{ 标题 }}"))
    old, new = content(标题="旧"), content(标题="新")
    parts = parts_of(mark(old, new, template=template).data)
    made = parts_of(template.fill(new).data)
    assert {name: data for name, data in parts.items() if name != MAIN} == {
        name: data for name, data in made.items() if name != MAIN
    }


# --- how it reads ---------------------------------------------------------------------------------------------------


def test_a_renamed_indicator_is_one_row() -> None:
    row = row_of(years_marked(), "接洽")
    assert mark_of(row) == ""
    assert changes(row)[2:] == [("ins", "家"), ("del", "量"), ("del", "30个"), ("ins", "60家"), ("del", "74个"), ("ins", "66家")]  # fmt: skip


def test_a_figure_is_marked_whole() -> None:
    xml = marked(content(), content(标题="2021年度智造园部门（单位）整体绩效自评表", 项目支出总额="415.39"))
    assert changes(etree.fromstring(xml)) == [
        ("del", "2020"),
        ("ins", "2021"),
        ("del", "415.93"),
        ("ins", "415.39"),
    ]


def test_indicators_that_go_and_come_are_rows_that_go_and_come() -> None:
    xml = years_marked()
    assert mark_of(row_of(xml, "制作园区宣传册次数")) == "del"
    assert mark_of(row_of(xml, "园区满意度")) == "ins"
    assert mark_of(row_of(xml, "走出去招商次数")) == ""


def test_an_indicator_that_moved_goes_in_one_place_and_comes_in_another() -> None:
    rows = rows_of(years_marked(), "排江水质")
    assert [mark_of(row) for row in rows] == ["del", "ins"]


def test_a_row_that_begins_a_group_in_one_year_only_goes_and_comes() -> None:
    old = [indicator(1, first=True, second=True), indicator(2, first=False, second=False), indicator(3, first=False, second=False)]  # fmt: skip
    new = [indicator(2, first=True, second=True), old[2]]
    xml = marked(content(指标=old), content(指标=new))
    rows = rows_of(xml, "项指标")
    assert [mark_of(row) for row in rows] == ["del", "del", "ins", ""]


def test_rows_of_the_same_words_are_paired_as_the_items_that_they_print() -> None:
    alike = indicator(1, first=True, second=True)
    xml = marked(
        content(指标=[alike] * 3),
        content(指标=[alike] * 2),
        {("指标", 1): ("指标", 0), ("指标", 2): ("指标", 1)},
    )
    assert [mark_of(row) for row in rows_of(xml, "第1项指标")] == ["del", "", ""]


def test_details_and_empty_groups_stay_where_they_stood() -> None:
    def given(*names: str) -> Any:
        details = tuple(Detail(name=name) for name in names)
        first = replace(one_indicator(name="培训"), details=details)
        groups = (group(first), group(name="质量指标"), group(one_indicator(name="巡查"), name="时效指标"))
        return scored_year(assessment(dimensions=(dimension(*groups),)), name="a")

    old, new = given("线上", "线下"), given("其他", "线上", "线下")
    before, after = (fill(one.scored, one.narratives) for one in (old, new))
    xml = marked(before, after, pairs(compare(old, new)))
    marks = {
        name: mark_of(row_of(xml, name)) for name in ("培训", "其他", "线上", "线下", "质量指标", "巡查")
    }
    assert marks == {**dict.fromkeys(marks, ""), "其他": "ins"}


def test_a_text_that_has_nothing_in_common_is_replaced_whole() -> None:
    xml = marked(content(单位名称="产业园建设服务中心"), content(单位名称="武汉市东湖实验室"))
    assert changes(row_of(xml, "单位名称")) == [("del", "产业园建设服务中心"), ("ins", "武汉市东湖实验室")]


def test_a_paragraph_at_the_end_comes_with_the_break_before_it() -> None:
    xml = marked(content(偏差分析=["预算执行较慢。"]), content(偏差分析=["预算执行较慢。", "疫情。"]))
    cell = row_of(xml, "预算执行较慢")[-1]
    breaks = [p.find(f"{W}pPr/{W}rPr/{W}ins") is not None for p in cell.iter(f"{W}p")]
    assert breaks == [True, False]
    assert [words(p) for p in cell.iter(f"{W}p")] == ["预算执行较慢。", "疫情。"]


def test_breaks_stand_in_the_runs_that_go_and_come() -> None:
    marks = changes(
        row_of(marked(content(基本支出总额="甲\n乙"), content(基本支出总额="甲\t乙丙")), "基本支出总额")
    )
    assert marks == [("del", ""), ("ins", ""), ("ins", "丙")]


def test_every_mark_names_the_author_the_moment_and_a_number_of_its_own() -> None:
    (_, a), (_, b) = year("2020"), year("2021")
    same = by_name(a, b)
    made = tracked_attachment(filled(a), filled(b), same, '张 & "李" <三>', DATE)
    assert made.faults == ()
    marks = [*etree.fromstring(parts_of(made.data)[MAIN]).iter(f"{W}ins", f"{W}del")]
    assert {(m.get(f"{W}author"), m.get(f"{W}date")) for m in marks} == {('张 & "李" <三>', DATE)}
    assert len({m.get(f"{W}id") for m in marks}) == len(marks) > 100


def test_the_same_years_give_the_same_bytes() -> None:
    assert mark(content(), content(标题="新")).data == mark(content(), content(标题="新")).data


def test_a_build_pays_for_no_lxml() -> None:
    code = (
        "import sys, perfdoc.cli.console; print(sorted({'lxml', 'perfdoc.docx.tracked'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


# --- faults are still found -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<w:vMerge w:val="restart"/>', "", "没有合并的开头"),
        (r'<w:gridSpan w:val="2"/>(?=(?:(?!<w:tr>).)*第3项)', '<w:gridSpan w:val="3"/>', "列宽表"),
        (r"<w:p><w:pPr>(?:(?!<w:p>).)*?</w:p>(?=</w:tc></w:tr></w:tbl>)", "", "没有段落"),
        (r'w:date="[^"]*"', 'w:date="昨天"', "应为日期"),
        (r' w:author="perfdoc"', "", "w:author"),
        (r"<w:ins ([^>]*)><w:r>", r"<w:ins \1><w:tc/><w:r>", "不能直接放在"),
    ],
)  # fmt: skip
def test_a_real_fault_of_a_marked_part_is_found(old: str, new: str, said: str) -> None:
    before = content()
    after = content(
        标题="新的标题", 指标=[indicator(9, first=True, second=True), indicator(3, first=False, second=False)]
    )
    parts = parts_of(mark(before, after).data)
    broken, count = re.subn(old, new, parts[MAIN].decode(), count=1)
    assert count == 1
    faults = package_faults(packed({**parts, MAIN: broken.encode()}))
    assert any(said in fault.message for fault in faults), faults
