"""A table of units (登记表): a row a unit, a column a line of the form, read row by row.

Each row is a form whose lines lie side by side, so what holds for the cells of forms holds here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from epa_score.diagnostics import Kind, Parameter
from epa_score.model import QuotedText, same_name_key
from epa_score.model.form_record import FormRecord, sum_key
from epa_score.opc import WorkbookRefusedError
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.head import FIELDS, places_of, read_field, text_of_field
from epa_score.readers.excel.rows import check_line, looks_like_number, report_foreign_columns
from epa_score.readers.excel.scores import beyond_of, scores_of, shown_sum, width_of
from epa_score.readers.excel.tables import (
    TableOfUnits,
    check_worksheet_sight,
    titles_of_table,
)
from epa_score.readers.excel.workbook import (
    ExcelCell,
    column_is_hidden,
    is_picture,
    plain_text,
    row_is_hidden,
    shown,
)
from epa_score.readers.source import Source
from epa_score.reports.blank_record import TABLE_CAPS, TABLE_FIRST_UNIT, TABLE_TEXTS, what_title
from epa_score.values.names import names_a_summary

_MOST_LOOKED_AT = 5_000_000
"""Cells times the sizes and conditions of a worksheet that each of them is compared with."""
_ENDS = ("unit", "total", "note")


class TableHead(FormSheet):
    """The cells above the columns of a table, read as the lines of a form: its rows are columns."""

    __slots__ = ()

    def cell(self, row: int, name: str) -> ExcelCell:
        """The cell of that name above the column ``row``."""
        return self.sheet.cell(self.header + self.columns.get(name, 0), row)


class TableRow(FormSheet):
    """The row ``header`` of a table, read as a form: the rows of its lines are their columns.

    ``columns`` holds those of other cells by their name and the column of the line.
    """

    __slots__ = ()

    @property
    def shows_lines(self) -> bool:
        """False: they stand above the table, where they were looked at once."""
        return False

    def cell(self, row: int, name: str) -> ExcelCell:
        """The cell of that name which belongs to the line in the column ``row``."""
        return self.sheet.cell(self.header, self.columns.get(f"{name}.{row}", row))


def read_units(path: str, table: TableOfUnits) -> list[Source]:
    """A source for each row with anything in it: also for a unit that nobody has scored yet.

    What is wrong with the head of the table keeps all of it from being read; what is odd there is
    said with the first row. A table in which nothing stands is one source without a unit.
    """
    head = Source(path, part=table.sheet.title)
    try:
        check_worksheet_sight(table.sheet)
        _check_size(table)
    except WorkbookRefusedError as refused:
        head.findings = [refused.finding]
        return [head]
    form = _read_head(head, table)
    places = places_of(form)
    fields = {name: read_field(form, name, places[name]) for name in FIELDS if name != "unit"}
    given = {name: text for name, text in fields.items() if text is not None}
    rows = [row for row in _unit_rows(table) if _is_row(table, row)]
    _report_outside(form, table, rows)
    head.cells = form.cells
    if any(finding.kind.severity == "error" for finding in head.findings):
        return [head]
    if not rows:
        form.mark(("unit",), table.header + TABLE_FIRST_UNIT, table.columns["unit"])
        head.value = {"rubric": table.record.rubric, **given, "unit": None, "scores": {}}
        return [head]
    sources = [_read_row(path, table, row, form, given) for row in rows]
    sources[0].findings = [*head.findings, *sources[0].findings]
    return sources


def _check_size(table: TableOfUnits) -> None:
    """All rows and columns are looked at, and no more than can be looked at in time."""
    sheet = table.sheet
    rules = len(sheet.columns) + len(sheet.conditional_formats) + len(sheet.merged)
    if sheet.goes_on or len(sheet.cells) * rules > _MOST_LOOKED_AT:
        raise WorkbookRefusedError(Kind.WORKBOOK_TOO_LARGE)


def _unit_rows(table: TableOfUnits) -> range:
    return range(table.header + TABLE_FIRST_UNIT, table.last + 1)


def _read_head(head: Source, table: TableOfUnits) -> FormSheet:
    """Check what stands above the columns, and report whatever the table does not have."""
    rows = {"item": 0, "text": TABLE_TEXTS, "cap": TABLE_CAPS}
    lines = TableHead(head, table.sheet, table.record, table.header, rows, {})
    own = {name: column for name, column in table.columns.items() if name}
    form = FormSheet(head, table.sheet, table.record, table.header, own, lines.cells)
    form.mark((), table.header, own["unit"])
    form.mark(("scores",), table.header, own["unit"])
    for line, column in own.items():
        if line in table.record.texts:
            form.mark(("scores", line, "text"), table.header + TABLE_TEXTS, column)
            check_line(lines, line, column)
        else:
            for row in (TABLE_TEXTS, TABLE_CAPS):
                _report_stray(form, table.sheet.cell(table.header + row, column))
    reported = _check_titles(form, table)
    _report_strays(form)
    report_foreign_columns(form, table.last, reported)
    return form


def _check_titles(form: FormSheet, table: TableOfUnits) -> set[int]:
    """Report each column that is not there, or is there twice; gives where that is said."""
    titles = titles_of_table(table.record)
    seen: dict[str, ExcelCell] = {}
    twice: dict[int, tuple[str, ExcelCell]] = {}
    for cell in table.sheet.row(table.header):
        key = key_of(cell.value or "")
        if key in seen:
            twice[cell.column] = key, cell
        elif key in titles:
            seen[key] = cell
    previous = table.sheet.cell(table.header, table.columns["unit"])
    reported = set(twice)
    for key, name in titles.items():
        if key in seen:
            previous = seen[key]
            continue
        beside = table.sheet.cell(table.header, previous.column + 1)
        twice.pop(beside.column, None)  # one number over another is one fault
        reported.add(beside.column)
        about = {"item": key, "value": shown(beside.value)}
        form.report(
            Kind.ITEM_LINE_CHANGED, ("scores", name, "line"), beside, "missing_column", **about
        )
    for key, cell in twice.values():
        about = {"item": key, "column": seen[key].column_letter}
        keys = ("scores", titles[key], "line")
        form.report(Kind.ITEM_LINE_CHANGED, keys, cell, "twice_column", **about)
    return reported


def _report_strays(form: FormSheet) -> None:
    """Report what stands above the table and belongs to none of the fields."""
    names = [name for name in FIELDS if name in form.record.labels and name != "unit"]
    found = places_of(form)
    places = {name: found[name] for name in names}
    known = {cell.coordinate for own in places.values() for pair in own for cell in pair if cell}
    above = [cells for row, cells in form.sheet.filled.items() if row < form.header]
    lost = [name for name in names if not places[name]]
    # The title comes first, so what was written over a label is looked for from below.
    strays = [cells[0] for cells in reversed(above[1:]) if cells[0].coordinate not in known]
    for name, cell in zip(lost, strays, strict=False):
        label = key_of(form.record.labels[name]).rstrip(":：")
        form.report(Kind.LABEL_CHANGED, (name,), cell, label=label, value=shown(cell.value))
    rows = {mark.row for own in places.values() for mark, _ in own}
    for cell in (cell for cells in above for cell in cells if cell.row in rows):
        if cell.coordinate not in known:
            _report_stray(form, cell)


def _report_stray(form: FormSheet, cell: ExcelCell) -> None:
    """Report a cell that has nothing to say, if it does."""
    if plain_text(cell.value):
        keys = ("scores", "", cell.row, cell.column)
        form.report(Kind.CELL_NOT_READ, keys, cell, value=shown(cell.value))


def _report_outside(form: FormSheet, table: TableOfUnits, rows: Sequence[int]) -> None:
    """Report numbers below the table, and columns in which what is written cannot be seen."""
    sheet, record, inside = table.sheet, table.record, set(table.columns.values())
    for row in range(table.last + 1, sheet.max_row + 1):
        below = (cell for cell in sheet.row(row) if cell.column in inside)
        number = next(filter(looks_like_number, below), None)
        if number is not None:
            keys = ("scores", "", row)
            form.report(Kind.POINTS_OF_NO_ITEM, keys, number, value=shown(number.value))
    for name, column in table.columns.items():
        if name in ("total", "note"):
            continue
        cells = [sheet.cell(row, column) for row in rows]
        typed = [cell for cell in cells if _is_typed(cell, record.computed.get(name))]
        widths = (width_of(cell, is_fact=name in record.facts) for cell in typed)
        if typed and column_is_hidden(sheet, column, max(1.0, *widths)):
            title = sheet.cell(table.header, column)
            about = {"item": shown(title.value), "column": title.column_letter}
            form.report(Kind.COLUMN_HIDDEN, ("scores", "", column), title, "line", **about)


def _is_typed(cell: ExcelCell, word: str | None) -> bool:
    """True for a cell that holds something else than the word that was printed there."""
    return bool(plain_text(cell.value)) and key_of(cell.value) != key_of(word or "")


def _is_row(table: TableOfUnits, row: int) -> bool:
    """True for a row of a unit, or in which anything was typed."""
    own = dict(table.columns)
    total = table.sheet.cell(row, own.pop("total", 0))
    printed = total.formula or shown(total.value) == table.record.labels["computed"]
    if shown(total.value) and not printed:
        return True
    return any(
        _is_typed(table.sheet.cell(row, column), table.record.computed.get(name))
        for name, column in own.items()
    )


def _read_row(
    path: str, table: TableOfUnits, row: int, head: FormSheet, given: Mapping[str, str]
) -> Source:
    sheet, columns = table.sheet, table.columns
    source = Source(path, part=f"{sheet.title}!{row}")
    unit_cell = sheet.cell(row, columns["unit"])
    record = _record_of(table.record, shown(unit_cell.value))
    seen = replace(sheet, merged=[], rows={}, default_height=None)
    form = TableRow(source, seen, record, row, _cells_of_lines(table, record), dict(head.cells))
    for keys in ((), ("scores",)):
        form.mark(keys, row, unit_cell.column)
    unit = text_of_field(form, "unit", unit_cell, head.record.labels["unit"])
    if unit is not None and names_a_summary(unit):
        form.report(Kind.POINTS_OF_NO_ITEM, ("unit",), unit_cell, "summary", value=unit)
        source.cells = form.cells
        return source
    form = form._replace(notes=_reasons(form, sheet.cell(row, columns["note"])))
    _check_unit(form, record, unit, unit_cell)
    _report_hidden(form, table, unit)
    lines = {line: columns[line] for line in record.texts if line in columns}
    _report_merged(form, table, lines)
    _report_others(form, table, unit, lines)
    scores, beyond = scores_of(form, lines), beyond_of(form, lines)
    total = _total(form, table, lines)
    source.sums = {} if total is None else {"": total}
    source.value = {"rubric": record.rubric, "unit": unit, **given, "scores": scores, **beyond}
    source.cells = form.cells
    source.form = record
    return source


def _record_of(record: FormRecord, unit: str) -> FormRecord:
    """The record of a unit's row; that of the first for one that has no duties in the table."""
    key = same_name_key(unit)
    own = (one for one in record.table if one.unit is None or same_name_key(one.unit) == key)
    return next(own, record.table[0])


