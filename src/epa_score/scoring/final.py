"""Figures beside the total of a ranking: in proportion to the best total, and by rank."""

from decimal import Decimal
from fractions import Fraction

from epa_score.model import Rubric
from epa_score.values.rounding import rounded

_ZERO = Decimal(0)


def scaled(rubric: Rubric, total: Decimal, best: Decimal) -> Decimal | None:
    """A ``total`` in proportion to the ``best`` one, which becomes the points that ``scale`` names.

    It is rounded once, half up, to ``decimals``. Where the best total is 0, so is every figure
    (decision: nobody has a share of nothing). ``None`` where the rubric scales nothing.
    """
    if rubric.scale is None:
        return None
    if not best:
        return _ZERO
    return rounded(Fraction(total) * Fraction(rubric.scale.best) / Fraction(best), rubric.decimals)


def points_of_rank(rubric: Rubric, rank: int) -> Decimal | None:
    """The points that ``rank_points`` gives for a rank, 0 below the list; ``None`` without one.

    Units that share a rank have its points each (decision: they are as good as each other).
    """
    if not rubric.rank_points:
        return None
    return rubric.rank_points[rank - 1] if rank <= len(rubric.rank_points) else _ZERO
