"""The bands of a rubric: names for every total that there can be, each of them once."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Rubric, Section, same_name_key


def bands_fall_to_zero(rubric: Rubric) -> Iterator[Finding]:
    """Each band begins below the one before it, and the last one at 0: every total has a band."""
    for number, (above, band) in enumerate(pairwise(rubric.bands), 1):
        if band.at_least >= above.at_least:
            about: dict[str, Parameter] = {"bound": band.at_least, "other": above.at_least}
            yield Finding(Kind.BANDS_UNSORTED, Place(("bands", number, "at_least")), about)
    if rubric.bands and rubric.bands[-1].at_least:
        last = len(rubric.bands) - 1
        about = {"bound": rubric.bands[-1].at_least, "name": rubric.bands[-1].name}
        yield Finding(Kind.BANDS_UNSORTED, Place(("bands", last, "at_least")), about, "bottom")


def band_names_are_unique(rubric: Rubric) -> Iterator[Finding]:
    """No two bands have one name."""
    seen: set[str] = set()
    for number, band in enumerate(rubric.bands):
        if same_name_key(band.name) in seen:
            place = Place(("bands", number, "name"))
            yield Finding(Kind.BAND_NAMED_TWICE, place, {"name": band.name})
        seen.add(same_name_key(band.name))


def last_band_takes_the_rest(rubric: Rubric) -> Iterator[Finding]:
    """The last band has no quota: there must be a band for everybody."""
    if rubric.bands and rubric.bands[-1].most is not None:
        place = Place(("bands", len(rubric.bands) - 1, "most"), "key")
        yield Finding(Kind.BAND_QUOTA, place, {"name": rubric.bands[-1].name}, "last")


def bands_are_reachable(rubric: Rubric) -> Iterator[Finding]:
    """The highest band begins at a total that some unit can have."""
    if not rubric.bands:
        return
    beyond = _most_bonus(rubric)
    if beyond is None or any(map(_may_scale_beyond, rubric.all_sections)):
        return
    reach = max(_highest_totals(rubric)) + beyond
    if rubric.bands[0].at_least > reach:
        about: dict[str, Parameter] = {
            "name": rubric.bands[0].name,
            "bound": rubric.bands[0].at_least,
            "most": reach,
        }
        yield Finding(Kind.BAND_UNREACHABLE, Place(("bands", 0, "at_least")), about)


def _highest_totals(rubric: Rubric) -> Iterator[Decimal]:
    """The most points that each unit can have; rules may give more than the caps of their items."""
    for unit in rubric.known_units or ("",):
        yield _most(rubric.sections, same_name_key(unit))


def _may_scale_beyond(section: Section) -> bool:
    """Whether items of a section may be scaled up of which one can have more than its cap."""
    lists = (section.items, *(own.items for own in section.per_unit))
    items = [item for items in lists for item in items]
    scaled = any(item.not_applicable == "rescale" for item in items)
    return scaled and any(item.rule and item.rule.most(item.max) > item.max for item in items)


def _most_bonus(rubric: Rubric) -> Decimal | None:
    """The most points that bonuses can add; ``None`` where there is no limit."""
    bonus = rubric.adjustments.bonus if rubric.adjustments is not None else None
    if bonus is None:
        return Decimal(0)
    limits = [item.max for item in bonus.items if item.max is not None]
    if len(limits) < len(bonus.items):
        return bonus.max
    added = sum(limits, Decimal(0))
    return added if bonus.max is None else min(bonus.max, added)


def _most(sections: Iterable[Section], unit_key: str) -> Decimal:
    most = Decimal(0)
    for section in sections:
        if section.pool or section.capped:
            most += section.max
            continue
        most += _most(section.sections, unit_key)
        for item in section.items_of(unit_key):
            most += item.max if item.rule is None else item.rule.most(item.max)
    return most
