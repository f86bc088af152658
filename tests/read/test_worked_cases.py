"""The worked cases of every rulebook hold; a case that does not is named at its line."""

import shutil
from pathlib import Path

import pytest

from perfdoc.cli import checking, screen
from perfdoc.read import parse, worked
from perfdoc.read.decode import MISSING, decode
from perfdoc.read.folder import open_form

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted(path.parent.name for path in (ROOT / "templates").glob("*/form.yaml"))


@pytest.mark.parametrize("name", FORMS)
def test_the_rulebook_reproduces_its_worked_cases(name: str) -> None:
    form = open_form(ROOT, name).form
    assert form is not None
    assert worked.faults(ROOT, form) == ()


@pytest.mark.parametrize("name", FORMS)
def test_every_direction_band_and_grade_of_a_rulebook_has_a_case(name: str) -> None:
    form = open_form(ROOT, name).form
    assert form is not None
    node = parse.yaml(ROOT, ROOT / "templates" / name / worked.CASES).value
    assert node is not None
    cases = decode(node, worked.Cases, [])
    assert cases is not MISSING
    counted = [case for case in cases.indicators if case.judgement is None]
    assert {case.better for case in counted} == {rule.direction for rule in form.quantities}
    graded = {case.judgement.grade for case in cases.indicators if case.judgement}
    assert graded <= {band.name for band in form.quality.bands}
    assert len(graded) == len(form.quality.bands)
    assert {case.grade for case in cases.totals} == {step.name for step in form.grades} or not form.grades
    assert cases.budget


def found(tmp_path: Path, name: str, cases: str, rules: tuple[str, str] = ("", "")) -> list[str]:
    """Work these cases by a shipped rulebook with one change."""
    folder = tmp_path / "templates" / name
    shutil.copytree(ROOT / "templates" / name, folder)
    (folder / worked.CASES).write_text(cases, encoding="utf-8")
    rulebook = (folder / "form.yaml").read_text(encoding="utf-8")
    assert rules[0] in rulebook
    (folder / "form.yaml").write_text(rulebook.replace(*rules) if rules[0] else rulebook, encoding="utf-8")
    form = open_form(tmp_path, name).form
    assert form is not None
    return [str(fault).partition("/cases.yaml:")[2] for fault in worked.faults(tmp_path, form)]


GIVEN = "{名称: 党建活动, 方向: 正向, 分值: 2, 年初目标值: 10次, 实际完成值: 3次, "
LINE = "{名称: 支出, 预算数: 489, 执行数: 367.24, "


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (f"指标:\n  - {GIVEN}得分: 0.6}}\n", []),
        (
            f"# 说明\n指标:\n  - {GIVEN}得分: 0.5}}\n",
            [
                (
                    "3:58: 错误 P215 算例「党建活动」应得 0.5，按规则为 0.6（2 × 3 ÷ 10 = 0.6）。"
                    "请核对算例，或改规则（form.yaml）。"
                )
            ],
        ),
        (
            f"指标:\n  - {GIVEN}算不出: P105}}\n",
            [
                "2:59: 错误 P215 算例「党建活动」应报 P105，按规则得到 0.6。请核对算例，或改规则（form.yaml）。"
            ],
        ),
        (
            f"指标:\n  - {GIVEN.removesuffix(', ')}}}\n",
            ["2:5: 错误 P215 算例「党建活动」要写 得分 或 算不出，二者写一个。请补上，或删去一个。"],
        ),
        (
            "指标:\n  - {名称: 单位, 分值: 2, 年初目标值: 10次, 实际完成值: 3个, 得分: 0.6}\n",
            [
                (
                    "2:48: 错误 P215 算例「单位」应得 0.6，按规则算不出：「单位」目标「10次」与完成「3个」的单位不一致。"
                    "请核对算例，或改规则（form.yaml）。"
                )
            ],
        ),
        (
            f"预算执行:\n  - {LINE}得分: 15}}\n",
            [
                (
                    "2:41: 错误 P215 算例「支出」应得 15，按规则为 15.02（20 × 367.24 ÷ 489 = 15.020040…；"
                    "四舍五入到 2 位小数，计 15.02（自定1））。请核对算例，或改规则（form.yaml）。"
                )
            ],
        ),
        (
            f"总分:\n  - {LINE}指标得分: 76.55, 总分: 91, 等级: 优}}\n",
            [
                "2:54: 错误 P215 算例「支出」总分应为 91，按规则为 91.57。请核对算例，或改规则（form.yaml）。",
                "2:62: 错误 P215 算例「支出」等级应为「优」，按规则为「无」。请核对算例，或改规则（form.yaml）。",
            ],
        ),
        ("指标:\n  - {名称：甲}\n", ["2:8: 错误 P003"]),
        ("算例:\n  - 1\n", ["1:1: 错误 P101"]),
    ],
    ids=["holds", "points", "refusal", "neither", "refused", "budget", "total", "colon", "key"],
)
def test_a_case_that_does_not_hold_is_named_at_its_line(
    cases: str, expected: list[str], tmp_path: Path
) -> None:
    reported = found(tmp_path, "hubei-department", cases)
    assert len(reported) == len(expected)
    for line, start in zip(reported, expected, strict=True):
        assert line.startswith(start)


def test_a_changed_rule_breaks_the_case_that_shows_it(tmp_path: Path) -> None:
    cases = "指标:\n  - {名称: 部分达成, 定性: 部分达成预期, 分值: 10, 年初目标值: 好, 实际完成值: 一般, 得分: 8}\n"
    changed = ("下限: 50%, 默认: 80%", "下限: 50%, 默认: 70%")
    assert found(tmp_path / "a", "hubei-department", cases) == []
    assert [line[:5] for line in found(tmp_path / "b", "hubei-department", cases, changed)] == ["2:61:"]


def test_a_form_without_cases_has_none_at_fault(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates" / "mof-project", tmp_path / "templates" / "mof-project")
    (tmp_path / "templates" / "mof-project" / worked.CASES).unlink()
    form = open_form(tmp_path, "mof-project").form
    assert form is not None
    assert worked.faults(tmp_path, form) == ()


def test_check_works_the_cases_of_the_forms_that_it_meets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert checking.check() == screen.FINE
    assert "P215" not in capsys.readouterr().out
    cases = tmp_path / "templates" / "hubei-department" / worked.CASES
    words = cases.read_text(encoding="utf-8")
    cases.write_text(words.replace("得分: 0.6}", "得分: 0.7}"), encoding="utf-8")
    assert checking.check() == screen.AT_FAULT
    assert "templates/hubei-department/cases.yaml:6:62: 错误 P215" in capsys.readouterr().out
