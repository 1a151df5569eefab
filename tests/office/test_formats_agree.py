"""The workbook of every example and of drawn rubrics, worked out again, says what it said."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.every_table import (
    EXAMPLES,
    Tables,
    drawn_seeds,
    drawn_tables,
    tables_of_example,
)
from tests.support.grids import from_worksheet, grid_of, mean_of
from tests.support.office import Office, data_bars, saved_as
from tests.support.workbooks import opened, written

pytestmark = [pytest.mark.office, data_bars]


@cache
def all_tables() -> dict[str, Tables]:
    """The tables of each example and of each drawn rubric, by a name for its workbook."""
    found = {name.replace("/", "-"): tables_of_example(name) for name in EXAMPLES}
    return found | {f"drawn-{seed}": drawn_tables(seed) for seed in drawn_seeds(8)}


@saved_as("xlsx")
def workbooks_without_figures(_folder: Path) -> dict[str, bytes]:
    """The workbooks without the figures that their formulas carry, which openpyxl drops."""
    found = {}
    for name, tables in all_tables().items():
        book = load_workbook(BytesIO(written(tables.exported)))
        bare = BytesIO()
        book.save(bare)
        found[name] = bare.getvalue()
    return found


def test_workbooks_that_are_worked_out_again_say_the_same(office: Office) -> None:
    contents = office.saved("xlsx", workbooks_without_figures).contents
    compared = 0
    for name, tables in all_tables().items():
        sheets = opened(contents[name], values=True).worksheets
        sheets = [sheet for sheet in sheets if not sheet.title.startswith("排名图")]
        for table, sheet in zip(tables.exported, sheets, strict=True):
            grid, means = from_worksheet(table, sheet)
            assert grid == grid_of(table), (name, sheet.title)
            expected = [cell for cell in mean_of(table) if cell]
            assert [cell for cell in means if cell] == expected, (name, sheet.title)
            compared += sum(map(len, grid.rows))
    assert compared > 4_000
