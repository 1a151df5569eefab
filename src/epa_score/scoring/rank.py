"""Ranks on the published total, and what follows from them: bands, quotas and final figures."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from epa_score.model import Rubric, same_name_key
from epa_score.model.check_code import code_of_ranking
from epa_score.model.ranked import Ranked
from epa_score.scoring.conditions import are_open
from epa_score.scoring.peer_means import with_peer_means
from epa_score.scoring.result import Result
from epa_score.values.rounding import rounded

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Band


class Banded(NamedTuple):
    """The band that a unit is in, and the one it ``reached``, which may have no room for it."""

    name: str
    reached: str


def band_of(bands: Sequence["Band"], result: Result) -> int:
    """The number, from 0, of the first band whose threshold a total reaches.

    The last threshold is 0, so that there is one for every total. A veto that fails the unit makes
    it the last one, and one that bars it the second at best.
    """
    if "fail" in result.effects:
        return len(bands) - 1
    number = next(number for number, band in enumerate(bands) if result.total >= band.at_least)
    return max(number, 1) if "bar" in result.effects else number


def with_quotas(bands: Sequence["Band"], ranks: Sequence[int], numbers: Sequence[int]) -> list[int]:
    """The number of each unit's band within the quotas, from ``ranks``, best first, and bands.

    A quota is filled by rank. Units that share a rank stay together: where not all of them fit,
    none does, and nobody behind them either. Who does not fit is in the next band, which may have
    a quota itself. (decision: quotas-are-filled-by-rank)
    """
    found = list(numbers)
    for number, band in enumerate(bands):
        left = band.most
        if left is None:
            continue
        start = 0
        for _, equals in groupby(ranks):
            end = start + len(list(equals))
            here = [unit for unit in range(start, end) if found[unit] == number]
            left = left - len(here) if len(here) <= left else -1
            if left < 0:
                for unit in here:
                    found[unit] += 1
            start = end
    return found


Ties = Literal["competition", "dense"]
_Key = tuple[Decimal, ...]


class Placing(NamedTuple):
    """The rank of one unit, and what follows from it."""

    rank: int
    """Its rank, from 1."""
    tied: bool
    """True where another unit shares it (并列)."""
    result: Result
    """The points that gave it."""
    best: int
    """The best rank that the unit can still reach while items are unscored."""
    worst: int
    """The worst rank that it can still fall to."""
    band: Banded | None = None
    """Its band, where the rubric has bands and no item of any unit is unscored."""
    scaled: Decimal | None = None
    """Its total on the rubric's ``scale``, if that has one."""
    rank_points: Decimal | None = None
    """The points of its rank, where the rubric has ``rank_points``."""


class RankedResult(NamedTuple):
    """A result and its ``rank``, which one that a veto excludes has not."""

    rank: int | None
    result: Result


class Ranking(NamedTuple):
    """Units by rank, and the rules that gave it; without one those that a veto has ``excluded``."""

    placings: tuple[Placing, ...]
    """The units that have a rank, in its order."""
    ties: Ties
    """The rule for equal totals: 1, 2, 2, 4 (``competition``) or 1, 2, 2, 3 (``dense``)."""
    tie_break: tuple[str, ...]
    """The ids of the sections that were compared, in order, where totals are equal."""
    provisional: bool
    """True while items are unscored or sheets awaited."""
    excluded: tuple[Result, ...] = ()
    """The results of units that a veto keeps out of the ranks."""
    has_exact_reach: bool = True
    """False where the best and the worst ranks are bounds, which need not be reached."""
    code: str = ""
    """The code of all that it was made of (校验码)."""
    group: str = ""
    """The group of units that was ranked; empty where all units were."""

    @property
    def everybody(self) -> Iterator[RankedResult]:
        """Every result with its rank, the excluded ones last."""
        yield from (RankedResult(placing.rank, placing.result) for placing in self.placings)
        yield from (RankedResult(None, result) for result in self.excluded)

    @property
    def open_units(self) -> list[str]:
        """The units with unscored items; none where all that is missing is whole sheets."""
        return [result.unit for _, result in self.everybody if result.unscored]

    @property
    def units(self) -> Iterator[str]:
        """The units that have a rank, in its order."""
        return (placing.result.unit for placing in self.placings)

    @property
    def period(self) -> str | None:
        """The period that all results are of."""
        return next((result.period for _, result in self.everybody), None)


