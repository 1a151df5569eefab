"""One worksheet: title, header, rows, mean, notes and signature lines of a table."""

import re
from decimal import Decimal
from itertools import groupby
from typing import Any

from xlsxwriter.utility import quote_sheetname

from epa_score.exporters.cell_text import text_of, text_width, wrap_title
from epa_score.exporters.xlsx.cells import exact_number, text_for_cell, write_cell, write_text
from epa_score.exporters.xlsx.changes import LINE, ChangeLine, Compared, write_comparison
from epa_score.exporters.xlsx.formats import Formats
from epa_score.exporters.xlsx.formulas import UnitRow, mean_formula, mean_share_formula
from epa_score.exporters.xlsx.layout import (
    SIGNED,
    TableLayout,
    TableLayouts,
    compared_beside,
)
from epa_score.exporters.xlsx.live_formulas import live_formula
from epa_score.exporters.xlsx.rows import HEAD, SheetRow, row_height
from epa_score.exporters.xlsx.widths import SHORT_TITLE
from epa_score.i18n import Words
from epa_score.reports.sums import ShareOf
from epa_score.reports.table import Cell, ChangeColumns, Column, Mean, Row


class RowHeights:
    """Sets the heights of a worksheet's rows, in points."""

    def __init__(self, sheet: Any) -> None:
        """Begin with no row of ``sheet``."""
        self._sheet = sheet

    def set(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._sheet.set_row(row, points)


class HeaderWriter:
    """Writes the header of a table, in up to three rows."""

    def __init__(
        self, sheet: Any, layout: TableLayout, formats: Formats, words: Words, heights: RowHeights
    ) -> None:
        """Write the header of the table of ``layout``."""
        self._sheet = sheet
        self._layout = layout
        self._formats = formats
        self._words = words
        self._heights = heights
        self._frame = layout.frame

    def write(self) -> None:
        """Write every row, in the order of the rows."""
        if self._layout.has_groups:
            self._write_groups(self._layout.top)
        self._write_titles(self._layout.header)
        if self._layout.has_caps:
            self._write_caps(self._layout.header + 1)

    def _write_groups(self, row: int) -> None:
        """Write the titles of groups, each over its columns; above the others nothing stands."""
        columns, widths = self._layout.columns, self._layout.widths
        groups = groupby(range(len(columns)), lambda number: columns[number].group)
        runs = [list(run) for _, run in groups]
        titles = [columns[run[0]].group for run in runs]
        widths_of_runs = [sum(widths[number] for number in run) for run in runs]
        titles = [
            wrap_title(title, SHORT_TITLE) if text_width(title) >= width else title
            for title, width in zip(titles, widths_of_runs, strict=True)
        ]
        self._heights.set(row, row_height(titles, widths_of_runs))
        for title, run in zip(titles, runs, strict=True):
            cell_format = self._formats("header", *self._frame.edges(row, run[0], run[-1]))
            if title and len(run) > 1:
                self._sheet.merge_range(row, run[0], row, run[-1], "", cell_format)
            if title:
                write_text(self._sheet, row, run[0], title, cell_format)
                continue
            for number in run:
                edges = self._frame.edges(row, number)
                cell_format = self._formats("header", "no bottom", *edges)
                self._sheet.write_blank(row, number, None, cell_format)

    def _write_titles(self, row: int) -> None:
        titles = [wrap_title(column.title, SHORT_TITLE) for column in self._layout.columns]
        self._heights.set(row, row_height(titles, self._layout.widths))
        for number, (column, title) in enumerate(zip(self._layout.columns, titles, strict=True)):
            alone = self._layout.has_groups and not column.group
            styles = ["header", *(["no top"] if alone else []), *self._frame.edges(row, number)]
            write_text(self._sheet, row, number, title, self._formats(*styles))

    def _write_caps(self, row: int) -> None:
        for number, column in enumerate(self._layout.columns):
            label = self._words("report.cap") if column.is_heading else None
            cell_format = self._formats("cap", *self._frame.edges(row, number))
            write_cell(self._sheet, row, number, label or column.cap, cell_format)


_TITLE_SIZE = 1.5
_LAST_BRACKET = re.compile(r" ?([（(][^（）()]+[）)])$")


class SurroundingsWriter:
    """Writes the texts around the table of a worksheet, each over all of its columns."""

    def __init__(
        self, sheet: Any, layout: TableLayout, formats: Formats, heights: RowHeights
    ) -> None:
        """Write the texts around the table of ``layout``."""
        self._sheet = sheet
        self._layout = layout
        self._formats = formats
        self._heights = heights

    def write_above(self) -> None:
        """Write the title, and the caption at the right end of the line below."""
        title, room = self._layout.table.title, sum(self._layout.widths) / _TITLE_SIZE
        if text_width(title) > room:
            title = _LAST_BRACKET.sub(r"\n\1", title)
        self._write_line(0, title, "title", _TITLE_SIZE)
        first, last = self._layout.caption_start, len(self._layout.widths) - 1
        if first is not None:
            self._heights.set(LINE, row_height([""], [1]))
            self._write_merged(LINE, first, last, self._layout.table.caption, "caption")

    def write_below(self, row: int) -> None:
        """Write the notes and the signature lines, ``row`` being the first one that is free."""
        for note in self._layout.table.notes:
            row += 1
            self._write_line(row, note, "note", 1)
        if self._layout.table.signatures:
            self._write_signatures(row + 1)

    def _write_line(self, row: int, text: str, style: str, size: float) -> None:
        """Write a text over all columns, in as many lines as it needs."""
        widths = self._layout.widths
        self._heights.set(row, row_height([text], [sum(widths)], size))
        self._write_merged(row, 0, len(widths) - 1, text, style)

    def _write_signatures(self, row: int) -> None:
        """Write the signature lines side by side, each with its share of the columns."""
        signatures, columns = self._layout.table.signatures, len(self._layout.columns)
        starts = [columns * place // len(signatures) for place in range(len(signatures) + 1)]
        self._heights.set(row, SIGNED)
        for text, first, after in zip(signatures, starts, starts[1:], strict=False):
            self._write_merged(row, first, after - 1, text, "sign")

    def _write_merged(self, row: int, first: int, last: int, text: str, style: str) -> None:
        cell_format = self._formats(style)
        if first < last:
            self._sheet.merge_range(row, first, row, last, "", cell_format)
        write_text(self._sheet, row, first, text, cell_format)


class SheetWriter:
    """Writes one table into a worksheet of XlsxWriter, row by row."""

    def __init__(
        self, sheet: Any, layout: TableLayout, layouts: TableLayouts, formats: Formats, words: Words
    ) -> None:
        """Write the table of ``layout``, which may refer to others of ``layouts``."""
        self._sheet = sheet
        self._layout = layout
        self._layouts = layouts
        self._formats = formats
        self._words = words
        numbers = {column.name: number for number, column in enumerate(layout.table.columns)}
        self._cell_numbers = [numbers[column.name] for column in layout.columns]
        self._unit_number = numbers.get(layout.cell_range.heading, 0)
        self._cell_ranges = {
            other.table.name: other.cell_range
            for other in layouts
            if other.table.kin == layout.table.kin and not other.is_long
        }
        self._frame = layout.frame
        self._cell_formats: dict[tuple[int, bool, object], Any] = {}
        self._heights = RowHeights(sheet)

    def write(self) -> None:
        """Write every cell."""
        layout = self._layout
        surroundings = SurroundingsWriter(self._sheet, layout, self._formats, self._heights)
        surroundings.write_above()
        self._write_line_on_changes()
        header = HeaderWriter(self._sheet, layout, self._formats, self._words, self._heights)
        header.write()
        number = layout.cell_range.first
        for sheet_row in layout.sheet_rows():
            if sheet_row.kind in ("head", "more"):
                self._write_head_of_block(number, sheet_row)
            elif sheet_row.kind == "sums":
                self._write_sums(number, sheet_row)
            else:
                self._write_row(number, sheet_row.row)
            number += 1
        if layout.table.changes is not None:
            for state in layout.states:
                self._write_state(number, layout.table.changes, state)
                number += 1
        if layout.table.mean:
            self._write_mean(number, layout.table.mean)
            number += 1
        surroundings.write_below(number)

    def _write_row(self, row_number: int, row: Row) -> None:
        cells = [row.cells[number] for number in self._cell_numbers]
        if not self._layout.is_long:
            texts = [cell if isinstance(cell, str) else "" for cell in cells]
            self._heights.set(row_number, row_height(texts, self._layout.widths))
        live = row.live and not self._layout.is_part
        here = UnitRow(self._layout.cell_range, row_number, text_of(row.cells[self._unit_number]))
        for number, (column, cell) in enumerate(zip(self._layout.columns, cells, strict=True)):
            formula = ""
            if live and column.name not in row.fixed:
                formula = live_formula(column, cell, here, self._layout, self._cell_ranges)
            if row.leads_to and not number:
                self._write_link(row_number, text_of(cell), row.leads_to)
                continue
            cell_format = self._cell_format(row_number, number, cell)
            self._write_cell(row_number, number, cell, cell_format, formula)

    def _write_link(self, row: int, text: str, sheet: str) -> None:
        """Write a text in the first column that leads to a worksheet."""
        column, width, edges = (
            self._layout.columns[0],
            self._layout.widths[0],
            self._frame.edges(row, 0),
        )
        cell_format = self._formats.for_cell(column, text, width, "link", *edges)
        url = f"internal:{quote_sheetname(sheet)}!A1"
        self._sheet.write_url(row, 0, url, cell_format, text)

    def _write_line_on_changes(self) -> None:
        """Write the line that tells of changes here, and elsewhere in the results of the rubric."""
        layout = self._layout
        if layout.compared is None:
            return
        last = (layout.caption_start or len(layout.columns)) - 1
        others: list[Compared] = compared_beside(layout, self._layouts)
        others += [layout.forms] if layout.forms is not None else []
        self._heights.set(LINE, row_height([""], [1]))
        cell_format = self._formats("changed")
        if last:
            self._sheet.merge_range(LINE, 0, LINE, last, "", cell_format)
        write_comparison(self._sheet, others, cell_format, self._words)

    def _write_head_of_block(self, number: int, head: SheetRow) -> None:
        """Write what the rows of a block have in common, over all columns."""
        (text,) = (text_of(cell) for cell in head.row.cells if cell is not None)
        if head.kind == "more":
            text = self._words("sheet.continued", title=text)
        last = len(self._layout.columns) - 1
        self._heights.set(number, HEAD)
        cell_format = self._formats("block", *self._frame.edges(number, 0, last))
        self._sheet.merge_range(number, 0, number, last, "", cell_format)
        write_text(self._sheet, number, 0, text, cell_format)

    def _write_sums(self, number: int, sums: SheetRow) -> None:
        """Write the sums of a block, their label before the first of them."""
        self._heights.set(number, HEAD)
        blocks, columns = self._layout.table.blocks, self._layout.columns
        first = min(self._layout.cell_range.columns[name] for name in blocks.sums) if blocks else 0
        label_format = self._formats("text", "strong", *self._frame.edges(number, 0, first - 1))
        self._sheet.merge_range(number, 0, number, first - 1, "", label_format)
        write_text(self._sheet, number, 0, blocks.label if blocks else "", label_format)
        for place in range(first, len(columns)):
            column, cell = columns[place], sums.row.cells[self._cell_numbers[place]]
            edges = self._frame.edges(number, place)
            cell_format = self._formats.for_cell(
                column, cell, self._layout.widths[place], "strong", *edges
            )
            formula = ""
            if cell is not None and not self._layout.is_long:
                above = self._layout.cell_range.cell(column.name, number - sums.first)
                formula = f"=SUM({above}:{self._layout.cell_range.cell(column.name, number - 1)})"
            self._write_cell(number, place, cell, cell_format, formula)

    def _cell_format(self, row: int, number: int, cell: Cell) -> Any:
        """The format of a cell; equal points of a column have the same one."""
        key = number, row == self._frame.bottom, cell if isinstance(cell, Decimal) else type(cell)
        if key not in self._cell_formats:
            column, width = self._layout.columns[number], self._layout.widths[number]
            edges = self._frame.edges(row, number)
            self._cell_formats[key] = self._formats.for_cell(column, cell, width, *edges)
        return self._cell_formats[key]

    def _write_mean(self, row: int, mean: Mean) -> None:
        """The row of the means, its label across rank and unit."""
        self._heights.set(row, row_height([""], [1]))
        unit = self._layout.cell_range.columns[self._layout.cell_range.heading]
        for number, column in enumerate(self._layout.columns):
            cell = mean.cells[self._cell_numbers[number]] if number != unit else None
            edges = self._frame.edges(row, number)
            cell_format = self._formats.for_cell(
                column, cell, self._layout.widths[number], "strong", *edges
            )
            live = cell is not None and not self._layout.is_part
            live = live and column.name not in mean.fixed
            formula = self._mean_formula(column) if live else ""
            self._write_cell(row, number, cell, cell_format, formula)
        label = text_of(mean.cells[self._cell_numbers[unit]])
        cell_format = self._formats("text", "strong", *self._frame.edges(row, 0))
        self._sheet.merge_range(row, 0, row, unit, "", cell_format)
        write_text(self._sheet, row, 0, label, cell_format)

    def _mean_formula(self, column: Column) -> str:
        """The mean of a column of points, or of the rates that follow points of another table."""
        if column.kind != "rate":
            return mean_formula(column.name, column.decimals, self._layout.cell_range)
        live = column.live
        if not isinstance(live, ShareOf) or live.table not in self._cell_ranges:
            return ""
        return mean_share_formula(live, self._cell_ranges[live.table])

    def _write_cell(
        self, row: int, column: int, cell: Cell, cell_format: Any, formula: str
    ) -> None:
        """Write a cell; a figure follows its formula where there is one."""
        if formula:
            value = (
                text_for_cell(cell or "") if isinstance(cell, str | None) else exact_number(cell)
            )
            self._sheet.write_formula(row, column, formula, cell_format, value)
        else:
            write_cell(self._sheet, row, column, cell, cell_format)

    def _write_state(self, row: int, columns: ChangeColumns, state: ChangeLine) -> None:
        """Write a line that says whether somebody changed other cells."""
        unchanged = self._words("report.state_unchanged")
        names = [column.name for column in self._layout.table.columns]
        cells = dict(zip(columns, (state.group, state.subject, unchanged), strict=True))
        self._write_row(row, Row(tuple(cells.get(name) for name in names)))
        number = self._layout.cell_range.columns[columns.verdict]
        cell_format = self._formats("long text", *self._frame.edges(row, number))
        self._sheet.write_formula(row, number, state.formula, cell_format, unchanged)
        alarm = {
            "type": "cell",
            "criteria": "!=",
            "value": f'"{unchanged}"',
            "format": self._formats("alarm"),
        }
        self._sheet.conditional_format(row, number, row, number, alarm)
