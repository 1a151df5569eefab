"""The result of one unit: its points by section and in total, and all that changes them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Effect, Veto
    from epa_score.scoring.not_applicable import Inapplicable


class Adjusted(NamedTuple):
    """The parts of a total, in points: the ``base`` that the sections add up to, and more."""

    base: Decimal
    bonus: Decimal
    penalty: Decimal


class Met(NamedTuple):
    """The figures by which a condition holds, all of them in points."""

    title: str
    """The title of the section; empty for an item and for the total."""
    points: Decimal
    threshold: Decimal
    full: Decimal
    """The points of full marks there."""


class Vetoed(NamedTuple):
    """A veto that holds, and what happened, or the figures by which its condition holds."""

    veto: "Veto"
    reason: str
    met: Met | None = None


class Result(NamedTuple):
    """The points of one unit (得分)."""

    rubric: str
    """The id of the rubric."""
    unit: str
    """The unit that was assessed."""
    period: str | None
    """The period that was assessed."""
    section_ids: tuple[str, ...]
    """The ids of all sections, parents before their parts."""
    section_points: tuple[Decimal, ...]
    """The points of those sections (小计)."""
    total: Decimal
    """The published total (总分): the sum of the sections, unless it is adjusted."""
    unscored: tuple[str, ...] = ()
    """The ids of what has no points yet; the result is provisional if there are any."""
    at_best: "Result | None" = None
    """The result with full marks in the unscored items."""
    adjusted: Adjusted | None = None
    """The parts of the total, where the rubric has adjustments."""
    vetoes: tuple[Vetoed, ...] = ()
    """The vetoes that hold; they change ranks and bands, never points of their unit."""
    assessors: int = 0
    """The number of sheets that were combined, 0 where that is not what was done."""
    inapplicable: "tuple[Inapplicable, ...]" = ()
    """The items that do not apply to the unit."""
    out_of: Decimal | None = None
    """The points of full marks without adjustments, where that is not the rubric's total."""
    item_points: Mapping[str, Decimal] | None = None
    """The points of all items, where means of other units or conditions depend on them."""
    at_worst: "Result | None" = None
    """The least that it can fall to, while other units or items of a pool are unscored."""
    code: str = ""
    """The code of the sheets that it was made of (校验码)."""
    scope_code: str = ""
    """The code of what the rubric said of its items; empty where several rubrics gave it."""
    owed: tuple[str, ...] = ()
    """The ids of adjustments and vetoes that a sheet still to come is about; among the unscored."""
    unzeroed: "Result | None" = None
    """The result as it was before conditions took all points of a section or in total."""

    @property
    def effects(self) -> frozenset["Effect"]:
        """The effects of the vetoes that hold."""
        return frozenset(vetoed.veto.effect for vetoed in self.vetoes)

    @property
    def zeroed(self) -> dict[str, tuple[str, ...]]:
        """What has 0 points by a condition: ids of sections or the total, with ids of vetoes."""
        found: dict[str, tuple[str, ...]] = {}
        for vetoed in self.vetoes if self.unzeroed is not None else ():
            if vetoed.veto.zeroes is not None:
                found[vetoed.veto.zeroes] = (*found.get(vetoed.veto.zeroes, ()), vetoed.veto.id)
        return found

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
