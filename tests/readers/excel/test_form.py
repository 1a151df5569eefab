"""Forms in Excel: what is written, what is read back, and what a spreadsheet makes of them."""

import datetime as dt
import io
import re
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from tests.conftest import HandIn, Run
from tests.support.forms import (
    edited,
    example,
    filled,
    form,
    put,
    repacked,
    row_of,
    second_unit,
    total,
    total_row,
    typed,
)
from tests.support.office import converted, needs_office, pages_of, size_of

from epa_score.diagnostics import Kind, Location
from epa_score.exporters.xlsx.form import Form, write_form
from epa_score.exporters.xlsx.form.page import WIDTHS
from epa_score.i18n import Words
from epa_score.model import Rubric, Score, ScoreSheet
from epa_score.model.form_record import FORM_SHEET, sum_key
from epa_score.readers.excel.cells import shows_exactly
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.scoring import score

SHELF = RubricLibrary()


def taken(data: bytes) -> SheetFile:
    """A form as it is read."""
    return sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data), SHELF, incomplete=True)


def kinds(data: bytes) -> dict[str, Kind]:
    """What is wrong with a form, by cell."""
    return {one.location.cell: one.kind for one in taken(data).diagnostics}


def given_in(sheet: ScoreSheet | None) -> object:
    """All that a sheet says."""
    assert sheet is not None
    scores = {item: sheet.score(item) for item in sheet.points}
    fields = (sheet.rubric, sheet.unit, sheet.period, sheet.assessor, sheet.date)
    return fields, {item: one for item, one in scores.items() if one != Score()}


def test_a_form_is_read_as_it_was_filled_in() -> None:
    assert given_in(taken(edited()).sheet) == given_in(example())


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)


@settings(max_examples=25)
@given(data=st.data())
def test_any_sheet_survives_a_form(data: st.DataObject) -> None:
    scope = SHELF.require("township")[1].scope("甲镇")
    assert scope is not None
    scores: dict[str, object] = {}
    for item in data.draw(st.sets(st.sampled_from(sorted(scope.items)), min_size=1)):
        points = data.draw(st.none() | st.integers(0, int(scope.caps[item] * 100)))
        given_points = None if points is None else Decimal(points) / 100
        note = data.draw(st.none() | WORDS)
        evidence = data.draw(st.lists(WORDS, max_size=2))
        scores[item] = {"score": given_points, "note": note, "evidence": evidence}
    fields = {"unit": "甲镇", "period": data.draw(st.none() | WORDS), "date": "2018-12-20"}
    sheet = ScoreSheet.model_validate({"rubric": "township", **fields, "scores": scores})
    assert given_in(taken(form(sheet)).sheet) == given_in(sheet)


