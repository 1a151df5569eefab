"""The ranking as a bar chart, the best on top."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname

from epa_score.exporters.cell_text import text_of
from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.layout import TableLayout
from epa_score.exporters.xlsx.workbook import A4
from epa_score.i18n import Words

_BLUE = "#5B9BD5"
_ROW, _LEAST = 22, 660
_WIDTH = 980
"""Pixels of a bar with its gap, of the lowest chart, and of its width."""
_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.75}}


def add_chart(workbook: Workbook, sheet: Any, plan: TableLayout, words: Words) -> None:
    """Draw the totals of a ranking's table on a page of its own, upright where it is high."""
    block = plan.block
    _write_labels(sheet, plan)
    cap = next(column.cap for column in plan.columns if column.name == "total")
    totals = block.columns["total"]
    chart: Any = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": words("sheet.chart"),
            "categories": [sheet.get_name(), block.first, 0, block.last, 0],
            "values": [block.sheet, block.first, totals, block.last, totals],
            "fill": {"color": _BLUE},
            "gap": 40,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": plan.table.title, "name_font": {"size": 14}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis({"min": 0, "max": cap, "label_position": "high", "major_gridlines": _GRID})
    high = max(_LEAST, _ROW * plan.rows + 120)
    chart.set_size({"width": _WIDTH, "height": high})
    sheet.insert_chart(0, 0, chart)
    if high <= _WIDTH:
        sheet.set_landscape()
    sheet.center_horizontally()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    page = words("sheet.footer", page="&P", pages="&N")
    sheet.set_footer(f"&C{page}")


def _write_labels(sheet: Any, plan: TableLayout) -> None:
    """Write rank and unit of each bar where the chart covers them, in the rows of the table."""
    block, names = plan.block, [column.name for column in plan.table.columns]
    rows = range(block.first, block.last + 1)
    for number, row in zip(rows, plan.table.rows(), strict=False):
        cells = dict(zip(names, row.cells, strict=True))
        label = f"{text_of(cells['rank'])} {text_for_cell(text_of(cells['unit']))}"
        afar = f"{quote_sheetname(block.sheet)}!"
        rank, unit = (afar + block.cell(name, number) for name in ("rank", "unit"))
        sheet.write_formula(number, 0, f'={rank}&" "&{unit}', None, label)
