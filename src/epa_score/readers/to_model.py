"""Plain values shaped into a model, or into findings that say why not."""

import os
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from epa_score.diagnostics import Finding, Kind, Place
from epa_score.diagnostics.from_pydantic import shape_findings
from epa_score.diagnostics.nearest import nearest
from epa_score.model import Score
from epa_score.readers.source import Source

Model = TypeVar("Model", bound=BaseModel)

_STRUCTURE = frozenset(
    {
        Kind.WRONG_SHAPE,
        Kind.UNKNOWN_FIELD,
        Kind.MISSING_FIELD,
        Kind.EMPTY_FIELD,
        Kind.NEITHER_KIND_OF_FILE,
    }
)
_BESIDE = frozenset(
    {
        Kind.DUPLICATE_KEY,
        Kind.ITEM_LINE_CHANGED,
        Kind.CAP_CHANGED,
        Kind.CELL_TEXT_NUMBER,
        Kind.CELL_FORMULA,
        Kind.CELL_ERROR,
        Kind.CELL_DATE,
        Kind.CELL_PERCENT,
        Kind.CELL_MERGED,
        Kind.LINE_HIDDEN,
        Kind.FIELD_TWICE,
        Kind.FIELD_HIDDEN,
        Kind.POINTS_OF_NO_ITEM,
        Kind.SHOWN_DIFFERENTLY,
        Kind.WORDING_CHANGED,
        Kind.LABEL_CHANGED,
        Kind.FORM_OF_OTHER_UNIT,
        Kind.VETO_HALF_FILLED,
    }
)
"""Faults of one item that do not keep the others from being looked at."""

_FIELDS = frozenset(Score.model_fields)
_MARKERS = {
    "sections": "rubric",
    "scores": "sheet",
    "composite": "composite",
    "roster": "assessment",
}
_EXPECTED = {"ScoreSheet": "sheet", "Composite": "composite", "Assessment": "assessment"}

ASSESSMENT_NAMES = ("考核.yaml", "assessment.yaml")
"""The names of the file of an assessment, by the language of its rubric."""


def kind_of(source: Source) -> str:
    """The kind of a file: ``rubric``, ``sheet``, ``composite``, ``assessment``, or empty."""
    keys = source.value if isinstance(source.value, dict) else {}
    for marker, kind in _MARKERS.items():
        if marker in keys:
            return kind
    if os.path.basename(source.path) in ASSESSMENT_NAMES:
        return "assessment"
    unknown = [key for key in keys if key not in ("id", "title", "total", "rubric", "unit")]
    meant = (nearest(key, _MARKERS) for key in unknown)
    return next((_MARKERS[marker] for marker in meant if marker is not None), "")


class Modelled(NamedTuple, Generic[Model]):
    """The model of a source's values, ``None`` where they make none, and all findings."""

    model: Model | None
    findings: list[Finding]


def to_model(source: Source, model: type[Model]) -> Modelled[Model]:
    """Make a model of a source's values, or find what is wrong with them.

    A line that YAML takes for something else than people meant (``A3：8``) is reported in
    place of the odd shape that it makes.
    """
    findings = source.findings
    errors = [found.kind for found in findings if found.kind.severity == "error"]
    if errors and (source.value is None or not _BESIDE.issuperset(errors)):
        return Modelled(None, findings)
    expected = _EXPECTED.get(model.__name__, "rubric")
    if kind_of(source) != expected:
        other = Finding(Kind.NEITHER_KIND_OF_FILE, Place(), {"expected": expected})
        return Modelled(None, with_mistakes_first(source, [*findings, other]))
    beside = _find_field_beside_item(source.value)
    if beside is not None:
        return Modelled(None, [*findings, beside])
    try:
        return Modelled(model.model_validate(source.value), findings)
    except ValidationError as error:
        known = set(map(_keys_of, findings))
        shape = shape_findings(error, model)
        more = [finding for finding in shape if _keys_of(finding) not in known]
        return Modelled(None, with_mistakes_first(source, [*findings, *more]))


def _find_field_beside_item(value: Any) -> Finding | None:
    """Find the first of the fields of a score that stand beside their item, not below it."""
    scores = value.get("scores")
    if not isinstance(scores, dict) or _FIELDS.isdisjoint(scores):
        return None
    name = next(name for name in scores if name in _FIELDS)
    return Finding(Kind.INDENTATION_OFF, Place(("scores", name), "key"), {"key": name}, "field")


def _keys_of(finding: Finding) -> object:
    """The keys that lead to where something is wrong: one cause is reported once."""
    return finding.place.keys if isinstance(finding.place, Place) else None


def with_mistakes_first(source: Source, findings: list[Finding]) -> list[Finding]:
    """Put mistakes in YAML in place of the odd shapes that they make."""
    if not any(finding.kind in _STRUCTURE for finding in findings):
        return findings
    from epa_score.readers.yaml.mistakes import mistake_findings  # noqa: PLC0415 -- most files have none

    mistakes = mistake_findings(source.text)
    if not mistakes:
        return findings
    return [*(finding for finding in findings if finding.kind not in _STRUCTURE), *mistakes]
