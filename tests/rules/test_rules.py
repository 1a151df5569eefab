"""Each rule for any facts: within its bounds, monotone, and the figure that its text says."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import get_args, get_type_hints

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.rubrics import worked

from epa_score.rules.count import Count
from epa_score.rules.deduct import Deduct
from epa_score.values.facts import Fact

CAPS = st.integers(1, 4000).map(lambda grains: Decimal(grains) / 4)
POINTS = st.integers(0, 4000).map(lambda grains: Decimal(grains) / 4)
COUNTS = st.integers(0, 200)
NUMBERS = st.decimals(0, 10_000, places=3)
POSITIVE = st.decimals(Decimal("0.001"), 10_000, places=3)
Points = Callable[..., Decimal]


def sure(rule: object, cap: Decimal, **facts: object) -> Decimal:
    points = worked(rule, cap, **facts)
    assert points is not None
    return points


def half_up(number: Fraction) -> Fraction:
    """To two decimals, worked out in another way than the tool does."""
    whole, rest = divmod(number * 100, 1)
    return Fraction(int(whole) + (rest >= Fraction(1, 2)), 100)


@given(CAPS, POINTS, POINTS, COUNTS, st.integers(0, 9))
def test_deduct_takes_off_so_much_each_down_to_the_floor(
    cap: Decimal, each: Decimal, floor: Decimal, times: int, more: int
) -> None:
    assume(floor <= cap)
    rule = {"deduct": {"each": each, "floor": floor}}
    points = sure(rule, cap, value=times)
    assert points == max(cap - times * each, floor)
    assert floor <= sure(rule, cap, value=times + more) <= points <= cap
    assert sure({"deduct": {"each": each}}, cap, value=times) == max(cap - times * each, 0)


@given(CAPS, POINTS, POINTS, COUNTS, COUNTS)
def test_deduct_adds_up_several_kinds_of_occurrences(
    cap: Decimal, late: Decimal, missing: Decimal, times: int, others: int
) -> None:
    rule = {"deduct": {"each": {"迟报": late, "缺报": missing}}}
    points = sure(rule, cap, 迟报=times, 缺报=others)
    assert points == max(cap - times * late - others * missing, 0)


@given(CAPS, POINTS, COUNTS, st.integers(0, 9))
def test_count_gives_so_much_each_up_to_the_cap(
    cap: Decimal, each: Decimal, number: int, more: int
) -> None:
    rule = {"count": {"each": each}}
    points = sure(rule, cap, value=number)
    assert points == min(number * each, cap)
    assert 0 <= points <= sure(rule, cap, value=number + more) <= cap


@given(CAPS, NUMBERS, POSITIVE, NUMBERS)
def test_ratio_is_the_share_that_was_done_rounded_once(
    cap: Decimal, done: Decimal, target: Decimal, more: Decimal
) -> None:
    points = sure({"ratio": {}}, cap, done=done, target=target)
    assert points == half_up(min(Fraction(done) / Fraction(target), Fraction(1)) * Fraction(cap))
    assert 0 <= points <= sure({"ratio": {}}, cap, done=done + more, target=target) <= cap
    assert sure({"ratio": {}}, cap, done=done, target=target + more) <= points
    assert sure({"ratio": {"target": target}}, cap, done=done) == points


@given(CAPS, POINTS, NUMBERS, POSITIVE, NUMBERS)
def test_ratio_below_the_target_may_be_a_share_of_less(
    cap: Decimal, below: Decimal, done: Decimal, target: Decimal, more: Decimal
) -> None:
    assume(below <= cap)
    rule = {"ratio": {"below": below}}
    points = sure(rule, cap, done=done, target=target)
    share = half_up(Fraction(done) / Fraction(target) * Fraction(below))
    assert points == (cap if done >= target else share)
    assert 0 <= points <= sure(rule, cap, done=done + more, target=target) <= cap


@given(CAPS, st.dictionaries(st.sampled_from("优良中差"), POINTS, min_size=1))
def test_levels_have_the_points_that_are_stated(cap: Decimal, levels: dict[str, Decimal]) -> None:
    assume(max(levels.values()) <= cap)
    for level, points in levels.items():
        assert sure({"levels": levels}, cap, level=level) == points <= cap


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 10), min_size=6, max_size=6),
    NUMBERS,
    NUMBERS,
)
def test_brackets_include_their_lower_bound_and_keep_the_order(
    bounds: list[int], points: list[int], number: Decimal, more: Decimal
) -> None:
    steps = list(zip(sorted(bounds), sorted(points), strict=False))
    rising = {"brackets": [{"at_least": bound, "points": one} for bound, one in steps]}
    falling = {"brackets": rising["brackets"][::-1]}
    cap = Decimal(10)
    found = sure(rising, cap, value=number)
    assert found == sure(falling, cap, value=number)
    assert found == max((one for bound, one in steps if bound <= number), default=0)
    assert 0 <= found <= sure(rising, cap, value=number + more) <= cap
    for bound, one in steps:
        assert sure(rising, cap, value=bound) == one


@pytest.mark.parametrize(("which", "enough"), [("all", all), ("any", any)])
@given(cap=CAPS, so=st.booleans(), shops=NUMBERS, bound=NUMBERS)
def test_all_or_nothing_is_the_cap_or_nothing(
    which: str,
    enough: Callable[[list[bool]], bool],
    cap: Decimal,
    so: bool,
    shops: Decimal,
    bound: Decimal,
) -> None:
    rule = {"all_or_nothing": {which: ["有方案", {"name": "网店", "at_least": bound}]}}
    points = sure(rule, cap, 有方案="是" if so else "否", 网店=shops)
    assert points == (cap if enough([so, shops >= bound]) else 0)
    assert sure(rule, cap, 有方案="yes", 网店=shops) >= points
    assert sure(rule, cap, 有方案="no", 网店=shops) <= points


@given(CAPS, NUMBERS, POINTS, POINTS, NUMBERS, NUMBERS, st.data())
def test_target_gives_more_above_and_less_below(
    cap: Decimal,
    target: Decimal,
    under: Decimal,
    over: Decimal,
    number: Decimal,
    more: Decimal,
    data: st.DataObject,
) -> None:
    floor = data.draw(st.integers(0, int(cap)).map(Decimal))
    limit = data.draw(st.integers(int(cap) + 1, int(cap) + 50).map(Decimal))
    rule = {"target": {"target": target, "under": under, "over": over, "floor": floor}}
    points = sure(rule, cap, value=number)
    distance = Fraction(number) - Fraction(target)
    exact = Fraction(cap) + distance * Fraction(over if distance > 0 else under)
    assert points == half_up(min(max(exact, Fraction(floor)), Fraction(cap)))
    assert floor <= points <= sure(rule, cap, value=number + more) <= cap
    rule["target"]["limit"] = limit
    beyond = sure(rule, cap, value=number)
    assert beyond == half_up(min(max(exact, Fraction(floor)), Fraction(limit)))
    assert points <= beyond <= limit


@given(CAPS, COUNTS)
def test_hard_zero_comes_before_every_rule(cap: Decimal, times: int) -> None:
    plain = {"deduct": {"each": "0.25"}}
    rule = {**plain, "hard_zero": ["虚报", "瞒报"]}
    assert worked(rule, cap, value=times, 虚报="否", 瞒报="否") == worked(plain, cap, value=times)
    assert worked(rule, cap, value=times, 虚报="否", 瞒报="是") == 0
    assert worked(rule, cap, 虚报="是") == 0
    assert worked(rule, cap, value=times, 虚报="否") is None


@given(CAPS)
def test_hard_zero_alone_leaves_the_points_of_a_person(cap: Decimal) -> None:
    rule = {"hard_zero": ["虚报"]}
    assert worked(rule, cap, score=cap, 虚报="否") == cap
    assert worked(rule, cap, score=cap, 虚报="是") == 0
    assert worked(rule, cap, score=cap) is None
    assert worked(rule, cap, 虚报="否") is None


@pytest.mark.parametrize(
    ("each", "keys", "names"),
    [
        ("0", [("each",)], []),
        ({"迟报": "0"}, [("each", "迟报")], ["迟报"]),
        ({"迟报": "0", "缺报": "0"}, [("each", "迟报"), ("each", "缺报")], ["迟报", "缺报"]),
    ],
)
def test_points_for_each_are_found_where_they_stand(
    each: object, keys: list[tuple[str, ...]], names: list[str]
) -> None:
    for rule in (Deduct.model_validate({"each": each}), Count.model_validate({"each": each})):
        assert [amount.keys for amount in rule.without_effect(Decimal(9))] == keys
        assert [named.name for named in rule.names()] == names


def test_the_label_of_a_fact_says_what_is_asked_for() -> None:
    kinds = get_args(get_type_hints(Fact)["kind"])
    assert len(kinds) > 3
    keys = {kind: Fact("虚报", kind).label.words_key for kind in kinds}
    assert keys.pop("points") == "form.score"
    assert keys.pop("whole") == keys["number"]
    assert keys == {kind: f"fact.虚报_{kind}" for kind in keys}
    assert Fact("虚报", "yes_no").label == "虚报"
