"""What all tests share: the settings of Hypothesis (no time limit for an example), `--accept`, what needs LibreOffice,
and the repository in which every command is tried.

Hypothesis tries twenty examples, so that the usual run stays short. `HYPOTHESIS_PROFILE=full` tries a hundred, as CI does
besides; `thorough` tries ten thousand; `mutation` tries few, always the same.
"""

import os
import shutil
from pathlib import Path

import browser
import pytest
from commands import ROOT
from hypothesis import Phase, settings

from perfdoc.docx.pdf import find

settings.register_profile("usual", deadline=None, max_examples=20)
settings.register_profile("full", deadline=None, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.register_profile(
    "mutation",
    deadline=None,
    max_examples=15,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # nobody reads the smallest example that shows a mutant
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite golden files; read every change afterwards"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs LibreOffice or Chromium where there is none; in CI they have to be there."""
    if os.environ.get("CI"):
        return
    missing = {
        "office": not (find() and shutil.which("pdftotext")) and "no LibreOffice or no poppler",
        "browser": not browser.find() and "no Chromium",
    }
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Tell whether golden files are to be rewritten."""
    return bool(request.config.getoption("--accept"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A content repository of a clerk with one year: content, templates, tasks, no program."""
    root = tmp_path / "资料 库"
    root.mkdir()
    shutil.copytree(ROOT / "content" / "2020", root / "content" / "2020")
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(ROOT / "tasks.py", root)
    return root
