"""What the part of a unit says of an earlier result: its rank and total, and its points by item."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.reports.moves import move_text, sides_of
from epa_score.reports.table import Cell
from epa_score.scoring.moves import Moves, UnitMove
from epa_score.scoring.snapshot import UnitSnapshot


class Earlier(NamedTuple):
    """What the part of a unit says of the earlier result."""

    title: str
    """The title over its figures: 去年 or 上期."""
    standing: str
    """The rank and the total that the unit had, in a sentence."""
    items: Mapping[str, Cell]
    """The points of the items, or a word where they are not the same as now."""


def earlier_by_unit(moves: Moves | None, words: Words) -> dict[str, Earlier]:
    """What the earlier result says of each unit, by its `same_name_key`, where it says anything."""
    found = {} if moves is None else moves.by_unit
    return {
        key: _earlier_of(move, old, moves, words)
        for key, move in found.items()
        if moves is not None and move.new is not None
        for old in (move.old,)
        if old is not None and old.total is not None
    }


def _earlier_of(move: UnitMove, old: UnitSnapshot, moves: Moves, words: Words) -> Earlier:
    last = sides_of(moves.old, moves.new, words).last
    items: dict[str, Cell] = {}
    for item in move.items:
        if item.state in ("new", "changed"):
            items[item.item] = words(f"moves.item_{item.state}")
        elif item.item in old.inapplicable:
            items[item.item] = words("report.not_applicable")
        elif item.state == "same":
            items[item.item] = item.old_points
    key = "standing" if old.rank is not None else "standing_unranked"
    standing = words(f"moves.{key}", last=last, rank=old.rank, total=plain(old.total or Decimal(0)))
    if move.rise is not None:
        rise = move_text(move, words)
        standing = words("moves.standing_moved", standing=standing, move=rise)
    return Earlier(last, standing, items)
