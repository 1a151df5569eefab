"""Marked cells of a worksheet: they have marked styles, and are made where there are none."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from epa_score.exporters.xlsx.marks.package import RELATIONSHIPS, Element, XmlPart
from epa_score.exporters.xlsx.marks.styles import MarkStyles
from epa_score.exporters.xlsx.rows import HIGHEST_ROW

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

    def unmark(
        self, cleared: Container[CellRef], kept: Container[CellRef], styles: MarkStyles
    ) -> None:
        """Give the cells that were marked their look back, but for those that are ``kept``.

        A cell was marked that lost the comment of a mark (``cleared``), and any other on its
        colour: people delete comments and copy cells, and programs colour all of a merged area.
        """
        beside: dict[int, list[int]] = defaultdict(list)
        marked: list[tuple[int, Element, int]] = []
        for row, element in self._rows.items():
            for column, cell in _with_numbers(element.children_named("c")):
                ref, style = CellRef(row, column), int(cell.attributes.get("s") or 0)
                if ref not in kept and (ref in cleared or styles.is_marked(style)):
                    marked.append((column, cell, style))
                elif not styles.is_marked(style):
                    beside[column].append(style)
        for column, cell, style in marked:
            self.part.set_attributes(cell, s=str(styles.unmarked_style(style, beside[column])))

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
                style = styles.marked_style(int(cells[column].attributes.get("s") or 0))
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
