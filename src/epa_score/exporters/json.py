"""JSON for programs: points are text, so that no parser rounds them."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from epa_score.diagnostics.terminal_text import json_text
from epa_score.exporters.cell_text import text_of
from epa_score.i18n import Words
from epa_score.reports.table import Table


def write(tables: Sequence[Table], file: BinaryIO, words: Words) -> None:  # noqa: ARG001
    """Write one flat list of rows, or a mapping of such lists where tables differ in kind."""
    names = list(dict.fromkeys(table.name for table in tables))
    lists = {
        name: [row for table in tables if table.name == name for row in _row_mappings(table)]
        for name in names
    }
    data = lists[names[0]] if len(names) == 1 else lists
    file.write(json_text(data).encode())


def _row_mappings(table: Table) -> Iterator[dict[str, Any]]:
    """The rows as mappings; points that are not known yet may be ``null``."""
    for row in table.rows():
        entry: dict[str, Any] = {}
        for column, cell in zip(table.columns, row.cells, strict=True):
            if not column.data:
                continue
            group, dot, key = column.name.partition(".")
            value = cell if cell is None or isinstance(cell, int) else text_of(cell)
            if not dot:
                entry[group] = value
            elif cell is not None or (column.names_unknown and row.live):
                entry.setdefault(group, {})[key] = value
            else:
                entry.setdefault(group, {})
        yield entry
