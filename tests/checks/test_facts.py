"""Facts in a sheet: which are taken, which are refused, and what an item lacks."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.support.commands import HandIn, Run
from tests.support.paths import ROOT
from tests.support.rubrics import (
    read_rubric,
    read_scores,
    read_sheet_text,
    rubric_of_items,
    sheet_of_scores,
    text_of_items,
)

import epa_score
from epa_score import Rubric, ScoreSheet
from epa_score.diagnostics import Kind
from epa_score.exporters.yaml import yaml_form, yaml_sheet
from epa_score.i18n import Words
from epa_score.model import Item, Score, Section
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.sheets import sheet_of
from epa_score.rules.item_rule import Rules
from epa_score.scoring import score
from epa_score.scoring.points import points_of, workings_of

ITEMS = """\
- {id: A1, max: 10, text: 报送, rule: {deduct: {each: 0.5, possible: 12}}}
- {id: A2, max: 10, text: 培训, rule: {ratio: {part: true}}}
- {id: A3, max: 10, text: 台账, rule: {levels: {优: 10, 良: 8}}}
- {id: A4, max: 10, text: 制度, rule: {hard_zero: [虚报]}}
- {id: A5, max: 10, text: 负责}
- id: A6
  max: 10
  text: 企业 5 家以上或者网店 10 家以上
  targets: {any: [{name: 企业, at_least: 5}, {name: 网店, at_least: 10, unit: 家}]}
