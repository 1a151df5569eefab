"""The JSON schema of points by name asks for as many names as a rubric has to have."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from epa_score.rules.each import Each, PointsByName

NAMES = ("迟报", "缺报", "漏报")


@pytest.mark.parametrize("kind", [Each, PointsByName])
def test_a_schema_wants_as_many_names_as_are_read(kind: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    schema = adapter.json_schema(mode="validation")
    by_name = schema["anyOf"][1] if "anyOf" in schema else schema
    for number in range(len(NAMES) + 1):
        given = dict.fromkeys(NAMES[:number], "1")
        try:
            adapter.validate_python(given)
            is_read = True
        except ValidationError:
            is_read = False
        assert is_read == (number >= by_name["minProperties"])
