"""JSON Schema of the sheets of one rubric: its items with caps and wording, and what is missing.

It refuses no sheet that `validate` takes, and takes none with more points than a cap allows. What
it cannot tell is for `validate` to say (decision: schemas-know-less).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from epa_score.i18n import Words
from epa_score.model.json_schema import TEXT, Schema, schema_head
from epa_score.model.line_schema import NULL, LineSchemas, known_or_other, one_of
from epa_score.model.rubric import Rubric
from epa_score.model.scope import Scope, scope_of
from epa_score.values.names import same_name_key


def sheet_schema(rubric: Rubric) -> Schema:
    """The schema of the sheets of a rubric, explained in its own language."""
    return _SheetSchema(rubric).whole()


def any_sheet_schema(sheets: Mapping[str, str], words: Words, snippets: Iterable[Schema]) -> Schema:
    """The schema of sheets of several rubrics; ``sheets`` has the file of each rubric's schema.

    Of a sheet whose rubric is none of them it says nothing.
    """
    return {
        **schema_head(words("schema.sheet")),
        "type": "object",
        "required": ["rubric"],
        "properties": {
            "rubric": {"description": words("schema.rubric_id"), **known_or_other(sheets)}
        },
        "defaultSnippets": list(snippets),
        "allOf": [
            {"if": _where({"rubric": [name]}), "then": {"$ref": file}}
            for name, file in sheets.items()
        ],
    }


class _View(NamedTuple):
    """The sheets of some units and one assessor, and the items that they are scored on."""

    condition: dict[str, Sequence[str]]
    items: dict[str, Schema]
    required: list[str]


class _SheetSchema:
    """The schema of the sheets of one rubric while it is made."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._words = Words(rubric.lang)
        self._lines = LineSchemas(rubric)
        self._definitions = self._lines.shared

    def whole(self) -> Schema:
        """All of it: the fields beside the scores, and the scores of each kind of sheets."""
        rubric, words = self._rubric, self._words
        views = list(self._views())
        names = [assessor.name for assessor in rubric.assessors]
        about = {name: {"description": words(f"schema.{name}")} for name in _FIELDS}
        types: dict[str, Schema] = {
            "rubric": one_of([rubric.id]),
            "unit": known_or_other(rubric.known_units),
            "period": {"type": [*TEXT, NULL]},
            "assessor": known_or_other(names) if names else {"type": [*TEXT, NULL]},
            "date": {"type": [*TEXT, NULL]},
            "scores": {"type": "object"},
            "adjustments": self._lines.adjustments(),
            "veto": self._lines.vetoes(),
        }
        fields = {name: about[name] | types[name] for name in _FIELDS}
        assessor = ["assessor"] if rubric.takes_several_sheets else []
        found: Schema = {
            **schema_head(words("schema.sheet_of", title=rubric.title)),
            "type": "object",
            "properties": fields,
            "required": ["rubric", "unit", *assessor, "scores"],
            "additionalProperties": False,
        }
        anybody = self._view_of_anybody(views)
        found["defaultSnippets"] = [self._sheet_snippet(anybody, assessor)]
        if not views[0].condition:
            fields["scores"] |= self._scores(views[0])
        else:
            known = {
                field: list(dict.fromkeys(text for view in views for text in view.condition[field]))
                for field in views[0].condition
            }
            found["allOf"] = [
                *(
                    {"if": _where(view.condition), "then": self._only_scores(view)}
                    for view in views
                ),
                {"if": _where(known), "else": self._only_scores(anybody)},
            ]
        return found | {"definitions": self._definitions}

    # --- which sheets have which items --------------------------------------------------------

    def _views(self) -> Iterator[_View]:
        """The sheets that are alike: one view of all of them, or some by assessor and unit."""
        rubric = self._rubric
        own: dict[str, Sequence[str]]
        for assessor in rubric.assessors or (None,):
            part = rubric if assessor is None else rubric.parts[same_name_key(assessor.name)]
            own = {} if assessor is None else {"assessor": [assessor.name]}
            for units, scope in _groups(part, by_unit=rubric.differs_by_unit):
                key = same_name_key(units[0])
                theirs = [item.id for item in scope.items.values() if item.is_for(key)]
                items = {
                    name: self._defined(name, self._lines.item(scope, name)) for name in theirs
                }
                condition = {"unit": units} | own if rubric.differs_by_unit else own
                yield _View(condition, items, theirs)

    def _view_of_anybody(self, views: Sequence[_View]) -> _View:
        """Any sheet of the rubric, which is held to what is true of all; no item must be there."""
        found: dict[str, list[Schema]] = {}
        for view in views:
            for name, item in view.items.items():
                if item not in found.setdefault(name, []):
                    found[name].append(item)
        items = {
            name: kinds[0] if len(kinds) == 1 else self._any_of(name, kinds)
            for name, kinds in found.items()
        }
        return _View({}, items, [])

    def _any_of(self, name: str, kinds: Sequence[Schema]) -> Schema:
        """An item that is not the same for all units: the highest of its caps."""
        own = [self._definitions[kind["$ref"].rpartition("/")[2]] for kind in kinds]
        most = {"minimum": 0, "maximum": max(kind.get("maximum", 0) for kind in own)}
        found: Schema = {
            "title": name,
            "description": self._words("form.table_own"),
            "type": ["number", "object", NULL],
            **most,
            "properties": {"score": {"type": ["number", NULL], **most}},
        }
        return self._defined(name, found)

    def _only_scores(self, view: _View) -> Schema:
        return {"properties": {"scores": self._scores(view)}}

    def _scores(self, view: _View) -> Schema:
        """What stands below ``scores``; a line of somebody else's may stand there empty."""
        others = self._rubric.differs_by_unit or bool(self._rubric.assessors)
        return {
            "type": "object",
            "properties": view.items,
            "required": view.required,
            "additionalProperties": {"type": NULL} if others else False,
            "defaultSnippets": [
                {"label": self._words("schema.all_items"), "body": self._blank_items(view, 1)}
            ],
        }

    def _defined(self, name: str, schema: Schema) -> Schema:
        """A reference to a schema, which stands once among the definitions."""
        number, own = 1, name
        while self._definitions.setdefault(own, schema) != schema:
            number += 1
            own = f"{name}-{number}"
        return {"$ref": f"#/definitions/{own}"}

    # --- snippets -----------------------------------------------------------------------------

    def _sheet_snippet(self, view: _View, assessor: Sequence[str]) -> Schema:
        """A whole sheet with every item, to be filled in from one field to the next."""
        head = {"rubric": self._rubric.id, "unit": "$1"}
        head |= {name: f"${number}" for number, name in enumerate(assessor, 2)}
        body = {**head, "scores": self._blank_items(view, len(assessor) + 2)}
        label = self._words("schema.new_sheet", title=self._rubric.title)
        return {"label": label, "body": body}

    def _blank_items(self, view: _View, number: int) -> Schema:
        """Every item with a place for its points, or for each of its facts."""
        found: Schema = {}
        for name, reference in view.items.items():
            item = self._definitions[reference["$ref"].rpartition("/")[2]]
            facts = item["defaultSnippets"][0]["body"] if "defaultSnippets" in item else "$1"
            if isinstance(facts, str):
                found[name], number = f"${number}", number + 1
            else:
                found[name] = {fact: f"${number + place}" for place, fact in enumerate(facts)}
                number += len(facts)
        return found


_FIELDS = ("rubric", "unit", "period", "assessor", "date", "scores", "adjustments", "veto")


def _groups(rubric: Rubric, *, by_unit: bool) -> Iterator[tuple[Sequence[str], Scope]]:
    """The units that are scored on the same items, and these; all of them unless ``by_unit``."""
    groups: dict[object, tuple[list[str], Scope]] = {}
    for unit in rubric.known_units if by_unit else (*rubric.known_units[:1], "")[:1]:
        key = same_name_key(unit)
        scope = scope_of(rubric, key)
        alike = tuple((id(item), item.is_for(key)) for item in scope.items.values())
        groups.setdefault(alike, ([], scope))[0].append(unit)
    yield from groups.values()


def _where(condition: Mapping[str, Sequence[str]]) -> Schema:
    """The files in which fields have one of some texts."""
    fields = {
        # A pattern: while somebody types, an editor takes the beginning of a text for the text.
        name: {"type": "string", "pattern": f"^({'|'.join(map(_escaped, texts))})$"}
        for name, texts in condition.items()
    }
    return {"properties": fields, "required": list(fields)}


def _escaped(text: str) -> str:
    """A text as a pattern of JavaScript, which takes no other escapes."""
    return re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", text)
