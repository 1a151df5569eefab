"""Results on a terminal, in a pipe and for programs."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from tests.support.commands import (
    FULL_MARKS,
    HandIn,
    Run,
    cells,
)


def test_results_in_a_pipe_are_tab_separated(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    for command in ("rank", "total"):
        found = cells(run(command, "--rubric", "township"))
        assert len({len(line) for line in found}) == 1
        assert len(found) == 17


def test_results_on_a_terminal_are_aligned_with_title_and_rule(
    examples: Path, run: Run, on_terminal: None
) -> None:
    assert on_terminal is None
    assert (examples / "scores").is_dir()
    outcome = run("rank", "--rubric", "township", env={"COLUMNS": "120", "TERM": "dumb"})
    assert outcome.text.startswith("排名汇总：宜阳县电子商务扶贫工作考核评分细则（乡镇）（2018）\n")
    assert "名次规则" in outcome.text
    assert "87.5" in outcome.text
    assert "\t" not in outcome.text


def test_markdown_has_no_markup_from_sheets(small: HandIn, run: Run) -> None:
    hostile = "甲|乙*_`<b>&lt;[x](y)#\\"
    small(f"'{hostile}'", FULL_MARKS)
    text = run("rank", "--format", "md").text
    (line,) = (one for one in text.splitlines() if "甲" in one)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", line.split(" | ")[1]) == hostile
    assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"\|", text.splitlines()[2]))


@pytest.mark.parametrize("unit", ["=1+1", "+1", "-1", "@甲", "＝1", "  =1", "'=1"])
def test_csv_starts_no_formula(small: HandIn, run: Run, unit: str) -> None:
    small(json.dumps(unit), FULL_MARKS)
    name = unit.strip()
    for data in (run("rank", "--format", "csv").out, run("total", "--format", "csv").out):
        table = list(csv.reader(io.StringIO(data.decode())))
        (cell,) = (one for line in table for one in line if name in one)
        assert cell == (name if name.startswith("'") else f"'{name}")
    assert run("export", "--csv").code == 0
    written = Path("排名汇总.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert f"'{name}".removeprefix("''") in written.decode("utf-8-sig")


def test_csv_for_programs_has_no_bom(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    data = run("rank", "--rubric", "township", "--format", "csv").out
    assert data.startswith("名次,单位,".encode())
    assert len(list(csv.reader(io.StringIO(data.decode(), newline="")))) == 17
