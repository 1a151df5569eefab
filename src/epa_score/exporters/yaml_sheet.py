"""A score sheet in YAML, so that reading it gives the same sheet."""

from collections.abc import Iterable, Mapping

from epa_score.exporters.yaml import scalar
from epa_score.i18n import plain
from epa_score.model import QuotedText, Score, ScoreSheet
from epa_score.model.points import PLAIN_NUMBER

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
    lines += ["adjustments:"] if sheet.adjustments else []
    lines += [f"  {scalar(name)}: {_list(facts)}" for name, facts in sheet.adjustments.items()]
    lines += ["veto:"] if sheet.veto else []
    lines += [f"  {scalar(name)}: {scalar(why or '')}".rstrip() for name, why in sheet.veto.items()]
    return "\n".join(lines) + "\n"


def _score(score: Score) -> str:
    points = "" if score.score is None else plain(score.score)
    parts = [f"score: {points}"] if points else []
    parts += _facts(score.__pydantic_extra__)
    measured = ", ".join(_facts(score.measured))
    parts += [f"measured: {{{measured}}}"] if measured else []
    reason = score.not_applicable
    parts += [f"not_applicable: {scalar(reason)}"] if reason is not None else []
    parts += [f"note: {scalar(score.note) or _NOTHING}"] if score.note is not None else []
    parts += [f"evidence: {_list(score.evidence)}"] if score.evidence else []
    only_points = len(parts) == bool(points)
    return points if only_points else f"{{{', '.join(parts)}}}"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(scalar, texts))}]"


def _facts(given: Mapping[str, str | None]) -> list[str]:
    """Facts as they were given: a number that was not quoted stays so."""
    return [
        f"{scalar(name)}: {fact if _is_number(fact) else scalar(fact)}"
        for name, fact in given.items()
        if fact is not None
    ]


def _is_number(fact: str) -> bool:
    return not isinstance(fact, QuotedText) and PLAIN_NUMBER.fullmatch(fact) is not None
