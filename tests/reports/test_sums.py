"""Live sums: which columns may say that they do not apply, and what becomes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rubrics import rubric_of_items

from epa_score.model.item_options import TREATMENTS, Treatment
from epa_score.reports.sums import NotApplicable, SumOf, sum_of_total


@given(st.dictionaries(st.from_regex(r"[A-Z][1-9]", fullmatch=True), st.sampled_from(TREATMENTS)))
def test_every_column_has_its_own_treatment_alone(treatments: dict[str, Treatment]) -> None:
    known = NotApplicable(treatments, {})
    by_treatment = {treatment: known.columns_with(treatment) for treatment in TREATMENTS}
    found = [(name, treatment) for treatment, names in by_treatment.items() for name in names]
    assert sorted(found) == sorted(treatments.items())


@pytest.mark.parametrize("ways", [("bonus",), ("penalty",), ("bonus", "penalty")])
def test_a_bonus_is_added_and_a_penalty_is_taken(ways: tuple[str, ...]) -> None:
    lists = "".join(
        f"  {way}: {{max: 2, items: [{{id: {way[0].upper()}1, text: 其他, each: 1, max: 1}}]}}\n"
        for way in ways
    )
    rubric = rubric_of_items("- {id: A1, max: 10, text: 台账}\n", f"adjustments:\n{lists}")
    found = sum_of_total(rubric, SumOf(("A1",), 1))
    assert found.plus == tuple(way for way in ways if way == "bonus")
    assert found.minus == tuple(way for way in ways if way == "penalty")
