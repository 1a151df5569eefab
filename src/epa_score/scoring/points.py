"""Points of items and sections: given by a person or worked out from facts, pooled and capped."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from epa_score.model import Rubric, Scope, ScoreSheet, Section, exactly
from epa_score.model.sheet import CombinedSheet
from epa_score.rules.rule import Case, Working
from epa_score.scoring.not_applicable import Inapplicable, inapplicable_of, treatment_of
from epa_score.scoring.result import Result
from epa_score.values.facts import read_facts
from epa_score.values.rounding import rounded

PointsByItem = Mapping[str, Decimal | None]
"""The points of a unit by item, ``None`` while there are none."""


def points_of(rubric: Rubric, sheet: ScoreSheet, result: Result | None = None) -> PointsByItem:
    """The points of the items that a sheet names, ``None`` while an item is unscored.

    This is what is added up, and so what every report shows. An item that does not apply has
    those that the rubric gives it, if any; a mean of other units is known from the ``result``
    of a ranking. A combined sheet has points alone. Raises `ValueError` for facts that do not fit
    their rule, for points in their place, and for an item that applies to all units.
    """
    scope = rubric.scope(sheet.unit)
    if scope is None or isinstance(sheet, CombinedSheet) or not (scope.rules or scope.treatments):
        return sheet.points
    found = dict(_workings(scope, sheet, result))
    return sheet.points | {
        name: None if working is None else working.points for name, working in found.items()
    }


def workings_of(
    rubric: Rubric, sheet: ScoreSheet, result: Result | None = None
) -> dict[str, Working]:
    """The workings of the items with a rule, as far as their facts are known.

    Items that do not apply have one as well. Raises `ValueError` as `points_of` does. Nothing of a
    combined sheet is worked out from facts.
    """
    scope = None if isinstance(sheet, CombinedSheet) else rubric.scope(sheet.unit)
    found = _workings(scope, sheet, result) if scope is not None else ()
    return {name: working for name, working in found if working is not None}


def _workings(
    scope: Scope, sheet: ScoreSheet, result: Result | None
) -> Iterator[tuple[str, Working | None]]:
    if scope.treatments:
        treated = inapplicable_of(scope, sheet) if result is None else result.inapplicable
        for inapplicable in treated:
            yield (
                inapplicable.item,
                treatment_of(inapplicable, sheet.inapplicable[inapplicable.item]),
            )
    for name, rule in scope.rules.items():
        given = sheet.score(name)
        if name not in sheet.scores or given.not_applicable is not None:
            continue
        facts, faults = read_facts(rule.facts, given.facts)
        for fault in faults:
            message = f"{sheet.unit!r}: {fault.fact.name} of item {name} does not fit"
            raise ValueError(message) from fault.error
        if given.score is not None and not rule.takes_points:
            message = f"{sheet.unit!r}: item {name} has points where its rule wants facts"
            raise ValueError(message)
        with exactly():
            case = Case(facts, scope.caps[name], scope.decimals, name in scope.least)
            yield name, rule.working(case)


class Bound(NamedTuple):
    """The sum and ``plus``, no less than ``least`` and no more than ``most``; all in points."""

    plus: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None

    def of(self, points: Decimal) -> Decimal:
        """The points of a section whose parts have ``points`` in all."""
        bounded = points + self.plus
        if self.least is not None:
            bounded = max(bounded, self.least)
        return bounded if self.most is None else min(bounded, self.most)


def pool_bound(cap: Decimal, caps: Iterable[Decimal], floor: Decimal) -> Bound:
    """The bound of a pool whose items have limits, from the sum of these to its points.

    Each item has lost its own cap less its points; the section has its cap less all that was
    lost, and no less than the floor. That is the sum of the items plus what the section's cap
    is above the sum of theirs.
    """
    return Bound(plus=cap - sum(caps, Decimal(0)), least=floor)


def capped_bound(cap: Decimal) -> Bound:
    """A section has the sum of its items, and no more than its cap; in points."""
    return Bound(most=cap)


_ZERO = Decimal(0)


def bound_of(section: Section) -> Bound | None:
    """The bound on the sum of a section's parts; ``None`` where it is the sum alone."""
    if section.pool == "section":
        return Bound(least=section.floor or _ZERO)
    if section.pool:
        return pool_bound(section.max, (item.max for item in section.items), section.floor or _ZERO)
    return capped_bound(section.max) if section.capped else None


def factors_of(scope: Scope, treated: Iterable[Inapplicable]) -> dict[str, Fraction]:
    """The factors of the sections in which items are rescaled, by the id of the section."""
    return {
        scope.homes[inapplicable.item]: Fraction(inapplicable.whole) / Fraction(inapplicable.left)
        for inapplicable in treated
        if inapplicable.treatment == "rescale"
    }


class SectionSum(NamedTuple):
    """The way from the parts of a section to its points, all of them in points.

    What its parts have is ``added`` up, ``scaled`` where items do not apply, ``pooled`` where all
    deduct from one pool, and the ``points`` are that within the limits of the section.
    """

    added: Decimal
    scaled: Decimal
    pooled: Decimal
    points: Decimal


def sum_section(
    section: Section, items: Decimal, inside: Decimal, factor: Fraction | None, decimals: int
) -> SectionSum:
    """The sum of a section whose ``items``, and the sections ``inside`` it, have so many points.

    What the items come to is multiplied by the ``factor`` if there is one, and rounded once.
    """
    added = scaled = items + inside
    if factor is not None and items.is_finite():
        scaled = rounded(Fraction(items) * factor, decimals) + inside
    bound = bound_of(section) or Bound()
    return SectionSum(added, scaled, scaled + bound.plus, bound.of(scaled))


def section_points(
    sections: Iterable[Section],
    unit_key: str,
    points: Mapping[str, Decimal],
    factors: Mapping[str, Fraction],
    decimals: int,
) -> dict[str, Decimal]:
    """The points of every section at any depth for a unit, parents before their parts."""
    found: dict[str, Decimal] = {}
    for section in sections:
        found[section.id] = _ZERO
        within = section_points(section.sections, unit_key, points, factors, decimals)
        items = sum((points[item.id] for item in section.items_of(unit_key)), _ZERO)
        inside = sum((within[child.id] for child in section.sections), _ZERO)
        factor = factors.get(section.id)
        found[section.id] = sum_section(section, items, inside, factor, decimals).points
        found |= within
        for part in section.parts_of(unit_key):
            found[part.id] = sum((points[item.id] for item in part.items), _ZERO)
    return found
