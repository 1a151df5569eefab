"""A panel: several assessors who score one unit, each on a sheet of their own."""

from typing import Annotated, Literal

from pydantic import PlainValidator

from epa_score.model.base import Frozen
from epa_score.model.given import IfGiven
from epa_score.values.fields import Few, choice_of
from epa_score.values.points import Points

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
