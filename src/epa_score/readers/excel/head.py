"""Where in a workbook the form stands: its sheet, known by the header, and no other like it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from epa_score.diagnostics import Kind, Parameter
from epa_score.model.form import FORM_SHEET
from epa_score.readers.excel.cells import column_is_hidden
from epa_score.readers.excel.form import Identity, key_of, rows_of
from epa_score.readers.excel_refused import RefusedError

_WANTED = ("item", "text", "cap", "score", "note")
_TITLES = ("section", *_WANTED)
_ALIKE = 3
"""Titles of columns in one row by which a table passes for that of a form."""


class Table(NamedTuple):
    """The sheet that holds a form, the row of its header, and its columns."""

    sheet: Any
    header: int
    columns: dict[str, int]


def table_of(workbook: Any, identity: Identity) -> Table:
    """The table of the form.

    Raises `RefusedError` where there is none, another one like it, and where the points cannot
    be seen.
    """
    titles = {key_of(identity.labels.get(name, "")): name for name in _TITLES}
    found: list[Table] = []
    alike: list[str] = []
    for sheet in workbook.worksheets:
        if sheet.title.casefold() == FORM_SHEET:
            continue
        here = list(_tables(sheet, titles))
        found += here
        if len(here) > 1 or (not here and _looks_alike(sheet, titles, identity)):
            alike.append(sheet.title)
    if not found:
        raise RefusedError(Kind.NOT_A_FORM, variant="table")
    if len(found) > 1 or alike:
        names: dict[str, Parameter] = {
            "sheets": tuple(dict.fromkeys([one.sheet.title for one in found] + alike))
        }
        raise RefusedError(Kind.SEVERAL_FORMS, names)
    (table,) = found
    _check_titles(table, titles)
    _check_sight(table)
    return table


def _tables(sheet: Any, titles: dict[str, str]) -> Iterator[Table]:
    """The rows of a sheet that hold all titles of a form."""
    for number, row in enumerate(rows_of(sheet), 1):
        columns: dict[str, int] = {}
        for cell in row:
            columns.setdefault(titles.get(key_of(cell.value or ""), ""), cell.column)
        if columns.keys() >= {*_WANTED}:
            yield Table(sheet, number, columns)


def _looks_alike(sheet: Any, titles: dict[str, str], identity: Identity) -> bool:
    """Whether people would take a sheet for the form: by its titles, or by its item numbers."""
    numbers: dict[int, set[str]] = {}
    for row in rows_of(sheet):
        keys = [(key_of(cell.value or ""), cell.column) for cell in row]
        if len({titles[key] for key, _ in keys if key in titles}) >= _ALIKE:
            return True
        for key, column in keys:
            if key in identity.items:
                numbers.setdefault(column, set()).add(key)
    least = max(2, (len(identity.items) + 1) // 2)
    return any(len(found) >= least for found in numbers.values())


def _check_titles(table: Table, titles: dict[str, str]) -> None:
    """No title that is read stands above two columns."""
    seen: dict[str, str] = {}
    for cell in table.sheet[table.header]:
        key = key_of(cell.value or "")
        if titles.get(key, "section") == "section":
            continue
        if key in seen:
            names: dict[str, Parameter] = {"title": key, "cells": (seen[key], cell.coordinate)}
            raise RefusedError(Kind.SEVERAL_FORMS, names, "columns")
        seen[key] = cell.coordinate


def _check_sight(table: Table) -> None:
    """The points can be seen."""
    sheet, column = table.sheet, table.columns["score"]
    if sheet.sheet_state != "visible":
        raise RefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title})
    if sheet.sheet_format.zeroHeight:
        raise RefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title}, "rows")
    if column_is_hidden(sheet, column):
        letter = sheet.cell(table.header, column).column_letter
        raise RefusedError(Kind.COLUMN_HIDDEN, {"column": letter})
