"""The parts of a rubric with the keys that lead to them, in the order of the file."""

from collections.abc import Iterable, Iterator

from epa_score.diagnostics.place import Key
from epa_score.model import Item, Rubric, Section, same_name_key


def sections_of(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Section]]:
    """Every section with the keys that lead to it, in the order of the file."""
    return _below((), rubric.sections)


def _below(
    keys: tuple[Key, ...], sections: Iterable[Section]
) -> Iterator[tuple[tuple[Key, ...], Section]]:
    for index, section in enumerate(sections):
        own = (*keys, "sections", index)
        yield own, section
        yield from _below(own, section.sections)


def items_of(
    keys: tuple[Key, ...], section: Section, unit_key: str | None = None
) -> Iterator[tuple[tuple[Key, ...], Item]]:
    """The items of one section with the keys that lead to them: of one unit, else of all."""
    for index, item in enumerate(section.items):
        yield (*keys, "items", index), item
    for entry, own in enumerate(section.per_unit):
        if unit_key is None or unit_key in map(same_name_key, own.units):
            for index, item in enumerate(own.items):
                yield (*keys, "per_unit", entry, "items", index), item
            if unit_key is not None:
                break


def all_items(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Item]]:
    """Every item of every unit."""
    for keys, section in sections_of(rubric):
        yield from items_of(keys, section)
