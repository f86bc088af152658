"""Whatever a content holds stands on the page, in its own cell, to the character."""

import io
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from drafts import ROOT, TEXT, content, filled, indicator, opened, parts_of, with_heads
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from sheet import Sheet, W, paragraph_text, part, read

from perfdoc.docx.content import Content
from perfdoc.docx.template import Template
from perfdoc.host.pipeline import Run

AWKWARD = [
    "R&D <b>",
    "得分<60&gt;",
    "{{",
    "}}",
    "{% raw %}",
    "{{ 7*7 }}",
    "{{ 标题 }}",
    "{{ 标题.__class__ }}",
    "{%p for 段 in 备注 %}",
    "{# 注 #}",
    "{_{",
    "}_}",
    "{_%",
    "%_}",
    "｛｛ 标题 ｝｝",
    "😀👨‍👩‍👧🇨🇳",
    "𠮷野家，堃镕喆",
    "一行\n两行",
    "\n",
    "\n\n头尾\n",
    "制\t表\t",
    "“弯”‘引’\"直\"'引'「」",
    " 前后空格 ",
    "中  间   空格",
    "\u3000全角空格\u3000",
    "\u00a0不断行\u00a0",
    "\u200b零宽\ufeff",
    "\u2028行分隔\u2029段分隔",
    "\\n \\t &#10; &#x1f600; &lt;",
    "]]> <![CDATA[x]]> <!-- x -->",
    "</w:t></w:r></w:p><w:p>",
    "None nan True 0.1",
    "é ≥ ≤ ＞ ％ — … ·",
    "\x7f\x80\x9f",
    "字" * 3000,
]

Values = dict[str, str]
"""A text for each blank, by the blank's name; `年度目标.1` is the second of a list."""

ALONE: dict[str, Callable[[Sheet], str]] = {
    "附件号": lambda s: s.above[0],
    "标题": lambda s: s.above[1],
    "单位名称": lambda s: s.rows[0].cells[1].text,
    "基本支出总额": lambda s: s.rows[1].cells[1].text,
    "项目支出总额": lambda s: s.rows[1].cells[3].text,
    "预算执行.名称": lambda s: s.rows[3].cells[1].text,
    "预算执行.预算数": lambda s: s.rows[3].cells[2].text,
    "预算执行.执行数": lambda s: s.rows[3].cells[3].text,
    "预算执行.执行率": lambda s: s.rows[3].cells[4].text,
    "预算执行.得分": lambda s: s.rows[3].cells[5].text,
    "年度目标.0": lambda s: s.rows[4].cells[1].paragraphs[0],
    "年度目标.1": lambda s: s.rows[4].cells[1].paragraphs[1],
    "指标.一级": lambda s: s.rows[6].cells[1].text,
    "指标.二级": lambda s: s.rows[6].cells[2].text,
    "指标.三级": lambda s: s.rows[6].cells[3].text,
    "指标.年初目标值": lambda s: s.rows[6].cells[4].text,
    "指标.实际完成值": lambda s: s.rows[6].cells[5].text,
    "指标.得分": lambda s: s.rows[6].cells[6].text,
    "偏差分析.0": lambda s: s.rows[7].cells[1].paragraphs[0],
    "偏差分析.1": lambda s: s.rows[7].cells[1].paragraphs[1],
    "改进措施.0": lambda s: s.rows[8].cells[1].paragraphs[0],
    "备注.0": lambda s: s.below[1],
}
"""Where a value stands for itself."""

BESIDE: dict[str, tuple[Callable[[Values], str], Callable[[Sheet], str]]] = {
    "填报日期": (
        lambda v: f"单位名称：{v['单位名称']}\t填报日期：{v['填报日期']}",
        lambda s: s.above[2],
    ),
    "金额单位": (
        lambda v: f"预算执行情况\n（{v['金额单位']}）\n（{v['预算分值']}分）",
        lambda s: s.rows[2].cells[0].text,
    ),
    "预算分值": (lambda v: f"得分\n（{v['预算分值']}分*执行率）", lambda s: s.rows[2].cells[5].text),
    "指标分值": (lambda v: f"年度目标：\n（{v['指标分值']}分）", lambda s: s.rows[4].cells[0].text),
}
"""What is printed where a value stands beside the template's own words, and where."""

NAMES = [*ALONE, *BESIDE]


def content_of(values: Values) -> Content:
    """Make a content of these values, with one row of lines and one of indicators."""
    row = dict(indicator(1, first=True, second=True))
    line: dict[str, str | bool] = {}
    others: dict[str, Any] = {}
    for name, value in values.items():
        blank, _, detail = name.partition(".")
        if blank == "指标":
            row[detail] = value
        elif blank == "预算执行":
            line[detail] = value
        elif detail:
            others.setdefault(blank, []).append(value)
        else:
            others[blank] = value
    return content(**others, 指标=[row], 预算执行=[line])


