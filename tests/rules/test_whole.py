"""Numbers that a rubric says are whole: whatever the rule, a part of one is refused in a sheet."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rubrics import read_rubric, text_of_items, worked

from epa_score.diagnostics import Kind
from epa_score.rules.item_rule import Rules
from epa_score.values.facts import read_facts

RANKS = [{"at_least": 1, "points": 10}, {"at_least": 4, "points": 6}]
MORE = [{"at_least": 9, "points": 10}, {"at_least": 3, "points": 6}]
COMPLAINTS = [{"at_least": 0, "points": 10}, {"at_least": 4, "points": 6}]
MEASURED: tuple[tuple[dict[str, Any], dict[str, int]], ...] = (
    ({"brackets": MORE}, {"value": 5}),
    ({"brackets": COMPLAINTS}, {"value": 2}),
    ({"ratio": {}}, {"done": 5, "target": 9}),
    ({"ratio": {"target": 9, "lower": True}}, {"done": 12}),
    ({"ratio": {"target": 9, "part": True}, "hard_zero": ["瞒报"]}, {"done": 5}),
    ({"all_or_nothing": {"all": ["方案", {"name": "网店", "at_least": 5}]}}, {"网店": 5}),
    ({"target": {"target": 9, "under": 1}}, {"value": 5}),
)
BESIDE = {"方案": "是", "瞒报": "否"}
PARTS = st.decimals(0, 100, places=2).filter(lambda number: number % 1 != 0)


def faults_of(rule: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    """The kinds of what cannot be right among facts."""
    found = read_facts(Rules.model_validate(rule).facts, {**BESIDE, **facts})
    return [fault.error.type for fault in found.faults]


@given(st.sampled_from(MEASURED), PARTS, st.data())
def test_parts_of_one_are_refused_where_numbers_are_whole(
    measured: tuple[dict[str, Any], dict[str, int]], part: Decimal, data: st.DataObject
) -> None:
    rule, facts = measured
    name = data.draw(st.sampled_from(sorted(facts)))
    assert faults_of({"whole": True, **rule}, {**facts, name: part}) == ["fact_not_whole"]
    assert faults_of({"whole": True, **rule}, {**facts, name: f"{facts[name]}.0"}) == []
    assert "fact_not_whole" not in faults_of(rule, {**facts, name: part})


@pytest.mark.parametrize(("rule", "facts"), MEASURED)
def test_whole_numbers_give_the_same_points(rule: dict[str, Any], facts: dict[str, int]) -> None:
    given_facts = {name: BESIDE[name] for name in BESIDE if name in str(rule)} | facts
    whole = worked({"whole": True, **rule}, Decimal(10), **given_facts)
    assert whole == worked(rule, Decimal(10), **given_facts)
    assert whole is not None


@given(PARTS.filter(lambda number: number > 1))
def test_ranks_are_whole_unless_the_rubric_says_otherwise(part: Decimal) -> None:
    assert faults_of({"brackets": RANKS}, {"value": part}) == ["fact_not_whole"]
    assert faults_of({"brackets": RANKS[::-1], "whole": True}, {"value": part}) == [
        "fact_not_whole"
    ]
    assert faults_of({"brackets": RANKS, "whole": False}, {"value": part}) == []


@pytest.mark.parametrize("said", ["2.5", "2名半", "半"])
def test_a_part_of_a_rank_is_told_however_it_is_written(said: str) -> None:
    assert faults_of({"brackets": RANKS}, {"value": said}) == ["fact_not_whole"]


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        (
            "{whole: true, brackets: [{at_least: 9, points: 10}, {at_least: 2.5, points: 6}]}",
            [Kind.RULE_OPTIONS_CONFLICT],
        ),
        (
            "{brackets: [{at_least: 1, points: 10}, {at_least: 2.5, points: 6}]}",
            [Kind.RULE_OPTIONS_CONFLICT],
        ),
        (
            "{whole: false, brackets: [{at_least: 1, points: 10}, {at_least: 2.5, points: 6}]}",
            [],
        ),
        (
            "{whole: true, brackets: [{at_least: 1, points: 10}, {at_least: 3, points: 6}]}",
            [Kind.SETTING_WITHOUT_EFFECT],
        ),
        ("{whole: true, ratio: {}}", []),
        ("{whole: true, ratio: {target: 7.5}}", [Kind.RULE_OPTIONS_CONFLICT]),
        ("{whole: false, ratio: {target: 7.5}}", [Kind.SETTING_WITHOUT_EFFECT]),
        ("{whole: true, target: {target: 7.5, under: 1}}", [Kind.RULE_OPTIONS_CONFLICT]),
        ("{whole: true, target: {target: 7, under: 1}}", []),
        (
            "{whole: true, all_or_nothing: {any: [方案, {name: 网店, at_least: 7.5}]}}",
            [Kind.RULE_OPTIONS_CONFLICT],
        ),
        ("{whole: true, all_or_nothing: {any: [方案, {name: 网店, at_least: 7}]}}", []),
        ("{whole: true, all_or_nothing: {any: [方案, 台账]}}", [Kind.SETTING_WITHOUT_EFFECT]),
        ("{whole: true, count: {each: 2}}", [Kind.SETTING_WITHOUT_EFFECT]),
        ("{whole: true, hard_zero: [瞒报]}", [Kind.SETTING_WITHOUT_EFFECT]),
        ("{whole: true}", [Kind.NOT_ONE_OF]),
        ("{whole: }", [Kind.EMPTY_FIELD]),
        ("{whole: 1, ratio: {}}", [Kind.VALUE_NOT_ALLOWED]),
    ],
)
def test_whole_stands_where_it_says_something(rule: str, kinds: list[Kind]) -> None:
    found = read_rubric(text_of_items(f"- {{id: A1, max: 10, text: 做好工作, rule: {rule}}}\n"))
    assert [problem.kind for problem in found.diagnostics] == kinds
