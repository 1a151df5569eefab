"""Live sums: which columns may say that they do not apply, and what becomes of them."""

from hypothesis import given
from hypothesis import strategies as st

from epa_score.model.item_options import TREATMENTS, Treatment
from epa_score.reports.sums import NotApplicable


@given(st.dictionaries(st.from_regex(r"[A-Z][1-9]", fullmatch=True), st.sampled_from(TREATMENTS)))
def test_every_column_has_its_own_treatment_alone(treatments: dict[str, Treatment]) -> None:
    known = NotApplicable(treatments, {})
    by_treatment = {treatment: known.columns_with(treatment) for treatment in TREATMENTS}
    found = [(name, treatment) for treatment, names in by_treatment.items() for name in names]
    assert sorted(found) == sorted(treatments.items())
