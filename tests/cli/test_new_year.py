"""Opening a year as a clerk does it: what is written, what is said, what is refused, and that nothing is lost."""

import shutil
from pathlib import Path

import pytest
from commands import ROOT, perfdoc, replace, sha

A = "content/2020/assessment.yaml"
FILES = ["assessment.yaml", "deviation.md", "improvement.md"]
SAMPLES = sorted((ROOT / "templates").glob("*/sample"))


def listing(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): sha(p) for p in folder.rglob("*") if p.is_file()}


def test_a_year_is_opened_and_reads_and_builds_at_once(repository: Path) -> None:
    (repository / "content/2020/review.yaml").write_text("核定: []\n", encoding="utf-8")
    before = listing(repository / "content/2020")
    done = perfdoc(repository, "new-year", "2021", "--from", "2020")
    assert done.returncode == 0, done.stderr
    assert "已写出 content/2021/assessment.yaml（照 content/2020）：改年度 1 处，改状态 1 处，目标待确认 20 处，清空 27 处，删去 1 处" in done.stdout  # fmt: skip
    assert sorted(listing(repository / "content/2021")) == FILES
    assert listing(repository / "content/2020") == before
    assert perfdoc(repository, "check", "--year", "2021").returncode == 0
    assert perfdoc(repository, "build", "--year", "2021").returncode == 0


def test_a_later_year_follows_from_the_latest_and_keeps_what_was_confirmed_open(repository: Path) -> None:
    perfdoc(repository, "new-year", "2021")
    path = "content/2021/assessment.yaml"
    replace(path, "年初目标值: 30个, 目标待确认: 是, 实际完成值: ", "年初目标值: 40个, 实际完成值: 41个")(
        repository
    )
    done = perfdoc(repository, "new-year", "2022")
    assert done.returncode == 0, done.stderr
    assert "（照 content/2021）" in done.stdout
    words = (repository / "content/2022/assessment.yaml").read_text(encoding="utf-8")
    assert "年初目标值: 40个, 目标待确认: 是, 实际完成值: }" in words
    assert perfdoc(repository, "check", "--year", "2022").returncode == 0


def test_a_preview_lists_every_line_and_writes_nothing(repository: Path) -> None:
    before = listing(repository)
    done = perfdoc(repository, "new-year", "2021", "--dry-run")
    assert done.returncode == 0
    out = done.stdout.splitlines()
    assert "   3 - 年度: 2020" in out
    assert "   3 + 年度: 2021" in out
    assert "将写出 content/2021/deviation.md（空的）" in out
    assert listing(repository) == before


def test_what_is_there_is_never_overwritten(repository: Path) -> None:
    folder = repository / "content/2021"
    folder.mkdir()
    (folder / "improvement.md").write_text("写好的", encoding="utf-8")
    for flags in ([], ["--dry-run"]):
        done = perfdoc(repository, "new-year", "2021", *flags)
        assert done.returncode == 2
        assert "已经有 content/2021/improvement.md，没有写出任何文件" in done.stderr
    assert [p.name for p in folder.iterdir()] == ["improvement.md"]
    assert (folder / "improvement.md").read_text(encoding="utf-8") == "写好的"


def lay_out_projects(root: Path) -> None:
    for name in ("2020/projects/尾水管道", "2019/projects/旧项目", "智造园/2020"):
        shutil.copytree(ROOT / "content" / "2020", root / "content" / name)
    for path in root.glob("content/2019/**/assessment.yaml"):
        replace(path.relative_to(root).as_posix(), "年度: 2020", "年度: 2019")(root)


def test_all_folders_of_the_year_are_opened_each_from_its_own(repository: Path) -> None:
    lay_out_projects(repository)
    done = perfdoc(repository, "new-year", "2021")
    assert done.returncode == 0, done.stderr
    opened = sorted(p.parent.relative_to(repository / "content").as_posix() for p in repository.glob("content/**/assessment.yaml") if "2021" in p.parts)  # fmt: skip
    assert opened == ["2021", "2021/projects/尾水管道", "智造园/2021"]


