"""What a rubric says and cannot mean: slips that no total would ever show, and what is no slip."""

import pytest
from tests.rules import read_rubric, text_of_items

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
        ("rule: {hard_zero: [没有发生]}", "nothing", "没有发生"),
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
        "rule: {all_or_nothing: {all: [无投诉, 没有台账问题, 一票否决]}}",
        "targets: {all: [{name: score, at_least: 1}]}",
    ],
)
def test_a_name_that_a_published_rubric_may_have_is_taken(fields: str) -> None:
    assert slips_of(fields) == []
