"""A table as a bar chart, its first row on top."""

from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from epa_score.exporters.cell_text import text_of
from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.changes import LINE
from epa_score.exporters.xlsx.formulas import string_literal
from epa_score.exporters.xlsx.layout import TableLayout
from epa_score.exporters.xlsx.workbook import A4
from epa_score.i18n import Words, plain
from epa_score.reports.coverage import first_names
from epa_score.reports.table import BarChart

_BLUE = "#5B9BD5"
_ROW, _LEAST = 22, 660
_WIDTH = 980
"""Pixels of a bar with its gap, of the lowest chart, and of its width."""
_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}


def add_chart(
    workbook: Workbook, sheet: Any, layout: TableLayout, bars: BarChart, words: Words
) -> None:
    """Draw the chart of a table on a page of its own, upright where it is high."""
    cell_range = layout.cell_range
    _write_labels(sheet, layout, bars)
    figures = cell_range.columns[bars.figures]
    chart: Any = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": bars.name,
            "categories": [sheet.get_name(), cell_range.first, 0, cell_range.last, 0],
            "values": [cell_range.sheet, cell_range.first, figures, cell_range.last, figures],
            "fill": {"color": _BLUE},
            "gap": 40,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": bars.title, "name_font": {"size": 14}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis(
        {"min": 0, "max": bars.most, "label_position": "high", "major_gridlines": _GRID}
    )
    high = max(_LEAST, _ROW * layout.rows + 120)
    chart.set_size({"width": _WIDTH, "height": high})
    sheet.insert_chart(LINE, 0, chart, {"description": chart_text(layout, bars, words)})
    if high <= _WIDTH:
        sheet.set_landscape()
    sheet.center_horizontally()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    page = words("sheet.footer", page="&P", pages="&N")
    sheet.set_footer(f"&C{page}")


_MOST_NAMED = 3
"""Units that are named as the highest and the lowest."""


def chart_text(layout: TableLayout, bars: BarChart, words: Words) -> str:
    """What a chart shows, in words: how many bars there are, the highest and the lowest ones."""
    columns = {column.name: number for number, column in enumerate(layout.table.columns)}
    place, unit = columns[bars.figures], columns[layout.cell_range.heading]
    figures = [
        (text_of(row.cells[unit]), figure)
        for row in layout.table.rows()
        if row.live and isinstance(figure := row.cells[place], Decimal)
    ]
    ends = [end(figure for _, figure in figures) for end in (max, min)]
    highest, lowest = (
        first_names(words, [name for name, figure in figures if figure == end], _MOST_NAMED)
        for end in ends
    )
    return words(
        "sheet.chart_text",
        title=bars.title,
        number=len(figures),
        figure=layout.table.columns[place].title,
        highest=highest,
        most=plain(ends[0]),
        lowest=lowest,
        least=plain(ends[1]),
        sheet=layout.cell_range.sheet,
    )


def write_line_on_chart(sheet: Any, layout: TableLayout, cell_format: Any, words: Words) -> None:
    """Write the line above a chart that says that any table of the rubric was changed."""
    line = f"{quote_sheetname(layout.cell_range.sheet)}!{xl_rowcol_to_cell(LINE, 0)}"
    said = string_literal(words("sheet.changed_otherwise"))
    sheet.write_formula(0, 0, f'=IFERROR(IF({line}="","",{said}),{said})', cell_format, "")


def _write_labels(sheet: Any, layout: TableLayout, bars: BarChart) -> None:
    """Write the label of each bar where the chart covers them, in the rows of the table."""
    cell_range, names = layout.cell_range, [column.name for column in layout.table.columns]
    rows = range(cell_range.first, cell_range.last + 1)
    for number, row in zip(rows, layout.table.rows(), strict=False):
        cells = dict(zip(names, row.cells, strict=True))
        label = " ".join(text_for_cell(text_of(cells[name])) for name in bars.labels)
        afar = f"{quote_sheetname(cell_range.sheet)}!"
        formula = '&" "&'.join(afar + cell_range.cell(name, number) for name in bars.labels)
        sheet.write_formula(number, 0, f"={formula}", None, label)
