"""Seven forms that are data alone: drawn from form.yaml, built, checked, explained, compared, carried into a new year.

Each folder of `proofs/` holds a form as some agency prints it, with columns, tables and boxes that no code knows, last
year's assessment (`before.yaml`) and this year's. What the commands say of it stands beside it, to be read.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from goldens import agree

from perfdoc.cli import console
from perfdoc.core.assessment import BudgetLine, Detail, Indicator

HERE = Path(__file__).parent / "proofs"
PROOFS = sorted(path.parent for path in HERE.glob("*/form.yaml"))

Say = Callable[..., str]


@pytest.fixture(params=PROOFS, ids=lambda proof: proof.name)
def proof(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out a repository that holds one form and two years, and draw its template."""
    folder: Path = request.param
    template = tmp_path / "templates" / folder.name
    template.mkdir(parents=True)
    shutil.copy(folder / "form.yaml", template)
    last, this = years(folder)
    for year, file in ((last, "before.yaml"), (this, "assessment.yaml")):
        (tmp_path / "content" / year).mkdir(parents=True)
        shutil.copy(folder / file, tmp_path / "content" / year / "assessment.yaml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    assert console.main(["draw", folder.name]) == 0
    return folder


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command; returns what it printed, and holds it to its exit code."""

    def run(*arguments: str, ends: int = 0) -> str:
        capsys.readouterr()
        code = console.main(arguments)
        said = capsys.readouterr()
        assert code == ends, said.out + said.err
        return said.out

    return run


def years(folder: Path) -> tuple[str, str]:
    written = re.search(
        r"^年度: ([0-9]{4})$", (folder / "assessment.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert written
    return str(int(written[1]) - 1), written[1]


def test_a_form_that_is_data_alone_is_built_checked_explained_compared_and_carried_on(
    proof: Path,
    say: Say,
    accept: bool,  # noqa: FBT001
) -> None:
    last, this = years(proof)
    following = str(int(this) + 1)
    say("build")
    (built,) = Path("build", this).glob("*.docx")
    agree(proof / "printed.txt", say("text", str(built)), accept)
    agree(proof / "checked.txt", say("check"), accept)
    agree(proof / "explained.txt", say("explain", "--year", this), accept)
    agree(proof / "compared.txt", say("diff", last, this), accept)
    for face in ("md", "json", "html", "docx"):
        say("diff", last, this, "--format", face, "--out", f"compared.{face}")
    say("new-year", following)
    renewed = Path("content", following, "assessment.yaml").read_text(encoding="utf-8")
    agree(proof / "next.yaml", renewed, accept)
    assert "错误" not in say("check", "--year", following)
    say("build", "--year", following)


OWN = re.compile(r"键: ([^,}\s]+)")


def own_values(folder: Path) -> Iterator[str]:
    """Yield what stands under a word that no code knows, in this year's assessment."""
    from perfdoc.read.folder import open_assessment  # noqa: PLC0415

    opened = open_assessment(Path.cwd(), Path.cwd() / "content" / years(folder)[1], {})
    assert opened.assessment
    a = opened.assessment
    owners: list[BudgetLine | Indicator | Detail] = [*a.budget, *a.indicators()]
    owners += [detail for indicator in a.indicators() for detail in indicator.details]
    for owner in owners:
        yield from (text for _, text in owner.own)
    yield from (text for table in a.own_tables for row in table.rows for _, text in row)
    yield from (text for _, text in a.facts)


def test_every_word_of_its_own_columns_tables_and_boxes_is_printed(proof: Path, say: Say) -> None:
    say("build")
    (built,) = Path("build", years(proof)[1]).glob("*.docx")
    printed = say("text", str(built))
    values = list(own_values(proof))
    assert values
    assert [value for value in values if value not in printed] == []
