"""Cells in the file of a workbook: each stands once, in its place, and its number is a number.

openpyxl takes the last of several, and for a number whatever Python takes for one (``0_7``). Excel
does neither, so people would see another form than the one that is scored.
"""

import re

from epa_score.diagnostics import Kind
from epa_score.readers.excel.archive import WorkbookRefusedError

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, _VALUE = f"{_MAIN}row", f"{_MAIN}v"
_CONTENT = frozenset({_VALUE, f"{_MAIN}f", f"{_MAIN}is"})
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_INDEX = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)
_NUMBER = re.compile(
    r"\s*[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?\s*", re.ASCII
)
_WRITTEN_AS = {"n": _NUMBER, "s": _INDEX}
"""How the value of a cell is written, by the cell's type."""


def column_number(letters: str) -> int:
    """The number of a column from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class RawCells:
    """The cells of a part; as openpyxl does, it takes rows wherever they are.

    ``row_depth`` is the depth of the row that is being read, 0 outside of rows.

    Raises `WorkbookRefusedError`.
    """

    def __init__(self, part: str) -> None:
        """Begin without a cell."""
        self.row_depth = self.last_row = self.last_column = self.texts = 0
        self._part = part
        self._row = self._column = 0
        self._seen: set[tuple[int, int]] = set()
        self._cell, self._kind = "", "n"
        self._held: set[str] = set()
        self._is_value = False

    def start(self, name: str, attributes: dict[str, str], depth: int) -> None:
        """Look at a row that begins, or at an element in one."""
        if self._is_value:
            self._refuse("number", cell=self._cell, text=name.rpartition("}")[2])
        if name == ROW:
            self._begin_row(attributes)
            self.row_depth = depth
        elif depth == self.row_depth + 1:
            self._begin_cell(attributes)
        elif name in _CONTENT and depth == self.row_depth + 2:
            if name in self._held:
                self._refuse("cell", cell=self._cell)
            self._held.add(name)
            self._is_value = name == _VALUE

    def end(self, text: str, depth: int) -> None:
        """Look at what ends: a row, or an element in one, with its text."""
        if depth == self.row_depth:
            self.row_depth = 0
        if not self._is_value:
            return
        self._is_value = False
        written = _WRITTEN_AS.get(self._kind)
        if written and text and not written.fullmatch(text):
            self._refuse("number", cell=self._cell, text=text)
        self.texts += self._kind == "s"

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1))
        if not _COUNT.fullmatch(number) or (int(number), 0) in self._seen or self.row_depth:
            self._refuse("row", row=number)
        self._row, self._column = int(number), 0
        self._seen.add((self._row, 0))
        self.last_row = max(self.last_row, self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._kind = attributes.get("r", ""), attributes.get("t", "n")
        self._held = set()
        found = _CELL.fullmatch(self._cell)
        self._column = column_number(found[1]) if found else self._column + 1
        place = (self._row, self._column)
        is_wrong = self._cell and (found is None or int(found[2]) != self._row)
        if is_wrong or place in self._seen or not _INDEX.fullmatch(attributes.get("s", "0")):
            self._refuse("cell", cell=self._cell or f"R{self._row}C{self._column}")
        self._seen.add(place)
        self.last_column = max(self.last_column, self._column)

    def _refuse(self, variant: str, **parameters: str) -> None:
        where = {"reason": self._part, **parameters}
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, where, variant)
