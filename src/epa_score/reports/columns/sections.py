"""Sections and items of a rubric as columns."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Section, exactly, same_name_key
from epa_score.model.item_options import TOTAL
from epa_score.model.ranked import Ranked
from epa_score.reports.columns import Field, ResultList, result_field
from epa_score.reports.sums import FigureNames, Live, SumOf, sum_of_section
from epa_score.reports.table import Cell, Column, decimals_of
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
    return [item for item, _ in items_with_units(section)]


def items_with_units(section: Section) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """The same items, each with the only units that it is for; empty where it is for all.

    An item comes once for each entry of ``per_unit`` that has it.
    """
    yield from ((item, item.units) for item in section.items)
    yield from ((item, own.units) for own in section.per_unit for item in own.all_items)


def sections_in_print_order(sections: Iterable[Section]) -> list[Section]:
    """Every section, the parts before the whole that they add up to."""
    ordered: list[Section] = []
    for section in sections:
        ordered += [*sections_in_print_order(section.sections), section]
    return ordered


def fields(listed: ResultList[Rubric]) -> Iterator[Field]:
    """The points of each section, its cap in the title; those of a ranking follow formulas."""
    rubric, words = listed.rubric, listed.words
    for section in sections_in_print_order(rubric.sections):
        place, cap = _section_index(section, listed.results), full_marks(rubric, section)
        still = listed.ranking is None or section.id in rubric.may_be_zeroed
        column = Column(
            f"sections.{section.id}",
            words("report.capped", title=section.title, cap=plain(cap)),
            "points",
            decimals_of({result.section_points[place] for result in listed.results}),
            priority=4 if section in rubric.sections else 5,
            cap=cap,
            live=None if still else _section_sum(rubric, section),
            names_unknown=True,
        )
        yield result_field(column, partial(_points_of_section, place))


def _section_index(section: Section, results: Sequence[Result]) -> int:
    """The place of a section among those of each result."""
    return results[0].section_ids.index(section.id) if results else 0


def _points_of_section(place: int, result: Result) -> Cell:
    return or_blank(result.section_points[place])


def total_field(listed: ResultList[Ranked], live: Live | None = None) -> Field:
    """The totals, which have no cap where there are adjustments."""
    rubric, words = listed.rubric, listed.words
    capped = rubric.adjustments is None
    column = Column(
        "total",
        words("report.total", cap=plain(full_marks(rubric))) if capped else words("report.whole"),
        "points",
        decimals_of(result.total for result in listed.results),
        cap=full_marks(rubric) if capped else None,
        live=live,
        is_emphasized=True,
    )
    return result_field(column, lambda result: or_blank(result.total))


def zeroed_columns(rubric: Rubric) -> frozenset[str]:
    """The columns whose figures follow no formula, as a condition may make them 0."""
    names = rubric.may_be_zeroed
    if not names:
        return names
    sections = frozenset(f"sections.{name}" for name in names if name != TOTAL)
    return sections | ({"base", "total"} if sections else {"total"})


def or_blank(points: Cell) -> Cell:
    """Points, or nothing while they depend on the sheets of other units."""
    return None if isinstance(points, Decimal) and points.is_nan() else points


def full_marks(rubric: Ranked, section: Section | None = None) -> Decimal:
    """The points of full marks in a section, else in total, as all units have them.

    Where a sum that does not add up was accepted they are the real ones, unless units differ.
    """
    stated = rubric.total if section is None else section.max
    if not isinstance(rubric, Rubric) or not rubric.accepted:
        return stated
    whole = rubric if section is None else section
    with exactly():
        found = {whole.worth(same_name_key(unit)) for unit in rubric.known_units or ("",)}
    return found.pop() if len(found) == 1 else stated


def _section_sum(rubric: Rubric, section: Section) -> SumOf:
    return sum_of_section(section, item_column_names(rubric), rubric.decimals, table="scores")


def item_column_names(rubric: Rubric) -> FigureNames:
    """Gives the names of the columns of the items that stand directly in a section."""
    found: dict[str, tuple[str, ...]] = {}
    for column in item_columns(rubric):
        found[column.section.id] = (*found.get(column.section.id, ()), column.name)
    return lambda section: found.get(section.id, ())
