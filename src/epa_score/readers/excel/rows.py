"""Rows of a form: lines are known by their item numbers, and what belongs to no item is found."""

import re
import unicodedata
from collections.abc import Collection, Container, Mapping
from typing import NamedTuple

from epa_score.diagnostics import Kind
from epa_score.diagnostics.nearest import nearest
from epa_score.model.form_record import SumRow
from epa_score.readers.excel.cells import plain_text, shown
from epa_score.readers.excel.form import FormSheet, key_of, wording_key
from epa_score.readers.excel.workbook import ExcelCell


class FormRows(NamedTuple):
    """The row of each line, and rows with a number that is none of theirs or was deleted."""

    rows: dict[str, int]
    others: list[int]


def lines_of(form: FormSheet, sums: Container[int]) -> FormRows:
    """The lines of items and facts, where ``sums`` are rows of sums.

    Numbers that were changed, repeated or removed are reported.
    """
    others: list[int] = []
    rows: dict[str, int] = {}
    unknown: list[tuple[str, ExcelCell]] = []
    for number in range(form.header + 1, form.sheet.max_row + 1):
        cell = form.cell(number, "item")
        text = key_of(cell.value or "")
        if text in rows:
            keys, first = ("scores", text, "line"), rows[text]
            form.report(Kind.ITEM_LINE_CHANGED, keys, cell, "twice", item=text, line=first)
            form.source.unread.add(form.record.item_of(text))
            others.append(number)
        elif text in form.record.caps:
            rows[text] = number
            form.mark(("scores", text, "text"), number, form.columns["text"])
        elif text and number not in sums and _is_a_line(form, number):
            unknown.append((text, cell))
            others.append(number)
    missing = [item for item in form.record.caps if item not in rows]
    bare = _without_number(form, missing)
    others += bare.values()
    _report_others(form, unknown, missing, bare)
    return FormRows(rows, others)


def sum_lines_of(form: FormSheet) -> dict[int, SumRow]:
    """The sums by their rows: known by label, and one of several by the item above it."""
    labels = {key_of(line.label) for line in form.record.sums}
    left = list(form.record.sums)
    found: dict[int, SumRow] = {}
    above = ""
    for number in range(form.header + 1, form.sheet.max_row + 1):
        item = key_of(form.cell(number, "item").value or "")
        above = item if item in form.record.items else above
        here = labels & {
            key_of(form.sheet.cell(number, column).value or "")
            for column in range(1, form.columns["cap"])
        }
        alike = [line for line in left if key_of(line.label) in here]
        own = [line for line in alike if above in line.items]
        if own:
            left.remove(own[0])
            found[number] = own[0]
    return found


def _is_a_line(form: FormSheet, row: int) -> bool:
    """True where a row has a cap, or the wording of one of the lines."""
    wordings = set(map(wording_key, form.record.texts.values()))
    wording = wording_key(form.cell(row, "text").value)
    return form.cell(row, "cap").value is not None or wording in wordings


def _without_number(form: FormSheet, missing: list[str]) -> dict[str, int]:
    """The rows of missing items that still have their wording beside an empty number."""
    texts = {wording_key(form.record.texts[item]): item for item in missing}
    found: dict[str, int] = {}
    for number in range(form.header + 1, form.sheet.max_row + 1 if texts else 0):
        item = texts.get(wording_key(form.cell(number, "text").value))
        if item is not None and form.cell(number, "item").value is None:
            found.setdefault(item, number)
    return found


def _report_others(
    form: FormSheet,
    unknown: list[tuple[str, ExcelCell]],
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
        form.source.unread.update(form.record.item_of(line) for line in missing if line == alike)
        missing = [line for line in missing if line != alike]
    for item in missing:
        cell = form.cell(bare.get(item, form.header), "item")
        form.report(Kind.ITEM_LINE_CHANGED, ("scores", item, "line"), cell, "missing", item=item)
        form.source.unread.add(form.record.item_of(item))


def check_line(form: FormSheet, line: str, row: int) -> None:
    """Report a wording or a cap beside the number of a line that are not its own."""
    cap, printed = form.cell(row, "cap"), form.record.caps[line]
    if _has_its_wording(form, line, row) and plain_text(cap.value) != printed:
        parameters = {"item": line, "cap": shown(cap.value), "printed": printed}
        form.report(Kind.CAP_CHANGED, ("scores", line, "cap"), cap, **parameters)


def _has_its_wording(form: FormSheet, line: str, row: int) -> bool:
    cell = form.cell(row, "text")
    texts = {name: wording_key(text) for name, text in form.record.texts.items()}
    here = wording_key(cell.value)
    if here == texts[line]:
        return True
    others = [name for name, text in texts.items() if text == here]
    other = others[0] if others else ""
    variant = "other" if other else ""
    keys = ("scores", line, "text")
    form.report(Kind.WORDING_CHANGED, keys, cell, variant, item=line, other=other)
    return False


_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+分?")


def report_other_points(form: FormSheet, rows: Collection[int], lines: Mapping[str, int]) -> None:
    """Report numbers and formulas in the column of the points, but for those in ``rows``.

    Whoever reads the form takes them for points, and they would count nowhere; so it is with those
    beside the ``lines`` in columns that the form does not have.
    """
    for number in range(form.header + 1, form.sheet.max_row + 1):
        cell = form.cell(number, "score")
        if number not in rows and _is_number(cell):
            form.report(
                Kind.POINTS_OF_NO_ITEM, ("scores", "", number), cell, value=shown(cell.value)
            )
    own = {column for name, column in form.columns.items() if name}
    for line, number in lines.items():
        for cell in form.sheet.row(number):
            if cell.column not in own and _is_number(cell):
                keys, about = ("scores", line, cell.column), {"item": line}
                value = shown(cell.value)
                form.report(Kind.POINTS_OF_NO_ITEM, keys, cell, "column", value=value, **about)


def _is_number(cell: ExcelCell) -> bool:
    """True where people see a number, or may see one."""
    if not isinstance(cell.value, str) or cell.formula:
        return cell.value is not None
    return bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell.value).strip()))
