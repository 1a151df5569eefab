"""The fields above the table of a form: what stands to the right of their labels."""

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import same_name_key
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_identity import key_of, rows_of

_FIELDS = ("unit", "period", "assessor", "date")


def fields_of(form: FormSheet) -> dict[str, str | None]:
    """The fields that are filled in, and the unit in any case."""
    found = {name: _field(form, name) for name in _FIELDS}
    _check_unit(form, found["unit"])
    return {name: text for name, text in found.items() if text is not None or name == "unit"}


def _field(form: FormSheet, name: str) -> str | None:
    """What stands to the right of a label; none of it may be a formula."""
    label = key_of(form.identity.labels[name])
    labels = {key_of(one) for one in form.identity.labels.values()}
    for row in rows_of(form.sheet):
        for place, cell in enumerate(row):
            if key_of(cell.value or "") != label:
                continue
            form.mark((name,), cell.row, cell.column)
            for right in row[place + 1 :]:
                if key_of(right.value or "") in labels:
                    return None
                if right.value is not None:
                    form.mark((name,), right.row, right.column)
                    return form.as_kept(name, form.text(right, (name,), label))
    return None


def _check_unit(form: FormSheet, unit: str | None) -> None:
    """A form with duties of its own is filled in for the unit that has them."""
    meant = form.identity.unit
    if unit and meant and same_name_key(unit) != same_name_key(meant):
        parameters = {"unit": unit, "printed": meant}
        finding = Finding(Kind.FORM_OF_OTHER_UNIT, Place(("unit",)), dict(parameters))
        form.source.findings.append(finding)
