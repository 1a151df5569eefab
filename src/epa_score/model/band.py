"""Bands: names for ranges of the published total (优秀、良好、合格、不合格)."""

from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from epa_score.model.base import Frozen
from epa_score.model.given import IfGiven
from epa_score.model.text import Text
from epa_score.values.points import Points, read_points


def _read_quota(value: object) -> int:
    number = read_points(value)
    if not number or number % 1:
        kind = "band_quota"
        raise PydanticCustomError(kind, "quota", {"value": number})
    return int(number)


Quota = Annotated[int, PlainValidator(_read_quota)]
"""How many units there may be at most: a whole number above 0."""


class Band(Frozen):
    """Totals of ``at_least`` so many points, the number included, as 以上 means.

    ``most`` is how many units may be in the band; those it has no room for are in the next one.
    """

    name: Text
    at_least: Points
    most: Annotated[Quota | None, IfGiven] = None
