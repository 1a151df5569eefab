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
        self._caps: Mapping[str, Decimal] = {}
        by_total = rubric.panel is not None and rubric.panel.by == "total"
        if not by_total:
            self._caps = {
                name: cap
                for name, cap in scope.caps.items()
                if name not in treated and scope.treatments.get(name) != "peer_mean"
            }

    @property
    def is_known(self) -> bool:
        """False where the total does not follow from the points of items.

        That is so where the totals of several assessors are combined.
        """
        return bool(self._caps)

    @property
    def gains(self) -> dict[str, Decimal]:
        """The points that the total gains by full marks in each item, where it gains any.

        Limits of sections, scaling, bonuses and conditions are taken into account. An item of which
        others have the mean is none of them: with it their totals would change as well.
        """
        short = (name for name, cap in self._caps.items() if self._given.get(name, 0) < cap)
        found = {name: self.gain_with([name]) for name in short}
        return {name: gain for name, gain in found.items() if gain > 0}

    def gain_with(self, items: Iterable[str]) -> Decimal:
        """The points that the total gains by full marks in all of some items."""
        with exactly():
            return self._total_with({name: self._caps[name] for name in items}) - self._result.total

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
