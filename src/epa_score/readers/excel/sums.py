"""Sums of a form: in which rows they stand, and whether they are those of its points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.form_record import SumRow, sum_key
from epa_score.readers.excel.cells import shown
from epa_score.readers.excel.form import FormSheet, key_of
from epa_score.readers.excel.number_formats import shows_exactly
from epa_score.readers.source import ShownSum, Source
from epa_score.scoring import score
from epa_score.scoring.adjustments import adjustments_of
from epa_score.values.points import PLAIN_NUMBER


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


def shown_sums(
    form: FormSheet, lines: Mapping[str, int], sums: Mapping[int, SumRow]
) -> dict[str, ShownSum]:
    """The sums that a form shows, by section.

    The form's own formula shows what it adds up, whatever result was stored with it. Any other one
    shows its stored result, which is nothing where none was stored.
    """
    items = {row: item for item, row in lines.items()}
    names = ("score", "cap")
    columns = {form.cell(form.header, name).column_letter: name for name in names}
    found = {}
    for row, line in sums.items():
        cell = form.cell(row, "score")
        form.mark(("sums", line.section), row, cell.column)
        if any(form.is_merged(row, name) for name in names):
            label = key_of(line.label)
            form.report(Kind.CELL_MERGED, ("sums", line.section), cell, "sum", item=label)
            continue
        value = cell.value
        if cell.formula == "normal" and sum_key(shown(value), columns, items) == line.key:
            found[line.section] = ShownSum("", cell.number_format, follows=True)
            continue
        if cell.formula:
            value = value if cell.result is None else cell.result
        elif value == form.record.labels.get("computed"):
            value = None
        if value is not None:
            found[line.section] = ShownSum(shown(value), cell.number_format)
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
    yield from _points_follow_facts(source, sheet, rubric)


def _points_follow_facts(source: Source, sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Points that somebody wrote beside an adjustment are those of its facts."""
    sums = adjustments_of(rubric, sheet)
    counted = {found.item.id: found.points for added in sums for found in added.items}
    for line, stated in source.points_beside.items():
        points = counted.get(line, Decimal(0))
        if Decimal(stated.text) != points:
            about: dict[str, Parameter] = {"item": line, "value": stated.text, "points": points}
            place = Place(("adjustments", line, "points"))
            yield Finding(Kind.POINTS_AGAINST_FACTS, place, about)
