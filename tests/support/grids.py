"""Tables as grids of texts, read back from every format: numbers are exact decimals."""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any, NamedTuple

from openpyxl.worksheet.worksheet import Worksheet
from rich.cells import cell_len
from tests.support.tables import written

from epa_score.exporters.terminal import aligned_lines, tab_separated_lines
from epa_score.i18n import Words, plain
from epa_score.reports.table import Column, Table

WORDS = Words("zh_CN")


class Grid(NamedTuple):
    """The titles of the columns and the cells of the rows, as canonical texts."""

    titles: list[str]
    rows: list[list[str]]


_APOSTROPHE = re.compile(r"^'(?= *[=+\-@＝＋－＠])")


def text_key(text: str) -> str:
    """A text without what a format does to it: breaks of lines, and a guard against formulas."""
    return " ".join(_APOSTROPHE.sub("", text).replace("\\n", "\n").split())


def title_key(text: str) -> str:
    """A title without the breaks of its lines."""
    return "".join(text_key(text).split())


def cell_key(column: Column, cell: object) -> str:
    """A cell as canonical text; where a column has numbers they are exact decimals."""
    if cell is None:
        return ""
    if isinstance(cell, str) and "text" in column.kind:
        return text_key(cell)
    try:
        return plain(Decimal(str(cell).removeprefix("+")))
    except InvalidOperation:
        return text_key(str(cell))


def _keyed(columns: Sequence[Column], cells: Sequence[object]) -> list[str]:
    return [cell_key(column, cell) for column, cell in zip(columns, cells, strict=True)]


def people_columns(table: Table) -> list[Column]:
    """The columns that people see."""
    return [column for column in table.columns if column.shown]


def grid_of(table: Table) -> Grid:
    """What people are to see of a table."""
    columns = people_columns(table)
    rows = [
        [cell for column, cell in zip(table.columns, row.cells, strict=True) if column.shown]
        for row in table.rows()
    ]
    titles = [title_key(column.title) for column in columns]
    return Grid(titles, [_keyed(columns, row) for row in rows])


def mean_of(table: Table) -> list[str]:
    """The row of means of a table, which documents have; nothing where it has none."""
    cells = table.mean.cells if table.mean is not None else ()
    pairs = zip(table.columns, cells, strict=False)
    return [cell_key(column, cell) for column, cell in pairs if column.shown]


def _grid(columns: Sequence[Column], lines: Sequence[Sequence[object]]) -> Grid:
    """The grid of a table whose first line are the titles."""
    titles, *rows = lines
    return Grid([title_key(str(title)) for title in titles], [_keyed(columns, row) for row in rows])


def from_csv(table: Table) -> Grid:
    """What CSV says."""
    lines = list(csv.reader(StringIO(written(".csv", table), newline="")))
    return _grid(people_columns(table), lines)


def from_markdown(table: Table) -> Grid:
    """What Markdown says, the means as its last row."""
    lines = [line for line in written(".md", table).split("\n") if line.startswith("| ")]
    cells = [
        [re.sub(r"\\(.)", r"\1", cell) for cell in re.split(r"(?<!\\) \| ", line[2:-2])]
        for line in lines
    ]
    ruler = cells.pop(1)
    assert set("".join(ruler)) <= {"-", ":"}
    return _grid(people_columns(table), cells)


def from_tabs(table: Table) -> Grid:
    """What a pipe is told."""
    lines = [line.split("\t") for line in tab_separated_lines([table])]
    return _grid(people_columns(table), lines)


_WIDE = 20_000


def from_terminal(table: Table) -> Grid:
    """What a terminal shows that has room for everything; columns stand two blanks apart."""
    title, empty, *lines = aligned_lines([table], _WIDE)
    assert (title_key(title), empty) == (title_key(table.title), "")
    lines = lines[: lines.index("")] if "" in lines else lines
    columns = people_columns(table)
    spread = ["".join(f"{char}{chr(0) * (cell_len(char) - 1)}" for char in line) for line in lines]
    width = max(map(len, spread))
    taken = [False] * width
    for line in spread:
        for place, char in enumerate(line):
            taken[place] = taken[place] or char != " "
    starts = [0, *_starts_after_gaps(taken)]
    assert len(starts) == len(columns), lines[0]
    ends = [*starts[1:], width]
    cells = [
        [line[start:end].replace("\0", "").strip() for start, end in zip(starts, ends, strict=True)]
        for line in spread
    ]
    return _grid(columns, cells)


def _starts_after_gaps(taken: Sequence[bool]) -> Iterator[int]:
    """The places at which columns begin: after two places or more that no line takes."""
    for place in range(2, len(taken)):
        if taken[place] and not taken[place - 1] and not taken[place - 2]:
            yield place


def from_json(table: Table) -> list[dict[str, str]]:
    """What programs are told, by the names of the columns."""
    columns = {column.name: column for column in table.columns if column.data}
    return [
        {name: cell_key(column, _json_cell(entry, name)) for name, column in columns.items()}
        for entry in json.loads(written(".json", table))
    ]


def _json_cell(entry: dict[str, Any], name: str) -> object:
    group, dot, key = name.partition(".")
    return entry[group].get(key) if dot else entry[group]


def data_of(table: Table) -> list[dict[str, str]]:
    """What programs are to be told."""
    return [
        {
            column.name: cell_key(column, cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
            if column.data
        }
        for row in table.rows()
    ]


def from_worksheet(table: Table, sheet: Worksheet) -> tuple[Grid, list[str]]:
    """The rows of a worksheet below its titles, and that of the means, whose label begins it.

    What stands in the head of a block is put back into each of its rows; the sums are compared.
    """
    columns = people_columns(table)
    named = table.blocks.column if table.blocks is not None else ""
    place = next((n for n, column in enumerate(columns) if column.name == named), None)
    own = [column for column in columns if column.name != named]
    lines = [list(row[: len(own)]) for row in sheet.iter_rows(values_only=True)]
    found = [[title_key(str(cell or "")) for cell in line] for line in lines]
    start = found.index([title_key(column.title) for column in own]) + 1 + table.has_caps_row
    count, rest = len(list(table.rows())), iter(lines[start:])
    rows: list[list[str]] = []
    block: list[list[str]] = []
    head = ""
    while len(rows) < count:
        line = next(rest)
        if place is not None and line[0] is not None and not any(line[1:]):
            said = text_key(str(line[0]))
            if said != text_key(WORDS("sheet.continued", title=head)):
                head, block = said, []
        elif not _is_sum(table, own, line, block):
            block.append(_keyed(own, line))
            rows.append(block[-1].copy())
            if place is not None:
                rows[-1].insert(place, head)
    last = next(rest, [])
    if table.blocks is not None and table.blocks.sums:
        assert not rows or _is_sum(table, own, last, block)
    means = _keyed(own, last) if table.mean is not None else []
    return Grid([title_key(column.title) for column in columns], rows), means


def _is_sum(
    table: Table, columns: Sequence[Column], line: Sequence[object], block: Sequence[list[str]]
) -> bool:
    """True for the sums of a block of rows, which are right."""
    sums = table.blocks.sums if table.blocks is not None else ()
    if not sums or table.blocks is None or line[0] != table.blocks.label:
        return False
    for number, column in enumerate(columns):
        if column.name in sums:
            added = sum((Decimal(row[number] or 0) for row in block), Decimal(0))
            assert cell_key(column, line[number]) == plain(added)
    return True
