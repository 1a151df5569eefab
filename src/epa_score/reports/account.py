"""The lines of an account and their table: what adds up to a total, of a rubric or of a whole."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import exactly
from epa_score.reports.self_scores import difference_of
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.scoring import Result
from epa_score.scoring.result import Adjusted

_ZERO = Decimal(0)

LineKind = Literal[
    "item",
    "own_items",
    "component",
    "adjustment",
    "rescaled",
    "combined",
    "pool",
    "at_least",
    "at_most",
    "zeroed",
    "rounded",
    "subtotal",
    "base",
    "bonus",
    "penalty",
    "total",
    "source",
    "veto",
]
"""What a line is about. From ``rescaled`` to ``rounded`` they are what is no mere sum."""

LineKey = tuple[object, ...]
"""Tells which lines of two accounts are about the same."""


class AccountLine(NamedTuple):
    """A line of an account before it has cells; all amounts are points."""

    kind: LineKind
    key: LineKey
    label: str
    """Its number, or its name where it has no ``text``."""
    score: Cell = None
    """The points, or why there are none; what is taken from a total is below 0."""
    counted: Decimal | None = None
    """The points that it adds to the total, which those of all lines add up to.

    ``None`` in sums of other lines, and in what has no points.
    """
    text: str | None = None
    cap: Decimal | None = None
    lost: Decimal | None = None
    reason: str | None = None
    period: str | None = None
    """The period that it is about, where that is not the one of the result."""
    self_score: Decimal | None = None
    """The points that the unit gave itself, which add nothing."""
    assessor: str | None = None
    """Who gave the points, where assessors have items of their own."""
    section: str = ""
    """The id of the section, or the name of the source, that it is in."""


def table_of_account(
    rubric: str,
    result: Result,
    lines: Sequence[AccountLine],
    words: Words,
    *,
    weighted: bool = False,
) -> Table:
    """The lines of an account as a table; programs get the same columns for every unit.

    ``weighted`` points count otherwise than they are: people see both, and the periods.
    """
    rows = [Row((rubric, result.unit, *_account_cells(line, result))) for line in lines]
    has_own = any(line.self_score is not None for line in lines)
    has_assessors = any(line.assessor is not None for line in lines)
    columns = (
        Column("rubric", words("report.rubric"), shown=False),
        Column("unit", words("report.unit"), shown=False),
        Column("kind", words("report.kind"), shown=False),
        Column("line", words("report.source"), shown=weighted),
        Column("period", words("report.period"), shown=weighted, priority=2),
        Column("text", words("report.text"), shown=False),
        *wording_columns(words, shown=not weighted),
        points_column("max", words("report.cap"), rows, 8),
        points_column("score", words("report.score"), rows, 9),
        points_column("self_score", words("report.self_score"), rows, 10)._replace(shown=has_own),
        points_column("self_difference", words("report.self_difference"), rows, 11)._replace(
            kind="difference", shown=has_own
        ),
        points_column("lost", words("report.lost"), rows, 12)._replace(
            priority=2, shown=not weighted
        ),
        points_column("counted", words("report.counted"), rows, 13)._replace(shown=weighted),
        Column("assessor", words("report.by_assessor"), priority=2, shown=has_assessors),
        Column("reason", words("report.reason"), "long text", priority=1),
    )
    title = words("report.account_title", unit=result.unit)
    return Table("account", title, columns, lambda: rows, group=rubric)


def _account_cells(line: AccountLine, result: Result) -> tuple[Cell, ...]:
    """The cells of a line from its kind on."""
    return (
        line.kind,
        line.label,
        line.period or result.period,
        line.text,
        *wording_cells(line),
        line.cap,
        line.score,
        line.self_score,
        difference_of(line.self_score, line.score),
        line.lost,
        line.counted,
        line.assessor,
        line.reason or None,
    )


def wording_columns(words: Words, *, shown: bool) -> tuple[Column, Column]:
    """The columns in which people read what a line is about: its number, if any, and its words."""
    return (
        Column("number", words("report.item"), shown=shown, data=False),
        Column("wording", words("report.text"), "long text", shown=shown, data=False),
    )


def wording_cells(line: AccountLine) -> tuple[Cell, Cell]:
    """The cells of these columns: a name stands where others have their text."""
    return (None, line.label) if line.text is None else (line.label, line.text)


def points_column(name: str, title: str, rows: Sequence[Row], place: int) -> Column:
    """A column of points with the decimals that its cells need, which are at a ``place``."""
    decimals = decimals_of(cell for row in rows if isinstance(cell := row.cells[place], Decimal))
    return Column(name, title, "points", decimals)


def correction(kind: LineKind, whole: LineKey, points: Decimal, label: str) -> AccountLine:
    """A line of points that a sum has beside those of its parts."""
    return AccountLine(kind, (kind, *whole), label, points, points)


def sum_line(
    kind: LineKind, key: LineKey, label: str, cap: Decimal, points: Decimal
) -> AccountLine:
    """A line of a sum with its full marks, and what is lost of them."""
    return AccountLine(kind, key, label, points, cap=cap, lost=lost_points(cap, points))


def limit_line(
    whole: LineKey, bound: Decimal, points: Decimal, words: Words
) -> Iterator[AccountLine]:
    """A line of the points that a limit gives or takes, if it does: the sum is at its ``bound``."""
    if points:
        kind: LineKind = "at_least" if points > 0 else "at_most"
        yield correction(kind, whole, points, words(f"working.{kind}", bound=plain(bound)))


def closing_lines(
    total: Decimal, adjusted: Adjusted, words: Words, reason: str | None = None
) -> Iterator[AccountLine]:
    """The total of a base with adjustments, and what holds it at 0."""
    with exactly():
        held = total - (adjusted.base + adjusted.bonus - adjusted.penalty)
    yield from limit_line(("total",), total, held, words)
    yield AccountLine("total", ("total",), words("report.whole"), total, reason=reason)


def lost_points(cap: Decimal, points: Decimal | None) -> Decimal | None:
    """The points that are missing; nothing where none are, or while nobody gave any."""
    if points is None or points >= cap:
        return None
    with exactly():
        return cap - points
