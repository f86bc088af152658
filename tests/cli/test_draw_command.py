"""`perfdoc draw`: the first Word template of a form, written once."""

import shutil
from pathlib import Path

import pytest
from commands import perfdoc

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "templates/hubei-project/attachment.docx"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A content repository whose one form has no Word template yet."""
    folder = tmp_path / TEMPLATE
    folder.parent.mkdir(parents=True)
    (tmp_path / "content").mkdir()
    shutil.copy(ROOT / "templates/hubei-project/form.yaml", folder.parent)
    return tmp_path


@pytest.mark.parametrize("named", ["hubei-project", "templates/hubei-project/"])
def test_the_template_is_drawn_and_what_comes_next_is_said(repository: Path, named: str) -> None:
    done = perfdoc(repository, "draw", named)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"已画出 {TEMPLATE}\n接下来用 Word 或 WPS 打开它")
    assert (repository / TEMPLATE).read_bytes().startswith(b"PK")


def test_a_template_that_is_there_is_never_drawn_over(repository: Path) -> None:
    (repository / TEMPLATE).write_bytes(b"restyled")
    done = perfdoc(repository, "draw", "hubei-project")
    assert done.returncode == 2
    assert "没有改动" in done.stderr
    assert (repository / TEMPLATE).read_bytes() == b"restyled"


def test_a_link_to_nothing_is_not_written_through(repository: Path) -> None:
    (repository / TEMPLATE).symlink_to(repository / "elsewhere.docx")
    assert perfdoc(repository, "draw", "hubei-project").returncode == 2
    assert not (repository / "elsewhere.docx").exists()


@pytest.mark.parametrize("name", ["nothing", "..", "../content", "hubei-project/x", ""])
def test_a_form_that_is_not_there_is_named_beside_those_that_are(repository: Path, name: str) -> None:
    done = perfdoc(repository, "draw", name)
    assert done.returncode == 2
    assert "现有的表式：hubei-project。" in done.stderr


def test_faults_of_the_form_are_said_at_their_lines_and_nothing_is_drawn(repository: Path) -> None:
    form = repository / "templates/hubei-project/form.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("样式: 表题", "样式: 大标题"), encoding="utf-8")
    done = perfdoc(repository, "draw", "hubei-project")
    assert done.returncode == 1
    line = 1 + text[: text.index("样式: 表题")].count("\n")
    assert f"templates/hubei-project/form.yaml:{line}:" in done.stderr
    assert "没有「大标题」这种样式" in done.stderr
    assert not (repository / TEMPLATE).exists()


def test_a_missing_template_is_drawn_as_the_message_says(repository: Path) -> None:
    shutil.copytree(ROOT / "templates/hubei-project/sample", repository / "content/sample")
    missing = perfdoc(repository, "build")
    assert missing.returncode == 1
    assert "运行 perfdoc draw hubei-project 画出初稿" in missing.stderr + missing.stdout
    assert perfdoc(repository, "draw", "hubei-project").returncode == 0
    built = perfdoc(repository, "build")
    assert built.returncode == 0, built.stderr
