"""Sums, ranks and other figures that follow when somebody changes a score in a workbook."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Section
from epa_score.model.item_options import Treatment
from epa_score.model.ranked import Ranked
from epa_score.scoring.adjustments import NOT_BELOW_ZERO
from epa_score.scoring.points import Bound, bound_of


class NotApplicable(NamedTuple):
    """Columns of a sum that may say that they do not apply: their treatments and caps."""

    treatments: Mapping[str, Treatment]
    caps: Mapping[str, Decimal]

    def columns_with(self, treatment: Treatment) -> tuple[str, ...]:
        """The columns of one treatment."""
        return tuple(name for name, given in self.treatments.items() if given == treatment)


class SumOf(NamedTuple):
    """A live sum of other columns, and everything that makes it more than a sum."""

    columns: tuple[str, ...]
    """The columns that are added up."""
    decimals: int
    """The decimals that it is rounded to, which changes nothing in an exact sum of points."""
    table: str = ""
    """The table in which the columns are; empty for that of the sum itself."""
    parts: tuple["SumOf", ...] = ()
    """Other sums that are added to the columns."""
    bound: Bound | None = None
    """The bound that the whole sum is kept within."""
    plus: tuple[str, ...] = ()
    """Columns of bonuses, which are added to the sum."""
    minus: tuple[str, ...] = ()
    """Columns of penalties, which are taken from the sum."""
    not_applicable: NotApplicable | None = None
    """The columns that may say that they do not apply, if there are any."""
    scaled_to: Decimal | None = None
    """The points of full marks, where it is scaled to them as far as items do not apply."""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns of this sum and of all its parts, without what is added and taken."""
        return self.columns + tuple(column for part in self.parts for column in part.all_columns)


class RankOf(NamedTuple):
    """A live rank by the ``columns`` in order, highest first."""

    columns: tuple[str, ...]
    dense: bool


class FromMean(NamedTuple):
    """A live difference: the figure in another ``column`` of the row less the mean of them all."""

    column: str
    decimals: int


class DifferenceOf(NamedTuple):
    """A live difference: the figure in a ``column`` of the row less that in ``other``."""

    column: str
    other: str
    decimals: int


class BandOf(NamedTuple):
    """A live band: the name that goes with the first of the thresholds that a ``column`` reaches.

    ``bands`` are thresholds and names, the last threshold 0.
    """

    column: str
    bands: tuple[tuple[Decimal, str], ...]


class ScaledTo(NamedTuple):
    """A live figure: that of another ``column`` of the row, where the highest becomes ``best``."""

    column: str
    best: Decimal
    decimals: int


class WeightedSum(NamedTuple):
    """A live figure: other ``columns`` of the row by their ``weights`` in percent."""

    columns: tuple[str, ...]
    weights: tuple[Decimal, ...]
    decimals: int


class OfRank(NamedTuple):
    """A live figure: the ``points`` of the rank in another ``column`` of the row, else 0."""

    column: str
    points: tuple[Decimal, ...]


class TiedIn(NamedTuple):
    """A live remark: a ``word`` where another row has the same figure in a ``column``.

    ``joiner`` stands between the word and other remarks, which stay as they are.
    """

    column: str
    word: str
    joiner: str


class ShareOf(NamedTuple):
    """A live share: the points in a ``column`` of another ``table`` by the most there can be."""

    column: str
    cap: Decimal
    decimals: int
    table: str = "scores"


class SameAs(NamedTuple):
    """A live figure: the one of the unit in a ``column`` of another ``table``."""

    column: str
    table: str


Live = (
    SumOf
    | RankOf
    | FromMean
    | DifferenceOf
    | ScaledTo
    | WeightedSum
    | OfRank
    | ShareOf
    | BandOf
    | TiedIn
    | SameAs
)
"""The figures that a cell follows from, when somebody changes a score in a workbook."""


FigureNames = Callable[[Section], tuple[str, ...]]
"""Gives the names of the figures that stand directly in a section."""


FindNotApplicable = Callable[[Section], NotApplicable | None]
"""Gives the figures of a section that may say that they do not apply."""


def _find_none(_: Section) -> None:
    """Find no such figures: for tables with points in place of words, or without formulas."""


def sum_of_section(
    section: Section,
    names: FigureNames,
    decimals: int,
    table: str = "",
    find_not_applicable: FindNotApplicable = _find_none,
) -> SumOf:
    """The sum of a section, as far as it is a pool or capped with its bounds."""
    inside = sum_of_sections(section.sections, names, decimals, table, find_not_applicable)
    columns, bound = names(section) + inside.columns, bound_of(section)
    return inside._replace(
        columns=columns, bound=bound, not_applicable=find_not_applicable(section)
    )


def sum_of_sections(
    sections: Iterable[Section],
    names: FigureNames,
    decimals: int,
    table: str = "",
    find_not_applicable: FindNotApplicable = _find_none,
) -> SumOf:
    """The sum of some sections; those that are more than a sum stay together as parts of it."""
    columns: tuple[str, ...] = ()
    parts: tuple[SumOf, ...] = ()
    for section in sections:
        inner = sum_of_section(section, names, decimals, table, find_not_applicable)
        stays = inner.bound or inner.not_applicable
        columns += () if stays else inner.columns
        parts += (inner,) if stays else inner.parts
    return SumOf(columns, decimals, table, parts)


def sum_of_total(rubric: Ranked, base: SumOf) -> SumOf:
    """The published total: the base, and where the rubric has adjustments, with these."""
    if rubric.adjustments is None:
        return base
    ways = [way for way, _ in rubric.adjustments.lists()]
    plus = tuple(way for way in ways if way == "bonus")
    minus = tuple(way for way in ways if way == "penalty")
    return base._replace(plus=plus, minus=minus, bound=NOT_BELOW_ZERO)
