"""Adjustments outside the base: bonuses, penalties, and each fact counted once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.rubric_options import TOTAL, Adjustment, AdjustmentList, Way
from epa_score.rules.rule import Product, Step, StepPart, Working
from epa_score.scoring.points import Bound
from epa_score.scoring.result import Adjusted, Result

_ZERO = Decimal(0)

NOT_BELOW_ZERO = Bound(least=_ZERO)
"""No published total is below 0 points."""


_TOTALS = {"bonus": "with_bonus", "penalty": "with_penalty", "both": "with_both"}
"""The words for how a total came about, by the lists there are."""


class CountedAdjustment(NamedTuple):
    """One adjustment of a unit: the points of its facts, and how they came about.

    As ``term`` of a sum it is a product, unless its ``max`` cut it.
    """

    item: Adjustment
    points: Decimal
    working: Working
    term: Product | Decimal


class AdjustmentSum(NamedTuple):
    """The adjustments of one way that a sheet names facts for, and what they come to together."""

    way: Way
    items: tuple[CountedAdjustment, ...]
    points: Decimal
    working: Working


def adjustments_of(rubric: Rubric, sheet: ScoreSheet) -> tuple[AdjustmentSum, ...]:
    """The sums of bonuses and of penalties that follow from the facts of a sheet.

    Raises `ValueError` for an adjustment that the rubric does not have, and for a fact that is
    named twice in one list.
    """
    lists = tuple(rubric.adjustments.lists()) if rubric.adjustments is not None else ()
    known = {item.id for _, adjustments in lists for item in adjustments.items}
    for name, facts in sheet.adjustments.items():
        if name not in known or len(set(map(same_name_key, facts))) < len(facts):
            message = f"{sheet.unit!r}: the facts of adjustment {name} do not fit"
            raise ValueError(message)
    with exactly():
        return tuple(_sum_list(way, adjustments, sheet.adjustments) for way, adjustments in lists)


def _sum_list(
    way: Way, adjustments: AdjustmentList, given: Mapping[str, Sequence[str]]
) -> AdjustmentSum:
    homes = homes_of_facts(adjustments.items, given)
    found = [
        _count_facts(item, given[item.id], homes)
        for item in adjustments.items
        if given.get(item.id)
    ]
    terms = tuple(counted.term for counted in found if counted.points)
    reached = sum((counted.points for counted in found), _ZERO)
    steps = [Step("count", {"terms": terms, "result": reached})] if terms else []
    points, working = _limit(reached, adjustments.max, steps)
    return AdjustmentSum(way, tuple(found), points, working)


def homes_of_facts(
    items: Sequence[Adjustment], given: Mapping[str, Sequence[str]]
) -> dict[str, Adjustment]:
    """Where each fact counts, by its `same_name_key`: at the item with the most points for each.

    Of items worth the same it is the first. The ``max`` of the items does not matter.
    (decision: a-fact-counts-where-it-is-worth-most)
    """
    homes: dict[str, Adjustment] = {}
    for item in items:
        for key in map(same_name_key, given.get(item.id, ())):
            if key not in homes or item.each > homes[key].each:
                homes[key] = item
    return homes


def _count_facts(
    item: Adjustment, facts: Sequence[str], homes: Mapping[str, Adjustment]
) -> CountedAdjustment:
    """The points of the facts that count here; of the others, where they count."""
    elsewhere: dict[str, list[str]] = {}
    own: list[str] = []
    for fact in facts:
        home = homes[same_name_key(fact)]
        (own if home is item else elsewhere.setdefault(home.id, [])).append(fact)
    product = Product(Decimal(len(own)), item.each)
    reached = product.number * product.each
    parts: dict[str, StepPart] = {"names": tuple(own), "terms": (product,), "result": reached}
    points, working = _limit(reached, item.max, [Step("named", parts)] if own else [])
    once = [
        Step("counted_once", {"names": tuple(them), "item": i}) for i, them in elsewhere.items()
    ]
    term = product if points == reached else points
    return CountedAdjustment(item, points, working._replace(steps=(*working.steps, *once)), term)


def _limit(
    reached: Decimal, most: Decimal | None, steps: Sequence[Step]
) -> tuple[Decimal, Working]:
    points = Bound(most=most).of(reached)
    limit = [Step("at_most", {"bound": points})] if points != reached else []
    return points, Working(points, (*steps, *limit))


def adjust(rubric: Rubric, sheet: ScoreSheet, base: Result) -> Result:
    """The result with the adjustments of the sheet: base and bonuses less penalties, 0 at least.

    It may lie above the total of the rubric. Raises `ValueError` as `adjustments_of` does.
    """
    points = {total.way: total.points for total in adjustments_of(rubric, sheet)}
    return with_adjustments(base, points.get("bonus", _ZERO), points.get("penalty", _ZERO))


def with_adjustments(base: Result, bonus: Decimal, penalty: Decimal) -> Result:
    """The result with these points added and taken; no number while its base is none."""
    at_best = base.at_best and with_adjustments(base.at_best, bonus, penalty)
    with exactly():
        total = base.total + bonus - penalty
    if not total.is_nan():
        total = NOT_BELOW_ZERO.of(total)
    found = Adjusted(base.total, bonus, penalty)
    return base._replace(total=total, adjusted=found, at_best=at_best)


def total_working(rubric: Rubric, result: Result) -> Working:
    """The working of the published total, where there are adjustments."""
    if rubric.adjustments is None or result.adjusted is None:
        return Working(result.total, ())
    base, bonus, penalty = result.adjusted
    with exactly():
        reached = base + bonus - penalty
    parts: dict[str, StepPart] = {
        "base": base,
        "bonus": bonus,
        "penalty": penalty,
        "result": reached,
    }
    steps = [Step(_TOTALS[rubric.adjustments.ways], parts)]
    held = NOT_BELOW_ZERO.of(reached)
    steps += [Step("at_least", {"bound": held})] if reached != held else []
    by = result.zeroed.get(TOTAL, ())
    steps += [Step("zeroed", {"names": by, "result": result.total})] if by else []
    return Working(result.total, tuple(steps))
