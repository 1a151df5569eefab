"""Excel: worksheets whose figures are exact, follow their formulas, and are ready to be printed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from epa_score.exporters.xlsx.accessibility import contents_lines, mark_header
from epa_score.exporters.xlsx.changes import (
    LINE,
    Compared,
    ComparedForms,
    ComparedTable,
    CopyingSheet,
    change_lines,
    form_change_lines,
)
from epa_score.exporters.xlsx.chart import add_chart, write_line_on_chart
from epa_score.exporters.xlsx.form.content import Form, compared_form
from epa_score.exporters.xlsx.form.sheet import FormChanges, FormWriter
from epa_score.exporters.xlsx.formats import Formats, FormFormats
from epa_score.exporters.xlsx.layout import (
    TableLayout,
    TableLayouts,
    lay_out,
    with_changes,
    with_contents,
)
from epa_score.exporters.xlsx.sheet import SheetWriter
from epa_score.exporters.xlsx.workbook import A4, CREATED, FONTS, WorksheetNames, new_workbook
from epa_score.i18n import Words
from epa_score.reports.table import Table

MOST_SHOWN = 60
"""Up to so many units are shown in a chart, and have their filled forms in the workbook."""

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
    "data_bar_2010": True,
    "bar_solid": True,
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
    layouts = lay_out(tables, words)
    names = WorksheetNames(layout.cell_range.sheet for layout in layouts)
    planned = [compared_form(form, names.add(_form_name(form))) for form in forms]
    all_forms = _forms_by_rubric(planned)
    compared = [layout.compared for layout in layouts if layout.compared is not None]
    states = *change_lines(compared, words), *form_change_lines(all_forms.values(), words)
    charts = {layout.cell_range.sheet: name for layout, name in _chart_names(layouts, names, words)}
    sheets = [form.sheet for form in planned]
    listed = contents_lines(layouts, charts, zip(forms, sheets, strict=True), words)
    layouts = with_changes(with_contents(layouts, listed, words), states, all_forms)
    many = any(layout.is_long for layout in layouts)
    with new_workbook(file, many=many and not forms, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": tables[0].title, "created": CREATED})
        workbook.set_custom_property("Language", words.language.replace("_", "-"))
        _write_tables(workbook, layouts, charts, words)
        formats = {fonts: FormFormats(workbook, fonts) for fonts in {form.fonts for form in forms}}
        before: dict[str, ComparedTable] = {}
        for form, table in zip(forms, planned, strict=True):
            sheet, group = workbook.add_worksheet(table.sheet), table.group
            others: list[Compared] = [*_tables_with(form, layouts), all_forms[group]]
            changes = FormChanges(table, before.get(group), others)
            FormWriter(sheet, form, formats[form.fonts], words, changes).write()
            before[group] = table


def _tables_with(form: Form, layouts: TableLayouts) -> Iterator[ComparedTable]:
    """The tables of the ranking in which the unit of a form is."""
    ranked_in = "", form.rubric.group_of(form.unit)
    for layout in layouts:
        table = layout.table
        is_own = table.group == form.rubric.id and table.unit_group in ranked_in
        if layout.compared is not None and is_own:
            yield layout.compared


def _forms_by_rubric(planned: Sequence[ComparedTable]) -> Mapping[str, ComparedForms]:
    """The forms of each rubric, by its id."""
    groups = dict.fromkeys(form.group for form in planned)
    return {
        group: ComparedForms(group, [form for form in planned if form.group == group])
        for group in groups
    }


def _write_tables(
    workbook: Workbook, layouts: TableLayouts, charts: Mapping[str, str], words: Words
) -> None:
    """Write each table, and the chart of a short ranking."""
    formats = Formats(workbook)
    for layout in layouts:
        sheet = workbook.add_worksheet(layout.cell_range.sheet)
        _set_up_columns(sheet, layout)
        mark_header(workbook, sheet, layout)
        copying = sheet if layout.compared is None else CopyingSheet(sheet, layout.compared)
        SheetWriter(copying, layout, layouts, formats, words).write()
        _set_up_view(sheet, layout, formats)
        _colour_rates(sheet, layout)
        _set_up_page(sheet, layout, words)
        chart = layout.table.chart
        if chart is not None and layout.cell_range.sheet in charts:
            page = workbook.add_worksheet(charts[layout.cell_range.sheet])
            add_chart(workbook, page, layout, chart, words)
            write_line_on_chart(page, layout, formats("changed", "wide"), words)


def _form_name(form: Form) -> str:
    """The name of a form's worksheet: that of the unit, and of one of several assessors."""
    if not form.rubric.takes_several_sheets or form.sheet is None:
        return form.unit
    return f"{form.unit}-{form.sheet.assessor}"


