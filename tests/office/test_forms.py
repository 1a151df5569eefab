"""Forms as a spreadsheet adds them up, saves and prints them."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.support.forms import around, codes, edited, example, form, office, put, taken, total
from tests.support.office import needs_office, pages_of, size_of

from epa_score.diagnostics import Kind
from epa_score.scoring import score


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