- {id: A7, max: 10, text: 覆盖, rule: {ratio: {target: 40, part: true}}}
"""
GIVEN = {
    "A1": "{value: 3}",
    "A2": "{done: 8, target: 10}",
    "A3": "{level: 良}",
    "A4": "{score: 9, 虚报: 否}",
    "A5": "7",
    "A6": "10",
    "A7": "{done: 40}",
}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return rubric_of_items(ITEMS)


def scores(**changed: str) -> str:
    return "".join(f"{name}: {given}\n" for name, given in {**GIVEN, **changed}.items())


def found(rubric: Rubric, text: str, *, incomplete: bool = False) -> list[tuple[str, str, int]]:
    """The kind, the variant and the column of each finding."""
    return [
        (one.kind.label, one.variant, one.location.column or 0)
        for one in read_scores(rubric, text, incomplete=incomplete).diagnostics
    ]


def test_facts_and_points_stand_side_by_side(rubric: Rubric) -> None:
    sheet = sheet_of_scores(rubric, scores())
    expected = {"A1": "8.5", "A2": "8", "A3": "8", "A4": "9", "A5": "7", "A6": "10", "A7": "10"}
    assert points_of(rubric, sheet) == {name: Decimal(one) for name, one in expected.items()}
    assert score(rubric, sheet).total == Decimal("60.5")
    assert list(workings_of(rubric, sheet)) == ["A1", "A2", "A3", "A4", "A7"]


@pytest.mark.parametrize(
    ("item", "given", "kind", "variant", "column"),
    [
        ("A1", "8", "item_takes_facts", "", 7),
        ("A1", "{score: 8}", "item_takes_facts", "", 15),
        ("A1", "11", "item_takes_facts", "", 7),
        ("A1", "{value: 3, score: 8}", "item_takes_facts", "", 25),
        ("A1", "{value: 13}", "fact_not_possible", "", 15),
        ("A1", "{value: 1.5}", "fact_not_whole", "", 15),
        ("A1", "{value: -1}", "fact_negative", "", 15),
        ("A1", "{value: 三次}", "fact_not_a_number", "", 15),
        ("A1", "{value: ３}", "fact_not_a_number", "instead", 15),
        ("A1", '{value: "3"}', "fact_not_a_number", "quoted", 15),
        ("A1", "{value: n/a}", "fact_not_a_number", "", 15),
        ("A1", "{value: [3]}", "wrong_shape", "", 8),
        ("A1", "{valeu: 3}", "unknown_field", "nearest", 8),
        ("A1", "{times: 3}", "unknown_field", "", 8),
        ("A1", "{value: 3, measured: {企业: 3}}", "unknown_field", "", 18),
        ("A1", "{value: 3, measured: {}}", "unknown_field", "", 18),
        ("A2", "{done: 8}", "fact_missing", "", 3),
        ("A2", "{done: 8, traget: 10}", "unknown_field", "nearest", 17),
        ("A2", "{done: 8, target: 0}", "fact_not_positive", "", 25),
        ("A2", "{done: 11, target: 10}", "fact_not_possible", "part", 14),
        ("A3", "{level: 中}", "fact_not_a_choice", "", 15),
        ("A4", "9", "fact_missing", "", 7),
        ("A4", "{score: 11, 虚报: 否}", "points_over_cap", "", 15),
        ("A4", "{score: 9, 虚报: 没有}", "fact_not_a_choice", "", 22),
        ("A5", "{value: 3}", "item_takes_points", "", 8),
        ("A5", "{scores: 3}", "unknown_field", "nearest", 8),
        ("A6", "{score: 10, measured: {企业: 五}}", "fact_not_a_number", "instead", 34),
        ("A6", "{score: 10, measured: {商店: 12}}", "unknown_field", "", 30),
        ("A6", "{score: 10, measured: 12}", "wrong_shape", "", 29),
        ("A7", "{done: 41}", "fact_not_possible", "", 14),
    ],
)
def test_one_cause_gives_one_finding(
    rubric: Rubric, item: str, given: str, kind: str, variant: str, column: int
) -> None:
    assert found(rubric, scores(**{item: given})) == [(kind, variant, column)]


@pytest.mark.parametrize(
    ("word", "points"),
    [("否", 9), ("no", 9), ("No", 9), ("NO", 9), ("是", 0), ("Yes", 0), ("YES", 0)],
)
def test_yes_and_no_are_words_in_any_case(rubric: Rubric, word: str, points: int) -> None:
    text = scores(A4=f"{{score: 9, 虚报: {word}}}")
    assert found(rubric, text) == []
    assert points_of(rubric, sheet_of_scores(rubric, text))["A4"] == points


@pytest.mark.parametrize(
    ("item", "given", "variant", "nearest"),
    [
        ("A3", "{level: 良好}", "nearest", "良"),
        ("A3", "{level: 中}", "", ""),
        ("A4", "{score: 9, 虚报: 没有}", "", ""),
    ],
)
def test_a_word_that_is_no_choice_has_the_nearest_beside_it(
    rubric: Rubric, item: str, given: str, variant: str, nearest: str
) -> None:
    (one,) = read_scores(rubric, scores(**{item: given})).diagnostics
    assert one.kind is Kind.FACT_NOT_A_CHOICE
    assert (one.variant, one.parameters["nearest"]) == (variant, nearest)


def test_without_any_fact_an_item_is_unscored(rubric: Rubric) -> None:
    text = scores(A1="", A2="{done: , target: }", A3="{note: 还没有评}")
    (one,) = read_scores(rubric, text).diagnostics
    assert one.kind.label == "items_unscored"
    assert one.parameters["items"] == ("A1", "A2", "A3")


def test_a_missing_fact_makes_the_total_provisional(rubric: Rubric) -> None:
    text = scores(A2="{done: 8}", A3="")
    assert found(rubric, text, incomplete=True) == []
    result = score(rubric, sheet_of_scores(rubric, text, incomplete=True))
    assert result.unscored == ("A2", "A3")
    assert result.at_best is not None
    assert result.at_best.total - result.total == 20


def test_the_best_is_what_the_rule_can_give_at_most() -> None:
    items = """\
