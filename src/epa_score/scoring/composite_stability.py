"""How firm the ranks of a composite result are: its sources take the place of sections.

A weight multiplies what a source counts in the whole; the published total changes by exactly that,
and is not rounded anew (decision: weights-of-sources-move-published-totals).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from epa_score.model import exactly, same_name_key
from epa_score.model.composite import Composite, RankedComposite, Totals, UnitTotals
from epa_score.scoring.composite import composite_results, unit_result
from epa_score.scoring.rank import Ranking
from epa_score.scoring.result import Result
from epa_score.scoring.section_weights import Figures, ranks_by
from epa_score.scoring.stability import (
    MOST_PAIRED,
    STATED_SHARE,
    Firmness,
    Scruple,
    Stability,
    is_held,
    refuse_unfit,
    weigh,
    with_neighbours,
)

RaisableGrains = Sequence[Mapping[str, int] | None]
"""The grains by which judged points of units can be raised, source by source."""


def composite_stability(
    ranked: RankedComposite,
    ranking: Ranking,
    totals: Totals,
    grains: RaisableGrains,
    share: Decimal = STATED_SHARE,
) -> Stability:
    """How firm the ranks of a composite result are.

    ``grains`` are those of `grains_to_raise`; ``ranked`` knows the rubrics of its sources. The
    weight of each source is multiplied by any number from 1 - ``share`` to 1 + ``share``, each by
    itself. Raises `ValueError` as `stability` does.
    """
    refuse_unfit(ranking, share)
    results = [placing.result for placing in ranking.placings]
    holds: dict[Scruple, bool] = {
        "held": any(map(is_held, results)),
        "sources": True,
        "many": len(results) > MOST_PAIRED,
    }
    scruples = tuple(name for name, is_so in holds.items() if is_so)
    sections = ranked.all_sections
    unmoved = tuple(s for s, own in zip(sections, grains, strict=True) if own is None)
    found = Stability((), scruples, sections, share, sections, unmoved)
    several = found.has_weights and len(sections) > 1
    units = with_neighbours(ranking.placings)
    with exactly():
        units = [
            unit._replace(raised_in=tuple(_raised_in(ranked, unit, totals, grains)))
            for unit in units
        ]
        if found.has_weights:
            figures = _figures(ranked, results, totals)
            names = [section.id for section in sections if several]
            without = [_ranks_without(ranked, results, totals, name) for name in names]
            units = weigh(units, figures, without, share)
    return found._replace(units=tuple(units), sections=sections if several else ())


def _totals_of(composite: Composite, totals: Totals, unit: str) -> list[UnitTotals]:
    return [totals[source.name][same_name_key(unit)] for source in composite.sources]


def _raised_in(
    ranked: RankedComposite, unit: Firmness, totals: Totals, grains: RaisableGrains
) -> Iterator[Decimal | None]:
    """The fewest points in each source that bring a unit before the one above, all else as it is.

    More points never lower a total, so that the least is found by halving.
    """
    composite, caps = ranked.composite, ranked.caps
    if unit.above is None:
        yield from [None] * len(composite.sources)
        return
    own = _totals_of(composite, totals, unit.placing.result.unit)
    above = unit_result(composite, _totals_of(composite, totals, unit.above), caps)

    def is_before(place: int, grain: Decimal, number: int) -> bool:
        raised = _with_points(own[place], grain * number)
        result = unit_result(composite, [*own[:place], raised, *own[place + 1 :]], caps)
        return _key(composite, result) > _key(composite, above)

    for place, (rubric, by_unit) in enumerate(zip(ranked.rubrics, grains, strict=True)):
        room = 0 if by_unit is None else by_unit.get(same_name_key(own[place].unit), 0)
        most = 1  # of many units few grains are enough: it is doubled until they are
        while most < room and not is_before(place, rubric.grain, most):
            most *= 2
        found = bisect_left(
            range(most // 2, min(most, room) + 1),
            True,  # noqa: FBT003 -- what is looked for
            key=lambda number: is_before(place, rubric.grain, number),
        )
        number = most // 2 + found
        yield rubric.grain * number if number <= room else None


def _with_points(own: UnitTotals, points: Decimal) -> UnitTotals:
    """The totals of a unit with more points in one of its sheets, whichever it is."""
    period, total = next(iter(own.totals.items()))
    return own._replace(totals={**own.totals, period: total + points})


def _key(composite: Composite, result: Result) -> tuple[Decimal, ...]:
    return (result.total, *(result.sections[name] for name in composite.tie_break))


def _figures(ranked: RankedComposite, results: Sequence[Result], totals: Totals) -> list[Figures]:
    """The published totals, and what each source counts in them, as whole numbers of one size."""
    composite = ranked.composite
    rows: list[tuple[Fraction, ...]] = []
    for result in results:
        own = [tuple(each.totals.values()) for each in _totals_of(composite, totals, result.unit)]
        parts = zip(composite.sources, own, ranked.caps, result.section_points, strict=True)
        rows.append(
            (
                Fraction(result.total),
                *(
                    component.share * component.exact_figure(points, cap)
                    if composite.rounding == "end"
                    else component.share * Fraction(figure)
                    for component, points, cap, figure in parts
                ),
            )
        )
    size = lcm(*(part.denominator for row in rows for part in row))
    return [
        Figures(
            int(total * size),
            tuple(int(part * size) for part in parts),
            _key(composite, result)[1:],
        )
        for (total, *parts), result in zip(rows, results, strict=True)
    ]


def _ranks_without(
    ranked: RankedComposite, results: Sequence[Result], totals: Totals, name: str
) -> list[int]:
    """The rank of each unit where a source is left out; the weights of the others stay."""
    composite = ranked.composite
    kept = [
        (source, cap)
        for source, cap in zip(composite.sources, ranked.caps, strict=True)
        if source.name != name
    ]
    left = composite.model_copy(
        update={
            "sources": tuple(source for source, _ in kept),
            "tie_break": tuple(other for other in composite.tie_break if other != name),
        }
    )
    caps = [cap for _, cap in kept]
    anew = {same_name_key(result.unit): result for result in composite_results(left, totals, caps)}
    return ranks_by([_key(left, anew[same_name_key(result.unit)]) for result in results])
