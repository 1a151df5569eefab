"""The file of an assessment in a folder: 考核.yaml."""

from typing import Annotated

from epa_score.values.fields import Frozen, IfGiven, Text, frozen_config
from epa_score.values.names import Period


class Assessment(Frozen):
    """What is assessed by which rubric, in which period, and who has to hand in."""

    model_config = frozen_config("A whole assessment in one folder")

    rubric: Text
    """The name of the rubric, or its file in the folder."""
    period: Annotated[Period | None, IfGiven] = None
    """The period that the sheets are of; sheets of others do not count."""
    roster: Annotated[Text | None, IfGiven] = None
    """The file in the folder that names the units; else the rubric lists them."""
    title: Annotated[Text | None, IfGiven] = None
    """The title of the page on what was collected; else it follows from the rubric's."""
