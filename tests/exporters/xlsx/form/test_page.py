"""The page of a form: what a person needs to fill it in, on one sheet of paper."""

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook
from tests.support.forms import SHELF, example, form, row_of

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.xlsx.form.page import WIDTHS
from epa_score.exporters.xlsx.formats import form_line_count
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
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


def rows_beside_sections(book: bytes) -> list[tuple[str, float]]:
    """The title of each section, on each page anew, and the points of the rows that it has."""
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    merged = {area.min_row: area.max_row for area in sheet.merged_cells.ranges if area.max_col == 1}
    return [
        (title, sum(sheet.row_dimensions[number].height or 0 for number in range(row, last + 1)))
        for row, last in sorted(merged.items())
        if "（" in (title := str(sheet.cell(row, 1).value))
    ]


@pytest.mark.parametrize("asks", [True, False])
def test_the_title_of_a_section_has_room_beside_few_rows(asks: bool) -> None:
    rubric = SHELF.require("township")[1]
    *others, last = rubric.sections
    long = "信息报送、台账管理、典型宣传及其他各项日常工作"
    last = last.model_copy(update={"title": long, "items": last.items[:1]})
    rubric = rubric.model_copy(update={"sections": (*others, last)})
    written = io.BytesIO()
    write_form(Form(rubric, "甲镇", asks=asks), written, Words("zh_CN"))
    *_, (title, points) = rows_beside_sections(written.getvalue())
    assert title.replace("\n", "") == f"{long}（15）"
    assert points >= 15 * form_line_count(title, WIDTHS[0], "section")


def test_the_title_of_a_section_has_room_on_every_page() -> None:
    rubric = SHELF.require("township")[1]
    sheet, continued = example(), []
    for length in range(100, 1100, 60):
        notes = {"A2": "缺" * length, "A3": "缺" * 300, "A5": "缺" * 300}
        scores = {name: {"score": "1", "note": note} for name, note in notes.items()}
        given = sheet.model_dump(mode="json")
        filled = ScoreSheet.model_validate(given | {"scores": given["scores"] | scores})
        written = io.BytesIO()
        write_form(Form(rubric, "甲镇", filled, asks=False), written, Words("zh_CN"))
        beside = rows_beside_sections(written.getvalue())
        continued += [title for title, _ in beside if "（续）" in title]
        for title, height in beside:
            assert height >= 15 * form_line_count(title, WIDTHS[0], "section"), title
    assert continued


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
