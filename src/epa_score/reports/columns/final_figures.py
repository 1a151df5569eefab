"""折算分 and 名次分: the figures beside the total of a ranking."""

from collections.abc import Iterator

from epa_score.i18n import Words, plain
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Field, ResultList, placing_field
from epa_score.reports.sums import OfRank, ScaledTo
from epa_score.reports.table import Column, decimals_of
from epa_score.scoring import Placing

_MOST_CHOICES = 254
"""The most ranks that CHOOSE takes; where there are more, points stay as exported."""


def fields(listed: ResultList[Ranked]) -> Iterator[Field]:
    """The figures that the rubric asks for; nothing stands there for a sheet without a rank."""
    rubric, words = listed.rubric, listed.words
    placings = () if listed.ranking is None else listed.ranking.placings
    if rubric.scale is not None:
        figures = {placing.scaled for placing in placings if placing.scaled is not None}
        title = words("report.scaled", best=plain(rubric.scale.best))
        live = ScaledTo("total", rubric.scale.best, rubric.decimals)
        column = Column("scaled", title, "points", decimals_of(figures), live=live)
        yield placing_field(column, lambda placing: placing.scaled)
    if rubric.rank_points:
        points = rubric.rank_points
        by_rank = OfRank("rank", points) if len(points) <= _MOST_CHOICES else None
        title = words("report.rank_points")
        column = Column("rank_points", title, "points", decimals_of(points), live=by_rank)
        yield placing_field(column, lambda placing: placing.rank_points)


def notes(listed: ResultList[Ranked]) -> Iterator[str]:
    """Notes on how the figures come about, a sentence each; below totals, that there are none."""
    rubric, words = listed.rubric, listed.words
    if listed.ranking is not None:
        yield from figure_notes(rubric, words)
    elif rubric.scale is not None or rubric.rank_points:
        yield words("report.note_final")


def figure_notes(rubric: Ranked, words: Words) -> Iterator[str]:
    """A note on each figure that the rubric asks for."""
    if rubric.scale is not None:
        best = plain(rubric.scale.best)
        yield words("report.note_scaled", best=best, decimals=rubric.decimals)
    if rubric.rank_points:
        listed = words("list.separator").join(map(plain, rubric.rank_points))
        yield words("report.note_rank_points", points=listed, number=len(rubric.rank_points))


def figures_account(
    rubric: Ranked, placing: Placing, highest: Placing, words: Words
) -> Iterator[str]:
    """The figures of one unit with their workings; ``highest`` has the best total."""
    if rubric.scale is not None and placing.scaled is not None:
        yield words(
            "report.account_scaled",
            total=plain(placing.result.total),
            best=plain(rubric.scale.best),
            highest=plain(highest.result.total),
            result=plain(placing.scaled),
        )
    if placing.rank_points is not None:
        result = plain(placing.rank_points)
        yield words("report.account_rank_points", rank=placing.rank, result=result)
