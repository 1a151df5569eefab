"""Rules and targets of a rubric: sound numbers, and none without effect."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from epa_score.checks.rubric import all_items, items_of, sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import Item, Rubric, Score, Section
from epa_score.values.fields import Frozen
from epa_score.values.names import names_are_apart


def rules_are_sound(rubric: Rubric) -> Iterator[Finding]:
    """Each rule and each list of targets is right in itself."""
    for keys, item in all_items(rubric):
        if item.rule is not None:
            yield from (finding.below(*keys, "rule") for finding in item.rule.findings())
        if item.targets is not None:
            yield from (finding.below(*keys, "targets") for finding in item.targets.findings())
            if item.rule is not None:
                place = Place((*keys, "targets"), "key")
                yield Finding(Kind.RULES_CONFLICT, place, {"name": item.id})


def points_of_rules_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """Points in rules are multiples of the grain, not above the cap, and so are floors."""
    for place, name, points, most in _amounts(rubric):
        about: dict[str, Parameter] = {"name": name, "points": points}
        if points > most:
            yield Finding(Kind.RULE_POINTS_OVER_CAP, Place(place), about | {"cap": most})
        elif points % rubric.grain:
            yield Finding(Kind.RULE_POINTS_OFF_STEP, Place(place), about | {"step": rubric.grain})


def _amounts(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], str, Decimal, Decimal]]:
    """Points stated beside caps: where, of what, how many, and how many there may be."""
    for home, section in sections_of(rubric):
        for keys, item in items_of(home, section):
            cap = section.worth("") if section.pool == "section" else item.max
            for amount in item.rule.amounts() if item.rule is not None else ():
                most = cap if amount.most is None else amount.most
                yield (*keys, "rule", *amount.keys), item.id, amount.points, most
    for keys, section in sections_of(rubric):
        if section.floor is not None:
            whole = section.worth("") if section.pool == "section" else section.max
            yield (*keys, "floor"), section.id, section.floor, whole
        for index, item in enumerate(section.items if section.pool == "items" else ()):
            yield (*keys, "items", index, "max"), item.id, item.max, section.max


def facts_have_names_of_their_own(rubric: Rubric) -> Iterator[Finding]:
    """No item has two facts or targets of one name, or one that stands for something else."""
    for keys, item in all_items(rubric):
        if item.rule is not None:
            names = list(item.rule.names())
            facts = Counter(fact.name for fact in item.rule.facts)
            given = facts - Counter(named.name for named in names)
            found = names_are_apart(names, {*given, *Score.model_fields})
            yield from (finding.below(*keys, "rule") for finding in found)
        if item.targets is not None:
            found = names_are_apart(item.targets.names())
            yield from (finding.below(*keys, "targets") for finding in found)


def pools_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """A pool holds items that deduct, without floors of their own, and is not capped as well."""
    for keys, section in sections_of(rubric):
        about: dict[str, Parameter] = {"name": section.id}
        if section.floor is not None and not section.pool:
            yield Finding(Kind.RULES_CONFLICT, Place((*keys, "floor"), "key"), about, "floor")
        if not section.pool:
            continue
        if section.capped:
            yield Finding(Kind.RULES_CONFLICT, Place((*keys, "capped"), "key"), about, "capped")
        if not section.items:
            yield Finding(Kind.RULES_CONFLICT, Place((*keys, "pool"), "key"), about, "parts")
        for index, item in enumerate(section.items):
            if item.rule is None or not item.rule.only_deducts:
                place = Place((*keys, "items", index))
                yield Finding(Kind.RULES_CONFLICT, place, {"name": item.id}, "pool")


_LISTS = ("units", "tie_break", "veto", "bands", "rank_points", "assessors")
_NEEDED = ("each", "target", "under", "at_least", "most", "least")
"""Fields of which 0 is nothing, and that cannot be left out instead."""

_VARIANTS = {"possible": "whole", "per": "per", "below": "below", "floor": "floor"}


def numbers_have_effect(rubric: Rubric) -> Iterator[Finding]:
    """Every number of a rule or of targets makes a difference to some points."""
    for keys, field, number in _numbers_without_effect(rubric):
        if field in _NEEDED and not number:
            yield Finding(Kind.CAP_NOT_POSITIVE, Place(keys), {"field": field})
            continue
        variant = "over" if field in ("over", "under") and number else _VARIANTS.get(field, "")
        yield Finding(
            Kind.NUMBER_WITHOUT_EFFECT, Place(keys), {"field": field, "value": number}, variant
        )


def _numbers_without_effect(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], str, Decimal]]:
    """Where a number stands that does nothing, in which field, and the number."""
    for keys, item in all_items(rubric):
        for amount in item.rule.without_effect(item.max) if item.rule is not None else ():
            field = "each" if "each" in amount.keys[:2] else str(amount.keys[-1])
            yield (*keys, "rule", *amount.keys), field, amount.points
        if item.targets is not None:
            for key, targets in (("all", item.targets.all), ("any", item.targets.any)):
                for index, target in enumerate(targets):
                    if not target.at_least:
                        where = (*keys, "targets", key, index, "at_least")
                        yield where, "at_least", target.at_least


def most_taken_by(item: Item) -> Decimal | None:
    """The most that an item of a pool can take, its own points aside; ``None`` without a limit."""
    deduct = item.rule.deduct if item.rule is not None else None
    return item.max if deduct is None else deduct.most_taken


def _most_taken(section: Section) -> Decimal | None:
    """The most that all items of a pool can take together; ``None`` where nothing limits it."""
    taken = Decimal(0)
    for item in section.items:
        most = most_taken_by(item)
        if section.pool != "section":
            most = item.max if most is None else min(most, item.max)
        if most is None:
            return None
        taken += most
    return taken


def floors_of_pools_have_effect(rubric: Rubric) -> Iterator[Finding]:
    """The items of a pool can take more than what is above its floor, and something is."""
    for keys, section in sections_of(rubric):
        if not section.pool or not section.floor:
            continue
        floor, whole, taken = section.floor, section.worth(""), _most_taken(section)
        if floor == whole or (taken is not None and floor <= whole - taken):
            about: dict[str, Parameter] = {"field": "floor", "value": floor}
            variant = "floor" if floor == whole else ""
            place = Place((*keys, "floor"))
            yield Finding(Kind.NUMBER_WITHOUT_EFFECT, place, about, variant)


def caps_of_rules_can_be_reached(rubric: Rubric) -> Iterator[Finding]:
    """Some facts give full marks; said of rules that are right in all else."""
    for keys, item in all_items(rubric):
        most = item.max if item.rule is None else item.rule.most(item.max)
        if most < item.max and not _has_other_slips(item):
            about: dict[str, Parameter] = {"item": item.id, "cap": item.max, "most": most}
            yield Finding(Kind.NUMBER_WITHOUT_EFFECT, Place((*keys, "max")), about, "cap")


def _has_other_slips(item: Item) -> bool:
    rule, cap = item.rule, item.max
    if rule is None or any(rule.findings()) or any(rule.without_effect(cap)):
        return True
    return any(
        amount.points > (cap if amount.most is None else amount.most) for amount in rule.amounts()
    )


def lists_have_entries(rubric: Rubric) -> Iterator[Finding]:
    """A list that was begun has something in it."""
    return empty_lists(rubric, _LISTS)


def empty_lists(model: Frozen, fields: Iterable[str]) -> Iterator[Finding]:
    """Those lists among ``fields`` that a file holds, and that hold nothing."""
    for field in fields:
        if field in model.model_fields_set and not getattr(model, field):
            yield Finding(Kind.EMPTY_FIELD, Place((field,), "key"), {"field": field})
