"""`levels`: named tiers of which exactly one applies (优、良、中、差)."""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import RootModel

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.rules.each import NamedPoints, PointsByName
from epa_score.rules.rule import Amount, Case, Rule, Step, Working
from epa_score.values.facts import Fact
from epa_score.values.fields import frozen_config
from epa_score.values.names import Named, names_are_apart

_LEVEL = "level"


def level_points(level: str, levels: NamedPoints) -> Decimal:
    """The points of a level. Raises `KeyError` for one that there is not."""
    return dict(levels)[level]


class Levels(RootModel[PointsByName], Rule):
    """Points by the name of a level."""

    model_config = frozen_config("Points by the name of a level")

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Which level applies."""
        return (Fact(_LEVEL, "choice", tuple(name for name, _ in self.root)),)

    def working(self, case: Case) -> Working:
        """Exact: the points as they are stated."""
        level = case.facts.words[_LEVEL]
        points = level_points(level, self.root)
        return Working(points, (Step("level", {"level": level, "result": points}),))

    def most(self, cap: Decimal) -> Decimal:
        """The points of the best level."""
        return min(cap, max(points for _, points in self.root))

    def amounts(self) -> Iterator[Amount]:
        """The points of every level."""
        for name, points in self.root:
            yield Amount((name,), points)

    def findings(self) -> Iterator[Finding]:
        """No two levels have one name, and not all have the same points.

        They may be called 是 and 否, or by numbers.
        """
        names = (Named((name,), name, "key") for name, _ in self.root)
        yield from names_are_apart(names, answers=True)
        if len({points for _, points in self.root}) == 1:
            yield Finding(Kind.NUMBER_WITHOUT_EFFECT, Place(), {}, "levels")
