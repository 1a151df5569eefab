"""A rubric: what is assessed, and for how many points."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator

from epa_score.diagnostics.nearest import NameIndex
from epa_score.model.assessors import find_assessors_by_item, part_of
from epa_score.model.item_options import AnyTreatment, PoolReading, Treatment
from epa_score.model.scope import Scope, scope_of
from epa_score.values.facts import Targets
from epa_score.values.fields import (
    Decimals,
    Derived,
    Frozen,
    IfGiven,
    LoadedWhenGiven,
    Text,
    Yes,
    choice_of,
    frozen_config,
)
from epa_score.values.names import MismatchReason, UnitGroups, UnitName, same_name_key
from epa_score.values.points import Grains, Points

if TYPE_CHECKING:
    from epa_score.model.rubric_options import (
        Adjustments,
        Assessor,
        Band,
        Panel,
        Scale,
        SelfScore,
        Veto,
    )
    from epa_score.rules.item_rule import Rules

    GivenAdjustments = Adjustments | None
    GivenAssessors = tuple[Assessor, ...]
    GivenBands = tuple[Band, ...]
    GivenPanel = Panel | None
    GivenRules = Rules | None
    GivenScale = Scale | None
    GivenSelfScore = SelfScore | None
    GivenVetoes = tuple[Veto, ...]
else:

    def _option(name: str) -> Any:
        return Annotated[Any, LoadedWhenGiven("epa_score.model.rubric_options", name)]

    GivenAdjustments = Annotated[_option("Adjustments"), IfGiven]
    GivenAssessors = _option("Assessors")
    GivenBands = _option("Bands")
    GivenPanel = Annotated[_option("Panel"), IfGiven]
    GivenRules = Annotated[Any, LoadedWhenGiven("epa_score.rules.item_rule", "Rules"), IfGiven]
    GivenScale = Annotated[_option("Scale"), IfGiven]
    GivenSelfScore = _option("GivenSelfScore")
    GivenVetoes = _option("Vetoes")


class Item(Frozen):
    """One scored line of a rubric, which a person judges unless it has a rule."""

    model_config = frozen_config("One scored line, with its cap in points")

    id: Text
    """Its number, such as ``A1`` (编号)."""
    max: Points
    """Its cap, in points (分值)."""
    text: Text
    """The wording of the published rubric (考核内容)."""
    rule: GivenRules = None
    """The rule from facts to its points, where no person gives them."""
    targets: Annotated[Targets | None, IfGiven] = None
    """The numbers that its text states."""
    not_applicable: AnyTreatment = None
    """The treatment of it for a unit to which it does not apply."""
    owner: Annotated[Text | None, IfGiven] = None
    """Who answers for it (责任部门), which counts nothing and is printed."""
    source: Annotated[Text | None, IfGiven] = None
    """Where its figures come from (数据来源), which counts nothing and is printed."""
    units: tuple[UnitName, ...] = ()
    """The only units that it applies to (仅适用于); empty where it applies to all."""

    def is_for(self, unit_key: str) -> bool:
        """True where the rubric applies it to the unit of this `same_name_key`."""
        return not self.units or unit_key in map(same_name_key, self.units)


class UnitItems(Frozen):
    """The items of the units that have a duty of their own."""

    model_config = frozen_config("The items of units that have a duty of their own")

    units: tuple[UnitName, ...]
    """The units that have them."""
    items: tuple[Item, ...] = ()
    """The items, where they are not in titled parts."""
    sections: tuple["Section", ...] = ()
    """Titled parts with items, each with a subtotal; nothing but these."""

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Every item of the units, whatever part it stands in."""
        return self.items or tuple(item for part in self.sections for item in part.items)


