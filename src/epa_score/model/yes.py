"""A switch of a rubric that is on or off."""

from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

_WRITTEN = {"true": True, "false": False}


def _read_yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in _WRITTEN:
        kind = "value_not_allowed"
        context = {"value": str(value), "allowed": tuple(_WRITTEN)}
        raise PydanticCustomError(kind, "switch", context)
    return _WRITTEN[str(value)]


Yes = Annotated[bool, PlainValidator(_read_yes)]
"""``true`` or ``false``."""
