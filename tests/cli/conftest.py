"""Fixtures of the command line."""

import pytest

from epa_score.cli.session import Session


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stream is a terminal of 80 columns."""
    monkeypatch.setattr(Session, "is_terminal", lambda _session, _stream: True)
