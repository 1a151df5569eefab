"""The fields in the head of a form, above its table."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import same_name_key
from epa_score.readers.excel.cells import (
    cell_is_hidden,
    is_picture,
    plain_text,
    shown,
)
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.number_formats import shows_plainly, shows_whole_day
from epa_score.readers.excel.scores import conditional_formats
from epa_score.readers.excel.workbook import ExcelCell
from epa_score.values.days import days_in

FIELDS = ("unit", "period", "assessor", "date")


def fields_of(form: FormSheet) -> dict[str, str | None]:
    """The fields that are filled in, and the unit in any case."""
    _report_strays(form)
    found = {name: read_field(form, name) for name in FIELDS}
    _check_unit(form, found["unit"])
    return {name: text for name, text in found.items() if text is not None or name == "unit"}


_BESIDE = {"unit": "date", "date": "unit", "assessor": "period", "period": "assessor"}
"""The field in the same row of a form as each."""


def _report_strays(form: FormSheet) -> None:
    """Report what stands in the rows of the fields and belongs to none of them.

    Where a label was overwritten its field is lost, and that is what is said.
    """
    places = {name: list(places_of(form, name)) for name in FIELDS}
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


def read_field(form: FormSheet, name: str) -> str | None:
    """The text beside a label: one thing, in sight, however often the label is there."""
    label = key_of(form.record.labels[name]).rstrip(":：")
    places = list(places_of(form, name))
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
        return text_of_field(form, name, filled[0][1], label)
    for mark, _ in places:
        form.mark((name,), mark.row, mark.column)
    return None


def _fault(name: str, kind: Kind, variant: str) -> tuple[Kind, str]:
    """The kind of a fault of a field and its variant: a date touches no total and stops nothing."""
    return (Kind.DATE_NOT_ISO, variant) if name == "date" else (kind, "")


def _meaning(name: str, text: str) -> object:
    """What is equal for two texts of a field that say the same."""
    return (name == "date" and days_in(text)) or key_of(text)


def places_of(form: FormSheet, name: str) -> Iterator[tuple[ExcelCell, ExcelCell | None]]:
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
