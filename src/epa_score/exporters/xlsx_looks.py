"""What the cells of a workbook look like: fonts, fills, lines and number formats."""

from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook

from epa_score.exporters.xlsx_edges import EDGES
from epa_score.model.points import MOST_DECIMALS
from epa_score.reports.table import Cell, Column, decimals_of

_LINE = {"border": 1, "valign": "vcenter", "text_wrap": True}
_STYLES: dict[str, dict[str, object]] = {
    "title": {
        "bold": True,
        "font_size": 16,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "header": {**_LINE, "bold": True, "align": "center", "bg_color": "#F2F2F2"},
    "cap": {**_LINE, "align": "center", "bg_color": "#F9F9F9", "font_color": "#595959"},
    "text": {**_LINE, "align": "center"},
    "long text": {**_LINE, "align": "left"},
    "number": {**_LINE, "align": "center", "num_format": "0"},
    "points": {**_LINE, "align": "center"},
    "difference": {**_LINE, "align": "center"},
    "rate": {**_LINE, "align": "center", "num_format": "0%"},
    "caption": {"align": "right"},
    "note": {"text_wrap": True, "valign": "top"},
    "sign": {"valign": "vcenter"},
    "below cap": {"bg_color": "#FFF7E0", "font_color": "#8A5A00"},
    "alarm": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True},
    "strong": {"bold": True},
    "no top": {"top": 0},
    "no bottom": {"bottom": 0},
    "as typed": {"quote_prefix": True},
    **EDGES,
}
_SHORT = 24
"""The width up to which a column of texts is centred."""


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats of ``workbook``."""
        self._workbook = workbook
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, *styles: str, number: str = "") -> Any:
        """The format that has all of some ``styles``, and shows numbers as ``number``."""
        key = (*styles, number)
        if key not in self._made:
            properties = {name: one for style in styles for name, one in _STYLES[style].items()}
            if number:
                properties["num_format"] = number
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def of_cell(self, column: Column, cell: Cell, width: int, *more: str) -> Any:
        """The format of a cell of a column that is so wide, with ``more`` styles."""
        long = column.kind == "text" and width > _SHORT
        styles: list[str] = ["long text" if long else column.kind]
        if column.name == "total":
            styles.append("strong")
        if isinstance(cell, str) and "text" in column.kind:
            styles.append("as typed")
        if column.kind not in ("points", "difference"):
            return self(*styles, *more)
        own = decimals_of([cell]) if isinstance(cell, Decimal) else 0
        number = number_format(max(column.decimals, own))
        signed = f"+{number};-{number};{number}"
        return self(*styles, *more, number=signed if column.kind == "difference" else number)


def number_format(decimals: int) -> str:
    """Shows so many decimals, and further ones where somebody writes more: nothing is rounded."""
    return f"0.{'0' * decimals:#<{MOST_DECIMALS}}" if decimals else "General"
