"""Adjustments that are counted or judged: what a rubric says of them, and what a sheet gives."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.checks.facts import finding_of_fault, points_on_the_grain
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.item_options import says_why
from epa_score.model.sheet import AdjustmentScore, FactNames
from epa_score.values.facts import SCORE, VALUE, read_facts
from epa_score.values.points import PLAIN_NUMBER

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Adjustment


def adjustments_of_rubric(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], "Adjustment"]]:
    """Every adjustment of a rubric with the keys that lead to it."""
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        for index, item in enumerate(adjustments.items):
            yield ("adjustments", way, "items", index), item


def kinds_of_adjustments_are_clear(rubric: Rubric) -> Iterator[Finding]:
    """Facts have points each; what is judged has a range in place of them."""
    for keys, item in adjustments_of_rubric(rubric):
        stated = item.model_fields_set
        about: dict[str, Parameter] = {"name": item.id}
        if item.judged:
            if item.max is None:
                yield Finding(Kind.ADJUSTMENT_UNCLEAR, Place((*keys, "judged"), "key"), about)
            for field in sorted({"each", "count"} & stated):
                place = Place((*keys, field), "key")
                about = {"name": item.id, "field": field}
                yield Finding(Kind.ADJUSTMENT_UNCLEAR, place, about, "field")
        elif "each" not in stated:
            yield Finding(Kind.MISSING_FIELD, Place(keys, "key"), {"field": "each"})


def check_counted_and_judged(
    sheet: ScoreSheet, rubric: Rubric, unread: Iterable[str]
) -> Iterator[Finding]:
    """Numbers stand where facts are counted, points with a reason where they are judged.

    Of lines that could not be read, ``unread``, nothing more is said.
    """
    known = {item.id: item for _, item in adjustments_of_rubric(rubric)}
    for name, given in sheet.adjustments.items():
        if name not in known or name in unread:
            continue
        item = known[name]
        if isinstance(given, tuple):
            yield from _names_are_asked_for(item, given)
        elif item.kind == "judged":
            yield from _check_judged(item, given, rubric)
        else:
            yield from _check_number(item, given)


def _names_are_asked_for(item: "Adjustment", given: FactNames) -> Iterator[Finding]:
    if given and item.kind != "adjustment":
        about: dict[str, Parameter] = {"item": item.id, "value": given[0]}
        yield Finding(Kind.ADJUSTMENT_TAKES, Place(("adjustments", item.id)), about, item.kind)


def _check_number(item: "Adjustment", given: AdjustmentScore) -> Iterator[Finding]:
    """The number of facts, where they are counted."""
    place = ("adjustments", item.id)
    about: dict[str, Parameter] = {"item": item.id}
    if item.kind == "adjustment":
        if given.score is None and given.value is not None and "note" not in given.model_fields_set:
            about = {"field": item.id, "value": given.value}
            yield Finding(Kind.FACT_WITHOUT_NAME, Place(place), about)
        else:
            yield Finding(Kind.ADJUSTMENT_TAKES, Place(place), about)
    elif given.score is not None:
        value: dict[str, Parameter] = {"value": given.score}
        yield Finding(Kind.ADJUSTMENT_TAKES, Place((*place, SCORE)), about | value, item.kind)
    else:
        _, faults = read_facts(item.facts, given.facts)
        yield from (finding_of_fault(item.id, place, fault) for fault in faults)
        if given.value is None and (given.note or "").strip():
            yield Finding(Kind.NOTE_WITHOUT_POINTS, Place((*place, "note")), about, "count")


def _check_judged(item: "Adjustment", given: AdjustmentScore, rubric: Rubric) -> Iterator[Finding]:
    """The points that a person gave, and the reason for them."""
    place, note = ("adjustments", item.id), (given.note or "").strip()
    points = given.score or Decimal(0)
    about: dict[str, Parameter] = {"item": item.id, "points": points}
    if given.value is not None and not given.is_bare_zero:
        about = {"item": item.id, "value": given.value}
        yield Finding(Kind.ADJUSTMENT_TAKES, Place(place), about, "judged")
    elif item.max is not None and points > item.max:
        excess: dict[str, Parameter] = {"excess": points - item.max, "text": item.text}
        over = about | {"cap": item.max} | excess
        yield Finding(Kind.POINTS_OVER_CAP, Place((*place, SCORE)), over)
    else:
        yield from points_on_the_grain(Place((*place, SCORE)), about, points, rubric)
    if points and not says_why(note):
        variant = "word" if note else ""
        yield Finding(
            Kind.JUDGED_WITHOUT_REASON, Place((*place, "note")), about | {"note": note}, variant
        )
    elif given.score is None and given.value is None and note:
        yield Finding(Kind.NOTE_WITHOUT_POINTS, Place((*place, "note")), {"item": item.id})


_OF_NAMES = frozenset(
    {
        Kind.FACT_WITHOUT_NAME,
        Kind.FACT_NAME_CHARACTERS,
        Kind.FACTS_IN_ONE_NAME,
        Kind.FACT_DENIED,
        Kind.FACT_ELSEWHERE,
    }
)


def with_kinds_of_adjustments(findings: Iterable[Finding], rubric: Rubric) -> Iterator[Finding]:
    """The findings, of which those about names of facts say what belongs there in place of names.

    A sheet is read before anybody knows whether names are asked for.
    """
    known = {item.id: item for _, item in adjustments_of_rubric(rubric)}
    for finding in findings:
        keys = finding.place.keys if isinstance(finding.place, Place) else ()
        item = known.get(str(keys[1])) if keys[:1] == ("adjustments",) and keys[1:] else None
        if item is not None and item.kind == "adjustment" and finding.kind is Kind.UNKNOWN_FIELD:
            yield Finding(Kind.ADJUSTMENT_TAKES, finding.place, {"item": item.id})
        elif item is None or item.kind == "adjustment" or finding.kind not in _OF_NAMES:
            yield finding
        elif item.kind == "count" and _is_no_number(finding.parameters.get("value")):
            place = ("adjustments", item.id)
            _, faults = read_facts(item.facts, {VALUE: finding.parameters["value"]})
            yield from (finding_of_fault(item.id, place, fault) for fault in faults)
        else:
            value = finding.parameters.get("value", "")
            about: dict[str, Parameter] = {"item": item.id, "value": value}
            yield replace(finding, kind=Kind.ADJUSTMENT_TAKES, parameters=about, variant=item.kind)


def _is_no_number(value: Parameter | None) -> bool:
    """True for a text in place of a number; a number that is refused stands in quotes or a list."""
    return isinstance(value, str) and PLAIN_NUMBER.fullmatch(value) is None
