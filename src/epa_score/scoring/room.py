"""Room for points: what the total of a unit would gain with full marks in some of its items."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from epa_score.model import Rubric, ScoreSheet, exactly
from epa_score.scoring.adjustments import with_adjustments
from epa_score.scoring.conditions import with_conditions
from epa_score.scoring.points import points_of
from epa_score.scoring.result import Result
from epa_score.scoring.score import require_scope, sum_points


class Room:
    """The points that a unit can still gain, as long as nothing else changes."""

    def __init__(self, rubric: Rubric, sheet: ScoreSheet, result: Result) -> None:
        """Look at the ``result`` that a ranking has of a ``sheet``."""
        self._rubric, self._result = rubric, result
        scope = require_scope(rubric, sheet)
        points = points_of(rubric, sheet, result)
        treated = {entry.item for entry in result.inapplicable}
        self._given = {
            name: given
            for name, given in points.items()
            if given is not None and name not in treated
        }
        self._scope = scope
        self._short = {
            name: cap
            for name, cap in scope.caps.items()
            if name not in treated and self._given.get(name, 0) < cap
        }

    @property
    def is_known(self) -> bool:
        """False where the total does not follow from the points of items.

        That is so where the totals of several assessors are combined.
        """
        panel = self._rubric.panel
        return panel is None or panel.by != "total"

    @property
    def apart(self) -> list[str]:
        """The items without full marks of which others have the mean.

        They are not among the ``gains``: with them the totals of others would change as well.
        """
        treatments = self._scope.treatments
        return [name for name in self._short if treatments.get(name) == "peer_mean"]

    @property
    def beyond(self) -> list[str]:
        """The items in which the unit could have more than full marks, and more than it has."""
        treated = {entry.item for entry in self._result.inapplicable}
        return [
            name
            for name, most in self._scope.most.items()
            if name not in treated and max(self._given.get(name, 0), self._scope.caps[name]) < most
        ]

    @property
    def gains(self) -> dict[str, Decimal]:
        """The points that the total gains by full marks in each item alone that has less.

        Limits of sections, scaling, bonuses and conditions are taken into account: items that gain
        nothing alone may do so together.
        """
        apart = self.apart
        return {name: self.gain_with([name]) for name in self._short if name not in apart}

    def gain_with(self, items: Iterable[str]) -> Decimal:
        """The points that the total gains by full marks in all of some items."""
        total = self._total_with({name: self._short[name] for name in items})
        with exactly():
            return total - self._result.total

    def _total_with(self, points: Mapping[str, Decimal]) -> Decimal:
        """The total with other ``points`` in some items."""
        rubric, result = self._rubric, self._result
        with exactly():
            made = sum_points(
                rubric, self._scope, result, {**self._given, **points}, result.inapplicable
            )
            if result.adjusted is not None:
                _, bonus, penalty = result.adjusted
                made = with_adjustments(made, bonus, penalty)
        stated = tuple(vetoed for vetoed in result.vetoes if vetoed.veto.when is None)
        made = made._replace(vetoes=stated, out_of=result.out_of)
        return with_conditions(rubric, made).total
