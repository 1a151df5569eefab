"""Sections and items of a rubric as columns."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Section, exactly, same_name_key
from epa_score.reports.sums import FigureNames, sum_of_section
from epa_score.reports.table import Cell, Column, SumOf, decimals_of
from epa_score.scoring import Result


class ItemColumn(NamedTuple):
    """The column of an item in one section; ``cap`` is ``None`` where units differ in it."""

    name: str
    section: Section
    item: str
    cap: Decimal | None

    def group(self, words: Words) -> str:
        """The title over the columns of its section."""
        return words("report.capped", title=self.section.title, cap=plain(self.section.max))


def item_columns(rubric: Rubric) -> tuple[ItemColumn, ...]:
    """A column for every item in the rubric's order.

    Units may have items of one id in different sections: those have columns of their own.
    """
    found: dict[tuple[str, str], set[Decimal]] = {}
    for section in rubric.all_sections:
        for item in all_items(section):
            found.setdefault((section.id, item.id), set()).add(item.max)
    sections = {section.id: section for section in rubric.all_sections}
    ids = [item_id for _, item_id in found]
    columns = []
    for (section_id, item_id), caps in found.items():
        name = item_id if ids.count(item_id) == 1 else f"{section_id}.{item_id}"
        cap = caps.pop() if len(caps) == 1 else None
        columns.append(ItemColumn(f"items.{name}", sections[section_id], item_id, cap))
    return tuple(columns)


def all_items(section: Section) -> list[Item]:
    """The items that stand in this very section, of all units."""
    return [*section.items, *(item for own in section.per_unit for item in own.items)]


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
        yield [or_blank(cell) for cell in cells] if result.inapplicable else cells


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


def or_blank(points: Cell) -> Cell:
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


def item_names(rubric: Rubric) -> FigureNames:
    """Gives the names of the columns of the items that stand directly in a section."""
    found: dict[str, tuple[str, ...]] = {}
    for one in item_columns(rubric):
        found[one.section.id] = (*found.get(one.section.id, ()), one.name)
    return lambda section: found.get(section.id, ())
