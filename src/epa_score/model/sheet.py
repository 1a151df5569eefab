"""A score sheet: the points that one unit was given, by one assessor or by several."""

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, Required

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    with_config,
)
from typing_extensions import TypedDict

from epa_score.model.item_options import InapplicableReason
from epa_score.values.days import AssessmentDate
from epa_score.values.fact_names import FactName, VetoReason
from epa_score.values.facts import SCORE, VALUE, GivenFact
from epa_score.values.fields import Frozen, QuotedText, Text, frozen_config
from epa_score.values.names import Period, UnitName
from epa_score.values.points import PLAIN_NUMBER, GivenPoints, PlainPoints, read_points

_ISO_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _read_iso_day(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """A day in ISO form at once, as most are; any other in all the ways that there are."""
    if isinstance(value, str) and re.match(_ISO_DAY, value):
        with suppress(ValueError):
            return dt.date.fromisoformat(value)
    return read(value)


def _as_list(value: object) -> object:
    """A text stands for a list of it, and nothing for an empty list."""
    return (value,) if isinstance(value, str) else value or ()


_Evidence = Annotated[
    tuple[Text, ...],
    BeforeValidator(_as_list, json_schema_input_type=Text | tuple[Text, ...] | None),
]


class Score(Frozen):
    """The points of one item, with the reason and the evidence.

    An item with a rule has facts in place of points, by names of their own; whether a name is one
    of them is for the checks to say, which know the rubric.
    """

    model_config = frozen_config(
        "The points or the facts of one item, with note and evidence"
    ) | ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GivenFact]

    score: GivenPoints = None
    """The points (得分); ``None`` while nobody has scored the item, which is not 0."""
    self_score: GivenPoints = None
    """The points that the unit gave itself (自评分), which never count."""
    note: str | None = None
    """The reason for the points (备注)."""
    evidence: _Evidence = ()
    """The documents that show it (佐证材料)."""
    measured: dict[str, GivenFact] = Field(default_factory=dict)
    """The numbers beside the item's targets."""
    not_applicable: InapplicableReason = None
    """The reason why the item does not apply to the unit, in place of points."""

    @property
    def has_measured(self) -> bool:
        """True where ``measured`` was given, be it empty."""
        return "measured" in self.model_fields_set

    @property
    def facts(self) -> dict[str, object]:
        """The facts that were given, the points of a person among them."""
        return {**self.__pydantic_extra__, "score": self.score}


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
    return _one_by_one().validate_python(one_by_one)


@cache
def _one_by_one() -> TypeAdapter[dict[str, Score]]:
    return TypeAdapter(dict[str, Score])


_Given = Annotated[PlainPoints | Score | None, Field(union_mode="left_to_right")]


_ZERO = re.compile(r"0(\.0+)?")


class AdjustmentScore(Frozen):
    """The number or the points of an adjustment of which no fact is named, with the reason."""

    model_config = frozen_config("The number or the points of a bonus or penalty")

    value: GivenFact = None
    """How many facts there are, as it was given."""
    score: GivenPoints = None
    """The points that a person gave (得分)."""
    note: str | None = None
    """The reason for the points (备注)."""
    evidence: _Evidence = ()
    """The documents that show it (佐证材料)."""

    @property
    def facts(self) -> dict[str, object]:
        """The number and the points, as far as they are given."""
        return {VALUE: self.value, SCORE: self.score}

    @property
    def is_bare_zero(self) -> bool:
        """True for a 0 without another word, which says that nothing happened."""
        return self.model_fields_set == {VALUE} and _ZERO.fullmatch(self.value or "") is not None


