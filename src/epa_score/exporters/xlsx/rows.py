"""Rows of a worksheet that a table takes: heads and sums of blocks, rows, parts of long ones."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple

from epa_score.exporters.cell_text import line_count, parts_of_text
from epa_score.exporters.xlsx.pages import PrintedRow, page_breaks
from epa_score.model import exactly
from epa_score.reports.table import Cell, Row, Table

_LINE = 15
_PADDING = 4
HIGHEST_ROW = 409
"""Points of the highest row that Excel allows."""

_MOST_LINES = 13
"""Lines of a row that is not divided: two of them fill a page."""

ONE_PAGE = 700
"""Points of rows that one page takes at 70 % of their size, which is still easily read."""

_WITH_SIGNATURES = 2
"""The last rows, which stand on one page with the row above them and with the signatures."""

HEAD = 21.0
"""Points of the head of a block."""


def row_height(texts: Sequence[str], widths: Sequence[int], size: float = 1) -> float:
    """The height of a row of texts in columns so wide, in letters of ``size`` times the usual."""
    pairs = zip(texts, widths, strict=True)
    lines = max(line_count(text, room_in(width, size)) for text, width in pairs)
    return min(HIGHEST_ROW, lines * _LINE * size + _PADDING)


def room_in(width: float, size: float = 1) -> int:
    """The half Chinese characters that fit in a line of a column so wide."""
    return max(1, int(width / size) - 1)


class SheetRow(NamedTuple):
    """A row of a worksheet: one of the table's, a part of it, or the head or sums of a block.

    A head is repeated (``more``) where a page begins within its block.
    """

    row: Row
    kind: Literal["row", "part", "head", "more", "sums"] = "row"
    first: int = 0
    """The number of rows above the sums that they add up."""


def rows_in_blocks(table: Table) -> Iterator[SheetRow]:
    """The rows of a table, with the heads and sums of its blocks among them."""
    if table.blocks is None:
        yield from map(SheetRow, table.rows())
        return
    numbers = {column.name: number for number, column in enumerate(table.columns)}
    named = numbers[table.blocks.column]
    summed = [numbers[name] for name in table.blocks.sums]
    for head, block in groupby(table.rows(), lambda row: row.cells[named]):
        rows = list(block)
        blank = rows[0]._replace(cells=(None,) * len(table.columns))
        if head is not None:
            yield SheetRow(_with_cells(blank, {named: head}), "head")
        yield from map(SheetRow, rows)
        if summed:
            with exactly():
                sums = {number: sum(_points(row, number) for row in rows) for number in summed}
            yield SheetRow(_with_cells(blank, sums), "sums", len(rows))


def _with_cells(row: Row, cells: Mapping[int, Cell]) -> Row:
    return row._replace(cells=tuple(cells.get(n, cell) for n, cell in enumerate(row.cells)))


def _points(row: Row, number: int) -> Decimal:
    cell = row.cells[number]
    return cell if isinstance(cell, Decimal) else Decimal(0)


class PlannedRows(NamedTuple):
    """The rows of a table as its pages need them."""

    rows: tuple[SheetRow, ...]
    breaks: tuple[int, ...] = ()
    """The numbers of the rows that begin a page, from 0; rows below the table follow on."""


class PageRoom(NamedTuple):
    """The points of rows that a page has room for, of the worksheet's own."""

    whole: float
    title: float
    """What stands above the table on the first page alone."""
    head: float
    """What stands above it on every page."""


def plan_rows(
    table: Table,
    rows: Iterable[SheetRow],
    widths: Mapping[str, int],
    room: PageRoom,
    below: Sequence[float],
) -> PlannedRows:
    """The rows of a table on its pages; the heights of rows ``below`` end with the signatures.

    A row that is too high for a page is divided, unless formulas need it in one piece. Where a page
    begins within a block its head is repeated.
    """
    whole = any(column.live for column in table.columns)
    parts = [part for row in rows for part in ([row] if whole else _parts(table, row, widths))]
    heights = [height_of(table, row, widths) for row in parts]
    first = room.whole - room.title - room.head
    if sum(heights) + sum(below) <= max(first, ONE_PAGE - room.title - room.head):
        return PlannedRows(tuple(parts))
    kinds = [row.kind for row in parts]
    printed = [
        PrintedRow(
            height,
            begins_block=kind == "head",
            stays=kind == "sums" or above == "head" or number >= len(parts) - _WITH_SIGNATURES,
        )
        for number, (height, kind, above) in enumerate(
            zip(heights, kinds, ["", *kinds], strict=False)
        )
    ]
    tail = [PrintedRow(height, stays=True) for height in below]
    if sum(below) > first / 2:
        # Long notes go on to the next page; the signatures stay with the last of them.
        tail = [PrintedRow(height) for height in below[:-1]] + tail[-1:]
    head = HEAD if table.blocks is not None else 0
    breaks = page_breaks([*printed, *tail], first, room.whole - room.head - head)
    return _with_repeated_heads(parts, breaks)


def _with_repeated_heads(rows: Sequence[SheetRow], breaks: Iterable[int]) -> PlannedRows:
    planned: list[SheetRow] = []
    begins: list[int] = []
    pending = set(breaks)
    head: SheetRow | None = None
    above = 0
    for number, row in enumerate(rows):
        if row.kind == "head":
            head, above = row, 0
        if number in pending:
            begins.append(len(planned))
            if head is not None and row is not head:
                planned.append(head._replace(kind="more"))
                above += 1
        planned.append(row._replace(first=above) if row.kind == "sums" else row)
        above += row.kind != "head"
    begins += [
        number - len(rows) + len(planned) for number in sorted(pending) if number >= len(rows)
    ]
    return PlannedRows(tuple(planned), tuple(begins))


def _parts(table: Table, row: SheetRow, widths: Mapping[str, int]) -> Iterator[SheetRow]:
    """A row in parts that are not too high; the figures stand in the first of them."""
    texts = {
        number: parts_of_text(cell, room_in(widths[column.name]), _MOST_LINES)
        for number, (column, cell) in enumerate(zip(table.columns, row.row.cells, strict=True))
        if isinstance(cell, str) and column.name in widths and row.kind == "row"
    }
    count = max(map(len, texts.values()), default=1)
    if count == 1:
        yield row
        return
    for part in range(count):
        cells: list[Cell] = [cell if part == 0 else None for cell in row.row.cells]
        for number, lines in texts.items():
            cells[number] = lines[part] if part < len(lines) else None
        yield SheetRow(row.row._replace(cells=tuple(cells)), "part" if part else "row")


def height_of(table: Table, row: SheetRow, widths: Mapping[str, int]) -> float:
    """The height of a row in columns so wide, by their names; the others are not shown."""
    if row.kind not in ("row", "part"):
        return HEAD
    shown = [
        (cell if isinstance(cell, str) else "", widths[column.name])
        for column, cell in zip(table.columns, row.row.cells, strict=True)
        if column.name in widths
    ]
    return row_height([text for text, _ in shown], [width for _, width in shown])
