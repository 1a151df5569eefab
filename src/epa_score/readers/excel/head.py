"""The fields in the head of a form, above its table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import same_name_key
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.number_formats import shows_plainly, shows_text, shows_whole_day
from epa_score.readers.excel.workbook import (
    ExcelCell,
    cell_is_hidden,
    conditional_formats,
    formats_of,
    is_picture,
    plain_text,
    shown,
)
from epa_score.values.days import days_in

FIELDS = ("unit", "period", "assessor", "date")

FieldPlace: TypeAlias = tuple[ExcelCell, ExcelCell | None]
"""The label of a field, and the cell beside it that is filled in, if any."""


def fields_of(form: FormSheet) -> dict[str, str | None]:
    """The fields that are filled in, and the unit in any case."""
    places = places_of(form)
    _report_strays(form, places)
    found = {name: read_field(form, name, places[name]) for name in FIELDS}
    _check_unit(form, found["unit"])
    return {name: text for name, text in found.items() if text is not None or name == "unit"}


_BESIDE = {"unit": "date", "date": "unit", "assessor": "period", "period": "assessor"}
"""The field in the same row of a form as each, as they stand there."""


def _report_strays(form: FormSheet, places: Mapping[str, Sequence[FieldPlace]]) -> None:
    """Report what stands in the rows of the fields and belongs to none of them.

    Where a label was overwritten its field is lost, and that is what is said.
    """
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
        missing = _BESIDE[name]
        if places[missing]:
            keys = ("scores", "", row, strays[0].column)
            form.report(Kind.CELL_NOT_READ, keys, strays[0], value=shown(strays[0].value))
        else:
            _report_lost_label(form, missing, strays[0])
    lost = [name for name in _BESIDE if not places[name] and not places[_BESIDE[name]]]
    for name, cell in zip(lost, _cells_without_labels(form, rows), strict=False):
        _report_lost_label(form, name, cell)


def _cells_without_labels(form: FormSheet, rows: Collection[int]) -> Iterator[ExcelCell]:
    """The cells of rows in which every label is lost; what is above all labels is a title."""
    columns = {column for name, column in form.columns.items() if name}
    for row, cells in form.sheet.filled.items():
        if min(rows, default=1) < row < form.header and row not in rows:
            inside = (cell for cell in cells if min(columns) <= cell.column <= max(columns))
            yield from (cell for cell in inside if plain_text(cell.value))


def _report_lost_label(form: FormSheet, name: str, cell: ExcelCell) -> None:
    label = key_of(form.record.labels[name]).rstrip(":：")
    form.report(Kind.LABEL_CHANGED, (name,), cell, label=label, value=shown(cell.value))


def read_field(form: FormSheet, name: str, places: Sequence[FieldPlace]) -> str | None:
    """The text beside a label: one thing, in sight, however often the label is there."""
    label = key_of(form.record.labels[name]).rstrip(":：")
    filled = [(mark, cell) for mark, cell in places if cell is not None]
    for mark, cell in filled:
        if cell_is_hidden(mark) or cell_is_hidden(cell):
            kind, variant = _fault(name, Kind.FIELD_HIDDEN, "hidden")
            form.report(kind, (name,), cell, variant, field=name, value=shown(cell.value))
            return None
    if len(filled) > 1 and len({_meaning(name, shown(cell.value)) for _, cell in filled}) > 1:
        values = tuple(shown(cell.value) for _, cell in filled)
        cells = tuple(cell.coordinate for _, cell in filled)
        last = filled[-1][1]
        kind, variant = _fault(name, Kind.FIELD_TWICE, "twice")
        form.report(kind, (name,), last, variant, field=name, values=values, cells=cells)
        return None
    if filled:
        return text_of_field(form, name, filled[0][1], label)
    for mark, _ in places:
        form.mark((name,), mark.row, mark.column)
        above = _merged_from_above(form, mark)
        if above is not None:
            form.report(Kind.CELL_MERGED, (name,), above, "field", item=label)
    return None


def _merged_from_above(form: FormSheet, mark: ExcelCell) -> ExcelCell | None:
    """The cell with a text that reaches from a row above into the place beside a label."""
    row = form.sheet.row(mark.row)[mark.column :]
    end = next((cell.column for cell in row if cell.value is not None), form.sheet.max_column + 1)
    for area in form.sheet.merged:
        first = form.sheet.cell(area.min_row, area.min_col)
        if area.min_row < mark.row <= area.max_row and mark.column < first.column < end:
            return first if plain_text(first.value) else None
    return None


def _fault(name: str, kind: Kind, variant: str) -> tuple[Kind, str]:
    """The kind of a fault of a field and its variant: a date touches no total and stops nothing."""
    return (Kind.DATE_NOT_ISO, variant) if name == "date" else (kind, "")


def _meaning(name: str, text: str) -> object:
    """What is equal for two texts of a field that say the same."""
    return (name == "date" and days_in(text)) or key_of(text)


def places_of(form: FormSheet) -> dict[str, list[FieldPlace]]:
    """Each cell with the label of a field, and the one to its right that is filled in, if any."""
    labels = {key_of(label) for label in form.record.labels.values()}
    given = form.record.labels
    names = {key_of(given[name]): name for name in FIELDS if name in given}
    found: dict[str, list[FieldPlace]] = {name: [] for name in FIELDS}
    for row in form.sheet.filled.values():
        for place, cell in enumerate(row):
            name = names.get(key_of(cell.value or ""))
            if name is None:
                continue
            right = next((cell for cell in row[place + 1 :] if cell.value is not None), None)
            is_label = right is not None and key_of(right.value) in labels
            found[name].append((cell, None if is_label else right))
    return found


def text_of_field(form: FormSheet, name: str, cell: ExcelCell, label: str) -> str | None:
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
    elif isinstance(cell.value, bool) or _shows_date(cell):
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
    if isinstance(cell.value, str):
        return all(map(shows_text, formats_of(cell)))
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