def _check_unit(form: FormSheet, record: FormRecord, unit: str | None, cell: ExcelCell) -> None:
    """A row of a unit with duties of its own is one that the table was made for."""
    if unit and record.unit and same_name_key(unit) != same_name_key(record.unit):
        form.report(Kind.FORM_OF_OTHER_UNIT, ("unit",), cell, "row", unit=unit)


def _cells_of_lines(table: TableOfUnits, record: FormRecord) -> dict[str, int]:
    """The columns of the cells that belong to a line beside its first, by name and line's column.

    The notes of all items share a cell; that of a line beyond the items has the facts themselves.
    """
    found = {}
    for line in record.texts:
        column = table.columns.get(line, 0)
        if line in record.items or line in record.given_beyond:
            found[f"note.{column}"] = table.columns["note"]
        elif record.beyond.get(line) == "veto":
            title = what_title(line, table.record.labels)
            found[f"note.{column}"] = table.columns.get(title, 0)
        elif line in record.beyond:
            found[f"score.{column}"] = 0
    return found


def _report_hidden(form: TableRow, table: TableOfUnits, unit: str | None) -> None:
    """Report a row that cannot be seen, by the first of the points in it."""
    if not row_is_hidden(table.sheet, form.header):
        return
    computed = table.record.computed
    columns = sorted((column, name) for name, column in table.columns.items() if name not in _ENDS)
    cells = ((table.sheet.cell(form.header, column), name) for column, name in columns)
    first = next((cell for cell, name in cells if _is_typed(cell, computed.get(name))), None)
    if first is not None:
        about = {"item": unit or "-", "value": shown(first.value)}
        form.report(Kind.LINE_HIDDEN, ("unit",), first, **about)


