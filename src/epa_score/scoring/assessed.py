"""The points of every item: those that a person gave, and those that follow from facts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from epa_score.model import Rubric, Scope, ScoreSheet, exactly
from epa_score.model.fact import read_facts
from epa_score.model.panel import CombinedSheet
from epa_score.model.rule import Case, Working

Points = Mapping[str, Decimal | None]
"""The points of a unit by item, ``None`` while there are none."""


def points_of(rubric: Rubric, sheet: ScoreSheet) -> Points:
    """The points of the items that a sheet names, ``None`` while an item is unscored.

    This is what is added up, and so what every report shows. A combined sheet has points alone.
    Raises `ValueError` for facts that do not fit their rule, and for points in their place.
    """
    scope = rubric.scope(sheet.unit)
    if scope is None or not scope.rules or isinstance(sheet, CombinedSheet):
        return sheet.points
    found = dict(_workings(scope, sheet))
    return sheet.points | {
        name: None if working is None else working.points for name, working in found.items()
    }


def workings_of(rubric: Rubric, sheet: ScoreSheet) -> dict[str, Working]:
    """How the points of the items with a rule came about, as far as their facts are known.

    Raises `ValueError` as `points_of` does. Nothing of a combined sheet is worked out from facts.
    """
    scope = None if isinstance(sheet, CombinedSheet) else rubric.scope(sheet.unit)
    found = _workings(scope, sheet) if scope is not None else ()
    return {name: working for name, working in found if working is not None}


def _workings(scope: Scope, sheet: ScoreSheet) -> Iterator[tuple[str, Working | None]]:
    for name, rule in scope.rules.items():
        if name not in sheet.scores:
            continue
        given = sheet.score(name)
        facts, faults = read_facts(rule.facts, given.facts)
        for fault in faults:
            message = f"{sheet.unit!r}: {fault.fact.name} of item {name} does not fit"
            raise ValueError(message) from fault.error
        if given.score is not None and not rule.takes_points:
            message = f"{sheet.unit!r}: item {name} has points where its rule wants facts"
            raise ValueError(message)
        with exactly():
            yield name, rule.working(Case(facts, scope.caps[name], scope.decimals))
