"""The final figure: what a ranking makes of the totals."""

from epa_score.model.base import Frozen
from epa_score.values.points import Points


class Scale(Frozen):
    """The best total becomes ``best`` points, and the others what is in proportion to that."""

    best: Points
