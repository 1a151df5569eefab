"""Files as bytes: read whole, and a finding where they cannot be."""

import os
import stat
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from epa_score.diagnostics import Kind
from epa_score.readers.files import read_file
from epa_score.readers.source import MOST_BYTES, read_bytes


def test_a_file_that_cannot_be_read_is_a_finding(folder: Path) -> None:
    (folder / "folder.yaml").mkdir()
    for path, variant in (("missing.yaml", "missing"), ("folder.yaml", "special")):
        data, (source,) = read_file(path)
        assert data == b""
        assert [(one.kind, one.variant) for one in source.findings] == [
            (Kind.FILE_UNREADABLE, variant)
        ]
        assert source.findings[0].parameters["reason"]


def test_the_standard_input_is_read_as_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO("单位: 甲镇\n".encode())))
    data, (source,) = read_file("-")
    assert (source.path, source.value, source.findings) == ("<stdin>", {"单位": "甲镇"}, [])
    assert data == "单位: 甲镇\n".encode()


def test_a_standard_input_that_is_closed_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    _, (source,) = read_file("-")
    assert [one.kind for one in source.findings] == [Kind.FILE_UNREADABLE]
    assert source.findings[0].parameters["reason"]


@pytest.mark.parametrize("size", [0, 3, 10**9])
def test_a_file_that_grows_or_shrinks_is_read_to_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path = folder / "sheet.yaml"
    path.write_text("a: 1\nb: 2\n", "utf-8")
    status = [*path.stat()]
    status[stat.ST_SIZE] = size
    monkeypatch.setattr(os, "fstat", lambda _descriptor: os.stat_result(status))
    assert read_bytes(str(path)) == b"a: 1\nb: 2\n"


def test_no_more_than_a_byte_too_many_is_read(folder: Path) -> None:
    path = folder / "sheet.yaml"
    path.write_text("a" * (MOST_BYTES + 1000), "utf-8")
    assert len(read_bytes(str(path))) == MOST_BYTES + 1


def test_a_path_without_an_ending_is_named_as_such(folder: Path) -> None:
    (folder / "sheet").write_text("a: 1\n", "utf-8")
    _, (source,) = read_file("sheet")
    assert [one.parameters["suffix"] for one in source.findings] == ["-"]
