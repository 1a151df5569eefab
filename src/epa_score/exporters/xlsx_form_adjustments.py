"""What stands on a filled form below its items: bonuses and penalties, with how they came about."""

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
from epa_score.exporters.xlsx_form_rules import sum_of
from epa_score.i18n import Words
from epa_score.model.adjustments import Adjustment
from epa_score.reports.form import Adjusting
from epa_score.reports.workings import note_text
from epa_score.scoring.adjusted import Added, Counted


def write_adjusting(page: FormPage, what: Adjusting, added: Added, words: Words) -> int:
    """Write the adjustments of one way and their sum; gives the row of the sum."""
    first = page.row
    counted = {one.item.id: one for one in added.items}
    for item in what.items:
        _write_item(page, item, counted.get(item.id), words)
    page.write_across(ID, TEXT, words("form.subtotal", title="").strip(), "sum")
    _write_points(page, CAP, what.cap, "sum")
    cells = {item.id: (first + number, SCORE) for number, item in enumerate(what.items)}
    formula = sum_of(what.sum, cells, words("form.wrong"))
    look = page.look("sum", SCORE, SCORE)
    page.sheet.write_formula(page.row, SCORE, formula, look, exact(added.working.points))
    page.write(NOTE, note_text(added.working, None, words), "note")
    page.sheet.merge_range(
        first, SECTION, page.row, SECTION, "", page.look("section", SECTION, SECTION)
    )
    title = words(f"report.{what.way}")
    write_text(page.sheet, first, SECTION, title, page.look("section", SECTION, SECTION))
    page.next(LEAST)
    return page.row - 1


def _write_item(page: FormPage, item: Adjustment, counted: Counted | None, words: Words) -> None:
    page.write(ID, item.id, "center")
    page.write(TEXT, item.text, "text")
    _write_points(page, CAP, item.max, "center")
    _write_points(page, SCORE, counted.working.points if counted else Decimal(0), "center")
    note = note_text(counted.working if counted else None, None, words)
    page.write(NOTE, note, "note")
    most = max(lines_of(item.text, WIDTHS[TEXT], "text"), lines_of(note, WIDTHS[NOTE], "note"))
    page.next(max(LEAST, most * LINE + 4), stretches=True)


def _write_points(page: FormPage, column: int, points: Decimal | None, style: str) -> None:
    look = page.look(style, column, column)
    if points is None:
        page.sheet.write_blank(page.row, column, None, look)
    else:
        page.sheet.write_number(page.row, column, exact(points), look)
