"""Points, facts and notes of the rows of a form, and those of adjustments and vetoes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.diagnostics.finding import Key
from epa_score.model import QuotedText
from epa_score.readers.excel.cells import (
    cell_is_hidden,
    column_is_hidden,
    plain_text,
    row_is_hidden,
    shown,
    shows_exactly,
    wrong,
)
from epa_score.readers.excel.form import FormSheet
from epa_score.readers.excel.rows import check_line


def number_in(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, merged: Sequence[range]
) -> str | None:
    """What stands in a row as plain text, unless it cannot be a plain number or cannot be seen."""
    cell = form.cell(row, "score")
    form.mark(keys, row, cell.column)
    if is_out_of_sight(form, keys, line, row, merged):
        return None
    kind = wrong(cell)
    if kind is not None:
        form.report(kind, keys, cell, item=line, value=shown(cell.value))
        form.source.unread.add(form.record.item_of(line))
        return None
    text = plain_text(cell.value)
    if isinstance(cell.value, int | float) and text[:1].isdecimal():
        number_format = str(cell.number_format)
        if not shows_exactly(number_format, Decimal(text)):
            parameters = {"item": line, "value": text, "format": number_format}
            form.report(Kind.SHOWN_DIFFERENTLY, keys, cell, **parameters)
            form.source.unread.add(form.record.item_of(line))
            return None
    return text or None


def is_out_of_sight(
    form: FormSheet, keys: tuple[Key, ...], line: str, row: int, merged: Sequence[range]
) -> bool:
    """Whether those who sign see something else in a row than it holds; that is reported."""
    cell = form.cell(row, "score")
    if any(row in area for area in merged):
        kind = Kind.CELL_MERGED
    elif row_is_hidden(form.sheet, row) and cell.value is not None:
        kind = Kind.LINE_HIDDEN
    else:
        return False
    form.report(kind, keys, cell, item=line, value=shown(cell.value))
    form.source.unread.add(form.record.item_of(line))
    return True


_NUMBERS = ("count", "number")


def facts_of(
    form: FormSheet, item: str, lines: Mapping[str, int], merged: Sequence[range]
) -> dict[str, str | None]:
    """The facts of an item by name, as far as there is something in their lines."""
    found: dict[str, str | None] = {}
    for line, fact in form.record.facts.items():
        if fact.item == item and line in lines:
            check_line(form, line, lines[line])
            keys = ("scores", item, fact.name)
            if fact.kind in _NUMBERS:
                text = number_in(form, keys, line, lines[line], merged)
            else:
                text = _word(form, keys, line, lines[line], merged)
            if text is not None:
                found[fact.name] = text
    return found


def _word(
    form: FormSheet, keys: tuple[str, ...], line: str, row: int, merged: Sequence[range]
) -> str | None:
    cell = form.cell(row, "score")
    form.mark(keys, row, cell.column)
    if is_out_of_sight(form, keys, line, row, merged):
        return None
    text = form.text(cell, keys, line)
    if text is None and cell.value is not None:
        form.source.unread.add(form.record.item_of(line))
    _, item, name = keys
    return form.as_kept(f"fact.{item}.{name}", text and QuotedText(text.strip()))


def beyond_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What happened beyond the items: names of facts by adjustment, and reasons by veto."""
    found: dict[str, dict[str, Any]] = {"adjustments": {}, "veto": {}}
    for line, kind in form.record.beyond.items():
        if line not in lines:
            continue
        check_line(form, line, lines[line])
        field = "veto" if kind == "veto" else "adjustments"
        cell = form.cell(lines[line], "note")
        form.mark((field, line), cell.row, cell.column)
        text = form.as_kept(f"{field}.{line}", form.text(cell, (field, line), line))
        if text is not None and cell_is_hidden(cell):
            form.report(Kind.LINE_HIDDEN, (field, line), cell, item=line, value=shown(cell.value))
        elif kind == "veto":
            found[field][line] = text
        elif text is not None:
            found[field][line] = _names(form, line, text)
    return {field: values for field, values in found.items() if values}


def _names(form: FormSheet, line: str, text: str) -> list[str]:
    """The names of facts, one in a line of a cell."""
    names: list[str] = [QuotedText(name.strip()) for name in text.split("\n") if name.strip()]
    for place in range(len(names)):
        form.cells["adjustments", line, place] = form.cells["adjustments", line]
    return names


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
        range(area.min_row, area.max_row + 1)
        for area in form.sheet.merged_cells.ranges
        if area.min_col <= column <= area.max_col
    ]
    scores = {
        item: _score(form, item, lines, merged) for item in form.record.items if item in lines
    }
    _check_width(form, lines)
    return scores


def _check_width(form: FormSheet, lines: Mapping[str, int]) -> None:
    """Points and facts for which their column is too narrow print rounded, or not at all."""
    longest = 0.0
    for line in (*form.record.items, *form.record.facts):
        value = form.cell(lines[line], "score").value if line in lines else None
        text = plain_text(value) if isinstance(value, int | float) else ""
        if len(text) <= _MOST_CHARACTERS or line in form.record.facts:
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
    word = form.record.inapplicable.get(item)
    facts = facts_of(form, item, lines, merged)
    kept: dict[str, Any] = {"evidence": form.record.evidence.get(item)}
    if item in form.record.measured:
        kept["measured"] = form.record.measured[item]
    if word is not None and points == word:
        return _inapplicable(form, item, row, note, facts | kept)
    if points is not None and points == form.record.computed.get(item):
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
    return beside | {"not_applicable": reason, "note": form.record.notes.get(item)}


def _note(form: FormSheet, item: str, row: int) -> str | None:
    cell = form.cell(row, "note")
    form.mark(("scores", item, "note"), row, cell.column)
    return form.as_kept(f"note.{item}", form.text(cell, ("scores", item, "note"), item))
