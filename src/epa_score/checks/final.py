"""The figures beside the total of a ranking: what can be known without any sheet."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.place import Key
from epa_score.model import Rubric


def final_figures_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """The best unit has some points, a better rank has no fewer, and all can be printed."""
    for keys, points in _stated_figures(rubric):
        if points % rubric.last_decimal:
            about: dict[str, Parameter] = {"points": points, "decimals": rubric.decimals}
            yield Finding(Kind.FIGURE_TOO_PRECISE, Place(keys), about)
    if rubric.scale is not None and not rubric.scale.best:
        yield Finding(Kind.CAP_NOT_POSITIVE, Place(("scale", "best")), {"field": "best"})
    for rank, (better, worse) in enumerate(pairwise(rubric.rank_points), 2):
        if worse > better:
            about = {"rank": rank, "points": worse, "above": better}
            yield Finding(Kind.RANK_POINTS_RISE, Place(("rank_points", rank - 1)), about)


def _stated_figures(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Decimal]]:
    """Where points are stated, and how many."""
    if rubric.scale is not None:
        yield ("scale", "best"), rubric.scale.best
    for place, points in enumerate(rubric.rank_points):
        yield ("rank_points", place), points
