"""What a rule is: how the points of an item follow from facts.

The rules themselves stand in `epa_score.scoring.rules`, above the model: whoever shapes a rubric
hands them in as pydantic's validation context.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from epa_score.diagnostics import Finding
from epa_score.diagnostics.finding import Key
from epa_score.values.facts import Fact, Facts
from epa_score.values.fields import Frozen
from epa_score.values.names import Named


class Product(NamedTuple):
    """So many times so many points."""

    number: Decimal
    each: Decimal


Part = Decimal | str | tuple[Product | Decimal, ...] | tuple[str, ...]
"""What a step of a working is about: a number, a name, products and numbers, or names."""


class Step(NamedTuple):
    """One step on the way from facts to points; ``words`` names its words in the catalogues."""

    words: str
    parts: Mapping[str, Part]


class Working(NamedTuple):
    """The points of an item, and how they came about; ``None`` where it has none of its own."""

    points: Decimal | None
    steps: tuple[Step, ...]


class Case(NamedTuple):
    """What a rule is applied to: facts of one unit, the cap of the item, in points.

    ``decimals`` are those of a result that comes from a division.
    """

    facts: Facts
    cap: Decimal
    decimals: int


class Stated(NamedTuple):
    """A number that a rule states, where, and the ``most`` that may stand there, else the cap."""

    keys: tuple[Key, ...]
    points: Decimal
    most: Decimal | None = None


class Rule(ABC):
    """How points follow from facts; caps and results are points."""

    @property
    @abstractmethod
    def facts(self) -> tuple[Fact, ...]:
        """The facts that a sheet gives, in the order of a form."""

    @abstractmethod
    def working(self, case: Case) -> Working | None:
        """The points that follow from facts, ``None`` while too many are missing."""

    def most(self, cap: Decimal) -> Decimal:
        """The highest points that any facts can give."""
        return cap

    def names(self) -> Iterator[Named]:
        """The names that the rubric chose for facts; places begin at the rule."""
        return iter(())

    def stated(self) -> Iterator[Stated]:
        """Every amount of points in the rule itself, for checks."""
        return iter(())

    def idle(self, _cap: Decimal, /) -> Iterator[Stated]:
        """Every number that makes no difference to any points, which is a slip of the pen."""
        return iter(())

    def findings(self) -> Iterator[Finding]:
        """What else is wrong with the rule; places begin at the rule."""
        return iter(())


class ItemRule(Frozen, Rule):
    """What the ``rule`` of an item says. The one class of this kind knows all rules there are."""

    @property
    @abstractmethod
    def shares(self) -> bool:
        """Whether the item only deducts, and leaves the floor to its pool."""

    @property
    def takes_points(self) -> bool:
        """Whether a person gives points, which the rule may take away."""
        return any(fact.kind == "points" for fact in self.facts)


KnownRules = Callable[[], type[ItemRule]]
"""The context of validation: gives the rules there are when a rubric has the first one."""


def _read_rule(value: object, info: ValidationInfo) -> ItemRule:
    """The rule of an item. Raises `TypeError` where nobody said which rules there are."""
    if isinstance(value, ItemRule):
        return value
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "rule")
    if not callable(info.context):
        message = "a rubric with rules is validated with the rules there are as its context"
        raise TypeError(message)
    rules: type[ItemRule] = info.context()
    return rules.model_validate(value)


AnyRule = Annotated[ItemRule | None, PlainValidator(_read_rule)]
"""The ``rule`` of an item, ``None`` where a person judges it."""
