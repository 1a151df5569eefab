"""A score form in Excel: A4 upright, one sheet a unit, with a hidden sheet that identifies it."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from xlsxwriter import Workbook

from epa_score.exporters.xlsx_cells import exact, text_for_cell, unchanged, write_text
from epa_score.exporters.xlsx_form_looks import FormLooks, lines_of
from epa_score.exporters.xlsx_form_rules import is_wrong, sum_of, validation
from epa_score.exporters.xlsx_page import A4, CREATED
from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Score, ScoreSheet, exactly
from epa_score.model.form import FORM_SHEET, FORM_VERSION
from epa_score.reports.form import Lines, Subtotal, form_lines

WIDTHS = (13, 5.5, 53, 6, 7.5, 19)
"""Widths of the columns, in digits of the standard font: together an upright A4 page."""

_SECTION, _ID, _TEXT, _CAP, _SCORE, _NOTE = range(6)
_LINE, _LEAST = 16.0, 23.0
"""Points of a line of text, and of the lowest row."""
_PAGE = 900
"""Points of rows that one page takes at a size that is still easily read."""
_HIGHEST = 409


class Form(NamedTuple):
    """Which form: of which rubric, for whom, and what is already known.

    ``sha256`` is that of the rubric's file. ``sheet`` fills the form in; without a ``unit`` it
    is for any unit.
    """

    rubric: Rubric
    sha256: str
    unit: str = ""
    sheet: ScoreSheet | None = None
    fonts: str = "official"


def write_form(form: Form, file: BinaryIO, words: Words) -> None:
    """Write a workbook that holds one form, and from which the same sheet is read back.

    Raises `ValueError` for what a workbook cannot give back as it is.
    """
    for text in _texts_of(form.sheet) if form.sheet else ():
        unchanged(text)
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": form.rubric.title, "created": CREATED})
    looks = FormLooks(workbook, form.fonts)
    name = words("form.sheet")
    writer = FormWriter(workbook.add_worksheet(name), form, looks, words)
    writer.write()
    identity = workbook.add_worksheet(FORM_SHEET)
    identity.very_hidden()
    for number, (key, *values) in enumerate(writer.identity()):
        for column, value in enumerate([key, *values]):
            identity.write_string(number, column, text_for_cell(value))
    workbook.close()
    file.write(buffer.getbuffer())


def _texts_of(sheet: ScoreSheet) -> Iterator[str]:
    yield from filter(None, (sheet.unit, sheet.period, sheet.assessor))
    for item in sheet.points:
        given = sheet.score(item)
        yield from filter(None, (given.note, *given.evidence))


class FormWriter:
    """Writes a form into a worksheet of XlsxWriter."""

    def __init__(self, sheet: Any, form: Form, looks: FormLooks, words: Words) -> None:
        """Write ``form`` into ``sheet``."""
        self._sheet = sheet
        self._form = form
        self._looks = looks
        self._words = words
        self._row = 0
        self._height = 0.0
        self._cells: dict[str, int] = {}
        self._caps: dict[str, Decimal] = {}

    def write(self) -> None:
        """Write every cell, and set up the page."""
        for column, width in enumerate(WIDTHS):
            self._sheet.set_column(column, column, width)
        self._write_head()
        header = self._row
        for column, key in enumerate(("section", "item", "text", "cap", "score", "note")):
            self._text(column, self._words(f"form.{key}"), "header")
        self._next(30)
        for one in form_lines(self._form.rubric, self._form.unit):
            if isinstance(one, Lines):
                self._write_lines(one)
            else:
                label = self._words("form.subtotal", title=one.title).strip()
                self._write_sum(one, label, "sum", _ID if not one.title else _SECTION)
        everything = Subtotal("", self._form.rubric.total, tuple(self._cells))
        self._write_sum(everything, self._words("form.total"), "total", _SECTION)
        self._write_foot()
        self._set_up(header)

    def identity(self) -> list[tuple[str, ...]]:
        """What the hidden sheet says: which form this is, its labels, its items and evidence."""
        form, words = self._form, self._words
        labels = ("item", "cap", "score", "note", "unit", "period", "assessor", "date")
        known = form.sheet
        evidence = [
            ("evidence", item, *known.score(item).evidence)
            for item in (self._cells if known else ())
            if known and known.score(item).evidence
        ]
        return [
            ("format", FORM_VERSION),
            ("rubric", form.rubric.id),
            ("sha256", form.sha256),
            *([("unit", form.unit)] if form.rubric.duty_units else []),
            *((f"label.{label}", words(f"form.{label}")) for label in labels),
            *(("item", item, plain(cap)) for item, cap in self._caps.items()),
            *evidence,
        ]

    def _write_head(self) -> None:
        words, sheet = self._words, self._form.sheet
        title = words("form.title", title=self._form.rubric.title)
        title = title.replace(words("form.title_from"), words("form.title_to"))
        self._across(_SECTION, _NOTE, title, "title")
        self._next(max(36, 28 * lines_of(title, sum(WIDTHS) * 0.55)))
        unit = sheet.unit if sheet else self._form.unit
        date = sheet.date.isoformat() if sheet and sheet.date else ""
        period = (sheet and sheet.period) or ""
        assessor = (sheet and sheet.assessor) or ""
        self._field("unit", unit, "date", date)
        self._field("assessor", assessor, "period", period)

    def _field(self, left: str, left_value: str, right: str, right_value: str) -> None:
        """A line with two labels, and room beside each for its value."""
        words = self._words
        self._across(_SECTION, _ID, words(f"form.{left}"), "label")
        self._text(_TEXT, left_value, "given" if left == "unit" and left_value else "field")
        self._across(_CAP, _SCORE, words(f"form.{right}"), "label")
        self._text(_NOTE, right_value, "field")
        self._next(24)

    def _write_lines(self, lines: Lines) -> None:
        title = self._words(
            "form.section_title", title=lines.section.title, cap=plain(lines.section.max)
        )
        first = self._row
        for item in lines.items:
            self._write_item(item)
        last = self._row  # the subtotal's row belongs to the section as well
        self._sheet.merge_range(first, _SECTION, last, _SECTION, "", self._looks("section"))
        write_text(self._sheet, first, _SECTION, title, self._looks("section"))

    def _write_item(self, item: Item) -> None:
        sheet, row = self._form.sheet, self._row
        given = sheet.score(item.id) if sheet else Score()
        self._cells[item.id], self._caps[item.id] = row, item.max
        self._text(_ID, item.id, "center")
        self._text(_TEXT, item.text, "text")
        self._sheet.write_number(row, _CAP, exact(item.max), self._looks("center"))
        score = self._looks("score")
        if given.score is None:
            self._sheet.write_blank(row, _SCORE, None, score)
        else:
            self._sheet.write_number(row, _SCORE, exact(given.score), score)
        self._text(_NOTE, given.note or "", "note")
        self._sheet.data_validation(row, _SCORE, row, _SCORE, validation(item, self._words))
        rule = is_wrong((row, _SCORE), (row, _CAP))
        red = {"type": "formula", "criteria": rule, "format": self._looks("alarm")}
        self._sheet.conditional_format(row, _ID, row, _NOTE, red)
        most = max(
            lines_of(item.text, WIDTHS[_TEXT]),
            lines_of(given.note or "", WIDTHS[_NOTE]),
        )
        self._next(max(_LEAST, most * _LINE + 6))

    def _write_sum(self, what: Subtotal, label: str, style: str, first: int) -> None:
        self._across(first, _TEXT, label, style)
        self._sheet.write_number(self._row, _CAP, exact(what.cap), self._looks(style))
        cells = [(self._cells[item], _SCORE) for item in what.items]
        formula = sum_of(cells, self._form.rubric.decimals, self._words("form.wrong"))
        value = self._sum(what.items)
        self._sheet.write_formula(self._row, _SCORE, formula, self._looks(style), value)
        self._text(_NOTE, "", style)
        self._next(26 if style == "total" else _LEAST)

    def _sum(self, items: tuple[str, ...]) -> Decimal | int | str:
        points = self._form.sheet.points if self._form.sheet else {}
        known = [one for one in map(points.get, items) if one is not None]
        with exactly():
            return exact(sum(known, Decimal(0))) if known else ""

    def _write_foot(self) -> None:
        words = self._words
        self._next(10)
        for left, right in (("leader", "members"), ("responsible", "seal")):
            self._across(_SECTION, _TEXT, words(f"form.{left}"), "plain")
            self._across(_CAP, _NOTE, words(f"form.{right}"), "plain")
            self._next(28)
        step = self._form.rubric.grain
        self._across(_SECTION, _NOTE, words("form.advice", step=plain(step)), "small")
        self._next(18)

    def _set_up(self, header: int) -> None:
        sheet = self._sheet
        sheet.set_paper(A4)
        sheet.set_portrait()
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.repeat_rows(header)
        sheet.fit_to_pages(1, 1 if self._height <= _PAGE else 0)
        page = self._words("sheet.footer", page="&P", pages="&N")
        sheet.set_footer(f"&C{page}")
        sheet.freeze_panes(header + 1, 0)
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _text(self, column: int, text: str, style: str) -> None:
        look = self._looks(style)
        if text:
            write_text(self._sheet, self._row, column, text, look)
        else:
            self._sheet.write_blank(self._row, column, None, look)

    def _across(self, first: int, last: int, text: str, style: str) -> None:
        look = self._looks(style)
        self._sheet.merge_range(self._row, first, self._row, last, "", look)
        write_text(self._sheet, self._row, first, text, look)

    def _next(self, height: float) -> None:
        self._sheet.set_row(self._row, min(height, _HIGHEST))
        self._height += height
        self._row += 1
