"""What a rubric says and cannot mean: slips that no total would ever show, and what is no slip."""

from decimal import Decimal
from typing import Any

import pytest
from tests.support.rubrics import read_rubric, text_of_items

from epa_score.diagnostics import Kind

Slip = tuple[str, str, str]
"""The kind and the variant of a finding, and the text that it marks."""


def slips(text: str) -> list[Slip]:
    """Everything that is wrong in a rubric."""
    lines = text.splitlines()
    found = []
    for one in read_rubric(text).diagnostics:
        where = one.location
        assert where.line is not None
        assert where.column is not None
        assert where.end_column is not None
        marked = lines[where.line - 1][where.column - 1 : where.end_column - 1]
        found.append((one.kind.label, one.variant, marked))
    return found


def slips_of(fields: str) -> list[Slip]:
    """Everything that is wrong in a rubric with one item of 10 points."""
    return slips(text_of_items(f"- {{id: A1, max: 10, text: 一, {fields}}}\n"))


@pytest.mark.parametrize(
    ("fields", "variant", "marked"),
    [
        ("rule: {count: {each: {note: 1}}}", "", "note"),
        ("rule: {count: {each: {not_applicable: 1}}}", "", "not_applicable"),
        ("rule: {ratio: {}, hard_zero: [target]}", "", "target"),
        ("rule: {hard_zero: [score]}", "", "score"),
        ("rule: {all_or_nothing: {all: [有方案, 有台账, 有方案]}}", "twice", "有方案"),
        ("rule: {all_or_nothing: {any: [网店, {name: 网 店, at_least: 3}]}}", "alike", "网 店"),
        ("rule: {deduct: {each: {迟报: 1, 迟报。: 2}}}", "alike", "迟报。"),
        ("rule: {deduct: {each: 1}, hard_zero: [虚报, 《虚报》]}", "alike", "《虚报》"),
        ("rule: {deduct: {each: {虚报: 1}}, hard_zero: [虚报]}", "twice", "虚报"),
        ("rule: {levels: {优良: 10, 优-良: 9, 优、良: 8}}", "alike", "优、良"),
        ("rule: {levels: {A: 10, ａ: 8}}", "alike", "ａ"),
        ("targets: {all: [{name: 人数, at_least: 1}, {name: 人数, at_least: 2}]}", "twice", "人数"),
        ("rule: {hard_zero: [是]}", "nothing", "是"),
        ("rule: {hard_zero: [1]}", "nothing", "1"),
        ("rule: {all_or_nothing: {all: [有]}}", "nothing", "有"),
        ("rule: {all_or_nothing: {all: [{name: 3次, at_least: 3}]}}", "nothing", "3次"),
        ("rule: {count: {each: {无: 1, 企业: 2}}}", "nothing", "无"),
        ("targets: {any: [{name: 2, at_least: 1}]}", "nothing", "2"),
    ],
)
def test_a_name_in_a_rubric_stands_once_and_names_something(
    fields: str, variant: str, marked: str
) -> None:
    assert slips_of(fields) == [("fact_name_taken", variant, marked)]


@pytest.mark.parametrize(
    "fields",
    [
        "rule: {levels: {A: 10, A-: 9, B: 8}}",
        "rule: {levels: {1.5万元: 10, 15万元: 8, 无: 0}}",
        "rule: {levels: {有: 10, 没有: 0}}",
        "rule: {levels: {1: 10, 2: 5}}",
        "rule: {levels: {优: 10, value: 5}}",
        "rule: {all_or_nothing: {all: [无投诉, 无问题, 一票否决]}}",
        "targets: {all: [{name: score, at_least: 1}]}",
    ],
)
def test_a_name_that_a_published_rubric_may_have_is_taken(fields: str) -> None:
    assert slips_of(fields) == []


IDLE = "number_without_effect"
NO_NUMBER = "cap_not_positive"


