"""A results workbook that was published: what its cells show, whoever saved it since."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.diagnostics import Finding
from epa_score.opc import Bounds, WorkbookRefusedError
from epa_score.readers.excel import open_workbook
from epa_score.readers.excel.number_formats import shows_exactly
from epa_score.readers.excel.sheet_part import Limits
from epa_score.readers.excel.workbook import (
    ExcelCell,
    Worksheet,
    cell_is_hidden,
    formats_of,
    plain_text,
    shown,
)
from epa_score.reports.comparison import Cells, ShownCell, ShownColumn, ShownPart

_LIMITS = Limits(rows=1_048_576, columns=16_384, cells=3_000_000, covered=1_000_000)
_BOUNDS = Bounds(file=100_000_000, unpacked=400_000_000, elements=20_000_000)
"""Far more than a form has: a workbook of results may hold thousands of units."""


def shown_parts(data: bytes) -> list[ShownPart] | Finding:
    """The worksheets of a workbook with what is seen in them, or why it cannot be read."""
    try:
        workbook = open_workbook(data, _LIMITS, _BOUNDS)
    except WorkbookRefusedError as refused:
        return refused.finding
    return [ShownPart(sheet.title, dict(_rows_of(sheet))) for sheet in workbook.worksheets]


def _rows_of(sheet: Worksheet) -> Iterator[tuple[int, Cells]]:
    for number, cells in sheet.filled.items():
        shown_cells: dict[ShownColumn, ShownCell] = {
            cell.column: _shown_cell(cell) for cell in cells
        }
        found = {column: cell for column, cell in shown_cells.items() if cell.text or cell.formula}
        if found:
            yield number, found


def _shown_cell(cell: ExcelCell) -> ShownCell:
    """What a cell shows; of a formula it is the value that was stored when it was saved."""
    value = cell.result if cell.formula else cell.value
    text = value if isinstance(value, str) else shown(value)
    if value is None:
        return ShownCell("", plain_text(cell.value) if cell.formula else "")
    different = isinstance(value, Decimal) and not all(
        shows_exactly(code, abs(value)) for code in formats_of(cell)
    )
    formula = plain_text(cell.value) if cell.formula else ""
    return ShownCell(text, formula, different, cell_is_hidden(cell))
