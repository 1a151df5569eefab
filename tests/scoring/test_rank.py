"""Who stands where, checked by counting: a rank is one more than the number of better units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.rubrics import sound, unchecked_sheet

from epa_score.model import Rubric, ScoreSheet
from epa_score.scoring import Placing, Ranking, Result, Ties, rank, score

RUBRIC = """
id: drawn
title: 抽样
total: 8
sections:
  - id: A
    title: 甲
    max: 4
    items:
      - {id: A1, max: 2, text: 一}
      - {id: A2, max: 2, text: 二}
  - id: B
    title: 乙
    max: 4
    sections:
      - {id: C, title: 丙, max: 3, items: [{id: C1, max: 3, text: 三}]}
      - {id: D, title: 丁, max: 1, items: [{id: D1, max: 1, text: 四}]}
decimals: 0
"""
CAPS = {"A1": 2, "A2": 2, "C1": 3, "D1": 1}
ITEMS = {"A": ["A1", "A2"], "B": ["C1", "D1"], "C": ["C1"], "D": ["D1"]}
NAMES = ("丙镇", "乙镇", "甲镇", "a镇", "B镇", "c镇", "Ｄ镇", "é镇")

Points = tuple[int | None, ...]


@dataclass(frozen=True)
class Field:
    """The units to be ranked with the points that each was given, and the rule for ties."""

    given: dict[str, Points]
    tie_break: tuple[str, ...] = ()
    roster: tuple[str, ...] = ()

    @property
    def rubric(self) -> Rubric:
        lists = {"tie_break": self.tie_break, "units": self.roster}
        more = "".join(f"{name}: [{', '.join(own)}]\n" for name, own in lists.items() if own)
        return sound(RUBRIC + more)

    @property
    def results(self) -> list[Result]:
        rubric = self.rubric
        return [score(rubric, sheet(unit, points)) for unit, points in self.given.items()]

    def ranking(self, ties: Ties = "competition") -> Ranking:
        return rank(self.rubric, self.results, ties=ties, provisional=True)

    def key(self, points: Points) -> tuple[int, ...]:
        """What a unit is compared by: its total, then its tie-break sections."""
        amounts = dict(zip(CAPS, (one or 0 for one in points), strict=True))
        parts = [[amounts[item] for item in ITEMS[name]] for name in self.tie_break]
        return (sum(amounts.values()), *map(sum, parts))

    def ranks(self, given_points: dict[str, Points]) -> dict[str, int]:
        """Everybody's rank by counting."""
        keys = {unit: self.key(points) for unit, points in given_points.items()}
        return {unit: 1 + sum(other > key for other in keys.values()) for unit, key in keys.items()}


def sheet(unit: str, points: Sequence[int | None], more: str = "") -> ScoreSheet:
    scores = ", ".join(
        f"{item}: {'~' if one is None else one}" for item, one in zip(CAPS, points, strict=True)
    )
    return unchecked_sheet(f"{{rubric: drawn, unit: {unit}, {more} scores: {{{scores}}}}}")


def placings(ranking: Ranking) -> dict[str, Placing]:
    return {one.result.unit: one for one in ranking.placings}


def units(ranking: Ranking) -> list[str]:
    return [one.result.unit for one in ranking.placings]


def points_of(*, complete: bool) -> st.SearchStrategy[Points]:
    amounts = (st.integers(0, cap) for cap in CAPS.values())
    return st.tuples(*(one if complete else one | st.none() for one in amounts))


@st.composite
def fields(draw: st.DrawFn, *, complete: bool = True, most: int = len(NAMES)) -> Field:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=most, unique=True))
    given_points = {name: draw(points_of(complete=complete)) for name in names}
    tie_break = draw(st.lists(st.sampled_from(sorted(ITEMS)), max_size=3, unique=True))
    roster = draw(st.permutations(NAMES)) if draw(st.booleans()) else ()
    return Field(given_points, tuple(tie_break), tuple(roster))


# --- ranks -----------------------------------------------------------------------------------