def _report_merged(form: TableRow, table: TableOfUnits, lines: Mapping[str, int]) -> None:
    """Report cells of a row that are merged with others: nobody knows whose they are."""
    own = set(table.columns.values())
    for area in table.sheet.merged:
        inside = own.intersection(range(area.min_col, area.max_col + 1))
        if inside and area.min_row <= form.header <= area.max_row:
            first = table.sheet.cell(area.min_row, area.min_col)
            keys = ("scores", "", area.min_row, area.min_col)
            form.report(Kind.CELL_MERGED, keys, first, "row", area=first.coordinate)
            merged = (line for line, column in lines.items() if column in inside)
            form.source.unread.update(map(form.record.item_of, merged))


def _report_others(
    form: TableRow, table: TableOfUnits, unit: str | None, lines: Mapping[str, int]
) -> None:
    """Report what was typed into columns of items that the unit does not have."""
    for line in table.record.texts:
        if line in lines:
            continue
        cell = table.sheet.cell(form.header, table.columns[line])
        if _is_typed(cell, table.record.computed.get(line)):
            about: dict[str, Parameter] = {"item": line, "unit": unit or "-"}
            about["value"] = shown(cell.value)
            form.report(Kind.POINTS_OF_NO_ITEM, ("scores", line), cell, "row", **about)


