"""Fields of a rubric that take one of a few words."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError


def choice_of(allowed: Sequence[str]) -> Callable[[object], str]:
    """A reader that takes the words ``allowed`` and says which those are."""

    def read(value: object) -> str:
        if str(value) not in allowed:
            kind = "value_not_allowed"
            context = {"value": str(value), "allowed": tuple(allowed)}
            raise PydanticCustomError(kind, "choice", context)
        return str(value)

    return read


_read_number = choice_of([str(number) for number in range(1, 100)])

FewPeople = Annotated[int, PlainValidator(lambda value: int(_read_number(value)))]
"""A whole number of people, from 1 to 99."""
