"""JSON for programs: points are text, so that no parser rounds them."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from epa_score.diagnostics.terminal_text import json_text
from epa_score.exporters.cell_text import text_of
from epa_score.i18n import Words
from epa_score.reports.table import Table


def write(
    tables: Sequence[Table],
    file: BinaryIO,
    words: Words,  # noqa: ARG001 -- all formats have words
    version: int | None = None,
    digest: str = "",
) -> None:
    """Write one flat list of rows, or a mapping of such lists where tables differ in kind.

    A mapping states the ``version`` of its format and a ``digest`` of what it was made of, if
    there are any. Rows are written one by one: a province has 100,000 of them, with a score for
    every item.
    """
    groups: dict[str, list[Table]] = {}
    for table in tables:
        groups.setdefault(table.name, []).append(table)
    if len(groups) == 1:
        (only,) = groups.values()
        _write_list(only, file, "")
        file.write(b"\n")
        return
    stated = "" if version is None else f'\n  "format_version": {version}'
    stated += f',\n  "content": "{digest}"' if digest else ""
    file.write(f"{{{stated}".encode())
    for number, (name, alike) in enumerate(groups.items()):
        key = json_text(name).strip()
        file.write(f"{',' if number or stated else ''}\n  {key}: ".encode())
        _write_list(alike, file, "  ")
    file.write(b"\n}\n" if groups else b"}\n")


def _write_list(tables: Sequence[Table], file: BinaryIO, indent: str) -> None:
    """Write the rows of some tables as one list, its lines below the first after an ``indent``."""
    is_empty = True
    for table in tables:
        for entry in _row_mappings(table):
            lines = json_text(entry).rstrip("\n").split("\n")
            text = f"\n{indent}  ".join(lines)
            file.write(f"{'[' if is_empty else ','}\n{indent}  {text}".encode())
            is_empty = False
    file.write(b"[]" if is_empty else f"\n{indent}]".encode())


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