@given(fields())
def test_a_rank_is_one_more_than_the_number_of_better_units(field: Field) -> None:
    ranking = field.ranking()
    assert {name: one.rank for name, one in placings(ranking).items()} == field.ranks(field.given)
    assert (ranking.ties, ranking.tie_break, ranking.provisional) == (
        "competition",
        field.tie_break,
        False,
    )


@given(fields())
def test_a_dense_rank_is_one_more_than_the_number_of_better_amounts(field: Field) -> None:
    keys = {name: field.key(points) for name, points in field.given.items()}
    expected = {
        name: 1 + len({other for other in keys.values() if other > key})
        for name, key in keys.items()
    }
    ranking = field.ranking("dense")
    assert {name: one.rank for name, one in placings(ranking).items()} == expected
    assert ranking.ties == "dense"


@given(fields())
def test_units_are_tied_where_nothing_that_is_compared_differs(field: Field) -> None:
    keys = [field.key(points) for points in field.given.values()]
    expected = {name: keys.count(field.key(points)) > 1 for name, points in field.given.items()}
    assert {name: one.tied for name, one in placings(field.ranking()).items()} == expected


@given(fields(complete=False))
def test_units_stand_by_rank_then_by_roster_then_by_name(field: Field) -> None:
    ranks = field.ranks(field.given)
    order = field.roster or tuple(sorted(NAMES))
    assert units(field.ranking()) == sorted(
        field.given, key=lambda name: (ranks[name], order.index(name))
    )


@given(fields(complete=False), st.data())
def test_the_order_of_the_sheets_changes_nothing(field: Field, data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(field.given)))
    other = replace(field, given={name: field.given[name] for name in order})
    assert field.ranking() == other.ranking()
    assert field.ranking("dense") == other.ranking("dense")


@given(fields(), st.data())
def test_raising_a_score_never_costs_a_unit_its_rank(field: Field, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(field.given)))
    raised = tuple(
        data.draw(st.integers(one or 0, cap))
        for one, cap in zip(field.given[name], CAPS.values(), strict=True)
    )
    before = placings(field.ranking())
    after = placings(replace(field, given=field.given | {name: raised}).ranking())
    assert after[name].rank <= before[name].rank
    assert all(after[other].rank >= before[other].rank for other in field.given if other != name)


@given(fields(), st.sampled_from(["competition", "dense"]))
def test_ranks_begin_at_one_and_follow_the_totals(field: Field, ties: Ties) -> None:
    shown = field.ranking(ties).placings
    assert shown[0].rank == 1
    ranks = [one.rank for one in shown]
    totals = [one.result.total for one in shown]
    assert ranks == sorted(ranks)
    assert totals == sorted(totals, reverse=True)


# --- provisional ranks -----------------------------------------------------------------------


@settings(max_examples=60)
@given(fields(complete=False, most=4))
def test_best_and_worst_are_the_ranks_that_a_unit_can_still_reach(field: Field) -> None:
    choices = {
        (name, item): range(cap + 1)
        for name, points in field.given.items()
        for (item, cap), one in zip(CAPS.items(), points, strict=True)
        if one is None
    }
    assume(1 <= len(choices) <= 4)
    reached: dict[str, set[int]] = {name: set() for name in field.given}
    for amounts in product(*choices.values()):
        filled = dict(zip(choices, amounts, strict=True))
        complete = {
            name: tuple(
                filled.get((name, item), one) for item, one in zip(CAPS, points, strict=True)
            )
            for name, points in field.given.items()
        }
        for name, place in field.ranks(complete).items():
            reached[name].add(place)
    ranking = field.ranking()
    assert ranking.provisional
    assert {name: (one.best, one.worst) for name, one in placings(ranking).items()} == {
        name: (min(places), max(places)) for name, places in reached.items()
    }


@given(fields(complete=False))
def test_a_provisional_rank_is_the_one_without_the_unscored_items(field: Field) -> None:
    ranking = field.ranking()
    assert {name: one.rank for name, one in placings(ranking).items()} == field.ranks(field.given)
    assert all(one.best <= one.rank <= one.worst for one in ranking.placings)
    assert ranking.provisional == any(None in points for points in field.given.values())


