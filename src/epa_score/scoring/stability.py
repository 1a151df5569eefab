"""How firm each rank is: margins, the fewest points that swap units, weights, sections left out.

Everything is exact and nothing is drawn. What is not simple has no figure: `Scruple` says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, NamedTuple

from epa_score.model import Rubric, Scope, ScoreSheet, Section, exactly, same_name_key
from epa_score.model.composite import ComponentSection
from epa_score.scoring.points import factors_of, points_of
from epa_score.scoring.rank import Placing, Ranking
from epa_score.scoring.result import Result
from epa_score.scoring.section_weights import (
    Figures,
    figures_of,
    firm_shares,
    rank_bounds,
    ranks_without,
    share_between,
    unlimited_total,
)

MOST_PAIRED = 5000
"""Up to so many units every pair of them is looked at, which takes time by the square."""

STATED_SHARE = Decimal("0.05")
"""The share by which section weights vary unless somebody states another one."""

Scruple = Literal[
    "conditions",
    "panel_items",
    "panel_totals",
    "peer_mean",
    "rescaled",
    "held",
    "sources",
    "many",
]
"""Why figures are missing: ranks follow from more than points that are added up."""

_UNMOVED: tuple[Scruple, ...] = ("conditions", "panel_items", "panel_totals", "peer_mean")
_NO_SWAP: tuple[Scruple, ...] = (*_UNMOVED, "sources")
_NO_WEIGHTS: tuple[Scruple, ...] = ("conditions", "panel_totals", "rescaled", "held")


class Firmness(NamedTuple):
    """How firm the rank of one unit is; a figure that there is not is ``None``."""

    placing: Placing
    above: str | None = None
    """The unit above: of the next better rank the one that stands last."""
    margin_above: Decimal | None = None
    """The points that it is short of the total of the next better rank."""
    margin_below: Decimal | None = None
    """The points that it has more than the next worse rank."""
    swap: Decimal | None = None
    """The fewest points that have to change, of both units, before it ranks before the one above.

    ``None`` where caps leave no room for that.
    """
    raised: Decimal | None = None
    """The fewest points that it needs for that, if those of the other unit stay as they are."""
    weight_share: Fraction | None = None
    """The share by which all section weights have to vary until it has the total of ``above``.

    1 where no weights between 0 and 2 do it.
    """
    firm_share: Fraction | None = None
    """The share below which it keeps its order with every other unit, whatever the weights."""
    best: int | None = None
    """A bound: no weights within the stated share give it a better rank."""
    worst: int | None = None
    """A bound: no weights within the stated share give it a worse rank."""
    without: tuple[int, ...] = ()
    """Its rank where one section or source is left out, one by one."""
    raised_in: tuple[Decimal | None, ...] = ()
    """The fewest points that it needs in one source alone to rank before ``above``, one by one."""


class Stability(NamedTuple):
    """How firm the ranks of a ranking are, and why some figures are missing."""

    units: tuple[Firmness, ...]
    """The ranked units, in the order of the ranking."""
    scruples: tuple[Scruple, ...]
    sections: tuple[Section | ComponentSection, ...]
    """The sections or sources that are left out one by one; none where there is but one."""
    share: Decimal
    sources: tuple[ComponentSection, ...] = ()
    """The sources of a composite result, in each of which points are raised."""
    unmoved: tuple[ComponentSection, ...] = ()
    """The sources whose points do not move one by one."""

    @property
    def has_swaps(self) -> bool:
        """True where points are moved to find what swaps units."""
        return not set(self.scruples).intersection(_NO_SWAP)

    @property
    def has_weights(self) -> bool:
        """True where the total is what the sections add up to, so that these can be weighted."""
        return not set(self.scruples).intersection(_NO_WEIGHTS)


def stability(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    share: Decimal = STATED_SHARE,
) -> Stability:
    """How firm the ranks of a ranking are.

    The weight of each of the sections at the top is any number from 1 - ``share`` to 1 + ``share``,
    each by itself; adjustments have no weight. Raises `ValueError` for a provisional ranking, for a
    dense one, and for a share that is not between 0 and 1.
    """
    refuse_unfit(ranking, share)
    results = [placing.result for placing in ranking.placings]
    found = Stability((), _scruples(rubric, results), rubric.sections, share)
    units = with_neighbours(ranking.placings)
    with exactly():
        if found.has_swaps:
            units = _with_swaps(rubric, units, sheets)
        if found.has_weights:
            units = _with_weights(rubric, units, share)
    several = found.has_weights and len(rubric.sections) > 1
    sections = rubric.sections if several else ()
    return found._replace(units=tuple(units), sections=sections)


def refuse_unfit(ranking: Ranking, share: Decimal) -> None:
    """Raise `ValueError` for a ranking, or a share, that there is no stability for."""
    if ranking.provisional or ranking.ties == "dense" or not 0 < share < 1:
        message = "the ranks have to be final competition ranks, and the share between 0 and 1"
        raise ValueError(message)


def _scruples(rubric: Rubric, results: Sequence[Result]) -> tuple[Scruple, ...]:
    panel = rubric.panel
    treated = {one.treatment for result in results for one in result.inapplicable or ()}
    effects = {veto.effect for veto in rubric.conditions}
    holds: dict[Scruple, bool] = {
        "conditions": not effects.isdisjoint(("exclude", "zero")),
        "panel_items": panel is not None and panel.by != "total",
        "panel_totals": panel is not None and panel.by == "total",
        "peer_mean": rubric.takes_means,
        "rescaled": "rescale_total" in treated,
        "held": any(is_held(result) for result in results),
        "sources": False,
        "many": len(results) > MOST_PAIRED,
    }
    return tuple(name for name, is_so in holds.items() if is_so)


def is_held(result: Result) -> bool:
    """True where penalties are more than all that they are taken from."""
    return unlimited_total(result) < 0


def with_neighbours(placings: Sequence[Placing]) -> list[Firmness]:
    """Each unit with the margins to the ranks beside its own."""
    ranks = [list(equals) for _, equals in groupby(placings, key=lambda placing: placing.rank)]
    found: list[Firmness] = []
    with exactly():
        for number, equals in enumerate(ranks):
            total = equals[0].result.total
            higher = ranks[number - 1][-1].result if number else None
            lower = ranks[number + 1][0].result if number + 1 < len(ranks) else None
            found += [
                Firmness(
                    placing,
                    above=None if higher is None else higher.unit,
                    margin_above=None if higher is None else higher.total - total,
                    margin_below=None if lower is None else total - lower.total,
                )
                for placing in equals
            ]
    return found


# --- points -------------------------------------------------------------------------------------

_Ties = tuple[bool, ...]
"""Which of the sections that break ties an item stands in."""


class _Room(NamedTuple):
    """By how many grains the items of a unit may change, by the sections of ties they are in."""

    up: Mapping[_Ties, int]
    down: Mapping[_Ties, int]
    most_down: int
    """How many may be taken in all: no total falls below 0."""


_NO_ROOM = _Room({}, {}, 0)


class _Movable(NamedTuple):
    """An item each of whose points is one point of the total, and that a person judges."""

    item: str
    cap: Decimal
    section: str
    ties: _Ties


def _with_swaps(
    rubric: Rubric, units: Sequence[Firmness], sheets: Mapping[str, ScoreSheet]
) -> list[Firmness]:
    results = {unit.placing.result.unit: unit.placing.result for unit in units}
    scopes = {name: scope for name in results if (scope := rubric.scope(name)) is not None}
    shared = {id(scope): scope for scope in scopes.values()}
    movable = {key: _movable_items(rubric, scope) for key, scope in shared.items()}
    rooms = {
        name: _room(rubric, scope, movable[id(scope)], sheets[name], results[name])
        for name, scope in scopes.items()
    }
    found: list[Firmness] = []
    for unit in units:
        if unit.above is None:
            found.append(unit)
            continue
        own, above = unit.placing.result, results[unit.above]
        lead = [above.sections[name] - own.sections[name] for name in rubric.tie_break]
        gap, room = above.total - own.total, rooms[own.unit]
        swap = _fewest_points(rubric.grain, gap, lead, room, rooms[above.unit])
        raised = _fewest_points(rubric.grain, gap, lead, room, _NO_ROOM)
        found.append(unit._replace(swap=swap, raised=raised))
    return found


def _movable_items(rubric: Rubric, scope: Scope) -> list[_Movable]:
    bound: set[str] = set()

    def walk(section: Section, *, is_bound: bool) -> None:
        is_bound = is_bound or section.capped or section.pool is not None
        bound.update([section.id] if is_bound else [])
        for part in section.sections:
            walk(part, is_bound=is_bound)

    for section in rubric.sections:
        walk(section, is_bound=False)
    return [
        _Movable(
            name,
            cap,
            scope.homes[name],
            tuple(name in scope.section_items[section] for section in rubric.tie_break),
        )
        for name, cap in scope.caps.items()
        if name not in scope.rules and scope.homes[name] not in bound
    ]


def _room(
    rubric: Rubric, scope: Scope, movable: Sequence[_Movable], sheet: ScoreSheet, result: Result
) -> _Room:
    treated = result.inapplicable or ()
    if is_held(result) or any(one.treatment == "rescale_total" for one in treated):
        return _NO_ROOM
    out, scaled = {one.item for one in treated}, factors_of(scope, treated)
    points, grain = points_of(rubric, sheet, result), rubric.grain
    up: dict[_Ties, int] = {}
    down: dict[_Ties, int] = {}
    for item, cap, section, ties in movable:
        given = points.get(item)
        if given is not None and item not in out and section not in scaled:
            up[ties] = up.get(ties, 0) + int((cap - given) // grain)
            down[ties] = down.get(ties, 0) + int(given // grain)
    return _Room(up, down, int(result.total // grain))


def grains_to_raise(
    rubric: Rubric, results: Sequence[Result], sheets: Iterable[ScoreSheet]
) -> Mapping[str, int] | None:
    """The grains by which judged points can be raised in all sheets of a unit, by `same_name_key`.

    ``results`` are those of the ``sheets``, in their order. ``None`` where points do not move one
    by one.
    """
    if not set(_scruples(rubric, results)).isdisjoint(_UNMOVED):
        return None
    movable: dict[int, list[_Movable]] = {}
    found: dict[str, int] = {}
    scored = (
        (scope, result, sheet)
        for result, sheet in zip(results, sheets, strict=True)
        if (scope := rubric.scope(result.unit)) is not None
    )
    for scope, result, sheet in scored:
        key = same_name_key(result.unit)
        if id(scope) not in movable:
            movable[id(scope)] = _movable_items(rubric, scope)
        room = _room(rubric, scope, movable[id(scope)], sheet, result)
        found[key] = found.get(key, 0) + sum(room.up.values())
    return found


def _fewest_points(
    grain: Decimal, gap: Decimal, lead: Sequence[Decimal], own: _Room, above: _Room
) -> Decimal | None:
    """The fewest points that bring a unit before one that is a ``gap`` and a ``lead`` ahead.

    Each grain that changes closes the gap by one at most. With equal totals the sections that break
    ties are compared: most is gained in the first, then in the second, and so on, where grains go
    to the items of the first before others.
    """
    room = sum(own.up.values()) + min(sum(above.down.values()), above.most_down)
    needed, rest = divmod(gap, grain)
    grains = int(needed)
    if not rest and grains <= room and _breaks_tie(grain, grains, lead, own, above):
        return grains * grain
    return (grains + 1) * grain if grains < room else None


def _breaks_tie(
    grain: Decimal, grains: int, lead: Sequence[Decimal], own: _Room, above: _Room
) -> bool:
    """True where so many grains, which make totals equal, bring a unit before another one.

    No more of them than the other one has in all can be taken from it.
    """
    gained = [0] * len(lead)
    for ties in sorted({*own.up, *above.down}, reverse=True):
        raised = min(grains, own.up.get(ties, 0))
        lowered = min(grains - raised, above.down.get(ties, 0))
        grains -= raised + lowered
        for number, is_in in enumerate(ties):
            gained[number] += (raised + lowered) * is_in
    left = (grain * more - ahead for more, ahead in zip(gained, lead, strict=True))
    return next((ahead for ahead in left if ahead), Decimal(0)) > 0


def _with_weights(rubric: Rubric, units: Sequence[Firmness], share: Decimal) -> list[Firmness]:
    results = [unit.placing.result for unit in units]
    sections = rubric.sections if len(rubric.sections) > 1 else ()
    without = [ranks_without(rubric, results, section) for section in sections]
    return weigh(units, figures_of(rubric, results), without, share)


def weigh(
    units: Sequence[Firmness],
    figures: Sequence[Figures],
    without: Sequence[Sequence[int]],
    share: Decimal,
) -> list[Firmness]:
    """The units with what becomes of them under other weights of their ``figures``.

    ``without`` has the ranks of all units for each section that is left out.
    """
    places = {unit.placing.result.unit: place for place, unit in enumerate(units)}
    pairs = (None if unit.above is None else places[unit.above] for unit in units)
    shares = [
        None if above is None else share_between(figures[above], figures[place])
        for place, above in enumerate(pairs)
    ]
    found = [
        unit._replace(weight_share=own, without=tuple(ranks[place] for ranks in without))
        for place, (unit, own) in enumerate(zip(units, shares, strict=True))
    ]
    if len(units) > MOST_PAIRED:
        return found
    firm, bounds = firm_shares(figures), rank_bounds(figures, Fraction(share))
    return [
        unit._replace(firm_share=own, best=best, worst=worst)
        for unit, own, (best, worst) in zip(found, firm, bounds, strict=True)
    ]
