"""Adjustments: points outside the base, for facts of which each counts once."""

from collections.abc import Iterator
from typing import Annotated, Literal

from epa_score.model.base import Frozen
from epa_score.model.given import IfGiven
from epa_score.model.text import Text
from epa_score.values.points import Points

Way = Literal["bonus", "penalty"]
"""Whether points are added to the base or taken from it."""


class Adjustment(Frozen):
    """``each`` so many points for a fact, and ``max`` at most for all facts of this one."""

    id: Text
    text: Text
    each: Points
    max: Annotated[Points | None, IfGiven] = None


class AdjustmentList(Frozen):
    """Adjustments of one way, together ``max`` points at most."""

    items: tuple[Adjustment, ...]
    max: Annotated[Points | None, IfGiven] = None


class Adjustments(Frozen):
    """What a unit can have beyond the base, and what can be taken from it."""

    bonus: Annotated[AdjustmentList | None, IfGiven] = None
    penalty: Annotated[AdjustmentList | None, IfGiven] = None

    def lists(self) -> Iterator[tuple[Way, AdjustmentList]]:
        """The lists there are, the bonuses first."""
        if self.bonus is not None:
            yield "bonus", self.bonus
        if self.penalty is not None:
            yield "penalty", self.penalty

    @property
    def ways(self) -> Literal["bonus", "penalty", "both"]:
        """Which lists there are."""
        if self.bonus is not None and self.penalty is not None:
            return "both"
        return "penalty" if self.bonus is None else "bonus"

    @property
    def each(self) -> tuple[Adjustment, ...]:
        """Every adjustment, in the order of the lists."""
        return tuple(item for _, one in self.lists() for item in one.items)
