""""""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.panels import ITEMS, bounded_rubric, bounded_sheet, rubric_with, sheet
from tests.support.rubrics import rubric_of_items

from epa_score import ScoreSheet, rank, score, score_panel
from epa_score.cli.sheet_store import dump_sheet, restore_sheet
from epa_score.exporters.yaml import yaml_sheet
from epa_score.model.rubric_options import Panel
from epa_score.scoring.panel import combine, combined_points, spreads

GRAINS = st.integers(0, 1000).map(lambda cents: Decimal(cents) / 100)

GIVEN = st.lists(GRAINS, min_size=3, max_size=7)

METHODS = st.sampled_from(["mean", "median", "trimmed_mean"])


def panel_of(method: str = "mean", minimum: int = 3) -> Panel:
    return Panel.model_validate({"method": method, "minimum": minimum})


# --- one item ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "points", "expected"),
    [
        ("mean", "8 8 9", "8.33"),
        ("mean", "0.01 0.02", "0.02"),  # 0.015 goes up
        ("median", "1 9 7", "7"),
        ("median", "1 9 7 6.5", "6.75"),
        ("median", "5", "5"),
        ("trimmed_mean", "1 9 7 8.5", "7.75"),
        ("trimmed_mean", "0 10 10 10 0", "6.67"),
    ],
)
def test_points_are_combined_as_the_method_says(method: str, points: str, expected: str) -> None:
    given = list(map(Decimal, points.split()))
    assert combined_points(panel_of(method), given, 2) == Decimal(expected)


@given(METHODS, GIVEN, st.integers(0, 4), st.randoms(use_true_random=False))
def test_combined_points_lie_between_the_lowest_and_the_highest(
    method: str, points: list[Decimal], decimals: int, chance: Any
) -> None:
    points = [round(one, min(decimals, 2)) for one in points]
    combined = combined_points(panel_of(method), points, decimals)
    assert min(points) <= combined <= max(points)
    assert combined == round(combined, decimals)
    shuffled = [*points]
    chance.shuffle(shuffled)
    assert combined_points(panel_of(method), shuffled, decimals) == combined


@given(METHODS, GIVEN, st.data())
def test_combined_points_never_fall_when_an_assessor_gives_more(
    method: str, points: list[Decimal], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(points) - 1))
    more = [*points]
    more[place] += data.draw(GRAINS)
    panel = panel_of(method)
    assert combined_points(panel, more, 2) >= combined_points(panel, points, 2)


# --- one unit ----------------------------------------------------------------------------------


def test_sections_and_total_add_up_the_combined_points() -> None:
    rubric = rubric_with()
    sheets = [sheet("甲", A1="8", A2="5"), sheet("乙", A1="8", A2="5"), sheet("丙", A1="9", A2="6")]
    result = score_panel(rubric, sheets)
    assert result.total == result.sections["S"] == Decimal("8.33") + Decimal("5.33")
    assert (result.assessors, result.unscored, result.at_best) == (3, (), None)
    assert score_panel(rubric, sheets[::-1]) == result


def test_pools_and_capped_sections_bound_the_combined_points() -> None:
    rubric = bounded_rubric("{method: mean, by: item, minimum: 2}")

    result = score_panel(
        rubric, [bounded_sheet("甲", 1, 4, "4", "0"), bounded_sheet("乙", 2, 1, "3", "4")]
    )
    # A1 (8 + 6) / 2 = 7, A2 (6 + 9) / 2 = 7.5: 10 - 3 - 2.5 = 4.5; B1 3.5 + B2 2 = 5.5, at most 5
    assert result.sections == {"P": Decimal("4.5"), "Q": Decimal(5)}


def test_sections_that_break_ties_are_known_where_items_are_combined() -> None:
    rubric = rubric_of_items(ITEMS, "panel: {method: mean, by: item, minimum: 2}", "tie_break: [S]")
    result = score_panel(rubric, [sheet("甲", A1="9", A2="3")])
    # A1 9 / 2 and 19 / 2, A2 3 / 2 and 9 / 2
    assert result.total == result.sections["S"] == 6
    assert result.at_best is not None
    assert result.at_best.total == result.at_best.sections["S"] == 14
    assert result.at_worst is None


