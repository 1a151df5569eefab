"""A composite result: what a unit has from several sources, each with its weight."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BeforeValidator

from epa_score.i18n import plain
from epa_score.model.rubric import Rubric
from epa_score.model.rubric_options import Adjustments, Band, Scale, Veto
from epa_score.values.fields import Decimals, Few, Frozen, IfGiven, Text, choice_of, frozen_config
from epa_score.values.names import Period
from epa_score.values.points import Points, exactly

FULL_MARKS = Decimal(100)
"""The points of most rubrics, and the percents of a whole."""

_Mean = Annotated[Literal["mean"], BeforeValidator(choice_of(["mean"]))]
Rounding = Literal["each", "end"]
"""Where a conversion or a mean is rounded: at each source, or in the total alone."""

_Rounding = Annotated[Rounding, BeforeValidator(choice_of(get_args(Rounding)))]
_Apart = Annotated[Literal["apart"], BeforeValidator(choice_of(["apart"]))]


class Component(Frozen):
    """The sheets below some paths under one rubric, and what they count in the whole."""

    model_config = frozen_config("Score sheets under one rubric, and what they count in the whole")

    name: Text
    """Its name, which is that of its column."""
    weight: Annotated[Points | None, IfGiven] = None
    """Its share of the whole, in percent; without weights the figures are added up."""
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
    out_of: Annotated[Points | None, IfGiven] = None
    """The points that its figure is out of, where those of its rubric are not 100."""

    @property
    def share(self) -> Fraction:
        """The part of its figure that counts in the whole: all of it without a weight."""
        return Fraction(1) if self.weight is None else Fraction(self.weight) / 100

    def full_marks(self, cap: Decimal) -> Decimal:
        """The points that its figure is out of, of totals out of ``cap``: these as they stand."""
        return cap if self.out_of is None else self.out_of

    def exact_figure(self, totals: Sequence[Decimal], cap: Decimal) -> Fraction:
        """The mean of totals out of ``cap``, converted to what the figure is out of."""
        added = sum(map(Fraction, totals), Fraction(0))
        return added / len(totals) * Fraction(self.full_marks(cap)) / Fraction(cap)


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
    """A result made of several sources, by their weights or added up as they stand."""

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
    rounding: Annotated[_Rounding | None, IfGiven] = None
    """Where conversions and means are rounded; given where that can change a figure."""

    @property
    def is_weighted(self) -> bool:
        """True where the figures of the sources count by weights."""
        return any(source.weight is not None for source in self.sources)

    def full_marks(self, caps: Sequence[Decimal]) -> Decimal:
        """The points that the whole is out of; ``caps`` are those of the sources' totals."""
        parts: list[Decimal] = []
        with exactly():
            for source, cap in zip(self.sources, caps, strict=True):
                worth, weight = source.full_marks(cap), source.weight
                parts.append(worth if weight is None else worth * weight / FULL_MARKS)
            return Decimal(plain(sum(parts, Decimal(0))))

    @property
    def apart(self) -> int | None:
        """The place of the source whose adjustments stand apart, if there is one."""
        return next((n for n, source in enumerate(self.sources) if source.adjustments), None)


class ComponentSection(NamedTuple):
    """A component as a section of the whole; ``max`` is what its figure is out of."""

    id: str
    title: str
    max: Decimal


class RankedComposite(NamedTuple):
    """A composite result as what units are ranked by; its components are the sections.

    Without ``rubrics`` of the components, any unit may be ranked, and totals are out of 100. The
    ``titles`` of the sections are the names of the components unless they are given.
    """

    composite: Composite
    rubrics: tuple[Rubric, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The title: a composite result has no other id."""
        return self.composite.composite

    @property
    def title(self) -> str:
        """The title for people."""
        return self.composite.composite

    @property
    def caps(self) -> tuple[Decimal, ...]:
        """The points that the totals of each component are out of."""
        known = tuple(rubric.total for rubric in self.rubrics)
        return known or (FULL_MARKS,) * len(self.composite.sources)

    @property
    def total(self) -> Decimal:
        """Full marks: those of the components by their weights, or added up."""
        return self.composite.full_marks(self.caps)

    @property
    def all_sections(self) -> tuple[ComponentSection, ...]:
        """A section a component, in their order."""
        names = [component.name for component in self.composite.sources]
        titles = self.titles or names
        pairs = zip(self.composite.sources, self.caps, strict=True)
        worth = (component.full_marks(cap) for component, cap in pairs)
        return tuple(map(ComponentSection, names, titles, worth))

    @property
    def known_units(self) -> tuple[str, ...]:
        """The units in the order in which the first component lists them."""
        return self.rubrics[0].known_units if self.rubrics else ()

    @property
    def decimals(self) -> int:
        """The decimals that figures are rounded to."""
        return self.composite.decimals

    @property
    def last_decimal(self) -> Decimal:
        """One unit in the last decimal, in points."""
        return Decimal((0, (1,), -self.decimals))

    @property
    def tie_break(self) -> tuple[str, ...]:
        """The names of the components that are compared where totals are equal."""
        return self.composite.tie_break

    @property
    def adjustments(self) -> Adjustments | None:
        """Those of the component whose adjustments stand apart."""
        apart = self.composite.apart
        return self.rubrics[apart].adjustments if self.rubrics and apart is not None else None

    @property
    def veto(self) -> tuple[Veto, ...]:
        """None of its own: vetoes that hold in a component come with the results."""
        return ()

    @property
    def bands(self) -> tuple[Band, ...]:
        """The names of totals, best first."""
        return self.composite.bands

    @property
    def scale(self) -> Scale | None:
        """The scale that totals are shown on beside the figures."""
        return self.composite.scale

    @property
    def rank_points(self) -> tuple[Decimal, ...]:
        """The points of the first ranks."""
        return self.composite.rank_points
