"""Full disks, closed pipes and closed streams: one clear line, and the right code."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, HandIn, codes
from tests.support.processes import one_line, posix, shell, start

from epa_score.cli.app import COMMANDS

pytestmark = pytest.mark.process

RESULTS: list[list[str]] = [
    ["rank"],
    ["total", "--format", "csv"],
    ["validate", "--format", "json"],
    ["validate", "scores/faulty.yaml"],
    ["form", "--rubric", "township"],
    ["explain"],
    ["rubrics", "show", "township", "--format", "yaml"],
    ["--help"],
    ["--version"],
]


NO_SHELL = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}

HELP = [
    ["-h"],
    ["--show-completion", "bash"],
    *([command, "--help"] for command in COMMANDS),
    ["rubrics", "list", "-h"],
]
"""The help page of every command, and what typer itself writes."""


@pytest.fixture
def faulty(small: HandIn) -> Path:
    """The current folder with a sound sheet, and a faulty one that is no ordinary sheet."""
    small("甲镇", FULL_MARKS)
    sheet = small("乙镇", "A1: 9, A2: 4, B1: 4", name="faulty.yaml")
    Path("faulty").mkdir()
    sheet.rename("faulty/faulty.yaml")
    return Path.cwd()


def result_arguments(arguments: Sequence[str]) -> list[str]:
    return [one.replace("scores/faulty", "faulty/faulty") for one in arguments]


@posix
@pytest.mark.parametrize("arguments", RESULTS, ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(faulty: Path, arguments: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    assert faulty.is_dir()
    with Path("/dev/full").open("wb") as full:
        outcome = start(*result_arguments(arguments), stdout=full)
    assert outcome.code == 3
    assert "EPA902" in outcome.said
    assert "No space left" in outcome.said


@posix
@pytest.mark.parametrize("arguments", [*RESULTS, *HELP], ids=" ".join)
def test_a_reader_that_has_gone_ends_the_run_quietly(faulty: Path, arguments: list[str]) -> None:
    assert faulty.is_dir()
    reader, writer = os.pipe()
    os.close(reader)
    try:
        # No shell is looked for, which need not be the parent of a test.
        outcome = start(*result_arguments(arguments), stdout=writer, environment=dict(NO_SHELL))
    finally:
        os.close(writer)
    assert outcome.code == 141
    assert outcome.said == ""


@posix
def test_a_reader_that_stops_early_leaves_no_traceback(examples: Path) -> None:
    assert (examples / "scores").is_dir()
    outcome = shell("epa-score rubrics show departments --format yaml | head -n 1")
    assert outcome.text.count("\n") == 1
    assert "Traceback" not in outcome.said
    assert "Exception" not in outcome.said


@posix
def test_a_closed_stdout_is_one_line(faulty: Path) -> None:
    assert faulty.is_dir()
    for line in ("epa-score rank --format json -q", "epa-score -h"):
        outcome = shell(f"{line} >&-")
        assert outcome.code == 3, line
        assert codes(outcome.said) == ["EPA903"]
        assert one_line(outcome.said)


@posix
def test_a_closed_stderr_loses_only_the_messages(faulty: Path) -> None:
    assert faulty.is_dir()
    expected = shell("epa-score rank 2>/dev/null")
    assert expected.code == 0
    assert expected.out
    assert shell("epa-score rank 2>&-") == expected
    assert shell("epa-score rank faulty 2>&-").code == 1
    assert shell("epa-score nonsense 2>&-").code == 2
    assert shell("epa-score rank <&- >&- 2>&-").code == 3


@posix
def test_a_closed_stdin_is_a_finding(faulty: Path) -> None:
    assert faulty.is_dir()
    outcome = shell("epa-score validate - --format concise <&-")
    assert (outcome.code, codes(outcome.text)) == (1, ["EPA018"])
    assert outcome.text.count("\n") == 1
    assert shell("epa-score rank <&-").code == 0


@posix
def test_files_written_with_closed_streams_hold_nothing_else(faulty: Path) -> None:
    assert shell("epa-score export --json -o one").code == 0
    expected = (faulty / "one.json").read_bytes()
    for number, (streams, code) in enumerate({"<&- 2>&-": 0, ">&-": 3, "<&- >&- 2>&-": 3}.items()):
        assert shell(f"epa-score export --json --md -o n{number} {streams}").code == code
        assert (faulty / f"n{number}.json").read_bytes() == expected
        assert (faulty / f"n{number}.md").read_bytes().startswith(b"## ")
