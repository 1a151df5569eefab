"""The JSON schemas of rubrics, score sheets and composite results: every value has a type."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from epa_score.model import Rubric, ScoreSheet
from epa_score.model.composite import Composite

MODELS: list[type[BaseModel]] = [Rubric, ScoreSheet, Composite]
TELLING = {"type", "enum", "$ref", "const"}


def untyped(schema: Any, where: str) -> Iterator[str]:
    """Where a schema says nothing of the type of a value."""
    if not isinstance(schema, dict):
        yield where
        return
    for number, choice in enumerate(schema.get("anyOf", ())):
        yield from untyped(choice, f"{where}/{number}")
    if not TELLING & schema.keys() and not schema.get("anyOf"):
        yield where
    for name, inner in schema.get("properties", {}).items():
        yield from untyped(inner, f"{where}/{name}")
    for key in ("items", "additionalProperties"):
        if key in schema and schema[key] is not False:
            yield from untyped(schema[key], f"{where}/{key}")
    if schema.get("type") == "array":
        yield from () if "items" in schema else (f"{where}/items",)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_value_has_a_type(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    assert schema["type"] == "object"
    for name, inner in {"": schema, **schema["$defs"]}.items():
        assert list(untyped(inner, name)) == []


def test_points_are_numbers_and_rules_are_theirs() -> None:
    schema = Rubric.model_json_schema()
    assert {"type": "number", "minimum": 0}.items() <= schema["properties"]["total"].items()
    definitions = schema["$defs"]
    assert {"type": "number", "minimum": 0}.items() <= definitions["Item"]["properties"][
        "max"
    ].items()
    rules = definitions["Rules"]["properties"]
    assert {"deduct", "count", "ratio", "levels", "brackets", "target"} < rules.keys()
    assert definitions["Levels"]["additionalProperties"] == {"type": "number", "minimum": 0}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_descriptions_are_short_and_without_markup(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    for name, inner in {"": schema, **schema["$defs"]}.items():
        description = inner.get("description", "")
        assert 5 < len(description) < 100, name
        assert not {"`", "\n", "*"} & {*description}, name
