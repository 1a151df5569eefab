"""A rubric by itself: ids, caps, sums, and the parts that these are checks of."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key, first_known
from epa_score.diagnostics.nearest import NameIndex
from epa_score.model import Item, Rubric, Section, same_name_key
from epa_score.model.ranked import Ranked
from epa_score.model.rubric import UnitItems


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
    duties: Iterable[int] = range(len(section.per_unit))
    if unit_key is not None:
        duties = [section.duties[unit_key]] if unit_key in section.duties else []
    for entry in duties:
        own = (*keys, "per_unit", entry)
        for index, item in enumerate(section.per_unit[entry].items):
            yield (*own, "items", index), item
        for part_keys, part in _below(own, section.per_unit[entry].sections):
            for index, item in enumerate(part.items):
                yield (*part_keys, "items", index), item


def parts_of_duties(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], UnitItems, Section]]:
    """The titled parts of own items with the keys that lead to them, and the entry they are in."""
    for keys, section in sections_of(rubric):
        for entry, duty in enumerate(section.per_unit):
            for place, part in _below((*keys, "per_unit", entry), duty.sections):
                yield place, duty, part


def all_items(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Item]]:
    """Every item of every unit."""
    for keys, section in sections_of(rubric):
        yield from items_of(keys, section)


ITEM_ID = re.compile(r"[A-Z][0-9]{1,3}")
"""The form of the id of an item."""

_RUBRIC_ID = re.compile(r"[a-z0-9_-]+")


def rubric_id_is_a_name(rubric: Rubric) -> Iterator[Finding]:
    """The id is a name that ``--rubric`` can find."""
    if not _RUBRIC_ID.fullmatch(rubric.id):
        yield Finding(Kind.RUBRIC_ID_FORM, Place(("id",)), {"rubric": rubric.id})


def sections_hold_one_kind(rubric: Rubric) -> Iterator[Finding]:
    """A section holds either items, or sections, or items per unit."""
    for keys, section in sections_of(rubric):
        held = [name for name in ("items", "sections", "per_unit") if getattr(section, name)]
        if len(held) != 1:
            yield Finding(
                Kind.SECTION_CONTENT,
                Place((*keys, "id")),
                {"section": section.id, "held": tuple(held)},
                "several" if held else "",
            )


def caps_are_positive(rubric: Rubric) -> Iterator[Finding]:
    """Nothing is worth 0 points, and the step is not 0."""
    amounts: list[tuple[tuple[Key, ...], Decimal | None]] = [
        (("total",), rubric.total),
        (("step",), rubric.step),
    ]
    amounts += [((*keys, "max"), section.max) for keys, section in sections_of(rubric)]
    amounts += [((*keys, "max"), part.max) for keys, _, part in parts_of_duties(rubric)]
    amounts += [((*keys, "max"), item.max) for keys, item in all_items(rubric)]
    for place, amount in amounts:
        if amount == 0:
            yield Finding(Kind.CAP_NOT_POSITIVE, Place(place), {"field": str(place[-1])})


def caps_are_reachable(rubric: Rubric) -> Iterator[Finding]:
    """The step has no more decimals than scores may, and full marks are a possible score."""
    if rubric.step is not None and rubric.step % rubric.last_decimal:
        parameters: dict[str, Parameter] = {"step": rubric.step, "decimals": rubric.decimals}
        yield Finding(Kind.STEP_TOO_FINE, Place(("step",)), parameters)
        return
    for keys, item in all_items(rubric):
        if item.max % rubric.grain:
            parameters = {"item": item.id, "cap": item.max, "step": rubric.grain}
            yield Finding(Kind.CAP_OFF_STEP, Place((*keys, "max")), parameters)


def item_ids_have_the_form(rubric: Rubric) -> Iterator[Finding]:
    """An item id is a capital letter and one to three digits."""
    taken = {item.id for _, item in all_items(rubric)}
    for keys, item in all_items(rubric):
        if not ITEM_ID.fullmatch(item.id):
            letter = _letter_of(rubric.sections[int(keys[1])], int(keys[1]))
            yield bad_id((*keys, "id"), item.id, letter, taken)


def _letter_of(section: Section, index: int) -> str:
    """The letter of the ids of a section: its own where it is one, else by its place."""
    return section.id if re.fullmatch("[A-Z]", section.id) else chr(ord("A") + index % 26)


def bad_id(keys: tuple[Key, ...], written: str, letter: str, taken: set[str]) -> Finding:
    """The finding about an id of another form, with the nearest good one, which is ``taken`` then.

    That is the same with its signs put right, else the first free number of a ``letter``.
    """
    meant = re.sub("[^A-Z0-9]", "", unicodedata.normalize("NFKC", written).upper())
    meant = meant[:1] + meant[1:].replace("O", "0")
    free = (f"{letter}{number}" for number in range(1, 1000) if f"{letter}{number}" not in taken)
    good = meant if ITEM_ID.fullmatch(meant) and meant not in taken else next(free, f"{letter}1")
    taken.add(good)
    return Finding(Kind.ITEM_ID_FORM, Place(keys), {"item": written, "nearest": good})


def item_ids_are_unique(rubric: Rubric) -> Iterator[Finding]:
    """No unit has two items of one id."""
    repeated: dict[tuple[Key, ...], str] = {}
    for unit in rubric.known_units or ("",):
        seen: set[str] = set()
        for keys, section in sections_of(rubric):
            for place, item in items_of(keys, section, same_name_key(unit)):
                if item.id in seen:
                    repeated[place] = item.id
                seen.add(item.id)
    for place, item_id in repeated.items():
        yield Finding(Kind.DUPLICATE_ITEM, Place((*place, "id")), {"item": item_id})


def duties_hold_one_kind(rubric: Rubric) -> Iterator[Finding]:
    """An entry of ``per_unit`` has items or titled parts."""
    for keys, section in sections_of(rubric):
        for index, duty in enumerate(section.per_unit):
            where = (*keys, "per_unit", index)
            if not duty.model_fields_set & {"items", "sections"}:
                yield Finding(Kind.MISSING_FIELD, Place(where, "key"), {"field": "items"})
            if duty.items and duty.sections:
                place = Place((*where, "sections"), "key")
                yield Finding(Kind.DUTY_PART, place, {"name": section.id}, "both")


def parts_of_duties_are_plain(rubric: Rubric) -> Iterator[Finding]:
    """A titled part of own items has nothing but these, and they add up to its points."""
    for keys, _, part in parts_of_duties(rubric):
        about: dict[str, Parameter] = {"name": part.id}
        for field in sorted(part.model_fields_set - _PLAIN_PART):
            place = Place((*keys, field), "key")
            yield Finding(Kind.DUTY_PART, place, about | {"field": field})
        if not part.items and not part.sections:
            nothing: dict[str, Parameter] = {"section": part.id, "held": ()}
            yield Finding(Kind.SECTION_CONTENT, Place((*keys, "id")), nothing)
        elif part.items:
            caps = [item.max for item in part.items]
            yield from _sum((*keys, "max"), f"{part.id} {part.title}", part.max, caps)
        for index, item in enumerate(part.items):
            if item.not_applicable == "rescale":
                place = Place((*keys, "items", index, "not_applicable"))
                yield Finding(Kind.DUTY_PART, place, {"name": item.id}, "rescale")


_PLAIN_PART = frozenset({"id", "title", "max", "items"})
"""The fields of a titled part of own items: it is a subtotal, and changes no points."""


def section_ids_are_unique(rubric: Rubric) -> Iterator[Finding]:
    """No two sections have one id, not even in another case, and no part has that of a section.

    Parts of different units may have one id, as their items may.
    """
    common = {section.id.casefold() for _, section in sections_of(rubric)}
    taken: set[tuple[str, str]] = set()
    for keys, duty, part in parts_of_duties(rubric):
        own = {(same_name_key(unit), part.id.casefold()) for unit in duty.units}
        if part.id.casefold() in common or taken & own:
            yield Finding(Kind.DUPLICATE_SECTION, Place((*keys, "id")), {"section": part.id})
        taken |= own
    seen: set[str] = set()
    for keys, section in sections_of(rubric):
        if section.id.casefold() in seen:
            place = Place((*keys, "id"))
            yield Finding(Kind.DUPLICATE_SECTION, place, {"section": section.id})
        seen.add(section.id.casefold())


def tie_break_names_sections(rubric: Ranked) -> Iterator[Finding]:
    """Ties are broken by sections of this rubric."""
    ids = tuple(section.id for section in rubric.all_sections)
    known = dict.fromkeys(ids)
    sections = None if known.keys() >= {*rubric.tie_break} else NameIndex(ids)
    seen: set[str] = set()
    for index, name in enumerate(rubric.tie_break):
        if name in seen:
            again: dict[str, Parameter] = {"section": name}
            yield Finding(Kind.UNKNOWN_SECTION, Place(("tie_break", index)), again, "twice")
        elif name not in known:
            alike = sections and sections.nearest(name)
            yield Finding(
                Kind.UNKNOWN_SECTION,
                Place(("tie_break", index)),
                {"section": name, "nearest": alike or "", **first_known(ids)},
                "nearest" if alike else "",
            )
        seen.add(name)


def units_are_listed_once(rubric: Rubric) -> Iterator[Finding]:
    """No list of units names one unit twice."""
    lists: list[tuple[tuple[Key, ...], tuple[str, ...]]] = [(("units",), rubric.units)]
    yield from _repeated_units(lists)
    for keys, section in sections_of(rubric):
        yield from _repeated_units(
            [
                ((*keys, "per_unit", index, "units"), duty.units)
                for index, duty in enumerate(section.per_unit)
            ]
        )


def _repeated_units(lists: Iterable[tuple[tuple[Key, ...], tuple[str, ...]]]) -> Iterator[Finding]:
    named = [((*keys, index), unit) for keys, units in lists for index, unit in enumerate(units)]
    seen: set[str] = set()
    for place, unit in named:
        if same_name_key(unit) in seen:
            yield Finding(Kind.UNIT_LISTED_TWICE, Place(place), {"unit": unit})
        seen.add(same_name_key(unit))


def every_unit_has_items(rubric: Rubric) -> Iterator[Finding]:
    """A section with items per unit has some for every unit, and for no stranger."""
    roster = {same_name_key(unit): unit for unit in (*rubric.units, *rubric.duty_units)}
    for keys, section in sections_of(rubric):
        if not section.per_unit:
            continue
        listed = {same_name_key(unit) for duty in section.per_unit for unit in duty.units}
        for index, duty in enumerate(section.per_unit):
            if not duty.units:
                where = Place((*keys, "per_unit", index, "units"), "key")
                yield Finding(Kind.EMPTY_FIELD, where, {"field": "units"})
        without = tuple(unit for key, unit in roster.items() if key not in listed)
        empty = tuple(unit for duty in section.per_unit if _is_empty(duty) for unit in duty.units)
        if without or empty:
            place = Place((*keys, "per_unit"), "key")
            parameters: dict[str, Parameter] = {"section": section.id, "units": without + empty}
            yield Finding(Kind.UNIT_WITHOUT_ITEMS, place, parameters)
    if rubric.units:
        listed = {same_name_key(unit) for unit in rubric.units}
        strangers = tuple(u for u in rubric.duty_units if same_name_key(u) not in listed)
        if strangers:
            place = Place(("units",), "key")
            yield Finding(Kind.UNIT_WITHOUT_ITEMS, place, {"units": strangers}, "roster")


def _is_empty(duty: UnitItems) -> bool:
    """True for an entry with a list that holds nothing; where neither is there, that is said."""
    return not (duty.items or duty.sections) and bool(duty.model_fields_set - {"units"})


def maxima_add_up(rubric: Rubric) -> Iterator[Finding]:
    """The points of the parts are those of the whole (the published rubric's brackets).

    A capped section has less than its parts; what the items of a pool take off the section's points
    is limited by their own where it says ``pool: items``. A mismatch that the rubric accepts is
    none, and there is one wherever it accepts one.
    """
    parts = [section.max for section in rubric.sections]
    found = list(_sum(("total",), rubric.title, rubric.total, parts))
    yield from _unless_accepted((), rubric.title, rubric.accept_mismatch, found)
    for keys, section in sections_of(rubric):
        found = list(_sums_of(keys, section))
        bounded = section.pool not in (None, "section") or section.capped
        why = None if bounded else section.accept_mismatch
        yield from _unless_accepted(keys, section.title, why, found)
        if bounded and section.accept_mismatch is not None:
            where = Place((*keys, "accept_mismatch"), "key")
            yield Finding(Kind.NO_MISMATCH, where, {"name": section.title}, "bounded")


def _unless_accepted(
    keys: tuple[Key, ...], name: str, why: str | None, found: list[Finding]
) -> list[Finding]:
    """The mismatches that were found, unless they are accepted; or that there is none to accept."""
    if why is None:
        return found
    place = Place((*keys, "accept_mismatch"))
    return [] if found else [Finding(Kind.NO_MISMATCH, place, {"name": name})]


def _sums_of(keys: tuple[Key, ...], section: Section) -> Iterator[Finding]:
    """The sums in one section that do not come to its points."""
    if section.pool in (None, "section"):
        name, place = f"{section.id} {section.title}", (*keys, "max")
        capped = section.capped
        if section.items:
            parts = [item.max for item in section.items]
            yield from _sum(place, name, section.max, parts, capped=capped)
        if section.sections:
            parts = [child.max for child in section.sections]
            yield from _sum(place, name, section.max, parts, capped=capped)
        for index, duty in enumerate(section.per_unit):
            entry = f"{name} ({duty.units[0] if duty.units else index + 1})"
            for field, held in (("items", duty.items), ("sections", duty.sections)):
                if held:
                    where = (*keys, "per_unit", index, field)
                    yield from _sum(where, entry, section.max, [p.max for p in held], capped=capped)


def _sum(
    place: tuple[Key, ...],
    name: str,
    whole: Decimal,
    parts: list[Decimal],
    *,
    capped: bool = False,
) -> Iterator[Finding]:
    added = sum(parts, Decimal(0))
    if added <= whole if capped else added != whole:
        parameters: dict[str, Parameter] = {"name": name, "stated": whole, "added": added}
        yield Finding(Kind.SUM_MISMATCH, Place(place), parameters, "capped" if capped else "")
