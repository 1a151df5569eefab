"""Options of a rubric: adjustments, vetoes, bands, panel, final figures, items not applicable."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from epa_score.diagnostics.terminal_text import is_hidden
from epa_score.i18n import plain
from epa_score.values.fields import Few, Frozen, IfGiven, Text, choice_of, frozen_config
from epa_score.values.names import UnitName
from epa_score.values.points import Points, exactly, read_points

Way = Literal["bonus", "penalty"]
"""The way of an adjustment: points are added to the base, or taken from it."""


class Adjustment(Frozen):
    """``each`` so many points for a fact, and ``max`` at most for all facts of this one."""

    model_config = frozen_config("Points for each fact outside the base")

    id: Text
    text: Text
    each: Points
    max: Annotated[Points | None, IfGiven] = None


class AdjustmentList(Frozen):
    """Adjustments of one way, together ``max`` points at most."""

    model_config = frozen_config("All bonuses or all penalties, and their limit")

    items: tuple[Adjustment, ...]
    max: Annotated[Points | None, IfGiven] = None


class Adjustments(Frozen):
    """Points that a unit can have beyond the base, and those that can be taken from it."""

    model_config = frozen_config("Bonuses and penalties outside the base")

    bonus: Annotated[AdjustmentList | None, IfGiven] = None
    penalty: Annotated[AdjustmentList | None, IfGiven] = None

    def lists(self) -> Iterator[tuple[Way, AdjustmentList]]:
        """The lists there are, the bonuses first."""
        if self.bonus is not None:
            yield "bonus", self.bonus
        if self.penalty is not None:
            yield "penalty", self.penalty

    @property
    def ways(self) -> Literal["bonus", "penalty", "both"]:
        """Which lists there are."""
        if self.bonus is not None and self.penalty is not None:
            return "both"
        return "penalty" if self.bonus is None else "bonus"

    @property
    def each(self) -> tuple[Adjustment, ...]:
        """Every adjustment, in the order of the lists."""
        return tuple(item for _, adjustments in self.lists() for item in adjustments.items)


def _read_quota(value: object) -> int:
    number = read_points(value)
    if not number or number % 1:
        kind = "band_quota"
        raise PydanticCustomError(kind, "quota", {"value": number})
    return int(number)


Quota = Annotated[
    int, PlainValidator(_read_quota), WithJsonSchema({"type": "integer", "minimum": 1})
]
"""The number of units that there may be at most: a whole number above 0."""


class Band(Frozen):
    """Totals of ``at_least`` so many points, the number included, as 以上 means.

    ``most`` is how many units may be in the band; those it has no room for are in the next one.
    """

    model_config = frozen_config("The name of totals from so many points on")

    name: Text
    at_least: Points
    most: Annotated[Quota | None, IfGiven] = None


Effect = Literal["exclude", "fail", "bar", "zero"]
"""The effect of a veto: no rank at all, the lowest band, not the top band, or no points."""


class Threshold(NamedTuple):
    """So many points, or so many percent of full marks where it ``is_share``."""

    number: Decimal
    is_share: bool

    def of(self, full: Decimal) -> Decimal:
        """The points that it comes to where full marks are ``full``."""
        with exactly():
            return self.number * full / 100 if self.is_share else self.number

    @property
    def text(self) -> str:
        """What it is as it stands in a file."""
        return f"{plain(self.number)}%" if self.is_share else plain(self.number)


def _read_threshold(value: object) -> Threshold:
    text = value.strip() if isinstance(value, str) else ""
    if text.endswith(("%", "％")):
        return Threshold(read_points(str(text[:-1].strip())), is_share=True)
    return Threshold(read_points(value), is_share=False)


PointsOrShare = Annotated[
    Threshold,
    PlainValidator(_read_threshold),
    PlainSerializer(lambda threshold: threshold.text if threshold.is_share else threshold.number),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^[0-9.]+ *%$"}]}
    ),
]
"""A number of points such as 15, or a share of full marks such as 60%."""

TOTAL = "total"
"""The name of the total among the ids of sections and items."""


class PointsCondition(Frozen):
    """The points ``of`` the total, a section or an item lie below a threshold, or reach it."""

    model_config = frozen_config("Points below so many, or at least so many")

    of: Text
    below: Annotated[PointsOrShare | None, IfGiven] = None
    at_least: Annotated[PointsOrShare | None, IfGiven] = None

    @property
    def threshold(self) -> Threshold | None:
        """The threshold, if there is exactly one."""
        return self.at_least if self.below is None else self.below


class Veto(Frozen):
    """A fact that a sheet states, or ``when`` points are as they are, and the ``effect`` of it."""

    model_config = frozen_config("What keeps a unit out of ranks or bands, or takes its points")

    id: Text
    text: Text
    effect: Annotated[Effect, BeforeValidator(choice_of(get_args(Effect)))]
    when: Annotated[PointsCondition | None, IfGiven] = None
    """The condition on points that it follows from, where no sheet states it."""
    zeroes: Annotated[Text | None, IfGiven] = None
    """The section that has 0 points, or ``total``, under the effect ``zero``."""


_Method = Literal["mean", "median", "trimmed_mean"]
Method = Annotated[_Method, BeforeValidator(choice_of(get_args(_Method)))]


class Panel(Frozen):
    """The way from the points that several assessors gave for an item to those of the unit.

    A unit needs ``minimum`` sheets. A trimmed mean leaves out the ``drop`` highest and as many
    lowest. Points further than ``gap`` points from the combined ones are worth a warning.
    """

    model_config = frozen_config("How the points of several assessors are combined")

    method: Method
    minimum: Few
    drop: Few = 1
    gap: Annotated[Points | None, IfGiven] = None


class Scale(Frozen):
    """The best total becomes ``best`` points, and the others what is in proportion to that."""

    model_config = frozen_config("The points that the best total becomes")

    best: Points


Treatment = Literal["rescale", "exclude", "zero", "full", "peer_mean"]
"""The way in which an item counts that does not apply."""

TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)


AnyTreatment = Annotated[Treatment | None, BeforeValidator(choice_of(TREATMENTS))]
"""The treatment of an item that does not apply; ``None`` where it applies to all units."""


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
    from epa_score.values.point_hints import misreading  # noqa: PLC0415 -- words for faulty input

    kind, about = misreading(text)
    is_other = kind == "points_not_a_number" and not about["variant"]
    return is_other and any(char.isalpha() for char in text)


UNREAD_REASON = "原因"
"""The reason in place of one that could not be read, to find what else is wrong with an item."""

InapplicableReason = Annotated[str | None, BeforeValidator(_read_reason)]
"""Why an item does not apply; ``None`` where a sheet does not say that it does not."""


NamedUnits = tuple[tuple[str, tuple[str, ...]], ...]
_UNITS_BY_NAME = TypeAdapter(dict[Text, tuple[UnitName, ...]])


def _read_unit_groups(value: object) -> NamedUnits:
    return tuple(_UNITS_BY_NAME.validate_python(value).items())


UnitGroups = Annotated[
    NamedUnits,
    PlainValidator(_read_unit_groups),
    PlainSerializer(dict, return_type=dict[str, tuple[str, ...]]),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        }
    ),
]
"""Groups of units by name, within each of which units are ranked, in the order of the file."""
