"""One cell of a workbook: exact numbers, and text that nothing takes for anything else."""

from decimal import Decimal
from typing import Any

from epa_score.diagnostics.terminal_text import visible
from epa_score.i18n import plain
from epa_score.reports.table import Cell

_MOST_DIGITS = 15
_MOST_TEXT = 32_767
"""Most UTF-16 units that Excel takes in a cell."""
_ROOM_FOR_MARK = 20
_ESCAPE = "x005f_"


def write_text(sheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
    """Write ``text`` as text, whatever it looks like."""
    shown = text_for_cell(text)
    if shown.startswith("<r>") and shown.endswith("</r>"):
        # XlsxWriter would take this for markup that it made itself.
        sheet.write_rich_string(
            row, column, cell_format, shown[:1], cell_format, shown[1:], cell_format
        )
    else:
        sheet.write_string(row, column, shown, cell_format)


def write_cell(sheet: Any, row: int, column: int, cell: Cell, cell_format: Any) -> None:
    """Write a cell of a table. Raises `ValueError` for a number that no workbook holds exactly."""
    if cell is None:
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(cell, str):
        write_text(sheet, row, column, cell, cell_format)
    else:
        sheet.write_number(row, column, exact_number(cell), cell_format)


def text_for_cell(text: str) -> str:
    """``text`` with hidden characters made visible, and cut with a mark where Excel has no room.

    The mark is the number of characters that are missing.
    """
    shown = "\n".join(map(visible, text.split("\n")))
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * _MOST_TEXT:
        return shown
    kept = units[: 2 * (_MOST_TEXT - _ROOM_FOR_MARK)].decode("utf-16-le", "ignore")
    return f"{kept}…[+{len(shown) - len(kept)}]"


def changes_in_cell(text: str) -> bool:
    """True for a text that a workbook would not give back as it is.

    That goes for hidden characters, for more than Excel takes in a cell, for what formats like the
    escapes that workbooks use themselves, and for a text that says nothing.
    """
    if not text.strip() or text_for_cell(text) != text:
        return True
    return "\r" in text or _ESCAPE in text.casefold()


def is_exact(number: str) -> bool:
    """True for a number, written without an exponent, of which a workbook holds every digit."""
    return len(number.replace(".", "").lstrip("0-")) <= _MOST_DIGITS


def exact_number(number: Decimal | int) -> Decimal | int:
    """A number as XlsxWriter writes it digit by digit.

    Raises `ValueError` for more than 15 digits: a workbook cannot hold them, and would round.
    """
    if isinstance(number, int):
        return number
    text = plain(number)
    if not is_exact(text):
        message = f"a workbook cannot hold every digit of {text}"
        raise ValueError(message)
    return Decimal(text)
