"""`form --xlsx`: workbooks to fill in, and ranked beside sheets in YAML."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.commands import HandIn, Run
from tests.support.forms import (
    edited,
    put,
)

from epa_score.diagnostics import Location


@pytest.mark.usefixtures("folder")
def test_forms_are_written_for_each_unit_of_the_rubric(run: Run) -> None:
    outcome = run("form", "--rubric", "departments", "--xlsx")
    assert outcome.code == 0
    assert len(outcome.text.split()) == 21
    assert outcome.text.split()[0] == str(Path("forms", "县商务局.xlsx"))
    faulty = run("validate", "forms", "--format", "concise")
    assert faulty.text.count("EPA105") == 21


def test_forms_are_written_for_a_roster(folder: Path, run: Run) -> None:
    (folder / "名单.txt").write_text("# 2018\n甲镇\n\n乙镇\n", "utf-8")
    outcome = run("form", "--rubric", "township", "--xlsx", "--roster", "名单.txt", "-o", "表")
    assert outcome.text.split() == [str(Path("表", "甲镇.xlsx")), str(Path("表", "乙镇.xlsx"))]
    assert run("form", "--rubric", "township", "--roster", "没有.txt").code == 1
    (folder / "gbk.txt").write_bytes("甲镇".encode("gbk"))
    assert "unit: 甲镇" in run("form", "--rubric", "township", "--roster", "gbk.txt").text


def test_one_form_is_written_to_the_folder_of_forms(folder: Path, run: Run) -> None:
    path = Path("forms", "评分表.xlsx")
    assert run("form", "--rubric", "township", "--xlsx").text == f"{path}\n"
    again = run("form", "--rubric", "township", "--xlsx")
    assert (again.code, again.text) == (0, "")
    assert run("form", "--rubric", "township", "--xlsx", "--force").text == f"{path}\n"
    outcome = run("form", "--rubric", "township", "--xlsx", "-o", "x.xlsx", "--fonts", "plain")
    assert outcome.text == "x.xlsx\n"
    rows = load_workbook(folder / "x.xlsx").worksheets[0].iter_rows()
    fonts = {cell.font.name for row in rows for cell in row}
    assert "宋体" in fonts
    assert "仿宋_GB2312" not in fonts
    assert "没有填" in run("validate", "x.xlsx").text


def test_forms_and_yaml_sheets_are_ranked_together(small: HandIn, folder: Path, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    run("form", "--rubric", "small", "--unit", "乙镇", "--xlsx", "-o", "scores/乙镇.xlsx")
    workbook = load_workbook(folder / "scores" / "乙镇.xlsx")
    for item, points in (("A1", 1), ("A2", 2.5), ("B1", 0)):
        put(item, "E", points)(workbook)
    workbook.save(folder / "scores" / "乙镇.xlsx")
    lines = run("rank").text.splitlines()
    assert [line.split("\t")[:2] for line in lines[1:]] == [["1", "甲镇"], ["2", "乙镇"]]
    assert "3.5" in lines[2]
    assert run("validate", "--format", "json").code == 0


def test_programs_hear_the_cell(folder: Path, run: Run) -> None:
    (folder / "甲.xlsx").write_bytes(edited(put("A3", "E", 9)))
    assert '"cell": "评分表!E7"' in run("validate", "甲.xlsx", "--format", "json").text
    assert run("validate", "甲.xlsx", "--format", "concise").text.startswith("甲.xlsx 评分表!E7: ")
    assert str(Location("甲.xlsx", 7, 5, cell="评分表!E7")) == "甲.xlsx 评分表!E7"
