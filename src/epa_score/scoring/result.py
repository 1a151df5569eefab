"""What a unit's points come to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from epa_score.model.rubric_options import Effect, Veto

if TYPE_CHECKING:
    from epa_score.scoring.not_applicable import Inapplicable


class Adjusted(NamedTuple):
    """What a total is made of, in points: the ``base`` that the sections add up to, and more."""

    base: Decimal
    bonus: Decimal
    penalty: Decimal


class Vetoed(NamedTuple):
    """A veto that holds, and what happened."""

    veto: Veto
    reason: str


class Result(NamedTuple):
    """The points of one unit: of every section, parents before their parts, and in total.

    ``unscored`` names the items without points; while there are any, ``at_best`` is what the
    unit would have with full marks in them, and the result is provisional. Where the rubric has
    adjustments, the total is ``adjusted``; else it is the sum of the sections. The ``vetoes`` that
    hold change ranks and bands, never points of their unit. ``assessors`` is how many sheets were
    combined, 0 where that is not what was done.

    ``inapplicable`` are the items that do not apply to the unit. ``out_of`` are the points of full
    marks, without adjustments, where they are not the rubric's total. Where some items have the
    mean of other units, ``item_points`` are the points of all items, and ``at_worst`` is what the
    unit can fall to while others are unscored.
    """

    rubric: str
    unit: str
    period: str | None
    section_ids: tuple[str, ...]
    section_points: tuple[Decimal, ...]
    total: Decimal
    unscored: tuple[str, ...] = ()
    at_best: "Result | None" = None
    adjusted: Adjusted | None = None
    vetoes: tuple[Vetoed, ...] = ()
    assessors: int = 0
    inapplicable: "tuple[Inapplicable, ...]" = ()
    out_of: Decimal | None = None
    item_points: Mapping[str, Decimal] | None = None
    at_worst: "Result | None" = None

    @property
    def effects(self) -> frozenset[Effect]:
        """What the vetoes do."""
        return frozenset(vetoed.veto.effect for vetoed in self.vetoes)

    @property
    def base(self) -> Decimal:
        """The sum of the sections, without adjustments."""
        return self.total if self.adjusted is None else self.adjusted.base

    @property
    def awaiting(self) -> tuple[str, ...]:
        """The items whose points are the mean of other units, as long as nobody computed it."""
        awaited = (inapplicable for inapplicable in self.inapplicable if inapplicable.is_awaited)
        return tuple(inapplicable.item for inapplicable in awaited)

    @property
    def sections(self) -> dict[str, Decimal]:
        """Points by section id."""
        return dict(zip(self.section_ids, self.section_points, strict=True))
