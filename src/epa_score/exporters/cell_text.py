"""The columns and cells of a table that people see, as text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import plain
from epa_score.reports.table import Cell, Column, Table


def shown_columns(table: Table) -> list[Column]:
    """The columns for people."""
    return [column for column in table.columns if column.shown]


def shown_rows(table: Table) -> Iterator[list[str]]:
    """The rows in the columns for people, each cell as exact text."""
    for row in table.rows():
        yield shown_cells(table, row.cells)


def shown_cells(table: Table, cells: Sequence[Cell]) -> list[str]:
    """The cells of a row in the columns for people, as exact text."""
    return [
        text_of(cell, signed=column.kind == "difference")
        for column, cell in zip(table.columns, cells, strict=True)
        if column.shown
    ]


def text_of(cell: Cell, *, signed: bool = False) -> str:
    """A cell as exact text; nothing is an empty text. A ``signed`` number above 0 gets a plus."""
    if cell is None:
        return ""
    if signed and isinstance(cell, Decimal) and cell > 0:
        return f"+{plain(cell)}"
    return cell if isinstance(cell, str) else str(cell) if isinstance(cell, int) else plain(cell)
