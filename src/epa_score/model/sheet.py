"""A score sheet: the points that one unit was given."""

import datetime as dt
import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from epa_score.model.base import Frozen
from epa_score.model.names import UnitName
from epa_score.model.points import GivenPoints
from epa_score.model.text import Text

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Score(Frozen):
    """The points of one item, with the reason and the evidence.

    ``score`` is ``None`` while nobody has scored the item: that is not 0.
    """

    score: GivenPoints = None
    note: str | None = None
    evidence: Annotated[
        tuple[Text, ...],
        BeforeValidator(lambda value: (value,) if isinstance(value, str) else value or ()),
    ] = ()


def _read_scores(value: object) -> object:
    """A score is its points alone, or a mapping of points, note and evidence."""
    if not isinstance(value, dict):
        return value
    return {
        name: score if isinstance(score, dict | Score) else {"score": score}
        for name, score in value.items()
    }


def _read_date(value: object) -> object:
    if value is not None and not isinstance(value, str | dt.date):
        kind = "wrong_shape"
        raise PydanticCustomError(kind, "date", {"expected": "text"})
    if isinstance(value, str):
        if _ISO_DATE.fullmatch(value):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                pass
        kind = "date_not_iso"
        raise PydanticCustomError(kind, "date", {"value": value})
    return value


class ScoreSheet(Frozen):
    """The points of one unit in one period, by item id."""

    rubric: Text
    unit: UnitName
    period: Text | None = None
    assessor: Text | None = None
    date: Annotated[dt.date | None, BeforeValidator(_read_date)] = None
    scores: Annotated[dict[str, Score], BeforeValidator(_read_scores)]
