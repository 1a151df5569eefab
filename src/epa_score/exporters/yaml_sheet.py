"""A score sheet in YAML, so that reading it gives the same sheet."""

from epa_score.exporters.yaml_form import scalar
from epa_score.i18n import plain
from epa_score.model import Score, ScoreSheet

_NOTHING = '""'
"""A note that says nothing is still a note."""


def yaml_sheet(sheet: ScoreSheet) -> str:
    """The text of a sheet, its items in the order in which it names them."""
    lines = [f"rubric: {scalar(sheet.rubric)}", f"unit: {scalar(sheet.unit)}"]
    fields = {"period": sheet.period, "assessor": sheet.assessor}
    lines += [f"{name}: {scalar(text)}" for name, text in fields.items() if text is not None]
    lines += [f"date: {sheet.date.isoformat()}"] if sheet.date is not None else []
    lines += ["scores:"]
    lines += [f"  {scalar(item)}: {_score(sheet.score(item))}".rstrip() for item in sheet.points]
    return "\n".join(lines) + "\n"


def _score(score: Score) -> str:
    points = "" if score.score is None else plain(score.score)
    if score.note is None and not score.evidence:
        return points
    parts = [f"score: {points}"] if points else []
    parts += [f"note: {scalar(score.note) or _NOTHING}"] if score.note is not None else []
    parts += [f"evidence: [{', '.join(map(scalar, score.evidence))}]"] if score.evidence else []
    return f"{{{', '.join(parts)}}}"
