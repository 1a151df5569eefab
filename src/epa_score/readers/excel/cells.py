"""Cells of a form: what they hold, and what of them can be seen."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.values.points import PLAIN_NUMBER


def wrong(cell: Any) -> Kind | None:
    """What keeps a cell from being a plain number, if not its text alone."""
    value = cell.value
    if cell.data_type == "f":
        return Kind.CELL_FORMULA
    if cell.data_type == "e":
        return Kind.CELL_ERROR
    if isinstance(value, date | datetime) or cell.is_date:
        return Kind.CELL_DATE
    if isinstance(value, int | float) and "%" in str(cell.number_format):
        return Kind.CELL_PERCENT
    if isinstance(value, str) and PLAIN_NUMBER.fullmatch(value.strip()):
        return Kind.CELL_TEXT_NUMBER
    return None


def plain_text(value: object) -> str:
    """A number as people typed it: the shortest one that the stored binary number stands for."""
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value).strip() if isinstance(value, str) else str(value)


def shown(value: object) -> str:
    """A value for a message: a date without its midnight, a formula of several cells as text."""
    if isinstance(value, datetime):
        return plain_text(value.date())
    kind = getattr(value, "t", "")
    if kind == "array":
        return plain_text(getattr(value, "text", None)) or "="
    if kind == "dataTable":
        inputs = (getattr(value, name, None) for name in ("r1", "r2"))
        return f"=TABLE({','.join(str(cell) for cell in inputs if cell)})"
    return plain_text(value)


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


def column_is_hidden(sheet: Any, column: int, least: float = _LEAST_WIDTH) -> bool:
    """Whether a column is hidden, or too narrow for what is ``least`` digits long."""
    own = [
        dimension
        for dimension in sheet.column_dimensions.values()
        if dimension.min <= column <= dimension.max
    ]
    if not own:
        width = sheet.sheet_format.defaultColWidth
        return width is not None and width < least
    return any(dimension.hidden or dimension.width < least for dimension in own)


def row_is_hidden(sheet: Any, row: int) -> bool:
    """Whether a row is hidden, or so low that nothing in it can be seen."""
    own = sheet.row_dimensions[row]
    height = sheet.sheet_format.defaultRowHeight if own.height is None else own.height
    return own.hidden or (height is not None and height < _LEAST_HEIGHT)


def cell_is_hidden(cell: Any) -> bool:
    """Whether a cell stands in a hidden row or column."""
    return row_is_hidden(cell.parent, cell.row) or column_is_hidden(cell.parent, cell.column)


def shows_exactly(number_format: str, number: Decimal) -> bool:
    """Whether a format shows a number that is not negative with all its digits and no others."""
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


def _sections(number_format: str) -> list[list[str]]:
    """The parts of a format, in sections for positive numbers, negative ones, zero and text."""
    sections: list[list[str]] = [[]]
    for found in _PARTS.finditer(number_format):
        if found[0] == ";":
            sections.append([])
        else:
            sections[-1].append(found[0])
    return sections
