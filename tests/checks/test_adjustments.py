"""Adjustments and facts that cannot be: found in the rubric and in the sheet."""

import pytest
from tests.support.adjustments import ADJUSTMENTS, SHEET, TEXT, read
from tests.support.rubrics import read_rubric

# --- rubrics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("id: J2", "id: J1", ["duplicate_item"]),
        ("id: K1", "id: J1", ["duplicate_item"]),
        ("id: J2", "id: A1", ["duplicate_item"]),
        ("id: J2", "id: j2", ["item_id_form"]),
        ("each: 2, max: 4", "each: 0, max: 4", ["cap_not_positive"]),
        ("each: 2, max: 4", "each: 2, max: 0", ["rule_points_over_cap", "cap_not_positive"]),
        ("each: 2, max: 4", "each: 5, max: 4", ["rule_points_over_cap"]),
        ("each: 2, max: 4", "each: 2, max: 7", ["rule_points_over_cap"]),
        ("each: 2, max: 4", "each: 7", ["rule_points_over_cap"]),
        ("    max: 6", "    max: 0", ["cap_not_positive"] + ["rule_points_over_cap"] * 3),
        ("    max: 6", "    max:", ["empty_field"]),
        ("each: 2, max: 4", "each: 2, max: ", ["empty_field"]),
        ("each: 0.5", "each: 0.125", ["rule_points_off_step"]),
        ("each: 0.5", "each: -1", ["points_negative"]),
        ("each: 0.5", "each: 半分", ["points_not_a_number"]),
        ("each: 0.5", "points: 0.5", ["unknown_field"]),
        (", each: 0.5", "", ["missing_field"]),
        ("  penalty:", "  penality:", ["unknown_field"]),
    ],
)
def test_adjustments_that_cannot_be_are_found_without_any_sheet(
    old: str, new: str, kinds: list[str]
) -> None:
    assert TEXT.count(old) == 1
    found = read_rubric(TEXT.replace(old, new)).diagnostics
    assert sorted(one.kind.label for one in found) == sorted(kinds)


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        ("each: 2, max: 4", "each: 0, max: 4", "each", "- {id: J1,"),
        ("each: 1.5, max: 4", "each: 0, max: 4", "each", "- {id: K1,"),
        ("each: 1.5, max: 4", "each: 1.5, max: 0", "max", "- {id: K1,"),
        ("each: 0.5", "each: 0", "each", "- {id: K2,"),
        ("    max: 6", "    max: 0", "max", "max: 0"),
    ],
)
def test_points_of_0_are_named_by_their_field(old: str, new: str, field: str, line: str) -> None:
    text = TEXT.replace(old, new)
    named = [
        (one.parameters["field"], text.splitlines()[(one.location.line or 0) - 1].strip())
        for one in read_rubric(text).diagnostics
        if one.kind.label == "cap_not_positive"
    ]
    assert [name for name, _ in named] == [field]
    assert named[0][1].startswith(line)


@pytest.mark.parametrize(
    ("adjustments", "kinds"),
    [
        ("adjustments: {}\n", ["empty_field"]),
        ("adjustments:\n", ["empty_field"]),
        ("adjustments: {bonus: , penalty: {items: []}}\n", ["empty_field"]),
        ("adjustments: {bonus: {items: []}}\n", ["empty_field"]),
        ("adjustments: {bonus: {max: 3}}\n", ["missing_field"]),
        ("adjustments: [J1]\n", ["wrong_shape"]),
    ],
)
def test_a_rubric_that_speaks_of_adjustments_has_some(adjustments: str, kinds: list[str]) -> None:
    text = TEXT.replace(ADJUSTMENTS, adjustments)
    assert [one.kind.label for one in read_rubric(text).diagnostics] == kinds


# --- sheets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ("adjustments: {J1: [甲奖], K2: 三月迟报}", []),
        ("adjustments: {J1: , K2: []}", []),
        ("adjustments:", []),
        ("adjustments: {J1: 2}", ["fact_without_name"]),
        ("adjustments: {J1: ['2']}", ["fact_without_name"]),
        ("adjustments: {J1: [2次]}", ["fact_without_name"]),
        ("adjustments: {J1: 两次}", ["fact_without_name"]),
        ("adjustments: {J1: 是}", ["fact_without_name"]),
        ("adjustments: {J1: 无}", ["fact_without_name"]),
        ("adjustments: {J1: 没有}", ["fact_without_name"]),
        ("adjustments: {J1: 没有发生}", ["fact_without_name"]),
        ("adjustments: {J1: 无此情况}", ["fact_without_name"]),
        ("adjustments: {J1: not happened}", ["fact_without_name"]),
        ("adjustments: {J1: -1}", ["fact_without_name"]),
        ("adjustments: {J1: 暂无, J2: [nil], K1: ×, K2: N}", ["fact_without_name"] * 4),
        ("adjustments: {J1: [1. 甲奖, （2）乙奖]}", []),
        ("adjustments: {J1: [1. 甲奖, （2）甲奖]}", ["fact_named_twice"]),
        ("adjustments: {J1: ['1.', 未获奖, 见附件]}",
         ["fact_without_name", "fact_denied", "fact_elsewhere"]),
        ("adjustments: {J1: 无人机大赛}", ["fact_denied"]),
        ("adjustments: {J1: 「无人机」大赛}", []),
        ("adjustments: {J1: |\n  甲奖\n  乙奖\n}", ["yaml_syntax"]),
        ("adjustments:\n  J1: |\n    甲奖\n    乙奖", ["facts_in_one_name"]),
        ("adjustments: {J1: [甲奖；乙奖, 「丙、丁」奖, 戊奖；]}", ["facts_in_one_name"]),
        ("adjustments: {J1: [甲奖, 甲奖]}", ["fact_named_twice"]),
        ("adjustments: {J1: [甲奖, ＡＢ奖, ab 奖]}", ["fact_named_twice"]),
        ('adjustments: {J1: ["甲\\u200b奖"]}', ["fact_name_characters"]),
        ("adjustments: {J9: [甲奖]}", ["unknown_adjustment"]),
        ("adjustments: {A1: [甲奖]}", ["unknown_adjustment"]),
        ("adjustments: {J1: [[甲奖]]}", ["wrong_shape"]),
        ("adjustments: {J1: {甲奖: 2}}", ["adjustment_takes"]),
        ("adjustments: [甲奖]", ["wrong_shape"]),
        ("adjustment: {J1: [甲奖]}", ["unknown_field"]),
    ],
)  # fmt: skip
def test_facts_that_cannot_be_counted_are_named(lines: str, kinds: list[str]) -> None:
    assert [one.kind.label for one in read(SHEET + lines + "\n").diagnostics] == kinds


@pytest.mark.parametrize(
    ("scores", "facts", "kinds"),
    [
        ("A1: 50, B1: 41", "J9: [甲奖]", ["points_over_cap", "unknown_adjustment"]),
        ("A1: 50, B1: 41", "J1: 2", ["points_over_cap", "fact_without_name"]),
        ("A1: 五十, B1: 30", "J9: [甲奖]", ["points_not_a_number", "unknown_adjustment"]),
        ("A1: 五十, B1: 30", "J1: 2", ["points_not_a_number", "fact_without_name"]),
        ("A1: 50", "J1: 2", ["items_unscored", "fact_without_name"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(
    scores: str, facts: str, kinds: list[str]
) -> None:
    text = f"rubric: county\nunit: 甲\nscores: {{{scores}}}\nadjustments: {{{facts}}}\n"
    assert [one.kind.label for one in read(text).diagnostics] == kinds
