"""扣分明细: every lost point with its reason."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Item, Rubric, Score, ScoreSheet, exactly
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.scoring import Ranking


def deductions_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """One row for each item below its cap, units in the order of the ranking."""
    with exactly():
        lost = list(_lost(rubric, ranking, sheets))
    decimals = decimals_of(one.score for one in lost)
    columns = (
        Column("unit", words("report.unit")),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals),
        Column("score", words("report.score"), "points", decimals),
        Column("lost", words("report.lost"), "points", decimals),
        Column("note", words("report.note"), "long text"),
        Column("evidence", words("report.evidence"), "long text"),
    )

    def rows() -> Iterator[Row]:
        for one in lost:
            item, given = one.item, one.given
            evidence = words("list.separator").join(given.evidence) or None
            texts = given.note, evidence
            yield Row((one.unit, item.id, item.text, item.max, one.score, one.points, *texts))

    title = words("report.deductions_title", title=rubric.title)
    return Table("deductions", title, columns, rows, (), rubric.id)


class _Loss(NamedTuple):
    """An item with fewer points than its cap."""

    unit: str
    item: Item
    given: Score
    score: Decimal
    points: Decimal


def _lost(rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]) -> Iterator[_Loss]:
    """Every loss; an item that is not yet scored has lost nothing so far."""
    for placing in ranking.placings:
        sheet = sheets[placing.result.unit]
        scope = rubric.scope(sheet.unit)
        for item in scope.items.values() if scope is not None else ():
            points = sheet.points.get(item.id)
            if points is not None and points != item.max:
                given = sheet.score(item.id)
                yield _Loss(sheet.unit, item, given, points, item.max - points)
