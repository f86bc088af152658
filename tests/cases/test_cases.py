"""Every folder here is a case: what it announces is reported, and nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from form_text import form_text
from goldens import agree

from perfdoc.core.diagnostics import Diagnostic
from perfdoc.faces import explain
from perfdoc.host.pipeline import Built, Run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted(p.parent for p in HERE.glob("*/assessment.yaml"))
RULEBOOK = ROOT / "templates" / "hubei-department" / "form.yaml"
NARRATIVES = ("deviation.md", "improvement.md")
ANNOUNCED = re.compile(r"#\s*(错误|警告|提示) (P\d{3})")


def repository(tmp_path: Path, case: Path) -> Path:
    """Lay out a content repository that holds one case."""
    folder = tmp_path / "content" / placed(case)
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    added = case / "form.added.yaml"
    if added.exists():
        form = tmp_path / "templates" / "hubei-department" / "form.yaml"
        form.write_text(
            form.read_text(encoding="utf-8") + added.read_text(encoding="utf-8"), encoding="utf-8"
        )
    shutil.copy(case / "assessment.yaml", folder)
    if (case / "review.yaml").exists():
        shutil.copy(case / "review.yaml", folder)
    for name in NARRATIVES:
        own = case / name
        if not (case / f"{name}.absent").exists():
            shutil.copy(own if own.exists() else HERE / "base" / name, folder)
    if (case / "before.yaml").exists():
        last_year = folder.parent / "2020"
        last_year.mkdir()
        shutil.copy(case / "before.yaml", last_year / "assessment.yaml")
        for name in NARRATIVES:
            own = case / f"before.{name}"
            shutil.copy(own if own.exists() else HERE / "base" / f"before.{name}", last_year / name)
    for part in case.glob("parts/*.yaml"):
        beside = tmp_path / "content" / "parts" / part.stem
        beside.mkdir(parents=True)
        shutil.copy(part, beside / "assessment.yaml")
        for name in NARRATIVES:
            shutil.copy(HERE / "base" / name, beside)
    return tmp_path


def placed(case: Path) -> str:
    """Name the folder of content/ that a case stands in."""
    told = case / "folder.txt"
    return told.read_text(encoding="utf-8").strip() if told.exists() else "2021"


def announced(case: Path) -> list[tuple[str, int, str, str]]:
    """List what a case announces: file, line, severity, code."""
    found = [
        (file.name, number, severity, code)
        for file in (case / "assessment.yaml", case / "review.yaml")
        if file.exists()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        for severity, code in ANNOUNCED.findall(line)
    ]
    added = case / "form.added.yaml"
    if added.exists():
        before = len(RULEBOOK.read_text(encoding="utf-8").splitlines())
        found += [
            ("form.yaml", before + number, severity, code)
            for number, line in enumerate(added.read_text(encoding="utf-8").splitlines(), start=1)
            for severity, code in ANNOUNCED.findall(line)
        ]
    extra = case / "announced.txt"
    for line in extra.read_text(encoding="utf-8").splitlines() if extra.exists() else ():
        place, severity, code = line.split()
        file, number = place.split(":")
        found.append((file, int(number), severity, code))
    return sorted(found)


def reported(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int, str, str]]:
    return sorted((Path(d.place.file).name, d.place.line, d.severity.value, d.code) for d in diagnostics)


def document(built: Built) -> str | None:
    return next((form_text(data) for path, data in built.files.items() if path.suffix == ".docx"), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_announced_is_reported_and_nothing_else_and_errors_alone_forbid_building(
    case: Path,
    tmp_path: Path,
    accept: bool,  # noqa: FBT001
) -> None:
    built = Run(repository(tmp_path, case)).build(placed(case))
    assert reported(built.diagnostics) == announced(case)
    report = "".join(f"{d}\n" for d in built.diagnostics)
    agree(case / "report.txt", report.replace(f"content/{placed(case)}/", "") or None, accept)
    agree(case / "form.txt", document(built), accept)
    assert bool(built.files) is not any(severity == "错误" for _, _, severity, _ in announced(case))


def test_strict_makes_warnings_errors(tmp_path: Path) -> None:
    built = Run(repository(tmp_path, HERE / "P003-full-width-figures"), strict=True).build("2021")
    assert not built.files
    assert [d.severity.value for d in built.diagnostics] == ["错误"]


def test_the_filed_form_of_2020_is_built_and_explained_as_filed(accept: bool) -> None:  # noqa: FBT001
    run = Run(ROOT)
    built = run.build("2020")
    agree(HERE / "2020" / "report.txt", "".join(f"{d}\n" for d in built.diagnostics), accept)
    agree(HERE / "2020" / "form.txt", document(built), accept)
    scored = run.judge("2020").scored
    assert scored is not None
    agree(HERE / "2020" / "explained.txt", "\n".join(explain.tree(scored)) + "\n", accept)


def test_every_check_has_a_case() -> None:
    from perfdoc.checks import CHECKS  # noqa: PLC0415

    covered = {code for case in CASES for _, _, _, code in announced(case)}
    assert {check.code for check in CHECKS} <= covered
