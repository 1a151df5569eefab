"""What moved from an earlier result to a later one: ranks, totals, and by which items.

A difference is a number only where both figures are about the same: of items those of one id, cap,
wording and rule, of totals those over the same items by the same method. Where they are not,
`Obstacle` says why there is none. (decision: differences-of-the-same-alone)
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.model import exactly, same_name_key
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot

Obstacle = Literal[
    "composite",
    "ties",
    "group",
    "method",
    "items",
    "not_applicable",
    "treatment",
    "unranked",
    "absent",
]
"""Why a difference of ranks or of totals is refused."""

ItemState = Literal["same", "new", "changed", "dropped"]
"""What became of an item: it is the same, was not there, says something else, or is gone."""


class ItemMove(NamedTuple):
    """What became of one item of a unit, or of its bonuses or penalties."""

    item: str
    state: ItemState
    old: ItemTerms | None = None
    new: ItemTerms | None = None
    old_points: Decimal | None = None
    """The points of the earlier result; ``None`` where there are none, or it did not apply."""
    difference: Decimal | None = None
    """What it adds to the total more than before; ``None`` unless it is the same and has points."""


class UnitMove(NamedTuple):
    """What became of one unit: it is in both results, or in one of them."""

    old: UnitSnapshot | None
    new: UnitSnapshot | None
    rise: int | None = None
    """How many ranks it is higher than before."""
    difference: Decimal | None = None
    """How many points its total is higher than before."""
    comparable: Decimal | None = None
    """The same over the items that are the same, where totals are not compared."""
    rest: Decimal | None = None
    """The points of a difference of totals that its items do not come to, if there are any.

    Limits, scaling, conditions for 0 points and totals of assessors change totals alone.
    """
    obstacles: tuple[Obstacle, ...] = ()
    items: tuple[ItemMove, ...] = ()
    """What became of its items: those of the later rubric in its order, then those dropped."""

    @property
    def unit(self) -> str:
        """The name of the unit, as the later result has it."""
        return (self.new or self.old or _NOBODY).unit

    @property
    def greatest(self) -> list[ItemMove]:
        """The items with a difference, the greatest first."""
        moved = [(item, abs(item.difference)) for item in self.items if item.difference]
        return [item for item, _ in sorted(moved, key=lambda pair: pair[1], reverse=True)]


_NOBODY = UnitSnapshot("")


class Pairs(NamedTuple):
    """The results of two sides that are compared, and those that have no other."""

    pairs: Sequence[tuple[Snapshot, Snapshot]]
    """The earlier and the later result of each."""
    old: Sequence[Snapshot]
    new: Sequence[Snapshot]


def pair_snapshots(old: Sequence[Snapshot], new: Sequence[Snapshot]) -> Pairs:
    """Tell which results belong together: by the rubric, or the title of a composite result.

    Where one is left on either side, they belong together if they have a unit in common: the id of
    a rubric may change with the year. A composite result is compared with such a one alone: ranks
    by one of its sources are about something else.
    """
    theirs = {_kind_of(snapshot): snapshot for snapshot in old}
    pairs = [(theirs.pop(_kind_of(own)), own) for own in new if _kind_of(own) in theirs]
    paired = {_kind_of(own) for _, own in pairs}
    before, after = list(theirs.values()), [own for own in new if _kind_of(own) not in paired]
    if len(before) == len(after) == 1 and _are_of_one_kind(before[0], after[0]):
        return Pairs([*pairs, (before[0], after[0])], (), ())
    return Pairs(pairs, before, after)


def _kind_of(snapshot: Snapshot) -> tuple[bool, str]:
    return snapshot.is_composite, snapshot.rubric


def _are_of_one_kind(old: Snapshot, new: Snapshot) -> bool:
    """True where both are by a rubric or both composite, with a unit in common."""
    units = _by_name(old).keys(), _by_name(new).keys()
    return old.is_composite == new.is_composite and not units[0].isdisjoint(units[1])


class Moves(NamedTuple):
    """What moved from an ``old`` result to a ``new`` one."""

    old: Snapshot
    new: Snapshot
    units: tuple[UnitMove, ...]
    """The units of the later result in its order, then those that are gone."""
    group: str | None = None
    """The group of units that it is about, if it is about one alone."""

    def ranked_in(self, snapshot: Snapshot) -> int:
        """How many units a result ranks of those that it is about."""
        ranked = [unit for unit in snapshot.units if unit.rank is not None]
        return sum(self.group is None or unit.group == self.group for unit in ranked)

    @property
    def by_unit(self) -> dict[str, UnitMove]:
        """The units by their `same_name_key`."""
        return {same_name_key(move.unit): move for move in self.units}


def moves_between(old: Snapshot, new: Snapshot, group: str | None = None) -> Moves:
    """What moved between two results; of one ``group`` of units where it is given.

    Units are the same where their names are. One that has changed its group is in the later one;
    those that are gone are in theirs, or in the first one where that is gone as well.
    Raises `ValueError` for a provisional result.
    """
    if old.is_provisional or new.is_provisional:
        message = "a provisional result is compared with nothing"
        raise ValueError(message)
    before, after = _by_name(old), _by_name(new)
    pairs = [(before.get(key), unit) for key, unit in after.items()]
    gone = [unit for key, unit in before.items() if key not in after]
    if group is not None:
        groups = list(dict.fromkeys(unit.group for unit in after.values()))
        homes = {name: name for name in groups}
        pairs = [pair for pair in pairs if pair[1].group == group]
        gone = [unit for unit in gone if homes.get(unit.group, groups[0]) == group]
    with exactly():
        units = [_unit_move(old, new, *pair) for pair in pairs]
    return Moves(old, new, (*units, *(UnitMove(unit, None) for unit in gone)), group)


def _by_name(snapshot: Snapshot) -> dict[str, UnitSnapshot]:
    """The units by their names; of one that is left out and ranked as well, what was ranked."""
    found: dict[str, UnitSnapshot] = {}
    for unit in snapshot.units:
        found.setdefault(same_name_key(unit.unit), unit)
    return found


def _unit_move(
    before: Snapshot, after: Snapshot, old: UnitSnapshot | None, new: UnitSnapshot
) -> UnitMove:
    if old is None:
        return UnitMove(old, new)
    if old.total is None or new.total is None:
        return UnitMove(old, new, obstacles=("absent",))
    is_one_method = before.method == after.method
    items = tuple(_item_moves(old, new, is_one_method=is_one_method))
    obstacles: list[Obstacle] = []
    rise = None
    if (before.ties, before.tie_break) != (after.ties, after.tie_break):
        obstacles.append("ties")
    elif old.group != new.group:
        obstacles.append("group")
    elif old.rank is None or new.rank is None:
        obstacles.append("unranked")
    else:
        rise = old.rank - new.rank
    if before.is_composite or after.is_composite:
        return UnitMove(old, new, rise, obstacles=(*obstacles, "composite"))
    own: dict[Obstacle, bool] = {
        "method": not is_one_method or any(_has_moved(item) for item in items),
        "items": any(item.state != "same" for item in items),
        "not_applicable": set(old.inapplicable) != set(new.inapplicable),
        "treatment": bool(treated_otherwise(old, new)),
    }
    against = tuple(name for name, is_so in own.items() if is_so)
    known = [item.difference for item in items if item.difference is not None]
    difference, added = new.total - old.total, sum(known, Decimal(0))
    return UnitMove(
        old,
        new,
        rise,
        difference=None if against else difference,
        comparable=added if against and known else None,
        rest=None if against or difference == added else difference - added,
        obstacles=(*obstacles, *against),
        items=items,
    )


def _has_moved(item: ItemMove) -> bool:
    """True for an item in another section, which may be capped, pooled, scaled or made 0."""
    old, new = item.old, item.new
    return old is not None and new is not None and old.section != new.section


def treated_otherwise(old: UnitSnapshot, new: UnitSnapshot) -> list[str]:
    """The items that apply to a unit in neither result, and count in another way in each."""
    both = (
        (name, old.terms.get(name), new.terms.get(name))
        for name in new.inapplicable
        if name in old.inapplicable
    )
    return [name for name, was, now in both if was and now and was.treatment != now.treatment]


def _item_moves(old: UnitSnapshot, new: UnitSnapshot, *, is_one_method: bool) -> Iterator[ItemMove]:
    for name, terms in new.terms.items():
        known = old.terms.get(name)
        was = old.points.get(name)
        if known is None:
            yield ItemMove(name, "new", None, terms)
        elif not known.is_like(terms):
            yield ItemMove(name, "changed", known, terms, was)
        else:
            yield ItemMove(name, "same", known, terms, was, _less(new.points.get(name), was))
    for name, terms in old.terms.items():
        if name not in new.terms:
            yield ItemMove(name, "dropped", terms, None, old.points.get(name))
    for way in ("bonus", "penalty") if is_one_method else ():
        was, now = _added(old, way), _added(new, way)
        if was is not None and now is not None:
            yield ItemMove(way, "same", None, None, was, now - was)


def _added(unit: UnitSnapshot, way: str) -> Decimal | None:
    """What all bonuses or all penalties add to a total: penalties are below 0."""
    points = unit.adjusted.get(way)
    return points if points is None or way == "bonus" else 0 - points


def _less(now: Decimal | None, was: Decimal | None) -> Decimal | None:
    return None if now is None or was is None else now - was
