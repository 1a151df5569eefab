"""Vetoes that follow from points: each says of what, by which number, and can hold or not."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.checks.rubric import all_items
from epa_score.checks.rubric_options import (
    may_scale_beyond,
    most_bonus,
    most_points,
    total_may_scale_beyond,
)
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key, first_known
from epa_score.diagnostics.nearest import nearest
from epa_score.model import Item, Rubric, Section, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.values.fields import one_of

if TYPE_CHECKING:
    from epa_score.model.rubric_options import PointsCondition

_ZERO = Decimal(0)

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[%％]", re.ASCII)
"""A percentage in the words of a text."""


def conditions_are_whole(rubric: Rubric) -> Iterator[Finding]:
    """A condition has one threshold; what it makes 0 is said where it has that effect alone."""
    for index, veto in enumerate(rubric.veto):
        keys: tuple[Key, ...] = ("veto", index)
        if veto.when is not None:
            known = {"below": veto.when.below, "at_least": veto.when.at_least}
            for finding in one_of(
                "when", {name: number is not None for name, number in known.items()}
            ):
                yield finding.below(*keys, "when")
        about: dict[str, Parameter] = {"item": veto.id}
        if veto.effect == "zero" and veto.when is None:
            yield Finding(Kind.ZERO_INCOMPLETE, Place((*keys, "effect")), about, "when")
        elif veto.effect == "zero" and veto.zeroes is None:
            yield Finding(Kind.ZERO_INCOMPLETE, Place((*keys, "effect")), about)
        elif veto.effect != "zero" and veto.zeroes is not None:
            about["effect"] = veto.effect
            yield Finding(Kind.ZERO_INCOMPLETE, Place((*keys, "zeroes"), "key"), about, "effect")


def conditions_name_what_there_is(rubric: Rubric) -> Iterator[Finding]:
    """A condition is about the total, one section or one item; a section at the top may be 0."""
    sections = [section.id for section in rubric.all_sections]
    items = list(dict.fromkeys(item.id for _, item in all_items(rubric)))
    outermost = [section.id for section in rubric.sections]
    for index, veto in enumerate(rubric.veto):
        if veto.when is not None:
            place = Place(("veto", index, "when", "of"))
            yield from _is_one(veto.when.of, [TOTAL, *sections, *items], place)
        if veto.zeroes is not None:
            place = Place(("veto", index, "zeroes"))
            if veto.zeroes in sections and veto.zeroes not in outermost:
                inner: dict[str, Parameter] = {"name": veto.zeroes, **first_known(outermost)}
                yield Finding(Kind.CONDITION_OF_UNKNOWN, place, inner, "inner")
            else:
                yield from _is_one(veto.zeroes, [TOTAL, *outermost], place)


def _is_one(name: str, known: list[str], place: Place) -> Iterator[Finding]:
    about: dict[str, Parameter] = {"name": name, "nearest": "", **first_known(known)}
    if known.count(name) > 1:
        yield Finding(Kind.CONDITION_OF_UNKNOWN, place, about, "several")
    elif name not in known:
        alike = nearest(name, known)
        about["nearest"] = alike or ""
        yield Finding(Kind.CONDITION_OF_UNKNOWN, place, about, "nearest" if alike else "")


def conditions_may_hold_or_not(rubric: Rubric) -> Iterator[Finding]:
    """No condition holds of every unit whatever its points, and none of nobody."""
    for index, veto in enumerate(rubric.veto):
        condition = veto.when
        if condition is None or (condition.below is None) == (condition.at_least is None):
            continue
        ranges = [found for unit in _units(rubric) if (found := _range(rubric, condition, unit))]
        field = "at_least" if condition.below is None else "below"
        outcomes = {_outcome(condition, *found) for found in ranges}
        if len(outcomes) == 1 and outcomes != {"open"}:
            about: dict[str, Parameter] = {
                "item": veto.id,
                "least": min(least for least, _, _ in ranges),
                "most": max(full if most is None else most for _, most, full in ranges),
            }
            place = Place(("veto", index, "when", field))
            variant = "always" if outcomes == {"always"} else ""
            yield Finding(Kind.CONDITION_IDLE, place, about, variant)
        elif (number := _percent_as_points(condition, veto.text, ranges)) is not None:
            about = {"item": veto.id, "number": number}
            place = Place(("veto", index, "when", field))
            yield Finding(Kind.CONDITION_IDLE, place, about, "points")


def _percent_as_points(
    condition: "PointsCondition", text: str, ranges: list[tuple[Decimal, Decimal | None, Decimal]]
) -> Decimal | None:
    """A number of points that the text states as a percentage, where that is another number."""
    threshold = condition.threshold
    if threshold is None or threshold.is_share:
        return None
    stated = (Decimal(found[1]) for found in _PERCENT.finditer(text))
    share = threshold._replace(is_share=True)
    differs = any(share.of(full) != threshold.number for _, _, full in ranges)
    return threshold.number if differs and threshold.number in stated else None


def _outcome(
    condition: "PointsCondition", least: Decimal, most: Decimal | None, full: Decimal
) -> str:
    """What is true of every number of points: ``always``, ``never``, or neither, ``open``."""
    threshold = condition.threshold
    bound = _ZERO if threshold is None else threshold.of(full)
    is_above, is_met = most is not None and bound > most, bound <= least
    if condition.below is not None:
        return "always" if is_above else "never" if is_met else "open"
    return "never" if is_above else "always" if is_met else "open"


def _units(rubric: Rubric) -> Iterator[str]:
    yield from map(same_name_key, rubric.known_units or ("",))


def _range(
    rubric: Rubric, condition: "PointsCondition", unit_key: str
) -> tuple[Decimal, Decimal | None, Decimal] | None:
    """The fewest and the most points that a unit can have there, and full marks.

    The most is ``None`` where nothing limits them. Nothing where the unit has no such item.
    """
    if condition.of == TOTAL:
        bonus = most_bonus(rubric)
        unlimited = bonus is None or total_may_scale_beyond(rubric)
        most = None if unlimited else most_points(rubric.sections, unit_key) + (bonus or _ZERO)
        least = sum((_least_of_section(part, unit_key) for part in rubric.sections), _ZERO)
        taken = rubric.adjustments is not None and rubric.adjustments.penalty is not None
        return _ZERO if taken else least, most, rubric.worth(unit_key)
    for section in rubric.all_sections:
        if section.id == condition.of:
            unlimited = may_scale_beyond(section)
            most = None if unlimited else most_points([section], unit_key)
            return _least_of_section(section, unit_key), most, section.worth(unit_key)
        for item in section.items_of(unit_key):
            if item.id == condition.of:
                most = item.max if item.rule is None else item.rule.most(item.max)
                goes_below = section.pool == "section"
                least = -section.worth(unit_key) if goes_below else _least_of_item(item)
                return least, most, item.max
    return None


def _least_of_section(section: Section, unit_key: str) -> Decimal:
    if section.pool:
        return section.floor or _ZERO
    items = sum(map(_least_of_item, section.items_of(unit_key)), _ZERO)
    least = items + sum((_least_of_section(part, unit_key) for part in section.sections), _ZERO)
    return min(least, section.max) if section.capped else least


def _least_of_item(item: Item) -> Decimal:
    """The fewest points that an item surely has; it may have none where it does not apply."""
    rule = item.rule
    if rule is None or rule.hard_zero is not None or item.not_applicable is not None:
        return _ZERO
    if rule.levels is not None:
        return min(points for _, points in rule.levels.root)
    if rule.target is not None:
        return rule.target.floor
    return (rule.deduct.floor or _ZERO) if rule.deduct is not None else _ZERO
