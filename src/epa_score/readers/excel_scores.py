"""What a form says of its items: their points and why some were lost, or why it does not apply."""

from collections.abc import Mapping, Sequence
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel_cells import plain_text, shown, wrong
from epa_score.readers.excel_form import FormSheet


def scores_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, Any]:
    """The points of each item as plain text, with note and evidence where there are any."""
    column = form.columns["score"]
    merged = [
        range(one.min_row, one.max_row + 1)
        for one in form.sheet.merged_cells.ranges
        if one.min_col <= column <= one.max_col
    ]
    return {
        item: _score(form, item, lines[item], merged)
        for item in form.identity.caps
        if item in lines
    }


def _score(form: FormSheet, item: str, row: int, merged: Sequence[range]) -> Any:
    cap, printed = form.cell(row, "cap"), form.identity.caps[item]
    if plain_text(cap.value) != printed:
        parameters = {"item": item, "cap": plain_text(cap.value), "printed": printed}
        form.report(Kind.CAP_CHANGED, ("scores", item, "cap"), cap, **parameters)
    points = _points(form, item, row, merged)
    note = _note(form, item, row)
    evidence = form.identity.evidence.get(item)
    word = form.identity.inapplicable.get(item)
    if word is not None and points == word:
        return _inapplicable(form, item, row, note)
    if note is None and not evidence:
        return points
    return {"score": points, "note": note, "evidence": evidence}


def _inapplicable(form: FormSheet, item: str, row: int, reason: str | None) -> Any:
    """An item that does not apply, for the reason that stands in the place of a note."""
    cell = form.cell(row, "note")
    if reason is None and cell.data_type in ("f", "e"):
        form.source.unread.add(item)
        return None
    form.mark(("scores", item, "not_applicable"), row, cell.column)
    note, evidence = form.identity.notes.get(item), form.identity.evidence.get(item)
    return {"not_applicable": reason, "note": note, "evidence": evidence}


def _points(form: FormSheet, item: str, row: int, merged: Sequence[range]) -> str | None:
    cell = form.cell(row, "score")
    form.mark(("scores", item), row, cell.column)
    if any(row in one for one in merged):
        kind: Kind | None = Kind.CELL_MERGED
    elif form.sheet.row_dimensions[row].hidden and cell.value is not None:
        kind = Kind.LINE_HIDDEN
    else:
        kind = wrong(cell)
    if kind is not None:
        form.report(kind, ("scores", item), cell, item=item, value=shown(cell.value))
        form.source.unread.add(item)
        return None
    return plain_text(cell.value) or None


def _note(form: FormSheet, item: str, row: int) -> str | None:
    cell = form.cell(row, "note")
    form.mark(("scores", item, "note"), row, cell.column)
    return form.as_kept(f"note.{item}", form.text(cell, ("scores", item, "note"), item))