@pytest.mark.parametrize(
    ("fields", "slip"),
    [
        ("rule: {deduct: {each: 0}}", (NO_NUMBER, "", "0")),
        ("rule: {deduct: {each: {floor: 1, 缺报: 0}}}", (NO_NUMBER, "", "0")),
        ("rule: {count: {each: 0, possible: 3}}", (NO_NUMBER, "", "0")),
        ("rule: {count: {each: 1, possible: 0}}", (IDLE, "whole", "0")),
        ("rule: {deduct: {each: 1, possible: 1.5}}", (IDLE, "whole", "1.5")),
        ("rule: {deduct: {each: 1, floor: 10}}", (IDLE, "floor", "10")),
        ("rule: {ratio: {target: 0}}", (NO_NUMBER, "", "0")),
        ("rule: {ratio: {target: 5, below: 0}}", (IDLE, "below", "0")),
        ("rule: {all_or_nothing: {all: [{name: 人数, at_least: 0}]}}", (NO_NUMBER, "", "0")),
        ("targets: {any: [{name: 人数, at_least: 0}]}", (NO_NUMBER, "", "0")),
        ("rule: {target: {target: 0, under: 1}}", (NO_NUMBER, "", "0")),
        ("rule: {target: {target: 9, under: 0}}", (NO_NUMBER, "", "0")),
        ("rule: {target: {target: 9, under: 1, over: 0}}", (IDLE, "", "0")),
        ("rule: {target: {target: 9, under: 1, over: 2}}", (IDLE, "over", "2")),
        ("rule: {target: {target: 9, under: 1, over: 2, limit: 10}}", (IDLE, "over", "2")),
        ("rule: {target: {target: 9, under: 1, limit: 12}}", (IDLE, "", "12")),
        ("rule: {target: {target: 9, under: 1, floor: 10}}", (IDLE, "floor", "10")),
        (
            "rule: {target: {target: 9, points: 8, under: 1, over: 1, floor: 9}}",
            (IDLE, "floor", "9"),
        ),
        (
            "rule: {target: {target: 9, points: 8, under: 0, over: 1, floor: 3}}",
            (IDLE, "floor", "3"),
        ),
        ("rule: {target: {target: 9, over: 0, lower: true}}", (IDLE, "", "0")),
        ("rule: {target: {target: 9, over: 1, under: 0, lower: true}}", (NO_NUMBER, "", "0")),
        ("rule: {target: {target: 9, over: 1, under: 2, lower: true}}", (IDLE, "over", "2")),
        (
            "rule: {target: {target: 0, over: 1, under: 2, limit: 12, lower: true}}",
            (IDLE, "over", "2"),
        ),
        ("rule: {target: {target: 9, over: 1, limit: 12, lower: true}}", (IDLE, "", "12")),
        ("rule: {target: {target: 9, under: 1, per: 1}}", (IDLE, "per", "1")),
        ("rule: {target: {target: 9, under: 1, per: 0, steps: whole}}", (IDLE, "per", "0")),
        ("rule: {count: {each: 1, per: 1}}", (IDLE, "per", "1")),
        ("rule: {count: {each: 1, per: 0}}", (IDLE, "per", "0")),
        ("rule: {deduct: {each: 1, per: 2.5}}", (IDLE, "per", "2.5")),
        ("rule: {count: {each: 2, per: 3, possible: 14}}", (IDLE, "cap", "10")),
        ("rule: {target: {target: 9, over: 1, lower: true, points: 8}}", (IDLE, "cap", "10")),
        ("rule: {levels: {优: 10}}", (IDLE, "levels", "levels")),
        ("rule: {levels: {优: 8, 良: 8}}", (IDLE, "levels", "levels")),
        (
            "rule: {brackets: [{at_least: 9, points: 10}, {at_least: 5, points: 10}]}",
            (IDLE, "brackets", "10"),
        ),
        (
            "rule: {brackets: [{at_least: 5, points: 10}, {at_least: 3, points: 10.0}]}",
            (IDLE, "brackets", "10.0"),
        ),
        ("rule: {brackets: [{at_least: 9, points: 0}]}", (IDLE, "cap", "10")),
        ("rule: {levels: {优: 9, 良: 8}}", (IDLE, "cap", "10")),
        ("rule: {brackets: [{at_least: 9, points: 8}]}", (IDLE, "cap", "10")),
        ("rule: {count: {each: 2, possible: 4}}", (IDLE, "cap", "10")),
        ("rule: {count: {each: {省级: 2, 市级: 1}, possible: 3}}", (IDLE, "cap", "10")),
        ("rule: {target: {target: 9, points: 8, under: 1}}", (IDLE, "cap", "10")),
        (
            "rule: {target: {target: 9, points: 7, under: 1, over: 1, limit: 8}}",
            (IDLE, "cap", "10"),
        ),
    ],
)
def test_a_number_that_changes_no_points_is_found(fields: str, slip: Slip) -> None:
    found = slips_of(fields)
    assert len(found) == 1
    kind, variant, marked = found[0]
    assert (kind, variant) == slip[:2]
    assert marked.startswith(slip[2])


