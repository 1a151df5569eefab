"""What a result says of its units, as far as a later result is compared with it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from epa_score.model import Rubric, Scope, ScoreSheet
from epa_score.model.check_code import code_of_method, code_of_rule
from epa_score.model.ranked import Ranked
from epa_score.scoring.points import points_of
from epa_score.scoring.rank import Ranking, Ties
from epa_score.scoring.result import Result


class ItemTerms(NamedTuple):
    """What an item is about: points of it are compared with those of the same terms alone."""

    text: str
    cap: Decimal
    rule: str = ""
    """The code of the rule that its points follow from, if any."""
    treatment: str = ""
    """The way in which it counts for a unit to which it does not apply, if it need not apply."""
    section: str = ""
    """The id of the section that its points are added to."""

    def is_like(self, other: "ItemTerms") -> bool:
        """True where only blanks and ends of lines differ, which change no meaning.

        The treatment of an item that does not apply changes nothing where it does, and its section
        nothing of its own points.
        """
        return "".join(self.text.split()) == "".join(other.text.split()) and (
            (self.cap, self.rule) == (other.cap, other.rule)
        )


class UnitSnapshot(NamedTuple):
    """What a result says of one unit."""

    unit: str
    group: str = ""
    """The group of units that its rank is in."""
    rank: int | None = None
    """The rank; ``None`` where a veto excludes the unit, and where it is left out."""
    total: Decimal | None = None
    """The total; ``None`` where the unit is left out."""
    terms: Mapping[str, ItemTerms] = {}
    """The terms of the items that it is scored on, in the order of the rubric."""
    points: Mapping[str, Decimal] = {}
    """The points of the items that apply."""
    inapplicable: tuple[str, ...] = ()
    """The items that do not apply."""
    adjusted: Mapping[str, Decimal] = {}
    """The points of all bonuses and of all penalties, where there are any."""


class Snapshot(NamedTuple):
    """What a result says by one rubric, or of one composite result."""

    rubric: str
    """The id of the rubric, or the title of the composite result."""
    title: str
    period: str | None
    ties: Ties
    tie_break: str
    """The ids that units with equal totals are compared by, with blanks between them."""
    method: str
    """The code of how totals are made of points; empty for a composite result."""
    units: tuple[UnitSnapshot, ...] = ()
    """The units in the order of the result, those that are left out last."""
    is_provisional: bool = False

    @property
    def is_composite(self) -> bool:
        """True for a composite result, whose sources may be by other rubrics than before."""
        return not self.method


def head_of(ranked: Ranked, ranking: Ranking) -> Snapshot:
    """The snapshot of a ranking without its units."""
    method = code_of_method(ranked) if isinstance(ranked, Rubric) else ""
    period = ranking.period if method else None
    return Snapshot(
        rubric=ranked.id,
        title=ranked.title,
        period=period,
        ties=ranking.ties,
        tie_break=" ".join(ranking.tie_break),
        method=method,
        is_provisional=ranking.provisional,
    )


def terms_of(scope: Scope) -> dict[str, ItemTerms]:
    """The terms of the items that a unit is scored on."""
    return {
        name: ItemTerms(
            item.text, item.max, code_of_rule(item), item.not_applicable or "", scope.homes[name]
        )
        for name, item in scope.items.items()
    }


def snapshot_of(
    ranked: Ranked,
    ranking: Ranking,
    sheets: Mapping[str, ScoreSheet] | None = None,
    left_out: Sequence[str] = (),
) -> Snapshot:
    """The snapshot of a ranking, with the units that are ``left_out`` of it.

    A composite result has no ``sheets``, and no items.
    """
    shared: dict[int, dict[str, ItemTerms]] = {}
    units = []
    for rank, result in ranking.everybody:
        own = UnitSnapshot(result.unit, ranking.group, rank, result.total)
        if isinstance(ranked, Rubric) and sheets is not None:
            own = _with_items(own, ranked, result, sheets[result.unit], shared)
        units.append(own)
    units += [UnitSnapshot(unit, ranking.group) for unit in left_out]
    return head_of(ranked, ranking)._replace(units=tuple(units))


def _with_items(
    own: UnitSnapshot,
    rubric: Rubric,
    result: Result,
    sheet: ScoreSheet,
    shared: dict[int, dict[str, ItemTerms]],
) -> UnitSnapshot:
    """The snapshot of a unit with its items; those with the same scope share their terms."""
    scope = rubric.scope(result.unit)
    if scope is None:
        return own
    if id(scope) not in shared:
        shared[id(scope)] = terms_of(scope)
    out = tuple(entry.item for entry in result.inapplicable)
    given = points_of(rubric, sheet, result)
    known = {name: given.get(name) for name in scope.items if name not in out}
    ways = rubric.adjustments.lists() if rubric.adjustments is not None else ()
    return own._replace(
        terms=shared[id(scope)],
        points={name: points for name, points in known.items() if points is not None},
        inapplicable=out,
        adjusted={way: getattr(result.adjusted, way) for way, _ in ways},
    )


def joined(snapshots: Sequence[Snapshot]) -> Snapshot:
    """One snapshot of the units of all groups that a rubric ranks."""
    return snapshots[0]._replace(units=tuple(unit for own in snapshots for unit in own.units))
