"""A score form in Excel: one sheet a unit, with a hidden sheet that identifies it."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from epa_score.exporters.xlsx.cells import is_changed, is_exact, text_for_cell, write_text
from epa_score.exporters.xlsx.form.content import Form
from epa_score.exporters.xlsx.form.inputs import adjustment_text, fact_text, names_in_cell
from epa_score.exporters.xlsx.form.sheet import FormWriter
from epa_score.exporters.xlsx.formats import FormFormats
from epa_score.exporters.xlsx.workbook import CREATED, FONTS, new_workbook
from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Score, ScoreSheet
from epa_score.model.form_record import FORM_SHEET, FORM_VERSION, in_cells
from epa_score.reports.form_lines import fact_lines, is_judged
from epa_score.values.points import PLAIN_NUMBER

__all__ = ["Form", "write_form"]

_COLUMNS = ("section", "item", "text", "cap", "score", "note")
_LABELS = (*_COLUMNS, "unit", "period", "assessor", "date", "computed")
"""The words on a form by which it is read."""


def write_form(form: Form, file: BinaryIO, words: Words) -> None:
    """Write a workbook that holds one form, and from which the same sheet is read back.

    Raises `ValueError` for a number that a workbook cannot hold exactly.
    """
    with new_workbook(file, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": form.rubric.title, "created": CREATED})
        formats = FormFormats(workbook, form.fonts)
        sums = FormWriter(workbook.add_worksheet(words("form.sheet")), form, formats, words).write()
        hidden = workbook.add_worksheet(FORM_SHEET)
        hidden.very_hidden()
        for row, values in enumerate((*_identity(form, words), *sums)):
            for column, value in enumerate(values):
                write_text(hidden, row, column, value, None)


def has_too_many_digits(sheet: ScoreSheet) -> bool:
    """Whether a sheet gives a number as a fact that a workbook cannot hold exactly."""
    given = (text for one in sheet.with_facts.values() for _, text in _facts_of(one))
    return any(PLAIN_NUMBER.fullmatch(text) and not is_exact(text) for text in given)


def _texts_of(sheet: ScoreSheet) -> Iterator[tuple[str, str | None]]:
    """Every text that stands on the form itself, with a name for it."""
    yield from (("unit", sheet.unit), ("period", sheet.period), ("assessor", sheet.assessor))
    for item in sheet.points:
        given = sheet.score(item)
        yield f"note.{item}", given.not_applicable or given.note
        yield from ((f"fact.{item}.{name}", fact) for name, fact in _facts_of(given))
    for name, facts in sheet.adjustments.items():
        yield f"adjustments.{name}", names_in_cell(facts) or None
    yield from ((f"veto.{name}", reason) for name, reason in sheet.veto.items())


def _facts_of(given: Score) -> Iterator[tuple[str, str]]:
    """The facts of an item as they were given."""
    return ((name, fact) for name, fact in given.__pydantic_extra__.items() if fact is not None)


def _identity(form: Form, words: Words) -> Iterator[tuple[str, ...]]:
    """What the hidden sheet says: which form this is, its labels and items, and what it keeps.

    The sums follow, each with its label and formula.
    """
    yield "format", FORM_VERSION
    yield "rubric", form.rubric.id
    yield "sha256", form.sha256
    if form.rubric.duty_units:
        yield "unit", form.unit
    for label in _LABELS:
        yield f"label.{label}", words(f"form.{label}")
    items = list(form.items())
    for item in items:
        yield "item", item.id, plain(item.max), item.text
    for item in items:
        if item.not_applicable is not None:
            yield "not_applicable", item.id, words("form.not_applicable")
        if not is_judged(item):
            yield "computed", item.id, words("form.computed")
        for line in fact_lines(item):
            text = fact_text(line.fact, words)
            yield "fact", line.id, "", text, item.id, line.fact.name, line.fact.kind
    yield from _beyond(form.rubric, words)
    if form.sheet is not None:
        yield from _kept(form.sheet, [item.id for item in items])


def _beyond(rubric: Rubric, words: Words) -> Iterator[tuple[str, ...]]:
    """What the hidden sheet says of adjustments and vetoes."""
    for item in rubric.adjustments.each if rubric.adjustments is not None else ():
        cap = "" if item.max is None else plain(item.max)
        yield "adjustment", item.id, cap, adjustment_text(item, words)
    for veto in rubric.veto:
        yield "veto", veto.id, "", veto.text


def _kept(sheet: ScoreSheet, items: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """What the sheet says of items that has no place on the form, or that cells would change.

    Evidence has no place, nor have measured numbers, nor a note where the reason stands why an item
    does not apply.
    """
    for item in items:
        given = sheet.score(item)
        if given.evidence:
            yield "evidence", item, *in_cells(given.evidence)
        if given.measured:
            yield "measured", item, *in_cells(given.measured)
        if given.not_applicable is not None and given.note is not None:
            yield "note", item, *in_cells(given.note)
    for name, text in _texts_of(sheet):
        if text is not None and is_changed(text):
            yield "kept", name, text_for_cell(text), *in_cells(text)
