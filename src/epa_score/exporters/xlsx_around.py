"""What stands around a table: title and caption above; notes and signature lines below."""

from typing import Any

from epa_score.exporters.xlsx.cells import write_text
from epa_score.exporters.xlsx.layout import Plan
from epa_score.exporters.xlsx_looks import Looks
from epa_score.exporters.xlsx_widths import height

_TITLE_SIZE = 1.5
_GAP, _SIGNED = 15, 36
"""Points of an empty row, and of one with room for names."""


class AroundWriter:
    """Writes the texts around the table of a worksheet, each over all of its columns."""

    def __init__(self, sheet: Any, plan: Plan, looks: Looks) -> None:
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
