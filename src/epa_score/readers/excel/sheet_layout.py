"""What a worksheet says outside its rows: widths, merged areas, and conditions on what is shown."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import product

from epa_score.readers.excel.parts import StylesPart, is_on, whole_number
from epa_score.readers.excel.workbook import Area, ColumnWidth, Worksheet, column_number

MOST_AREAS = 50_000
"""Merged areas, and areas with conditions, in all worksheets together."""

_USUAL_WIDTH = 13.0

_AREA = re.compile(
    r"(?=\$?[A-Z]+\$?[0-9]|\$?[A-Z0-9]+:)\$?([A-Z]{0,3})\$?([0-9]{0,7})"
    r"(?::(?=\$?[A-Z0-9])\$?([A-Z]{0,3})\$?([0-9]{0,7}))?"
)
"""Cells from one corner to another, or whole columns or rows."""

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class SheetLayout:
    """The layout of one worksheet while it is read.

    ``count_areas`` is told of each area, and refuses too many.
    """

    def __init__(
        self, sheet: Worksheet, styles: StylesPart, count_areas: Callable[[int], None]
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._count_areas = count_areas
        self._conditioned: list[Area] = []
        self._conditions: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a size, a merged area or a condition."""
        sheet = self._sheet
        if name == "sheetFormatPr":
            sheet.default_width = size_of(attributes.get("defaultColWidth"))
            sheet.default_height = size_of(attributes.get("defaultRowHeight"))
            sheet.hides_rows = is_on(attributes, "zeroHeight")
        elif name == "sheetView" and attributes.get("showZeros", "1").lower() in ("0", "false"):
            sheet.hides_zeros = True
        elif name == "col":
            first, last = whole_number(attributes.get("min")), whole_number(attributes.get("max"))
            width = size_of(attributes.get("width"))
            width = _USUAL_WIDTH if width is None else width
            sheet.columns.append(ColumnWidth(first, last, width, is_on(attributes, "hidden")))
        elif name == "mergeCell":
            sheet.merged += self._areas_in(attributes.get("ref", ""))
        else:
            self.start_condition(name, attributes)

    def start_condition(self, name: str, attributes: dict[str, str]) -> None:
        """Note the number format of a condition, or the bars or icons that it shows for numbers.

        In an extension the format stands in the rule itself, and the areas below the rules.
        """
        name = name.removeprefix("x14:")
        if name == "conditionalFormatting":
            self._conditions = []
            self._conditioned = self._areas_in(attributes.get("sqref", ""))
        elif name == "cfRule" and "dxfId" in attributes:
            formats, place = self._styles.of_conditions, whole_number(attributes["dxfId"])
            self._conditions += [code for code in formats[place : place + 1] if code]
        elif name in ("dataBar", "iconSet") and attributes.get("showValue", "1") in ("0", "false"):
            self._conditions.append(name)
        elif name == "numFmt":
            self._conditions.append(attributes.get("formatCode", "General"))

    def end(self, name: str, text: str) -> None:
        """Apply conditions to their areas, which an extension names last."""
        if name == "xm:sqref":
            self._conditioned = self._areas_in(text)
        elif name.removeprefix("x14:") == "conditionalFormatting":
            self._count_areas(len(self._conditioned) * len(self._conditions))
            self._sheet.conditional_formats += product(self._conditioned, self._conditions)

    def _areas_in(self, text: str) -> list[Area]:
        """The areas of a list, as far as they are any."""
        areas = map(_area_of, text.split()[:MOST_AREAS])
        found = [area for area in areas if area is not None]
        self._count_areas(len(found))
        return found


@lru_cache(2048)
def _area_of(text: str) -> Area | None:
    """The area between two corners, whichever is written first; a lone one is a cell."""
    found = _AREA.fullmatch(text)
    if found is None:
        return None
    left, top, right, bottom = found.groups()
    rows = int(top or 1), int((top if bottom is None else bottom) or _LAST_ROW)
    columns = (
        column_number(left) or 1,
        column_number(left if right is None else right) or _LAST_COLUMN,
    )
    return Area(min(rows), min(columns), max(rows), max(columns))


def size_of(text: str | None) -> float | None:
    """A size of a row or column; nothing for anything that is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None
