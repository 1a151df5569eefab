"""The fields above the table of a form: what stands to the right of their labels."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import QuotedText, same_name_key
from epa_score.readers.excel.cells import cell_is_hidden
from epa_score.readers.excel.form import key_of, rows_of
from epa_score.readers.excel_cells import shown
from epa_score.readers.excel_form import FormSheet

_FIELDS = ("unit", "period", "assessor", "date")
_DATE = re.compile(
    r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})日|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2}))"
)
"""Dates that are certain: the year with four digits comes first."""


def fields_of(form: FormSheet) -> dict[str, str | None]:
    """The fields that are filled in, and the unit in any case."""
    found = {name: _field(form, name) for name in _FIELDS}
    _check_unit(form, found["unit"])
    return {name: text for name, text in found.items() if text is not None or name == "unit"}


def _field(form: FormSheet, name: str) -> str | None:
    """What stands beside a label: one thing, in sight, however often the label is there."""
    label = key_of(form.identity.labels[name]).rstrip(":：")
    places = list(_places(form, name))
    filled = [(mark, cell) for mark, cell in places if cell is not None]
    for mark, cell in filled:
        if cell_is_hidden(mark) or cell_is_hidden(cell):
            form.report(Kind.FIELD_HIDDEN, (name,), cell, field=name, value=shown(cell.value))
            return None
    if len({key_of(shown(cell.value)) for _, cell in filled}) > 1:
        values = tuple(shown(cell.value) for _, cell in filled)
        cells = tuple(cell.coordinate for _, cell in filled)
        last = filled[-1][1]
        form.report(Kind.FIELD_TWICE, (name,), last, field=name, values=values, cells=cells)
        return None
    if filled:
        return _text(form, name, filled[0][1], label)
    for mark, _ in places:
        form.mark((name,), mark.row, mark.column)
    return None


def _places(form: FormSheet, name: str) -> Iterator[tuple[Any, Any]]:
    """Each cell with the label of a field, and the one to its right that is filled in, if any."""
    label = key_of(form.identity.labels[name])
    labels = {key_of(one) for one in form.identity.labels.values()}
    for row in rows_of(form.sheet):
        for place, cell in enumerate(row):
            if key_of(cell.value or "") != label:
                continue
            right = next((one for one in row[place + 1 :] if one.value is not None), None)
            is_label = right is not None and key_of(right.value) in labels
            yield cell, None if is_label else right


def _text(form: FormSheet, name: str, cell: Any, label: str) -> str | None:
    """The text of a field; none of it may be a formula, and only the day may be a date."""
    form.mark((name,), cell.row, cell.column)
    if name != "date" and isinstance(cell.value, date | time):
        value = shown(cell.value)
        form.report(Kind.CELL_DATE, (name,), cell, "text", item=label, value=value)
        return None
    text = form.text(cell, (name,), label)
    found = _DATE.fullmatch("".join(text.split())) if text and name == "date" else None
    if found is None:
        return form.as_kept(name, text)
    year, month, day = filter(None, found.groups())
    return QuotedText(f"{year}-{month:0>2}-{day:0>2}")


def _check_unit(form: FormSheet, unit: str | None) -> None:
    """A form with duties of its own is filled in for the unit that has them."""
    meant = form.identity.unit
    if unit and meant and same_name_key(unit) != same_name_key(meant):
        parameters = {"unit": unit, "printed": meant}
        finding = Finding(Kind.FORM_OF_OTHER_UNIT, Place(("unit",)), dict(parameters))
        form.source.findings.append(finding)
