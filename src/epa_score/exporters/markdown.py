"""Markdown: tables for a report or a pull request."""

import re
from collections.abc import Sequence
from typing import BinaryIO

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import shown_cells, shown_columns, shown_rows
from epa_score.i18n import Words
from epa_score.reports.table import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|#~])")


def write(tables: Sequence[Table], file: BinaryIO, words: Words) -> None:  # noqa: ARG001
    """Write each table under its title, its notes below."""
    for index, table in enumerate(tables):
        columns = shown_columns(table)
        lines = ["", ""] if index else []
        lines += [f"## {_inert(table.title)}", ""]
        lines += [_inert(table.caption), ""] if table.caption else []
        lines.append(_line([_inert(column.title) for column in columns]))
        lines.append(_line(["---" if "text" in column.kind else "---:" for column in columns]))
        file.write(("\n".join(lines) + "\n").encode())
        file.writelines(
            (_line([_inert(cell) for cell in row]) + "\n").encode() for row in shown_rows(table)
        )
        if table.mean:
            cells = shown_cells(table, table.mean.cells)
            file.write((_line([_inert(cell) for cell in cells]) + "\n").encode())
        file.writelines(f"\n{_inert(note)}\n".encode() for note in table.notes)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _inert(text: str) -> str:
    """Text without any meaning to Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(text.split())))
