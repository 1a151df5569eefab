"""Every pair of readings on `docs/readings.md` comes to the figures of the page."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.commands import Run
from tests.support.paths import ROOT
from tests.support.rubrics import (
    read_example,
    read_scores,
    read_sheet_text,
    sheet_of_scores,
)

from epa_score import Rubric, ScoreSheet, rank, score, score_panel
from epa_score.i18n import plain

PAGE = (ROOT / "docs" / "readings.md").read_text("utf-8")
PART = re.compile(r"^## (.*)$", re.MULTILINE)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| (without )?`([^`]+)` \| ([^|]+) \|$", re.MULTILINE)
REFUSED = re.compile(r"[Ww]ithout .*? refused \((EPA\d+)\)", re.DOTALL)
SOURCE = re.compile(r"^(.+): (.+) of (\d+)(?:, bonus (\d+))?$", re.MULTILINE)


class Reading(NamedTuple):
    """One row of a table: what to write, and what the example comes to then."""

    setting: str
    left_out: bool
    figure: str


class Example(NamedTuple):
    """A rubric or a composite result with its sheets, and the readings that it may have."""

    text: str
    sheets: str
    refused: str
    readings: list[Reading]

    def with_reading(self, reading: Reading) -> str:
        """The text with one of the readings in place of the first one."""
        first = self.readings[0].setting
        assert first in self.text
        if reading.left_out:
            return self.text.replace(f"{first}, ", "")
        return self.text.replace(first, reading.setting)

    def without_reading(self) -> str:
        """The text without a choice: a pool is one all the same, other settings are left out."""
        first = self.readings[0].setting
        if first.startswith("pool"):
            return self.text.replace(first, "pool: true")
        return re.sub(rf"(, )?{re.escape(first)}(?(1)|(, |\n *))", "", self.text)


def examples_in(page: str) -> dict[str, Example]:
    _, *parts = PART.split(page)
    found = {}
    for title, part in zip(parts[::2], parts[1::2], strict=True):
        if BLOCK.search(part):
            text, sheets = BLOCK.findall(part)
            rows = [Reading(row[3], bool(row[2]), row[4]) for row in ROW.findall(part)]
            found[title] = Example(text, sheets, "".join(REFUSED.findall(part)), rows)
    return found


EXAMPLES = examples_in(PAGE)
READINGS = [
    pytest.param(title, reading, id=f"{title}-{reading.setting}")
    for title, one in EXAMPLES.items()
    for reading in one.readings
]
CHOICES = [title for title, one in EXAMPLES.items() if one.refused]


def sheets_in(rubric: Rubric, text: str) -> list[ScoreSheet]:
    if not text.startswith("rubric:"):
        return [sheet_of_scores(rubric, text)]
    read = [read_sheet_text(rubric, one) for one in text.split("---\n")]
    return [one.sheet for one in read if one.sheet is not None]


def figure_of(text: str, sheets_text: str) -> str:
    """The total of one unit; the ranks of several, with their totals and bands."""
    read = read_example(text)
    rubric = read.rubric
    assert rubric is not None, read.diagnostics
    sheets = sheets_in(rubric, sheets_text)
    assert len(sheets) == len(sheets_text.split("---\n"))
    if rubric.panel is not None:
        return plain(score_panel(rubric, sheets).total)
    results = [score(rubric, one) for one in sheets]
    if len(results) == 1:
        return plain(results[0].total)
    places = {}
    groups = [name for name, _ in rubric.groups]
    for group in groups or [""]:
        ranking = rank(rubric, results, group=group)
        for one in ranking.placings:
            band = "" if one.band is None else f", {one.band.name}"
            places[one.result.unit] = f"{one.rank} ({plain(one.result.total)}{band})"
    totals = {one.unit: f"- ({plain(one.total)})" for one in results}
    return "; ".join(f"{unit} {place}" for unit, place in (totals | places).items())


def write_composite(text: str, figures: str) -> None:
    """The file of a composite result, and rubrics of one item with sheets of one unit."""
    Path("year.yaml").write_text(text, "utf-8")
    Path("rubrics").mkdir()
    for source, totals, full, bonus in SOURCE.findall(figures):
        (name,) = re.findall(rf"name: {source}, .*rubric: (\w+)", text)
        item = f"{{id: A1, max: {full}, text: 日常工作。}}"
        section = f"{{id: A, title: 工作, max: {full}, items: [{item}]}}"
        rubric = f"id: {name}\ntitle: {source}\ntotal: {full}\nsections: [{section}]\n"
        added = ""
        if bonus:
            kind = f"{{id: J1, text: 酌情加分。, judged: true, max: {bonus}}}"
            rubric += f"adjustments: {{bonus: {{items: [{kind}]}}}}\n"
            added = f"adjustments: {{J1: {{score: {bonus}, note: 获省级表彰}}}}\n"
        Path("rubrics", f"{name}.yaml").write_text(rubric, "utf-8")
        Path(name).mkdir()
        for number, total in enumerate(totals.split(", "), 1):
            head = f"rubric: {name}\nunit: 示例甲镇\nperiod: 第{number}期\n"
            sheet = f"{head}scores: {{A1: {total}}}\n{added}"
            Path(name, f"{number}.yaml").write_text(sheet, "utf-8")


@pytest.mark.parametrize(("title", "reading"), READINGS)
def test_a_reading_comes_to_what_the_page_says(
    title: str, reading: Reading, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = EXAMPLES[title]
    text = example.with_reading(reading)
    if not text.startswith("composite:"):
        assert figure_of(text, example.sheets) == reading.figure
        return
    monkeypatch.chdir(tmp_path)
    write_composite(text, example.sheets)
    (row,) = json.loads(run("rank", "--composite", "year.yaml", "--format", "json").text)
    assert row["total"] == reading.figure


@pytest.mark.parametrize("title", CHOICES)
def test_what_says_neither_reading_is_refused(
    title: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = EXAMPLES[title]
    text = example.without_reading()
    assert text != example.text
    if text.startswith("composite:"):
        monkeypatch.chdir(tmp_path)
        write_composite(text, example.sheets)
        said = run("rank", "--composite", "year.yaml").said
        assert re.findall(r"EPA\d+", said) == [example.refused], said
        return
    read = read_example(text)
    found = [one.kind.code for one in read.diagnostics]
    if read.rubric is not None:
        by_line = example.sheets.startswith("rubric:")
        sheet = (read_sheet_text if by_line else read_scores)(read.rubric, example.sheets)
        found += [one.kind.code for one in sheet.diagnostics]
    assert found == [example.refused]


def test_each_table_has_readings_that_differ() -> None:
    assert len(EXAMPLES) >= 12
    assert len(CHOICES) >= 7
    for one in EXAMPLES.values():
        assert len({reading.figure for reading in one.readings}) >= 2
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and "`" in line]
    assert len(rows) == len(READINGS)
