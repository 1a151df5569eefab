"""Fields of a rubric that take one of a few words or numbers."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from epa_score.values.points import MOST_DECIMALS


def as_written(value: object) -> str:
    """A value as it stands in a file, for a message: lists and mappings in one line."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_written(one)}' for key, one in value.items())}}}"
    return "" if value is None else str(value)


def choice_of(allowed: Sequence[str]) -> Callable[[object], str]:
    """A reader that takes the words ``allowed`` and says which those are."""

    def read(value: object) -> str:
        if value is None:
            kind = "empty_field"
            raise PydanticCustomError(kind, "choice")
        if as_written(value) not in allowed:
            kind = "value_not_allowed"
            context = {"value": as_written(value), "allowed": tuple(allowed)}
            raise PydanticCustomError(kind, "choice", context)
        return str(value)

    return read


def _one_of(numbers: range) -> Callable[[object], int]:
    read = choice_of([str(number) for number in numbers])
    return lambda value: int(read(value))


Few = Annotated[int, PlainValidator(_one_of(range(1, 100)))]
"""A whole number from 1 to 99."""

Decimals = Annotated[int, PlainValidator(_one_of(range(MOST_DECIMALS + 1)))]
"""How many decimals points may carry."""
