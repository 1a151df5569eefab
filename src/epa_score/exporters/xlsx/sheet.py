"""One worksheet: title, header, rows, mean, notes and signature lines of a table."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from epa_score.exporters.cell_text import in_lines, text_of
from epa_score.exporters.xlsx.cells import exact, text_for_cell, write_cell, write_text
from epa_score.exporters.xlsx.figures import live_formula
from epa_score.exporters.xlsx.formats import Formats, Frame
from epa_score.exporters.xlsx.formulas import ChangeState, UnitRow, mean_formula, mean_share_formula
from epa_score.exporters.xlsx.layout import SHORT_TITLE, TableLayout, TableLayouts, height
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, Mean, Row, ShareOf, decimals_of


class HeaderWriter:
    """Writes the header of a table, in up to three rows."""

    def __init__(self, sheet: Any, plan: TableLayout, looks: Formats, words: Words) -> None:
        """Write what belongs to the table of ``plan``; ``height`` is what the rows take."""
        self._sheet = sheet
        self._plan = plan
        self._looks = looks
        self._words = words
        self._frame = Frame(plan.top, 0, plan.last, len(plan.columns) - 1)
        self.height = 0.0

    def write(self) -> None:
        """Write every row, in the order of the rows."""
        if self._plan.has_groups:
            self._write_groups(self._plan.top)
        self._write_titles(self._plan.header)
        self._write_titles_of_copies(self._plan.header)
        if self._plan.has_caps:
            self._write_caps(self._plan.header + 1)

    def _write_groups(self, row: int) -> None:
        """Write the titles of groups, each over its columns; above the others nothing stands."""
        columns, widths = self._plan.columns, self._plan.widths
        runs = [list(run) for _, run in groupby(range(len(columns)), lambda n: columns[n].group)]
        titles = [columns[run[0]].group for run in runs]
        self._set_height(row, height(titles, [sum(widths[one] for one in run) for run in runs]))
        for title, run in zip(titles, runs, strict=True):
            look = self._looks("header", *self._frame.edges(row, run[0], run[-1]))
            if title and len(run) > 1:
                self._sheet.merge_range(row, run[0], row, run[-1], "", look)
            if title:
                write_text(self._sheet, row, run[0], title, look)
                continue
            for number in run:
                edges = self._frame.edges(row, number)
                look = self._looks("header", "no bottom", *edges)
                self._sheet.write_blank(row, number, None, look)

    def _write_titles(self, row: int) -> None:
        titles = [in_lines(column.title, SHORT_TITLE) for column in self._plan.columns]
        self._set_height(row, height(titles, self._plan.widths))
        for number, (column, title) in enumerate(zip(self._plan.columns, titles, strict=True)):
            alone = self._plan.has_groups and not column.group
            styles = ["header", *(["no top"] if alone else []), *self._frame.edges(row, number)]
            write_text(self._sheet, row, number, title, self._looks(*styles))

    def _write_titles_of_copies(self, row: int) -> None:
        for name, copy in self._plan.copies.items():
            title = self._plan.columns[self._plan.block.columns[name]].title
            text = self._words("sheet.exported", title=title)
            write_text(self._sheet, row, self._plan.block.columns[copy], text, None)

    def _write_caps(self, row: int) -> None:
        for number, column in enumerate(self._plan.columns):
            label = self._words("report.cap") if column.name == "unit" else None
            look = self._looks("cap", *self._frame.edges(row, number))
            write_cell(self._sheet, row, number, label or column.cap, look)

    def _set_height(self, row: int, points: float) -> None:
        self._sheet.set_row(row, points)
        self.height += points


_TITLE_SIZE = 1.5
_GAP, _SIGNED = 15, 36
"""Points of an empty row, and of one with room for names."""


class AroundWriter:
    """Writes the texts around the table of a worksheet, each over all of its columns."""

    def __init__(self, sheet: Any, plan: TableLayout, looks: Formats) -> None:
        """Write what belongs to the table of ``plan``; ``height`` is what the rows take."""
        self._sheet = sheet
        self._plan = plan
        self._looks = looks
        self.height = 0.0

    def write_above(self) -> None:
        """Write the title and the caption."""
        self._write_line(0, self._plan.table.title, "title", _TITLE_SIZE)
        if self._plan.table.caption:
            self._write_line(1, self._plan.table.caption, "caption", 1)

    def write_below(self, row: int) -> None:
        """Write the notes and the signature lines, ``row`` being the first one that is free."""
        for note in self._plan.table.notes:
            row += 1
            self._write_line(row, note, "note", 1)
        if self._plan.table.signatures:
            self._write_signatures(row + 1)
        self.height += _GAP

    def _write_line(self, row: int, text: str, style: str, size: float) -> None:
        """Write a text over all columns, in as many lines as it needs."""
        widths = self._plan.widths
        self._set_height(row, height([text], [sum(widths)], size))
        self._write_across(row, 0, len(widths) - 1, text, style)

    def _write_signatures(self, row: int) -> None:
        """Write the signature lines side by side, each with its share of the columns."""
        signatures, columns = self._plan.table.signatures, len(self._plan.columns)
        starts = [columns * place // len(signatures) for place in range(len(signatures) + 1)]
        self._set_height(row, _SIGNED)
        for text, first, after in zip(signatures, starts, starts[1:], strict=False):
            self._write_across(row, first, after - 1, text, "sign")

    def _write_across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        look = self._looks(style)
        self._sheet.merge_range(row, first, row, last, "", look)
        write_text(self._sheet, row, first, text, look)

    def _set_height(self, row: int, points: float) -> None:
        self._sheet.set_row(row, points)
        self.height += points


class SheetWriter:
    """Writes one table into a worksheet of XlsxWriter, row by row."""

    def __init__(
        self, sheet: Any, plan: TableLayout, plans: TableLayouts, looks: Formats, words: Words
    ) -> None:
        """Write the table of ``plan``, which may refer to others of ``plans``."""
        self._sheet = sheet
        self._plan = plan
        self._plans = plans
        self._looks = looks
        self._words = words
        numbers = {column.name: number for number, column in enumerate(plan.table.columns)}
        self._cell_numbers = [numbers[column.name] for column in plan.columns]
        self._unit_number = numbers.get("unit", 0)
        self._blocks = {
            one.table.name: one.block
            for one in plans
            if one.table.group == plan.table.group and not one.is_long
        }
        self._frame = Frame(plan.top, 0, plan.last, len(plan.columns) - 1)
        self._known: dict[tuple[int, bool, object], Any] = {}
        self._height = 0.0

    def write(self) -> float:
        """Write every cell; gives the points that all rows together are high."""
        plan = self._plan
        around = AroundWriter(self._sheet, plan, self._looks)
        around.write_above()
        header = HeaderWriter(self._sheet, plan, self._looks, self._words)
        header.write()
        number = plan.block.first
        for row in plan.table.rows():
            self._write_row(number, row)
            number += 1
        for state in plan.states:
            self._write_state(number, state)
            number += 1
        if plan.table.mean:
            self._write_mean(number, plan.table.mean)
            number += 1
        around.write_below(number)
        return self._height + around.height + header.height

    def _write_row(self, row_number: int, row: Row) -> None:
        cells = [row.cells[number] for number in self._cell_numbers]
        if not self._plan.is_long:
            texts = [cell if isinstance(cell, str) else "" for cell in cells]
            self._set_height(row_number, height(texts, self._plan.widths))
        live = row.live and not self._plan.is_part
        here = UnitRow(self._plan.block, row_number, text_of(row.cells[self._unit_number]))
        for number, (column, cell) in enumerate(zip(self._plan.columns, cells, strict=True)):
            formula = ""
            if live and column.name not in row.fixed:
                formula = live_formula(column, cell, here, self._plan, self._blocks)
            look = self._look(row_number, number, cell)
            self._write_cell(row_number, number, cell, look, formula)
        for name, copy in self._plan.copies.items():
            cell = cells[self._plan.block.columns[name]] if row.live else None
            write_cell(self._sheet, row_number, self._plan.block.columns[copy], cell, None)

    def _look(self, row: int, number: int, cell: Cell) -> Any:
        """The format of a cell; equal points of a column have the same one."""
        key = number, row == self._frame.bottom, cell if isinstance(cell, Decimal) else type(cell)
        if key not in self._known:
            column, width = self._plan.columns[number], self._plan.widths[number]
            edges = self._frame.edges(row, number)
            self._known[key] = self._looks.of_cell(column, cell, width, *edges)
        return self._known[key]

    def _write_mean(self, row: int, mean: Mean) -> None:
        """The row of the means, its label across rank and unit."""
        self._set_height(row, height([""], [1]))
        unit = self._plan.block.columns["unit"]
        decimals = decimals_of(cell for cell in mean.cells if isinstance(cell, Decimal))
        for number, each in enumerate(self._plan.columns):
            column = each._replace(decimals=decimals)
            cell = mean.cells[self._cell_numbers[number]]
            edges = self._frame.edges(row, number)
            look = self._looks.of_cell(column, cell, self._plan.widths[number], "strong", *edges)
            live = cell is not None and number != unit and not self._plan.is_part
            live = live and column.name not in mean.fixed
            formula = self._mean_formula(column, mean) if live else ""
            self._write_cell(row, number, cell, look, formula)
        label = mean.cells[self._cell_numbers[unit]]
        look = self._looks("text", "strong", *self._frame.edges(row, 0))
        self._sheet.merge_range(row, 0, row, unit, label, look)

    def _mean_formula(self, column: Column, mean: Mean) -> str:
        """The mean of a column of points, or of the rates that follow points of another table."""
        if column.kind != "rate":
            return mean_formula(column.name, mean.decimals, self._plan.block)
        there = self._blocks.get("scores")
        if there is None or not isinstance(column.live, ShareOf):
            return ""
        return mean_share_formula(column.live, mean.decimals, there)

    def _write_cell(self, row: int, column: int, cell: Cell, look: Any, formula: str) -> None:
        """Write a cell; a figure follows its formula where there is one."""
        if formula:
            value = text_for_cell(cell or "") if isinstance(cell, str | None) else exact(cell)
            self._sheet.write_formula(row, column, formula, look, value)
        else:
            write_cell(self._sheet, row, column, cell, look)

    def _set_height(self, row: int, points: float) -> None:
        self._sheet.set_row(row, points)
        self._height += points

    def _write_state(self, row: int, state: ChangeState) -> None:
        """Say whether somebody changed other figures."""
        changed = self._words("report.state_changed")
        unchanged = self._words("report.state_unchanged")
        known = {"rubric": state.rubric, "name": state.name}
        names = [column.name for column in self._plan.table.columns]
        self._write_row(row, Row(tuple(known.get(name, unchanged) for name in names)))
        if state.formula:
            number = self._plan.block.columns["value"]
            look = self._looks("long text", *self._frame.edges(row, number))
            self._sheet.write_formula(row, number, state.formula, look, unchanged)
            self._alarm(row, number, changed)

    def _alarm(self, row: int, column: int, changed: str) -> None:
        """Let a cell strike the eye when it says ``changed``."""
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{changed}"',
            "format": self._looks("alarm"),
        }
        self._sheet.conditional_format(row, column, row, column, rule)
