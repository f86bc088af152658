"""A broken template is refused with the table, row and cell, or fills rightly; it never raises and never lies."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from drafts import (
    BLANKS,
    FILE,
    LINE,
    MAIN,
    ROOT,
    TEMPLATE,
    content,
    edited,
    filled,
    indicators,
    opened,
    packed,
    parts_of,
    refused,
    resaved,
    shipped,
    with_heads,
    with_text_before,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from lxml import etree
from sheet import W, bare, paragraph_text, part, read, runs

from perfdoc.docx.template import Template, load_prepared, open_template
from perfdoc.form.layout import STEERING

GOALS = "{%p for 目标 in 年度目标 %}"
LINES = "{%tr for 项 in 预算执行 %}"
ROWS = "{%tr for 行 in 指标 %}"
EMPTY_PARAGRAPH_OF_GOALS = '<w:p><w:pPr><w:pStyle w:val="表格正文"/></w:pPr></w:p>'


# --- faults with a place --------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[bytes, str, str]] = {
    "an unknown blank, close to one": (edited(("{{ 标题 }}", "{{ 标提 }}")), "正文", "没有「标提」这个填空，是否为「标题」？"),
    "an unknown blank, close to none": (with_text_before("{{ 标题 }}", "{{ xyz }}"), "正文", "没有「xyz」这个填空"),
    "a misspelt field": (
        edited(("{{ 项.预算数 }}", "{{ 项.预算 }}")), "表1 第5行 第3格", "没有「预算」这个填空，是否为「预算数」？"
    ),
    "a list that is not there": (edited((LINES, LINES.replace("执行", "执型"))), "表1 第4行 第6格", "没有「预算执型」这个填空，是否为「预算执行」？"),
    "a row in place of a field": (edited(("{{ 项.名称 }}", "{{ 项 }}")), "表1 第5行 第2格", "「项」是一行，要写明哪一格"),
    "a row outside its loop": (with_text_before("{{ 标题 }}", "{{ 行.三级 }}"), "正文", "不支持"),
    "a row in the loop's other branch": (
        edited((EMPTY_PARAGRAPH_OF_GOALS, EMPTY_PARAGRAPH_OF_GOALS.replace("</w:pPr>", "</w:pPr><w:r><w:t>{{ 目标 }}</w:t></w:r>"))),
        "表1 第7行 第2格",
        "没有「目标」这个填空",
    ),
    "a flag that is printed": (with_text_before("{{ 行.得分 }}", "{{ 行.一级始 }}"), "表1 第11行 第7格", "没有「一级始」这个填空"),
    "a list that is printed": (with_text_before("{{ 标题 }}", "{{ 年度目标 }}"), "正文", "「年度目标」有许多行，要用循环放"),
    "rows that are printed": (with_text_before("{{ 标题 }}", "{{ 指标 }}"), "正文", "「指标」有许多行，要用循环放"),
    "a loop over a text": (with_text_before("{{ 标题 }}", "{% for 字 in 标题 %}{{ 字 }}{% endfor %}"), "正文", "「标题」是一段文字，不能循环"),
    "a loop named loop": (with_text_before("{{ 标题 }}", "{% for loop in 备注 %}{{ loop }}{% endfor %}"), "正文", "「loop」不能做行的名称"),
    "full-width braces": (edited(("{{ 项.执行数 }}", "｛｛ 项.执行数 ｝｝")), "表1 第5行 第4格", "全角的「｛｛」"),
    "full-width braces of a tag": (edited((ROWS, "｛％tr for 行 in 指标 ％｝")), "表1 第9行 第4格", "全角的「｛％」"),
    "two {%p in a paragraph": (edited((GOALS, GOALS + "{%p if loop.first %}")), "表1 第7行 第2格", "独占一段"),
    "text beside {%p": (edited((GOALS, GOALS + "目标如下")), "表1 第7行 第2格", "独占一段"),
    "text beside {%tr": (edited((ROWS, "指标" + ROWS)), "表1 第9行 第4格", "独占一行"),
    "a blank beside {%tr": (edited((ROWS, ROWS + "{{ 标题 }}")), "表1 第9行 第4格", "独占一行"),
    "{%tr outside a table": (with_text_before("{{ 标题 }}", "{%tr if loop.first %}"), "正文", "独占一行"),
    "a missing endfor of paragraphs": (edited(("{%p endfor %}", "")), "表1 第7行 第2格", f"「{GOALS}」没有配对的结尾 endfor"),
    "a missing endfor of rows": (edited(("{%tr endfor %}", "")), "表1 第4行 第6格", f"「{LINES}」没有配对的结尾 endfor"),
    "a missing endif of rows": (edited(("{%tr endif %}", "")), "表1 第10行 第4格", "「{%tr if 行.一级始 %}」没有配对的结尾 endif"),
    "an endfor too many": (edited((GOALS, "{%p endfor %}")), "表1 第7行 第2格", "「{%p endfor %}」没有配对的开头"),
    "an unclosed {{": (edited(("{{ 项.名称 }}", "{{ 项.名称")), "表1 第5行 第2格", "「{{」没有配对"),
    "a {{ closed by one }": (edited(("{{ 项.名称 }}", "{{ 项.名称 }")), "表1 第5行 第2格", "「{{」没有配对"),
    "a }} never opened": (with_text_before("{{ 项.名称 }}", "元 }}"), "表1 第5行 第2格", "「}}」没有配对"),
    "a brace too many": (edited(("{{ 项.名称 }}", "{{ 项.名称 }}}")), "表1 第5行 第2格", "「}}}」没有配对"),
    "an unclosed {%": (edited((ROWS, "{%tr for 行 in 指标")), "表1 第9行 第4格", "「{%」没有配对"),
    "an unclosed comment": (with_text_before("{{ 标题 }}", "{# 说明"), "正文", "没有配对"),
    "an empty blank": (with_text_before("{{ 标题 }}", "{{ }}"), "正文", "「{{ }}」写法有误"),
    "an empty tag": (with_text_before("{{ 标题 }}", "{% %}"), "正文", "不支持"),
    "a blank in two words": (with_text_before("{{ 项.名称 }}", "{{ 标 题 }}"), "表1 第5行 第2格", "写法有误"),
    "{%trfor in one word": (edited((ROWS, "{%trfor 行 in 指标 %}")), "表1 第9行 第4格", "不支持"),
    "{% vm %}": (with_text_before("{{ 项.名称 }}", "{% vm %}"), "表1 第5行 第2格", "Word 打不开"),
    "{% hm %}": (with_text_before("{{ 项.名称 }}", "{% hm %}"), "表1 第5行 第2格", "Word 打不开"),
    "{% colspan %}": (with_text_before("{{ 项.名称 }}", "{% colspan 2 %}"), "表1 第5行 第2格", "Word 打不开"),
    "{% cellbg %}": (with_text_before("{{ 项.名称 }}", "{% cellbg 'FF0000' %}"), "表1 第5行 第2格", "Word 打不开"),
    "raw XML": (with_text_before("{{ 标题 }}", "{{r 标题 }}"), "正文", "不能用"),
    "a raw paragraph": (with_text_before("{{ 标题 }}", "{{p 标题 }}"), "正文", "不能用"),
    "a swallowing {%-": (with_text_before("{{ 项.名称 }}", "{%- if loop.first -%}"), "表1 第5行 第2格", "不支持"),
    "a condition on content": (with_text_before("{{ 标题 }}", "{% if 单位名称 %}x{% endif %}"), "正文", "判断不支持"),
    "a condition on a printed field": (edited(("行.一级始", "行.得分")), "表1 第10行 第4格", "按「得分」判断"),
    "a comparison": (edited(("行.二级始", "行.二级始 == 1")), "表1 第12行 第4格", "判断不支持"),
    "loop.first outside a loop": (with_text_before("{{ 标题 }}", "{% if loop.first %}x{% endif %}"), "正文", "判断不支持"),
    "a loop with a condition": (edited((ROWS, "{%tr for 行 in 指标 if 行.一级始 %}")), "表1 第9行 第4格", "不支持"),
    "a loop with a filter": (edited((ROWS, "{%tr for 行 in 指标|reverse %}")), "表1 第9行 第4格", "不支持"),
    "a cell that may end without a paragraph": (
        edited((EMPTY_PARAGRAPH_OF_GOALS, "")), "表1 第7行 第2格", "没有段落的格子"
    ),
    "a row that may end without a paragraph": (
        edited(("<w:t>{{ 项.名称 }}", "<w:t>{%p for 段 in 备注 %}</w:t></w:r></w:p><w:p><w:r><w:t>{{ 段 }}</w:t></w:r></w:p><w:p><w:r><w:t>{%p endfor %}")),
        "表1 第5行 第2格",
        "没有段落的格子",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("template", "where", "what"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_place(template: bytes, where: str, what: str) -> None:
    said = refused(template)
    assert [message for message in said if where in message and what in message], said
    assert {re.match(r"P211 模板(正文|表\d+ 第\d+行 第\d+格)", message) is not None for message in said} == {
        True
    }


BOX = "<w:r><w:{0}>{{{{ 标题 }}}}</w:{0}></w:r>"
AT_TITLE = "<w:t>{{ 标题 }}</w:t></w:r>"
HIDDEN = {
    "in a field": BOX.format("instrText"),
    "in what was deleted": f'<w:del w:id="1" w:author="某">{BOX.format("delText")}</w:del>',
    "in a name": '<w:bookmarkStart w:id="1" w:name="{{ 标题 }}"/><w:bookmarkEnd w:id="1"/>',
}


@pytest.mark.parametrize("xml", HIDDEN.values(), ids=HIDDEN)
def test_a_tag_that_no_reader_sees_is_refused(xml: str) -> None:
    (said,) = refused(edited((AT_TITLE, AT_TITLE + xml)))
    assert said.startswith("P211 模板里的「{{ 标题 }}」不在普通文字里")


@pytest.mark.parametrize("half", ["{{", "{{ 标题", "{% if 标题"])
def test_half_a_tag_that_no_reader_sees_is_refused(half: str) -> None:
    parts = parts_of(with_heads(["甲"], ["乙"]))
    header = parts["word/header1.xml"].decode().replace("<w:p>", f'<w:p w:rsidR="{half}">', 1)
    (said,) = refused(packed({**parts, "word/header1.xml": header.encode()}))
    assert said.startswith(f"P211 模板里的「{half[:2]}」不在普通文字里")


FOREIGN = [
    "{{ 标题.__class__ }}",
    "{{ 标题.text }}",
    "{{ 标题['text'] }}",
    "{{ 标题|upper }}",
    "{{ 标题|safe }}",
    "{{ 标题() }}",
    "{{ 标题.upper() }}",
    "{{ 1 + 1 }}",
    "{{ 标题 ~ 单位名称 }}",
    "{{ 标题 * 2 }}",
    "{{ -标题 }}",
    "{{ not 标题 }}",
    "{{ 标题 if 标题 else 单位名称 }}",
    "{{ 标题 is defined }}",
    "{{ '标题' }}",
    "{{ “标题” }}",
    "{{ 3 }}",
    "{{ [标题] }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self.__init__ }}",
    "{{ self }}",
    "{{ range }}",
    "{{ loop.index }}",
    "{{ lipsum() }}",
    "{{ namespace() }}",
    "{% set 甲 = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as x %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% macro x() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}{% endfilter %}",
    "{% with %}{% endwith %}",
    "{% raw %}{{ 标题 }}{% endraw %}",
    "{% autoescape false %}{{ 标题 }}{% endautoescape %}",
    "{% do 标题 %}",
    "{% trans %}{% endtrans %}",
    "{% for 甲, 乙 in 指标 %}{% endfor %}",
    "{% for 行 in [1, 2] %}{% endfor %}",
    "{% for 行 in 行 %}{% endfor %}",
]


@pytest.mark.parametrize("tag", FOREIGN)
def test_a_template_is_no_program(tag: str) -> None:
    said = refused(with_text_before("{{ 项.名称 }}", tag))
    assert all("表1 第5行 第2格" in message for message in said), said


def test_every_fault_of_a_template_is_told_at_once() -> None:
    said = refused(
        edited(("{{ 标题 }}", "{{ 标提 }}"), ("{{ 项.名称 }}", "{{ 项.名 }}"), ("行.二级始", "行.三级"))
    )
    assert [re.search(r"正文|表1 第\d+行 第\d+格", message)[0] for message in said] == [  # type: ignore[index]
        "正文",
        "表1 第5行 第2格",
        "表1 第12行 第4格",
    ]


# --- blanks that are missing ----------------------------------------------------------------------------------

PRINTED = sorted(
    name
    for blank, fields in BLANKS.items()
    for name in ([f"{blank}.{field}" for field in fields - STEERING] if fields else [blank])
)


def without(name: str) -> bytes:
    """Take a blank out of the template wherever it stands; of a list of paragraphs, the whole loop."""
    blank, _, field = name.partition(".")
    xml = parts_of(TEMPLATE)[MAIN].decode()
    if field:
        (row,) = re.findall(rf"for (\w+) in {blank} %", xml)
        return emptied(rf"\{{\{{ {row}\.{field} \}}\}}")
    if BLANKS[blank] is None:
        return emptied(rf"\{{\{{ {blank} \}}\}}")
    return emptied(rf"\{{%p for \w+ in {blank} %\}}.*?\{{%p endfor %\}}")


def emptied(pattern: str) -> bytes:
    """Take out of the template what matches."""
    xml, number = re.subn(pattern, "", parts_of(TEMPLATE)[MAIN].decode(), flags=re.DOTALL)
    assert number
    return packed({**parts_of(TEMPLATE), MAIN: xml.encode()})


@pytest.mark.parametrize("name", PRINTED)
def test_a_blank_that_no_place_takes_is_named(name: str) -> None:
    assert f"P212 模板里没有放「{name}」的地方。" in refused(without(name))


def test_a_value_that_a_condition_hides_is_not_lost_in_silence() -> None:
    template = edited(("{{ 目标 }}", "{% if loop.first %}{{ 目标 }}{% endif %}"))
    document = opened(template).render(content())
    assert [(fault.code, fault.place.file) for fault in document.faults] == [("P902", FILE)]
    assert "「目标2：环保」没有印出来" in document.faults[0].message


# --- places ---------------------------------------------------------------------------------------------------


TAG = re.compile(r"\{[{%].*?[%}]\}")


def places(template: bytes) -> Iterator[tuple[str, str]]:
    """List all tags of a template in reading order, each with the place that a person would name."""
    for paragraph in part(template).iter(f"{W}p"):
        where = "正文"
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        if cell is not None:
            row = cell.getparent()
            r, c = row.getparent().findall(f"{W}tr").index(row), row.findall(f"{W}tc").index(cell)
            where = f"表1 第{r + 1}行 第{c + 1}格"
        yield from ((tag, where) for tag in TAG.findall(paragraph_text(paragraph)))


TAGS = list(places(TEMPLATE))


def with_tag(number: int, new: str) -> bytes:
    """Put another text in the place of one tag."""
    parts = parts_of(TEMPLATE)
    xml = parts[MAIN].decode()
    found = list(TAG.finditer(xml))
    assert [one[0] for one in found] == [tag for tag, _ in TAGS]
    start, end = found[number].span()
    typed = new.replace("&", "&amp;").replace("<", "&lt;")
    return packed({**parts, MAIN: (xml[:start] + typed + xml[end:]).encode()})


@pytest.mark.parametrize("number", range(len(TAGS)), ids=[f"{where} {tag}" for tag, where in TAGS])
def test_each_tag_is_found_where_it_stands(number: int) -> None:
    tag, where = TAGS[number]
    wrong = "{{ 错 }}" if tag.startswith("{{") else "{%tr 错 %}" if tag.startswith("{%tr") else "{%p 错 %}"
    said = refused(with_tag(number, wrong))
    assert [message for message in said if message.startswith(f"P211 模板{where}") and "错" in message], said


def test_a_cell_of_a_table_within_a_table_is_named() -> None:
    def nest(document: Any) -> None:
        cell = document.tables[0].cell(0, 3)
        cell.add_table(2, 2).cell(1, 1).text = "{{ 标提 }}"
        cell.add_paragraph()

    (said,) = refused(resaved(nest))
    assert said.startswith("P211 模板表1 第1行 第2格 内表1 第2行 第2格：没有「标提」")


def test_header_footer_and_properties_are_named() -> None:
    template = with_heads(["{{ 标提 }}"], ["{{ 填报", "日子 }}"], title="{{ 表题 }}")
    said = refused(template)
    for where, blank in (("页眉", "标提"), ("页脚", "填报日子"), ("文档属性", "表题")):
        assert [message for message in said if message.startswith(f"P211 模板{where}：没有「{blank}」")], said
    (said_of_braces,) = refused(with_heads(["｛｛ 标题"], []))
    assert said_of_braces.startswith("P211 模板页眉用了全角的「｛｛」")


# --- what is healed -------------------------------------------------------------------------------------------

RUN = "</w:t></w:r>{}<w:r><w:rPr><w:b/></w:rPr><w:t>"
SPLITS = {
    "between the braces": "{/{ 标题 }/}",
    "everywhere": "{/{/ /标/题/ /}/}",
    "in the name": "{{ 标/题 }}",
    "with a spelling mark": '{{ 标<w:proofErr w:type="spellStart"/>题 }}',
    "with a bookmark": '{{ <w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>标题 }}',
    "kept spaces": "{{/  标题  /}}",
}


@pytest.mark.parametrize("written", SPLITS.values(), ids=SPLITS)
def test_a_tag_that_word_split_over_runs_heals(written: str) -> None:
    xml = re.sub(r"<[^>]*/?>(?:<[^>]*/>)*", lambda mark: RUN.format(mark[0]), written)
    xml = xml.replace("/", RUN.format("")) if "<" not in written else xml
    template = edited(("{{ 标题 }}", xml))
    assert read(filled(content(), opened(template))).above[1] == content()["标题"]


def test_a_control_tag_that_word_split_over_runs_heals() -> None:
    split = "{%tr for" + RUN.format("") + " 行 in 指" + RUN.format("") + "标 %}"
    whole, healed = filled(content()), filled(content(), opened(edited((ROWS, split))))
    assert read(healed) == read(whole)


def test_spaces_in_tags_do_not_matter() -> None:
    template = edited(
        ("{{ 标题 }}", "{{标题}}"), ("{{ 单位名称 }}", "{{   单位名称 }}"), ("{%p else %}", "{%p  else%}")
    )
    assert read(filled(content(), opened(template))) == read(filled(content()))


def test_a_comment_is_not_printed() -> None:
    template = with_text_before("{{ 标题 }}", "{# 给填表人：这里是标题 #}")
    assert read(filled(content(), opened(template))).above[1] == content()["标题"]


def test_a_clerk_may_restyle_the_template() -> None:
    def restyle(document: Any) -> None:
        document.add_paragraph("填表说明：{括号} 100% 随便写 } 和 {")
        document.tables[0].cell(0, 0).paragraphs[0].add_run("（盖章）").bold = True
        cell = document.tables[0].cell(0, 3)
        cell.add_table(1, 1).cell(0, 0).text = "{{ 标题 }}"
        cell.add_paragraph()
        document.core_properties.author = "张三"

    sheet = etree.fromstring(parts_of(filled(content(), opened(resaved(restyle))))[MAIN])
    text = "".join(sheet.itertext(f"{W}t"))
    assert "填表说明：{括号} 100% 随便写 } 和 {" in text
    assert "单位名称（盖章）" in text
    assert text.count(content()["标题"]) == 2


@pytest.mark.parametrize(
    "loop", ["{% for 行 in 指标 %}{{ 行.三级 }}、{% endfor %}", "{% for 段 in 备注 %}{{ 段 }}{% endfor %}"]
)
def test_a_list_may_stand_within_a_paragraph(loop: str) -> None:
    sheet = read(filled(content(), opened(with_text_before("{{ 标题 }}", loop))))
    assert sheet.above[1].endswith(content()["标题"])
    assert len(sheet.above[1]) > len(content()["标题"])


# --- never an exception, never a wrong document ------------------------------------------------------------

SAMPLE = content(指标=indicators(8, dimension=4, group=2), 预算执行=[{**LINE, "执行率": "75.1％"}])


def values_of(given: Mapping[str, Any]) -> list[str]:
    """List all that a content prints."""
    found: list[str] = []
    for value in given.values():
        items = [value] if isinstance(value, str) else value
        for item in items:
            parts = [item] if isinstance(item, str) else list(item.values())
            found += [text for text in parts if isinstance(text, str) and text]
    return found


def assert_refused_or_right(template: bytes) -> None:
    made = open_template(template, FILE, BLANKS, STEERING)
    if isinstance(made, tuple):
        assert {fault.place.file for fault in made} == {FILE}
        return
    document = made.render(SAMPLE)
    if document.faults:
        assert {fault.place.file for fault in document.faults} == {FILE}
        return
    sheet = read(document.data)
    assert len(sheet.rows) == 7 + 1 + 8
    columns = runs(sheet)
    assert [rows for _, rows in columns[765]] == [1, 4, 4]
    printed = bare("".join([*sheet.above, *(c.text for row in sheet.rows for c in row.cells), *sheet.below]))
    assert [value for value in values_of(SAMPLE) if bare(value) not in printed] == []
    assert re.search(r"\{\{|\}\}|\{%|%\}|object at|True|False|None|Undefined", printed) is None


WORDS = [
    "",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    " ",
    "%",
    "|",
    ".",
    "(",
    ")",
    "[",
    "]",
    "-",
    "+",
    "~",
    "/",
    "'",
]
WORDS += [
    "“",
    "”",
    "｛",
    "｝",
    "p ",
    "tr ",
    "tc ",
    "r ",
    "行",
    "项",
    "标题",
    "指标",
    "not ",
    "in ",
    "is ",
    "if ",
    "else ",
    "endif ",
    "for ",
]
WORDS += [
    "{{ 标题 }}",
    "{{ 指标 }}",
    "{{ 行.一级 }}",
    "{% if loop.first %}",
    "{%p endif %}",
    "{%tr endfor %}",
    "\t",
    "&",
    "<",
    "文字",
]

SLIPS = st.tuples(
    st.integers(0, len(TAGS) - 1), st.integers(0, 40), st.integers(0, 40), st.sampled_from(WORDS)
)


def slipped(number: int, start: int, length: int, word_typed: str) -> bytes:
    """Type a word into a tag, over some of its characters."""
    tag = TAGS[number][0]
    start = min(start, len(tag))
    return with_tag(number, tag[:start] + word_typed + tag[start + length :])


@given(SLIPS)
def test_a_slip_of_the_keyboard_is_refused_or_does_no_harm(slip: tuple[int, int, int, str]) -> None:
    assert_refused_or_right(slipped(*slip))


@pytest.mark.slow
@settings(max_examples=1000)
@given(SLIPS)
def test_a_thousand_slips_of_the_keyboard_are_refused_or_do_no_harm(
    slip: tuple[int, int, int, str],
) -> None:
    assert_refused_or_right(slipped(*slip))


@pytest.mark.parametrize("number", [i for i, (tag, _) in enumerate(TAGS) if tag.startswith("{%")])
def test_a_control_tag_that_is_missing_is_refused_or_does_no_harm(number: int) -> None:
    assert_refused_or_right(with_tag(number, ""))


XML_SLIPS = st.tuples(
    st.sampled_from([*parts_of(TEMPLATE)] + [MAIN] * 10),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["drop a mark", "change a value", "type a word"]),
    st.sampled_from(["", "0", "-1", "x", "99999999999", "{{ 标题 }}", "../x", "&amp;", "\u2028"]),
)


def damaged(name: str, place: float, how: str, typed: str) -> bytes:
    """Damage the XML of one part at one place."""
    parts = parts_of(TEMPLATE)
    xml = parts[name].decode()
    pattern = {"drop a mark": "<[^>]*>", "change a value": '(?<==")[^"]*', "type a word": "(?=.)"}[how]
    found = list(re.finditer(pattern, xml, re.DOTALL))
    start, end = found[int(place * len(found))].span()
    return packed(
        {**parts, name: (xml[:start] + ("" if how == "drop a mark" else typed) + xml[end:]).encode()}
    )


@given(XML_SLIPS)
def test_damage_anywhere_in_the_package_never_raises(slip: tuple[str, float, str, str]) -> None:
    made = open_template(damaged(*slip), FILE, BLANKS, STEERING)
    if isinstance(made, Template):
        assert {fault.place.file for fault in made.render(SAMPLE).faults} <= {FILE}


@pytest.mark.parametrize("name", parts_of(TEMPLATE))
def test_a_part_that_is_missing_empty_or_named_in_capitals_never_raises(name: str) -> None:
    parts = parts_of(TEMPLATE)
    others = {other: data for other, data in parts.items() if other != name}
    for changed in (others, {**parts, name: b""}, {**others, name.upper(): parts[name]}):
        made = open_template(packed(changed), FILE, BLANKS, STEERING)
        if isinstance(made, Template):
            assert made.render(SAMPLE).faults == ()


# --- no Word file at all --------------------------------------------------------------------------------------


def with_flag(package: bytes) -> bytes:
    """Say of every part that it is encrypted."""
    changed = bytearray(package)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), package):
            changed[found.start() + offset] |= 1
    return bytes(changed)


def bomb() -> bytes:
    """Pack a part that unpacks to 64 MB."""
    return packed({**parts_of(TEMPLATE), "word/media/image1.png": bytes(64 * 1024 * 1024)})


def secret_bomb() -> bytes:
    """Pack a part that says it holds a kilobyte, with its checksum, and unpacks to 64 MB."""
    said, whole = b"A" * 1000, b"A" * 1000 + bytes(64 * 1024 * 1024)
    honest = packed({**parts_of(TEMPLATE), "word/media/image1.png": whole})
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        info = archive.getinfo("word/media/image1.png")
    true, told = struct.pack("<L", info.CRC), struct.pack("<L", zlib.crc32(said))
    sizes = struct.pack("<2L", info.compress_size, info.file_size)
    lie = struct.pack("<2L", info.compress_size, len(said))
    return honest.replace(true + sizes, told + lie)


def with_doctype(part_name: str) -> bytes:
    return edited(("?>\n<", '?>\n<!DOCTYPE x [<!ENTITY a "b">]><'), part=part_name)


NO_TEMPLATES = {
    "nothing": (b"", "P202 打不开 Word 模板"),
    "a text": ("自评表".encode(), "P202 打不开 Word 模板"),
    "an old .doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "P202 打不开 Word 模板"),
    "half a file": (TEMPLATE[: len(TEMPLATE) // 2], "P202 打不开 Word 模板"),
    "all but the last byte": (TEMPLATE[:-1], "P202 打不开 Word 模板"),
    "a changed byte": (TEMPLATE[:2000] + bytes([TEMPLATE[2000] ^ 1]) + TEMPLATE[2001:], "已损坏"),
    "under a password": (with_flag(TEMPLATE), "加了密码"),
    "a zip of other things": (packed({"a.txt": b"a"}), "P202 不是 Word 模板：里面没有正文"),
    "a bomb": (bomb(), "解开后太大"),
    "a bomb that lies": (secret_bomb(), "已损坏"),
    "six hundred parts": (packed({**parts_of(TEMPLATE), **{f"x/{i}.xml": b"<a/>" for i in range(600)}}), "解开后太大"),
    "a part outside the package": (packed({**parts_of(TEMPLATE), "../x.xml": b"<a/>"}), "不合规"),
    "a part without a name": (packed({**parts_of(TEMPLATE), "x": b"<a/>"}).replace(b"x", b"\0", 0), "没有内容类型"),
    "a document type in the body": (with_doctype(MAIN), "含有 DTD"),
    "a document type in the styles": (with_doctype("word/styles.xml"), "含有 DTD"),
    "a document type in the properties": (with_doctype("docProps/core.xml"), "含有 DTD"),
    "macros": (packed({**parts_of(TEMPLATE), "word/vbaProject.bin": b"x"}), "含有宏"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "what"), NO_TEMPLATES.values(), ids=NO_TEMPLATES)
def test_what_is_no_sound_template_is_refused(template: bytes, what: str) -> None:
    said = refused(template)
    assert [message for message in said if what in message], said


@pytest.mark.slow
@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=5),
    st.sampled_from([0, len(TEMPLATE) - 1200]),  # at the end is the directory of the file
)
def test_damaged_bytes_never_raise(changes: list[tuple[float, int]], first: int) -> None:
    data = bytearray(TEMPLATE)
    for place, byte in changes:
        data[first + int(place * (len(data) - first))] = byte
    open_template(bytes(data), FILE, BLANKS, STEERING)


# --- what an earlier run prepared --------------------------------------------------------------------------


def test_what_was_prepared_is_used_again_and_only_for_its_template() -> None:
    prepared = load_prepared(shipped().prepared.dump())
    assert prepared == shipped().prepared
    again = open_template(TEMPLATE, FILE, BLANKS, STEERING, prepared)
    assert isinstance(again, Template)
    assert again.prepared is prepared
    assert again.render(SAMPLE) == shipped().render(SAMPLE)
    other = open_template(resaved(lambda _: None), FILE, BLANKS, STEERING, prepared)
    assert isinstance(other, Template)
    assert other.prepared is not prepared


def test_the_shipped_template_is_shipped_as_docxtpl_prepares_it() -> None:
    """Where this fails, `perfdoc schema` writes it anew; until then each first build takes 90 ms more."""
    kept = (ROOT / FILE).with_suffix(".prepared.json").read_bytes()
    assert load_prepared(kept) == shipped().prepared


def test_what_was_prepared_keeps_every_character_of_the_template() -> None:
    lines = edited(("单位名称：", "单 位\n名称：\n\n"))
    prepared = opened(lines).prepared
    assert load_prepared(prepared.dump()) == prepared
    again = open_template(lines, FILE, BLANKS, STEERING, load_prepared(prepared.dump()))
    assert isinstance(again, Template)
    assert again.render(SAMPLE).data == filled(SAMPLE, opened(lines))


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b"null", b'{"key": "x"}', b"\xff"])
def test_what_cannot_be_read_is_prepared_anew(written: bytes) -> None:
    assert load_prepared(written) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ 标题 }}", "{{ 不存在 }}"),
        ("{%", "{% x"),
        ("年度目标：", "年度指标："),
        ('"parts"', '"部件"'),
        ('"word/document.xml"', '"word/x.xml"'),
    ],
)
def test_what_was_prepared_and_changed_by_hand_is_prepared_anew(old: str, new: str) -> None:
    written = shipped().prepared.dump().decode()
    assert old in written
    assert load_prepared(written.replace(old, new, 1).encode()) is None


def test_a_value_that_the_program_does_not_hand_over_is_no_empty_string() -> None:
    lacking = {name: value for name, value in SAMPLE.items() if name != "标题"}
    with pytest.raises(UndefinedError, match="标题"):
        shipped().render(lacking)
