"""Three projects into a department, and the department with another unit into a bureau: figures, findings, files."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from commands import perfdoc
from form_text import form_text
from goldens import agree

from perfdoc.core.assessment import BudgetLine, Indicator, Value
from perfdoc.core.quantity import plain
from perfdoc.faces import explain
from perfdoc.host.pipeline import Evaluation, Run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLE = HERE / "three-projects"
BROKEN: list[dict[str, Any]] = yaml.safe_load((HERE / "broken.yaml").read_text(encoding="utf-8"))
DEPARTMENT, BUREAU = "2021/部门", "2021/局"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Lay out a content repository that holds the sample."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(SAMPLE / "content", tmp_path / "content")
    return tmp_path


def changed(root: Path, folder: str, old: str, new: str) -> None:
    """Replace a text that stands once in an assessment, or in a form's rulebook."""
    path = root / folder / "form.yaml" if folder.startswith("templates") else file(root, folder)
    words = path.read_text(encoding="utf-8")
    assert words.count(old) == 1, f"{old!r} stands {words.count(old)} times in {path}"
    path.write_text(words.replace(old, new), encoding="utf-8", newline="\n")


def file(root: Path, name: str) -> Path:
    return root / "content" / name / "assessment.yaml"


def scored(judged: Evaluation) -> dict[str, str]:
    """List what each line earns, by name."""
    assert judged.scored is not None
    return {s.name: "—" if s.value is None else plain(s.value) for s in judged.scored.total.walk()}


# --- sound ------------------------------------------------------------------------------------------------------


def rows(judged: Evaluation) -> list[list[str]]:
    """Write the rolled-up figures as the hand-computed table does."""
    assert judged.scored is not None
    lines: list[tuple[BudgetLine | Indicator, Any]] = [
        *zip(judged.scored.assessment.budget, judged.scored.budget, strict=True),
        *judged.scored.indicators(),
    ]
    table = [
        [line.name, *map(written, figures(line)), plain(score.value) if score.value is not None else "—"]
        for line, score in lines
    ]
    total = judged.scored.total
    assert total.value is not None
    return [*table, [total.name, "", "", plain(total.value)]]


def figures(line: BudgetLine | Indicator) -> tuple[Any, Any]:
    return (line.budgeted, line.executed) if isinstance(line, BudgetLine) else (line.target, line.actual)


def written(figure: Value | Decimal) -> str:
    return plain(figure) if isinstance(figure, Decimal) else figure.text


