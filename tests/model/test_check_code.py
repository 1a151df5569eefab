"""校验码: what changes it, and what does not."""

import json
import re
from base64 import b32encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest
from tests.support.adjustments import ADJUSTMENTS, SECTIONS, rubric_in, sheet_with
from tests.support.adjustments import RUBRIC as COUNTY
from tests.support.adjustments import TEXT as COUNTY_TEXT
from tests.support.not_applicable import NO, RUBRIC, WHOLE, changed_sheet
from tests.support.panels import rubric_with
from tests.support.rubrics import rubric_of_items

from epa_score import Rubric, ScoreSheet, rank, score
from epa_score.model.check_code import CODE_LETTERS, code_of, code_of_rule, code_of_sheet
from epa_score.scoring.panel import score_panel

CODE = re.compile("[0-9A-HJKMNP-TV-Z]{10}")


def code(sheet: ScoreSheet, rubric: Rubric = RUBRIC) -> str:
    return score(rubric, sheet).code


def test_a_code_is_the_beginning_of_a_sha256_in_letters_that_nobody_confuses() -> None:
    assert len(set(CODE_LETTERS)) == 32
    assert not set(CODE_LETTERS) & set("ILOU")
    content = {"乙": "2.5", "甲": ["1", None]}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    by_rfc = b32encode(sha256(text.encode()).digest()).decode()[:10]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    assert code_of(content) == "".join(CODE_LETTERS[letters.index(one)] for one in by_rfc)
    assert CODE.fullmatch(code_of(content))


def test_a_lone_surrogate_has_a_code() -> None:
    assert CODE.fullmatch(code_of("\ud800"))


SAME: dict[str, Mapping[str, Any]] = {
    "needless zeros": {"A1": "4.00", "A2": "6.0"},
    "a note and evidence": {"A2": {"score": 6, "note": "少一本", "evidence": ["档案"]}},
    "zeros of a fact": {"A3": {"value": "1.0"}},
}


@pytest.mark.parametrize("how", SAME)
def test_a_sheet_that_says_the_same_has_the_same_code(how: str) -> None:
    assert code(changed_sheet(**SAME[how])) == code(changed_sheet())


def test_the_order_of_items_the_assessor_and_the_date_are_no_part_of_it() -> None:
    sheet = changed_sheet()
    turned = {name: sheet.scores[name] for name in reversed(sheet.scores)}
    other = sheet.model_copy(update={"scores": turned, "assessor": "二组", "date": "2018-12-20"})
    assert code(other) == code(sheet)


CHANGED: dict[str, Mapping[str, Any]] = {
    "points": {"A2": "6.5"},
    "a fact": {"A3": {"value": 2}},
    "points removed": {"A2": None},
    "an item that does not apply": {"A1": NO},
    "another reason": {"A1": {"not_applicable": "全县都没有"}},
    "points exchanged": {"C2": 2, "C3": 4},
}


def test_each_change_of_points_or_facts_has_a_code_of_its_own() -> None:
    codes = [code(changed_sheet(**changed)) for changed in CHANGED.values()]
    codes += [code(changed_sheet()), code(changed_sheet("示例乙镇"))]
    codes.append(code(changed_sheet().model_copy(update={"period": "2018"})))
    codes.append(code(changed_sheet().model_copy(update={"period": "2019"})))
    assert len(set(codes)) == len(codes) == len(CHANGED) + 4


def test_numbers_beside_targets_are_part_of_it() -> None:
    plainly, *measured = [
        code_of_sheet("", changed_sheet(A2={"score": 6, "measured": numbers}))
        for numbers in ({}, {"人次": "3"}, {"人次": "3.0"}, {"人次": "4"})
    ]
    assert measured[0] == measured[1]
    assert len({plainly, *measured}) == 3


def test_facts_of_adjustments_and_vetoes_are_part_of_it_in_any_order() -> None:
    both = code(sheet_with({"J1": ["甲表彰", "乙表彰"]}), COUNTY)
    assert code(sheet_with({"J1": ["乙表彰", "甲表彰"], "K1": []}), COUNTY) == both
    assert code(sheet_with({"J1": ["甲表彰"]}), COUNTY) != both
    assert code(sheet_with({"J2": ["甲表彰", "乙表彰"]}), COUNTY) != both
    veto = rubric_in(f"{COUNTY_TEXT}veto: [{{id: V1, text: 事故, effect: exclude}}]\n")
    sheet = sheet_with({})
    happened = sheet.model_copy(update={"veto": {"V1": "五月火灾"}})
    nothing = sheet.model_copy(update={"veto": {"V1": None}})
    assert code(nothing, veto) == code(sheet, veto) != code(happened, veto)


