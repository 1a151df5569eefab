"""What one unit is scored on: the common items and its own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from epa_score.model.inapplicable import Treatment
    from epa_score.model.rubric import Item, Rubric, Section
    from epa_score.rules.rule import ItemRule


class Scope(NamedTuple):
    """The items and sections of one unit by id, in the rubric's order.

    ``caps`` holds the cap of each item, ``most`` the most points that it can have, ``judged`` the
    caps of those items whose points a person gives, ``rules`` the rules of the others (and of some
    that are judged). ``section_items`` are the ids of every item of a section, at any depth,
    ``homes`` the section that each item stands in. Scores are multiples of ``grain`` points and
    carry at most so many ``decimals``. Unless some are ``bounded``, sections add up their items.
    ``treatments`` are those of the items that may be inapplicable; ``worth`` are the points of full
    marks where a sum that does not add up was accepted.
    """

    items: dict[str, Item]
    caps: dict[str, Decimal]
    most: dict[str, Decimal]
    judged: dict[str, Decimal]
    rules: dict[str, ItemRule]
    sections: dict[str, Section]
    section_ids: tuple[str, ...]
    section_items: dict[str, tuple[str, ...]]
    homes: dict[str, str]
    grain: Decimal
    step: Decimal | None
    decimals: int
    bounded: bool
    treatments: dict[str, Treatment]
    worth: Decimal | None

    def shares(self, section: str, inapplicable: Iterable[str]) -> tuple[Decimal, Decimal]:
        """What the items in a section are worth, and how much of it is not scaled to the others.

        Both in points, without those of the ``inapplicable`` items that are excluded.
        """
        out = {name: self.treatments.get(name) for name in inapplicable}
        inside = [(out.get(name), self.caps[name]) for name in self.items_in(section)]
        whole = [cap for treatment, cap in inside if treatment != "exclude"]
        left = [cap for treatment, cap in inside if treatment not in ("exclude", "rescale")]
        return Decimal(sum(whole)), Decimal(sum(left))

    def items_in(self, section: str) -> list[str]:
        """The items that stand in this very section."""
        return [name for name, home in self.homes.items() if home == section]


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
    caps = {name: item.max for name, item in items.items()}
    rules = {name: item.rule for name, item in items.items() if item.rule is not None}
    return Scope(
        items,
        caps,
        caps | {name: rule.most(caps[name]) for name, rule in rules.items()},
        {n: cap for n, cap in caps.items() if n not in rules or rules[n].takes_points},
        rules,
        sections,
        tuple(section_items),
        section_items,
        homes,
        rubric.grain,
        rubric.step,
        rubric.decimals,
        any(section.pool or section.capped for section in rubric.all_sections),
        {n: item.not_applicable for n, item in items.items() if item.not_applicable is not None},
        rubric.worth(unit_key) if rubric.accepted else None,
    )
