"""JSON Schema of rubrics and of other files: what an editor completes, explains and checks.

It is made of the models when somebody asks for it, so that no run that reads files pays for it.
An editor takes text without quotes for a number or a yes where it looks like one, and the tool
takes it for text: a schema allows both (decision: schemas-know-less).
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from epa_score.i18n import Words
from epa_score.model.assessment import Assessment
from epa_score.model.composite import Composite
from epa_score.model.rubric import Rubric

Schema = dict[str, Any]
"""A JSON schema, or a part of one."""

MADE_BY = "epa-score schema"
"""What `$comment` says in each schema that the tool writes, so that it knows its own."""

FILE_MODELS: Mapping[str, type[BaseModel]] = {
    "rubric": Rubric,
    "assessment": Assessment,
    "composite": Composite,
}
"""The models of files by the kind that `schema` prints."""

TEXT = ["string", "number", "boolean"]
"""The types of what the tool takes for text."""


def schema_head(title: str) -> Schema:
    """The beginning of every schema: draft 7, which all editors know."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": MADE_BY,
        "title": title,
    }


def file_schema(kind: str, words: Words) -> Schema:
    """The schema of a kind of files, one of `FILE_MODELS`, explained in the language of ``words``.

    Sums, and whatever else follows from several fields, are for `validate` to check.
    """
    found = FILE_MODELS[kind].model_json_schema(ref_template="#/definitions/{model}")
    definitions = found.pop("$defs", {})
    return {
        **schema_head(words(f"schema.{kind}")),
        **_as_in_file(found, words),
        "defaultSnippets": [_SNIPPETS[kind] | {"label": words(f"schema.new_{kind}")}],
        "definitions": {name: _as_in_file(own, words) for name, own in definitions.items()},
    }


_LEFT_OUT = ("title", "default", "description")
"""What pydantic says beside types: names of the program, and values as it holds them."""


def _as_in_file(schema: Schema, words: Words) -> Schema:
    """A schema of values as an editor finds them in a file, with each field in words.

    The title of a model is its name. Nothing in a file may be empty.
    """
    own = {key: value for key, value in schema.items() if key not in _LEFT_OUT}
    if "properties" in own:
        model = schema["title"]
        own["properties"] = {
            name: {
                **_as_in_file(part, words),
                "description": words(f"file_field.{model}.{name}"),
                **_BEYOND_MODELS.get((model, name), {}),
            }
            for name, part in own["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(own.get(key), dict):
            own[key] = _as_in_file(own[key], words)
    choices = [_as_in_file(part, words) for part in own.pop("anyOf", ()) if part != _EMPTY]
    own |= choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}
    if "enum" in own:
        own.pop("type", None)
    elif isinstance(own.get("type"), str) and own["type"] in _WRITTEN_AS:
        own = {**own, **_WRITTEN_AS[own["type"]]}
    return own


_WRITTEN_AS: Mapping[str, Schema] = {
    "string": {"type": TEXT},
    "boolean": {"type": ["boolean", "string"], "pattern": "^(true|false)$"},
    "integer": {"type": ["integer", "string"], "pattern": "^[0-9]+$"},
}
"""What stands for a type in a file: switches and small numbers may be in quotes."""

_EMPTY: Schema = {"type": "null"}
_ID: Schema = {"type": "string", "pattern": "^[A-Z][0-9]{1,3}$"}
_POSITIVE: Schema = {"exclusiveMinimum": 0}
_BEYOND_MODELS: Mapping[tuple[str, str], Schema] = {
    ("Rubric", "id"): {"pattern": "^[a-z0-9_-]{1,100}$"},
    ("Rubric", "total"): _POSITIVE,
    ("Section", "max"): _POSITIVE,
    ("Item", "id"): _ID,
    ("Item", "max"): _POSITIVE,
    ("Adjustment", "id"): _ID,
    ("Veto", "id"): _ID,
}
"""What checks ask of single fields, by model and field."""

_SNIPPETS: Mapping[str, Schema] = {
    "rubric": {
        "body": {
            "id": "${1:mine}",
            "title": "$2",
            "total": "${3:100}",
            "sections": [
                {
                    "id": "${4:A}",
                    "title": "$5",
                    "max": "${6:100}",
                    "items": [{"id": "${7:A1}", "max": "${8:100}", "text": "$9"}],
                }
            ],
        }
    },
    "assessment": {"body": {"rubric": "$1", "period": "$2", "roster": "$3"}},
    "composite": {
        "body": {
            "composite": "$1",
            "sources": [
                {"name": "$2", "weight": "${3:40}", "rubric": "$4", "paths": ["$5"]},
                {"name": "$6", "weight": "${7:60}", "rubric": "$8", "paths": ["$9"]},
            ],
        }
    },
}
"""What an empty file begins with, by its kind."""
