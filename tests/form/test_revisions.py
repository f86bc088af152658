"""A later year's rule is another dated entry of the rulebook: earlier years are scored as before."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import FORM
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.cli import console
from perfdoc.faces import explain
from perfdoc.form import rulebook
from perfdoc.form.rulebook import Clause, Revision, Standing
from perfdoc.host.pipeline import Evaluation, Run
from perfdoc.read import worked
from perfdoc.read.folder import open_form

ROOT = Path(__file__).parents[2]

REVISED = """
修订:
  - 首个年度: 2022
    条款: 手册
    超额: {起点: 130%, 处理: 扣分, 扣: 2, 条款: 手册}
    总分上限: [{执行率低于: 80%, 至多: 89, 条款: 手册}]
    等级: [{名称: 优, 下限: 90, 条款: 手册}, {名称: 其他, 下限: 0, 条款: 手册}]
    新条款:
      - {条款: 手册, 出处: 某平台操作手册, 状态: 已读, 内容: 超额扣分，总分封顶}
  - 首个年度: 2024
    条款: 办法
    检查: [{代码: P502, 阈值: 150%, 条款: 办法}]
    新条款:
      - {条款: 办法, 出处: 某办法, 状态: 转引, 内容: 150%起说明}
      - {条款: 备注4, 出处: 附件3 2024年版, 状态: 已读, 印出: 是, 内容: 4.满意度指标为必评指标。}
"""


def repository(tmp_path: Path, added: str = REVISED) -> Path:
    """Lay out the content of 2020 under a rulebook that is revised."""
    shutil.copytree(ROOT / "templates" / FORM.id, tmp_path / "templates" / FORM.id)
    shutil.copytree(ROOT / "content" / "2020", tmp_path / "content" / "2020")
    rulebook = tmp_path / "templates" / FORM.id / "form.yaml"
    rulebook.write_text(rulebook.read_text(encoding="utf-8") + added, encoding="utf-8")
    return tmp_path


def judged(root: Path, year: int) -> Evaluation:
    """Judge the figures of 2020 as those of another year."""
    folder = root / "content" / str(year)
    if not folder.exists():
        shutil.copytree(root / "content" / "2020", folder)
    file = folder / "assessment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("年度: 2020", f"年度: {year}"), encoding="utf-8")
    return Run(root).judge(str(year))


@pytest.mark.parametrize(
    ("year", "total", "grade", "notes"),
    [
        (2020, "91.57", "", "4.基于经济性"),
        (2021, "91.57", "", "4.基于经济性"),
        (2022, "77.57", "其他", "4.基于经济性"),
        (2023, "77.57", "其他", "4.基于经济性"),
        (2024, "77.57", "其他", "4.满意度指标为必评"),
    ],
)
def test_each_year_is_scored_by_the_rule_of_its_own(
    year: int, total: str, grade: str, notes: str, tmp_path: Path
) -> None:
    scored = judged(repository(tmp_path), year).scored
    assert scored is not None
    assert (scored.total.value, scored.grade) == (Decimal(total), grade)
    printed = [clause.text for clause in scored.form.clauses if clause.printed]
    assert len(printed) == 4
    assert printed[3].startswith(notes)


def test_what_a_revision_does_not_write_stays_as_it_was(tmp_path: Path) -> None:
    form = judged(repository(tmp_path), 2024).opened.form
    assert form is not None
    assert form.excess is not None
    assert [rule.code for rule in form.checks] == ["P502"]
    assert (form.rounding, form.quality, form.budget) == (FORM.rounding, FORM.quality, FORM.budget)


def test_an_explanation_names_the_revisions_that_apply_and_no_later_one(tmp_path: Path) -> None:
    root = repository(tmp_path)
    told = {}
    for year in (2020, 2022, 2024):
        scored = judged(root, year).scored
        assert scored is not None
        told[year] = [line for line in explain.tree(scored) if line.startswith("规则")]
    first = "规则 自2022年度修订（手册，某平台操作手册，已读）：超额扣分，总分封顶"
    assert told == {
        2020: [],
        2022: [first],
        2024: [first, "规则 自2024年度修订（办法，某办法，转引）：150%起说明"],
    }


def test_a_code_is_explained_as_each_edition_sets_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository(tmp_path))
    assert console.main(["check", "--explain", "P502"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  表式")]
    assert [line.partition("（自定")[0].partition("（办法")[0] for line in told] == [
        "  表式    hubei-department：阈值 130%",
        "  表式    hubei-department（自2024年度）：阈值 150%",
    ]


CASES = """\
指标:
  - {名称: 走出去招商, 分值: 4, 年初目标值: 10次, 实际完成值: 14次, 得分: 4}
  - {名称: 走出去招商, 分值: 4, 年初目标值: 10次, 实际完成值: 14次, 得分: 2, 年度: 2022}
  - {名称: 走出去招商, 分值: 4, 年初目标值: 10次, 实际完成值: 14次, 得分: 4, 年度: 2022}
