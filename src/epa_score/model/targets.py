"""Targets: the numbers that an item's text states. They never compute points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from epa_score.diagnostics import Finding
from epa_score.model.base import Frozen
from epa_score.model.given import IfGiven
from epa_score.model.named import Named
from epa_score.model.one_of import one_of
from epa_score.model.text import Text
from epa_score.values.facts import Fact
from epa_score.values.points import Points


class Target(Frozen):
    """A number that is to be reached, the bound included, as 以上 means; no points."""

    name: Text
    at_least: Points
    unit: Annotated[Text | None, IfGiven] = None


class Measured(NamedTuple):
    """A target beside the number that was measured."""

    target: Target
    number: Decimal


class Targets(Frozen):
    """One or several targets, of which ``all`` or ``any`` are to be reached; one of the two."""

    all: tuple[Target, ...] = ()
    any: tuple[Target, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Exactly one of the two lists is there; places begin at the targets."""
        return one_of("targets", {"all": self.all, "any": self.any})

    def names(self) -> Iterator[Named]:
        """The names of what is measured; places begin at the targets."""
        for key, targets in (("all", self.all), ("any", self.any)):
            for index, one in enumerate(targets):
                yield Named((key, index, "name"), one.name)

    @property
    def each(self) -> tuple[Target, ...]:
        """Every target."""
        return (*self.all, *self.any)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What a sheet may say was measured."""
        return tuple(Fact(one.name, "number") for one in self.each)

    def decided(self, numbers: Mapping[str, Decimal]) -> tuple[bool, Measured] | None:
        """Whether the targets are reached, and the one that shows it; ``None`` while it is open."""
        known = list(self._measured(numbers))
        reached = [one for one in known if one.number >= one.target.at_least]
        missed = [one for one in known if one.number < one.target.at_least]
        complete = len(known) == len(self.each)
        if self.any and reached:
            return True, reached[0]
        if missed and (self.all or complete):
            return False, missed[0]
        return (True, reached[0]) if reached and complete else None

    def _measured(self, numbers: Mapping[str, Decimal]) -> Iterator[Measured]:
        for one in self.each:
            if one.name in numbers:
                yield Measured(one, numbers[one.name])
