"""A panel: several assessors who score one unit, each on a sheet of their own."""

from typing import Annotated, Literal

from pydantic import PlainValidator

from epa_score.model.base import Frozen
from epa_score.model.choice import Few, choice_of
from epa_score.model.given import IfGiven
from epa_score.model.points import Points
from epa_score.model.sheet import Score, ScoreSheet

Method = Annotated[
    Literal["mean", "median", "trimmed_mean"],
    PlainValidator(choice_of(["mean", "median", "trimmed_mean"])),
]


class Panel(Frozen):
    """How the points that several assessors gave for an item become those of the unit.

    A unit needs ``minimum`` sheets. A trimmed mean leaves out the ``drop`` highest and as many
    lowest. Points further than ``gap`` points from the combined ones are worth a warning.
    """

    method: Method
    minimum: Few
    drop: Few = 1
    gap: Annotated[Points | None, IfGiven] = None


class CombinedSheet(ScoreSheet):
    """The sheets of one unit as one, whose scores are the combined points.

    ``sheets`` are those of the assessors, by their names. ``open_items`` are those that not
    everybody has scored yet: what is missing counts 0 in them, as in every provisional result.
    """

    sheets: tuple[ScoreSheet, ...]
    open_items: tuple[str, ...] = ()

    def score(self, item: str) -> Score:
        """The combined points of an item with all evidence; each reason is in its own sheet."""
        evidence = tuple(one for sheet in self.sheets for one in sheet.score(item).evidence)
        return Score(score=self.points.get(item), evidence=evidence)


def sheets_in(sheet: ScoreSheet) -> tuple[ScoreSheet, ...]:
    """The sheets that people filled in: those of a combined one, else the sheet itself."""
    return sheet.sheets if isinstance(sheet, CombinedSheet) else (sheet,)
