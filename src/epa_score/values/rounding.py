"""Figures that come from a division: the one place that rounds."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from epa_score.values.points import exactly

WHOLE_PERCENT = 2
"""The decimals of a rate."""


def rate(points: Sequence[Decimal], cap: Decimal) -> Decimal:
    """The share of the cap that was reached on average, rounded half up to a whole percent.

    1 is the whole cap. (decision: rates-are-for-reading)
    """
    return rounded(_sum(points) / len(points) / Fraction(cap), WHOLE_PERCENT)


def mean_rate(reached: Iterable[tuple[Decimal, Decimal, int]]) -> Decimal | None:
    """The mean of the shares that were reached, rounded as a `rate`; ``None`` without any.

    Each share is that of some points in a cap, and how many units have it.
    """
    shares = [(Fraction(points) / Fraction(cap), units) for points, cap, units in reached]
    if not shares:
        return None
    whole = sum((share * units for share, units in shares), Fraction(0))
    return rounded(whole / sum(units for _, units in shares), WHOLE_PERCENT)


def mean(points: Sequence[Decimal], decimals: int) -> Decimal:
    """The mean of some points, rounded half up to ``decimals``."""
    return rounded(_sum(points) / len(points), decimals)


def mean_of_counts(counts: Mapping[Decimal, int], decimals: int) -> Decimal:
    """The mean of points, each with how many units have it, rounded half up to ``decimals``."""
    return rounded(exact_mean(counts), decimals)


def exact_mean(counts: Mapping[Decimal, int]) -> Fraction:
    """The mean of points, each with how many units have it."""
    whole = sum((Fraction(points) * units for points, units in counts.items()), Fraction(0))
    return whole / sum(counts.values())


def _sum(points: Sequence[Decimal]) -> Fraction:
    with exactly():
        return Fraction(sum(points, Decimal(0)))


def rounded(number: Fraction, decimals: int) -> Decimal:
    """A fraction as a decimal number of so many decimals, half up, whatever its size.

    Below 0 that is half away from 0, as workbooks do it.
    """
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if number >= 0 else -whole).scaleb(-decimals, _WIDE)


def cut_off(number: Fraction, decimals: int) -> Decimal:
    """A fraction of 0 or more without what lies beyond so many decimals: never more than it is."""
    return Decimal(number * 10**decimals // 1).scaleb(-decimals, _WIDE)


_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
