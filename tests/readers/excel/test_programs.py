"""Forms as other programs and habits leave them: read, or a finding for the true reason."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.forms import SHELF, Edit, edited, kinds, put, repacked, row_of, taken
from tests.support.paths import ROOT

from epa_score.diagnostics import Kind
from epa_score.readers.excel import open_workbook
from epa_score.readers.files import read_file
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.scoring import score

DATA = ROOT / "tests" / "data"
TOTALS = {
    "points-with-float-noise": "85.9",
    "points-pasted-from-a-product": "86.4",
    "own-sum-with-float-noise": "85.9",
    "validation-of-a-whole-column": "85.9",
    "validation-with-commas": "85.9",
    "styles-empty-fill": "85.9",
    "styles-without-name": "85.9",
    "no-styles-part": "85.9",
    "empty-style-attribute": "85.9",
    "strict-open-xml": "85.9",
    "workbook-part-renamed": "85.9",
    "part-names-in-another-case": "85.9",
    "utf16-parts": "85.9",
    "5000-blank-formatted-rows": "85.9",
    "1000-blank-rows-26-columns": "85.9",
    "wps-picture-in-the-reason": "85.9",
}
FINDINGS = {
    "period-shown-as-2018.10": {"评分表!F3": Kind.SHOWN_DIFFERENTLY},
    "period-shown-as-quarter": {"评分表!F3": Kind.SHOWN_DIFFERENTLY},
    "conditional-format-hides-decimals": {
        f"评分表!E{row}": Kind.SHOWN_DIFFERENTLY for row in (7, 8, 10, 14, 19, 25, 27, 28)
    },
    "points-merged-with-the-sum-below": {
        "评分表!E10": Kind.CELL_MERGED,
        "评分表!E11": Kind.CELL_MERGED,
    },
    "cap-merged-with-the-sum": {"评分表!E11": Kind.CELL_MERGED},
    "wps-picture-in-the-reason": {"评分表!F5": Kind.NOTE_IS_PICTURE},
}


def read(path: Path, library: RubricLibrary = SHELF) -> SheetFile:
    data, (source,) = read_file(str(path))
    return sheet_of(data, source, library, incomplete=False)


def total_of(file: SheetFile) -> Decimal:
    assert file.sheet is not None, file.diagnostics
    assert file.rubric is not None
    return score(file.rubric, file.sheet).total


def test_every_form_is_expected_to_be_something() -> None:
    names = {path.stem for path in (DATA / "forms").glob("*.xlsx")}
    assert len(names) > 20
    assert names == TOTALS.keys() | FINDINGS.keys()


@pytest.mark.parametrize("name", TOTALS)
def test_a_sound_form_is_read_whoever_wrote_it(name: str) -> None:
    assert total_of(read(DATA / "forms" / f"{name}.xlsx")) == Decimal(TOTALS[name])


@pytest.mark.parametrize("name", FINDINGS)
def test_what_is_shown_otherwise_is_a_finding_at_its_cell(name: str) -> None:
    found = read(DATA / "forms" / f"{name}.xlsx").diagnostics
    assert {one.location.cell: one.kind for one in found} == FINDINGS[name]


# --- facts beyond the items --------------------------------------------------------------------

AWARDS = DATA / "adjustments"
AWARDED = {"form": "94.5", "penalty-in-merged-cells": "92.5", "veto-in-merged-cells": "94.5"}
REFUSED = {
    "two-penalties-in-merged-rows": {Kind.CELL_MERGED},
    "veto-written-in-the-points-column": {Kind.VETO_HALF_FILLED},
}


@pytest.mark.parametrize("name", AWARDED)
def test_what_happened_counts_where_the_form_shows_it(name: str) -> None:
    file = read(AWARDS / f"{name}.xlsx", RubricLibrary(str(AWARDS)))
    assert total_of(file) == Decimal(AWARDED[name])
    assert file.sheet is not None
    assert any(file.sheet.veto.values()) == (name == "veto-in-merged-cells")


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_be_dropped_is_a_finding(name: str) -> None:
    file = read(AWARDS / f"{name}.xlsx", RubricLibrary(str(AWARDS)))
    assert {one.kind for one in file.diagnostics} == REFUSED[name]


# --- the kinds behind the files ----------------------------------------------------------------


PICTURE = '=_xlfn.DISPIMG("ID_1",1)'


def typed_field(value: object, number_format: str, cell: str = "F3") -> Edit:
    def edit(workbook: Any) -> None:
        workbook.worksheets[0][cell].value = value
        workbook.worksheets[0][cell].number_format = number_format

    return edit


@pytest.mark.parametrize(
    "number_format", ["0.00", '"第"0"季度"', "0000000", "0%", "0.0E+00", "[红]0.00", "¥0"]
)
def test_a_number_in_a_field_is_as_it_is_shown(number_format: str) -> None:
    found = kinds(edited(typed_field(2018, number_format)))
    assert found == {"评分表!F3": Kind.SHOWN_DIFFERENTLY}


@pytest.mark.parametrize(
    "number_format", ["General", "0", "@", "G/通用格式", "0000", "#", "[Red]0"]
)
def test_a_plain_number_in_a_field_is_taken(number_format: str) -> None:
    sheet = taken(edited(typed_field(2018, number_format))).sheet
    assert sheet is not None
    assert sheet.period == "2018"


@pytest.mark.parametrize("number_format", ["0.00", '0"个"', "0%"])
def test_a_number_as_a_reason_is_as_it_is_shown(number_format: str) -> None:
    found = kinds(edited(put("A3", "F", 3, number_format=number_format)))
    assert [*found.values()] == [Kind.SHOWN_DIFFERENTLY]


@pytest.mark.parametrize("number_format", ["m/d", 'm"月"d"日"', "yyyy/m", "h:mm", "d-mmm"])
def test_a_reason_that_became_a_day_is_as_it_is_shown(number_format: str) -> None:
    found = kinds(edited(put("A3", "F", 43161, number_format=number_format)))
    assert [*found.values()] == [Kind.SHOWN_DIFFERENTLY]


def test_a_reason_that_is_a_whole_day_is_taken() -> None:
    sheet = taken(edited(put("A3", "F", 43161, number_format="yyyy/m/d"))).sheet
    assert sheet is not None
    assert sheet.score("A3").note == "2018-03-02"


@pytest.mark.parametrize("edit", [typed_field(PICTURE, "General"), put("A3", "E", PICTURE)])
def test_a_picture_is_no_field_and_no_points(edit: Edit) -> None:
    assert [*kinds(edited(edit)).values()] == [Kind.CELL_FORMULA]


def test_zeros_that_a_worksheet_hides_are_findings() -> None:
    def hide(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet.sheet_view.showZeros = False
        sheet[f"E{row_of(workbook, 'A3')}"].value = 0

    assert kinds(edited(hide)) == {"评分表!E7": Kind.SHOWN_DIFFERENTLY}


def test_what_a_merged_area_covers_is_not_read() -> None:
    def cover(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        assert b'<c r="C1"' in parts[name]
        start = parts[name].index(b'<c r="C1"')
        end = parts[name].index(b">", start) + 1
        covered = b'<c r="C1" t="str"><v>\xe7\xa7\xaf\xe5\x88\x86</v></c>'
        parts[name] = parts[name][:start] + covered + parts[name][end:]

    (sheet, *_) = open_workbook(repacked(edited(), cover)).worksheets
    assert any(area.min_row == 1 and area.max_col >= 3 for area in sheet.merged)
    assert sheet.cell(1, 3).value is None


STYLES = "xl/styles.xml"
ODDITIES = {
    "no styles at all": lambda parts: parts.update({STYLES: b"<styleSheet/>"}),
    "an unknown element": lambda parts: parts.update(
        {STYLES: parts[STYLES].replace(b"<fonts", b"<odd a='b'/><fonts", 1)}
    ),
    "broken drawings": lambda parts: parts.update({"xl/drawings/drawing1.xml": b"<half"}),
    "broken comments": lambda parts: parts.update({"xl/comments9.xml": b"\0\0"}),
    "a document type elsewhere": lambda parts: parts.update({"x.txt": b"<!DOCTYPE x><x/>"}),
    "broken properties": lambda parts: parts.update({"docProps/core.xml": b"<"}),
    "a custom part": lambda parts: parts.update({"customXml/item1.xml": b"<a>" * 200}),
    "a huge picture": lambda parts: parts.update({"xl/media/image1.png": bytes(9_000_000)}),
}


@pytest.mark.parametrize("name", ODDITIES)
def test_parts_that_hold_no_values_make_no_form_unreadable(name: str) -> None:
    assert total_of(taken(repacked(edited(), ODDITIES[name]))) == total_of(taken(edited()))
