"""From the points of items to those of sections, pools and capped sections included."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from epa_score.model import Scope, Section
from epa_score.scoring.bound import Bound
from epa_score.scoring.not_applicable import Inapplicable
from epa_score.scoring.rules.capped import capped
from epa_score.scoring.rules.pool import pool
from epa_score.values.rounding import rounded

_ZERO = Decimal(0)


def bound_of(section: Section) -> Bound | None:
    """What a section makes of the sum of its parts; ``None`` where it is the sum alone."""
    if section.pool:
        return pool(section.max, (item.max for item in section.items), section.floor or _ZERO)
    return capped(section.max) if section.capped else None


def factors_of(scope: Scope, treated: Iterable[Inapplicable]) -> dict[str, Fraction]:
    """What the points of each section are multiplied by in which items are rescaled."""
    return {
        scope.homes[one.item]: Fraction(one.whole) / Fraction(one.left)
        for one in treated
        if one.treatment == "rescale"
    }


def section_points(
    sections: Iterable[Section],
    unit_key: str,
    points: Mapping[str, Decimal],
    factors: Mapping[str, Fraction],
    decimals: int,
) -> dict[str, Decimal]:
    """The points of every section at any depth for a unit, parents before their parts.

    What the items of a section with a factor come to is multiplied by it, and rounded once.
    """
    found: dict[str, Decimal] = {}
    for section in sections:
        found[section.id] = _ZERO
        inside = section_points(section.sections, unit_key, points, factors, decimals)
        own = sum((points[item.id] for item in section.items_of(unit_key)), _ZERO)
        if section.id in factors and own.is_finite():
            own = rounded(Fraction(own) * factors[section.id], decimals)
        whole = own + sum((inside[child.id] for child in section.sections), _ZERO)
        bound = bound_of(section)
        found[section.id] = whole if bound is None else bound.of(whole)
        found |= inside
    return found
