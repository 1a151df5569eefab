"""One worksheet: a table under its title, with figures that follow its formulas."""

from typing import Any

from epa_score.exporters.shown import text_of
from epa_score.exporters.xlsx_cells import exact, write_text
from epa_score.exporters.xlsx_formulas import (
    Block,
    UnitRow,
    rank_formula,
    same_figure_formula,
    state_formula,
    sum_formula,
)
from epa_score.exporters.xlsx_looks import Looks
from epa_score.exporters.xlsx_plan import HEADER, Plan, Plans
from epa_score.exporters.xlsx_widths import height
from epa_score.i18n import Words
from epa_score.reports.table import Cell, Column, RankOf, Row

_TITLE_SIZE = 1.5


class SheetWriter:
    """Writes one table into a worksheet of XlsxWriter."""

    def __init__(self, sheet: Any, plan: Plan, plans: Plans, looks: Looks, words: Words) -> None:
        """Write the table of ``plan``, which may refer to others of ``plans``."""
        self._sheet = sheet
        self._plan = plan
        self._plans = plans
        self._looks = looks
        self._words = words
        numbers = {column.name: number for number, column in enumerate(plan.table.columns)}
        self._cell_numbers = [numbers[column.name] for column in plan.columns]
        self._unit_number = numbers.get("unit", 0)

    def write(self) -> None:
        """Write every cell."""
        self._write_header()
        number = self._plan.block.first
        for row in self._plan.table.rows():
            self._write_row(number, row)
            number += 1
        if self._plan.table.name == "about":
            number = self._write_states(number)
        self._write_across(0, self._plan.table.title, "title", _TITLE_SIZE)
        for offset, note in enumerate(self._plan.table.notes, 1):
            self._write_across(number + offset, note, "note", 1)

    def _write_header(self) -> None:
        titles = [column.title for column in self._plan.columns]
        self._sheet.set_row(HEADER, height(titles, self._plan.widths))
        for number, column in enumerate(self._plan.columns):
            write_text(self._sheet, HEADER, number, column.title, self._looks("header"))
            if self._plan.has_caps:
                self._write_cap(number, column)
        for name, copy in self._plan.copies.items():
            title = titles[self._plan.block.columns[name]]
            text = self._words("sheet.exported", title=title)
            write_text(self._sheet, HEADER, self._plan.block.columns[copy], text, None)

    def _write_cap(self, number: int, column: Column) -> None:
        label = self._words("report.cap") if column.name == "unit" else None
        self._write_cell(HEADER + 1, number, label or column.cap, self._looks("cap"))

    def _write_row(self, row_number: int, row: Row) -> None:
        cells = [row.cells[number] for number in self._cell_numbers]
        widths = self._plan.widths
        texts = [cell if isinstance(cell, str) else "" for cell in cells]
        self._sheet.set_row(row_number, height(texts, widths))
        for number, (column, cell) in enumerate(zip(self._plan.columns, cells, strict=True)):
            formula = self._formula(row_number, column, row) if row.live else ""
            look = self._looks.of_cell(column, cell, widths[number])
            self._write_cell(row_number, number, cell, look, formula)
        for name, copy in self._plan.copies.items():
            cell = cells[self._plan.block.columns[name]] if row.live else None
            self._write_cell(row_number, self._plan.block.columns[copy], cell, None)

    def _write_cell(self, row: int, column: int, cell: Cell, look: Any, formula: str = "") -> None:
        if cell is None:
            self._sheet.write_blank(row, column, None, look)
        elif isinstance(cell, str):
            write_text(self._sheet, row, column, cell, look)
        elif formula:
            self._sheet.write_formula(row, column, formula, look, exact(cell))
        else:
            self._sheet.write_number(row, column, exact(cell), look)

    def _formula(self, row_number: int, column: Column, row: Row) -> str:
        """The formula of a figure, or nothing."""
        block, live = self._plan.block, column.live
        if isinstance(live, RankOf):
            return rank_formula(live, block, row_number)
        if live is None and column.name != "rank":
            return ""
        here = UnitRow(block, row_number, text_of(row.cells[self._unit_number]))
        if live is None:
            ranking = self._block("ranking")
            return same_figure_formula("rank", here, ranking) if ranking else ""
        there = self._block(live.table) if live.table else block
        decimals = max(live.decimals, column.decimals)
        return sum_formula(live, decimals, here, there) if there else ""

    def _block(self, name: str) -> Block | None:
        plan = self._plans.get((self._plan.table.group, name))
        return plan.block if plan else None

    def _write_states(self, row_number: int) -> int:
        """Say for each ranking whether somebody changed it; gives the next free row."""
        unchanged = self._words("report.state_unchanged")
        changed = self._words("report.state_changed")
        for plan in self._plans.values():
            if not plan.copies:
                continue
            known = {"rubric": plan.table.group, "name": self._words("report.about_state")}
            cells = tuple(known.get(one.name, unchanged) for one in self._plan.table.columns)
            self._write_row(row_number, Row(cells))
            if plan.has_live_rows:
                number = self._plan.block.columns["value"]
                formula = state_formula(plan.copies.items(), plan.block, unchanged, changed)
                look = self._looks("long text")
                self._sheet.write_formula(row_number, number, formula, look, unchanged)
                self._alarm(row_number, number, changed)
            row_number += 1
        return row_number

    def _alarm(self, row: int, column: int, changed: str) -> None:
        """Let a cell strike the eye when it says ``changed``."""
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{changed}"',
            "format": self._looks("alarm"),
        }
        self._sheet.conditional_format(row, column, row, column, rule)

    def _write_across(self, row: int, text: str, style: str, size: float) -> None:
        """Write a text over all columns, in as many lines as it needs."""
        look = self._looks(style)
        self._sheet.merge_range(row, 0, row, len(self._plan.columns) - 1, "", look)
        write_text(self._sheet, row, 0, text, look)
        self._sheet.set_row(row, height([text], [sum(self._plan.widths)], size))
