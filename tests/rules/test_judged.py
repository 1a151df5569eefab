"""Points that people take off as they see fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rubrics import (
    HEAD,
    read_rubric,
    read_scores,
    rubric_of_items,
    rubric_of_sections,
    sheet_of_scores,
)

from epa_score import Rubric, score
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.reports.workings import working_text
from epa_score.scoring.points import workings_of

WORDS = Words("zh_CN")
JUDGED = "{deduct: {judged: {least: 1, most: 5}}}"
RUBRIC = rubric_of_items(f"- {{id: A1, max: 6, text: 一, rule: {JUDGED}}}\n")
POOLS = """\
- id: A
  title: 纪律
  max: 10
  pool: section
  items:
    - {id: A1, max: 6, text: 通报, rule: {deduct: {each: 2}}}
    - {id: A2, max: 4, text: 影响, rule: {deduct: {judged: {most: 8}}}}
- id: B
  title: 会议
  max: 6
  pool: items
  floor: 1
  items:
    - {id: B1, max: 4, text: 缺会, rule: {deduct: {judged: {most: 4}}}}
    - {id: B2, max: 2, text: 迟到, rule: {deduct: {each: 1}}}
"""
POOLED = rubric_of_sections(POOLS)


@given(st.integers(0, 10), st.integers(0, 16), st.integers(0, 8), st.integers(0, 10))
def test_it_takes_from_a_pool_what_was_taken(a1: int, a2: int, b1: int, b2: int) -> None:
    off, other = Decimal(a2) / 2, Decimal(b1) / 2
    text = f"A1: {{value: {a1}}}\nA2: {{deducted: {off}, note: 原因}}\n"
    text += f"B1: {{deducted: {other}, note: 原因}}\nB2: {{value: {b2}}}\n"
    result = score(POOLED, sheet_of_scores(POOLED, text))
    assert result.sections["A"] == max(Decimal(0), 10 - 2 * a1 - off)
    assert result.sections["B"] == max(Decimal(1), 6 - other - min(2, b2))


@pytest.mark.parametrize(
    ("given_text", "points", "working"),
    [
        ("{deducted: 0}", 6, "6 - 0 = 6"),
        ("{deducted: 1, note: 来信}", 5, "6 - 1 = 5"),
        ("{deducted: 2.25, note: 来信}", Decimal("3.75"), "6 - 2.25 = 3.75"),
        ("{deducted: 5, note: 来信, evidence: 举报信}", 1, "6 - 5 = 1"),
    ],
)
def test_the_points_off_are_shown(given_text: str, points: object, working: str) -> None:
    sheet = sheet_of_scores(RUBRIC, f"A1: {given_text}\n")
    found = workings_of(RUBRIC, sheet)["A1"]
    assert found.points == points
    assert working_text(found, WORDS) == working
    again = yaml_sheet(sheet)
    assert "deducted" in again


@pytest.mark.parametrize(
    ("given_text", "codes"),
    [
        ("{deducted: 2}", "EPA451"),
        ("{deducted: 2, note: ' '}", "EPA451"),
        ("{deducted: 2, note: 无}", "EPA451"),
        ("{deducted: 2, note: '2'}", "EPA451"),
        ("{deducted: 0.5, note: 来信}", "EPA452"),
        ("{deducted: 5.5, note: 来信}", "EPA407"),
        ("{deducted: 1.234, note: 来信}", "EPA110"),
        ("{deducted: 0.5}", "EPA452 EPA451"),
        ("{value: 2, note: 来信}", "EPA020"),
        ("4", "EPA401"),
    ],
)
def test_what_cannot_be_is_an_error(given_text: str, codes: str) -> None:
    found = read_scores(RUBRIC, f"A1: {given_text}\n").diagnostics
    assert {one.kind.code for one in found} == set(codes.split())


def test_a_missing_number_is_unscored() -> None:
    sheet = sheet_of_scores(RUBRIC, "A1:\n", incomplete=True)
    assert score(RUBRIC, sheet).unscored == ("A1",)


def test_points_off_are_multiples_of_the_step() -> None:
    rubric = rubric_of_items(f"- {{id: A1, max: 6, text: 一, rule: {JUDGED}}}\n", "step: 0.5")
    (one,) = read_scores(rubric, "A1: {deducted: 1.25, note: 来信}\n").diagnostics
    assert (one.kind.code, one.variant) == ("EPA111", "deduction")
    assert read_scores(rubric, "A1: {deducted: 1.5, note: 来信}\n").diagnostics == ()


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("{judged: {most: 6}}", ""),
        ("{judged: {most: 5}, floor: 2}", ""),
        ("{judged: {most: 7}}", "EPA215"),
        ("{judged: {least: 4, most: 3}}", "EPA215"),
        ("{judged: {most: 0.001}}", "EPA216"),
        ("{judged: {most: 0}}", "EPA208"),
        ("{judged: {least: 0, most: 3}}", "EPA208"),
        ("{judged: {least: 1}}", "EPA021"),
        ("{judged: true}", "EPA022"),
        ("{judged: }", "EPA023"),
        ("{judged: {most: 3}, each: 1}", "EPA214"),
        ("{judged: {most: 3}, possible: 2}", "EPA214"),
        ("{judged: {most: 3}, per: 2}", "EPA214"),
        ("{floor: 1}", "EPA214"),
        ("{}", "EPA214"),
    ],
)
def test_the_rule_has_a_range(rule: str, codes: str) -> None:
    text = f"{HEAD}total: 6\nsections:\n  - id: S\n    title: 一\n    max: 6\n    items:\n"
    text += f"      - {{id: A1, max: 6, text: 一, rule: {{deduct: {rule}}}}}\n"
    assert " ".join(one.kind.code for one in read_rubric(text).diagnostics) == codes


def test_forms_ask_for_it() -> None:
    text = yaml_form(RUBRIC, "甲镇", WORDS)
    assert "    deducted:   # 扣几分；没有扣的写 0，扣了的要写原因" in text


def test_models_read_their_dumps() -> None:
    for rubric in (RUBRIC, POOLED):
        assert Rubric.model_validate(rubric.model_dump()) == rubric


@pytest.mark.parametrize(
    ("pool", "codes"),
    [
        ("pool: true", "EPA250"),
        ("pool: section", ""),
        ("pool: items, floor: 1", ""),
        ("pool: items", "EPA252 EPA215"),
    ],
)
def test_a_pool_knows_what_can_be_taken_at_most(pool: str, codes: str) -> None:
    most = "12" if pool == "pool: section" else "8"
    text = f"{HEAD}total: 14\nsections:\n  - {{id: A, title: 一, max: 14, {pool}, items: ["
    text += f"{{id: A1, max: 8, text: 一, rule: {{deduct: {{judged: {{most: {most}}}}}}}}}, "
    text += "{id: A2, max: 6, text: 二, rule: {deduct: {each: 1}}}]}\n"
    if codes.endswith("EPA215"):
        text = text.replace("most: 8", "most: 9")
    assert {one.kind.code for one in read_rubric(text).diagnostics} == set(codes.split())
