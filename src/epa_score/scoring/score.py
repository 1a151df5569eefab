"""From the points of the items to the points of the sections and the total."""

from decimal import Decimal

from epa_score.model import Rubric, Scope, ScoreSheet, exactly, same_name_key
from epa_score.scoring.result import Result

_ZERO = Decimal(0)


def score(rubric: Rubric, sheet: ScoreSheet) -> Result:
    """Add up a sheet: a section is the sum of its items, the total the sum of the sections.

    That is the rule of the published rubrics; a rubric may have rules for items, sections that
    are pools or capped, and adjustments to the sum of the sections. Sums are exact: a digit that
    could be lost raises `decimal.Inexact`. Items without points count 0 in the result, which
    names them.

    Raises `ValueError` for a sheet that does not fit the rubric, so that no wrong total can
    come of one that was never checked.
    """
    result = _base(rubric, sheet)
    if rubric.adjustments is not None or sheet.adjustments:
        from epa_score.scoring.adjusted import adjusted

        result = adjusted(rubric, sheet, result)
    if sheet.veto:
        from epa_score.scoring.vetoes import vetoes_of

        result = result._replace(vetoes=vetoes_of(rubric, sheet))
    return result


def _base(rubric: Rubric, sheet: ScoreSheet) -> Result:
    """The sections and their sum."""
    scope = rubric.scope(sheet.unit)
    if scope is None or sheet.rubric != rubric.id:
        message = f"{sheet.unit!r} is not scored by rubric {rubric.id!r}"
        raise ValueError(message)
    caps = scope.most
    if scope.rules:
        from epa_score.scoring.assessed import points_of

        found = points_of(rubric, sheet)
    else:
        found = sheet.points
    given = {name: points for name, points in found.items() if points is not None}
    with exactly():
        for name, points in given.items():
            if name not in caps or not 0 <= points <= caps[name]:
                message = f"{sheet.unit!r}: {points} points for item {name} do not fit"
                raise ValueError(message)
        if len(given) == len(caps):
            return _added(rubric, sheet, scope, given)
        unscored = tuple(name for name in caps if name not in given)
        full = given | {name: caps[name] for name in unscored}
        at_best = _added(rubric, sheet, scope, full)
        empty = given | dict.fromkeys(unscored, _ZERO)
        now = _added(rubric, sheet, scope, empty)
        return now._replace(unscored=unscored, at_best=at_best)


def _added(
    rubric: Rubric,
    sheet: ScoreSheet,
    scope: Scope,
    points: dict[str, Decimal],
) -> Result:
    if scope.bounded:
        from epa_score.scoring.sections import section_points

        sections = section_points(rubric.sections, same_name_key(sheet.unit), points)
        total = sum([sections[one.id] for one in rubric.sections], _ZERO)
        found = tuple([sections[name] for name in scope.section_ids])
    else:
        total = sum(points.values(), _ZERO)
        found = tuple(
            [sum([points[name] for name in names], _ZERO) for names in scope.section_items.values()]
        )
    return Result(rubric.id, sheet.unit, sheet.period, scope.section_ids, found, total)
