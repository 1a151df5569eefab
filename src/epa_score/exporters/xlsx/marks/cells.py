"""Cells of a worksheet that get another style, made where there are none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from epa_score.exporters.xlsx.marks.package import Element, XmlPart
from epa_score.exporters.xlsx_mark_styles import MarkStyles
from epa_score.exporters.xlsx_package import RELATIONS
from epa_score.exporters.xlsx_widths import HIGHEST_ROW

_BEHIND_DRAWING = frozenset(
    {
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst", "AlternateContent"),
    }
)
"""What follows ``legacyDrawing`` in a worksheet; the order is part of the format."""

_MOST_SIZES = 2100
"""How far rows and columns matter: a reader looks at 2000 rows, and a comment is below one."""

_WIDTH, _WIDEST = 9.0, 255.0
"""The usual width of a column, and what Excel allows."""

_NAME = re.compile(r"\$?[A-Z]{1,3}\$?[0-9]{1,7}")


class At(NamedTuple):
    """A row and a column, from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """The name of the cell, such as ``E7``."""
        return xl_rowcol_to_cell(self.row - 1, self.column - 1)


class Size(NamedTuple):
    """The width of a column, in digits, or the height of a row, in points; hidden ones have 0.

    Its number counts from 1.
    """

    kind: Literal["column", "row"]
    number: int
    size: float


def at(name: str) -> At:
    """The place of a cell's name. Raises `ValueError`."""
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no cell"
        raise ValueError(message)
    row, column = xl_cell_to_rowcol(name)
    return At(row + 1, column + 1)


def _corners(area: str) -> tuple[At, At]:
    first, _, last = area.partition(":")
    return at(first), at(last or first)


def _is(element: Element, name: str) -> bool:
    return element.attributes.get(name) in ("1", "true")


class MarkedSheet:
    """A worksheet in which cells are marked."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the worksheet. Raises `LookupError` for one without cells."""
        self.part = XmlPart(data, descend=lambda one: one.name != "c")
        self._data = self.part.root.only("sheetData")
        self._rows = dict(_numbered(self._data.named("row")))
        merged = [one for area in self.part.root.named("mergeCells") for one in area.children]
        self._areas = [_corners(one.attributes["ref"]) for one in merged]

    def shown(self, place: At) -> At:
        """Where something must stand to be seen: the first cell of a merged area, no hidden row."""
        place = self._first(place)
        rows = range(place.row, 0, -1)
        seen = next((At(row, place.column) for row in rows if not self._hidden(row)), place)
        return self._first(seen)

    def _first(self, place: At) -> At:
        """The first cell of the merged area that a cell belongs to, or the cell itself."""
        for first, last in self._areas:
            if first.row <= place.row <= last.row and first.column <= place.column <= last.column:
                return first
        return place

    def sizes(self) -> Iterator[Size]:
        """The widths and heights that are set."""
        for one in self._columns():
            width = min(float(one.attributes.get("width", _WIDTH)), _WIDEST)
            size = 0 if _is(one, "hidden") else width
            last = min(int(one.attributes["max"]), _MOST_SIZES)
            for number in range(int(one.attributes["min"]), last + 1):
                yield Size("column", number, size)
        for number, row in self._rows.items():
            if number <= _MOST_SIZES and ("ht" in row.attributes or _is(row, "hidden")):
                size = 0 if _is(row, "hidden") else min(float(row.attributes["ht"]), HIGHEST_ROW)
                yield Size("row", number, size)

    def mark(self, places: Iterable[At], styles: MarkStyles) -> None:
        """Give each cell its style on the colour of a mark."""
        by_row: dict[int, set[int]] = defaultdict(set)
        for place in places:
            by_row[place.row].add(place.column)
        for row, columns in sorted(by_row.items()):
            if row in self._rows:
                self._mark_in(row, columns, styles)
            else:
                self._make_row(row, columns, styles)

    def unmark(self, places: Iterable[At], styles: MarkStyles) -> None:
        """Give cells that were marked the look back that others of their kind have."""
        for place in places:
            cells = self._rows[place.row].named("c") if place.row in self._rows else ()
            for column, cell in _numbered(cells):
                if column == place.column:
                    style = styles.unmarked(int(cell.attributes.get("s", 0)))
                    self.part.set(cell, s=str(style))

    def drawing(self) -> str:
        """The id of the relation to the drawing of the comments, if there is one."""
        found = self.part.root.named("legacyDrawing")
        return found[0].attributes[f"{{{RELATIONS}}}id"] if found else ""

    def draw(self, identity: str) -> None:
        """Refer to the drawing of the comments."""
        root = self.part.root
        markup = f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{identity}"/>'
        behind = [one for one in root.children if one.name in _BEHIND_DRAWING]
        if behind:
            self.part.insert(behind[0], markup)
        else:
            self.part.append(root, markup)

    def _hidden(self, row: int) -> bool:
        return row in self._rows and _is(self._rows[row], "hidden")

    def _columns(self) -> list[Element]:
        return [one for group in self.part.root.named("cols") for one in group.children]

    def _mark_in(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        row = self._rows[number]
        cells = dict(_numbered(row.named("c")))
        for column in sorted(columns):
            if column in cells:
                style = styles.marked(int(cells[column].attributes.get("s", 0)))
                self.part.set(cells[column], s=str(style))
                continue
            own = row.attributes.get("s", "0") if _is(row, "customFormat") else None
            cell = self._cell(At(number, column), own, styles)
            self._put(row, [one for there, one in cells.items() if there > column], cell)

    def _make_row(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        cells = [self._cell(At(number, one), None, styles) for one in sorted(columns)]
        row = f'<row r="{number}">{"".join(cells)}</row>'
        self._put(self._data, [one for there, one in self._rows.items() if there > number], row)

    def _put(self, parent: Element, behind: Sequence[Element], markup: str) -> None:
        if behind:
            self.part.insert(behind[0], markup)
        else:
            self.part.append(parent, markup)

    def _cell(self, place: At, style: str | None, styles: MarkStyles) -> str:
        """A cell that was empty and had the style of its row, or else of its column."""
        if style is None:
            styles_of_column = [
                one.attributes.get("style", "0")
                for one in self._columns()
                if int(one.attributes["min"]) <= place.column <= int(one.attributes["max"])
            ]
            style = (styles_of_column or ["0"])[0]
        return f'<c r="{place.name}" s="{styles.marked(int(style))}"/>'


def _numbered(elements: Iterable[Element]) -> Iterator[tuple[int, Element]]:
    """Rows or cells with their numbers; one without a name follows the one before it."""
    number = 0
    for one in elements:
        name = one.attributes.get("r", "")
        number = number + 1 if not name else int(name) if one.name == "row" else at(name).column
        yield number, one
