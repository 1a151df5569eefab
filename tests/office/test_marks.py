"""Marked copies of forms in a spreadsheet, and its own copies marked anew."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill
from tests.support.forms import edited, example, form, put, repacked
from tests.support.marks import MARK, answered, coloured, comments, fills, marked, parts, said, seal
from tests.support.office import Office, saved_as

from epa_score.exporters.xlsx.marks import Remark

pytestmark = pytest.mark.office


@saved_as("xlsx")
def marked_form(_folder: Path) -> dict[str, bytes]:
    """A marked form with a picture."""
    data = repacked(form(example()), seal)
    return {"marked": marked(data, MARK, Remark("评分表", 8, 6, "旧"))}


def test_a_spreadsheet_shows_the_marks_and_its_own_copy_is_marked_anew(office: Office) -> None:
    saved = office.saved("xlsx", marked_form)
    data, theirs = saved.made["marked"], saved.contents["marked"]
    assert {cell: text.strip() for cell, text in comments(theirs).items()} == comments(data)
    assert {"E7", "F8"} <= coloured(theirs)
    assert any(name.startswith("xl/media/") for name in parts(theirs))
    again = marked(theirs, Remark("评分表", 7, 5, "新"), Remark("", 1, 1, "整张表"))
    assert comments(again) == {"A1": said("整张表"), "E7": said("新")}
    assert coloured(again) == {"A1", "E7"}
    once_more = office.convert("xlsx", {"again": again})["again"]
    assert comments(once_more.read_bytes()).keys() == {"A1", "E7"}


CELLS = ((1, 1), (2, 3), (4, 5), (7, 5), (8, 6), (9, 6), (10, 5), (11, 5), (31, 5))
"""Title, unit, head, points, reasons, and the total: cells of every look."""


def highlighted(workbook: Any) -> None:
    """Cells that the office coloured, in a plain colour and in one of the theme."""
    answered(workbook)
    sheet = workbook.worksheets[0]
    sheet["E10"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["E11"].fill = PatternFill("solid", fgColor="92D050")
    sheet["E12"].fill = PatternFill("solid", fgColor="92D050")


@saved_as("xlsx")
def marked_in_many_places(_folder: Path) -> dict[str, bytes]:
    """A form with comments and colours of the office, marked, and as it was."""
    data = edited(highlighted)
    remarks = [Remark("评分表", *cell, "错") for cell in CELLS]
    return {"as it was": data, "marked": marked(data, *remarks)}


def test_a_corrected_cell_has_its_former_colour_after_a_spreadsheet_saved_the_copy(
    office: Office,
) -> None:
    saved = office.saved("xlsx", marked_in_many_places)
    assert {"A1", "C2", "E4", "E7", "F8", "F9", "E10", "E11", "E31"} <= coloured(
        saved.contents["marked"]
    )
    theirs = edited(put("A3", "E", 6), saved.contents["marked"])
    again = marked(theirs, Remark("评分表", 8, 6, "还错"))
    assert coloured(again) == {"F8"}
    assert comments(again) == {"E7": "请核对", "F8": said("还错"), "F9": "别的话"}
    before, after = fills(saved.contents["as it was"]), fills(again)
    assert {name for name in before if before[name] != after[name]} == {"F8"}
