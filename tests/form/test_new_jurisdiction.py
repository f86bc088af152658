"""A jurisdiction is a folder of data: rules, worked cases and a Word template, without a line of Python."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from form_text import form_text

from perfdoc.faces import explain
from perfdoc.host.pipeline import Run
from perfdoc.judge.scoring import Scored, wording
from perfdoc.read import worked

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NEW = HERE / "new-jurisdiction"

EXPLAINED = """\
2022年度 某市图书馆（项目支出绩效自评表，已报送）
总分 89 / 100，等级 良
├ 年度资金总额 7.5 / 10　10 × 60 ÷ 80 = 7.5
├ 产出指标 48 / 50
│ ├ 数量指标 28 / 30
│ │ ├ 服务乡镇数 15 / 15　15 × 12 ÷ 12 = 15
│ │ └ 出车次数 13 / 15　15 × 280 ÷ 200 = 21；不超过分值的 100%，计 15（手册）；达到目标的 140%，不低于 130%，扣 2 分（手册）
│ └ 时效指标 20 / 20
│   └ 书车投用时间 20 / 20　20 × 100% = 20；按期完成
├ 效益指标 30 / 30
│ └ 社会效益指标 30 / 30
│   └ 方便偏远读者 30 / 30　30 × 100% = 30；达成，未写百分比，按 100% 计（手册）
└ 满意度指标 10 / 10
  └ 服务对象满意度 10 / 10
    └ 读者满意度 10 / 10　10 × 96 ÷ 90 = 10.666666…；不超过分值的 100%，计 10（手册）
"""


def test_a_new_jurisdiction_is_a_folder_of_data(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "new-jurisdiction"
    shutil.copytree(NEW / "form", folder)
    shutil.copy(ROOT / "templates" / "mof-project" / "attachment.docx", folder)
    shutil.copytree(NEW / "content", tmp_path / "content")
    run = Run(tmp_path)
    built = run.build("2022")
    assert [str(d) for d in built.diagnostics if d.severity.value == "错误"] == []
    scored = built.evaluation.scored
    assert scored is not None
    assert "\n".join(explain.tree(scored)) + "\n" == EXPLAINED
    assert "执行率低于 80%，总分至多 89，95.5 计 89（手册）" in "；".join(wording.adjustments(scored.total))
    (document,) = (form_text(data) for path, data in built.files.items() if path.suffix == ".docx")
    assert "总分 | 100 | 89 | 良\n" in document
    assert "书车投用时间 | 9月底前 | 9月12日 | 20 | 20 | \n" in document
    assert run.worked_cases() == ()
    assert (folder / worked.CASES).exists()


R5 = """
超额: {起点: 130%, 处理: 扣分, 扣: 2, 条款: 手册}
总分上限:
  - {执行率低于: 80%, 至多: 89, 条款: 手册}
  - {执行率低于: 70%, 至多: 79, 条款: 手册}
  - {执行率低于: 60%, 至多: 69, 条款: 手册}
  - {执行率低于: 50%, 至多: 59, 条款: 手册}
等级:
  - {名称: 优, 下限: 90, 条款: 手册}
  - {名称: 良, 下限: 80, 条款: 手册}
  - {名称: 中, 下限: 60, 条款: 手册}
  - {名称: 差, 下限: 0, 条款: 手册}
"""
CLAUSE = """
  - 条款: 手册
    出处: 一体化平台绩效自评操作手册 1.3、1.4
    状态: 已读
    内容: 实际完成值超过指标值30%及以上的，该项减2分；总分按执行率封顶
"""


def scored_2020(tmp_path: Path, *, under_r5: bool) -> Scored:
    """Score the content of 2020 by Hubei's rulebook, or by the same with the penalties of R5 added to it."""
    shutil.copytree(ROOT / "content" / "2020", tmp_path / "content" / "2020")
    shutil.copytree(ROOT / "templates" / "hubei-department", tmp_path / "templates" / "hubei-department")
    rulebook = tmp_path / "templates" / "hubei-department" / "form.yaml"
    if under_r5:
        words = rulebook.read_text(encoding="utf-8").rstrip("\n")
        rulebook.write_text(words + CLAUSE + R5, encoding="utf-8")
    judged = Run(tmp_path).judge("2020")
    assert judged.scored is not None, "\n".join(map(str, judged.diagnostics))
    return judged.scored


@pytest.mark.parametrize(
    ("under_r5", "total", "grade"), [(False, "91.57", ""), (True, "77.57", "中")], ids=["R1", "R5"]
)
def test_the_content_of_2020_is_worth_what_the_rulebook_says(
    under_r5: bool,  # noqa: FBT001
    total: str,
    grade: str,
    tmp_path: Path,
) -> None:
    scored = scored_2020(tmp_path, under_r5=under_r5)
    assert (scored.total.value, scored.grade) == (Decimal(total), grade)


def test_seven_rows_of_2020_lose_two_points_each_under_r5(tmp_path: Path) -> None:
    plainly = scored_2020(tmp_path / "R1", under_r5=False)
    penalised = scored_2020(tmp_path / "R5", under_r5=True)
    lost = {
        indicator.name: (before.value or 0) - (after.value or 0)
        for (indicator, before), (_, after) in zip(plainly.indicators(), penalised.indicators(), strict=True)
    }
    assert {name: points for name, points in lost.items() if points} == dict.fromkeys(
        (
            "招商接洽企业数量",
            "走出去招商次数",
            "安全隐患整改条数",
            "开展应急演练",
            "环境、环保巡查次数",
            "全年污水排放量",
            "推动园区党建活动，打造红色阵地次数",
        ),
        Decimal(2),
    )
    assert penalised.total.cap == Decimal(89)
