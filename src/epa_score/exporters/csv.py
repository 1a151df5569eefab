"""CSV for spreadsheets: no cell of it can start a formula."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from typing import BinaryIO

from epa_score.diagnostics.visible import visible
from epa_score.exporters.shown import shown_columns, shown_rows
from epa_score.i18n import Words
from epa_score.reports.table import Table

_FORMULA = tuple("=+-@＝＋－＠")


def write(tables: Sequence[Table], file: BinaryIO, words: Words) -> None:  # noqa: ARG001
    """Write tables one below the other, an empty line between them, as UTF-8 without BOM."""
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    for index, table in enumerate(tables):
        if index:
            writer.writerow([])
        writer.writerow([harmless(column.title) for column in shown_columns(table)])
        writer.writerows([harmless(cell) for cell in row] for row in shown_rows(table))
    text.detach()


def harmless(text: str) -> str:
    """Visible ``text``, with an apostrophe in front where a spreadsheet would read a formula."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
