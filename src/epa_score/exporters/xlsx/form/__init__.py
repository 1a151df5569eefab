"""A score form in Excel: one sheet a unit, with a hidden sheet that identifies it."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from epa_score.exporters.xlsx.cells import changes_in_cell, is_exact, text_for_cell, write_text
from epa_score.exporters.xlsx.form.content import Form
from epa_score.exporters.xlsx.form.inputs import names_in_cell
from epa_score.exporters.xlsx.form.sheet import FormWriter
from epa_score.exporters.xlsx.form.table import TableWriter, UnitTable
from epa_score.exporters.xlsx.formats import FormFormats
from epa_score.exporters.xlsx.workbook import CREATED, FONTS, new_workbook
from epa_score.i18n import Words
from epa_score.model import Score, ScoreSheet
from epa_score.model.form_record import FORM_SHEET, FormRecord, KeptText, SumRow, to_rows
from epa_score.reports.blank_record import blank_record
from epa_score.values.points import PLAIN_NUMBER

__all__ = ["Form", "UnitTable", "write_form", "write_table"]


def write_form(form: Form, file: BinaryIO, words: Words) -> None:
    """Write a workbook that holds one form, and from which the same sheet is read back.

    Raises `ValueError` for a number that a workbook cannot hold exactly.
    """
    with new_workbook(file, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": form.rubric.title, "created": CREATED})
        formats = FormFormats(workbook, form.fonts)
        sums = FormWriter(workbook.add_worksheet(words("form.sheet")), form, formats, words).write()
        _write_record(workbook, _form_record(form, sums))


def write_table(table: UnitTable, file: BinaryIO, words: Words) -> None:
    """Write a workbook that holds a table of units, from which the sheet of each row is read."""
    with new_workbook(file, font=FONTS.get(words.language)) as workbook:
        workbook.set_properties({"title": table.rubric.title, "created": CREATED})
        formats = FormFormats(workbook, table.fonts)
        sheet = workbook.add_worksheet(words("form.table_file"))
        _write_record(workbook, TableWriter(sheet, table, formats, words).write())


def _write_record(workbook: Any, record: FormRecord) -> None:
    hidden = workbook.add_worksheet(FORM_SHEET)
    hidden.very_hidden()
    for row, values in enumerate(to_rows(record)):
        for column, value in enumerate(values):
            write_text(hidden, row, column, value, None)


def has_too_many_digits(sheet: ScoreSheet) -> bool:
    """True for a sheet with a number as a fact that a workbook cannot hold exactly."""
    given = (text for score in sheet.with_facts.values() for _, text in _given_facts(score))
    return any(PLAIN_NUMBER.fullmatch(text) and not is_exact(text) for text in given)


def _form_record(form: Form, sums: Sequence[SumRow]) -> FormRecord:
    """The record for the hidden sheet: that of the blank form, its formulas, and kept texts."""
    record = blank_record(form.rubric, form.unit)._replace(sums=tuple(sums))
    if form.sheet is None:
        return record
    given = {name: form.sheet.score(name) for name in record.items}
    evidence = {name: score.evidence for name, score in given.items()}
    beyond = form.sheet.adjustment_scores.items()
    evidence |= {name: score.evidence for name, score in beyond}
    return record._replace(
        holder=form.sheet.unit,
        evidence={name: proofs for name, proofs in evidence.items() if proofs},
        measured={name: score.measured for name, score in given.items() if score.measured},
        notes={
            name: score.note
            for name, score in given.items()
            if score.not_applicable is not None and score.note is not None
        },
        kept=dict(_kept_texts(form.sheet)),
    )


def _kept_texts(sheet: ScoreSheet) -> Iterator[tuple[str, KeptText]]:
    """The texts of a sheet that cells would change, by name."""
    for name, text in _form_texts(sheet):
        if text is not None and changes_in_cell(text):
            yield name, KeptText(text_for_cell(text), text)


def _form_texts(sheet: ScoreSheet) -> Iterator[tuple[str, str | None]]:
    """Every text that stands on the form itself, with a name for it."""
    yield from (("unit", sheet.unit), ("period", sheet.period), ("assessor", sheet.assessor))
    yield "date", sheet.date if isinstance(sheet.date, str) else None
    for item in sheet.points:
        given = sheet.score(item)
        yield f"note.{item}", given.not_applicable or given.note
        yield from ((f"fact.{item}.{name}", fact) for name, fact in _given_facts(given))
    for name, facts in sheet.named_facts.items():
        yield f"adjustments.{name}", names_in_cell(facts) or None
    yield from ((f"note.{name}", score.note) for name, score in sheet.adjustment_scores.items())
    yield from ((f"veto.{name}", reason) for name, reason in sheet.veto.items())


def _given_facts(given: Score) -> Iterator[tuple[str, str]]:
    """The facts of an item as they were given."""
    return ((name, fact) for name, fact in given.__pydantic_extra__.items() if fact is not None)
