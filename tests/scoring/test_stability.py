"""How firm ranks are: beside every way to change points, weights and sections, tried one by one."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from tests.support.drawn import Drawn, draw
from tests.support.paths import ROOT
from tests.support.rubrics import rubric_of_sections

from epa_score import Ranking, Result, Rubric, ScoreSheet
from epa_score.scoring import rank, score
from epa_score.scoring import stability as module
from epa_score.scoring.stability import Firmness, Stability, stability

SECTIONS = """\
- id: A
  title: 日常
  max: 4
  items:
    - {id: A1, max: 2, text: 一}
    - {id: A2, max: 2, text: 二, not_applicable: exclude}
- id: B
  title: 重点
  max: 3
  sections:
    - id: C
      title: 人
      max: 2
      items:
        - {id: C1, max: 2, text: 三}
    - id: D
      title: 物
      max: 1
      capped: true
      items:
        - {id: D1, max: 1, text: 四}
        - {id: D2, max: 1, text: 五}
- id: E
  title: 任务
  max: 4
  items:
    - {id: E1, max: 2, text: 六, rule: {ratio: {target: 3}}}
    - {id: E2, max: 2, text: 七, not_applicable: rescale}
"""
PENALTY = "adjustments: {penalty: {items: [{id: K1, text: 通报, each: 3}]}}"
TIE_BREAKS = ("[A]", "[B, A]", "[C, E]", "[E, C, B]", "[D, C]")
MOVABLE = ("A1", "A2", "C1", "E2")
NO = {"not_applicable": "没有这项工作"}


def small_rubric(random: Random) -> Rubric:
    more = ["decimals: 2", "step: 1"]
    if random.random() < 0.8:
        more.append(f"tie_break: {random.choice(TIE_BREAKS)}")
    if random.random() < 0.3:
        more.append(PENALTY)
    return rubric_of_sections(SECTIONS, *more)


def small_sheet(random: Random, rubric: Rubric, unit: str) -> ScoreSheet:
    scores: dict[str, Any] = {name: random.randint(0, 2) for name in ("A1", "A2", "C1", "E2")}
    scores |= {"D1": random.randint(0, 1), "D2": random.randint(0, 1)}
    scores["E1"] = {"done": random.choice([0, 1, 3])}
    for name in ("A2", "E2"):
        if random.random() < 0.2:
            scores[name] = NO
    fields: dict[str, Any] = {"rubric": rubric.id, "unit": unit, "scores": scores}
    if rubric.adjustments is not None and random.random() < 0.4:
        fields["adjustments"] = {"K1": ["通报"]}
    return ScoreSheet.model_validate(fields)


def ranking_of(rubric: Rubric, sheets: Mapping[str, ScoreSheet]) -> Ranking:
    return rank(rubric, [score(rubric, sheet) for sheet in sheets.values()])


def changes(sheet: ScoreSheet, *, stays: bool) -> list[tuple[int, ScoreSheet]]:
    """Every sheet with other judged points, and how many points it takes."""
    movable = [name for name in MOVABLE if sheet.score(name).not_applicable is None]
    own = {name: int(sheet.score(name).score or 0) for name in movable}
    if stays:
        return [(0, sheet)]
    fields = sheet.model_dump(warnings=False)
    found = []
    for points in product(range(3), repeat=len(movable)):
        given = dict(zip(movable, points, strict=True))
        scores = {**fields["scores"], **given}
        changed = ScoreSheet.model_validate({**fields, "scores": scores})
        found.append((sum(abs(given[name] - own[name]) for name in movable), changed))
    return found


def fewest(rubric: Rubric, own: ScoreSheet, above: ScoreSheet, *, alone: bool) -> Decimal | None:
    """The fewest points that bring a unit before another one, of all ways to change them."""
    mine = [(cost, score(rubric, sheet)) for cost, sheet in changes(own, stays=False)]
    theirs = [(cost, score(rubric, sheet)) for cost, sheet in changes(above, stays=alone)]

    def key(result: Result) -> tuple[Decimal, ...]:
        return (result.total, *(result.sections[name] for name in rubric.tie_break))

    costs = [
        cost + other
        for (cost, result), (other, rival) in product(mine, theirs)
        if key(result) > key(rival)
    ]
    return Decimal(min(costs)) if costs else None


@pytest.mark.parametrize("seed", range(40))
def test_the_stated_points_swap_two_units_and_fewer_do_not(seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- the same in every run
    rubric = small_rubric(random)
    sheets = {name: small_sheet(random, rubric, name) for name in ("甲镇", "乙镇", "丙镇")}
    found = stability(rubric, ranking_of(rubric, sheets), sheets)
    assert found.has_swaps
    held = {one.placing.result.unit for one in found.units if one.placing.result.total == 0}
    for unit in found.units:
        name = unit.placing.result.unit
        if unit.above is None:
            assert (unit.swap, unit.raised) == (None, None)
        elif not {name, unit.above} & held:
            sides = sheets[name], sheets[unit.above]
            assert unit.swap == fewest(rubric, *sides, alone=False)
            assert unit.raised == fewest(rubric, *sides, alone=True)


def test_swaps_that_caps_leave_no_room_for_are_none() -> None:
    rubric = rubric_of_sections(SECTIONS, "step: 1")
    full = {"A1": 2, "A2": 2, "C1": 2, "D1": 1, "D2": 1, "E1": {"done": 3}, "E2": 2}
    late = full | {"E1": {"done": 0}}
    sheets = {
        name: ScoreSheet.model_validate({"rubric": rubric.id, "unit": name, "scores": scores})
        for name, scores in {"甲镇": full, "乙镇": late, "丙镇": late | {"A1": 1}}.items()
    }
    _, second, third = stability(rubric, ranking_of(rubric, sheets), sheets).units
    assert [second.margin_above, second.swap, second.raised] == [2, 3, None]
    assert [third.margin_above, third.swap, third.raised] == [1, 2, None]


@pytest.mark.parametrize(
    ("tie_break", "late", "raised"),
    [
        ("[A]", {"A1": 0, "D1": 0, "D2": 0}, 2),
        ("[C]", {"A1": 1, "E1": {"done": 0}}, 1),
        ("[A]", {"A1": 1, "E1": {"done": 0}}, None),
    ],
)
def test_a_unit_may_need_all_the_room_that_its_caps_leave(
    tie_break: str, late: dict[str, Any], raised: int | None
) -> None:
    rubric = rubric_of_sections(SECTIONS, "step: 1", f"tie_break: {tie_break}")
    full = {"A1": 2, "A2": 2, "C1": 2, "D1": 1, "D2": 1, "E1": {"done": 3}, "E2": 2}
    sheets = {
        name: ScoreSheet.model_validate({"rubric": rubric.id, "unit": name, "scores": scores})
        for name, scores in {"甲镇": full | {"C1": 0}, "乙镇": full | late}.items()
    }
    second = stability(rubric, ranking_of(rubric, sheets), sheets).units[1]
    assert second.raised == raised
    assert raised == fewest(rubric, sheets["乙镇"], sheets["甲镇"], alone=True)


NOTHING = {"A1": 0, "A2": 0, "C1": 0, "D1": 0, "D2": 0, "E1": {"done": 0}, "E2": 0}


def second_of(rubric: Rubric, above: dict[str, Any], own: dict[str, Any]) -> Firmness:
    """The unit behind another one, whose scores are given beside points of 0; both are fined."""
    fined = {"adjustments": {"K1": ["通报"]}} if rubric.adjustments is not None else {}
    sheets = {
        name: ScoreSheet.model_validate(
            {"rubric": rubric.id, "unit": name, "scores": NOTHING | scores, **fined}
        )
        for name, scores in {"甲镇": above, "乙镇": own}.items()
    }
    return stability(rubric, ranking_of(rubric, sheets), sheets).units[1]


@pytest.mark.parametrize(
    ("tie_break", "above", "own", "swap"),
    [
        ("[A]", {"A1": 2, "C1": 2}, {"A1": 2}, 1),  # 0 points each then, and more of them in A
        ("[A]", {"A1": 2, "C1": 2}, {}, None),
        ("[C]", {"A1": 2, "C1": 2}, {"A1": 2}, None),
        ("[A]", {"C1": 2, "E1": {"done": 3}}, {"A1": 2}, 1),
        ("[A]", {"D1": 1, "E1": {"done": 3}, "C1": 1}, {"A1": 2}, 1),
        ("[A]", {"A1": 2, "D1": 1, "E1": {"done": 3}}, {"A1": 1}, 2),
        ("[A]", {"A1": 1, "D1": 1, "E1": {"done": 3}}, {"A1": 1}, 1),
    ],
)
def test_the_unit_above_one_held_at_0_may_lose_all_of_its_points(
    tie_break: str, above: dict[str, Any], own: dict[str, Any], swap: int | None
) -> None:
    rubric = rubric_of_sections(SECTIONS, "step: 1", PENALTY, f"tie_break: {tie_break}")
    second = second_of(rubric, above, own)
    assert second.margin_above == (swap or 1)
    assert (second.swap, second.raised) == (swap, None)


def test_points_that_follow_from_facts_are_not_taken() -> None:
    rubric = rubric_of_sections(
        SECTIONS, "step: 1", PENALTY.replace("each: 3", "each: 2"), "tie_break: [A]"
    )
    second = second_of(rubric, {"D1": 1, "E1": {"done": 3}}, {"A1": 1})
    assert [second.margin_above, second.swap, second.raised] == [1, None, None]


def test_a_unit_with_0_points_that_penalties_just_reach_is_moved() -> None:
    rubric = rubric_of_sections(SECTIONS, "step: 1", PENALTY)
    second = second_of(rubric, {"A1": 2, "A2": 2}, {"A1": 2, "C1": 1})
    assert [second.margin_above, second.swap, second.raised] == [1, 2, 2]


FACTS = """\
- id: F
  title: 实绩
  max: 2
  items: [{id: F1, max: 2, text: 一, rule: {ratio: {target: 3}}}]