预算执行:
  - {名称: 支出, 预算数: 100, 执行数: 75, 得分: 15, 年度: 2024}
总分:
  - {名称: 执行率低, 预算数: 100, 执行数: 75, 指标得分: 80, 总分: 95}
  - {名称: 执行率低, 预算数: 100, 执行数: 75, 指标得分: 80, 总分: 89, 等级: 其他, 年度: 2023}
"""


def test_a_worked_case_says_by_which_year_it_is_worked(tmp_path: Path) -> None:
    root = repository(tmp_path)
    (root / "templates" / FORM.id / worked.CASES).write_text(CASES, encoding="utf-8")
    form = open_form(root, FORM.id).form
    assert form is not None
    (fault,) = worked.faults(root, form)
    assert (fault.code, fault.place.line) == ("P215", 4)
    assert "扣 2 分（手册）" in fault.message


def test_the_figures_of_a_year_before_the_form_are_read_by_its_first_rules(tmp_path: Path) -> None:
    form = judged(repository(tmp_path), 2019).opened.form
    assert form is not None
    assert form.excess is None


YEARS = st.lists(st.integers(2021, 2060), unique=True, max_size=6).map(sorted)
PARTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "money_unit": st.sampled_from(["元", "万元", "亿元"]),
        "satisfaction": st.booleans(),
        "grades": st.just(()),
    },
)


@given(YEARS, st.data(), st.integers(2015, 2070))
def test_a_part_is_that_of_the_last_revision_that_writes_it(
    years: list[int], data: st.DataObject, year: int
) -> None:
    clause = Clause(name="新", source="某文", standing=Standing.READ, text="内容")
    revisions = tuple(
        Revision(first_year=first, clause="新", new_clauses=(clause,), **data.draw(PARTS)) for first in years
    )
    form = replace(FORM, revisions=revisions)
    got = rulebook.edition_in(year, form, rulebook.editions(form))
    for name in ("money_unit", "satisfaction"):
        written = [r.parts()[name] for r in revisions if r.first_year <= year and name in r.parts()]
        assert getattr(got, name) == (written[-1] if written else getattr(FORM, name))
    assert (got.rounding, got.id, got.first_year) == (FORM.rounding, FORM.id, FORM.first_year)
    assert [c.name for c in got.clauses].count("新") == any(first <= year for first in years)


@given(YEARS)
def test_faults_of_the_rulebook_itself_are_not_repeated_for_its_editions(years: list[int]) -> None:
    wrong = replace(
        FORM,
        weights=replace(FORM.weights, total=Decimal(99)),
        revisions=tuple(Revision(first_year=y, clause="表头", satisfaction=True) for y in years),
    )
    assert len(list(rulebook.faults(wrong))) == 1
    assert list(rulebook.faults_of_editions(wrong, rulebook.faults)) == []
