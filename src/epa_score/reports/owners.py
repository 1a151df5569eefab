"""责任部门 and 数据来源: who answers for an item and where its figures come from, as texts."""

from collections.abc import Iterable, Iterator

from epa_score.i18n import Words
from epa_score.model import Item, Rubric

FIELDS = ("owner", "source")
"""The fields of an item that count nothing, and are printed where people look for them."""


def fields_in_use(rubric: Rubric) -> tuple[str, ...]:
    """The fields that some item of a rubric has."""
    items = [item for section in rubric.all_sections for item in section.all_items]
    return tuple(name for name in FIELDS if any(getattr(item, name) for item in items))


def owner_text(item: Item, words: Words) -> str:
    """Whatever an item says of these, in brackets; empty where it says nothing."""
    said = [words(f"form.{name}_is", text=text) for name in FIELDS if (text := getattr(item, name))]
    return words("form.beside_item", text=words("working.separator").join(said)) if said else ""


def owner_lines(items: Iterable[Item], words: Words) -> Iterator[str]:
    """A line for each field: what the items say, each text once with the items that have it."""
    listed = list(items)
    for name in FIELDS:
        found: dict[str, dict[str, None]] = {}
        for item in listed:
            text = getattr(item, name)
            if text:
                found.setdefault(text, {})[item.id] = None
        texts = [
            words("form.of_items", text=text, items=words("list.separator").join(ids))
            for text, ids in found.items()
        ]
        if texts:
            yield words(f"form.{name}_is", text=words("working.separator").join(texts))
