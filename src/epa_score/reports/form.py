"""The lines of a score form: items in their sections, subtotals below them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Item, Rubric, Section, same_name_key


class Lines(NamedTuple):
    """The items that stand directly in a section; together they are worth ``section.max``."""

    section: Section
    items: tuple[Item, ...]


class Subtotal(NamedTuple):
    """The sum over all ``items`` of a section, at any depth, worth ``cap`` points."""

    title: str
    cap: Decimal
    items: tuple[str, ...]


def form_lines(rubric: Rubric, unit: str) -> Iterator[Lines | Subtotal]:
    """What the form of a unit consists of, in the rubric's order, without the total."""
    for section in rubric.sections:
        yield from _lines(section, same_name_key(unit))


def _lines(section: Section, unit_key: str) -> Iterator[Lines | Subtotal]:
    items = section.items_of(unit_key)
    if items:
        yield Lines(section, items)
        yield Subtotal("", section.max, tuple(item.id for item in items))
    inside: list[str] = []
    for child in section.sections:
        for one in _lines(child, unit_key):
            inside += [item.id for item in one.items] if isinstance(one, Lines) else []
            yield one
    if inside:
        yield Subtotal(section.title, section.max, tuple(inside))
