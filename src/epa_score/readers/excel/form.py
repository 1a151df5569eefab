"""One form while it is read: what its hidden sheet says, its cells, and what is found in them."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

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
from epa_score.readers.excel.budget import MOST_COLUMNS, MOST_ROWS
from epa_score.readers.excel.cells import plain_text, shown
from epa_score.readers.source import Source, SourceCell


def record_of(workbook: Any) -> FormRecord:
    """What the hidden sheet says. Raises `WorkbookRefusedError` where none is known."""
    hidden = [sheet for sheet in workbook.worksheets if sheet.title.casefold() == FORM_SHEET]
    if not hidden:
        raise WorkbookRefusedError(Kind.NOT_A_FORM)
    rows = [
        ["" if cell.value is None else str(cell.value) for cell in row]
        for row in rows_of(hidden[0])
    ]
    try:
        return from_rows(rows)
    except UnknownVersionError as error:
        version: dict[str, Parameter] = {"version": error.version, "known": FORM_VERSION}
        raise WorkbookRefusedError(Kind.FORM_VERSION_UNKNOWN, version) from error
    except ValueError as error:
        raise WorkbookRefusedError(Kind.WORKBOOK_DAMAGED, {"reason": str(error)}) from error


def rows_of(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of cells of a sheet, as far as they are looked at."""
    columns = min(sheet.max_column, MOST_COLUMNS)
    yield from sheet.iter_rows(max_row=last_row(sheet), max_col=columns)


def last_row(sheet: Any) -> int:
    """The last row of a sheet that is looked at."""
    return min(int(sheet.max_row), MOST_ROWS)


def key_of(value: object) -> str:
    """A label without the blanks that people put into it."""
    return "".join(str(value).split())


def wording_key(value: object) -> str:
    """A wording without what makes no difference: blanks and widths of characters."""
    return key_of(unicodedata.normalize("NFKC", str(value or "")))


class FormSheet(NamedTuple):
    """A sheet with a form: the row of its header, its columns, and the source that it fills."""

    source: Source
    sheet: Any
    record: FormRecord
    header: int
    columns: Mapping[str, int]
    cells: dict[tuple[Key, ...], SourceCell]

    def cell(self, row: int, name: str) -> Any:
        """The cell of a row in the column of that name."""
        return self.sheet.cell(row, self.columns[name])

    def mark(self, keys: tuple[Key, ...], row: int, column: int) -> None:
        """Remember where a value stands."""
        name = f"{self.sheet.title}!{self.sheet.cell(row, column).coordinate}"
        self.cells[keys] = SourceCell(name, row, column)

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
        kept = self.record.kept.get(name)
        if kept is None or (text or "") != (kept.shown if kept.shown.strip() else ""):
            return text
        return QuotedText(kept.text)
