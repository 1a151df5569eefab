"""What stands on a filled form below its items: bonuses, penalties and vetoes, with their facts."""

from collections.abc import Mapping
from decimal import Decimal

from epa_score.exporters.xlsx_cells import exact, write_text
from epa_score.exporters.xlsx_form_looks import lines_of
from epa_score.exporters.xlsx_form_page import (
    CAP,
    ID,
    LEAST,
    LINE,
    NOTE,
    SCORE,
    SECTION,
    TEXT,
    WIDTHS,
    FormPage,
)
from epa_score.exporters.xlsx_form_sums import FormSum
from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.adjustments import Adjustment
from epa_score.model.rule import Working
from epa_score.reports.form import Adjusting, Vetoes
from epa_score.reports.workings import note_text
from epa_score.scoring.adjusted import Added, Counted, adjustments_of


def write_beyond(
    page: FormPage,
    what: Adjusting | Vetoes,
    rubric: Rubric,
    sheet: ScoreSheet | None,
    words: Words,
) -> dict[str, int]:
    """Write adjustments of one way, or the vetoes; gives the row of what is added up, by name."""
    if isinstance(what, Vetoes):
        _write_vetoes(page, what, sheet.veto if sheet else {}, words)
        return {}
    found = {one.way: one for one in adjustments_of(rubric, sheet)} if sheet else {}
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


def _write_vetoes(
    page: FormPage, what: Vetoes, given: Mapping[str, str | None], words: Words
) -> None:
    """Write what there could be a veto for, and what happened."""
    _write_section(page, len(what.items), words("report.veto"))
    for veto in what.items:
        for column, text in ((ID, veto.id), (CAP, ""), (SCORE, "")):
            page.write(column, text, "center")
        page.write(TEXT, veto.text, "text")
        reason = given.get(veto.id) or ""
        page.write(NOTE, reason, "note")
        _next(page, veto.text, reason)


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
    _next(page, item.text, note)


def _next(page: FormPage, text: str, note: str) -> None:
    """Go on to the next row, the one that is left with room for its text and its note."""
    most = max(lines_of(text, WIDTHS[TEXT], "text"), lines_of(note, WIDTHS[NOTE], "note"))
    page.next(max(LEAST, most * LINE + 4), stretches=True)


def _write_points(page: FormPage, column: int, points: Decimal | None, style: str) -> None:
    look = page.look(style, column, column)
    if points is None:
        page.sheet.write_blank(page.row, column, None, look)
    else:
        page.sheet.write_number(page.row, column, exact(points), look)
