"""Items that do not apply, worked out again by a real spreadsheet."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from tests.office.test_workbook import Values, content_of, figures, told, values_of
from tests.support.forms import edited, put, row_of
from tests.support.judged_forms import JUDGED, POINTS, all_edits, form_of, judged
from tests.support.not_applicable import NO, RUBRIC, changed_sheet
from tests.support.office import converted, needs_office

from epa_score import rank, score

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


@needs_office
def test_a_spreadsheet_adds_up_forms_as_the_tool_does(tmp_path: Path) -> None:
    paths = []
    for number, changed in enumerate(CHANGES):
        book = load_workbook(BytesIO(form_of(judged(**changed))))
        paths.append(tmp_path / f"{number}.xlsx")
        book.save(paths[-1])
    done = converted("xlsx", tmp_path, *paths)
    compared = 0
    for changed, path in zip(CHANGES, done, strict=True):
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


@needs_office
def test_what_cannot_be_told_is_said_to_be_wrong(tmp_path: Path) -> None:
    edits = {
        "text": put("A1", "E", "无"),
        "unallowed": put("A2", "E", "不适用"),
        "nothing": all_edits(*(put(name, "E", "不适用") for name in ("A1", "A2", "A3"))),
    }
    paths = []
    for name, edit in edits.items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(edited(edit, form_of(judged())))
    for path in converted("xlsx", tmp_path, *paths):
        sheet = load_workbook(path, data_only=True).worksheets[0]
        row = row_of(load_workbook(path), "A3") + 1
        assert sheet.cell(row, 5).value == "有误", path.stem


SHEETS = [
    changed_sheet("甲镇", A1=NO),
    changed_sheet("乙镇", A3=NO, C1=NO, D1="7.5"),
    changed_sheet("丙镇", C2=NO, C3=NO),
    changed_sheet("丁镇", C4=NO),
    changed_sheet("戊镇", A1=NO, A3=NO, C1=NO, C2=NO, C3=NO, C4=NO),
    changed_sheet("己镇", C4="3.25", D1=2),
]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Values]:
    """The tool's own workbook, and what LibreOffice makes of it without the figures it carried."""
    folder = tmp_path_factory.mktemp("inapplicable")
    own = content_of((RUBRIC, SHEETS), forms=True)
    load_workbook(BytesIO(own)).save(folder / "same.xlsx")
    book = load_workbook(BytesIO(own))
    changed = book["得分明细"]
    units = {cell.value: cell.row for cell in changed["B"]}
    titles = {cell.value: get_column_letter(number) for number, cell in enumerate(changed[2], 1)}
    changed[f"{titles['D1']}{units['己镇']}"] = 10
    book.save(folder / "changed.xlsx")
    paths = converted("xlsx", folder, folder / "same.xlsx", folder / "changed.xlsx")
    return {"own": values_of(own)} | {one.stem: values_of(one.read_bytes()) for one in paths}


@needs_office
def test_every_sheet_works_out_to_the_tools_own_figures(workbooks: dict[str, Values]) -> None:
    own, theirs = workbooks["own"], workbooks["same"]
    assert {sheet.unit for sheet in SHEETS} < own.keys()
    for title, rows in own.items():
        assert figures(theirs[title]) == figures(rows), title
    assert told(theirs) == told(own) == ["未改动", "未改动"]


@needs_office
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
    totals = {row[1]: Decimal(str(row[-3])) for row in own["得分明细"][3:9]}
    results = [score(RUBRIC, sheet) for sheet in SHEETS]
    assert totals == {one.result.unit: one.result.total for one in rank(RUBRIC, results).placings}