def test_what_is_missing_counts_0_and_full_marks_at_best() -> None:
    rubric = rubric_with()
    two = [sheet("甲", A1="9", A2="3"), sheet("乙", A1="6", A2=None)]
    result = score_panel(rubric, two)
    assert result.unscored == ("A1", "A2")
    assert result.total == Decimal(5) + Decimal(1)
    assert result.at_best is not None
    assert result.at_best.total == Decimal("8.33") + Decimal(5)
    three = [*two, sheet("丙", A1="9", A2=None)]
    result = score_panel(rubric, three)
    assert result.unscored == ("A2",)
    assert result.total == Decimal(8) + Decimal(1)


def test_an_item_that_nobody_has_scored_has_no_points() -> None:
    rubric = rubric_with()
    combined = combine(rubric, [sheet(name, A1="9") for name in "甲乙丙"])
    assert dict(combined.points) == {"A1": Decimal(9)}
    assert [one.item for one in spreads(rubric, combined)] == ["A1"]
    assert combined.open_items == ("A2",)
    result = score_panel(rubric, combined.sheets)
    assert result.total == 9
    assert result.at_best is not None
    assert result.at_best.total == 15


@given(st.lists(st.tuples(*[st.none() | GRAINS] * 2), min_size=1, max_size=4), METHODS)
def test_a_provisional_total_is_between_what_can_still_come(
    given_points: Sequence[tuple[Decimal | None, Decimal | None]], method: str
) -> None:
    rubric = rubric_with(f"{{by: item, method: {method}, minimum: 3}}")
    rows = [(one, None if two is None else min(two, Decimal(6))) for one, two in given_points]
    sheets = [sheet(f"{n}", A1=one, A2=two) for n, (one, two) in enumerate(rows)]
    result = score_panel(rubric, sheets)
    full = [*rows, *[(None, None)] * (3 - len(rows))]
    best = [sheet(f"{n}", A1=one or 10, A2=two or 6) for n, (one, two) in enumerate(full)]
    zero = [sheet(f"{n}", A1=one or 0, A2=two or 0) for n, (one, two) in enumerate(full)]
    assert result.total == score_panel(rubric, zero).total
    top = result if result.at_best is None else result.at_best
    assert result.total <= top.total <= score_panel(rubric, best).total <= rubric.total


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [sheet(None, A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet("甲 ", A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet("甲\u200b", A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet(None, A1="1", A2="1")],
        [sheet("甲", A1="1", A2="1"), sheet("乙", "示例乙镇", A1="1", A2="1")],
        [sheet("甲", A1="11", A2="1")],
        [sheet("甲", A1="1", A2="1", A3="1")],
    ],
)
def test_sheets_that_do_not_go_together_are_refused(sheets: list[ScoreSheet]) -> None:
    for combined in (score_panel, combine):
        with pytest.raises(ValueError, match=r"county|示例"):
            combined(rubric_with(), sheets)


def test_a_rubric_without_a_panel_combines_nothing() -> None:
    with pytest.raises(ValueError, match="no panel"):
        score_panel(rubric_of_items(ITEMS), [sheet("甲", A1="1", A2="1")])


def test_the_result_of_one_assessor_is_not_ranked() -> None:
    rubric = rubric_with()
    alone = score(rubric, sheet("甲", A1="1", A2="1"))
    with pytest.raises(ValueError, match="of one assessor"):
        rank(rubric, [alone], provisional=True)
    few = score_panel(rubric, [sheet("甲", A1="1", A2="1")])
    with pytest.raises(ValueError, match="unscored"):
        rank(rubric, [few])
    assert rank(rubric, [few], provisional=True).provisional


def test_a_sheet_comes_back_with_its_assessor() -> None:
    given_sheet = sheet("第一组", A1="1.5", A2="2")
    assert restore_sheet(dump_sheet(given_sheet)) == given_sheet
    assert "assessor: 第一组\n" in yaml_sheet(given_sheet)
