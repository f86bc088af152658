"""Settings of Hypothesis for all tests: no time limit for a single example, since machines differ.

`HYPOTHESIS_PROFILE=thorough` tries a hundred times as many examples.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("usual", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept", action="store_true", help="rewrite golden files; read every change afterwards"
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Tell whether golden files are to be rewritten."""
    return bool(request.config.getoption("--accept"))
