"""The sheet of one form while it is read: its cells, and what is found in them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.place import Key
from epa_score.model import QuotedText
from epa_score.readers.excel.form import Identity
from epa_score.readers.excel_cells import plain_text, shown
from epa_score.readers.source import Cell, Source


class FormSheet(NamedTuple):
    """A sheet with a form: the row of its header, its columns, and the source that it fills."""

    source: Source
    sheet: Any
    identity: Identity
    header: int
    columns: Mapping[str, int]
    cells: dict[tuple[Key, ...], Cell]

    def cell(self, row: int, name: str) -> Any:
        """The cell of a row in the column of that name."""
        return self.sheet.cell(row, self.columns[name])

    def mark(self, keys: tuple[Key, ...], row: int, column: int) -> None:
        """Remember where a value stands."""
        name = f"{self.sheet.title}!{self.sheet.cell(row, column).coordinate}"
        self.cells[keys] = Cell(name, row, column)

    def report(
        self,
        kind: Kind,
        keys: tuple[Key, ...],
        cell: Any,
        variant: str = "",
        **parameters: Parameter,
    ) -> None:
        """Say what is wrong with a cell."""
        self.mark(keys, cell.row, cell.column)
        self.source.findings.append(Finding(kind, Place(keys), parameters, variant))

    def text(self, cell: Any, keys: tuple[Key, ...], item: str) -> str | None:
        """The text of a cell; a formula or an error is none, and is reported."""
        value = cell.value
        if cell.data_type in ("f", "e"):
            kind = Kind.CELL_FORMULA if cell.data_type == "f" else Kind.CELL_ERROR
            self.report(kind, keys, cell, "text", item=item, value=shown(value))
            return None
        if isinstance(value, datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, date) else str(plain_text(value))
        text = value if isinstance(value, str) else text
        return QuotedText(text) if text.strip() else None

    def as_kept(self, name: str, text: str | None) -> str | None:
        """A text of the form, or the one that was kept because cells would have changed it."""
        kept = self.identity.kept.get(name)
        if kept is None or (text or "") != (kept.shown if kept.shown.strip() else ""):
            return text
        return QuotedText(kept.text)
