"""得分明细: unit by item, with the caps."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.reports.columns.adjustments import adjustment_cells, adjustment_columns
from epa_score.reports.columns.not_applicable import NOTHING, WHOLE, absent_text, rescaled_sections
from epa_score.reports.columns.sections import item_names, total_column
from epa_score.reports.items import item_columns
from epa_score.reports.sums import sum_of_sections, sum_of_total
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.scoring import Ranking, Result
from epa_score.scoring.points import Points, points_of

if TYPE_CHECKING:
    from decimal import Decimal


def scores_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """The points of every item, units in the order of the ranking.

    An item that is not yet scored says so, and so does one that does not apply and has no points;
    one that a unit is not assessed on is empty.
    """
    results = [result for _, result in ranking.everybody]
    items = item_columns(rubric)
    decimals = _decimals(rubric, ((sheets[one.unit], one) for one in results))
    base = sum_of_sections(rubric.sections, item_names(rubric), rubric.decimals)
    columns = (
        Column("rank", words("report.rank"), "number", data=False),
        Column("unit", words("report.unit")),
        *(
            Column(one.name, one.item, "points", decimals.get(one.item, 0), cap=one.cap)
            for one in items
        ),
        *adjustment_columns(rubric, results, words, {"base": base}),
        total_column(rubric, results, words, sum_of_total(rubric, base)),
    )

    def rows() -> Iterator[Row]:
        for rank, result in ranking.everybody:
            sheet = sheets[result.unit]
            points, scope = points_of(rubric, sheet, result), rubric.scope(sheet.unit)
            homes = scope.homes if scope is not None else {}
            cells = [
                _cell(points, one.item, sheet, words)
                if homes.get(one.item) == one.section.id
                else None
                for one in items
            ]
            sums = *adjustment_cells(rubric, result), result.total
            fixed = WHOLE if rank is not None and rescaled_sections(rubric, result) else NOTHING
            means = {one.item for one in result.inapplicable if one.treatment == "peer_mean"}
            fixed |= {one.name for one in items if one.item in means}
            yield Row((rank, sheet.unit, *cells, *sums), live=rank is not None, fixed=fixed)

    title = words("report.scores_title", title=rubric.title)
    return Table("scores", title, columns, rows, (), rubric.id)


def _cell(points: Points, item_id: str, sheet: ScoreSheet, words: Words) -> Cell:
    given = points.get(item_id)
    return absent_text(item_id, sheet, words) if given is None else given


def _decimals(rubric: Rubric, sheets: Iterable[tuple[ScoreSheet, Result]]) -> dict[str, int]:
    """The decimals that each item needs."""
    found: dict[str, set[Decimal]] = {}
    for sheet, result in sheets:
        for item, points in points_of(rubric, sheet, result).items():
            if points is not None:
                found.setdefault(item, set()).add(points)
    return {item: decimals_of(points) for item, points in found.items()}
