"""The titles of the columns of a worksheet, those of groups above them, and the caps below."""

from itertools import groupby
from typing import Any

from epa_score.exporters.titles import in_lines
from epa_score.exporters.xlsx.cells import write_cell, write_text
from epa_score.exporters.xlsx.layout import Plan
from epa_score.exporters.xlsx_edges import Frame
from epa_score.exporters.xlsx_looks import Looks
from epa_score.exporters.xlsx_widths import SHORT_TITLE, height
from epa_score.i18n import Words


class HeaderWriter:
    """Writes the header of a table, in up to three rows."""

    def __init__(self, sheet: Any, plan: Plan, looks: Looks, words: Words) -> None:
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
