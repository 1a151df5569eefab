"""Figures of sources and the whole that they come to, computed by hand."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.composites import POINTS, TOTALS, WEIGHTS

from epa_score.model.composite import Component, Composite, RankedComposite, UnitTotals
from epa_score.scoring.composite import composite_results, source_figure, total_of_figures


def component(**given: object) -> Component:
    return Component.model_validate({"name": "年终", "rubric": "a", "paths": ["a"], **given})


def composite(*sources: dict[str, object], **given: object) -> Composite:
    named = [
        {"name": name, "rubric": name, "paths": [name], **source}
        for name, source in zip("一二三", sources, strict=False)
    ]
    return Composite.model_validate({"composite": "全年", "sources": named, **given})


def whole_of(made: Composite, caps: Sequence[str], *totals: str) -> Decimal:
    """The total of a unit with these totals, several periods in a text, in each source."""
    own = {
        source.name: {"甲": UnitTotals("甲", dict(enumerate(map(Decimal, each.split()))))}  # type: ignore[arg-type]
        for source, each in zip(made.sources, totals, strict=True)
    }
    (result,) = composite_results(made, own, list(map(Decimal, caps)))
    return result.total


@pytest.mark.parametrize(
    ("totals", "cap", "out_of", "figure"),
    [
        ("87.555", "100", None, "87.555"),  # as it is
        ("108.5", "120", "120", "108.5"),  # as it stands
        ("108.5", "120", None, "108.5"),  # as it stands, without a weight
        ("108", "120", "100", "90"),
        ("108", "120", "80", "72"),
        ("27", "30", "120", "108"),
        ("28", "30", "100", "93.33"),
        ("28 27", "30", "100", "91.67"),
        ("28 27", "30", "30", "27.5"),
        ("80 81 81", "100", None, "80.67"),
        ("0.005 0", "100", None, "0"),  # 0.0025
        ("0.01 0", "100", None, "0.01"),  # 0.005 goes up
    ],
)
def test_a_figure_is_the_mean_out_of_what_is_said(
    totals: str, cap: str, out_of: str | None, figure: str
) -> None:
    given = list(map(Decimal, totals.split()))
    source = component(**({} if out_of is None else {"out_of": out_of}))
    assert source_figure(source, given, Decimal(cap), 2) == Decimal(figure)


@given(TOTALS, st.integers(0, 11), POINTS)
def test_a_figure_never_falls_when_a_total_rises(
    totals: list[Decimal], place: int, more: Decimal
) -> None:
    raised = [*totals]
    raised[place % len(totals)] += more
    cap, source = Decimal(200), component(out_of="100")
    before, after = (source_figure(source, one, cap, 2) for one in (totals, raised))
    assert 0 <= before <= after
    assert min(totals) / 2 - 1 <= before <= max(totals) / 2 + 1


@given(POINTS, POINTS, WEIGHTS)
def test_a_weighted_sum_lies_between_its_figures(one: Decimal, two: Decimal, weight: int) -> None:
    made = composite({"weight": str(weight)}, {"weight": str(100 - weight)})
    assert min(one, two) <= total_of_figures(made, [one, two]) <= max(one, two)
    assert total_of_figures(made, [one, one]) == one


@pytest.mark.parametrize(
    ("sources", "caps", "totals", "full", "whole"),
    [
        # 108 x 60% + 90 x 40% = 64.8 + 36; out of 120 x 60% + 100 x 40%
        ([("60", "120"), ("40", None)], ["120", "100"], ["108", "90"], "112", "100.8"),
        # 108 of 120 are 90 of 100: 90 x 60% + 90 x 40%
        ([("60", "100"), ("40", None)], ["120", "100"], ["108", "90"], "100", "90"),
        # 90 of 100 are 108 of 120: 108 x 50% + 80 x 50%, out of 120 x 50% + 100 x 50%
        ([("50", "120"), ("50", None)], ["100", "100"], ["90", "80"], "110", "94"),
        # 基础分 80 + 附加分 20 + 加分项 10
        ([(None, None)] * 3, ["80", "20", "10"], ["76.5", "12", "3"], "110", "91.5"),
        # 54 of 60 are 72 of 80
        ([(None, "80"), (None, None)], ["60", "20"], ["54", "12.555"], "100", "84.555"),
    ],
)
def test_the_whole_is_out_of_what_its_figures_come_to(
    sources: list[tuple[str | None, str | None]],
    caps: list[str],
    totals: list[str],
    full: str,
    whole: str,
) -> None:
    given: list[dict[str, object]] = [
        {name: value for name, value in (("weight", weight), ("out_of", out_of)) if value}
        for weight, out_of in sources
    ]
    made = composite(*given)
    assert made.full_marks(list(map(Decimal, caps))) == Decimal(full)
    assert whole_of(made, caps, *totals) == Decimal(whole)


def test_without_rubrics_every_component_is_out_of_100() -> None:
    made = RankedComposite(composite({"weight": "60", "out_of": "120"}, {"weight": "40"}))
    assert [section.max for section in made.all_sections] == [120, 100]
    assert str(made.total) == "112"


@pytest.mark.parametrize(
    ("rounding", "totals", "whole"),
    [
        # (27 + 28 + 29 + 24) / 4 / 30 x 100 = 90
        ("each", ("94.5", "27 28 29 24"), "92.7"),
        ("end", ("94.5", "27 28 29 24"), "92.7"),
        # (27 + 28) / 2 / 30 x 100 = 91.666...: 94.51 x 60% + 91.67 x 40% = 93.374
        ("each", ("94.51", "27 28"), "93.37"),
        # 56.706 + 36.6666... = 93.3726...
        ("end", ("94.51", "27 28"), "93.37"),
        # 94.52 x 60% + 91.67 x 40% = 93.38
        ("each", ("94.52", "27 28"), "93.38"),
        ("end", ("94.52", "27 28"), "93.38"),
        # 94.54 x 60% + 91.67 x 40% = 93.392; 56.724 + 36.6666... = 93.3906...
        ("each", ("94.54", "27 28"), "93.39"),
        # 94.545 x 60% = 56.727; + 36.668 = 93.395; + 36.6666... = 93.3936...
        ("each", ("94.545", "27 28"), "93.4"),
        ("end", ("94.545", "27 28"), "93.39"),
    ],
)
def test_the_whole_of_rounded_or_unrounded_figures(
    rounding: str, totals: tuple[str, str], whole: str
) -> None:
    made = composite({"weight": "60"}, {"weight": "40", "out_of": "100"}, rounding=rounding)
    assert whole_of(made, ["100", "30"], *totals) == Decimal(whole)


@pytest.mark.parametrize(("rounding", "whole"), [("each", "92.98"), ("end", "92.97")])
def test_the_example_of_the_message_and_of_the_page(rounding: str, whole: str) -> None:
    mean: dict[str, object] = {"weight": "40", "each_period": "mean"}
    made = composite({"weight": "60"}, mean, rounding=rounding)
    assert whole_of(made, ["100", "100"], "94.54", "91 90 91 90.5") == Decimal(whole)


@pytest.mark.parametrize(("rounding", "whole"), [("each", "46.68"), ("end", "46.67")])
def test_a_sum_of_two_means(rounding: str, whole: str) -> None:
    # 70 / 3 = 23.333..., printed as 23.33; 23.345 is printed as 23.35
    made = composite({"each_period": "mean"}, {"each_period": "mean"}, rounding=rounding)
    totals = "20 25 25", "23.34 23.35"
    assert (
        whole_of(made, ["30", "30"], *totals)
        == {
            "each": Decimal("23.33") + Decimal("23.35"),
            "end": Decimal("46.68"),  # 46.678333...
        }[rounding]
    )
    totals = "23.34 23.35", "23.32 23.33"  # 23.345 + 23.325 = 46.67
    assert whole_of(made, ["30", "30"], *totals) == Decimal(whole)


@given(st.lists(st.lists(POINTS, min_size=1, max_size=4), min_size=1, max_size=3), st.data())
def test_at_the_end_the_whole_is_the_nearest_to_the_exact_one(
    totals: list[list[Decimal]], data: st.DataObject
) -> None:
    weights = [data.draw(st.integers(1, 200)) for _ in totals]
    outs = [data.draw(st.sampled_from(["80", "100", "120"])) for _ in totals]
    sources: list[dict[str, object]] = [
        {"weight": str(weight), "out_of": out} for weight, out in zip(weights, outs, strict=True)
    ]
    made = composite(*sources, rounding="end")
    exact = sum(
        Fraction(sum(own)) / len(own) * Fraction(out) / 100 * weight / 100
        for own, out, weight in zip(totals, outs, weights, strict=True)
    )
    own = [" ".join(map(str, each)) for each in totals]
    found = whole_of(made, ["100"] * len(totals), *own)
    assert abs(Fraction(found) - exact) * 100 <= Fraction(1, 2)
    assert found == round(found, 2)


def test_a_unit_that_a_source_lacks_has_no_result() -> None:
    sources: list[dict[str, Any]] = [{"weight": "50"}] * 2
    both = {"甲": UnitTotals("甲", {None: Decimal(80)})}
    more = both | {"乙": UnitTotals("乙", {None: Decimal(90)})}
    for totals in ({"一": more, "二": both}, {"一": both, "二": more}):
        found = composite_results(composite(*sources), totals, [Decimal(100)] * 2)
        assert [(one.unit, one.total) for one in found] == [("甲", Decimal(80))]
