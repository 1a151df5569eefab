"""The part of a worksheet: its rows and cells, each once and in its place."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from epa_score.diagnostics import Kind
from epa_score.opc import Handler, WorkbookRefusedError, damaged, names_in_worksheets
from epa_score.readers.excel.number_formats import moment_of, shows_moment
from epa_score.readers.excel.parts import (
    ALTERNATIVES,
    ENTRY,
    INDEX,
    PASSED,
    SECTION,
    RichText,
    StylesPart,
    is_on,
    misplaced,
    without_escapes,
)
from epa_score.readers.excel.sheet_layout import MOST_AREAS, SheetLayout, size_of
from epa_score.readers.excel.workbook import (
    ExcelCell,
    RowHeight,
    Value,
    Worksheet,
    column_number,
)

MOST_ROWS, MOST_COLUMNS = 2000, 60
"""The rows and columns of a sheet that are looked at; a form has some forty and six."""


class Limits(NamedTuple):
    """The rows and columns that are looked at, and the cells with content of all worksheets."""

    rows: int = MOST_ROWS
    columns: int = MOST_COLUMNS
    cells: int = 200_000
    covered: int = 200_000
    """The rows of all merged areas of a worksheet together."""


LIMITS = Limits()
"""Those of forms."""


_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(
    r"\s*[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?\s*", re.ASCII
)
_KINDS = frozenset({"n", "s", "str", "inlineStr", "b", "e", "d"})
"""The types of cells."""

_YES = frozenset({"1", "true"})
_WRITTEN_AS = {"n": _NUMBER, "s": INDEX, "b": re.compile(r"\s*([01]|true|false)\s*")}
"""The forms in which values of cells are written, by the cell's type."""

_SHOWN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
"""The digits that a spreadsheet shows of a number: those beyond are noise of its arithmetic."""

_OF_CELL = 2
"""How deep in a row the contents of its cells lie."""

_CONTENT = frozenset({"v", "f", "is"})
_PLAIN = frozenset({"v", "f"})
"""The contents of a cell, and those without elements of their own."""

_CELLS = frozenset(names_in_worksheets("c"))
_PLAIN_CONTENTS = {full: name for name in _PLAIN for full in names_in_worksheets(name)}
"""Cells and their plain contents by their full names, each under the name in the standard."""

_SECTION_OF = {
    "col": "cols",
    "mergeCell": "mergeCells",
    "sheetView": "sheetViews",
    "cfRule": "conditionalFormatting",
}
"""The section of a worksheet in which an entry stands."""

_SECTIONS = frozenset({*_SECTION_OF, *_SECTION_OF.values(), "sheetFormatPr", "sheetData"})


@dataclass(slots=True)
class SharedParts:
    """The things that all worksheets have in common, and the number of cells so far."""

    texts: list[str]
    styles: StylesPart
    is_1904: bool
    limits: Limits
    cells: int = 0
    areas: int = 0
    formats: dict[str, str | None] = field(default_factory=dict)
    """The number formats by the styles that cells have named so far, as they write them."""

    def count_areas(self, number: int) -> None:
        """Count so many more. Raises `WorkbookRefusedError` where there are too many."""
        self.areas += number
        if self.areas > MOST_AREAS:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)


