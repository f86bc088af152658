"""Pairs of years made at random, and a patch that turns one into the other by what a comparison says."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from builders import FORM, assessment, budget_line, judged
from hypothesis import strategies as st

from perfdoc.core import quantity
from perfdoc.core.assessment import (
    Assessment,
    Dimension,
    Direction,
    Dropped,
    Group,
    Indicator,
    Judgement,
    Prose,
)
from perfdoc.form.rulebook import Form
from perfdoc.years.comparison import ScoredYear, compare
from perfdoc.years.value import Comparison, Row, Side

NAMES = (
    "招商接洽企业数量",
    "接洽招商企业家数",
    "项目开工率",
    "项目竣工率",
    "排江水质合格率",
    "开展应急演练",
    "全年污水排放量",
)
_TEXTS = (
    "30个",
    "74个",
    "40家",
    "90%",
    "≥90%",
    "≤5",
    "0",
    "3000万元",
    "30000000元",
    "全年无事故",
    "认可度90%",
    "12月底",
)
_WEIGHTS = (Decimal(0), Decimal(2), Decimal("2.5"), Decimal(10))

values = st.sampled_from(_TEXTS).map(quantity.read) | st.none()
indicators = st.builds(
    Indicator,
    name=st.sampled_from(NAMES),
    weight=st.sampled_from(_WEIGHTS),
    direction=st.sampled_from([None, Direction.HIGHER, Direction.LOWER]),
    target=values,
    actual=values,
    judgement=st.sampled_from(
        [None, None, Judgement(grade="达成预期"), Judgement(grade="未达成预期", share=Decimal(40))]
    ),
    filed=st.sampled_from([None, None, None, Decimal(1), Decimal(9)]),
    remark=st.sampled_from([None, "受疫情影响"]),
    scope=st.sampled_from([None, None, "只计园区内企业"]),
    renamed_from=st.sampled_from([None, None, None, *NAMES]),
    split_from=st.sampled_from([None, None, None, None, *NAMES]),
    merged_from=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple) | st.just(()),
)
groups = st.builds(
    Group,
    name=st.sampled_from(["数量指标", "质量指标", "时效指标"]),
    weight=st.sampled_from(_WEIGHTS),
    indicators=st.lists(indicators, min_size=1, max_size=3).map(tuple),
    renamed_from=st.sampled_from([None, None, "数量指标"]),
)
dimensions = st.builds(
    Dimension,
    name=st.sampled_from(["产出指标", "效益指标"]),
    weight=st.sampled_from(_WEIGHTS),
    groups=st.lists(groups, min_size=1, max_size=2).map(tuple),
    renamed_from=st.sampled_from([None, None, "产出指标"]),
)
_amounts = st.sampled_from([None, "0", "489", "366.75", "500"])
lines = st.builds(
    budget_line,
    _amounts,
    _amounts,
    st.sampled_from(["部门整体支出总额", "其中：项目支出"]),
    st.sampled_from([None, None, "20"]),
)
_paragraphs = st.lists(
    st.sampled_from(
        ["2020年支出367.24万元，比上年少。", "污水未能实现100%收集。", "下一步加强招商，扩大影响。", "甲"]
    ),
    max_size=4,
)


def _assessment(
    dims: list[Dimension], budget: list[object], prose: list[str], goals: list[str], dropped: list[str]
) -> Assessment:
    return assessment(
        dimensions=tuple(dims),
        budget=tuple(budget),
        goals=tuple(goals),
        prose=(Prose("偏差分析", "\n\n".join(prose)), Prose("改进措施", "\n\n".join(prose[::-1]))),
        dropped=tuple(Dropped(name=name, reason="不再开展") for name in dropped),
    )


assessments = st.builds(
    _assessment,
    st.lists(dimensions, min_size=1, max_size=3),
    st.lists(lines, min_size=1, max_size=2),
    _paragraphs,
    st.lists(st.sampled_from(["招商活动有效开展", "党建工作有序开展"]), min_size=1, max_size=2),
    st.lists(st.sampled_from(NAMES), max_size=1),
)


def scored_year(given: Assessment, form: Form = FORM, name: str = "x") -> ScoredYear:
    """Score a year and fill its prose."""
    return ScoredYear(name, *judged(given, form))


def compared(old: Assessment, new: Assessment, forms: tuple[Form, Form] = (FORM, FORM)) -> Comparison:
    """Compare two years."""
    return compare(scored_year(old, forms[0], "old"), scored_year(new, forms[1], "new"))


def stripped(given: Assessment) -> Assessment:
    """Take away the links to the year before, which say nothing to a comparison with itself."""
    return replace(
        given,
        dropped=(),
        dimensions=tuple(
            replace(
                d,
                renamed_from=None,
                groups=tuple(
                    replace(
                        g,
                        renamed_from=None,
                        indicators=tuple(
                            replace(i, renamed_from=None, split_from=None, merged_from=())
                            for i in g.indicators
                        ),
                    )
                    for g in d.groups
                ),
            )
            for d in given.dimensions
        ),
    )


def _patched(row: Row) -> Iterator[tuple[Side, Indicator]]:
    """Turn last year's side of a row into this year's, by its fields alone where one stands against one."""
    if not row.fields:
        yield from ((side, side.indicator) for side in row.news)
        return
    old, new = row.olds[0].indicator, row.news[0].indicator
    names = {f.metadata["key"]: f.name for f in dataclasses.fields(Indicator) if "key" in f.metadata}
    changed = {names[f.name] for f in row.fields if f.changed and f.name in names}
    yield row.news[0], replace(old, **{name: getattr(new, name) for name in changed})


def patched(comparison: Comparison) -> dict[str, list[Indicator]]:
    """Apply a comparison to the old year: the new year's indicators, by their address."""
    return {str(side.address): [indicator] for row in comparison.rows for side, indicator in _patched(row)}