def test_three_projects_give_the_department_that_was_computed_by_hand(root: Path) -> None:
    judged = Run(root).judge(DEPARTMENT)
    assert judged.diagnostics == ()
    by_hand = [
        [cell.strip() for cell in line.split("|")][:4]
        for line in (SAMPLE / "table.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert rows(judged) == by_hand


@pytest.mark.parametrize("name", [DEPARTMENT, BUREAU])
def test_a_rolled_up_form_is_printed_and_explained_down_to_each_contribution(
    root: Path,
    name: str,
    accept: bool,  # noqa: FBT001
) -> None:
    run = Run(root)
    built = run.build(name)
    assert built.diagnostics == ()
    judged = built.evaluation
    assert judged.scored is not None
    page = next(form_text(data) for path, data in built.files.items() if path.suffix == ".docx")
    short = name.removeprefix("2021/")
    agree(SAMPLE / f"{short}.form.txt", page, accept)
    told = [*explain.tree(judged.scored)]
    for score in judged.scored.total.walk():
        if not score.parts:
            told += ["", *explain.one(judged.scored, score, judged.place, judged.trace)]
    agree(SAMPLE / f"{short}.explained.txt", "\n".join(told) + "\n", accept)


def test_each_place_that_an_explanation_names_holds_the_figure_that_it_names(root: Path) -> None:
    told = (SAMPLE / "局.explained.txt").read_text(encoding="utf-8")
    named = re.findall(r"← (\S+) (\S+) (.+?)(?:（资金 [\d.]+万元）)? +(content/\S+):(\d+):(\d+)", told)
    assert len(named) > 40
    for source, _, text, path, line, column in named:
        assert path == f"content/{source}/assessment.yaml"
        there = (root / path).read_text(encoding="utf-8").splitlines()[int(line) - 1][int(column) - 1 :]
        drawn = there.startswith(("{", "汇总自", "支出", "- "))
        assert drawn or there.startswith(text.split()[0].removesuffix(".0")), (text, there)


def test_scores_json_drills_down_as_well(root: Path) -> None:
    built = Run(root).build(DEPARTMENT)
    data = json.loads(next(data for path, data in built.files.items() if path.name == "scores.json"))
    described = json.loads((ROOT / "templates" / "scores.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, described)
    budget = data["得分"]["下级"][0]
    assert budget["依据"][0]["名称"] == "预算数"
    assert budget["依据"][0]["汇总自"] == [
        {
            "自评": f"2021/项目{one}",
            "名称": "年度财政资金总额",
            "值": amount,
            "位置": f"content/2021/项目{one}/assessment.yaml:17:25",
        }
        for one, amount in (("甲", "300"), ("乙", "150"), ("丙", "50"))
    ]


def test_the_order_of_the_parts_changes_nothing(root: Path) -> None:
    before = scored(Run(root).judge(DEPARTMENT))
    words = file(root, DEPARTMENT).read_text(encoding="utf-8")
    turned = words.replace(
        "[2021/项目甲, 2021/项目乙, 2021/项目丙]", "[2021/项目丙, 2021/项目甲, 2021/项目乙]"
    )
    assert turned != words
    file(root, DEPARTMENT).write_text(turned, encoding="utf-8")
    assert scored(Run(root).judge(DEPARTMENT)) == before


def test_two_steps_give_what_one_gives(root: Path) -> None:
    before = scored(Run(root).judge(BUREAU))
    words = file(root, BUREAU).read_text(encoding="utf-8")
    head, tail = words.split("预算执行:", 1)
    tail = tail.replace("2021/部门", "2021/项目甲, 2021/项目乙, 2021/项目丙")
    file(root, BUREAU).write_text(head + "预算执行:" + tail, encoding="utf-8")
    for project in ("甲", "乙", "丙"):
        changed(root, f"2021/项目{project}", "名称: 水质合格率", "名称: 水质达标率")
    assert scored(Run(root).judge(BUREAU)) == before


def test_the_prose_of_the_next_year_quotes_what_was_rolled_up(root: Path) -> None:
    shutil.copytree(root / "content" / "2021", root / "content" / "2022")
    for path in (root / "content" / "2022").glob("*/assessment.yaml"):
        words = path.read_text(encoding="utf-8").replace("年度: 2021", "年度: 2022")
        path.write_text(words.replace("2021/", "2022/").replace("2022-03", "2023-03"), encoding="utf-8")
    prose = root / "content" / "2022" / "部门" / "improvement.md"
    prose.write_text("上年执行数为 {{ 上年.预算执行.部门整体支出总额.执行数 }} 万元。\n", encoding="utf-8")
    judged = Run(root).judge("2022/部门")
    assert judged.narratives is not None
    assert "上年执行数为 455.5 万元。" in str(judged.narratives.texts)
    assert root / "content/2021/项目甲/assessment.yaml" in judged.inputs


# --- broken -----------------------------------------------------------------------------------------------------


def spoilt(root: Path, case: dict[str, Any]) -> str:
    """Make the changes of a case; the name of the assessment to look at."""
    for folder, old, new in case.get("改", ()):
        changed(root, folder, old, new)
    if "删" in case:
        shutil.rmtree(root / "content" / case["删"])
    if "去掉规则" in case:
        path = root / "templates" / case["去掉规则"] / "form.yaml"
        words = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\n汇总:\n(?: .*\n)+", "\n", words), encoding="utf-8")
    return str(case.get("看", DEPARTMENT))


def test_whatever_keeps_a_figure_from_being_drawn_is_told(root: Path, accept: bool) -> None:  # noqa: FBT001
    told: list[str] = []
    for case in BROKEN:
        shutil.rmtree(root)
        shutil.copytree(ROOT / "templates", root / "templates")
        shutil.copytree(SAMPLE / "content", root / "content")
        run = Run(root)
        judged = run.judge(spoilt(root, case))
        told += [f"# {case['情况']}", *(str(d) for d in judged.diagnostics)]
        points = scored(judged)
        open_ones = [name for name, points in points.items() if points == "—"]
        told += [f"得分空着的：{'、'.join(open_ones) or '没有'}", ""]
        for d in judged.diagnostics:
            str(d).encode("gbk")
    agree(HERE / "broken.txt", "\n".join(told), accept)


SAME = {
    "部门整体支出总额": "18.22",
    "巡查河段": "20",
    "投诉件数": "7.5",
    "水质达标率": "9.99",
    "补助发放额": "18.55",
    "监测数据公开": "16.4",
}


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: str(case["情况"]))
def test_a_broken_part_gives_a_finding_and_never_another_number(root: Path, case: dict[str, Any]) -> None:
    judged = Run(root).judge(spoilt(root, case))
    if case.get("看", DEPARTMENT) == DEPARTMENT:
        points = scored(judged)
        assert {name: points[name] for name in SAME if points[name] not in ("—", SAME[name])} == {}
    findings = [d for d in judged.diagnostics if d.code.startswith("P70")]
    assert bool(findings) is ("相同" not in case["情况"])


# --- the command line -------------------------------------------------------------------------------------------


def test_a_department_is_built_anew_when_a_project_below_it_changes(root: Path) -> None:
    first = perfdoc(root, "build", "--name", BUREAU)
    assert first.returncode == 0, first.stderr
    assert "没有变化" in perfdoc(root, "build", "--name", BUREAU).stdout
    changed(root, "2021/项目丙", "实际完成值: 12.5公里", "实际完成值: 2.5公里")
    again = perfdoc(root, "build", "--name", BUREAU)
    assert "没有变化" not in again.stdout
    assert "项目丙" in again.stdout
    told = perfdoc(root, "explain", "--name", BUREAU, "--indicator", "巡查河段").stdout
    assert "20 × 58.5 ÷ 65 = 18" in told
    assert "        ← 2021/项目丙 巡查河段 2.5公里  content/2021/项目丙/assessment.yaml:29:56" in told
