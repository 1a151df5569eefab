""""""

import datetime as dt
import io
import time
import zipfile
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formatting.rule import Rule
from openpyxl.formula.translate import Translator
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from tests.support.examples import round_trips
from tests.support.forms import (
    SHELF,
    Edit,
    around,
    codes,
    edited,
    example,
    filled,
    form,
    given_in,
    hidden_date,
    kinds,
    move,
    put,
    put_error,
    repacked,
    second_date,
    second_unit,
    shown_as,
    taken,
    total_row,
    typed,
    unmerge,
)

from epa_score.diagnostics import Kind
from epa_score.exporters.yaml import yaml_sheet
from epa_score.model import ScoreSheet
from epa_score.readers.files import READERS
from epa_score.readers.sheets import sheet_of


def test_a_form_is_read_as_it_was_filled_in() -> None:
    assert given_in(taken(edited()).sheet) == given_in(example())


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)


@round_trips(25)
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

    wrong = {
        decoy: [Kind.FORM_HIDDEN, Kind.NOT_A_FORM],
        renamed: [Kind.NOT_A_FORM],
        numbers: [Kind.SEVERAL_FORMS],
    }
    for edit, expected in wrong.items():
        sources = READERS[".xlsx"]("甲镇.xlsx", edited(edit))
        assert len(sources) == 2
        assert [found.kind for source in sources for found in source.findings] == expected


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


DAY = dt.date(2018, 12, 20)
DATES = [
    *((text, DAY) for text in ("2018-12-20", "2018年12月20日", "2018/12/20", "2018. 12. 20")),
    *((text, DAY) for text in ("20181220", "二〇一八年十二月二十日", "２０１８．１２．２０")),
    *((text, text) for text in ("2018年12月20日至22日", "2018.12.20-12.22", "2018-12-20~22")),
]
IN_DOUBT = ["12.20", "2018年12月", "2018年2月30日", "20/12/2018", "待定", "2018.12", "43454"]


@pytest.mark.parametrize(("text", "date"), [*DATES, *((text, text) for text in IN_DOUBT)])
def test_a_form_and_a_file_read_one_date_alike(text: str, date: object) -> None:
    of_form = taken(edited(typed("F2", text)))
    content = yaml_sheet(example()).replace("date: 2018-12-20", f"date: {text}").encode()
    of_file = sheet_of(content, READERS[".yaml"]("甲.yaml", content)[0], SHELF, incomplete=True)
    expected = [Kind.DATE_NOT_ISO] if text in IN_DOUBT else []
    for file in (of_form, of_file):
        assert [one.kind for one in file.diagnostics] == expected
        assert file.sheet is not None
        assert file.sheet.date == date


def test_a_date_of_excel_is_read_where_it_is_shown_in_whole() -> None:
    for code in ("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "mm-dd-yy", "yyyy/m/d h:mm"):
        found = taken(edited(shown_as("F2", 43454, code)))
        assert found.diagnostics == ()
        assert found.sheet is not None
        assert found.sheet.date == DAY
    whole = edited(shown_as("F2", 20181220, "0"))
    assert (sheet := taken(whole).sheet) is not None
    assert sheet.date == DAY


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *((43454, code) for code in ('m"月"d"日"', "yyyy", "h:mm", ";;;", "[$-130000]yyyy-m-d")),
        *((20181220, code) for code in ("0000.00.00", "0.0", ";;;")),
        (0.5, "h:mm"),
        (-1, "yyyy-m-d"),
    ],
)
def test_a_date_that_is_shown_in_another_way_is_not_taken(value: float, code: str) -> None:
    found = taken(edited(shown_as("F2", value, code)))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.DATE_NOT_ISO, "format")]
    assert found.sheet is not None
    assert found.sheet.date is None


def test_a_date_under_a_condition_is_not_taken() -> None:
    def fill(workbook: Any) -> None:
        shown_as("F2", 43454, "yyyy-m-d")(workbook)
        number_format = NumberFormat(numFmtId=200, formatCode="yyyy")
        style = DifferentialStyle(numFmt=number_format)
        rule = Rule(type="expression", formula=["TRUE"], dxf=style)
        workbook.worksheets[0].conditional_formatting.add("F2", rule)

    (wrong,) = taken(edited(fill)).diagnostics
    assert (wrong.kind, wrong.variant) == (Kind.DATE_NOT_ISO, "format")
    assert wrong.parameters["format"] == "yyyy"


@pytest.mark.parametrize(
    ("edit", "variant"),
    [
        (typed("F2", "=TODAY()"), "cell"),
        (put_error, "cell"),
        (typed("F2", '=_xlfn.DISPIMG("ID_1",1)'), "picture"),
        (hidden_date, "hidden"),
        (second_date, "twice"),
    ],
)
def test_a_date_that_is_not_typed_or_not_plain_stops_nothing(edit: Edit, variant: str) -> None:
    found = taken(edited(edit))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [(Kind.DATE_NOT_ISO, variant)]
    assert found.sheet is not None
    assert found.sheet.date is None
    assert found.sheet.points == example().points


