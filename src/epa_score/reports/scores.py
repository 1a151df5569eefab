"""得分明细: unit by item, with the caps."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.reports.items import item_columns
from epa_score.reports.outline import total_column
from epa_score.reports.table import Cell, Column, Row, SumOf, Table, decimals_of
from epa_score.scoring import Ranking


def scores_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """The points of every item, units in the order of the ranking.

    An item that is not yet scored says so; one that a unit is not assessed on is empty.
    """
    results = [one.result for one in ranking.placings]
    used = [sheets[one.unit] for one in results]
    items = item_columns(rubric)
    columns = (
        Column("rank", words("report.rank"), "number", data=False),
        Column("unit", words("report.unit")),
        *(
            Column(one.name, one.item, "points", decimals_of(_points(one.item, used)), cap=one.cap)
            for one in items
        ),
        total_column(
            rubric, results, words, SumOf(tuple(one.name for one in items), rubric.decimals)
        ),
    )

    def rows() -> Iterator[Row]:
        for placing, sheet in zip(ranking.placings, used, strict=True):
            scope = rubric.scope(sheet.unit)
            homes = scope.homes if scope is not None else {}
            cells = [
                _cell(sheet, one.item, words) if homes.get(one.item) == one.section else None
                for one in items
            ]
            yield Row((placing.rank, sheet.unit, *cells, placing.result.total))

    title = words("report.scores_title", title=rubric.title)
    return Table("scores", title, columns, rows, (), rubric.id)


def _cell(sheet: ScoreSheet, item_id: str, words: Words) -> Cell:
    points = sheet.points.get(item_id)
    return words("report.unscored") if points is None else points


def _points(item_id: str, sheets: Sequence[ScoreSheet]) -> Iterator[Decimal]:
    for sheet in sheets:
        points = sheet.points.get(item_id)
        if points is not None:
            yield points
