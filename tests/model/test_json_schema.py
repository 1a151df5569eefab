"""The JSON schemas of rubrics, score sheets and composite results: every value has a type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from pydantic import BaseModel
from tests.support.editor_values import EXAMPLES, refusals
from tests.support.paths import ROOT
from tests.support.rubrics import HEAD, read_rubric, text_of_items
from tests.support.whole_rubrics import WholeRubric, as_yaml, whole_rubrics

from epa_score.i18n import LANGUAGES, Words
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.composite import Composite
from epa_score.model.json_schema import FILE_MODELS, file_schema

MODELS: list[type[BaseModel]] = [Rubric, ScoreSheet, Composite]
TELLING = {"type", "enum", "$ref", "const"}


def untyped(schema: Any, where: str) -> Iterator[str]:
    """Where a schema says nothing of the type of a value."""
    if not isinstance(schema, dict):
        yield where
        return
    for number, choice in enumerate(schema.get("anyOf", ())):
        yield from untyped(choice, f"{where}/{number}")
    if not TELLING & schema.keys() and not schema.get("anyOf"):
        yield where
    for name, inner in schema.get("properties", {}).items():
        yield from untyped(inner, f"{where}/{name}")
    for key in ("items", "additionalProperties"):
        if key in schema and schema[key] is not False:
            yield from untyped(schema[key], f"{where}/{key}")
    if schema.get("type") == "array":
        yield from () if "items" in schema else (f"{where}/items",)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_value_has_a_type(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    assert schema["type"] == "object"
    for name, inner in {"": schema, **schema["$defs"]}.items():
        assert list(untyped(inner, name)) == []


def test_points_are_numbers_and_rules_are_theirs() -> None:
    schema = Rubric.model_json_schema()
    assert {"type": "number", "minimum": 0}.items() <= schema["properties"]["total"].items()
    definitions = schema["$defs"]
    assert {"type": "number", "minimum": 0}.items() <= definitions["Item"]["properties"][
        "max"
    ].items()
    rules = definitions["Rules"]["properties"]
    assert {"deduct", "count", "ratio", "levels", "brackets", "target"} < rules.keys()
    assert definitions["Levels"]["additionalProperties"] == {"type": "number", "minimum": 0}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_descriptions_are_short_and_without_markup(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    for name, inner in {"": schema, **schema["$defs"]}.items():
        description = inner.get("description", "")
        assert 5 < len(description) < 100, name
        assert not {"`", "\n", "*"} & {*description}, name


# --- the schemas of files -----------------------------------------------------------------------

RUBRIC = file_schema("rubric", Words("zh_CN"))


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    parts = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict):
        yield schema
    for part in parts:
        if isinstance(part, dict | list):
            yield from parts_of(part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_a_file_has_words_and_every_word_a_field(language: str) -> None:
    words = Words(language)
    known = {key for key in words.keys() if key.startswith("file_field.")}  # noqa: SIM118
    assert len(known) > 100
    found = {
        field["description"]
        for kind in FILE_MODELS
        for part in parts_of(file_schema(kind, words))
        for field in part.get("properties", {}).values()
    }
    assert found == set(map(words, known))


def test_nothing_of_the_program_is_told() -> None:
    models = [part for part in parts_of(RUBRIC) if "properties" in part]
    assert len(models) > 20
    assert [part for part in models[1:] if "title" in part] == []
    assert [part for part in parts_of(RUBRIC) if part.keys() & {"default", "$defs"}] == []


RUBRICS = [
    *(path for path in EXAMPLES if path.parent.name == "rubrics"),
    *sorted((ROOT / "rubrics").glob("*.yaml")),
]


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
def test_rubrics_at_hand_are_taken(path: Path) -> None:
    assert refusals(RUBRIC, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.stem in ("year", "sum", "weighted")]
)
def test_composite_files_at_hand_are_taken(path: Path) -> None:
    schema = file_schema("composite", Words("en"))
    text = path.read_text("utf-8")
    assert "composite:" in text
    assert refusals(schema, text) == []
    wrong = text.replace("name:", "nam:").replace("decimals: 2", "decimals: 7")
    assert any("'nam' was unexpected" in found for found in refusals(schema, wrong))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("rubric: township\nperiod: 2018\nroster: 名单.xlsx\ntitle: 2018年考核\n", []),
        ("rubric: township\n", []),
        ("rubric:\nperiod: 2018\n", ["rubric"]),
        ("period: 2018\n", [""]),
        ("rubric: township\nrooster: 名单.xlsx\n", [""]),
    ],
)
def test_the_file_of_an_assessment_is_taken_or_not(text: str, refused: list[str]) -> None:
    schema = file_schema("assessment", Words("zh_CN"))
    assert [found.partition(":")[0] for found in refusals(schema, text)] == refused


@settings(max_examples=50)
@given(whole_rubrics())
def test_drawn_rubrics_are_taken(drawn: WholeRubric) -> None:
    assert refusals(RUBRIC, as_yaml(drawn.rubric)) == []


ITEM = "- {id: A1, max: 8, text: 方案}\n"


@pytest.mark.parametrize(
    "text",
    [
        text_of_items(ITEM, "decimals: '1'", "units: [2018, true]", "self_score: 'true'"),
        text_of_items(ITEM, "self_score: true", "groups: {1: [甲, 2], 2: [3]}"),
        text_of_items(ITEM, "self_score: {gap: 1}", "lang: 'en'"),
        text_of_items(
            ITEM,
            "veto: [{id: V1, text: 5, effect: zero, zeroes: S, when: {of: S, below: ' 60 ％ '}}]",
        ),
        text_of_items(ITEM, "step: 0.50", "panel: {method: mean, minimum: '2'}"),
        text_of_items(
            "- {id: A1, max: 8, text: 1, rule: {all_or_nothing: {any: [{name: 店, at_least: 2}]}}}"
            "\n"
            "- {id: A2, max: 8, text: 1, rule: {ratio: {}}, owner: 5, source: true}\n"
            "- {id: A3, max: 8, text: 1, rule: {ratio: {part: 'true'}, hard_zero: [弄虚作假]}}\n"
        ),
        text_of_items(ITEM).replace("max: 8\n", "max: 8\n    pool: false\n", 1),
    ],
)
def test_what_is_written_otherwise_is_taken(text: str) -> None:
    found = read_rubric(text)
    assert found.rubric is not None, found.diagnostics
    assert refusals(RUBRIC, text) == []


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (text_of_items(ITEM.replace("A1", "a1")), "items/0/id"),
        (text_of_items(ITEM.replace("max: 8", "max: 0")), "items/0/max"),
        (text_of_items(ITEM).replace("max: 8,", "max: '8',"), "items/0/max"),
        (text_of_items(ITEM.replace("text", "texts")), "items/0"),
        (text_of_items(ITEM.replace("}", ", rule: {deduct: {eech: 1}}}")), "rule/deduct"),
        (text_of_items(ITEM.replace("}", ", rule: {levels: {优: -1}}}")), "rule/levels/优"),
        (text_of_items(ITEM, "decimals: 5"), "decimals"),
        (text_of_items(ITEM, "lang: de"), "lang"),
        (text_of_items(ITEM).replace("id: county", "id: County"), "id"),
        (f"{HEAD}total: 8\n", ""),
    ],
)
def test_what_is_wrong_with_a_field_is_refused(text: str, refused: str) -> None:
    assert read_rubric(text).rubric is None
    where = {found.partition(":")[0] for found in refusals(RUBRIC, text)}
    assert [place for place in where if place.endswith(refused)] != []


def test_no_field_of_a_rubric_may_be_empty() -> None:
    found = [path.read_text("utf-8") for path in RUBRICS]
    tried = 0
    for text in found:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 -- it makes text of everything
        for field in values:
            empty = yaml.safe_dump(values | {field: None}, allow_unicode=True)
            assert read_rubric(empty).rubric is None
            assert refusals(RUBRIC, empty) != []
            tried += 1
    assert tried > 50
