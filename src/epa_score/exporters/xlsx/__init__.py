"""Excel: worksheets whose figures are exact, follow their formulas, and are ready to be printed."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from epa_score.exporters.xlsx.chart import add_chart
from epa_score.exporters.xlsx.form.content import Form, total_of
from epa_score.exporters.xlsx.form.sheet import FormWriter
from epa_score.exporters.xlsx.formats import Formats, FormFormats
from epa_score.exporters.xlsx.layout import TableLayout, TableLayouts, planned, with_states
from epa_score.exporters.xlsx.sheet import SheetWriter
from epa_score.exporters.xlsx.workbook import A4, CREATED, FONTS, WorksheetNames, new_workbook
from epa_score.i18n import Words
from epa_score.reports.table import Table

MOST_SHOWN = 60
"""Up to so many units are shown in a chart, and have their filled forms in the workbook."""

_ONE_PAGE = 700
"""Points of rows that one page takes at 70 % of their size, which is still easily read."""

_COLOURS = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": 0.5,
    "mid_value": 0.75,
    "max_value": 1,
    "min_color": "#F8A5A5",
    "mid_color": "#FFF3B0",
    "max_color": "#A9D8A0",
}
_BARS = {
    "type": "data_bar",
    "bar_color": "#8FB8E0",
    "min_type": "num",
    "max_type": "num",
    "min_value": 0,
    "max_value": 1,
}


def write(
    tables: Sequence[Table], file: BinaryIO, words: Words, forms: Sequence[Form] = ()
) -> None:
    """Write each table to a worksheet of its own, in the order given, then the filled ``forms``.

    Raises `ValueError` for points that a workbook cannot hold exactly.
    """
    plans = planned(tables, words)
    names = WorksheetNames(plan.block.sheet for plan in plans)
    totals = [total_of(form, names.add(_name_of(form)), words) for form in forms]
    plans = with_states(plans, totals, words)
    many = any(plan.is_long for plan in plans)
    with new_workbook(file, many=many and not forms, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": tables[0].title, "created": CREATED})
        _write_tables(workbook, plans, names, words)
        for form, total in zip(forms, totals, strict=True):
            own = FormFormats(workbook, form.fonts)
            FormWriter(workbook.add_worksheet(total.sheet), form, own, words).write()


def _write_tables(
    workbook: Workbook, plans: TableLayouts, names: WorksheetNames, words: Words
) -> None:
    """Write each table, and the chart of a short ranking."""
    looks = Formats(workbook)
    for plan in plans:
        sheet = workbook.add_worksheet(plan.block.sheet)
        _set_up_columns(sheet, plan)
        written = SheetWriter(sheet, plan, plans, looks, words).write()
        _set_up_reading(sheet, plan, looks)
        _set_up_rates(sheet, plan)
        _set_up_page(sheet, plan, written, words)
        if plan.table.name == "ranking" and plan.has_live_rows and plan.rows <= MOST_SHOWN:
            page = workbook.add_worksheet(_chart_name(plan, names, words))
            add_chart(workbook, page, plan, words)


def _name_of(form: Form) -> str:
    """What the worksheet of a form is called: after the unit, and one of several assessors."""
    if form.rubric.panel is None or form.sheet is None:
        return form.unit
    return f"{form.unit}-{form.sheet.assessor}"


def _chart_name(plan: TableLayout, names: WorksheetNames, words: Words) -> str:
    """The name of a ranking's sheet with the word for a chart in it."""
    return names.add(plan.block.sheet.replace(words("sheet.ranking"), words("sheet.chart")))


def _set_up_columns(sheet: Any, plan: TableLayout) -> None:
    for number, width in enumerate(plan.widths):
        sheet.set_column(number, number, width)
    for copy in plan.copies.values():
        number = plan.block.columns[copy]
        sheet.set_column(number, number, None, None, {"hidden": True})


def _set_up_reading(sheet: Any, plan: TableLayout, looks: Formats) -> None:
    """What helps on the screen: header and unit stay, rows can be filtered and sorted."""
    block = plan.block
    sheet.freeze_panes(block.first, block.columns.get("unit", -1) + 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    if not plan.has_live_rows:
        return
    if plan.has_caps or plan.copies:
        # Below the caps, so that they stay in place; with the copies, so that they move along.
        sheet.autofilter(block.first - 1, 0, block.last, len(block.columns) - 1)
    if plan.table.name == "scores":
        _colour_lost_points(sheet, plan, looks)


def _set_up_rates(sheet: Any, plan: TableLayout) -> None:
    """Colours for shares of the cap: the same share has the same colour in every workbook."""
    last = plan.block.first + plan.rows - (plan.table.mean is None)
    for number, column in enumerate(plan.columns):
        if column.kind == "rate" and plan.rows:
            rule = _BARS if plan.table.name == "analysis" else _COLOURS
            sheet.conditional_format(plan.block.first, number, last, number, rule)


def _colour_lost_points(sheet: Any, plan: TableLayout, looks: Formats) -> None:
    block = plan.block
    items = [name for name in block.columns if name.startswith("items.")]
    points, cap = block.cell(items[0], block.first), block.row_absolute(items[0], block.first - 1)
    rule = {
        "type": "formula",
        "criteria": f"=AND(ISNUMBER({points}),ISNUMBER({cap}),{points}<{cap})",
        "format": looks("below cap"),
    }
    first, last = block.columns[items[0]], block.columns[items[-1]]
    sheet.conditional_format(block.first, first, block.last, last, rule)


def _set_up_page(sheet: Any, plan: TableLayout, height: float, words: Words) -> None:
    """A4, all columns on one page, and the rows where they need not be much smaller for that.

    The header stands on every page.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1 if height <= _ONE_PAGE else 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.repeat_rows(plan.top, plan.block.first - 1)
    sheet.set_footer(f"&C{words('sheet.footer', page='&P', pages='&N')}")
