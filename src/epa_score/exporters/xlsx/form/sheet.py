"""The worksheet of a form: whose it is, its items and sums, and who signs."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from epa_score.exporters.cell_text import line_count, parts_of_text, wrap_title
from epa_score.exporters.xlsx.cells import exact_number
from epa_score.exporters.xlsx.changes import (
    Compared,
    ComparedTable,
    CopyingSheet,
    write_comparison,
    write_told_so_far,
)
from epa_score.exporters.xlsx.form.content import (
    Form,
    FormSum,
    form_frame,
    sum_formula_key,
    sum_value,
    with_zero,
    zero_note,
)
from epa_score.exporters.xlsx.form.inputs import (
    item_validation,
    write_adjustments,
    write_facts,
    write_self_score,
    write_vetoes,
    wrong_points_formula,
)
from epa_score.exporters.xlsx.form.page import (
    CAP,
    ID,
    LEAST,
    SCORE,
    SECTION,
    SIGNATURES,
    TEXT,
    FormPage,
    fit_notes,
)
from epa_score.exporters.xlsx.formats import FormFormats, form_cells, form_line_count
from epa_score.i18n import Words, plain
from epa_score.model import Item, Score
from epa_score.model.form_record import SumRow
from epa_score.reports.blank_record import COLUMNS, sum_row
from epa_score.reports.form_lines import (
    AdjustmentLines,
    ItemLines,
    Subtotal,
    VetoLines,
    form_lines,
    is_judged,
    points_text,
    sum_label,
)
from epa_score.reports.owners import owner_lines
from epa_score.reports.titles import parts_of_title
from epa_score.reports.workings import note_text
from epa_score.scoring.points import points_of, workings_of
from epa_score.scoring.score import check_code

_MOST_LINES = 24
"""Lines of a note that still stand in one cell: a row is not much higher."""
_SECTION_CELLS = 12
"""Cells of a line in the column of the sections, two for a Chinese character."""


class FormChanges(NamedTuple):
    """What a form in a results workbook says of changes: in itself, and in what stands beside."""

    compared: ComparedTable
    before: ComparedTable | None
    """The form before it, if any."""
    others: Sequence[Compared]
    """The tables and forms of the rubric."""


class FormWriter:
    """Writes a form into a worksheet of XlsxWriter."""

    def __init__(
        self,
        sheet: Any,
        form: Form,
        formats: FormFormats,
        words: Words,
        changes: FormChanges | None = None,
    ) -> None:
        """Write ``form`` into ``sheet``; in a results workbook it tells of ``changes``."""
        self._form = form
        self._words = words
        self._rows: dict[str, int] = {}
        self._sums: list[SumRow] = []
        rubric, given = form.rubric, form.sheet
        self._points = points_of(rubric, given) if given else {}
        self._workings = workings_of(rubric, given) if given and not form.asks else {}
        self._notes = {item.id: self._note_of(item) for item in form.items()} if given else {}
        rows = [(item.text, self._notes.get(item.id, "")) for item in form.items()]
        widths = fit_notes(form.widths, rows) if any(self._notes.values()) else form.widths
        frame = form_frame(form)
        self._rest = self._owners(widths)
        for item in form.items():
            self._notes[item.id] = self._divided_note(item.id, widths)
        self._changes = changes
        if changes is not None:
            # With the empty row above the signatures.
            bottom = frame.bottom + len(self._rest) + 1
            foot = bottom + 1 + (0 if form.is_provisional else len(SIGNATURES))
            sheet = CopyingSheet(sheet, replace(changes.compared, bottom=bottom, foot=foot))
        self._page = FormPage(sheet, formats, frame, widths)
        self._has_self_scores = rubric.self_score is not None

    def write(self) -> list[SumRow]:
        """Write every cell, and set up the page; gives the sums for the hidden sheet."""
        self._write_head()
        titles = [name for name in COLUMNS if name != "self_score" or self._has_self_scores]
        for column, key in enumerate(titles):
            self._page.write(column, self._words(f"form.{key}"), "header")
        self._page.next_row(30)
        for line in form_lines(self._form.rubric, self._form.unit, asks=self._form.asks):
            if isinstance(line, ItemLines):
                self._write_items(line)
            elif isinstance(line, AdjustmentLines):
                row = write_adjustments(self._page, line, self._form, self._words)
                self._rows[line.way] = row
                self._sums.append(sum_row(line, self._words))
            elif isinstance(line, VetoLines):
                write_vetoes(self._page, line, self._form, self._words)
            elif line.section:
                self._write_sum(line, "sum", ID if not line.title else SECTION)
            else:
                self._write_sum(line, "total", SECTION)
        self._page.write_rest(self._rest)
        signed = not self._form.is_provisional
        self._page.write_foot(self._advice(), self._words, signed=signed)
        hidden = self._changes and self._changes.compared.told_so_far
        self._page.finish(self._words, is_read=self._form.asks, hidden=hidden)
        return self._sums

    def _owners(self, widths: Sequence[float]) -> list[str]:
        """Who answers for items and where figures come from, in cells of a row or less high."""
        cells = form_cells(sum(widths), "rest")
        lines = owner_lines(self._form.items(), self._words)
        return [part for line in lines for part in parts_of_text(line, cells, _MOST_LINES)]

    def _note_of(self, item: Item) -> str:
        """What stands beside an item: how its points came about, and the reason."""
        given = self._form.sheet.score(item.id) if self._form.sheet else Score()
        reason = given.not_applicable
        working = self._workings.get(item.id) if reason is None else None
        return note_text(working, reason or given.note, self._words)

    def _divided_note(self, item: str, widths: Sequence[float]) -> str:
        """The note of an item, or its beginning; on a form that is not read the rest is kept."""
        note = self._notes.get(item, "")
        cells = form_cells(widths[-1], "note")
        if self._form.asks or line_count(note, cells) <= _MOST_LINES:
            return note
        beginning = parts_of_text(note, cells, _MOST_LINES - 1)[0]
        rest = note[len(beginning) :].strip()
        whole = self._words("form.note_rest", item=item, text=rest)
        self._rest += parts_of_text(whole, form_cells(sum(widths), "rest"), _MOST_LINES)
        return self._words("form.note_goes_on", text=beginning)

    def _advice(self) -> str:
        rubric, words = self._form.rubric, self._words
        advice = words("form.advice", points=points_text(rubric, words))
        asks_for_more = self._form.asks and (rubric.adjustments is not None or rubric.fact_vetoes)
        if self._form.sheet is not None and not self._form.asks:
            code = check_code(rubric, self._form.sheet)
            return advice + words("form.check_code", code=code)
        advice += words("form.advice_fill")
        advice += words("form.advice_beyond") if asks_for_more else ""
        adjustments = rubric.adjustments.each if rubric.adjustments is not None else ()
        gives_points = self._form.asks and any(item.facts for item in adjustments)
        return advice + (words("form.advice_given") if gives_points else "")

    def _write_head(self) -> None:
        words, sheet = self._words, self._form.sheet
        parts = parts_of_title(self._form.rubric.title)
        title = words("form.title", subject=parts.subject, about=parts.brackets)
        if self._form.is_provisional:
            title = words("report.with_provisional", title=title)
        self._page.write_merged(SECTION, self._page.note, title, "title")
        self._page.next_row(max(36, 28 * form_line_count(title, sum(self._page.widths), "title")))
        if self._changes is not None:
            self._write_line_on_changes(self._changes)
        unit = sheet.unit if sheet else self._form.unit
        date = str(sheet.date) if sheet and sheet.date else ""
        fields = self._form if sheet is None else sheet
        period, assessor = fields.period or "", fields.assessor or ""
        self._write_fields("unit", unit, "date", date)
        self._write_fields("assessor", assessor, "period", period)

    def _write_line_on_changes(self, changes: FormChanges) -> None:
        """Write the line that tells of changes, and the hidden cells that find them."""
        page, words = self._page, self._words
        cell_format = page.cell_format("changed", SECTION, page.note)
        page.sheet.merge_range(page.row, SECTION, page.row, page.note, "", cell_format)
        write_comparison(page.sheet, changes.others, cell_format, words)
        write_told_so_far(page.sheet, changes.before, words)
        page.next_row(LEAST)

    def _write_fields(self, left: str, left_value: str, right: str, right_value: str) -> None:
        """Write a row of two labels, with room beside each for its value."""
        words, page = self._words, self._page
        page.write_merged(SECTION, ID, words(f"form.{left}"), "label")
        page.write(TEXT, left_value, "given" if left == "unit" and left_value else "field")
        page.write_merged(CAP, page.note - 1, words(f"form.{right}"), "label")
        page.write(page.note, right_value, "field")
        page.next_row(24)

    def _write_items(self, lines: ItemLines) -> None:
        section, page = lines.section, self._page
        title = wrap_title(section.title, _SECTION_CELLS)
        title = self._words("form.section_title", title=title, cap=plain(lines.cap))
        first = page.row
        page.begin_block()
        word = self._words("form.not_applicable")
        kinds = groupby(lines.items, lambda item: (item.rule is None, bool(item.not_applicable)))
        for (plainly, optional), items in kinds:
            top = page.row
            for item in items:
                self._write_item(item)
            if plainly:
                self._highlight_wrong_points(top, page.row - 1, word if optional else "")
        # The subtotal's row belongs to the section as well.
        page.write_section(first, page.row, title)

    def _write_item(self, item: Item) -> None:
        sheet, page, row = self._form.sheet, self._page, self._page.row
        given = sheet.score(item.id) if sheet else Score()
        self._rows[item.id] = row
        page.write(ID, item.id, "center")
        page.write(TEXT, item.text, "text")
        page.sheet.write_number(
            row, CAP, exact_number(item.max), page.cell_format("center", CAP, CAP)
        )
        self._write_points(item, given)
        note = self._notes[item.id]
        page.write_note(note, "names", "center")
        if self._has_self_scores:
            write_self_score(page, item, given, self._words, asks=self._form.asks)
        page.next_text_row(item.text, note)
        if self._form.asks and item.rule is not None:
            write_facts(page, item, given, self._words)
            if item.rule.takes_points:
                self._highlight_wrong_points(row, row, self._words("form.not_applicable"))

    def _write_points(self, item: Item, given: Score) -> None:
        """Write the points of an item, or a word where there are none."""
        page, row, asks = self._page, self._page.row, self._form.asks
        points = given.score if asks else self._points.get(item.id)
        judged = is_judged(item) if asks else item.rule is None
        may_be_typed = judged or (asks and item.not_applicable is not None)
        style = "score" if may_be_typed else "center"
        if given.not_applicable is not None:
            page.write(SCORE, self._words("form.not_applicable"), style)
        elif points is not None:
            cell_format = page.cell_format(style, SCORE, SCORE)
            page.sheet.write_number(row, SCORE, exact_number(points), cell_format)
        else:
            page.write(SCORE, self._words("form.computed") if asks and not judged else "", style)
        if may_be_typed:
            rule = item_validation(item, (row, SCORE), self._words)
            page.sheet.data_validation(row, SCORE, row, SCORE, rule)

    def _highlight_wrong_points(self, first: int, last: int, word: str) -> None:
        """Turn rows from ``first`` to ``last`` red where their points cannot be right.

        A ``word`` in their place is right, if there is one.
        """
        page = self._page
        points, cap = (xl_rowcol_to_cell(first, column, col_abs=True) for column in (SCORE, CAP))
        rule = wrong_points_formula(points, cap, word)
        red = {"type": "formula", "criteria": rule, "format": page.cell_format("alarm", TEXT, TEXT)}
        page.sheet.conditional_format(first, ID, last, page.note, red)

    def _write_sum(self, subtotal: Subtotal, style: str, first: int) -> None:
        page, row = self._page, self._page.row
        label = sum_label(subtotal, self._words)
        page.write_merged(first, TEXT, label, style)
        page.sheet.write_number(
            row, CAP, exact_number(subtotal.cap), page.cell_format(style, CAP, CAP)
        )
        if self._form.leaves_open(subtotal):
            formula = ""
            page.write(SCORE, self._words("form.computed"), style)
        else:
            formula = FormSum(subtotal.sum, self._rows, self._words).formula()
            formula = with_zero(self._form, subtotal, formula)
            value = sum_value(self._form, subtotal, self._words)
            page.sheet.write_formula(
                row, SCORE, formula, page.cell_format(style, SCORE, SCORE), value
            )
        row_of_sum = sum_row(subtotal, self._words)
        key = sum_formula_key(formula, row_of_sum.items, self._rows)
        self._sums.append(row_of_sum._replace(key=key))
        page.write_note(zero_note(self._form, subtotal, self._words), style)
        page.next_row(26 if style == "total" else LEAST, stays=True)
