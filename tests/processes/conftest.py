"""Fixtures of the tests that start processes."""

from pathlib import Path

import pytest
from tests.support.commands import SMALL


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with enough sheets for worker processes."""
    folder = tmp_path_factory.mktemp("province")
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(SMALL, "utf-8")
    (folder / "scores").mkdir()
    for number in range(1100):
        points = f"A1: {number % 3}, A2: {number % 5}, B1: {number % 4}.25"
        text = f"rubric: small\nunit: {number:04}镇\nscores: {{{points}}}\n"
        (folder / "scores" / f"{number}.yaml").write_text(text, "utf-8")
    return folder
