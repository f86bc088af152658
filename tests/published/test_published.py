"""Published forms, recomputed: each printed score is reproduced, or reported as differing from its rule."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import pytest
from form_text import form_text
from goldens import agree

from perfdoc.core.assessment import Indicator, Quantity
from perfdoc.core.diagnostics import Severity
from perfdoc.core.quantity import filed, plain
from perfdoc.host.drawing import draw_form
from perfdoc.host.pipeline import Built, Run
from perfdoc.judge.scoring import Score

HERE = Path(__file__).parent
CASES = sorted(p.parent for p in HERE.glob("*/assessment.yaml"))
ANNOUNCED = re.compile(r"(错误|警告|提示) (P\d{3})")
ON_SCORES = {"P104", "P105", "P107", "P301", "P302", "P305", "P307", "P308", "P312", "P313", "P314"}
"""The codes that speak of scores; what else a published form lacks is not asked here."""


def build(tmp_path: Path, case: Path) -> Built:
    """Lay out a content repository that holds one published form, draw its page, and build it."""
    templates, folder = tmp_path / "templates" / case.name, tmp_path / "content" / case.name
    templates.mkdir(parents=True)
    folder.mkdir(parents=True)
    shutil.copy(case / "form.yaml", templates)
    for file in (case / "assessment.yaml", *case.glob("*.md")):
        shutil.copy(file, folder)
    drawing = draw_form(tmp_path, case.name)
    assert drawing is not None
    assert drawing.faults == ()
    drawing.path.write_bytes(drawing.data)
    return Run(tmp_path).build(case.name)


def announced(case: Path) -> list[tuple[int, str, str]]:
    """List what a form's file announces: line, severity, code."""
    lines = (case / "assessment.yaml").read_text(encoding="utf-8").splitlines()
    return sorted(
        (number, *found)
        for number, line in enumerate(lines, start=1)
        for found in ANNOUNCED.findall(line.partition("#")[2])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the rows of one form."""

    rows: int = 0
    unweighed: int = 0
    counted: int = 0
    reproduced: int = 0
    differing: int = 0
    refused: int = 0
    graded: int = 0
    blank: int = 0
    budget_reproduced: int = 0
    budget_differing: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(astuple(self), astuple(other), strict=True)
        names = (field.name for field in fields(self))
        return Counts(**{name: a + b for name, (a, b) in zip(names, pairs, strict=True)})


def outcome(indicator: Indicator, score: Score) -> str:
    """Say in one word what became of a row."""
    if score.obstacle is not None:
        return "算不出"
    if not score.weight:
        return "无分值"
    if score.value is None or score.figure is None:
        return "空白"
    alike = "一致" if score.value == score.figure else "不一致"
    measured = isinstance(indicator.target, Quantity) and isinstance(indicator.actual, Quantity)
    return alike if measured else f"{alike}（文字）"


def verdicts(built: Built) -> Iterator[tuple[str, Score, str]]:
    """Yield each budget line that was scored and each row, with its score and what became of it."""
    scored = built.evaluation.scored
    assert scored is not None
    for line in scored.budget:
        if line.weight and line.figure is not None:
            yield "预算", line, "一致" if line.value == line.figure else "不一致"
    for indicator, score in scored.indicators():
        yield "指标", score, outcome(indicator, score)


def counts(built: Built) -> Counts:
    found = list(verdicts(built))
    rows = [word for kind, _, word in found if kind == "指标"]
    lines = [word for kind, _, word in found if kind == "预算"]
    return Counts(
        rows=len(rows),
        unweighed=rows.count("无分值"),
        counted=rows.count("一致") + rows.count("不一致"),
        reproduced=rows.count("一致"),
        differing=rows.count("不一致"),
        refused=rows.count("算不出"),
        graded=sum(word.endswith("（文字）") for word in rows),
        blank=rows.count("空白"),
        budget_reproduced=lines.count("一致"),
        budget_differing=lines.count("不一致"),
    )


def listing(built: Built) -> str:
    """Write the printed score beside the computed one, a row a line."""
    lines = []
    for _, score, word in verdicts(built):
        given = "，".join(f"{i.name} {i.text}" for i in score.inputs)
        printed = "—" if score.filed is None else filed(score.filed)
        computed = "—" if score.value is None else plain(score.value)
        lines.append(
            f"{word}：{score.name}（分值 {plain(score.weight)}；{given}）印 {printed}，算 {computed}\n"
        )
    return "".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_score_that_departs_from_its_rule_is_reported_and_no_other(
    case: Path,
    tmp_path: Path,
    accept: bool,  # noqa: FBT001
) -> None:
    built = build(tmp_path, case)
    reported = [(d.place.line, d.severity.value, d.code) for d in built.diagnostics if d.code in ON_SCORES]
    assert sorted(reported) == announced(case), "\n".join(map(str, built.diagnostics))
    agree(case / "scores.txt", listing(built), accept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_published_form_is_printed_as_it_was_published(
    case: Path,
    tmp_path: Path,
    accept: bool,  # noqa: FBT001
) -> None:
    built = build(tmp_path, case)
    assert [str(d) for d in built.diagnostics if d.severity is Severity.ERROR] == []
    (document,) = (data for path, data in built.files.items() if path.suffix == ".docx")
    agree(case / "form.txt", form_text(document), accept)


KNOWN = [
    line.split(" ", 2)
    for line in (HERE / "known.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_known_to_be_wrong_with_a_published_form_is_found(case: Path, tmp_path: Path) -> None:
    found = [(d.code, d.message) for d in build(tmp_path, case).diagnostics]
    missed = [
        f"{code} {words}"
        for form, code, words in KNOWN
        if form == case.name[:2] and not any(code == c and words in message for c, message in found)
    ]
    assert not missed, found


TOTALS = {"02": "100", "04": "99.6", "09": "100", "18": "96"}
"""The totals that are printed on forms whose every row was seen."""


@pytest.mark.parametrize("case", [c for c in CASES if c.name[:2] in TOTALS], ids=lambda case: case.name)
def test_the_printed_scores_add_up_to_the_printed_total(case: Path, tmp_path: Path) -> None:
    scored = build(tmp_path, case).evaluation.scored
    assert scored is not None
    assert scored.total.printed is not None
    assert plain(scored.total.printed) == TOTALS[case.name[:2]]


HEAD = "表\t行\t无分值\t可算\t一致\t不一致\t算不出\t文字\t空白\t预算一致\t预算不一致\n"


def test_the_published_scores_are_counted(
    tmp_path: Path,
    accept: bool,  # noqa: FBT001
    capsys: pytest.CaptureFixture[str],
) -> None:
    table, total = HEAD, Counts()
    for number, case in enumerate(CASES):
        one = counts(build(tmp_path / str(number), case))
        table += "\t".join((case.name[:2], *map(str, astuple(one)))) + "\n"
        total += one
    table += "\t".join(("合计", *map(str, astuple(total)))) + "\n"
    with capsys.disabled():
        print(f"\n{table.expandtabs(8)}", end="")  # noqa: T201 -- the table is what is asked for
    agree(HERE / "table.txt", table, accept)
