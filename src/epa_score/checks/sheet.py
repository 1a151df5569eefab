"""A score sheet against its rubric: items, points, units, and hints at what was meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from epa_score.checks.facts import Exemptions, facts_suffice, points_on_the_grain
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import first_known
from epa_score.diagnostics.nearest import nearest
from epa_score.i18n import plain
from epa_score.model import Rubric, Scope, ScoreSheet
from epa_score.values.days import days_in
from epa_score.values.facts import Fact, read_facts

_ID = re.compile(r"([A-Z])([1-9][0-9]*)")


def likely_item(name: str, unscored: Iterable[str]) -> str | None:
    """The item without points that ``name`` probably stands for."""
    meant = unicodedata.normalize("NFKC", name).upper()
    return nearest(meant[:1] + meant[1:].replace("O", "0"), unscored)


def ranges(ids: Iterable[str]) -> tuple[str, ...]:
    """Item ids in short: ``A1-A6``, ``B1-B5``, ``C1``."""
    runs: list[list[str]] = []
    for item in ids:
        if runs and item == _next_id(runs[-1][-1]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return tuple(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _next_id(item_id: str) -> str:
    """The id after ``A9``, ``A10``; empty where ids are written in another way."""
    match = _ID.fullmatch(item_id)
    return f"{match[1]}{int(match[2]) + 1}" if match else ""


_MOST_GUESSES = 50


def unit_is_known(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Where the rubric lists units, the sheet's is one of them."""
    if rubric.scope(sheet.unit) is not None:
        return
    alike = rubric.nearest_unit(sheet.unit)
    parameters: dict[str, Parameter] = {
        "unit": sheet.unit,
        "rubric": rubric.id,
        "nearest": alike or "",
        **first_known(rubric.known_units),
    }
    variant = "nearest" if alike else ""
    without = [section.title for section in rubric.all_sections if section.per_unit]
    if without and not rubric.units:
        parameters["sections"] = tuple(without)
        variant = "section_nearest" if alike else "section"
    yield Finding(Kind.UNKNOWN_UNIT, Place(("unit",)), parameters, variant)


def date_is_certain(sheet: ScoreSheet) -> Iterator[Finding]:
    """The date is a day or a range of days in a notation that is surely read."""
    date = sheet.date
    if isinstance(date, str) and days_in(date) is None:
        yield Finding(Kind.DATE_NOT_ISO, Place(("date",)), {"field": "date", "value": date})


