"""Fixtures of the tests with Chromium."""

import pytest
from tests.support.browser import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Chromium, which is started anew for each question."""
    return Browser(tmp_path_factory.mktemp("browser"))
