"""The nearest name: what a comparison with each candidate finds, found by an index."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.diagnostics import nearest as module
from epa_score.diagnostics.from_pydantic import unknown_field
from epa_score.diagnostics.nearest import LIKENESS, NameIndex, comparison_key, nearest


def one_by_one(name: str, candidates: Sequence[str]) -> str | None:
    """Compare a name with each candidate in full."""
    meant = comparison_key(name)[:100].replace("o", "0")
    best, likeness = None, LIKENESS
    for candidate in candidates:
        key = comparison_key(candidate).replace("o", "0")
        ratio = SequenceMatcher(a=key, b=meant).ratio()
        if ratio > likeness or (best is None and ratio >= likeness):
            best, likeness = candidate, ratio
    return best


NAMES = (
    st.text("甲乙丙镇乡县局", min_size=1, max_size=6)
    | st.integers(0, 300).map(lambda number: f"示例{number:03}镇")
    | st.text("ABoO0１1 一", min_size=1, max_size=5).filter(str.strip)
    | st.text(min_size=1, max_size=8).filter(comparison_key)
    | st.text("甲乙", min_size=90, max_size=120)
)


@given(NAMES, st.lists(NAMES, max_size=40))
def test_the_index_finds_what_a_comparison_with_each_finds(
    name: str, candidates: list[str]
) -> None:
    assert nearest(name, candidates) == one_by_one(name, candidates)


@given(st.integers(0, 999).map(lambda number: f"示例{number:03}镇"))
def test_the_index_finds_the_nearest_of_many_that_are_much_alike(name: str) -> None:
    roster = [f"示例{number:03}镇" for number in range(1, 900, 7)]
    assert NameIndex(roster).nearest(name) == one_by_one(name, roster)


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("农业局", ["县商务局", "县农业局", "县林业局"], "县农业局"),
        ("BO1", ["B1", "B01", "b01"], "B01"),
        ("ＡＢＣ", ["abd", "abc"], "abc"),
        ("甲乙丙", ["丁", ""], None),
        ("", ["甲"], None),
        ("甲", [], None),
    ],
)
def test_names_that_are_alike(name: str, candidates: list[str], found: str | None) -> None:
    assert nearest(name, candidates) == found


@pytest.mark.parametrize("form", ["示例{:04}镇", "{:04}"])
def test_few_of_a_roster_are_compared_in_full(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    class Counted(SequenceMatcher[str]):
        def ratio(self) -> float:
            nonlocal compared
            compared += 1
            return super().ratio()

    monkeypatch.setattr(module, "SequenceMatcher", Counted)
    numbers = range(0, 5000, 2)
    index = NameIndex(form.format(number) for number in numbers)
    for number in range(1, 5000, 500):
        assert index.nearest(form.format(number)) is not None
    assert 0 < compared < len(numbers)  # of ten times as many


@pytest.mark.parametrize(
    ("written", "known"),
    [
        *(("at_most", "at_least"), ("at_least", "at_most"), ("most", "least")),
        *(("above", "below"), ("over", "under"), ("higher", "lower")),
    ],
)
def test_the_opposite_of_a_key_is_not_proposed_for_it(written: str, known: str) -> None:
    finding = unknown_field((written,), (known, "points"))
    assert finding.parameters["nearest"] == ""
    assert finding.variant == ""


def test_a_misspelt_key_is_still_proposed() -> None:
    assert unknown_field(("at_leest",), ("at_least", "points")).parameters["nearest"] == "at_least"
