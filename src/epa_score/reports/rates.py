"""得分率 and 分项分析: how much of each cap was reached, by unit and by item."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from epa_score.i18n import Words
from epa_score.model import Item, Rubric, Scope, ScoreSheet
from epa_score.reports.columns import rank_and_unit
from epa_score.reports.columns.not_applicable import (
    NOTHING,
    TOTAL,
    applicable_points,
    open_items_of,
    scored_points,
)
from epa_score.reports.columns.panel import totals_notes
from epa_score.reports.columns.pools import pool_notes
from epa_score.reports.columns.sections import (
    ItemColumn,
    all_items,
    full_marks,
    item_columns,
    items_with_units,
)
from epa_score.reports.sums import ShareOf
from epa_score.reports.table import Blocks, Cell, Column, Mean, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.scoring import Ranking
from epa_score.scoring.points import PointsByItem, points_of
from epa_score.values.rounding import WHOLE_PERCENT, mean, mean_rate, rate

PointCounts = dict[tuple[str, Item], Counter[Decimal]]
"""The number of units that have so many points in an item, by section id and item."""


def rates_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """Unit by item the share of the cap that was reached, units in the order of the ranking.

    An item that is not yet scored, that does not apply, or that a unit is not assessed on, is
    empty. The total rate is that of the base, without adjustments, measured by the points that the
    unit's base is out of.
    """
    items, whole = item_columns(rubric), full_marks(rubric)
    base = "total" if rubric.adjustments is None else "base"
    columns = (
        *rank_and_unit(words),
        *(
            Column(
                column.name,
                column.item,
                "rate",
                live=_live_share(column.name, column.cap),
                cap=column.cap,
                group=column.group(words),
            )
            for column in items
        ),
        Column(
            "total",
            words("report.total_rate"),
            "rate",
            live=_live_share(base, whole),
            cap=whole,
            is_emphasized=True,
        ),
    )

    @cache
    def share(points: Decimal, cap: Decimal) -> Decimal:
        return rate([points], cap)

    def item_rate(given: PointsByItem, scope: Scope, column: ItemColumn) -> Cell:
        points = given.get(column.item)
        if points is None or scope.homes.get(column.item) != column.section.id:
            return None
        return share(points, scope.caps[column.item])

    def rows() -> Iterator[Row]:
        for placing in ranking.placings:
            sheet = sheets[placing.result.unit]
            points = applicable_points(points_of(rubric, sheet, placing.result), sheet)
            scope = rubric.scope(sheet.unit)
            rates = [item_rate(points, scope, column) if scope else None for column in items]
            own = placing.result.out_of or rubric.total
            total = share(placing.result.base, own)
            fixed = NOTHING if own == whole else TOTAL
            yield Row((placing.rank, sheet.unit, *rates, total), fixed=fixed)

    means = tuple(_mean_rates(rubric, ranking, sheets, items))
    cells = (None, words("report.mean_rate"), *means)
    given = [sheets[placing.result.unit] for placing in ranking.placings]
    opened = {item for sheet in given for item in open_items_of(sheet)}
    fixed = frozenset(_fixed_columns(rubric, ranking, items, whole))
    fixed |= {column.name for column in items if column.item in opened}
    mean_row = Mean(cells, fixed) if ranking.placings else None
    return Table(
        "rates",
        title_of(rubric.title, "rates", ranking.period, words),
        columns,
        rows,
        notes=(
            words("report.rates_note"),
            *pool_notes(rubric, words),
            *totals_notes(rubric, words),
        ),
        group=rubric.id,
        mean=mean_row,
        has_caps_row=True,
        is_sortable=True,
    )


def _fixed_columns(
    rubric: Rubric, ranking: Ranking, items: Iterable[ItemColumn], whole: Decimal
) -> Iterator[str]:
    """The columns in which figures stand for items that do not apply, or that differ in caps."""
    results = [placing.result for placing in ranking.placings]
    treated = [entry for result in results if result.inapplicable for entry in result.inapplicable]
    given = {entry.item for entry in treated if entry.points is not None}
    yield from (column.name for column in items if column.item in given)
    if any((result.out_of or rubric.total) != whole for result in results):
        yield "total"


def _mean_rates(
    rubric: Rubric,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet],
    items: Iterable[ItemColumn],
) -> Iterator[Cell]:
    """The mean rate of each column of items, over the units that have points, and of the total."""
    counts = count_points(rubric, (sheets[placing.result.unit] for placing in ranking.placings))
    for column in items:
        own = {item for item in all_items(column.section) if item.id == column.item}
        yield mean_rate(
            (points, item.max, units)
            for item in own
            for points, units in counts.get((column.section.id, item), Counter()).items()
        )
    results = (placing.result for placing in ranking.placings)
    totals = Counter((result.base, result.out_of or rubric.total) for result in results)
    yield mean_rate((total, out_of, units) for (total, out_of), units in totals.items())


def _live_share(column: str, cap: Decimal | None) -> ShareOf | None:
    """A live rate, where all units have the same cap."""
    return ShareOf(column, cap, WHOLE_PERCENT) if cap is not None else None


def analysis_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """Each item with what the units reached in it, the lowest rate first.

    Items that all units have come before those of their own.
    """
    used = (sheets[placing.result.unit] for placing in ranking.placings)
    rows = sorted(_analysis_rows(rubric, used, words), key=_by_scope_and_rate)
    decimals = decimals_of(row.cells[5] for row in rows if isinstance(row.cells[5], Decimal))
    has_own = rubric.differs_by_unit
    columns = (
        Column("scope", words("report.scope"), shown=has_own, data=False),
        Column("item", words("report.item")),
        Column("duty_units", words("report.units"), shown=has_own),
        Column("text", words("report.text"), "long text"),
        Column("cap", words("report.cap"), "points"),
        Column("mean", words("report.mean"), "points", decimals),
        Column("rate", words("report.rate"), "rate"),
        Column("full", words("report.full_marks"), "number"),
        Column("zero", words("report.zero"), "number"),
        Column("units", words("report.scored_units"), "number"),
    )
    return Table(
        "analysis",
        title_of(rubric.title, "analysis", ranking.period, words),
        columns,
        lambda: rows,
        notes=(words("report.analysis_note_own" if has_own else "report.analysis_note"),),
        group=rubric.id,
        scale="bars",
        blocks=Blocks("scope") if has_own else None,
    )


def _by_scope_and_rate(row: Row) -> tuple[bool, Cell]:
    """The place of a row of 分项分析: its own units are no one's but theirs, then its rate."""
    return row.cells[2] is not None, row.cells[6]


