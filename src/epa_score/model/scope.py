"""What one unit is scored on: the items and sections of a rubric that are its own."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from epa_score.model.check_code import code_of_scope, lead_of_points
from epa_score.model.item_options import LEFT_OUT, Treatment
from epa_score.values.points import exactly

if TYPE_CHECKING:
    from epa_score.model.rubric import Item, Rubric, Section
    from epa_score.rules.item_rule import Rules


class SectionShares(NamedTuple):
    """The points that the items in a section are worth as a ``whole``, without excluded ones.

    What is ``left`` are those of the items that are not scaled to the others. The same of a total.
    """

    whole: Decimal
    left: Decimal


class Scope(NamedTuple):
    """The items and sections of one unit by id, in the rubric's order."""

    items: dict[str, "Item"]
    """Every item."""
    caps: dict[str, Decimal]
    """The cap of each item, in points."""
    most: dict[str, Decimal]
    """The most points that each item can have; some rules give more than the cap."""
    least: dict[str, Decimal]
    """Of each item that can have fewer than 0 points, so few that its section has none left."""
    judged: dict[str, Decimal]
    """The caps of those items whose points a person gives."""
    rules: "dict[str, Rules]"
    """The rules of the other items, and of some that are judged."""
    sections: dict[str, "Section"]
    """Every section that all units have, at any depth."""
    section_ids: tuple[str, ...]
    """The ids of the sections, parents before their parts."""
    section_items: dict[str, tuple[str, ...]]
    """The ids of every item of a section, at any depth; titled parts of own items come last."""
    homes: dict[str, str]
    """The section that each item stands in."""
    grain: Decimal
    """The points that every score is a multiple of."""
    step: Decimal | None
    """The same where the rubric states it."""
    decimals: int
    """The decimals that scores may carry."""
    bounded: bool
    """True where some section is not the sum of its items alone."""
    treatments: dict[str, Treatment]
    """The treatments of those items that may be inapplicable."""
    worth: Decimal | None
    """The points of full marks, where a sum that does not add up was accepted."""
    is_of_one: bool
    """True where the items are those of one assessor, of which none may apply."""
    full: Decimal
    """The points of full marks."""
    caps_in_grains: dict[str, int] | None
    """The cap of each item in whole grains; ``None`` where points are not only added up."""
    code: str
    """The code of all that points follow from (校验码)."""
    point_leads: tuple[tuple[str, str], ...]
    """The items, with what stands before their points where the code of a sheet is computed."""

    def shares(self, section: str, inapplicable: Iterable[str]) -> SectionShares:
        """The points of the items in a section, without the ``inapplicable`` ones excluded."""
        out = {name: self.treatments.get(name) for name in inapplicable}
        inside = [(out.get(name), self.caps[name]) for name in self.items_in(section)]
        kept = [(treatment, cap) for treatment, cap in inside if treatment not in LEFT_OUT]
        whole = [cap for _, cap in kept]
        left = [cap for treatment, cap in kept if treatment != "rescale"]
        return SectionShares(Decimal(sum(whole)), Decimal(sum(left)))

    def shares_of_total(self, inapplicable: Iterable[str]) -> SectionShares:
        """The points of full marks without items excluded, and those of what applies of them."""
        out = [(self.treatments.get(name), self.caps[name]) for name in inapplicable]
        excluded = sum((cap for treatment, cap in out if treatment == "exclude"), Decimal(0))
        scaled = sum((cap for treatment, cap in out if treatment == "rescale_total"), Decimal(0))
        return SectionShares(self.full - excluded, self.full - excluded - scaled)

    def items_in(self, section: str) -> list[str]:
        """The items that stand in this very section."""
        return [name for name, home in self.homes.items() if home == section]


def scope_of(rubric: "Rubric", unit_key: str) -> Scope:
    """The scope of the unit whose `same_name_key` is ``unit_key``.

    Raises `ValueError` for a rubric that was never checked and has an item twice.
    """
    items: dict[str, Item] = {}
    section_items: dict[str, tuple[str, ...]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    homes: dict[str, str] = {}

    def walk(section: "Section") -> tuple[str, ...]:
        section_items[section.id] = ()
        own = section.items_of(unit_key)
        if len({*items, *(item.id for item in own)}) < len(items) + len(own):
            message = f"rubric {rubric.id!r} has an item twice"
            raise ValueError(message)
        items.update((item.id, item) for item in own)
        homes.update((item.id, section.id) for item in own)
        ids = tuple(item.id for item in own)
        for part in section.parts_of(unit_key):
            parts[part.id] = tuple(item.id for item in part.items)
        for child in section.sections:
            ids += walk(child)
        section_items[section.id] = ids
        return ids

    for section in rubric.sections:
        walk(section)
    section_items |= parts
    sections = {section.id: section for section in rubric.all_sections}
    caps = {name: item.max for name, item in items.items()}
    rules = {name: item.rule for name, item in items.items() if item.rule is not None}
    bounded = any(section.pool or section.capped for section in rubric.all_sections)
    treatments = {
        name: item.not_applicable for name, item in items.items() if item.not_applicable is not None
    }
    with exactly():
        full = rubric.worth(unit_key)
        least = {
            name: -sections[home].worth(unit_key)
            for name, home in homes.items()
            if sections[home].pool == "section"
        }
    worth = full if rubric.accepted else None
    only_added = not (rules or bounded or treatments or rubric.conditions) and worth is None
    return Scope(
        items=items,
        caps=caps,
        most=caps | {name: rule.most(caps[name]) for name, rule in rules.items()},
        least=least,
        judged={n: cap for n, cap in caps.items() if n not in rules or rules[n].takes_points},
        rules=rules,
        sections=sections,
        section_ids=tuple(section_items),
        section_items=section_items,
        homes=homes,
        grain=rubric.grain,
        step=rubric.step,
        decimals=rubric.decimals,
        bounded=bounded,
        treatments=treatments,
        worth=worth,
        is_of_one=len(rubric.assessors) == 1,
        full=full,
        caps_in_grains=(
            {n: Fraction(cap) // Fraction(rubric.grain) for n, cap in caps.items()}
            if only_added
            else None
        ),
        code=code_of_scope(rubric, items.values(), homes),
        point_leads=lead_of_points(items),
    )