- {id: A1, max: 10, text: 一, rule: {levels: {优: 10, 良: 8}}}
- {id: A2, max: 10, text: 二, rule: {target: {target: 5, under: 1, over: 1, limit: 12}}}
- {id: A3, max: 10, text: 三, rule: {brackets: [{at_least: 1, points: 10}]}}
"""
    rubric = rubric_of_items(items)
    result = score(rubric, sheet_of_scores(rubric, "A1: ", incomplete=True))
    assert result.at_best is not None
    assert result.at_best.total == 32
    above = sheet_of_scores(rubric, "A1: {level: 优}\nA2: {value: 9}\nA3: {value: 1}")
    assert score(rubric, above).total == 32


def test_a_fact_that_makes_an_item_zero_needs_no_others(rubric: Rubric) -> None:
    sheet = sheet_of_scores(rubric, scores(A4="{虚报: 是}"))
    assert points_of(rubric, sheet)["A4"] == 0


@pytest.mark.parametrize(
    ("item", "given"),
    [
        ("A1", "8"),
        ("A1", {"value": "8", "score": "3"}),
        ("A1", {"value": "13"}),
        ("A2", {"done": "11", "target": "10"}),
        ("A3", {"level": "中"}),
        ("A4", {"score": "11", "虚报": "否"}),
    ],
)
def test_score_refuses_facts_that_do_not_fit(rubric: Rubric, item: str, given: object) -> None:
    sheet = ScoreSheet.model_validate({"rubric": "county", "unit": "甲", "scores": {item: given}})
    with pytest.raises(ValueError, match=f"item {item}"):
        score(rubric, sheet)


def test_code_gives_facts_as_exact_numbers() -> None:
    assert Score.model_validate({"value": Decimal("1.50"), "n": 3}).facts["value"] == "1.5"


@pytest.mark.parametrize("wrong", [1.5, True, ["3"]])
def test_a_fact_in_code_is_text_or_an_exact_number(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Score.model_validate({"value": wrong})


def test_a_trap_of_yaml_among_facts_is_named(rubric: Rubric) -> None:
    assert [kind for kind, _, _ in found(rubric, scores(A1="{value：3}"))] == [
        "fullwidth_punctuation"
    ]


def test_beside_a_trap_what_has_no_other_cause_is_said_as_well(rubric: Rubric) -> None:
    text = scores(A1="{value：3}", A2="[3]", A5="八")
    assert [kind for kind, _, _ in found(rubric, text)] == [
        "fullwidth_punctuation",
        "points_not_a_number",
    ]


# --- measured beside targets -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "variant", "measured"),
    [
        ("{score: 10, measured: {企业: 4, 网店: 9}}", "", 4),
        ("{score: 10, measured: {企业: 4}}", None, 0),
        ("{score: 10, measured: {企业: 5}}", None, 0),
        ("{score: 10, measured: {}}", None, 0),
        ("{score: 9, measured: {企业: 4, 网店: 10}}", "loss", 10),
        ("{score: 9, measured: {企业: 4, 网店: 9}}", None, 0),
        ("{measured: {企业: 4, 网店: 9}}", None, 0),
    ],
)
def test_points_against_targets_are_a_warning(
    rubric: Rubric, given: str, variant: str | None, measured: int
) -> None:
    read = read_scores(rubric, scores(A6=given), incomplete=True)
    assert read.sheet is not None
    assert [(one.variant, one.parameters["measured"]) for one in read.diagnostics] == (
        [] if variant is None else [(variant, measured)]
    )


@pytest.mark.parametrize(
    ("points", "measured", "variant"),
    [
        ("10", "{个: 1, 万元: 99}", ""),
        ("10", "{万元: 99}", ""),
        ("10", "{个: 1}", None),
        ("9", "{个: 1, 万元: 100}", "loss"),
        ("9", "{个: 1}", None),
        ("10", "{个: 1, 万元: 100}", None),
    ],
)
def test_all_targets_are_reached_or_one_is_not(
    points: str, measured: str, variant: str | None
) -> None:
    rubric = rubric_of_items(
        "- {id: A1, max: 10, text: 上网, targets:"
        " {all: [{name: 个, at_least: 1}, {name: 万元, at_least: 100}]}}\n"
    )
    read = read_scores(rubric, f"A1: {{score: {points}, measured: {measured}}}")
    assert [one.variant for one in read.diagnostics] == ([] if variant is None else [variant])


def test_a_warning_is_shown_and_does_not_stop_a_ranking(small: HandIn, run: Run) -> None:
    path = Path("rubrics", "small.yaml")
    item = "{id: B1, max: 4, text: 有宣传。"
    text = path.read_text("utf-8")
    assert item in text
    targets = "targets: {all: [{name: 场次, at_least: 4}]}"
    path.write_text(text.replace(item, f"{item}, {targets}"), "utf-8")
    small("甲镇", "A1: 2, A2: 4, B1: {score: 4, measured: {场次: 3}}")
    assert run("validate").code == 0
    outcome = run("rank", "--format", "csv")
    assert outcome.code == 0
    assert "警告[EPA410]" in outcome.said
    assert ",甲镇,6,4,10" in outcome.text
    assert run("convert", "scores").code == 0


# --- rules given in code -----------------------------------------------------------------------


def test_code_gives_a_rule_without_a_context() -> None:
    item = Item.model_validate(
        {"id": "A1", "max": "10", "text": "一", "rule": {"count": {"each": "1"}}}
    )
    assert item.rule == Rules.model_validate({"count": {"each": "1"}})


def test_code_gives_rules_and_switches_as_they_are() -> None:
    rule = Rules.model_validate({"deduct": {"each": "1"}})
    item = Item(id="A1", max=Decimal(10), text="一", rule=rule)
    assert item.rule is rule
    section = Section(id="A", title="报送", max=Decimal(10), items=(item,), pool="items")
    assert section.pool == "items"


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("", ["empty_field"]),
        ("deduct", ["wrong_shape"]),
        ("{dedcut: {each: 1}}", ["unknown_field"]),
        ("{deduct: {eech: 1}}", ["unknown_field"]),
        ("{deduct: {each: 一}}", ["points_not_a_number"]),
        ("{deduct: {each: {迟报: 一}}}", ["points_not_a_number"]),
        ("{deduct: {each: {}}}", ["empty_field"]),
        ("{ratio: {part: 是}}", ["value_not_allowed"]),
        ("{levels: {}}", ["empty_field"]),
        ("{levels: 优}", ["wrong_shape"]),
        ("{brackets: []}", ["empty_field"]),
        ("{brackets: [{at_least: 1, point: 2}]}", ["unknown_field"]),
        ("{hard_zero: []}", ["empty_field"]),
        ("{all_or_nothing: {}}", ["not_one_of"]),
        ("{all_or_nothing: {all: [甲], any: [乙]}}", ["not_one_of"]),
        ("{deduct: {each: 1}, ratio: {}}", ["not_one_of"]),
        ("{count: {each: 11}}", ["rule_points_over_cap"]),
        ("{ratio: {below: 11}}", ["rule_points_over_cap"]),
        ("{ratio: {below: 0.001}}", ["rule_points_off_step"]),
        ("{deduct: {each: {甲: 0.001}}}", ["rule_points_off_step"]),
        ("{deduct: {each: 1, floor: 11}}", ["rule_points_over_cap"]),
        ("{target: {target: 1, under: 1, points: 11}}", ["rule_points_over_cap"]),
        ("{target: {target: 1, under: 1, over: 1, points: 9, limit: 8}}", ["rule_points_over_cap"]),
        ("{target: {target: 1, under: 1, over: 1, limit: 12}}", []),
        ("{brackets: [{at_least: 5, points: 2}, {at_least: 5, points: 3}]}", ["brackets_unsorted"]),
        ("{target: {target: 1}}", ["missing_field"]),
        ("{target: {target: 1, under: 1, lower: true}}", ["missing_field"]),
        ("{target: {target: 1, under: 1, per: 3}}", ["steps_undecided"]),
        ("{target: {target: 1, under: 0, over: 2, points: 9, per: 3}}", ["steps_undecided"]),
        ("{target: {target: 1, under: 1, per: 3, steps: half}}", ["value_not_allowed"]),
        ("{ratio: {part: true, lower: true}}", ["rule_options_conflict"]),
        ("{count: {each: {甲: 1, 乙: 2}, per: 3}}", ["rule_options_conflict"]),
        ("{deduct: {each: 1, per: 3, possible: 2}}", ["rule_options_conflict"]),
        ("{count: {each: {note: 1}}}", ["fact_name_taken"]),
        ("{count: {each: {企业: 1, 企 业: 2}}}", ["fact_name_taken"]),
        ("{levels: {优: 10, 优。: 8}}", ["fact_name_taken"]),
        ("{deduct: {each: 1}, hard_zero: [value]}", ["fact_name_taken"]),
    ],
)
def test_a_wrong_rule_is_found_without_any_sheet(rule: str, kinds: list[str]) -> None:
    read = read_rubric(text_of_items(f"- {{id: A1, max: 10, text: 一, rule: {rule}}}\n"))
    assert [one.kind.label for one in read.diagnostics] == kinds


@pytest.mark.parametrize(
    ("rule", "about"),
    [
        ("{target: 9, under: 2, per: 4}", {"distance": "6", "whole": "2", "proportion": "3"}),
        ("{target: 9, under: 0, over: 2, points: 9, per: 2}",
         {"distance": "3", "whole": "2", "proportion": "3"}),
        ("{target: 9, over: 3, per: 5, lower: true}",
         {"distance": "7.5", "whole": "3", "proportion": "4.5"}),
    ],
)  # fmt: skip
def test_what_parts_of_a_step_come_to_is_shown_at_a_step_and_a_half(
    rule: str, about: dict[str, str]
) -> None:
    text = text_of_items(f"- {{id: A1, max: 10, text: 一, rule: {{target: {rule}}}}}\n")
    (one,) = read_rubric(text).diagnostics
    assert one.kind is Kind.STEPS_UNDECIDED
    shown = {name: Decimal(str(one.parameters[name])) for name in about}
    assert shown == {name: Decimal(figure) for name, figure in about.items()}


@pytest.mark.parametrize(
    ("targets", "kinds"),
    [
        ("{}", ["not_one_of"]),
        ("{all: [{name: 甲, at_least: 1}, {name: 甲, at_least: 2}]}", ["fact_name_taken"]),
        ("{all: [{name: 甲}]}", ["missing_field"]),
    ],
)
def test_wrong_targets_are_found_without_any_sheet(targets: str, kinds: list[str]) -> None:
    read = read_rubric(text_of_items(f"- {{id: A1, max: 10, text: 一, targets: {targets}}}\n"))
    assert [one.kind.label for one in read.diagnostics] == kinds


def test_the_nearest_name_inside_a_rule_is_offered() -> None:
    text = text_of_items("- {id: A1, max: 10, text: 一, rule: {brackets: [{at_leest: 1}]}}\n")
    (one,) = (x for x in read_rubric(text).diagnostics if x.kind is Kind.UNKNOWN_FIELD)
    assert one.parameters["known"] == ("at_least", "points")
    assert one.parameters["nearest"] == "at_least"


# --- YAML forms and sheets ---------------------------------------------------------------------


def test_a_blank_form_names_the_facts_and_is_unscored(rubric: Rubric) -> None:
    text = yaml_form(rubric, "示例甲镇", Words("zh_CN"))
    assert "  A3:   # 满分 10： 台账\n    level:   # 写其中一个：优、良\n" in text
    assert "\n    score:   # 得分，最多 10 分\n    虚报:   # 写 是 或 否\n" in text
    library = RubricLibrary()
    library.given = read_rubric(text_of_items(ITEMS))
    data = text.encode()
    read = sheet_of(data, yaml.read("甲.yaml", data), library, incomplete=True)
    assert read.sheet is not None
    assert set(points_of(rubric, read.sheet).values()) == {None}


def test_a_sheet_with_facts_is_written_as_it_was_read(rubric: Rubric) -> None:
    text = scores(
        A6="{score: 10, measured: {企业: 5, 网店: }, note: 好}", A3='{level: "良"}', A1="{value: }"
    )
    sheet = sheet_of_scores(rubric, text, incomplete=True)
    library = RubricLibrary()
    library.given = read_rubric(text_of_items(ITEMS))
    data = yaml_sheet(sheet).encode()
    again = sheet_of(data, yaml.read("甲.yaml", data), library, incomplete=True).sheet
    assert again is not None
    assert points_of(rubric, again) == points_of(rubric, sheet)
    assert again.score("A6") == sheet.score("A6").model_copy(update={"measured": {"企业": "5"}})
    assert epa_score.score(rubric, again) == epa_score.score(rubric, sheet)


def test_an_export_shows_the_workings(examples: Path, run: Run) -> None:
    shutil.copytree(ROOT / "examples" / "rubrics" / "office", examples / "office")
    rubric = "office/rubrics/office.yaml"
    assert run("export", "office/scores", "--rubric", rubric, "--json").code == 0
    tables = json.loads(Path("排名汇总.json").read_text("utf-8"))
    assert tables["workings"][0] == {
        "rubric": "office",
        "period": None,
        "unit": "示例甲局",
        "item": "A1",
        "text": "月报表每迟报一次扣 1 分，每缺报一次扣 3 分。",
        "max": "40",
        "working": "40 - 2 x 1 - 1 x 3 = 35",
        "score": "35",
    }
    assert "working" not in tables["scores"][0]
    assert {one["working"] for one in tables["deductions"] if one["item"] == "B1"} == {
        "44 / 48 x 25，四舍五入为 22.92",
        "1 / 3 x 25，四舍五入为 8.33",
    }


POINTING = """\
- {id: A1, max: 10, text: 一, rule: {levels: {优: 10, 良: 8}}}
- {id: A2, max: 10, text: 二, rule: {all_or_nothing: {all: [方案]}}}
- {id: A3, max: 10, text: 三, rule: {levels: {优: 10, 良: 8}, hard_zero: [虚报]}}
- {id: A4, max: 10, text: 四, rule: {all_or_nothing: {all: [方案, 台账]}}}
- {id: A5, max: 10, text: 五, rule: {count: {each: 2}}}
- {id: A6, max: 10, text: 六, rule: {hard_zero: [虚报]}}
- {id: A7, max: 10, text: 七}
"""


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("A1: 优", "A1: {level: 优}"),
        ('A1: "优"', "A1: {level: 优}"),
        ("A1: {score: 优}", "A1: {level: 优}"),
        ("A1: 中", "A1: {level: ...}"),
        ("A2: 是", "A2: {方案: 是}"),
        ("A3: 优", "A3: {level: 优, 虚报: ...}"),
        ("A3: 否", "A3: {level: ..., 虚报: 否}"),
        ("A4: 是", "A4: {方案: ..., 台账: ...}"),
        ("A5: 3次", "A5: {value: ...}"),
        ("A5: -1", "A5: {value: ...}"),
        ("A5: 1e1", "A5: {value: ...}"),
    ],
)
def test_a_fact_without_its_name_is_shown_with_it(line: str, instead: str) -> None:
    (one,) = read_scores(rubric_of_items(POINTING), line, incomplete=True).diagnostics
    assert (one.kind, one.variant) == (Kind.ITEM_TAKES_FACTS, "word")
    assert one.parameters["instead"] == instead


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("A1: 未评", Kind.POINTS_NOT_A_NUMBER),
        ("A1: 不适用", Kind.NOT_APPLICABLE),
        ("A5: {value: 三}", Kind.FACT_NOT_A_NUMBER),
        ("A6: 是", Kind.POINTS_NOT_A_NUMBER),
        ("A7: 优", Kind.POINTS_NOT_A_NUMBER),
        ("A9: 优", Kind.POINTS_NOT_A_NUMBER),
    ],
)
def test_what_is_no_fact_without_its_name_is_said_as_ever(line: str, kind: Kind) -> None:
    found = read_scores(rubric_of_items(POINTING), line, incomplete=True).diagnostics
    assert [one.kind for one in found][:1] == [kind]


def test_a_fact_without_its_name_of_an_unknown_unit_is_said_as_ever() -> None:
    found = read_sheet_text(
        rubric_of_items(POINTING, "units: [示例乙镇]"),
        "rubric: county\nunit: 示例甲镇\nscores: {A1: 优}\n",
    ).diagnostics
    assert [one.kind for one in found] == [Kind.UNKNOWN_UNIT, Kind.POINTS_NOT_A_NUMBER]
