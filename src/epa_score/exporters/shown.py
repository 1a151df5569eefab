"""The columns and cells of a table that people see, as text."""

from collections.abc import Iterator

from epa_score.i18n import plain
from epa_score.reports.table import Cell, Column, Table


def shown_columns(table: Table) -> list[Column]:
    """The columns for people."""
    return [column for column in table.columns if column.shown]


def shown_rows(table: Table) -> Iterator[list[str]]:
    """The rows in the columns for people, each cell as exact text."""
    indexes = [index for index, column in enumerate(table.columns) if column.shown]
    for row in table.rows():
        yield [text_of(row.cells[index]) for index in indexes]


def text_of(cell: Cell) -> str:
    """A cell as exact text; nothing is an empty text."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else str(cell) if isinstance(cell, int) else plain(cell)
