"""Marked cells of a worksheet: their styles, on the colour of a mark; made where there are none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from epa_score.exporters.xlsx.layout import HIGHEST_ROW
from epa_score.opc import RELATIONS, Element, XmlPart, retagged

COLOUR = "FFFFB266"
"""An orange that neither the yellow of cells to fill in nor the red of an alarm is taken for."""

_FILL = (
    f'<fill><patternFill patternType="solid"><fgColor rgb="{COLOUR}"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
)


class MarkStyles:
    """The styles of a workbook, with marked ones added where they are needed."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the styles. Raises `LookupError` where it lists none."""
        self._part = XmlPart(data)
        self._fills = self._part.root.only("fills")
        self._styles = self._part.root.only("cellXfs")
        self._fill = self._known_fill()
        self._made: dict[int, int] = {}

    def marked(self, style: int) -> int:
        """The number of the style that is as ``style``, on the colour of a mark.

        Raises `LookupError` for a style that is not there.
        """
        known = self._styles.children
        if known[style].attributes.get("fillId") == str(self._fill):
            return style
        if style not in self._made:
            own = retagged(self._part.source(known[style]), fillId=str(self._fill), applyFill="1")
            self._part.append(self._styles, own)
            self._made[style] = len(known) + len(self._made)
        return self._made[style]

    def unmarked(self, style: int) -> int:
        """The number of a style that differs from a marked one in its colour alone.

        The first one is most likely what the cell had; without any it stays as it is.
        """
        own = self._styles.children[style]
        marked = own.attributes.get("fillId") == str(self._fill)
        return self._unmarked.get(self._shape(own), style) if marked else style

    @cached_property
    def _unmarked(self) -> dict[object, int]:
        """The first style of each shape that is not on the colour of a mark."""
        known = list(enumerate(self._styles.children))
        return {
            self._shape(style): number
            for number, style in reversed(known)
            if style.attributes.get("fillId") != str(self._fill)
        }

    def _shape(self, style: Element) -> object:
        """All of a style but its fill."""
        others = {
            pair for pair in style.attributes.items() if pair[0] not in ("fillId", "applyFill")
        }
        return frozenset(others), tuple(map(self._part.source, style.children))

    def changed(self) -> bytes:
        """The part with the styles that were added."""
        if self._made:
            self._part.set(self._styles, count=str(len(self._styles.children) + len(self._made)))
        return self._part.changed()

    def _known_fill(self) -> int:
        """The number of the fill of marks, which a copy that was marked before has already."""
        fills = self._fills.children
        for number, fill in enumerate(fills):
            if f'"{COLOUR}"'.encode() in self._part.source(fill):
                return number
        self._part.append(self._fills, _FILL)
        self._part.set(self._fills, count=str(len(fills) + 1))
        return len(fills)


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


class CellRef(NamedTuple):
    """A row and a column, from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """The name of the cell, such as ``E7``."""
        return xl_rowcol_to_cell(self.row - 1, self.column - 1)


class Dimension(NamedTuple):
    """The width of a column, in digits, or the height of a row, in points; hidden ones have 0.

    Its number counts from 1.
    """

    kind: Literal["column", "row"]
    number: int
    size: float


def at(name: str) -> CellRef:
    """The place of a cell's name. Raises `ValueError`."""
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no cell"
        raise ValueError(message)
    row, column = xl_cell_to_rowcol(name)
    return CellRef(row + 1, column + 1)


def _corners(area: str) -> tuple[CellRef, CellRef]:
    first, _, last = area.partition(":")
    return at(first), at(last or first)


def _is(element: Element, name: str) -> bool:
    return element.attributes.get(name) in ("1", "true")


