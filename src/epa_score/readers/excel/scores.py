"""What a form says of its items: points or facts with a note, or why there are none."""

from collections.abc import Mapping, Sequence
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.readers.excel.cells import column_is_hidden
from epa_score.readers.excel.rows import check_line
from epa_score.readers.excel_cells import plain_text
from epa_score.readers.excel_facts import facts_of
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_numbers import number_in

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
        item: _score(form, item, lines, merged) for item in form.identity.items if item in lines
    }
    _check_width(form, lines)
    return scores


def _check_width(form: FormSheet, lines: Mapping[str, int]) -> None:
    """Points and facts for which their column is too narrow print rounded, or not at all."""
    longest = 0.0
    for line in (*form.identity.items, *form.identity.facts):
        value = form.cell(lines[line], "score").value if line in lines else None
        text = plain_text(value) if isinstance(value, int | float) else ""
        if len(text) <= _MOST_CHARACTERS or line in form.identity.facts:
            longest = max(longest, len(text) - _DOT * text.count("."))
    header = form.cell(form.header, "score")
    if longest and column_is_hidden(form.sheet, header.column, longest + _MARGIN):
        letter = header.column_letter
        form.report(Kind.COLUMN_HIDDEN, ("scores",), header, column=letter)


def _score(form: FormSheet, item: str, lines: Mapping[str, int], merged: Sequence[range]) -> Any:
    row = lines[item]
    check_line(form, item, row)
    points = number_in(form, ("scores", item), item, row, merged)
    note = _note(form, item, row)
    word = form.identity.inapplicable.get(item)
    facts = facts_of(form, item, lines, merged)
    kept: dict[str, Any] = {"evidence": form.identity.evidence.get(item)}
    if item in form.identity.measured:
        kept["measured"] = form.identity.measured[item]
    if word is not None and points == word:
        return _inapplicable(form, item, row, note, facts | kept)
    if points is not None and points == form.identity.computed.get(item):
        points = None
    if note is None and not facts and not any(kept.values()):
        return points
    given = {} if points is None else {"score": points}
    return facts | given | {"note": note} | kept


def _inapplicable(
    form: FormSheet, item: str, row: int, reason: str | None, beside: dict[str, Any]
) -> Any:
    """An item that does not apply, for the reason that stands in the place of a note."""
    cell = form.cell(row, "note")
    if reason is None and cell.data_type in ("f", "e"):
        form.source.unread.add(item)
        return None
    form.mark(("scores", item, "not_applicable"), row, cell.column)
    return beside | {"not_applicable": reason, "note": form.identity.notes.get(item)}


def _note(form: FormSheet, item: str, row: int) -> str | None:
    cell = form.cell(row, "note")
    form.mark(("scores", item, "note"), row, cell.column)
    return form.as_kept(f"note.{item}", form.text(cell, ("scores", item, "note"), item))
