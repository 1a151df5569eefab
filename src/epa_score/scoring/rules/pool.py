"""`pool`: all items of a section deduct from the section's points (本部分共 20 分，扣完为止)."""

from collections.abc import Iterable
from decimal import Decimal

from epa_score.scoring.bound import Bound


def pool(cap: Decimal, caps: Iterable[Decimal], floor: Decimal) -> Bound:
    """How the points of a pooled section follow from the sum of its items, all in points.

    Each item has lost its own cap less its points; the section has its cap less all that was
    lost, and no less than the floor. That is the sum of the items plus what the section's cap
    is above the sum of theirs.
    """
    return Bound(plus=cap - sum(caps, Decimal(0)), least=floor)
