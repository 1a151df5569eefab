"""`deduct`: full marks less so many points for each occurrence (每次扣 0.5 分，扣完为止)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from epa_score.diagnostics import Finding
from epa_score.rules.each import (
    Each,
    amounts_of,
    count_facts,
    counts_without_effect,
    names,
    products,
    steps_are_possible,
    sum_of_terms,
    whole_steps,
)
from epa_score.rules.rule import Amount, Case, Product, Rule, Step, Working
from epa_score.values.facts import Fact
from epa_score.values.fields import Frozen, IfGiven, frozen_config
from epa_score.values.names import Named
from epa_score.values.points import Points


def deduct(cap: Decimal, occurrences: Sequence[Product], floor: Decimal) -> Decimal:
    """The cap less the points of all occurrences, never below the floor; in points."""
    return max(floor, cap - sum_of_terms(occurrences))


class Deduct(Frozen, Rule):
    """``each`` points off for each occurrence, down to ``floor`` points.

    ``possible`` is the highest number of occurrences there can be. The points are for each whole
    ``per`` of them, where that is more than 1 (每满 3 次扣 1 分).
    """

    model_config = frozen_config("Points off for each occurrence, down to a floor")

    each: Each
    floor: Annotated[Points | None, IfGiven] = None
    possible: Annotated[Points | None, IfGiven] = None
    per: Annotated[Points | None, IfGiven] = None

    @property
    def most_taken(self) -> Decimal | None:
        """The most points that it can take off; ``None`` where nothing limits the occurrences."""
        if self.possible is None:
            return None
        steps = self.possible // (self.per or Decimal(1))
        return sum_of_terms([Product(steps, points) for _, points in self.each])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The numbers of occurrences."""
        return count_facts(self.each, self.possible)

    def working(self, case: Case) -> Working:
        """Exact: whole numbers times points."""
        terms = products(self.each, case.facts, self.per)
        floor = self.floor or Decimal(0)
        left = case.cap - sum_of_terms(terms)
        points = left if case.may_go_below else deduct(case.cap, terms, floor)
        steps = whole_steps(case.facts.numbers[self.each[0][0]], self.per)
        steps.append(Step("deduct", {"cap": case.cap, "terms": terms, "result": left}))
        if points != left:
            steps.append(Step("at_least", {"bound": floor}))
        return Working(points, tuple(steps))

    def findings(self) -> Iterator[Finding]:
        """Steps of more than 1 are possible."""
        return steps_are_possible(self.each, self.per, self.possible)

    def names(self) -> Iterator[Named]:
        """The names of what is counted."""
        return names(self.each)

    def amounts(self) -> Iterator[Amount]:
        """The points for each occurrence, and the floor."""
        yield from amounts_of(self.each)
        if self.floor is not None:
            yield Amount(("floor",), self.floor)

    def without_effect(self, cap: Decimal, /) -> Iterator[Amount]:
        """Nothing is ever lost for occurrences without points, or down to a floor at the cap."""
        yield from counts_without_effect(self.each, self.possible, self.per)
        if self.floor == cap:
            yield Amount(("floor",), cap)
