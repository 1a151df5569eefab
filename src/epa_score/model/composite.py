"""A composite result: what a unit has from several sources, each with its weight."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import PlainValidator

from epa_score.model.base import Frozen
from epa_score.model.choice import Decimals, Few, choice_of
from epa_score.model.names import Period
from epa_score.model.points import Points
from epa_score.model.text import Text

FULL_MARKS = Decimal(100)
"""What every figure of a composite result is out of, whatever the rubrics' totals are."""


class Source(Frozen):
    """The sheets below some ``paths`` under one ``rubric``, which count ``weight`` percent.

    It is about one ``period``, or with ``each_period`` about all that there are; ``periods`` says
    how many those must be. ``adjustments`` that stand apart are added to the whole as they are;
    else they are part of the totals, and are weighted with these.
    """

    name: Text
    weight: Points
    rubric: Text
    paths: tuple[Text, ...]
    period: Period | None = None
    each_period: Annotated[Literal["mean"], PlainValidator(choice_of(["mean"]))] | None = None
    periods: Few | None = None
    adjustments: Annotated[Literal["apart"], PlainValidator(choice_of(["apart"]))] | None = None


class UnitTotals(NamedTuple):
    """What a unit has in one source: its name, and its total points by period.

    ``bonus`` and ``penalty`` are points that stand apart, and are not in the totals.
    """

    unit: str
    totals: Mapping[str | None, Decimal]
    bonus: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)


Totals = Mapping[str, Mapping[str, UnitTotals]]
"""What units have, by the name of the source and by `same_name_key`."""


class Composite(Frozen):
    """A result made of several ``sources``; ``composite`` is its title.

    Figures that come from a division are rounded once, half up, to ``decimals``.
    """

    composite: Text
    sources: tuple[Source, ...]
    decimals: Decimals = 2

    @property
    def apart(self) -> int | None:
        """The place of the source whose adjustments stand apart, if there is one."""
        return next((n for n, one in enumerate(self.sources) if one.adjustments), None)
