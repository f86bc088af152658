"""The sample of every official form is sound, and is printed and explained word for word."""

import json
import shutil
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from form_text import form_text
from goldens import agree

from perfdoc.faces import explain
from perfdoc.host.pipeline import Built, Run
from perfdoc.read.folder import open_form

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = sorted(HERE / p.parents[1].name for p in ROOT.glob("templates/*/sample/assessment.yaml"))


def run(tmp_path: Path, sample: Path) -> Run:
    """Lay out a content repository that holds one sample."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "templates" / sample.name / "sample", tmp_path / "content" / "sample")
    return Run(tmp_path)


def changed(tmp_path: Path, sample: Path, *changes: tuple[str, str]) -> Built:
    """Build a sample after changes to its words."""
    house = run(tmp_path, sample)
    file = tmp_path / "content" / "sample" / "assessment.yaml"
    words = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    file.write_text(words, encoding="utf-8")
    return house.build("sample")


def document(built: Built) -> str:
    return next((form_text(data) for path, data in built.files.items() if path.suffix == ".docx"), "")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sound_sample_is_printed_and_explained_as_expected(
    sample: Path,
    tmp_path: Path,
    accept: bool,  # noqa: FBT001
) -> None:
    built = run(tmp_path, sample).build("sample")
    agree(sample / "report.txt", "".join(f"{d}\n" for d in built.diagnostics), accept)
    agree(sample / "form.txt", document(built), accept)
    assert built.evaluation.scored is not None
    agree(sample / "explained.txt", "\n".join(explain.tree(built.evaluation.scored)) + "\n", accept)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_nothing_is_found_in_a_sound_sample(sample: Path, tmp_path: Path) -> None:
    built = run(tmp_path, sample).build("sample")
    assert [str(d) for d in built.diagnostics] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_scores_of_every_sample_fit_the_schema_that_is_published(sample: Path, tmp_path: Path) -> None:
    described = json.loads((ROOT / "templates" / "scores.schema.json").read_text(encoding="utf-8"))
    built = changed(tmp_path, sample)
    (scores,) = (data for path, data in built.files.items() if path.name == "scores.json")
    jsonschema.validate(json.loads(scores), described)


def test_every_form_has_a_sound_sample() -> None:
    forms = {path.parent.name for path in (ROOT / "templates").glob("*/form.yaml")}
    assert {sample.name for sample in SAMPLES} == forms


def test_every_rule_of_every_form_names_a_document_and_how_well_it_is_known() -> None:
    for path in (ROOT / "templates").glob("*/form.yaml"):
        opened = open_form(ROOT, path.parent.name)
        assert opened.diagnostics == ()
        assert opened.form is not None
        for clause in opened.form.clauses:
            assert clause.source, clause
            assert clause.text, clause


PROJECT = HERE / "hubei-project"
CENTRAL = HERE / "mof-project"


@pytest.mark.parametrize(
    ("state", "severity"),
    [("填报中", "提示"), ("定稿", "错误"), ("已报送", "警告")],
    ids=["open", "final", "filed"],
)
def test_a_cell_of_the_head_that_is_not_filled_in_is_as_grave_as_the_state_makes_it(
    state: str, severity: str, tmp_path: Path
) -> None:
    built = changed(
        tmp_path,
        PROJECT,
        ("状态: 定稿", f"状态: {state}"),
        ("主管部门: 江城市水利和湖泊局", "主管部门:"),
        ("  项目类型: 常年性\n", ""),
    )
    found = [str(d) for d in built.diagnostics if d.code == "P102"]
    assert found == [
        f"content/sample/assessment.yaml:10:3: {severity} P102 「主管部门」没有填写。请填写。",
        f"content/sample/assessment.yaml:13:1: {severity} P102 「勾选」缺少「项目类型」。请加一行 项目类型: …",
    ]
    assert ("主管部门 |  | 项目实施单位" in document(built)) is (state != "定稿")
    assert ("□1.常年性　□2.延续性　□3.一次性" in document(built)) is (state != "定稿")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "项目属性: 持续性",
            "项目属性: 长期",
            "「项目属性」填的是「长期」，不在可选的项里。可以写：持续性、新增性。",
        ),
        (
            "项目属性: 持续性",
            "属性: 持续性",
            "「勾选」里不认识的名称「属性」。可以写：项目类别、项目属性、项目类型。",
        ),
        (
            "主管部门: 江",
            "部门: 江",
            "「基本信息」里不认识的名称「部门」。可以写：项目名称、主管部门、项目实施单位。",
        ),
    ],
    ids=["option", "tick", "fact"],
)
def test_what_the_head_does_not_know_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    built = changed(tmp_path, PROJECT, (old, new))
    assert message in [f"{d.message}{d.remedy}" for d in built.diagnostics]
    assert not built.files


def test_a_source_of_money_that_there_was_none_of_shows_no_rate_and_is_no_fault(tmp_path: Path) -> None:
    row = "〃 | 其他资金 | 0 | 0 | 0 | — |  | —\n"
    assert row in document(run(tmp_path / "none", CENTRAL).build("sample"))
    spent = changed(tmp_path / "spent", CENTRAL, ("预算数: 0, 执行数: 0}", "预算数: 0, 执行数: 1}"))
    assert "P305" in {d.code for d in spent.diagnostics}


def test_the_printed_grade_is_that_of_the_printed_total_and_the_explanation_tells_both(
    tmp_path: Path,
) -> None:
    built = changed(
        tmp_path,
        CENTRAL,
        ("状态: 定稿", "状态: 已报送"),
        ("实际完成值: 93.6%}", "实际完成值: 93.6%, 报送得分: 1}"),
    )
    assert "总分 | 100 | 89.72 | 良\n" in document(built)
    judged = built.evaluation
    assert judged.scored is not None
    told = list(explain.tree(judged.scored))
    assert told[1] == "总分 98.72 / 100（报送 89.72），等级 优（印 良）"
    assert "  等级  优（印 良）" in list(explain.one(judged.scored, judged.scored.total, judged.place))
    known = json.loads(next(data for path, data in built.files.items() if path.suffix == ".json"))
    assert (known["等级"], known["印出等级"]) == ("优", "良")


def test_the_name_of_the_file_is_the_title_with_the_name_of_the_project(tmp_path: Path) -> None:
    built = run(tmp_path, PROJECT).build("sample")
    (path,) = (path for path in built.files if path.suffix == ".docx")
    assert path.name == "2021年度水土保持监测项目自评表.docx"
