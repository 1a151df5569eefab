"""Which row of a form is whose: lines are known by their item numbers, wherever they stand."""

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.readers.excel_form import FormSheet
from epa_score.readers.excel_identity import key_of, last_row, wording_key


class Lines(NamedTuple):
    """The row of each item, and rows with a number that is none of theirs or was deleted."""

    rows: dict[str, int]
    others: list[int]


def lines_of(form: FormSheet, sums: Container[int]) -> Lines:
    """The lines of the items, where ``sums`` are rows of sums.

    Numbers that were changed, repeated or removed are reported.
    """
    others: list[int] = []
    rows: dict[str, int] = {}
    unknown: list[tuple[str, Any]] = []
    for number in range(form.header + 1, last_row(form.sheet) + 1):
        cell = form.cell(number, "item")
        text = key_of(cell.value or "")
        if text in rows:
            keys, first = ("scores", text, "line"), rows[text]
            form.report(Kind.ITEM_LINE_CHANGED, keys, cell, "twice", item=text, line=first)
            form.source.unread.add(text)
            others.append(number)
        elif text in form.identity.caps:
            rows[text] = number
        elif text and number not in sums and form.cell(number, "cap").value is not None:
            unknown.append((text, cell))
            others.append(number)
    missing = [item for item in form.identity.caps if item not in rows]
    bare = _without_number(form, missing)
    others += bare.values()
    _report_others(form, unknown, missing, bare)
    return Lines(rows, others)


def _without_number(form: FormSheet, missing: list[str]) -> dict[str, int]:
    """The rows of missing items that still have their wording beside an empty number."""
    texts = {wording_key(form.identity.texts[item]): item for item in missing}
    found: dict[str, int] = {}
    for number in range(form.header + 1, last_row(form.sheet) + 1 if texts else 0):
        item = texts.get(wording_key(form.cell(number, "text").value))
        if item is not None and form.cell(number, "item").value is None:
            found.setdefault(item, number)
    return found


def _report_others(
    form: FormSheet,
    unknown: list[tuple[str, Any]],
    missing: list[str],
    bare: Mapping[str, int],
) -> None:
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
    for item in missing:
        cell = form.cell(bare.get(item, form.header), "item")
        form.report(Kind.ITEM_LINE_CHANGED, ("scores", item, "line"), cell, "missing", item=item)
        form.source.unread.add(item)
