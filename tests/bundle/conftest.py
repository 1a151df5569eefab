"""Fixtures of the tests on bundles."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _unmeasured() -> Iterator[None]:
    """Let no program that a test starts be measured: coverage is of epa_score in tests alone.

    Measured, PyInstaller takes twice as long, and an export imports coverage as well.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("COVERAGE_"):
                patch.delenv(name)
        yield
