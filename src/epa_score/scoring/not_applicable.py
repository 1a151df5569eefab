"""Items that do not apply to a unit: what the rubric makes of them.

(Source: published rubrics leave out such items, scale the others up, or give full marks; which
one holds is for each rubric to say, and without a word it is an error.)
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from epa_score.model import Scope, ScoreSheet, exactly
from epa_score.model.item_options import LEFT_OUT, Treatment
from epa_score.rules.rule import Step, StepPart, Working
from epa_score.values.rounding import rounded

_ZERO = Decimal(0)
AWAITED = Decimal("NaN")
"""Stands for points that only the sheets of other units give; no sum with it is a number."""


class Inapplicable(NamedTuple):
    """An item that does not apply to a unit, and how it counts."""

    item: str
    """Its id."""
    treatment: Treatment
    """The treatment that the rubric gives it."""
    cap: Decimal
    """Its cap, in points."""
    points: Decimal | None = None
    """Its points; ``None`` where it has none of its own, and while a mean is not known."""
    peers: int = 0
    """The number of units whose mean it has."""
    whole: Decimal = _ZERO
    """The points that its section is worth, or the total, where that is scaled up."""
    left: Decimal = _ZERO
    """The points of those that the items which apply are worth."""

    @property
    def is_awaited(self) -> bool:
        """True while its points are to be the mean of those of other units, and are not known."""
        return self.treatment == "peer_mean" and self.points is None

    @property
    def in_sums(self) -> Decimal:
        """The points that it adds to the sums of its unit."""
        return AWAITED if self.is_awaited else self.points or _ZERO


def inapplicable_of(scope: Scope, sheet: ScoreSheet) -> tuple[Inapplicable, ...]:
    """The items that do not apply to a unit, in the rubric's order.

    Raises `ValueError` for an item of which the rubric does not allow it, and where nothing is
    left to scale up or to be scored.
    """
    named = sheet.inapplicable
    if not named:
        return ()
    with exactly():
        found = tuple(_treat(scope, sheet, name) for name in scope.items if name in named)
    out = [name for name in named if scope.treatments.get(name) in LEFT_OUT]
    if len(out) == len(scope.items) and not scope.is_of_one:
        message = f"{sheet.unit!r}: no item applies"
        raise ValueError(message)
    return found


def _treat(scope: Scope, sheet: ScoreSheet, name: str) -> Inapplicable:
    treatment, cap, given = scope.treatments.get(name), scope.caps[name], sheet.score(name)
    if treatment is None:
        message = f"{sheet.unit!r}: item {name} applies to all units"
        raise ValueError(message)
    if given.score is not None or given.__pydantic_extra__:
        message = f"{sheet.unit!r}: item {name} has points beside the reason why it has none"
        raise ValueError(message)
    whole, left = scope.shares(scope.homes[name], sheet.inapplicable)
    if treatment == "rescale_total":
        whole, left = scope.shares_of_total(sheet.inapplicable)
    if treatment in ("rescale", "rescale_total") and not left:
        message = f"{sheet.unit!r}: no item is left that {name} is made up for by"
        raise ValueError(message)
    points = {"zero": _ZERO, "full": cap}.get(treatment)
    return Inapplicable(name, treatment, cap, points, 0, whole, left)


def excluded_points(treated: Iterable[Inapplicable]) -> Decimal:
    """The points that are left out of the total and of its section."""
    excluded = (inapplicable for inapplicable in treated if inapplicable.treatment == "exclude")
    return sum((inapplicable.cap for inapplicable in excluded), _ZERO)


def points_left_out(treated: Iterable[Inapplicable]) -> Decimal:
    """The points that are left out of sections, be they excluded or made up for in the total."""
    out = (inapplicable for inapplicable in treated if inapplicable.treatment in LEFT_OUT)
    return sum((inapplicable.cap for inapplicable in out), _ZERO)


def rescaled_total(
    points: Decimal, treated: Iterable[Inapplicable], decimals: int
) -> tuple[Decimal, Inapplicable | None]:
    """The sum of the sections scaled to full marks and rounded once, and an item it is for.

    It is the sum itself, and no item, where no item asks for that. While the mean of other units is
    awaited it is no number.
    """
    scaled = [entry for entry in treated if entry.treatment == "rescale_total"]
    if not scaled:
        return points, None
    entry = scaled[0]
    if points.is_nan():
        return points, entry
    share = Fraction(entry.whole) / Fraction(entry.left)
    return rounded(Fraction(points) * share, decimals), entry


def treatment_of(inapplicable: Inapplicable, reason: str) -> Working:
    """The working of an item that does not apply: its treatment, and the ``reason`` for it."""
    steps = [Step("not_applicable", {"reason": reason})]
    parts: Mapping[str, StepPart] = {}
    if inapplicable.treatment in ("rescale", "rescale_total"):
        parts = {"whole": inapplicable.whole, "left": inapplicable.left}
    elif inapplicable.treatment == "exclude":
        parts = {"cap": inapplicable.cap}
    elif inapplicable.points is not None:
        parts = {"result": inapplicable.points, "peers": Decimal(inapplicable.peers)}
    words = "peer_mean_awaited" if inapplicable.is_awaited else inapplicable.treatment
    steps.append(Step(words, parts))
    return Working(inapplicable.points, tuple(steps))