def assert_on_the_page(values: Values) -> None:
    sheet = read(filled(content_of(values)))
    printed = {name: place(sheet) for name, place in ALONE.items()}
    printed |= {name: place(sheet) for name, (_, place) in BESIDE.items()}
    assert printed == values | {name: wanted(values) for name, (wanted, _) in BESIDE.items()}


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_text_stands_in_every_place_as_it_was_written(text: str) -> None:
    assert_on_the_page(dict.fromkeys(NAMES, text))


VALUES = st.lists(TEXT, min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda texts: dict(zip(NAMES, texts, strict=True))
)
EXAMPLES, MANY = 30, 400
assert EXAMPLES * len(NAMES) >= 500
assert MANY * len(NAMES) >= 10_000


@settings(max_examples=EXAMPLES)
@given(VALUES)
def test_any_legal_text_stands_in_its_place_as_it_was_written(values: Values) -> None:
    assert_on_the_page(values)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(VALUES)
def test_ten_thousand_legal_texts_stand_in_their_places(values: Values) -> None:
    assert_on_the_page(values)


def test_python_docx_reads_the_same_text() -> None:
    texts = (AWKWARD * 2)[: len(NAMES)]
    values = dict(zip(NAMES, texts, strict=True))
    (table,) = docx.Document(io.BytesIO(filled(content_of(values)))).tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0][-1] == values["单位名称"]
    assert (cells[1][2], cells[1][-1]) == (values["基本支出总额"], values["项目支出总额"])
    assert cells[4][-1] == f"{values['年度目标.0']}\n{values['年度目标.1']}"
    assert [cells[6][1], cells[6][2], cells[6][3], cells[6][-1]] == [
        values[f"指标.{name}"] for name in ("一级", "二级", "三级", "得分")
    ]


@settings(max_examples=30)
@given(st.lists(TEXT, max_size=8))
def test_paragraphs_of_prose_keep_their_number_and_order(paragraphs: list[str]) -> None:
    sheet = read(filled(content(偏差分析=paragraphs, 备注=paragraphs)))
    assert sheet.rows[-2].cells[1].paragraphs == (tuple(paragraphs) or ("",))
    assert sheet.below[1:] == (tuple(paragraphs) or ("",))


@cache
def heads() -> Template:
    """Open a template with blanks in header, footer and properties, split over runs as Word does."""
    header, footer = ["单位：", "{{ 单位", "名称 }}"], ["{", "{ 填报日期 }", "}"]
    return opened(with_heads(header, footer, title="{{ 单位名称 }}自评表"))


@settings(max_examples=20)
@given(TEXT, TEXT)
def test_any_legal_text_stands_in_header_footer_and_properties(unit: str, date: str) -> None:
    given = content(单位名称=unit, 填报日期=date)
    filled_in = filled(given, heads())
    header, footer = (
        paragraph_text(part(filled_in, f"word/{name}1.xml").find(f"{W}p")) for name in ("header", "footer")
    )
    assert (header, footer) == (f"单位：{unit}", date)
    title = etree.fromstring(parts_of(filled_in)["docProps/core.xml"]).find("{*}title")
    assert (title.text or "") == f"{unit}自评表"


# --- from the file ------------------------------------------------------------------------------------------


def built(folder: Path, text: str) -> Sheet:
    """Write a text into fields of the real assessment, and build it."""
    for name in ("content", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    file = folder / "content/2020/assessment.yaml"
    written = json.dumps(text, ensure_ascii=False)
    source = file.read_text(encoding="utf-8")
    for old in (
        "武汉光谷智能制造产业园建设服务中心",
        "党建工作有序开展，夯实园区党建工作基础，提高园区综合党委影响力和党建引领作用",
    ):
        assert source.count(old) == 1
        source = source.replace(old, written)
    source = source.replace("印作: 全年污水排放量（3）", f"印作: {written}")
    source = source.replace("完成值: 全年无一起安全生产事故", f"完成值: {written}")
    file.write_text(source, encoding="utf-8")
    made = Run(folder).build("2020")
    assert made.files, "\n".join(map(str, made.diagnostics))
    return read(next(data for path, data in made.files.items() if path.suffix == ".docx"))


@pytest.mark.parametrize(
    "text",
    [
        "R&D <b>",
        "{{",
        "{% raw %}",
        "{{ 7*7 }}",
        "{_{ }_}",
        "😀",
        "𠮷",
        "一行\n两行",
        "“弯” '直' \"双\"",
        "反\\斜",
    ],
)
def test_awkward_text_of_a_file_reaches_the_page(tmp_path: Path, text: str) -> None:
    sheet = built(tmp_path, text)
    assert sheet.rows[0].cells[1].text == text
    assert sheet.rows[4].cells[1].paragraphs[3] == f"目标4：{text}"
    assert sheet.rows[14].cells[3].text == text
    assert sheet.rows[20].cells[5].text == text
