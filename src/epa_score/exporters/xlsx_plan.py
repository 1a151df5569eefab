"""Which table gets which place in a workbook, before anything is written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from epa_score.exporters.shown import shown_columns, text_of
from epa_score.exporters.xlsx_formulas import Block
from epa_score.exporters.xlsx_widths import Widths
from epa_score.i18n import Words
from epa_score.model import same_name_key
from epa_score.reports.table import Column, Table

HEADER = 1
"""The row of the column titles; above it is the title of the table."""

_COPIES = {"total": "copy of total", "rank": "copy of rank"}

_LONGEST_NAME = 31
_RESERVED = "history"


@dataclass(frozen=True, slots=True)
class Plan:
    """A table and the place that it gets."""

    table: Table
    columns: tuple[Column, ...]
    block: Block
    widths: tuple[int, ...]
    rows: int

    @property
    def has_caps(self) -> bool:
        """Whether the caps stand in a row of their own below the header."""
        return self.table.name == "scores"

    @property
    def copies(self) -> Mapping[str, str]:
        """The columns of which hidden ones keep the figures as exported, and the hidden ones."""
        return _COPIES if self.table.name == "ranking" else {}

    @property
    def has_live_rows(self) -> bool:
        """Whether there is any row that formulas refer to."""
        return self.block.last >= self.block.first


Plans = Mapping[tuple[str, str], Plan]
"""The places of a workbook's tables, by group and name."""


def planned(tables: Sequence[Table], words: Words) -> Plans:
    """The place of each table, in the order given."""
    names = _sheet_names(tables, words)
    return {
        (table.group, table.name): _plan(table, name)
        for table, name in zip(tables, names, strict=True)
    }


def _plan(table: Table, sheet: str) -> Plan:
    columns = tuple(shown_columns(table))
    numbers = {column.name: number for number, column in enumerate(columns)}
    if table.name == "ranking":
        numbers |= {copy: len(columns) + number for number, copy in enumerate(_COPIES.values())}
    widths = Widths(columns)
    live_rows = rows = 0
    for row in table.rows():
        live_rows += row.live
        rows += 1
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.shown:
                widths.fit(numbers[column.name], text_of(cell))
    first = HEADER + (2 if table.name == "scores" else 1)
    block = Block(sheet, numbers, first, first + live_rows - 1)
    return Plan(table, columns, block, widths.all(), rows)


def _sheet_names(tables: Sequence[Table], words: Words) -> list[str]:
    """Names that every spreadsheet takes; the rubric's id tells several rubrics apart."""
    several = len({table.group for table in tables if table.group}) > 1
    names = Names()
    return [
        names.add(
            words(f"sheet.{table.name}") + (f"-{table.group}" if several and table.group else "")
        )
        for table in tables
    ]


class Names:
    """Names of worksheets that every spreadsheet takes, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Begin with the names that are ``taken``."""
        self._taken = {_RESERVED, *map(same_name_key, taken)}

    def add(self, wanted: str) -> str:
        """A name as near to the ``wanted`` one as there is."""
        name = _legal(wanted, "")
        number = 1
        while same_name_key(name) in self._taken:
            number += 1
            name = _legal(wanted, f"-{number}")
        self._taken.add(same_name_key(name))
        return name


def _legal(wanted: str, end: str) -> str:
    """A name of letters, digits, points and dashes that ends with ``end``."""
    name = re.sub(r"[^\w.-]", "_", wanted)
    while len((name + end).encode("utf-16-le")) > 2 * _LONGEST_NAME:
        name = name[:-1]
    return name + end
