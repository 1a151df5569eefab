"""Marked cells of a worksheet: their styles, on the colour of a mark; made where there are none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from epa_score.exporters.xlsx.layout import HIGHEST_ROW
from epa_score.opc import RELATIONSHIPS, Element, XmlPart, with_attributes

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
        self._fills = self._part.root.child("fills")
        self._styles = self._part.root.child("cellXfs")
        self._fill = self._find_or_add_fill()
        self._made: dict[int, int] = {}

    def marked_style(self, style: int) -> int:
        """The number of the style that is as ``style``, on the colour of a mark.

        Raises `LookupError` for a style that is not there.
        """
        known = self._styles.children
        if known[style].attributes.get("fillId") == str(self._fill):
            return style
        if style not in self._made:
            own = self._part.source(known[style])
            own = with_attributes(own, fillId=str(self._fill), applyFill="1")
            self._part.append(self._styles, own)
            self._made[style] = len(known) + len(self._made)
        return self._made[style]

    def unmarked_style(self, style: int) -> int:
        """The number of a style that differs from a marked one in its colour alone.

        The first one is most likely what the cell had; without any it stays as it is.
        """
        own = self._styles.children[style]
        marked = own.attributes.get("fillId") == str(self._fill)
        return self._unmarked_styles.get(self._shape(own), style) if marked else style

    @cached_property
    def _unmarked_styles(self) -> dict[object, int]:
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

    def to_bytes(self) -> bytes:
        """The part with the styles that were added."""
        if self._made:
            number = len(self._styles.children) + len(self._made)
            self._part.set_attributes(self._styles, count=str(number))
        return self._part.to_bytes()

    def _find_or_add_fill(self) -> int:
        """The number of the fill of marks, which a copy that was marked before has already."""
        fills = self._fills.children
        for number, fill in enumerate(fills):
            if f'"{COLOUR}"'.encode() in self._part.source(fill):
                return number
        self._part.append(self._fills, _FILL)
        self._part.set_attributes(self._fills, count=str(len(fills) + 1))
        return len(fills)


_BEHIND_DRAWING = frozenset(
    {
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst", "AlternateContent"),
    }
)
"""The elements that follow ``legacyDrawing`` in a worksheet; the order is part of the format."""

_MOST_SIZES = 2100
"""The last row and column that matter: forms have 2000 rows, and a comment stands below one."""

_WIDTH, _WIDEST = 9.0, 255.0
"""The usual width of a column, and the widest that Excel allows."""

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


def cell_ref(name: str) -> CellRef:
    """The row and the column of a cell's name. Raises `ValueError`."""
    if not _NAME.fullmatch(name):
        message = f"{name!r} is no cell"
        raise ValueError(message)
    row, column = xl_cell_to_rowcol(name)
    return CellRef(row + 1, column + 1)


def _corner_cells(area: str) -> tuple[CellRef, CellRef]:
    first, _, last = area.partition(":")
    return cell_ref(first), cell_ref(last or first)


def _is_set(element: Element, name: str) -> bool:
    return element.attributes.get(name) in ("1", "true")