def _analysis_rows(rubric: Rubric, sheets: Iterable[ScoreSheet], words: Words) -> Iterator[Row]:
    """A row for every wording: departments have items of one number and different duties."""
    counts = count_points(rubric, sheets)
    for section in rubric.all_sections:
        units: dict[Item, tuple[str, ...]] = {}
        for item, own in items_with_units(section):
            units[item] = units.get(item, ()) + own
        for item, own in units.items():
            known = [*counts.get((section.id, item), Counter()).elements()]
            if not known:
                continue
            average = mean(known, rubric.decimals)
            share = rate(known, item.max)
            full = count_full_marks(counts[section.id, item], item.max)
            zero = known.count(Decimal(0))
            whose = words("list.separator").join(own) or None
            scope = words("report.scope_own" if own else "report.scope_common")
            figures = (item.max, average, share, full, zero, len(known))
            yield Row((scope, item.id, whose, item.text, *figures), live=False)


def count_full_marks(counts: Mapping[Decimal, int], cap: Decimal) -> int:
    """How many units have full marks in an item, or more than those by a rule that gives more."""
    return sum(units for points, units in counts.items() if points >= cap)


def count_points(rubric: Rubric, sheets: Iterable[ScoreSheet]) -> PointCounts:
    """Count the units that have so many points in an item of a section."""
    found: PointCounts = {}
    for sheet in sheets:
        scope, given = rubric.scope(sheet.unit), scored_points(points_of(rubric, sheet), sheet)
        homes = scope.homes if scope is not None else {}
        for item in scope.items.values() if scope is not None else ():
            points = given.get(item.id)
            if points is not None:
                found.setdefault((homes[item.id], item), Counter())[points] += 1
    return found
