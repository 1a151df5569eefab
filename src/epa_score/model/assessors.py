"""Assessors with items of their own: the part of a rubric that is one's, and sheets joined."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from epa_score.model.sheet import ScoreSheet
from epa_score.values.names import same_name_key

if TYPE_CHECKING:
    from epa_score.model.rubric import Rubric, Section, UnitItems
    from epa_score.model.rubric_options import Adjustments, Assessor


def ids_inside(rubric: "Rubric") -> dict[str, tuple[str, ...]]:
    """What the ids stand for that an assessor may be given, each with its items.

    Those are the ids of sections, items, adjustments and vetoes, the latter for themselves. A veto
    that follows from points is nobody's: it follows from all of them.
    """
    found: dict[str, tuple[str, ...]] = {}
    for section in rubric.all_sections:
        found[section.id] = tuple(dict.fromkeys(_items_inside(section)))
    alone = [item for ids in found.values() for item in ids]
    alone += [item.id for item in rubric.adjustments.each] if rubric.adjustments else []
    alone += [veto.id for veto in rubric.fact_vetoes]
    return {item: (item,) for item in alone} | found


def _items_inside(section: "Section") -> Iterator[str]:
    """The ids of the items in a section at any depth, of all units."""
    yield from (item.id for item in section.all_items)
    for inner in section.sections:
        yield from _items_inside(inner)


def find_assessors_by_item(rubric: "Rubric") -> dict[str, str]:
    """The names of the assessors by the items, adjustments and vetoes that are theirs."""
    inside = ids_inside(rubric)
    owners: dict[str, str] = {}
    for assessor in rubric.assessors:
        for given in assessor.items:
            for item in inside.get(given, ()):
                owners.setdefault(item, assessor.name)
    return owners


def part_of(rubric: "Rubric", assessor: "Assessor") -> "Rubric":
    """The rubric with the items of one assessor alone, for sheets and forms.

    Where sections have fewer items than they had, full marks are those of the items that are left.
    """
    own = {item for item, name in rubric.assessors_by_item.items() if name == assessor.name}
    parts = (_part_of_section(section, own) for section in rubric.sections)
    sections = tuple(section for section in parts if section is not None)
    mismatch = rubric.accept_mismatch
    return rubric.model_copy(
        update={
            "sections": sections,
            "units": rubric.known_units,
            "adjustments": _part_of_adjustments(rubric.adjustments, own),
            "veto": tuple(veto for veto in rubric.veto if veto.id in own),
            "accept_mismatch": mismatch if sections == rubric.sections else assessor.name,
            "assessors": (assessor,),
        }
    )


def _part_of_section(section: "Section", own: set[str]) -> "Section | None":
    items = tuple(item for item in section.items if item.id in own)
    duties = tuple(_part_of_duty(duty, own) for duty in section.per_unit)
    inner = (_part_of_section(child, own) for child in section.sections)
    sections = tuple(child for child in inner if child is not None)
    if not (items or sections or any(duty.all_items for duty in duties)):
        return None
    return section.model_copy(update={"items": items, "per_unit": duties, "sections": sections})


def _part_of_duty(duty: "UnitItems", own: set[str]) -> "UnitItems":
    items = tuple(item for item in duty.items if item.id in own)
    parts = (_part_of_section(part, own) for part in duty.sections)
    return duty.model_copy(
        update={"items": items, "sections": tuple(part for part in parts if part is not None)}
    )


def _part_of_adjustments(whole: "Adjustments | None", own: set[str]) -> "Adjustments | None":
    update: dict[str, Any] = {}
    for way, adjustments in whole.lists() if whole is not None else ():
        items = tuple(item for item in adjustments.items if item.id in own)
        update[way] = adjustments.model_copy(update={"items": items}) if items else None
    if whole is None or not any(update.values()):
        return None
    return whole.model_copy(update=update)


class JoinedSheet(ScoreSheet):
    """The sheets of one unit by several assessors, each of whom scored items of their own."""

    sheets: tuple[ScoreSheet, ...]
    """The sheets that it is made of, in the order of the rubric's assessors."""


def join_sheets(rubric: "Rubric", sheets: Sequence[ScoreSheet]) -> JoinedSheet:
    """The sheets of a unit as one, whose order does not matter.

    Raises `ValueError` for sheets of several units or periods, of nobody who has items, and for
    two of one assessor.
    """
    by_assessor = {same_name_key(sheet.assessor or ""): sheet for sheet in sheets}
    whose = {(same_name_key(sheet.unit), sheet.period) for sheet in sheets}
    order = [same_name_key(assessor.name) for assessor in rubric.assessors]
    if len(whose) != 1 or len(by_assessor) < len(sheets) or not by_assessor.keys() <= {*order}:
        message = f"rubric {rubric.id!r}: not the sheets of its assessors for one unit"
        raise ValueError(message)
    ordered = [by_assessor[key] for key in order if key in by_assessor]
    return JoinedSheet(
        rubric=rubric.id,
        unit=sheets[0].unit,
        period=sheets[0].period,
        scores=dict(_given(sheet.scores for sheet in ordered)),
        adjustments=dict(_given(sheet.adjustments for sheet in ordered)),
        veto=dict(_given(sheet.veto for sheet in ordered)),
        sheets=tuple(ordered),
    )


def _given(parts: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """What stands in any of the sheets; nobody fills in what is somebody else's."""
    for part in parts:
        yield from ((name, given) for name, given in part.items() if given is not None)
