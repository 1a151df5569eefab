""""""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import SMALL, HandIn, Run
from tests.support.rubrics import read_rubric, rubric_of_items

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.i18n import Words
from epa_score.reports.columns import ResultList, final_figures
from epa_score.scoring import Ranking, Ties

POINTS = st.integers(0, 1000).map(lambda cents: Decimal(cents) / 100)


TOTALS = st.lists(POINTS, min_size=1, max_size=8)


def rubric_with(*lines: str) -> Rubric:
    return rubric_of_items("- {id: A1, max: 10, text: 台账}\n", *lines)


def ranking_of(rubric: Rubric, *totals: str | Decimal, ties: Ties = "competition") -> Ranking:
    sheets = [
        ScoreSheet.model_validate({"rubric": "county", "unit": f"{n}镇", "scores": {"A1": one}})
        for n, one in enumerate(totals)
    ]
    return rank(rubric, [score(rubric, one) for one in sheets], ties=ties)


@pytest.mark.parametrize(
    ("totals", "best", "scaled"),
    [
        ("8 6 4", "100", "100 75 50"),
        ("9 6", "100", "100 66.67"),
        ("8 1.01", "10", "10 1.26"),  # 1.2625
        ("8 0.3", "1", "1 0.04"),  # 0.0375 goes up
        ("0 0", "100", "0 0"),
        ("10 0", "40", "40 0"),
    ],
)
def test_the_best_total_becomes_the_best_figure(totals: str, best: str, scaled: str) -> None:
    rubric = rubric_with(f"scale: {{best: {best}}}")
    found = [one.scaled for one in ranking_of(rubric, *totals.split()).placings]
    assert found == list(map(Decimal, scaled.split()))


@given(TOTALS, st.integers(1, 20000))
def test_scaled_figures_keep_the_order_and_stay_within_the_best(
    totals: list[Decimal], best: int
) -> None:
    rubric = rubric_with(f"scale: {{best: {Decimal(best) / 100}}}")
    placings = ranking_of(rubric, *totals).placings
    figures = [one.scaled for one in placings if one.scaled is not None]
    assert figures == sorted(figures, reverse=True)
    assert figures[0] == (Decimal(best) / 100 if any(totals) else 0)
    assert all(
        one.scaled == (one.scaled or Decimal(0)).quantize(Decimal("0.01")) for one in placings
    )


def test_units_that_share_a_rank_have_its_points() -> None:
    rubric = rubric_with("rank_points: [10, 8, 6, 5]")
    placings = ranking_of(rubric, "9", "8", "8", "7", "6").placings
    assert [one.rank_points for one in placings] == [10, 8, 8, 5, 0]
    placings = ranking_of(rubric, "9", "8", "8", "7", "6", ties="dense").placings
    assert [one.rank_points for one in placings] == [10, 8, 8, 6, 5]


@given(TOTALS, st.lists(POINTS, min_size=1, max_size=5))
def test_a_better_total_never_has_fewer_rank_points(
    totals: list[Decimal], points: list[Decimal]
) -> None:
    listed = ", ".join(map(str, sorted(points, reverse=True)))
    rubric = rubric_with(f"rank_points: [{listed}]")
    found = [one.rank_points or Decimal(0) for one in ranking_of(rubric, *totals).placings]
    assert found == sorted(found, reverse=True)
    assert found[0] == max(points)


def test_rubrics_without_them_have_no_such_figures() -> None:
    (placing,) = ranking_of(rubric_with(), "9").placings
    assert (placing.scaled, placing.rank_points) == (None, None)


@pytest.mark.parametrize(
    "lines",
    [[], ["scale: {best: 100}"], ["rank_points: [3]"], ["scale: {best: 100}", "rank_points: [3]"]],
)
def test_each_figure_has_its_column_its_note_and_its_account(lines: list[str]) -> None:
    rubric, words = rubric_with(*lines), Words("en")
    ranking = ranking_of(rubric, "9")
    (placing,) = ranking.placings
    names = [line.partition(":")[0].replace("scale", "scaled") for line in lines]
    listed = ResultList(rubric, [placing.result], words, ranking)
    assert [field.column.name for field in final_figures.fields(listed)] == names
    assert len(list(final_figures.notes(listed))) == len(names)
    assert len(list(final_figures.figures_account(rubric, placing, placing, words))) == len(names)


def test_nobody_is_ranked_and_nothing_is_scaled() -> None:
    assert rank(rubric_with("scale: {best: 100}"), []).placings == ()


def test_more_ranks_than_a_formula_takes_keep_their_points() -> None:
    many = rubric_with(f"rank_points: [{', '.join(['1'] * 255)}]")
    ranking = ranking_of(many, "9")
    (field,) = final_figures.fields(ResultList(many, [], Words("en"), ranking))
    assert field.column.live is None


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("scale: {best: 0}", ["EPA208"]),
        ("scale: {best: -1}", ["EPA108"]),
        ("scale: {best: 1.234}", ["EPA244"]),
        ("scale: {}", ["EPA021"]),
        ("scale: 100", ["EPA022"]),
        ("scale: {best: 100, worst: 0}", ["EPA020"]),
        ("rank_points: [10, 8.005]", ["EPA244"]),
        ("rank_points: [10, 10, 11]", ["EPA243"]),
        ("rank_points: [10, x]", ["EPA106"]),
        ("rank_points: 10", ["EPA022"]),
    ],
)
def test_these_lines_are_refused(line: str, codes: list[str]) -> None:
    found = read_rubric(SMALL + f"{line}\n")
    assert [one.kind.code for one in found.diagnostics] == codes


def test_excluded_units_are_not_the_best_and_have_no_figures(small: HandIn, run: Run) -> None:
    more = "scale: {best: 100}\nrank_points: [5, 3]\n"
    more += "veto: [{id: V1, text: 发生事故, effect: exclude}]\n"
    Path("rubrics/small.yaml").write_text(SMALL + more, "utf-8")
    small("甲镇", "A1: 2, A2: 4, B1: 4", "veto: {V1: 库房火灾}")
    small("乙镇", "A1: 2, A2: 3, B1: 3")
    best, excluded = json.loads(run("rank", "--format", "json").text)
    assert [best[name] for name in ("unit", "scaled", "rank_points")] == ["乙镇", "100", "5"]
    assert [excluded[name] for name in ("unit", "scaled", "rank_points")] == ["甲镇", None, None]
