"""What must be seen between two invented years, and nothing else."""

from pathlib import Path

import pytest
from builders import assessment, indicator
from review_pairs import pair
from years import compared

from perfdoc.years.kinds import Break, Change, Flag
from perfdoc.years.value import Comparison

UNCHANGED, CHANGED, RENAMED, MOVED = Change.UNCHANGED, Change.CHANGED, Change.RENAMED, Change.MOVED
ADDED, DROPPED, SPLIT, MERGED = Change.ADDED, Change.DROPPED, Change.SPLIT, Change.MERGED

STATUSES = {
    "接洽招商企业家数": (CHANGED, RENAMED),
    "走出去招商次数": (UNCHANGED,),
    "制作园区宣传册次数": (DROPPED,),
    "园区企业新增专利数": (ADDED,),
    "安全隐患整改条数": (CHANGED,),
    "应急演练和专项检查次数": (MERGED,),
    "环境、环保巡查次数": (CHANGED,),
    "党建相关活动次数": (CHANGED,),
    "全年污水排放量": (CHANGED,),
    "签订亿元以上项目": (CHANGED,),
    "亿元以上项目开工率": (CHANGED,),
    "开展安全培训后的社会反响": (CHANGED,),
    "排江水质合格率": (CHANGED,),
    "引进项目多样性": (CHANGED,),
    "杜绝安全生产事故发生": (UNCHANGED,),
    "园区环保事故发生率": (UNCHANGED,),
    "推动园区党建活动，打造红色阵地次数": (CHANGED, MOVED),
    "园区环境达标率、环保投诉按期办结率": (SPLIT,),
    "运营维护微信公众平台、园区活动中心器材次数": (DROPPED,),
    "维护微信公众平台、活动中心器材次数": (ADDED,),
    "企业污水排放顺畅、园区水质提升": (CHANGED,),
}
FLAGS = {
    "接洽招商企业家数": {Flag.BELOW_LAST},
    "走出去招商次数": {Flag.BELOW_LAST, Flag.REPEATED},
    "安全隐患整改条数": {Flag.BELOW_LAST},
    "环境、环保巡查次数": {Flag.BELOW_LAST},
    "党建相关活动次数": {Flag.LOWERED},
    "签订亿元以上项目": {Flag.REPEATED},
    "开展安全培训后的社会反响": {Flag.BELOW_LAST},
    "杜绝安全生产事故发生": {Flag.REPEATED},
    "园区环保事故发生率": {Flag.REPEATED},
    "推动园区党建活动，打造红色阵地次数": {Flag.KEPT},
}
BREAKS = {"全年污水排放量": {Break.UNIT}, "排江水质合格率": {Break.SCOPE}}


@pytest.fixture
def rich(tmp_path: Path) -> Comparison:
    return pair(tmp_path, "rich").comparison


def test_every_status_is_seen_and_no_other(rich: Comparison) -> None:
    assert {row.name: row.changes for row in rich.rows} == STATUSES
    assert [row.name for row in rich.rows] == [*STATUSES]


def test_every_soft_target_is_seen_and_no_other(rich: Comparison) -> None:
    assert {row.name: {f.flag for f in row.flags} for row in rich.rows if row.flags} == FLAGS


def test_every_break_is_seen_and_no_other(rich: Comparison) -> None:
    assert {row.name: {b.kind for b in row.breaks} for row in rich.rows if row.breaks} == BREAKS
    assert rich.breaks == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("亿元以上项目开工率", "亿元以上项目竣工率"),
        ("排江水质合格率", "饮用水质合格率"),
        ("招商接洽企业数量", "接洽招商企业家数"),
    ],
)
def test_likeness_alone_never_makes_two_names_one_indicator(old: str, new: str) -> None:
    comparison = compared(assessment(indicator(name=old)), assessment(indicator(name=new)))
    assert [row.changes for row in comparison.rows] == [(DROPPED,), (ADDED,)]
    assert [(p.old, p.new) for p in comparison.proposals] == [(old, new)]


def test_width_spaces_and_punctuation_are_no_other_name() -> None:
    wide, narrow = (
        assessment(indicator(name="环境、环保巡查次数")),
        assessment(indicator(name="环境 环保巡查（次数）")),
    )
    (row,) = compared(wide, narrow).rows
    assert row.changes == (UNCHANGED,)


def test_a_declared_rename_is_one_line(rich: Comparison) -> None:
    (row,) = (row for row in rich.rows if row.name == "接洽招商企业家数")
    assert row.old is not None
    assert row.old.name == "招商接洽企业数量"


def test_a_likely_rename_is_proposed_and_not_made(rich: Comparison) -> None:
    (proposal,) = rich.proposals
    assert proposal.line == "曾用名: 运营维护微信公众平台、园区活动中心器材次数"
    assert proposal.new == "维护微信公众平台、活动中心器材次数"


def test_two_thirds_of_the_narrative_are_seen_as_copied(rich: Comparison) -> None:
    (deviation,) = (text for text in rich.texts if text.name == "偏差分析")
    assert deviation.reused is not None
    assert 60 <= deviation.reused <= 75
    assert [(p.new, p.reused) for p in deviation.passages] == [(1, 100), (2, 60), (3, 100), (4, 0)]
    assert deviation.passages[2].numbers == (("100%", "96%"),)
    assert deviation.passages[1].stale == ("2020",)


def test_a_corrected_score_is_the_work_of_a_hand_and_not_of_the_year(rich: Comparison) -> None:
    (row,) = (row for row in rich.rows if row.name == "签订亿元以上项目")
    assert [(e.cause.value, str(e.amount)) for e in row.effects] == [("人工", "-1.25")]


def test_last_years_measures_stand_beside_what_became_of_them(rich: Comparison) -> None:
    first, second = rich.measures
    assert first.outcome.startswith("已落实一部分")
    assert (second.outcome, second.kept) == ("", 0)


def test_years_of_two_forms_are_marked_as_such(tmp_path: Path) -> None:
    comparison = pair(tmp_path, "forms").comparison
    kinds = {broken.kind for broken in comparison.breaks}
    assert {Break.FORM, Break.RULE, Break.WEIGHTS} <= kinds
    for row in comparison.rows:
        score = row.field("得分")
        assert score is None or score.percent is None
