"""The page of a form: what a person needs to fill it in, on one sheet of paper."""

import io
import re
import zipfile

from openpyxl import load_workbook
from tests.support.forms import SHELF, example, form, row_of

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.xlsx.form.page import WIDTHS
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.form_record import FORM_SHEET


def test_a_form_says_what_a_person_needs_to_fill_it_in() -> None:
    workbook = load_workbook(io.BytesIO(form(unit="甲镇")))
    sheet = workbook.worksheets[0]
    assert workbook[FORM_SHEET].sheet_state == "veryHidden"
    row = row_of(workbook, "A3")
    assert sheet.protection.sheet
    assert not sheet[f"E{row}"].protection.locked
    assert not sheet[f"F{row}"].protection.locked
    assert sheet[f"D{row}"].protection.locked
    assert sheet["C2"].value == "甲镇"
    rule = next(one for one in sheet.data_validations.dataValidation if f"E{row}" in one.sqref)
    assert (rule.formula1, rule.formula2, rule.prompt) == (
        "0",
        "8",
        "填 0 到 8 之间的数；没有评的空着",
    )
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert sheet[f"C{row}"].font.name == "仿宋_GB2312"
    assert sheet[f"C{row}"].font.charset == 134
    assert len(WIDTHS) == 6


def test_a_form_has_thicker_lines_around_its_table_and_nowhere_else() -> None:
    sheet = load_workbook(io.BytesIO(form(example()))).worksheets[0]
    last = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("合"))
    sides = ("left", "right", "top", "bottom")
    thick = {
        (cell.row, cell.column, side)
        for row in sheet.iter_rows()
        for cell in row
        for side in sides
        if getattr(cell.border, side).style == "medium"
    }
    rows, columns = range(4, last + 1), range(1, 7)
    assert thick >= {(row, 1, "left") for row in rows} | {(row, 6, "right") for row in rows}
    assert thick >= {(4, one, "top") for one in columns}
    assert thick >= {(last, one, "bottom") for one in columns}
    assert {row for row, _, side in thick if side in ("top", "bottom")} == {4, last}
    assert {row for row, _, _ in thick} == set(rows)


def heights_of(rubric: Rubric) -> list[float]:
    written = io.BytesIO()
    write_form(Form(rubric, "甲镇"), written, Words("zh_CN"))
    sheet = load_workbook(written).worksheets[0]
    assert sheet.page_setup.fitToHeight is None, "not one page"
    return [sheet.row_dimensions[row].height or 0 for row in range(1, sheet.max_row + 1)]


def test_rows_are_stretched_to_fill_the_page_within_reason() -> None:
    rubric = SHELF.require("township")[1]
    most, middle, few = (
        rubric.model_copy(update={"sections": rubric.sections[:number]}) for number in (4, 3, 1)
    )
    assert 885 <= sum(heights_of(most)) < 1050
    assert 870 < sum(heights_of(middle)) < 890
    assert heights_of(few)[5] == 21 * 1.5


def test_the_form_of_a_department_shows_its_own_duty_in_full() -> None:
    workbook = load_workbook(io.BytesIO(form(unit="县商务局", rubric="departments")))
    rubric = SHELF.require("departments")[1]
    scope = rubric.scope("县商务局")
    assert scope is not None
    assert workbook.worksheets[0][f"C{row_of(workbook, 'C1')}"].value == scope.items["C1"].text


def test_excel_marks_points_that_are_text_and_no_other_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(form(example()))) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    (areas,) = re.findall('<ignoredError sqref="([^"]+)" numberStoredAsText="1"/>', page)
    assert areas == "A1:D1048576 F1:XFD1048576"
    header = next(load_workbook(io.BytesIO(form())).worksheets[0].iter_rows(min_row=4, max_row=4))
    assert [cell.column_letter for cell in header if cell.value == "得分"] == ["E"]
