"""What the cells of a score form look like, in the fonts of official documents."""

from typing import Any

from rich.cells import cell_len
from xlsxwriter import Workbook

from epa_score.exporters.xlsx_edges import EDGES

_GB2312 = 134
"""The character set that lets Excel find a Chinese font under its name."""

FONTS = {
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
    "fact": ("body", 10.5, {**_FORM_LINE, "indent": 1}),
    "score": ("figure", 11, {**_CENTER, **_OPEN, **_YELLOW, "bold": True, "num_format": "General"}),
    "note": ("body", 9.5, {**_FORM_LINE, **_OPEN, "num_format": "@", "quote_prefix": True}),
    "sum": ("head", 10.5, _CENTER),
    "names": (
        "body",
        9.5,
        {**_FORM_LINE, **_OPEN, **_YELLOW, "num_format": "@", "quote_prefix": True},
    ),
    "total": ("head", 12, {**_CENTER, "bold": True}),
    "plain": ("body", 11, {"valign": "vcenter"}),
    "small": ("body", 9, {"valign": "vcenter", "text_wrap": True}),
}


class FormLooks:
    """The formats of a form, each made once."""

    def __init__(self, workbook: Workbook, fonts: str) -> None:
        """Make formats of ``workbook`` in the ``fonts`` of that name."""
        self._workbook = workbook
        self._fonts = FONTS[fonts]
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, style: str, *edges: str) -> Any:
        """The format of a style, with the ``edges`` at which a cell meets the outer lines."""
        key = (style, *edges)
        if key not in self._made:
            thick = {name: one for edge in edges for name, one in EDGES[edge].items()}
            self._made[key] = self._workbook.add_format({**self._properties(style), **thick})
        return self._made[key]

    def _properties(self, style: str) -> dict[str, object]:
        if style == "alarm":
            return {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
        font, size, properties = _FORM_STYLES[style]
        known = {"font_name": self._fonts[font], "font_charset": _GB2312, "font_size": size}
        return {**known, **properties}


def lines_of(text: str, width: float, style: str) -> int:
    """How many lines a text of a style takes in a column so wide."""
    _, size, _ = _FORM_STYLES[style]
    return lines_in(text, max(1, int(width * _DIGIT / size)))


def lines_in(text: str, characters: int) -> int:
    """How many lines a text takes where so many Chinese characters fit in each."""
    return sum(max(1, -(-cell_len(line) // (characters * 2))) for line in text.split("\n"))