_ITEM = r"([A-Za-z][0-9]{1,3})(?![0-9A-Za-z-])"
_LINE = re.compile(rf"{_ITEM}\s*[:、.,)]?\s*")
"""The number of an item at the beginning of its reason."""

_NEXT_LINE = re.compile(rf"[;。]\s*(?={_ITEM})")
_PERHAPS_NEXT = re.compile(rf"(?:[:、.,)]\s*+|(?<!\s)\s++){_ITEM}")
"""What parts the reasons of two items, and what may do so or belong to a reason."""
_JOINED = re.compile(rf"(?:[和与及至到~/&+\-\u2013\u2014]|以及)\s*{_ITEM}")
"""A second item, behind the number of the first."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Full-width letters, digits and marks: a text keeps its length without them."""


def _reasons(form: TableRow, cell: ExcelCell) -> dict[str, str]:
    """The notes of items: each begins with the number of its item, and with a line."""
    label = form.record.labels["note"]
    keys = ("scores", "", form.header, cell.column)
    if is_picture(cell):
        form.report(Kind.NOTE_IS_PICTURE, keys, cell, item=label)
        return {}
    text = form.text(cell, keys, label)
    lines = (*form.record.items, *form.record.given_beyond)
    items = {item.casefold(): item for item in lines}
    found: dict[str, str] = {}
    for line in _split(text or "", items):
        narrow = line.translate(_NARROW)
        begin = _LINE.match(narrow)
        item = items.get(begin[1].casefold()) if begin else None
        end = begin.end() if begin else 0
        reason = line[end:].strip()
        others = [*_PERHAPS_NEXT.finditer(narrow, begin.end(1) if begin else 0)]
        others += filter(None, [_JOINED.match(narrow, end)])
        if item is None or not reason or any(other[1].casefold() in items for other in others):
            about = {"value": line, "item": form.record.items[0]}
            form.report(Kind.CELL_NOT_READ, keys, cell, "reason", **about)
        else:
            found[item] = QuotedText(f"{found[item]}\n{reason}" if item in found else reason)
    return found


def _split(text: str, items: Mapping[str, str]) -> Iterator[str]:
    """The lines of a text, and the parts of one that begin with the number of an item."""
    for line in text.splitlines():
        start = 0
        for mark in _NEXT_LINE.finditer(line.translate(_NARROW)):
            if mark[1].casefold() in items:
                yield line[start : mark.start()].strip()
                start = mark.end()
        if line[start:].strip():
            yield line[start:].strip()


def _total(form: TableRow, table: TableOfUnits, lines: Mapping[str, int]) -> Any:
    """The sum that a row shows, if anything: a formula without result shows nothing."""
    cell = table.sheet.cell(form.header, table.columns["total"])
    form.mark(("sums", ""), cell.row, cell.column)
    whole = next(row for row in form.record.sums if not row.section)
    rows = {str(form.header): "score", str(table.header + TABLE_CAPS): "cap"}
    items = {form.cell(column, "text").column_letter: line for line, column in lines.items()}
    key = ""
    if cell.formula == "normal":
        key = sum_key(shown(cell.value), rows, items, sideways=True)
    if cell.formula and cell.result is None and key != whole.key:
        return None
    return shown_sum(form, cell, follows=key == whole.key != "")
