"""What becomes of ranks where the weights of sections vary, or where a section is left out.

All of it is exact: weighted totals are compared as whole numbers and fractions.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from operator import sub
from typing import NamedTuple

from epa_score.model import Rubric, Section, exactly
from epa_score.scoring.adjustments import NOT_BELOW_ZERO
from epa_score.scoring.result import Result


class Figures(NamedTuple):
    """The figures of a unit as whole numbers of one size."""

    total: int
    sections: tuple[int, ...]
    ties: tuple[Decimal, ...]
    """The points of the sections that break ties."""


def widest_difference(figures: Sequence[Figures]) -> int:
    """What no two units differ by more than, all sections added up."""
    columns = zip(*(own.sections for own in figures), strict=True)
    return sum(max(column) - min(column) for column in columns)


def figures_of(rubric: Rubric, results: Sequence[Result]) -> list[Figures]:
    """The figures of some units, in grains of the last decimal that any of them has."""
    rows = []
    for result in results:
        own = result.sections
        rows.append((result.total, *(own[section.id] for section in rubric.sections)))
    size = Decimal(1).scaleb(-min((_exponent(points) for row in rows for points in row), default=0))
    return [
        Figures(
            int(total * size),
            tuple(int(points * size) for points in sections),
            tuple(result.sections[name] for name in rubric.tie_break),
        )
        for (total, *sections), result in zip(rows, results, strict=True)
    ]


def _exponent(points: Decimal) -> int:
    exponent = points.as_tuple().exponent
    return min(0, exponent) if isinstance(exponent, int) else 0


def _difference(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """The sum of what two units differ by, section by section."""
    return sum(map(abs, map(sub, one, other)))


def share_between(above: Figures, below: Figures) -> Fraction:
    """The share by which weights have to vary until two units have one total; 1 where none do.

    At that share those sections weigh less in which the unit above has more, and the others more.
    """
    gap, difference = above.total - below.total, _difference(above.sections, below.sections)
    return Fraction(gap, difference) if gap < difference else Fraction(1)


def firm_shares(figures: Sequence[Figures]) -> list[Fraction]:
    """The least share at which each unit comes level with any other; 1 where none does.

    Totals fall along the list. Beyond the gap at which even those who differ most would not come
    level sooner, nobody is looked at.
    """
    widest, number = widest_difference(figures), len(figures)
    least = [(1, 1)] * number
    seen = [number] * number

    def look_at(place: int, other: int) -> bool:
        """Look at a pair once; false where nobody beyond can come level sooner."""
        gap = abs(figures[place].total - figures[other].total)
        if gap * least[place][1] >= least[place][0] * widest:
            return False
        if other < place < seen[other]:
            return True
        difference = _difference(figures[place].sections, figures[other].sections)
        for one in (place, other):
            if gap * least[one][1] < least[one][0] * difference:
                least[one] = gap, difference
        return True

    for place in range(number):
        below = range(place + 1, number)
        seen[place] = next((other for other in below if not look_at(place, other)), number)
        all(look_at(place, other) for other in range(place - 1, -1, -1))
    return [Fraction(*share) for share in least]


def rank_bounds(figures: Sequence[Figures], share: Fraction) -> list[tuple[int, int]]:
    """The best and the worst rank of each unit, pair by pair.

    It cannot be better than behind all who are above it under all weights, nor worse than behind
    all who are above it under any. Each pair is exact; all of them need not come true at once.
    """
    widest, number, parts = widest_difference(figures), len(figures), share.denominator
    best, worst = [1] * number, [place + 1 for place in range(number)]
    beyond = [0] * (number + 1)
    for place, (total, sections, ties) in enumerate(figures):
        stop = number
        for other in range(place + 1, number):
            lower = figures[other]
            gap = (total - lower.total) * parts
            if gap > share.numerator * widest:
                stop = other
                break
            difference = _difference(sections, lower.sections)
            slack = gap - share.numerator * difference
            if slack > 0 or (not slack and ties > lower.ties):
                best[other] += 1
            if slack < 0 or (not slack and ties < lower.ties):
                worst[place] += 1
            if not gap and not difference and ties == lower.ties:
                worst[other] -= 1
        beyond[stop] += 1
    sure = 0
    for place in range(number):
        sure += beyond[place]
        best[place] += sure
    return list(zip(best, worst, strict=True))


def ranks_without(rubric: Rubric, results: Sequence[Result], left_out: Section) -> list[int]:
    """The rank of each unit by a rubric without one of its sections, in their order."""
    inside = {left_out.id}
    todo = list(left_out.sections)
    while todo:
        inside.add(todo[-1].id)
        todo += todo.pop().sections
    ties = [section for section in rubric.tie_break if section not in inside]
    keys = []
    for result in results:
        own = result.sections
        total = NOT_BELOW_ZERO.of(unlimited_total(result) - own[left_out.id])
        keys.append((total, *(own[section] for section in ties)))
    return ranks_by(keys)


def ranks_by(keys: Sequence[tuple[Decimal, ...]]) -> list[int]:
    """The rank of each unit by what is compared of it."""
    ranks: dict[tuple[Decimal, ...], int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), 1):
        ranks.setdefault(key, place)
    return [ranks[key] for key in keys]


def unlimited_total(result: Result) -> Decimal:
    """The total with its adjustments, also where that is below 0 points."""
    if result.adjusted is None:
        return result.total
    with exactly():
        return result.adjusted.base + result.adjusted.bonus - result.adjusted.penalty