def test_a_number_is_read_as_people_typed_it() -> None:
    def store(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = parts[name].replace(b"<v>6.5</v>", b"<v>6.4000000000000004</v>")

    whole = repacked(edited(put("A3", "E", 6.5)), store)
    sheet = taken(whole).sheet
    assert sheet is not None
    assert sheet.points["A3"] == Decimal("6.4")


def unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def move(sheet: Any, rows: int = 0, columns: int = 0) -> None:
    """Insert rows and columns before all others; the formulas follow, as in Excel."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                there = f"{get_column_letter(cell.column + columns)}{cell.row + rows}"
                cell.value = Translator(cell.value, cell.coordinate).translate_formula(there)
    for _ in range(rows):
        sheet.insert_rows(1)
    for _ in range(columns):
        sheet.insert_cols(1)


def around(workbook: Any) -> None:
    """What people do to a form without meaning any harm."""
    sheet = workbook.worksheets[0]
    sheet.title = "甲镇2018"
    sheet.column_dimensions["C"].width = 20
    unmerge(sheet)
    move(sheet, rows=3, columns=1)
    sheet["A1"] = "附件2"
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "得分")
    header.value = " 得 分 "


def test_parts_that_are_not_understood_are_no_reason_to_warn() -> None:
    def extend(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        extension = b'<extLst><ext uri="{00000000-0000-0000-0000-000000000000}"/></extLst>'
        parts[name] = parts[name].replace(b"</worksheet>", extension + b"</worksheet>")

    assert given_in(taken(repacked(form(example()), extend)).sheet) == given_in(example())


def test_inserted_rows_and_columns_and_another_name_do_no_harm() -> None:
    assert given_in(taken(edited(around)).sheet) == given_in(example())


def test_two_columns_of_one_title_are_refused() -> None:
    def add(workbook: Any) -> None:
        workbook.worksheets[0]["G4"] = "得分"

    assert [one.kind for one in taken(edited(add)).diagnostics] == [Kind.SEVERAL_FORMS]


def codes(data: bytes) -> list[Kind]:
    return [one.kind for one in taken(data).diagnostics]


def test_a_label_that_is_repeated_with_the_same_or_nothing_beside_it_does_no_harm() -> None:
    def same(workbook: Any) -> None:
        second_unit(workbook)
        workbook.worksheets[0]["C3"] = "示例 甲镇"

    def nothing(workbook: Any) -> None:
        second_unit(workbook)
        workbook.worksheets[0]["C3"] = None

    for edit in (same, nothing):
        assert codes(edited(edit)) == []


def test_a_unit_in_a_hidden_row_is_not_taken_for_that_of_the_form() -> None:
    def above(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        unmerge(sheet)
        move(sheet, rows=1)
        sheet["A1"], sheet["C1"] = "被考核单位（盖章）：", "示例乙镇"
        sheet.row_dimensions[1].hidden = True

    assert kinds(edited(above)) == {"评分表!C1": Kind.FIELD_HIDDEN}

    def aside(workbook: Any) -> None:
        workbook.worksheets[0].column_dimensions["F"].hidden = True
        workbook.worksheets[0]["F3"] = "2018"

    assert Kind.FIELD_HIDDEN in codes(edited(aside))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_another_table_that_looks_like_the_form_is_not_passed_over(state: str) -> None:
    def decoy(workbook: Any) -> None:
        copy = workbook.copy_worksheet(workbook.worksheets[0])
        unmerge(copy)
        copy.delete_cols(2)
        workbook.worksheets[0].sheet_state = state
        workbook.active = 2

    def renamed(workbook: Any) -> None:
        copy = workbook.copy_worksheet(workbook.worksheets[0])
        copy["E4"] = "得分（定稿）"
        copy.sheet_state = state

    def numbers(workbook: Any) -> None:
        sheet = workbook.create_sheet("旧")
        for row in workbook.worksheets[0].iter_rows(values_only=True):
            sheet.append(row[1:2])

    for edit in (decoy, renamed, numbers):
        assert codes(edited(edit)) == [Kind.SEVERAL_FORMS]


def test_an_empty_sheet_more_is_no_form() -> None:
    def more(workbook: Any) -> None:
        workbook.create_sheet("说明")["A1"] = "A1"

    assert codes(edited(more)) == []


@pytest.mark.parametrize("value", [5, 0.5, "5", "５", " 5分", "=5", True])
def test_points_of_no_item_are_reported_wherever_they_stand(value: object) -> None:
    assert codes(edited(typed("E40", value))) == [Kind.POINTS_OF_NO_ITEM]

    def inside(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        unmerge(sheet)
        sheet.insert_rows(total_row(sheet))
        row = total_row(sheet) - 1
        sheet[f"C{row}"], sheet[f"E{row}"] = "加分项", value
        total_cell = sheet[f"E{row + 1}"]
        total_cell.value = Translator(total_cell.value, total_cell.coordinate).translate_formula(
            total_cell.coordinate
        )

    assert codes(edited(inside)) == [Kind.POINTS_OF_NO_ITEM]


def test_a_number_that_was_deleted_is_missed_where_its_wording_stands() -> None:
    assert kinds(edited(put("A3", "B", None))) == {"评分表!B7": Kind.ITEM_LINE_CHANGED}

    def line(workbook: Any) -> None:
        for column in "FEDCB":
            put("A3", column, None)(workbook)

    assert kinds(edited(line)) == {"评分表!B4": Kind.ITEM_LINE_CHANGED}


def test_words_below_the_table_are_no_points() -> None:
    assert codes(edited(typed("E40", "2018年12月"))) == []


def stored(formula: str, value: str) -> bytes:
    """The form with another formula for its total, and the result that was stored with it."""

    def store(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        old = f"<f>{formula}</f><v />".encode()
        assert old in parts[name]
        parts[name] = parts[name].replace(old, f"<f>{formula}</f>{value}".encode())

    return repacked(edited(total(f"={formula}")), store)


def test_a_sum_that_was_typed_must_be_right() -> None:
    own = example_total()
    assert codes(edited(total(float(own)))) == []
    assert codes(edited(total(str(own)))) == []
    assert codes(edited(total(None))) == []
    assert codes(edited(total(95))) == [Kind.SUM_DIFFERS]
    assert codes(edited(total("九十五"))) == [Kind.SUM_DIFFERS]
    assert kinds(edited(typed("E11", 25))) == {"评分表!E11": Kind.SUM_DIFFERS}


def example_total() -> Decimal:
    return score(SHELF.require("township")[1], example()).total


def test_another_formula_is_believed_as_far_as_its_stored_result_is_right() -> None:
    own = example_total()
    assert codes(stored("SUM(E5:E30)/2", f"<v>{own}</v>")) == []
    assert codes(stored("SUM(E5:E30)/2", "<v>95</v>")) == [Kind.SUM_DIFFERS]
    assert codes(stored("SUM(E5:E30)/2", "")) == [Kind.SUM_DIFFERS]


def test_an_old_result_of_the_own_formula_and_its_spelling_do_no_harm() -> None:
    def respell(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        text = parts[name].decode()
        text, found = re.subn(r"<v ?/>", "<v>1</v>", text)
        assert found
        for old, new in (("COUNTA(E5:E10)", "counta( $E$5:$E$10 )"), ("SUM(", "Sum(")):
            assert old in text
            text = text.replace(old, new)
        parts[name] = text.encode()

    assert codes(repacked(edited(lambda _: None), respell)) == []


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        ("=SUM(E5:E6)", True),
        ("=sum( $E$6 : $E$5 )", True),
        ("=SUM(E4:E7)", True),
        ("=SUM(E5)", False),
        ("=SUM(F5:F6)", False),
        ("=SUM(E5:F6)", False),
        ("=SUM(E5:E6)+1", False),
        ("=SUM(表!E5:E6)", False),
        ('=SUM(E5:E6)&" "', False),
    ],
)
def test_a_formula_is_the_own_sum_where_it_adds_up_the_same_items(formula: str, same: bool) -> None:
    def key(text: str) -> str:
        return sum_key(text, {"E": "score"}, {5: "A1", 6: "A2"})

    assert (key(formula) == key("=SUM(E5:E6)")) is same


def test_an_array_formula_is_not_the_own_sum_and_is_shown_as_text() -> None:
    def array(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        here = f"E{total_row(sheet)}"
        sheet[here] = ArrayFormula(here, "=SUM(E5:E10)")
        put("A3", "D", ArrayFormula(f"D{row_of(workbook, 'A3')}", "={8,7.5}"))(workbook)

    found = taken(edited(array)).diagnostics
    assert [one.kind for one in found] == [Kind.CAP_CHANGED]
    assert found[0].parameters["cap"] == "={8,7.5}"
    table = DataTableFormula("E7:E8", r1="A1")
    (one,) = taken(edited(put("A3", "E", table))).diagnostics
    assert one.parameters["value"] == "=TABLE(A1)"


def test_a_title_of_the_sum_that_is_repeated_makes_no_second_sum() -> None:
    def again(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet["A40"], sheet["E40"] = "合计", 95

    assert kinds(edited(again)) == {"评分表!E40": Kind.POINTS_OF_NO_ITEM}


@pytest.mark.parametrize(
    ("number_format", "value", "exact"),
    [
        *(("General", one, True) for one in ("0", "6.5", "6.25")),
        *(("@", "6.5", True), ("G/通用格式", "6.5", True), ("0.0", "6.5", True)),
        *(("0", "6", True), ("0", "6.5", False), ("0.0", "6.25", False), ("0.##", "6.25", True)),
        *(("#", "0", False), ("#", "6", True), ("#,##0.00", "6.5", True)),
        *(("0.00_ ", "6.5", True), ("0.00_);[Red]\\(0.00\\)", "6.5", True)),
        *(('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "7.5", True),),
        *(('0"分"', "6", True), ('0"8"', "6", False), ('"8"', "6.5", False), (";;;", "6", False)),
        *(("0;0;", "0", False), ("0;0;0", "0", True), ("0;0", "0", True)),
        *(("0,", "6", False), ("0.0,", "6", False), ("0%", "6", False), ("0.0E+0", "6", False)),
        *(("# ?/?", "6.5", False), ("[DBNum1]General", "6", False), ("[>5]0", "6", False)),
        *(("[Blue]0.0", "6.5", True), ("[$-804]0.0", "6.5", True), ("", "6", False)),
    ],
)
def test_a_format_shows_a_number_as_it_is_or_not(
    number_format: str, value: str, exact: bool
) -> None:
    assert shows_exactly(number_format, Decimal(value)) is exact


def test_points_in_a_format_that_shows_others_are_refused() -> None:
    lie = {"评分表!E7": Kind.SHOWN_DIFFERENTLY}
    assert kinds(edited(put("A3", "E", 6.5, number_format='"8"'))) == lie
    assert codes(edited(put("A3", "E", 6.5, number_format="0.00"))) == []


@pytest.mark.parametrize("height", [b"0", b"0.5", b"5"])
def test_points_in_a_row_that_is_too_low_are_refused(height: bytes) -> None:
    def lower(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name], found = re.subn(
            rb'(<row r="7" [^>]*?ht=)"[0-9.]+"', rb'\1"%s"' % height, parts[name]
        )
        assert found == 1

    assert kinds(repacked(edited(), lower)) == {"评分表!E7": Kind.LINE_HIDDEN}


def test_rows_without_a_height_have_that_of_the_sheet() -> None:
    def lower(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet.row_dimensions[7].height = None
        sheet.sheet_format.defaultRowHeight = 1

    assert kinds(edited(lower)) == {"评分表!E7": Kind.LINE_HIDDEN}


@pytest.mark.parametrize(("width", "seen"), [(2.3, False), (3.7, True), (12, True)])
def test_a_column_must_be_wide_enough_for_its_points(width: float, seen: bool) -> None:
    def narrow(workbook: Any) -> None:
        put("A3", "E", 6.5)(workbook)
        workbook.worksheets[0].column_dimensions["E"].width = width

    assert codes(edited(narrow)) == ([] if seen else [Kind.COLUMN_HIDDEN])


def test_columns_without_a_width_have_that_of_the_sheet() -> None:
    def narrow(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        del sheet.column_dimensions["E"]
        sheet.sheet_format.defaultColWidth = 0.5

    assert codes(edited(narrow)) == [Kind.COLUMN_HIDDEN]


def test_blanks_and_widths_make_no_other_wording() -> None:
    def reflow(workbook: Any) -> None:
        text = workbook.worksheets[0][f"C{row_of(workbook, 'A3')}"].value
        put("A3", "C", text.replace("，", ",\n "))(workbook)

    assert codes(edited(reflow)) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        *((one, "2018-12-20") for one in ("2018年12月20日", "2018/12/20", "2018.12.20")),
        ("2018年3月2日", "2018-03-02"),
        ("2018 年 12 月 20 日", "2018-12-20"),
        *((one, None) for one in ("2018年2月30日", "18/12/20", "2018/12.20", "20/12/2018")),
    ],
)
def test_a_day_that_is_certain_is_read(text: str, date: str | None) -> None:
    found = taken(edited(typed("F2", text)))
    if date is None:
        assert [one.kind for one in found.diagnostics] == [Kind.DATE_NOT_ISO]
    else:
        assert found.sheet is not None
        assert str(found.sheet.date) == date


def test_a_period_that_became_a_date_is_refused() -> None:
    year = dt.datetime(2018, 1, 1)  # noqa: DTZ001
    assert kinds(edited(typed("F3", year))) == {"评分表!F3": Kind.CELL_DATE}


def test_a_unit_that_is_a_formula_is_one_finding() -> None:
    assert codes(edited(typed("C2", '="示例"&"甲镇"'))) == [Kind.CELL_FORMULA]


def test_a_single_unscored_item_is_reported_at_its_cell() -> None:
    data = edited(put("A3", "E", None))
    found = sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data), SHELF, incomplete=False)
    assert [one.location.cell for one in found.diagnostics] == ["评分表!E7"]


def test_a_form_of_a_department_is_read_for_its_own_unit() -> None:
    sheet = filled("县商务局")
    assert given_in(taken(form(sheet, "县商务局", "departments")).sheet) == given_in(sheet)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    def spoil(workbook: Any) -> None:
        for item, value in (("A1", 9), ("A2", "八"), ("A3", "8"), ("A4", "=1"), ("B1", True)):
            put(item, "E", value)(workbook)
        put("C1", "F", "=2")(workbook)

    assert kinds(edited(spoil)) == {
        "评分表!E5": Kind.POINTS_OVER_CAP,
        "评分表!E6": Kind.POINTS_NOT_A_NUMBER,
        "评分表!E7": Kind.CELL_TEXT_NUMBER,
        "评分表!E8": Kind.CELL_FORMULA,
        "评分表!E12": Kind.POINTS_NOT_A_NUMBER,
        "评分表!F18": Kind.CELL_FORMULA,
    }


def test_a_unit_that_is_a_formula_or_missing_is_reported_at_its_cell() -> None:
    def formula(workbook: Any) -> None:
        workbook.worksheets[0]["C2"] = "=A1"

    assert kinds(edited(formula))["评分表!C2"] is Kind.CELL_FORMULA

    def nothing(workbook: Any) -> None:
        workbook.worksheets[0]["C2"] = None

    assert kinds(edited(nothing)) == {"评分表!A2": Kind.EMPTY_FIELD}

    def no_label(workbook: Any) -> None:
        workbook.worksheets[0]["A2"] = "单位"

    assert Kind.EMPTY_FIELD in kinds(edited(no_label)).values()


def test_dates_and_numbers_in_fields_are_text() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet["F2"], sheet["F3"] = dt.datetime(2018, 12, 21), 2019  # noqa: DTZ001

    sheet = taken(edited(fill)).sheet
    assert sheet is not None
    assert (str(sheet.date), sheet.period) == ("2018-12-21", "2019")


@settings(max_examples=60)
@given(cut=st.integers(0, 10_000), junk=st.binary(max_size=8))
def test_a_damaged_file_is_a_finding_and_nothing_else(cut: int, junk: bytes) -> None:
    whole = edited()
    found = taken(whole[:cut] + junk + whole[cut + len(junk) :][: len(whole) - cut - 40])
    assert found.diagnostics
    assert found.sheet is None


def bomb(*refs: str) -> bytes:
    def merge(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        areas = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs).encode()
        parts[name] = parts[name].replace(b"</mergeCells>", areas + b"</mergeCells>")

    return repacked(edited(), merge)


def twice() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("xl/workbook.xml", "")
    return written.getvalue()


def without_workbook(parts: dict[str, bytes]) -> None:
    del parts["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: bomb("A1:XFD1048576"), Kind.WORKBOOK_TOO_LARGE),
        (lambda: bomb(*(f"H{row}:I{row}" for row in range(1, 5000))), Kind.WORKBOOK_TOO_LARGE),
        (twice, Kind.WORKBOOK_DAMAGED),
        (lambda: b"PK" + bytes(21_000_000), Kind.WORKBOOK_TOO_LARGE),
        (lambda: repacked(edited(), without_workbook),
         Kind.NOT_A_WORKBOOK),
        (lambda: repacked(edited(), lambda parts: parts.update({"xl/styles.xml": b"<x"})),
         Kind.WORKBOOK_DAMAGED),
    ],
    ids=["merged", "areas", "twice", "large", "no workbook", "half a part"],
)  # fmt: skip
def test_a_hostile_file_is_refused_at_once(make: Any, kind: Kind) -> None:
    data = make()
    start = time.process_time()
    assert [one.kind for one in taken(data).diagnostics] == [kind]
    assert time.process_time() - start < 2


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
    write_form(Form(rubric, "", "甲镇"), written, Words("zh_CN"))
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


@pytest.mark.parametrize("width", [b'width="0"', b'width="0.5"', b'hidden="1" width="8"'])
def test_points_that_cannot_be_seen_are_one_finding(width: bytes) -> None:
    def narrow(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        old = rb'(?<=<col min="5" max="5" )width="[0-9.]+"'
        parts[name], found = re.subn(old, width, parts[name])
        assert found == 1

    found = taken(repacked(edited(), narrow))
    assert [one.kind for one in found.diagnostics] == [Kind.COLUMN_HIDDEN]
    assert found.sheet is None


def test_the_form_of_a_department_shows_its_own_duty_in_full() -> None:
    workbook = load_workbook(io.BytesIO(form(unit="县商务局", rubric="departments")))
    rubric = SHELF.require("departments")[1]
    scope = rubric.scope("县商务局")
    assert scope is not None
    assert workbook.worksheets[0][f"C{row_of(workbook, 'C1')}"].value == scope.items["C1"].text


def office(data: bytes, target: str, folder: Path) -> Path:
    (folder / "form.xlsx").write_bytes(data)
    return converted(target, folder, folder / "form.xlsx")[0]


@needs_office
def test_a_spreadsheet_adds_up_a_form_as_the_tool_does(tmp_path: Path) -> None:
    def change(workbook: Any) -> None:
        put("A3", "E", 1.5)(workbook)

    data = edited(change)
    found = taken(data)
    assert found.sheet is not None
    assert found.rubric is not None
    result = score(found.rubric, found.sheet)
    sheet = load_workbook(office(data, "xlsx", tmp_path), data_only=True).worksheets[0]
    labels = {row[1].row: str(row[1].value).strip() for row in sheet.iter_rows()}
    sums = [sheet[f"E{row}"].value for row, label in labels.items() if label.startswith("小")]
    assert sums == [float(one) for one in result.section_points]
    total = next(row[4].value for row in sheet.iter_rows() if str(row[0].value).startswith("合"))
    assert total == float(result.total)


@needs_office
def test_a_form_that_was_saved_by_another_program_is_read_as_before(tmp_path: Path) -> None:
    for number, data in enumerate((form(example()), edited(around), edited(total(95)))):
        folder = tmp_path / str(number)
        folder.mkdir()
        saved = office(data, "xlsx", folder).read_bytes()
        assert codes(saved) == codes(data) == [Kind.SUM_DIFFERS] * (number // 2)


@needs_office
@pytest.mark.parametrize("fonts", ["official", "plain"])
@pytest.mark.parametrize("filled", [True, False])
def test_the_form_of_a_township_is_one_page(tmp_path: Path, filled: bool, fonts: str) -> None:
    path = office(form(example() if filled else None, "甲镇", fonts=fonts), "pdf", tmp_path)
    (page,) = pages_of(path)
    assert "第1页共1页" in page
    assert size_of(path) == (595, 842)


@pytest.mark.usefixtures("folder")
def test_forms_are_written_for_each_unit_of_the_rubric(run: Run) -> None:
    outcome = run("form", "--rubric", "departments", "--xlsx")
    assert outcome.code == 0
    assert len(outcome.text.split()) == 21
    assert outcome.text.split()[0] == str(Path("scores", "县商务局.xlsx"))
    faulty = run("validate", "--format", "concise")
    assert faulty.text.count("EPA105") == 21


def test_forms_are_written_for_a_roster(folder: Path, run: Run) -> None:
    (folder / "名单.txt").write_text("# 2018\n甲镇\n\n乙镇\n", "utf-8")
    outcome = run("form", "--rubric", "township", "--xlsx", "--roster", "名单.txt", "-o", "表")
    assert outcome.text.split() == [str(Path("表", "甲镇.xlsx")), str(Path("表", "乙镇.xlsx"))]
    assert run("form", "--rubric", "township", "--roster", "没有.txt").code == 1
    (folder / "gbk.txt").write_bytes("甲镇".encode("gbk"))
    assert "EPA001" in run("form", "--rubric", "township", "--roster", "gbk.txt").said


def test_one_form_is_written_beside_you(folder: Path, run: Run) -> None:
    assert run("form", "--rubric", "township", "--xlsx").text == "评分表.xlsx\n"
    assert run("form", "--rubric", "township", "--xlsx").code == 3
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


def test_a_number_that_is_much_too_long_is_refused_for_what_it_is() -> None:
    assert [*kinds(edited(put("A3", "E", 123456789))).values()] == [Kind.POINTS_OVER_CAP]
