"""Points in whole grains, which are added up the short way."""

from decimal import Decimal

import pytest

from epa_score.values import points
from epa_score.values.points import OFF_GRAIN, Grains


def test_grains_are_whole_numbers_of_the_smallest_step() -> None:
    grains = Grains(Decimal("0.5"))
    assert [grains[text] for text in ("0", "3", "2.5", "2.50")] == [0, 6, 5, 5]
    assert [grains.points(number) for number in (0, 5, 6)] == [0, Decimal("2.5"), 3]
    assert str(grains.points(6)) == "3"
    assert grains.points(5) is grains.points(5)


@pytest.mark.parametrize("text", ["0.25", "", "3.", "-1", "1e1", "８", "0.0000000001"])
def test_what_is_not_on_the_grain_is_more_than_any_cap(text: str) -> None:
    grains = Grains(Decimal("0.5"))
    assert grains[text] == OFF_GRAIN
    assert text not in grains


def test_few_texts_are_kept() -> None:
    grains = Grains(Decimal("0.01"))
    for number in range(10_000):
        text = f"{number}.5"
        assert grains.points(grains[text]) == Decimal(text)
    assert 0 < len(grains) <= 4096


def test_as_many_are_kept_as_there_is_room_for_and_then_they_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(points, "_MOST_TEXTS", 3)
    grains = Grains(Decimal("0.5"))
    kept = [(grains[text], len(grains)) for text in ("1", "2", "2.5", "1", "3", "3.5")]
    assert kept == [(2, 1), (4, 2), (5, 3), (2, 3), (6, 1), (7, 2)]
    first = grains.points(1)
    assert [grains.points(number) for number in (2, 3)] == [1, Decimal("1.5")]
    assert grains.points(1) is first
    assert grains.points(4) == 2
    assert grains.points(1) is not first


def test_texts_of_grains_have_no_needless_zeros_and_are_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(points, "_MOST_TEXTS", 3)
    grains = Grains(Decimal("0.5"))
    numbers = (0, 5, 6, 200, 1, 5)
    assert [grains.text(number) for number in numbers] == ["0", "2.5", "3", "100", "0.5", "2.5"]
