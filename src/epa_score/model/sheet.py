"""A score sheet: the points that one unit was given."""

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from pydantic import (
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from epa_score.model.base import Frozen
from epa_score.model.names import UnitName
from epa_score.model.points import GivenPoints, PlainPoints
from epa_score.model.text import QuotedText, Text

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


def _read_scores(value: object, read_plain: ValidatorFunctionWrapHandler) -> object:
    """A score is its points alone, or a mapping of points, note and evidence.

    Sound sheets are read without a call for each item; whatever that does not take is looked at
    again one by one, which says exactly what is wrong.
    """
    if not isinstance(value, dict):
        return read_plain(value)
    if QuotedText not in map(type, value.values()):
        with suppress(ValidationError):
            return read_plain(value)
    one_by_one = {
        name: score if isinstance(score, dict | Score) else {"score": score}
        for name, score in value.items()
    }
    return _ONE_BY_ONE.validate_python(one_by_one)


_ONE_BY_ONE = TypeAdapter(dict[str, Score])
_Given = Annotated[PlainPoints | Score | None, Field(union_mode="left_to_right")]


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
    """The points of one unit in one period, by item id.

    ``scores`` holds them as they were given: as plain text, or as a `Score` where there is more
    to say; `points` and `score` hold what they mean.
    """

    rubric: Text
    unit: UnitName
    period: Text | None = None
    assessor: Text | None = None
    date: Annotated[dt.date | None, BeforeValidator(_read_date)] = None
    scores: Annotated[dict[str, _Given], WrapValidator(_read_scores)]

    @cached_property
    def points(self) -> dict[str, Decimal | None]:
        """The points of every item that the sheet names, ``None`` while nobody gave any."""
        return {
            name: given.score
            if isinstance(given, Score)
            else None
            if given is None
            else Decimal(given)
            for name, given in self.scores.items()
        }

    def score(self, item: str) -> Score:
        """The points of one item with the reason and the evidence, as far as there are any."""
        given = self.scores.get(item)
        return given if isinstance(given, Score) else Score(score=self.points.get(item))
