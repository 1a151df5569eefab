"""Numbers of counted occurrences that change no points, at their bounds."""

from decimal import Decimal

import pytest

from epa_score.rules.each import counts_without_effect


@pytest.mark.parametrize(
    ("per", "most", "fields"),
    [
        (None, None, []),
        ("0", None, ["per"]),
        ("1", None, ["per"]),
        ("1.5", None, ["per"]),
        ("2.5", None, ["per"]),
        ("2", None, []),
        ("3", None, []),
        (None, "0", ["possible"]),
        (None, "0.5", ["possible"]),
        (None, "1", []),
        (None, "2", []),
        ("1", "1.5", ["per", "possible"]),
    ],
)
def test_steps_are_above_one_and_limits_above_none(
    per: str | None, most: str | None, fields: list[str]
) -> None:
    each = (("走访", Decimal(1)), ("宣传", Decimal("0.5")))
    given = (None if number is None else Decimal(number) for number in (most, per))
    found = [amount.keys for amount in counts_without_effect(each, *given)]
    assert found == [(field,) for field in fields]


def test_occurrences_worth_nothing_are_named() -> None:
    each = (("走访", Decimal(1)), ("宣传", Decimal(0)))
    found = [(amount.keys, amount.points) for amount in counts_without_effect(each, None, None)]
    assert found == [(("each", "宣传"), Decimal(0))]