def _chart_names(
    layouts: TableLayouts, names: WorksheetNames, words: Words
) -> Iterator[tuple[TableLayout, str]]:
    """The tables with a chart: that of the sheet, with the name of the chart in it."""
    for layout in layouts:
        table, sheet = layout.table, layout.cell_range.sheet
        if table.chart is not None and layout.has_live_rows and layout.rows <= MOST_SHOWN:
            yield layout, names.add(sheet.replace(words(f"sheet.{table.name}"), table.chart.name))


def _set_up_columns(sheet: Any, layout: TableLayout) -> None:
    for number, width in enumerate(layout.widths):
        sheet.set_column(number, number, width)
    if layout.compared is not None:
        first, last = layout.compared.columns, layout.compared.last_hidden
        sheet.set_column(first, last, None, None, {"hidden": True})


def _set_up_view(sheet: Any, layout: TableLayout, formats: Formats) -> None:
    """Let header and unit stay in sight, and rows be filtered and sorted."""
    cell_range = layout.cell_range
    sheet.freeze_panes(cell_range.first, cell_range.columns.get(cell_range.heading, -1) + 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    if not layout.has_live_rows:
        return
    if layout.table.is_sortable:
        # Below the caps, so that they stay in place; with the copies, so that they move along.
        sheet.autofilter(cell_range.first - 1, 0, cell_range.last, 2 * len(layout.columns) - 1)
    if any(column.marks_losses for column in layout.columns):
        _colour_lost_points(sheet, layout, formats)


def _colour_rates(sheet: Any, layout: TableLayout) -> None:
    """Colour shares of the cap: the same share has the same colour in every workbook."""
    last = layout.cell_range.first + layout.rows - (layout.table.mean is None)
    for number, column in enumerate(layout.columns):
        if column.kind == "rate" and layout.rows:
            rule = _BARS if layout.table.scale == "bars" else _COLOURS
            sheet.conditional_format(layout.cell_range.first, number, last, number, rule)


def _colour_lost_points(sheet: Any, layout: TableLayout, formats: Formats) -> None:
    cell_range = layout.cell_range
    items = [column.name for column in layout.columns if column.marks_losses]
    points = cell_range.cell(items[0], cell_range.first)
    cap = cell_range.row_absolute(items[0], cell_range.first - 1)
    rule = {
        "type": "formula",
        "criteria": f"=AND(ISNUMBER({points}),ISNUMBER({cap}),{points}<{cap})",
        "format": formats("below cap"),
    }
    first, last = cell_range.columns[items[0]], cell_range.columns[items[-1]]
    sheet.conditional_format(cell_range.first, first, cell_range.last, last, rule)


def _set_up_page(sheet: Any, layout: TableLayout, words: Words) -> None:
    """Fit all columns on an A4 page, and the rows where they need not be much smaller for that.

    The header stands on every page. Excel and others go on to the next page before the rows that
    are planned for it, and where there is no more room.
    """
    breaks = layout.planned.breaks if layout.planned is not None else ()
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0 if breaks or layout.is_long else 1)
    sheet.set_h_pagebreaks([layout.cell_range.first + row for row in breaks])
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    # With the line on changes, so that it stands on every page.
    first = layout.top if layout.compared is None else LINE
    sheet.repeat_rows(first, layout.cell_range.first - 1)
    sheet.set_footer(f"&C{words('sheet.footer', page='&P', pages='&N')}")
