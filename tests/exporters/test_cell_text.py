"""Cells as text: exact, and harmless in a spreadsheet."""

from decimal import Decimal

import pytest

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters.cell_text import text_of
from epa_score.exporters.csv import escape_formula
from epa_score.reports.table import Cell


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("甲", "甲"),
        (3, "3"),
        (0, "0"),
        (Decimal("2.50"), "2.5"),
        (Decimal(0), "0"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_cell_is_shown_exactly(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "  =1"])
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "甲镇", "2.5", "#N/A", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert escape_formula(text) == text


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\u200b=1", "\x1b=1", "\ufeff=1"])
def test_what_hides_a_formula_is_shown(text: str) -> None:
    assert escape_formula(text) == visible(text) != text
