"""What a section makes of the sum of its parts, where it is not the sum alone."""

from decimal import Decimal
from typing import NamedTuple


class Bound(NamedTuple):
    """The sum and ``plus``, no less than ``least`` and no more than ``most``; all in points."""

    plus: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    def of(self, points: Decimal) -> Decimal:
        """The points of a section whose parts have ``points`` in all."""
        bounded = points + self.plus
        if self.least is not None:
            bounded = max(bounded, self.least)
        return bounded if self.most is None else min(bounded, self.most)
