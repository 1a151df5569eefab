"""得分构成 of a composite result: how the total of one unit came about from its sources."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model.composite import FULL_MARKS, Composite, UnitTotals
from epa_score.reports.composite import totals_by_period
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.scoring import Result


def composite_account_table(
    composite: Composite,
    result: Result,
    totals: Sequence[tuple[UnitTotals, Decimal]],
    words: Words,
    notes: tuple[str, ...] = (),
) -> Table:
    """Every total that a unit has in each source, the figure of the source, and the whole.

    ``totals`` are those of the sources in their order, each with the points that it is out of.
    """
    rows = list(_component_rows(composite, result, totals, words))
    points = [cell for row in rows for cell in row.cells[2:4] if isinstance(cell, Decimal)]
    columns = (
        Column("line", words("report.source")),
        Column("period", words("report.period"), priority=2),
        Column("max", words("report.cap"), "points", decimals_of(points)),
        Column("score", words("report.score"), "points", decimals_of(points)),
        Column("reason", words("report.reason"), "long text", priority=1),
    )
    title = words("report.account_title", unit=result.unit)
    return Table("account", title, columns, lambda: rows, notes, composite.composite)


def _component_rows(
    composite: Composite,
    result: Result,
    totals: Sequence[tuple[UnitTotals, Decimal]],
    words: Words,
) -> Iterator[Row]:
    for source, (own, cap) in zip(composite.sources, totals, strict=True):
        for period, total in totals_by_period(own):
            yield Row((source.name, period, cap, total, None))
        label = words("report.weighted", source=source.name, weight=plain(source.weight))
        figure = result.sections[source.name]
        yield Row((label, None, FULL_MARKS, figure, _converted(own, cap, figure, words)))
    terms = " + ".join(
        words("report.weighted", source=plain(figure), weight=plain(source.weight))
        for source, figure in zip(composite.sources, result.section_points, strict=True)
    )
    about = {"terms": terms, "decimals": composite.decimals, "result": plain(result.base)}
    label = words("report.whole" if result.adjusted is None else "report.base")
    yield Row((label, None, FULL_MARKS, result.base, words("report.account_weighted", **about)))
    if result.adjusted is not None:
        yield Row((words("report.bonus"), None, None, result.adjusted.bonus, None))
        yield Row((words("report.penalty"), None, None, result.adjusted.penalty, None))
        yield Row((words("report.whole"), None, None, result.total, None))


def _converted(own: UnitTotals, cap: Decimal, figure: Decimal, words: Words) -> str | None:
    """How the totals of a source became a figure out of 100; nothing where there was no need."""
    totals = [total for _, total in totals_by_period(own)]
    if len(totals) == 1 and cap == FULL_MARKS:
        return None
    about = {"number": len(totals), "cap": plain(cap), "result": plain(figure)}
    terms = " + ".join(map(plain, totals))
    key = "report.account_converted" if len(totals) == 1 else "report.account_mean"
    return words(key, terms=terms, **about)
