"""`count`: so many points for each, up to the cap (每培育 1 家得 2 分，最高 10 分)."""

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


def count(cap: Decimal, counted: Sequence[Product]) -> Decimal:
    """The points of all that was counted, never above the cap."""
    return min(cap, sum_of_terms(counted))


class Count(Frozen, Rule):
    """``each`` points for each one counted, up to the cap.

    ``possible`` is the highest number that there can be. The points are for each whole ``per``
    of them, where that is more than 1 (每满 3 个得 1 分).
    """

    model_config = frozen_config("Points for each one counted, up to the cap")

    each: Each
    possible: Annotated[Points | None, IfGiven] = None
    per: Annotated[Points | None, IfGiven] = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The numbers of what is counted."""
        return count_facts(self.each, self.possible)

    def working(self, case: Case) -> Working:
        """Exact: whole numbers times points."""
        terms = products(self.each, case.facts, self.per)
        reached, points = sum_of_terms(terms), count(case.cap, terms)
        steps = whole_steps(case.facts.numbers[self.each[0][0]], self.per)
        steps.append(Step("count", {"terms": terms, "result": reached}))
        if points != reached:
            steps.append(Step("at_most", {"bound": case.cap}))
        return Working(points, tuple(steps))

    def most(self, cap: Decimal) -> Decimal:
        """The points of as many as there can be."""
        if self.possible is None:
            return cap
        number = self.possible // (self.per or Decimal(1))
        return count(cap, [Product(number, points) for _, points in self.each])

    def findings(self) -> Iterator[Finding]:
        """Steps of more than 1 are possible."""
        return steps_are_possible(self.each, self.per, self.possible)

    def names(self) -> Iterator[Named]:
        """The names of what is counted."""
        return names(self.each)

    def amounts(self) -> Iterator[Amount]:
        """The points for each."""
        return amounts_of(self.each)

    def without_effect(self, _cap: Decimal, /) -> Iterator[Amount]:
        """Nothing is ever gained for what has no points."""
        return counts_without_effect(self.each, self.possible, self.per)
