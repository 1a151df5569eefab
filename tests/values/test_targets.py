"""Targets that are reached or not, and the number that shows it: the first one that does."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from epa_score.values.facts import Targets

BOUND = 5
NUMBERS = st.lists(st.integers(0, 2 * BOUND) | st.none(), min_size=1, max_size=4)


@given(st.sampled_from(["all", "any"]), NUMBERS)
def test_the_first_number_that_decides_shows_a_verdict(way: str, numbers: list[int | None]) -> None:
    names = [f"第{place}项" for place in range(len(numbers))]
    stated = [{"name": name, "at_least": BOUND} for name in names]
    known = {
        name: Decimal(own) for name, own in zip(names, numbers, strict=True) if own is not None
    }
    reached = [name for name, own in known.items() if own >= BOUND]
    missed = [name for name in known if name not in reached]
    deciding, others = (missed, reached) if way == "all" else (reached, missed)
    expected: str | None = deciding[0] if deciding else None
    if not deciding and len(known) == len(names):
        expected = others[0]
    verdict = Targets.model_validate({way: stated}).verdict(known)
    assert (verdict and verdict.shown_by.target.name) == expected
    assert verdict is None or verdict.reached is (expected in reached)