FactNames = tuple[FactName, ...]
"""The names of facts of one adjustment."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _read_adjustment(value: object, _read: ValidatorFunctionWrapHandler) -> object:
    """A number stands for the number of facts, and any other text for the name of one."""
    if isinstance(value, dict | AdjustmentScore):
        return _adapter(AdjustmentScore).validate_python(value)
    is_text = isinstance(value, str) and not isinstance(value, QuotedText)
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if is_number or (is_text and PLAIN_NUMBER.fullmatch(str(value))):
        return _adapter(AdjustmentScore).validate_python({VALUE: value})
    return _adapter(FactNames).validate_python(_as_list(value))


_Adjustment = Annotated[
    FactNames | AdjustmentScore,
    WrapValidator(
        _read_adjustment,
        json_schema_input_type=FactName | FactNames | PlainPoints | AdjustmentScore | None,
    ),
]
_IfAny = BeforeValidator(lambda value: {} if value is None else value)


@lru_cache(4096)
def _points_in_text(text: str) -> Decimal:
    """The points of a text; the few that sheets are full of are read once."""
    return read_points(text)


def _points_in(given: object) -> Decimal | None:
    if given is None:
        return None
    return given.score if isinstance(given, Score) else read_points(given)


class ScoreSheet(Frozen):
    """The points of one unit in one period (评分表)."""

    model_config = frozen_config("The points of one unit in one period")

    rubric: Text
    """The id of the rubric (评分细则)."""
    unit: UnitName
    """The unit that is assessed (单位)."""
    period: Period | None = None
    """The period that is assessed (考核期)."""
    assessor: Text | None = None
    """The person or group that gave the points (考核组)."""
    date: Annotated[AssessmentDate, WrapValidator(_read_iso_day)] = None
    """The day on which they were given (日期); what is no single day stays text as it was typed."""
    scores: Annotated[dict[str, _Given], WrapValidator(_read_scores)]
    """The points by item as they were given: plain text, or more in a `Score`."""
    adjustments: Annotated[dict[Text, _Adjustment], _IfAny] = Field(default_factory=dict)
    """The names of facts, their number or the points, by the id of the adjustment."""
    veto: Annotated[dict[Text, VetoReason | None], _IfAny] = Field(default_factory=dict)
    """The reasons by the id of the veto that they are for; ``None`` where nothing happened."""

    @property
    def points(self) -> dict[str, Decimal | None]:
        """The points of every item that the sheet names, ``None`` while nobody gave any.

        They are read from ``scores`` each time: what nobody keeps is never out of date. Raises a
        `PydanticCustomError` for something that was put there and is no points.
        """
        return {
            name: _points_in_text(given) if type(given) is str else _points_in(given)
            for name, given in self.scores.items()
        }

    @property
    def with_facts(self) -> dict[str, Score]:
        """The items of which the sheet says more than points, note and evidence."""
        return {
            name: given
            for name, given in self.scores.items()
            if type(given) is not str
            and isinstance(given, Score)
            and (given.__pydantic_extra__ or given.has_measured or given.not_applicable)
        }

    @property
    def self_scores(self) -> dict[str, Decimal]:
        """The points that the unit gave itself, by item, as far as it gave any."""
        return {
            name: given.self_score
            for name, given in self.scores.items()
            if isinstance(given, Score) and given.self_score is not None
        }

    @property
    def names_self_scores(self) -> bool:
        """True where the sheet has the field of a self score anywhere, be it empty."""
        scores = (given for given in self.scores.values() if isinstance(given, Score))
        return any("self_score" in given.model_fields_set for given in scores)

    @property
    def inapplicable(self) -> dict[str, str]:
        """The items that do not apply to the unit, and why."""
        return {
            name: given.not_applicable
            for name, given in self.with_facts.items()
            if given.not_applicable is not None
        }

    @property
    def named_facts(self) -> dict[str, FactNames]:
        """The names of facts, by the id of the adjustment that they are for."""
        return {name: given for name, given in self.adjustments.items() if isinstance(given, tuple)}

    @property
    def adjustment_scores(self) -> dict[str, AdjustmentScore]:
        """The numbers and points of adjustments of which no fact is named, by their ids."""
        return {
            name: given
            for name, given in self.adjustments.items()
            if isinstance(given, AdjustmentScore)
        }

    def score(self, item: str) -> Score:
        """The points of one item with the reason and the evidence, as far as there are any."""
        given = self.scores.get(item)
        if isinstance(given, Score):
            return given
        return Score(score=None if given is None else read_points(given))


_IsoDate = Annotated[
    str,
    StringConstraints(pattern=_ISO_DAY),
    AfterValidator(dt.date.fromisoformat),
]


@with_config(extra="forbid")
class _PlainScore(TypedDict, total=False):
    score: Required[str]
    note: str | None
    evidence: list[Text]


@with_config(extra="forbid")
class PlainSheet(TypedDict, total=False):
    """A sheet of points, notes and evidence alone, as most are; its points are not looked at."""

    rubric: Required[Text]
    unit: Required[UnitName]
    period: Period | None
    assessor: Text | None
    date: _IsoDate
    scores: Required[dict[str, Annotated[str | _PlainScore, Field(union_mode="left_to_right")]]]


@cache
def _plain() -> TypeAdapter[PlainSheet]:
    return TypeAdapter(PlainSheet)


def read_plain(value: object) -> PlainSheet | None:
    """The sheet in the plain values of a file; ``None`` for what is none or more than plain.

    What it takes is a `ScoreSheet` in any case, and is there sooner.
    """
    try:
        plain: PlainSheet = _plain().validator.validate_python(value)
    except ValidationError:
        return None
    return plain


class CombinedSheet(ScoreSheet):
    """The sheets of one unit as one, whose scores are the combined points.

    ``sheets`` are those of the assessors, by their names. ``open_items`` are those that not
    everybody has scored yet: what is missing counts 0 in them, as in every provisional result.
    """

    sheets: tuple[ScoreSheet, ...]
    open_items: tuple[str, ...] = ()

    def score(self, item: str) -> Score:
        """The combined points of an item with all evidence; each reason is in its own sheet."""
        evidence = tuple(proof for sheet in self.sheets for proof in sheet.score(item).evidence)
        return Score(score=super().score(item).score, evidence=evidence)


def sheets_in(sheet: ScoreSheet) -> tuple[ScoreSheet, ...]:
    """The sheets that people filled in: those of a combined one, else the sheet itself."""
    return sheet.sheets if isinstance(sheet, CombinedSheet) else (sheet,)
