"""docxtpl, used as its manual says, and ours make the same body of the same template."""

import io
import re
from typing import Any

import pytest
from docxtpl import DocxTemplate
from drafts import (
    LINE,
    ROOT,
    TEMPLATE,
    TEXT,
    content,
    filled,
    indicator,
    indicators,
    opened,
    parts_of,
    with_heads,
)
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from lxml import etree

from perfdoc.docx.content import Content
from perfdoc.faces import printed
from perfdoc.host.pipeline import Run

DESTROYED = re.compile(r"\t|\{_\{|\}_\}|\{_%|%_\}")
"""What docxtpl itself changes: a tab makes three runs of one, `{_{` becomes `{{`."""

TAKEN_BY_DOCXTPL = TEXT.map(lambda text: DESTROYED.sub("", text)).filter(
    lambda text: not DESTROYED.search(text)
)


def by_docxtpl(given: Content, template: bytes = TEMPLATE) -> bytes:
    """Fill a template with docxtpl alone."""
    made = DocxTemplate(io.BytesIO(template))
    made.render(dict(given), jinja_env=Environment(undefined=StrictUndefined), autoescape=True)  # noqa: S701
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def canonical(docx: bytes, part: str = "word/document.xml", path: str = "{*}body") -> bytes:
    found = etree.fromstring(parts_of(docx)[part]).find(path)
    written: bytes = etree.tostring(found, method="c14n", exclusive=True)
    return written


def same_body(given: Content) -> bool:
    return canonical(filled(given)) == canonical(by_docxtpl(given))


def test_the_body_of_the_real_form_is_the_same() -> None:
    judged = Run(ROOT).judge("2020")
    assert judged.scored is not None
    assert judged.narratives is not None
    assert same_body(printed.fill(judged.scored, judged.narratives))


@pytest.mark.parametrize("number", [1, 2, 20, 2000])
def test_the_body_is_the_same_for_few_indicators_and_for_many(number: int) -> None:
    assert same_body(content(指标=indicators(number)))


EMPTY: dict[str, dict[str, Any]] = {
    "no indicators": {"指标": []},
    "no budget lines": {"预算执行": []},
    "no goals": {"年度目标": []},
    "no prose": {"偏差分析": [], "改进措施": []},
    "no notes": {"备注": []},
    "nothing at all": {name: [] for name in ("指标", "预算执行", "年度目标", "偏差分析", "改进措施", "备注")},
    "empty texts": {"标题": "", "单位名称": "", "填报日期": "", "年度目标": ["", ""]},
    "groups of one row": {"指标": indicators(5, dimension=1, group=1)},
    "one long group": {"指标": indicators(30, dimension=30, group=30)},
}


@pytest.mark.parametrize("changes", EMPTY.values(), ids=EMPTY)
def test_the_body_is_the_same_where_something_is_missing_or_alone(changes: dict[str, Any]) -> None:
    assert same_body(content(**changes))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Draw a content of any size, each of its texts anything that docxtpl leaves as it is."""
    paragraphs = st.lists(TAKEN_BY_DOCXTPL, max_size=3)
    rows = []
    for number in range(draw(st.integers(0, 6))):
        first = number == 0 or draw(st.booleans())
        row = dict(indicator(number, first=first, second=first or draw(st.booleans())))
        rows.append(
            row | {name: draw(TAKEN_BY_DOCXTPL) for name in ("三级", "年初目标值", "实际完成值", "得分")}
        )
    return content(
        **{
            name: draw(TAKEN_BY_DOCXTPL)
            for name in ("附件号", "标题", "单位名称", "填报日期", "项目支出总额")
        },
        预算执行=[{**LINE, "名称": draw(TAKEN_BY_DOCXTPL)} for _ in range(draw(st.integers(0, 2)))],
        年度目标=draw(paragraphs),
        偏差分析=draw(paragraphs),
        改进措施=draw(paragraphs),
        备注=draw(paragraphs),
        指标=rows,
    )


@given(contents())
def test_the_body_is_the_same_for_any_content_that_docxtpl_does_not_change(given: Content) -> None:
    assert same_body(given)


def test_headers_footers_and_the_title_property_are_the_same() -> None:
    template = with_heads(["{", "{ 单位名称 }}"], ["填报日期：{{ 填报日期 }}"], title="{{ 标题 }}")
    given = content(单位名称="R&D <b>\n中心", 填报日期=" 2021 ")
    theirs, ours = by_docxtpl(given, template), filled(given, opened(template))
    for part in ("word/header1.xml", "word/footer1.xml"):
        assert canonical(ours, part, "{*}p") == canonical(theirs, part, "{*}p")
    assert canonical(ours, "docProps/core.xml", "{*}title") == canonical(
        theirs, "docProps/core.xml", "{*}title"
    )
    assert canonical(ours) == canonical(theirs)
