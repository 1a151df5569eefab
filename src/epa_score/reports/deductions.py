"""扣分明细: every lost point with its reason."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Item, Rubric, ScoreSheet, exactly
from epa_score.reports.columns.not_applicable import applicable
from epa_score.reports.columns.panel import note_of
from epa_score.reports.table import Column, Row, Table, decimals_of
from epa_score.reports.workings import has_rules, working_text
from epa_score.rules.rule import Working
from epa_score.scoring import Ranking
from epa_score.scoring.points import points_of, workings_of

_NO_WORKING = Working(Decimal(0), ())


def deductions_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """One row for each item below its cap, units in the order of the ranking."""
    decimals = decimals_of({one.score for one in _lost(rubric, ranking, sheets)})
    ruled = has_rules(rubric)
    columns = (
        Column("unit", words("report.unit")),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals),
        Column("score", words("report.score"), "points", decimals),
        Column("lost", words("report.lost"), "points", decimals),
        *([Column("working", words("report.working"), "long text")] if ruled else []),
        Column("note", words("report.note"), "long text"),
        Column("evidence", words("report.evidence"), "long text"),
    )

    def rows() -> Iterator[Row]:
        for one in _lost(rubric, ranking, sheets):
            item, sheet = one.item, one.sheet
            evidence = words("list.separator").join(sheet.score(item.id).evidence) or None
            working = [working_text(one.working, words) or None] if ruled else []
            texts = *working, note_of(sheet, item.id, words), evidence
            yield Row((sheet.unit, item.id, item.text, item.max, one.score, one.points, *texts))

    title = words("report.deductions_title", title=rubric.title)
    return Table("deductions", title, columns, rows, (), rubric.id)


class _Loss(NamedTuple):
    """An item with fewer points than its cap."""

    sheet: ScoreSheet
    item: Item
    score: Decimal
    points: Decimal
    working: Working


def _lost(rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet]) -> Iterator[_Loss]:
    """Every loss; an item that is not yet scored, or does not apply, has lost nothing."""
    for _, result in ranking.everybody:
        sheet = sheets[result.unit]
        scope = rubric.scope(sheet.unit)
        found, workings = applicable(points_of(rubric, sheet), sheet), workings_of(rubric, sheet)
        for item in scope.items.values() if scope is not None else ():
            points = found.get(item.id)
            if points is not None and points < item.max:
                with exactly():
                    lost = item.max - points
                working = workings.get(item.id, _NO_WORKING)
                yield _Loss(sheet, item, points, lost, working)
