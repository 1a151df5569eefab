"""`brackets`: bounds on a number, each with its points (100 家以上得 5 分，50 家以上得 3 分)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, RootModel

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.rules.each import require_entries
from epa_score.rules.rule import Amount, Case, Rule, Step, Working
from epa_score.values.facts import VALUE, Fact
from epa_score.values.fields import Frozen, frozen_config
from epa_score.values.points import Points


class Bracket(Frozen):
    """So many ``points`` from the number ``at_least`` on, the bound included, as 以上 means."""

    model_config = frozen_config("Points from a number on")

    at_least: Points
    points: Points


def bracket_of(number: Decimal, brackets: Sequence[Bracket]) -> Bracket | None:
    """The bracket with the highest bound that a number reaches, if it reaches any."""
    reached = [bracket for bracket in brackets if number >= bracket.at_least]
    return max(reached, key=lambda bracket: bracket.at_least, default=None)


class Brackets(RootModel[Annotated[tuple[Bracket, ...], AfterValidator(require_entries)]], Rule):
    """Bounds with their points, from the highest to the lowest or the other way round.

    Below the lowest bound there are no points; where fewer are better, there is nothing below it.
    """

    model_config = frozen_config("Bounds on a number, each with its points")

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The number that is compared with the bounds, and where it begins."""
        return (Fact(VALUE, "number", least=self._beginning),)

    @property
    def _beginning(self) -> Decimal | None:
        """The lowest number that there can be, where fewer are better: 1 where these are ranks."""
        rising = sorted(self.root, key=lambda bracket: bracket.at_least)
        falls = rising[0].points > rising[-1].points
        return rising[0].at_least if falls else None

    @property
    def is_about_ranks(self) -> bool:
        """True where fewer are better and the lowest bound is 1."""
        return self._beginning == 1

    def bounds(self) -> Iterator[Amount]:
        """The bound of every bracket."""
        for index, bracket in enumerate(self.root):
            yield Amount((index, "at_least"), bracket.at_least)

    def working(self, case: Case) -> Working:
        """Exact: the points as they are stated."""
        number = case.facts.numbers[VALUE]
        found = bracket_of(number, self.root)
        if found is None:
            lowest = min(bracket.at_least for bracket in self.root)
            parts = {"value": number, "bound": lowest, "result": Decimal(0)}
            return Working(Decimal(0), (Step("below_brackets", parts),))
        parts = {"value": number, "bound": found.at_least, "result": found.points}
        return Working(found.points, (Step("bracket", parts),))

    def most(self, cap: Decimal) -> Decimal:
        """The points of the best bracket."""
        return min(cap, max(bracket.points for bracket in self.root))

    def amounts(self) -> Iterator[Amount]:
        """The points of every bracket."""
        for index, bracket in enumerate(self.root):
            yield Amount((index, "points"), bracket.points)

    def findings(self) -> Iterator[Finding]:
        """Bounds go one way, and so do points.

        Each bracket has other points than its neighbours.
        """
        falls = self.root[0].at_least > self.root[-1].at_least
        for index, (bracket, other) in enumerate(pairwise(self.root), 1):
            if bracket.at_least == other.at_least or (bracket.at_least > other.at_least) != falls:
                parameters: dict[str, Parameter] = {
                    "bound": other.at_least,
                    "other": bracket.at_least,
                }
                yield Finding(Kind.BRACKETS_UNSORTED, Place((index, "at_least")), parameters)
                return
        rising = sorted(self.root, key=lambda bracket: bracket.at_least)
        points = [bracket.points for bracket in rising]
        if points not in (sorted(points), sorted(points, reverse=True)):
            yield Finding(Kind.BRACKETS_UNSORTED, Place(), {}, "points")
        for index, (bracket, other) in enumerate(pairwise(self.root), 1):
            if bracket.points == other.points:
                equal: dict[str, Parameter] = {
                    "bound": other.at_least,
                    "other": bracket.at_least,
                    "points": bracket.points,
                }
                place = Place((index, "points"))
                yield Finding(Kind.NUMBER_WITHOUT_EFFECT, place, equal, "brackets")
