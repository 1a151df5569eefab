"""Cell formats of results and of forms: fonts, fills, number formats, lines and outer borders."""

from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter import Workbook

from epa_score.exporters.cell_text import line_count
from epa_score.reports.table import Cell, Column, decimals_of
from epa_score.values.points import MOST_DECIMALS

_MEDIUM = 2
"""The thicker line, by the number that XlsxWriter knows it by."""

EDGES: dict[str, dict[str, object]] = {
    f"{side} edge": {side: _MEDIUM} for side in ("left", "right", "top", "bottom")
}
"""The styles of cells at the outer lines."""


class Frame(NamedTuple):
    """The rows and columns that the outer lines run around, from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def edges(self, row: int, left: int, right: int | None = None) -> tuple[str, ...]:
        """The styles of the sides at which a cell, or several merged ones, meet the outer lines."""
        if not self.top <= row <= self.bottom:
            return ()
        sides = {
            "left edge": left == self.left,
            "right edge": (left if right is None else right) == self.right,
            "top edge": row == self.top,
            "bottom edge": row == self.bottom,
        }
        return tuple(name for name, met in sides.items() if met)


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
    "block": {**_LINE, "bold": True, "align": "left", "bg_color": "#F2F2F2", "quote_prefix": True},
    "caption": {"align": "right"},
    "note": {"text_wrap": True, "valign": "top"},
    "sign": {"valign": "vcenter"},
    "changed": {"bold": True, "font_color": "#C00000", "valign": "vcenter", "shrink": True},
    "wide": {"shrink": False},
    "below cap": {"bg_color": "#FFF7E0", "font_color": "#8A5A00"},
    "alarm": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True},
    "strong": {"bold": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "no top": {"top": 0},
    "no bottom": {"bottom": 0},
    "as typed": {"quote_prefix": True},
    **EDGES,
}
_SHORT = 24
"""The width up to which a column of texts is centred."""


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats of ``workbook``."""
        self._workbook = workbook
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, *styles: str, number: str = "") -> Any:
        """The format that has all of some ``styles``, and shows numbers as ``number``."""
        key = (*styles, number)
        if key not in self._made:
            properties = {name: value for style in styles for name, value in _STYLES[style].items()}
            if number:
                properties["num_format"] = number
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def for_cell(self, column: Column, cell: Cell, width: int, *more: str) -> Any:
        """The format of a cell of a column that is so wide, with ``more`` styles."""
        long = column.kind == "text" and width > _SHORT
        styles: list[str] = ["long text" if long else column.kind]
        if column.is_emphasized:
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


_GB2312 = 134
"""The character set that lets Excel find a Chinese font under its name."""

FORM_FONTS = {
    "official": {
        "title": "方正小标宋简体",
        "head": "黑体",
        "body": "仿宋_GB2312",
        "figure": "宋体",
    },
    "plain": dict.fromkeys(("title", "head", "body", "figure"), "宋体"),
}
"""Fonts by what they are for; ``plain`` needs no others than every Chinese Windows has."""

_DIGIT = 6
"""Points across a digit of the standard font, in which the widths of columns are told."""

_FORM_LINE = {"border": 1, "valign": "vcenter", "text_wrap": True}
_CENTER = {**_FORM_LINE, "align": "center"}
_OPEN = {"locked": False}
_YELLOW = {"bg_color": "#FFF9E5"}

_FORM_STYLES: dict[str, tuple[str, float, dict[str, object]]] = {
    "title": ("title", 20, {"align": "center", "valign": "vcenter", "text_wrap": True}),
    "label": ("body", 11, {"valign": "vcenter"}),
    "given": ("body", 11, {"valign": "vcenter", "text_wrap": True}),
    "field": ("body", 11, {"valign": "vcenter", "num_format": "@", **_OPEN, **_YELLOW}),
    "header": ("head", 11, {**_CENTER, "bg_color": "#F2F2F2"}),
    "section": ("head", 11, _CENTER),
    "center": ("figure", 10.5, _CENTER),
    "text": ("body", 10.5, _FORM_LINE),
    "column": ("body", 9, {**_FORM_LINE, "align": "left", "valign": "top"}),
    "unit": ("body", 11, {**_CENTER, "num_format": "@", "quote_prefix": True}),
    "free unit": (
        "body",
        11,
        {**_CENTER, **_OPEN, **_YELLOW, "num_format": "@", "quote_prefix": True},
    ),
    "fact": ("body", 10.5, {**_FORM_LINE, "indent": 1}),
    "score": ("figure", 11, {**_CENTER, **_OPEN, **_YELLOW, "bold": True, "num_format": "General"}),
    "note": ("body", 9.5, {**_FORM_LINE, "num_format": "@", "quote_prefix": True}),
    "sum": ("head", 10.5, _CENTER),
    "names": (
        "body",
        9.5,
        {**_FORM_LINE, **_OPEN, **_YELLOW, "num_format": "@", "quote_prefix": True},
    ),
    "total": ("head", 12, {**_CENTER, "bold": True}),
    "plain": ("body", 11, {"valign": "vcenter"}),
    "changed": ("head", 11, _STYLES["changed"]),
    "rest": ("body", 9.5, {"valign": "top", "text_wrap": True, "quote_prefix": True}),
    "small": ("body", 9, {"valign": "vcenter", "text_wrap": True}),
}


class FormFormats:
    """The formats of a form, each made once."""

    def __init__(self, workbook: Workbook, fonts: str) -> None:
        """Make formats of ``workbook`` in the ``fonts`` of that name."""
        self._workbook = workbook
        self._fonts = FORM_FONTS[fonts]
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, style: str, *edges: str) -> Any:
        """The format of a style, with the ``edges`` at which a cell meets the outer lines."""
        key = (style, *edges)
        if key not in self._made:
            thick = {name: value for edge in edges for name, value in EDGES[edge].items()}
            self._made[key] = self._workbook.add_format({**self._properties(style), **thick})
        return self._made[key]

    def _properties(self, style: str) -> dict[str, object]:
        if style == "alarm":
            return {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        font, size, properties = _FORM_STYLES[style]
        known = {"font_name": self._fonts[font], "font_charset": _GB2312, "font_size": size}
        return {**known, **properties}


def form_line_count(text: str, width: float, style: str) -> int:
    """The number of lines that a text of a style takes in a column so wide."""
    return line_count(text, form_cells(width, style))


def form_cells(width: float, style: str) -> int:
    """The half Chinese characters of a style that fit in a line of a column so wide."""
    _, size, _ = _FORM_STYLES[style]
    return 2 * max(1, int(width * _DIGIT / size))
