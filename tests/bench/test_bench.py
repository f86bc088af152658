"""The benchmark runs and measures everything; how fast anything is, is not a test's business."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_benchmark_measures_every_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from tools import bench  # noqa: PLC0415 -- found only now

    monkeypatch.setattr(bench, "RESULT", tmp_path / "bench.json")
    assert bench.main(quick=True) == 0
    rows = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["rows"]
    lines = capsys.readouterr().out.splitlines()
    assert len(rows) == (10 if bench.WHOLE_PROCESSES else 8)
    for row, line in zip(rows, lines[1:], strict=False):
        assert line.startswith(row["what"])
        assert row["ours"] > 0
        assert row["ratio"] > 0
        assert line.endswith(("达到", "未达到")) == (row["goal"] is not None)


@pytest.mark.slow
def test_two_sides_that_differ_are_not_compared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from tools import bench  # noqa: PLC0415 -- found only now

    monkeypatch.setattr(bench, "RESULT", tmp_path / "bench.json")
    monkeypatch.setattr(bench, "_body", lambda file: file.getvalue())
    assert bench.main(quick=True) == 1
    assert "docxtpl 与本项目生成的正文不同" in capsys.readouterr().err
    assert not (tmp_path / "bench.json").exists()
