"""What adds up to a section, for formulas that follow when somebody changes a score."""

from collections.abc import Callable, Iterable

from epa_score.model import Rubric, Section
from epa_score.reports.table import NotApplicable, SumOf
from epa_score.scoring.adjustments import NOT_BELOW_ZERO
from epa_score.scoring.points import bound_of

FigureNames = Callable[[Section], tuple[str, ...]]
"""Gives the names of the figures that stand directly in a section."""


FindNotApplicable = Callable[[Section], NotApplicable | None]
"""Gives the figures of a section that may say that they do not apply."""


def _nothing_outside(_: Section) -> None:
    """For tables that have figures in place of such words, or follow no formula."""


def sum_of_section(
    section: Section,
    names: FigureNames,
    decimals: int,
    table: str = "",
    outside: FindNotApplicable = _nothing_outside,
) -> SumOf:
    """The sum of a section, as far as it is a pool or capped with its bounds."""
    inside = sum_of_sections(section.sections, names, decimals, table, outside)
    columns, bound = names(section) + inside.columns, bound_of(section)
    return inside._replace(columns=columns, bound=bound, outside=outside(section))


def sum_of_sections(
    sections: Iterable[Section],
    names: FigureNames,
    decimals: int,
    table: str = "",
    outside: FindNotApplicable = _nothing_outside,
) -> SumOf:
    """The sum of some sections; those that are more than a sum stay together as parts of it."""
    columns: tuple[str, ...] = ()
    parts: tuple[SumOf, ...] = ()
    for section in sections:
        one = sum_of_section(section, names, decimals, table, outside)
        stays = one.bound or one.outside
        columns += () if stays else one.columns
        parts += (one,) if stays else one.parts
    return SumOf(columns, decimals, table, parts)


def sum_of_total(rubric: Rubric, base: SumOf) -> SumOf:
    """The published total: the base, and where the rubric has adjustments, with these."""
    if rubric.adjustments is None:
        return base
    ways = [way for way, _ in rubric.adjustments.lists()]
    plus = tuple(way for way in ways if way == "bonus")
    minus = tuple(way for way in ways if way == "penalty")
    return base._replace(plus=plus, minus=minus, bound=NOT_BELOW_ZERO)
