""""""

import errno
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn, Run, codes
from tests.support.processes import (
    EXPORTS,
    files,
    one_line,
    posix,
)


def nothing_else(folder: Path, before: dict[str, bytes]) -> None:
    """No file was changed, and none was left."""
    assert files(folder) == before


@pytest.mark.parametrize("option", EXPORTS)
def test_a_full_disk_leaves_the_old_file(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", option).code == 0
    before = files(Path.cwd())
    real = os.fdopen

    class Full:
        """A file on a full disk."""

        def __init__(self, file: BinaryIO) -> None:
            self.file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            self.file.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def writelines(self, lines: Iterable[bytes]) -> None:
            for line in lines:
                self.write(line)

    def full(*arguments: Any, **keywords: Any) -> Full:
        return Full(real(*arguments, **keywords))

    monkeypatch.setattr(os, "fdopen", full)
    outcome = run("export", option, "--force", lang="en")
    assert (outcome.code, outcome.out) == (3, b"")
    assert codes(outcome.said) == ["EPA902"]
    assert "No space left" in outcome.said
    nothing_else(Path.cwd(), before)


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "open in Excel"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "quota"),
    ],
    ids=["locked", "broken", "quota"],
)
def test_a_target_that_is_locked_or_broken_is_kept(
    small: HandIn,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    error: OSError,
    said: str,
) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--xlsx").code == 0
    before = files(Path.cwd())

    def fail(*_: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(os, call, fail)
    outcome = run("export", "--xlsx", "--force", lang="en")
    assert (outcome.code, outcome.out) == (3, b"")
    assert codes(outcome.said) == ["EPA902"]
    assert said in outcome.said
    assert WORKBOOK in outcome.said
    nothing_else(Path.cwd(), before)


def test_an_interrupted_write_leaves_the_old_file(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("甲镇", FULL_MARKS)
    assert run("export", "--xlsx").code == 0
    before = files(Path.cwd())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    outcome = run("export", "--xlsx", "--force", lang="en")
    assert (outcome.code, outcome.out) == (130, b"")
    assert one_line(outcome.said)
    nothing_else(Path.cwd(), before)


PLACES: list[tuple[list[str], str]] = [
    (["export", "--xlsx", "-o", "nowhere/out"], "no such folder"),
    (["export", "--json", "-o", "rubrics/small.yaml/out"], "folder"),
    (["export", "--md", "-o", "taken.md"], ""),
    (["export", "--csv", "-o", "x" * 300], "name too long"),
    (["form", "--rubric", "small", "-o", "rubrics/small.yaml/forms"], ""),
    (["form", "--rubric", "small", "--unit", "甲", "乙", "-o", "rubrics/small.yaml"], ""),
    (["form", "--rubric", "small", "-o", "nowhere/甲.yaml"], "no such folder"),
]


@pytest.mark.parametrize(("arguments", "said"), PLACES, ids=[one[0][-1][:20] for one in PLACES])
def test_a_place_that_cannot_be_written_is_named(
    small: HandIn, run: Run, arguments: list[str], said: str
) -> None:
    small("甲镇", FULL_MARKS)
    Path("taken.md").mkdir()
    (Path("taken.md") / "排名汇总.md").mkdir()
    before = files(Path.cwd())
    for force in ([], ["--force"]):
        outcome = run(*arguments, *force, lang="en")
        assert (outcome.code, outcome.out) == (3, b""), outcome.said
        assert one_line(outcome.said)
        assert codes(outcome.said)[0] in {"EPA902", "EPA904"}
        assert said.lower() in outcome.said.lower()
        nothing_else(Path.cwd(), before)


@posix
def test_a_read_only_folder_is_reported(examples: Path, run: Run) -> None:
    closed = examples / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    try:
        if os.access(closed, os.W_OK):  # root writes everywhere but into the kernel's own folders
            closed = Path("/proc/self")
        outcome = run("export", "--json", "-o", closed / "out", lang="en")
    finally:
        (examples / "closed").chmod(0o755)
    assert (outcome.code, outcome.out) == (3, b"")
    assert codes(outcome.said) == ["EPA902"]
    assert one_line(outcome.said)
