"""What stands among the points of a form and belongs to none of its items."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel_cells import shown
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_identity import last_row

_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+分?")


def report_other_points(form: FormSheet, rows: Collection[int]) -> None:
    """Report numbers and formulas in the column of the points, but for those in ``rows``.

    Whoever reads the form takes them for points, and they would count nowhere.
    """
    for number in range(form.header + 1, last_row(form.sheet) + 1):
        cell = form.cell(number, "score")
        if number not in rows and _is_number(cell):
            form.report(
                Kind.POINTS_OF_NO_ITEM, ("scores", "", number), cell, value=shown(cell.value)
            )


def _is_number(cell: Any) -> bool:
    """Whether people see a number, or may see one."""
    if not isinstance(cell.value, str) or cell.data_type == "f":
        return cell.value is not None
    return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell.value).strip()))
