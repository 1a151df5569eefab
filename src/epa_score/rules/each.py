"""So many points for each of some occurrences, as `deduct` and `count` have it."""

from collections.abc import Iterator, Sequence, Sized
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.rules.rule import Amount, Product, Step
from epa_score.values.facts import VALUE, Fact, Facts
from epa_score.values.fields import Text
from epa_score.values.names import Named
from epa_score.values.points import Points, read_points

Values = TypeVar("Values", bound=Sized)
NamedPoints = tuple[tuple[str, Decimal], ...]
_BY_NAME = TypeAdapter(dict[Text, Points])
_BY_NAME_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "number", "minimum": 0},
    "minProperties": 1,
}


def require_entries(values: Values) -> Values:
    """Values of which there is at least one."""
    if not values:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty")
    return values


def read_named_points(value: Any) -> NamedPoints:
    """Points by name, at least one, in the order of the file."""
    return require_entries(tuple(_BY_NAME.validate_python(value).items()))


_AS_MAPPING = PlainSerializer(dict, return_type=dict[str, Points])

PointsByName = Annotated[
    NamedPoints,
    PlainValidator(read_named_points),
    _AS_MAPPING,
    WithJsonSchema(_BY_NAME_SCHEMA),
]
"""Points by name, at least one, in the order of the file."""


def _read_each(value: Any) -> NamedPoints:
    return read_named_points(value) if isinstance(value, dict) else ((VALUE, read_points(value)),)


Each = Annotated[
    NamedPoints,
    PlainValidator(_read_each),
    _AS_MAPPING,
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, _BY_NAME_SCHEMA]}),
]
"""Points for each occurrence: a number for the fact ``value``, or points by the name of a fact."""


def count_facts(each: NamedPoints, most: Decimal | None) -> tuple[Fact, ...]:
    """The numbers of occurrences as facts, of which each can be ``most`` at most."""
    return tuple(Fact(name, "count", most=most) for name, _ in each)


def products(each: NamedPoints, facts: Facts, per: Decimal | None = None) -> tuple[Product, ...]:
    """The occurrences of each kind, or the whole steps of ``per`` in them, times the points."""
    step = per or Decimal(1)
    return tuple(Product(facts.numbers[name] // step, points) for name, points in each)


def whole_steps(number: Decimal, per: Decimal | None) -> list[Step]:
    """The step from a number to the whole steps in it, where points are for more than 1."""
    if per is None:
        return []
    return [Step("whole_steps", {"value": number, "per": per, "number": number // per})]


def steps_are_possible(
    each: NamedPoints, per: Decimal | None, most: Decimal | None
) -> Iterator[Finding]:
    """Steps are of one thing that is counted, and there can be as many as make one."""
    if per is not None and _by_name(each):
        yield Finding(Kind.RULE_OPTIONS_CONFLICT, Place(("per",), "key"), {"field": "per"}, "names")
    elif per is not None and most is not None and most < per:
        about: dict[str, Parameter] = {"field": "per", "value": per, "most": most}
        yield Finding(Kind.RULE_OPTIONS_CONFLICT, Place(("per",)), about, "possible")


def sum_of_terms(terms: Sequence[Product]) -> Decimal:
    """The points of all occurrences."""
    return sum((term.number * term.each for term in terms), Decimal(0))


def counts_without_effect(
    each: NamedPoints, most: Decimal | None, per: Decimal | None
) -> Iterator[Amount]:
    """Occurrences that are worth nothing, and a limit to them that is no whole number above 0.

    A step is a whole number above 1.
    """
    if per is not None and (per <= 1 or per % 1):
        yield Amount(("per",), per)
    yield from (amount for amount in amounts_of(each) if not amount.points)
    if most is not None and (not most or most % 1):
        yield Amount(("possible",), most)


def names(each: NamedPoints) -> Iterator[Named]:
    """The names of what occurs, where there are several kinds of it."""
    for name, _ in each if _by_name(each) else ():
        yield Named(("each", name), name, "key")


def amounts_of(each: NamedPoints) -> Iterator[Amount]:
    """The points for each kind of occurrence, where they stand in the rule."""
    for name, points in each:
        yield Amount(("each", name) if _by_name(each) else ("each",), points)


def _by_name(each: NamedPoints) -> bool:
    return any(name != VALUE for name, _ in each)
