"""`deduct`: full marks less so many points for each occurrence (每次扣 0.5 分，扣完为止)."""

from collections.abc import Iterator
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
from epa_score.values.facts import TAKEN, Fact
from epa_score.values.fields import Frozen, IfGiven, frozen_config, one_of
from epa_score.values.names import Named
from epa_score.values.points import Points


class Judged(Frozen):
    """Points that a person takes off: none, or from ``least`` to ``most`` of them."""

    model_config = frozen_config("Points that a person takes off, at least and at most")

    most: Points
    least: Annotated[Points | None, IfGiven] = None


class Deduct(Frozen, Rule):
    """``each`` points off for each occurrence, or ``judged`` ones, down to ``floor`` points.

    ``possible`` is the highest number of occurrences there can be. The points are for each whole
    ``per`` of them, where that is more than 1 (每满 3 次扣 1 分).
    """

    model_config = frozen_config("Points off for each occurrence, or judged, down to a floor")

    each: Annotated[Each, IfGiven] = ()
    judged: Annotated[Judged | None, IfGiven] = None
    floor: Annotated[Points | None, IfGiven] = None
    possible: Annotated[Points | None, IfGiven] = None
    per: Annotated[Points | None, IfGiven] = None

    @property
    def most_taken(self) -> Decimal | None:
        """The most points that it can take off; ``None`` where nothing limits the occurrences."""
        if self.judged is not None:
            return self.judged.most
        if self.possible is None:
            return None
        steps = self.possible // (self.per or Decimal(1))
        return sum_of_terms([Product(steps, points) for _, points in self.each])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The numbers of occurrences, or the points that a person takes off."""
        if self.judged is not None:
            return (Fact(TAKEN, "deduction", most=self.judged.most),)
        return count_facts(self.each, self.possible)

    def working(self, case: Case) -> Working:
        """Exact: whole numbers times points, or the points that were taken off."""
        floor = self.floor or Decimal(0)
        steps: list[Step] = []
        terms: tuple[Product | Decimal, ...]
        if self.judged is not None:
            terms = (case.facts.numbers[TAKEN],)
            left = case.cap - case.facts.numbers[TAKEN]
        else:
            terms = counted = products(self.each, case.facts, self.per)
            left = case.cap - sum_of_terms(counted)
            steps += whole_steps(case.facts.numbers[self.each[0][0]], self.per)
        points = left if case.may_go_below else max(floor, left)
        steps.append(Step("deduct", {"cap": case.cap, "terms": terms, "result": left}))
        if points != left:
            steps.append(Step("at_least", {"bound": floor}))
        return Working(points, tuple(steps))

    def findings(self) -> Iterator[Finding]:
        """Exactly one of ``each`` and ``judged`` is there; only occurrences are counted."""
        yield from one_of("deduct", {"each": self.each, "judged": self.judged})
        if self.judged is not None and self.possible is not None:
            yield from one_of("deduct", {"judged": self.judged, "possible": self.possible})
        if self.judged is not None and self.per is not None:
            yield from one_of("deduct", {"judged": self.judged, "per": self.per})
        if self.each:
            yield from steps_are_possible(self.each, self.per, self.possible)

    def names(self) -> Iterator[Named]:
        """The names of what is counted."""
        return names(self.each)

    def amounts(self) -> Iterator[Amount]:
        """The points for each occurrence, and the floor."""
        yield from amounts_of(self.each)
        if self.judged is not None:
            yield Amount(("judged", "most"), self.judged.most)
            if self.judged.least is not None:
                yield Amount(("judged", "least"), self.judged.least, self.judged.most)
        if self.floor is not None:
            yield Amount(("floor",), self.floor)

    def without_effect(self, cap: Decimal, /) -> Iterator[Amount]:
        """Nothing is ever lost for occurrences without points, or down to a floor at the cap."""
        yield from counts_without_effect(self.each, self.possible, self.per) if self.each else ()
        if self.judged is not None:
            numbers = {"most": self.judged.most, "least": self.judged.least}
            for name, number in numbers.items():
                if number is not None and not number:
                    yield Amount(("judged", name), number)
        if self.floor == cap:
            yield Amount(("floor",), cap)
