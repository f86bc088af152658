"""Two levels of merged cells, right for any number of dimensions, groups and indicators."""

from decimal import Decimal

import pytest
from builders import assessment, budget_line, dimension, group, indicator, judged
from drafts import filled
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import package_faults
from sheet import read, runs

from perfdoc.faces import printed

Shape = list[list[int]]
"""How many indicators each group of each dimension has."""

SHAPES = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=1, max_size=4)
FIRST, SECOND, THIRD = 765, 765 + 794, 765 + 794 + 1191
"""Left edges of the columns of 一级, 二级 and 三级 in Word's unit: 13.5, 27.5 and 48.5 mm."""
PROSE = 2
"""Cells of prose below the indicators, with the left edge of 二级."""


def form(shape: Shape, lines: int = 1, names: str = "甲") -> bytes:
    """Fill the form for an assessment of this shape; groups of the same place in `names` have the same name."""
    dimensions = tuple(
        dimension(
            *(
                group(
                    *(indicator(weight=1, name=f"指标{d}.{g}.{i}") for i in range(size)), name=_name(names, g)
                )
                for g, size in enumerate(groups)
            ),
            name=_name(names, d),
        )
        for d, groups in enumerate(shape)
    )
    budget = tuple(budget_line(name=f"支出{number}") for number in range(lines))
    scored, told = judged(assessment(dimensions=dimensions, budget=budget))
    return filled(printed.fill(scored, told))


def _name(names: str, number: int) -> str:
    return names[number % len(names)]


def label(names: str, number: int, weight: int, between: str = "") -> str:
    return f"{_name(names, number)}{between}（{Decimal(weight)}分）"


def expected(shape: Shape, names: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Say what the columns 一级 and 二级 hold below their header: each label, and over how many rows."""
    first = [(label(names, d, sum(groups)), sum(groups)) for d, groups in enumerate(shape)]
    second = [(label(names, g, size, "\n"), size) for groups in shape for g, size in enumerate(groups)]
    return first, second


@settings(max_examples=60)
@given(SHAPES, st.integers(0, 4), st.sampled_from(["甲", "甲乙", "甲乙丙丁"]))
def test_each_label_is_merged_over_its_own_indicators(shape: Shape, lines: int, names: str) -> None:
    sheet = read(form(shape, lines, names))
    total = sum(size for groups in shape for size in groups)
    assert len(sheet.rows) == 7 + lines + total
    columns = runs(sheet)
    first, second = expected(shape, names)
    assert columns[FIRST] == [("一级\n指标", 1), *first]
    assert columns[SECOND][-len(second) - 3 : -PROSE] == [("二级指标", 1), *second]
    assert [text.partition("（")[0] for text, _ in columns[THIRD][-total:]] == [
        f"指标{d}.{g}.{i}"
        for d, groups in enumerate(shape)
        for g, size in enumerate(groups)
        for i in range(size)
    ]
    assert [(text[:6], rows) for text, rows in columns[0]] == [
        ("单位名称", 1),
        ("基本支出总额", 1),
        ("预算执行情况", 1 + lines),
        ("年度目标：\n", 1),
        ("年度\n绩效\n", 1 + total),
        ("偏差大或\n目", 1),
        ("改进措施及\n", 1),
    ]


@settings(max_examples=60)
@given(SHAPES)
def test_no_shape_makes_a_document_that_word_would_repair(shape: Shape) -> None:
    assert package_faults(form(shape)) == ()


def test_groups_of_one_name_that_touch_stay_two() -> None:
    # The last group of the first dimension and the first of the second print the same; so do the dimensions.
    columns = runs(read(form([[2], [2]])))
    assert columns[FIRST][1:] == [("甲（2分）", 2)] * 2
    assert columns[SECOND][-4:-PROSE] == [("甲\n（2分）", 2)] * 2


def test_all_rows_of_a_form_lie_on_one_grid_and_no_cell_is_lost() -> None:
    sheet = read(form([[1], [1, 2], [3, 1]], lines=2))
    assert {len(row.cells) for row in sheet.rows[6:-2]} == {7}
    assert {row.cells[-1].right for row in sheet.rows} == {sum(sheet.grid)}


@pytest.mark.slow
def test_a_form_of_two_thousand_indicators_is_merged_as_well() -> None:
    shape = [[25] * 8] * 10
    columns = runs(read(form(shape)))
    assert [rows for _, rows in columns[FIRST]] == [1, *[200] * 10]
    assert [rows for _, rows in columns[SECOND][-82:-PROSE]] == [25] * 80
