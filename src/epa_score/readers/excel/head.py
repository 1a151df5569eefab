"""The head of a form: the sheet it stands on, its header row, and the fields above it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import same_name_key
from epa_score.model.form_record import FORM_SHEET, FormRecord
from epa_score.readers.excel.archive import WorkbookRefusedError
from epa_score.readers.excel.cells import (
    cell_is_hidden,
    column_is_hidden,
    is_picture,
    plain_text,
    shown,
)
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.number_formats import shows_plainly, shows_whole_day
from epa_score.readers.excel.scores import conditional_formats
from epa_score.readers.excel.workbook import ExcelCell, Workbook, Worksheet
from epa_score.values.days import days_in

_WANTED = ("item", "text", "cap", "score", "note")
_TITLES = ("section", *_WANTED)
_ALIKE = 3
"""Titles of columns in one row by which a table passes for that of a form."""


class FormTable(NamedTuple):
    """The sheet that holds a form, the row of its header, and its columns."""

    sheet: Worksheet
    header: int
    columns: dict[str, int]


def table_of(workbook: Workbook, record: FormRecord) -> FormTable:
    """The table of the form.

    Raises `WorkbookRefusedError` where there is none, another one like it, and where the points
    cannot be seen.
    """
    titles = {key_of(record.labels.get(name, "")): name for name in _TITLES}
    found: list[FormTable] = []
    alike: list[str] = []
    for sheet in workbook.worksheets:
        if sheet.title.casefold() == FORM_SHEET:
            continue
        here = list(_tables(sheet, titles))
        found += here
        if len(here) > 1 or (not here and _looks_alike(sheet, titles, record)):
            alike.append(sheet.title)
    if not found:
        raise _changed_title(workbook, titles) or WorkbookRefusedError(
            Kind.NOT_A_FORM, variant="table"
        )
    if len(found) > 1 or alike:
        names: dict[str, Parameter] = {
            "sheets": tuple(dict.fromkeys([entry.sheet.title for entry in found] + alike))
        }
        raise WorkbookRefusedError(Kind.SEVERAL_FORMS, names)
    (table,) = found
    _check_titles(table, titles)
    _check_sight(table)
    return _with_section(table, record)


def _with_section(table: FormTable, record: FormRecord) -> FormTable:
    """The table with its column of sections, which is known by them if not by its title."""
    column = table.columns["item"] - 1
    known = {key_of(title) for title in record.titles}
    cells = (table.sheet.cell(row, column) for row, at in table.sheet.cells if at == column)
    if "section" in table.columns or not any(key_of(cell.value or "") in known for cell in cells):
        return table
    return table._replace(columns={**table.columns, "section": column})


def _tables(sheet: Worksheet, titles: dict[str, str]) -> Iterator[FormTable]:
    """The rows of a sheet that hold all titles of a form."""
    for number, row in sheet.filled_rows():
        columns: dict[str, int] = {}
        for cell in row:
            columns.setdefault(titles.get(key_of(cell.value or ""), ""), cell.column)
        if columns.keys() >= {*_WANTED}:
            yield FormTable(sheet, number, columns)


def _changed_title(workbook: Workbook, titles: dict[str, str]) -> WorkbookRefusedError | None:
    """The refusal of a table in which one title of a column was changed, if there is such a one."""
    for sheet in workbook.worksheets:
        for number, row in sheet.filled_rows():
            places = {titles.get(key_of(cell.value or ""), ""): cell for cell in row}
            lost = [name for name in _TITLES if name not in places]
            if len(lost) != 1:
                continue
            before, after = _TITLES.index(lost[0]) - 1, _TITLES.index(lost[0]) + 1
            column = (
                places[_TITLES[before]].column + 1
                if before >= 0
                else places[_TITLES[after]].column - 1
            )
            cell = sheet.cell(number, column)
            about: dict[str, Parameter] = {
                "label": next(key for key, name in titles.items() if name == lost[0]),
                "value": shown(cell.value),
                "cell": cell.coordinate,
            }
            return WorkbookRefusedError(Kind.NOT_A_FORM, about, "title")
    return None


def _looks_alike(sheet: Worksheet, titles: dict[str, str], record: FormRecord) -> bool:
    """True where people would take a sheet for the form: by its titles, or by its item numbers."""
    numbers: dict[int, set[str]] = {}
    for _, row in sheet.filled_rows():
        keys = [(key_of(cell.value or ""), cell.column) for cell in row]
        if len({titles[key] for key, _ in keys if key in titles}) >= _ALIKE:
            return True
        for key, column in keys:
            if key in record.items:
                numbers.setdefault(column, set()).add(key)
    least = max(2, (len(record.items) + 1) // 2)
    return any(len(found) >= least for found in numbers.values())


def _check_titles(table: FormTable, titles: dict[str, str]) -> None:
    """No title that is read stands above two columns."""
    seen: dict[str, str] = {}
    for cell in table.sheet.row(table.header):
        key = key_of(cell.value or "")
        if titles.get(key, "section") == "section":
            continue
        if key in seen:
            names: dict[str, Parameter] = {"title": key, "cells": (seen[key], cell.coordinate)}
            raise WorkbookRefusedError(Kind.SEVERAL_FORMS, names, "columns")
        seen[key] = cell.coordinate


def _check_sight(table: FormTable) -> None:
    """The points can be seen."""
    sheet, column = table.sheet, table.columns["score"]
    if sheet.state != "visible":
        raise WorkbookRefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title})
    if sheet.hides_rows:
        raise WorkbookRefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title}, "rows")
    if column_is_hidden(sheet, column):
        letter = sheet.cell(table.header, column).column_letter
        raise WorkbookRefusedError(Kind.COLUMN_HIDDEN, {"column": letter})


_FIELDS = ("unit", "period", "assessor", "date")


def fields_of(form: FormSheet) -> dict[str, str | None]:
    """The fields that are filled in, and the unit in any case."""
    _report_strays(form)
    found = {name: _field(form, name) for name in _FIELDS}
    _check_unit(form, found["unit"])
    return {name: text for name, text in found.items() if text is not None or name == "unit"}


_BESIDE = {"unit": "date", "date": "unit", "assessor": "period", "period": "assessor"}
"""The field in the same row of a form as each."""


def _report_strays(form: FormSheet) -> None:
    """Report what stands in the rows of the fields and belongs to none of them.

    Where a label was overwritten its field is lost, and that is what is said.
    """
    places = {name: list(_places(form, name)) for name in _FIELDS}
    known = {cell.coordinate for own in places.values() for pair in own for cell in pair if cell}
    rows = {mark.row: name for name, own in places.items() for mark, _ in own}
    columns = {column for name, column in form.columns.items() if name}
    for row, name in rows.items():
        strays = [
            cell
            for cell in form.sheet.row(row)
            if row < form.header
            and cell.coordinate not in known
            and min(columns) <= cell.column <= max(columns)
            and plain_text(cell.value)
        ]
        if not strays:
            continue
        missing, value = _BESIDE[name], shown(strays[0].value)
        if places[missing]:
            keys = ("scores", "", row, strays[0].column)
            form.report(Kind.CELL_NOT_READ, keys, strays[0], value=value)
        else:
            label = key_of(form.record.labels[missing]).rstrip(":：")
            form.report(Kind.LABEL_CHANGED, (missing,), strays[0], label=label, value=value)


def _field(form: FormSheet, name: str) -> str | None:
    """The text beside a label: one thing, in sight, however often the label is there."""
    label = key_of(form.record.labels[name]).rstrip(":：")
    places = list(_places(form, name))
    filled = [(mark, cell) for mark, cell in places if cell is not None]
    for mark, cell in filled:
        if cell_is_hidden(mark) or cell_is_hidden(cell):
            kind, variant = _fault(name, Kind.FIELD_HIDDEN, "hidden")
            form.report(kind, (name,), cell, variant, field=name, value=shown(cell.value))
            return None
    if len({_meaning(name, shown(cell.value)) for _, cell in filled}) > 1:
        values = tuple(shown(cell.value) for _, cell in filled)
        cells = tuple(cell.coordinate for _, cell in filled)
        last = filled[-1][1]
        kind, variant = _fault(name, Kind.FIELD_TWICE, "twice")
        form.report(kind, (name,), last, variant, field=name, values=values, cells=cells)
        return None
    if filled:
        return _text(form, name, filled[0][1], label)
    for mark, _ in places:
        form.mark((name,), mark.row, mark.column)
    return None


def _fault(name: str, kind: Kind, variant: str) -> tuple[Kind, str]:
    """The kind of a fault of a field and its variant: a date touches no total and stops nothing."""
    return (Kind.DATE_NOT_ISO, variant) if name == "date" else (kind, "")


def _meaning(name: str, text: str) -> object:
    """What is equal for two texts of a field that say the same."""
    return (name == "date" and days_in(text)) or key_of(text)


def _places(form: FormSheet, name: str) -> Iterator[tuple[ExcelCell, ExcelCell | None]]:
    """Each cell with the label of a field, and the one to its right that is filled in, if any."""
    label = key_of(form.record.labels[name])
    labels = {key_of(label) for label in form.record.labels.values()}
    for _, row in form.sheet.filled_rows():
        for place, cell in enumerate(row):
            if key_of(cell.value or "") != label:
                continue
            right = next((cell for cell in row[place + 1 :] if cell.value is not None), None)
            is_label = right is not None and key_of(right.value) in labels
            yield cell, None if is_label else right


def _text(form: FormSheet, name: str, cell: ExcelCell, label: str) -> str | None:
    """The text of a field; none of it may be a formula, and only the day may be a date."""
    form.mark((name,), cell.row, cell.column)
    if name == "date":
        return form.as_kept(name, _date(form, cell))
    if cell.is_date:
        value = shown(cell.value)
        form.report(Kind.CELL_DATE, (name,), cell, "text", item=label, value=value)
        return None
    return form.as_kept(name, form.text(cell, (name,), label))


def _date(form: FormSheet, cell: ExcelCell) -> str | None:
    """The text of the date, or its day where the cell shows that in whole; else a warning."""
    if is_picture(cell):
        variant = "picture"
    elif cell.formula or cell.is_error:
        variant = "cell"
    elif isinstance(cell.value, str | bool) or _shows_date(cell):
        return form.text(cell, ("date",), "")
    else:
        variant = "format"
    value, code = shown(cell.value), next(iter(conditional_formats(cell)), cell.number_format)
    form.report(Kind.DATE_NOT_ISO, ("date",), cell, variant, field="date", value=value, format=code)
    return None


def _shows_date(cell: ExcelCell) -> bool:
    """True where a cell shows the whole day, or the plain number, that it holds.

    One that shows 12月20日 holds the year in which that was typed, which nobody meant or sees.
    """
    if conditional_formats(cell):
        return False
    if isinstance(cell.value, Decimal):
        return shows_plainly(cell.number_format, cell.value)
    return shows_whole_day(cell.number_format)


def _check_unit(form: FormSheet, unit: str | None) -> None:
    """A form with duties of its own is filled in for the unit that has them."""
    meant = form.record.unit
    if unit and meant and same_name_key(unit) != same_name_key(meant):
        parameters = {"unit": unit, "printed": meant}
        finding = Finding(Kind.FORM_OF_OTHER_UNIT, Place(("unit",)), dict(parameters))
        form.source.findings.append(finding)
