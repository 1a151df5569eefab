"""`target`: points at a target, fewer on one side of it and more on the other.

每低 1 个百分点扣 0.5 分; with steps of more than 1 每低 3 个百分点扣 1 分.
"""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, Inexact, Rounded
from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.i18n import plain
from epa_score.rules.rule import Amount, Case, Rule, Step, StepPart, Working
from epa_score.values.facts import VALUE, Fact
from epa_score.values.fields import Frozen, IfGiven, Yes, choice_of, frozen_config
from epa_score.values.points import Points, exactly
from epa_score.values.rounding import rounded

_ZERO, _ONE = Decimal(0), Decimal(1)
_PLAIN = ("target_worse", "target_better")
_PARTS = ("target_worse_part", "target_better_part")
_INEXACT = ("target_worse_part_inexact", "target_better_part_inexact")
"""The words for a number on the worse and on the better side of the target."""

Steps = Literal["whole", "proportion"]
"""Whether a step that is not complete counts in proportion, or not at all."""


def steps_in(distance: Decimal, per: Decimal, *, whole: bool) -> Fraction:
    """How many times ``per`` is in a distance; of ``whole`` steps the last one has to be full."""
    steps = Fraction(distance) / Fraction(per)
    return Fraction(steps.numerator // steps.denominator) if whole else steps


class TargetRule(Frozen, Rule):
    """Points at a target, fewer below it and more above; the other way round if ``lower``."""

    model_config = frozen_config(
        "Points at a target, fewer on one side of it and more on the other"
    )

    target: Points
    """The number that is to be reached."""
    points: Annotated[Points | None, IfGiven] = None
    """The points at the target; the cap if left out."""
    under: Annotated[Points | None, IfGiven] = None
    """The points less for each 1 below the target; more, if lower is better."""
    over: Annotated[Points | None, IfGiven] = None
    """The points more for each 1 above the target; less, if lower is better."""
    floor: Points = _ZERO
    """The least points there are."""
    limit: Annotated[Points | None, IfGiven] = None
    """The most points there are, which may lie above the cap; the cap if left out."""
    lower: Yes = False
    """True where lower is better."""
    per: Annotated[Points | None, IfGiven] = None
    """How much makes one step; 1 if left out."""
    steps: Annotated[Steps | None, BeforeValidator(choice_of(get_args(Steps)))] = None
    """Whether parts of a step count; in proportion if left out."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The number that is compared with the target."""
        return (Fact(VALUE, "number"),)

    @property
    def _sides(self) -> tuple[tuple[str, Decimal], tuple[str, Decimal]]:
        """The fields of the worse and of the better side, and the points for each step there."""
        under, over = ("under", self.under or _ZERO), ("over", self.over or _ZERO)
        return (over, under) if self.lower else (under, over)

    def most(self, cap: Decimal) -> Decimal:
        """The limit, which may lie above the cap, else the points at the target."""
        start = cap if self.points is None else self.points
        (_, (_, gained)) = self._sides
        return self._limit(cap) if gained else min(start, self._limit(cap))

    def _limit(self, cap: Decimal) -> Decimal:
        return cap if self.limit is None else self.limit

    def working(self, case: Case) -> Working:
        """Exact, then rounded once where a part of a step gives too many decimals."""
        points = case.cap if self.points is None else self.points
        distance = case.facts.numbers[VALUE] - self.target
        reached, steps = self._reached(points, -distance if self.lower else distance)
        most = self._limit(case.cap)
        bounded = min(max(reached, Fraction(self.floor)), Fraction(most))
        if bounded > reached:
            steps.append(Step("at_least", {"bound": self.floor}))
        elif bounded < reached:
            steps.append(Step("at_most", {"bound": most}))
        whole = rounded(bounded, case.decimals)
        if whole != bounded:
            steps.append(Step("rounded", {"result": whole}))
        return Working(whole, tuple(steps))

    def _reached(self, points: Decimal, gain: Decimal) -> tuple[Fraction, list[Step]]:
        """The points so far from the target, better by ``gain`` or worse, without limits."""
        if not gain:
            met = {"points": points, "target": self.target, "result": points}
            return Fraction(points), [Step("target_met", met)]
        (_, lost), (_, gained) = self._sides
        better = gain > 0
        distance, each = abs(gain), gained if better else lost
        number = steps_in(distance, self.per or _ONE, whole=self.steps == "whole")
        change = number * Fraction(each)
        reached = Fraction(points) + (change if better else -change)
        parts: dict[str, StepPart] = {"points": points, "each": each, "distance": distance}
        result = _exact(reached)
        if self.per is not None:
            parts["per"] = self.per
        if result is None:
            return reached, [Step(_INEXACT[better], parts)]
        parts["result"] = result
        if self.steps != "whole":
            return reached, [Step((_PLAIN if self.per is None else _PARTS)[better], parts)]
        count = Decimal(number.numerator)
        about: dict[str, StepPart] = {"value": distance, "per": self.per or _ONE, "number": count}
        steps = [Step("whole_steps", about), Step(_PLAIN[better], parts | {"distance": count})]
        return reached, steps

    def bounds(self) -> Iterator[Amount]:
        """The target."""
        yield Amount(("target",), self.target)

    def amounts(self) -> Iterator[Amount]:
        """Every amount of points; those at the target are not above the limit."""
        for name, points in (("under", self.under), ("over", self.over), ("floor", self.floor)):
            if points is not None:
                yield Amount((name,), points)
        if self.limit is not None:
            yield Amount(("limit",), self.limit, self.limit)
        if self.points is not None:
            yield Amount(("points",), self.points, self.limit)

    def findings(self) -> Iterator[Finding]:
        """What is lost on the worse side is stated, and what becomes of parts of a step."""
        (name, lost), (_, gained) = self._sides
        if name not in self.model_fields_set:
            yield Finding(Kind.MISSING_FIELD, Place((), "key"), {"field": name})
        elif self.per not in (None, _ZERO, _ONE) and self.steps is None:
            each, per = lost or gained, self.per or _ONE
            about: dict[str, Parameter] = {
                "per": per,
                "distance": per * Decimal("1.5"),
                "whole": each,
                "proportion": plain(each * Decimal("1.5")),
            }
            yield Finding(Kind.STEPS_UNDECIDED, Place(("per",)), about)

    def without_effect(self, cap: Decimal, /) -> Iterator[Amount]:
        """Numbers that can never count: below 0 there is nothing, and above the limit neither.

        Nothing is lost on the worse side where the text only gives more on the better one.
        """
        start = cap if self.points is None else self.points
        (worse, lost), (better, gained) = self._sides
        rises = bool(gained) and start != self._limit(cap) and (not self.lower or bool(self.target))
        stated = better in self.model_fields_set
        numbers = {
            "target": not self.target and bool(self.under) and not self.lower,
            worse: worse in self.model_fields_set and not lost and not rises,
            better: stated and not rises and worse in self.model_fields_set,
            "floor": bool(self.floor) and (start <= self.floor <= cap or not lost),
            "limit": self.limit is not None and not stated,
            "per": self.per in (_ZERO, _ONE),
        }
        for name in (name for name, is_idle in numbers.items() if is_idle):
            yield Amount((name,), getattr(self, name))


def _exact(number: Fraction) -> Decimal | None:
    """A fraction as a decimal number; ``None`` where that has no end."""
    with suppress(Inexact, Rounded), exactly():
        return Decimal(number.numerator) / Decimal(number.denominator)
    return None