RUBRIC_CHANGES: dict[str, Callable[[str], str]] = {
    "a cap": lambda text: text.replace("max: 60", "max: 61").replace("max: 40", "max: 39"),
    "a wording": lambda text: text.replace("text: 一", "text: 壹"),
    "a rule": lambda text: text.replace("text: 二", "text: 二, rule: {deduct: {each: 1}}"),
    "a treatment": lambda text: text.replace("text: 二", "text: 二, not_applicable: zero"),
    "decimals": lambda text: f"{text}decimals: 1\n",
    "a step": lambda text: f"{text}step: 0.5\n",
    "an adjustment": lambda text: text.replace("each: 1.5", "each: 2"),
    "a limit": lambda text: text.replace("max: 6\n", "max: 5\n"),
    "a pool": lambda text: text.replace(
        "{id: B, title: 乙,", "{id: B, title: 乙, pool: items, floor: 5,"
    ).replace("text: 二", "text: 二, rule: {deduct: {each: 1}}"),
    "a panel": lambda text: (
        f"{text.replace(ADJUSTMENTS, '')}panel: {{method: mean, by: item, minimum: 2}}\n"
    ),
    "what a panel combines": lambda text: (
        f"{text.replace(ADJUSTMENTS, '')}panel: {{method: mean, by: total, minimum: 2}}\n"
    ),
}

HARMLESS: dict[str, Callable[[str], str]] = {
    "a comment": lambda text: f"# 说明\n{text}",
    "a title": lambda text: text.replace("某县评分细则", "别的名称").replace(
        "title: 甲", "title: 丙"
    ),
    "units": lambda text: f"{text}units: [甲, 乙]\n",
    "bands": lambda text: f"{text}bands: [{{name: 好, at_least: 60}}, {{name: 差, at_least: 0}}]\n",
    "a tie break": lambda text: f"{text}tie_break: [A]\n",
    "blanks in a wording": lambda text: text.replace("text: 一", 'text: "一 "'),
    "zeros of a cap": lambda text: text.replace("max: 60", "max: 60.0"),
    "zeros of an adjustment": lambda text: text.replace("each: 1.5", "each: 1.50"),
}


def scope_code(text: str) -> str:
    scope = rubric_in(text).scope("甲")
    assert scope is not None
    return scope.code


def test_whatever_points_follow_from_in_a_rubric_is_part_of_it() -> None:
    assert SECTIONS in COUNTY_TEXT
    codes = [scope_code(change(COUNTY_TEXT)) for change in RUBRIC_CHANGES.values()]
    assert len({*codes, scope_code(COUNTY_TEXT)}) == len(RUBRIC_CHANGES) + 1


@pytest.mark.parametrize("how", HARMLESS)
def test_what_changes_no_points_is_no_part_of_it(how: str) -> None:
    changed = HARMLESS[how](COUNTY_TEXT)
    assert changed != COUNTY_TEXT
    assert scope_code(changed) == scope_code(COUNTY_TEXT)


def panel_sheet(assessor: str, points: str) -> ScoreSheet:
    fields = {"rubric": "small", "unit": "甲镇", "assessor": assessor}
    rubric = rubric_with()
    return ScoreSheet.model_validate(
        fields | {"rubric": rubric.id, "scores": {"A1": points, "A2": "5"}}
    )


def test_under_a_panel_it_stands_for_every_sheet_in_any_order() -> None:
    rubric = rubric_with()
    sheets = [panel_sheet(name, points) for name, points in zip("甲乙丙", "789", strict=True)]
    codes = {score_panel(rubric, order).code for order in permutations(sheets)}
    (only,) = codes
    exchanged = [panel_sheet(name, points) for name, points in zip("甲乙丙", "987", strict=True)]
    assert score_panel(rubric, exchanged).total == score_panel(rubric, sheets).total
    assert score_panel(rubric, exchanged).code != only
    assert score_panel(rubric, sheets[:2]).code != only


def test_the_code_of_a_ranking_follows_from_its_units_and_its_rules() -> None:
    sheets = [sheet_with({}, unit=unit) for unit in ("甲", "乙", "丙")]
    results = [score(COUNTY, sheet) for sheet in sheets]
    code_of_all = rank(COUNTY, results).code
    assert CODE.fullmatch(code_of_all)
    assert rank(COUNTY, reversed(results)).code == code_of_all
    others = [
        rank(COUNTY, results[:2]).code,
        rank(COUNTY, results, ties="dense").code,
        *(
            rank(rubric_in(change(COUNTY_TEXT)), results).code
            for name, change in HARMLESS.items()
            if name in ("bands", "a tie break")
        ),
        rank(rubric_in(f"{COUNTY_TEXT}scale: {{best: 90}}\n"), results).code,
        rank(rubric_in(f"{COUNTY_TEXT}rank_points: [3, 2, 1]\n"), results).code,
    ]
    assert len({*others, code_of_all}) == 7


def test_the_mean_of_other_units_changes_no_code() -> None:
    sheets = [changed_sheet(), changed_sheet("示例乙镇", C4=NO)]
    results = [score(RUBRIC, sheet) for sheet in sheets]
    ranked = rank(RUBRIC, results)
    assert {result.code for _, result in ranked.everybody} == {one.code for one in results}
    assert WHOLE["C4"] == 4


def test_a_rule_is_the_same_where_its_numbers_have_to_be_whole() -> None:
    def code_with(rule: str) -> str:
        rubric = rubric_of_items(f"- {{id: A1, max: 6, text: 一, rule: {{{rule}}}}}")
        return code_of_rule(rubric.sections[0].items[0])

    assert code_with("ratio: {}") == code_with("ratio: {}, whole: true")
    assert code_with("ratio: {}") != code_with("ratio: {lower: true}")
