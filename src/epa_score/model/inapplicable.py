"""Items that do not apply to a unit: what a rubric makes of them, and the reason in a sheet."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from epa_score.diagnostics.terminal_text import is_hidden
from epa_score.values.fields import choice_of

Treatment = Literal["rescale", "exclude", "zero", "full", "peer_mean"]
"""What becomes of the points of an item that does not apply."""

TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)


AnyTreatment = Annotated[Treatment | None, BeforeValidator(choice_of(TREATMENTS))]
"""What an item says of units to which it does not apply; ``None`` where it applies to all."""


def _read_reason(value: object) -> str:
    """A reason is words: a yes or no, a number or another 'not applicable' says nothing."""
    if value is not None and not isinstance(value, str):
        kind = "wrong_shape"
        raise PydanticCustomError(kind, "reason", {"expected": "text"})
    text = "".join(char for char in str(value or "") if not is_hidden(char)).strip()
    if not _says_why(text):
        kind = "reason_missing"
        context = {"value": text, "variant": "word" if text else ""}
        raise PydanticCustomError(kind, "reason", context)
    return str(value)


def _says_why(text: str) -> bool:
    from epa_score.values.point_hints import misreading

    kind, about = misreading(text)
    is_other = kind == "points_not_a_number" and not about["variant"]
    return is_other and any(char.isalpha() for char in text)


Reason = Annotated[str | None, BeforeValidator(_read_reason)]
"""Why an item does not apply; ``None`` where a sheet does not say that it does not."""
