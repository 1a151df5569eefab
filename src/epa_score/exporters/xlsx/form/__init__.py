"""A score form in Excel: one sheet a unit, with a hidden sheet that identifies it."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from epa_score.exporters.xlsx.cells import changes_in_cell, is_exact, text_for_cell, write_text
from epa_score.exporters.xlsx.form.content import Form
from epa_score.exporters.xlsx.form.inputs import adjustment_text, fact_text, names_in_cell
from epa_score.exporters.xlsx.form.sheet import FormWriter
from epa_score.exporters.xlsx.formats import FormFormats
from epa_score.exporters.xlsx.workbook import CREATED, FONTS, new_workbook
from epa_score.i18n import Words, plain
from epa_score.model import Score, ScoreSheet
from epa_score.model.form_record import (
    FORM_SHEET,
    FactRow,
    FormRecord,
    KeptText,
    SumRow,
    to_rows,
)
from epa_score.reports.form_lines import fact_lines, is_judged
from epa_score.values.points import PLAIN_NUMBER

__all__ = ["Form", "write_form"]

_COLUMNS = ("section", "item", "text", "cap", "score", "note")
_LABELS = (*_COLUMNS, "unit", "period", "assessor", "date", "computed")
"""The words on a form by which it is read."""
_ANSWERS = ("yes", "no")
"""Further words, on a form that asks whether there is a veto."""


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
        for row, values in enumerate(to_rows(_form_record(form, sums, words))):
            for column, value in enumerate(values):
                write_text(hidden, row, column, value, None)


def has_too_many_digits(sheet: ScoreSheet) -> bool:
    """True for a sheet with a number as a fact that a workbook cannot hold exactly."""
    given = (text for score in sheet.with_facts.values() for _, text in _given_facts(score))
    return any(PLAIN_NUMBER.fullmatch(text) and not is_exact(text) for text in given)


def _form_record(form: Form, sums: Sequence[SumRow], words: Words) -> FormRecord:
    """The record for the hidden sheet: which form this is, its labels, lines, and kept texts."""
    items = {item.id: item for item in form.items()}
    facts = {line.id: line for item in items.values() for line in fact_lines(item)}
    adjustments = form.rubric.adjustments.each if form.rubric.adjustments is not None else ()
    caps = {name: plain(item.max) for name, item in items.items()} | dict.fromkeys(facts, "")
    texts = {name: item.text for name, item in items.items()}
    texts |= {name: fact_text(line.fact, words) for name, line in facts.items()}
    for item in adjustments:
        caps[item.id] = "" if item.max is None else plain(item.max)
        texts[item.id] = adjustment_text(item, words)
    for veto in form.rubric.veto:
        caps[veto.id], texts[veto.id] = "", veto.text
    labels = (*_LABELS, *(_ANSWERS if form.rubric.veto else ()))
    given = {} if form.sheet is None else {name: form.sheet.score(name) for name in items}
    return FormRecord(
        rubric=form.rubric.id,
        sha256=form.sha256,
        unit=form.unit if form.rubric.duty_units else None,
        labels={label: words(f"form.{label}") for label in labels},
        items=tuple(items),
        facts={
            name: FactRow(line.item, line.fact.name, line.fact.kind) for name, line in facts.items()
        },
        beyond=dict.fromkeys((item.id for item in adjustments), "adjustment")
        | dict.fromkeys((veto.id for veto in form.rubric.veto), "veto"),
        caps=caps,
        texts=texts,
        computed={
            name: words("form.computed") for name, item in items.items() if not is_judged(item)
        },
        inapplicable={
            name: words("form.not_applicable")
            for name, item in items.items()
            if item.not_applicable is not None
        },
        sums=tuple(sums),
        evidence={name: score.evidence for name, score in given.items() if score.evidence},
        measured={name: score.measured for name, score in given.items() if score.measured},
        notes={
            name: score.note
            for name, score in given.items()
            if score.not_applicable is not None and score.note is not None
        },
        kept={} if form.sheet is None else dict(_kept_texts(form.sheet)),
    )


def _kept_texts(sheet: ScoreSheet) -> Iterator[tuple[str, KeptText]]:
    """The texts of a sheet that cells would change, by name."""
    for name, text in _form_texts(sheet):
        if text is not None and changes_in_cell(text):
            yield name, KeptText(text_for_cell(text), text)


def _form_texts(sheet: ScoreSheet) -> Iterator[tuple[str, str | None]]:
    """Every text that stands on the form itself, with a name for it."""
    yield from (("unit", sheet.unit), ("period", sheet.period), ("assessor", sheet.assessor))
    for item in sheet.points:
        given = sheet.score(item)
        yield f"note.{item}", given.not_applicable or given.note
        yield from ((f"fact.{item}.{name}", fact) for name, fact in _given_facts(given))
    for name, facts in sheet.adjustments.items():
        yield f"adjustments.{name}", names_in_cell(facts) or None
    yield from ((f"veto.{name}", reason) for name, reason in sheet.veto.items())


def _given_facts(given: Score) -> Iterator[tuple[str, str]]:
    """The facts of an item as they were given."""
    return ((name, fact) for name, fact in given.__pydantic_extra__.items() if fact is not None)
