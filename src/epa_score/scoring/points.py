"""The points of every item: those that a person gave, and those that follow from facts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from epa_score.model import Rubric, Scope, ScoreSheet, exactly
from epa_score.model.combined import CombinedSheet
from epa_score.rules.rule import Case, Working
from epa_score.scoring.not_applicable import inapplicable_of, treatment_of
from epa_score.scoring.result import Result
from epa_score.values.facts import read_facts

Points = Mapping[str, Decimal | None]
"""The points of a unit by item, ``None`` while there are none."""


def points_of(rubric: Rubric, sheet: ScoreSheet, result: Result | None = None) -> Points:
    """The points of the items that a sheet names, ``None`` while an item is unscored.

    This is what is added up, and so what every report shows. An item that does not apply has
    those that the rubric gives it, if any; a mean of other units is known from the ``result``
    of a ranking. A combined sheet has points alone. Raises `ValueError` for facts that do not fit
    their rule, for points in their place, and for an item that applies to all units.
    """
    scope = rubric.scope(sheet.unit)
    if scope is None or isinstance(sheet, CombinedSheet) or not (scope.rules or scope.treatments):
        return sheet.points
    found = dict(_workings(scope, sheet, result))
    return sheet.points | {
        name: None if working is None else working.points for name, working in found.items()
    }


def workings_of(
    rubric: Rubric, sheet: ScoreSheet, result: Result | None = None
) -> dict[str, Working]:
    """How the points of the items with a rule came about, as far as their facts are known.

    So is how those count that do not apply. Raises `ValueError` as `points_of` does. Nothing of a
    combined sheet is worked out from facts.
    """
    scope = None if isinstance(sheet, CombinedSheet) else rubric.scope(sheet.unit)
    found = _workings(scope, sheet, result) if scope is not None else ()
    return {name: working for name, working in found if working is not None}


def _workings(
    scope: Scope, sheet: ScoreSheet, result: Result | None
) -> Iterator[tuple[str, Working | None]]:
    if scope.treatments:
        treated = inapplicable_of(scope, sheet) if result is None else result.inapplicable
        for one in treated:
            yield one.item, treatment_of(one, sheet.inapplicable[one.item])
    for name, rule in scope.rules.items():
        given = sheet.score(name)
        if name not in sheet.scores or given.not_applicable is not None:
            continue
        facts, faults = read_facts(rule.facts, given.facts)
        for fault in faults:
            message = f"{sheet.unit!r}: {fault.fact.name} of item {name} does not fit"
            raise ValueError(message) from fault.error
        if given.score is not None and not rule.takes_points:
            message = f"{sheet.unit!r}: item {name} has points where its rule wants facts"
            raise ValueError(message)
        with exactly():
            yield name, rule.working(Case(facts, scope.caps[name], scope.decimals))
