"""Markdown: tables for a report or a pull request."""

import re
from collections.abc import Sequence
from typing import BinaryIO

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import shown_cells, shown_columns, shown_rows
from epa_score.i18n import Words
from epa_score.reports.table import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|#~])")


def write(tables: Sequence[Table], file: BinaryIO, words: Words) -> None:  # noqa: ARG001 -- all formats take words
    """Write each table under its title, its notes below."""
    for index, table in enumerate(tables):
        columns = shown_columns(table)
        lines = ["", ""] if index else []
        lines += [f"## {_escape(table.title)}", ""]
        lines += [_escape(table.caption), ""] if table.caption else []
        lines.append(_table_row([_escape(column.title) for column in columns]))
        lines.append(_table_row(["---" if "text" in column.kind else "---:" for column in columns]))
        file.write(("\n".join(lines) + "\n").encode())
        file.writelines(
            (_table_row([_escape(cell) for cell in row]) + "\n").encode()
            for row in shown_rows(table)
        )
        if table.mean:
            cells = shown_cells(table, table.mean.cells)
            file.write((_table_row([_escape(cell) for cell in cells]) + "\n").encode())
        file.writelines(f"\n{_escape(note)}\n".encode() for note in table.notes)


def _table_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escape(text: str) -> str:
    """Text without any meaning to Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(text.split())))
