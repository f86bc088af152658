"""What docxtpl prepared lies in a file that anybody can change: it counts only where it says what the template says."""

import dataclasses
import re
from collections.abc import Callable

import pytest
from drafts import (
    BLANKS,
    FILE,
    TEMPLATE,
    content,
    edited,
    opened,
    resaved,
    shipped,
    with_heads,
)

from perfdoc.docx.template import (
    Prepared,
    Printed,
    Template,
    load_prepared,
    losses,
    open_template,
    prepared_key,
)
from perfdoc.form.layout import STEERING


def again(template: bytes, prepared: Prepared) -> Template:
    """Open a template with what somebody left beside it, its key and its sum in order."""
    kept = load_prepared(prepared.dump())
    assert kept == prepared
    made = open_template(template, FILE, BLANKS, STEERING, kept)
    assert isinstance(made, Template)
    return made


def with_source(change: Callable[[str], str]) -> Prepared:
    *others, main = shipped().prepared.sources
    changed = change(main.text)
    assert changed != main.text
    return dataclasses.replace(shipped().prepared, sources=(*others, dataclasses.replace(main, text=changed)))


TEMPLATES = {
    "the shipped one": TEMPLATE,
    "written by python-docx": resaved(lambda _: None),
    "with header, footer and title": with_heads(["{{ 单位", "名称 }}"], ["{{ 填报日期 }}"], title="{{ 标题 }}"),
    "with a comment": edited(("单位名称：", "{# 不印 #}单位名称：")),
    "with a tag that Word split": edited(("{{ 标题 }}", "{</w:t></w:r><w:r><w:t>{ 标题</w:t></w:r><w:r><w:t> }}")),
    "with ids and a bookmark of Word's": edited(
        ("<w:body>", '<w:body><w:p><w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/></w:p>')
    ),
    "with signs that XML escapes": edited(("单位名称：", "A&amp;B &lt;C&gt; “引号” 单位名称：")),
}  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_docxtpl_prepared_is_known_as_the_templates_own(name: str) -> None:
    template = TEMPLATES[name]
    fresh = opened(template)
    assert again(template, fresh.prepared).prepared == fresh.prepared
    kept = load_prepared(fresh.prepared.dump())
    assert kept is not None
    assert again(template, kept).prepared is not fresh.prepared
    made = open_template(template, FILE, BLANKS, STEERING, kept)
    assert isinstance(made, Template)
    assert made.prepared is kept  # docxtpl was not asked again


