"""The mean of the other units, for items that do not apply to a unit under ``peer_mean``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from epa_score.model import Item, Rubric, Scope, exactly
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.conditions import with_conditions
from epa_score.scoring.owed import with_owed
from epa_score.scoring.result import Result
from epa_score.scoring.score import sum_points
from epa_score.values.rounding import mean

if TYPE_CHECKING:
    from epa_score.scoring.not_applicable import Inapplicable


class _Peers(NamedTuple):
    """The points that units have for an item, those of them that stay, and who may have others."""

    points: list[Decimal]
    sure: list[Decimal]
    open: list[str]


def with_peer_means(
    rubric: Rubric, results: Sequence[Result], awaited: Iterable[Result] = ()
) -> list[Result]:
    """The results with the means that they awaited.

    A mean is that of the units to which the very item applies and that have points for it, without
    those that a veto excludes, rounded once. While some of those have none yet, their sheets are
    ``awaited``, or a veto may still exclude them, the result says what it is ``at_best`` and
    ``at_worst``. Raises `ValueError` where no unit has points.
    """
    peers = _peers(rubric, (*results, *awaited))
    return [_fill_means(rubric, result, peers) if result.awaiting else result for result in results]


class LonelyItem(NamedTuple):
    """An item that is to have the mean of other units, of which none has points."""

    unit: str
    item: str


def without_peers(rubric: Rubric, results: Sequence[Result]) -> Iterator[LonelyItem]:
    """The items for which no other unit has points."""
    peers = _peers(rubric, results)
    for result in results:
        scope = _scope(rubric, result)
        for name in result.awaiting:
            if not peers[scope.items[name]].points:
                yield LonelyItem(result.unit, name)


def _peers(rubric: Rubric, results: Iterable[Result]) -> dict[Item, _Peers]:
    found: dict[Item, _Peers] = {}
    excluding = {veto.id for veto in rubric.veto if veto.effect == "exclude"}
    for result in results:
        scope, points = _scope(rubric, result), result.item_points or {}
        excepted = {inapplicable.item for inapplicable in result.inapplicable}
        for name, treatment in scope.treatments.items():
            if treatment != "peer_mean":
                continue
            known = found.setdefault(scope.items[name], _Peers([], [], []))
            if _is_excluded(result):
                continue
            if name in result.unscored:
                known.open.append(result.unit)
            elif name not in excepted:
                known.points.append(points[name])
                if excluding.isdisjoint(result.owed):
                    known.sure.append(points[name])
                else:
                    known.open.append(result.unit)
    return found


def _is_excluded(result: Result) -> bool:
    """True where a fact excludes a unit: conditions are looked at once the means are known.

    (decision: conditions-look-at-points-before-any-zero)
    """
    return any(vetoed.veto.effect == "exclude" and vetoed.met is None for vetoed in result.vetoes)


def _fill_means(rubric: Rubric, result: Result, peers: Mapping[Item, _Peers]) -> Result:
    scope = _scope(rubric, result)
    own = {name: peers[scope.items[name]] for name in result.awaiting}
    for name, known in own.items():
        if not known.points:
            message = f"{result.unit!r}: no other unit has points for item {name}"
            raise ValueError(message)

    def with_means(open_points: Mapping[str, Decimal] | None) -> Result:
        means: dict[str, Inapplicable] = {}
        for inapplicable in result.inapplicable:
            if inapplicable.item not in own:
                continue
            known = own[inapplicable.item]
            points = known.points
            if open_points is not None:
                points = known.sure + [open_points[inapplicable.item]] * len(known.open)
            average = mean(points, scope.decimals)
            means[inapplicable.item] = inapplicable._replace(
                points=average, peers=len(known.points)
            )
        treated = tuple(
            means.get(inapplicable.item, inapplicable) for inapplicable in result.inapplicable
        )
        given = {**(result.item_points or {})}
        with exactly():
            whole = sum_points(rubric, scope, result, given, treated)
        if result.adjusted is not None:
            whole = with_adjustments(whole, result.adjusted.bonus, result.adjusted.penalty)
        return whole._replace(
            out_of=result.out_of, vetoes=result.vetoes, code=result.code, owed=result.owed
        )

    now = with_means(None)
    if any(known.open for known in own.values()):
        best, worst = with_means(scope.most), with_means(dict.fromkeys(own, Decimal(0)))
        now = now._replace(at_best=best.at_best or best, at_worst=worst.at_worst or worst)
    return with_conditions(rubric, with_owed(rubric, now))


def _scope(rubric: Rubric, result: Result) -> Scope:
    scope = rubric.scope(result.unit)
    if scope is None:
        message = f"{result.unit!r} is not scored by rubric {rubric.id!r}"
        raise ValueError(message)
    return scope
