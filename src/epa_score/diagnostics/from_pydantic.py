"""Pydantic's errors as findings, by their stable type and never by their wording."""

import typing
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from epa_score.diagnostics.finding import Finding, Key, Parameter, Place
from epa_score.diagnostics.kinds import Kind
from epa_score.diagnostics.nearest import nearest

_EXPECTED = {
    "string_type": "text",
    "dict_type": "mapping",
    "model_type": "mapping",
    "list_type": "list",
    "tuple_type": "list",
}
_BLANK = "string_pattern_mismatch"
"""The only pattern of the models is that of a text that says something."""

_ALSO_CALLED = {
    "评分细则": "rubric",
    "单位": "unit",
    "考核期": "period",
    "考核组": "assessor",
    "日期": "date",
    "得分": "score",
    "备注": "note",
    "扣分原因": "note",
    "佐证材料": "evidence",
    "编号": "id",
    "名称": "title",
    "分值": "max",
    "满分": "max",
    "考核内容": "text",
}
"""The words that people write in Chinese for a key of a file."""

_OPPOSITES = (
    *(("at_most", "at_least"), ("most", "least"), ("above", "below"), ("over", "under")),
    *(("higher", "lower"), ("upper", "lower"), ("max", "min"), ("maximum", "minimum")),
)
"""Keys that look alike and mean the opposite: none is a misspelling of the other."""


def shape_findings(error: ValidationError, model: type[BaseModel]) -> list[Finding]:
    """One finding for each thing that is wrong with the shape of a ``model``.

    A misspelt key is not reported a second time as the missing key that it stands for.
    """
    findings: list[Finding] = []
    meant: set[tuple[Key, ...]] = set()
    details = error.errors(include_url=False)
    missing = {detail["loc"] for detail in details if detail["type"] == "missing"}
    for detail in details:
        loc, kind = detail["loc"], detail["type"]
        if kind == "missing":
            continue
        if kind == "extra_forbidden":
            finding = unknown_field(loc, _fields(model, loc[:-1]))
            meant.add((*loc[:-1], str(finding.parameters["nearest"])))
            findings.append(finding)
        elif kind == _BLANK or (kind in _EXPECTED and detail["input"] is None):
            findings.append(Finding(Kind.EMPTY_FIELD, Place(loc, "key"), {"field": _name(loc)}))
        elif kind in _EXPECTED:
            expected = _EXPECTED[kind]
            parameters: dict[str, Parameter] = {"field": _name(loc), "expected": expected}
            findings.append(Finding(Kind.WRONG_SHAPE, Place(loc), parameters))
        else:
            context = {"field": _name(loc), **detail.get("ctx", {})}
            variant = context.pop("variant", "")
            findings.append(Finding(Kind[kind.upper()], Place(loc), context, variant))
    findings += [
        Finding(Kind.MISSING_FIELD, Place(loc[:-1], "key"), {"field": str(loc[-1])})
        for loc in sorted(missing - meant, key=str)
    ]
    return findings


def unknown_field(loc: tuple[Key, ...], known: Sequence[str]) -> Finding:
    """The finding that the key at the end of ``loc`` is none of those ``known`` there."""
    name = str(loc[-1])
    alike = _ALSO_CALLED.get(name) if name in _ALSO_CALLED else nearest(name, known)
    is_opposite = any({name, alike} == {*pair} for pair in _OPPOSITES)
    alike = alike if alike in known and not is_opposite else None
    return Finding(
        Kind.UNKNOWN_FIELD,
        Place(loc, "key"),
        {"field": name, "nearest": alike or "", "known": tuple(known)},
        "nearest" if alike else "",
    )


def _name(loc: tuple[Key, ...]) -> str:
    """The name of a place for people: its last key, and the item's id for the points of an item."""
    keys = loc[:-1] if loc[-1:] == ("score",) else loc
    return next((key for key in reversed(keys) if isinstance(key, str)), "")


def _fields(model: type[BaseModel], loc: tuple[Key, ...]) -> list[str]:
    """The keys that are known where ``loc`` leads to."""
    models = [model]
    for key in loc:
        models = [
            inner
            for outer in models
            for kind in (
                _types_of(outer.model_fields[key]) if key in outer.model_fields else (outer,)
            )
            for inner in _models_in(kind)
        ]
    return list(dict.fromkeys(name for model in models for name in model.model_fields))


def _types_of(field: FieldInfo) -> Iterator[object]:
    """The type of a field, and the one that is loaded when the field is given."""
    yield field.annotation
    yield from (getattr(about, "loaded_type", None) for about in field.metadata)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation.__pydantic_root_model__:
            annotation = annotation.model_fields["root"].annotation
        else:
            yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)
