"""What adds up to a section, for formulas that follow when somebody changes a score."""

from collections.abc import Callable, Iterable

from epa_score.model import Rubric, Section
from epa_score.reports.table import SumOf
from epa_score.scoring.adjusted import NOT_BELOW_ZERO
from epa_score.scoring.sections import bound_of

Names = Callable[[Section], tuple[str, ...]]
"""Gives the names of the figures that stand directly in a section."""


def sum_of_section(section: Section, names: Names, decimals: int, table: str = "") -> SumOf:
    """The sum of a section, as far as it is a pool or capped with its bounds."""
    inside = sum_of_sections(section.sections, names, decimals, table)
    return inside._replace(columns=names(section) + inside.columns, bound=bound_of(section))


def sum_of_sections(
    sections: Iterable[Section], names: Names, decimals: int, table: str = ""
) -> SumOf:
    """The sum of some sections; the bounded ones stay together as parts of it."""
    columns: tuple[str, ...] = ()
    parts: tuple[SumOf, ...] = ()
    for section in sections:
        one = sum_of_section(section, names, decimals, table)
        columns += () if one.bound else one.columns
        parts += (one,) if one.bound else one.parts
    return SumOf(columns, decimals, table, parts)


def sum_of_total(rubric: Rubric, base: SumOf) -> SumOf:
    """The published total: the base, and where the rubric has adjustments, with these."""
    if rubric.adjustments is None:
        return base
    ways = [way for way, _ in rubric.adjustments.lists()]
    plus = tuple(way for way in ways if way == "bonus")
    minus = tuple(way for way in ways if way == "penalty")
    return base._replace(plus=plus, minus=minus, bound=NOT_BELOW_ZERO)
