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
    """True for a picture that a program put into the cell itself, by a function of its own."""
    return bool(cell.formula) and _PICTURE.match(shown(cell.value)) is not None


def is_number(value: Value) -> bool:
    """True for a number."""
    return isinstance(value, Decimal)


def plain_text(value: Value) -> str:
    """A value as the formula bar shows it: a number with 15 significant digits, no exponent.

    So 6.8999999999999995, which a sum or a product left behind, is 6.9 (decision:
    numbers-are-those-of-the-formula-bar).
    """
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value).strip()


def shown(value: Value) -> str:
    """A value for a message: a date without its midnight."""
    return plain_text(value.date() if isinstance(value, datetime) else value)


_LEAST_WIDTH = 1
"""The width, in digits, of a column in which something can be seen."""

_LEAST_HEIGHT = 6
"""The height, in points, of a row in which something can be seen; a digit has about ten."""

_PARTS = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|G/通用格式|@|[#0?,]*[#0?](?:\.[#0?]*)?|.',
    re.IGNORECASE | re.DOTALL,
)
_HARMLESS = re.compile(
    r"\[(black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]+|\$-[0-9a-f]+)\]",
    re.IGNORECASE,
)


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


def shows_exactly(number_format: str, number: Decimal) -> bool:
    """True where a format shows a number that is not negative with all its digits and no others."""
    sections = _sections(number_format)
    section = sections[0] if number else (sections[2:3] or sections)[0]
    pattern = ""
    for part in section:
        if part[0] in '"\\':
            if any(character.isnumeric() or character in "-.,/%‰" for character in part[1:]):
                return False
        elif part[0] in "#0?" or part.lower() in ("general", "g/通用格式", "@"):
            if pattern:
                return False
            pattern = part
        elif part[0] not in "_* ()" and not _HARMLESS.fullmatch(part):
            return False
    if pattern[:1] not in ("#", "0", "?"):
        return bool(pattern)
    _, _, places = pattern.partition(".")
    exponent = number.normalize().as_tuple().exponent
    seen = number != 0 or "0" in pattern
    return seen and isinstance(exponent, int) and len(places) >= -exponent


def shows_plainly(number_format: str, number: Decimal) -> bool:
    """True where a format shows a number as it is typed, without another digit, sign or word."""
    parts = [part for part in _sections(number_format)[0] if not _HARMLESS.fullmatch(part)]
    if len(parts) != 1:
        return False
    whole, _, places = parts[0].partition(".")
    if whole[:1] not in ("#", "0", "?"):
        return True
    digits, _, decimals = plain(number).partition(".")
    return whole.count("0") <= len(digits) and "?" not in whole and places == "0" * len(decimals)


def _sections(number_format: str) -> list[list[str]]:
    """The parts of a format, in sections for positive numbers, negative ones, zero and text."""
    sections: list[list[str]] = [[]]
    for found in _PARTS.finditer(number_format):
        if found[0] == ";":
            sections.append([])
        else:
            sections[-1].append(found[0])
    return sections
