"""Sums that stand in a form: the own formula, another one, or a number that must be right."""

import re
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from tests.support.forms import (
    SHELF,
    codes,
    edited,
    example,
    kinds,
    put,
    repacked,
    row_of,
    taken,
    total,
    total_row,
    typed,
)

from epa_score.diagnostics import Kind
from epa_score.model.form_record import sum_key
from epa_score.scoring import score

NO_RESULT = "<v(?: ?/|></v)>"
"""A formula's missing result, as openpyxl writes it with lxml and without."""


def stored(formula: str, value: str) -> bytes:
    """The form with another formula for its total, and the result that was stored with it."""

    def store(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        formula_text = f"<f>{re.escape(formula)}</f>"
        text, found = re.subn(
            f"({formula_text}){NO_RESULT}", rf"\g<1>{value}", parts[name].decode()
        )
        assert found == 1
        parts[name] = text.encode()

    return repacked(edited(total(f"={formula}")), store)


@pytest.mark.parametrize("label", ["最终得分", "总分", None])
@pytest.mark.parametrize("points", [95, "95 分", "九十五分", "95分（县领导审定）"])
def test_a_total_without_its_label_is_not_passed_over(label: str | None, points: object) -> None:
    def relabel(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        row = total_row(sheet)
        sheet.cell(row, 1).value, sheet.cell(row, 5).value = label, points

    (cell,) = kinds(edited(relabel)).items()
    place = "A" if label else "E"
    assert cell == (f"评分表!{place}31", Kind.LABEL_CHANGED)


@pytest.mark.parametrize("points", [95, "95 分", "95分"])
def test_a_number_below_the_total_is_nobodys(points: object) -> None:
    assert kinds(edited(typed("E32", points))) == {"评分表!E32": Kind.POINTS_OF_NO_ITEM}


def test_a_sum_that_was_typed_must_be_right() -> None:
    own = example_total()
    assert codes(edited(total(float(own)))) == []
    assert codes(edited(total(str(own)))) == []
    assert codes(edited(total(None))) == []
    assert codes(edited(total(95))) == [Kind.SUM_DIFFERS]
    assert codes(edited(total("九十五"))) == [Kind.SUM_DIFFERS]
    assert kinds(edited(typed("E11", 25))) == {"评分表!E11": Kind.SUM_DIFFERS}


def example_total() -> Decimal:
    return score(SHELF.require("township")[1], example()).total


def test_another_formula_is_believed_as_far_as_its_stored_result_is_right() -> None:
    own = example_total()
    assert codes(stored("SUM(E5:E30)/2", f"<v>{own}</v>")) == []
    assert codes(stored("SUM(E5:E30)/2", "<v>95</v>")) == [Kind.SUM_DIFFERS]
    assert codes(stored("SUM(E5:E30)/2", "")) == [Kind.SUM_DIFFERS]


def test_an_old_result_of_the_own_formula_and_its_spelling_do_no_harm() -> None:
    def respell(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        text = parts[name].decode()
        text, found = re.subn(NO_RESULT, "<v>1</v>", text)
        assert found
        for old, new in (("COUNTA(E5:E10)", "counta( $E$5:$E$10 )"), ("SUM(", "Sum(")):
            assert old in text
            text = text.replace(old, new)
        parts[name] = text.encode()

    assert codes(repacked(edited(lambda _: None), respell)) == []


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        ("=SUM(E5:E6)", True),
        ("=sum( $E$6 : $E$5 )", True),
        ("=SUM(E4:E7)", True),
        ("=SUM(E5)", False),
        ("=SUM(F5:F6)", False),
        ("=SUM(E5:F6)", False),
        ("=SUM(E5:E6)+1", False),
        ("=SUM(表!E5:E6)", False),
        ('=SUM(E5:E6)&" "', False),
    ],
)
def test_a_formula_is_the_own_sum_where_it_adds_up_the_same_items(formula: str, same: bool) -> None:
    def key(text: str) -> str:
        return sum_key(text, {"E": "score"}, {"5": "A1", "6": "A2"})

    assert (key(formula) == key("=SUM(E5:E6)")) is same


def test_an_array_formula_is_not_the_own_sum_and_is_shown_as_text() -> None:
    def array(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        here = f"E{total_row(sheet)}"
        sheet[here] = ArrayFormula(here, "=SUM(E5:E10)")
        put("A3", "D", ArrayFormula(f"D{row_of(workbook, 'A3')}", "={8,7.5}"))(workbook)

    found = taken(edited(array)).diagnostics
    assert [one.kind for one in found] == [Kind.CAP_CHANGED]
    assert found[0].parameters["cap"] == "={8,7.5}"
    table = DataTableFormula("E7:E8", r1="A1")
    (one,) = taken(edited(put("A3", "E", table))).diagnostics
    assert one.parameters["value"] == "=TABLE(A1)"


def test_a_title_of_the_sum_that_is_repeated_makes_no_second_sum() -> None:
    def again(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        sheet["A40"], sheet["E40"] = "合计", 95

    assert kinds(edited(again)) == {"评分表!E40": Kind.POINTS_OF_NO_ITEM}
