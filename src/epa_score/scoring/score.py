"""The result of one score sheet: points of items and sections, vetoes, and the total."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.model import Rubric, Scope, ScoreSheet, exactly, same_name_key
from epa_score.model.check_code import code_of_points, code_of_sheet
from epa_score.model.sheet import PlainSheet
from epa_score.scoring.adjustments import adjust
from epa_score.scoring.conditions import with_conditions
from epa_score.scoring.not_applicable import excluded_points, inapplicable_of, rescaled_total
from epa_score.scoring.owed import owed_beside, with_owed
from epa_score.scoring.points import factors_of, points_of, section_points
from epa_score.scoring.result import Result, Vetoed

if TYPE_CHECKING:
    from epa_score.scoring.not_applicable import Inapplicable

_ZERO = Decimal(0)


def score(rubric: Rubric, sheet: ScoreSheet, *, is_awaited: bool = False) -> Result:
    """Add up a sheet as `add_up` does, and apply the vetoes that follow from its points.

    Under a panel those follow from what all assessors give together, and not from one sheet. A
    blank sheet may stand for one that ``is_awaited``.
    """
    added = add_up(rubric, sheet)
    owed = owed_beside(rubric, sheet, is_awaited=is_awaited)
    added = with_owed(rubric, added._replace(owed=owed)) if owed else added
    return added if rubric.panel is not None else with_conditions(rubric, added)


def add_up(rubric: Rubric, sheet: ScoreSheet) -> Result:
    """Add up a sheet: a section is the sum of its items, the total the sum of the sections.

    That is the rule of the published rubrics; a rubric may have rules for items, sections that
    are pools or capped, and adjustments to the sum of the sections. Sums are exact: a digit that
    could be lost raises `decimal.Inexact`. Items without points count 0 in the result, which
    names them. Where an item has the mean of the other units' points, sections, base and total are
    ``Decimal("NaN")``, on which no comparison works, until `rank` sees all results.

    Raises `ValueError` for a sheet that does not fit the rubric, so that no wrong total can
    come of one that was never checked.
    """
    result = _base_result(rubric, sheet)
    if rubric.adjustments is not None or sheet.adjustments:
        result = adjust(rubric, sheet, result)
    if sheet.veto:
        result = result._replace(vetoes=vetoes_of(rubric, sheet))
    return result._replace(code=check_code(rubric, sheet))


def check_code(rubric: Rubric, sheet: ScoreSheet) -> str:
    """The code of a sheet (校验码). Raises `ValueError` for a unit without items."""
    return code_of_sheet(require_scope(rubric, sheet).code, sheet)


def require_scope(rubric: Rubric, sheet: ScoreSheet) -> Scope:
    """What the unit of a sheet is scored on. Raises `ValueError` for a sheet of another rubric."""
    scope = rubric.scope(sheet.unit)
    if scope is None or sheet.rubric != rubric.id:
        message = f"{sheet.unit!r} is not scored by rubric {rubric.id!r}"
        raise ValueError(message)
    return scope


def _base_result(rubric: Rubric, sheet: ScoreSheet) -> Result:
    """The sections and their sum."""
    scope = require_scope(rubric, sheet)
    caps = scope.most
    found = points_of(rubric, sheet) if scope.rules or scope.treatments else sheet.points
    given: dict[str, Decimal] = {}
    with exactly():
        for name, points in found.items():
            if points is None:
                continue
            cap = caps.get(name)
            if cap is None or points > cap or (points < _ZERO and name not in scope.least):
                message = f"{sheet.unit!r}: {points} points for item {name} do not fit"
                raise ValueError(message)
            given[name] = points
        if not scope.treatments and scope.worth is None:
            return sum_points(rubric, scope, sheet, given)

        treated = inapplicable_of(scope, sheet)
        result = sum_points(rubric, scope, sheet, given, treated)
        whole = rubric.total if scope.worth is None else scope.worth
        out_of = whole - excluded_points(treated)
        return result._replace(
            out_of=None if out_of == rubric.total else out_of,
        )


def score_plain(rubric: Rubric, sheet: PlainSheet, given: Mapping[str, object]) -> Result | None:
    """The short way to `score` of a sound and complete sheet; ``None`` where that has to look.

    ``given`` are the scores as they stand in the file, where text in quotes is told apart. Nothing
    is explained here: whatever is unknown, missing, too much, or more than added up is ``None``.
    """
    scope = rubric.scope(sheet["unit"])
    caps = None if scope is None else scope.caps_in_grains
    if scope is None or caps is None or caps.keys() != given.keys():
        return None
    if rubric.adjustments is not None or rubric.takes_several_sheets:
        return None
    grains_of, points, text_of = rubric.grains, rubric.grains.points, rubric.grains.text
    grains: dict[str, int] = {}
    for name, one in given.items():
        text = one["score"] if type(one) is dict else one
        if type(text) is not str or (number := grains_of[text]) > caps[name]:
            return None
        grains[name] = number
    texts = {name: text_of(number) for name, number in grains.items()}
    return Result(
        rubric=rubric.id,
        unit=sheet["unit"],
        period=sheet.get("period"),
        section_ids=scope.section_ids,
        section_points=tuple(
            [
                points(sum([grains[name] for name in names]))
                for names in scope.section_items.values()
            ]
        ),
        total=points(sum(grains.values())),
        code=code_of_points(scope, sheet["unit"], sheet.get("period"), texts),
        scope_code=scope.code,
    )


def sum_points(
    rubric: Rubric,
    scope: Scope,
    whose: ScoreSheet | Result,
    given: Mapping[str, Decimal],
    treated: "tuple[Inapplicable, ...]" = (),
) -> Result:
    """The points of the sections and in total, of points ``given`` for items.

    ``treated`` are the items that do not apply. Items in neither are unscored.
    """
    points = given
    if treated:
        points = {**given, **{inapplicable.item: inapplicable.in_sums for inapplicable in treated}}
    caps = scope.most
    keeps = rubric.takes_means or bool(rubric.conditions)
    if len(points) == len(caps):
        whole = _result_of(rubric, scope, whose, points, treated)
        return whole._replace(item_points=given) if keeps else whole
    unscored = tuple(name for name in caps if name not in points)
    full = {**points, **{name: caps[name] for name in unscored}}
    at_best = _result_of(rubric, scope, whose, full, treated)
    empty = {**points, **dict.fromkeys(unscored, _ZERO)}
    now = _result_of(rubric, scope, whose, empty, treated)
    at_worst = None
    if not scope.least.keys().isdisjoint(unscored):
        lost = {name: scope.least.get(name, _ZERO) for name in unscored}
        at_worst = _result_of(rubric, scope, whose, {**points, **lost}, treated)
        at_worst = at_worst._replace(item_points={**given, **lost} if keeps else None)
    if keeps:
        now = now._replace(item_points=given)
        best = {**given, **{name: caps[name] for name in unscored}}
        at_best = at_best._replace(item_points=best)
    return now._replace(unscored=unscored, at_best=at_best, at_worst=at_worst)


def _result_of(
    rubric: Rubric,
    scope: Scope,
    whose: ScoreSheet | Result,
    points: Mapping[str, Decimal],
    treated: "tuple[Inapplicable, ...]",
) -> Result:
    if scope.bounded or treated:
        factors = factors_of(scope, treated)
        key = same_name_key(whose.unit)
        sections = section_points(rubric.sections, key, points, factors, scope.decimals)
        total = sum([sections[section.id] for section in rubric.sections], _ZERO)
        total, _ = rescaled_total(total, treated, scope.decimals)
        found = tuple([sections[name] for name in scope.section_ids])
    else:
        total = sum(points.values(), _ZERO)
        found = tuple(
            [sum([points[name] for name in names], _ZERO) for names in scope.section_items.values()]
        )
    return Result(
        rubric=rubric.id,
        unit=whose.unit,
        period=whose.period,
        section_ids=scope.section_ids,
        section_points=found,
        total=total,
        inapplicable=treated,
        scope_code=scope.code,
    )


def vetoes_of(rubric: Rubric, sheet: ScoreSheet) -> tuple[Vetoed, ...]:
    """The vetoes that hold, in the order of the rubric.

    Raises `ValueError` for one that the rubric does not have.
    """
    known = {veto.id for veto in rubric.fact_vetoes}
    strangers = [name for name in sheet.veto if name not in known]
    if strangers:
        message = f"{sheet.unit!r}: rubric {rubric.id!r} has no veto {strangers[0]!r}"
        raise ValueError(message)
    given = [(veto, sheet.veto.get(veto.id)) for veto in rubric.fact_vetoes]
    return tuple(Vetoed(veto, reason) for veto, reason in given if reason is not None)
