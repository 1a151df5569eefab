"""Numbers of a form are those of the formula bar, whatever noise a calculation left behind."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.forms import (
    SHELF,
    Edit,
    codes,
    edited,
    example,
    kinds,
    put,
    row_of,
    taken,
    total,
)

from epa_score.diagnostics import Kind
from epa_score.readers.excel import open_workbook
from epa_score.readers.excel.workbook import plain_text
from epa_score.scoring import score


def read(stored: float) -> str:
    """The points of A3 as text, where a number is stored with all its digits."""
    (cell,) = (
        sheet.cell(7, 5)
        for sheet in open_workbook(edited(put("A3", "E", stored))).worksheets
        if sheet.state == "visible"
    )
    return plain_text(cell.value)


PASTED = [
    (6.3999999999999995, "6.4"),
    (6.8999999999999995, "6.9"),
    (0.1 + 0.2, "0.3"),
    (3 * 1.1, "3.3"),
    (4.35 * 1, "4.35"),
    (0.7 * 3, "2.1"),
    (8.0, "8"),
    (1e-05, "0.00001"),
    (123456789012345678, "123456789012346000"),
]


@pytest.mark.parametrize(("stored", "shown"), PASTED)
def test_a_number_has_15_digits(stored: float, shown: str) -> None:
    assert read(stored) == shown


@settings(max_examples=10)
@given(st.decimals(0, 999, places=2), st.decimals(0, 999, places=2))
def test_sums_of_points_are_exact(points: Decimal, more: Decimal) -> None:
    assert Decimal(read(float(points) + float(more))) == points + more


@pytest.mark.parametrize(("stored", "points"), [(6.3999999999999995, "6.4"), (0.7 * 3, "2.1")])
def test_points_pasted_from_a_calculation_count_as_they_are_shown(
    stored: float, points: str
) -> None:
    file = taken(edited(put("A3", "E", stored)))
    assert file.sheet is not None, file.diagnostics
    assert file.sheet.points["A3"] == Decimal(points)


def test_digits_that_are_shown_count() -> None:
    assert codes(edited(put("A3", "E", 6.4000001))) == [Kind.POINTS_TOO_PRECISE]


def test_a_sum_of_the_offices_own_may_have_noise() -> None:
    own = float(score(SHELF.require("township")[1], example()).total)
    assert codes(edited(total(own + 2e-14))) == []
    assert codes(edited(total(own + 0.0001))) == [Kind.SUM_DIFFERS]


def merged(columns: str, first: str, below: int = 1) -> Edit:
    """Cells beside an item merged with those of the rows below it."""

    def edit(workbook: Any) -> None:
        row = row_of(workbook, first)
        left, right = columns[0], columns[-1]
        workbook.worksheets[0].merge_cells(f"{left}{row}:{right}{row + below}")

    return edit


@pytest.mark.parametrize(
    ("edit", "cells"),
    [
        (merged("E", "A6"), {"评分表!E10", "评分表!E11"}),
        (merged("D", "A6"), {"评分表!E11"}),
        (merged("DE", "A6"), {"评分表!E10", "评分表!E11"}),
        (merged("E", "B5"), {"评分表!E16", "评分表!E17"}),
        (merged("E", "C8"), {"评分表!E25", "评分表!E26"}),
    ],
)
def test_a_sum_in_merged_cells_is_a_finding_at_its_cell(edit: Edit, cells: set[str]) -> None:
    found = kinds(edited(edit))
    assert {cell for cell, kind in found.items() if kind is Kind.CELL_MERGED} == cells
