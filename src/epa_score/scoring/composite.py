"""From the totals of several sources to a composite result."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from epa_score.model import exactly
from epa_score.model.composite import Component, Composite, Totals, UnitTotals
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.result import Result
from epa_score.values.rounding import rounded


def source_figure(
    component: Component, totals: Sequence[Decimal], cap: Decimal, decimals: int
) -> Decimal:
    """The figure of a unit in a source as it is printed: the mean of its totals, converted.

    ``cap`` is what the totals are out of. One total that is not converted is its own figure; what
    is divided is rounded half up.
    """
    if len(totals) == 1 and component.full_marks(cap) == cap:
        return totals[0]
    return rounded(component.exact_figure(totals, cap), decimals)


def total_of_figures(composite: Composite, figures: Sequence[Decimal]) -> Decimal:
    """The whole of printed figures: by their weights, rounded once, half up; else their sum."""
    if not composite.is_weighted:
        with exactly():
            return sum(figures, Decimal(0))
    return rounded(_whole(composite, list(map(Fraction, figures))), composite.decimals)


def total_rounded_at_end(
    composite: Composite, totals: Sequence[Sequence[Decimal]], caps: Sequence[Decimal]
) -> Decimal:
    """The whole of unrounded figures, rounded once, half up.

    (decision: rounding-of-composites-is-chosen)
    """
    parts = zip(composite.sources, totals, caps, strict=True)
    figures = [component.exact_figure(own, cap) for component, own, cap in parts]
    return rounded(_whole(composite, figures), composite.decimals)


def _whole(composite: Composite, figures: Sequence[Fraction]) -> Fraction:
    pairs = zip(composite.sources, figures, strict=True)
    return sum((figure * component.share for component, figure in pairs), Fraction(0))


def composite_results(
    composite: Composite, totals: Totals, caps: Sequence[Decimal]
) -> Iterator[Result]:
    """The results of the units that every source has; their sections are the sources.

    Printed figures are what is added up, unless the total alone is rounded (decision:
    composite-adds-up-printed-figures). ``caps`` are the total points of the sources' rubrics.
    Adjustments that stand apart are added to the whole and taken from it, unweighted.
    """
    names = tuple(source.name for source in composite.sources)
    first, *others = (totals[name] for name in names)
    for key in first:
        if all(key in own for own in others):
            yield unit_result(composite, [totals[name][key] for name in names], caps)


def unit_result(composite: Composite, own: Sequence[UnitTotals], caps: Sequence[Decimal]) -> Result:
    """The result of a unit by its totals in every source."""
    totals = [tuple(each.totals.values()) for each in own]
    figures = tuple(
        source_figure(component, each, cap, composite.decimals)
        for component, each, cap in zip(composite.sources, totals, caps, strict=True)
    )
    if composite.rounding == "end":
        total = total_rounded_at_end(composite, totals, caps)
    else:
        total = total_of_figures(composite, figures)
    result = Result(
        rubric=composite.composite,
        unit=own[0].unit,
        period=None,
        section_ids=tuple(source.name for source in composite.sources),
        section_points=figures,
        total=total,
    )
    if composite.apart is None:
        return result
    beyond = own[composite.apart]
    return with_adjustments(result, beyond.bonus, beyond.penalty)
