"""Which row of a form is whose: lines are known by their item numbers, wherever they stand."""

from typing import Any

from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_identity import MOST_ROWS, key_of


def lines_of(form: FormSheet) -> dict[str, int]:
    """The row of each item; numbers that were changed, repeated or removed are reported."""
    rows: dict[str, int] = {}
    unknown: list[tuple[str, Any]] = []
    for number in range(form.header + 1, min(form.sheet.max_row, MOST_ROWS) + 1):
        cell = form.cell(number, "item")
        text = key_of(cell.value or "")
        if text in rows:
            keys, first = ("scores", text, "line"), rows[text]
            form.report(Kind.ITEM_LINE_CHANGED, keys, cell, "twice", item=text, line=first)
            form.source.unread.add(text)
        elif text in form.identity.caps:
            rows[text] = number
        elif text and not _is_sum(form, number):
            unknown.append((text, cell))
    _report_others(form, unknown, [item for item in form.identity.caps if item not in rows])
    return rows


def _report_others(form: FormSheet, unknown: list[tuple[str, Any]], missing: list[str]) -> None:
    """Numbers that are none of the form's, with those that they stand for, and what is missing."""
    for text, cell in unknown:
        only = missing[0] if len(missing) == len(unknown) == 1 else ""
        alike = nearest(text, missing) or only
        form.report(
            Kind.ITEM_LINE_CHANGED,
            ("scores", text, "line"),
            cell,
            "nearest" if alike else "",
            item=text,
            nearest=alike,
        )
        form.source.unread.update(one for one in missing if one == alike)
        missing = [one for one in missing if one != alike]
    header = form.cell(form.header, "item")
    for item in missing:
        form.report(Kind.ITEM_LINE_CHANGED, ("scores", item, "line"), header, "missing", item=item)
        form.source.unread.add(item)


def _is_sum(form: FormSheet, row: int) -> bool:
    """Whether a row has no cap of an item: a subtotal, the total, or what stands below."""
    return form.cell(row, "score").data_type == "f" or form.cell(row, "cap").value is None
