"""Vetoes: facts that keep a unit out of the ranking or out of a band, whatever its total."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from epa_score.model.base import Frozen
from epa_score.model.text import Text

Effect = Literal["exclude", "fail", "bar"]
"""What a veto does: no rank at all, the lowest band, or not the top band."""


def _read_effect(value: object) -> object:
    allowed = get_args(Effect)
    if value not in allowed:
        kind = "value_not_allowed"
        raise PydanticCustomError(kind, "effect", {"value": str(value), "allowed": allowed})
    return value


class Veto(Frozen):
    """A fact, and the ``effect`` that it has where it happened."""

    id: Text
    text: Text
    effect: Annotated[Effect, BeforeValidator(_read_effect)]
