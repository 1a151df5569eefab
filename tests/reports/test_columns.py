"""Columns of every table of the program: each stands once, and every row has a cell for each."""

from decimal import Decimal

from tests.support.every_table import EXAMPLES, drawn_seeds, drawn_tables, tables_of_example

from epa_score.reports.table import Table, decimals_of


def every_table() -> list[Table]:
    found = [table for name in EXAMPLES for table in tables_of_example(name).all]
    return found + [table for seed in drawn_seeds(12) for table in drawn_tables(seed).all]


def test_each_column_stands_once_and_every_row_has_a_cell_for_it() -> None:
    tables = every_table()
    assert len({table.name for table in tables}) > 8
    assert any(table.mean for table in tables)
    for table in tables:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names), table.name
        rows = [row.cells for row in table.rows()]
        rows += [table.mean.cells] if table.mean is not None else []
        assert {len(cells) for cells in rows} <= {len(names)}, table.name


def test_the_difference_from_the_mean_stands_behind_the_total() -> None:
    ranked = [table for table in every_table() if table.name == "ranking"]
    names = [[column.name for column in table.columns] for table in ranked]
    summaries = [own for own in names if "difference" in own]
    assert summaries
    assert {own.index("difference") - own.index("total") for own in summaries} == {1}


def test_a_row_about_a_unit_is_headed_by_it() -> None:
    headed = {
        (table.name, column.is_heading)
        for table in every_table()
        for column in table.columns
        if column.name == "unit" and column.shown
    }
    assert {("ranking", True), ("deductions", True)} <= headed
    # the rows of 评分表清单 are about files
    assert {name for name, is_heading in headed if not is_heading} == {"sheets"}


def test_caps_are_shown_with_no_more_decimals_than_they_have() -> None:
    found = 0
    for table in every_table():
        for place, column in enumerate(table.columns):
            cells = [row.cells[place] for row in table.rows()] if column.name == "cap" else []
            caps = [cell for cell in cells if isinstance(cell, Decimal)]
            found += len(caps)
            assert not caps or column.decimals <= decimals_of(caps), table.name
    assert found > 100
