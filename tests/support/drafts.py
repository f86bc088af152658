"""Contents made in code, and templates changed in code from the one that is shipped."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import docx
from builders import FORM
from hypothesis import strategies as st

from perfdoc.core.diagnostics import Severity
from perfdoc.docx.content import Content, Row
from perfdoc.docx.template import Template, open_template
from perfdoc.form import layout

ROOT = Path(__file__).resolve().parents[2]
FILE = "templates/hubei-department/attachment.docx"
TEMPLATE = (ROOT / FILE).read_bytes()
BLANKS = FORM.layout.blanks
MAIN = "word/document.xml"


# --- contents -------------------------------------------------------------------------------------------------

TEXTS: dict[str, str] = {
    "附件号": "附件3：",
    "标题": "2020年度智造园部门（单位）整体绩效自评表",
    "单位名称": "产业园建设服务中心",
    "填报日期": "2021年5月25日",
    "基本支出总额": "0",
    "项目支出总额": "415.93",
    "金额单位": "万元",
    "预算分值": "20",
    "指标分值": "80",
}
LINE: dict[str, str | bool] = {
    "名称": "部门整体支出总额",
    "预算数": "489",
    "执行数": "367.24",
    "执行率": "75.1%",
    "得分": "15.02",
}


def indicator(number: int, *, first: bool, second: bool) -> Row:
    """Make a row of the indicators; what it says of its groups prints where they begin."""
    return {
        "一级": f"一级{number}（40分）" if first else "",
        "二级": f"二级{number}\n（20分）" if second else "",
        "三级": f"第{number}项指标（3分）",
        "年初目标值": f"{number}个",
        "实际完成值": f"{number + 1}个",
        "得分": "3",
        "一级始": first,
        "二级始": second,
    }


def indicators(number: int, *, dimension: int = 10, group: int = 5) -> list[Row]:
    """Make so many rows; a new 一级 begins with every `dimension` rows, a new 二级 with every `group`."""
    return [indicator(i, first=i % dimension == 0, second=i % group == 0) for i in range(number)]


def content(**changes: Any) -> dict[str, Any]:
    """Make a small content, with `changes` to its blanks."""
    return {
        **TEXTS,
        "预算执行": [LINE],
        "年度目标": ["目标1：招商", "目标2：环保"],
        "指标": indicators(4, dimension=4, group=2),
        "偏差分析": ["预算执行较慢。", "疫情。"],
        "改进措施": ["加快执行。"],
        "备注": ["1.口径", "2.计分"],
        **changes,
    }


NOT_XML = "".join(map(chr, range(0x20))) + "\ufffe\uffff"
"""What no XML file can hold, and the three line characters, of which only two reach the page."""

LEGAL = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters=NOT_XML),
    st.sampled_from("\n\t &<>\"'{}%#_ 𠮷😀“”\u2028\u00a0\u3000\ufeff\u200b\x7f\x85"),
)
"""Every character that a content may hold."""

AWKWARD = (
    ["{{", "}}", "{%", "%}", "{#", "#}", "{_{", "}_}", "{_%", "%_}", "{{ 标题 }}", "{% raw %}", "标题"],
    ["<w:t>", "</w:t>", "&amp;", "]]>", "<!--", "R&D", "得分<60", "&#10;", "\\n"],
    ["\n", "\t", " ", "𠮷"],
)
TEXT = st.one_of(
    st.text(LEGAL, max_size=30),
    st.lists(st.sampled_from([piece for pieces in AWKWARD for piece in pieces]), max_size=6).map("".join),
)
"""Texts of legal characters, the awkward ones often."""


# --- templates ------------------------------------------------------------------------------------------------


def parts_of(package: bytes) -> dict[str, bytes]:
    """Unpack a package, in the order of its directory."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack a package anew."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def edited(*changes: tuple[str, str], part: str = MAIN) -> bytes:
    """Change the shipped template: in one part, each text's first occurrence."""
    parts = parts_of(TEMPLATE)
    xml = parts[part].decode()
    for old, new in changes:
        assert old in xml, old
        xml = xml.replace(old, new, 1)
    return packed({**parts, part: xml.encode()})


def with_text_before(old: str, new: str) -> bytes:
    """Put a text, as it is typed, before one that the template has."""
    typed = new.replace("&", "&amp;").replace("<", "&lt;")
    return edited((old, typed + old))


def resaved(change: Callable[[Any], None], template: bytes = TEMPLATE) -> bytes:
    """Change a template with python-docx, which also writes it as an editor would."""
    document = docx.Document(io.BytesIO(template))
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_heads(header: Iterable[str], footer: Iterable[str], title: str | None = None) -> bytes:
    """Give the template a header and a footer, each of one paragraph with these runs, and a title property."""

    def change(document: Any) -> None:
        section = document.sections[0]
        for story, runs in ((section.header, header), (section.footer, footer)):
            story.is_linked_to_previous = False
            story.paragraphs[0].style = document.styles["Normal"]
            for run in runs:
                story.paragraphs[0].add_run(run)
        if title is not None:
            document.core_properties.title = title

    return resaved(change)


def opened(template: bytes = TEMPLATE) -> Template:
    """Open a template that has no fault."""
    made = open_template(template, FILE, BLANKS, layout.STEERING)
    assert isinstance(made, Template), "\n".join(map(str, made))
    return made


@cache
def shipped() -> Template:
    """Open the shipped template, once."""
    return opened()


def refused(template: bytes) -> list[str]:
    """Open a template that has faults; returns what the clerk reads, without the file that all of it names."""
    made = open_template(template, FILE, BLANKS, layout.STEERING)
    assert isinstance(made, tuple), "the template was taken"
    assert made
    assert {fault.severity for fault in made} == {Severity.ERROR}
    assert {fault.place.file for fault in made} == {FILE}
    assert all(fault.remedy for fault in made)
    said = [f"{fault.code} {fault.message}" for fault in made]
    assert not [message for message in said if re.search(r"。。|？。|None|<class|Error", message)], said
    return said


def filled(given: Content, template: Template | None = None) -> bytes:
    """Fill a template, the shipped one unless told otherwise, without fault."""
    document = (template or shipped()).render(given)
    assert document.faults == (), "\n".join(map(str, document.faults))
    return document.data
