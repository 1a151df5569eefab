"""Names of units: which are one, and which are never taken."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.support.models import SHEET, refused

from epa_score.model import ScoreSheet, same_name_key
from epa_score.values.names import NamesInTexts


def unit_name(name: str) -> str:
    return ScoreSheet.model_validate(SHEET | {"unit": name}).unit


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


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x1f", "\x85"], ids=ascii)
def test_control_characters_around_a_name_are_no_blanks(character: str) -> None:
    for name in (f"{character}甲镇", f"甲镇{character}"):
        with pytest.raises(ValidationError) as error:
            unit_name(name)
        assert refused(error) == ["unit_name_characters"]
    with pytest.raises(ValidationError):
        unit_name(character)


@pytest.mark.parametrize("name", ["“甲镇”", "「甲镇」", '"甲镇"', "'甲镇'", "＂甲镇＂", "‘甲镇’"])
def test_a_name_in_quotes_is_refused(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        unit_name(name)
    assert refused(error) == ["unit_name_characters"]
    context = error.value.errors()[0]["ctx"]
    assert (context["character"], context["clean"]) == (name[0], "甲镇")


@pytest.mark.parametrize("name", ["“”", "''", '""'])
def test_quotes_around_nothing_are_no_name(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        unit_name(name)
    assert refused(error) == ["unit_name_characters"]


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("城关镇", "城关镇"),
        ("2018年城关镇评分表.xlsx", "城关镇"),
        ("评分表-城关镇", "城关镇"),
        ("城关", "城关"),
        ("城关村和城关镇", ""),
        ("城关镇、赵堡镇", ""),
        ("甲乙丙", ""),
        ("县商务局", ""),
        ("", ""),
    ],
)
def test_the_one_name_in_a_text_is_found(text: str, name: str) -> None:
    names = NamesInTexts(["城关镇", "城关", "赵堡镇", "甲乙", "乙丙"])
    assert names.find(text) == name


def names_that_are_meant(names: list[str], text: str) -> set[str]:
    """The names that stand in a text at a place that longer ones do not cover."""
    meant = set()
    for name in names:
        covered = {
            place
            for other in names
            if len(other) > len(name)
            for start in range(len(text))
            if text.startswith(other, start)
            for place in range(start, start + len(other))
        }
        for start in range(len(text)):
            if text.startswith(name, start):
                own = set(range(start, start + len(name)))
                meant |= set() if own <= covered else {name}
    return meant


@st.composite
def names_and_text(draw: st.DrawFn) -> tuple[list[str], str]:
    """Some short names, and a text of them and of what is between."""
    name = st.text("甲乙丙", min_size=1, max_size=4)
    names = draw(st.lists(name, min_size=1, max_size=4, unique=True))
    parts = draw(st.lists(st.sampled_from([*names, *names, "甲", "丁", "丁丁丁"]), max_size=6))
    return names, "".join(parts)


@given(names_and_text())
def test_a_name_is_found_where_it_alone_stands_outside_longer_ones(
    drawn: tuple[list[str], str],
) -> None:
    names, text = drawn
    meant = names_that_are_meant(names, text)
    assert NamesInTexts(names).find(text) == (meant.pop() if len(meant) == 1 else "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("城关镇和城关镇", "城关镇"),
        ("城关，城关镇", ""),
        ("城关镇，城关", ""),
        ("赵堡镇附赵堡镇城关镇", ""),
        ("甲乙乙甲乙", "甲乙"),
        ("关于报送赵堡镇和城关的函", ""),
        ("关于报送赵堡镇城关镇的函", ""),
        ("关于报送城关镇、城关镇的函", "城关镇"),
    ],
)
def test_every_place_of_a_text_is_looked_at(text: str, name: str) -> None:
    assert NamesInTexts(["城关镇", "城关", "赵堡镇", "甲乙"]).find(text) == name


def test_so_many_characters_of_a_text_are_looked_at() -> None:
    names = NamesInTexts(["城关镇"])
    assert names.find("某" * 197 + "城关镇") == "城关镇"
    assert names.find("某" * 198 + "城关镇") == ""


def test_of_names_that_are_one_the_first_is_given() -> None:
    assert NamesInTexts(["Ａ公司", "a公司"]).find("A公司评分表") == "Ａ公司"
