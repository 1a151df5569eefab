"""The page of a form: A4 upright, filled row by row, its rows as high as the page allows."""

from collections.abc import Sequence
from typing import Any

from epa_score.exporters.xlsx.cells import write_text
from epa_score.exporters.xlsx.formats import FormFormats, Frame, form_line_count
from epa_score.exporters.xlsx.rows import HIGHEST_ROW
from epa_score.exporters.xlsx.workbook import A4
from epa_score.i18n import Words

WIDTHS = (12, 5, 52, 5.5, 7, 17)
"""Widths of the columns, in digits of the standard font: together an upright A4 page."""
WIDTHS_FOR_NUMBERS = (12, 5, 47.5, 5.5, 11.5, 17)
"""Widths of the columns where numbers are asked for, which may be longer than points."""

SECTION, ID, TEXT, CAP, SCORE, NOTE = range(6)
"""The columns."""

LINE, LEAST = 15.0, 21.0
"""Points of a line of text, and of the lowest row."""

_FULL = 885
"""Points of rows that fill a page about as wide as the columns are."""
_PAGE = 1050
"""Points of rows that one page takes at a size that is still easily read."""
_MOST_STRETCHED = 1.5
"""The most times its own height that a row may get where a form is short."""


class FormPage:
    """A worksheet of XlsxWriter that is filled from the top; ``row`` is the current row."""

    def __init__(
        self, sheet: Any, formats: FormFormats, frame: Frame, widths: Sequence[float]
    ) -> None:
        """Begin with an empty ``sheet``, with thicker lines around the ``frame``."""
        self.sheet = sheet
        self.widths = widths
        self.row = 0
        self._formats = formats
        self._frame = frame
        self._heights: list[tuple[float, bool]] = []

    def cell_format(self, style: str, first: int, last: int) -> Any:
        """The format of cells of the current row."""
        return self._formats(style, *self._frame.edges(self.row, first, last))

    def write(self, column: int, text: str, style: str) -> None:
        """Write a text into a cell of the current row."""
        cell_format = self.cell_format(style, column, column)
        if text:
            write_text(self.sheet, self.row, column, text, cell_format)
        else:
            self.sheet.write_blank(self.row, column, None, cell_format)

    def write_merged(self, first: int, last: int, text: str, style: str) -> None:
        """Write a text over several columns of the current row."""
        cell_format = self.cell_format(style, first, last)
        self.sheet.merge_range(self.row, first, self.row, last, "", cell_format)
        write_text(self.sheet, self.row, first, text, cell_format)

    def next_row(self, height: float, *, stretches: bool = False) -> None:
        """Go on to the next row; the one that is left is at least so many points high."""
        self._heights.append((height, stretches))
        self.row += 1

    def next_text_row(self, text: str, note: str = "") -> None:
        """Go on to the next row; the one that is left has room for its text and its note."""
        most = max(
            form_line_count(text, self.widths[TEXT], "text"),
            form_line_count(note, self.widths[NOTE], "note"),
        )
        self.next_row(max(LEAST, most * LINE + 4), stretches=True)

    def write_foot(self, advice: str, words: Words, *, signed: bool = True) -> None:
        """Write who signs, unless nobody does, and how a form is filled in."""
        self.next_row(10)
        lines = (("leader", "members"), ("responsible", "seal")) if signed else ()
        for left, right in lines:
            self.write_merged(SECTION, TEXT, words(f"form.{left}"), "plain")
            self.write_merged(CAP, NOTE, words(f"form.{right}"), "plain")
            self.next_row(28)
        self.write_merged(SECTION, NOTE, advice, "small")
        self.next_row(18 * form_line_count(advice, sum(self.widths), "small"))

    def finish(self, words: Words) -> None:
        """Stretch the rows that may be higher until the page is full, and set up the page."""
        needed = sum(height for height, _ in self._heights)
        stretched = sum(height for height, stretches in self._heights if stretches)
        factor = min(_MOST_STRETCHED, max(1.0, 1 + (_FULL - needed) / max(stretched, 1)))
        for row, (height, stretches) in enumerate(self._heights):
            self.sheet.set_row(row, min(height * factor if stretches else height, HIGHEST_ROW))
        sheet, header = self.sheet, self._frame.top
        for column, width in enumerate(self.widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(A4)
        sheet.set_portrait()
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(header)
        sheet.fit_to_pages(1, 1 if needed <= _PAGE else 0)
        sheet.set_footer(f"&C{words('sheet.footer', page='&P', pages='&N')}")
        sheet.freeze_panes(header + 1, 0)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        # Beside points a number that is text keeps the green corner, and its way out.
        sheet.ignore_errors({"number_stored_as_text": "A1:D1048576 F1:XFD1048576"})
