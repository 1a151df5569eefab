"""Adjustments outside the base: bonuses, penalties, and each fact counted once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.model.sheet import AdjustmentScore, FactNames
from epa_score.rules.rule import Product, Step, StepPart, Working
from epa_score.scoring.points import Bound
from epa_score.scoring.result import Adjusted, Result
from epa_score.values.facts import SCORE, read_facts
from epa_score.values.points import read_points

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Adjustment, AdjustmentList, Way

_ZERO = Decimal(0)

NOT_BELOW_ZERO = Bound(least=_ZERO)
"""No published total is below 0 points."""


_TOTALS = {"bonus": "with_bonus", "penalty": "with_penalty", "both": "with_both"}
"""The words for how a total came about, by the lists there are."""


class CountedAdjustment(NamedTuple):
    """One adjustment of a unit: its points, and how they came about.

    As ``term`` of a sum it is a product, unless its ``max`` cut it.
    """

    item: "Adjustment"
    points: Decimal
    working: Working
    term: Product | Decimal


class AdjustmentSum(NamedTuple):
    """The adjustments of one way that a sheet says something of, and what they come to together."""

    way: "Way"
    items: tuple[CountedAdjustment, ...]
    points: Decimal
    working: Working


def adjustments_of(rubric: Rubric, sheet: ScoreSheet) -> tuple[AdjustmentSum, ...]:
    """The sums of bonuses and of penalties that follow from the facts of a sheet.

    Raises `ValueError` for an adjustment that the rubric does not have, for a fact that is named
    twice at one, for one at several of a list of which the rubric does not say how it counts, and
    for names, numbers or points that are not what the adjustment takes.
    """
    lists = tuple(rubric.adjustments.lists()) if rubric.adjustments is not None else ()
    known = {item.id: item for _, adjustments in lists for item in adjustments.items}
    for name, given in sheet.adjustments.items():
        if name not in known or not _fits(known[name], given):
            message = f"{sheet.unit!r}: the facts of adjustment {name} do not fit"
            raise ValueError(message)
    with exactly():
        return tuple(_sum_list(way, adjustments, sheet) for way, adjustments in lists)


def _fits(item: "Adjustment", given: FactNames | AdjustmentScore) -> bool:
    """True for what an adjustment takes; where names are given, each stands there once."""
    if isinstance(given, tuple):
        names = len(set(map(same_name_key, given)))
        return names == len(given) and (not given or item.kind == "adjustment")
    taken = {fact.name for fact in item.facts}
    others = [name for name, fact in given.facts.items() if fact is not None and name not in taken]
    (numbers, _, _), faults = read_facts(item.facts, given.facts)
    is_clear = not others or (given.is_bare_zero and item.kind == "judged")
    return is_clear and not faults and numbers.get(SCORE, _ZERO) <= (item.max or _ZERO)


def _sum_list(way: "Way", adjustments: "AdjustmentList", sheet: ScoreSheet) -> AdjustmentSum:
    named, scores = sheet.named_facts, sheet.adjustment_scores
    homes = homes_of_facts(adjustments.items, named)
    facts = [fact for item in adjustments.items for fact in named.get(item.id, ())]
    if adjustments.same_fact is None and len(homes) < len(facts):
        message = f"a {way} names a fact twice, and the rubric does not say how often it counts"
        raise ValueError(message)
    if adjustments.same_fact == "each":
        homes = {}
    found = [
        _count_facts(item, named[item.id], homes)
        if named.get(item.id)
        else _count_score(item, scores[item.id])
        for item in adjustments.items
        if named.get(item.id) or (item.id in scores and _has_points(item, scores[item.id]))
    ]
    terms = tuple(counted.term for counted in found if counted.points)
    reached = sum((counted.points for counted in found), _ZERO)
    steps = [Step("count", {"terms": terms, "result": reached})] if terms else []
    points, working = _limit(reached, adjustments.max, steps)
    return AdjustmentSum(way, tuple(found), points, working)


def homes_of_facts(
    items: Sequence["Adjustment"], given: Mapping[str, Sequence[str]]
) -> dict[str, "Adjustment"]:
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
    item: "Adjustment", facts: Sequence[str], homes: Mapping[str, "Adjustment"]
) -> CountedAdjustment:
    """The points of the facts that count here; of the others, where they count.

    A fact without a home counts wherever it is named.
    """
    elsewhere: dict[str, list[str]] = {}
    own: list[str] = []
    for fact in facts:
        home = homes.get(same_name_key(fact), item)
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


def _has_points(item: "Adjustment", given: AdjustmentScore) -> bool:
    """True where something happened: no number, and 0, say that nothing did."""
    numbers = read_facts(item.facts, given.facts).facts.numbers
    return any(numbers.values())


def _count_score(item: "Adjustment", given: AdjustmentScore) -> CountedAdjustment:
    """The points for a number of facts, or those that a person gave."""
    if given.score is not None:
        parts: dict[str, StepPart] = {"names": (given.note or "",), "result": given.score}
        working = Working(given.score, (Step("judged", parts),))
        return CountedAdjustment(item, given.score, working, given.score)
    product = Product(read_points(given.value), item.each)
    reached = product.number * product.each
    about: dict[str, StepPart] = {"names": (given.note,)} if given.note else {}
    parts = {**about, "terms": (product,), "result": reached}
    steps = [Step("named" if given.note else "count", parts)]
    points, working = _limit(reached, item.max, steps)
    return CountedAdjustment(item, points, working, product if points == reached else points)


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
    at_worst = base.at_worst and with_adjustments(base.at_worst, bonus, penalty)
    with exactly():
        total = base.total + bonus - penalty
    if not total.is_nan():
        total = NOT_BELOW_ZERO.of(total)
    found = Adjusted(base.total, bonus, penalty)
    return base._replace(total=total, adjusted=found, at_best=at_best, at_worst=at_worst)


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
