"""Means and rates, counted one by one or by how many units have the same points."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.values.rounding import mean, mean_of_counts, mean_rate, rate, rounded

POINTS = st.lists(st.integers(0, 1000).map(lambda cents: Decimal(cents) / 100), min_size=1)


@pytest.mark.parametrize(
    ("points", "expected"),
    [("9", "9"), ("10 10 7", "9"), ("1 2", "1.5"), ("0 0 1", "0.33"), ("0.01 0.02", "0.02")],
)
def test_a_mean_is_the_same_by_units_and_by_counts(points: str, expected: str) -> None:
    given = list(map(Decimal, points.split()))
    assert mean(given, 2) == mean_of_counts(Counter(given), 2) == Decimal(expected)


@given(POINTS, st.integers(0, 4))
def test_counts_say_what_the_units_say(points: list[Decimal], decimals: int) -> None:
    whole = Fraction(sum(points)) / len(points)
    assert mean(points, decimals) == mean_of_counts(Counter(points), decimals)
    assert mean(points, decimals) == rounded(whole, decimals)
    by_count = ((own, Decimal(10), units) for own, units in Counter(points).items())
    assert rate(points, Decimal(10)) == mean_rate(by_count)


def test_a_rate_of_nobody_is_none() -> None:
    assert mean_rate(()) is None
