"""Items that do not apply: which reasons are taken, and which treatments a rubric may have."""

import pytest
from pydantic import ValidationError
from tests.support.not_applicable import RUBRIC
from tests.support.rubrics import (
    read_rubric,
    read_scores,
    rubric_of_items,
    rubric_of_sections,
    sheet_of_scores,
)

from epa_score import Rubric
from epa_score.diagnostics import Kind
from epa_score.model import Score
from epa_score.model.item_options import TREATMENTS


def kinds(scores: str, rubric: Rubric = RUBRIC) -> list[Kind]:
    return [one.kind for one in read_scores(rubric, scores).diagnostics]


REST = "A2: 6\nA3: {value: 1}\nC1: 3\nC2: 4\nC3: 2\nC4: 4\nD1: 9\n"


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "~",
        "''",
        "'  '",
        "'\u3000'",
        "是",
        "否",
        "yes",
        "'no'",
        "true",
        "5",
        "'5'",
        "3分",
        "八分",
        "-1",
        "n/a",
        "不适用",
        "未评",
        "'。。。'",
        '"\\u200b"',
        '"\\u200b是"',
    ],
)
def test_no_reason_is_taken_for_one(reason: str) -> None:
    assert kinds(f"A1: {{not_applicable: {reason}}}\n{REST}") == [Kind.REASON_MISSING]


@pytest.mark.parametrize("reason", ["[a]", "{a: b}"])
def test_a_reason_is_text(reason: str) -> None:
    assert kinds(f"A1: {{not_applicable: {reason}}}\n{REST}") == [Kind.WRONG_SHAPE]


@pytest.mark.parametrize("reason", ["本镇没有快递网点", "no parcel office", "2018年才设立"])
def test_a_reason_with_note_and_evidence_is_sound(reason: str) -> None:
    scores = f"A1: {{not_applicable: {reason}, note: 见附件, evidence: [证明1份]}}\n{REST}"
    found = sheet_of_scores(RUBRIC, scores)
    assert found.inapplicable == {"A1": reason}
    assert found.score("A1").note == "见附件"


@pytest.mark.parametrize(
    ("scores", "kind"),
    [
        ("A1: {not_applicable: 没有网点, score: 0}", Kind.POINTS_BESIDE_REASON),
        ("A1: {not_applicable: 没有网点, value: 0}", Kind.ITEM_TAKES_POINTS),
        ("A1: {not_aplicable: 没有网点}", Kind.UNKNOWN_FIELD),
        ("A1: 不适用", Kind.NOT_APPLICABLE),
    ],
)
def test_points_and_slips_beside_a_reason_are_named(scores: str, kind: Kind) -> None:
    assert kinds(f"{scores}\n{REST}") == [kind]


@pytest.mark.parametrize(
    ("fact", "kind"), [("value: 1", Kind.POINTS_BESIDE_REASON), ("score: 3", Kind.ITEM_TAKES_FACTS)]
)
def test_facts_do_not_stand_beside_a_reason(fact: str, kind: Kind) -> None:
    rest = REST.replace("{value: 1}", f"{{not_applicable: 没有车, {fact}}}")
    assert kinds(f"A1: 4\n{rest}") == [kind]


def test_measured_numbers_do_not_stand_beside_a_reason() -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 2, text: 一, not_applicable: zero,"
        " targets: {all: [{name: 家, at_least: 3}]}}\n- {id: A2, max: 2, text: 二}"
    )
    scores = "A1: {not_applicable: 没有, measured: {家: 1}}\nA2: 1"
    assert kinds(scores, rubric) == [Kind.POINTS_BESIDE_REASON]
    assert kinds("A1: {not_applicable: 没有}\nA2: 1", rubric) == []


def test_an_item_that_may_be_inapplicable_and_says_nothing_is_unscored() -> None:
    assert kinds(f"A1:\n{REST}") == [Kind.ITEMS_UNSCORED]
    assert kinds(REST) == [Kind.ITEMS_UNSCORED]


def test_an_unknown_item_with_a_reason_is_unknown() -> None:
    assert kinds(f"A1: 4\nZ9: {{not_applicable: 没有}}\n{REST}") == [Kind.UNKNOWN_ITEM]


def test_a_bare_word_is_answered_with_how_to_write_it_where_the_item_allows_it() -> None:
    bare = read_scores(RUBRIC, f"A1: 不适用\n{REST}").diagnostics
    assert [one.variant for one in bare] == ["allowed"]
    refused = read_scores(RUBRIC, f"A1: 4\n{REST.replace('A2: 6', 'A2: n/a')}").diagnostics
    assert [(one.kind, one.variant) for one in refused] == [(Kind.NOT_APPLICABLE, "")]


