"""`ratio`: the share of the cap that was done of a target (按完成比例得分)."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from epa_score.rules.rule import Amount, Case, Rule, Step, Working
from epa_score.values.facts import Fact
from epa_score.values.fields import Frozen, IfGiven, Yes, frozen_config
from epa_score.values.points import Points
from epa_score.values.rounding import rounded

_DONE, _TARGET = "done", "target"


def ratio(done: Decimal, target: Decimal, cap: Decimal, below: Decimal, decimals: int) -> Decimal:
    """The cap where the target is reached, else that share of ``below`` points.

    The share is exact; the points are rounded once, half up, to ``decimals``.
    """
    if done >= target:
        return cap
    return rounded(Fraction(done) / Fraction(target) * Fraction(below), decimals)


class Ratio(Frozen, Rule):
    """The share that was done of the ``target``, which the sheet states where the rule does not.

    ``below`` are the points that the share is of while the target is not reached, the cap if
    left out. ``part: true`` says that no more can be done than the target.
    """

    model_config = frozen_config("The share of the cap that was done of a target")

    target: Annotated[Points | None, IfGiven] = None
    below: Annotated[Points | None, IfGiven] = None
    part: Yes = False

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The number done, and the target where it is the unit's own."""
        if self.target is not None:
            return (Fact(_DONE, "number", most=self.target if self.part else None),)
        done = Fact(_DONE, "number", part_of=_TARGET if self.part else "")
        return done, Fact(_TARGET, "number", divided_by=True)

    def working(self, case: Case) -> Working:
        """Rounded once where the target is not reached."""
        done = case.facts.numbers[_DONE]
        target = case.facts.numbers[_TARGET] if self.target is None else self.target
        below = case.cap if self.below is None else self.below
        points = ratio(done, target, case.cap, below, case.decimals)
        parts = {"done": done, "target": target, "cap": below, "result": points}
        if done >= target:
            return Working(points, (Step("ratio_reached", parts),))
        exact = points * target == done * below
        return Working(points, (Step("ratio" if exact else "ratio_rounded", parts),))

    def amounts(self) -> Iterator[Amount]:
        """The points that are shared out below the target."""
        if self.below is not None:
            yield Amount(("below",), self.below)

    def without_effect(self, _cap: Decimal, /) -> Iterator[Amount]:
        """A target of 0 is always reached, and a share of 0 is nothing."""
        for name, number in (("target", self.target), ("below", self.below)):
            if number is not None and not number:
                yield Amount((name,), number)
