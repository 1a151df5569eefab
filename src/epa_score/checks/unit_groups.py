"""Groups of units in a rubric: each unit is in one of them, and in none twice."""

from collections.abc import Iterator

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import first_known
from epa_score.diagnostics.nearest import NameIndex
from epa_score.model import Rubric, same_name_key


def groups_are_several(rubric: Rubric) -> Iterator[Finding]:
    """Units are ranked in two groups at least, each with a name of its own and some units.

    They stand in the rubric, or in the roster that it names for it.
    """
    if rubric.groups and rubric.grouped_by is not None:
        yield Finding(Kind.GROUPED_TWICE, Place(("grouped_by",), "key"))
    if len(rubric.groups) == 1:
        place = Place(("groups",), "key")
        yield Finding(Kind.GROUP_ALONE, place, {"name": rubric.groups[0][0]})
    seen: dict[str, str] = {}
    for name, units in rubric.groups:
        place = Place(("groups", name), "key")
        other = seen.setdefault(same_name_key(name), name)
        if other != name:
            yield Finding(Kind.GROUP_NAMED_TWICE, place, {"name": name, "other": other})
        if not units:
            yield Finding(Kind.GROUP_EMPTY, place, {"name": name})


def units_are_in_one_group(rubric: Rubric) -> Iterator[Finding]:
    """No unit stands in two groups, or twice in one."""
    seen: dict[str, str] = {}
    for name, units in rubric.groups:
        for index, unit in enumerate(units):
            first = seen.get(same_name_key(unit))
            if first is not None:
                about: dict[str, Parameter] = {"unit": unit, "name": name, "other": first}
                place = Place(("groups", name, index))
                variant = "" if first != name else "twice"
                yield Finding(Kind.UNIT_IN_TWO_GROUPS, place, about, variant)
            seen.setdefault(same_name_key(unit), name)


def groups_hold_the_units(rubric: Rubric) -> Iterator[Finding]:
    """The units that the rubric lists are those of the groups.

    Where it lists none, those of the groups are the units that may be scored.
    """
    listed = rubric.units or rubric.duty_units
    if not rubric.groups or not listed:
        return
    known = {same_name_key(unit): unit for unit in listed}
    grouped = {same_name_key(unit): unit for unit in rubric.grouped_units}
    without = [unit for key, unit in known.items() if key not in grouped]
    strangers = NameIndex(unit for key, unit in grouped.items() if key not in known)
    missing = NameIndex(without)
    for name, units in rubric.groups:
        for index, unit in enumerate(units):
            if same_name_key(unit) not in known:
                alike = missing.nearest(unit)
                about: dict[str, Parameter] = {"unit": unit, "name": name, "nearest": alike or ""}
                place = Place(("groups", name, index))
                variant = "nearest" if alike else ""
                yield Finding(Kind.GROUP_OF_STRANGER, place, about | first_known(listed), variant)
    for unit in without:
        if not strangers.nearest(unit):
            about = {"unit": unit, "groups": tuple(name for name, _ in rubric.groups)}
            yield Finding(Kind.UNIT_WITHOUT_GROUP, Place(("groups",), "key"), about)
