"""What is said of a form: people who see cells are told of 考核期, never of the key `period`."""

import re
from collections.abc import Iterator

import pytest
from tests.support.paths import BROKEN

from epa_score.diagnostics import Kind
from epa_score.i18n import LANGUAGES, Words

KEYS = (
    *("rubric", "unit", "period", "assessor", "date", "scores", "score", "note", "evidence"),
    *("measured", "not_applicable", "adjustments", "veto", "facts", "sections"),
)

SPOKEN = {"zh_CN": rf"(?<![A-Za-z_-])(?:{'|'.join(KEYS)})(?![A-Za-z_])", "en": r"(?!)"}
"""Keys are no Chinese words; most of them are English ones."""

WRITTEN = rf"['\"](?:{'|'.join(KEYS)})['\"]|[A-Za-z]+_[A-Za-z_]+"
"""A key in quotes, and one with an underscore."""

PARTS = ("title", "label", "note", "help")

ELSEWHERE = {
    # What stands in a composite file, in a text, or in the command line.
    *(f"{Kind.SEVERAL_PERIODS.code}.help_source", f"{Kind.NOTHING_TO_RANK.code}.help_source"),
    *(f"{Kind.NOTHING_TO_RANK.code}.help", f"{Kind.NOT_A_FORM.code}.help_alike"),
    f"{Kind.FULLWIDTH_PUNCTUATION.code}.help_flow",
    # What stands in a rubric, for whoever writes it: a unit or a group that it does not have yet.
    *(f"EPA113.{part}_section{end}" for part in ("label", "help") for end in ("", "_nearest")),
    *("EPA493.help", "EPA494.help_alone"),
    # What is said of sheets in YAML alone: a form has cells of its own for points and reasons,
    # and nothing is quoted below which a label could stand.
    *("EPA471.help_judged", "EPA482.label_missing"),
}

IN_CELL = re.compile(r"\.xlsx (?:评分表|登记表)![A-Z]+[0-9]+: \S+\[(EPA[0-9]{3})\] ")
"""The beginning of what is said of a cell."""

TYPED = ("EPA003", "EPA006")
"""Say what somebody typed into a cell, which may be a key."""


def said_of_cells(language: str) -> Iterator[tuple[str, str]]:
    """The codes and texts of everything that the cases say of cells of forms."""
    for golden in sorted(BROKEN.glob(f"*/{language}.txt")):
        for block in golden.read_text("utf-8").split("\n\n"):
            if found := IN_CELL.search(block):
                yield found[1], block[found.end() :].partition("\n共 ")[0]


def templates(words: Words) -> Iterator[tuple[str, str]]:
    """The words of all findings of sheets and forms, as they are chosen for a cell."""
    of_cells = {code for code, _ in said_of_cells(words.language)}
    keys = words.keys()
    for kind in Kind:
        if kind.code not in of_cells and kind.code[3] not in "134":
            continue
        for part in PARTS:
            own = f"{kind.code}.{part}"
            variants = {key.partition("_")[2] for key in keys if key.startswith(f"{own}_")}
            for variant in {"", *variants}:
                name = f"{own}_{variant}" if variant else own
                better = (f"{name}_form", f"{own}_form") if not variant else (f"{name}_form",)
                if not any(map(words.get, better)):
                    yield name, words.get(name) or ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_for_forms_name_a_key(language: str) -> None:
    found = dict(templates(Words(language)))
    assert len(found) > 300
    texts = {name: re.sub(r"\{\w+\}", "", text) for name, text in found.items()}
    wrong = {
        name: text
        for name, text in texts.items()
        if name not in ELSEWHERE and re.search(f"{SPOKEN[language]}|{WRITTEN}", text)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_said_of_a_cell_names_a_key(language: str) -> None:
    found = [(code, text) for code, text in said_of_cells(language) if code not in TYPED]
    assert len(found) > 60
    wrong = [text for _, text in found if re.search(f"{SPOKEN[language]}|{WRITTEN}", text)]
    assert wrong == []
