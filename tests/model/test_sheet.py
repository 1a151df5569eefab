"""The shape of a score sheet: which points, dates and texts it takes, and which never."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.models import SHEET, refused

from epa_score.model import QuotedText, Score, ScoreSheet
from epa_score.readers import yaml

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


@pytest.mark.parametrize("date", ["2018-02-30", "12.20", "2018年12月20日至22日", "1545264000"])
def test_what_is_no_single_day_is_kept_as_it_was_typed(date: str) -> None:
    sheet = ScoreSheet.model_validate(SHEET | {"date": date})
    assert sheet.date == date
    assert ScoreSheet.model_validate(sheet.model_dump()) == sheet


@pytest.mark.parametrize("date", [[], {}, ["2018-12-20"], 20181220])
def test_a_date_is_a_text(date: object) -> None:
    with pytest.raises(ValidationError) as error:
        ScoreSheet.model_validate(SHEET | {"date": date})
    assert refused(error) == ["wrong_shape"]


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


# --- rubrics ---------------------------------------------------------------------------------


def test_a_period_is_read_in_its_plain_form() -> None:
    def read(period: str) -> str | None:
        return ScoreSheet(rubric="town", unit="甲镇", period=period, scores={}).period

    assert {read(text) for text in ("2018", " \uff12\uff10\uff11\uff18 ", "2018\u3000")} == {"2018"}
    with pytest.raises(ValidationError) as error:
        read("2018\u200b")
    assert refused(error) == ["period_characters"]
