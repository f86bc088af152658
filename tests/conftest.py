"""What all tests share: the settings of Hypothesis (no time limit for an example), `--accept`, what needs LibreOffice.

`HYPOTHESIS_PROFILE=thorough` tries a hundred times as many examples; `mutation` tries few, always the same.
"""

import os
import shutil

import pytest
from hypothesis import Phase, settings

from perfdoc import office

settings.register_profile("usual", deadline=None)
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
    """Leave out what needs LibreOffice where there is none; in CI it has to be there."""
    if os.environ.get("CI") or (office.find() and shutil.which("pdftotext")):
        return
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(pytest.mark.skip(reason="no LibreOffice or no poppler"))


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Tell whether golden files are to be rewritten."""
    return bool(request.config.getoption("--accept"))
