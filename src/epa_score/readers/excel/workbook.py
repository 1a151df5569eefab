"""A workbook as far as forms are read from it: cells, what they hold, and what can be seen."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from epa_score.diagnostics import Kind
from epa_score.i18n import plain
from epa_score.opc import WorkbookRefusedError
from epa_score.values.points import PLAIN_NUMBER

Value = str | Decimal | bool | date | time | None
"""Text, a number, a date, yes or no, or nothing; of a formula its text, which begins with =."""


class Area(NamedTuple):
    """A rectangle of cells, its rows and columns from 1, both ends included."""

    min_row: int
    min_col: int
    max_row: int
    max_col: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies within."""
        return self.min_row <= row <= self.max_row and self.min_col <= column <= self.max_col


class ColumnWidth(NamedTuple):
    """The width, in digits, of some columns side by side."""

    min: int
    max: int
    width: float
    hidden: bool


class RowHeight(NamedTuple):
    """The height of a row in points, ``None`` where it is the usual one."""

    height: float | None = None
    hidden: bool = False


class ExcelCell(NamedTuple):
    """A cell of a worksheet."""

    sheet: "Worksheet"
    row: int
    column: int
    value: Value = None
    formula: str = ""
    """The kind of formula it has, if any: ``normal``, ``shared``, ``array`` or ``dataTable``."""
    result: Value = None
    """The result that is stored with a formula."""
    is_error: bool = False
    is_image: bool = False
    """``True`` for a picture of Excel's own in place of a value."""
    number_format: str = "General"

    @property
    def column_letter(self) -> str:
        """The letters of its column."""
        return column_letters(self.column)

    @property
    def coordinate(self) -> str:
        """Its name in the worksheet, such as ``E7``."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def is_date(self) -> bool:
        """True for a day or a time."""
        return isinstance(self.value, date | time)


@dataclass
class Worksheet:
    """A worksheet: its cells with content, and what of it can be seen."""

    title: str
    state: str = "visible"
    cells: dict[tuple[int, int], ExcelCell] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    columns: list[ColumnWidth] = field(default_factory=list)
    rows: dict[int, RowHeight] = field(default_factory=dict)
    default_width: float | None = None
    default_height: float | None = None
    hides_rows: bool = False
    """``True`` where rows are hidden unless they say otherwise."""
    hides_zeros: bool = False
    conditional_formats: list[tuple[Area, str]] = field(default_factory=list)
    """Areas in which a condition shows numbers in another format, or something in their place."""
    max_row: int = 0
    max_column: int = 0
    goes_on: bool = False
    """``True`` where cells lie beyond the rows and columns that are looked at."""

    def cell(self, row: int, column: int) -> ExcelCell:
        """The cell in a row and a column, from 1; an empty one where there is none."""
        return self.cells.get((row, column)) or ExcelCell(self, row, column)

    def row(self, number: int) -> list[ExcelCell]:
        """The cells of a row that hold something, in their order."""
        return self.filled.get(number, [])

    @cached_property
    def filled(self) -> dict[int, list[ExcelCell]]:
        """The rows that hold something by their numbers, in their order, and the cells that do."""
        rows: dict[int, list[ExcelCell]] = {}
        for place in sorted(self.cells):
            rows.setdefault(place[0], []).append(self.cells[place])
        return rows


@dataclass(slots=True)
class Workbook:
    """The worksheets of a workbook, in their order."""

    worksheets: list[Worksheet]


def drop_covered(sheet: Worksheet, most: int) -> None:
    """Forget what merged areas hold beside their first cells: nobody sees it."""
    spans: dict[int, list[Area]] = {}
    rows = 0
    for area in sheet.merged:
        last = min(area.max_row, sheet.max_row)
        rows += max(0, last - area.min_row + 1)
        if rows > most:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        for row in range(area.min_row, last + 1):
            spans.setdefault(row, []).append(area)
    for (row, column), cell in list(sheet.cells.items()):
        for area in spans.get(row, ()):
            if area.holds(row, column) and (row, column) != (area.min_row, area.min_col):
                del sheet.cells[cell.row, cell.column]
                break


def column_number(letters: str) -> int:
    """The number of a column from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def wrong(cell: ExcelCell) -> Kind | None:
    """The reason why a cell holds no plain number, if that is not its text alone."""
    value = cell.value
    if cell.formula:
        return Kind.CELL_FORMULA
    if cell.is_error:
        return Kind.CELL_ERROR
    if cell.is_date:
        return Kind.CELL_DATE
    if is_number(value) and "%" in cell.number_format:
        return Kind.CELL_PERCENT
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value.strip()):
        return Kind.CELL_TEXT_NUMBER
    return None


_PICTURE = re.compile(r"=(_xlfn\.)?(DISPIMG|IMAGE)\(", re.IGNORECASE)


def is_picture(cell: ExcelCell) -> bool:
    """True for a picture that a program put into the cell itself.

    It is a function of that program, which others keep as a formula or as its text, or an error for
    those programs that know no pictures in cells.
    """
    return cell.is_image or _PICTURE.match(shown(cell.value)) is not None


def formats_of(cell: ExcelCell) -> list[str]:
    """The number format of a cell, and those that it may have under some condition."""
    return [cell.number_format, *conditional_formats(cell)]


def conditional_formats(cell: ExcelCell) -> list[str]:
    """The number formats that a cell may have under some condition."""
    return [
        code for area, code in cell.sheet.conditional_formats if area.holds(cell.row, cell.column)
    ]


def is_number(value: Value) -> bool:
    """True for a number."""
    return isinstance(value, Decimal)


def plain_text(value: Value) -> str:
    """A value as the formula bar shows it: a number with 15 significant digits, no exponent.

    So 6.8999999999999995, which a sum or a product left behind, is 6.9 (decision:
    numbers-are-those-of-the-formula-bar).
    """
    if isinstance(value, Decimal):
        return plain(value) if value else "0"
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else str(value).strip()


def shown(value: Value) -> str:
    """A value for a message: a date without its midnight."""
    return plain_text(value.date() if isinstance(value, datetime) else value)


_LEAST_WIDTH = 1
"""The width, in digits, of a column in which something can be seen."""

_LEAST_HEIGHT = 6
"""The height, in points, of a row in which something can be seen; a digit has about ten."""


def column_is_hidden(sheet: Worksheet, column: int, least: float = _LEAST_WIDTH) -> bool:
    """True where a column is hidden, or too narrow for what is ``least`` digits long."""
    own = [width for width in sheet.columns if width.min <= column <= width.max]
    if not own:
        return sheet.default_width is not None and sheet.default_width < least
    return any(width.hidden or width.width < least for width in own)


def row_is_hidden(sheet: Worksheet, row: int) -> bool:
    """True where a row is hidden, or so low that nothing in it can be seen."""
    own = sheet.rows.get(row, RowHeight())
    height = sheet.default_height if own.height is None else own.height
    return own.hidden or (height is not None and height < _LEAST_HEIGHT)


def cell_is_hidden(cell: ExcelCell) -> bool:
    """True where a cell stands in a hidden row or column."""
    return row_is_hidden(cell.sheet, cell.row) or column_is_hidden(cell.sheet, cell.column)
