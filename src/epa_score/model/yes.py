"""A switch of a rubric that is on or off."""

from typing import Annotated

from pydantic import PlainValidator

from epa_score.values.fields import choice_of

_WRITTEN = {"true": True, "false": False}
_read_word = choice_of(tuple(_WRITTEN))


def _read_yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    return _WRITTEN[_read_word(value)]


Yes = Annotated[bool, PlainValidator(_read_yes)]
"""``true`` or ``false``."""