@given(fields())
def test_what_is_complete_can_reach_no_other_rank(field: Field) -> None:
    assert all(one.best == one.rank == one.worst for one in field.ranking().placings)


# --- by hand ---------------------------------------------------------------------------------


def by_hand(totals: dict[str, int], more: str = "", ties: Ties = "competition") -> list[str]:
    """Units with their ranks, in order, from totals alone."""
    rubric = sound(RUBRIC + more)
    results = [
        score(rubric, sheet(name, (min(total, 2), max(total - 2, 0), 0, 0)))
        for name, total in totals.items()
    ]
    return [f"{one.rank} {one.result.unit}" for one in rank(rubric, results, ties=ties).placings]


TOTALS = {"甲镇": 2, "乙镇": 3, "丙镇": 1, "丁镇": 3, "戊镇": 4}


def test_equal_totals_share_a_rank_and_the_next_ranks_are_skipped() -> None:
    assert by_hand(TOTALS) == ["1 戊镇", "2 丁镇", "2 乙镇", "4 甲镇", "5 丙镇"]


def test_dense_ranks_skip_none() -> None:
    assert by_hand(TOTALS, ties="dense") == ["1 戊镇", "2 丁镇", "2 乙镇", "3 甲镇", "4 丙镇"]


def test_the_roster_orders_units_of_one_rank() -> None:
    roster = "units: [乙镇, 甲镇, 丙镇, 丁镇, 戊镇]"
    assert by_hand(TOTALS, roster) == ["1 戊镇", "2 乙镇", "2 丁镇", "4 甲镇", "5 丙镇"]


def test_nobody_is_ranked_where_there_is_no_result() -> None:
    nobody = rank(sound(RUBRIC), [])
    assert nobody == Ranking((), "competition", (), provisional=False, code=nobody.code)


def test_totals_that_are_written_differently_are_equal() -> None:
    rubric = sound(RUBRIC)
    texts = ("2, A2: 0, C1: 0", "2.00, A2: 0, C1: 0.0")
    results = [
        score(
            rubric,
            unchecked_sheet(f"{{rubric: drawn, unit: {unit}, scores: {{A1: {text}, D1: 0}}}}"),
        )
        for unit, text in zip(("甲镇", "乙镇"), texts, strict=True)
    ]
    assert [str(one.total) for one in results] == ["2", "2.00"]
    assert [one.rank for one in rank(rubric, results).placings] == [1, 1]


# --- what is not ranked ----------------------------------------------------------------------


def test_unscored_items_are_ranked_on_demand_only() -> None:
    rubric = sound(RUBRIC)
    results = [score(rubric, sheet("甲镇", (2, None, 3, None)))]
    with pytest.raises(ValueError, match=r"甲镇.*A2, D1"):
        rank(rubric, results)
    assert rank(rubric, results, provisional=True).provisional


def test_results_of_several_periods_are_not_ranked_together() -> None:
    rubric = sound(RUBRIC)
    periods = ['period: "2018",', 'period: "2019",', ""]
    results = [
        score(rubric, sheet(name, (1, 1, 1, 1), period))
        for name, period in zip(NAMES, periods, strict=False)
    ]
    for two in (results[:2], results[1:]):
        with pytest.raises(ValueError, match="several periods"):
            rank(rubric, two)
    assert len(rank(rubric, results[:1]).placings) == 1


@pytest.mark.parametrize("other", ["甲镇", "Ｔ公司"])
def test_a_unit_is_ranked_once(other: str) -> None:
    rubric = sound(RUBRIC)
    names = ["甲镇", "t公司", other]
    results = [score(rubric, sheet(name, (1, 1, 1, 1))) for name in names]
    with pytest.raises(ValueError, match="twice"):
        rank(rubric, results)


def test_results_of_another_rubric_are_not_ranked() -> None:
    rubric = sound(RUBRIC)
    other = sound(RUBRIC.replace("id: drawn", "id: other"))
    results = [score(rubric, sheet("甲镇", (1, 1, 1, 1)))]
    with pytest.raises(ValueError, match="other"):
        rank(other, results)
