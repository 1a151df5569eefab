"""自评对照: what units gave themselves beside the points that count."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model import Item, Rubric, ScoreSheet, exactly
from epa_score.reports.columns.not_applicable import absent_text, scored_points
from epa_score.reports.sums import DifferenceOf
from epa_score.reports.table import Blocks, Cell, Column, Row, Table, decimals_of
from epa_score.reports.titles import title_of
from epa_score.scoring import Ranking
from epa_score.scoring.points import points_of

_FIGURES = ("self_score", "score", "difference")


class SelfScoreOf(NamedTuple):
    """The self score of an item, its points or why there are none, and the difference."""

    item: Item
    self_score: Decimal
    score: Cell
    difference: Decimal | None


def self_scores_table(
    rubric: Rubric, ranking: Ranking, sheets: Mapping[str, ScoreSheet], words: Words
) -> Table:
    """A row for each item that a unit scored itself, units in the order of the ranking.

    An item without a self score has no row.
    """
    found = [
        (result.unit, entry)
        for _, result in ranking.everybody
        for entry in self_scores_of(rubric, sheets[result.unit], words)
    ]
    figures = [cell for _, entry in found for cell in entry if isinstance(cell, Decimal)]
    decimals = decimals_of([abs(figure) for figure in figures])
    columns = (
        Column("unit", words("report.unit"), is_heading=True),
        Column("item", words("report.item")),
        Column("text", words("report.text"), "long text"),
        Column("max", words("report.cap"), "points", decimals_of(e.item.max for _, e in found)),
        Column("self_score", words("report.self_score"), "points", decimals),
        Column("score", words("report.score"), "points", decimals, is_emphasized=True),
        Column(
            "difference",
            words("report.self_difference"),
            "difference",
            decimals,
            live=DifferenceOf("self_score", "score", decimals),
        ),
    )

    def rows() -> Iterator[Row]:
        for unit, (item, own, score, difference) in found:
            yield Row((unit, item.id, item.text, item.max, own, score, difference))

    return Table(
        "self_scores",
        title_of(rubric.title, "self_scores", ranking.period, words),
        columns,
        rows,
        notes=(words("report.self_scores_note"),),
        group=rubric.id,
        blocks=Blocks("unit", _FIGURES, words("report.sum")),
    )


def self_scores_of(rubric: Rubric, sheet: ScoreSheet, words: Words) -> Iterator[SelfScoreOf]:
    """The self scores of a sheet, in the order of the rubric."""
    scope = rubric.scope(sheet.unit)
    given = sheet.self_scores if rubric.self_score is not None else {}
    points = scored_points(points_of(rubric, sheet), sheet)
    for item in scope.items.values() if scope is not None else ():
        if item.id in given:
            own, counted = given[item.id], points.get(item.id)
            absent = absent_text(item.id, sheet, words)
            yield SelfScoreOf(
                item=item,
                self_score=own,
                score=absent if counted is None else counted,
                difference=difference_of(own, counted),
            )


def difference_of(own: Decimal | None, points: Cell) -> Decimal | None:
    """The points by which a self score is above what was given; nothing where either is open."""
    if own is None or not isinstance(points, Decimal):
        return None
    with exactly():
        return own - points
