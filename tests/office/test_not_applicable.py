"""Items that do not apply, worked out again by a real spreadsheet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from tests.support.forms import edited, put, row_of
from tests.support.judged_forms import JUDGED, POINTS, all_edits, form_of, judged
from tests.support.not_applicable import NO, RUBRIC, changed_sheet
from tests.support.office import Office, data_bars, saved_as
from tests.support.unit_tables import FIRST, column_of, filled_table, read_table
from tests.support.workbooks import Values, content_of, figures, told, values_of

from epa_score import rank, score
from epa_score.readers.rubrics import RubricFile, RubricLibrary

JUDGED_SHELF = RubricLibrary(given=RubricFile("rubric.yaml", b"", JUDGED, ()))

pytestmark = [pytest.mark.office, data_bars]

ALONE: list[dict[str, object]] = [
    {name: NO} for name in ("A1", "A3", "C1", "C2", "C3", "C4", "D1", "E1", "E2")
]

CHANGES: list[dict[str, object]] = [
    {},
    *ALONE,
    {"A1": NO, "A3": NO, "C1": NO, "C4": NO},
    {"C1": NO, "C2": NO, "C3": NO, "C4": NO, "E1": NO, "E2": NO},
    {"A1": NO, "C1": NO, "D1": NO},
    {**dict.fromkeys(POINTS), "C1": NO},
]


@saved_as("xlsx")
def judged_forms(folder: Path) -> dict[str, bytes]:
    """The form of each change, without the figures that it carried."""
    found = {}
    for number, changed in enumerate(CHANGES):
        load_workbook(BytesIO(form_of(judged(**changed)))).save(folder / "form.xlsx")
        found[str(number)] = (folder / "form.xlsx").read_bytes()
    return found


@saved_as("xlsx")
def judged_table(_: Path) -> dict[str, bytes]:
    """The changes as rows of a table of units, without the figures that it carried."""
    sheets = [
        judged(**changed).model_copy(update={"unit": f"示例{number}镇"})
        for number, changed in enumerate(CHANGES)
    ]
    return {"table": filled_table(JUDGED, sheets)}


def test_a_spreadsheet_adds_up_the_rows_of_a_table_as_the_tool_does(office: Office) -> None:
    (path,) = office.saved("xlsx", judged_table).paths.values()
    sheet = load_workbook(path, data_only=True).worksheets[0]
    column = column_of(sheet, "合　　计")
    files = read_table(path.read_bytes(), JUDGED_SHELF)
    assert len(files) == len(CHANGES)
    compared = 0
    for row, (file, changed) in enumerate(zip(files, CHANGES, strict=True), FIRST):
        assert not file.diagnostics
        result = score(JUDGED, judged(**changed))
        shown = sheet.cell(row, column).value
        if result.total.is_nan():
            assert shown == "待平均"
        else:
            compared += 1
            assert Decimal(str(shown)) == result.total
    assert compared > 10


def test_a_spreadsheet_adds_up_forms_as_the_tool_does(office: Office) -> None:
    done = office.saved("xlsx", judged_forms).paths
    compared = 0
    for changed, path in zip(CHANGES, done.values(), strict=True):
        result = score(JUDGED, judged(**changed))
        sheet = load_workbook(path, data_only=True).worksheets[0]
        found = [
            row[4].value
            for row in sheet.iter_rows()
            if str(row[1].value or row[0].value).strip().startswith(("小", "宣传", "合"))
            and row[3].value is not None
        ]
        parts = {**result.sections, "": result.total}
        expected = [parts[name] for name in ("A", "C", "D", "B", "E", "")]
        shown: list[object] = ["待平均" if one.is_nan() else float(one) for one in expected]
        if None in changed.values():
            shown = [one or None for one in shown]
            shown[1] = shown[3] = shown[5] = 0
        assert found == shown, changed
        compared += len(found)
    assert compared == 6 * len(CHANGES)


UNTOLD = {
    "text": put("A1", "E", "无"),
    "unallowed": put("A2", "E", "不适用"),
    "nothing": all_edits(*(put(name, "E", "不适用") for name in ("A1", "A2", "A3"))),
}


@saved_as("xlsx")
def untold_forms(_folder: Path) -> dict[str, bytes]:
    """Forms with something that is neither points nor a reason that is allowed."""
    return {name: edited(edit, form_of(judged())) for name, edit in UNTOLD.items()}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_told_is_said_to_be_wrong(name: str, office: Office) -> None:
    path = office.saved("xlsx", untold_forms).paths[name]
    sheet = load_workbook(path, data_only=True).worksheets[0]
    row = row_of(load_workbook(path), "A3") + 1
    assert sheet.cell(row, 5).value == "有误"


SHEETS = [
    changed_sheet("甲镇", A1=NO),
    changed_sheet("乙镇", A3=NO, C1=NO, D1="7.5"),
    changed_sheet("丙镇", C2=NO, C3=NO),
    changed_sheet("丁镇", C4=NO),
    changed_sheet("戊镇", A1=NO, A3=NO, C1=NO, C2=NO, C3=NO, C4=NO),
    changed_sheet("己镇", C4="3.25", D1=2),
]


@saved_as("xlsx")
def ranking_workbooks(folder: Path) -> dict[str, bytes]:
    """The workbook of a ranking without the figures it carried: as it was, and changed."""
    load_workbook(BytesIO(content_of((RUBRIC, SHEETS), forms=True))).save(folder / "same.xlsx")
    book = load_workbook(folder / "same.xlsx")
    changed = book["得分明细"]
    units = {cell.value: cell.row for cell in changed["B"]}
    shown = [*enumerate(changed[4], 1)]
    titles = {cell.value: get_column_letter(number) for number, cell in reversed(shown)}
    changed[f"{titles['D1']}{units['己镇']}"] = 10
    book.save(folder / "changed.xlsx")
    return {name: (folder / f"{name}.xlsx").read_bytes() for name in ("same", "changed")}


@pytest.fixture(scope="module")
def workbooks(office: Office) -> dict[str, Values]:
    """The tool's own workbook, and what LibreOffice makes of it."""
    own = content_of((RUBRIC, SHEETS), forms=True)
    contents = {"own": own, **office.saved("xlsx", ranking_workbooks).contents}
    return {name: values_of(content) for name, content in contents.items()}


