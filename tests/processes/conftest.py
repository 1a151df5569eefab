"""Fixtures of the tests that start processes."""

from pathlib import Path

import pytest
from tests.support.processes import write_province


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with enough sheets for worker processes."""
    return write_province(tmp_path_factory.mktemp("province"))
