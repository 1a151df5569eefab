"""The sections of a rubric as columns."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from epa_score.i18n import Words, plain
from epa_score.model import Rubric, Section, exactly, same_name_key
from epa_score.reports.items import item_columns
from epa_score.reports.sums import Names, sum_of_section
from epa_score.reports.table import Cell, Column, SumOf, decimals_of
from epa_score.scoring import Result


def sections_in_print_order(sections: Iterable[Section]) -> list[Section]:
    """Every section, the parts before the whole that they add up to."""
    return [
        one for section in sections for one in (*sections_in_print_order(section.sections), section)
    ]


def section_columns(
    rubric: Rubric, results: Sequence[Result], words: Words, *, live: bool = False
) -> list[Column]:
    """A column for each section, with its points in the title."""
    return [
        Column(
            f"sections.{section.id}",
            words("report.capped", title=section.title, cap=plain(worth(rubric, section))),
            "points",
            decimals_of(_points(results, section.id)),
            priority=4 if section in rubric.sections else 5,
            cap=worth(rubric, section),
            live=_sum(rubric, section) if live else None,
        )
        for section in sections_in_print_order(rubric.sections)
    ]


def section_cells(rubric: Rubric, results: Iterable[Result]) -> Iterator[list[Cell]]:
    """For each result the points of its sections, in the order of `section_columns`."""
    order = [one.id for one in sections_in_print_order(rubric.sections)]
    for result in results:
        points = result.sections
        cells: list[Cell] = [points.get(name) for name in order]
        yield [known(cell) for cell in cells] if result.inapplicable else cells


def total_column(
    rubric: Rubric, results: Sequence[Result], words: Words, live: SumOf | None = None
) -> Column:
    """The column of the totals, which have no cap where there are adjustments."""
    capped = rubric.adjustments is None
    return Column(
        "total",
        words("report.total", cap=plain(worth(rubric))) if capped else words("report.whole"),
        "points",
        decimals_of(one.total for one in results),
        cap=worth(rubric) if capped else None,
        live=live,
    )


def unscored_column(words: Words) -> Column:
    """For programs, how many items of a unit have no points yet: its total is provisional."""
    return Column("unscored", words("report.unscored"), "number", shown=False)


def known(points: Cell) -> Cell:
    """Points, or nothing while they depend on the sheets of other units."""
    return None if isinstance(points, Decimal) and points.is_nan() else points


def worth(rubric: Rubric, section: Section | None = None) -> Decimal:
    """The points of full marks in a section, else in total, as all units have them.

    Where a sum that does not add up was accepted they are the real ones, unless units differ.
    """
    whole, stated = (rubric, rubric.total) if section is None else (section, section.max)
    if not rubric.accepted:
        return stated
    with exactly():
        found = {whole.worth(same_name_key(unit)) for unit in rubric.known_units or ("",)}
    return found.pop() if len(found) == 1 else stated


def _points(results: Sequence[Result], section_id: str) -> Iterable[Decimal]:
    if not results:
        return
    index = results[0].section_ids.index(section_id)
    yield from {one.section_points[index] for one in results}


def _sum(rubric: Rubric, section: Section) -> SumOf:
    return sum_of_section(section, item_names(rubric), rubric.decimals, table="scores")


def item_names(rubric: Rubric) -> Names:
    """Gives the names of the columns of the items that stand directly in a section."""
    found: dict[str, tuple[str, ...]] = {}
    for one in item_columns(rubric):
        found[one.section.id] = (*found.get(one.section.id, ()), one.name)
    return lambda section: found.get(section.id, ())
