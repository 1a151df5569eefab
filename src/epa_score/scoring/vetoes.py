"""Vetoes: what happened to a unit that no total outweighs."""

from epa_score.model import Rubric, ScoreSheet
from epa_score.scoring.result import Vetoed


def vetoes_of(rubric: Rubric, sheet: ScoreSheet) -> tuple[Vetoed, ...]:
    """The vetoes that hold, in the order of the rubric.

    Raises `ValueError` for one that the rubric does not have.
    """
    known = {veto.id for veto in rubric.veto}
    strangers = [name for name in sheet.veto if name not in known]
    if strangers:
        message = f"{sheet.unit!r}: rubric {rubric.id!r} has no veto {strangers[0]!r}"
        raise ValueError(message)
    given = [(veto, sheet.veto.get(veto.id)) for veto in rubric.veto]
    return tuple(Vetoed(veto, reason) for veto, reason in given if reason is not None)
