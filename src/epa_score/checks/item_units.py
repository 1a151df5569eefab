"""Items that only some units are scored on: in the rubric, and in the sheets of other units."""

from collections.abc import Iterator

from epa_score.checks.rubric import all_items
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.nearest import NameIndex
from epa_score.model import Rubric, Score, ScoreSheet, same_name_key
from epa_score.model.item_units import items_of_others, reason_of


def units_of_items_are_clear(rubric: Rubric) -> Iterator[Finding]:
    """They are some of the units of the rubric, and it says how the item counts for the others."""
    known = {same_name_key(unit) for unit in rubric.known_units}
    index = NameIndex(rubric.known_units)
    for keys, item in all_items(rubric):
        place = Place((*keys, "units"), "key")
        about: dict[str, Parameter] = {"item": item.id}
        if "units" in item.model_fields_set and not item.units:
            yield Finding(Kind.EMPTY_FIELD, place, {"field": "units"})
        if not item.units:
            continue
        if "per_unit" in keys:
            yield Finding(Kind.ITEM_UNITS, place, about, "own")
        elif item.not_applicable is None:
            yield Finding(Kind.ITEM_UNITS, place, about)
        elif known <= set(map(same_name_key, item.units)) and known:
            yield Finding(Kind.ITEM_UNITS, place, about, "all")
        seen: set[str] = set()
        for number, unit in enumerate(item.units):
            where, key = Place((*keys, "units", number)), same_name_key(unit)
            if key not in known:
                who: dict[str, Parameter] = {"unit": unit, "nearest": index.nearest(unit) or ""}
                yield Finding(Kind.ITEM_UNITS, where, about | who, "unknown")
            elif key in seen:
                yield Finding(Kind.UNIT_LISTED_TWICE, where, {"unit": unit})
            seen.add(key)


def items_are_for_the_unit(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """A sheet says nothing of an item that only other units are scored on."""
    for name, item in items_of_others(sheet, rubric).items():
        if sheet.score(name) != Score(not_applicable=reason_of(item, rubric)):
            about: dict[str, Parameter] = {"item": name, "units": item.units, "unit": sheet.unit}
            yield Finding(Kind.ITEM_OF_OTHER_UNITS, Place(("scores", name), "key"), about)
