"""Assessors with items of their own: who has which, whose a sheet is, and what is owed by whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from epa_score.checks.rubric import all_items, sections_of
from epa_score.checks.several_sheets import SheetKey
from epa_score.checks.sheet import ranges
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import FileFinding
from epa_score.diagnostics.nearest import nearest
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.model.assessors import ids_inside

_ASSESSORS = "assessors"


def assessors_share_items(rubric: Rubric) -> Iterator[Finding]:
    """Every item, adjustment and veto is one assessor's, and every assessor has a name."""
    if not rubric.assessors:
        return
    conflicts = {"panel": rubric.panel is not None}
    conflicts["rescale_total"] = "rescale_total" in rubric.treatments and len(rubric.assessors) > 1
    for other in (name for name, is_there in conflicts.items() if is_there):
        about: dict[str, Parameter] = {"name": _ASSESSORS, "other": other}
        variant = other if other == "rescale_total" else ""
        yield Finding(Kind.OPTIONS_CONFLICT, Place((_ASSESSORS,), "key"), about, variant)
    inside = ids_inside(rubric)
    first: dict[str, str] = {}
    names: set[str] = set()
    for number, assessor in enumerate(rubric.assessors):
        place = (_ASSESSORS, number)
        if same_name_key(assessor.name) in names:
            about = {"name": assessor.name}
            yield Finding(Kind.ASSESSOR_NAMED_TWICE, Place((*place, "name")), about)
        names.add(same_name_key(assessor.name))
        if not assessor.items:
            about = {"field": "items"}
            yield Finding(Kind.EMPTY_FIELD, Place((*place, "items"), "key"), about)
        yield from _items_are_free(rubric, number, inside, first)
    given = [item for assessor in rubric.assessors for item in assessor.items]
    if any(item not in inside for item in given):  # which stands for what nobody else has
        return
    left = tuple(item for item in _all_ids(rubric) if item not in first)
    if left:
        about = {"items": ranges(left), "first": left[0]}
        yield Finding(Kind.ITEM_WITHOUT_ASSESSOR, Place((_ASSESSORS,), "key"), about)
    else:
        yield from _sections_stay_whole(rubric, inside)


def _items_are_free(
    rubric: Rubric, number: int, inside: Mapping[str, Sequence[str]], first: dict[str, str]
) -> Iterator[Finding]:
    """The items of an assessor are there, and none of those ``first`` given to somebody.

    ``inside`` has what each id stands for.
    """
    assessor = rubric.assessors[number]
    for position, given in enumerate(assessor.items):
        where = Place((_ASSESSORS, number, "items", position))
        if given not in inside:
            yield _unknown_item(rubric, given, inside, where)
        taken = next((item for item in inside.get(given, ()) if item in first), None)
        if taken is not None:
            about: dict[str, Parameter] = {
                "item": taken,
                "first": first[taken],
                "second": assessor.name,
            }
            variant = "own" if first[taken] == assessor.name else ""
            yield Finding(Kind.ASSESSORS_SHARE_ITEM, where, about, variant)
        for item in inside.get(given, ()):
            first.setdefault(item, assessor.name)


def _all_ids(rubric: Rubric) -> Iterator[str]:
    found = [item.id for _, item in all_items(rubric)]
    found += [item.id for item in rubric.adjustments.each] if rubric.adjustments else []
    yield from dict.fromkeys([*found, *(veto.id for veto in rubric.fact_vetoes)])


def _unknown_item(rubric: Rubric, given: str, ids: Iterable[str], where: Place) -> Finding:
    alike = nearest(given, ids)
    sections = (section.id for section in rubric.all_sections)
    known = (*sections, *ranges(_all_ids(rubric)))
    about: dict[str, Parameter] = {"item": given, "nearest": alike or "", "known": known}
    return Finding(Kind.ASSESSOR_ITEM_UNKNOWN, where, about, "nearest" if alike else "")


