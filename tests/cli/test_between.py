"""Two years as a reviewer asks for them: every face, every way to name a side, every exit code."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from commands import perfdoc, replace, sha

from perfdoc.cli.compare import diff
from perfdoc.docx.content import Content
from perfdoc.docx.template import Filled, Template

ROOT = Path(__file__).parents[2]
PAIR = ROOT / "tests" / "years" / "pairs" / "rich"


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


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_json_is_valid_on_any_screen_and_the_same(repository: Path, encoding: str) -> None:
    strange = "安全隐患𠮷🎉“整改”条数"
    replace("content/2021/assessment.yaml", "名称: 安全隐患整改条数", f"名称: {strange}")(repository)
    compared = perfdoc(repository, "diff", "2020", "2021", "--format", "json", PYTHONIOENCODING=encoding)
    assert compared.returncode == 0, compared.stderr
    assert strange in [each["名称"] for each in json.loads(compared.stdout)["指标"]]
    assert compared.stdout.isascii() == (encoding == "gbk")
    checked = perfdoc(repository, "check", "--year", "2021", "--json", PYTHONIOENCODING=encoding)
    assert any(strange in each["问题"] for each in json.loads(checked.stdout)["发现"])


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


def test_the_marked_attachment_takes_one_render_of_each_year(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    fill = Template.fill

    def counted(template: Template, content: Content) -> Filled:
        rendered.append(str(content["标题"])[:4])
        return fill(template, content)

    monkeypatch.setattr(Template, "fill", counted)
    monkeypatch.chdir(repository)
    assert diff("2020", "2021", form="docx") == 0
    assert rendered == ["2020", "2021"]


def test_the_page_shows_all_the_years_there_are(repository: Path) -> None:
    perfdoc(repository, "diff", "2020", "2021", "--format", "html")
    page = (repository / "build/2021/与2020对比.html").read_text(encoding="utf-8")
    assert "2019—2021 年。" in page


def test_from_what_share_a_text_is_copied_is_the_forms_to_say(repository: Path) -> None:
    replace("templates/hubei-department/form.yaml", "P407, 阈值: 60%", "P407, 阈值: 61%")(repository)
    assert "\n照抄上年 3：" in perfdoc(repository, "diff", "2020", "2021").stdout
    assert "\n- 照抄上年 3：" in perfdoc(repository, "diff", "2020", "2021", "--format", "md").stdout


def test_a_side_may_be_a_revision_of_git(repository: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
            cwd=repository,
            check=True,
            capture_output=True,
        )

    git("init", "-q")
    missing = perfdoc(repository, "diff", "nowhere:2020", "2021")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("git 里没有「nowhere」这个版本。")
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
        (("HEAD:2020", "2021"), "这里不是 git 仓库"),
        (("2020", "2021", "--format", "pdf"), "没有「pdf」这种格式。可以写：text、html、docx、md、json。"),
        (("2020", "2021", "--format", "md", "--out", "无此文件夹/a.md"), "文件夹"),
        (("2020", "2021", "--format", "docx", "--out", "a.txt"), "--format docx 与文件名的 .txt 对不上。"),
        (("2020", "2021", "--format", "text", "--out", "a.HTML"), "--format text 与文件名的 .HTML 对不上。"),
        (("2020", "2021", "--out", ""), "--out 后面要写文件名，例如 --out 对比.html。"),
        (("2020", "2021", "--format", "html", "--out", " "), "--out 后面要写文件名"),
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


@pytest.mark.parametrize(
    ("out", "begins"),
    [
        ("a.html", b"<!DOCTYPE html>"),
        ("a.HTM", b"<!DOCTYPE html>"),
        ("a.docx", b"PK"),
        ("a.md", b"#"),
        ("a.json", b"{"),
        ("a.txt", b"2020"),
        ("a.diff", b"2020"),
        ("a", b"2020"),
    ],
)
def test_the_ending_of_the_file_says_the_format(repository: Path, out: str, begins: bytes) -> None:
    done = perfdoc(repository, "diff", "2020", "2021", "--out", out)
    assert done.returncode == 0, done.stderr
    assert (repository / out).read_bytes().startswith(begins)


def test_the_ending_says_the_format_of_a_trend_too(repository: Path) -> None:
    assert perfdoc(repository, "trend", "--out", "a.html").returncode == 0
    assert (repository / "a.html").read_bytes().startswith(b"<!DOCTYPE html>")
    done = perfdoc(repository, "trend", "--out", "a.docx")
    assert (done.returncode, done.stderr) == (2, "没有「docx」这种格式。可以写：text、html。\n")


# --- where it is written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["content/2021/assessment.yaml", "content/新.txt", "templates/x.html"])
def test_nothing_is_written_among_content_and_templates(repository: Path, name: str) -> None:
    path = repository / name
    before = path.read_bytes() if path.exists() else None
    for command in (("diff", "2020", "2021"), ("trend",)):
        done = perfdoc(repository, *command, "--out", name)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"--out 不能写到 {name.split('/', maxsplit=1)[0]} 里" in done.stderr
        assert "请换一个位置" in done.stderr
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_link_or_another_folder_is_no_way_around(repository: Path) -> None:
    (repository / "路.md").symlink_to(repository / "content/2021/assessment.yaml")
    for folder, out in ((repository, "路.md"), (repository / "content/2021", "../2020/assessment.yaml")):
        done = perfdoc(folder, "diff", "2020", "2021", "--out", out)
        assert (done.returncode, done.stdout) == (2, "")
    assert sha(repository / "content/2021/assessment.yaml") == sha(PAIR / "after" / "assessment.yaml")
    assert sha(repository / "content/2020/assessment.yaml") == sha(PAIR / "before" / "assessment.yaml")


def test_a_file_that_perfdoc_did_not_write_stays(repository: Path, tmp_path: Path) -> None:
    for path in (repository / "笔记.txt", tmp_path / "别处.txt"):
        path.write_text("我的", encoding="utf-8")
        for command in (("diff", "2020", "2021"), ("trend",)):
            done = perfdoc(repository, *command, "--out", str(path))
            assert (done.returncode, done.stdout) == (2, "")
            assert "不是 perfdoc 上次写的，没有动它。请换一个文件名，或先把它移走。" in done.stderr
        assert path.read_text(encoding="utf-8") == "我的"


@pytest.mark.parametrize("where", ["仓库内", "仓库外"])
def test_a_file_that_perfdoc_wrote_is_replaced_and_set_aside_where_somebody_edited_it(
    repository: Path, tmp_path: Path, where: str
) -> None:
    path = (repository if where == "仓库内" else tmp_path) / "差异.txt"
    first = perfdoc(repository, "diff", "2020", "2021", "--out", str(path))
    assert first.returncode == 0, first.stderr
    again = perfdoc(repository, "diff", "2019", "2020", "--out", str(path))
    assert (again.returncode, len(again.stdout.splitlines())) == (0, 1)
    fresh = path.read_bytes()
    for kept in ("差异（手工修改）.txt", "差异（手工修改2）.txt"):
        path.write_text(f"批注 {kept}", encoding="utf-8")
        done = perfdoc(repository, "diff", "2019", "2020", "--out", str(path))
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0].endswith(f"差异.txt 在上次生成后被改过，已另存为 {kept}。")
        assert path.with_name(kept).read_text(encoding="utf-8") == f"批注 {kept}"
        assert path.read_bytes() == fresh


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("diff", "2020", "2021", "--format", "html"), "2021/与2020对比.html"),
        (("diff", "2020", "2021", "--format", "docx"), "2021/与2020对比.docx"),
        (("trend", "--format", "html"), "历年走势.html"),
    ],
)
def test_an_edited_file_in_build_is_set_aside(repository: Path, command: tuple[str, ...], name: str) -> None:
    path = repository / "build" / name
    perfdoc(repository, *command)
    fresh = path.read_bytes()
    path.write_bytes(b"edited in Word")
    done = perfdoc(repository, *command)
    kept = path.with_name(f"{path.stem}（手工修改）{path.suffix}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"build/{name} 在上次生成后被改过，已另存为 {kept.name}。",
        f"已生成 build/{name}",
    ]
    assert (path.read_bytes(), kept.read_bytes()) == (fresh, b"edited in Word")
    done = perfdoc(repository, *command)
    assert done.stdout == f"已生成 build/{name}\n"


def test_an_edited_file_that_is_still_open_is_set_aside_once_and_written_beside(repository: Path) -> None:
    command = ("diff", "2020", "2021", "--format", "docx")
    path = repository / "build/2021/与2020对比.docx"
    perfdoc(repository, *command)
    path.write_bytes(b"edited in Word")
    path.with_name(f".~lock.{path.name}#").write_text("someone", encoding="utf-8")
    for _ in range(2):
        done = perfdoc(repository, *command)
        assert done.returncode == 2
        assert "已另存为“与2020对比（新）.docx”" in done.stderr
    assert path.read_bytes() == b"edited in Word"
    assert len(list(path.parent.glob("*手工修改*"))) == 1


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


@pytest.mark.parametrize(
    "name",
    ["content/2020", "2020/", "./content/2020/assessment.yaml", "content\\2020\\", "{root}/content/2020"],
)
def test_a_trend_takes_a_path_as_a_comparison_does(repository: Path, name: str) -> None:
    shutil.copytree(repository / "content" / "2020", repository / "content" / "乙园" / "2020")
    done = perfdoc(repository, "trend", name.format(root=repository))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith("2019、2020、2021 年度")
    assert done.stderr == ""


def test_a_trend_of_two_units_is_said_to_be_one(repository: Path) -> None:
    path = repository / "content/2021/assessment.yaml"
    words = path.read_text(encoding="utf-8")
    (line,) = (line for line in words.splitlines() if line.startswith("单位名称: "))
    path.write_text(words.replace(line, "单位名称: 乙园管理处"), encoding="utf-8")
    done = perfdoc(repository, "trend")
    assert done.returncode == 0
    unit = line.removeprefix("单位名称: ")
    assert done.stderr == (
        f"注意：单位名称不同（2019、2020 年度是「{unit}」；2021 年度是「乙园管理处」）。"
        "若不是同一个单位，请分开放。\n"
    )


def test_a_year_that_cannot_be_read_is_left_out_of_a_trend_and_said_so(repository: Path) -> None:
    (repository / "content/2020/assessment.yaml").write_text("表式：x\n", encoding="utf-8")
    done = perfdoc(repository, "trend")
    assert done.returncode == 0
    assert "2020：有错误，不能比较。" in done.stderr
    assert done.stdout.splitlines()[0].endswith("2019、2021 年度")


def test_what_cannot_be_scored_is_said_and_not_called_lost(repository: Path) -> None:
    replace(
        "content/2021/assessment.yaml", "年初目标值: 4次, 实际完成值: 4次", "年初目标值: 4次, 实际完成值: 4场"
    )(repository)
    done = perfdoc(repository, "diff", "2020", "2021")
    assert done.returncode == 0
    assert "P107" in done.stderr
    assert "2021：有错误，下面的得分和文字可能不全。" in done.stderr
    assert "2021 年度还有 1 项算不出，总分暂不相比" in done.stdout
    assert "（未填完）" in perfdoc(repository, "trend").stdout


def test_two_drafts_of_one_year_are_told_by_their_names(repository: Path) -> None:
    said = perfdoc(repository, "diff", "2021", "2021").stdout.splitlines()
    assert said[0].startswith("2021 年度　2021 → 2021　")
    assert "两年没有不同。" in said
    assert not any("整行照旧" in line or "照抄上年" in line for line in said)
