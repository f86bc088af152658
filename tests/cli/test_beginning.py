"""What one begins with: `init`, `forms` and `new`, from an empty folder to the Word file."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from commands import ROOT, perfdoc, replace, sha

from perfdoc.host import forms

FORMS = sorted(path.parent.name for path in ROOT.glob("templates/*/form.yaml"))
PROOFS = sorted(path.parent for path in ROOT.glob("tests/form/proofs/*/form.yaml"))


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A content repository as `init` makes it."""
    folder = tmp_path / "我的 自评"
    assert perfdoc(tmp_path, "init", folder.name).returncode == 0
    return folder


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha(path) for path in folder.rglob("*") if path.is_file()}


# --- init ---------------------------------------------------------------------------------------------------------


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    done = perfdoc(tmp_path, "init")
    assert done.returncode == 0, done.stderr
    assert "已有 .gitignore，没有改动。" in done.stdout
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert {"tasks.py", "说明.md", ".gitattributes", ".editorconfig"} <= set(files(tmp_path))


def test_invoke_works_in_a_new_repository(begun: Path) -> None:
    assert len((begun / "tasks.py").read_text(encoding="utf-8").splitlines()) == 2
    assert perfdoc(begun, "new", "某局/2026", "--form", "mof-project").returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "build", "--year", "2026"],
        cwd=begun, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert list(begun.glob("build/某局/2026/*.docx"))


@pytest.mark.parametrize("folder", [".", "内", "content/2026"])
def test_init_in_a_repository_is_refused(begun: Path, folder: str) -> None:
    before = files(begun)
    done = perfdoc(begun, "init", folder)
    assert done.returncode == 2
    assert "已经是内容仓库" in done.stderr
    assert files(begun) == before


def test_init_in_a_file_or_under_a_bad_name_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    for name, why in (
        ("文件", "是一个文件"),
        ("文件/内", "是一个文件"),
        ("a:b", "不能做文件夹名"),
        ("con", "Windows"),
    ):
        done = perfdoc(tmp_path, "init", name)
        assert (done.returncode, why in done.stderr) == (2, True), done.stderr
    assert list(files(tmp_path)) == ["文件"]


