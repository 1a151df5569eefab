"""Panels that a rubric may have, and those that it may not."""

import pytest
from tests.support.panels import rubric_with
from tests.support.rubrics import read_rubric


@pytest.mark.parametrize(
    "panel",
    [
        "{by: item, method: mean, minimum: 1}",
        "{by: item, method: median, minimum: 99, gap: 9.99}",
        "{by: item, method: trimmed_mean, minimum: 3}",
        "{by: item, method: trimmed_mean, minimum: 5, drop: 2}",
    ],
)
def test_these_panels_are_sound(panel: str) -> None:
    assert rubric_with(panel).panel is not None


@pytest.mark.parametrize(
    ("panel", "codes"),
    [
        ("{method: mode, minimum: 3}", "EPA025"),
        ("{method: [mean], minimum: 3}", "EPA025"),
        ("{method: mean, minimum: 0}", "EPA025"),
        ("{method: mean, minimum: 2.5}", "EPA025"),
        ("{method: mean, minimum: -1}", "EPA025"),
        ("{method: mean, minimum: ３}", "EPA025"),
        ("{method: mean, minimum: 100}", "EPA025"),
        ("{method: mean}", "EPA021"),
        ("{method: mean, minimum: 3, gaps: 2}", "EPA020"),
        ("{method: mean, minimum: 3, gap: -2}", "EPA108"),
        ("{method: mean, minimum: 3, gap: 10}", "EPA242"),
        ("{method: median, minimum: 3, drop: 1, gap: 10.5}", "EPA240 EPA242"),
        ("{method: trimmed_mean, minimum: 4, drop: 2}", "EPA241"),
        ("mean", "EPA022"),
    ],
)
def test_these_panels_are_refused(panel: str, codes: str) -> None:
    text = f"id: county\ntitle: 细则\ntotal: 10\npanel: {panel}\nsections:\n"
    text += "  - {id: A, title: 一, max: 10, items: [{id: A1, max: 10, text: 一}]}\n"
    found = read_rubric(text)
    assert " ".join(one.kind.code for one in found.diagnostics) == codes


@pytest.mark.parametrize(("minimum", "drop", "least"), [(2, 1, 3), (4, 2, 5), (1, 3, 7)])
def test_how_many_assessors_a_panel_needs_is_the_fewest_that_leave_one(
    minimum: int, drop: int, least: int
) -> None:
    head = "id: county\ntitle: 细则\ntotal: 10\nsections:\n"
    head += "  - {id: A, title: 一, max: 10, items: [{id: A1, max: 10, text: 一}]}\n"
    panel = "panel: {{method: trimmed_mean, minimum: {}, drop: {}}}\n"
    (one,) = read_rubric(head + panel.format(minimum, drop)).diagnostics
    assert one.parameters["least"] == least
    assert read_rubric(head + panel.format(least, drop)).diagnostics == ()
