"""What stands among the points of a form and belongs to none of its items."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel.budget import MOST_COLUMNS
from epa_score.readers.excel.form import last_row
from epa_score.readers.excel_cells import shown
from epa_score.readers.excel_form import FormSheet

_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+分?")


def report_other_points(form: FormSheet, rows: Collection[int], lines: Mapping[str, int]) -> None:
    """Report numbers and formulas in the column of the points, but for those in ``rows``.

    Whoever reads the form takes them for points, and they would count nowhere; so it is with those
    beside the ``lines`` in columns that the form does not have.
    """
    for number in range(form.header + 1, last_row(form.sheet) + 1):
        cell = form.cell(number, "score")
        if number not in rows and _is_number(cell):
            form.report(
                Kind.POINTS_OF_NO_ITEM, ("scores", "", number), cell, value=shown(cell.value)
            )
    own = {column for name, column in form.columns.items() if name}
    for line, number in lines.items():
        for cell in form.sheet[number][:MOST_COLUMNS]:
            if cell.column not in own and _is_number(cell):
                keys, about = ("scores", line, cell.column), {"item": line}
                value = shown(cell.value)
                form.report(Kind.POINTS_OF_NO_ITEM, keys, cell, "column", value=value, **about)


def _is_number(cell: Any) -> bool:
    """Whether people see a number, or may see one."""
    if not isinstance(cell.value, str) or cell.data_type == "f":
        return cell.value is not None
    return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell.value).strip()))