def test_one_of_several_is_opened_by_its_name(repository: Path) -> None:
    lay_out_projects(repository)
    done = perfdoc(repository, "new-year", "2021", "--name", "2020/projects/尾水管道")
    assert done.returncode == 0, done.stderr
    assert sorted(listing(repository / "content/2021")) == [f"projects/尾水管道/{file}" for file in FILES]
    assert perfdoc(repository, "new-year", "2021", "--name", "2020").returncode == 0
    assert (repository / "content/2021/assessment.yaml").is_file()


def test_with_a_department_comes_what_it_is_drawn_from(repository: Path) -> None:
    shutil.rmtree(repository / "content")
    shutil.copytree(ROOT / "tests/judge/three-projects/content", repository / "content")
    done = perfdoc(repository, "new-year", "2022", "--name", "2021/部门")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (repository / "content/2022").iterdir()} == {"部门", "项目甲", "项目乙", "项目丙"}
    words = (repository / "content/2022/部门/assessment.yaml").read_text(encoding="utf-8")
    assert "汇总自: [2022/项目甲, 2022/项目乙, 2022/项目丙]" in words
    assert "2021/" not in words
    assert perfdoc(repository, "check", "--year", "2022").returncode == 0
    assert perfdoc(repository, "build", "--year", "2022").returncode == 0


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.parent.name)
def test_every_form_can_be_opened_for_another_year(repository: Path, sample: Path) -> None:
    (source,) = (line for line in (sample / "assessment.yaml").read_text(encoding="utf-8").splitlines() if line.startswith("年度:"))  # fmt: skip
    year = int(source.split()[1])
    shutil.copytree(sample, repository / "content" / "单位" / str(year))
    done = perfdoc(repository, "new-year", str(year + 1), "--name", f"单位/{year}")
    assert done.returncode == 0, done.stderr
    checked = perfdoc(repository, "check", "--name", f"单位/{year + 1}")
    assert checked.returncode == 0, checked.stdout
    assert perfdoc(repository, "build", "--name", f"单位/{year + 1}").returncode == 0


REFUSED = [
    (["21"], "「21」不是年度，请写四位数字，例如 2021"),
    (["2021", "--from", "去年"], "「去年」不是年度"),
    (["2020"], "没有早于 2020 年度的自评可以照抄。现有：2020"),
    (["2021", "--from", "2019"], "没有早于 2021 年度的自评可以照抄（--from 2019）"),
    (["2021", "--name", "2020/无"], "（--name 2020/无）"),
    ([], "缺少年度"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_wrong_use_exits_2_with_a_sentence(repository: Path, arguments: list[str], sentence: str) -> None:
    done = perfdoc(repository, "new-year", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not (repository / "content/2021").exists()


def test_from_a_year_with_a_fault_nothing_is_opened(repository: Path) -> None:
    replace(A, "分值: 2, 年初目标值: 10次", "分值: 两分, 年初目标值: 10次")(repository)
    done = perfdoc(repository, "new-year", "2021")
    assert done.returncode == 1
    assert f"{A}:37:" in done.stderr
    assert not (repository / "content/2021").exists()


@pytest.mark.skipif("sys.platform == 'win32'", reason="links need rights there")
def test_a_link_does_not_lead_out_of_the_content(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository / "content/2021").symlink_to(tmp_path / "elsewhere")
    done = perfdoc(repository, "new-year", "2021")
    assert done.returncode == 2
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.skipif("sys.platform == 'win32'", reason="a folder cannot be made read-only there")
def test_where_nothing_can_be_written_nothing_is_left(repository: Path) -> None:
    (repository / "content").chmod(0o555)
    done = perfdoc(repository, "new-year", "2021")
    (repository / "content").chmod(0o755)
    if done.returncode:  # an administrator may write everywhere
        assert done.returncode == 2
        assert not (repository / "content/2021").exists()