@pytest.mark.parametrize(
    "fields",
    [
        "rule: {deduct: {each: 0.5, possible: 12, floor: 0}}",
        "rule: {levels: {优: 10, 良: 8, 较差: 0, 差: 0}}",
        "rule: {brackets: [{at_least: 0, points: 0}, {at_least: 5, points: 10}]}",
        "rule: {brackets: [{at_least: 0, points: 10}, {at_least: 4, points: 0}]}",
        "rule: {count: {each: {省级: 2, 市级: 1}, possible: 4}}",
        "rule: {count: {each: 2, per: 3, possible: 15}}",
        "rule: {deduct: {each: 2, per: 3, possible: 3}}",
        "rule: {brackets: [{at_least: 1, points: 10}, {at_least: 4, points: 6}]}",
        "rule: {ratio: {target: 30, lower: true, below: 8}}",
        "rule: {target: {target: 0, over: 1, lower: true}}",
        "rule: {target: {target: 9, over: 1, under: 1, limit: 12, lower: true}}",
        "rule: {target: {target: 9, over: 0, under: 1, limit: 12, lower: true}}",
        "rule: {target: {target: 9, under: 1, per: 3, steps: whole}}",
        "rule: {target: {target: 9, under: 1, per: 0.5, steps: proportion}}",
        "rule: {target: {target: 9, under: 1, steps: whole}}",
        "rule: {ratio: {target: 0.5, below: 8}}",
        "rule: {target: {target: 90, points: 8, under: 0, over: 0.2}}",
        "rule: {target: {target: 0, points: 5, under: 0, over: 0.5}}",
        "rule: {target: {target: 90, points: 8, under: 0.5, over: 0.2, floor: 7.5}}",
        "rule: {target: {target: 90, under: 0.5, over: 0.2, limit: 12}}",
    ],
)
def test_numbers_that_a_published_rubric_may_have_are_taken(fields: str) -> None:
    assert slips_of(fields) == []


@pytest.mark.parametrize("field", ["units", "tie_break", "veto", "bands", "rank_points"])
def test_a_list_that_was_begun_has_something_in_it(field: str) -> None:
    text = text_of_items("- {id: A1, max: 10, text: 一}\n", f"{field}: []")
    assert slips(text) == [("empty_field", "", field)]


@pytest.mark.parametrize(("floor", "idle"), [(5, True), (6, True), (7, False), (10, True)])
def test_a_floor_of_a_pool_is_one_that_something_falls_to(floor: int, *, idle: bool) -> None:
    text = text_of_items("- {id: A1, max: 4, text: 一, rule: {deduct: {each: 1}}}\n")
    text = text.replace("max: 4\n", f"max: 10\n    pool: items\n    floor: {floor}\n", 1)
    found = slips(text.replace("total: 4", "total: 10"))
    assert found == ([(IDLE, "floor" if floor == 10 else "", str(floor))] if idle else [])


@pytest.mark.parametrize(
    "fields",
    [
        *("rule: ", "rule: {deduct: }", "rule: {hard_zero: }", "targets: ", "not_applicable: "),
        *("rule: {deduct: {each: 1, floor: }}", "rule: {count: {each: 1, possible: }}"),
        *("rule: {ratio: {target: }}", "rule: {target: {target: 1, under: 1, limit: }}"),
        "rule: {all_or_nothing: {all: [{name: 人数, at_least: }]}}",
    ],
)
def test_a_field_that_was_begun_is_not_empty(fields: str) -> None:
    assert [one[:2] for one in slips_of(fields)] == [("empty_field", "")]


def test_a_rule_that_needs_nothing_else_says_so_in_braces() -> None:
    assert [one[:2] for one in slips_of("rule: {ratio: }")] == [("empty_field", "braces")]
    assert slips_of("rule: {ratio: {}}") == []


