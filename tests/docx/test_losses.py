"""The completeness check sees what a document lost, in whatever way it was lost."""

from typing import Any

import pytest
from drafts import FILE, content, edited, opened, refused, shipped, with_heads
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.docx.template import Filled, Printed, losses

TEXTS: dict[str, Any] = {
    "标题": "甲",
    "单位名称": "乙",
    "备注": ["丙", "丁"],
    "预算执行": [{"名称": "戊", "一级始": True}],
}
PLACED = ("甲", "乙", "丙", "丁", "戊")


def found(text: str, placed: tuple[str, ...] = PLACED, given: dict[str, Any] | None = None) -> list[str]:
    return list(losses(given or TEXTS, Printed(placed, text)))


def test_a_document_with_every_value_in_order_has_lost_nothing() -> None:
    assert found("表头甲，单位乙。丙丁\n戊") == []


@pytest.mark.parametrize("value", PLACED)
def test_a_value_that_the_template_placed_nowhere_is_told(value: str) -> None:
    placed = tuple(text for text in PLACED if text != value)
    assert found("".join(placed), placed) == [f"「{value}」没有印出来"]


@pytest.mark.parametrize("value", PLACED)
def test_a_value_that_was_placed_and_vanished_is_told(value: str) -> None:
    assert found("".join(PLACED).replace(value, "")) == [f"「{value}」在文档里缺失或次序不对"]


def test_two_values_that_changed_places_are_told() -> None:
    assert found("乙甲丙丁戊") == ["「乙」在文档里缺失或次序不对"]


def test_a_changed_character_is_told() -> None:
    assert found("甲乙丙丁戌") == ["「戊」在文档里缺失或次序不对"]


def test_a_row_that_was_dropped_is_told_by_its_first_value() -> None:
    given = content()
    filled = shipped().fill(given)
    xml = filled.parts[-1].xml.decode()
    start = xml.rindex("<w:tr>", 0, xml.index("第2项指标"))
    end = xml.index("</w:tr>", start) + len("</w:tr>")
    (message,) = said(given, (xml[:start] + xml[end:]))
    assert "「一级" in message or "「二级2" in message or "「第2项指标" in message


def said(given: dict[str, Any], xml: str) -> list[str]:
    """Look at a filled document of which the main part was changed afterwards."""
    filled = shipped().fill(given)
    *others, main = filled.parts
    changed = type(main)(main.name, xml.encode(), main.placed)
    faults = list(shipped().inspect(Filled(filled.data, (*others, changed)), given))
    assert {fault.place.file for fault in faults} == {FILE}
    return [f"{fault.code} {fault.message}" for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("目标1：招商", "目标1：招 商", "P902"),
        ("目标1：招商", "", "P902"),
        ("15.02", "15.2", "P902"),
        ("备注：", "{{ 备注 }}", "P902"),
        ("备注：", "{% if x %}", "P902"),
        ("备注：</w:t>", "备注：", "P901"),
        ('<w:vMerge w:val="restart"/>', "", "P901"),
        ('<w:gridSpan w:val="8"/>', '<w:gridSpan w:val="7"/>', "P901"),
        ("备注：", "备注\x07：", "P901"),
        ("</w:body></w:document>", "", "P901"),
    ],
)  # fmt: skip
def test_a_document_that_was_changed_on_the_way_is_not_written(old: str, new: str, code: str) -> None:
    given = content()
    xml = shipped().fill(given).parts[-1].xml.decode()
    assert old in xml
    messages = said(given, xml.replace(old, new, 1))
    assert messages
    assert {message[:4] for message in messages} == {code}


def test_a_value_that_was_handed_over_twice_and_printed_once_is_told() -> None:
    given = {"标题": "甲", "备注": ["甲", "甲"]}
    assert found("甲甲甲", ("甲", "甲", "甲"), given) == []
    assert found("甲甲", ("甲", "甲"), given) == ["「甲」没有印出来"]
    assert found("甲甲", ("甲", "甲", "甲"), given) == ["「甲」在文档里缺失或次序不对"]


def test_a_long_value_is_told_by_its_beginning() -> None:
    assert found("", (), {"标题": "长" * 100}) == [f"「{'长' * 30}…」没有印出来"]


@pytest.mark.parametrize("left", ["{{ 标题 }}", "{% if x %}", "%}", "}}"])
def test_a_tag_that_is_left_over_is_told(left: str) -> None:
    assert found(f"甲乙{left}丙丁戊") == [f"文档里留有没有填的标记「{left}」"]


def test_a_tag_that_is_left_over_is_told_beside_values_with_braces() -> None:
    given = {"标题": "{{", "单位名称": "a}}b"}
    placed = ("{{", "a}}b")
    assert found("题{{，a}}b", placed, given) == []
    assert found("题{{，a}}b{{ 备注 }}", placed, given) == ["文档里留有没有填的标记「{{ 备注 }}」"]


VALUES = st.lists(st.text("{}%#ab {", max_size=4), max_size=8)


@given(VALUES, st.lists(st.text("ab ：", max_size=3), min_size=9, max_size=9))
def test_no_value_however_like_a_tag_raises_a_false_alarm(values: list[str], words: list[str]) -> None:
    text = "".join(f"{word}{value}\n" for word, value in zip(words, [*values, ""], strict=False))
    assert found(text, tuple(values), {"备注": values}) == []


def test_every_part_that_the_template_fills_is_looked_at() -> None:
    given = {"标题": "甲", "单位名称": "乙"}
    header = Printed(("甲",), "页眉甲")
    assert list(losses(given, header, Printed(("甲", "乙"), "甲乙"))) == []
    assert (
        list(losses(given, header, Printed(("乙",), "乙"))) == []
    )  # it stands in the header, that is a place
    assert list(losses(given, Printed(("甲",), "页眉"), Printed(("乙",), "乙"))) == [
        "「甲」在文档里缺失或次序不对"
    ]
    assert list(losses(given, Printed((), "{{ 标题 }}"), Printed(("甲", "乙"), "甲乙"))) == [
        "文档里留有没有填的标记「{{ 标题 }}」"
    ]


def test_a_header_is_checked_like_the_body() -> None:
    template = opened(with_heads(["{{ 单位名称 }}"], ["{{ 填报日期 }}"], title="{{ 标题 }}"))
    given = content()
    filled = template.fill(given)
    assert list(template.inspect(filled, given)) == []
    parts = {part.name: part for part in filled.parts}
    assert set(parts) == {"word/header1.xml", "word/footer1.xml", "docProps/core.xml", "word/document.xml"}
    for name, part in parts.items():
        emptied = type(part)(name, part.xml.replace(part.placed[0].encode(), b""), part.placed)
        changed = Filled(filled.data, tuple(emptied if one is part else one for one in filled.parts))
        assert [fault.code for fault in template.inspect(changed, given)] == ["P902"], name
        torn = type(part)(name, part.xml[:-5], part.placed)
        changed = Filled(filled.data, tuple(torn if one is part else one for one in filled.parts))
        assert {fault.code for fault in template.inspect(changed, given)} == {"P901"}, name


def test_a_template_that_places_a_value_nowhere_is_refused_before_anything_is_filled() -> None:
    assert refused(edited(("{{ 标题 }}", ""))) == ["P212 模板里没有放「标题」的地方。"]