def test_init_without_permission_writes_nothing_and_names_what_was_held_back_in_one_line(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "只读"
    folder.mkdir(mode=0o555)  # what nobody may write is refused to root too
    done = perfdoc(folder, "init")
    folder.chmod(0o755)
    assert done.returncode == 2
    assert not files(folder)
    assert "错误 “tasks.py”没有写出：文件夹“只读”只读。请换一个位置，或取消它的只读属性。" in done.stderr
    held = [line for line in done.stderr.splitlines() if "写不出去" in line]
    assert len(held) == 1
    assert "“.gitkeep”" in held[0]
    assert held[0].endswith("个文件也没有写。")


# --- new ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_new_assessment_of_each_form_builds_at_once(begun: Path, form: str) -> None:
    title = forms.forms_of(ROOT)[form].name
    assert perfdoc(begun, "new", "某局/2026", "--form", title).returncode == 0
    done = perfdoc(begun, "build")
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r" (P\d+) ", done.stderr)) <= {"P010"}  # what is still to be written over
    written = begun / "content" / "某局" / "2026" / "assessment.yaml"
    head = written.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    described = json.loads((written.parent / head).read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(written.read_bytes()), described)
    assert {path.name for path in written.parent.iterdir()} == {
        "assessment.yaml",
        *(rule.file for rule in forms.forms_of(ROOT)[form].narratives),
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_sample_of_each_form_builds_without_a_finding(begun: Path, form: str) -> None:
    assert perfdoc(begun, "new", "样例", "--form", form, "--sample").returncode == 0
    checked = perfdoc(begun, "check")
    assert checked.stdout == "检查了 1 份自评：没有发现问题。\n"
    assert perfdoc(begun, "build").returncode == 0


@pytest.mark.parametrize("folder", PROOFS, ids=lambda folder: folder.name)
def test_a_form_of_ones_own_is_begun_in_its_own_words(folder: Path, begun: Path) -> None:
    own = begun / "templates" / folder.name
    own.mkdir()
    shutil.copy(folder / "form.yaml", own)
    assert perfdoc(begun, "draw", own.name).returncode == 0
    done = perfdoc(begun, "new", "某局/2026")  # the only form that there is
    assert done.returncode == 0, done.stderr
    written = begun / "content" / "某局" / "2026" / "assessment.yaml"
    text = written.read_text(encoding="utf-8")
    layout = forms.forms_of(begun)[own.name].layout
    for column in (*layout.own_boxes, *(c for table in layout.own_tables for c in table.columns)):
        assert (f"{column.key}:" in text) == column.written, column.key
    described = json.loads((own / "assessment.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(text), described)
    built = perfdoc(begun, "build")
    assert built.returncode == 0, built.stderr


def test_new_only_lists_where_it_is_asked_to(begun: Path) -> None:
    before = files(begun)
    done = perfdoc(begun, "new", "某局/2026", "--form", "mof-project", "--dry-run")
    assert "将写出 content/某局/2026/assessment.yaml" in done.stdout
    assert files(begun) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("某局/2026", "--form", "项目支出自评表"), "是否为「项目支出绩效自评表」？"),
        (("某局/2026", "--form", "xyz"), "没有「xyz」这种表式。现有："),
        (("某局/2026",), "请用 --form 写明表式。"),
        (("../2026", "--form", "mof-project"), "不能做 content 里的文件夹名"),
        (("", "--form", "mof-project"), "不能做 content 里的文件夹名"),
        (("某局:2026", "--form", "mof-project"), "不能做 content 里的文件夹名"),
        (("某局", "--form", "mof-project"), "请写成 某局/2026 这样。"),
        (("某局/2026", "--form", "mof-project", "--sample"), "请写 某局/2022。"),
    ],
)
def test_new_with_bad_input_writes_nothing(begun: Path, arguments: tuple[str, ...], said: str) -> None:
    before = files(begun)
    done = perfdoc(begun, "new", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert files(begun) == before


def test_a_unit_may_begin_with_its_projects(begun: Path) -> None:
    assert perfdoc(begun, "new", "某局/2026/养护", "--form", "mof-project").returncode == 0
    assert perfdoc(begun, "new", "某局/2026", "--form", "mof-department").returncode == 0
    done = perfdoc(begun, "new", "某局/2026", "--form", "mof-department")
    assert "已经有 content/某局/2026" in done.stderr


def test_new_over_what_is_there_writes_nothing(begun: Path) -> None:
    (begun / "content" / "某局" / "2026").mkdir(parents=True)
    before = files(begun)
    done = perfdoc(begun, "new", "某局/2026", "--form", "mof-project")
    assert (done.returncode, done.stderr) == (
        2,
        "已经有 content/某局/2026，没有写出任何文件。请换一个名称。\n",
    )
    assert files(begun) == before


# --- forms --------------------------------------------------------------------------------------------------------


def test_a_form_that_is_kept_scores_as_before_until_the_newer_one_is_taken(begun: Path) -> None:
    assert perfdoc(begun, "new", "样例", "--form", "mof-project", "--sample").returncode == 0
    assert "与 perfdoc 自带的相同" in perfdoc(begun, "forms", "--update").stdout
    # To the program the repository's form, kept from an earlier version, is simply another one than its own.
    replace("templates/mof-project/form.yaml", "得分位数: 2", "得分位数: 1")(begun)
    shutil.copy(begun / "templates/mof-project/form.yaml", begun / "before.yaml")
    kept = perfdoc(begun, "explain").stdout
    assert "计 9.6" in kept
    told = perfdoc(begun, "forms", "--update").stdout
    assert "项目支出绩效自评表，2020 年度起，舍入 的 得分位数：1 → 2（自定1）" in told
    assert perfdoc(begun, "explain").stdout == kept
    assert perfdoc(begun, "forms", "--take", "项目支出绩效自评表").returncode == 0
    assert "得分位数: 2" in (begun / "templates/mof-project/form.yaml").read_text(encoding="utf-8")
    aside = begun / "templates/mof-project/form（手工修改）.yaml"
    assert sha(aside) == sha(begun / "before.yaml")
    assert perfdoc(begun, "explain").stdout != kept


def test_every_form_is_listed_by_its_title(tmp_path: Path) -> None:
    listed = perfdoc(tmp_path, "forms").stdout
    for form in forms.forms_of(ROOT).values():
        assert f"{form.name}（{form.id}）" in listed


# --- a repository of before ---------------------------------------------------------------------------------------

OLD = """填空: [附件号, 标题, 单位名称, 填报日期, 基本支出总额, 项目支出总额, 金额单位, 预算分值, 指标分值,
       年度目标, 偏差分析, 改进措施, 备注,
       预算执行.名称, 预算执行.预算数, 预算执行.执行数, 预算执行.执行率, 预算执行.得分,
       指标.一级, 指标.二级, 指标.三级, 指标.年初目标值, 指标.实际完成值, 指标.得分]

栏目: []
"""


def test_the_cure_for_a_form_from_before_the_layout_works_to_the_letter(repository: Path) -> None:
    path = repository / "templates" / "hubei-department" / "form.yaml"
    text = path.read_text(encoding="utf-8")
    page = re.search(r"^版面:\n(?:(?: .*)?\n)+(?=标签)", text, re.MULTILINE)
    assert page
    path.write_text(text.replace(page[0], f"{OLD}\n"), encoding="utf-8")
    done = perfdoc(repository, "build")
    assert done.returncode == 1
    faults = [line for line in done.stderr.splitlines() if " 错误 " in line]
    assert len(faults) == 1
    assert "请删去 填空、栏目（连同它下面的行），在同一处写上下面这几行" in faults[0]
    lines = re.search(r"^版面:\n(?:  - .*\n)+", done.stderr, re.MULTILINE)
    assert lines
    path.write_text(text.replace(page[0], f"{lines[0]}\n"), encoding="utf-8")
    done = perfdoc(repository, "build")
    assert done.returncode == 0, done.stderr
    (built,) = repository.glob("build/2020/*.docx")
    assert sha(built).startswith("7c0790436e5d538f")


def test_the_cure_for_a_tasks_file_from_before_works_to_the_letter(repository: Path) -> None:
    def invoke() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "invoke", "build"],
            cwd=repository, capture_output=True, encoding="utf-8", check=False,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    tasks = repository / "tasks.py"
    tasks.write_text('from perfdoc import cli\n\n_HELP = "、".join(cli.FORMATS)\n', encoding="utf-8")
    done = invoke()
    said, *lines = done.stderr.splitlines()
    assert (done.returncode, said) == (2, "tasks.py 是旧的写法。请把它的内容换成下面两行：")
    tasks.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert invoke().returncode == 0


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("预算数: 910.4", "全年预算数: 910.4", "表中的「全年预算数」在这里写作 预算数: …"),
        ("单位名称: ", "项目名称: 甲\n单位名称: ", "请写在 基本信息 下面：基本信息: {项目名称: …}。"),
        ("单位名称: ", "主管部门: 甲\n单位名称: ", "请写在 基本信息 下面：基本信息: {主管部门: …}。"),
        ("单位名称: ", "实施单位: ", "表中的「实施单位」在这里写作 单位名称: …"),
        ("一级指标: 产出", "名称: 产出", "这里写 一级指标: …"),
        ("实际完成值: 6座", "实际完成值: 6座, 得分: 10", "「得分」由程序计算，请删去。"),
        ("实际完成值: 6座", "实际完成值: 6座, 偏差原因分析及改进措施: 无", "在这里写作 说明: …"),
    ],
)
def test_a_word_that_the_form_prints_is_named_with_its_key(
    begun: Path, old: str, new: str, said: str
) -> None:
    assert perfdoc(begun, "new", "样例", "--form", "mof-project", "--sample").returncode == 0
    replace("content/样例/assessment.yaml", old, new)(begun)
    done = perfdoc(begun, "check")
    faults = [line for line in done.stdout.splitlines() if " 错误 " in line]
    assert done.returncode == 1
    assert len(faults) == 1, faults
    assert said in faults[0]


