"""How many files one enters to follow a score: `benchmarks/journeys.py` counts them."""

import re
import subprocess
import sys

import pytest
from tests.support.paths import ROOT

pytestmark = pytest.mark.process


def test_the_files_of_each_journey_are_counted_and_named() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "journeys.py")],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr
    blocks = [block.splitlines() for block in done.stdout.strip().split("\n\n")]
    assert len(blocks) == 4
    above = False
    for head, *names in blocks:
        numbers = re.fullmatch(r"[a-z ]+: ([0-9]+), at most ([0-9]+)", head)
        assert numbers, head
        found, most = map(int, numbers.groups())
        assert found == len(names) == len(set(names)) > 10
        above |= found > most
    assert not above
    assert done.returncode == 0
