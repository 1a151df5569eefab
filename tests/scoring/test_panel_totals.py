"""Panels that combine the totals of the assessors."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.panels import bounded_rubric, bounded_sheet, rubric_with, sheet
from tests.support.rubrics import rubric_of_items

from epa_score import ScoreSheet, rank, score, score_panel
from epa_score.i18n import Words
from epa_score.model.rubric_options import Panel
from epa_score.reports.breakdown import account_table
from epa_score.reports.columns.panel import panel_table
from epa_score.reports.ranking import ranking_table
from epa_score.reports.scores import scores_table
from epa_score.scoring.panel import combine, shares_of_totals, spread_of_totals, spreads
from epa_score.values.rounding import rounded

WORDS = Words("zh_CN")
TRIMMED = "{by: total, method: trimmed_mean, minimum: 3}"


def sheets_of(*rows: tuple[object, object]) -> list[ScoreSheet]:
    return [sheet(f"评委{n}", A1=one, A2=two) for n, (one, two) in enumerate(rows, 1)]


def test_the_highest_and_the_lowest_total_are_left_out() -> None:
    # totals 15, 10, 11: 11 is left; by item A1 10, 4, 9 -> 9 and A2 5, 6, 2 -> 5 come to 14
    rows = sheets_of(("10", "5"), ("4", "6"), ("9", "2"))
    result = score_panel(rubric_with(TRIMMED), rows)
    assert result.total == 11
    assert dict(combine(rubric_with(TRIMMED), rows).points) == {"A1": 9, "A2": 2}
    by_item = score_panel(rubric_with(TRIMMED.replace("total", "item")), rows)
    assert by_item.total == 14


def test_equal_totals_at_the_cut_share_what_goes() -> None:
    # totals 8, 8, 9, 14: one of the two 8 goes, so each counts half as much as the 9
    rows = sheets_of(("8", "0"), ("2", "6"), ("5", "4"), ("9", "5"))
    result = score_panel(rubric_with(TRIMMED), rows)
    assert result.total == Decimal("8.5")
    # A1 (8 / 2 + 2 / 2 + 5) / 2 = 5, A2 (0 / 2 + 6 / 2 + 4) / 2 = 3.5
    assert dict(combine(rubric_with(TRIMMED), rows).points) == {"A1": 5, "A2": Decimal("3.5")}
    found = {score_panel(rubric_with(TRIMMED), order) for order in map(list, permutations(rows))}
    assert found == {result}


GRAINS = st.integers(0, 600).map(lambda cents: Decimal(cents) / 100)
ROWS = st.lists(st.tuples(GRAINS, GRAINS), min_size=3, max_size=6)
METHODS = st.sampled_from(["mean", "median", "trimmed_mean"])


@given(ROWS, METHODS)
def test_totals_are_combined_and_rounded_once(
    rows: Sequence[tuple[Decimal, Decimal]], method: str
) -> None:
    rubric = rubric_with(f"{{by: total, method: {method}, minimum: 3}}")
    panel = rubric.panel
    assert panel is not None
    result = score_panel(rubric, sheets_of(*rows))
    totals = sorted(one + two for one, two in rows)
    cut = {"mean": 0, "median": (len(rows) - 1) // 2, "trimmed_mean": 1}[method]
    kept = totals[cut : len(totals) - cut]
    assert result.total == rounded(Fraction(sum(kept)) / len(kept), 2)
    shares = shares_of_totals(panel, [one + two for one, two in rows])
    assert sum(shares) == 1
    points = combine(rubric, sheets_of(*rows)).points
    half = Decimal("0.005")
    assert abs(sum(one or 0 for one in points.values()) - result.total) <= 3 * half
    assert abs(result.sections["S"] - result.total) <= 2 * half


@given(st.lists(st.tuples(*[st.none() | GRAINS] * 2), min_size=1, max_size=4), METHODS)
def test_a_provisional_total_is_between_what_can_still_come(
    rows: Sequence[tuple[Decimal | None, Decimal | None]], method: str
) -> None:
    rubric = rubric_with(f"{{by: total, method: {method}, minimum: 3}}")
    result = score_panel(rubric, sheets_of(*rows))
    full = [*rows, *[(None, None)] * (3 - len(rows))]
    best = sheets_of(*((10 if a is None else a, 6 if b is None else b) for a, b in full))
    zero = sheets_of(*((a or 0, b or 0) for a, b in full))
    assert result.total == score_panel(rubric, zero).total
    top = result if result.at_best is None else result.at_best
    assert result.total <= top.total == score_panel(rubric, best).total
    assert result.at_worst is None  # no sections break ties


def test_pools_caps_and_rules_are_those_of_each_sheet() -> None:
    rubric = bounded_rubric("{by: total, method: mean, minimum: 2}")

    rows = [bounded_sheet("甲", 1, 4, "4", "0"), bounded_sheet("乙", 4, 9, "3", "4")]
    result = score_panel(rubric, rows)
    # P 10 - 2 - 4 = 4 and 10 - 8 - 9, 4 at least; Q 4 and 7, 5 at most: totals 8 and 9
    assert result.sections == {"P": Decimal(4), "Q": Decimal("4.5")}
    assert result.total == Decimal("8.5")
    combined = combine(rubric, rows)
    lines = list(account_table(rubric, result, combined, WORDS).rows())
    # A1 (8 + 2) / 2 = 5, A2 (6 + 1) / 2 = 3.5; B1 3.5, B2 2
    found = [(row.cells[2], row.cells[9]) for row in lines]
    assert found == [
        *[("item", 5), ("item", Decimal("3.5")), ("combined", Decimal("-4.5")), ("subtotal", 4)],
        *[("item", Decimal("3.5")), ("item", 2), ("combined", -1), ("subtotal", Decimal("4.5"))],
        ("total", Decimal("8.5")),
    ]
    counted = [cell for row in lines if isinstance(cell := row.cells[13], Decimal)]
    assert sum(counted) == result.total
    assert lines[0].cells[-1] == "乙 2、甲 8；计入总分的评分表平均 5"
    assert lines[-1].cells[-1] == "乙 9、甲 8；平均分 8.5"


def test_every_table_says_that_totals_are_combined() -> None:
    rubric = rubric_with("{by: total, method: mean, minimum: 3}", "tie_break: [S]")
    rows = sheets_of(("0.01", "0.01"), ("0", "0"), ("0", "0"))
    result = score_panel(rubric, rows)
    # totals 0.02, 0, 0: 0.01; A1 and A2 0.01 / 3 = 0
    assert result.total == Decimal("0.01")
    sheets = {"示例甲镇": combine(rubric, rows)}
    ranking = rank(rubric, [result])
    table = ranking_table(rubric, ranking, WORDS)
    (note,) = (one for one in table.notes if one.startswith("评委评分"))
    assert "先算出各评委的总分，再取平均分" in note
    (row,) = table.rows()
    names = [column.name for column in table.columns]
    assert row.cells[names.index("combined")] == "total"
    assert row.fixed == {"sections.S", "base", "total"}
    scores = scores_table(rubric, ranking, sheets, WORDS)
    assert note in scores.notes
    (row,) = scores.rows()
    assert row.cells[2:] == (0, 0, Decimal("0.01"))
    assert row.fixed == {"base", "total"}
    cells = [row.cells for row in panel_table(rubric, ranking, sheets, WORDS).rows()]
    assert cells[-1][1:] == (
        "总分",
        "评委1 0.02、评委2 0、评委3 0",
        Decimal("0.01"),
        Decimal("0.02"),
    )
    lines = list(account_table(rubric, result, sheets["示例甲镇"], WORDS).rows())
    found = [(row.cells[2], row.cells[9]) for row in lines]
    assert found == [
        *[("item", 0), ("item", 0), ("combined", Decimal("0.01"))],
        *[("subtotal", Decimal("0.01")), ("total", Decimal("0.01"))],
    ]


def test_sections_that_break_ties_are_open_while_points_are_missing() -> None:
    rubric = rubric_with(TRIMMED, "tie_break: [S]")
    result = score_panel(rubric, sheets_of(("10", "0"), ("2", "6"), ("8", None)))
    assert result.unscored == ("A2",)
    assert result.at_best is not None
    assert result.at_worst is not None
    # 10, 8 and 8 or 14 in all: 8 or 10
    assert [result.total, result.at_best.total, result.at_worst.total] == [8, 10, 8]
    assert [result.at_best.sections["S"], result.at_worst.sections["S"]] == [16, 0]


@pytest.mark.parametrize("method", ["mean", "median", "trimmed_mean"])
def test_one_item_alone_needs_no_choice(method: str) -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 10, text: 一}\n", f"panel: {{method: {method}, minimum: 3}}"
    )
    rows = [sheet(name, A1=points) for name, points in (("甲", "3"), ("乙", "4"), ("丙", "8"))]
    assert score_panel(rubric, rows).total == (5 if method == "mean" else 4)
    alone = score(rubric, rows[0])
    assert alone.total == 3
    assert Panel(method="mean", minimum=3).by is None


@pytest.mark.parametrize(("present", "absent"), [(1, 2), (2, 1), (3, 0), (4, 0)])
def test_the_spread_says_how_many_assessors_are_still_to_come(present: int, absent: int) -> None:
    rubric = rubric_with("{by: total, method: mean, minimum: 3}")
    combined = combine(rubric, sheets_of(*[("8", "4")] * present))
    whole = spread_of_totals(rubric, combined)
    assert whole is not None
    assert (whole.absent, whole.not_given) == (absent, ())
    assert whole.width == 0
    assert {spread.absent for spread in spreads(rubric, combined)} == {absent}
