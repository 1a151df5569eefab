"""What one unit is scored on: the common items and its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from epa_score.model.rubric import Item, Rubric, Section


class Scope(NamedTuple):
    """The items and sections of one unit by id, in the rubric's order.

    ``caps`` holds the most points of each item, ``section_items`` the ids of every item of a
    section, at any depth, ``homes`` the section that each item stands in. Scores are multiples
    of ``grain`` points and carry at most so many ``decimals``.
    """

    items: dict[str, Item]
    caps: dict[str, Decimal]
    sections: dict[str, Section]
    section_ids: tuple[str, ...]
    section_items: dict[str, tuple[str, ...]]
    homes: dict[str, str]
    grain: Decimal
    step: Decimal | None
    decimals: int


def scope_of(rubric: Rubric, unit_key: str) -> Scope:
    """The scope of the unit whose `same_name_key` is ``unit_key``.

    Raises `ValueError` for a rubric that was never checked and has an item twice.
    """
    items: dict[str, Item] = {}
    section_items: dict[str, tuple[str, ...]] = {}
    homes: dict[str, str] = {}

    def walk(section: Section) -> tuple[str, ...]:
        section_items[section.id] = ()
        own = section.items_of(unit_key)
        if len({*items, *(item.id for item in own)}) < len(items) + len(own):
            message = f"rubric {rubric.id!r} has an item twice"
            raise ValueError(message)
        items.update((item.id, item) for item in own)
        homes.update((item.id, section.id) for item in own)
        ids = tuple(item.id for item in own)
        for child in section.sections:
            ids += walk(child)
        section_items[section.id] = ids
        return ids

    for section in rubric.sections:
        walk(section)
    sections = {section.id: section for section in rubric.all_sections}
    return Scope(
        items,
        {name: item.max for name, item in items.items()},
        sections,
        tuple(section_items),
        section_items,
        homes,
        rubric.grain,
        rubric.step,
        rubric.decimals,
    )
