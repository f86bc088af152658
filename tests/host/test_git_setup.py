"""What git shows after `git-setup`, by git itself: hunk headers, words, attachments; and that it can be taken back."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import perfdoc
from repositories import ROOT, change, commit, content_repository, git

A = "content/2020/assessment.yaml"
LOCALES = ("C", "C.UTF-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return content_repository(tmp_path / "资料 库")


def set_up(root: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    done = perfdoc(root, "git-setup", *flags)
    assert done.returncode == 0, done.stderr
    return done


def headers(shown: bytes) -> list[str]:
    return re.findall(r"^@@ .*? @@ ?(.*)$", shown.decode("utf-8", "replace"), re.MULTILINE)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_hunk_of_one_line_indicators_is_headed_by_their_group(root: Path, locale: str) -> None:
    set_up(root)
    change(root / A, "年初目标值: 10次, 实际完成值: 3次", "年初目标值: 10次, 实际完成值: 4次")
    change(root / A, "执行数: 367.24", "执行数: 367.25")
    change(root / A, "实际完成值: 90%", "实际完成值: 91%")
    assert headers(git(root, "diff", LC_ALL=locale)) == ["支出", "名称: 数量指标", "名称: 可持续影响指标"]
    assert headers(git(root, "diff", "-U0", LC_ALL=locale)) == [
        "预算执行",
        "名称: 数量指标",
        "名称: 可持续影响指标",
    ]


IN_LINES = """          - 名称: 党建相关活动次数
            分值: 2
            年初目标值: 10次
            实际完成值: 3次
            口径: 只计园区综合党委组织的活动
            说明: 疫情期间不能聚集