def _sections_stay_whole(rubric: Rubric, inside: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """A section whose items only count together is one assessor's, so that a form adds it up."""
    for keys, section in sections_of(rubric):
        owners = dict.fromkeys(rubric.assessors_by_item[item] for item in inside[section.id])
        scaled = any(item.not_applicable == "rescale" for item in section.all_items)
        if len(owners) > 1 and (section.pool or scaled):
            about: dict[str, Parameter] = {"section": section.id, "assessors": tuple(owners)}
            variant = "" if section.pool else "rescale"
            yield Finding(Kind.SECTION_OF_SEVERAL, Place((*keys, "id")), about, variant)


def sheet_is_of_an_assessor(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """A sheet of nobody whom the rubric knows says whose it is: that is missing, or misspelt."""
    names = tuple(assessor.name for assessor in rubric.assessors)
    if sheet.assessor is None:
        about: dict[str, Parameter] = {"unit": sheet.unit, "known": names, "first": names[0]}
        place = Place(("assessor",), "key")
        yield Finding(Kind.ASSESSOR_NOT_KNOWN, place, about, "missing")
    else:
        alike = nearest(sheet.assessor, names)
        about = {"assessor": sheet.assessor, "known": names, "nearest": alike or ""}
        variant = "nearest" if alike else ""
        yield Finding(Kind.ASSESSOR_NOT_KNOWN, Place(("assessor",)), about, variant)


def items_are_of_the_assessor(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Nobody scores what somebody else is to score; an empty line is no score."""
    own = same_name_key(sheet.assessor or "")
    parts = (("scores", sheet.scores), ("adjustments", sheet.adjustments), ("veto", sheet.veto))
    for field, given in parts:
        for name, value in given.items():
            owner = rubric.assessors_by_item.get(name)
            if owner is not None and same_name_key(owner) != own and value not in (None, ()):
                about: dict[str, Parameter] = {
                    "item": name,
                    "owner": owner,
                    "assessor": sheet.assessor or "",
                }
                yield Finding(Kind.ITEM_OF_OTHER_ASSESSOR, Place((field, name), "key"), about)


def without_items_of_others(sheet: ScoreSheet, rubric: Rubric) -> ScoreSheet:
    """The sheet without what is somebody else's."""
    own = same_name_key(sheet.assessor or "")
    strange = {
        name for name, owner in rubric.assessors_by_item.items() if same_name_key(owner) != own
    }
    fields = ("scores", "adjustments", "veto")
    if strange.isdisjoint(name for field in fields for name in getattr(sheet, field)):
        return sheet
    kept = {
        field: {name: value for name, value in getattr(sheet, field).items() if name not in strange}
        for field in fields
    }
    return sheet.model_copy(update=kept)


class OwedBy(NamedTuple):
    """An assessor who has not handed in a unit's sheet, and the items that are to be on it."""

    assessor: str
    items: tuple[str, ...]


def owed_for(rubric: Rubric, unit: str, handed_in: Iterable[str]) -> list[OwedBy]:
    """Who of the assessors owes a sheet for a unit: all who have an item of it.

    So does whoever has an adjustment or a veto. ``handed_in`` are the names of those whose sheets
    are there.
    """
    scope, there = rubric.scope(unit), set(map(same_name_key, handed_in))
    owners = rubric.assessors_by_item
    owed: dict[str, list[str]] = {
        name: [] for item, name in owners.items() if item not in rubric.item_ids
    }
    for item in scope.items if scope is not None else ():
        owed.setdefault(owners[item], []).append(item)
    return [
        OwedBy(assessor.name, tuple(owed[assessor.name]))
        for assessor in rubric.assessors
        if assessor.name in owed and same_name_key(assessor.name) not in there
    ]


def every_assessor_has_scored(sheets: Iterable[SheetKey], rubric: Rubric) -> Iterator[FileFinding]:
    """Each assessor who has items of a unit has handed in its sheet; yields the first file."""
    sheets = list(sheets)
    owed = owed_for(rubric, sheets[0].unit, (sheet.assessor for sheet in sheets))
    if owed:
        parameters: dict[str, Parameter] = {
            "unit": sheets[0].unit,
            "assessors": tuple(map(_with_items, owed)),
            "number": len(owed),
        }
        finding = Finding(Kind.SHEETS_OWED, Place(("unit",)), parameters)
        yield FileFinding(sheets[0].place, finding)


def _with_items(owed: OwedBy) -> str:
    return f"{owed.assessor} ({' '.join(ranges(owed.items))})" if owed.items else owed.assessor
