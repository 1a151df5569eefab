"""折算分 and 名次分: the figures beside the total of a ranking."""

from collections.abc import Iterator, Sequence

from epa_score.i18n import Words, plain
from epa_score.model import Rubric
from epa_score.reports.table import Cell, Column, OfRank, ScaledTo, decimals_of
from epa_score.scoring import Placing

_MOST_CHOICES = 254
"""What CHOOSE takes; more ranks than that keep their points as exported."""


def final_columns(rubric: Rubric, placings: Sequence[Placing], words: Words) -> Iterator[Column]:
    """A column for each figure that the rubric asks for."""
    if rubric.scale is not None:
        figures = {one.scaled for one in placings if one.scaled is not None}
        title = words("report.scaled", best=plain(rubric.scale.best))
        live = ScaledTo("total", rubric.scale.best, rubric.decimals)
        yield Column("scaled", title, "points", decimals_of(figures), live=live)
    if rubric.rank_points:
        points = rubric.rank_points
        by_rank = OfRank("rank", points) if len(points) <= _MOST_CHOICES else None
        title = words("report.rank_points")
        yield Column("rank_points", title, "points", decimals_of(points), live=by_rank)


def final_cells(rubric: Rubric, placing: Placing | None) -> list[Cell]:
    """What stands in those columns, nothing for a sheet that is not ranked."""
    figures = (
        [placing.scaled if placing else None] if rubric.scale is not None else [],
        [placing.rank_points if placing else None] if rubric.rank_points else [],
    )
    return [cell for one in figures for cell in one]


def final_notes(rubric: Rubric, words: Words) -> Iterator[str]:
    """How the figures come about, in a sentence each."""
    if rubric.scale is not None:
        best = plain(rubric.scale.best)
        yield words("report.note_scaled", best=best, decimals=rubric.decimals)
    if rubric.rank_points:
        listed = words("list.separator").join(map(plain, rubric.rank_points))
        yield words("report.note_rank_points", points=listed, number=len(rubric.rank_points))


def final_account(
    rubric: Rubric, placing: Placing, highest: Placing, words: Words
) -> Iterator[str]:
    """How the figures of one unit came about; ``highest`` has the best total."""
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
