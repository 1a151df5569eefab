"""A rubric: what is assessed for how many points, and what one unit of it is scored on."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

from epa_score.model.rubric_options import (
    Adjustments,
    AnyTreatment,
    Band,
    Panel,
    Scale,
    Treatment,
    Veto,
)
from epa_score.rules import Rules
from epa_score.values.facts import Targets
from epa_score.values.fields import (
    Decimals,
    Derived,
    Frozen,
    IfGiven,
    Text,
    Yes,
    choice_of,
    frozen_config,
)
from epa_score.values.names import MismatchReason, UnitName, same_name_key
from epa_score.values.points import Points


class Item(Frozen):
    """One scored line of a rubric, with its cap ``max`` in points.

    A person judges it unless it has a ``rule``; ``targets`` are the numbers that its text states.
    ``not_applicable`` says how it counts for a unit to which it does not apply.
    """

    model_config = frozen_config("One scored line, with its cap in points")

    id: Text
    max: Points
    text: Text
    rule: Annotated[Rules | None, IfGiven] = None
    targets: Annotated[Targets | None, IfGiven] = None
    not_applicable: AnyTreatment = None


class UnitItems(Frozen):
    """The items of the units that have a duty of their own."""

    model_config = frozen_config("The items of units that have a duty of their own")

    units: tuple[UnitName, ...]
    items: tuple[Item, ...]


class Section(Frozen):
    """A titled group worth ``max`` points.

    It holds one of: ``items``, ``sections``, or ``per_unit`` items. In a ``pool`` all items deduct
    from its points, down to ``floor`` points; a section that is ``capped`` holds items of more.
    ``accept_mismatch`` says why ``max`` is not what its parts add up to, which it is worth then.
    """

    model_config = frozen_config("A titled group of items, or of sections")

    id: Text
    title: Text
    max: Points
    items: tuple[Item, ...] = ()
    sections: tuple["Section", ...] = ()
    per_unit: tuple[UnitItems, ...] = ()
    pool: Yes = False
    floor: Annotated[Points | None, IfGiven] = None
    capped: Yes = False
    accept_mismatch: Annotated[MismatchReason | None, IfGiven] = None

    def items_of(self, unit_key: str) -> tuple[Item, ...]:
        """The items of this very section that a unit is scored on."""
        own = (duty.items for duty in self.per_unit if unit_key in map(same_name_key, duty.units))
        return self.items or next(own, ())

    def worth(self, unit_key: str) -> Decimal:
        """What full marks come to for a unit, in points: ``max`` unless a mismatch was accepted."""
        if self.pool:
            return self.max
        parts = [item.max for item in self.items_of(unit_key)]
        added = sum(parts + [section.worth(unit_key) for section in self.sections], Decimal(0))
        return min(added, self.max) if self.capped else added


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
    rules: dict[str, Rules]
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


def scope_of(rubric: "Rubric", unit_key: str) -> Scope:
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


_ANY_UNIT = ""
"""The key of the scope that all units share; no unit has it."""


class Rubric(Frozen):
    """What is assessed, for ``total`` points.

    ``units`` is the roster, ``decimals`` what a score may carry, ``step`` what it must be a
    multiple of, ``tie_break`` the section ids that are compared, in order, where totals are
    equal, ``adjustments`` what is added to the base and taken from it, ``veto`` what keeps a unit
    out of ranks and bands, ``bands`` what totals are called, best first, and ``lang`` the language
    of its documents. With a ``panel`` each unit has the sheets of several assessors. Beside the
    totals a ranking shows them on a ``scale``, and the ``rank_points`` of the first ranks.
    ``accept_mismatch`` says why ``total`` is not what the sections add up to, which it is out of
    then.
    """

    model_config = frozen_config("What is assessed, and for how many points")

    id: Text
    title: Text
    total: Points
    sections: tuple[Section, ...]
    units: tuple[UnitName, ...] = ()
    decimals: Decimals = 2
    step: Annotated[Points | None, IfGiven] = None
    tie_break: tuple[Text, ...] = ()
    adjustments: Annotated[Adjustments | None, IfGiven] = None
    veto: tuple[Veto, ...] = ()
    bands: tuple[Band, ...] = ()
    lang: Annotated[Literal["zh_CN", "en"], BeforeValidator(choice_of(["zh_CN", "en"]))] = "zh_CN"
    panel: Annotated[Panel | None, IfGiven] = None
    scale: Annotated[Scale | None, IfGiven] = None
    rank_points: tuple[Points, ...] = ()
    accept_mismatch: Annotated[MismatchReason | None, IfGiven] = None

    @Derived
    def grain(self) -> Decimal:
        """What every score is a multiple of, in points: ``step``, else the last decimal."""
        return self.step or self.last_decimal

    @property
    def last_decimal(self) -> Decimal:
        """One unit in the last decimal that is allowed, in points: 0.01 for two decimals."""
        return Decimal((0, (1,), -self.decimals))

    @Derived
    def known_units(self) -> tuple[str, ...]:
        """The units that may be scored, in roster order; empty where any unit may be."""
        return self.units or self.duty_units

    @Derived
    def duty_units(self) -> tuple[str, ...]:
        """The units that have items of their own, in the rubric's order."""
        return tuple(
            dict.fromkeys(
                unit
                for section in self.all_sections
                for duty in section.per_unit
                for unit in duty.units
            )
        )

    @Derived
    def all_sections(self) -> tuple[Section, ...]:
        """Every section at every depth, parents before their children."""
        found: list[Section] = []
        todo = list(reversed(self.sections))
        while todo:
            found.append(todo.pop())
            todo += reversed(found[-1].sections)
        return tuple(found)

    @Derived
    def accepted(self) -> tuple[tuple[str, str], ...]:
        """Every sum that does not add up and was accepted: the title of the whole, and why."""
        wholes = [(self.title, self.accept_mismatch)]
        wholes += [(section.title, section.accept_mismatch) for section in self.all_sections]
        return tuple((title, why) for title, why in wholes if why is not None)

    def worth(self, unit_key: str) -> Decimal:
        """The points of full marks for a unit: ``total`` unless a mismatch was accepted."""
        return sum((section.worth(unit_key) for section in self.sections), Decimal(0))

    @Derived
    def treatments(self) -> frozenset[Treatment]:
        """How items count that do not apply; empty where all of them apply to all units."""
        lists = [section.items for section in self.all_sections]
        lists += [duty.items for section in self.all_sections for duty in section.per_unit]
        found = {item.not_applicable for items in lists for item in items}
        return frozenset(treatment for treatment in found if treatment is not None)

    @property
    def takes_means(self) -> bool:
        """Whether an item that does not apply may have the mean of the other units' points."""
        return "peer_mean" in self.treatments

    @Derived
    def _scopes(self) -> dict[str, Scope]:
        """The scopes of the known units by `same_name_key`; where any unit may be scored, one."""
        keys = map(same_name_key, self.known_units)
        return {key: scope_of(self, key) for key in keys} or {_ANY_UNIT: scope_of(self, _ANY_UNIT)}

    def scope(self, unit: str) -> Scope | None:
        """What ``unit`` is scored on, or ``None`` where the rubric does not know the unit."""
        scopes = self._scopes
        return scopes.get(_ANY_UNIT) or scopes.get(same_name_key(unit))
