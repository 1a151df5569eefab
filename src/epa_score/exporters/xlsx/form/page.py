"""The page of a form: A4 upright, filled row by row, its rows as high as the page allows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from epa_score.exporters.xlsx.cells import write_text
from epa_score.exporters.xlsx.formats import FormFormats, Frame, form_line_count
from epa_score.exporters.xlsx.pages import PrintedRow, page_breaks
from epa_score.exporters.xlsx.rows import HIGHEST_ROW
from epa_score.exporters.xlsx.workbook import A4
from epa_score.i18n import Words

WIDTHS = (12, 5, 52, 5.5, 7, 17)
"""Widths of the columns, in digits of the standard font: together an upright A4 page."""
WIDTHS_FOR_NUMBERS = (12, 5, 47.5, 5.5, 11.5, 17)
"""Widths of the columns where numbers are asked for, which may be longer than points."""

SECTION, ID, TEXT, CAP, SCORE = range(5)
"""The columns; self scores, where there are any, and notes are right of them."""
SELF_SCORE = SCORE + 1
_SELF_WIDTH = 7


def with_self_scores(widths: Sequence[float]) -> tuple[float, ...]:
    """Widths with a column of self scores, for which the texts have less room."""
    narrower = [width - _SELF_WIDTH * (column == TEXT) for column, width in enumerate(widths)]
    return (*narrower[:SELF_SCORE], _SELF_WIDTH, *narrower[SELF_SCORE:])


LINE, LEAST = 15.0, 21.0
"""Points of a line of text, and of the lowest row."""

_FULL = 885
"""Points of rows that fill a page about as wide as the columns are."""
_PAGE = 1050
"""Points of rows that one page takes at a size that is still easily read."""
_SAFELY = 0.96
"""The part of a page that is filled where there are several: programs measure differently."""
_WIDER = (0, 7, 14, 21)
"""Digits that the column of the notes may get from that of the texts."""
_LOWER = 0.9
"""The part of its height that a form must come down to for that."""
_MOST_STRETCHED = 1.5
"""The most times its own height that a row may get where a form is short."""


def fit_notes(widths: Sequence[float], rows: Sequence[tuple[str, str]]) -> Sequence[float]:
    """Widths with as much room for the notes as makes a form lowest; ``rows`` are texts and notes.

    Where it would hardly be lower they stay as they are.
    """

    def height(more: float) -> float:
        text, note = widths[TEXT] - more, widths[-1] + more
        return sum(
            max(form_line_count(left, text, "text"), form_line_count(right, note, "note"))
            for left, right in rows
        )

    best = min(_WIDER, key=height)
    if height(best) > _LOWER * height(0):
        return widths
    more = {TEXT: -best, len(widths) - 1: best}
    return [width + more.get(column, 0) for column, width in enumerate(widths)]


SIGNATURES = (("leader", "members"), ("responsible", "seal"))
"""Who signs a form, two in a row."""


class _SectionPart(NamedTuple):
    """The rows of a section on one page, and the title beside them."""

    start: int
    after: int
    title: str


class FormPage:
    """A worksheet of XlsxWriter that is filled from the top.

    ``row`` is the current row, and ``note`` the column of the notes.
    """

    def __init__(
        self, sheet: Any, formats: FormFormats, frame: Frame, widths: Sequence[float]
    ) -> None:
        """Begin with an empty ``sheet``, with thicker lines around the ``frame``."""
        self.sheet = sheet
        self.widths = widths
        self.note = len(widths) - 1
        self.row = 0
        self._formats = formats
        self._frame = frame
        self._rows: list[PrintedRow] = []
        self._stretched: list[bool] = []
        self._sections: list[tuple[int, int, str]] = []
        self._begins = False

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

    def write_note(self, text: str, style: str, beside: str = "") -> None:
        """Write a text into the column of notes; what is left of it, beside points, stays empty."""
        for column in range(SELF_SCORE, self.note):
            self.write(column, "", beside or style)
        self.write(self.note, text, style)

    def begin_block(self) -> None:
        """Let the current row be the first of some that stand on one page where they can."""
        self._begins = True

    def next_row(self, height: float, *, stretches: bool = False, stays: bool = False) -> None:
        """Go on to the next row; the one that is left is at least so many points high.

        One that ``stays`` is on the page of the row above it.
        """
        self._rows.append(PrintedRow(min(height, HIGHEST_ROW), self._begins, stays))
        self._stretched.append(stretches)
        self._begins = False
        self.row += 1

    def next_text_row(self, text: str, note: str = "", *, stays: bool = False) -> None:
        """Go on to the next row; the one that is left has room for its text and its note."""
        most = max(
            form_line_count(text, self.widths[TEXT], "text"),
            form_line_count(note, self.widths[self.note], "note"),
        )
        self.next_row(max(LEAST, most * LINE + 4), stretches=True, stays=stays)

    def write_section(self, first: int, last: int, title: str) -> None:
        """Write a title beside the rows of a section, once the rows of each page are known."""
        self._sections.append((first, last, title))

    def write_rest(self, texts: Iterable[str]) -> None:
        """Write what notes have no room for, over all columns."""
        for text in texts:
            self.write_merged(SECTION, self.note, text, "rest")
            self.next_row(LINE * form_line_count(text, sum(self.widths), "rest") + 4)

    def write_foot(self, advice: str, words: Words, *, signed: bool = True) -> None:
        """Write who signs, unless nobody does, and how a form is filled in.

        That never stands on a page alone.
        """
        self.next_row(10, stays=True)
        for left, right in SIGNATURES if signed else ():
            self.write_merged(SECTION, TEXT, words(f"form.{left}"), "plain")
            self.write_merged(CAP, self.note, words(f"form.{right}"), "plain")
            self.next_row(28, stays=True)
        self.write_merged(SECTION, self.note, advice, "small")
        self.next_row(18 * form_line_count(advice, sum(self.widths), "small"), stays=True)

    def finish(self, words: Words, *, is_read: bool, hidden: int | None = None) -> None:
        """Stretch the rows that may be higher until the page is full, and set up the page.

        A form that is not read any more repeats the titles of sections on each page; its columns
        up to the ``hidden`` one are not seen.
        """
        breaks = self._make_room_for_sections(words, is_read=is_read)
        needed = sum(row.height for row in self._rows)
        stretched = sum(
            row.height for row, grows in zip(self._rows, self._stretched, strict=True) if grows
        )
        factor = min(_MOST_STRETCHED, max(1.0, 1 + (_FULL - needed) / max(stretched, 1)))
        for number, (row, grows) in enumerate(zip(self._rows, self._stretched, strict=True)):
            height = min(row.height * factor if grows else row.height, HIGHEST_ROW)
            self.sheet.set_row(number, height)
        if breaks:
            self.sheet.set_h_pagebreaks(breaks)
        self._write_sections([] if is_read else breaks, words)
        sheet, header = self.sheet, self._frame.top
        for column, width in enumerate(self.widths):
            sheet.set_column(column, column, width)
        if hidden is not None:
            sheet.set_column(len(self.widths), hidden, None, None, {"hidden": True})
        sheet.set_paper(A4)
        sheet.set_portrait()
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(header)
        sheet.fit_to_pages(1, 0 if breaks else 1)
        sheet.set_footer(f"&C{words('sheet.footer', page='&P', pages='&N')}")
        sheet.freeze_panes(header + 1, 0)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        # Beside points a number that is text keeps the green corner, and its way out.
        after = xl_col_to_name(self.note)
        sheet.ignore_errors({"number_stored_as_text": f"A1:D1048576 {after}1:XFD1048576"})

    def _make_room_for_sections(self, words: Words, *, is_read: bool) -> list[int]:
        """Make rows higher beside which the title of a section has no room; the breaks of pages."""
        while True:
            breaks = self._page_breaks()
            for part in self._section_parts([] if is_read else breaks, words):
                lines = form_line_count(part.title, self.widths[SECTION], "section")
                rows = self._rows[part.start : part.after]
                missing = lines * LINE + 4 - sum(row.height for row in rows)
                if missing > 0:  # rows below it may have to go to the next page
                    higher = rows[0]._replace(height=rows[0].height + missing)
                    self._rows[part.start] = higher
                    break
            else:
                return breaks

    def _page_breaks(self) -> list[int]:
        """The numbers of the rows that begin a page; none where one page takes them all."""
        if sum(row.height for row in self._rows) <= _PAGE:
            return []
        head = self._rows[self._frame.top].height
        return page_breaks(self._rows, _FULL * _SAFELY, _FULL * _SAFELY - head)

    def _section_parts(self, breaks: Sequence[int], words: Words) -> Iterator[_SectionPart]:
        """The rows of each section on each page, and the title beside them."""
        for first, last, title in self._sections:
            starts = [first, *(row for row in breaks if first < row <= last)]
            for start, after in zip(starts, [*starts[1:], last + 1], strict=True):
                shown = title if start == first else words("sheet.continued", title=title)
                yield _SectionPart(start, after, shown)

    def _write_sections(self, breaks: Sequence[int], words: Words) -> None:
        """Write the title of each section beside its rows, on each page anew."""
        for start, after, title in self._section_parts(breaks, words):
            edges = self._frame.edges(start, SECTION), self._frame.edges(after - 1, SECTION)
            cell_format = self._formats("section", *dict.fromkeys(edges[0] + edges[1]))
            if after - start > 1:
                self.sheet.merge_range(start, SECTION, after - 1, SECTION, "", cell_format)
            write_text(self.sheet, start, SECTION, title, cell_format)
