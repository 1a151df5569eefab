"""One form while it is read: what its hidden sheet says, its cells, and what is found in them."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText
from epa_score.model.form_record import (
    FORM_SHEET,
    FORM_VERSION,
    FormRecord,
    UnknownVersionError,
    from_rows,
)
from epa_score.readers.excel.archive import WorkbookRefusedError
from epa_score.readers.excel.cells import is_picture, plain_text, shown
from epa_score.readers.excel.number_formats import shows_plainly
from epa_score.readers.excel.workbook import ExcelCell, Workbook, Worksheet
from epa_score.readers.source import Source, SourceCell


def record_of(workbook: Workbook) -> FormRecord:
    """The record in the hidden sheet. Raises `WorkbookRefusedError` where none is known."""
    hidden = [sheet for sheet in workbook.worksheets if sheet.title.casefold() == FORM_SHEET]
    if not hidden:
        raise WorkbookRefusedError(Kind.NOT_A_FORM)
    numbers = range(1, hidden[0].max_row + 1)
    rows = [[plain_text(cell.value) for cell in hidden[0].row(number)] for number in numbers]
    try:
        return from_rows(rows)
    except UnknownVersionError as error:
        version: dict[str, Parameter] = {"version": error.version, "known": FORM_VERSION}
        raise WorkbookRefusedError(Kind.FORM_VERSION_UNKNOWN, version) from error
    except ValueError as error:
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": str(error)}) from error


_LONGEST_KEY = 5000
"""Characters of a text that are compared; no label or wording has as many."""


@lru_cache(2048)
def key_of(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value)[:_LONGEST_KEY].split())


@lru_cache(2048)
def wording_key(value: object) -> str:
    """A wording without what makes no difference: blanks and widths of characters."""
    return key_of(unicodedata.normalize("NFKC", str(value or "")[:_LONGEST_KEY]))


class FormSheet(NamedTuple):
    """A sheet with a form: the row of its header, its columns, and the source that it fills."""

    source: Source
    sheet: Worksheet
    record: FormRecord
    header: int
    columns: Mapping[str, int]
    cells: dict[tuple[Key, ...], SourceCell]

    def cell(self, row: int, name: str) -> ExcelCell:
        """The cell of a row in the column of that name."""
        return self.sheet.cell(row, self.columns[name])

    def is_merged(self, row: int, name: str) -> bool:
        """Whether the cell of a row in the column of that name is merged with others."""
        column = self.columns[name]
        return any(
            area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col
            for area in self.sheet.merged
        )

    def mark(self, keys: tuple[Key, ...], row: int, column: int) -> None:
        """Remember where a value stands."""
        name = f"{self.sheet.title}!{self.sheet.cell(row, column).coordinate}"
        self.cells[keys] = SourceCell(name, row, column)

    def report(
        self,
        kind: Kind,
        keys: tuple[Key, ...],
        cell: ExcelCell,
        variant: str = "",
        **parameters: Parameter,
    ) -> None:
        """Say what is wrong with a cell."""
        self.mark(keys, cell.row, cell.column)
        self.source.findings.append(Finding(kind, Place(keys), parameters, variant))

    def text(self, cell: ExcelCell, keys: tuple[Key, ...], item: str) -> str | None:
        """The text of a cell; a formula or an error is none, and is reported."""
        if is_picture(cell):
            self.report(Kind.CELL_FORMULA, keys, cell, "picture", item=item, value="DISPIMG")
            return None
        if cell.formula or cell.is_error:
            kind = Kind.CELL_FORMULA if cell.formula else Kind.CELL_ERROR
            self.report(kind, keys, cell, "text", item=item, value=shown(cell.value))
            return None
        if isinstance(cell.value, Decimal) and not shows_plainly(cell.number_format, cell.value):
            value, code = shown(cell.value), cell.number_format
            self.report(
                Kind.SHOWN_DIFFERENTLY, keys, cell, "text", item=item, value=value, format=code
            )
            return None
        text = cell.value if isinstance(cell.value, str) else shown(cell.value)
        return QuotedText(text) if text.strip() else None

    def as_kept(self, name: str, text: str | None) -> str | None:
        """A text of the form, or the one that was kept because cells would have changed it."""
        kept = self.record.kept.get(name)
        if kept is None or (text or "") != (kept.shown if kept.shown.strip() else ""):
            return text
        return QuotedText(kept.text)
