"""CSV for spreadsheets, where no cell can start a formula, or with exact texts for programs."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from typing import BinaryIO

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import shown_cells, shown_columns, text_of
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Table

_FORMULA = tuple("=+-@＝＋－＠")


def write(tables: Sequence[Table], file: BinaryIO, words: Words) -> None:  # noqa: ARG001 -- all formats take words
    """Write tables one below the other, an empty line between them, as UTF-8 without BOM."""
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    for index, table in enumerate(tables):
        if index:
            writer.writerow([])
        if table.is_for_programs:
            writer.writerow([column.name for column in table.columns])
            writer.writerows(map(_exact_text, row.cells) for row in table.rows())
            continue
        writer.writerow([escape_formula(column.title) for column in shown_columns(table)])
        writer.writerows(_row_texts(table, row.cells) for row in table.rows())
    text.detach()


def _row_texts(table: Table, cells: Sequence[Cell]) -> list[str]:
    """The texts of a row; what is a number stays one, also below 0."""
    shown = [cell for column, cell in zip(table.columns, cells, strict=True) if column.shown]
    pairs = zip(shown, shown_cells(table, cells), strict=True)
    return [escape_formula(text) if isinstance(cell, str) else text for cell, text in pairs]


def _exact_text(cell: Cell) -> str:
    """A cell for programs: the text itself, but for what could steer a terminal."""
    if not isinstance(cell, str):
        return text_of(cell)
    return "\n".join(map(visible, cell.split("\n")))


def escape_formula(text: str) -> str:
    """Visible ``text``, with an apostrophe in front where a spreadsheet would read a formula."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
