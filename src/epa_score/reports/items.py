"""The items of a rubric as columns."""

from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import Words, plain
from epa_score.model import Item, Rubric, Section


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