class MarkedSheet:
    """A worksheet in which cells are marked."""

    def __init__(self, data: bytes) -> None:
        """Read the part of the worksheet. Raises `LookupError` for one without cells."""
        self.part = XmlPart(data, descend=lambda element: element.name != "c")
        self._data = self.part.root.child("sheetData")
        self._rows = dict(_with_numbers(self._data.children_named("row")))
        groups = self.part.root.children_named("mergeCells")
        areas = [area for group in groups for area in group.children]
        self._areas = [_corner_cells(area.attributes["ref"]) for area in areas]

    def visible_cell(self, ref: CellRef) -> CellRef:
        """The cell that is seen in place of one: the first of a merged area, in no hidden row."""
        ref = self._first_cell(ref)
        rows = range(ref.row, 0, -1)
        seen = next((CellRef(row, ref.column) for row in rows if not self._is_hidden(row)), ref)
        return self._first_cell(seen)

    def _first_cell(self, ref: CellRef) -> CellRef:
        """The first cell of the merged area that a cell belongs to, or the cell itself."""
        for first, last in self._areas:
            if first.row <= ref.row <= last.row and first.column <= ref.column <= last.column:
                return first
        return ref

    def dimensions(self) -> Iterator[Dimension]:
        """The widths and heights that are set."""
        for columns in self._column_elements():
            width = min(float(columns.attributes.get("width", _WIDTH)), _WIDEST)
            size = 0 if _is_set(columns, "hidden") else width
            last = min(int(columns.attributes["max"]), _MOST_SIZES)
            for number in range(int(columns.attributes["min"]), last + 1):
                yield Dimension("column", number, size)
        for number, row in self._rows.items():
            if number <= _MOST_SIZES and ("ht" in row.attributes or _is_set(row, "hidden")):
                size = (
                    0 if _is_set(row, "hidden") else min(float(row.attributes["ht"]), HIGHEST_ROW)
                )
                yield Dimension("row", number, size)

    def mark(self, refs: Iterable[CellRef], styles: MarkStyles) -> None:
        """Give each cell its style on the colour of a mark."""
        by_row: dict[int, set[int]] = defaultdict(set)
        for ref in refs:
            by_row[ref.row].add(ref.column)
        for row, columns in sorted(by_row.items()):
            if row in self._rows:
                self._mark_in_row(row, columns, styles)
            else:
                self._make_row(row, columns, styles)

    def unmark(self, refs: Iterable[CellRef], styles: MarkStyles) -> None:
        """Give cells that were marked the style back that others of their kind have."""
        for ref in refs:
            cells = self._rows[ref.row].children_named("c") if ref.row in self._rows else ()
            for column, cell in _with_numbers(cells):
                if column == ref.column:
                    style = styles.unmarked_style(int(cell.attributes.get("s", 0)))
                    self.part.set_attributes(cell, s=str(style))

    def drawing_id(self) -> str:
        """The id of the relationship to the drawing of the comments, if there is one."""
        drawings = self.part.root.children_named("legacyDrawing")
        return drawings[0].attributes[f"{{{RELATIONSHIPS}}}id"] if drawings else ""

    def add_drawing(self, relationship_id: str) -> None:
        """Refer to the drawing of the comments."""
        root = self.part.root
        markup = f'<legacyDrawing xmlns:r="{RELATIONSHIPS}" r:id="{relationship_id}"/>'
        behind = [element for element in root.children if element.name in _BEHIND_DRAWING]
        if behind:
            self.part.insert_before(behind[0], markup)
        else:
            self.part.append(root, markup)

    def _is_hidden(self, row: int) -> bool:
        return row in self._rows and _is_set(self._rows[row], "hidden")

    def _column_elements(self) -> list[Element]:
        groups = self.part.root.children_named("cols")
        return [columns for group in groups for columns in group.children]

    def _mark_in_row(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        row = self._rows[number]
        cells = dict(_with_numbers(row.children_named("c")))
        for column in sorted(columns):
            if column in cells:
                style = styles.marked_style(int(cells[column].attributes.get("s", 0)))
                self.part.set_attributes(cells[column], s=str(style))
                continue
            own = row.attributes.get("s", "0") if _is_set(row, "customFormat") else None
            cell = self._cell_markup(CellRef(number, column), own, styles)
            behind = [other for there, other in cells.items() if there > column]
            self._insert_before(row, behind, cell)

    def _make_row(self, number: int, columns: Iterable[int], styles: MarkStyles) -> None:
        cells = [
            self._cell_markup(CellRef(number, column), None, styles) for column in sorted(columns)
        ]
        row = f'<row r="{number}">{"".join(cells)}</row>'
        behind = [other for there, other in self._rows.items() if there > number]
        self._insert_before(self._data, behind, row)

    def _insert_before(self, parent: Element, behind: Sequence[Element], markup: str) -> None:
        """Put ``markup`` before the first of the elements that go behind it, else at the end."""
        if behind:
            self.part.insert_before(behind[0], markup)
        else:
            self.part.append(parent, markup)

    def _cell_markup(self, ref: CellRef, style: str | None, styles: MarkStyles) -> str:
        """The markup of a marked cell that was empty and had the style of its row or column."""
        if style is None:
            styles_of_column = [
                columns.attributes.get("style", "0")
                for columns in self._column_elements()
                if int(columns.attributes["min"]) <= ref.column <= int(columns.attributes["max"])
            ]
            style = (styles_of_column or ["0"])[0]
        return f'<c r="{ref.name}" s="{styles.marked_style(int(style))}"/>'


def _with_numbers(elements: Iterable[Element]) -> Iterator[tuple[int, Element]]:
    """Rows or cells with their numbers; one without a name follows the one before it."""
    number = 0
    for element in elements:
        name = element.attributes.get("r", "")
        if not name:
            number += 1
        else:
            number = int(name) if element.name == "row" else cell_ref(name).column
        yield number, element