def test_two_dates_that_are_one_day_are_one() -> None:
    def same(workbook: Any) -> None:
        second_date(workbook)
        workbook.worksheets[0]["D40"] = "2018年12月20日"

    found = taken(edited(same))
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.date == DAY


def test_a_date_in_doubt_hides_nothing_else() -> None:
    def spoil(workbook: Any) -> None:
        second_date(workbook)
        put("A1", "E", 9)(workbook)
        put("A2", "E", "八")(workbook)
        put("A3", "F", '=_xlfn.DISPIMG("ID_1",1)')(workbook)
        put("A3", "E", 9)(workbook)

    assert kinds(edited(spoil)) == {
        "评分表!D40": Kind.DATE_NOT_ISO,
        "评分表!E5": Kind.POINTS_OVER_CAP,
        "评分表!E6": Kind.POINTS_NOT_A_NUMBER,
        "评分表!E7": Kind.POINTS_OVER_CAP,
        "评分表!F7": Kind.NOTE_IS_PICTURE,
    }


def test_a_period_that_became_a_date_is_refused() -> None:
    year = dt.datetime(2018, 1, 1)  # noqa: DTZ001
    assert kinds(edited(typed("F3", year))) == {"评分表!F3": Kind.CELL_DATE}


def test_a_unit_that_is_a_formula_is_one_finding() -> None:
    assert codes(edited(typed("C2", '="示例"&"甲镇"'))) == [Kind.CELL_FORMULA]


def test_a_single_unscored_item_is_reported_at_its_cell() -> None:
    data = edited(put("A3", "E", None))
    found = sheet_of(data, READERS[".xlsx"]("甲镇.xlsx", data)[0], SHELF, incomplete=False)
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

    assert kinds(edited(no_label)) == {"评分表!A2": Kind.LABEL_CHANGED}


@pytest.mark.parametrize(
    ("typed_over", "found"),
    [
        ({"A3": "考核组：一组", "C3": None, "D3": "考核期：2018", "F3": None}, ["A3", "D3"]),
        ({"A3": "一组", "C3": None, "D3": "2018", "F3": None}, ["A3", "D3"]),
        ({"A3": None, "D3": None}, ["C3", "F3"]),
        ({"A3": None, "D3": None, "F3": None}, ["C3"]),
        ({"A3": None, "C3": None, "D3": None, "F3": None}, []),
        ({"A3": None}, ["C3"]),
    ],
)
def test_what_stands_in_a_row_of_lost_labels_is_not_passed_over(
    typed_over: dict[str, str | None], found: list[str]
) -> None:
    def write(workbook: Any) -> None:
        for name, value in typed_over.items():
            workbook.worksheets[0][name] = value

    assert kinds(edited(write)) == {f"评分表!{name}": Kind.LABEL_CHANGED for name in found}


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
        (twice, Kind.WORKBOOK_DAMAGED),
        (lambda: b"PK" + bytes(21_000_000), Kind.WORKBOOK_TOO_LARGE),
        (lambda: repacked(edited(), without_workbook),
         Kind.NOT_A_WORKBOOK),
        (lambda: repacked(edited(), lambda parts: parts.update({"xl/styles.xml": b"<x"})),
         Kind.WORKBOOK_DAMAGED),
    ],
    ids=["twice", "large", "no workbook", "half a part"],
)  # fmt: skip
def test_a_hostile_file_is_refused_at_once(make: Any, kind: Kind) -> None:
    data, sound = make(), edited()
    moments = [time.process_time()]
    assert [one.kind for one in taken(data).diagnostics] == [kind]
    moments.append(time.process_time())
    assert taken(sound).diagnostics == ()
    moments.append(time.process_time())
    hostile, ordinary = (end - start for start, end in pairwise(moments))
    assert hostile < 10 * ordinary


def test_a_hidden_sheet_without_the_labels_of_a_form_is_not_understood() -> None:
    def forget(workbook: Any) -> None:
        sheet = workbook.worksheets[1]
        row = next(cell.row for cell in sheet["A"] if cell.value == "label.date")
        sheet.delete_rows(row)

    assert kinds(edited(forget)) == {"": Kind.WORKBOOK_DAMAGED}


def test_a_hidden_sheet_with_equal_labels_is_not_understood() -> None:
    def confuse(workbook: Any) -> None:
        rows = {row[0].value: row for row in workbook.worksheets[1].iter_rows()}
        rows["label.date"][1].value = f" {rows['label.score'][1].value}"

    assert kinds(edited(confuse)) == {"": Kind.WORKBOOK_DAMAGED}


def test_merged_cells_beside_the_table_do_no_harm() -> None:
    assert taken(bomb(*(f"H{row}:I{row}" for row in range(1, 5000)))).diagnostics == ()


def test_a_whole_sheet_that_is_merged_shows_no_form() -> None:
    assert [*kinds(bomb("A1:XFD1048576")).values()] == [Kind.NOT_A_FORM]


def test_a_number_that_is_much_too_long_is_refused_for_what_it_is() -> None:
    assert [*kinds(edited(put("A3", "E", 123456789))).values()] == [Kind.POINTS_OVER_CAP]
