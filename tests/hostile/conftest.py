"""Fixtures of hostile files."""

import os

import pytest
from tests.support.limits import Runner
from tests.support.paths import ROOT

from epa_score.cli.main import main


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot copy a process")
    main(
        ["--lang", "en", "--quiet", "total", str(ROOT / "examples" / "scores"), "--format", "json"]
    )
    return Runner(tmp_path_factory.mktemp("limited"))
