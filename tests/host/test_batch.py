"""Many units at once: the same answers in the same order, wherever the jobs run."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from perfdoc.host import batch

ROOT = Path(__file__).parents[2]


def job(name: str) -> int:
    print(f"{name} 已生成")  # noqa: T201 -- what a job prints is kept for its answer
    print("警告", file=sys.stderr)  # noqa: T201
    return int(name) % 3


@pytest.mark.parametrize("names", [["1"], [str(n) for n in range(50)]])
def test_answers_come_in_the_order_of_the_names(names: Sequence[str]) -> None:
    found = list(batch.answers(job, names))
    assert [answer.out for answer in found] == [f"{name} 已生成\n" for name in names]
    assert [answer.code for answer in found] == [int(name) % 3 for name in names]
    assert {answer.err for answer in found} == {"警告\n"}


def test_the_executor_does_not_matter() -> None:
    names = [str(n) for n in range(20)]
    with ThreadPoolExecutor(1) as threads:
        assert list(batch.answers(job, names, threads)) == list(batch.answers(job, names))


@pytest.mark.slow
def test_a_thousand_units_are_built_as_one_is_and_a_bad_one_stops_none(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    count = batch.WORTH_SHARING + 5
    for number in range(count):
        shutil.copytree(ROOT / "content" / "2020", tmp_path / "content" / f"{number:03}" / "2020")
    bad = tmp_path / "content" / "007" / "2020" / "assessment.yaml"
    bad.write_text("年度：2020\n", encoding="utf-8")

    def build() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "perfdoc", "build"],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
            check=False,
        )

    done = build()
    assert done.returncode == 1
    assert "007/2020：有错误，没有生成" in done.stderr
    assert "Traceback" not in done.stderr
    made = sorted(tmp_path.glob("build/*/2020/*.docx"))
    assert len(made) == count - 1
    assert len({path.read_bytes() for path in made}) == 1
    named = [line.split("：")[0] for line in done.stdout.splitlines() if "还没有生成过" in line]
    assert named == [f"{number:03}/2020" for number in range(count)]
    again = build()
    assert again.stdout.count("没有变化") == count - 1
