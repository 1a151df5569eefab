"""`capped`: a section whose items add up to more than it can have (各项累计，最高 20 分)."""

from decimal import Decimal

from epa_score.scoring.bound import Bound


def capped(cap: Decimal) -> Bound:
    """A section has the sum of its items, and no more than its cap; in points."""
    return Bound(most=cap)