class Section(Frozen):
    """A titled group of items, of sections, or of items by unit: one of the three (考核指标)."""

    model_config = frozen_config("A titled group of items, or of sections")

    id: Text
    """Its number, such as ``A`` (编号)."""
    title: Text
    """Its title (名称)."""
    max: Points
    """Its points (分值)."""
    items: tuple[Item, ...] = ()
    """Its items, where all units have the same."""
    sections: tuple["Section", ...] = ()
    """The sections inside it."""
    per_unit: tuple[UnitItems, ...] = ()
    """Its items, where units have a duty of their own."""
    pool: PoolReading = None
    """What an item can take away, where all items deduct from the points of the section."""
    floor: Annotated[Points | None, IfGiven] = None
    """The least points that a pool can fall to."""
    capped: Yes = False
    """True where the items are worth more than the section, which has ``max`` at most."""
    accept_mismatch: Annotated[MismatchReason | None, IfGiven] = None
    """The reason why ``max`` is not what its parts add up to, which it is worth then."""

    @Derived
    def duties(self) -> dict[str, int]:
        """The number of the entry of ``per_unit`` that a unit is in, by its `same_name_key`."""
        numbers: dict[str, int] = {}
        for number, duty in enumerate(self.per_unit):
            for unit in duty.units:
                numbers.setdefault(same_name_key(unit), number)
        return numbers

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Every item of this very section, of all units."""
        return self.items + tuple(item for duty in self.per_unit for item in duty.all_items)

    def items_of(self, unit_key: str) -> tuple[Item, ...]:
        """The items of this very section that a unit is scored on."""
        number = self.duties.get(unit_key)
        return self.items or (self.per_unit[number].all_items if number is not None else ())

    def parts_of(self, unit_key: str) -> tuple["Section", ...]:
        """The titled parts of the items that a unit has for its own; none where these have none."""
        number = self.duties.get(unit_key)
        return self.per_unit[number].sections if number is not None else ()

    def worth(self, unit_key: str) -> Decimal:
        """The points of full marks for a unit: ``max`` unless a mismatch was accepted."""
        if self.pool == "items":
            return self.max
        parts = [item.max for item in self.items_of(unit_key)]
        added = sum(parts + [section.worth(unit_key) for section in self.sections], Decimal(0))
        return min(added, self.max) if self.capped else added


_ANY_UNIT = ""
"""The key of the scope that all units share; no unit has it."""


class Rubric(Frozen):
    """All that is assessed, and for how many points (评分细则)."""

    model_config = frozen_config("What is assessed, and for how many points")

    id: Text
    """The name that sheets call it by."""
    title: Text
    """Its title (名称)."""
    total: Points
    """The points of full marks (满分)."""
    sections: tuple[Section, ...]
    """Its sections, in the order of the file."""
    units: tuple[UnitName, ...] = ()
    """The units that must be assessed (单位名单); empty where any may be."""
    groups: UnitGroups = ()
    """The groups that units are ranked in (单位分组), by name; empty where all stand together."""
    grouped_by: Annotated[Literal["roster"] | None, BeforeValidator(choice_of(["roster"]))] = None
    """``roster`` where a column of the roster says in which group each unit is."""
    decimals: Decimals = 2
    """The decimals that a score may carry."""
    step: Annotated[Points | None, IfGiven] = None
    """The points that a score must be a multiple of."""
    tie_break: tuple[Text, ...] = ()
    """The ids of sections that are compared, in order, where totals are equal."""
    adjustments: GivenAdjustments = None
    """Bonuses and penalties outside the base."""
    veto: GivenVetoes = ()
    """The facts and conditions that keep a unit out of ranks or bands, or take its points."""
    bands: GivenBands = ()
    """The names of totals, best first."""
    lang: Annotated[Literal["zh_CN", "en"], BeforeValidator(choice_of(["zh_CN", "en"]))] = "zh_CN"
    """The language of its documents."""
    panel: GivenPanel = None
    """The way in which the sheets of several assessors are combined."""
    assessors: GivenAssessors = ()
    """The assessors, where each scores items of their own."""
    scale: GivenScale = None
    """The scale that a ranking shows totals on as well."""
    rank_points: tuple[Points, ...] = ()
    """The points of the first ranks, which a ranking shows beside the totals."""
    self_score: GivenSelfScore = None
    """What is said of self scores (自评), where units have them beside the points."""
    accept_mismatch: Annotated[MismatchReason | None, IfGiven] = None
    """The reason why ``total`` is not what the sections add up to, which it is out of then."""

    @Derived
    def grain(self) -> Decimal:
        """The points that every score is a multiple of: ``step``, else one in the last decimal."""
        return self.step or self.last_decimal

    @Derived
    def grains(self) -> Grains:
        """The points of texts in whole grains."""
        return Grains(self.grain)

    @property
    def last_decimal(self) -> Decimal:
        """One unit in the last decimal that is allowed, in points: 0.01 for two decimals."""
        return Decimal((0, (1,), -self.decimals))

    @Derived
    def known_units(self) -> tuple[str, ...]:
        """The units that may be scored, in roster order; empty where any unit may be."""
        return self.units or self.duty_units or self.grouped_units

    @Derived
    def grouped_units(self) -> tuple[str, ...]:
        """The units of all groups, in the order of the file."""
        return tuple(unit for _, units in self.groups for unit in units)

    @Derived
    def _groups_by_unit(self) -> dict[str, str]:
        return {same_name_key(unit): name for name, units in self.groups for unit in units}

    def group_of(self, unit: str) -> str | None:
        """The group that a unit is ranked in; ``None`` where there are none, or it is in none."""
        return self._groups_by_unit.get(same_name_key(unit))

    @Derived
    def fact_vetoes(self) -> "tuple[Veto, ...]":
        """The vetoes that a sheet states."""
        return tuple(veto for veto in self.veto if veto.when is None)

    @Derived
    def conditions(self) -> "tuple[Veto, ...]":
        """The vetoes that follow from points."""
        return tuple(veto for veto in self.veto if veto.when is not None)

    @Derived
    def may_be_zeroed(self) -> frozenset[str]:
        """What a condition may make 0: ids of sections, and the name of the total."""
        return frozenset(veto.zeroes for veto in self.conditions if veto.zeroes is not None)

    @property
    def across_groups(self) -> "Rubric":
        """The rubric as all units are ranked by it together.

        Bands, their quotas and final figures are those within a group, and so it has none
        (decision: an-overall-ranking-has-ranks-alone).
        """
        return self.model_copy(update={"bands": (), "scale": None, "rank_points": ()})

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

    @property
    def takes_several_sheets(self) -> bool:
        """True where a unit has the sheets of several assessors."""
        return self.panel is not None or bool(self.assessors)

    @Derived
    def assessors_by_item(self) -> dict[str, str]:
        """The names of the assessors by the items, adjustments and vetoes that are theirs."""
        return find_assessors_by_item(self)

    @Derived
    def parts(self) -> "dict[str, Rubric]":
        """What each assessor scores, as a rubric, by the `same_name_key` of the assessor."""
        return {same_name_key(own.name): part_of(self, own) for own in self.assessors}

    def part(self, assessor: str | None) -> "Rubric | None":
        """What an assessor scores; all of it where nobody has items of their own.

        ``None`` for somebody who is no assessor.
        """
        return self.parts.get(same_name_key(assessor or "")) if self.assessors else self

    @Derived
    def item_ids(self) -> frozenset[str]:
        """The ids of the items of all units."""
        return frozenset(item.id for section in self.all_sections for item in section.all_items)

    @Derived
    def treatments(self) -> frozenset[Treatment]:
        """The treatments of items that do not apply; empty where all apply to all units."""
        items = (item for section in self.all_sections for item in section.all_items)
        found = {item.not_applicable for item in items}
        return frozenset(treatment for treatment in found if treatment is not None)

    @Derived
    def has_items_for_some(self) -> bool:
        """True where an item applies to some units alone."""
        return any(item.units for section in self.all_sections for item in section.items)

    @Derived
    def differs_by_unit(self) -> bool:
        """True where not all units are asked for the same items."""
        return bool(self.duty_units) or self.has_items_for_some

    @property
    def takes_means(self) -> bool:
        """True where an item that does not apply may have the mean of the other units' points."""
        return "peer_mean" in self.treatments

    @Derived
    def _unit_index(self) -> NameIndex:
        return NameIndex(self.known_units)

    def nearest_unit(self, unit: str) -> str | None:
        """The known unit whose name is most like ``unit``; ``None`` where none is like it."""
        return self._unit_index.nearest(unit)

    @Derived
    def _scopes(self) -> dict[str, Scope]:
        """The scopes of the known units by `same_name_key`; where any unit may be scored, one.

        Units with the same items share one: there may be thousands of them.
        """
        scopes: dict[str, Scope] = {}
        shared: dict[tuple[int | None, ...], Scope] = {}
        for key in [*map(same_name_key, self.known_units)] or [_ANY_UNIT]:
            duties = tuple(section.duties.get(key) for section in self.all_sections)
            if duties not in shared:
                shared[duties] = scope_of(self, key)
            scopes[key] = shared[duties]
        return scopes

    def scope(self, unit: str) -> Scope | None:
        """The items and sections of ``unit``; ``None`` where the rubric does not know the unit."""
        scopes = self._scopes
        return scopes.get(_ANY_UNIT) or scopes.get(same_name_key(unit))