"""
ITEM = "{id: X1, max: 3, text: 二}"
INSIDE = (
    "{id: Y, title: 人, max: 6, items: [{id: X1, max: 3, text: 二}, {id: X2, max: 3, text: 三}]}"
)


def with_treatment(treatment: str) -> str:
    other = f"{{id: X2, max: 3, text: 三, not_applicable: {treatment}}}"
    return f"- id: X\n  title: 其他\n  max: 7\n  items: [{{id: X1, max: 4, text: 二}}, {other}]"


@pytest.mark.parametrize(
    ("section", "scores", "raised"),
    [
        (f"- id: X\n  title: 其他\n  max: 3\n  items: [{ITEM}]", {"X1": 0}, 3),
        (f"- id: X\n  title: 其他\n  max: 3\n  items: [{ITEM}]", {"X1": 1}, None),
        (f"- id: X\n  title: 其他\n  max: 6\n  sections: [{INSIDE}]", {"X1": 0, "X2": 3}, 3),
        (
            f"- id: X\n  title: 其他\n  max: 3\n  capped: true\n  sections: [{INSIDE}]",
            {"X1": 0, "X2": 0},
            None,
        ),
        (with_treatment("zero"), {"X1": 0, "X2": 3}, 3),
        (with_treatment("zero"), {"X1": 0, "X2": NO}, 3),
        (with_treatment("zero"), {"X1": 4, "X2": NO}, None),
        (with_treatment("full"), {"X1": 0, "X2": NO}, 3),
        (with_treatment("full"), {"X1": 4, "X2": NO}, None),
        (with_treatment("rescale"), {"X1": 0, "X2": 3}, 3),
        (with_treatment("rescale"), {"X1": 0, "X2": NO}, None),
        (with_treatment("rescale_total"), {"X1": 0, "X2": 3}, 3),
        (with_treatment("rescale_total"), {"X1": 0, "X2": NO}, None),
    ],
)
def test_points_are_raised_where_each_is_one_of_the_total(
    section: str, scores: dict[str, Any], raised: int | None
) -> None:
    """The unit above has 2 points more by facts, and the same points in all else."""
    rubric = rubric_of_sections(f"{FACTS}{section}\n", "step: 1")
    sheets = {
        name: ScoreSheet.model_validate(
            {"rubric": rubric.id, "unit": name, "scores": {**scores, "F1": {"done": done}}}
        )
        for name, done in (("甲镇", 3), ("乙镇", 0))
    }
    second = stability(rubric, ranking_of(rubric, sheets), sheets).units[1]
    assert second.raised == raised


# --- weights ------------------------------------------------------------------------------------


@cache
def drawn_stability(seed: int, share: str = "0.05") -> tuple[Drawn, Ranking, Stability]:
    drawn = draw(seed, units=Random(seed).randint(2, 8))  # noqa: S311 -- the same in every run
    ranking = drawn.ranking
    return drawn, ranking, stability(drawn.rubric, ranking, drawn.sheets, Decimal(share))


def weighted(rubric: Rubric, result: Result, weights: tuple[Fraction, ...]) -> Fraction:
    """The total with weighted sections, and what is beside them as it is."""
    points = [Fraction(result.sections[section.id]) for section in rubric.sections]
    beside = Fraction(result.total) - sum(points)
    return beside + sum(w * own for w, own in zip(weights, points, strict=True))


def corners(rubric: Rubric, share: Fraction) -> list[tuple[Fraction, ...]]:
    """The extremes of the weights: where a weighted difference is least, and where most."""
    return list(product((1 - share, 1 + share), repeat=len(rubric.sections)))


def ranks_at(rubric: Rubric, ranking: Ranking, weights: tuple[Fraction, ...]) -> dict[str, int]:
    results = [placing.result for placing in ranking.placings]
    keys = {
        one.unit: (weighted(rubric, one, weights), *(one.sections[n] for n in rubric.tie_break))
        for one in results
    }
    return {unit: 1 + sum(other > key for other in keys.values()) for unit, key in keys.items()}


def least_difference(rubric: Rubric, above: Result, below: Result, share: Fraction) -> Fraction:
    return min(
        weighted(rubric, above, weights) - weighted(rubric, below, weights)
        for weights in corners(rubric, share)
    )


DRAWN = range(60)


def test_most_drawn_rubrics_are_weighed() -> None:
    assert sum(drawn_stability(seed)[2].has_weights for seed in DRAWN) > 30


def weighed(found: Stability) -> Iterator[tuple[Firmness, Result]]:
    """The units with their results, where sections are weighted."""
    for unit in found.units if found.has_weights else ():
        yield unit, unit.placing.result


@pytest.mark.parametrize("seed", DRAWN)
def test_at_the_weight_share_a_unit_comes_level_and_below_it_not(seed: int) -> None:
    drawn, _, found = drawn_stability(seed)
    results = {one.placing.result.unit: one.placing.result for one in found.units}
    for unit, result in weighed(found):
        share = unit.weight_share
        assert (unit.above is None) == (share is None)
        if unit.above is None or share is None:
            continue
        pair = results[unit.above], result
        if share < 1:
            assert least_difference(drawn.rubric, *pair, share) == 0
        assert least_difference(drawn.rubric, *pair, share * 999 / 1000) >= 0
        assert (share == 0) == (unit.margin_above == 0 and share < 1)


@pytest.mark.parametrize("seed", DRAWN)
def test_below_the_firm_share_no_unit_changes_sides_and_at_it_one_comes_level(seed: int) -> None:
    drawn, ranking, found = drawn_stability(seed)
    results = [placing.result for placing in ranking.placings]
    for place, (unit, _) in enumerate(weighed(found)):
        assert unit.firm_share is not None
        pairs = [(results[place], other) for other in results[place + 1 :]]
        pairs += [(other, results[place]) for other in results[:place]]
        inside = [least_difference(drawn.rubric, *p, unit.firm_share * 999 / 1000) for p in pairs]
        assert all(least >= 0 for least in inside)
        if unit.firm_share < 1:
            at_it = [least_difference(drawn.rubric, *pair, unit.firm_share) for pair in pairs]
            assert min(at_it) == 0


@pytest.mark.parametrize("share", ["0.05", "0.3", "0.9"])
@pytest.mark.parametrize("seed", DRAWN[:25])
def test_no_weights_exceed_the_bounds_of_a_rank_and_each_pair_reaches_them(
    seed: int, share: str
) -> None:
    random = Random(seed)  # noqa: S311 -- the same in every run
    drawn, ranking, found = drawn_stability(seed, share)
    most, number = Fraction(share), len(drawn.rubric.sections)
    some = [tuple(1 + most * random.randint(-9, 9) / 9 for _ in range(number)) for _ in range(20)]
    tried = [
        ranks_at(drawn.rubric, ranking, weights)
        for weights in [(Fraction(1),) * number, *corners(drawn.rubric, most), *some]
    ]
    units = [unit for unit, _ in weighed(found)]
    for unit in units:
        own = unit.placing.result.unit
        assert unit.best is not None
        assert unit.worst is not None
        assert unit.best <= min(ranks[own] for ranks in tried)
        assert unit.worst >= max(ranks[own] for ranks in tried)
        before = [
            [ranks_at_pair(drawn.rubric, other.placing.result, unit.placing.result, weights)
             for weights in [(Fraction(1),) * number, *corners(drawn.rubric, most)]]
            for other in units
            if other is not unit
        ]  # fmt: skip
        assert unit.best == 1 + sum(map(all, before))
        assert unit.worst == 1 + sum(map(any, before))


def ranks_at_pair(
    rubric: Rubric, one: Result, other: Result, weights: tuple[Fraction, ...]
) -> bool:
    """True where the one ranks before the other."""
    keys = [
        (weighted(rubric, own, weights), *(own.sections[name] for name in rubric.tie_break))
        for own in (one, other)
    ]
    return keys[0] > keys[1]


@pytest.mark.parametrize("seed", DRAWN)
def test_of_two_units_the_bounds_are_reached(seed: int) -> None:
    drawn = draw(seed, units=2)
    ranking = drawn.ranking
    found = stability(drawn.rubric, ranking, drawn.sheets, Decimal("0.4"))
    centre = (Fraction(1),) * len(drawn.rubric.sections)
    tried = [centre, *corners(drawn.rubric, Fraction("0.4"))]
    ranks = [ranks_at(drawn.rubric, ranking, weights) for weights in tried]
    for unit, result in weighed(found):
        reached = [own[result.unit] for own in ranks]
        assert (unit.best, unit.worst) == (min(reached), max(reached))


# --- sections left out --------------------------------------------------------------------------


def without_section(drawn: Drawn, name: str) -> Drawn:
    """The same rubric and sheets, as if the section had never been."""
    fields = drawn.rubric.model_dump(mode="json", exclude_defaults=True)
    gone = next(section for section in drawn.rubric.sections if section.id == name)
    names = [gone.id, *(part.id for part in gone.sections)]
    fields["sections"] = [one for one in fields["sections"] if one["id"] != name]
    fields["tie_break"] = [one for one in drawn.rubric.tie_break if one not in names]
    rubric = Rubric.model_validate(fields)
    sheets = {}
    for unit, sheet in drawn.sheets.items():
        scope = rubric.scope(unit)
        assert scope is not None
        own = sheet.model_dump(warnings=False)
        own["scores"] = {item: one for item, one in own["scores"].items() if item in scope.items}
        sheets[unit] = ScoreSheet.model_validate(own)
    return Drawn(rubric, sheets)


@pytest.mark.parametrize("seed", DRAWN)
def test_leaving_a_section_out_is_ranking_by_a_rubric_without_it(seed: int) -> None:
    drawn, _, found = drawn_stability(seed)
    assert bool(found.sections) == (found.has_weights and len(drawn.rubric.sections) > 1)
    for number, section in enumerate(found.sections):
        left = without_section(drawn, section.id)
        if any(sheet.inapplicable.keys() == sheet.scores.keys() for sheet in left.sheets.values()):
            continue  # a sheet of nothing that applies is refused
        anew = left.ranking
        ranks = {placing.result.unit: placing.rank for placing in anew.placings}
        assert ranks == {own.unit: unit.without[number] for unit, own in weighed(found)}


# --- what goes for all, and what has no figure --------------------------------------------------


@pytest.mark.parametrize("seed", range(60))
def test_margins_are_the_differences_to_the_neighbouring_ranks(seed: int) -> None:
    _, ranking, found = drawn_stability(seed)
    assert [unit.placing for unit in found.units] == list(ranking.placings)
    totals = [placing.result.total for placing in ranking.placings]
    for unit in found.units:
        better = [p for p in ranking.placings if p.rank < unit.placing.rank]
        worse = [p for p in ranking.placings if p.rank > unit.placing.rank]
        own = unit.placing.result.total
        assert unit.above == (better[-1].result.unit if better else None)
        assert unit.margin_above == (better[-1].result.total - own if better else None)
        assert unit.margin_below == (own - worse[0].result.total if worse else None)
    assert totals == sorted(totals, reverse=True)


def test_the_order_of_the_sheets_changes_nothing() -> None:
    drawn, _, found = drawn_stability(7)
    turned = dict(reversed(list(drawn.sheets.items())))
    results = [score(drawn.rubric, sheet) for sheet in turned.values()]
    assert stability(drawn.rubric, rank(drawn.rubric, results), turned) == found


def test_only_final_competition_ranks_and_shares_of_a_part_are_taken() -> None:
    drawn, ranking, _ = drawn_stability(1)
    dense = rank(drawn.rubric, drawn.results, ties="dense")
    wrong = [(dense, "0.05"), (ranking._replace(provisional=True), "0.05")]
    wrong += [(ranking, "0"), (ranking, "1"), (ranking, "-0.1")]
    for given, share in wrong:
        with pytest.raises(ValueError, match="final competition ranks"):
            stability(drawn.rubric, given, drawn.sheets, Decimal(share))


def test_pairs_of_very_many_units_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [seed for seed in DRAWN if len(list(weighed(drawn_stability(seed)[2]))) > 3]
    drawn, ranking, full = drawn_stability(many[0])
    monkeypatch.setattr(module, "MOST_PAIRED", 3)
    found = stability(drawn.rubric, ranking, drawn.sheets)
    assert found.scruples == (*full.scruples, "many")
    for unit, before in zip(found.units, full.units, strict=True):
        assert unit == before._replace(firm_share=None, best=None, worst=None)
    monkeypatch.setattr(module, "MOST_PAIRED", len(full.units))
    assert stability(drawn.rubric, ranking, drawn.sheets) == full


@pytest.mark.parametrize("seed", range(60))
def test_a_figure_is_missing_only_where_there_is_a_reason(seed: int) -> None:
    drawn, _, found = drawn_stability(seed)
    reasons = set(found.scruples)
    assert reasons <= {"peer_mean", "rescaled", "held"}
    assert found.has_swaps == (not drawn.rubric.takes_means)
    assert found.has_weights == (not reasons & {"rescaled", "held"})
    for unit in found.units:
        assert (unit.firm_share is None) == (not found.has_weights)
        if not found.has_swaps:
            assert (unit.swap, unit.raised) == (None, None)


def test_a_unit_held_at_0_is_not_moved_and_nothing_is_weighed() -> None:
    rubric = rubric_of_sections(SECTIONS, "step: 1", PENALTY)
    some = {"A1": 1, "A2": 0, "C1": 0, "D1": 0, "D2": 0, "E1": {"done": 0}, "E2": 0}
    given: dict[str, dict[str, Any]] = {
        "甲镇": {"scores": some | {"A2": 1}},
        "乙镇": {"scores": some | {"A1": 2}, "adjustments": {"K1": ["通报"]}},
    }
    sheets = {
        name: ScoreSheet.model_validate({"rubric": rubric.id, "unit": name, **own})
        for name, own in given.items()
    }
    found = stability(rubric, ranking_of(rubric, sheets), sheets)
    assert found.scruples == ("held",)
    first, second = found.units
    assert [second.margin_above, second.swap, second.raised] == [2, None, None]
    assert [first.firm_share, first.best, first.without] == [None, None, ()]


def test_the_page_states_how_many_units_are_compared() -> None:
    page = (ROOT / "docs" / "stability.md").read_text("utf-8")
    assert f"more than {module.MOST_PAIRED:,} units" in page
