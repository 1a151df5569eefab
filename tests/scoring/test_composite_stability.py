"""How firm ranks of composite results are: beside every corner of the weights, and every point."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any, NamedTuple

import pytest
from tests.support.rubrics import rubric_of_sections

from epa_score import Ranking, Result, Rubric, ScoreSheet
from epa_score.model import same_name_key
from epa_score.model.composite import Composite, RankedComposite, Totals, UnitTotals
from epa_score.scoring import composite_stability as module
from epa_score.scoring import rank, score
from epa_score.scoring.composite import composite_results
from epa_score.scoring.composite_stability import composite_stability
from epa_score.scoring.stability import Stability, grains_to_raise

CAPS = (Decimal(4), Decimal(6), Decimal(20))


def source_rubric(cap: Decimal, step: str, *more: str) -> Rubric:
    item = f"{{id: A1, max: {cap}, text: 一}}"
    section = f"- id: A\n  title: 工作\n  max: {cap}\n  items: [{item}]"
    return rubric_of_sections(section, f"step: {step}", *more)


PENALTY = "adjustments: {penalty: {items: [{id: K1, text: 通报, each: 3}]}}"


class Case(NamedTuple):
    """A composite result with its sources, drawn from few points so that many units are near."""

    ranked: RankedComposite
    totals: Totals
    grains: list[dict[str, int] | None]

    @property
    def results(self) -> list[Result]:
        return list(composite_results(self.ranked.composite, self.totals, self.ranked.caps))

    @property
    def ranking(self) -> Ranking:
        return rank(self.ranked, self.results)

    def stability(self, share: str = "0.05") -> Stability:
        ranking = self.ranking
        return composite_stability(self.ranked, ranking, self.totals, self.grains, Decimal(share))


@cache
def drawn(seed: int, units: int = 0) -> Case:
    random = Random(seed)  # noqa: S311 -- the same in every run
    number = random.randint(2, 3)
    names = [f"来源{place}" for place in range(number)]
    first = random.choice([(), (60, 30), (50, 30), (1, 98)])[: number - 1]
    weights = first and (*first, 100 - sum(first))
    apart = random.randrange(number) if random.random() < 0.3 else None
    rubrics = [
        source_rubric(random.choice(CAPS), random.choice(["0.5", "1"]), PENALTY) for _ in names
    ]
    sources: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        source: dict[str, Any] = {"name": name, "rubric": "r", "paths": ["x"]}
        if weights:
            source["weight"] = weights[place]
        if weights or random.random() < 0.5:
            source["out_of"] = random.choice([10, 100])
        if place == apart:
            source["adjustments"] = "apart"
        sources.append(source)
    composite = Composite.model_validate({
        "composite": "综合",
        "decimals": random.randint(0, 2),
        "tie_break": random.sample(names, random.randint(0, number)),
        "rounding": random.choice(["each", "end"]),
        "sources": sources,
    })  # fmt: skip
    totals: dict[str, dict[str, UnitTotals]] = {}
    grains: list[dict[str, int] | None] = []
    many = units or random.randint(2, 6)
    for place, (name, rubric) in enumerate(zip(names, rubrics, strict=True)):
        periods = [None] if place == apart or random.random() < 0.5 else ["a", "b", "c"]
        totals[name], room = {}, {}
        for unit in "甲乙丙丁戊己"[:many]:
            most = int(min(rubric.total, Decimal(6)) / rubric.grain)
            given = {period: rubric.grain * random.randint(0, most) for period in periods}
            bonus = Decimal(random.choice([0, 0, 1])) if place == apart else Decimal(0)
            totals[name][unit] = UnitTotals(unit, given, bonus)
            room[unit] = sum(int((rubric.total - own) / rubric.grain) for own in given.values())
        grains.append(None if random.random() < 0.1 else room)
    return Case(RankedComposite(composite, tuple(rubrics)), totals, grains)


CASES = range(30)


# --- weights ------------------------------------------------------------------------------------


def counted(case: Case, result: Result) -> list[Fraction]:
    """What each source counts in the whole."""
    composite, key = case.ranked.composite, same_name_key(result.unit)
    found = []
    for source, cap, figure in zip(
        composite.sources, case.ranked.caps, result.section_points, strict=True
    ):
        own = tuple(case.totals[source.name][key].totals.values())
        exact = source.exact_figure(own, cap)
        found.append(source.share * (exact if composite.rounding == "end" else Fraction(figure)))
    return found


def weighted(case: Case, result: Result, weights: Sequence[Fraction]) -> Fraction:
    """The published total, changed by what the weights change."""
    parts = zip(weights, counted(case, result), strict=True)
    return Fraction(result.total) + sum((w - 1) * part for w, part in parts)


def corners(case: Case, share: Fraction) -> list[tuple[Fraction, ...]]:
    return list(product((1 - share, 1 + share), repeat=len(case.totals)))


def least(case: Case, above: Result, below: Result, share: Fraction) -> Fraction:
    return min(
        weighted(case, above, weights) - weighted(case, below, weights)
        for weights in corners(case, share)
    )


@pytest.mark.parametrize("seed", CASES)
def test_at_the_weight_share_a_unit_comes_level_and_below_it_not(seed: int) -> None:
    case = drawn(seed)
    found = case.stability()
    results = {result.unit: result for result in case.results}
    assert found.has_weights
    for unit in found.units:
        share = unit.weight_share
        assert (unit.above is None) == (share is None)
        if unit.above is not None and share is not None:
            pair = results[unit.above], unit.placing.result
            assert share == 1 or least(case, *pair, share) == 0
            assert least(case, *pair, share * 999 / 1000) >= 0
            assert (share == 0) == (unit.margin_above == 0 and share < 1)


@pytest.mark.parametrize("share", ["0.05", "0.4"])
@pytest.mark.parametrize("seed", CASES[:15])
def test_no_weights_exceed_the_bounds_and_each_pair_reaches_them(seed: int, share: str) -> None:
    case = drawn(seed)
    units, ties = case.stability(share).units, case.ranked.tie_break
    tried = [(Fraction(1),) * len(case.totals), *corners(case, Fraction(share))]

    def key(result: Result, weights: Sequence[Fraction]) -> tuple[Fraction | Decimal, ...]:
        return (weighted(case, result, weights), *(result.sections[name] for name in ties))

    for unit in units:
        own = unit.placing.result
        before = [
            [key(other.placing.result, weights) > key(own, weights) for weights in tried]
            for other in units
            if other is not unit
        ]
        assert (unit.best, unit.worst) == (1 + sum(map(all, before)), 1 + sum(map(any, before)))
        assert 1 + sum(map(all, before)) <= unit.placing.rank <= 1 + sum(map(any, before))
        assert unit.firm_share is not None
        pairs = [
            (one.placing.result, other.placing.result)
            for place, one in enumerate(units)
            for other in units[place + 1 :]
            if unit in (one, other)
        ]
        inside = [least(case, *pair, unit.firm_share * 999 / 1000) for pair in pairs]
        assert all(difference >= 0 for difference in inside)
        if unit.firm_share < 1:
            assert min(least(case, *pair, unit.firm_share) for pair in pairs) == 0


@pytest.mark.parametrize("seed", CASES)
def test_of_two_units_the_bounds_are_reached(seed: int) -> None:
    case = drawn(seed, 2)
    first, second = case.stability("0.3").units
    tried = [(Fraction(1),) * len(case.totals), *corners(case, Fraction("0.3"))]
    pair = first.placing.result, second.placing.result
    ties = [[own.sections[name] for name in case.ranked.tie_break] for own in pair]
    keys = [
        [(weighted(case, own, w), tie) for own, tie in zip(pair, ties, strict=True)] for w in tried
    ]
    assert second.best == min(1 + (one > other) for one, other in keys)
    assert second.worst == max(1 + (one > other) for one, other in keys)


# --- sources left out ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", CASES)
def test_leaving_a_source_out_is_ranking_by_a_composite_without_it(seed: int) -> None:
    case = drawn(seed)
    found = case.stability()
    composite = case.ranked.composite
    assert [section.id for section in found.sections] == [s.name for s in composite.sources]
    for place, gone in enumerate(composite.sources):
        fields = composite.model_dump(mode="json", exclude_defaults=True)
        del fields["sources"][place]
        fields["tie_break"] = [name for name in composite.tie_break if name != gone.name]
        rubrics = [own for number, own in enumerate(case.ranked.rubrics) if number != place]
        left = Case(
            RankedComposite(Composite.model_validate(fields), tuple(rubrics)),
            {name: own for name, own in case.totals.items() if name != gone.name},
            [],
        )
        ranks = {placing.result.unit: placing.rank for placing in left.ranking.placings}
        assert ranks == {unit.placing.result.unit: unit.without[place] for unit in found.units}


def test_of_one_source_alone_none_is_left_out() -> None:
    case = drawn(3)
    (name, own), *_ = case.totals.items()
    source = case.ranked.composite.sources[0].model_copy(update={"weight": Decimal(100)})
    composite = case.ranked.composite.model_copy(update={"sources": (source,), "tie_break": ()})
    one = Case(RankedComposite(composite, case.ranked.rubrics[:1]), {name: own}, [None])
    found = one.stability()
    assert found.sections == ()
    assert all(unit.without == () for unit in found.units)
    assert {unit.best for unit in found.units} == {unit.placing.rank for unit in found.units}


# --- points -------------------------------------------------------------------------------------


def raised(case: Case, place: int, unit: str, number: int) -> tuple[Decimal, ...]:
    """What is compared of a unit with so many grains more in a source, in its last period."""
    composite, rubric = case.ranked.composite, case.ranked.rubrics[place]
    name = composite.sources[place].name
    own = case.totals[name][unit]
    *_, period = own.totals
    more = {**own.totals, period: own.totals[period] + rubric.grain * number}
    alone = {other: {unit: by_unit[unit]} for other, by_unit in case.totals.items()}
    totals = {**alone, name: {unit: own._replace(totals=more)}}
    (result,) = composite_results(composite, totals, case.ranked.caps)
    return (result.total, *(result.sections[other] for other in composite.tie_break))


@pytest.mark.parametrize("seed", CASES)
def test_the_stated_points_in_one_source_swap_two_units_and_fewer_do_not(seed: int) -> None:
    case = drawn(seed)
    found = case.stability()
    assert not found.has_swaps
    for unit in found.units:
        assert (unit.swap, unit.raised) == (None, None)
        for place, points in enumerate(unit.raised_in):
            room, name = case.grains[place], unit.placing.result.unit
            if unit.above is None or room is None:
                assert points is None
                continue
            above = raised(case, place, unit.above, 0)
            tried = [raised(case, place, name, n) > above for n in range(room[name] + 1)]
            fewest = next((n for n, is_before in enumerate(tried) if is_before), None)
            grain = case.ranked.rubrics[place].grain
            assert points == (None if fewest is None else grain * fewest)
    unmoved = [
        s for s, own in zip(case.ranked.all_sections, case.grains, strict=True) if own is None
    ]
    assert list(found.unmoved) == unmoved


SECTIONS = """\
- id: A
  title: 日常
  max: 4
  items: [{id: A1, max: 2, text: 一}, {id: A2, max: 2, text: 二, not_applicable: exclude}]
