"""The best and the worst rank of provisional rankings, beside every way to score the rest."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.drawn import NO, Drawn, draw
from tests.support.rubrics import rubric_of_items

from epa_score import Ranking, ScoreSheet
from epa_score.i18n import Words
from epa_score.model import Item
from epa_score.reports.ranking import ranking_table
from epa_score.scoring import rank, score
from epa_score.scoring.peer_means import without_peers
from epa_score.scoring.rank import Expected

WORDS = Words("zh_CN")

Cell = tuple[str, str]
"""A unit and an item."""


def replaced(drawn: Drawn, scores: Mapping[Cell, Any]) -> Drawn:
    """The same with other scores in some cells."""
    sheets = {}
    for unit, sheet in drawn.sheets.items():
        own = {item: given for (whose, item), given in scores.items() if whose == unit}
        fields = sheet.model_dump(warnings=False)
        sheets[unit] = ScoreSheet.model_validate({**fields, "scores": {**fields["scores"], **own}})
    return Drawn(drawn.rubric, sheets)


def choices(item: Item, decimals: int) -> list[Any]:
    """Scores for an item: the extremes and some between, or some facts."""
    if item.rule is None:
        last = Decimal(1).scaleb(-decimals)
        return [Decimal(0), last, Decimal(item.max) / 2, Decimal(item.max) - last, item.max]
    if item.rule.levels is not None:
        return [{"level": "好"}, {"level": "中"}]
    name = "done" if item.rule.ratio is not None else "value"
    return [{name: number} for number in (0, 1, 4, 9, 20)]


def ranks(ranking: Ranking) -> dict[str, int]:
    return {placing.result.unit: placing.rank for placing in ranking.placings}


def reached(drawn: Drawn, open_cells: list[Cell]) -> dict[str, set[int]]:
    """The ranks that each unit has in any of the ways to fill the open cells."""
    found: dict[str, set[int]] = {}
    scopes = {unit: drawn.rubric.scope(unit) for unit in drawn.sheets}
    grids = []
    for unit, name in open_cells:
        scope = scopes[unit]
        assert scope is not None
        grids.append(choices(scope.items[name], drawn.rubric.decimals))
    for scores in product(*grids):
        filled = replaced(drawn, dict(zip(open_cells, scores, strict=True)))
        for unit, place in ranks(filled.ranking).items():
            found.setdefault(unit, set()).add(place)
    return found


def cells_of(drawn: Drawn) -> Iterator[Cell]:
    for unit, sheet in drawn.sheets.items():
        yield from ((unit, item) for item in sheet.scores if item not in sheet.inapplicable)


def opened(seed: int, treatments: Sequence[str] = ()) -> tuple[Drawn, list[Cell]] | None:
    """What is drawn with up to three scores taken out; ``None`` where nobody has points to mean."""
    random = Random(seed)  # noqa: S311 -- the same in every run
    drawn = draw(seed, units=random.randint(2, 4), most_items=2, treatments=treatments)
    known = list(cells_of(drawn))
    means = [cell for cell in known if is_in_mean(drawn, cell)]
    cells = random.sample(known, min(len(known), random.randint(1, 2)))
    cells = list(dict.fromkeys([*cells, *random.sample(means, min(1, len(means)))]))
    provisional = replaced(drawn, dict.fromkeys(cells))
    if list(without_peers(provisional.rubric, provisional.results)):
        return None
    return provisional, cells


def is_in_mean(drawn: Drawn, cell: Cell) -> bool:
    """True where another unit has the mean of an item."""
    scope = drawn.rubric.scope(cell[0])
    assert scope is not None
    taken = [name for sheet in drawn.sheets.values() for name in sheet.inapplicable]
    return scope.treatments.get(cell[1]) == "peer_mean" and cell[1] in taken


def check_reach(drawn: Drawn, cells: list[Cell]) -> None:
    """Compare every best and worst rank with the ranks that are reached."""
    ranking, places = drawn.ranking, reached(drawn, cells)
    for placing in ranking.placings:
        own = places[placing.result.unit]
        if ranking.has_exact_reach:
            assert (placing.best, placing.worst) == (min(own), max(own))
        assert placing.best <= min(own) <= max(own) <= placing.worst
        assert placing.best <= placing.rank <= placing.worst


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.sampled_from([(), ("peer_mean",)]))
def test_best_and_worst_rank_are_reached_unless_they_are_said_to_be_bounds(
    seed: int, treatments: Sequence[str]
) -> None:
    found = opened(seed, treatments)
    if found is not None:
        check_reach(*found)


def test_some_of_what_is_drawn_is_exact_and_some_has_means() -> None:
    found = [opened(seed, treatments) for seed in range(40) for treatments in ((), ("peer_mean",))]
    known = [one for one in found if one is not None]
    exact = [drawn.ranking.has_exact_reach for drawn, _ in known]
    with_means = [any(is_in_mean(drawn, cell) for cell in cells) for drawn, cells in known]
    assert sum(exact) >= 20
    assert sum(with_means) >= 8


ANY_ADJUSTMENT = {"J1": ["甲事"], "J2": ["乙事", "丙事"], "K1": ["丁事"], "K2": []}


def awaited_sheets(drawn: Drawn, unit: str, random: Random) -> Iterator[ScoreSheet]:
    """Some of the sheets that may come of a unit: all at an extreme, or anything between."""
    scope = drawn.rubric.scope(unit)
    assert scope is not None
    known = [item.id for item in drawn.rubric.adjustments.each] if drawn.rubric.adjustments else ()
    for _ in range(8):
        scores: dict[str, Any] = {
            name: random.choice(choices(item, drawn.rubric.decimals))
            for name, item in scope.items.items()
        }
        out = [name for name in scope.treatments if random.random() < 0.2]
        out = [name for name in out if scope.treatments[name] != "rescale"]
        scores |= dict.fromkeys(out[: len(scores) - 1], NO)
        fields = {"rubric": drawn.rubric.id, "unit": unit, "period": "2018", "scores": scores}
        fields["adjustments"] = {name: random.choice([[], ANY_ADJUSTMENT[name]]) for name in known}
        if drawn.rubric.veto and random.random() < 0.3:
            fields["veto"] = {random.choice(drawn.rubric.veto).id: "仓库失火"}
        yield ScoreSheet.model_validate(fields)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    treatments=st.sampled_from([(), ("peer_mean",)]),
    grouped=st.booleans(),
)
def test_ranks_are_within_bounds_whatever_awaited_sheets_say(
    seed: int, treatments: Sequence[str], *, grouped: bool
) -> None:
    random = Random(seed)  # noqa: S311 -- the same in every run
    drawn = draw(seed, units=random.randint(3, 4), most_items=2, treatments=treatments)
    late, *others = random.sample(list(drawn.sheets), len(drawn.sheets))
    groups = (("一类", tuple(others[1:])), ("二类", (late, others[0])))
    rubric = drawn.rubric.model_copy(update={"groups": groups if grouped else ()})
    there = Drawn(rubric, {unit: drawn.sheets[unit] for unit in others})
    if list(without_peers(rubric, there.results)):
        return
    blank = ScoreSheet.model_validate({"rubric": rubric.id, "unit": late, "scores": {}})
    awaited = [score(rubric, blank, is_awaited=True)]
    for group in ("一类", "二类") if grouped else ("",):
        expected = Expected(blank_results=awaited, group=group)
        before = rank(rubric, there.results, provisional=True, expected=expected)
        for sheet in awaited_sheets(drawn, late, random):
            whole = Drawn(rubric, {**there.sheets, late: sheet})
            after = ranks(rank(rubric, whole.results, expected=Expected(group=group)))
            for placing in before.placings:
                assert placing.best <= after[placing.result.unit] <= placing.worst
                assert before.provisional or after[placing.result.unit] == placing.rank


ITEMS = """\
- {id: A1, max: 10, text: 台账, not_applicable: peer_mean}
- {id: A2, max: 10, text: 数字, rule: {count: {each: 1}}}
"""
RUBRIC = rubric_of_items(ITEMS)


@pytest.mark.parametrize(
    ("points", "is_exact"),
    [
        ({"甲镇": (3, 5), "乙镇": (None, 5), "丙镇": (6, 0)}, True),
        ({"甲镇": (3, 5), "乙镇": (3, None), "丙镇": (6, 0)}, False),
        ({"甲镇": (NO, 5), "乙镇": (None, 5), "丙镇": (6, 0)}, False),
        ({"甲镇": (NO, 5), "乙镇": (3, 5), "丙镇": (6, 0)}, True),
    ],
)
def test_a_ranking_says_where_best_and_worst_are_bounds(
    points: dict[str, tuple[object, int | None]], *, is_exact: bool
) -> None:
    sheets = [
        ScoreSheet.model_validate(
            {"rubric": RUBRIC.id, "unit": unit, "scores": {"A1": score_of, "A2": {"value": number}}}
        )
        for unit, (score_of, number) in points.items()
    ]
    found = rank(RUBRIC, [score(RUBRIC, sheet) for sheet in sheets], provisional=True)
    assert found.has_exact_reach is is_exact
    notes = ranking_table(RUBRIC, found, WORDS).notes
    assert any(WORDS("report.note_bounds") in note for note in notes) is not is_exact
