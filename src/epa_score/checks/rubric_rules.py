"""The rules and targets of a rubric: what can be known without any sheet."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from epa_score.checks.rubric_parts import all_items, sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.place import Key
from epa_score.model import Rubric, Score
from epa_score.model.named import names_are_apart


def rules_are_sound(rubric: Rubric) -> Iterator[Finding]:
    """Each rule and each list of targets is right in itself."""
    for keys, item in all_items(rubric):
        if item.rule is not None:
            yield from (one.below(*keys, "rule") for one in item.rule.findings())
        if item.targets is not None:
            yield from (one.below(*keys, "targets") for one in item.targets.findings())
            if item.rule is not None:
                place = Place((*keys, "targets"), "key")
                yield Finding(Kind.RULES_CONFLICT, place, {"name": item.id})


def points_of_rules_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """Points in rules are multiples of the grain, not above the cap, and so are floors."""
    for place, name, points, most in _stated(rubric):
        about: dict[str, Parameter] = {"name": name, "points": points}
        if points > most:
            yield Finding(Kind.RULE_POINTS_OVER_CAP, Place(place), about | {"cap": most})
        elif points % rubric.grain:
            yield Finding(Kind.RULE_POINTS_OFF_STEP, Place(place), about | {"step": rubric.grain})


def _stated(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], str, Decimal, Decimal]]:
    """Points stated beside caps: where, of what, how many, and how many there may be."""
    for keys, item in all_items(rubric):
        for one in item.rule.stated() if item.rule is not None else ():
            most = item.max if one.most is None else one.most
            yield (*keys, "rule", *one.keys), item.id, one.points, most
    for keys, section in sections_of(rubric):
        if section.floor is not None:
            yield (*keys, "floor"), section.id, section.floor, section.max
        for index, item in enumerate(section.items if section.pool else ()):
            yield (*keys, "items", index, "max"), item.id, item.max, section.max


def facts_have_names_of_their_own(rubric: Rubric) -> Iterator[Finding]:
    """No item has two facts or targets of one name, or one that stands for something else."""
    for keys, item in all_items(rubric):
        if item.rule is not None:
            names = list(item.rule.names())
            facts = Counter(fact.name for fact in item.rule.facts)
            given = facts - Counter(one.name for one in names)
            found = names_are_apart(names, {*given, *Score.model_fields})
            yield from (one.below(*keys, "rule") for one in found)
        if item.targets is not None:
            found = names_are_apart(item.targets.names())
            yield from (one.below(*keys, "targets") for one in found)


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
            if item.rule is None or not item.rule.shares:
                place = Place((*keys, "items", index))
                yield Finding(Kind.RULES_CONFLICT, place, {"name": item.id}, "pool")