class Expected(NamedTuple):
    """The units that somebody expects in a ranking.

    The results of blank sheets stand for units whose sheets are awaited. They are not ranked, but
    the units may still come to stand above others. Where the rubric has groups, those of one
    ``group`` may be ranked by themselves.
    """

    units: Sequence[str] = ()
    blank_results: Sequence[Result] = ()
    group: str = ""


_ANYBODY = Expected()


def rank(
    rubric: Ranked,
    results: Iterable[Result],
    *,
    ties: Ties = "competition",
    provisional: bool = False,
    expected: Expected = _ANYBODY,
) -> Ranking:
    """Rank by total, then by the rubric's ``tie_break`` sections.

    Equal units share a rank: 1, 2, 2, 4, or 1, 2, 2, 3 under ``ties="dense"`` (decision:
    equal-totals-share-a-rank). Within a rank units stand in the order of those ``expected``, else
    of those in the rubric, else by name. Where sheets are awaited the ranking is provisional.
    Units that a veto excludes take no rank, and stand apart in the same order. Items that have the
    mean of the other units get it here.

    Where a group of the rubric is ``expected`` its units alone are ranked, though means of other
    units are those of all ``results`` (decision: means-of-other-units-go-beyond-the-group). Else
    units of all groups stand together, and have neither bands nor final figures.

    Raises `ValueError` for a group that there is not, for another rule of ``ties``, for results of
    other rubrics or periods, for a unit that comes twice, for unscored items unless
    ``provisional``, under a panel for the result of one sheet, and for a mean of units of which
    none has points.
    """
    if ties not in get_args(Ties):
        message = f"ties are {' or '.join(map(repr, get_args(Ties)))}, not {ties!r}"
        raise ValueError(message)
    results = list(results)
    _refuse_mixtures(rubric, results, provisional=provisional)
    awaited, group = expected.blank_results, expected.group
    if isinstance(rubric, Rubric) and rubric.takes_means:
        results = with_peer_means(rubric, results, awaited)
    if isinstance(rubric, Rubric) and (rubric.groups or rubric.grouped_by or group):
        rubric, results = _of_group(rubric, group, results)
        _, awaited = _of_group(rubric, group, awaited)
    units = expected.units or rubric.known_units
    order = {same_name_key(unit): index for index, unit in enumerate(units)}
    results.sort(key=lambda result: (order.get(same_name_key(result.unit), 0), result.unit))
    results.sort(key=lambda result: _key(rubric, result), reverse=True)
    code = code_of_ranking(rubric, ties, (result.code for result in results), group)
    open_items = bool(awaited) or any(result.unscored or result.at_worst for result in results)
    excluded = [result for result in results if result.vetoes and "exclude" in result.effects]
    if excluded:
        results = [result for result in results if "exclude" not in result.effects]
    if open_items and isinstance(rubric, Rubric) and are_open(rubric):
        message = f"conditions of rubric {rubric.id!r} leave open who is ranked, or how"
        raise ValueError(message)
    reach = _reach(rubric, results, awaited) if open_items else {}
    placings: list[Placing] = []
    place = distinct = 0
    for _, alike in groupby(results, key=lambda result: _key(rubric, result)):
        equals = list(alike)
        place, distinct = len(placings) + 1, distinct + 1
        shown = distinct if ties == "dense" else place
        tied = len(equals) > 1
        placings += [
            Placing(shown, tied, result, *reach.get(result.unit, (place, place)))
            for result in equals
        ]
    if rubric.bands and not open_items:
        placings = _with_bands(rubric, placings)
    if rubric.scale is not None or rubric.rank_points:
        placings = _with_final_figures(rubric, placings)
    return Ranking(
        tuple(placings),
        ties,
        rubric.tie_break,
        open_items,
        tuple(excluded),
        code=code,
        has_exact_reach=not any(_is_bounded_alone(rubric, result) for result in results),
        group=group,
    )


def _of_group(rubric: Rubric, group: str, results: Iterable[Result]) -> tuple[Rubric, list[Result]]:
    """The results of one group, or of all under the rubric as it goes for all."""
    if not rubric.groups and rubric.grouped_by is not None:
        message = f"the groups of rubric {rubric.id!r} stand in a roster"
        raise ValueError(message)
    if not group:
        return rubric.across_groups, list(results)
    if group not in dict(rubric.groups):
        message = f"rubric {rubric.id!r} has no group {group!r}"
        raise ValueError(message)
    return rubric, [result for result in results if rubric.group_of(result.unit) == group]


