"""Options of a rubric: adjustments, vetoes, bands, panel, final figures, items not applicable."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from epa_score.i18n import plain
from epa_score.values.facts import SCORE, VALUE, Fact
from epa_score.values.fields import (
    Few,
    Frozen,
    IfGiven,
    Text,
    Yes,
    choice_of,
    frozen_config,
    read_yes,
)
from epa_score.values.points import Points, exactly, read_points

Way = Literal["bonus", "penalty"]
"""The way of an adjustment: points are added to the base, or taken from it."""


AdjustmentKind = Literal["adjustment", "count", "judged"]
"""What a sheet gives of an adjustment: names of facts, their number, or points by judgement."""


class Adjustment(Frozen):
    """``each`` so many points for a fact, and ``max`` at most for all facts of this one.

    Its facts are named one by one, or only counted (``count``). Where it is ``judged`` a person
    gives the points, from 0 to ``max``, and the reason.
    """

    model_config = frozen_config("Points for each fact outside the base, or by judgement")

    id: Text
    text: Text
    each: Points = Decimal(0)
    count: Yes = False
    judged: Yes = False
    max: Annotated[Points | None, IfGiven] = None

    @property
    def kind(self) -> AdjustmentKind:
        """What a sheet gives."""
        return "judged" if self.judged else "count" if self.count else "adjustment"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The fact that a sheet gives in place of names; none where facts are named."""
        if self.judged:
            return (Fact(SCORE, "points"),)
        return (Fact(VALUE, "count"),) if self.count else ()


SameFact = Literal["once", "each"]
"""How often a fact counts that is named at several adjustments of a list."""


class AdjustmentList(Frozen):
    """Adjustments of one way, together ``max`` points at most.

    ``same_fact`` is needed as soon as a sheet names one fact at several of them.
    """

    model_config = frozen_config("All bonuses or all penalties, and their limit")

    items: tuple[Adjustment, ...]
    max: Annotated[Points | None, IfGiven] = None
    same_fact: Annotated[SameFact | None, BeforeValidator(choice_of(get_args(SameFact)))] = None


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


_SHARE_SIGNS = ("%", "％", "百分之", "percent")


def _read_quota(value: object) -> int:
    """A number of units; a share of them depends on how many there are, and on who rounds."""
    kind = "band_quota"
    if isinstance(value, str) and any(sign in value for sign in _SHARE_SIGNS):
        raise PydanticCustomError(kind, "quota", {"value": value, "variant": "share"})
    number = read_points(value)
    if not number or number % 1:
        share = {"variant": "share"} if 0 < number < 1 else {}
        raise PydanticCustomError(kind, "quota", {"value": number, **share})
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


Bands = tuple[Band, ...]
"""The names of totals, best first."""

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
        return Threshold(read_points(text[:-1].strip()), is_share=True)
    return Threshold(read_points(value), is_share=False)


_SHARE = r"^\s*[0-9.]+\s*[%％]\s*$"

PointsOrShare = Annotated[
    Threshold,
    PlainValidator(_read_threshold),
    PlainSerializer(lambda threshold: threshold.text if threshold.is_share else threshold.number),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _SHARE}]}
    ),
]
"""A number of points such as 15, or a share of full marks such as 60%."""


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


Vetoes = tuple[Veto, ...]
"""All vetoes of a rubric."""

_Method = Literal["mean", "median", "trimmed_mean"]
Method = Annotated[_Method, BeforeValidator(choice_of(get_args(_Method)))]

Combined = Literal["item", "total"]
"""What of several assessors is combined: the points of each item, or their totals."""


class Panel(Frozen):
    """The way from the points that several assessors gave to those of the unit.

    They are combined ``by`` item or total, which may be left out only where it is the same. A unit
    needs ``minimum`` sheets. A trimmed mean leaves out the ``drop`` highest and as many lowest.
    Points further than ``gap`` points from the combined ones are worth a warning.
    """

    model_config = frozen_config("How the points of several assessors are combined")

    method: Method
    minimum: Few
    drop: Few = 1
    gap: Annotated[Points | None, IfGiven] = None
    by: Annotated[Combined | None, BeforeValidator(choice_of(get_args(Combined)))] = None

    def cut(self, number: int) -> int:
        """How many of so many figures are left out at either end, before the mean is taken.

        The median of an even number is the mean of the two in the middle.
        """
        if self.method == "mean":
            return 0
        return (number - 1) // 2 if self.method == "median" else self.drop


class Assessor(Frozen):
    """Somebody who scores ``items``: ids of items, or of sections for all that is in them."""

    model_config = frozen_config("Who scores which items")

    name: Text
    items: tuple[Text, ...]


Assessors = tuple[Assessor, ...]
"""All assessors who have items of their own."""


class SelfScore(Frozen):
    """Units say what they take themselves to be worth: shown beside the points, never counted.

    A difference of more than ``gap`` points from those of the assessors is worth a warning.
    """

    model_config = frozen_config("What units take themselves to be worth, item by item")

    gap: Annotated[Points | None, IfGiven] = None


def _read_self_score(value: object) -> object:
    """``true`` alone is a mapping without more to say, and ``false`` says nothing."""
    if isinstance(value, dict | SelfScore):
        return value
    if value is None:
        kind = "empty_field"
        raise PydanticCustomError(kind, "self_score")
    return {} if read_yes(value) else None


GivenSelfScore = Annotated[
    SelfScore | None,
    BeforeValidator(_read_self_score, json_schema_input_type=bool | SelfScore),
]
"""``true``, or what is said of self scores; ``None`` where there are none."""


class Scale(Frozen):
    """The best total becomes ``best`` points, and the others what is in proportion to that."""

    model_config = frozen_config("The points that the best total becomes")

    best: Points
