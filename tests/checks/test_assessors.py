"""Assessors with items of their own, and what a rubric cannot have beside them."""

import pytest
from tests.support.rubrics import read_rubric, text_of_items

ITEMS = """\
- {id: A1, max: 10, text: 台账}
- {id: A2, max: 10, text: 宣传%s}
"""
TWO = "assessors: [{name: 组织部, items: [A1]}, {name: 商务局, items: [A2]}]"
ONE = "assessors: [{name: 组织部, items: [A1, A2]}]"
PANEL = "panel: {method: mean, by: item, minimum: 2}"
RESCALED = ", not_applicable: rescale_total"


@pytest.mark.parametrize(
    ("treatment", "assessors", "panel", "found"),
    [
        ("", TWO, "decimals: 2", []),
        ("", TWO, PANEL, [("options_conflict", "", "panel")]),
        (RESCALED, TWO, "decimals: 2", [("options_conflict", "rescale_total", "rescale_total")]),
        (RESCALED, ONE, "decimals: 2", []),
    ],
)
def test_assessors_go_with_neither_a_panel_nor_a_total_that_is_scaled(
    treatment: str, assessors: str, panel: str, found: list[tuple[str, str, str]]
) -> None:
    read = read_rubric(text_of_items(ITEMS % treatment, assessors, panel))
    said = [(one.kind.label, one.variant, one.parameters["other"]) for one in read.diagnostics]
    assert said == found
