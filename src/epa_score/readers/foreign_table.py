"""A table of somebody else, as text or as a workbook: its rows of texts with their places."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.diagnostics import Kind, Place, Spot
from epa_score.readers.files import read_bytes_of, unknown_format
from epa_score.readers.source import Source, SourceCell, decode
from epa_score.readers.unread import unreadable_as

_MOST_BYTES = 20_000_000
"""The size of such a table: 100,000 names of units fit into it."""

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""All that a worksheet of Excel has: a table that is cut would leave out units or items unseen."""

_MOST_CELLS = 1_000_000
"""The cells with content of a table; one with more is refused."""

_CSV, _WORKBOOK = ".csv", ".xlsx"


class ForeignCell(NamedTuple):
    """A text of the table, and its place."""

    text: str
    place: Place | Spot
    is_text: bool = True
    is_hidden: bool = False
    is_unseen: bool = False
    """True for a picture, an error, and a number that its format shows as another one."""


class ForeignTable(NamedTuple):
    """The rows of a table that hold something, each its entries by column."""

    rows: list[dict[int, ForeignCell]]
    title: str = ""
    """The name of its worksheet, in a workbook."""
    hidden_columns: frozenset[int] = frozenset()
    covered: Mapping[tuple[int, int], str] = {}
    """What a merged area shows in each of its rows, by row and column; for workbooks alone."""
    spans: Mapping[tuple[int, int], tuple[int, int]] = {}
    """How many rows and columns a merged area has, by its first row and column."""
    is_hidden: bool = False
    """True for a worksheet that is not shown."""


def read_tables(path: str, *, has_comments: bool = False) -> tuple[Source, list[ForeignTable]]:
    """The tables of a file that hold something; the findings of the source say what is wrong.

    Lines of a text that begin with ``#`` may be comments.
    """
    suffix = os.path.splitext(path)[1].lower()
    if unreadable_as(path) and suffix != _CSV and os.path.exists(path):
        return Source(path, findings=[unknown_format(path)]), []
    data, failed = read_bytes_of(path, _MOST_BYTES)
    if failed is not None:
        return failed, []
    if suffix == _WORKBOOK:
        source, tables = _read_workbook(path, data)
    else:
        source = _decode_text(path, data)
        tables = [] if source.findings else [_rows_of_text(source.text, is_csv=suffix == _CSV)]
        for table in tables if has_comments else ():
            table.rows[:] = [row for row in table.rows if not _is_comment(row)]
    return source, [table for table in tables if table.rows]


def _is_comment(row: Mapping[int, ForeignCell]) -> bool:
    return 0 in row and row[0].text.startswith("#")


def _decode_text(path: str, data: bytes) -> Source:
    """The text of a table in UTF-8 or, as Excel writes CSV in China, in GB18030."""
    source = decode(path, data, _MOST_BYTES)
    if [(found.kind, found.variant) for found in source.findings] == [(Kind.NOT_UTF8, "gbk")]:
        return Source(path, source.text)
    if [found.kind for found in source.findings] == [Kind.FILE_EMPTY]:
        return Source(path)
    return source


def _rows_of_text(text: str, *, is_csv: bool) -> ForeignTable:
    """The rows of a text: a line is one entry, unless tabs or the rules of CSV part it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        rows = list(_csv_rows(lines)) if is_csv else []
    except csv.Error:
        rows = []
    rows = rows or [(number, line.split("\t")) for number, line in enumerate(lines, 1)]
    entries = (dict(_entries_of_line(number, lines[number - 1], texts)) for number, texts in rows)
    return ForeignTable([row for row in entries if row])


def _csv_rows(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, and the number of the line that it ends in."""
    first = next(filter(str.strip, lines), "")
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter)
    for fields in reader:
        yield reader.line_num, fields


def _entries_of_line(
    number: int, line: str, texts: Sequence[str]
) -> Iterator[tuple[int, ForeignCell]]:
    end = 0
    for column, text in enumerate(texts):
        cell = text.strip()
        if cell:
            start = max(line.find(cell, end), 0)
            end = start + len(cell)
            yield column, ForeignCell(cell, Spot(number, start + 1, end + 1))


def _read_workbook(path: str, data: bytes) -> tuple[Source, list[ForeignTable]]:
    """The worksheets of a workbook that hold something."""
    from epa_score.opc import WorkbookRefusedError  # noqa: PLC0415 -- most such tables are texts
    from epa_score.readers.excel import open_workbook  # noqa: PLC0415 -- most such tables are texts
    from epa_score.readers.excel.number_formats import shows_exactly  # noqa: PLC0415
    from epa_score.readers.excel.sheet_part import Limits  # noqa: PLC0415
    from epa_score.readers.excel.workbook import (  # noqa: PLC0415
        column_is_hidden,
        is_picture,
        plain_text,
        row_is_hidden,
    )

    source = Source(path)
    try:
        workbook = open_workbook(data, Limits(_MOST_ROWS, _MOST_COLUMNS, cells=_MOST_CELLS))
    except WorkbookRefusedError as refused:
        source.findings = [refused.finding]
        return source, []
    tables, cells = [], {}
    for sheet in workbook.worksheets:
        if not sheet.filled:
            continue
        rows, hidden = [], set()
        for number, row in sheet.filled.items():
            is_hidden, entries = row_is_hidden(sheet, number), {}
            for cell in row:
                value = cell.result if cell.formula else cell.value
                text = plain_text(value)
                place = Place((sheet.title, number, cell.column))
                cells[place.keys] = SourceCell(
                    f"{sheet.title}!{cell.coordinate}", number, cell.column
                )
                is_text = isinstance(value, str) and not cell.is_error
                is_unseen = is_picture(cell) or cell.is_error
                if isinstance(value, Decimal):
                    is_unseen = not shows_exactly(cell.number_format, value)
                text = text or (plain_text(cell.value) if is_unseen else "")
                if text:
                    entries[cell.column] = ForeignCell(text, place, is_text, is_hidden, is_unseen)
            hidden |= {column for column in entries if column_is_hidden(sheet, column)}
            rows += [entries] if entries else []
        covered = {
            (row, area.min_col): plain_text(first.result if first.formula else first.value)
            for area in sheet.merged
            for first in [sheet.cell(area.min_row, area.min_col)]
            for row in range(area.min_row + 1, min(area.max_row, sheet.max_row) + 1)
        }
        spans = {
            (area.min_row, area.min_col): (
                area.max_row - area.min_row + 1,
                area.max_col - area.min_col + 1,
            )
            for area in sheet.merged
        }
        is_hidden = sheet.state != "visible"
        tables.append(ForeignTable(rows, sheet.title, frozenset(hidden), covered, spans, is_hidden))
    source.cells = cells
    return source, tables
