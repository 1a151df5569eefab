"""What forms show counts, whatever stands in their cells: in every field, by every habit."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support import form_facts
from tests.support.commands import Run
from tests.support.form_facts import form_of, sheet_in
from tests.support.form_parts import (
    ALWAYS,
    PAGE,
    PICTURE,
    Change,
    cell_as,
    changed,
    conditions,
    formula,
    inserted,
    merged,
    number,
    replaced,
    text,
    together,
)
from tests.support.forms import example, form, taken

from epa_score.diagnostics import Kind

SOUND = form(example())
FACTS = form_of(sheet_in(form_facts.SHEET))
ROWS = {
    "A1": 5,
    "A1-1": 6,
    "A2": 7,
    "A2-1": 8,
    "A3-1": 11,
    "A4": 12,
    "A4-1": 13,
    "A6-1": 19,
    "J1": 28,
    "J2": 29,
    "K1": 32,
    "V1": 35,
}
"""The rows of lines in the form with facts."""

Found = dict[str, Kind]


def at(places: str) -> str:
    """Cells in a form with facts, where a line stands for its row."""
    return re.sub("{(.*?)}", lambda found: str(ROWS[found[1]]), places)


def found(change: Change) -> list[tuple[str, Kind]]:
    """What is wrong with the form of a township after a change."""
    diagnostics = taken(changed(SOUND, change)).diagnostics
    return [(one.location.cell.removeprefix("评分表!"), one.kind) for one in diagnostics]


def found_in_facts(change: Change) -> list[tuple[str, Kind, str]]:
    """What is wrong with a form that holds facts, after a change."""
    diagnostics = form_facts.taken(changed(FACTS, change)).diagnostics
    return [(one.location.cell[4:], one.kind, one.variant) for one in diagnostics]


def read(change: Change) -> dict[str, Any]:
    """The fields of a form, with the note of A3 and its points."""
    file = taken(changed(SOUND, change))
    assert file.diagnostics == ()
    assert file.sheet is not None
    own = file.sheet.score("A3")
    return {**file.sheet.model_dump(), "note": own.note, "points": own.score}


# --- numbers and texts in fields of text ---------------------------------------------------------

FIELDS = {"assessor": "C3", "period": "F3", "note": "F7"}
ODD_NUMBERS = [
    *(("2018.1", "0.00"), ("2018.1", "0.000"), ("2018", "0.0"), ("2018.5", "0")),
    *(("1", '"第"0"季度"'), ("2018", '0"年"'), ("2018", '0"年度"'), ("1", '"2018Q"0')),
    *(("1", '"上半年"'), ("1", "\\优"), ("201801", "0000-00"), ("2018", "[DBNum1]General")),
    *(("2018", "#,##0"), ("20181", "0,000"), ("2018", "0,"), ("2018", "0%"), ("2018", "0E+00")),
    *(("0.5", "# ?/?"), ("2018", "?????"), ("2018", "00000"), ("2018", "0*0"), ("2018", "0_0")),
    *(("2018", "[>5]0"), ("2018", "[<5]0;0.0"), ("7", '[=7]"七";0'), ("2018", ";;;"), ("8", ";;")),
    *(("0", "0;-0;;@"), ("0", "#"), ("0.5", "#.0"), ("-3", "0;0"), ("-3", "0;[Red]0"), ("-3", ";")),
    *(("123456789012", "General"), ("110105194912310021", "@"), ("0.12345678901", "General")),
    *(("2018", "41"), ("2018", "44"), ("2018", "10"), ("2018", "12")),
]
PLAIN_NUMBERS = [
    *(("2018", "General"), ("2018", "@"), ("2018", "0"), ("2018", "0;[Red]0"), ("2018", "[Blue]0")),
    *(("2018.1", "0.0"), ("18", "#,##0"), ("2018", "0000"), ("2018", "#"), ("0", "0;-0;0")),
    *(("13800138000", "General"), ("2018.1", "General"), ("2018", "0;-0;;@")),
    *(("-3", "0"), ("-3", "0;-0"), ("-3", "0;\\-0"), ("0.5", "0.0"), ("2018", "[$-804]0")),
]
DAYS = ["yyyy", 'yyyy"年"m"月"', "[h]:mm", "[Red]mmm-yy", "17", "20", "57"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("value", "code"), ODD_NUMBERS)
def test_a_number_that_its_format_shows_otherwise_is_a_finding(
    field: str, value: str, code: str
) -> None:
    cell = FIELDS[field]
    assert found(number(cell, value, code)) == [(cell, Kind.SHOWN_DIFFERENTLY)]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("code", DAYS)
def test_a_number_that_its_format_shows_as_a_day_is_a_finding(field: str, code: str) -> None:
    cell = FIELDS[field]
    kind = Kind.SHOWN_DIFFERENTLY if field == "note" else Kind.CELL_DATE
    assert found(number(cell, "43454", code)) == [(cell, kind)]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("value", "code"), PLAIN_NUMBERS)
def test_a_number_that_is_shown_as_it_is_is_a_text(field: str, value: str, code: str) -> None:
    assert read(number(FIELDS[field], value, code))[field] == value


ODD_TEXTS = ['@"年"', '"第"@', ";;;", '0;-0;0;"已核"', "@@", "0;@*0", ";;;* ", "@-"]
PLAIN_TEXTS = [
    *(
        "@",
        "General",
        "0;-0;;@",
        "yyyy/m/d;@",
        ";;",
        "[Red]@",
        "_ @_ ",
        "@* ",
        '" "@',
        "0.00",
        "44",
    ),
    *('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "General;General;General;General"),
]


@pytest.mark.parametrize("code", ODD_TEXTS)
def test_a_text_that_its_format_shows_otherwise_is_a_finding(code: str) -> None:
    for cell in ("C2", *FIELDS.values()):
        assert found(text(cell, "示例甲镇", code)) == [(cell, Kind.SHOWN_DIFFERENTLY)]
    assert found(text("F2", "2018-12-20", code)) == [("F2", Kind.DATE_NOT_ISO)]


@pytest.mark.parametrize("code", PLAIN_TEXTS)
def test_a_text_that_is_shown_as_it_is_is_read(code: str) -> None:
    for field, cell in FIELDS.items():
        assert read(text(cell, "一季度", code))[field] == "一季度"
    assert str(read(text("F2", "2018-12-20", code))["date"]) == "2018-12-20"


def test_a_day_as_a_reason_is_taken_where_it_is_shown_in_whole() -> None:
    for code in ("yyyy-mm-dd", "14", 'yyyy"年"m"月"d"日"', "31"):
        assert read(number("F7", "43454", code))["note"] == "2018-12-20"
    hidden = together(number("F7", "43454", "14"), conditions(("F7", ALWAYS, "yyyy")))
    assert found(hidden) == [("F7", Kind.SHOWN_DIFFERENTLY)]


def test_yes_and_no_of_excel_are_read_as_they_are_shown() -> None:
    assert read(cell_as("F7", ' t="b"', "<v>1</v>"))["note"] == "TRUE"
    assert read(cell_as("F3", ' t="b" s="0"', "<v>0</v>"))["period"] == "FALSE"


HIDES_ZEROS = replaced(PAGE, "<sheetView ", '<sheetView showZeros="0" ')


def test_a_zero_that_the_worksheet_hides_is_no_text() -> None:
    for cell in FIELDS.values():
        change = together(HIDES_ZEROS, number(cell, "0", "0"))
        assert found(change) == [(cell, Kind.SHOWN_DIFFERENTLY)]


SHOWN, ODD = Kind.SHOWN_DIFFERENTLY, "text"


@pytest.mark.parametrize(
    ("change", "cell", "kind", "variant"),
    [
        (number("E11", "1", '"优"'), "E11", SHOWN, ODD),
        (number("E13", "1", '"是";;"否"'), "E13", SHOWN, ODD),
        (text("E13", "否", ';;;"是"'), "E13", SHOWN, ODD),
        (text("E11", "良", '"不"@'), "E11", SHOWN, ODD),
        (number("E6", "3", '0"0"'), "E6", SHOWN, ""),
        (number("E19", "93.5", "0"), "E19", SHOWN, ""),
        (number("E6", "3", "[h]:mm"), "E6", Kind.CELL_DATE, ""),
        (text("E7", "不适用", ";;;"), "E7", SHOWN, ""),
        (number("F28", "3", '"省级表彰"'), "F28", SHOWN, ODD),
        (text("F28", "省级表彰", '"未获"@'), "F28", SHOWN, ODD),
        (number("F28", "43454", "yyyy-mm-dd"), "F28", Kind.FACT_WITHOUT_NAME, ""),
        (number("E28", "6", ";;;"), "E28", SHOWN, ""),
        (number("F35", "1", '"起火"'), "F35", SHOWN, ODD),
        (text("F35", "起火", ";;;"), "F35", SHOWN, ODD),
        (text("E35", "是", ';;;"否"'), "E35", SHOWN, ODD),
        (number("E35", "1", '"是"'), "E35", SHOWN, ODD),
        (cell_as("F35", ' t="b"', "<v>1</v>"), "F35", Kind.VETO_WITHOUT_REASON, ""),
    ],
)
def test_facts_are_as_they_are_shown(change: Change, cell: str, kind: Kind, variant: str) -> None:
    wrong = found_in_facts(change)
    assert (cell, kind, variant) in wrong
    beside = {Kind.POINTS_BESIDE_REASON, Kind.REASON_MISSING}
    assert {one for _, one, _ in wrong} <= {kind, *beside}


# --- conditional formats -------------------------------------------------------------------------

HALF = number("E7", "6.5")
X14 = (
    '<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="http://schemas.'
    'microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="http://schemas.microsoft.com/office/'
    'excel/2006/main"><x14:conditionalFormattings><x14:conditionalFormatting>'
    '<x14:cfRule type="cellIs" priority="1" operator="greaterThan"><xm:f>表!$A$1</xm:f>{}'
    "</x14:cfRule><xm:sqref>{}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
    "</ext></extLst>"
)


def extended(areas: str, rule: str) -> Change:
    """A condition in an extension, as of a rule that looks at another worksheet."""
    return replaced(PAGE, "</worksheet>", X14.format(rule, areas) + "</worksheet>")


def ruled(areas: str, rule: str) -> Change:
    """A condition that has no style."""
    markup = f'<conditionalFormatting sqref="{areas}"><cfRule priority="1" {rule}</cfRule>'
    return inserted(PAGE, "<dataValidations", f"{markup}</conditionalFormatting>")


DXF = '<x14:dxf><x14:numFmt numFmtId="200" formatCode="{}"/></x14:dxf>'.format
CONDITIONS: dict[str, tuple[Change, set[str]]] = {
    "a formula": (conditions(("E7", ALWAYS, "0")), {"E7"}),
    "a comparison": (
        conditions(("E7", 'type="cellIs" operator="between"><formula>0</formula>', "0")),
        {"E7"},
    ),
    "the top ones": (conditions(("E5:E7", 'type="top10" rank="3">', "0")), {"E7"}),
    "duplicates": (conditions(("E7 E6", 'type="duplicateValues">', "0")), {"E7"}),
    "the average": (conditions(("E7", 'type="aboveAverage">', "0")), {"E7"}),
    "one that never holds": (conditions(("E7", ALWAYS.replace("TRUE", "FALSE"), "0")), {"E7"}),
    "a whole column": (conditions(("E:E", ALWAYS, "0.0")), set()),
    "a whole column that rounds": (
        conditions(("$E:$E", ALWAYS, "0")),
        {f"E{row}" for row in (7, 8, 10, 14, 19, 25, 27, 28)},
    ),
    "whole rows": (conditions(("6:7", ALWAYS, "0")), {"E7"}),
    "areas over each other": (
        conditions(("E5:E7", ALWAYS, "0.00"), ("E7:E8", ALWAYS, "0")),
        {"E7", "E8"},
    ),
    "colours alone": (conditions(("E5:E29", ALWAYS, ""), ("A1:XFD99", ALWAYS, "")), set()),
    "a format that shows all": (conditions(("E5:E29", ALWAYS, "0.0##")), set()),
    "cells beside the points": (conditions(("A5:D29", ALWAYS, "0"), ("G7", ALWAYS, "0")), set()),
    "a style that is not there": (ruled("E7", f'dxfId="77" {ALWAYS}'), set()),
    "another worksheet's": (extended("E7 F7", DXF("0")), {"E7"}),
    "another worksheet's that shows all": (extended("E5:E29", DXF("0.00")), set()),
    "another worksheet's colours": (extended("E5:E29", "<x14:dxf/>"), set()),
    "bars beside numbers": (ruled("E5:E29", 'type="dataBar"><dataBar></dataBar>'), set()),
    "bars for numbers": (
        ruled("E7", 'type="dataBar"><dataBar showValue="0"><cfvo type="min"/></dataBar>'),
        {"E7"},
    ),
    "icons beside numbers": (ruled("E5:E29", 'type="iconSet"><iconSet></iconSet>'), set()),
    "icons for numbers": (
        ruled("E6:E7", 'type="iconSet"><iconSet iconSet="3Flags" showValue="false"></iconSet>'),
        {"E6", "E7"},
    ),
    "stars for numbers": (extended("E7", '<x14:iconSet iconSet="3Stars" showValue="0"/>'), {"E7"}),
    "colours of a scale": (ruled("E5:E29", 'type="colorScale"><colorScale/>'), set()),
    "a sum": (conditions(("E11", ALWAYS, '0.0"分"')), set()),
    "a sum that is rounded": (
        conditions(("E11 E31", ALWAYS, "0"), ("E30", ALWAYS, "0.0")),
        {"E11"},
    ),
    "a sum of another worksheet's": (extended("E11:F12", DXF("0")), {"E11"}),
    "a period": (together(number("F3", "2018", "0"), conditions(("F3", ALWAYS, "0.0"))), {"F3"}),
    "a period as a text": (conditions(("F3", ALWAYS, '@"年"')), {"F3"}),
    "a unit": (conditions(("C2", ALWAYS, ";;;")), {"C2"}),
    "a reason": (together(text("F7", "缺 4 月"), conditions(("F7", ALWAYS, '"无"@'))), {"F7"}),
    "a reason in a format of numbers": (conditions(("F5:F29", ALWAYS, "0")), set()),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_that_shows_something_else_is_a_finding(name: str) -> None:
    condition, cells = CONDITIONS[name]
    wrong = found(together(HALF, condition))
    assert {kind for _, kind in wrong} <= {Kind.SHOWN_DIFFERENTLY}
    assert {cell for cell, _ in wrong} == cells


@pytest.mark.parametrize(
    ("areas", "code", "cells"),
    [
        ("E6", "0.0", set()),
        ("E6", '"约"0', set()),
        ("E19", "0", {"E19"}),
        ("E11", '"非"@', {"E11"}),
        ("E13", "0;0;0;", {"E13"}),
        ("E28:F28", ";;;", {"F28"}),
        ("E35", ';;;"否"', {"E35"}),
        ("E5:F40", "0.0", {"E8"}),
    ],
)
def test_a_condition_on_facts_is_one_on_points(areas: str, code: str, cells: set[str]) -> None:
    wrong = found_in_facts(conditions((areas, ALWAYS, code)))
    assert {cell for cell, _, _ in wrong} == cells


# --- noise of arithmetic -------------------------------------------------------------------------

NOISE = [
    *(("6.3999999999999995", "6.4"), ("6.8999999999999995", "6.9"), ("0.30000000000000004", "0.3")),
    *(("2.9999999999999996", "3"), ("7.9999999999999991", "8"), ("0.10000000000000001", "0.1")),
    *(
        ("5.5500000000000007", "5.55"),
        ("1.0000000000000002E0", "1"),
        ("64.999999999999991E-1", "6.5"),
    ),
    *(("-0", "0"), ("-0.0", "0"), ("0E-20", "0"), ("8.000000000000000000000", "8")),
]


@pytest.mark.parametrize(("stored", "points"), NOISE)
def test_noise_beyond_15_digits_is_none(stored: str, points: str) -> None:
    for code in ("General", "0.0#"):
        assert read(number("E7", stored, code))["points"] == Decimal(points)


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        ("1.1102230246251565E-16", Kind.POINTS_NOTATION),
        ("-2.2204460492503131E-16", Kind.POINTS_NEGATIVE),
        ("6.4000001", Kind.POINTS_TOO_PRECISE),
        ("6.4000000000001", Kind.POINTS_NOTATION),
        ("8.0000001", Kind.POINTS_OVER_CAP),
        ("1E+15", Kind.POINTS_NOTATION),
        ("1.7976931348623157E+308", Kind.POINTS_NOTATION),
    ],
)
def test_what_15_digits_show_is_no_noise(stored: str, kind: Kind) -> None:
    assert found(number("E7", stored, "General"))[0] == ("E7", kind)


@pytest.mark.parametrize(
    ("cell", "stored", "wrong"),
    [
        ("E11", "22.000000000000004", False),
        ("E11", "21.999999999999996", False),
        ("E31", "87.500000000000014", False),
        ("E31", "87.4999999999999", True),
        ("E31", "87.5000000000001", True),
        ("E31", "8.75E1", False),
    ],
)
def test_noise_in_the_offices_own_sum_is_none(cell: str, stored: str, wrong: bool) -> None:
    for change in (number(cell, stored), cell_as(cell, "", f"<f>A1+1</f><v>{stored}</v>")):
        assert found(change) == ([(cell, Kind.SUM_DIFFERS)] if wrong else [])


@pytest.mark.parametrize(
    ("cell", "stored", "right"),
    [
        ("E6", "2.9999999999999996", True),
        ("E6", "2.9999999999", False),
        ("E19", "1234567.5000000002", True),
        ("E8", "8.2500000000000018", True),
        ("E28", "6.0000000000000009", True),
        ("E28", "-0", False),
    ],
)
def test_noise_in_facts_is_none(cell: str, stored: str, right: bool) -> None:
    assert (found_in_facts(number(cell, stored)) == []) is right


# --- pictures ------------------------------------------------------------------------------------

PICTURES: dict[str, Callable[[str], Change]] = {
    "WPS": lambda cell: formula(cell, PICTURE, "=" + PICTURE.removeprefix("_xlfn.")),
    "WPS, as a text": lambda cell: text(cell, '=DISPIMG("ID_1",1)'),
    "WPS, in lower case": lambda cell: formula(cell, 'dispimg("ID_1",1)', ""),
    "an address": lambda cell: formula(cell, '_xlfn.IMAGE("https://x/1.png")', ""),
    "Excel, placed in the cell": lambda cell: cell_as(cell, ' t="e" vm="1"', "<v>#VALUE!</v>"),
    "an address, as Excel keeps it": lambda cell: cell_as(
        cell, ' t="e" vm="1"', '<f>_xlfn.IMAGE("https://x/1.png")</f><v>#VALUE!</v>'
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_in_a_cell_is_named_as_one(name: str) -> None:
    picture = PICTURES[name]
    for cell in ("C2", "C3", "F3", "E7"):
        (one,) = taken(changed(SOUND, picture(cell))).diagnostics
        assert (one.location.cell[4:], one.kind, one.variant) == (
            cell,
            Kind.CELL_FORMULA,
            "picture",
        )
    for cell, kind in (("F2", Kind.DATE_NOT_ISO), ("F7", Kind.NOTE_IS_PICTURE)):
        file = taken(changed(SOUND, picture(cell)))
        assert [(one.location.cell[4:], one.kind) for one in file.diagnostics] == [(cell, kind)]
        assert file.sheet is not None
        assert file.sheet.points == example().points
    for cell in ("B7", "C7", "D7", "A5", "E11", "E31"):
        assert {place for place, _ in found(picture(cell))} == {cell}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_in_place_of_a_fact_is_named_as_one(name: str) -> None:
    for cell in ("E6", "E11", "E13", "F28", "E28", "F35", "E35"):
        wrong = found_in_facts(PICTURES[name](cell))
        assert wrong == [(cell, Kind.CELL_FORMULA, "picture")]


@pytest.mark.parametrize("error", ["#VALUE!", "#N/A", "#NAME?"])
def test_an_error_is_no_picture(error: str) -> None:
    assert found(cell_as("F7", ' t="e"', f"<v>{error}</v>")) == [("F7", Kind.CELL_ERROR)]


def test_a_picture_above_the_cells_changes_nothing() -> None:
    def lay_over(parts: dict[str, bytes]) -> None:
        replaced(PAGE, "</worksheet>", '<drawing r:id="rId9"/></worksheet>')(parts)
        parts["xl/drawings/drawing1.xml"] = b"<xdr:wsDr/>"
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = b"<Relationships/>"

    assert found(lay_over) == []


# --- merged areas --------------------------------------------------------------------------------

MERGED, NOTE = Kind.CELL_MERGED, Kind.CELL_NOT_READ
MERGES: dict[str, Found] = {
    "E7:E8": {"E7": MERGED, "E8": MERGED},
    "E7:F7": {"E7": MERGED},
    "D7:E7": {"E7": MERGED},
    "E7:G7": {"E7": MERGED},
    "E5:F9": {f"E{row}": MERGED for row in range(5, 10)},
    "E7:E8 E8:E9": {"E7": MERGED, "E8": MERGED, "E9": MERGED},
    "E4:E5": {"E5": MERGED},
    "D7:D8": {"D8": Kind.CAP_CHANGED},
    "C7:D7": {"D7": Kind.CAP_CHANGED},
    "B7:C7": {"C7": Kind.WORDING_CHANGED},
    "C7:C8": {"C8": Kind.WORDING_CHANGED},
    "C4:C5": {"C5": Kind.WORDING_CHANGED},
    "A7:B7": {"B7": Kind.ITEM_LINE_CHANGED},
    "B12:B13": {"B13": Kind.ITEM_LINE_CHANGED},
    "E10:E11": {"E10": MERGED, "E11": MERGED},
    "D10:D11": {"E11": MERGED},
    "D11:E11": {"E11": MERGED},
    "E11:F11": {"E11": MERGED},
    "B11:E11": {"E11": MERGED},
    "E30:E31": {"E30": MERGED, "E31": MERGED},
    "E29:E31": {"E29": MERGED, "E30": MERGED, "E31": MERGED},
    "A31:E31": {"E31": MERGED},
    "E31:E32": {"E31": MERGED},
    "F8:F9": {"F8": NOTE},
    "F7:F8": {},
    "F7:G7": {},
    "F31:F32": {},
    "F4:F5": {},
    "A2:C2": {"A2": Kind.EMPTY_FIELD},
    "C2:C3": {"C2": MERGED},
    "F2:F3": {"F2": MERGED},
    "C2:D3": {"F2": Kind.LABEL_CHANGED},
    "C1:C2": {"A2": Kind.EMPTY_FIELD},
    "C3:D3": {"F3": Kind.LABEL_CHANGED},
    "D4:E4": {"": Kind.NOT_A_FORM},
    "E4:F4": {"": Kind.NOT_A_FORM},
    "A3:F4": {"": Kind.SEVERAL_FORMS},
    "H2:K30": {},
    "G:XFD": {},
    "40:1048576": {},
}


@pytest.mark.parametrize("areas", MERGES)
def test_a_merged_area_is_read_where_the_form_has_it_and_else_a_finding(areas: str) -> None:
    assert dict(found(merged(*areas.split()))) == MERGES[areas]


FACT_MERGES: dict[str, set[str]] = {
    "E{A1-1}:E{A2}": {"E6", "E7"},
    "E{A4}:E{A4-1}": {"E12", "E13"},
    "E{A1-1}:F{A1-1}": {"E6"},
    "D{A1-1}:E{A1-1}": {"E6"},
    "C{A1-1}:E{A1-1}": {"E6"},
    "E{J1}:E{J2}": {"E28"},
    "F{J1}:F{J2}": {"F28"},
    "F{J1}:G{J1}": {"F28"},
    "D{J1}:E{J1}": {"D28"},
    "C{J1}:C{J2}": {"C29"},
    "D{J1}:D{J2}": {"D29"},
    "E{K1}:F{V1}": {"E32", "E33", "E34"},
    "E{V1}:F{V1}": {"E35"},
    "D{V1}:F{V1}": {"D35"},
    "F{K1}:F{V1}": {"F32", "F33"},
    "B{V1}:E{V1}": {"B35", "C35"},
    "F{A1}:F{A1-1}": set(),
}


@pytest.mark.parametrize("areas", FACT_MERGES)
def test_merged_cells_of_facts_are_findings(areas: str) -> None:
    wrong = found_in_facts(merged(*at(areas).split()))
    assert {cell for cell, _, _ in wrong} == FACT_MERGES[areas]


def test_what_is_written_across_the_cells_of_a_bonus_counts() -> None:
    written = together(text("E28", "全省现场会"), merged("E28:F28"))
    sheet = form_facts.taken(changed(FACTS, written)).sheet
    assert sheet is not None
    assert sheet.adjustments["J1"] == ("全省现场会",)


# --- words in the column of the points -----------------------------------------------------------


WORDS = ["有", "√", "发生过", "扣2分", "2分", "见附件", "否决", "×", "2", "—"]


@pytest.mark.parametrize("line", ["J1", "J2", "K1", "V1"])
@pytest.mark.parametrize(
    "word", ["有", "√", "发生过", "扣2分", "2分", "见附件", "否决", "×", "2", "—"]
)
def test_words_beside_facts_are_findings(line: str, word: str) -> None:
    wrong = found_in_facts(text(at(f"E{{{line}}}"), word))
    assert [cell for cell, _, _ in wrong] == [at(f"E{{{line}}}")]


# --- one file and the others ---------------------------------------------------------------------


def test_a_file_with_a_finding_hides_no_other(folder: Path, run: Run) -> None:
    quarter = number("F3", "1", '"第"0"季度"')
    changes = {
        "示例甲镇": merged("E10:E11", "C2:C3"),
        "示例乙镇": number("E7", "99"),
        "示例丙镇": quarter,
        "示例丁乡": text("F7", "缺 4 月"),
    }
    for unit, change in changes.items():
        data = changed(SOUND, text("C2", unit), change)
        (folder / f"{unit}.xlsx").write_bytes(data)
    outcome = run("validate", ".", "--format", "concise", "--quiet")
    assert outcome.code == 1
    places = [line.partition(":")[0] for line in outcome.text.splitlines() if "错误[EPA" in line]
    assert places == [
        *("示例丙镇.xlsx 评分表!F3", "示例乙镇.xlsx 评分表!E7"),
        *(f"示例甲镇.xlsx 评分表!{cell}" for cell in ("C2", "E10", "E11")),
    ]
    ranked = run("rank", ".", "--rubric", "township", "--skip-invalid", "--format", "json")
    assert [row["unit"] for row in json.loads(ranked.out) if row["rank"]] == ["示例丁乡"]
    assert all(f"{unit}.xlsx" in ranked.said for unit in changes if unit != "示例丁乡")
