"""From the points of items to those of sections, pools and capped sections included."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from epa_score.model import Section
from epa_score.scoring.bound import Bound
from epa_score.scoring.rules.capped import capped
from epa_score.scoring.rules.pool import pool

_ZERO = Decimal(0)


def bound_of(section: Section) -> Bound | None:
    """What a section makes of the sum of its parts; ``None`` where it is the sum alone."""
    if section.pool:
        return pool(section.max, (item.max for item in section.items), section.floor or _ZERO)
    return capped(section.max) if section.capped else None


def section_points(
    sections: Iterable[Section], unit_key: str, points: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """The points of every section at any depth for a unit, parents before their parts."""
    found: dict[str, Decimal] = {}
    for section in sections:
        found[section.id] = _ZERO
        inside = section_points(section.sections, unit_key, points)
        own = sum((points[item.id] for item in section.items_of(unit_key)), _ZERO)
        whole = own + sum((inside[child.id] for child in section.sections), _ZERO)
        bound = bound_of(section)
        found[section.id] = whole if bound is None else bound.of(whole)
        found |= inside
    return found