- id: B
  title: 任务
  max: 3
  capped: true
  items: [{id: B1, max: 2, text: 三}, {id: B2, max: 2, text: 四}]
- id: C
  title: 实绩
  max: 2
  items: [{id: C1, max: 2, text: 五, rule: {ratio: {target: 3}}}]
"""


def sheet_of(rubric: Rubric, unit: str, period: str, **scores: Any) -> ScoreSheet:
    given = {"A1": 1, "A2": "0.5", "B1": 1, "B2": 1, "C1": {"done": 1}} | scores
    fields = {"rubric": rubric.id, "unit": unit, "period": period, "scores": given}
    return ScoreSheet.model_validate(fields)


def test_judged_points_of_all_sheets_of_a_unit_have_room() -> None:
    rubric = rubric_of_sections(SECTIONS, "decimals: 1", "step: 0.5")
    sheets = [
        sheet_of(rubric, "甲镇", "1"),
        sheet_of(rubric, "甲镇", "2", A1="1.5"),
        sheet_of(rubric, "乙镇", "1", A1=2, A2={"not_applicable": "没有这项工作"}),
    ]
    results = [score(rubric, sheet) for sheet in sheets]
    assert grains_to_raise(rubric, results, sheets) == {"甲镇": 2 + 3 + 1 + 3, "乙镇": 0}


def test_points_that_do_not_move_one_by_one_have_none() -> None:
    veto = "veto: [{id: V1, text: 差, effect: exclude, when: {of: total, below: 1}}]"
    rubric = rubric_of_sections(SECTIONS, "decimals: 1", veto)
    sheets = [sheet_of(rubric, "甲镇", "1")]
    assert grains_to_raise(rubric, [score(rubric, sheets[0])], sheets) is None


def test_a_total_held_at_0_is_not_weighed_but_its_margins_stand() -> None:
    case = next(c for seed in CASES if (c := drawn(seed)).ranked.composite.apart is not None)
    place = case.ranked.composite.apart
    assert place is not None
    name = case.ranked.composite.sources[place].name
    own = {key: one._replace(penalty=Decimal(500)) for key, one in case.totals[name].items()}
    found = case._replace(totals={**case.totals, name: own}).stability()
    assert found.scruples == ("held", "sources")
    assert found.sections == ()
    figures = [(unit.firm_share, unit.weight_share, unit.best) for unit in found.units]
    assert figures == [(None, None, None)] * len(figures)


def test_only_final_competition_ranks_are_taken() -> None:
    case = drawn(1)
    dense = rank(case.ranked, case.results, ties="dense")
    with pytest.raises(ValueError, match="final competition ranks"):
        composite_stability(case.ranked, dense, case.totals, case.grains)


def test_pairs_of_very_many_units_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    full = drawn(2).stability()

    def with_most(number: int) -> Stability:
        monkeypatch.setattr(module, "MOST_PAIRED", number)
        monkeypatch.setattr("epa_score.scoring.stability.MOST_PAIRED", number)
        return drawn(2).stability()

    found = with_most(len(full.units) - 1)
    assert found.scruples == ("sources", "many")
    assert all(unit.firm_share is None and unit.without for unit in found.units)
    assert with_most(len(full.units)) == full
