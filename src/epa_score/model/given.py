"""Fields that may be left out, but not left empty."""

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _refuse_empty(value: object) -> object:
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty")
    return value


def _refuse_empty_mapping(value: object) -> object:
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty", {"variant": "braces"})
    return value


IfGiven = BeforeValidator(_refuse_empty)
"""Refuses an empty value: a limit whose number was forgotten is not the same as no limit."""

MappingIfGiven = BeforeValidator(_refuse_empty_mapping)
"""Refuses an empty value where a mapping of nothing would do, and says how that is written."""
