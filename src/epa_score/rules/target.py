"""`target`: points at a target, fewer below it and more above (每低 1 个百分点扣 0.5 分)."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from epa_score.rules.rule import Amount, Case, Rule, Step, Working
from epa_score.values.facts import VALUE, Fact
from epa_score.values.fields import Frozen, IfGiven, frozen_config
from epa_score.values.points import Points
from epa_score.values.rounding import rounded

_ZERO = Decimal(0)


def by_distance(points: Decimal, distance: Decimal, under: Decimal, over: Decimal) -> Decimal:
    """Points at the target, ``under`` less for each 1 below it and ``over`` more for each above.

    ``distance`` is the number less the target. Exact: parts of 1 count in proportion.
    """
    return points + distance * (over if distance > 0 else under)


class TargetRule(Frozen, Rule):
    """Points at a target, fewer below it and more above."""

    model_config = frozen_config("Points at a target, fewer below it and more above")

    target: Points
    """The number that is to be reached."""
    points: Annotated[Points | None, IfGiven] = None
    """The points at the target; the cap if left out."""
    under: Points
    """The points less for each 1 below the target."""
    over: Points = _ZERO
    """The points more for each 1 above the target."""
    floor: Points = _ZERO
    """The least points there are below the target."""
    limit: Annotated[Points | None, IfGiven] = None
    """The most points there are, which may lie above the cap; the cap if left out."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The number that is compared with the target."""
        return (Fact(VALUE, "number"),)

    def most(self, cap: Decimal) -> Decimal:
        """The limit, which may lie above the cap; without ``over`` the points at the target."""
        start = cap if self.points is None else self.points
        return self._limit(cap) if self.over else min(start, self._limit(cap))

    def _limit(self, cap: Decimal) -> Decimal:
        return cap if self.limit is None else self.limit

    def working(self, case: Case) -> Working:
        """Exact, then rounded once where a part of 1 gives too many decimals."""
        points = case.cap if self.points is None else self.points
        distance = case.facts.numbers[VALUE] - self.target
        reached = by_distance(points, distance, self.under, self.over)
        parts = {"points": points, "target": self.target, "result": reached}
        if distance > 0:
            steps = [Step("target_over", {**parts, "distance": distance, "each": self.over})]
        elif distance < 0:
            steps = [Step("target_under", {**parts, "distance": -distance, "each": self.under})]
        else:
            steps = [Step("target_met", parts)]
        most = self._limit(case.cap)
        bounded = min(max(reached, self.floor), most)
        if bounded > reached:
            steps.append(Step("at_least", {"bound": self.floor}))
        elif bounded < reached:
            steps.append(Step("at_most", {"bound": most}))
        whole = rounded(Fraction(bounded), case.decimals)
        if whole != bounded:
            steps.append(Step("rounded", {"result": whole}))
        return Working(whole, tuple(steps))

    def amounts(self) -> Iterator[Amount]:
        """Every amount of points; those at the target are not above the limit."""
        yield Amount(("under",), self.under)
        yield Amount(("over",), self.over)
        yield Amount(("floor",), self.floor)
        if self.limit is not None:
            yield Amount(("limit",), self.limit, self.limit)
        if self.points is not None:
            yield Amount(("points",), self.points, self.limit)

    def without_effect(self, cap: Decimal, /) -> Iterator[Amount]:
        """Numbers that can never count: below 0 there is nothing, and above the limit neither.

        ``under`` is 0 where the text takes nothing below the target and gives more above it.
        """
        start = cap if self.points is None else self.points
        rises = bool(self.over) and start != self._limit(cap)
        stated = "over" in self.model_fields_set
        numbers = {
            "target": not self.target and bool(self.under),
            "under": not self.under and not rises,
            "over": stated and not rises,
            "floor": bool(self.floor) and (start <= self.floor <= cap or not self.under),
            "limit": self.limit is not None and not stated,
        }
        for name in (name for name, is_idle in numbers.items() if is_idle):
            yield Amount((name,), getattr(self, name))