def items_are_known(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Every scored id is an item that the unit is scored on."""
    if scope.items.keys() >= sheet.scores.keys():
        return
    likely = _likely_items(sheet, scope)
    known = first_known(ranges(scope.items))
    for name in sheet.scores:
        if name in scope.items:
            continue
        meant = likely.get(name)
        parameters: dict[str, Parameter] = {
            "item": name,
            "rubric": sheet.rubric,
            **known,
        }
        if meant is not None:
            item = scope.items[meant]
            parameters |= {"nearest": meant, "text": item.text, "cap": item.max}
        yield Finding(
            Kind.UNKNOWN_ITEM,
            Place(("scores", name), "key"),
            parameters,
            "nearest" if meant is not None else "",
        )


def points_are_within_cap(given: Mapping[str, Decimal | None], scope: Scope) -> Iterator[Finding]:
    """No item has more points than its cap (the published rubric's points in brackets)."""
    caps = scope.judged
    for name, points in given.items():
        if points is not None and points > caps.get(name, points):
            item = scope.items[name]
            yield Finding(
                Kind.POINTS_OVER_CAP,
                Place(("scores", name, "score")),
                {
                    "item": name,
                    "points": points,
                    "cap": item.max,
                    "excess": points - item.max,
                    "text": item.text,
                },
            )


def points_are_on_the_grain(given: Mapping[str, Decimal | None], scope: Scope) -> Iterator[Finding]:
    """Points carry no more decimals than the rubric allows, and are multiples of its step."""
    for name, points in given.items():
        if points and points % scope.grain and points <= scope.judged.get(name, -1):
            place = Place(("scores", name, "score"))
            yield from points_on_the_grain(place, {"item": name, "points": points}, points, scope)


def every_item_is_scored(
    sheet: ScoreSheet, scope: Scope, exemptions: Exemptions
) -> Iterator[Finding]:
    """Every item of the unit has points; 0 counts, an empty value does not.

    An item that an unknown or a repeated key surely stands for is not reported again.
    """
    unscored = _unscored(sheet, scope)
    if not unscored:
        return
    likely = _likely_items(sheet, scope).values()
    unscored = [item for item in unscored if item not in likely and item not in exemptions.unread]
    order = list(scope.items)
    for name in exemptions.repeated & scope.items.keys():
        displaced = next((item for item in unscored if order.index(item) > order.index(name)), None)
        unscored = [item for item in unscored if item != displaced]
    if unscored:
        yield Finding(
            Kind.ITEMS_UNSCORED,
            Place(("scores",), "key"),
            {
                "items": tuple(unscored),
                "number": len(unscored),
                "expected": len(scope.items),
                "found": len(scope.items) - len(unscored),
                "text": scope.items[unscored[0]].text,
                "first": unscored[0],
            },
        )


def _unscored(sheet: ScoreSheet, scope: Scope) -> list[str]:
    empty = [
        name
        for name in scope.items
        if type(sheet.scores.get(name)) is not str and sheet.score(name).score is None
    ]
    if scope.treatments:
        empty = [name for name in empty if name not in sheet.inapplicable]
    if not scope.rules:
        return empty

    return [name for name in empty if not facts_suffice(sheet, scope, name)]


def _likely_items(sheet: ScoreSheet, scope: Scope) -> dict[str, str]:
    """The unscored items that the first unknown names probably stand for, each item once."""
    unscored = _unscored(sheet, scope)
    likely: dict[str, str] = {}
    unknown = (name for name in sheet.scores if name not in scope.items)
    for name in islice(unknown, _MOST_GUESSES):
        meant = likely_item(name, unscored)
        if meant is not None:
            likely[name] = meant
            unscored.remove(meant)
    return likely


def deductions_have_reasons(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Points below the cap that a person gave have a reason beside them; one finding a sheet.

    Points that follow from facts have their working, and a panel gives its opinion in points.
    (decision: reasons-are-asked-for-by-validate)
    """
    scope = rubric.scope(sheet.unit)
    if scope is None or rubric.panel is not None:
        return
    without = [
        item
        for item, points in sheet.points.items()
        if points is not None
        and item in scope.items
        and item not in scope.rules
        and points < scope.caps[item]
        and not (sheet.score(item).note or "").strip()
    ]
    if without:
        first = without[0]
        yield Finding(
            Kind.DEDUCTION_WITHOUT_REASON,
            Place(("scores", first, "note")),
            {
                "items": tuple(without),
                "number": len(without),
                "first": first,
                "points": plain(sheet.points[first] or Decimal(0)),
            },
        )


_MISREAD = frozenset(
    {
        Kind.POINTS_NOT_A_NUMBER,
        Kind.POINTS_QUOTED,
        Kind.POINTS_NEGATIVE,
        Kind.POINTS_NOTATION,
    }
)


def with_hints_of_rubric(
    findings: Iterable[Finding], rubric: Rubric, unit: str
) -> Iterator[Finding]:
    """The findings, with what to write where an item has a rule, or may be inapplicable."""
    scope = rubric.scope(unit)
    for finding in findings:
        keys = finding.place.keys if isinstance(finding.place, Place) else ()
        item = str(keys[1]) if scope is not None and keys[:1] == ("scores",) and keys[1:] else ""
        if scope is None or item not in scope.items:
            yield finding
        elif finding.kind is Kind.NOT_APPLICABLE:
            yield replace(finding, variant="allowed") if item in scope.treatments else finding
        elif (
            finding.kind in _MISREAD
            and finding.variant != "unscored"
            and keys[2:] in ((), ("score",))
        ):
            yield _point_to_facts(finding, scope, item)
        else:
            yield finding


def _point_to_facts(finding: Finding, scope: Scope, item: str) -> Finding:
    """Something stands in place of points where a rule gives these: it is mostly a fact."""
    rule = scope.rules.get(item)
    if rule is None or rule.takes_points:
        return finding
    value = str(finding.parameters["value"])
    taking = [fact for fact in rule.facts if _can_take(fact, value)]
    facts = ", ".join(f"{fact.name}: {value if [fact] == taking else '...'}" for fact in rule.facts)
    about: dict[str, Parameter] = {
        "item": item,
        "value": value,
        "facts": tuple(fact.label for fact in rule.facts),
        "instead": f"{item}: {{{facts}}}",
    }
    return Finding(Kind.ITEM_TAKES_FACTS, finding.place, about, "word")


def _can_take(fact: Fact, value: str) -> bool:
    """True where a value can be that of a fact."""
    _, faults = read_facts([fact], {fact.name: value})
    return not faults