def rubric_kinds(item: str, *section: str, rest: str = "{id: A2, max: 3, text: 二}") -> list[Kind]:
    lines = "".join(f"    {line}\n" for line in section)
    text = (
        "id: county\ntitle: 细则\ntotal: 5\nsections:\n  - id: A\n    title: 甲\n    max: 5\n"
        f"{lines}    items:\n      - {item}\n      - {rest}\n"
    )
    return [one.kind for one in read_rubric(text).diagnostics]


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_treatments_go_with_every_judged_and_ruled_item(treatment: str) -> None:
    may = f"not_applicable: {treatment}"
    assert rubric_kinds(f"{{id: A1, max: 2, text: 一, {may}}}") == []
    assert rubric_kinds(f"{{id: A1, max: 2, text: 一, rule: {{hard_zero: [虚报]}}, {may}}}") == []
    assert rubric_kinds(f"{{id: A1, max: 2, text: 一, rule: {{ratio: {{}}}}, {may}}}") == []


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_where_sums_have_a_bound_nothing_is_left_out_or_scaled(treatment: str) -> None:
    item = f"{{id: A1, max: 4, text: 一, not_applicable: {treatment}}}"
    refused = [] if treatment in ("zero", "full") else [Kind.TREATMENT_IMPOSSIBLE]
    assert rubric_kinds(item, "capped: true") == refused
    shared = "rule: {deduct: {each: 1}}"
    item = f"{{id: A1, max: 4, text: 一, {shared}, not_applicable: {treatment}}}"
    refused = [] if treatment == "full" else [Kind.TREATMENT_IMPOSSIBLE]
    rest = f"{{id: A2, max: 3, text: 二, {shared}}}"
    assert rubric_kinds(item, "pool: items", rest=rest) == refused


def test_a_bound_reaches_down_to_the_sections_inside() -> None:
    text = (
        "id: county\ntitle: 细则\ntotal: 5\nsections:\n  - id: A\n    title: 甲\n    max: 5\n"
        "    capped: true\n    sections:\n      - id: B\n        title: 乙\n        max: 6\n"
        "        items:\n          - {id: B1, max: 4, text: 一, not_applicable: rescale}\n"
        "          - {id: B2, max: 2, text: 二, not_applicable: zero}\n"
    )
    assert [one.kind for one in read_rubric(text).diagnostics] == [Kind.TREATMENT_IMPOSSIBLE]


def test_a_mean_in_a_rubric_that_is_wrong_otherwise_is_one_finding_more() -> None:
    text = (
        "id: county\ntitle: 细则\ntotal: 4\nunits: [甲, 乙]\nsections:\n  - id: A\n    title: 甲\n"
        "    max: 4\n    items:\n      - {id: A1, max: 2, text: 一, not_applicable: peer_mean}\n"
        "      - {id: A1, max: 2, text: 一, not_applicable: peer_mean}\n"
    )
    assert [one.kind for one in read_rubric(text).diagnostics] == [Kind.DUPLICATE_ITEM]
    alone = text.replace("[甲, 乙]", "[甲]").replace("A1", "A2", 1)
    found = [one.kind for one in read_rubric(alone).diagnostics]
    assert found == [Kind.TREATMENT_IMPOSSIBLE] * 2


@pytest.mark.parametrize("written", ["skip", "5", "[zero]", "''"])
def test_other_treatments_are_not_allowed(written: str) -> None:
    found = rubric_kinds(f"{{id: A1, max: 2, text: 一, not_applicable: {written}}}")
    assert found == [Kind.VALUE_NOT_ALLOWED]


def test_a_treatment_is_not_empty() -> None:
    found = rubric_kinds("{id: A1, max: 2, text: 一, not_applicable: }")
    assert found == [Kind.EMPTY_FIELD]


def test_code_gives_no_reason_that_is_not_text() -> None:
    with pytest.raises(ValidationError, match="reason"):
        Score.model_validate({"not_applicable": 5})


SOME_LEFT = """\
- id: A
  title: 甲
  max: 6
  items:
    - {id: A1, max: 2, text: 一, not_applicable: exclude}
    - {id: A2, max: 4, text: 二, not_applicable: rescale}
- id: B
  title: 乙
  max: 4
  items:
    - {id: B1, max: 4, text: 三, not_applicable: exclude}
"""
NO = "{not_applicable: 本镇没有这项业务}"


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        (f"A1: {NO}\nA2: 4\nB1: {NO}\n", []),
        (f"A1: 2\nA2: {NO}\nB1: {NO}\n", []),
        (f"A1: {NO}\nA2: {NO}\nB1: 4\n", [Kind.NOTHING_APPLIES]),
    ],
)
def test_a_section_may_be_left_out_but_not_scaled_up_from_nothing(
    scores: str, found: list[Kind]
) -> None:
    assert kinds(scores, rubric_of_sections(SOME_LEFT)) == found


@pytest.mark.parametrize("treatment", ["exclude", "rescale_total", "zero", "full"])
def test_a_section_of_which_nothing_applies_may_be_left_out(treatment: str) -> None:
    text = SOME_LEFT.replace("三, not_applicable: exclude", f"三, not_applicable: {treatment}")
    assert kinds(f"A1: 2\nA2: 4\nB1: {NO}\n", rubric_of_sections(text)) == []
