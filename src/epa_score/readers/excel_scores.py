"""What a form says of its items: what they are for, and their points with a note, or why none."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel_cells import plain_text, shown, wrong
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_identity import wording_key
from epa_score.readers.excel_sight import column_is_hidden, row_is_hidden, shows_exactly

_DOT = 0.5
"""By how many digits a decimal point is narrower than one."""
_MOST_CHARACTERS = 7
"""Longer numbers are no points, and are refused for what they are."""
_MARGIN = 0.5
"""Digits of a column's width that stay free at its sides."""


def scores_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, Any]:
    """The points of each item as plain text, with note and evidence where there are any."""
    column = form.columns["score"]
    merged = [
        range(one.min_row, one.max_row + 1)
        for one in form.sheet.merged_cells.ranges
        if one.min_col <= column <= one.max_col
    ]
    scores = {
        item: _score(form, item, lines[item], merged)
        for item in form.identity.caps
        if item in lines
    }
    _check_width(form, [form.cell(lines[item], "score") for item in scores])
    return scores


def _check_width(form: FormSheet, cells: Sequence[Any]) -> None:
    """Points for which their column is too narrow print rounded, or not at all."""
    numbers = [plain_text(one.value) for one in cells if isinstance(one.value, int | float)]
    wide = [len(one) - _DOT * one.count(".") for one in numbers if len(one) <= _MOST_CHARACTERS]
    longest = max(wide, default=0)
    header = form.cell(form.header, "score")
    if longest and column_is_hidden(form.sheet, header.column, longest + _MARGIN):
        letter = header.column_letter
        form.report(Kind.COLUMN_HIDDEN, ("scores",), header, column=letter)


def _score(form: FormSheet, item: str, row: int, merged: Sequence[range]) -> Any:
    cap, printed = form.cell(row, "cap"), form.identity.caps[item]
    if _has_its_wording(form, item, row) and plain_text(cap.value) != printed:
        parameters = {"item": item, "cap": shown(cap.value), "printed": printed}
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


def _has_its_wording(form: FormSheet, item: str, row: int) -> bool:
    """Whether the wording beside an item number is that of the item, which is reported if not."""
    cell = form.cell(row, "text")
    texts = {name: wording_key(text) for name, text in form.identity.texts.items()}
    here = wording_key(cell.value)
    if here == texts[item]:
        return True
    others = [name for name, text in texts.items() if text == here]
    other = others[0] if others else ""
    variant = "other" if other else ""
    keys = ("scores", item, "text")
    form.report(Kind.WORDING_CHANGED, keys, cell, variant, item=item, other=other)
    return False


def _points(form: FormSheet, item: str, row: int, merged: Sequence[range]) -> str | None:
    cell = form.cell(row, "score")
    form.mark(("scores", item), row, cell.column)
    if any(row in one for one in merged):
        kind: Kind | None = Kind.CELL_MERGED
    elif row_is_hidden(form.sheet, row) and cell.value is not None:
        kind = Kind.LINE_HIDDEN
    else:
        kind = wrong(cell)
    if kind is not None:
        form.report(kind, ("scores", item), cell, item=item, value=shown(cell.value))
        form.source.unread.add(item)
        return None
    text = plain_text(cell.value)
    if isinstance(cell.value, int | float) and text[:1].isdecimal():
        number_format = str(cell.number_format)
        if not shows_exactly(number_format, Decimal(text)):
            parameters = {"item": item, "value": text, "format": number_format}
            form.report(Kind.SHOWN_DIFFERENTLY, ("scores", item), cell, **parameters)
            form.source.unread.add(item)
            return None
    return text or None


def _note(form: FormSheet, item: str, row: int) -> str | None:
    cell = form.cell(row, "note")
    form.mark(("scores", item, "note"), row, cell.column)
    return form.as_kept(f"note.{item}", form.text(cell, ("scores", item, "note"), item))