class MarkedSheet:
    """A worksheet in which cells are marked."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the worksheet. Raises `LookupError` for one without cells."""
        self.part = XmlPart(data, descend=lambda element: element.name != "c")
        self._data = self.part.root.only("sheetData")
        self._rows = dict(_numbered(self._data.named("row")))
        merged = [area for group in self.part.root.named("mergeCells") for area in group.children]
        self._areas = [_corners(area.attributes["ref"]) for area in merged]

    def shown(self, place: CellRef) -> CellRef:
        """Where something must stand to be seen: the first cell of a merged area, no hidden row."""
        place = self._first(place)
        rows = range(place.row, 0, -1)
        seen = next((CellRef(row, place.column) for row in rows if not self._hidden(row)), place)
        return self._first(seen)

    def _first(self, place: CellRef) -> CellRef:
        """The first cell of the merged area that a cell belongs to, or the cell itself."""
        for first, last in self._areas:
            if first.row <= place.row <= last.row and first.column <= place.column <= last.column:
                return first
        return place

    def sizes(self) -> Iterator[Dimension]:
        """The widths and heights that are set."""
        for columns in self._columns():
            width = min(float(columns.attributes.get("width", _WIDTH)), _WIDEST)
            size = 0 if _is(columns, "hidden") else width
            last = min(int(columns.attributes["max"]), _MOST_SIZES)
            for number in range(int(columns.attributes["min"]), last + 1):
                yield Dimension("column", number, size)
        for number, row in self._rows.items():
            if number <= _MOST_SIZES and ("ht" in row.attributes or _is(row, "hidden")):
                size = 0 if _is(row, "hidden") else min(float(row.attributes["ht"]), HIGHEST_ROW)
                yield Dimension("row", number, size)

    def mark(self, places: Iterable[CellRef], styles: MarkStyles) -> None:
        """Give each cell its style on the colour of a mark."""
        by_row: dict[int, set[int]] = defaultdict(set)
        for place in places:
            by_row[place.row].add(place.column)
        for row, columns in sorted(by_row.items()):
            if row in self._rows:
                self._mark_in(row, columns, styles)
            else:
                self._make_row(row, columns, styles)

    def unmark(self, places: Iterable[CellRef], styles: MarkStyles) -> None:
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

    def draw(self, relationship_id: str) -> None:
        """Refer to the drawing of the comments."""
        root = self.part.root
        markup = f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{relationship_id}"/>'
        behind = [element for element in root.children if element.name in _BEHIND_DRAWING]
        if behind:
            self.part.insert(behind[0], markup)
        else:
            self.part.append(root, markup)

    def _hidden(self, row: int) -> bool:
        return row in self._rows and _is(self._rows[row], "hidden")

    def _columns(self) -> list[Element]:
        return [columns for group in self.part.root.named("cols") for columns in group.children]

    def _mark_in(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        row = self._rows[number]
        cells = dict(_numbered(row.named("c")))
        for column in sorted(columns):
            if column in cells:
                style = styles.marked(int(cells[column].attributes.get("s", 0)))
                self.part.set(cells[column], s=str(style))
                continue
            own = row.attributes.get("s", "0") if _is(row, "customFormat") else None
            cell = self._cell(CellRef(number, column), own, styles)
            behind = [other for there, other in cells.items() if there > column]
            self._put(row, behind, cell)

    def _make_row(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        cells = [self._cell(CellRef(number, column), None, styles) for column in sorted(columns)]
        row = f'<row r="{number}">{"".join(cells)}</row>'
        behind = [other for there, other in self._rows.items() if there > number]
        self._put(self._data, behind, row)

    def _put(self, parent: Element, behind: Sequence[Element], markup: str) -> None:
        if behind:
            self.part.insert(behind[0], markup)
        else:
            self.part.append(parent, markup)

    def _cell(self, place: CellRef, style: str | None, styles: MarkStyles) -> str:
        """A cell that was empty and had the style of its row, or else of its column."""
        if style is None:
            styles_of_column = [
                columns.attributes.get("style", "0")
                for columns in self._columns()
                if int(columns.attributes["min"]) <= place.column <= int(columns.attributes["max"])
            ]
            style = (styles_of_column or ["0"])[0]
        return f'<c r="{place.name}" s="{styles.marked(int(style))}"/>'


def _numbered(elements: Iterable[Element]) -> Iterator[tuple[int, Element]]:
    """Rows or cells with their numbers; one without a name follows the one before it."""
    number = 0
    for element in elements:
        name = element.attributes.get("r", "")
        number = number + 1 if not name else int(name) if element.name == "row" else at(name).column
        yield number, element
