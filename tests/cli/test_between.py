"""Two years as a reviewer asks for them: every face, every way to name a side, every exit code."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from commands import perfdoc
from test_cli import replace, sha

ROOT = Path(__file__).parents[2]
PAIR = ROOT / "tests" / "review" / "pairs" / "rich"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two years, and a third before them."""
    root = tmp_path / "资料 库"
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(ROOT / "tasks.py", root)
    for year, name in (("2019", "earlier"), ("2020", "before"), ("2021", "after")):
        shutil.copytree(PAIR / name, root / "content" / year)
    return root


def test_two_years_are_compared_in_the_terminal(repository: Path) -> None:
    done = perfdoc(repository, "diff", "2020", "2021")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "总分 92.82 → 95.18（+2.36）"
    assert "~ 招商接洽企业数量 → 接洽招商企业家数（修改、更名）" in done.stdout
    assert "\x1b" not in done.stdout


def test_colour_is_there_where_it_is_asked_for(repository: Path) -> None:
    assert "\x1b[" in perfdoc(repository, "diff", "2020", "2021", FORCE_COLOR="1").stdout
    assert "\x1b" not in perfdoc(repository, "diff", "2020", "2021", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_gbk_console_is_told_all_of_it(repository: Path) -> None:
    done = perfdoc(repository, "diff", "2020", "2021", PYTHONIOENCODING="gbk")
    assert done.returncode == 0
    assert "\\u" not in done.stdout
    assert "得分为什么变" in done.stdout


def test_every_row_is_shown_where_all_are_wanted(repository: Path) -> None:
    few = perfdoc(repository, "diff", "2020", "2020").stdout
    every = perfdoc(repository, "diff", "2020", "2020", "--all").stdout
    assert "部门整体支出总额（未变）" not in few
    assert "部门整体支出总额（未变）" in every


def test_the_exit_code_tells_whether_something_changed_where_it_is_asked_for(repository: Path) -> None:
    assert perfdoc(repository, "diff", "2020", "2021").returncode == 0
    assert perfdoc(repository, "diff", "2020", "2021", "--exit-code").returncode == 1
    assert perfdoc(repository, "diff", "2020", "2020", "--exit-code").returncode == 0


def test_markdown_and_json_go_to_the_screen_or_to_a_file(repository: Path) -> None:
    shown = perfdoc(repository, "diff", "2020", "2021", "--format", "md").stdout
    done = perfdoc(repository, "diff", "2020", "2021", "--format", "md", "--out", "差异.md")
    assert done.stdout == "已生成 差异.md\n"
    assert (repository / "差异.md").read_text(encoding="utf-8") == shown
    known = json.loads(perfdoc(repository, "diff", "2020", "2021", "--format", "json").stdout)
    assert known["合计"][0]["变动"] == "2.36"
    assert known["指标"][0]["今年"][0]["位置"] == "content/2021/assessment.yaml:36:13"


@pytest.mark.parametrize("form", ["html", "docx"])
def test_a_page_and_a_marked_attachment_go_to_build_and_are_the_same_each_time(
    repository: Path, form: str
) -> None:
    done = perfdoc(repository, "diff", "2020", "2021", "--format", form)
    assert done.stdout == f"已生成 build/2021/与2020对比.{form}\n", done.stderr
    path = repository / "build" / "2021" / f"与2020对比.{form}"
    first = sha(path)
    path.unlink()
    perfdoc(repository, "diff", "2020", "2021", "--format", form, PYTHONHASHSEED="7")
    assert sha(path) == first


def test_the_marked_attachment_holds_real_changes(repository: Path) -> None:
    perfdoc(repository, "diff", "2020", "2021", "--format", "docx", "--out", "修订.docx")
    with zipfile.ZipFile(repository / "修订.docx") as archive:
        main = archive.read("word/document.xml").decode()
    assert "<w:ins " in main
    assert "<w:del " in main
    assert "<w:delText" in main
    assert 'w:date="2022-05-20T00:00:00Z"' in main


def test_the_page_shows_all_the_years_there_are(repository: Path) -> None:
    perfdoc(repository, "diff", "2020", "2021", "--format", "html")
    page = (repository / "build/2021/与2020对比.html").read_text(encoding="utf-8")
    assert "2019–2021" in page or "2019 – 2021" in page or "2019" in page


def test_a_side_may_be_a_revision_of_git(repository: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
            cwd=repository,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "as filed")
    replace("content/2021/assessment.yaml", "实际完成值: 276}", "实际完成值: 290}")(repository)
    done = perfdoc(repository, "diff", "HEAD:2021", "2021")
    assert done.returncode == 0, done.stderr
    assert "~ 安全隐患整改条数（修改）" in done.stdout
    assert "HEAD:content/2021/assessment.yaml:39:13  content/2021/assessment.yaml:39:13" in done.stdout
    assert perfdoc(repository, "diff", "HEAD:2021", "HEAD:content/2021", "--exit-code").returncode == 0
    page = perfdoc(repository, "diff", "HEAD:2021", "2021", "--format", "html")
    assert page.stdout == "已生成 build/2021/与HEAD-2021对比.html\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2018", "2021"), "没有找到「2018」这份自评"),
        (("nowhere:2020", "2021"), "git"),
        (("2020", "2021", "--format", "pdf"), "没有「pdf」这种格式。可以写：text、html、docx、md、json。"),
        (("2020", "2021", "--format", "md", "--out", "无此文件夹/a.md"), "文件夹"),
    ],
)
def test_wrong_use_is_said_and_ends_with_2(repository: Path, arguments: tuple[str, ...], said: str) -> None:
    done = perfdoc(repository, "diff", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_year_at_fault_is_not_compared(repository: Path) -> None:
    replace("content/2021/assessment.yaml", "分值: 2, 年初目标值: 4次", "分值: 两分, 年初目标值: 4次")(
        repository
    )
    done = perfdoc(repository, "diff", "2020", "2021")
    assert done.returncode == 1
    assert "P104" in done.stderr
    assert "2021：有错误，不能比较。请先改正。" in done.stderr
    assert done.stdout == ""


# --- trend ------------------------------------------------------------------------------------------------------


def test_a_trend_follows_every_line_through_the_years(repository: Path) -> None:
    done = perfdoc(repository, "trend")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith("2019、2020、2021 年度")
    (renamed,) = (line for line in lines if line.startswith("接洽招商企业家数"))
    assert "74个" in renamed
    assert "66个" in renamed
    (broken,) = (line for line in lines if line.startswith("全年污水排放量"))
    assert "|" in broken


def test_a_trend_is_a_page_too(repository: Path) -> None:
    done = perfdoc(repository, "trend", "2021", "--format", "html")
    assert done.stdout == "已生成 build/历年走势.html\n"
    assert (repository / "build" / "历年走势.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_trend_wants_to_know_of_which_unit(repository: Path) -> None:
    shutil.copytree(repository / "content" / "2020", repository / "content" / "乙园" / "2020")
    done = perfdoc(repository, "trend")
    assert done.returncode == 2
    assert "有几个单位" in done.stderr
    assert perfdoc(repository, "trend", "乙园/2020").returncode == 0
    assert perfdoc(repository, "trend", "丙园/2020").returncode == 2


def test_a_year_that_cannot_be_read_is_left_out_of_a_trend_and_said_so(repository: Path) -> None:
    (repository / "content/2020/assessment.yaml").write_text("表式：x\n", encoding="utf-8")
    done = perfdoc(repository, "trend")
    assert done.returncode == 0
    assert "2020：有错误，不能比较。" in done.stderr
    assert done.stdout.splitlines()[0].endswith("2019、2021 年度")
