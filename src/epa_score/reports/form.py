"""The lines of a score form: items in their sections, subtotals below them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Item, Rubric, ScoreSheet, Section, same_name_key
from epa_score.reports.sums import FindOutside, Names, sum_of_section, sum_of_sections
from epa_score.reports.table import Outside, SumOf
from epa_score.reports.workings import has_rules


class Lines(NamedTuple):
    """The items that stand directly in a section; together they are worth ``cap`` points."""

    section: Section
    items: tuple[Item, ...]
    cap: Decimal


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
    return not has_rules(rubric) and not measured


def form_lines(rubric: Rubric, unit: str) -> Iterator[Lines | Subtotal]:
    """What the form of a unit consists of, in the rubric's order, the total at the end."""
    for section in rubric.sections:
        yield from _lines(section, same_name_key(unit), rubric)
    yield total_line(rubric, unit)


def total_line(rubric: Rubric, unit: str) -> Subtotal:
    """The last line of the form of a unit."""
    key = same_name_key(unit)
    names, outside = _names(key), _outside(key)
    added = sum_of_sections(rubric.sections, names, rubric.decimals, outside=outside)
    return Subtotal("", rubric.worth(key) if rubric.accepted else rubric.total, added)


def _lines(section: Section, unit_key: str, rubric: Rubric) -> Iterator[Lines | Subtotal]:
    items = section.items_of(unit_key)
    outside = _outside(unit_key)
    added = sum_of_section(section, _names(unit_key), rubric.decimals, outside=outside)
    cap = section.worth(unit_key) if rubric.accepted else section.max
    if items:
        yield Lines(section, items, cap)
        yield Subtotal("", cap, added, section.id)
    inside = [one for child in section.sections for one in _lines(child, unit_key, rubric)]
    yield from inside
    if inside:
        yield Subtotal(section.title, cap, added, section.id)


def _outside(unit_key: str) -> FindOutside:
    def outside(section: Section) -> Outside | None:
        items = section.items_of(unit_key)
        found = {one.id: one.not_applicable for one in items if one.not_applicable is not None}
        return Outside(found, {one.id: one.max for one in items}) if found else None

    return outside


def _names(unit_key: str) -> Names:
    return lambda section: tuple(item.id for item in section.items_of(unit_key))
