"""A number in the column of the points, as plain text: points, or a fact."""

from collections.abc import Sequence
from decimal import Decimal

from epa_score.diagnostics import Kind
from epa_score.diagnostics.place import Key
from epa_score.readers.excel.cells import row_is_hidden, shows_exactly
from epa_score.readers.excel_cells import plain_text, shown, wrong
from epa_score.readers.excel_form import FormSheet


def number_in(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, merged: Sequence[range]
) -> str | None:
    """What stands in a row as plain text, unless it cannot be a plain number or cannot be seen."""
    cell = form.cell(row, "score")
    form.mark(keys, row, cell.column)
    if is_out_of_sight(form, keys, line, row, merged):
        return None
    kind = wrong(cell)
    if kind is not None:
        form.report(kind, keys, cell, item=line, value=shown(cell.value))
        form.source.unread.add(form.identity.item_of(line))
        return None
    text = plain_text(cell.value)
    if isinstance(cell.value, int | float) and text[:1].isdecimal():
        number_format = str(cell.number_format)
        if not shows_exactly(number_format, Decimal(text)):
            parameters = {"item": line, "value": text, "format": number_format}
            form.report(Kind.SHOWN_DIFFERENTLY, keys, cell, **parameters)
            form.source.unread.add(form.identity.item_of(line))
            return None
    return text or None


def is_out_of_sight(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, merged: Sequence[range]
) -> bool:
    """Whether those who sign see something else in a row than it holds; that is reported."""
    cell = form.cell(row, "score")
    if any(row in one for one in merged):
        kind = Kind.CELL_MERGED
    elif row_is_hidden(form.sheet, row) and cell.value is not None:
        kind = Kind.LINE_HIDDEN
    else:
        return False
    form.report(kind, keys, cell, item=line, value=shown(cell.value))
    form.source.unread.add(form.identity.item_of(line))
    return True
