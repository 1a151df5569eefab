"""The sums in a rubric: parts that come to the points of their whole."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.checks.rubric_parts import sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.place import Key
from epa_score.model import Rubric, Section


def maxima_add_up(rubric: Rubric) -> Iterator[Finding]:
    """The points of the parts are those of the whole (the published rubric's brackets).

    A capped section has less than its parts; the items of a pool share the section's points. A
    mismatch that the rubric accepts is none, and there is one wherever it accepts one.
    """
    parts = [one.max for one in rubric.sections]
    found = list(_sum(("total",), rubric.title, rubric.total, parts))
    yield from _unaccepted((), rubric.title, rubric.accept_mismatch, found)
    for keys, section in sections_of(rubric):
        found = list(_sums_of(keys, section))
        bounded = section.pool or section.capped
        why = None if bounded else section.accept_mismatch
        yield from _unaccepted(keys, section.title, why, found)
        if bounded and section.accept_mismatch is not None:
            where = Place((*keys, "accept_mismatch"), "key")
            yield Finding(Kind.NO_MISMATCH, where, {"name": section.title}, "bounded")


def _unaccepted(
    keys: tuple[Key, ...], name: str, why: str | None, found: list[Finding]
) -> list[Finding]:
    """The mismatches that were found, unless they are accepted; or that there is none to accept."""
    if why is None:
        return found
    place = Place((*keys, "accept_mismatch"))
    return [] if found else [Finding(Kind.NO_MISMATCH, place, {"name": name})]


def _sums_of(keys: tuple[Key, ...], section: Section) -> Iterator[Finding]:
    """The sums in one section that do not come to its points."""
    if not section.pool:
        name, place = f"{section.id} {section.title}", (*keys, "max")
        capped = section.capped
        if section.items:
            parts = [item.max for item in section.items]
            yield from _sum(place, name, section.max, parts, capped=capped)
        if section.sections:
            parts = [child.max for child in section.sections]
            yield from _sum(place, name, section.max, parts, capped=capped)
        for index, own in enumerate(section.per_unit):
            if own.items:
                entry = f"{name} ({own.units[0] if own.units else index + 1})"
                where = (*keys, "per_unit", index, "items")
                parts = [item.max for item in own.items]
                yield from _sum(where, entry, section.max, parts, capped=capped)


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
