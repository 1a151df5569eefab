"""What a rubric says of sections and items beside their points: pools, and what need not apply."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from epa_score.diagnostics.terminal_text import is_hidden
from epa_score.values.fields import choice_of

TOTAL = "total"
"""The name of the total among the ids of sections and items."""

Pool = Literal["items", "section", "unsaid"]
"""What an item of a pool can take away: its own ``max`` at most, or all that the section has.

``unsaid`` is what a rubric with ``pool: true`` leaves open; no rubric with it is sound.
"""

_POOLS = ("items", "section")
_read_pool = choice_of(_POOLS)


def _read_pool_reading(value: Any) -> str | None:
    if value in (False, "false"):
        return None
    return "unsaid" if value in (True, "true", "unsaid") else _read_pool(value)


PoolReading = Annotated[
    Pool | None,
    PlainValidator(_read_pool_reading),
    WithJsonSchema({"enum": [*_POOLS, False]}),
]
"""How the items of a pool take points away; ``None`` in a section that is no pool."""


Treatment = Literal["rescale", "exclude", "zero", "full", "peer_mean", "rescale_total"]
"""The way in which an item counts that does not apply."""

TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)
LEFT_OUT: tuple[Treatment, ...] = ("exclude", "rescale_total")
"""The treatments under which the cap of an item leaves its section."""


AnyTreatment = Annotated[Treatment | None, BeforeValidator(choice_of(TREATMENTS))]
"""The treatment of an item that does not apply; ``None`` where it applies to all units."""


def _read_reason(value: object) -> str:
    """A reason is words: a yes or no, a number or another 'not applicable' says nothing."""
    if value is not None and not isinstance(value, str):
        kind = "wrong_shape"
        raise PydanticCustomError(kind, "reason", {"expected": "text"})
    text = "".join(char for char in str(value or "") if not is_hidden(char)).strip()
    if not says_why(text):
        kind = "reason_missing"
        context = {"value": text, "variant": "word" if text else ""}
        raise PydanticCustomError(kind, "reason", context)
    return str(value)


def says_why(text: str) -> bool:
    """True for words, false for a yes or no, a number, or what stands for nothing."""
    from epa_score.values.point_hints import misreading  # noqa: PLC0415 -- words for faulty input

    kind, about = misreading(text)
    is_other = kind == "points_not_a_number" and not about["variant"]
    return is_other and any(char.isalpha() for char in text)


UNREAD_REASON = "原因"
"""The reason in place of one that could not be read, to find what else is wrong with an item."""

InapplicableReason = Annotated[str | None, BeforeValidator(_read_reason)]
"""Why an item does not apply; ``None`` where a sheet does not say that it does not."""
