"""What a clerk does with a finding: read what its code means, accept it, and see it come back."""

import re
from pathlib import Path

import pytest
from commands import perfdoc, replace

from perfdoc.checks import CHECKS
from perfdoc.core import wording
from perfdoc.faces import explain
from perfdoc.years import flags
from perfdoc.years.kinds import Flag

A = "content/2020/assessment.yaml"
REVIEW = "content/2020/review.yaml"


def test_a_code_is_explained_in_chinese(repository: Path) -> None:
    done = perfdoc(repository, "check", "--explain", "P502")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "P502 远超目标的指标没有说明原因"
    assert lines[1].startswith("  为什么  远超目标")
    assert lines[2].startswith("  出处    ")
    assert lines[3] == "  级别    填报中提示，定稿警告，已报送警告"
    (setting,) = (line for line in lines if "hubei-department" in line)
    assert setting.startswith("  表式    hubei-department：阈值 130%（自定6，")


CODE = re.compile(r"\"(P\d{3})[\".]")
SOURCES = Path(__file__).parents[2] / "perfdoc"


def test_every_code_that_the_program_can_print_is_explained_and_no_other() -> None:
    used = {code for path in SOURCES.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert set(explain.codes()) == used


def test_a_code_is_found_outside_the_checks_only_where_it_is_described_for_reading_or_passed_on() -> None:
    outside = {
        code
        for path in SOURCES.rglob("*.py")
        if "checks" not in path.parts and path.name != "wording.py"
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    decisive = {check.code for check in CHECKS if check.decisive}
    # How far is far stands in the rulebook under the code of the check that reports it.
    assert outside <= set(wording.READING) | decisive | {*(flag.code for flag in Flag), flags.COPIED}
    assert {key.partition(".")[0] for key in wording.FINDINGS} <= set(explain.codes())


@pytest.mark.parametrize("code", explain.codes())
def test_every_code_is_explained_anywhere(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from perfdoc.cli import console  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert console.main(["check", "--explain", code.lower()]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{code} ")
    assert "  表式    " not in out
    out.encode("gbk")
    assert all(line.split(maxsplit=1)[1:] for line in out.splitlines())


def test_a_code_that_a_check_shares_with_reading_is_explained_twice(repository: Path) -> None:
    lines = perfdoc(repository, "check", "--explain", "P003").stdout.splitlines()
    assert [line for line in lines if line.startswith("P003")] == [
        "P003 数字或符号是全角的",
        "P003 读文件时：用了全角的冒号、逗号、括号或空格",
    ]


def test_an_unknown_code_is_refused_with_the_list(repository: Path) -> None:
    done = perfdoc(repository, "check", "--explain", "P999")
    assert done.returncode == 2
    assert "没有「P999」这个代码" in done.stderr
    assert "  P301 报送得分与规则算出的不同" in done.stderr


def accept_everything(root: Path) -> None:
    offered = perfdoc(root, "check", "--settle").stdout
    written = offered.replace("理由: ,", "理由: 情况属实,").replace("经办: ,", "经办: 李四,")
    (root / REVIEW).write_text(written, encoding="utf-8", newline="\n")


def test_what_settle_prints_can_be_pasted_as_it_is_once_reasons_are_given(repository: Path) -> None:
    before = perfdoc(repository, "check").stdout.splitlines()
    accept_everything(repository)
    after = perfdoc(repository, "check", "--strict")
    assert after.returncode == 0
    lines = after.stdout.splitlines()
    assert len(lines) == len(before)
    assert all("已核定（李四）：情况属实。" in line for line in lines[:-1])
    assert re.fullmatch(r"检查了 1 份自评：\d+ 条提示。", lines[-1])
    assert perfdoc(repository, "check", "--settle").stdout == "2020：没有要核定的。\n"


def test_a_line_pasted_without_a_reason_is_refused_at_its_line(repository: Path) -> None:
    offered = perfdoc(repository, "check", "--settle").stdout
    (repository / REVIEW).write_text(offered, encoding="utf-8", newline="\n")
    done = perfdoc(repository, "check")
    assert done.returncode == 1
    assert f"{REVIEW}:4:" in done.stdout
    assert "「理由」没有填写。" in done.stdout


def test_an_acceptance_lapses_when_its_figures_change(repository: Path) -> None:
    accept_everything(repository)
    replace(A, "实际完成值: 74个", "实际完成值: 75个")(repository)
    done = perfdoc(repository, "check")
    lapsed = [line for line in done.stdout.splitlines() if "P213" in line]
    assert any(
        "核定时 目标 30个，完成 74个" in line and "现在 目标 30个，完成 75个" in line for line in lapsed
    )
    assert any(" 警告 P502 「招商接洽企业数量」完成 75个" in line for line in done.stdout.splitlines())


def test_the_review_counts_as_an_input_of_the_build(repository: Path) -> None:
    assert perfdoc(repository, "build").returncode == 0
    assert "没有变化" in perfdoc(repository, "build").stdout
    accept_everything(repository)
    assert f"{REVIEW} 是新的" in perfdoc(repository, "build").stdout
    assert "没有变化" in perfdoc(repository, "build").stdout
    replace(REVIEW, "代码: P601, 理由: 情况属实", "代码: P601, 理由: 目标经批准")(repository)
    assert f"{REVIEW} 已变" in perfdoc(repository, "build").stdout
    (repository / REVIEW).unlink()
    assert f"{REVIEW} 不见了" in perfdoc(repository, "build").stdout


def test_a_slip_in_the_review_is_a_fault_of_the_content(repository: Path) -> None:
    (repository / REVIEW).write_text("核定:\n  - {代码：P502}\n", encoding="utf-8")
    done = perfdoc(repository, "build")
    assert done.returncode == 1
    assert f"{REVIEW}:2:8: 错误 P003" in done.stderr


def test_an_empty_review_accepts_nothing(repository: Path) -> None:
    before = perfdoc(repository, "check").stdout
    (repository / REVIEW).write_text("# 还没有核定\n核定:\n", encoding="utf-8")
    assert perfdoc(repository, "check").stdout == before


def test_a_rulebook_that_sets_an_unknown_check_is_told_where(repository: Path) -> None:
    replace("templates/hubei-department/form.yaml", "代码: P610", "代码: P999")(repository)
    done = perfdoc(repository, "check")
    assert done.returncode == 1
    assert "「检查」里的「P999」没有这项检查。" in done.stdout
