"""Room for points: what `Room` says a total gains is what it gains on a sheet with full marks."""

from decimal import Decimal

import pytest
from tests.support.drawn import draw

from epa_score.model import ScoreSheet
from epa_score.scoring import rank, score
from epa_score.scoring.room import Room


def raised(sheet: ScoreSheet, caps: dict[str, Decimal]) -> ScoreSheet:
    """The sheet with full marks in some items, as somebody would write them."""
    scores = dict(sheet.scores) | caps
    return ScoreSheet.model_validate(sheet.model_dump(exclude_unset=True) | {"scores": scores})


@pytest.mark.parametrize("start", range(0, 60, 15))
def test_the_gain_is_that_of_a_sheet_with_full_marks(start: int) -> None:
    tried = 0
    for seed in range(start, start + 15):
        drawn = draw(seed, unscored=0.2 if seed % 3 == 0 else 0)
        for _, result in drawn.ranking.everybody:
            sheet = drawn.sheets[result.unit]
            scope = drawn.rubric.scope(sheet.unit)
            assert scope is not None
            room = Room(drawn.rubric, sheet, result)
            gains = {item: gain for item, gain in room.gains.items() if item not in scope.rules}
            both = list(gains)[:2]
            for items in (*([item] for item in gains), both):
                other = raised(sheet, {item: scope.caps[item] for item in items})
                results = [
                    score(drawn.rubric, other if own == result.unit else drawn.sheets[own])
                    for own in drawn.sheets
                ]
                again = rank(drawn.rubric, results, provisional=True)
                (total,) = (own.total for _, own in again.everybody if own.unit == result.unit)
                assert total - result.total == room.gain_with(items), (seed, result.unit, items)
                tried += 1
    assert tried > 20