def test_a_file_whose_ending_is_hidden_is_named(begun: Path) -> None:
    assert perfdoc(begun, "new", "样例", "--form", "hubei-project", "--sample").returncode == 0
    folder = begun / "content" / "样例"
    (folder / "deviation.md").rename(folder / "deviation.md.txt")
    assert "请把 deviation.md.txt 改名为 deviation.md。" in perfdoc(begun, "check").stdout
    for wrong in ("assessment.yaml.txt", "assessment.yml"):
        (folder / "assessment.yaml").rename(folder / wrong)
        done = perfdoc(begun, "check")
        assert done.returncode == 2
        assert f"content/样例/{wrong} 没有读。请改名为 assessment.yaml。" in done.stderr
        (folder / wrong).rename(folder / "assessment.yaml")


def test_a_year_is_the_one_that_is_said_and_a_folder_above_is_a_name(begun: Path) -> None:
    for name in ("甲局/水利2022", "甲局/项目/堤防", "乙局/渠"):
        assert perfdoc(begun, "new", name, "--form", "mof-project", "--sample").returncode == 0
    replace("content/乙局/渠/assessment.yaml", "年度: 2022", "年度: 2023")(begun)
    assert "检查了 2 份" in perfdoc(begun, "check", "--year", "2022").stdout
    assert "检查了 2 份" in perfdoc(begun, "check", "--name", "甲局").stdout
    assert "检查了 1 份" in perfdoc(begun, "check", "--year", "2023").stdout
    done = perfdoc(begun, "check", "--year", "2021")
    assert "现有：乙局/渠（2023 年度）、" in done.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("bulid",), "没有「bulid」这个命令。是否为 build？"),
        (("build", "2023"), "请写 --year 2023 或 --name 2023。"),
        (("build", "--yeer", "2023"), "不认识的选项：--yeer 2023。"),
        (("new-year",), "缺少年度。"),
        ((), "缺少命令。"),
    ],
)
def test_wrong_use_is_answered_in_chinese(begun: Path, typed: tuple[str, ...], said: str) -> None:
    done = perfdoc(begun, *typed)
    assert done.returncode == 2
    assert said in done.stderr
