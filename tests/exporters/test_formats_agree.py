"""Every format says the same: compared cell by cell over all examples and what is drawn."""

import pytest
from tests.support.every_table import EXAMPLES, drawn_seeds, drawn_tables, tables_of_example
from tests.support.grids import (
    data_of,
    from_csv,
    from_json,
    from_markdown,
    from_tabs,
    from_terminal,
    from_worksheet,
    grid_of,
    mean_of,
)
from tests.support.workbooks import opened, written

from epa_score.reports.table import Table


def check_formats(tables: list[Table]) -> int:
    """Compare every format of each table with its cells; gives how many cells there are."""
    compared = 0
    for table in tables:
        expected, means = grid_of(table), mean_of(table)
        assert from_csv(table) == expected, table.name
        assert from_tabs(table) == expected, table.name
        assert from_terminal(table) == expected, table.name
        rows = [*expected.rows, *([means] if means else [])]
        assert from_markdown(table) == (expected.titles, rows), table.name
        assert from_json(table) == data_of(table), table.name
        compared += sum(map(len, rows))
    return compared


def check_workbook(tables: list[Table], content: bytes) -> None:
    """Compare a worksheet of figures with each table."""
    book = opened(content, values=True)
    sheets = [sheet for sheet in book if not sheet.title.startswith("排名图")]
    for table, sheet in zip(tables, sheets, strict=True):
        assert str(sheet["A1"].value).replace("\n", "") == table.title
        grid, means = from_worksheet(table, sheet)
        assert grid == grid_of(table), sheet.title
        assert [cell for cell in means if cell] == [cell for cell in mean_of(table) if cell]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_all_formats_of_an_example_agree(name: str) -> None:
    found = tables_of_example(name)
    assert {"ranking", "about", "account", "gap"} <= {table.name for table in found.all}
    assert check_formats(found.all) > 100
    check_workbook(found.exported, written(found.exported))


@pytest.mark.parametrize("seed", drawn_seeds(12))
def test_all_formats_of_a_drawn_rubric_agree(seed: int) -> None:
    found = drawn_tables(seed)
    assert check_formats(found.all) > 50
    check_workbook(found.exported, written(found.exported))
