"""Vetoes: facts that keep a unit out of the ranking or out of a band, whatever its total."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from epa_score.model.base import Frozen
from epa_score.model.text import Text
from epa_score.values.fields import choice_of

Effect = Literal["exclude", "fail", "bar"]
"""What a veto does: no rank at all, the lowest band, or not the top band."""


class Veto(Frozen):
    """A fact, and the ``effect`` that it has where it happened."""

    id: Text
    text: Text
    effect: Annotated[Effect, BeforeValidator(choice_of(get_args(Effect)))]
