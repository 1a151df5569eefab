"""Fixtures of whole commands."""

import pytest
from tests.support.commands import HandIn
from tests.support.final_figures import hand_in_scaled


@pytest.fixture
def scaled(small: HandIn) -> None:
    """The current folder with sheets whose ranking has figures beside the total."""
    hand_in_scaled(small)
