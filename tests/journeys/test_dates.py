"""Dates of assessment in doubt: every command goes on, says so, and loses nothing."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn, Run
from tests.support.forms import SHELF, edited, example, form, second_date, taken, typed

from epa_score.model import ScoreSheet
from epa_score.readers.sheets import read_sheet

COMMANDS = [
    ("validate",),
    ("rank", "--rubric", "small"),
    ("total",),
    ("export", "--rubric", "small", "--xlsx"),
    ("status", "--rubric", "small", "--roster", "名单.txt"),
    ("explain", "--unit", "甲镇", "--rubric", "small"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=[command[0] for command in COMMANDS])
def test_a_date_in_doubt_stops_no_command(
    command: tuple[str, ...], small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", FULL_MARKS, "date: 去年年底")
    small("乙镇", FULL_MARKS, "date: 2018年12月20日至22日")
    (folder / "名单.txt").write_text("甲镇\n乙镇\n", "utf-8")
    outcome = run(*command)
    assert outcome.code == 0, outcome.said
    seen = outcome.text + outcome.said
    assert seen.count("EPA027") == 1
    assert "12月20日至22日" not in seen.partition("EPA027")[2].partition("提示")[0]


def test_the_date_of_an_incomplete_sheet_makes_it_no_faulty_one(
    small: HandIn, folder: Path, run: Run
) -> None:
    small("甲镇", "A1: 2", "date: 12.20")
    (folder / "名单.txt").write_text("甲镇\n", "utf-8")
    outcome = run("status", "--roster", "名单.txt", "--format", "json")
    assert '"incomplete"' in outcome.text


def test_what_stands_for_the_date_survives_both_ways(folder: Path, run: Run) -> None:
    (folder / "甲.xlsx").write_bytes(edited(typed("F2", "去年 12.20")))
    outcome = run("convert", "甲.xlsx")
    assert outcome.code == 0
    assert "EPA027" in outcome.said
    assert '\ndate: "去年 12.20"\n' in (folder / "甲.yaml").read_text("utf-8")
    outcome = run("convert", "甲.yaml", "-o", "back")
    assert outcome.code == 0
    assert "EPA027" in outcome.said
    sheet = load_workbook(folder / "back" / "甲.xlsx").worksheets[0]
    assert sheet["F2"].value == "去年 12.20"


def test_a_date_that_is_not_taken_is_named_where_a_form_is_converted(
    folder: Path, run: Run
) -> None:
    (folder / "甲.xlsx").write_bytes(edited(second_date))
    outcome = run("convert", "甲.xlsx")
    assert outcome.code == 0
    assert "2019年1月2日" in outcome.said
    assert read_sheet("甲.yaml", SHELF).sheet == example().model_copy(update={"date": None})


def test_a_range_stands_on_a_form_as_it_is_written(folder: Path, run: Run) -> None:
    text = "2018.12.20-12.22"
    sheet = ScoreSheet.model_validate({**example().model_dump(), "date": text})
    (folder / "甲.xlsx").write_bytes(form(sheet))
    assert (there := taken(form(sheet)).sheet) is not None
    assert there.date == text
    outcome = run("export", "甲.xlsx", "--rubric", "township", "--xlsx")
    assert (outcome.code, "EPA027" in outcome.said) == (0, False)
    pages = load_workbook(WORKBOOK).worksheets
    assert any(cell.value == text for page in pages for row in page.iter_rows() for cell in row)
