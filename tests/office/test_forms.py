"""Forms as a spreadsheet adds them up, saves and prints them."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.forms import around, codes, edited, example, form, put, taken, total
from tests.support.office import Office, pages_of, saved_as, size_of

from epa_score.diagnostics import Kind
from epa_score.scoring import score

pytestmark = pytest.mark.office

PRINTED = {
    f"{'filled' if filled else 'blank'}-{fonts}": (filled, fonts)
    for filled in (True, False)
    for fonts in ("official", "plain")
}


@saved_as("xlsx")
def edited_forms(_folder: Path) -> dict[str, bytes]:
    """Forms as people hand them in."""
    return {
        "example": form(example()),
        "moved": edited(around),
        "wrong": edited(total(95)),
        "lower": edited(put("A3", "E", 1.5)),
    }


def test_a_spreadsheet_adds_up_a_form_as_the_tool_does(office: Office) -> None:
    saved = office.saved("xlsx", edited_forms)
    found = taken(saved.made["lower"])
    assert found.sheet is not None
    assert found.rubric is not None
    result = score(found.rubric, found.sheet)
    sheet = load_workbook(saved.paths["lower"], data_only=True).worksheets[0]
    labels = {row[1].row: str(row[1].value).strip() for row in sheet.iter_rows()}
    sums = [sheet[f"E{row}"].value for row, label in labels.items() if label.startswith("小")]
    assert sums == [float(points) for points in result.section_points]
    whole = next(row[4].value for row in sheet.iter_rows() if str(row[0].value).startswith("合"))
    assert whole == float(result.total)


@pytest.mark.parametrize(
    ("name", "expected"), [("example", []), ("moved", []), ("wrong", [Kind.SUM_DIFFERS])]
)
def test_a_form_that_was_saved_by_another_program_is_read_as_before(
    name: str, expected: list[Kind], office: Office
) -> None:
    saved = office.saved("xlsx", edited_forms)
    assert codes(saved.contents[name]) == codes(saved.made[name]) == expected


@saved_as("pdf")
def printed_forms(_folder: Path) -> dict[str, bytes]:
    """The form of a township, blank and filled in, in each set of fonts."""
    return {
        name: form(example() if filled else None, "甲镇", fonts=fonts)
        for name, (filled, fonts) in PRINTED.items()
    }


@pytest.mark.parametrize("name", PRINTED)
def test_the_form_of_a_township_is_one_page(name: str, office: Office) -> None:
    path = office.saved("pdf", printed_forms).paths[name]
    (page,) = pages_of(path)
    assert "第1页共1页" in page
    assert size_of(path) == (595, 842)
