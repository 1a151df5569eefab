"""Numbers and points beside adjustments of a form and of a table, and what is wrong with them."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from tests.support.form_facts import RUBRIC, SHEET, SHELF, form_of, sheet_in, taken
from tests.support.forms import edited, put, row_of
from tests.support.rubrics import rubric_of_items
from tests.support.unit_tables import FIRST, column_of, filled_table, read_table

from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.i18n import Words
from epa_score.model.sheet import AdjustmentScore
from epa_score.readers import excel
from epa_score.readers.rubrics import RubricFile, RubricLibrary
from epa_score.readers.sheets import sheet_of


def read(
    line: str, points: object, note: object = None
) -> AdjustmentScore | tuple[str, ...] | None:
    data = edited(put(line, "F", note), edited(put(line, "E", points), form_of()))
    sheet = taken(data).sheet
    return None if sheet is None else sheet.adjustments.get(line)


def wrong(line: str, points: object, note: object = None) -> list[str]:
    data = edited(put(line, "F", note), edited(put(line, "E", points), form_of()))
    return [one.kind.label for one in taken(data).diagnostics]


def test_a_form_gives_numbers_and_points_with_their_notes() -> None:
    assert read("J3", 4) == AdjustmentScore(value="4")
    assert read("J3", 4, "四至七月") == AdjustmentScore(value="4", note="四至七月")
    points = AdjustmentScore.model_validate({"score": "2.5", "note": "媒体曝光"})
    assert read("K2", 2.5, "媒体曝光") == points
    assert read("J3", None) is None
    assert read("K2", 0) == AdjustmentScore.model_validate({"score": "0"})


@pytest.mark.parametrize(
    ("line", "points", "note", "kinds"),
    [
        ("J3", 2.5, None, ["fact_not_whole"]),
        ("J3", -1, None, ["fact_negative"]),
        ("J3", "4", None, ["cell_text_number"]),
        ("J3", "四篇", None, ["fact_not_a_number"]),
        ("J3", "=2+2", None, ["cell_formula"]),
        ("J3", None, "四至七月", ["note_without_points"]),
        ("K2", 3, None, ["judged_without_reason"]),
        ("K2", 3, "是", ["judged_without_reason"]),
        ("K2", None, "媒体曝光", ["note_without_points"]),
        ("K2", 6, "媒体曝光", ["points_over_cap"]),
        ("K2", 0.125, "媒体曝光", ["points_too_precise"]),
        ("K2", "三分", "媒体曝光", ["points_not_a_number"]),
        ("K2", "=1+2", "媒体曝光", ["cell_formula"]),
    ],
)
def test_what_cannot_be_is_one_finding_at_its_cell(
    line: str, points: object, note: object, kinds: list[str]
) -> None:
    assert wrong(line, points, note) == kinds


def test_a_form_of_a_sheet_is_filled_in_and_read_again() -> None:
    sheet = sheet_in(SHEET)
    data = form_of(sheet)
    book = load_workbook(io.BytesIO(data))
    page, row = book.worksheets[0], row_of(book, "J3")
    assert (page.cell(row, 5).value, page.cell(row, 6).value) == (3, "三篇")
    again = taken(data).sheet
    assert again is not None
    assert again.adjustments == sheet.adjustments


def test_a_cell_lets_in_what_may_stand_there() -> None:
    book = load_workbook(io.BytesIO(form_of()))
    page = book.worksheets[0]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    number, points = (f"E{row_of(book, line)}" for line in ("J3", "K2"))
    assert rules[number] == f"AND(ISNUMBER({number}),{number}>=0,{number}=INT({number}))"
    assert rules[points] == f"AND(AND(ISNUMBER({points}),{points}>=0),{points}<=5)"


def test_a_table_has_a_column_for_each() -> None:
    assert RUBRIC is not None
    data = filled_table(RUBRIC, [sheet_in(SHEET)])
    (file,) = read_table(data, SHELF)
    assert file.sheet is not None, file.diagnostics
    scores = file.sheet.adjustment_scores
    assert scores["J3"] == AdjustmentScore(value="3", note="三篇")
    assert (scores["K2"].score, scores["K2"].note) == (Decimal("1.5"), "媒体曝光")
    book = load_workbook(io.BytesIO(data))
    book.worksheets[0].cell(FIRST, column_of(book.worksheets[0], "J3")).value = 2.5
    written = io.BytesIO()
    book.save(written)
    (file,) = read_table(written.getvalue(), SHELF)
    assert [one.kind.label for one in file.diagnostics] == ["fact_not_whole"]


def test_a_cell_takes_no_number_below_the_beginning() -> None:
    ranks = "{brackets: [{at_least: 1, points: 10}, {at_least: 4, points: 6}]}"
    rubric = rubric_of_items(f"- {{id: A1, max: 10, text: 名次, rule: {ranks}}}\n")
    written = io.BytesIO()
    write_form(Form(rubric, "示例甲镇"), written, Words("zh_CN"))
    book = load_workbook(io.BytesIO(written.getvalue()))
    page, cell = book.worksheets[0], f"E{row_of(book, 'A1-1')}"
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    is_whole = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))"
    assert rules[cell] == f"AND({is_whole},{cell}>=1)"
    assert page[f"C{cell[1:]}"].value == "数值：写整数，例如 3"
    library = RubricLibrary(given=RubricFile("rubric.yaml", b"", rubric, ()))
    for number, kind in ((0, "fact_below_beginning"), (2.5, "fact_not_whole")):
        data = edited(put("A1-1", "E", number), written.getvalue())
        file = sheet_of(data, excel.read("甲.xlsx", data)[0], library, incomplete=False)
        assert [one.kind.label for one in file.diagnostics] == [kind]


def test_a_form_says_where_numbers_and_points_belong() -> None:
    for sheet, asks, said in ((None, True, True), (sheet_in(SHEET), False, False)):
        assert RUBRIC is not None
        written = io.BytesIO()
        write_form(Form(RUBRIC, "示例甲镇", sheet, asks=asks), written, Words("zh_CN"))
        page = load_workbook(io.BytesIO(written.getvalue())).worksheets[0]
        texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
        assert any("由人评分的，填在得分一栏" in text for text in texts) is said
