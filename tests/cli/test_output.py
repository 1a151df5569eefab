"""Results on a terminal, in a pipe and for programs."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.support.commands import (
    FULL_MARKS,
    HandIn,
    Run,
    cells,
)
from tests.support.paths import ROOT

from epa_score.i18n import Words


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


# --- a narrow terminal ---------------------------------------------------------------------------

CLOSING = tuple("，。、；：）」』》！？,.;:)")


@pytest.mark.usefixtures("on_terminal")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [30, 50, 80])
def test_no_line_begins_with_closing_punctuation(
    examples: Path, run: Run, columns: int, lang: str
) -> None:
    """Tables, diagnostics, help pages and explanations, in every width."""
    (examples / "faulty").mkdir()
    for path in sorted((ROOT / "examples" / "broken").glob("*.yaml")):
        shutil.copy(path, examples / "faulty")
    shown = [
        run(*arguments, lang=lang, env={"COLUMNS": str(columns), "TERM": "dumb"})
        for arguments in (
            ["rank", "--rubric", "township"],
            ["rank", "--rubric", "departments", "--provisional"],
            ["validate", "faulty"],
            ["rubrics", "show", "township"],
            ["rubrics", "show", "departments"],
            ["rubrics", "list"],
            ["explain", "EPA104"],
            ["explain", "--unit", "示例甲镇"],
            ["form", "--help"],
            ["rank", "--unknown"],
        )
    ]
    lines = [line for one in shown for line in (one.text + one.said).splitlines()]
    assert len(lines) > 200
    assert [line for line in lines if line.strip(" |^").startswith(CLOSING)] == []
    words = Words("en" if lang == "en" else "zh_CN")
    assert words("report.dropped", names="")[:8] in "".join(lines) or columns == 80


@pytest.mark.usefixtures("on_terminal")
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_numbers_of_items_take_no_more_room_than_they_need(run: Run, columns: int) -> None:
    shown = run("rubrics", "show", "township", env={"COLUMNS": str(columns), "TERM": "dumb"})
    lines = shown.text.splitlines()
    assert any(line.endswith("编号  分值  考核内容") for line in lines)
    assert sum(bool(re.search("(^|  )[A-D][0-9] {7}[0-9]  ", line)) for line in lines) == 22


@pytest.mark.usefixtures("on_terminal")
def test_dropped_columns_are_named_below_the_table(examples: Path, run: Run) -> None:
    assert (examples / "scores").is_dir()
    narrow = run("rank", "--rubric", "township", env={"COLUMNS": "40", "TERM": "dumb"})
    *_, note = narrow.text.replace("\n", "").partition("屏幕太窄")
    assert note == (
        "，没有显示的列：领导重视（25）、电子商务人才培训（20）、电子商务推进效果（40）、"
        "信息报送及其他工作（15）"
    )
    wide = run("rank", "--rubric", "township", env={"COLUMNS": "120", "TERM": "dumb"})
    assert "屏幕太窄" not in wide.text


@pytest.mark.usefixtures("on_terminal")
def test_the_place_of_a_finding_is_not_broken(small: HandIn, run: Run) -> None:
    path = small("甲镇", "A1: 9, A2: 4, B1: 4", name="很长很长很长很长很长很长的名字.yaml")
    shown = run("validate", env={"COLUMNS": "20", "TERM": "dumb"}).text.splitlines()
    assert shown[0] == f"{path.relative_to(Path.cwd())}:3:14:"
    assert shown[1].startswith("错误[EPA104]")
    (caret,) = (line for line in shown if "^" in line)
    source = shown[shown.index(caret) - 1]
    assert cell_len(source[: source.index("9")]) == caret.index("^")
