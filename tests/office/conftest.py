"""Fixtures of the tests with LibreOffice."""

import pytest
from tests.support.office import Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, started once for each format that the tests ask for."""
    return Office(tmp_path_factory.mktemp("office"))
