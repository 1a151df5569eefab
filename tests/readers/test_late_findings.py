"""Where something is wrong that shows only after a file was read and left behind."""

import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from epa_score.cli import batch
from epa_score.diagnostics import Finding, Kind, Place
from epa_score.diagnostics.finding import FileFinding, SheetPlace
from epa_score.i18n import LANGUAGES
from epa_score.readers import files

if TYPE_CHECKING:
    from tests.support.commands import Run

SHEET = "rubric: small\nunit: 甲镇\nscores: {A1: 5, A2: 5}\n"
RUBRIC = """\
id: small
title: 考核
total: 10
sections:
  - {id: A, title: 一, max: 10, items: [{id: A1, max: 5, text: 一}, {id: A2, max: 5, text: 二}]}
"""


@pytest.fixture
def sheet(folder: Path) -> Path:
    """A sound sheet of a rubric that is at hand."""
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(RUBRIC, "utf-8")
    path = folder / "a.yaml"
    path.write_text(SHEET, "utf-8")
    return path


def finding(*keys: str) -> Finding:
    return Finding(Kind.UNIT_SCORED_TWICE, Place(keys), {"unit": "甲镇", "other": "b.yaml"})


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_file_is_read_again_to_find_the_line(sheet: Path) -> None:
    first, second = files.locate(SheetPlace(str(sheet)), [finding("unit"), finding("scores", "A2")])
    assert (first.location.line, first.location.column) == (2, 7)
    assert (second.location.line, second.location.column) == (3, 21)
    assert first.location.excerpt[-1] == (2, "unit: 甲镇")


def test_a_file_that_is_gone_is_still_named(sheet: Path) -> None:
    sheet.unlink()
    (located,) = files.locate(SheetPlace(str(sheet)), [finding("unit")])
    assert (located.location.path, located.location.line) == (str(sheet), None)
    assert located.parameters["other"] == "b.yaml"


def test_what_stdin_held_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for unit in ("甲镇", "乙镇"):
        type_in(monkeypatch, SHEET.replace("甲镇", unit))
        files.read_file("-")
        (located,) = files.locate(SheetPlace("<stdin>"), [finding("unit")])
        assert located.location.excerpt[-1] == (2, f"unit: {unit}")
        assert str(located.location) == "<stdin>:2:7"


def test_findings_in_several_files_read_each_of_them_once(
    sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet.with_name("b.yaml").write_text(SHEET, "utf-8")
    names = [str(sheet), "b.yaml", str(sheet)]
    read: list[str] = []
    real = files.read_file

    def read_file(path: str) -> object:
        read.append(path)
        return real(path)

    monkeypatch.setattr(files, "read_file", read_file)
    located = files.locate_all(FileFinding(SheetPlace(name), finding("unit")) for name in names)
    assert read == [str(sheet), "b.yaml"]
    assert [one.location.path for one in located] == [str(sheet), str(sheet), "b.yaml"]
    assert {one.location.line for one in located} == {2}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("order", [("a.yaml", "-"), ("-", "a.yaml")], ids=["last", "first"])
def test_two_sheets_of_a_unit_are_both_named_where_one_is_stdin(
    order: tuple[str, str], language: str, sheet: Path, run: "Run"
) -> None:
    assert sheet.exists()
    earlier, later = (name.replace("-", "<stdin>") for name in order)
    ranked = run("rank", *order, lang=language, stdin=SHEET.encode())
    assert ranked.code == 1
    headline, *excerpt = ranked.said.splitlines()
    assert headline.startswith(f"{later}:2:7: ")
    assert headline.endswith(f" {earlier}")
    assert any("unit: 甲镇" in line for line in excerpt)
    concise = run("validate", *order, "--format", "concise", lang=language, stdin=SHEET.encode())
    assert concise.text.splitlines() == [headline]
    data = json.loads(
        run("validate", *order, "--format", "json", lang=language, stdin=SHEET.encode()).text
    )
    (found,) = data["diagnostics"]
    assert (found["path"], found["line"], found["data"]["other"]) == (later, 2, earlier)
    assert headline.endswith(found["message"])


def test_among_very_many_files_stdin_is_read_by_the_process_that_has_it(
    sheet: Path, run: "Run", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ENOUGH_FOR_TWO", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    ranked = run("rank", sheet.name, "-", stdin=SHEET.encode())
    assert ranked.said.startswith("<stdin>:2:7: ")
    other = SHEET.replace("甲镇", "乙镇").encode()
    total = run("total", sheet.name, "-", "--format", "json", stdin=other)
    assert [row["unit"] for row in json.loads(total.text)] == ["甲镇", "乙镇"]


def test_assessors_far_from_the_others_are_found_in_their_files(folder: Path, run: "Run") -> None:
    panel = "panel: {method: mean, by: item, minimum: 2, gap: 1}\n"
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "small.yaml").write_text(RUBRIC + panel, "utf-8")
    for assessor, points in (("甲", "A1: 1, A2: 1"), ("乙", "A1: 5, A2: 5")):
        text = f"rubric: small\nunit: 甲镇\nassessor: {assessor}\nscores: {{{points}}}\n"
        (folder / f"{assessor}.yaml").write_text(text, "utf-8")
    outcome = run("validate", "甲.yaml", "乙.yaml", "--format", "json")
    found = json.loads(outcome.text)["diagnostics"]
    places = [(one["path"], one["line"], one["column"]) for one in found]
    assert places == [(f"{one}.yaml", 4, column) for one in "乙甲" for column in (14, 21)]
    assert {one["code"] for one in found} == {"EPA442"}
