"""Adjustments that are counted or judged: points computed by hand, and what does not fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.adjustments import SECTIONS, read, rubric_in
from tests.support.examples import round_trips

from epa_score import ScoreSheet, score
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.reports.workings import working_text
from epa_score.scoring.adjustments import adjustments_of

RUBRIC = rubric_in(f"""\
id: county
title: 某县评分细则
total: 100
step: 0.5
sections:
{SECTIONS}adjustments:
  bonus:
    max: 8
    items:
      - {{id: J1, text: 省级表彰, each: 2}}
      - {{id: J2, text: 采用信息, each: 1, count: true, max: 3}}
      - {{id: J3, text: 特色做法, judged: true, max: 5}}
  penalty:
    items:
      - {{id: K1, text: 迟报, each: 0.5, count: true}}
      - {{id: K2, text: 影响恶劣, judged: true, max: 5}}
""")
SHEET = "rubric: county\nunit: 示例甲镇\nscores: {A1: 50, B1: 30}\nadjustments: "


def sheet_of(adjustments: str) -> ScoreSheet:
    file = read(SHEET + adjustments, RUBRIC)
    assert file.sheet is not None, file.diagnostics
    return file.sheet


@pytest.mark.parametrize(
    ("adjustments", "bonus", "penalty"),
    [
        ("{J2: 2}", "2", "0"),  # 2 x 1
        ("{J2: 4}", "3", "0"),  # 4, at most 3
        ("{J2: {value: 2, note: 四月五月, evidence: 剪报}}", "2", "0"),
        ("{J3: {score: 3.5, note: 全县推广}}", "3.5", "0"),
        ("{J1: 现场会, J2: 4, J3: {score: 5, note: 推广}}", "8", "0"),  # 2 + 3 + 5, at most 8
        ("{J1: 全县推广, J3: {score: 1, note: 全县推广}}", "3", "0"),  # a note is no fact
        ("{K1: 3, K2: {score: 5, note: 未及时处置}}", "0", "6.5"),  # 1.5 + 5
        ("{J2: 0, J3: {score: 0, note: 没有推广}, K1: , K2: {score: , note: }}", "0", "0"),
        ("{J2: {}, K2: {score: 0}}", "0", "0"),
        ("{J2: 0, J3: 0, K1: 0.0, K2: 0.0}", "0", "0"),
    ],
)
def test_points_are_as_computed_by_hand(adjustments: str, bonus: str, penalty: str) -> None:
    adjusted = score(RUBRIC, sheet_of(adjustments)).adjusted
    assert adjusted is not None
    assert (adjusted.bonus, adjusted.penalty) == (Decimal(bonus), Decimal(penalty))


def test_workings_say_how_the_points_came_about() -> None:
    text = "{J2: {value: 4, note: 四至七月}, J3: {score: 2, note: 全县推广}, K1: 3}"
    sums = adjustments_of(RUBRIC, sheet_of(text))
    said = [working_text(one.working, Words("en")) for added in sums for one in added.items]
    assert said == ["四至七月: 4 x 1 = 4; 3 at most", "全县推广: 2", "3 x 0.5 = 1.5"]
    assert [working_text(added.working, Words("en")) for added in sums] == [
        "3 + 2 = 5",
        "3 x 0.5 = 1.5",
    ]


@pytest.mark.parametrize(
    ("adjustments", "kinds"),
    [
        ("{J2: 2.5}", ["fact_not_whole"]),
        ("{J2: {value: 2.5}}", ["fact_not_whole"]),
        ("{J2: -1}", ["fact_negative"]),
        ("{J2: 四篇}", ["fact_not_a_number"]),
        ("{J2: 四}", ["fact_not_a_number"]),
        ("{J2: 无}", ["fact_not_a_number"]),
        ("{J2: 007}", ["fact_not_a_number"]),
        ("{J2: 2次}", ["fact_not_a_number"]),
        ("{J2: 甲奖；乙奖}", ["fact_not_a_number"]),
        ("{J2: '4'}", ["adjustment_takes"]),
        ("{J2: [4]}", ["adjustment_takes"]),
        ('{J2: "甲\\u200b奖"}', ["adjustment_takes"]),
        ("{J2: [四月信息, 五月信息]}", ["adjustment_takes"]),
        ("{J2: {score: 2, note: 推广}}", ["adjustment_takes"]),
        ("{J2: {note: 四月}}", ["note_without_points"]),
        ("{J2: {number: 4}}", ["unknown_field"]),
        ("{J3: 3}", ["adjustment_takes"]),
        ("{J3: {value: 3}}", ["adjustment_takes"]),
        ("{J3: {value: 0, note: 没有推广}}", ["adjustment_takes"]),
        ("{J3: 00}", ["adjustment_takes"]),
        ("{J3: 全县推广}", ["adjustment_takes"]),
        ("{J3: 无}", ["adjustment_takes"]),
        ("{J3: {score: 3}}", ["judged_without_reason"]),
        ("{J3: {score: 3, note: ' '}}", ["judged_without_reason"]),
        ("{J3: {score: 3, note: 3}}", ["judged_without_reason"]),
        ("{J3: {note: 全县推广}}", ["note_without_points"]),
        ("{J3: {score: 6, note: 全县推广}}", ["points_over_cap"]),
        ("{J3: {score: 6}}", ["points_over_cap", "judged_without_reason"]),
        ("{J3: {score: 0.3, note: 全县推广}}", ["points_off_step"]),
        ("{J3: {score: 三分, note: 全县推广}}", ["points_not_a_number"]),
        ("{J1: {value: 2}}", ["fact_without_name"]),
        ("{J1: {value: 2, note: 现场会}}", ["adjustment_takes"]),
        ("{J1: {score: 2, note: 现场会}}", ["adjustment_takes"]),
        ("{J1: {现场会: 2}}", ["adjustment_takes"]),
        ("{J9: 2}", ["unknown_adjustment"]),
    ],
)
def test_what_an_adjustment_does_not_take_is_a_finding(adjustments: str, kinds: list[str]) -> None:
    found = read(SHEET + adjustments, RUBRIC).diagnostics
    assert sorted(one.kind.label for one in found) == sorted(kinds)


def test_points_carry_no_more_decimals_than_the_rubric_allows() -> None:
    rubric = RUBRIC.model_copy(update={"step": None, "decimals": 1})
    found = read(f"{SHEET}{{J3: {{score: 0.25, note: 推广}}}}", rubric).diagnostics
    assert [one.kind.label for one in found] == ["points_too_precise"]


@pytest.mark.parametrize(
    "adjustments",
    [
        {"J2": ["四月信息"]},
        {"J2": {"score": "2"}},
        {"J2": "2.5"},
        {"J2": {"value": "2", "score": "1"}},
        {"J3": "3"},
        {"J3": {"score": "5.5", "note": "推广"}},
        {"J1": "2"},
        {"J1": {"score": "2", "note": "推广"}},
    ],
)
def test_a_sheet_that_was_never_checked_is_not_added_up(adjustments: object) -> None:
    given = {"rubric": "county", "unit": "甲", "scores": {}, "adjustments": adjustments}
    with pytest.raises(ValueError, match="adjustment J"):
        adjustments_of(RUBRIC, ScoreSheet.model_validate(given))


def test_code_of_a_sheet_follows_from_numbers_and_points_alone() -> None:
    plain = score(RUBRIC, sheet_of("{}")).code
    for nothing in ("{J2: 0}", "{J3: {score: 0, note: 没有}}", "{K2: {score: , note: }}"):
        assert score(RUBRIC, sheet_of(nothing)).code == plain
    same = ("{J2: 2}", "{J2: {value: 2, note: 四月五月, evidence: [剪报]}}")
    assert len({score(RUBRIC, sheet_of(one)).code for one in same}) == 1
    others = ("{J2: 2}", "{J2: 1}", "{J3: {score: 2, note: 推广}}", "{J3: {score: 1, note: 推广}}")
    assert len({plain, *(score(RUBRIC, sheet_of(one)).code for one in others)}) == 5


def test_numbers_from_code_stand_for_numbers_of_facts() -> None:
    given = {"rubric": "county", "unit": "甲", "scores": {}, "adjustments": {"J2": 2}}
    sheet = ScoreSheet.model_validate(given)
    assert sheet.adjustment_scores["J2"].value == "2"
    assert ScoreSheet.model_validate(sheet.model_dump()) == sheet
    assert ScoreSheet.model_validate_json(sheet.model_dump_json()) == sheet


@round_trips(25)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "J1": st.just(["现场会", "示范镇"]),
            "J2": st.integers(0, 99).map(str)
            | st.builds(dict, value=st.just("3"), note=st.sampled_from(["", "四月: #", None])),
            "J3": st.builds(
                dict,
                score=st.sampled_from(["0", "2.5"]),
                note=st.just("推广"),
                evidence=st.just(["文"]),
            ),
            "K2": st.just({}),
        },
    )
)
def test_a_sheet_survives_yaml(adjustments: dict[str, object]) -> None:
    given = {"rubric": "county", "unit": "示例甲镇", "scores": {"A1": "50", "B1": "30"}}
    sheet = ScoreSheet.model_validate(given | {"adjustments": adjustments})
    again = read(yaml_sheet(sheet), RUBRIC)
    assert again.diagnostics == ()
    assert again.sheet == sheet


def test_a_blank_form_says_what_is_asked_and_reads_as_nothing() -> None:
    text = yaml_form(RUBRIC, "示例甲镇", Words("en"))
    assert "  J2:   # how many there are, 1 for each, at most 3 采用信息" in text
    assert "  J3:   # points by judgement, at most 5, with the reason 特色做法" in text
    assert "    score:   # points, from 0 to 5\n    note:   # the reason\n" in text
    file = read(text.replace("A1: ", "A1: 50 ").replace("B1: ", "B1: 30 "), RUBRIC)
    assert file.diagnostics == ()
    assert file.result is not None
    assert file.result.total == 80
