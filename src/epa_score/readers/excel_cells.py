"""What a cell of a workbook holds, and whether it is a plain number or text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.model.points import PLAIN_NUMBER


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
        return f"=TABLE({','.join(str(one) for one in inputs if one)})"
    return plain_text(value)