@pytest.mark.parametrize("field", ["scale", "panel", "step", "accept_mismatch", "adjustments"])
def test_a_field_of_a_rubric_that_was_begun_is_not_empty(field: str) -> None:
    text = text_of_items("- {id: A1, max: 10, text: 一}\n", f"{field}:")
    assert [one[:2] for one in slips(text)] == [("empty_field", "")]


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ("not_applicable: [zero]", "[zero]"),
        ("not_applicable: {zero: {a: }}", "{zero: {a: }}"),
        ("not_applicable: 零", "零"),
        ("rule: {ratio: {part: [true, false]}}", "[true, false]"),
    ],
)
def test_a_list_in_place_of_a_word_is_shown_as_it_was_written(fields: str, value: str) -> None:
    text = text_of_items(f"- {{id: A1, max: 10, text: 一, {fields}}}\n")
    (one,) = read_rubric(text).diagnostics
    assert one.kind.label == "value_not_allowed"
    assert one.parameters["value"] == value


def test_a_cap_of_0_is_named_by_its_field() -> None:
    items = "- {id: A1, max: 0, text: 一}\n- {id: A2, max: 4, text: 二}\n"
    found = read_rubric(text_of_items(items, "step: 0")).diagnostics
    named = {one.parameters["field"] for one in found if one.kind is Kind.CAP_NOT_POSITIVE}
    assert named == {"max", "step"}


RULES_WITH_POINTS = [
    "{deduct: {each: POINTS}}",
    "{deduct: {each: {迟报: 1, 缺报: POINTS}}}",
    "{deduct: {each: 1, floor: POINTS}}",
    "{deduct: {judged: {most: POINTS}}}",
    "{deduct: {judged: {most: 10, least: POINTS}}}",
    "{count: {each: POINTS}}",
    "{count: {each: {信息: POINTS, 简报: 1}}}",
    "{ratio: {target: 5, below: POINTS}}",
    "{levels: {优: 10, 良: POINTS}}",
    "{brackets: [{at_least: 9, points: 10}, {at_least: 5, points: POINTS}]}",
    "{target: {target: 9, under: POINTS}}",
    "{target: {target: 9, under: 1, points: 8, over: POINTS}}",
    "{target: {target: 9, over: POINTS, lower: true}}",
    "{target: {target: 9, under: 1, floor: POINTS}}",
    "{target: {target: 9, under: 1, over: 1, points: POINTS}}",
]


def kinds_of_points(rule: str, points: str) -> list[tuple[str, Any]]:
    """What is wrong with an amount of points in a rule of an item of 10 points."""
    fields = f"rule: {rule.replace('POINTS', points)}"
    text = text_of_items(f"- {{id: A1, max: 10, text: 一, {fields}}}\n", "step: 0.5")
    found = read_rubric(text).diagnostics
    return [
        (one.kind.label, one.parameters["points"])
        for one in found
        if one.kind in (Kind.RULE_POINTS_OFF_STEP, Kind.RULE_POINTS_OVER_CAP)
    ]


@pytest.mark.parametrize("rule", RULES_WITH_POINTS)
def test_every_amount_of_points_in_a_rule_is_a_multiple_of_the_step_up_to_the_cap(
    rule: str,
) -> None:
    assert kinds_of_points(rule, "2.5") == []
    assert kinds_of_points(rule, "2.3") == [("rule_points_off_step", Decimal("2.3"))]
    assert kinds_of_points(rule, "10.5") == [("rule_points_over_cap", Decimal("10.5"))]


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ("limit: 12", []),
        ("limit: 12.3", [("rule_points_off_step", Decimal("12.3"))]),
        ("limit: 12, points: 12", []),
        ("limit: 12, points: 12.5", [("rule_points_over_cap", Decimal("12.5"))]),
        ("limit: 12, points: 11.2", [("rule_points_off_step", Decimal("11.2"))]),
        ("limit: 12, floor: 10.5", [("rule_points_over_cap", Decimal("10.5"))]),
    ],
)
def test_a_limit_may_lie_above_the_cap_and_bounds_the_points_at_the_target(
    fields: str, kinds: list[tuple[str, Any]]
) -> None:
    rule = f"{{target: {{target: 9, under: 1, over: 1, {fields}}}}}"
    assert kinds_of_points(rule, "") == kinds


@pytest.mark.parametrize(
    ("least", "kinds"),
    [
        ("4.5", []),
        ("4.2", [("rule_points_off_step", Decimal("4.2"))]),
        ("5.5", [("rule_points_over_cap", Decimal("5.5"))]),
    ],
)
def test_the_least_of_a_deduction_is_not_above_its_most(
    least: str, kinds: list[tuple[str, Any]]
) -> None:
    assert kinds_of_points("{deduct: {judged: {most: 5, least: POINTS}}}", least) == kinds
