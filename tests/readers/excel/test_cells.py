"""How a cell shows its number: by format, height and width, or not as it is."""

import re
from decimal import Decimal
from typing import Any

import pytest
from tests.support.forms import (
    codes,
    edited,
    kinds,
    put,
    repacked,
    row_of,
    taken,
)

from epa_score.diagnostics import Kind
from epa_score.readers.excel.number_formats import shows_exactly


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
