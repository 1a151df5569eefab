"""`form --xlsx --table`: one table of all units, read by every command."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.commands import Run
from tests.support.forms import edited, example, typed
from tests.support.marks import comments
from tests.support.unit_tables import FIRST, HEADER, at, filled_table, read_table

from epa_score.readers.rubrics import RubricLibrary

_, TOWNSHIP = RubricLibrary().require("township")


def in_table(*edits: Callable[[Any], None]) -> bytes:
    """A table of two units after somebody edited it."""
    units = ("示例甲镇", "示例乙镇")
    data = filled_table(TOWNSHIP, [example().model_copy(update={"unit": unit}) for unit in units])
    for edit in edits:
        data = edited(edit, data)
    return data


@pytest.fixture
def handed(folder: Path) -> Path:
    (folder / "scores").mkdir()
    (folder / "scores" / "全部.xlsx").write_bytes(in_table())
    return folder / "scores" / "全部.xlsx"


def rows_of(path: Path) -> list[Any]:
    sheet = load_workbook(path).worksheets[0]
    return [sheet.cell(row, 1).value for row in range(FIRST, sheet.max_row + 1)]


def test_a_table_has_a_row_for_each_unit(folder: Path, run: Run) -> None:
    assert run("form", "--rubric", "departments", "--xlsx", "--table").text == (
        f"{Path('forms', '登记表.xlsx')}\n"
    )
    assert "县商务局" in rows_of(folder / "forms" / "登记表.xlsx")
    again = run("form", "--rubric", "departments", "--xlsx", "--table")
    assert (again.code, again.text) == (0, "")
    assert again.said == "已有的 1 张没有动，新写 0 张\n"
    (folder / "名单.txt").write_text("甲镇\n乙镇\n", "utf-8")
    more = ("--roster", "名单.txt", "-o", "表", "--fonts", "plain")
    outcome = run("form", "--rubric", "township", "--xlsx", "--table", *more)
    assert outcome.text.split() == [str(Path("表", "登记表.xlsx"))]
    assert rows_of(folder / "表" / "登记表.xlsx")[:2] == ["甲镇", "乙镇"]
    outcome = run("form", "--rubric", "township", "--xlsx", "--table", "-o", "x.xlsx")
    assert outcome.text == "x.xlsx\n"
    assert len(rows_of(folder / "x.xlsx")) == 22
    sheet = load_workbook(folder / "x.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[HEADER]][:3] == ["单位", "A1", "A2"]


def test_a_table_is_a_workbook_and_not_too_large(folder: Path, run: Run) -> None:
    outcome = run("form", "--rubric", "township", "--table")
    assert outcome.code == 2
    assert "--xlsx --table" in outcome.said
    names = [f"{number}镇" for number in range(2000)]
    (folder / "名单.txt").write_text("\n".join(names[:1900]), "utf-8")
    most = ("--roster", "名单.txt", "-o", "many.xlsx")
    assert run("form", "--rubric", "township", "--xlsx", "--table", *most).code == 0
    files = read_table((folder / "many.xlsx").read_bytes(), RubricLibrary())
    assert [file.unit for file in files] == names[:1900]
    (folder / "名单.txt").write_text("\n".join(names), "utf-8")
    outcome = run("form", "--rubric", "township", "--xlsx", "--table", "--roster", "名单.txt")
    assert outcome.code == 2
    assert "2000" in outcome.said
    assert not (folder / "登记表.xlsx").exists()


@pytest.mark.usefixtures("handed")
def test_every_command_reads_a_table(folder: Path, run: Run) -> None:
    assert run("validate").code == 0
    assert "87.5" in run("total").text
    lines = run("rank").text.splitlines()
    assert [line.split("\t")[:2] for line in lines[1:]] == [["1", "示例乙镇"], ["1", "示例甲镇"]]
    assert run("export", "--xlsx", "--csv", "--json").code == 0
    (folder / "名单.txt").write_text("示例甲镇\n示例乙镇\n示例丙镇\n", "utf-8")
    status = run("status", "--roster", "名单.txt")
    assert "示例丙镇" in status.text
    assert "全部.xlsx 登记表!8" in status.text
    assert "87.5" in run("explain", "--unit", "示例乙镇").text


@pytest.mark.usefixtures("handed")
def test_a_table_becomes_a_sheet_for_each_unit(run: Run) -> None:
    outcome = run("convert", "scores/全部.xlsx", "-o", "yaml")
    names = [Path("yaml", f"全部-{unit}.yaml") for unit in ("示例甲镇", "示例乙镇")]
    assert outcome.text.split() == list(map(str, names))
    total = run("total", "yaml").text
    assert "87.5" in total


def test_a_table_is_marked_at_its_cells(folder: Path, handed: Path, run: Run) -> None:
    faults = [at("A3", 9), at("A3", None, FIRST + 1), at("B1", None, FIRST + 1), typed("D7", 8)]
    handed.write_bytes(in_table(*faults))
    outcome = run("validate", "--mark", "退回")
    assert outcome.code == 1
    assert "登记表!D8: " in outcome.text
    marked = (folder / "退回" / "全部.xlsx").read_bytes()
    sheet = load_workbook(io.BytesIO(marked)).worksheets[0]
    found = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert found == {"D8", "D9", "H9"}
    assert comments(marked)


@pytest.mark.usefixtures("folder")
def test_a_unit_without_points_is_shown_as_such(run: Run) -> None:
    run("form", "--rubric", "township", "--xlsx", "--table", "--unit", "甲镇", "-o", "t.xlsx")
    assert run("rank", "t.xlsx").code == 1
    assert "甲镇" in run("rank", "t.xlsx", "--provisional").text


def test_what_is_wrong_above_the_columns_is_said_once(handed: Path, run: Run) -> None:
    handed.write_bytes(in_table(typed("D6", "别的")))
    assert run("validate", "--format", "concise").text.count("EPA325") == 1
    handed.write_bytes(in_table(typed("B4", "去年年底")))
    assert run("validate", "--format", "concise").text.count("EPA027") == 1


def test_a_unit_that_stands_in_two_rows_is_named_at_both(handed: Path, run: Run) -> None:
    handed.write_bytes(in_table(at("单位", "示例甲镇", FIRST + 1)))
    outcome = run("validate", "--format", "concise")
    assert outcome.code == 1
    assert "登记表!A9: 错误[EPA114]" in outcome.text
    assert "登记表!8" in outcome.text
