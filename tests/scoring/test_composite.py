""""""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.composites import POINTS, TOTALS, WEIGHTS

from epa_score.model.composite import Composite, UnitTotals
from epa_score.scoring.composite import composite_results, source_figure, weighted_sum


@pytest.mark.parametrize(
    ("totals", "cap", "figure"),
    [
        ("87.555", 100, "87.555"),  # as it is
        ("28", 30, "93.33"),
        ("28 27", 30, "91.67"),
        ("80 81 81", 100, "80.67"),
        ("0.005 0", 100, "0"),  # 0.0025
        ("0.01 0", 100, "0.01"),  # 0.005 goes up
    ],
)
def test_a_figure_is_the_mean_out_of_100(totals: str, cap: int, figure: str) -> None:
    given = list(map(Decimal, totals.split()))
    assert source_figure(given, Decimal(cap), 2) == Decimal(figure)


@given(TOTALS, st.integers(0, 11), POINTS)
def test_a_figure_never_falls_when_a_total_rises(
    totals: list[Decimal], place: int, more: Decimal
) -> None:
    raised = [*totals]
    raised[place % len(totals)] += more
    cap = Decimal(200)
    before, after = (source_figure(one, cap, 2) for one in (totals, raised))
    assert 0 <= before <= after
    assert min(totals) / 2 - 1 <= before <= max(totals) / 2 + 1


@given(POINTS, POINTS, WEIGHTS)
def test_a_weighted_sum_lies_between_its_figures(one: Decimal, two: Decimal, weight: int) -> None:
    found = weighted_sum([one, two], [Decimal(weight), Decimal(100 - weight)], 2)
    assert min(one, two) <= found <= max(one, two)
    assert weighted_sum([one, one], [Decimal(weight), Decimal(100 - weight)], 2) == one


def test_a_unit_that_a_source_lacks_has_no_result() -> None:
    sources = [
        {"name": name, "weight": "50", "rubric": "a", "paths": ["a"]} for name in ("一", "二")
    ]
    composite = Composite.model_validate({"composite": "全年", "sources": sources})
    both = {"甲": UnitTotals("甲", {None: Decimal(80)})}
    more = both | {"乙": UnitTotals("乙", {None: Decimal(90)})}
    for totals in ({"一": more, "二": both}, {"一": both, "二": more}):
        found = composite_results(composite, totals, [Decimal(100)] * 2)
        assert [(one.unit, one.total) for one in found] == [("甲", Decimal(80))]
