"""A rubric: what is assessed and for how many points."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from epa_score.model.adjustments import Adjustments
from epa_score.model.band import Band
from epa_score.model.base import Frozen
from epa_score.model.choice import Decimals
from epa_score.model.final import Scale
from epa_score.model.given import IfGiven
from epa_score.model.names import UnitName, same_name_key
from epa_score.model.panel import Panel
from epa_score.model.points import Points
from epa_score.model.rule import AnyRule
from epa_score.model.scope import Scope, scope_of
from epa_score.model.targets import Targets
from epa_score.model.text import Text
from epa_score.model.veto import Veto
from epa_score.model.yes import Yes


class Item(Frozen):
    """One scored line of a rubric, with its cap ``max`` in points.

    A person judges it unless it has a ``rule``; ``targets`` are the numbers that its text states.
    """

    id: Text
    max: Points
    text: Text
    rule: AnyRule = None
    targets: Targets | None = None


class UnitItems(Frozen):
    """The items of the units that have a duty of their own."""

    units: tuple[UnitName, ...]
    items: tuple[Item, ...]


class Section(Frozen):
    """A titled group worth ``max`` points.

    It holds one of: ``items``, ``sections``, or ``per_unit`` items. In a ``pool`` all items deduct
    from its points, down to ``floor`` points; a section that is ``capped`` holds items of more.
    """

    id: Text
    title: Text
    max: Points
    items: tuple[Item, ...] = ()
    sections: tuple["Section", ...] = ()
    per_unit: tuple[UnitItems, ...] = ()
    pool: Yes = False
    floor: Points | None = None
    capped: Yes = False

    def items_of(self, unit_key: str) -> tuple[Item, ...]:
        """The items of this very section that a unit is scored on."""
        own = (one.items for one in self.per_unit if unit_key in map(same_name_key, one.units))
        return self.items or next(own, ())


def _read_language(value: object) -> object:
    allowed = ("zh_CN", "en")
    if value not in allowed:
        kind = "value_not_allowed"
        raise PydanticCustomError(kind, "lang", {"value": str(value), "allowed": allowed})
    return value


class Rubric(Frozen):
    """What is assessed, for ``total`` points.

    ``units`` is the roster, ``decimals`` what a score may carry, ``step`` what it must be a
    multiple of, ``tie_break`` the section ids that are compared, in order, where totals are
    equal, ``adjustments`` what is added to the base and taken from it, ``veto`` what keeps a unit
    out of ranks and bands, ``bands`` what totals are called, best first, and ``lang`` the language
    of its documents. With a ``panel`` each unit has the sheets of several assessors. Beside the
    totals a ranking shows them on a ``scale``, and the ``rank_points`` of the first ranks.
    """

    id: Text
    title: Text
    total: Points
    sections: tuple[Section, ...]
    units: tuple[UnitName, ...] = ()
    decimals: Decimals = 2
    step: Points | None = None
    tie_break: tuple[Text, ...] = ()
    adjustments: Annotated[Adjustments | None, IfGiven] = None
    veto: tuple[Veto, ...] = ()
    bands: tuple[Band, ...] = ()
    lang: Annotated[Literal["zh_CN", "en"], BeforeValidator(_read_language)] = "zh_CN"
    panel: Panel | None = None
    scale: Scale | None = None
    rank_points: tuple[Points, ...] = ()

    @cached_property
    def grain(self) -> Decimal:
        """What every score is a multiple of, in points: ``step``, else the last decimal."""
        return self.step or self.last_decimal

    @property
    def last_decimal(self) -> Decimal:
        """One unit in the last decimal that is allowed, in points: 0.01 for two decimals."""
        return Decimal((0, (1,), -self.decimals))

    @cached_property
    def known_units(self) -> tuple[str, ...]:
        """The units that may be scored, in roster order; empty where any unit may be."""
        return self.units or self.duty_units

    @cached_property
    def duty_units(self) -> tuple[str, ...]:
        """The units that have items of their own, in the rubric's order."""
        return tuple(
            dict.fromkeys(
                unit
                for section in self.all_sections
                for one in section.per_unit
                for unit in one.units
            )
        )

    @cached_property
    def all_sections(self) -> tuple[Section, ...]:
        """Every section at every depth, parents before their children."""
        found: list[Section] = []
        todo = list(reversed(self.sections))
        while todo:
            found.append(todo.pop())
            todo += reversed(found[-1].sections)
        return tuple(found)

    @cached_property
    def _scopes(self) -> dict[str, Scope]:
        return {
            same_name_key(unit): scope_of(self, same_name_key(unit)) for unit in self.known_units
        }

    @cached_property
    def _common_scope(self) -> Scope:
        return scope_of(self, "")

    def scope(self, unit: str) -> Scope | None:
        """What ``unit`` is scored on, or ``None`` where the rubric does not know the unit."""
        if not self.known_units:
            return self._common_scope
        return self._scopes.get(same_name_key(unit))
