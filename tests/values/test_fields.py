"""Values of fields: what a schema says of them is what is read."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

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