def test_every_sheet_works_out_to_the_tools_own_figures(workbooks: dict[str, Values]) -> None:
    own, theirs = workbooks["own"], workbooks["same"]
    assert {sheet.unit for sheet in SHEETS} < own.keys()
    for title, rows in own.items():
        assert figures(theirs[title]) == figures(rows), title
    assert told(theirs) == told(own) == ["未改动", "未改动"]


def test_a_change_in_a_row_without_scaled_sections_is_followed_and_told(
    workbooks: dict[str, Values],
) -> None:
    before, after = (
        {row[1]: row for row in workbooks[name]["排名汇总"]} for name in ("own", "changed")
    )
    total = next(n for n, title in enumerate(before["单位"]) if str(title).startswith("总分"))
    assert after["己镇"][total] - before["己镇"][total] == 8
    assert after["甲镇"][total] == before["甲镇"][total]
    assert told(workbooks["changed"]) == ["已改动", "未改动"]


def test_totals_in_the_workbook_are_those_of_the_ranking() -> None:
    own = values_of(content_of((RUBRIC, SHEETS)))
    rows = own["得分明细"]
    place = next(n for n, title in enumerate(rows[3]) if str(title).startswith("总分"))
    totals = {row[1]: Decimal(str(row[place])) for row in rows[5:11]}
    results = [score(RUBRIC, sheet) for sheet in SHEETS]
    assert totals == {one.result.unit: one.result.total for one in rank(RUBRIC, results).placings}
