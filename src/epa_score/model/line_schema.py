"""JSON Schema of one line of a sheet: what may stand at an item, an adjustment or a veto."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.i18n import Words, plain
from epa_score.model.json_schema import TEXT, Schema
from epa_score.model.rubric import Item, Rubric
from epa_score.model.scope import Scope
from epa_score.values.facts import Fact

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Adjustment

NULL = "null"
"""The type of a line that nobody has filled in yet: blank forms are full of them."""


class LineSchemas:
    """The schemas of the lines of a sheet, explained in the language of the rubric."""

    def __init__(self, rubric: Rubric) -> None:
        """Make schemas for the sheets of a rubric."""
        self._rubric = rubric
        self._words = Words(rubric.lang)
        self._grain = _multiple_of(rubric.grain)

    @property
    def shared(self) -> dict[str, Schema]:
        """The definitions that lines refer to: the reason and the evidence."""
        texts = {"type": [*TEXT, "array", NULL], "items": {"type": TEXT}}
        return {
            "note": {"description": self._words("form.note"), "type": [*TEXT, NULL]},
            "evidence": {"description": self._words("field.evidence"), **texts},
        }

    # --- items --------------------------------------------------------------------------------

    def item(self, scope: Scope, name: str) -> Schema:
        """What stands behind the number of an item: its points, or more in a mapping."""
        item, words = scope.items[name], self._words
        facts = (Fact("score", "points"),) if item.rule is None else item.rule.facts
        fields = {fact.name: self._fact(fact, item) for fact in facts}
        if self._rubric.self_score is not None:
            points = self._points(scope.most[name])
            fields["self_score"] = points | {"description": words("form.about_self_score")}
        if item.targets is not None:
            measured = {fact.name: self._fact(fact, item) for fact in item.targets.facts}
            fields["measured"] = {"description": words("field.measured"), **mapping(measured)}
        if item.not_applicable is not None:
            fields["not_applicable"] = {"description": words("schema.reason"), "type": "string"}
        names = [fact.name for fact in facts]
        may_lack = item.not_applicable is not None or _may_be_zeroed(item)
        found: Schema = {
            **self._texts(item, scope.sections[scope.homes[name]].title, facts),
            "type": ["object", NULL],
            **self._apart(fields | _BESIDE, [] if may_lack else names),
        }
        if item.rule is None:
            return found | self._points(item.max) | {"type": ["number", "object", NULL]}
        lines = {fact: f"${number}" for number, fact in enumerate(names, 1)}
        return found | self._snippet(lines)

    def _apart(self, fields: Mapping[str, Schema], required: Sequence[str]) -> Schema:
        """The fields of a mapping apart from its type: an editor writes points, and no mapping."""
        return {"allOf": [{**mapping(fields), "required": required}], **self._snippet("$1")}

    def _snippet(self, body: object) -> Schema:
        """What an editor writes behind the number of a line."""
        return {"defaultSnippets": [{"label": self._words("form.score"), "body": body}]}

    def _texts(self, item: Item, section: str, facts: Sequence[Fact]) -> Schema:
        """What an editor shows of an item: its section, its cap, the wording, and what to write."""
        words = self._words
        cap = words("form.about_cap", cap=plain(item.max)).strip()
        named = facts if item.rule is not None else ()
        more = [f"{fact.name}: {self._about(fact, item)}" for fact in named]
        if item.not_applicable is not None:
            more.append(words("form.about_not_applicable").strip())
        marked = [f"**{_markdown(cap)}** {_markdown(item.text)}", *map(_markdown, more)]
        return {
            "title": words("schema.item", item=item.id, section=section),
            "description": "\n".join([f"{cap} {item.text}", *more]),
            "markdownDescription": "\n\n".join(marked),
        }

    def _about(self, fact: Fact, item: Item) -> str:
        choices = self._words("list.separator").join(fact.choices)
        return self._words(f"form.about_{fact.kind}", choices=choices, cap=plain(item.max))

    def _fact(self, fact: Fact, item: Item) -> Schema:
        """A fact of an item; which numbers go together is for `validate` to say."""
        about = {"description": self._about(fact, item)}
        if fact.kind == "choice":
            return about | one_of(fact.choices, empty=True)
        if fact.kind == "yes_no":
            answers = {"enum": ["是", "否", "yes", "no", None]}
            return about | {"anyOf": [answers, {"type": "string", "pattern": _YES_OR_NO}]}
        if fact.kind == "points":
            return about | self._points(item.max)
        found: Schema = {"type": ["number", NULL], "minimum": number_of(fact.least or Decimal(0))}
        if fact.most is not None:
            found["maximum"] = number_of(fact.most)
        if fact.kind in ("count", "whole"):
            found["multipleOf"] = 1
        if fact.kind == "deduction":
            found |= self._grain
        return about | found

    def _points(self, most: Decimal) -> Schema:
        points = {"minimum": 0, "maximum": number_of(most), **self._grain}
        return {"type": ["number", NULL], **points}

    # --- beside the items ---------------------------------------------------------------------

    def adjustments(self) -> Schema:
        """What stands below ``adjustments``."""
        rubric = self._rubric
        known = rubric.adjustments.each if rubric.adjustments is not None else ()
        fields = {item.id: self._adjustment(item) for item in known}
        return {"type": ["object", NULL], **mapping(fields)}

    def _adjustment(self, item: "Adjustment") -> Schema:
        """Names of facts, their number, or points with a reason."""
        words, each = self._words, plain(item.each)
        if item.kind == "adjustment":
            about = words("form.about_each", each=each)
            types = {"type": ["string", "array", NULL], "items": {"type": "string"}}
            return {"title": item.id, "description": f"{about} {item.text}", **types}
        value: Schema
        if item.kind == "count":
            about = words("form.about_each_counted", each=each)
            value, points, snippet = {"minimum": 0, "multipleOf": 1}, {"type": NULL}, {}
        else:
            most = item.max or item.each
            about = words("form.about_judged", max=plain(most))
            value, points = {"minimum": 0, "maximum": 0}, self._points(most)
            snippet = self._snippet({"score": "$1", "note": "$2"})
        fields = {"score": points, "value": {"type": ["number", NULL], **value}, **_BESIDE}
        return {
            "title": item.id,
            "description": f"{about} {item.text}",
            "type": ["number", "object", "array", NULL],
            "maxItems": 0,
            **value,
            **self._apart(fields, []),
            **snippet,
        }

    def vetoes(self) -> Schema:
        """What stands below ``veto``."""
        fields = {
            veto.id: {"title": veto.id, "description": veto.text, "type": ["string", NULL]}
            for veto in self._rubric.fact_vetoes
        }
        return {"type": ["object", NULL], **mapping(fields)}


_BESIDE = {name: {"$ref": f"#/definitions/{name}"} for name in ("note", "evidence")}
"""What may stand beside any points."""

_YES_OR_NO = "^([Yy][Ee][SsſS]|[Nn][Oo])$"

_LIKE_ANOTHER_TYPE = re.compile(r"[-+]?\.?[0-9].*|[-+]?\.(inf|nan)|true|false", re.IGNORECASE)
"""Text that YAML takes for a number or a yes unless it stands in quotes."""


def _may_be_zeroed(item: Item) -> bool:
    """True where facts of an item are enough although others are missing."""
    return item.rule is not None and item.rule.hard_zero is not None


def mapping(fields: Mapping[str, Schema]) -> Schema:
    """The fields of a mapping that may have no others."""
    return {"properties": dict(fields), "additionalProperties": False}


def one_of(texts: Iterable[str], *, empty: bool = False) -> Schema:
    """One of some texts, which are as they stand unless an editor takes one for another type."""
    known: Schema = {"enum": [*texts, *([None] if empty else [])]}
    if any(isinstance(text, str) and _LIKE_ANOTHER_TYPE.fullmatch(text) for text in known["enum"]):
        return {"anyOf": [known, {"type": ["number", "boolean"]}]}
    return known


def known_or_other(texts: Iterable[str]) -> Schema:
    """Any text: an editor offers those that are known, of which there are other spellings."""
    known = list(texts)
    return {"anyOf": [{"enum": known}, {"type": TEXT}]} if known else {"type": TEXT}


def number_of(number: Decimal) -> int | float:
    """A number as JSON has it: caps have so few digits that none is lost."""
    return int(number) if number == number.to_integral_value() else float(number)


def _multiple_of(grain: Decimal) -> Schema:
    """The points that scores are multiples of, where an editor can divide by them exactly."""
    _, denominator = grain.as_integer_ratio()
    is_exact = denominator & (denominator - 1) == 0
    return {"multipleOf": number_of(grain)} if is_exact else {}


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)
