"""得分率 and 分项分析: how much of each cap was reached, by unit and by item."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from epa_score.i18n import Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.reports.items import all_items, item_columns
from epa_score.reports.table import Cell, Column, Row, Table, decimals_of
from epa_score.scoring import Ranking
from epa_score.scoring.rates import mean, rate


def rates_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """Unit by item the share of the cap that was reached, units in the order of the ranking.

    An item that is not yet scored, or that a unit is not assessed on, is empty.
    """
    items = item_columns(rubric)
    columns = (
        Column("rank", words("report.rank"), "number", data=False),
        Column("unit", words("report.unit")),
        *(Column(one.name, one.item, "rate") for one in items),
        Column("total", words("report.total_rate"), "rate"),
    )

    def rows() -> Iterator[Row]:
        for placing in ranking.placings:
            sheet = sheets[placing.result.unit]
            rates = [_rate(rubric, sheet, one.item, one.section) for one in items]
            total = rate([placing.result.total], rubric.total)
            yield Row((placing.rank, sheet.unit, *rates, total), live=False)

    title = words("report.rates_title", title=rubric.title)
    return Table("rates", title, columns, rows, (words("report.rates_note"),), rubric.id)


def analysis_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """Each item with what the units reached in it, the lowest rate first."""
    used = [sheets[one.result.unit] for one in ranking.placings]
    rows = sorted(_analysed(rubric, used), key=lambda row: row.cells[4] or Decimal(0))
    decimals = decimals_of(row.cells[3] for row in rows if isinstance(row.cells[3], Decimal))
    columns = (
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("cap", words("report.cap"), "points"),
        Column("mean", words("report.mean"), "points", decimals),
        Column("rate", words("report.rate"), "rate"),
        Column("full", words("report.full_marks"), "number"),
        Column("zero", words("report.zero"), "number"),
        Column("units", words("report.scored_units"), "number"),
    )
    title = words("report.analysis_title", title=rubric.title)
    return Table("analysis", title, columns, lambda: rows, (), rubric.id)


def _rate(rubric: Rubric, sheet: ScoreSheet, item: str, section: str) -> Cell:
    scope, points = rubric.scope(sheet.unit), sheet.points.get(item)
    if scope is None or points is None or scope.homes.get(item) != section:
        return None
    return rate([points], scope.caps[item])


def _analysed(rubric: Rubric, sheets: Sequence[ScoreSheet]) -> Iterator[Row]:
    """A row for every wording: departments have items of one number and different duties."""
    for section in rubric.all_sections:
        for item in dict.fromkeys(all_items(section)):
            points = [
                one.points.get(item.id)
                for one in sheets
                if (scope := rubric.scope(one.unit)) and scope.items.get(item.id) == item
            ]
            known = [one for one in points if one is not None]
            if not known:
                continue
            average = mean(known, rubric.decimals)
            share = rate(known, item.max)
            full, zero = known.count(item.max), known.count(Decimal(0))
            cells = (item.id, item.text, item.max, average, share, full, zero, len(known))
            yield Row(cells, live=False)