TAMPERED: dict[str, Callable[[str], str]] = {
    "a digit behind a figure": lambda s: s.replace("{{ 行.得分 }}", "{{ 行.得分 }}9"),
    "a digit before a figure": lambda s: s.replace("{{ 行.得分 }}", "9{{ 行.得分 }}"),
    "a figure as an escape": lambda s: s.replace("{{ 行.得分 }}", "{{ 行.得分 }}&#57;"),
    "a typed figure": lambda s: s.replace("{{ 预算分值 }}", "100"),
    "another blank": lambda s: s.replace("{{ 行.得分 }}", "{{ 行.分值 }}"),
    "two blanks that change places": lambda s: s.replace("{{ 项.预算数 }}", "{{ x }}").replace(
        "{{ 项.执行数 }}", "{{ 项.预算数 }}").replace("{{ x }}", "{{ 项.执行数 }}"),
    "a text that moves to the next cell": lambda s: re.sub(
        r"(\{\{ 行\.得分 \}\})(.*?)(备注：)", r"\1\3\2", s, count=1, flags=re.DOTALL),
    "a filter": lambda s: s.replace("{{ 预算分值 }}", "{{ 预算分值|upper }}"),
    "a value in place of another": lambda s: s.replace("{{ 行.得分 }}", "{{ 行.得分 and '100' }}"),
    "a loop without end": lambda s: s.replace(
        "<w:body>", "<w:body>{% for x in range(10**12) %}{% endfor %}"),
    "a loop in a comment": lambda s: s.replace(
        "<w:body>", "<w:body><!--{% for x in range(10**12) %}{% endfor %}-->"),
    "a condition in a comment": lambda s: s.replace(
        "{{ 行.得分 }}", "<!--{% if 行.一级始 %}-->{{ 行.得分 }}<!--{% endif %}-->"),
    "a symbol that looks like a digit": lambda s: s.replace(
        "{{ 行.得分 }}</w:t>", '{{ 行.得分 }}</w:t><w:sym w:font="Symbol" w:char="F039"/>'),
    "a minus": lambda s: s.replace("{{ 行.得分 }}", "</w:t><w:noBreakHyphen/><w:t>{{ 行.得分 }}"),
    "a blank in an attribute": lambda s: s.replace("<w:body>", '<w:body w:x="{{ 标题 }}">'),
    "a row left out": lambda s: s.replace("{{ 单位名称 }}", ""),
    "no syntax": lambda s: s.replace("{{ 单位名称 }}", "{{ 单位名称 }"),
    "a block that is not closed": lambda s: s.replace("{% endfor %}", "", 1),
    "an include": lambda s: s.replace("<w:body>", '<w:body>{% include "/etc/passwd" %}'),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_a_changed_source_with_a_sum_of_its_own_prints_nothing_else(name: str) -> None:
    tampered = with_source(TAMPERED[name])
    made = again(TEMPLATE, tampered)
    assert made.prepared == shipped().prepared
    given = content()
    assert made.render(given) == shipped().render(given)


def test_sources_of_other_parts_than_the_templates_do_not_count() -> None:
    (main,) = shipped().prepared.sources
    more = dataclasses.replace(main, part="word/footer9.xml")
    for sources in ((), (more,), (main, more), (more, main)):
        made = again(TEMPLATE, dataclasses.replace(shipped().prepared, sources=sources))
        assert made.prepared == shipped().prepared


def test_a_part_with_tags_is_not_left_out() -> None:
    template = with_heads(["{{ 单位名称 }}"], ["{{ 填报日期 }}"], title="{{ 标题 }}")
    whole = opened(template).prepared
    for source in whole.sources[:-1]:
        fewer = tuple(one for one in whole.sources if one is not source)
        assert again(template, dataclasses.replace(whole, sources=fewer)).prepared == whole


def test_a_template_that_computes_is_refused_with_a_source_beside_it_or_without() -> None:
    loop = "<w:body><w:p><w:r><w:t>{% for x in range(10**12) %}{% endfor %}</w:t></w:r></w:p>"
    template = edited(("<w:body>", loop))
    prepared = with_source(lambda s: s.replace("<w:body>", loop))
    kept = dataclasses.replace(prepared, key=prepared_key(template, BLANKS))
    assert not isinstance(open_template(template, FILE, BLANKS, STEERING, kept), Template)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("得分0.69。", ["「0.6」印成了「0.69」"]),
        ("得分90.6。", ["「0.6」印成了「90.6」"]),
        ("得分0.6分。", []),
        ("2020年0.6", []),
        ("9\n0.6\n9", []),
        ("0.6.9", []),
    ],
)
def test_a_figure_that_a_digit_stands_beside_is_another_figure(text: str, said: list[str]) -> None:
    assert list(losses({"得分": "0.6"}, Printed(("0.6",), text))) == said


def test_two_figures_without_anything_between_them_are_one() -> None:
    assert list(losses({"a": "0.6", "b": "9"}, Printed(("0.6", "9"), "0.69"))) == ["「0.6」印成了「0.69」"]
    assert list(losses({"a": "第1项", "b": "9"}, Printed(("第1项", "9"), "第1项9"))) == []


def test_a_digit_that_the_template_itself_puts_behind_a_figure_is_told() -> None:
    made = opened(edited(("{{ 行.得分 }}", "{{ 行.得分 }}9")))
    faults = made.render(content()).faults
    assert [fault.code for fault in faults] == ["P902"]
    assert "「3」印成了「39」" in faults[0].message
