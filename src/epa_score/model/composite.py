"""A composite result: what a unit has from several sources, each with its weight."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

from epa_score.model.rubric import Rubric, Section
from epa_score.model.rubric_options import Band, Scale
from epa_score.values.fields import Decimals, Few, Frozen, IfGiven, Text, choice_of, frozen_config
from epa_score.values.names import Period
from epa_score.values.points import Points

FULL_MARKS = Decimal(100)
"""What every figure of a composite result is out of, whatever the rubrics' totals are."""

_Mean = Annotated[Literal["mean"], BeforeValidator(choice_of(["mean"]))]
_Apart = Annotated[Literal["apart"], BeforeValidator(choice_of(["apart"]))]


class Component(Frozen):
    """The sheets below some ``paths`` under one ``rubric``, which count ``weight`` percent.

    It is about one ``period``, or with ``each_period`` about all that there are; ``periods`` says
    how many those must be. ``adjustments`` that stand apart are added to the whole as they are;
    else they are part of the totals, and are weighted with these.
    """

    model_config = frozen_config("Score sheets under one rubric, and what they count in percent")

    name: Text
    weight: Points
    rubric: Text
    paths: tuple[Text, ...]
    period: Annotated[Period | None, IfGiven] = None
    each_period: Annotated[_Mean | None, IfGiven] = None
    periods: Annotated[Few | None, IfGiven] = None
    adjustments: Annotated[_Apart | None, IfGiven] = None


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

    Figures that come from a division are rounded once, half up, to ``decimals``. Ties are broken by
    the names of sources; ``bands``, ``scale`` and ``rank_points`` are as in a rubric.
    """

    model_config = frozen_config("A result made of several sources")

    composite: Text
    sources: tuple[Component, ...]
    decimals: Decimals = 2
    tie_break: tuple[Text, ...] = ()
    bands: tuple[Band, ...] = ()
    scale: Annotated[Scale | None, IfGiven] = None
    rank_points: tuple[Points, ...] = ()

    @property
    def apart(self) -> int | None:
        """The place of the source whose adjustments stand apart, if there is one."""
        return next((n for n, source in enumerate(self.sources) if source.adjustments), None)

    def as_rubric(self, titles: Sequence[str] = (), units: tuple[str, ...] = ()) -> Rubric:
        """The result as a rubric whose sections are the sources, each out of 100 as is the total.

        It is checked, ranked and shown as one. The ``titles`` of the sections are the names of the
        sources unless they are given; units that share a rank stand in the order of ``units``.
        """
        names = [source.name for source in self.sources]
        sections = tuple(
            Section(id=name, title=title, max=FULL_MARKS)
            for name, title in zip(names, titles or names, strict=True)
        )
        alike = {"decimals", "tie_break", "bands", "scale", "rank_points"}
        own = self.model_dump(include=alike, exclude_none=True)
        title = self.composite
        return Rubric(
            id=title, title=title, total=FULL_MARKS, sections=sections, units=units, **own
        )
