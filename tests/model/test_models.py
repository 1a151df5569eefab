"""The shape of a rubric and of a score sheet: what the models take, and what they never take."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from epa_score.model import QuotedText, Rubric, Scope, Score, ScoreSheet, same_name_key
from epa_score.readers import yaml

DEPARTMENTS = """
id: departments
title: 县直部门
total: 10
sections:
  - id: common
    title: 共性
    max: 4
    sections:
      - {id: A, title: 领导重视, max: 3, items: [{id: A1, max: 3, text: 有人管}]}
      - {id: B, title: 宣传, max: 1, items: [{id: B1, max: 1, text: 有人说}]}
  - id: own
    title: 个性
    max: 6
    per_unit:
      - {units: [移动公司, Ｔ公司], items: [{id: C1, max: 6, text: 网络}]}
      - {units: [县商务局], items: [{id: C1, max: 2, text: 牵头}, {id: C2, max: 4, text: 督促}]}
"""
TOWNSHIP = """
id: township
title: 乡镇
total: 3
sections:
  - {id: A, title: 领导重视, max: 3, items: [{id: A1, max: 3, text: 有人管}]}
"""
SHEET = {"rubric": "township", "unit": "甲镇", "scores": {}}


def rubric(text: str) -> Rubric:
    return Rubric.model_validate(yaml.read("rubric.yaml", text.encode()).value)


def scope(text: str, unit: str) -> Scope:
    found = rubric(text).scope(unit)
    assert found is not None
    return found


def unit_name(name: str) -> str:
    return ScoreSheet.model_validate(SHEET | {"unit": name}).unit


def refused(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return [one["type"] for one in error.value.errors()]


# --- points ----------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_exact_numbers_in_code_are_points(digits: int, decimals: int) -> None:
    number = Decimal(digits).scaleb(-decimals)
    assert Score(score=number).score == number
    assert Score.model_validate({"score": digits}).score == digits


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.5, "points_not_a_number"),
        (float("nan"), "points_not_a_number"),
        (True, "points_not_a_number"),
        (False, "points_not_a_number"),
        (-1, "points_not_a_number"),
        (Decimal("-0.1"), "points_not_a_number"),
        (Decimal("NaN"), "points_not_a_number"),
        (Decimal("sNaN"), "points_not_a_number"),
        (Decimal("Infinity"), "points_not_a_number"),
        (b"3", "points_not_a_number"),
        (["3"], "wrong_shape"),
        (("3",), "wrong_shape"),
        ({"3": "3"}, "wrong_shape"),
        (QuotedText("3"), "points_quoted"),
        ("-3", "points_negative"),
        ("1e1", "points_notation"),
        ("不适用", "not_applicable"),
    ],
)
def test_nothing_but_an_exact_number_is_points(value: object, kind: str) -> None:
    with pytest.raises(ValidationError) as error:
        Score.model_validate({"score": value})
    assert refused(error) == [kind]


def test_a_score_that_nobody_gave_is_not_zero() -> None:
    unscored = [Score(), Score(score=None), Score.model_validate({"note": "等材料"})]
    assert [one.score for one in unscored] == [None, None, None]
    assert Score(score=Decimal(0)).score == 0


# --- sheets ----------------------------------------------------------------------------------


def test_points_alone_mean_the_same_as_points_in_braces() -> None:
    text = """
rubric: township
unit: 甲镇
scores:
  A1: 2.5
  A2: {score: 2.5}
  A3: {score: 2.5, note: 缺照片, evidence: [档案册3本, 照片]}
  A4: {evidence: 档案册3本}
  A5:
  A6: {evidence: }
