"""The words under the caret: they stand beside an excerpt of the file, and nowhere else."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from epa_score.diagnostics import Diagnostic, Kind, Location
from epa_score.diagnostics.rendering import wording
from epa_score.i18n import LANGUAGES, Words

CATALOGUES = {language: Words(language) for language in LANGUAGES}
PART = re.compile(r"(?:title|label|note|help)(?:_(?P<variant>\w+?))??(?:_form)?")
SEEN_ON_THE_FORM = {("EPA105", "<expected>"), ("EPA105", "<found>"), ("EPA401", "<facts>")}
"""Parameters that a form needs no words for: its lines are there to be seen."""

PLACES = [Location("a.yaml"), Location("甲镇.xlsx", 7, 5, cell="评分表!E7")]


def diagnostics(language: str) -> Iterator[Diagnostic]:
    """Every kind in every variant, in a file and in a form; a parameter stands for itself."""
    words = CATALOGUES[language]
    for kind in Kind:
        keys = [key for key in words.keys() if key.startswith(kind.code)]  # noqa: SIM118
        parts = {key: part for key in keys if (part := PART.fullmatch(key.partition(".")[2]))}
        texts = [words.get(key) or "" for key in parts]
        names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        for variant in {part["variant"] or "" for part in parts.values()}:
            for place in PLACES:
                yield Diagnostic(kind, place, {name: f"<{name}>" for name in names}, variant)


def parameters(text: str) -> set[str]:
    return set(re.findall(r"<\w+>", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_parameter_stands_under_the_caret_alone(language: str) -> None:
    words = CATALOGUES[language]
    labelled = 0
    alone: list[tuple[str, str]] = []
    for diagnostic in diagnostics(language):
        said = wording(diagnostic, words)
        labelled += bool(parameters(said.label))
        missing = parameters(said.label) - parameters(said.title) - parameters(said.help)
        about = {(diagnostic.kind.code, name) for name in missing}
        alone += sorted(about - (SEEN_ON_THE_FORM if diagnostic.location.cell else set()))
    assert labelled > 50  # files and forms
    assert alone == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variant_is_looked_at(language: str) -> None:
    seen = {(one.kind.code, one.variant) for one in diagnostics(language)}
    assert {("EPA114", ""), ("EPA114", "assessor"), ("EPA103", "nearest")} <= seen
    assert ("EPA106", "hidden") in seen
    assert not any(variant.endswith("form") for _, variant in seen)
