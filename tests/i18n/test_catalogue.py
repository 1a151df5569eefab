"""The catalogues of words: complete, equal in both languages, and safe on every terminal."""

import re
import unicodedata
from collections.abc import Iterator
from string import Formatter

import pytest

from epa_score.diagnostics import Kind
from epa_score.i18n import LANGUAGES, Words

REQUIRED = ("title", "help", "explain")
PARTS = (*REQUIRED, "label", "note")
CATALOGUES = {language: Words(language) for language in LANGUAGES}
CODES = {kind.code for kind in Kind}
WIDEST_EXPLANATION = 80

UNAVOIDABLE: frozenset[str] = frozenset()
"""Characters of ambiguous width that a language cannot do without: none so far."""


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Every key and text of a catalogue."""
    words = CATALOGUES[language]
    for key in words.keys():  # noqa: SIM118 -- a method of the catalogue
        text = words.get(key)
        assert text is not None
        yield key, text


def diagnostic_entries(language: str) -> list[tuple[str, str]]:
    found = [(key, text) for key, text in entries(language) if key.startswith("EPA")]
    assert found
    return found


def placeholders(key: str, text: str) -> set[str]:
    """The names in braces; explanations are shown as they stand and have none."""
    if key.endswith(".explain"):
        return set()
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_both_catalogues_have_the_same_keys() -> None:
    first, *others = ([key for key, _ in entries(language)] for language in LANGUAGES)
    assert first
    assert others
    assert [sorted(keys) for keys in others] == [sorted(first)] * len(others)


def test_both_catalogues_have_the_same_placeholders() -> None:
    first, *others = (
        {key: placeholders(key, text) for key, text in entries(language)} for language in LANGUAGES
    )
    assert any(first.values())
    assert others == [first] * len(others)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_every_kind_has_title_help_and_explanation(kind: Kind, language: str) -> None:
    texts = [CATALOGUES[language].get(f"{kind.code}.{part}") for part in REQUIRED]
    assert all(texts)
    assert "\n" not in (texts[0] or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_a_kind_and_every_key_a_part(language: str) -> None:
    keys = [key.split(".") for key, _ in diagnostic_entries(language)]
    assert {code for code, _ in keys} == CODES
    assert {name.partition("_")[0] for _, name in keys} == {*PARTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_character_has_an_ambiguous_width(language: str) -> None:
    ambiguous = {
        (key, char)
        for key, text in entries(language)
        for char in {*text} - UNAVOIDABLE
        if unicodedata.east_asian_width(char) == "A"
    }
    assert ambiguous == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_stray_space_or_hidden_characters(language: str) -> None:
    for key, text in diagnostic_entries(language):
        lines = text.strip("\n").split("\n")
        assert [line for line in lines if line != line.rstrip() or not line] == [], key
        assert {unicodedata.category(char) for char in "".join(lines)} & {"Cc", "Cf"} == set(), key


@pytest.mark.parametrize(
    ("language", "help_word", "item_word"),
    [("zh_CN", "提示：", "项目 "), ("en", "help: ", "item ")],
)
def test_advice_and_notes_begin_alike(language: str, help_word: str, item_word: str) -> None:
    advice = [text for key, text in diagnostic_entries(language) if ".help" in key]
    notes = [
        text for key, text in diagnostic_entries(language) if ".note" in key and "{text}" in text
    ]
    assert advice
    assert notes
    assert [text for text in advice if not text.startswith(help_word)] == []
    assert [text for text in notes if not text.startswith(item_word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_and_labels_are_short(language: str) -> None:
    titles = [text for key, text in diagnostic_entries(language) if ".title" in key]
    labels = [text for key, text in diagnostic_entries(language) if ".label" in key]
    assert [text for text in titles if cells(text) > 90 or text.endswith((".", "。"))] == []
    assert [text for text in labels if cells(text) > 60 or text.endswith((".", "。"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_explanations_are_a_few_lines_that_fit_a_terminal(language: str) -> None:
    explanations = [text for key, text in diagnostic_entries(language) if key.endswith(".explain")]
    assert len(explanations) == len(CODES)
    for text in explanations:
        assert [line for line in text.splitlines() if cells(line) > WIDEST_EXPLANATION] == []
        prose = " ".join(line for line in text.splitlines() if not line.startswith(" "))
        assert 2 <= len(re.findall(r"[。：]|[.:](?:\s|$)", prose)) <= 10, text
