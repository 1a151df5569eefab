"""Values of fields: what a schema says of them is what is read."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from epa_score.rules.item_rule import Rules
from epa_score.values.fields import Decimals, Few
from epa_score.values.points import MOST_DECIMALS


@pytest.mark.parametrize(("kind", "least", "most"), [(Few, 1, 99), (Decimals, 0, MOST_DECIMALS)])
def test_the_schema_of_a_whole_number_has_the_limits_of_its_reader(
    kind: Any, least: int, most: int
) -> None:
    read = TypeAdapter[int](kind)
    assert read.json_schema() == {"type": "integer", "minimum": least, "maximum": most}
    assert [read.validate_python(str(number)) for number in (least, most)] == [least, most]
    for beyond in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            read.validate_python(str(beyond))


def numbers_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that describes a number."""
    if isinstance(schema, dict):
        if schema.get("type") in ("number", "integer"):
            yield schema
        for inner in schema.values():
            yield from numbers_in(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from numbers_in(inner)


def test_points_and_facts_are_at_least_0_in_the_schema_of_rules() -> None:
    found = list(numbers_in(Rules.model_json_schema()))
    assert len(found) > 20
    assert {one["minimum"] for one in found} == {0}
    by_name = Rules.model_json_schema()["$defs"]["Count"]["properties"]["each"]["anyOf"][1]
    assert by_name["minProperties"] == 1
    for each in ({}, {"甲": -1}):
        with pytest.raises(ValidationError):
            Rules.model_validate({"count": {"each": each}})


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"count": {"each": 1}}, "each"),
        ({"target": {"target": 9, "under": 1}}, "under"),
        ({"brackets": [{"at_least": 1, "points": 2}]}, "root"),
        ({"levels": {"优": 1}}, "root"),
    ],
)
def test_a_rule_that_was_read_cannot_be_changed(rule: dict[str, object], field: str) -> None:
    rules = Rules.model_validate(rule)
    (name,) = rule
    for model, attribute in ((rules, name), (getattr(rules, name), field)):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, attribute, getattr(model, attribute))
