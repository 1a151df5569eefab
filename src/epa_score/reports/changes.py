"""与上次结果的变化: what is not as it was in a result that was published before."""

from collections.abc import Sequence
from decimal import Decimal

from epa_score.i18n import Words
from epa_score.reports.moves import items_text
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.reports.titles import of_unit_group, parts_of_title, title_with_period
from epa_score.scoring.moves import Moves, UnitMove


def changes_table(moves: Moves, old: str, words: Words) -> Table:
    """A row a unit whose rank, total or items are not as in the result in the file ``old``."""
    changed = [move for move in moves.units if _has_changed(move)]
    decimals = decimals_of(_totals(changed))
    sep = words("list.separator")
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("old_rank", words("changes.old_rank"), "number"),
        Column("rank", words("changes.rank"), "number"),
        Column("old_total", words("changes.old_total"), "points", decimals=decimals),
        Column("total", words("changes.total"), "points", decimals=decimals),
        Column("by", words("changes.by"), "long text"),
    )
    rows = [
        Row(
            (
                move.unit,
                move.old and move.old.rank,
                move.new and move.new.rank,
                move.old and move.old.total,
                move.new and move.new.total,
                items_text(move.greatest, words) or sep.join(_other_items(move)) or None,
            ),
            live=False,
        )
        for move in changed
    ]
    note = words("changes.note" if rows else "changes.note_none", file=old)
    subject = parts_of_title(moves.new.title).subject
    title = words("changes.title", title=title_with_period(subject, moves.new.period, words))
    table = Table("changes", title, columns, rows.copy, notes=(note,))
    return of_unit_group(table, moves.group, words) if moves.group else table


def _has_changed(move: UnitMove) -> bool:
    old, new = move.old, move.new
    if old is None or new is None:
        return True
    is_same = (old.rank, old.total) == (new.rank, new.total)
    return not is_same or bool(move.greatest) or bool(_other_items(move))


def _other_items(move: UnitMove) -> list[str]:
    """The items whose points are others than before, or that apply in one result alone."""
    old, new = move.old, move.new
    if old is None or new is None or None in (old.total, new.total):
        return []
    names = dict.fromkeys((*old.points, *new.points, *old.inapplicable, *new.inapplicable))
    return [
        name
        for name in names
        if old.points.get(name) != new.points.get(name)
        or (name in old.inapplicable) != (name in new.inapplicable)
    ]


def _totals(moves: Sequence[UnitMove]) -> list[Decimal]:
    sides = [side for move in moves for side in (move.old, move.new)]
    return [side.total for side in sides if side is not None and side.total is not None]
