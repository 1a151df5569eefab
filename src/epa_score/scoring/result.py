"""What a unit's points come to."""

from decimal import Decimal
from typing import NamedTuple


class Adjusted(NamedTuple):
    """What a total is made of, in points: the ``base`` that the sections add up to, and more."""

    base: Decimal
    bonus: Decimal
    penalty: Decimal


class Result(NamedTuple):
    """The points of one unit: of every section, parents before their parts, and in total.

    ``unscored`` names the items without points; while there are any, ``at_best`` is what the
    unit would have with full marks in them, and the result is provisional. Where the rubric has
    adjustments, the total is ``adjusted``; else it is the sum of the sections.
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

    @property
    def base(self) -> Decimal:
        """The sum of the sections, without adjustments."""
        return self.total if self.adjusted is None else self.adjusted.base

    @property
    def sections(self) -> dict[str, Decimal]:
        """Points by section id."""
        return dict(zip(self.section_ids, self.section_points, strict=True))
