"""The lines of a score form: items in their sections, subtotals below them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Item, Rubric, ScoreSheet, Section, same_name_key
from epa_score.model.adjustments import Adjustment, Way
from epa_score.model.veto import Veto
from epa_score.reports.sums import Names, sum_of_section, sum_of_sections, sum_of_total
from epa_score.reports.table import SumOf
from epa_score.reports.workings import has_workings
from epa_score.scoring.bound import Bound


class Lines(NamedTuple):
    """The items that stand directly in a section; together they are worth ``section.max``."""

    section: Section
    items: tuple[Item, ...]


class Adjusting(NamedTuple):
    """The adjustments of one way, together at most ``cap`` points, and what they add up to."""

    way: Way
    items: tuple[Adjustment, ...]
    cap: Decimal | None
    sum: SumOf


class Subtotal(NamedTuple):
    """The sum of a section's items, at any depth, worth ``cap`` points.

    ``section`` is its id, empty for the total.
    """

    title: str
    cap: Decimal
    sum: SumOf
    section: str = ""


def can_be_filled_in(rubric: Rubric, sheet: ScoreSheet | None = None) -> bool:
    """Whether a form in a workbook has a place for everything that a sheet may say."""
    measured = sheet is not None and any(sheet.score(item).measured for item in sheet.scores)
    return not has_workings(rubric) and not measured


class Vetoes(NamedTuple):
    """The vetoes of a rubric, of which a sheet says which ones hold."""

    items: tuple[Veto, ...]


FormLine = Lines | Subtotal | Adjusting | Vetoes


def form_lines(rubric: Rubric, unit: str) -> Iterator[FormLine]:
    """What the form of a unit consists of, in the rubric's order, the total at the end."""
    for section in rubric.sections:
        yield from _lines(section, same_name_key(unit), rubric.decimals)
    for way, one in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        columns = tuple(item.id for item in one.items)
        added = SumOf(columns, rubric.decimals, bound=Bound(most=one.max))
        yield Adjusting(way, one.items, one.max, added)
    if rubric.veto:
        yield Vetoes(rubric.veto)
    yield total_line(rubric, unit)


def rows_of(line: FormLine) -> int:
    """How many rows a line takes: one an item, and one a sum."""
    if isinstance(line, Subtotal):
        return 1
    return len(line.items) + isinstance(line, Adjusting)


def total_line(rubric: Rubric, unit: str) -> Subtotal:
    """The last line of the form of a unit."""
    names = _names(same_name_key(unit))
    base = sum_of_sections(rubric.sections, names, rubric.decimals)
    return Subtotal("", rubric.total, sum_of_total(rubric, base))


def _lines(section: Section, unit_key: str, decimals: int) -> Iterator[Lines | Subtotal]:
    items = section.items_of(unit_key)
    added = sum_of_section(section, _names(unit_key), decimals)
    if items:
        yield Lines(section, items)
        yield Subtotal("", section.max, added, section.id)
    inside = [one for child in section.sections for one in _lines(child, unit_key, decimals)]
    yield from inside
    if inside:
        yield Subtotal(section.title, section.max, added, section.id)


def _names(unit_key: str) -> Names:
    return lambda section: tuple(item.id for item in section.items_of(unit_key))
