"""`ratio`: the share of the cap that was done of a target (按完成比例得分)."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.rules.rule import Amount, Case, Rule, Step, Working
from epa_score.values.facts import Fact
from epa_score.values.fields import Frozen, IfGiven, Yes, frozen_config
from epa_score.values.points import Points
from epa_score.values.rounding import rounded

_DONE, _TARGET = "done", "target"
_WORDS = ("ratio_reached", "ratio", "ratio_rounded")
_WORDS_IF_LOWER = ("ratio_lower_reached", "ratio_lower", "ratio_lower_rounded")
"""The words where the target is reached, and where the points are exact or rounded."""


def ratio(done: Decimal, target: Decimal, cap: Decimal, below: Decimal, decimals: int) -> Decimal:
    """The cap where the target is reached, else that share of ``below`` points.

    The share is exact; the points are rounded once, half up, to ``decimals``. Where lower is
    better, the two change places: it is the target that is a share of what was done.
    """
    if done >= target:
        return cap
    return rounded(Fraction(done) / Fraction(target) * Fraction(below), decimals)


class Ratio(Frozen, Rule):
    """The share that was done of the ``target``, which the sheet states where the rule does not.

    ``below`` are the points that the share is of while the target is not reached, the cap if
    left out. ``part: true`` says that no more can be done than the target. ``lower: true`` says
    that lower is better: full marks up to the target, above it the target's share of the number.
    """

    model_config = frozen_config("The share of the cap that was done of a target")

    target: Annotated[Points | None, IfGiven] = None
    below: Annotated[Points | None, IfGiven] = None
    part: Yes = False
    lower: Yes = False

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The number done, and the target where it is the unit's own."""
        if self.target is not None:
            return (Fact(_DONE, "number", most=self.target if self.part else None),)
        done = Fact(_DONE, "number", part_of=_TARGET if self.part else "")
        return done, Fact(_TARGET, "number", divided_by=not self.lower)

    def working(self, case: Case) -> Working:
        """Rounded once where the target is not reached."""
        done = case.facts.numbers[_DONE]
        target = case.facts.numbers[_TARGET] if self.target is None else self.target
        below = case.cap if self.below is None else self.below
        share, whole = (target, done) if self.lower else (done, target)
        points = ratio(share, whole, case.cap, below, case.decimals)
        parts = {"done": done, "target": target, "cap": below, "result": points}
        reached, exact, rounds = _WORDS_IF_LOWER if self.lower else _WORDS
        if share >= whole:
            return Working(points, (Step(reached, parts),))
        is_exact = points * whole == share * below
        return Working(points, (Step(exact if is_exact else rounds, parts),))

    def bounds(self) -> Iterator[Amount]:
        """The target, where it is the same for all."""
        if self.target is not None:
            yield Amount(("target",), self.target)

    def amounts(self) -> Iterator[Amount]:
        """The points that are shared out below the target."""
        if self.below is not None:
            yield Amount(("below",), self.below)

    def findings(self) -> Iterator[Finding]:
        """Where lower is better, what was done is no part of the target."""
        if self.lower and self.part:
            place = Place(("part",), "key")
            yield Finding(Kind.RULE_OPTIONS_CONFLICT, place, {"field": "part"})

    def without_effect(self, _cap: Decimal, /) -> Iterator[Amount]:
        """A target of 0 is always reached, and a share of 0 is nothing."""
        for name, number in (("target", self.target), ("below", self.below)):
            if number is not None and not number:
                yield Amount((name,), number)
