"""Settings of which a published text has two readings: one is chosen, and changes some figure.

(decision: two-readings-are-chosen)
"""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.checks.rubric import sections_of
from epa_score.checks.rubric_rules import most_taken
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Item, Rubric, Section


def readings_of_pools_are_chosen(rubric: Rubric) -> Iterator[Finding]:
    """A pool says whether an item takes its own points at most, or all that the section has."""
    for keys, section in sections_of(rubric):
        if section.pool == "unsaid":
            about: dict[str, Parameter] = {"name": section.id}
            example = next(_pool_examples(section), None)
            variant = "plain" if example is None else ""
            place = Place((*keys, "pool"))
            yield Finding(Kind.POOL_READING, place, about | (example or {}), variant)


def _pool_examples(section: Section) -> Iterator[dict[str, Parameter]]:
    """Figures of both readings, where one item alone takes more than its own points."""
    floor = section.floor or Decimal(0)
    for item in section.items:
        often = _often_enough(item)
        if often is None:
            continue
        number, each = often
        lost = number * each
        by_items = max(floor, section.max - item.max)
        by_section = max(floor, section.max - lost)
        if by_items > by_section:
            yield {
                "item": item.id,
                "cap": item.max,
                "number": number,
                "each": each,
                "lost": lost,
                "by_items": by_items,
                "by_section": by_section,
            }


def _often_enough(item: Item) -> tuple[Decimal, Decimal] | None:
    """How often an item is to occur, at how many points, to take more than its own, if it can."""
    rule = item.rule.deduct if item.rule is not None else None
    each = rule.each[0][1] if rule is not None else Decimal(0)
    if rule is None or not each:
        return None
    number = item.max // each + 1
    return None if rule.possible is not None and number > rule.possible else (number, each)


def pools_have_effect(rubric: Rubric) -> Iterator[Finding]:
    """A pool is worth something else than the sum of its items, for some facts.

    It is not where its items have as many points as it, and no floor: under ``items`` none of them
    takes more, under ``section`` one alone loses no more than the section, and of several it takes
    one that can lose more than its own.
    """
    for keys, section in sections_of(rubric):
        if section.pool in (None, "unsaid") or not section.items:
            continue
        if section.floor or section.capped:
            continue
        if section.pool == "items":
            idle = sum((item.max for item in section.items), Decimal(0)) == section.max
        else:
            idle = len(section.items) == 1 or not _can_go_below(section)
        if idle:
            about: dict[str, Parameter] = {"name": section.id, "cap": section.max}
            place = Place((*keys, "pool"))
            variant = "section" if section.pool == "section" else ""
            yield Finding(Kind.SETTING_WITHOUT_EFFECT, place, about, variant)


def _can_go_below(section: Section) -> bool:
    """True where some item of a pool can take more than its own points."""
    parts = (section.model_copy(update={"items": (item,)}) for item in section.items)
    taken = ((part.items[0].max, most_taken(part)) for part in parts)
    return any(most is None or most > cap for cap, most in taken)