"""


@pytest.mark.parametrize("locale", LOCALES)
def test_a_hunk_within_an_indicator_of_several_lines_is_headed_by_the_indicator(
    root: Path, locale: str
) -> None:
    set_up(root)
    one_line = "          - {名称: 党建相关活动次数, 分值: 2, 年初目标值: 10次, 实际完成值: 3次}\n"
    change(root / A, one_line, IN_LINES)
    commit(root, "in lines")
    change(root / A, "疫情期间不能聚集", "疫情期间不能聚集，改在线上")
    assert headers(git(root, "diff", LC_ALL=locale)) == ["名称: 党建相关活动次数"]


@pytest.mark.parametrize("locale", LOCALES)
def test_words_are_characters_and_whole_numbers(root: Path, locale: str) -> None:
    set_up(root)
    change(root / A, "实际完成值: 2176万方", "实际完成值: 2180.5万方")
    change(root / "content/2020/deviation.md", "部分企业生存压力加大", "多数企业生存压力减小")
    change(root / "content/2020/deviation.md", "未能实现100%收集", "未能实现96.5%收集")
    shown = git(root, "diff", "--word-diff", "-U0", LC_ALL=locale).decode("utf-8", "strict")
    assert "实际完成值: [-2176-]{+2180.5+}万方" in shown
    assert "[-部分-]{+多数+}企业生存压力[-加大-]{+减小+}，" in shown
    assert "未能实现[-100%-]{+96.5%+}收集" in shown


def attachment(root: Path) -> Path:
    (document,) = (root / "build" / "2020").glob("*.docx")
    return document


def test_an_attachment_is_shown_as_its_form(root: Path) -> None:
    set_up(root)
    perfdoc(root, "build")
    shutil.copy(attachment(root), root / "报送.docx")
    commit(root, "filed")
    change(root / A, "年初目标值: 10次, 实际完成值: 3次", "年初目标值: 10次, 实际完成值: 4次")
    perfdoc(root, "build")
    shutil.copy(attachment(root), root / "报送.docx")
    for locale in LOCALES:
        lines = git(root, "diff", "-U0", "--", "报送.docx", LC_ALL=locale).decode().splitlines()
        changed = [line for line in lines if line.startswith(("-〃", "+〃"))]
        assert changed == [
            "-〃 | 〃 | 〃 | 党建相关活动次数（2分） | 10次 | 3次 | 0.6",
            "+〃 | 〃 | 〃 | 党建相关活动次数（2分） | 10次 | 4次 | 0.8",
        ]
        words = git(root, "diff", "--word-diff", "-U0", "--", "报送.docx", LC_ALL=locale).decode()
        assert "10次 | [-3-]{+4+}次 | [-0.6-]{+0.8+}" in words


def test_an_attachment_that_cannot_be_read_is_still_shown_to_differ(root: Path) -> None:
    set_up(root)
    (root / "坏.docx").write_bytes(b"PK\x03\x04\0\0one")
    commit(root, "broken")
    (root / "坏.docx").write_bytes(b"PK\x03\x04\0\0two")
    shown = git(root, "diff", "--", "坏.docx").decode()
    assert "-（读不出这份文件：不是 .docx 文件，或文件已损坏。sha256 " in shown
    assert "+（读不出这份文件：" in shown


def test_a_folder_named_like_the_program_is_not_run(root: Path, tmp_path: Path) -> None:
    set_up(root)
    trap = root / "perfdoc"
    trap.mkdir()
    mark = tmp_path / "ran"
    (trap / "__init__.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    (trap / "__main__.py").write_text("", encoding="utf-8")
    (root / "a.docx").write_bytes(b"one")
    commit(root, "trap")
    (root / "a.docx").write_bytes(b"two")
    assert "读不出这份文件" in git(root, "diff", "--", "a.docx").decode()
    assert not mark.exists()


def test_twice_is_once_and_undo_leaves_the_settings_byte_for_byte(root: Path) -> None:
    config = root / ".git" / "config"
    before = config.read_bytes() + b"# mine\n[alias]\n\tst = status\n"
    config.write_bytes(before)
    assert "已设置 diff.perfdoc-docx.textconv：" in set_up(root).stdout
    after = config.read_bytes()
    assert after != before
    assert set_up(root).stdout == "已经设置好了，不用再做。\n"
    assert config.read_bytes() == after
    assert "已删去 diff.perfdoc.xfuncname" in set_up(root, "--undo").stdout
    assert config.read_bytes() == before
    assert set_up(root, "--undo").stdout == "没有设置过，不用撤销。\n"
    assert config.read_bytes() == before


def test_what_somebody_added_beside_stays(root: Path) -> None:
    set_up(root)
    git(root, "config", "diff.perfdoc.algorithm", "patience")
    git(root, "config", "diff.perfdoc-docx.textconv", "'/moved/python' -P -X utf8 -m perfdoc text")
    assert set_up(root).stdout.count("已设置") == 1
    assert sys.executable in git(root, "config", "diff.perfdoc-docx.textconv").decode()
    set_up(root, "--undo")
    assert git(root, "config", "diff.perfdoc.algorithm") == b"patience\n"


def test_what_somebody_set_himself_stays_and_is_said(root: Path) -> None:
    git(root, "config", "diff.perfdoc-docx.textconv", "cat")
    told = set_up(root).stdout
    assert told.count("已设置") == 4
    assert "没有动 diff.perfdoc-docx.textconv：您自己设过（cat）。\n" in told
    assert "先运行 git config --unset-all diff.perfdoc-docx.textconv，再来一次。" in told
    git(root, "config", "diff.perfdoc.wordRegex", ".")
    git(root, "config", "--add", "diff.perfdoc-text.wordRegex", "[a-z]+")
    before = (root / ".git" / "config").read_bytes()
    assert "已经设置好了" not in set_up(root).stdout
    assert (root / ".git" / "config").read_bytes() == before
    for removed in (2, 0):
        undone = set_up(root, "--undo").stdout
        assert undone.count("已删去") == removed
        assert "没有动 diff.perfdoc.wordRegex：您自己设过（.）。" in undone
        assert "没有设置过" not in undone
    assert git(root, "config", "diff.perfdoc-docx.textconv") == b"cat\n"
    assert git(root, "config", "diff.perfdoc.wordRegex") == b".\n"
    assert git(root, "config", "diff.perfdoc-text.wordRegex") == b"[a-z]+\n"


def test_only_this_repository_is_told(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = perfdoc(root, "git-setup", HOME=str(home), XDG_CONFIG_HOME=str(home))
    assert done.returncode == 0
    assert not list(home.iterdir())


def test_missing_attributes_are_given_to_paste_and_then_suffice(root: Path) -> None:
    assert ".gitattributes" not in set_up(root).stdout
    git(root, "rm", "-q", ".gitattributes")
    out = set_up(root).stdout
    lines = out.partition("并提交：\n")[2]
    assert lines.splitlines() == [
        "content/**/assessment.yaml diff=perfdoc",
        "content/**/*.md diff=perfdoc-text",
        "*.docx -text -merge diff=perfdoc-docx",
    ]
    (root / ".gitattributes").write_text(lines, encoding="utf-8")
    assert set_up(root).stdout == "已经设置好了，不用再做。\n"


def test_without_git_or_its_repository_it_says_so(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / ".git")
    for flags in ([], ["--undo"]):
        done = perfdoc(root, "git-setup", *flags, GIT_CEILING_DIRECTORIES=str(tmp_path))
        assert (done.returncode, done.stdout) == (2, "")
        assert "这里不是 git 仓库" in done.stderr
    done = perfdoc(root, "git-setup", PATH=str(tmp_path))
    assert done.returncode == 2
    assert "没有找到 git。请先安装 git" in done.stderr


def test_this_repository_marks_its_own_files() -> None:
    asked = (
        A,
        "content/2020/deviation.md",
        "templates/x/attachment.docx",
        "templates/x/attachment.prepared.json",
    )
    told = git(
        ROOT, "-c", "safe.directory=*", "check-attr", "diff", "linguist-generated", "--", *asked
    ).decode()
    for line in (
        f"{A}: diff: perfdoc",
        "content/2020/deviation.md: diff: perfdoc-text",
        "templates/x/attachment.docx: diff: perfdoc-docx",
        "templates/x/attachment.prepared.json: linguist-generated: set",
    ):
        assert line in told.splitlines()


def test_the_command_stands_whatever_the_folder_of_the_interpreter_is_called() -> None:
    from perfdoc.host.git import setup  # noqa: PLC0415

    command = setup.settings("/opt/资料 库/it's/python")["diff.perfdoc-docx.textconv"][0]
    done = subprocess.run(
        ["sh", "-c", f"printf '%s\n' {command}"], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines() == [
        "/opt/资料 库/it's/python",
        "-P",
        "-X",
        "utf8",
        "-m",
        "perfdoc",
        "text",
    ]
    assert (
        sys.executable.replace("\\", "/") in setup.settings(sys.executable)["diff.perfdoc-docx.textconv"][0]
    )
