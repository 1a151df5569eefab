"""What a form asks for, and what it remembers of the rules that it was made by."""

import pytest
from tests.support.adjustments import ADJUSTMENTS, TEXT, rubric_in

from epa_score.i18n import Words
from epa_score.reports.blank_record import blank_record, table_columns, table_record
from epa_score.reports.form_lines import beginning, fact_lines
from epa_score.rules.item_rule import Rules

OTHERS = """\
adjustments:
  bonus:
    items:
      - {id: J1, text: 省级表彰, each: 2, max: 4}
      - {id: J2, text: 采用信息, each: 1, count: true}
      - {id: J3, text: 特色做法, judged: true, max: 5}
  penalty:
    items: [{id: K1, text: 通报批评, each: 1.5, max: 4}]
veto: [{id: V1, text: 重大事故, effect: exclude}]
"""
RUBRIC = rubric_in(
    TEXT.replace(ADJUSTMENTS, OTHERS).replace(
        "{id: A1, max: 60, text: 一}",
        "{id: A1, max: 60, text: 一, rule: {deduct: {each: 1}, hard_zero: [虚报]}}",
    )
)
RECORD = table_record(RUBRIC, ["甲镇"], Words("en"))


def test_a_form_remembers_what_each_adjustment_takes() -> None:
    kept = blank_record(RUBRIC, "甲镇").rules
    keys = {line: kept[line] for line in ("J1", "J2", "J3", "K1", "V1")}
    assert len(set(keys.values())) == len(keys)
    named = OTHERS.replace("each: 1, count: true", "each: 1")
    named = named.replace("bonus:", "bonus:\n    same_fact: once")
    other = rubric_in(TEXT.replace(ADJUSTMENTS, named))
    assert blank_record(other, "甲镇").rules["J2"] == keys["J1"]


def test_a_table_asks_for_what_each_line_takes() -> None:
    assert list(table_columns(RECORD)) == [
        *[("A1", "score"), ("A1-1", "fact"), ("A1-2", "fact"), ("B1", "score")],
        *[("J1", "names"), ("J2", "number"), ("J3", "number"), ("K1", "names")],
        *[("V1", "answer"), ("V1", "what")],
    ]


def test_the_advice_below_a_table_has_its_first_item_as_the_example() -> None:
    advice, *others = RECORD.titles
    assert "A1" in advice
    assert not any(item in advice for item in RECORD.items[1:])
    assert others == [Words("en")("form.leader"), Words("en")("form.members")]


def test_facts_have_lines_and_points_that_a_person_gives_have_none() -> None:
    item = RUBRIC.sections[0].items[0]
    assert [line.fact.name for line in fact_lines(item)] == ["value", "虚报"]
    judged = item.model_copy(update={"rule": Rules.model_validate({"hard_zero": ["虚报"]})})
    assert [line.fact.name for line in fact_lines(judged)] == ["虚报"]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [("落实", 2, "落实"), ("有人值守", 3, "有……"), ("有人值守", 4, "有人值守")],
)
def test_a_long_wording_is_cut_to_its_beginning(text: str, most: int, shown: str) -> None:
    assert beginning(text, most) == shown
