"""Settings of which a published text has two readings: one is chosen, and changes some figure.

(decision: two-readings-are-chosen)
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from epa_score.checks.rubric import sections_of
from epa_score.checks.rubric_rules import most_taken_by
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.i18n import plain
from epa_score.model import Item, Rubric, Section, same_name_key
from epa_score.values.rounding import mean

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Panel


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
        number, lost = often
        by_items = section.max - item.max  # below the floor there is no difference
        by_section = max(floor, section.max - lost)
        if by_items > by_section:
            yield {
                "item": item.id,
                "cap": item.max,
                "number": number,
                "lost": lost,
                "by_items": by_items,
                "by_section": by_section,
            }


def _often_enough(item: Item) -> tuple[Decimal, Decimal] | None:
    """How often something is to occur to take the most from an item, or more than its points.

    Beside it the points that this takes.
    """
    rule = item.rule.deduct if item.rule is not None else None
    if rule is None:
        return None
    if rule.judged is not None:
        return Decimal(1), rule.judged.most
    each = rule.each[0][1] if rule.each else Decimal(0)
    if not each:
        return None
    steps = item.max // each + 1
    number = steps * (rule.per or 1)
    possible = rule.possible is None or number <= rule.possible
    return (number, steps * each) if possible else None


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
    taken = ((most_taken_by(item), item.max) for item in section.items)
    return any(most is None or most > cap for most, cap in taken)


def same_fact_has_effect(rubric: Rubric) -> Iterator[Finding]:
    """A list of adjustments of which a fact can be named at several has two that name facts."""
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        naming = [item for item in adjustments.items if item.kind == "adjustment"]
        if adjustments.same_fact is not None and not naming[1:]:
            place = Place(("adjustments", way, "same_fact"))
            about: dict[str, Parameter] = {"name": way, "by": adjustments.same_fact}
            yield Finding(Kind.SETTING_WITHOUT_EFFECT, place, about, "same_fact")


def panels_say_what_is_combined(rubric: Rubric) -> Iterator[Finding]:
    """A panel says whether items or totals are combined, unless it is certainly the same."""
    panel, is_same = rubric.panel, _is_one_item(rubric)
    if panel is not None and panel.by is not None and is_same:
        about: dict[str, Parameter] = {"by": panel.by}
        yield Finding(Kind.SETTING_WITHOUT_EFFECT, Place(("panel", "by")), about, "by")
    if panel is not None and panel.by is None and not is_same:
        example = next(_panel_examples(rubric, panel), None)
        variant = "plain" if example is None else ""
        yield Finding(Kind.PANEL_READING, Place(("panel",), "key"), example or {}, variant)


def _is_one_item(rubric: Rubric) -> bool:
    """True where the total of every unit is the points of the one item that it has."""
    bounded = any(section.pool or section.capped for section in rubric.all_sections)
    numbers = (
        sum(len(section.items_of(same_name_key(unit))) for section in rubric.all_sections)
        for unit in rubric.known_units or ("",)
    )
    return not bounded and all(number == 1 for number in numbers)


_MORE_SEATS = 3
"""How many more assessors than the fewest are tried for an example."""


def _panel_examples(rubric: Rubric, panel: "Panel") -> Iterator[dict[str, Parameter]]:
    """Figures of both readings: of two judged items of a unit, where these differ.

    Some assessors give nothing for the one item, and as many nothing for the other; where nothing
    is left out, one gives some grains for both.
    """
    unit_key = same_name_key((*rubric.known_units, "")[0])
    pair = next(pairwise(_judged_items(rubric.sections, unit_key)), None)
    if pair is None:  # one item alone does not show it
        return
    first, second = pair
    for number in range(panel.minimum, panel.minimum + _MORE_SEATS):
        cut = panel.cut(number)
        if 2 * cut >= number:
            return
        rows = [(first.max, Decimal(0))] * cut + [(Decimal(0), second.max)] * cut
        rows += [(first.max, second.max)] * (number - len(rows))
        if not cut:
            rows = [(rubric.grain, rubric.grain)] + [(Decimal(0),) * 2] * (number - 1)
        by_item, by_total = (
            sum(_combined(panel, column, rubric.decimals) for column in columns)
            for columns in (zip(*rows, strict=True), [[sum(row, Decimal(0)) for row in rows]])
        )
        if by_item != by_total:
            yield {
                "items": (first.id, second.id),
                "number": number,
                "given": tuple("+".join(map(plain, row)) for row in rows),
                "by_item": by_item,
                "by_total": by_total,
            }


def _judged_items(sections: Iterable[Section], unit_key: str) -> Iterator[Item]:
    """The judged items of a unit in sections that are the sums of their parts."""
    for section in sections:
        if not (section.pool or section.capped):
            yield from (item for item in section.items_of(unit_key) if item.rule is None)
            yield from _judged_items(section.sections, unit_key)


def _combined(panel: "Panel", points: Iterable[Decimal], decimals: int) -> Decimal:
    ordered = sorted(points)
    cut = panel.cut(len(ordered))
    return mean(ordered[cut : len(ordered) - cut], decimals)
