"""A score form in Excel: one sheet a unit, with a hidden sheet that identifies it."""

from collections.abc import Iterator
from typing import BinaryIO

from epa_score.exporters.xlsx_cells import text_for_cell, unchanged
from epa_score.exporters.xlsx_file import new_workbook
from epa_score.exporters.xlsx_form_looks import FormLooks
from epa_score.exporters.xlsx_form_sheet import Form, FormWriter
from epa_score.exporters.xlsx_page import CREATED, FONTS
from epa_score.i18n import Words, plain
from epa_score.model import ScoreSheet
from epa_score.model.form import FORM_SHEET, FORM_VERSION
from epa_score.reports.form import can_be_filled_in

__all__ = ["Form", "write_form"]

_LABELS = ("item", "cap", "score", "note", "unit", "period", "assessor", "date")
"""The words on a form by which it is read."""


def write_form(form: Form, file: BinaryIO, words: Words) -> None:
    """Write a workbook that holds one form, and from which the same sheet is read back.

    Raises `ValueError` for what a workbook cannot give back as it is, facts and measured numbers
    among it.
    """
    if not can_be_filled_in(form.rubric, form.sheet):
        message = "a form in a workbook has no place for facts and measured numbers"
        raise ValueError(message)
    for text in _texts_of(form.sheet) if form.sheet else ():
        unchanged(text)
    with new_workbook(file, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": form.rubric.title, "created": CREATED})
        looks = FormLooks(workbook, form.fonts)
        FormWriter(workbook.add_worksheet(words("form.sheet")), form, looks, words).write()
        hidden = workbook.add_worksheet(FORM_SHEET)
        hidden.very_hidden()
        for row, values in enumerate(_identity(form, words)):
            for column, value in enumerate(values):
                hidden.write_string(row, column, text_for_cell(value))


def _texts_of(sheet: ScoreSheet) -> Iterator[str]:
    yield from filter(None, (sheet.unit, sheet.period, sheet.assessor))
    for item in sheet.points:
        given = sheet.score(item)
        yield from filter(None, (given.note, *given.evidence))


def _identity(form: Form, words: Words) -> Iterator[tuple[str, ...]]:
    """What the hidden sheet says: which form this is, its labels, its items and evidence."""
    yield "format", FORM_VERSION
    yield "rubric", form.rubric.id
    yield "sha256", form.sha256
    if form.rubric.duty_units:
        yield "unit", form.unit
    for label in _LABELS:
        yield f"label.{label}", words(f"form.{label}")
    items = list(form.items())
    for item in items:
        yield "item", item.id, plain(item.max)
    given = [(item.id, form.sheet.score(item.id).evidence) for item in items] if form.sheet else []
    for name, evidence in given:
        if evidence:
            yield "evidence", name, *evidence
