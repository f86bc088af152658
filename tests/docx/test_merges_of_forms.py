"""Merged cells of the further forms, right for any number of goals, dimensions, groups and indicators."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import pytest
from builders import assessment, budget_line, dimension, group, indicator, judged
from form_text import form_text
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import package_faults
from sheet import DXA_PER_MM, read, runs

from perfdoc.core.assessment import Dimension, GoalBlock, Purpose
from perfdoc.docx.template import Template, open_template
from perfdoc.faces.printed import fill
from perfdoc.form.layout import STEERING
from perfdoc.form.rulebook import Form
from perfdoc.read.folder import open_form

ROOT = Path(__file__).resolve().parents[2]
FURTHER = ("hubei-project", "mof-project", "mof-department")
Table = list[list[int]]
"""How many indicators each group of each dimension has."""

TABLES = st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3), min_size=1, max_size=3)


@cache
def shipped(name: str) -> tuple[Form, Template]:
    form = open_form(ROOT, name).form
    assert form is not None
    data = (ROOT / "templates" / name / form.template).read_bytes()
    template = open_template(data, name, form.layout.blanks, STEERING)
    assert isinstance(template, Template), template
    return form, template


def dimensions(table: Table, goal: int = 0) -> tuple[Dimension, ...]:
    """Make the indicators of a table; dimensions and groups that touch bear the same names."""
    return tuple(
        dimension(
            *(
                group(*(indicator(weight=1, name=f"指标{goal}.{d}.{g}.{i}") for i in range(size)), name="乙")
                for g, size in enumerate(groups)
            ),
            name="甲",
        )
        for d, groups in enumerate(table)
    )


def printed(name: str, tables: list[Table], lines: int = 1) -> bytes:
    """Fill a form: a goal block for each table, or one table where the form has no goal blocks."""
    form, template = shipped(name)
    blocks = tuple(
        GoalBlock(
            goal=f"做成第{i}件事", weight=Decimal(sum(map(sum, table))), dimensions=dimensions(table, i)
        )
        for i, table in enumerate(tables)
    )
    scored, told = judged(
        assessment(
            dimensions=() if form.layout.prints("指标", "目标") else dimensions(tables[0]),
            goal_blocks=blocks if form.layout.prints("指标", "目标") else (),
            budget=tuple(budget_line(name=f"支出{number}") for number in range(lines)),
            purpose=Purpose(expected="预期", achieved="完成"),
            goals=(),
        ),
        form,
    )
    document = template.render(fill(scored, told))
    assert document.faults == (), "\n".join(map(str, document.faults))
    return document.data


def dxa_of(millimetres: float) -> int:
    return round(millimetres * DXA_PER_MM)


def sizes(table: Table) -> Iterator[tuple[int, list[int]]]:
    return ((sum(groups), groups) for groups in table)


FIRST, SECOND = dxa_of(20), dxa_of(40.5)
"""Left edges of 一级 and 二级 in the form with goal blocks."""


@settings(max_examples=40)
@given(st.lists(TABLES, min_size=1, max_size=4), st.integers(1, 3))
def test_a_goal_its_dimensions_and_its_groups_are_merged_each_over_its_own(
    tables: list[Table], lines: int
) -> None:
    columns = runs(read(printed("hubei-project", tables, lines)))
    rows = [sum(map(sum, table)) for table in tables]
    goals = [
        (f"年度绩效\n目标{i}\n（{size}分）\n做成第{i - 1}件事", 1 + size)
        for i, size in enumerate(rows, start=1)
    ]
    assert columns[0][5:-3] == [("预算执行情况\n（万元）\n（20分）", 1 + lines), *goals]
    assert columns[FIRST] == [
        cell
        for table in tables
        for cell in [("一级\n指标", 1), *((f"甲\n（{total}分）", total) for total, _ in sizes(table))]
    ]
    assert columns[SECOND] == [
        cell
        for table in tables
        for cell in [
            ("二级指标", 1),
            *((f"乙\n（{size}分）", size) for _, groups in sizes(table) for size in groups),
        ]
    ]


@settings(max_examples=30)
@given(st.sampled_from(FURTHER[1:]), TABLES, st.integers(1, 4))
def test_the_central_forms_merge_their_labels_over_their_own_rows(
    name: str, table: Table, lines: int
) -> None:
    columns = runs(read(printed(name, [table], lines)))
    total = sum(map(sum, table))
    assert [(text.replace("\n", ""), rows) for text, rows in columns[0][-4:]] == [
        (f"{'项目' if name == 'mof-project' else '预算'}资金（万元）", 1 + lines),
        ("年度总体目标", 2),
        ("绩效指标", 1 + total),
        ("总分", 1),
    ]
    assert columns[dxa_of(11)] == [
        ("预期目标", 1),
        ("预期", 1),
        ("一级\n指标", 1),
        *((f"甲\n（{size}）", size) for size, _ in sizes(table)),
    ]


@settings(max_examples=30)
@given(st.sampled_from(FURTHER), st.lists(TABLES, min_size=1, max_size=3))
def test_no_shape_makes_a_document_that_word_would_repair(name: str, tables: list[Table]) -> None:
    assert package_faults(printed(name, tables)) == ()


@pytest.mark.parametrize("name", FURTHER)
def test_a_template_survives_an_editor_that_rewrites_it(name: str, tmp_path: Path) -> None:
    form, _ = shipped(name)
    again = tmp_path / form.template
    docx.Document(str(ROOT / "templates" / name / form.template)).save(str(again))
    template = open_template(again.read_bytes(), name, form.layout.blanks, STEERING)
    assert isinstance(template, Template), template


@pytest.mark.parametrize("name", FURTHER)
def test_the_template_itself_has_sound_merges_and_one_grid(name: str) -> None:
    form, _ = shipped(name)
    sheet = read((ROOT / "templates" / name / form.template).read_bytes())
    assert runs(sheet)
    assert {row.cells[-1].right for row in sheet.rows} == {sum(sheet.grid)}


@pytest.mark.parametrize("name", FURTHER)
def test_a_row_that_earns_nothing_prints_a_dash_where_the_form_says_so(name: str) -> None:
    form, _ = shipped(name)
    lines = form_text(printed(name, [[[1]]], lines=2)).splitlines()
    (row,) = (line for line in lines if "支出1" in line)
    assert row.count("—") == (2 if form.labels.unscored else 0)
    assert "75%" in row
