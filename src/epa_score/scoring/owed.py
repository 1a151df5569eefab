"""What sheets that are still to come may say of a unit beside its items.

Whoever has bonuses, penalties or vetoes owes a sheet of every unit. Until it is there nobody knows
what happened, so the unit is not complete (decision: what-is-owed-beside-items-is-open).
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.model.assessors import JoinedSheet
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.result import Result

if TYPE_CHECKING:
    from epa_score.model.rubric_options import AdjustmentList

_ZERO, _UNLIMITED = Decimal(0), Decimal("Infinity")


def owed_beside(rubric: Rubric, sheet: ScoreSheet, *, is_awaited: bool = False) -> tuple[str, ...]:
    """The ids of adjustments and vetoes of which nobody has said yet whether they hold.

    They are those of assessors without a sheet; all where the sheets of the unit ``is_awaited``.
    """
    if is_awaited:
        items = rubric.adjustments.each if rubric.adjustments is not None else ()
        return (*(item.id for item in items), *(veto.id for veto in rubric.fact_vetoes))
    if not isinstance(sheet, JoinedSheet):
        return ()
    there = {same_name_key(own.assessor or "") for own in sheet.sheets}
    return tuple(
        name
        for name, assessor in rubric.assessors_by_item.items()
        if name not in rubric.item_ids and same_name_key(assessor) not in there
    )


def with_owed(rubric: Rubric, result: Result) -> Result:
    """The result with what it ``owed`` among the unscored, and as it is then at best and at worst.

    Where nothing limits a bonus or a penalty, the total at best has no limit, or is 0 at worst.
    """
    if not result.owed:
        return result
    best, worst = result.at_best or result, result.at_worst or result
    if rubric.adjustments is not None and result.adjusted is not None:
        _, bonus, penalty = result.adjusted
        least, most = _bounds(rubric.adjustments.bonus, bonus, result.owed)
        lightest, heaviest = _bounds(rubric.adjustments.penalty, penalty, result.owed)
        best, worst = _adjust_anew(best, most, lightest), _adjust_anew(worst, least, heaviest)
    unscored = (*result.unscored, *result.owed)
    return result._replace(unscored=unscored, at_best=best, at_worst=worst)


def _adjust_anew(result: Result, bonus: Decimal, penalty: Decimal) -> Result:
    base = result._replace(total=result.base, at_best=None, at_worst=None)
    return with_adjustments(base, bonus, penalty)


def _bounds(
    listed: "AdjustmentList | None", now: Decimal, owed: Iterable[str]
) -> tuple[Decimal, Decimal]:
    """The fewest and the most points of all bonuses, or of all penalties."""
    limits = [item.max for item in listed.items if item.id in owed] if listed is not None else []
    if listed is None or not limits:
        return now, now
    added = sum((_UNLIMITED if limit is None else limit for limit in limits), now)
    # a fact that is named once more may count there alone, within another limit
    least = _ZERO if listed.same_fact == "once" else now
    return least, added if listed.max is None else min(added, listed.max)
