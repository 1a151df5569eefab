"""What screen readers go by: headers that are marked as such, and a list of the worksheets.

Nothing of it changes what is shown, printed or compared.
(decision: headers-are-marked-by-names)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs

from epa_score.exporters.cell_text import wrap_title
from epa_score.exporters.xlsx.cells import changes_in_cell
from epa_score.exporters.xlsx.form.content import Form
from epa_score.exporters.xlsx.layout import ContentsLine, TableLayout, TableLayouts
from epa_score.exporters.xlsx.widths import SHORT_TITLE
from epa_score.i18n import Words

_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
"""A text that Excel takes for a character where columns of its tables are named."""


def mark_header(workbook: Workbook, sheet: Any, layout: TableLayout) -> None:
    """Say which cells are the header of a table, and make it one of Excel's where that is possible.

    Names as these are read by JAWS and NVDA. One for both directions stands where a column names
    the rows, and the region has the rows of the mean too.
    """
    if not layout.rows:
        return
    columns = len(layout.columns)
    heading = layout.cell_range.columns.get(layout.cell_range.heading)
    kind = "ColumnTitle" if heading is None else "Title"
    number = len(workbook.worksheets())
    region = xl_range(layout.top, 0, layout.last, columns - 1).replace(":", ".")
    column = heading or 0
    cells = xl_range_abs(layout.top, column, layout.cell_range.first - 1, column)
    name = f"{kind}Region1.{region}.{number}"
    workbook.define_name(name, f"={quote_sheetname(layout.cell_range.sheet)}!{cells}")
    titles = [wrap_title(column.title, SHORT_TITLE) for column in layout.columns]
    if not sheet.constant_memory and _may_be_table(layout, titles):
        options = {
            "columns": [{"header": title} for title in titles],
            "style": None,
            "banded_rows": False,
        }
        last = layout.header + layout.rows
        sheet.add_table(layout.header, 0, last, columns - 1, {**options, "autofilter": False})


def _may_be_table(layout: TableLayout, titles: list[str]) -> bool:
    """True where Excel takes the cells for a table of its own, and no user loses anything by it.

    It has one row of titles that differ and no merged cells. A table that people sort keeps its
    filter, which moves the hidden copies of rows along, as a table of Excel would not.
    """
    table = layout.table
    plain = not (layout.has_groups or layout.has_caps or table.blocks or table.is_sortable)
    differ = len({title.casefold() for title in titles}) == len(titles)
    sound = not any(changes_in_cell(title) or _ESCAPE.search(title) for title in titles)
    return plain and differ and sound


def contents_lines(
    layouts: TableLayouts,
    charts: Mapping[str, str],
    forms: Iterable[tuple[Form, str]],
    words: Words,
) -> Iterator[ContentsLine]:
    """Every worksheet but the one that lists them, and what it holds.

    ``charts`` are the names of worksheets with charts, by those of their tables.
    """
    for layout in layouts:
        sheet, table = layout.cell_range.sheet, layout.table
        if table.changes is None:
            yield ContentsLine(sheet, words(f"contents.{table.name}"))
        if sheet in charts:
            yield ContentsLine(charts[sheet], words("contents.chart", sheet=sheet))
    for form, sheet in forms:
        assessor = form.sheet.assessor if form.rubric.takes_several_sheets and form.sheet else None
        key = "contents.form_by" if assessor else "contents.form"
        yield ContentsLine(sheet, words(key, unit=form.unit, assessor=assessor))
