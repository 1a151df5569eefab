"""Tables in a workbook: the worksheets that hold a form or units, and the record of each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

from epa_score.diagnostics import Kind, Parameter
from epa_score.i18n import LANGUAGES, Words
from epa_score.model.form_record import FORM_SHEET, FormRecord
from epa_score.opc import WorkbookRefusedError, damaged
from epa_score.readers.excel.form import is_record, key_of, wording_key
from epa_score.readers.excel.workbook import Workbook, Worksheet, column_is_hidden, shown
from epa_score.reports.blank_record import (
    TABLE_FIRST_UNIT,
    TABLE_LABELS,
    form_labels,
    table_columns,
    what_title,
)

_WANTED = ("item", "text", "cap", "score", "note")
_TITLES = ("section", *_WANTED)
_PROGRAM = "epa-score"
_ALIKE = 3
"""Titles of columns in one row by which a table passes for that of a form."""
_TABLE_ENDS = ("unit", "total", "note")
_END_WORDS = {"unit": "table_unit", "total": "total", "note": "note"}
"""The words of their titles, by name."""


class FormTable(NamedTuple):
    """The worksheet that holds a form, the row of its header, its columns, and its labels."""

    sheet: Worksheet
    header: int
    columns: dict[str, int]
    labels: Mapping[str, str]


class FormOfWorkbook(NamedTuple):
    """A worksheet that holds a form, or passes for one and is ``refused``.

    There are no ``records`` where no hidden sheet knows it, as in a copy of the worksheet, and
    several where forms of several units show the same lines.
    """

    title: str
    table: FormTable | None = None
    records: Sequence[FormRecord] = ()
    refused: WorkbookRefusedError | None = None


def forms_in(workbook: Workbook, records: Sequence[FormRecord]) -> list[FormOfWorkbook]:
    """The forms of a workbook, one a worksheet.

    With several forms or records each form goes by those whose lines it shows.
    """
    labels = [record.labels for record in records] + [_labels_in(name) for name in LANGUAGES]
    found = [
        form
        for sheet in workbook.worksheets
        if not is_record(sheet)
        for form in _forms_of_sheet(sheet, labels, records)
    ]
    if len(found) == len(records) == 1:
        return [form._replace(records=records) for form in found]
    return [
        form._replace(records=records_shown(form.table, records)) if form.table else form
        for form in found
    ]


def is_result(workbook: Workbook) -> bool:
    """True for a results workbook, whose last worksheets may be forms: they are no input.

    It is known by the version of the tool in its last table, never by the names of worksheets
    alone, which an office may give as well.
    """
    return any(
        str(cell.value).startswith(f"{_PROGRAM} ")
        for sheet in workbook.worksheets
        if is_about(sheet.title)
        for cell in sheet.cells.values()
    )


def is_about(title: str) -> bool:
    """True for the title of the worksheet that says what a result was made of."""
    return title.startswith(tuple(Words(language)("sheet.about") for language in LANGUAGES))


@cache
def _labels_in(language: str) -> Mapping[str, str]:
    return form_labels(Words(language))


def _forms_of_sheet(
    sheet: Worksheet, labels: Sequence[Mapping[str, str]], records: Sequence[FormRecord]
) -> Iterator[FormOfWorkbook]:
    tables = next(filter(None, (list(_tables(sheet, words)) for words in labels)), [])
    refused = None
    if len(tables) > 1:
        refused = WorkbookRefusedError(Kind.SEVERAL_FORMS, {"sheets": (sheet.title,)})
    elif tables:
        refused = _refuse(tables[0])
    else:
        refused = _changed_title(sheet, labels)
        if refused is None and any(_looks_alike(sheet, record) for record in records):
            refused = WorkbookRefusedError(Kind.SEVERAL_FORMS, {"sheets": (sheet.title,)}, "alike")
    if refused is not None:
        yield FormOfWorkbook(sheet.title, refused=refused)
    elif tables:
        yield FormOfWorkbook(sheet.title, tables[0])


def _refuse(table: FormTable) -> WorkbookRefusedError | None:
    """The refusal of a table that has two columns of one title, or whose points are hidden."""
    try:
        _check_titles(table)
        _check_sight(table)
    except WorkbookRefusedError as refused:
        return refused
    return None


def records_shown(table: FormTable, records: Sequence[FormRecord]) -> list[FormRecord]:
    """The records with the most lines that a table shows, several where they are alike.

    None of them where that are fewer than half of its lines.
    """
    shown_lines = lines_shown(table)
    alike = []
    for record in records:
        texts = {line: wording_key(text) for line, text in record.texts.items()}
        number = sum(shown_lines.get(line) == text for line, text in texts.items())
        alike.append(number if 2 * number >= len(texts) else 0)
    most = max(alike, default=0)
    return [record for record, number in zip(records, alike, strict=True) if number == most > 0]


def lines_shown(table: FormTable) -> dict[str, str]:
    """The `wording_key` beside each number in a table."""
    sheet, columns = table.sheet, table.columns
    rows = range(table.header + 1, sheet.max_row + 1)
    numbers = {key_of(sheet.cell(row, columns["item"]).value or ""): row for row in rows}
    return {
        number: wording_key(sheet.cell(row, columns["text"]).value)
        for number, row in numbers.items()
        if number
    }


def with_section(table: FormTable, record: FormRecord) -> FormTable:
    """The table with its column of sections, which is known by them if not by its title."""
    column = table.columns["item"] - 1
    known = {key_of(title) for title in record.titles}
    cells = (table.sheet.cell(row, column) for row, at in table.sheet.cells if at == column)
    if "section" in table.columns or not any(key_of(cell.value or "") in known for cell in cells):
        return table
    return table._replace(columns={**table.columns, "section": column})


def with_self_scores(table: FormTable, record: FormRecord) -> FormTable:
    """The table with its column of self scores, where the form has any.

    Raises `WorkbookRefusedError` for two columns of that title.
    """
    title = key_of(record.labels.get("self_score", ""))
    row = table.sheet.row(table.header)
    found = [cell for cell in row if title and key_of(cell.value or "") == title]
    if len(found) > 1:
        cells = tuple(cell.coordinate for cell in found)
        about: dict[str, Parameter] = {"title": title, "cells": cells}
        raise WorkbookRefusedError(Kind.SEVERAL_FORMS, about, "columns")
    own = [("self_score", cell.column) for cell in found]
    return table._replace(columns={**table.columns, **dict(own)})


def _titles_of(labels: Mapping[str, str]) -> dict[str, str]:
    return {key_of(labels.get(name, "")): name for name in _TITLES}


def _tables(sheet: Worksheet, labels: Mapping[str, str]) -> Iterator[FormTable]:
    """The rows of a sheet that hold all titles of a form."""
    titles = _titles_of(labels)
    for number, row in sheet.filled.items():
        columns: dict[str, int] = {}
        for cell in row:
            columns.setdefault(titles.get(key_of(cell.value or ""), ""), cell.column)
        if columns.keys() >= {*_WANTED}:
            yield FormTable(sheet, number, columns, labels)


@cache
def _titles_of_self_scores() -> frozenset[str]:
    """The titles of the column that some forms have between points and notes."""
    return frozenset(key_of(Words(language)("form.self_score")) for language in LANGUAGES)


def _changed_title(
    sheet: Worksheet, labels: Sequence[Mapping[str, str]]
) -> WorkbookRefusedError | None:
    """The refusal of a table in which one title of a column was changed, if there is such a one."""
    for number, row in sheet.filled.items():
        for words in labels:
            titles = _titles_of(words)
            places = {titles.get(key_of(cell.value or ""), ""): cell for cell in row}
            lost = [name for name in _TITLES if name not in places]
            if len(lost) == 1:
                # It is one that is wanted: without the title of the sections it were a table.
                before = places[_TITLES[_TITLES.index(lost[0]) - 1]]
                cell = sheet.cell(number, before.column + 1)
                if key_of(cell.value or "") in _titles_of_self_scores():
                    cell = sheet.cell(number, cell.column + 1)
                label = key_of(words[lost[0]])
                about = {"label": label, "value": shown(cell.value), "cell": cell.coordinate}
                return WorkbookRefusedError(Kind.NOT_A_FORM, dict[str, Parameter](about), "title")
    return None


def _looks_alike(sheet: Worksheet, record: FormRecord) -> bool:
    """True where people would take a sheet for the form: by its titles, or by its item numbers."""
    titles = _titles_of(record.labels)
    numbers: dict[int, set[str]] = {}
    for row in sheet.filled.values():
        keys = [(key_of(cell.value or ""), cell.column) for cell in row]
        if len({titles[key] for key, _ in keys if key in titles}) >= _ALIKE:
            return True
        for key, column in keys:
            if key in record.items:
                numbers.setdefault(column, set()).add(key)
    least = max(2, (len(record.items) + 1) // 2)
    return any(len(found) >= least for found in numbers.values())


def _check_titles(table: FormTable) -> None:
    """No title that is read stands above two columns."""
    titles = _titles_of(table.labels)
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
    check_worksheet_sight(sheet)
    if column_is_hidden(sheet, column):
        letter = sheet.cell(table.header, column).column_letter
        raise WorkbookRefusedError(Kind.COLUMN_HIDDEN, {"column": letter})


def check_worksheet_sight(sheet: Worksheet) -> None:
    """The worksheet and its rows can be seen. Raises `WorkbookRefusedError`."""
    if sheet.state != "visible":
        raise WorkbookRefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title})
    if sheet.hides_rows:
        raise WorkbookRefusedError(Kind.FORM_HIDDEN, {"sheet": sheet.title}, "rows")


class TableOfUnits(NamedTuple):
    """The worksheet that holds a table: the row of its numbers, its columns, and its last row.

    ``columns`` are by the title that stands above them, ``unit``, ``total`` or ``note``.
    """

    sheet: Worksheet
    record: FormRecord
    header: int
    columns: Mapping[str, int]
    last: int


def tables_in(workbook: Workbook, records: Sequence[FormRecord]) -> list[TableOfUnits]:
    """The tables of units in a workbook, whose records are known.

    Raises `WorkbookRefusedError` for a record that nobody wrote but by hand.
    """
    if not all(map(_is_whole, records)):
        raise damaged("record", part=FORM_SHEET)
    sheets = [sheet for sheet in workbook.worksheets if not is_record(sheet)]
    return [table for sheet in sheets for table in _tables_of_sheet(sheet, records)]


def _is_whole(record: FormRecord) -> bool:
    """True where the record of a table has all that tables are read by."""
    totals = all(any(not row.section for row in own.sums) for own in record.table)
    return totals and bool(record.items) and record.labels.keys() >= {*TABLE_LABELS}


def _tables_of_sheet(sheet: Worksheet, records: Sequence[FormRecord]) -> Iterator[TableOfUnits]:
    wanted = [(record, titles_of_table(record)) for record in records]
    for number, row in sheet.filled.items() if wanted else ():
        keys: dict[str, int] = {}
        for cell in row:
            keys.setdefault(key_of(cell.value or ""), cell.column)
        for record, titles in wanted:
            columns = {name: keys[key] for key, name in titles.items() if key in keys}
            lines = record.texts.keys() & columns.keys()
            if "unit" in columns and 2 * len(lines) >= len(record.texts):
                yield TableOfUnits(sheet, record, number, columns, _last_row(sheet, record, number))
                return


_NUMBER_OF_ITEM = re.compile("[A-Z][0-9]{1,3}")


def tables_without_record(
    sheets: Iterable[Worksheet], titles: Sequence[str] = _TABLE_ENDS
) -> list[str]:
    """The worksheets with the head of a table of units: some items, and all of these ``titles``.

    People copy a worksheet into another workbook, and the hidden one stays behind.
    """
    ends = [
        {key_of(Words(language)(f"form.{_END_WORDS[title]}")) for language in LANGUAGES}
        for title in titles
    ]
    return [sheet.title for sheet in sheets if any(map(partial(_is_head, ends), _keys_in(sheet)))]


def _keys_in(sheet: Worksheet) -> Iterator[set[str]]:
    return ({key_of(cell.value or "") for cell in row} for row in sheet.filled.values())


def _is_head(ends: Sequence[set[str]], keys: set[str]) -> bool:
    numbers = [key for key in keys if _NUMBER_OF_ITEM.fullmatch(key)]
    return len(numbers) >= _ALIKE and all(keys & words for words in ends)


def titles_of_table(record: FormRecord) -> dict[str, str]:
    """The names of columns by the `key_of` of their titles."""
    asked = table_columns(record)
    titles = (what_title(line, record.labels) if asks == "what" else line for line, asks in asked)
    names = {key_of(title): title for title in titles}
    return names | {key_of(record.labels.get(name, "")): name for name in _TABLE_ENDS}


def _last_row(sheet: Worksheet, record: FormRecord, header: int) -> int:
    """The last row of a table, above the lines at its foot."""
    foot = {key_of(title) for title in record.titles}
    for number, row in sheet.filled.items():
        if number >= header + TABLE_FIRST_UNIT and any(
            key_of(cell.value or "") in foot for cell in row
        ):
            return number - 1
    return sheet.max_row
