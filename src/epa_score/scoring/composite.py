"""From the totals of several sources to a composite result."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from epa_score.model import exactly
from epa_score.model.composite import FULL_MARKS, Composite, Totals
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.result import Result
from epa_score.values.rounding import rounded


def source_figure(totals: Sequence[Decimal], cap: Decimal, decimals: int) -> Decimal:
    """The mean of the ``totals`` of a unit out of ``cap`` points, as a figure out of 100.

    One total out of 100 is its own figure; what is divided is rounded once, half up.
    """
    if len(totals) == 1 and cap == FULL_MARKS:
        return totals[0]
    with exactly():
        added = Fraction(sum(totals, Decimal(0)))
    return rounded(added / len(totals) * Fraction(FULL_MARKS) / Fraction(cap), decimals)


def weighted_sum(figures: Sequence[Decimal], weights: Sequence[Decimal], decimals: int) -> Decimal:
    """The sum of figures by their weights in percent, rounded once, half up."""
    with exactly():
        added = sum(
            (figure * weight for figure, weight in zip(figures, weights, strict=True)), Decimal(0)
        )
    return rounded(Fraction(added) / Fraction(FULL_MARKS), decimals)


def composite_results(
    composite: Composite, totals: Totals, caps: Sequence[Decimal]
) -> Iterator[Result]:
    """The results of the units that every source has; their sections are the sources.

    The printed figures are what is added up (decision: composite-adds-up-printed-figures).
    ``caps`` are the total points of the sources' rubrics. Adjustments that stand apart are added
    to the weighted sum and taken from it, unweighted.
    """
    names = tuple(source.name for source in composite.sources)
    weights = [source.weight for source in composite.sources]
    first, *others = (totals[name] for name in names)
    for key, found in first.items():
        if not all(key in own for own in others):
            continue
        own = (tuple(totals[name][key].totals.values()) for name in names)
        figures = tuple(
            source_figure(each, cap, composite.decimals)
            for each, cap in zip(own, caps, strict=True)
        )
        total = weighted_sum(figures, weights, composite.decimals)
        result = Result(
            rubric=composite.composite,
            unit=found.unit,
            period=None,
            section_ids=names,
            section_points=figures,
            total=total,
        )
        if composite.apart is not None:
            beyond = totals[names[composite.apart]][key]
            result = with_adjustments(result, beyond.bonus, beyond.penalty)
        yield result
