"""Tables of all units (登记表), and what people type into them."""

import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from epa_score import Rubric, ScoreSheet
from epa_score.exporters.xlsx.form import UnitTable, write_table
from epa_score.i18n import Words
from epa_score.readers.files import READERS
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.reports.form_lines import fact_lines

HEADER, FIRST = 5, 8
"""The rows of the numbers and of the first unit, from 1."""


def table_of(rubric: Rubric, *units: str) -> bytes:
    """A blank table of some units, or of a row for any."""
    written = io.BytesIO()
    write_table(UnitTable(rubric, units or ("",)), written, Words(rubric.lang))
    return written.getvalue()


def read_table(data: bytes, shelf: RubricLibrary, *, incomplete: bool = True) -> list[SheetFile]:
    sources = READERS[".xlsx"]("登记表.xlsx", data)
    return [sheet_of(data, source, shelf, incomplete=incomplete) for source in sources]


def column_of(sheet: Any, title: str) -> int:
    """The column of a line, or of a title."""
    columns: list[int] = [cell.column for cell in sheet[HEADER] if cell.value == title]
    return columns[0]


def at(title: str, value: object, row: int = FIRST, **properties: object) -> Callable[[Any], None]:
    """Write a value into the column of a line."""

    def edit(workbook: Any) -> None:
        cell = workbook.worksheets[0].cell(row, column_of(workbook.worksheets[0], title))
        cell.value = value
        for name, one in properties.items():
            setattr(cell, name, one)

    return edit


def filled_table(rubric: Rubric, sheets: Iterable[ScoreSheet]) -> bytes:
    """A table into which somebody typed some sheets, which go there as far as there is room."""
    sheets = list(sheets)
    names = [sheet.unit for sheet in sheets] if rubric.differs_by_unit else [""] * len(sheets)
    workbook = load_workbook(io.BytesIO(table_of(rubric, *names)))
    for row, sheet in enumerate(sheets, FIRST):
        type_sheet(workbook.worksheets[0], row, rubric, sheet)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def type_sheet(page: Any, row: int, rubric: Rubric, sheet: ScoreSheet) -> None:
    """Type what a sheet says into a row."""
    words = Words(rubric.lang)
    scope = rubric.scope(sheet.unit)
    assert scope is not None

    def put(title: str, value: object) -> None:
        page.cell(row, column_of(page, title)).value = value

    put(words("form.table_unit"), sheet.unit)
    reasons = []
    for name, item in scope.items.items():
        given = sheet.score(name)
        reason = given.not_applicable or given.note
        if reason:
            reasons.append(f"{name} {reason}")
        if given.not_applicable:
            put(name, words("form.not_applicable"))
        elif given.score is not None:
            put(name, float(given.score))
        for line in fact_lines(item):
            fact = given.facts.get(line.fact.name)
            if fact is not None:
                is_number = line.fact.kind in ("count", "number")
                put(line.id, float(Decimal(str(fact))) if is_number else str(fact))
    reasons += _type_adjustments(put, sheet)
    for name, why in sheet.veto.items():
        put(name, words("form.yes") if why else None)
        put(f"{name} {words('form.table_what')}", why)
    put(words("form.note"), "\n".join(reasons) or None)


def _type_adjustments(put: Callable[[str, object], None], sheet: ScoreSheet) -> list[str]:
    """Type what a sheet says of adjustments; gives the reasons for numbers and points."""
    for name, facts in sheet.named_facts.items():
        put(name, "\n".join(facts) or None)
    scores = sheet.adjustment_scores
    for name, score in scores.items():
        number = score.value if score.score is None else score.score
        put(name, None if number is None else float(Decimal(number)))
    return [f"{name} {score.note}" for name, score in scores.items() if score.note]


def as_in_table(sheet: ScoreSheet) -> ScoreSheet:
    """A sheet without what a table has no room for: evidence, and figures beside a target."""
    scores: dict[str, object] = {}
    for name in sheet.scores:
        given = sheet.score(name)
        left_out = {"evidence", "measured"} | ({"note"} if given.not_applicable else set())
        scores[name] = given.model_dump(exclude=left_out, exclude_none=True)
    return ScoreSheet.model_validate(sheet.model_dump() | {"scores": scores})
