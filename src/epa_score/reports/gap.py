"""与上一名的差别: what separates a unit from the one above it, in lines that add up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet, exactly
from epa_score.reports.account import (
    AccountLine,
    LineKey,
    points_column,
    wording_cells,
    wording_columns,
)
from epa_score.reports.breakdown import account_lines
from epa_score.reports.table import Cell, Column, Row, Table
from epa_score.scoring import Result

_ZERO = Decimal(0)


def gap_table(
    rubric: Rubric,
    results: tuple[Result, Result | None],
    sheets: Mapping[str, ScoreSheet],
    words: Words,
) -> Table:
    """The points of a unit beside those of the one above it, if any, where they differ.

    Items that only one of them is scored on are one line of their section.
    """
    accounts = [
        account_lines(rubric, result, sheets[result.unit], words)
        for result in filter(None, results)
    ]
    return table_of_gap(rubric.id, results, accounts, words)


def table_of_gap(
    rubric: str,
    results: tuple[Result, Result | None],
    accounts: Sequence[Sequence[AccountLine]],
    words: Words,
) -> Table:
    """The lines in which two accounts differ, and the total; nothing where nobody is above."""
    own, above = results
    rows = []
    if above is not None:
        names = rubric, own.period, own.unit, above.unit
        rows = [Row((*names, *cells)) for cells in _gap_cells(accounts[0], accounts[1], words)]
    has_texts = any(row.cells[6] for row in rows)
    columns = (
        Column("rubric", words("report.rubric"), shown=False),
        Column("period", words("report.period"), shown=False),
        Column("unit", words("report.unit"), shown=False),
        Column("unit_above", words("report.unit_above"), shown=False),
        Column("kind", words("report.kind"), shown=False),
        Column("line", words("report.item"), shown=not has_texts),
        Column("text", words("report.text"), shown=False),
        *wording_columns(words, shown=has_texts),
        points_column("own", own.unit, rows, 9),
        points_column("above", above.unit if above else "", rows, 10),
        points_column("difference", words("report.gap"), rows, 11)._replace(kind="difference"),
    )
    title = words("report.gap_title", unit=own.unit, above=above.unit if above else "")
    return Table("gap", title, columns, lambda: rows, group=rubric)


def _gap_cells(
    own: Sequence[AccountLine], above: Sequence[AccountLine], words: Words
) -> Iterator[tuple[Cell, ...]]:
    """The cells of each line that differs: sums do by their points, others by what counts."""
    mine = _without_own_items(own, above, words)
    theirs = _without_own_items(above, own, words)
    for key in _merge_keys(mine, theirs):
        line, other = mine.get(key), theirs.get(key)
        known = line or theirs[key]
        if known.kind in ("source", "veto"):
            continue
        with exactly():
            gap = _amount(line) - _amount(other)
        cells = [_ZERO if side is None else side.score for side in (line, other)]
        differs = gap or (str in map(type, cells) and cells[0] != cells[1])
        if differs or known.kind == "total":
            yield known.kind, known.label, known.text, *wording_cells(known), *cells, gap


def _amount(line: AccountLine | None) -> Decimal:
    """What a line comes to: what it counts, and in a sum the sum."""
    if line is None:
        return _ZERO
    if line.counted is not None:
        return line.counted
    return line.score if isinstance(line.score, Decimal) else _ZERO


def _without_own_items(
    lines: Iterable[AccountLine], others: Iterable[AccountLine], words: Words
) -> dict[LineKey, AccountLine]:
    """The lines by key; the items of a section that are not in the other account are one line.

    Subtotals of such items are left out.
    """
    known = {line.key for line in others}
    found: dict[LineKey, AccountLine] = {}
    for line in lines:
        if line.kind == "subtotal" and line.key not in known:
            continue
        if line.kind != "item" or line.key in known:
            found[line.key] = line
            continue
        key: LineKey = ("own_items", line.key[1])
        with exactly():
            points = _amount(found.get(key)) + _amount(line)
        found[key] = AccountLine("own_items", key, words("report.own_items"), points, points)
    return found


def _merge_keys(own: Iterable[LineKey], above: Iterable[LineKey]) -> list[LineKey]:
    """The keys of both accounts in their order; those of one alone follow what they followed."""
    merged = list(own)
    place = 0
    for key in above:
        if key in merged:
            place = merged.index(key) + 1
        else:
            merged.insert(place, key)
            place += 1
    return merged
