"""The protocol of rules: the facts that a rule asks for, and the working from them to points."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.diagnostics import Finding
from epa_score.diagnostics.finding import Key
from epa_score.values.facts import Fact, Facts
from epa_score.values.names import Named


class Product(NamedTuple):
    """So many times so many points."""

    number: Decimal
    each: Decimal


StepPart = Decimal | str | tuple[Product | Decimal, ...] | tuple[str, ...]
"""A part of a step: a number, a name, products and numbers, or names."""


class Step(NamedTuple):
    """One step on the way from facts to points; ``words`` names its words in the catalogues."""

    words: str
    parts: Mapping[str, StepPart]


class Working(NamedTuple):
    """The points of an item, and how they came about; ``None`` where it has none of its own."""

    points: Decimal | None
    steps: tuple[Step, ...]


class Case(NamedTuple):
    """A unit that a rule is applied to: its facts, and the cap of the item in points.

    ``decimals`` are those of a result that comes from a division. An item that ``may_go_below``
    takes more than its own points, which its section bounds.
    """

    facts: Facts
    cap: Decimal
    decimals: int
    may_go_below: bool = False


class Amount(NamedTuple):
    """A number that a rule states, where, and the ``most`` that may stand there, else the cap."""

    keys: tuple[Key, ...]
    points: Decimal
    most: Decimal | None = None


class Rule(ABC):
    """A way from facts to points; caps and results are points."""

    @property
    @abstractmethod
    def facts(self) -> tuple[Fact, ...]:
        """The facts that a sheet gives, in the order of a form."""

    @abstractmethod
    def working(self, case: Case) -> Working | None:
        """The points that follow from facts, ``None`` while too many are missing."""

    @property
    def is_about_ranks(self) -> bool:
        """True where the numbers begin at 1, so that they are whole unless something else is said.

        (decision: numbers-that-are-whole)
        """
        return False

    def bounds(self) -> Iterator[Amount]:
        """Every number that facts are compared with."""
        return iter(())

    def most(self, cap: Decimal) -> Decimal:
        """The highest points that any facts can give."""
        return cap

    def names(self) -> Iterator[Named]:
        """The names that the rubric chose for facts; places begin at the rule."""
        return iter(())

    def amounts(self) -> Iterator[Amount]:
        """Every amount of points in the rule itself, for checks."""
        return iter(())

    def without_effect(self, _cap: Decimal, /) -> Iterator[Amount]:
        """Every number that makes no difference to any points, which is a slip of the pen."""
        return iter(())

    def findings(self) -> Iterator[Finding]:
        """All else that is wrong with the rule; places begin at the rule."""
        return iter(())
