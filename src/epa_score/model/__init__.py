"""The shape of a rubric and of a score sheet, as pydantic models."""

from epa_score.model.rubric import Item, Rubric, Section
from epa_score.model.scope import Scope
from epa_score.model.sheet import Score, ScoreSheet
from epa_score.values.fields import QuotedText
from epa_score.values.names import same_name_key
from epa_score.values.points import exactly

__all__ = [
    "Item",
    "QuotedText",
    "Rubric",
    "Scope",
    "Score",
    "ScoreSheet",
    "Section",
    "exactly",
    "same_name_key",
]
