"""Vetoes that follow from points: which of them hold, and what they make 0.

All conditions look at the points as they are before any of them makes something 0, the total with
its adjustments (decision: conditions-look-at-points-before-any-zero).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.model import Rubric, Section, exactly, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.not_applicable import points_left_out, rescaled_total
from epa_score.scoring.result import Met, Result, Vetoed

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Veto

_ZERO = Decimal(0)


def with_conditions(rubric: Rubric, result: Result) -> Result:
    """The result with the vetoes that follow from its points, and with what these make 0.

    While points are still to come, those vetoes alone hold that will hold whatever comes; what the
    result is at best and at worst says what the others can do. While it awaits the mean of other
    units it is as it was. (decision: open-conditions-hold-when-they-must)
    """
    if not rubric.conditions or result.awaiting:
        return result
    best, worst = result.at_best, result.at_worst
    if best is None and worst is None:
        return _apply(rubric, result, _holding(rubric, result))
    out_of = result.out_of
    at_best, at_worst = (way._replace(out_of=out_of) for way in (best or result, worst or result))
    of_best, of_worst = _holding(rubric, at_best), _holding(rubric, at_worst)
    sure = {vetoed.veto for vetoed in of_best} & {vetoed.veto for vetoed in of_worst}
    sure = {veto for veto in sure if _is_bounded(rubric, veto)}
    held = [vetoed for vetoed in _holding(rubric, result) if vetoed.veto in sure]
    now = _apply(rubric, result, held)
    least = _apply(rubric, at_worst, of_worst)
    falls = worst is not None or (least.section_points, least.total) != (
        now.section_points,
        now.total,
    )
    return now._replace(at_best=_apply(rubric, at_best, of_best), at_worst=least if falls else None)


def are_open(rubric: Rubric) -> bool:
    """True where nobody can say what a unit with unscored items may come to.

    A unit may be excluded, or have fewer points for more of them; and where totals of assessors are
    combined, a section or an item may come to anything.
    """
    return any(
        veto.effect == "exclude"
        or not _is_bounded(rubric, veto)
        or (veto.effect == "zero" and veto.when is not None and veto.when.below is None)
        for veto in rubric.conditions
    )


def _is_bounded(rubric: Rubric, veto: "Veto") -> bool:
    """True where points at best and at worst are bounds of those that a condition is about.

    Which sheets count for a total is open while points are missing, and with it what sections and
    items come to.
    """
    by_total = rubric.panel is not None and rubric.panel.by == "total"
    return not by_total or (veto.when is not None and veto.when.of == TOTAL)


def _holding(rubric: Rubric, result: Result) -> list[Vetoed]:
    found = ((veto, _met(rubric, result, veto)) for veto in rubric.conditions)
    return [Vetoed(veto, "", met) for veto, met in found if met is not None]


def _met(rubric: Rubric, result: Result, veto: "Veto") -> Met | None:
    """The figures by which a condition holds; ``None`` where it does not.

    Nothing holds of an item that does not apply to the unit, or that it is not assessed on, nor of
    a section of which nothing applies.
    """
    condition = veto.when
    threshold = condition.threshold if condition is not None else None
    figures = _figures(rubric, result, condition.of) if condition is not None else None
    if condition is None or threshold is None or figures is None:
        return None
    title, points, full = figures
    bound = threshold.of(full)
    holds = points < bound if condition.below is not None else points >= bound
    return Met(title, points, bound, full) if holds else None


def _figures(rubric: Rubric, result: Result, name: str) -> tuple[str, Decimal, Decimal] | None:
    """The title of a section, and the points and full marks of it, of the total, or of an item.

    ``None`` for an item that does not apply, whatever it counts then, and for a section of which
    nothing does.
    """
    if name == TOTAL:
        return "", result.total, rubric.total if result.out_of is None else result.out_of
    scope = rubric.scope(result.unit)
    sections = {section.id: section for section in rubric.all_sections}
    is_section = name in sections
    inside = scope.section_items[name] if scope is not None and is_section else (name,)
    if {entry.item for entry in result.inapplicable}.issuperset(inside):
        return None
    if is_section:
        full = _worth(rubric, result, sections[name])
        return sections[name].title, result.sections[name], full
    points = (result.item_points or {}).get(name, _ZERO if name in result.unscored else None)
    return None if scope is None or points is None else ("", points, scope.caps[name])


def _worth(rubric: Rubric, result: Result, section: Section) -> Decimal:
    """The points of full marks of a section, without the items that are left out of the total."""
    scope = rubric.scope(result.unit)
    inside = scope.section_items.get(section.id, ()) if scope is not None else ()
    treated = (entry for entry in result.inapplicable if entry.item in inside)
    with exactly():
        whole = section.worth(same_name_key(result.unit)) if rubric.accepted else section.max
        return whole - points_left_out(treated)


def _apply(rubric: Rubric, result: Result, held: Iterable[Vetoed]) -> Result:
    """The result with some vetoes in the order of the rubric, and with what they make 0."""
    held = list(held)
    if not held:
        return result
    order = {veto.id: number for number, veto in enumerate(rubric.veto)}
    vetoes = sorted((*result.vetoes, *held), key=lambda vetoed: order[vetoed.veto.id])
    zeroed = {vetoed.veto.zeroes for vetoed in held if vetoed.veto.zeroes is not None}
    now = result._replace(vetoes=tuple(vetoes))
    if not zeroed:
        return now
    points = {name: _ZERO if name in zeroed else own for name, own in result.sections.items()}
    with exactly():
        base = sum((points[section.id] for section in rubric.sections), _ZERO)
        base, _ = rescaled_total(base, result.inapplicable, rubric.decimals)
    now = now._replace(section_points=tuple(points.values()), total=base, unzeroed=result)
    if result.adjusted is not None:
        now = with_adjustments(
            now._replace(at_best=None, at_worst=None),
            result.adjusted.bonus,
            result.adjusted.penalty,
        )
    return now._replace(total=_ZERO) if TOTAL in zeroed else now
