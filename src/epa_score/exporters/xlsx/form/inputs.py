"""What stands on a form below its items: bonuses, penalties and vetoes, with their facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from epa_score.exporters.xlsx.cells import exact, write_text
from epa_score.exporters.xlsx.form.content import FormSum
from epa_score.exporters.xlsx.form.page import (
    CAP,
    ID,
    LEAST,
    NOTE,
    SCORE,
    SECTION,
    TEXT,
    FormPage,
)
from epa_score.exporters.xlsx_form_content import Form
from epa_score.i18n import Words, plain
from epa_score.model.adjustments import Adjustment
from epa_score.model.rule import Working
from epa_score.reports.form import Adjusting, Vetoes
from epa_score.reports.workings import note_text
from epa_score.scoring.adjusted import Added, Counted, adjustments_of


def write_beyond(
    page: FormPage,
    what: Adjusting | Vetoes,
    form: Form,
    words: Words,
) -> dict[str, int]:
    """Write adjustments of one way, or the vetoes; gives the row of what is added up, by name."""
    sheet = form.sheet
    if isinstance(what, Vetoes):
        _write_vetoes(page, what, sheet.veto if sheet else {}, words, asks=form.asks)
        return {}
    if form.asks:
        return {what.way: _ask_for_facts(page, what, sheet.adjustments if sheet else {}, words)}
    found = {one.way: one for one in adjustments_of(form.rubric, sheet)} if sheet else {}
    nothing = Added(what.way, (), Decimal(0), Working(Decimal(0), ()))
    return {what.way: _write_adjusting(page, what, found.get(what.way, nothing), words)}


def _write_adjusting(page: FormPage, what: Adjusting, added: Added, words: Words) -> int:
    """Write the adjustments of one way and their sum; gives the row of the sum."""
    first = page.row
    _write_section(page, len(what.items) + 1, words(f"report.{what.way}"))
    counted = {one.item.id: one for one in added.items}
    for item in what.items:
        _write_item(page, item, counted.get(item.id), words)
    page.write_across(ID, TEXT, words("form.subtotal", title="").strip(), "sum")
    _write_points(page, CAP, what.cap, "sum")
    rows = {item.id: first + number for number, item in enumerate(what.items)}
    formula = FormSum(what.sum, rows, words).formula()
    look = page.look("sum", SCORE, SCORE)
    page.sheet.write_formula(page.row, SCORE, formula, look, exact(added.points))
    page.write(NOTE, note_text(added.working, None, words), "note")
    page.next(LEAST)
    return page.row - 1


def _ask_for_facts(
    page: FormPage, what: Adjusting, given: Mapping[str, tuple[str, ...]], words: Words
) -> int:
    """Write where the names of facts go, one in a line; gives the row of the sum."""
    _write_section(page, len(what.items) + 1, words(f"report.{what.way}"))
    for item in what.items:
        text = adjustment_text(item, words)
        page.write(ID, item.id, "center")
        page.write(TEXT, text, "text")
        _write_points(page, CAP, item.max, "center")
        page.write(SCORE, "", "center")
        _ask(page, item.id, names_in_cell(given.get(item.id, ())), "form.prompt_facts", words)
        page.next_after(text, names_in_cell(given.get(item.id, ())))
    for column, label in ((ID, ""), (TEXT, words("form.subtotal", title="").strip())):
        page.write(column, label, "sum")
    _write_points(page, CAP, what.cap, "sum")
    page.write(SCORE, words("form.computed"), "sum")
    page.write(NOTE, "", "sum")
    page.next(LEAST)
    return page.row - 1


def _ask(page: FormPage, line: str, text: str, prompt: str, words: Words) -> None:
    """Write a place for words in the current row, with what is to be written there."""
    page.write(NOTE, text, "names")
    said = {"validate": "any", "input_title": line, "input_message": words(prompt)}
    page.sheet.data_validation(page.row, NOTE, page.row, NOTE, said)


def adjustment_text(item: Adjustment, words: Words) -> str:
    """What a form asks: which facts there are of a kind, and the points of each."""
    return words("report.with_each", text=item.text, each=plain(item.each))


def names_in_cell(names: Iterable[str]) -> str:
    """Names of facts as they stand in a cell, one in a line."""
    return "\n".join(names)


def _write_vetoes(
    page: FormPage,
    what: Vetoes,
    given: Mapping[str, str | None],
    words: Words,
    *,
    asks: bool,
) -> None:
    """Write what there could be a veto for, and what happened."""
    _write_section(page, len(what.items), words("report.veto"))
    for veto in what.items:
        for column, text in ((ID, veto.id), (CAP, ""), (SCORE, "")):
            page.write(column, text, "center")
        page.write(TEXT, veto.text, "text")
        reason = given.get(veto.id) or ""
        if asks:
            _ask(page, veto.id, reason, "form.prompt_veto", words)
        else:
            page.write(NOTE, reason, "note")
        page.next_after(veto.text, reason)


def _write_section(page: FormPage, rows: int, title: str) -> None:
    """Write a title beside so many rows, of which the current one is the first."""
    first, look = page.row, page.look("section", SECTION, SECTION)
    if rows > 1:
        page.sheet.merge_range(first, SECTION, first + rows - 1, SECTION, "", look)
    write_text(page.sheet, first, SECTION, title, look)


def _write_item(page: FormPage, item: Adjustment, counted: Counted | None, words: Words) -> None:
    page.write(ID, item.id, "center")
    page.write(TEXT, item.text, "text")
    _write_points(page, CAP, item.max, "center")
    _write_points(page, SCORE, counted.points if counted else Decimal(0), "center")
    note = note_text(counted.working if counted else None, None, words)
    page.write(NOTE, note, "note")
    page.next_after(item.text, note)


def _write_points(page: FormPage, column: int, points: Decimal | None, style: str) -> None:
    look = page.look(style, column, column)
    if points is None:
        page.sheet.write_blank(page.row, column, None, look)
    else:
        page.sheet.write_number(page.row, column, exact(points), look)
