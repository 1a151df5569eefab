"""Sums of a form: in which rows they stand, and whether they are those of its points."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.form_record import SumRow, sum_key
from epa_score.readers.excel.cells import shown, shows_exactly
from epa_score.readers.excel.form import FormSheet, key_of, last_row
from epa_score.readers.source import ShownSum, Source
from epa_score.scoring import score
from epa_score.values.points import PLAIN_NUMBER


def sum_lines_of(form: FormSheet) -> dict[int, SumRow]:
    """The sums by their rows: known by label, and one of several by the item above it."""
    labels = {key_of(line.label) for line in form.record.sums}
    left = list(form.record.sums)
    found: dict[int, SumRow] = {}
    above = ""
    for number in range(form.header + 1, last_row(form.sheet) + 1):
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


def shown_sums(
    form: FormSheet,
    lines: Mapping[str, int],
    sums: Mapping[int, SumRow],
    stored: Callable[[str], Any],
) -> dict[str, ShownSum]:
    """What the sums of a form show, by section.

    The form's own formula shows what it adds up, whatever result was stored with it. For any
    other one ``stored`` gives the result in a cell, which is nothing where none was stored.
    """
    items = {row: item for item, row in lines.items()}
    found = {}
    for row, line in sums.items():
        cell = form.cell(row, "score")
        form.mark(("sums", line.section), row, cell.column)
        columns = {cell.column_letter: "score", form.cell(row, "cap").column_letter: "cap"}
        if cell.data_type != "f":
            left_open = form.record.labels.get("computed")
            value = None if cell.value == left_open else cell.value
        elif isinstance(cell.value, str) and sum_key(cell.value, columns, items) == line.key:
            found[line.section] = ShownSum("", str(cell.number_format), follows=True)
            continue
        else:
            value = stored(cell.coordinate)
            value = shown(cell.value) if value is None else value
        if value is not None:
            found[line.section] = ShownSum(shown(value), str(cell.number_format))
    return found


def sums_agree(source: Source, sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """A form is signed for what it shows: that must be what its points add up to.

    A sum that awaits the mean of other units is that of the form's own formula, which says so.
    """
    result = score(rubric, sheet)
    for section, stated in source.sums.items():
        added = result.sections[section] if section else result.total
        place = Place(("sums", section))
        number = stated.text.strip()
        if added.is_nan():
            if not stated.follows:
                yield Finding(Kind.SUM_DIFFERS, place, {"value": stated.text}, "awaited")
        elif not stated.follows and not PLAIN_NUMBER.fullmatch(number):
            yield Finding(
                Kind.SUM_DIFFERS, place, {"value": stated.text, "points": added}, "unknown"
            )
        elif not stated.follows and Decimal(number) != added:
            yield Finding(Kind.SUM_DIFFERS, place, {"value": number, "points": added})
        elif not shows_exactly(stated.format, added):
            yield Finding(
                Kind.SHOWN_DIFFERENTLY, place, {"format": stated.format, "value": added}, "sum"
            )
