"""Several assessors: what their points for each item come to, and how far they lie apart."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from epa_score.i18n import plain
from epa_score.model import Rubric, ScoreSheet, exactly, same_name_key
from epa_score.model.check_code import code_of_several
from epa_score.model.sheet import CombinedSheet
from epa_score.scoring.conditions import with_conditions
from epa_score.scoring.points import PointsByItem, points_of
from epa_score.scoring.result import Result
from epa_score.scoring.score import check_code, score
from epa_score.values.rounding import mean, rounded

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Panel

_ZERO = Decimal(0)


def score_panel(rubric: Rubric, sheets: Sequence[ScoreSheet]) -> Result:
    """Add up what the sheets of a unit come to together, as `score` adds up one sheet.

    Points are combined by item and rounded once, half up, to ``decimals``; sections and total add
    those up (decision: panels-combine-by-item). Under ``by: total`` the totals of the assessors are
    combined so (decision: totals-of-assessors-show-what-counts). Under fewer sheets than the
    panel's ``minimum``, and while anybody has not scored an item, what is missing counts 0, and
    full marks at best: the result is provisional and names the items. Which sheets count for a
    total is open then, so that sections which break ties may come to anything. Vetoes follow from
    what all assessors give together.

    Raises `ValueError` as `combine` does.
    """
    now = combine(rubric, sheets)
    code = code_of_several((_seat(sheet), check_code(rubric, sheet)) for sheet in sheets)
    found = _result_of(rubric, now)._replace(assessors=len(sheets), code=code)
    if not now.open_items:
        return with_conditions(rubric, found)
    best = _result_of(rubric, combine(rubric, sheets, at_best=True), at_best=True)
    if not rubric.tie_break or rubric.panel is None or rubric.panel.by != "total":
        found = found._replace(unscored=now.open_items, at_best=best)
        return with_conditions(rubric, found)
    full = score(rubric, sheets[0].model_copy(update={"scores": {}}))
    found = found._replace(
        unscored=now.open_items,
        at_best=best._replace(section_points=(full.at_best or full).section_points),
        at_worst=found._replace(section_points=full.section_points),
    )
    return with_conditions(rubric, found)


def _result_of(rubric: Rubric, sheet: CombinedSheet, *, at_best: bool = False) -> Result:
    """The result of sheets that were combined, without the vetoes that follow from it."""
    if rubric.panel is None or rubric.panel.by != "total":
        return score(rubric, sheet)
    seats = _results_of_seats(rubric, rubric.panel, sheet.sheets, at_best=at_best)
    shares = shares_of_totals(rubric.panel, [seat.total for seat in seats])
    sections = (seat.section_points for seat in seats)
    given = {name: own for name, own in sheet.points.items() if own is not None}
    return seats[0]._replace(
        section_points=tuple(
            _weighted(points, shares, rubric.decimals) for points in zip(*sections, strict=True)
        ),
        total=_weighted([seat.total for seat in seats], shares, rubric.decimals),
        unscored=(),
        at_best=None,
        item_points=given if rubric.conditions else None,
    )


def _results_of_seats(
    rubric: Rubric, panel: "Panel", sheets: Sequence[ScoreSheet], *, at_best: bool
) -> list[Result]:
    """The results of all sheets, and of as many without points as the panel wants more."""
    nobody = sheets[0].model_copy(update={"scores": {}})
    missing = [nobody] * (panel.minimum - len(sheets))
    results = (score(rubric, sheet) for sheet in (*sheets, *missing))
    return [result.at_best or result if at_best else result for result in results]


def shares_of_totals(panel: "Panel", totals: Sequence[Decimal]) -> list[Fraction]:
    """The part that each sheet has in the total that those of the assessors are combined to.

    A sheet that is left out has none, and the others have equal ones. Where only some of several
    equal totals count, which of them is nobody's to say: they share what these have.
    """
    ordered = sorted(totals)
    cut = panel.cut(len(ordered))
    counted = ordered[cut : len(ordered) - cut]
    return [Fraction(counted.count(own), ordered.count(own) * len(counted)) for own in totals]


def _weighted(points: Sequence[Decimal], shares: Sequence[Fraction], decimals: int) -> Decimal:
    """The sum of some points by their shares, rounded once, half up."""
    parts = (Fraction(own) * share for own, share in zip(points, shares, strict=True))
    return rounded(sum(parts, Fraction(0)), decimals)


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
    shares: list[Fraction] = []
    if panel.by == "total":
        results = _results_of_seats(rubric, panel, sheets, at_best=at_best)
        shares = shares_of_totals(panel, [result.total for result in results])
        given += [{}] * (seats - len(sheets))
    points = {
        name: _weighted(
            [fill[name] if (number := row.get(name)) is None else number for row in given],
            shares,
            scope.decimals,
        )
        if shares
        else combined_points(panel, [*own, *[fill[name]] * (seats - len(own))], scope.decimals)
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


def combined_points(panel: "Panel", points: Sequence[Decimal], decimals: int) -> Decimal:
    """The mean, the median or the trimmed mean of some points, rounded half up to ``decimals``.

    A trimmed mean leaves out the highest and the lowest points (去掉一个最高分、一个最低分); the
    median of an even number is the mean of the two in the middle.
    """
    ordered = sorted(points)
    cut = panel.cut(len(ordered))
    return mean(ordered[cut : len(ordered) - cut], decimals)


class Spread(NamedTuple):
    """The points for an item by assessor, those that they are combined to, and their spread.

    All are points. Assessors who have ``not_given`` any count 0, and so do those who are
    ``absent``: without a sheet, as long as the panel needs one of them.
    """

    item: str
    """The item; empty for the total."""
    given: Mapping[str, Decimal]
    combined: Decimal
    width: Decimal
    not_given: tuple[str, ...]
    absent: int


def spreads(rubric: Rubric, sheet: CombinedSheet) -> Iterator[Spread]:
    """The spread of the points of a unit, for each item that anybody has scored.

    ``sheet`` is what `combine` makes of their sheets, which leaves out the other items.
    """
    found = [(str(sheet.assessor), points_of(rubric, sheet)) for sheet in sheet.sheets]
    absent = _empty_seats(rubric, sheet)
    for name in sheet.points:
        given = {
            assessor: points for assessor, own in found if (points := own.get(name)) is not None
        }
        with exactly():
            width = max(given.values()) - min(given.values())
        not_given = tuple(assessor for assessor, _ in found if assessor not in given)
        yield Spread(name, given, sheet.points[name] or _ZERO, width, not_given, absent)


def spread_of_totals(rubric: Rubric, sheet: CombinedSheet) -> Spread | None:
    """The spread of the totals of a unit, where these are combined."""
    if rubric.panel is None or rubric.panel.by != "total":
        return None
    given = {str(own.assessor): score(rubric, own).total for own in sheet.sheets}
    with exactly():
        width = max(given.values()) - min(given.values())
    total = _result_of(rubric, sheet).total
    return Spread("", given, total, width, (), _empty_seats(rubric, sheet))


def _empty_seats(rubric: Rubric, sheet: CombinedSheet) -> int:
    """How many assessors are still to come, of those that a panel must have."""
    needed = rubric.panel.minimum if rubric.panel is not None else 0
    return max(0, needed - len(sheet.sheets))


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
