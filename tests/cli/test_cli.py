"""The commands as a person meets them: exit codes, what is printed, what lies on the disk; one process of each kind."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from commands import ROOT, Edit, perfdoc, process, replace, sha

TITLE = "2020年度智造园部门（单位）整体绩效自评表"


def document(root: Path) -> Path:
    return root / "build" / "2020" / f"{TITLE}.docx"


def test_a_build_writes_the_attachment_and_the_scores(repository: Path) -> None:
    done = process(repository, "build", "--year", "2020")
    assert done.returncode == 0, done.stderr
    assert document(repository).is_file()
    scores = json.loads((repository / "build/2020/scores.json").read_text(encoding="utf-8"))
    assert (scores["得分"]["得分"], scores["得分"]["印出"]) == ("91.57", "92.82")
    assert "签订亿元以上项目" in done.stderr
    assert "按备注2为 3.75" in done.stderr


def test_scores_fit_the_schema_that_is_published(repository: Path) -> None:
    shutil.copytree(ROOT / "content" / "2021", repository / "content" / "2021")  # nothing is filled in yet
    assert perfdoc(repository, "build").returncode == 0
    described = json.loads((ROOT / "templates" / "scores.schema.json").read_text(encoding="utf-8"))
    for year in ("2020", "2021"):
        scores = json.loads((repository / "build" / year / "scores.json").read_text(encoding="utf-8"))
        jsonschema.validate(scores, described)


def test_every_printed_score_has_its_reason_in_the_scores(repository: Path) -> None:
    perfdoc(repository, "build")
    scores = json.loads((repository / "build/2020/scores.json").read_text(encoding="utf-8"))

    def leaves(node: dict[str, object]) -> list[dict[str, object]]:
        below = node.get("下级", [])
        assert isinstance(below, list)
        return [leaf for part in below for leaf in leaves(part)] or [node]

    found = leaves(scores["得分"])
    assert len(found) == 21
    assert all({"公式", "算式", "条款", "依据", "位置"} <= set(leaf) for leaf in found)


def test_a_build_without_changes_is_skipped_and_says_so(repository: Path) -> None:
    process(repository, "build")
    before = document(repository).stat().st_mtime_ns
    done = process(repository, "build")
    assert done.returncode == 0
    assert "没有变化" in done.stdout
    assert document(repository).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("content/2020/assessment.yaml", "实际完成值: 74个", "实际完成值: 75个"),
        ("content/2020/deviation.md", "部分企业生存压力加大", "企业生存压力加大"),
        ("templates/hubei-department/form.yaml", "附件号: 附件3：", "附件号: 附件三："),
    ],
)
def test_a_rebuild_names_the_input_that_changed(repository: Path, file: str, old: str, new: str) -> None:
    perfdoc(repository, "build")
    replace(file, old, new)(repository)
    done = perfdoc(repository, "build")
    assert f"{file} 已变" in done.stdout


def test_a_changed_template_is_prepared_anew(repository: Path) -> None:
    perfdoc(repository, "build")
    other = repository / "templates/hubei-department/attachment.docx"
    other.write_bytes(other.read_bytes() + b"")
    shutil.copy(repository / "templates/hubei-department/attachment.docx", repository / "copy.docx")
    (repository / "templates/hubei-department/attachment.prepared.json").unlink()
    done = perfdoc(repository, "build", "--force")
    assert done.returncode == 0, done.stderr
    assert (repository / "build/.prepared/hubei-department.json").is_file()


def test_another_option_is_a_reason_to_rebuild_and_force_overrides(repository: Path) -> None:
    perfdoc(repository, "build")
    assert "按要求重新生成" in perfdoc(repository, "build", "--force").stdout
    assert "选项不同（上次没有选项，这次--strict）" in perfdoc(repository, "build", "--strict").stdout


def test_strict_refuses_on_warnings(repository: Path) -> None:
    done = process(repository, "build", "--strict")
    assert done.returncode == 1
    assert "错误 P301" in done.stderr
    assert not document(repository).exists()
    assert perfdoc(repository, "check", "--strict").returncode == 1


def test_check_names_the_filed_score_and_the_two_shortfalls(repository: Path) -> None:
    done = perfdoc(repository, "check", "--year", "2020")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    strict = [line for line in lines if line.split(" ")[2:3] in (["P501"], ["P301"])]
    assert [line.split(" ")[2] for line in strict] == ["P501", "P501", "P301"]
    assert "「党建相关活动次数」" in strict[0]
    assert "「签订亿元以上项目」报送得分 5，按备注2为 3.75" in strict[2]
    assert lines[-1] == "检查了 1 份自评：18 条警告。"


def test_check_speaks_json_to_machines(repository: Path) -> None:
    told = json.loads(process(repository, "check", "--json").stdout)
    described = json.loads((ROOT / "templates" / "check.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, described)
    assert {"P301", "P501"} <= {d["代码"] for d in told["发现"]}
    assert {d["级别"] for d in told["发现"]} == {"警告"}
    assert set(told["发现"][0]) == {"代码", "级别", "文件", "行", "列", "问题", "怎么办"}


def test_explain_shows_formula_figures_clause_and_places(repository: Path) -> None:
    done = process(repository, "explain", "--year", "2020", "--indicator", "党建相关活动次数")
    assert done.returncode == 0
    for piece in (
        "分值 × 实际完成值 ÷ 年初目标值",
        "2 × 3 ÷ 10 = 0.6",
        "备注2",
        "content/2020/assessment.yaml:37:42",
    ):
        assert piece in done.stdout
    filed = perfdoc(repository, "explain", "--indicator", "签订亿元以上项目").stdout
    assert "3.75" in filed
    assert "报送得分  5（与规则相差 1.25）" in filed


def test_explain_shows_the_whole_form_as_a_tree(repository: Path) -> None:
    done = perfdoc(repository, "explain", "--year", "2020")
    assert "总分 91.57 / 100（报送 92.82）" in done.stdout
    assert "│ ├ 党建相关活动次数" not in done.stdout.splitlines()[0]
    assert len(done.stdout.splitlines()) == 29


def test_commands_work_from_any_folder_of_the_repository(repository: Path) -> None:
    assert perfdoc(repository / "content" / "2020", "build").returncode == 0
    assert document(repository).is_file()


WRONG_USE: list[tuple[list[str], str]] = [
    (["build", "--year", "1999"], "没有找到 --year 1999 的自评。现有：2020"),
    (["check", "--name", "nowhere"], "没有找到 --name nowhere 的自评"),
    (["explain", "--indicator", "党建活动次数"], "是否为：党建相关活动次数"),
    (["build", "--yaer", "2020"], "不认识的选项"),
    (["bulid"], "没有「bulid」这个命令"),
    ([], "缺少"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG_USE)
def test_wrong_use_exits_2_with_a_sentence(repository: Path, arguments: list[str], sentence: str) -> None:
    done = perfdoc(repository, *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    done = process(tmp_path, "build")
    assert done.returncode == 2
    assert "这里不是内容仓库" in done.stderr


def gbk(root: Path) -> None:
    path = root / "content/2020/assessment.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def alias_bomb(root: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{k}: &{k} [*{p}, *{p}]\n" for p, k in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (root / "content/2020/assessment.yaml").write_text(bomb, encoding="utf-8")


def brackets(root: Path) -> None:
    (root / "content/2020/assessment.yaml").write_text("a: " + "[" * 10_000, encoding="utf-8")


def missing(root: Path) -> None:
    (root / "content/2020/deviation.md").unlink()


A = "content/2020/assessment.yaml"
BAD_INPUT: list[tuple[str, Edit, str, str]] = [
    ("full-width colon", replace(A, "年度: 2020\n", "年度：2020\n"), f"{A}:3:", "全角"),
    ("duplicate key", replace(A, "年度: 2020\n", "年度: 2020\n年度: 2021\n"), f"{A}:4:1", "P103"),
    ("GBK file", gbk, f"{A}:1:1", "P001"),
    ("words for a weight", replace(A, "分值: 2, 年初目标值: 10次", "分值: 两分, 年初目标值: 10次"), f"{A}:37:", "两分"),
    ("unknown key", replace(A, "报送得分: 5", "报送分数: 5"), f"{A}:42:", "是否为「报送得分」"),
    ("missing narrative", missing, "content/2020/deviation.md:1:1", "P202"),
    ("unknown blank", replace("content/2020/deviation.md", "{{ 部门 }}", "{{ 不存在 }}"), "deviation.md:1:11", "P201"),
    ("control character", replace(A, "部门: 智造园", "部门: 智\x07造园"), f"{A}:4:6", "U+0007"),
    ("weights in a final version", lambda r: (replace(A, "已报送", "定稿")(r), replace(A, "名称: 数量指标\n        分值: 25", "名称: 数量指标\n        分值: 24")(r))[0], f"{A}:28:", "P303"),
    ("inequality as actual", replace(A, "年初目标值: 10次, 实际完成值: 3次}", "年初目标值: 10次, 实际完成值: ≥266米}"), f"{A}:37:", "P105"),
    ("alias bomb", alias_bomb, f"{A}:1:", "P007"),
    ("10,000 nested brackets", brackets, f"{A}:1:", "P008"),
    ("title that leaves build", replace(A, "部门: 智造园", "部门: ../../../智造园"), f"{A}:4:5", "P206"),
    ("device name", replace(A, "部门: 智造园", '部门: "a:b"'), f"{A}:4:5", "P206"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "place", "piece"), [case[1:] for case in BAD_INPUT], ids=[c[0] for c in BAD_INPUT]
)
def test_bad_input_gets_a_message_with_its_place_and_leaves_the_old_output_alone(
    repository: Path, edit: Edit, place: str, piece: str
) -> None:
    perfdoc(repository, "build")
    before = sha(document(repository)), document(repository).stat().st_mtime_ns
    edit(repository)
    done = perfdoc(repository, "build")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    line = next(line for line in done.stderr.splitlines() if place in line)
    assert "错误 P" in line
    assert piece in done.stderr
    assert (sha(document(repository)), document(repository).stat().st_mtime_ns) == before
    assert sorted(p.name for p in document(repository).parent.iterdir()) == [f"{TITLE}.docx", "scores.json"]
    checked = perfdoc(repository, "check")
    assert checked.returncode == 1
    assert piece in checked.stdout


def test_an_assessment_still_being_filled_in_builds_with_open_cells(repository: Path) -> None:
    replace(A, "状态: 已报送", "状态: 填报中")(repository)
    replace(A, "实际完成值: 74个", "实际完成值: ")(repository)
    replace(A, "执行数: 367.24", "执行数: ")(repository)
    (repository / "content/2020/improvement.md").write_text("", encoding="utf-8")
    done = perfdoc(repository, "build")
    assert done.returncode == 0, done.stderr
    # Three open cells, two shortfalls, five excesses and low targets.
    assert "还有 11 处待填或待说明" in done.stderr
    assert "提示 P102" in perfdoc(repository, "check").stdout
    told = perfdoc(repository, "explain").stdout
    assert "（2 项未填）" in told


def test_an_edited_output_is_set_aside_before_it_is_replaced(repository: Path) -> None:
    perfdoc(repository, "build")
    document(repository).write_bytes(b"edited in Word")
    done = perfdoc(repository, "build")
    assert done.returncode == 0
    assert "被改过" in done.stdout
    kept = document(repository).with_name(f"{TITLE}（手工修改）.docx")
    assert kept.read_bytes() == b"edited in Word"
    assert document(repository).read_bytes()[:2] == b"PK"


def test_an_output_under_an_old_title_goes(repository: Path) -> None:
    perfdoc(repository, "build")
    replace(A, "部门: 智造园", "部门: 制造园")(repository)
    done = perfdoc(repository, "build")
    assert "已删除过时的" in done.stdout
    assert not document(repository).exists()


def test_a_read_only_target_is_reported_and_kept(repository: Path) -> None:
    perfdoc(repository, "build")
    document(repository).chmod(0o444)
    before = sha(document(repository))
    replace(A, "实际完成值: 74个", "实际完成值: 75个")(repository)
    done = perfdoc(repository, "build")
    assert done.returncode == 2
    assert "只读" in done.stderr
    assert sha(document(repository)) == before
    assert "Traceback" not in done.stderr


def test_a_target_open_in_an_office_program_is_reported_and_written_beside(repository: Path) -> None:
    perfdoc(repository, "build")
    lock = document(repository).with_name(f".~lock.{TITLE}.docx#")
    lock.write_text("someone", encoding="utf-8")
    before = sha(document(repository))
    replace(A, "实际完成值: 74个", "实际完成值: 75个")(repository)
    done = perfdoc(repository, "build")
    assert done.returncode == 2
    assert "（新）.docx" in done.stderr
    assert sha(document(repository)) == before
    lock.unlink()
    again = perfdoc(repository, "build")
    assert again.returncode == 0
    assert "2020：上次没有写完" in again.stdout
    assert not list(document(repository).parent.glob("*手工修改*"))


def test_many_assessments_are_built_at_their_own_paths(repository: Path) -> None:
    shutil.copytree(repository / "content/2020", repository / "content/2020/projects/尾水管道")
    shutil.copytree(
        repository / "content/2020", repository / "content/智造园/2020", ignore=lambda *_: ["projects"]
    )
    done = perfdoc(repository, "build", "--year", "2020")
    assert done.returncode == 0
    for name in ("2020", "2020/projects/尾水管道", "智造园/2020"):
        assert (repository / "build" / name / f"{TITLE}.docx").is_file()
    many = perfdoc(repository, "explain", "--year", "2020")
    assert many.returncode == 2
    assert "--name" in many.stderr
    assert perfdoc(repository, "explain", "--name", "智造园/2020").returncode == 0


def test_one_bad_assessment_does_not_stop_the_others(repository: Path) -> None:
    shutil.copytree(repository / "content/2020", repository / "content/a/2020")
    replace("content/a/2020/assessment.yaml", "年度: 2020\n", "")(repository)
    done = perfdoc(repository, "build")
    assert done.returncode == 1
    assert document(repository).is_file()


def test_last_years_figures_can_be_quoted_and_count_as_inputs(repository: Path) -> None:
    shutil.copytree(repository / "content/2020", repository / "content/2021")
    replace("content/2021/assessment.yaml", "年度: 2020\n", "年度: 2021\n")(repository)
    with (repository / "content/2021/deviation.md").open("a", encoding="utf-8") as prose:
        prose.write('\n上年接洽{{ 上年.指标["招商接洽企业数量"].实际完成值 }}。\n')
    assert perfdoc(repository, "build", "--year", "2021").returncode == 0
    replace(A, "实际完成值: 74个", "实际完成值: 75个")(repository)
    assert f"{A} 已变" in perfdoc(repository, "build", "--year", "2021").stdout
    shutil.rmtree(repository / "content/2020")
    done = perfdoc(repository, "build", "--year", "2021")
    assert done.returncode == 1
    assert "没有找到上年的自评" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["build", "--force"], marks=pytest.mark.slow),
        ["check"],
        pytest.param(["explain"], marks=pytest.mark.slow),
        ["new-year", "2021", "--dry-run"],
        pytest.param(["new-year", "2021"], marks=pytest.mark.slow),
        ["--help"],
        pytest.param(["build", "--help"], marks=pytest.mark.slow),
        pytest.param(["schema"], marks=pytest.mark.slow),
        pytest.param(["clean"], marks=pytest.mark.slow),
    ],
)
def test_every_command_works_on_a_gbk_console(repository: Path, command: list[str]) -> None:
    replace(A, "部门: 智造园", "部门: 智造园")(repository)
    replace(A, "招商接洽企业数量,", "招商接洽企业数量😀𠮷,")(repository)
    done = perfdoc(repository, *command, PYTHONIOENCODING="gbk")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout


def test_clean_removes_build_only(repository: Path) -> None:
    perfdoc(repository, "build")
    assert perfdoc(repository, "clean").returncode == 0
    assert not (repository / "build").exists()
    assert (repository / "content").exists()
    assert "不用删除" in perfdoc(repository, "clean").stdout


def test_schema_writes_what_is_committed(repository: Path) -> None:
    before = {p: sha(p) for p in (repository / "templates").rglob("*.json")}
    forms = list((repository / "templates").glob("*/form.yaml"))
    # Six schemas; of each form its own, and its template as it is prepared.
    assert len(before) == 6 + 2 * len(forms)
    for path in before:
        path.unlink()
    assert perfdoc(repository, "schema").returncode == 0
    assert {p: sha(p) for p in before} == before


def test_invoke_offers_the_same_commands(repository: Path) -> None:
    def invoke(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "invoke", *arguments],
            cwd=repository, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    listed = invoke("--list").stdout
    for name in (
        "build",
        "check",
        "explain",
        "new-year",
        "git-setup",
        "schema",
        "clean",
        "bench",
        "test",
        "lint",
    ):
        assert f"  {name} " in listed
    assert invoke("build", "--year", "2020").returncode == 0
    assert invoke("check").returncode == 0
    assert invoke("build", "--year", "1999").returncode == 2
    replace(A, "年度: 2020\n", "")(repository)
    failed = invoke("build", "check")
    assert failed.returncode == 1
    assert "检查了" not in failed.stdout


def test_a_reader_that_goes_away_is_no_fault(repository: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "perfdoc", "explain"],
        cwd=repository,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 0
    assert told == ""
