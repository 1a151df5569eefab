"""与上期比较: how ranks and totals moved since an earlier result, and by which items."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.i18n import Words, plain
from epa_score.reports.table import Cell, Column, Row, SlopeLine, Slopes, Table, decimals_of
from epa_score.reports.titles import of_unit_group, title_of
from epa_score.scoring.moves import ItemMove, Moves, Obstacle, UnitMove, treated_otherwise
from epa_score.scoring.snapshot import ItemTerms, Snapshot, UnitSnapshot

MOST_SLOPED = 40
"""Up to so many units there is a picture: more do not fit a page."""

_MOST_ITEMS = 3
"""The items that are named beside a unit."""

_YEAR = re.compile(r"[0-9]{4}")
_IN_YEAR = re.compile(r"[0-9]{4}(?![0-9])")


class Sides(NamedTuple):
    """What both results are called, as their periods have it."""

    old: str
    new: str
    last: str
    """The earlier one where the later one is what it is all about: 去年, or its period."""


def sides_of(old: Snapshot, new: Snapshot, words: Words) -> Sides:
    """The names of both: years and other periods where they differ, else earlier and later."""
    before, after = old.period, new.period
    if not before or not after or before == after:
        return Sides(words("moves.old"), words("moves.new"), words("moves.last"))
    years = [own for own in (before, after) if _YEAR.fullmatch(own)]
    old_name, new_name = (
        words("moves.year", year=own) if own in years else own for own in (before, after)
    )
    is_last_year = len(years) > 1 and int(after) - int(before) == 1
    return Sides(old_name, new_name, words("moves.last_year") if is_last_year else old_name)


def _are_reversed(old: Snapshot, new: Snapshot) -> bool:
    """True where the period of the earlier result is in a later year."""
    before, after = (_IN_YEAR.match(own.period or "") for own in (old, new))
    return before is not None and after is not None and int(before[0]) > int(after[0])


def moves_tables(moves: Moves, words: Words, group: str = "") -> list[Table]:
    """The table of the units, and that of items that are not what they were, if there are any."""
    tables = [moves_table(moves, words)]
    changes = _changed_items(moves)
    if changes:
        tables.append(_changes_table(moves, changes, words))
    return [of_unit_group(table, group, words) for table in tables] if group else tables


def moves_table(moves: Moves, words: Words) -> Table:
    """A row a unit: both ranks and totals, what moved, and why there is a difference or none."""
    reasons = [list(_reasons(move, words)) for move in moves.units]
    common = _reasons_of_all(moves, reasons)
    rows = [
        Row(
            tuple(_cells(move, moves, [text for text in own if text not in common], words)),
            live=False,
        )
        for move, own in zip(moves.units, reasons, strict=True)
    ]
    sides = sides_of(moves.old, moves.new, words)
    columns = _columns(rows, sides, words)
    items = [f"{kind}.{name}" for kind in _BY_ITEM for name in _item_names(moves)]
    columns += [Column(name, name, shown=False) for name in items]
    rows = [
        row._replace(cells=(*row.cells, *_item_cells(move, items)))
        for row, move in zip(rows, moves.units, strict=True)
    ]
    return Table(
        "moves",
        title_of(moves.new.title, "moves", moves.new.period, words),
        tuple(columns),
        rows.copy,
        notes=(*_notes(moves, sides, words), *common),
        group=moves.new.rubric,
        slopes=_slopes(moves, sides, words),
    )


def _reasons_of_all(moves: Moves, reasons: Sequence[Sequence[str]]) -> list[str]:
    """The reasons that go for every unit of both results: these are said once, as a note."""
    compared = [
        own
        for move, own in zip(moves.units, reasons, strict=True)
        if move.old is not None and move.new is not None and "absent" not in move.obstacles
    ]
    first = compared[0] if len(compared) > 1 else ()
    return [text for text in first if all(text in own for own in compared)]


def _cells(move: UnitMove, moves: Moves, reasons: Sequence[str], words: Words) -> Iterator[Cell]:
    old, new = move.old, move.new
    yield new and new.rank
    yield move.unit
    yield old and old.rank
    yield move_text(move, words)
    yield move.rise
    yield new and new.total
    yield old and old.total
    yield move.difference
    yield move.comparable
    yield items_text(move.greatest, words) or None
    yield words("working.separator").join(reasons) or None
    yield move.rest
    yield "both" if old and new else "new" if new else "gone"
    yield " ".join(move.obstacles) or None
    yield moves.old.period


def _columns(rows: Sequence[Row], sides: Sides, words: Words) -> list[Column]:
    has = {place: any(row.cells[place] is not None for row in rows) for place in range(7, 11)}

    def points(name: str, place: int, title: str, priority: int = 0) -> Column:
        cells = (row.cells[place] for row in rows)
        decimals = decimals_of(cell for cell in cells if isinstance(cell, Decimal))
        kind: Literal["difference", "points"] = "difference" if place in _DIFFERENCES else "points"
        return Column(name, title, kind, decimals, priority, shown=has.get(place, True))

    return [
        Column("rank", words("moves.rank", side=sides.new), "number"),
        Column("unit", words("report.unit"), is_heading=True),
        Column("old_rank", words("moves.rank", side=sides.old), "number", priority=3),
        Column("move", words("moves.move"), data=False),
        Column("rise", words("moves.rise"), "number", shown=False),
        points("total", 5, words("moves.total", side=sides.new), 1),
        points("old_total", 6, words("moves.total", side=sides.old), 4),
        points("difference", 7, words("moves.difference")),
        points("comparable", 8, words("moves.comparable")),
        Column(
            "by",
            words("moves.by"),
            "long text",
            priority=2,
            shown=has[9],
            data=False,
            below="unit",
        ),
        Column(
            "reason",
            words("moves.reason"),
            "long text",
            shown=has[10],
            data=False,
            below="unit",
        ),
        Column("rest", words("moves.by_rest"), "difference", shown=False),
        Column("state", words("status.state"), shown=False),
        Column("refused", words("moves.refused"), shown=False),
        Column("old_period", words("moves.old_period"), shown=False),
    ]


_DIFFERENCES = (7, 8)
"""The places of the columns of differences."""


def move_text(move: UnitMove, words: Words) -> str:
    """What became of a rank in a word: up, down, the same, new, gone, or not compared."""
    if move.old is None or move.new is None:
        return words("moves.unit_new" if move.old is None else "moves.unit_gone")
    if move.rise is None:
        return words("moves.unlike")
    way = "up" if move.rise > 0 else "down" if move.rise < 0 else "level"
    return words(f"moves.{way}", number=abs(move.rise))


def items_text(items: Sequence[ItemMove], words: Words) -> str:
    """The items with the greatest differences, each with its own."""
    parts = [
        _item_text(item.item, difference, words)
        for item in items[:_MOST_ITEMS]
        if (difference := item.difference) is not None
    ]
    more = words("list.more", number=len(items)) if len(items) > _MOST_ITEMS else ""
    return words("list.separator").join(parts) + more


def _item_text(item: str, difference: Decimal, words: Words) -> str:
    """An item with what it adds to the total more than before; of penalties in words.

    A sign beside 减分 would be read as that of the penalties themselves.
    """
    if item == "penalty":
        key = "penalty_less" if difference > 0 else "penalty_more"
        return words(f"moves.{key}", points=plain(abs(difference)))
    name = words("report.bonus") if item == "bonus" else item
    return words("moves.by_item", item=name, difference=_signed(difference))


def _signed(difference: Decimal) -> str:
    return f"+{plain(difference)}" if difference > 0 else plain(difference)


def _reasons(move: UnitMove, words: Words) -> Iterator[str]:
    """Why a difference is refused, as far as that is about this unit alone."""
    old, new = move.old, move.new
    for side, unit in (("old", old), ("new", new)):
        if unit is not None and unit.total is None:
            yield words(f"moves.absent_{side}")
        elif unit is not None and unit.rank is None:
            yield words(f"moves.unranked_{side}")
    if old is None or new is None:
        return
    if move.rest is not None:
        yield words("moves.rest", points=_signed(move.rest))
    for obstacle in move.obstacles:
        if obstacle in _OF_UNIT:
            yield words(f"moves.{obstacle}", **_about(obstacle, move.items, old, new, words))


_OF_UNIT: tuple[Obstacle, ...] = ("group", "items", "not_applicable", "treatment")
"""The obstacles that are about a unit alone, beside those that say themselves why."""


def _about(
    obstacle: Obstacle,
    items: Sequence[ItemMove],
    old: UnitSnapshot,
    new: UnitSnapshot,
    words: Words,
) -> dict[str, str]:
    """What an obstacle is about, as its words have it."""
    if obstacle == "items":
        return {"changes": _counts(items, words)}
    if obstacle == "treatment":
        return {"items": _few(treated_otherwise(old, new), words)}
    if obstacle == "group":
        sides, nothing = (old.group, new.group), "moves.no_group"
    else:
        listed = [words("list.separator").join(own.inapplicable) for own in (old, new)]
        sides, nothing = (listed[0], listed[1]), "moves.nothing"
    return {"old": sides[0] or words(nothing), "new": sides[1] or words(nothing)}


def _counts(items: Sequence[ItemMove], words: Words) -> str:
    parts = []
    for state in ("new", "changed", "dropped"):
        names = [item.item for item in items if item.state == state]
        if names:
            parts.append(words(f"moves.count_{state}", number=len(names), items=_few(names, words)))
    return words("list.separator").join(parts)


_MOST_NAMED = 6


def _few(names: Sequence[str], words: Words) -> str:
    more = words("list.more", number=len(names)) if len(names) > _MOST_NAMED else ""
    return words("list.separator").join(names[:_MOST_NAMED]) + more


_FOR_ALL: tuple[Obstacle, ...] = ("composite", "ties", "method")


def _notes(moves: Moves, sides: Sides, words: Words) -> Iterator[str]:
    old, new = moves.old, moves.new
    if _are_reversed(old, new):
        yield words("moves.note_reversed", old=sides.old, new=sides.new)
    yield words("moves.note", old=sides.old, new=sides.new)
    if not (old.is_composite or new.is_composite):
        yield words("moves.note_differences", old=sides.old, new=sides.new)
    if old.rubric != new.rubric:
        yield words("moves.note_rubrics", old=old.rubric, new=new.rubric)
    met = {obstacle for move in moves.units for obstacle in move.obstacles}
    yield from (words(f"moves.note_{obstacle}") for obstacle in _FOR_ALL if obstacle in met)
    if met & {"items", "method", "not_applicable", "treatment"}:
        yield words("moves.note_comparable")
    before, after = moves.ranked_in(old), moves.ranked_in(new)
    if before != after:
        yield words("moves.note_numbers", old=before, new=after)


_BY_ITEM = ("items", "old_items", "item_states")


def _item_names(moves: Moves) -> list[str]:
    return list(dict.fromkeys(item.item for move in moves.units for item in move.items))


def _item_cells(move: UnitMove, columns: Sequence[str]) -> Iterator[Cell]:
    found: dict[str, Cell] = {}
    for item in move.items:
        found[f"items.{item.item}"] = item.difference
        found[f"old_items.{item.item}"] = item.old_points
        found[f"item_states.{item.item}"] = None if item.state == "same" else item.state
    yield from (found.get(name) for name in columns)


def _slopes(moves: Moves, sides: Sides, words: Words) -> Slopes | None:
    """The picture of the ranks on both sides; units of one rank stand one below the other."""
    units = [own for own in moves.units if own.old and own.new and own.rise is not None]
    if not 1 < len(units) <= MOST_SLOPED:
        return None
    after = sorted(units, key=lambda own: (own.new and own.new.rank) or 0)
    before = sorted(after, key=lambda own: (own.old and own.old.rank) or 0)
    places = {id(own): place for place, own in enumerate(before)}
    lines = [
        SlopeLine(
            own.unit,
            (own.old and own.old.rank) or 0,
            (own.new and own.new.rank) or 0,
            places[id(own)],
            place,
        )
        for place, own in enumerate(after)
    ]
    about = words("moves.picture", old=sides.old, new=sides.new)
    return Slopes(about, sides.old, sides.new, tuple(lines))


# --- items ----------------------------------------------------------------------------------


class _Change(NamedTuple):
    item: str
    state: str
    old: ItemTerms | None
    new: ItemTerms | None


def _changed_items(moves: Moves) -> Mapping[_Change, list[str]]:
    """Every item that is not what it was, with the units that are scored on it."""
    found: dict[_Change, list[str]] = {}
    for move in moves.units:
        for item in move.items:
            if item.state != "same":
                change = _Change(item.item, item.state, item.old, item.new)
                found.setdefault(change, []).append(move.unit)
    return found


def _changes_table(moves: Moves, changes: Mapping[_Change, list[str]], words: Words) -> Table:
    number = sum(1 for move in moves.units if move.items)
    units = {change: own if len(own) < number else [] for change, own in changes.items()}
    caps = [terms.cap for change in changes for terms in (change.old, change.new) if terms]
    decimals = decimals_of(caps)
    sides = sides_of(moves.old, moves.new, words)
    rows = [
        Row(
            (
                change.item,
                words("list.separator").join(own) or None,
                change.state,
                words(f"moves.item_{_what(change)}"),
                change.old and change.old.cap,
                change.new and change.new.cap,
                change.old and change.old.text,
                change.new and change.new.text,
            ),
            live=False,
        )
        for change, own in units.items()
    ]
    has_units = any(units.values())
    columns = (
        Column("item", words("report.item"), is_heading=True),
        Column("units", words("report.units"), "long text", shown=has_units),
        Column("state", words("status.state"), shown=False),
        Column("what", words("status.state"), data=False),
        Column("old_max", words("moves.cap", side=sides.old), "points", decimals),
        Column("max", words("moves.cap", side=sides.new), "points", decimals),
        Column("old_text", words("moves.text", side=sides.old), "long text"),
        Column("text", words("moves.text", side=sides.new), "long text"),
    )
    title = title_of(moves.new.title, "item_changes", moves.new.period, words)
    return Table("item_changes", title, columns, rows.copy, group=moves.new.rubric)


def _what(change: _Change) -> str:
    """The state of an item; where its wording and its cap are the same, its rule has changed."""
    old, new = change.old, change.new
    is_rule = old is not None and new is not None and new._replace(rule=old.rule).is_like(old)
    return "changed_rule" if is_rule else change.state
