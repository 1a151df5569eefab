"""Several assessors: what their points for each item come to, and how far they lie apart."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.i18n import plain
from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.check_code import code_of_several
from epa_score.model.rubric_options import Panel
from epa_score.model.sheet import CombinedSheet
from epa_score.scoring.conditions import with_conditions
from epa_score.scoring.points import PointsByItem, points_of
from epa_score.scoring.result import Result
from epa_score.scoring.score import add_up, check_code, score
from epa_score.values.rounding import mean

_ZERO = Decimal(0)


def score_panel(rubric: Rubric, sheets: Sequence[ScoreSheet]) -> Result:
    """Add up what the sheets of a unit come to together, as `score` adds up one sheet.

    Points are combined by item and rounded once, half up, to ``decimals``; sections and total add
    those up (decision: panels-combine-by-item). Under fewer sheets than the panel's
    ``minimum``, and while anybody has not scored an item, what is missing counts 0, and full
    marks at best: the result is provisional and names the items.

    Raises `ValueError` as `combine` does.
    """
    now = combine(rubric, sheets)
    code = code_of_several((_seat(sheet), check_code(rubric, sheet)) for sheet in sheets)
    found = add_up(rubric, now)._replace(assessors=len(sheets), code=code)
    if now.open_items:
        best = add_up(rubric, combine(rubric, sheets, at_best=True))
        found = found._replace(unscored=now.open_items, at_best=best)
    return with_conditions(rubric, found)


def combine(
    rubric: Rubric, sheets: Sequence[ScoreSheet], *, at_best: bool = False
) -> CombinedSheet:
    """The sheets of a unit as one, with points that are missing counted 0, or ``at_best`` in full.

    The order of the sheets does not matter. Raises `ValueError` for a rubric without a panel, for
    sheets that do not fit it or are of several units or periods, and for an assessor who is not
    named or comes twice.
    """
    panel, scope = rubric.panel, rubric.scope(sheets[0].unit) if sheets else None
    if panel is None or scope is None:
        message = f"rubric {rubric.id!r} has no panel for these sheets"
        raise ValueError(message)
    sheets = sorted(sheets, key=_seat)
    _refuse_mixtures(sheets)
    for sheet in sheets:
        score(rubric, sheet)
    given = [points_of(rubric, sheet) for sheet in sheets]
    seats = max(len(sheets), panel.minimum)
    fill: Mapping[str, Decimal] = scope.most if at_best else dict.fromkeys(scope.items, _ZERO)
    known = {name: _given_points(given, name) for name in scope.items}
    points = {
        name: combined_points(panel, [*own, *[fill[name]] * (seats - len(own))], scope.decimals)
        for name, own in known.items()
        if own or at_best
    }
    return CombinedSheet(
        rubric=rubric.id,
        unit=sheets[0].unit,
        period=sheets[0].period,
        scores={name: plain(combined) for name, combined in points.items()},
        sheets=tuple(sheets),
        open_items=tuple(name for name, own in known.items() if len(own) < seats),
    )


def combined_points(panel: Panel, points: Sequence[Decimal], decimals: int) -> Decimal:
    """The mean, the median or the trimmed mean of some points, rounded half up to ``decimals``.

    A trimmed mean leaves out the highest and the lowest points (去掉一个最高分、一个最低分); the
    median of an even number is the mean of the two in the middle.
    """
    ordered = sorted(points)
    if panel.method == "mean":
        cut = 0
    elif panel.method == "median":
        cut = (len(ordered) - 1) // 2
    else:
        cut = panel.drop
    return mean(ordered[cut : len(ordered) - cut], decimals)


class Spread(NamedTuple):
    """The points for an item by assessor, those that they are combined to, and their spread.

    All are points. Those of an assessor who has not scored the item are missing.
    """

    item: str
    given: Mapping[str, Decimal]
    combined: Decimal
    width: Decimal


def spreads(rubric: Rubric, sheet: CombinedSheet) -> Iterator[Spread]:
    """The spread of the points of a unit, for each item that anybody has scored.

    ``sheet`` is what `combine` makes of their sheets, which leaves out the other items.
    """
    found = [(str(sheet.assessor), points_of(rubric, sheet)) for sheet in sheet.sheets]
    for name in sheet.points:
        given = {
            assessor: points for assessor, own in found if (points := own.get(name)) is not None
        }
        with exactly():
            width = max(given.values()) - min(given.values())
        yield Spread(name, given, sheet.points[name] or _ZERO, width)


def _given_points(given: Sequence[PointsByItem], item: str) -> list[Decimal]:
    """The points of an item, of everybody who has scored it."""
    return [points for own in given if (points := own.get(item)) is not None]


def _seat(sheet: ScoreSheet) -> str:
    """A key that tells the assessors of a unit apart."""
    return same_name_key(sheet.assessor or "")


def _refuse_mixtures(sheets: Sequence[ScoreSheet]) -> None:
    whose = {(same_name_key(sheet.unit), sheet.period) for sheet in sheets}
    seats = {_seat(sheet) for sheet in sheets}
    if len(whose) > 1 or len(seats) < len(sheets) or "" in seats:
        message = f"{sheets[0].unit!r}: not the sheets of different assessors for one unit"
        raise ValueError(message)
