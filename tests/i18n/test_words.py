"""Words of both languages, which of them is spoken, and how a number is written."""

import decimal
import re
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa_score.i18n import LANGUAGES, Words, agree_nouns, choose_language, find_language, plain


@pytest.mark.parametrize(
    ("name", "language"),
    [
        *[(name, "zh_CN") for name in ("zh", "zh_CN", "zh-CN", "zh-Hans", "ZH", "zh_TW.UTF-8")],
        *[(name, "en") for name in ("en", "en_GB.UTF-8", "EN-us", "English_United States.1252")],
        ("Chinese_China.936", "zh_CN"),
        *[(name, None) for name in ("de_DE", "C", "C.UTF-8", "POSIX", "", None, "_", "zhx", "e")],
    ],
)
def test_languages_are_known_by_their_many_names(name: str | None, language: str | None) -> None:
    assert find_language(name) == language


@pytest.mark.parametrize(
    ("option", "environment", "system", "language"),
    [
        ("en", {"EPA_SCORE_LANG": "zh", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN", "en"),
        (None, {"EPA_SCORE_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN", "en"),
        (None, {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        (None, {"LC_MESSAGES": "en_US", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        (None, {"LANG": "en_US.UTF-8"}, "zh_CN", "en"),
        (None, {"LC_ALL": "", "LANG": "en"}, None, "en"),
        (None, {}, "en_US", "en"),
        (None, {}, "Chinese_China.936", "zh_CN"),
        # What is not spoken is passed over; a locale that is set hides the system's.
        (None, {"EPA_SCORE_LANG": "fr"}, "en_US", "en"),
        (None, {"LANG": "C"}, "en_US", "zh_CN"),
        (None, {"LANG": "de_DE.UTF-8"}, None, "zh_CN"),
        (None, {}, None, "zh_CN"),
    ],
)
def test_the_language_is_the_options_else_the_environments_else_chinese(
    option: str | None, environment: dict[str, str], system: str | None, language: str
) -> None:
    assert choose_language(option, environment, system) == language


def test_the_default_language_comes_first() -> None:
    assert LANGUAGES == ("zh_CN", "en")


def test_words_are_found_under_dotted_keys() -> None:
    words = Words("en")
    assert words.language == "en"
    assert words("report.rank") == "Rank"
    assert words("report.total", cap="100") == "Total (100)"
    assert "{points}" in (words.get("EPA104.title") or "")


@pytest.mark.parametrize(
    "key", ["", "report", "report.", "report.no", "report.rank.x", "EPA999.title"]
)
def test_a_key_without_words_is_an_error_of_the_program(key: str) -> None:
    words = Words("en")
    assert words.get(key) is None
    with pytest.raises(KeyError):
        words(key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words(language: str) -> None:
    words = Words(language)
    keys = words.keys()
    assert len(keys) > 300
    assert len(keys) == len({*keys})
    assert {"cli.summary", "EPA001.title", "EPA903.explain"} <= {*keys}
    assert all(words.get(key) is not None for key in keys)


NUMBERS = st.decimals(min_value=0, allow_nan=False, allow_infinity=False) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(0, 10**9),
    st.integers(-9, 9),
)


@given(NUMBERS)
def test_a_number_is_written_in_full_without_needless_zeros(number: Decimal) -> None:
    text = plain(number)
    assert Decimal(text) == number
    assert re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)


@given(NUMBERS, st.integers(1, 3))
def test_no_decimal_context_of_the_caller_changes_a_number(number: Decimal, precision: int) -> None:
    expected = plain(number)
    traps = [decimal.Inexact, decimal.Rounded]
    with localcontext(decimal.Context(precision, Emin=-1, Emax=1, traps=traps)):
        assert plain(number) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("100", "100"),
        ("1E+2", "100"),
        ("2.30", "2.3"),
        ("0.00", "0"),
        ("0.10", "0.1"),
        ("10.0", "10"),
    ],
)
def test_numbers_as_people_write_them(text: str, shown: str) -> None:
    assert plain(Decimal(text)) == shown


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "at most 1 unit"),
        ("1", "at most 1 unit"),
        (2, "at most 2 units"),
        (0, "at most 0 units"),
    ],
)
def test_nouns_agree_with_the_number_before_them(number: object, said: str) -> None:
    parameters = {"most": number}
    assert agree_nouns("at most {most} units", parameters).format_map(parameters) == said


def test_words_that_only_look_counted_stay_as_they_are() -> None:
    assert agree_nouns("at most {most} unitsize, {other} units", {"most": 1, "other": 11}) == (
        "at most {most} unitsize, {other} units"
    )
    text = Words("en")("report.one_band_most", name="A", bound="90", most=1)
    assert text == "A from 90 (at most 1 unit)"
