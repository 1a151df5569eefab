"""What a unit's points come to."""

from decimal import Decimal
from typing import NamedTuple


class Result(NamedTuple):
    """The points of one unit: of every section, parents before their parts, and in total.

    ``unscored`` names the items without points; while there are any, ``at_best`` is what the
    unit would have with full marks in them, and the result is provisional. ``assessors`` is how
    many sheets were combined, 0 where that is not what was done.
    """

    rubric: str
    unit: str
    period: str | None
    section_ids: tuple[str, ...]
    section_points: tuple[Decimal, ...]
    total: Decimal
    unscored: tuple[str, ...] = ()
    at_best: "Result | None" = None
    assessors: int = 0

    @property
    def sections(self) -> dict[str, Decimal]:
        """Points by section id."""
        return dict(zip(self.section_ids, self.section_points, strict=True))