"""
    sheet = ScoreSheet.model_validate(yaml.read("sheet.yaml", text.encode()).value)
    assert sheet.score("A1") == sheet.score("A2") == Score(score=Decimal("2.5"))
    assert sheet.score("A3").note == "缺照片"
    assert sheet.score("A3").evidence == ("档案册3本", "照片")
    assert sheet.score("A4").evidence == ("档案册3本",)
    assert sheet.score("A5") == sheet.score("A6") == sheet.score("A7") == Score()
    points = [Decimal("2.5"), Decimal("2.5"), Decimal("2.5"), None, None, None]
    assert list(sheet.points.values()) == points


@pytest.mark.parametrize("beside", [{}, {"B1": "八"}])
def test_points_in_quotes_are_refused_whatever_stands_beside_them(beside: dict[str, str]) -> None:
    scores = {"A1": "3", "A2": QuotedText("3"), **beside}
    with pytest.raises(ValidationError) as raised:
        ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": scores})
    places = [one["loc"] for one in raised.value.errors()]
    assert places == [("scores", name, "score") for name in ["A2", *beside]]


@given(text=st.from_regex(r"[0-9.]{1,12}\n?") | st.text(max_size=8))
def test_points_are_read_the_same_with_and_without_a_note(text: str) -> None:
    def points(scores: dict[str, object]) -> object:
        try:
            sheet = ScoreSheet.model_validate({"rubric": "a", "unit": "甲", "scores": scores})
        except ValidationError as error:
            return [one["type"] for one in error.errors()]
        return sheet.points

    assert points({"A1": text}) == points({"A1": {"score": text}})


def test_a_score_made_in_code_fits_into_a_sheet() -> None:
    given_score = Score(score=Decimal(2), note="缺照片")
    sheet = ScoreSheet(rubric="township", unit="甲镇", scores={"A1": given_score})
    assert sheet.score("A1") == given_score
    numbers = {"A1": Decimal("2.5"), "A2": 3, "A3": "1"}
    sheet = ScoreSheet.model_validate({"rubric": "township", "unit": "甲镇", "scores": numbers})
    assert list(sheet.points.values()) == [Decimal("2.5"), 3, 1]


@pytest.mark.parametrize("evidence", [{"a": "b"}, ["照片", ["x"]], ["照片", None]])
def test_evidence_is_texts(evidence: object) -> None:
    with pytest.raises(ValidationError):
        Score.model_validate({"evidence": evidence})


def test_a_date_is_year_month_day() -> None:
    sheet = ScoreSheet.model_validate(SHEET | {"date": "2018-12-20"})
    assert sheet.date == dt.date(2018, 12, 20)
    assert ScoreSheet.model_validate(SHEET | {"date": dt.date(2018, 12, 20)}) == sheet


@pytest.mark.parametrize(
    "date",
    ["2018-2-30", "2018-02-30", "2018/12/20", "20181220", "12.20", "２０１８-12-20", "1545264000"],
)
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValidationError) as error:
        ScoreSheet.model_validate(SHEET | {"date": date})
    assert refused(error) == ["date_not_iso"]


@pytest.mark.parametrize("field", ["rubric", "unit", "period", "assessor"])
@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_a_field_of_blanks_says_nothing(field: str, blank: str) -> None:
    with pytest.raises(ValidationError) as error:
        ScoreSheet.model_validate(SHEET | {field: blank})
    assert refused(error) == ["string_pattern_mismatch"]


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError) as error:
        ScoreSheet.model_validate(SHEET | {"units": "甲镇"})
    assert [one["loc"] for one in error.value.errors()] == [("units",)]
    assert {*refused(error)} == {"extra_forbidden"}


def test_what_was_read_cannot_be_changed() -> None:
    score = Score(score=Decimal(3))
    with pytest.raises(ValidationError, match="frozen"):
        score.score = Decimal(4)  # type: ignore[misc]
    sheet = ScoreSheet.model_validate(SHEET)
    with pytest.raises(ValidationError, match="frozen"):
        sheet.unit = "乙镇"  # type: ignore[misc]


# --- names -----------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=12))
def test_every_way_to_compose_a_name_is_one_unit(name: str) -> None:
    keys = {
        same_name_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")
    }
    assert keys == {same_name_key(name)}


@pytest.mark.parametrize(
    "names",
    [
        ("Ｔ公司", "T公司", "t公司", "ｔ公司"),
        ("県庁", "\u770c庁"),
        ("１号镇", "1号镇", "①号镇"),
        ("Café镇", "Cafe\u0301镇", "CAFÉ镇"),
        ("甲（东）镇", "甲(东)镇"),
        ("STRASSE", "Straße"),
        ("甲镇", "甲 镇", "甲\u3000镇", "甲镇。", "《甲镇", "甲·镇"),
    ],
)
def test_names_that_differ_in_width_case_or_composition_are_one_unit(names: tuple[str]) -> None:
    assert len({same_name_key(unit_name(name)) for name in names}) == 1


def test_names_that_differ_otherwise_are_two_units() -> None:
    names = ["甲镇", "甲乡", "乙镇", "甲镇2", "甲镇+", "。", "、"]
    assert len({same_name_key(name) for name in names}) == len(names)


def test_a_name_is_trimmed_and_composed() -> None:
    assert unit_name("\u3000 Cafe\u0301镇 ") == "Café镇"


HIDDEN = [
    *["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9b", "\t", "\n", "\r", "\x85", "\u2028", "\u2029"],
    *["\xad", "\u061c", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff"],
    *["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"],
    *["\ue000", "\U000f0000", "\ufff9", "\U000e0041"],
]
SHOWN_AS_NOTHING = [
    *["\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b", "\u180e", "\u3164", "\uffa0"],
    *["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef", "\u2800"],
]


@pytest.mark.parametrize("character", [*HIDDEN, *SHOWN_AS_NOTHING], ids=ascii)
def test_a_name_with_a_character_that_nobody_sees_is_refused(character: str) -> None:
    with pytest.raises(ValidationError) as error:
        unit_name(f"甲{character}镇")
    assert refused(error) == ["unit_name_characters"]
    context = error.value.errors()[0]["ctx"]
    assert context["character"] == f"U+{ord(character):04X}"
    assert context["clean"] == "甲镇"


@pytest.mark.parametrize("name", ["“甲镇”", "「甲镇」", '"甲镇"', "'甲镇'", "＂甲镇＂", "‘甲镇’"])
def test_a_name_in_quotes_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        unit_name(name)
    assert refused(error) == ["unit_name_characters"]
    context = error.value.errors()[0]["ctx"]
    assert (context["character"], context["clean"]) == (name[0], "甲镇")


@pytest.mark.parametrize("name", ["甲“老”镇", "“甲”镇", "甲'", "'", "“"])
def test_quotes_within_a_name_may_stay(name: str) -> None:
    assert unit_name(name) == name


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_a_name_that_is_taken_shows_all_of_its_characters(name: str) -> None:
    try:
        taken = unit_name(name)
    except ValidationError:
        assume(not name.isascii() or not name.isprintable() or not name.strip())
        return
    assert taken == unicodedata.normalize("NFC", taken).strip() != ""
    assert not {unicodedata.category(one) for one in taken} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert unit_name(taken) == taken


@pytest.mark.parametrize(
    "name", ["=1+1", "- a", "a: b", "null", "#x", "'", '"', "\\", "镇😀", "yes", "1e3", "2018", "/"]
)
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    assert unit_name(name) == name


# --- rubrics ---------------------------------------------------------------------------------


def test_a_unit_is_scored_on_the_common_items_and_on_its_own() -> None:
    office = scope(DEPARTMENTS, "县商务局")
    assert list(office.items) == ["A1", "B1", "C1", "C2"]
    assert office.items["C1"].max == 2
    assert office.section_items == {
        "common": ("A1", "B1"),
        "A": ("A1",),
        "B": ("B1",),
        "own": ("C1", "C2"),
    }
    assert [section.title for section in office.sections.values()] == [
        *["共性", "领导重视", "宣传", "个性"]
    ]
    company = scope(DEPARTMENTS, "移动公司")
    assert list(company.items) == ["A1", "B1", "C1"]
    assert company.items["C1"].max == 6


def test_a_unit_is_found_in_any_width_and_case() -> None:
    assert scope(DEPARTMENTS, "t公司") == scope(DEPARTMENTS, "Ｔ公司")


def test_a_unit_that_is_not_listed_has_no_scope() -> None:
    assert rubric(DEPARTMENTS).scope("甲镇") is None
    assert rubric(f"{TOWNSHIP}units: [甲镇]").scope("乙镇") is None


def test_any_unit_may_be_scored_where_none_is_listed() -> None:
    assert scope(TOWNSHIP, "甲镇") == scope(TOWNSHIP, "乙镇")
    assert rubric(TOWNSHIP).known_units == ()


def test_the_roster_comes_before_the_order_of_duties() -> None:
    assert rubric(DEPARTMENTS).known_units == ("移动公司", "Ｔ公司", "县商务局")
    listed = rubric(f"{DEPARTMENTS}units: [县商务局, Ｔ公司, 移动公司]")
    assert listed.known_units == ("县商务局", "Ｔ公司", "移动公司")
    assert listed.duty_units == ("移动公司", "Ｔ公司", "县商务局")


@pytest.mark.parametrize(
    ("more", "grain"),
    [("", "0.01"), ("decimals: 0", "1"), ("decimals: 4", "0.0001"), ("step: 0.5", "0.5")],
)
def test_the_grain_is_the_step_or_the_last_decimal(more: str, grain: str) -> None:
    assert rubric(TOWNSHIP + more).grain == Decimal(grain)
    assert scope(TOWNSHIP + more, "甲镇").grain == Decimal(grain)


@pytest.mark.parametrize(
    "more",
    [
        *["decimals: 5", "decimals: -1", "decimals: 1.0", "decimals: two"],
        *["lang: de", "lang: ZH_CN", "lang: [en]"],
    ],
)
def test_decimals_and_language_are_of_a_few_values(more: str) -> None:
    with pytest.raises(ValidationError) as error:
        rubric(TOWNSHIP + more)
    assert refused(error) == ["value_not_allowed"]


@pytest.mark.parametrize("field", ["decimals", "lang"])
def test_decimals_and_language_are_not_empty(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        rubric(f"{TOWNSHIP}{field}:")
    assert refused(error) == ["empty_field"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_rubric_says_in_which_language_its_documents_are(language: str) -> None:
    assert rubric(f"{TOWNSHIP}lang: {language}").lang == language
    assert rubric(TOWNSHIP).lang == "zh_CN"


def test_decimals_and_language_can_be_set_in_code() -> None:
    value = yaml.read("rubric.yaml", TOWNSHIP.encode()).value
    made = Rubric.model_validate(value | {"decimals": 1, "lang": "en"})
    assert (made.decimals, made.lang) == (1, "en")
    with pytest.raises(ValidationError):
        Rubric.model_validate(value | {"decimals": True})


def test_a_period_is_read_in_its_plain_form() -> None:
    def read(period: str) -> str | None:
        return ScoreSheet(rubric="town", unit="甲镇", period=period, scores={}).period

    assert {read(text) for text in ("2018", " \uff12\uff10\uff11\uff18 ", "2018\u3000")} == {"2018"}
    with pytest.raises(ValidationError) as error:
        read("2018\u200b")
    assert refused(error) == ["period_characters"]