class SheetPart(Handler):
    """One worksheet while it is read: each cell stands once, in its place."""

    whole = "row"

    def __init__(self, sheet: Worksheet, part: str, shared: SharedParts) -> None:
        self._sheet = sheet
        self._part = part
        self._shared = shared
        self._row = self._column = self._row_depth = 0
        self._rows: set[int] = set()
        self._columns: set[int] = set()
        self._attributes: dict[str, str] = {}
        self._held: dict[str, str] = {}
        self._formula: dict[str, str] = {}
        self._text = RichText(part)
        self._layout = SheetLayout(sheet, shared.styles, shared.count_areas)
        self._section = self._content = ""
        self._is_cell = False
        self._format: str | None = None

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """Hear of an element that begins."""
        inside = depth - self._row_depth if self._row_depth else 0
        if inside == 1 and name == "c":
            self._begin_cell(name, attributes)
        elif self._content in _PLAIN and self._held.get(self._content) is _OPEN:
            self._refuse("number", cell=self._name(), text=name)
        elif name == "row" or (depth == ENTRY and self._section == "sheetData"):
            self._begin_row(name, attributes, depth)
        elif not inside:
            if self._is_in_place(name, depth):
                self._layout.start(name, attributes)
            elif self._section in ("conditionalFormatting", "extLst"):
                self._layout.start_condition(name, attributes)
        elif inside == 1:
            self._begin_cell(name, attributes)
        elif self._is_cell and inside == _OF_CELL:
            self._begin_content(name, attributes)
        elif self._is_cell and self._content == "is":
            self._text.start(name)

    def take(self, element: Element, depth: int) -> bool:
        """Read a row that holds nothing but cells with plain contents."""
        if depth != ENTRY or self._section != "sheetData":
            return False
        cells = []
        for cell in element:
            if cell.tag not in _CELLS:
                return False
            held: dict[str, str] = {}
            formula: dict[str, str] = {}
            for content in cell:
                name = _PLAIN_CONTENTS.get(content.tag)
                if name is None or name in held or len(content):
                    return False
                held[name] = content.text or ""
                if name == "f":
                    formula = content.attrib
            cells.append((cell.attrib, held, formula))
        self._begin_row("row", element.attrib, ENTRY)
        for attributes, held, formula in cells:
            self._begin_cell("c", attributes)
            if held:
                self._held, self._formula = held, formula
                self._end_cell()
        self._row_depth = 0
        return True

    def _begin_content(self, name: str, attributes: dict[str, str]) -> None:
        if name in self._held or name not in _CONTENT | PASSED:
            self._refuse("cell", cell=self._name())
        self._content = name
        if name in _CONTENT:
            self._held[name] = _OPEN
        if name == "f":
            self._formula = attributes

    def _is_in_place(self, name: str, depth: int) -> bool:
        """True for a section, and for an entry in the section that it belongs to."""
        if depth == SECTION:
            self._section = name
        elif (depth < SECTION and name != "worksheet") or (
            self._section == ALTERNATIVES and name in _SECTIONS
        ):
            raise misplaced(self._part, name)
        return depth == SECTION or (depth == ENTRY and _SECTION_OF.get(name) == self._section)

    def end(self, name: str, text: str, depth: int) -> None:
        """Hear of an element that ends, with its text."""
        inside = depth - self._row_depth
        if not self._row_depth:
            self._layout.end(name, text)
        elif not inside:
            self._row_depth = 0
        elif not self._is_cell:
            return
        elif inside == 1:
            if self._held:
                self._end_cell()
        elif inside > _OF_CELL:
            if self._content == "is":
                self._text.end(name, text)
        elif name in _CONTENT:
            self._held[name] = self._text.take() if name == "is" else text

    def _begin_row(self, name: str, attributes: dict[str, str], depth: int) -> None:
        number = attributes.get("r", str(self._row + 1))
        is_there = depth == ENTRY and self._section == "sheetData"
        if name in PASSED and is_there:
            return
        is_row = name == "row" and is_there and _COUNT.fullmatch(number)
        if not is_row or int(number) in self._rows:
            self._refuse("row", row=number)
        self._row_depth = depth
        self._row, self._column = int(number), 0
        self._rows.add(self._row)
        self._columns = set()
        height = size_of(attributes.get("ht"))
        hidden = is_on(attributes, "hidden")
        if (hidden or height is not None) and self._row <= self._shared.limits.rows:
            self._sheet.rows[self._row] = RowHeight(height, hidden)

    def _begin_cell(self, element: str, attributes: dict[str, str]) -> None:
        self._is_cell = element != "extLst"
        if not self._is_cell:
            return
        name = attributes.get("r")
        row, column = (self._row, None) if name is None else _place_of(name)
        self._column = self._column + 1 if column is None else column
        self._attributes, self._held, self._formula = attributes, {}, {}
        self._content = ""
        style = attributes.get("s") or "0"
        known = self._shared.formats
        self._format = known[style] if style in known else self._format_of(style)
        is_sound = element == "c" and row == self._row and self._format is not None
        if not is_sound or self._column in self._columns:
            self._refuse("cell", cell=self._name())
        self._columns.add(self._column)

    def _format_of(self, style: str) -> str | None:
        """The number format of a style; nothing for what is no place in the list of styles."""
        found = self._shared.styles.of(int(style)) if INDEX.fullmatch(style) else None
        self._shared.formats[style] = found
        return found

    def _end_cell(self) -> None:
        """Keep a cell with content, as far as a form is looked at."""
        kind = self._attributes.get("t", "n")
        number_format = self._format or ""
        result = self._value(kind, number_format)
        formula, value = "", result
        if "f" in self._held:
            formula = self._formula.get("t", "normal")
            value = self._formula_text(formula)
        self._held = {}
        if value is None:
            return
        self._shared.cells += 1
        limits = self._shared.limits
        if self._shared.cells > limits.cells:
            raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)
        sheet, row, column = self._sheet, self._row, self._column
        if row > limits.rows or column > limits.columns:
            sheet.goes_on = True
            return
        is_error = kind == "e" and not formula
        is_image = is_error and "vm" in self._attributes
        cell = ExcelCell(
            sheet, row, column, value, formula, result, is_error, is_image, number_format
        )
        sheet.cells[row, column] = cell
        sheet.max_row = max(sheet.max_row, row)
        sheet.max_column = max(sheet.max_column, column)

    def _formula_text(self, kind: str) -> str:
        """A formula as it is shown; that of a shared one stands in another cell."""
        if kind == "dataTable":
            inputs = [self._formula[name] for name in ("r1", "r2") if name in self._formula]
            return f"=TABLE({','.join(inputs)})"
        return f"={self._held['f']}"

    def _value(self, kind: str, number_format: str) -> Value:
        """What stands in a cell of a ``kind``. Raises `WorkbookRefusedError`."""
        is_inline = kind == "inlineStr"
        if kind not in _KINDS or ("v" if is_inline else "is") in self._held:
            self._refuse("cell", cell=self._name())
        if is_inline:
            return self._held.get("is") or None
        text = self._held.get("v", "")
        pattern = _WRITTEN_AS.get(kind)
        if pattern and text and not pattern.fullmatch(text):
            self._refuse("text" if kind == "s" else "number", cell=self._name(), text=text)
        if not text:
            return None
        if kind == "n":
            return self._number(text, number_format)
        if kind == "s":
            return self._shared_text(int(text)) or None
        if kind == "b":
            return text.strip() in _YES
        return _iso_date(text) or text if kind == "d" else without_escapes(text)

    def _shared_text(self, place: int) -> str:
        if place >= len(self._shared.texts):
            self._refuse("text", cell=self._name(), text=str(place))
        return self._shared.texts[place]

    def _number(self, text: str, number_format: str) -> Value:
        number = _SHOWN_DIGITS.create_decimal(text.strip())
        moment = None
        if shows_moment(number_format):
            moment = moment_of(number, is_1904=self._shared.is_1904)
        return number if moment is None else moment

    def _name(self) -> str:
        return self._attributes.get("r") or f"R{self._row}C{self._column}"

    def _refuse(self, variant: str, **parameters: str) -> None:
        raise damaged(variant, part=self._part, **parameters)


_OPEN = "\0"
"""Stands for the content of an element that has not ended; no part can hold it."""


@lru_cache(8192)
def _place_of(name: str) -> tuple[int, int | None]:
    """The row and column of a cell by its name; row 0 and no column for what is no name."""
    found = _CELL.fullmatch(name)
    return (int(found[2]), column_number(found[1])) if found else (0, None)


def _iso_date(text: str) -> date | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.time() != time() else moment.date()
