"""The facts that a form says: those of items, and those of adjustments and vetoes."""

from collections.abc import Mapping, Sequence
from typing import Any

from epa_score.diagnostics import Kind
from epa_score.model import QuotedText
from epa_score.readers.excel.cells import cell_is_hidden
from epa_score.readers.excel.rows import check_line
from epa_score.readers.excel_cells import shown
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_numbers import is_out_of_sight, number_in

_NUMBERS = ("count", "number")


def facts_of(
    form: FormSheet, item: str, lines: Mapping[str, int], merged: Sequence[range]
) -> dict[str, str | None]:
    """The facts of an item by name, as far as there is something in their lines."""
    found: dict[str, str | None] = {}
    for line, fact in form.identity.facts.items():
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
        form.source.unread.add(form.identity.item_of(line))
    _, item, name = keys
    return form.as_kept(f"fact.{item}.{name}", text and QuotedText(text.strip()))


def beyond_of(form: FormSheet, lines: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What happened beyond the items: names of facts by adjustment, and reasons by veto."""
    found: dict[str, dict[str, Any]] = {"adjustments": {}, "veto": {}}
    for line, kind in form.identity.beyond.items():
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
    names: list[str] = [QuotedText(one.strip()) for one in text.split("\n") if one.strip()]
    for place in range(len(names)):
        form.cells["adjustments", line, place] = form.cells["adjustments", line]
    return names
