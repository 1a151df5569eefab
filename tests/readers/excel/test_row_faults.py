"""All faults of a row are said in one run, each at its cell, and one cause once."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.examples import round_trips
from tests.support.form_facts import SHEET, form_of, sheet_in, taken
from tests.support.forms import Edit, edited, form, kinds, put, typed
from tests.support.forms import taken as handed_in

from epa_score.diagnostics import Kind

Spot = tuple[str, str, object]
"""A line, a column, and what somebody writes there."""

LINES = {
    "A1": ["A1-1"],
    "A2": ["A2-1", "A2-2"],
    "A3": ["A3-1"],
    "A4": ["A4-1", "A4-2"],
    "A5": ["A5-1", "A5-2"],
    "A6": ["A6-1"],
    "A8": ["A8-1"],
    "B1": [],
    "B2": [],
}
POINTS: list[object] = ["八", -1, 99, "8", "score:6", "=1+1", 0.123, True, "#N/A"]
FACTS: list[object] = ["很多", -1, "=1+1", "#N/A", "2"]
NOTES: list[object] = ["=A1", "#N/A"]


@cache
def found(*spots: Spot) -> Counter[tuple[str, str]]:
    """The cells of a form with those faults, and the kind of each finding."""
    edits: list[Edit] = [
        put(line, column, value, data_type="e") if value == "#N/A" else put(line, column, value)
        for line, column, value in spots
    ]
    data = form_of(sheet_in(SHEET))
    for edit in edits:
        data = edited(edit, data)
    diagnostics = taken(data, incomplete=False).diagnostics
    cells = ((one.location.cell.partition("!")[2], one.kind.name) for one in diagnostics)
    return Counter(pair for pair in cells if pair[1] != "SUM_DIFFERS")


@st.composite
def faults(draw: st.DrawFn) -> list[Spot]:
    item = draw(st.sampled_from(sorted(LINES)))
    cells: list[tuple[str, str, list[object]]] = [(item, "E", POINTS), (item, "F", NOTES)]
    cells += [(line, "E", FACTS) for line in LINES[item]]
    chosen = [
        (line, column, draw(st.sampled_from(values)))
        for line, column, values in cells
        if draw(st.booleans())
    ]
    return chosen or [(item, "E", "八")]


@round_trips(60)
@given(faults())
def test_no_fault_of_a_row_hides_another(spots: list[Spot]) -> None:
    alone = Counter[tuple[str, str]]()
    for spot in spots:
        alone += found(*[spot])
    assert found(*spots) == alone
    assert len(alone) == len({cell for cell, _ in alone}), "one cause, one finding"


@pytest.mark.parametrize("reason", [None, "=A1", "#N/A", "-"])
@pytest.mark.parametrize("fact", ["很多", 5, -1])
def test_an_item_that_does_not_apply_is_looked_at_as_a_whole(reason: object, fact: object) -> None:
    """The reason that is missing or cannot be read, and each fact that is to go."""
    spots: list[Spot] = [("A2", "E", "不适用"), ("A2", "F", reason)]
    spots += [(line, "E", fact) for line in LINES["A2"]]
    wrong = {None: "REASON_MISSING", "-": "REASON_MISSING", "=A1": "CELL_FORMULA"}
    assert found(*spots) == {
        ("F7", wrong.get(str(reason) if reason else None, "CELL_ERROR")): 1,
        ("E8", "POINTS_BESIDE_REASON"): 1,
        ("E9", "POINTS_BESIDE_REASON"): 1,
    }


def test_a_picture_is_no_reason_why_an_item_does_not_apply() -> None:
    spots: list[Spot] = [("A2", "E", "不适用"), ("A2", "F", '=_xlfn.DISPIMG("ID_1",1)')]
    spots += [(line, "E", None) for line in LINES["A2"]]
    assert found(*spots) == {("F7", "NOTE_IS_PICTURE"): 1, ("F7", "REASON_MISSING"): 1}


def test_a_faulty_period_does_not_hide_what_is_wrong_with_items() -> None:
    data = edited(typed("F3", "2018\u200b"), form_of(sheet_in(SHEET)))
    data = edited(put("B1", "E", 99), data)
    assert [one.kind.name for one in taken(data).diagnostics] == [
        "PERIOD_CHARACTERS",
        "POINTS_OVER_CAP",
    ]


def test_a_changed_cap_does_not_hide_the_points_beside_it() -> None:
    found = [*kinds(edited(spoil_two_items)).items()]
    assert found == [
        ("评分表!E5", Kind.POINTS_NOT_A_NUMBER),
        ("评分表!D8", Kind.CAP_CHANGED),
        ("评分表!E8", Kind.POINTS_OVER_CAP),
    ]


def spoil_two_items(workbook: Any) -> None:
    """Points in words, and another item with nothing but points and another cap."""
    spots: list[Spot] = [("A1", "E", "八"), ("A4", "D", 10), ("A4", "E", 9), ("A4", "F", None)]
    for line, column, value in spots:
        put(line, column, value)(workbook)


NO_UNIT: list[Edit] = [typed("C2", None), typed("C2", "=A1"), typed("C2", "示例\u200b甲镇")]


@pytest.mark.parametrize("edit", NO_UNIT)
def test_a_unit_that_cannot_be_read_hides_no_other_fault(edit: Edit) -> None:
    data = edited(put("B1", "E", 99), edited(edit, form_of(sheet_in(SHEET))))
    found = taken(data, incomplete=False).diagnostics
    assert [one.kind for one in found][1:] == [Kind.POINTS_OVER_CAP]


@pytest.mark.parametrize("unit", ["县商务局", ""])
def test_faults_are_said_without_a_unit_where_the_form_shows_whose_items_it_has(unit: str) -> None:
    data = edited(put("A1", "E", 99), edited(typed("C2", None), form(None, unit, "departments")))
    found = [one.kind for one in handed_in(data).diagnostics]
    assert (Kind.POINTS_OVER_CAP in found) == bool(unit)
    assert Kind.EMPTY_FIELD in found
