"""Cells of a form: what they hold, and what of them can be seen."""

import re
from datetime import datetime
from decimal import Decimal

from epa_score.diagnostics import Kind
from epa_score.i18n import plain
from epa_score.readers.excel.workbook import ExcelCell, RowHeight, Value, Worksheet
from epa_score.values.points import PLAIN_NUMBER


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
        code
        for area, code in cell.sheet.conditional_formats
        if area.min_row <= cell.row <= area.max_row and area.min_col <= cell.column <= area.max_col
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