def _with_bands(rubric: Ranked, placings: Sequence[Placing]) -> list[Placing]:
    """The same placings with their bands, within the quotas."""
    names = [band.name for band in rubric.bands]
    reached = [band_of(rubric.bands, placing.result) for placing in placings]
    found = with_quotas(rubric.bands, [placing.rank for placing in placings], reached)
    return [
        placing._replace(band=Banded(names[own], names[before]))
        for placing, own, before in zip(placings, found, reached, strict=True)
    ]


def _with_final_figures(rubric: Ranked, placings: Sequence[Placing]) -> list[Placing]:

    best = max((placing.result.total for placing in placings), default=Decimal(0))
    return [
        placing._replace(
            scaled=scale_total(rubric, placing.result.total, best),
            rank_points=points_of_rank(rubric, placing.rank),
        )
        for placing in placings
    ]


def _reach(
    rubric: Ranked, results: Sequence[Result], awaited: Sequence[Result]
) -> dict[str, tuple[int, int]]:
    """The best and the worst competition rank that each unit can still have.

    At best it gets full marks and the others nothing more; at worst the other way round. The mean
    of others that a unit has for an item is then the highest or the lowest that it can become,
    which makes a bound of the rank: those others would have to be at their best and worst at once.
    Whom a veto may exclude of which nothing was said yet, may come to stand above nobody.
    """
    now = {result.unit: _key(rubric, result.at_worst or result) for result in results}
    full = {result.unit: _key(rubric, result.at_best or result) for result in results}
    to_come = (_key(rubric, result.at_best or result) for result in awaited)
    out = {veto.id for veto in rubric.veto if veto.effect == "exclude"}
    stay = [now[result.unit] for result in results if out.isdisjoint(result.owed)]
    low, high = sorted(stay), sorted((*full.values(), *to_come))
    reach: dict[str, tuple[int, int]] = {}
    for unit, key in now.items():
        best = 1 + len(low) - bisect_right(low, full[unit])
        above = len(high) - bisect_right(high, key)
        reach[unit] = best, 1 + above - (full[unit] > key)
    return reach


def _is_bounded_alone(rubric: Ranked, result: Result) -> bool:
    """True where it is only known within which points the result will be.

    Rules do not give every number of points, and the mean of other units rises with theirs.
    (decision: best-and-worst-ranks-may-be-bounds)
    """
    if result.at_worst is not None:
        return True
    scope = rubric.scope(result.unit) if isinstance(rubric, Rubric) and result.unscored else None
    return scope is not None and any(name in scope.rules for name in result.unscored)


def _key(rubric: Ranked, result: Result) -> _Key:
    if not rubric.tie_break:
        return (result.total,)
    sections = result.sections
    return (result.total, *(sections[name] for name in rubric.tie_break))


def _refuse_mixtures(rubric: Ranked, results: Sequence[Result], *, provisional: bool) -> None:
    seen: set[str] = set()
    periods = {result.period for result in results}
    if len(periods) > 1:
        message = f"results of several periods: {sorted(map(str, periods))}"
        raise ValueError(message)
    for result in results:
        key = same_name_key(result.unit)
        if result.rubric != rubric.id or key in seen:
            message = f"{result.unit!r} comes twice or is not scored by rubric {rubric.id!r}"
            raise ValueError(message)
        if isinstance(rubric, Rubric) and rubric.panel is not None and not result.assessors:
            message = f"{result.unit!r} has the result of one assessor, not of the panel"
            raise ValueError(message)
        if result.unscored and not provisional:
            message = f"{result.unit!r} has unscored items: {', '.join(result.unscored)}"
            raise ValueError(message)
        seen.add(key)


_ZERO = Decimal(0)


def scale_total(rubric: Ranked, total: Decimal, best: Decimal) -> Decimal | None:
    """A ``total`` in proportion to the ``best`` one, which becomes the points that ``scale`` names.

    It is rounded once, half up, to ``decimals``. Where the best total is 0, so is every figure
    (decision: ranks-follow-totals-not-the-scale). ``None`` where the rubric scales nothing.
    """
    if rubric.scale is None:
        return None
    if not best:
        return _ZERO
    return rounded(Fraction(total) * Fraction(rubric.scale.best) / Fraction(best), rubric.decimals)


def points_of_rank(rubric: Ranked, rank: int) -> Decimal | None:
    """The points that ``rank_points`` gives for a rank, 0 below the list; ``None`` without one.

    Units that share a rank have its points each (decision: tied-units-have-rank-points-each).
    """
    if not rubric.rank_points:
        return None
    return rubric.rank_points[rank - 1] if rank <= len(rubric.rank_points) else _ZERO
