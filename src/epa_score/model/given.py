"""Fields that may be left out, but not left empty."""

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _refuse_empty(value: object) -> object:
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "empty")
    return value


IfGiven = BeforeValidator(_refuse_empty)
"""Refuses an empty value: a limit whose number was forgotten is not the same as no limit."""
