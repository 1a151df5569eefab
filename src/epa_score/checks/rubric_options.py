"""Adjustments and vetoes: those of a rubric by themselves, and the facts that a sheet gives."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.checks.rubric import ITEM_ID
from epa_score.checks.rubric_parts import all_items
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.nearest import nearest
from epa_score.diagnostics.place import Key
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.model.rubric_options import Adjustment

_FEWEST_BANDS = 2


def adjustments_are_there(rubric: Rubric) -> Iterator[Finding]:
    """Where a rubric speaks of adjustments, or of a way of them, it has some."""
    if rubric.adjustments is None:
        return
    lists = tuple(rubric.adjustments.lists())
    if not lists:
        place = Place(("adjustments",), "key")
        yield Finding(Kind.EMPTY_FIELD, place, {"field": "adjustments"})
    for way, one in lists:
        if not one.items:
            place = Place(("adjustments", way, "items"), "key")
            yield Finding(Kind.EMPTY_FIELD, place, {"field": "items"})


def ids_of_facts_are_their_own(rubric: Rubric) -> Iterator[Finding]:
    """Adjustments and vetoes have ids like items, and none that stands for anything else."""
    taken = {item.id for _, item in all_items(rubric)}
    for keys, fact_id in _ids(rubric):
        place = Place((*keys, "id"))
        if not ITEM_ID.fullmatch(fact_id):
            yield Finding(Kind.ITEM_ID_FORM, place, {"item": fact_id})
        elif fact_id in taken:
            yield Finding(Kind.DUPLICATE_ITEM, place, {"item": fact_id})
        taken.add(fact_id)


def _ids(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], str]]:
    for keys, item in _adjustments(rubric):
        yield keys, item.id
    for index, veto in enumerate(rubric.veto):
        yield ("veto", index), veto.id


def vetoes_have_bands(rubric: Rubric) -> Iterator[Finding]:
    """A veto that is about bands needs at least two of them."""
    for index, veto in enumerate(rubric.veto):
        if veto.effect != "exclude" and len(rubric.bands) < _FEWEST_BANDS:
            place = Place(("veto", index, "effect"))
            about: dict[str, Parameter] = {"name": veto.id, "effect": veto.effect}
            yield Finding(Kind.RULES_CONFLICT, place, about, "veto")


def _adjustments(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Adjustment]]:
    for way, one in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        for index, item in enumerate(one.items):
            yield ("adjustments", way, "items", index), item


def points_of_adjustments_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """They are above 0, multiples of the grain, and no part is above the whole."""
    for place, name, points, (most, whose) in _stated(rubric):
        about: dict[str, Parameter] = {"name": name, "points": points}
        if not points:
            field = str(place[-1])
            yield Finding(Kind.CAP_NOT_POSITIVE, Place(place), {"field": field})
        elif most is not None and points > most:
            yield Finding(Kind.RULE_POINTS_OVER_CAP, Place(place), about | {"cap": most}, whose)
        elif points % rubric.grain:
            yield Finding(Kind.RULE_POINTS_OFF_STEP, Place(place), about | {"step": rubric.grain})


def _stated(
    rubric: Rubric,
) -> Iterator[tuple[tuple[Key, ...], str, Decimal, tuple[Decimal | None, str]]]:
    """Where points are stated, of what, how many, and how many there may be by whose limit."""
    for way, one in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        keys = ("adjustments", way)
        if one.max is not None:
            yield (*keys, "max"), way, one.max, (None, "")
        for index, item in enumerate(one.items):
            at = (*keys, "items", index)
            of_all, own = (one.max, "list"), (item.max, "own")
            yield (*at, "each"), item.id, item.each, of_all if item.max is None else own
            if item.max is not None:
                yield (*at, "max"), item.id, item.max, of_all


def check_adjustments(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Facts stand below adjustments and vetoes that there are, each once in its list."""
    known = rubric.adjustments.each if rubric.adjustments is not None else ()
    for name, facts in sheet.adjustments.items():
        yield from _known("adjustments", name, tuple(item.id for item in known))
        seen: set[str] = set()
        for index, fact in enumerate(facts):
            if same_name_key(fact) in seen:
                place = Place(("adjustments", name, index))
                yield Finding(Kind.FACT_NAMED_TWICE, place, {"item": name, "fact": fact})
            seen.add(same_name_key(fact))

    for name in sheet.veto:
        yield from _known("veto", name, tuple(veto.id for veto in rubric.veto))


def _known(field: str, name: str, known: tuple[str, ...]) -> Iterator[Finding]:
    if name not in known:
        alike = nearest(name, known)
        variant = "nearest" if alike else "" if known else "none"
        about: dict[str, Parameter] = {
            "item": name,
            "field": field,
            "known": known,
            "nearest": alike or "",
        }
        yield Finding(Kind.UNKNOWN_ADJUSTMENT, Place((field, name), "key"), about, variant)
