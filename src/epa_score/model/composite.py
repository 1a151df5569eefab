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
"""The points that every figure of a composite result is out of, whatever the rubrics' are."""

_Mean = Annotated[Literal["mean"], BeforeValidator(choice_of(["mean"]))]
_Apart = Annotated[Literal["apart"], BeforeValidator(choice_of(["apart"]))]


class Component(Frozen):
    """The sheets below some paths under one rubric, which count so many percent."""

    model_config = frozen_config("Score sheets under one rubric, and what they count in percent")

    name: Text
    """Its name, which is that of its column."""
    weight: Points
    """Its share of the whole, in percent."""
    rubric: Text
    """The name of the rubric of its sheets."""
    paths: tuple[Text, ...]
    """The files and folders of its sheets, below the folder of the file."""
    period: Annotated[Period | None, IfGiven] = None
    """The period that its sheets are of, if they are of one."""
    each_period: Annotated[_Mean | None, IfGiven] = None
    """The way in which periods are combined, where all that there are count."""
    periods: Annotated[Few | None, IfGiven] = None
    """The number of periods that there must be."""
    adjustments: Annotated[_Apart | None, IfGiven] = None
    """``apart`` where they are added to the whole, and not weighted as part of the totals."""


class UnitTotals(NamedTuple):
    """The points of a unit in one source: its name, and its totals by period.

    ``bonus`` and ``penalty`` are points that stand apart, and are not in the totals.
    """

    unit: str
    totals: Mapping[str | None, Decimal]
    bonus: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)


Totals = Mapping[str, Mapping[str, UnitTotals]]
"""The totals of units by the name of the source, then by `same_name_key`."""


class Composite(Frozen):
    """A result made of several sources; what is divided is rounded once, half up."""

    model_config = frozen_config("A result made of several sources")

    composite: Text
    """The title of the result."""
    sources: tuple[Component, ...]
    """The sources, whose totals are combined."""
    decimals: Decimals = 2
    """The decimals of every figure."""
    tie_break: tuple[Text, ...] = ()
    """The names of sources that are compared, in order, where totals are equal."""
    bands: tuple[Band, ...] = ()
    """The names of totals, best first, as in a rubric."""
    scale: Annotated[Scale | None, IfGiven] = None
    """The scale that totals are shown on as well, as in a rubric."""
    rank_points: tuple[Points, ...] = ()
    """The points of the first ranks, as in a rubric."""

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
