"""Steps of more than 1, lower is better, and numbers that begin somewhere.

Points computed by hand; and for any rule and any facts the working ends at the points.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rubrics import worked, working_of

from epa_score.i18n import Words
from epa_score.reports.workings import working_text
from epa_score.rules.item_rule import Rules
from epa_score.rules.rule import Working
from epa_score.values.facts import read_facts

TEN = Decimal(10)
NUMBERS = st.decimals(0, 500, places=2)
POSITIVE = st.decimals(Decimal("0.01"), 500, places=2)
EACH = st.integers(1, 40).map(lambda grains: Decimal(grains) / 4)


def worked_out(rule: object, cap: Decimal = TEN, **facts: object) -> tuple[str, str]:
    """The points and the working of a rule, in words."""
    found = working_of(rule, cap, **facts)
    assert found is not None
    return str(found.points), working_text(found, Words("en"))


@pytest.mark.parametrize(
    ("facts", "points", "said"),
    [
        ({"done": 0}, "10", "0, no more than 30: 10"),
        ({"done": 30}, "10", "30, no more than 30: 10"),
        ({"done": 40}, "7.5", "30 / 40 x 10 = 7.5"),
        ({"done": 45}, "6.67", "30 / 45 x 10, rounded to 6.67"),
    ],
)
def test_ratio_where_lower_is_better(facts: dict[str, Any], points: str, said: str) -> None:
    found, text = worked_out({"ratio": {"target": 30, "lower": "true"}}, **facts)
    assert (Decimal(found), text) == (Decimal(points), said)


def test_ratio_with_a_target_of_0_of_its_own() -> None:
    rule = {"ratio": {"lower": "true"}}
    assert worked(rule, TEN, done=0, target=0) == 10
    assert worked(rule, TEN, done=2, target=0) == 0
    below = {"ratio": {"lower": "true", "target": 30, "below": 8}}
    assert [worked(below, TEN, done=done) for done in (30, 40)] == [10, 6]


@pytest.mark.parametrize(
    ("rule", "value", "points", "said"),
    [
        ({"count": {"each": 1, "per": 3}}, 7, "2", "7 / 3, whole steps: 2; 2 x 1 = 2"),
        ({"count": {"each": 1, "per": 3}}, 2, "0", "2 / 3, whole steps: 0; 0 x 1 = 0"),
        (
            {"count": {"each": 4, "per": 3}},
            9,
            "10",
            "9 / 3, whole steps: 3; 3 x 4 = 12; 10 at most",
        ),
        ({"deduct": {"each": 2, "per": 5}}, 14, "6", "14 / 5, whole steps: 2; 10 - 2 x 2 = 6"),
        (
            {"target": {"target": 90, "under": 1, "per": 3, "steps": "whole"}},
            85,
            "9",
            "5 / 3, whole steps: 1; 10 - 1 x 1 = 9",
        ),
        (
            {"target": {"target": 90, "under": 1, "per": 3, "steps": "proportion"}},
            85,
            "8.33",
            "10 - 5 / 3 x 1; rounded to 8.33",
        ),
        (
            {"target": {"target": 90, "under": 1, "per": 4, "steps": "proportion"}},
            85,
            "8.75",
            "10 - 5 / 4 x 1 = 8.75",
        ),
        (
            {"target": {"target": 90, "under": 1, "per": 3, "steps": "proportion"}},
            50,
            "0",
            "10 - 40 / 3 x 1; 0 at least",
        ),
        (
            {"target": {"target": 90, "under": 1, "steps": "whole"}},
            "87.5",
            "8",
            "2.5 / 1, whole steps: 2; 10 - 2 x 1 = 8",
        ),
        (
            {"target": {"target": 90, "under": 1, "over": 1, "per": "0.5", "steps": "whole",
                        "points": 8}},
            "90.9",
            "9",
            "0.9 / 0.5, whole steps: 1; 8 + 1 x 1 = 9",
        ),
        (
            {"target": {"target": 30, "lower": "true", "over": "0.5"}},
            34,
            "8",
            "10 - 4 x 0.5 = 8",
        ),
        ({"target": {"target": 30, "lower": "true", "over": 1}}, 12, "10", "10 + 18 x 0 = 10"),
        ({"target": {"target": 30, "lower": "true", "over": 1}}, 30, "10", "target 30 met: 10"),
        (
            {"target": {"target": 30, "lower": "true", "over": 1, "under": "0.5", "points": 8}},
            27,
            "9.5",
            "8 + 3 x 0.5 = 9.5",
        ),
        (
            {"target": {"target": 0, "lower": "true", "over": 1, "per": 2, "steps": "whole"}},
            5,
            "8",
            "5 / 2, whole steps: 2; 10 - 2 x 1 = 8",
        ),
    ],
)  # fmt: skip
def test_points_are_as_computed_by_hand(
    rule: object, value: object, points: str, said: str
) -> None:
    found, text = worked_out(rule, value=value)
    assert (Decimal(found), text) == (Decimal(points), said)


@given(NUMBERS, POSITIVE, EACH, EACH)
def test_lower_is_the_mirror_of_higher(
    number: Decimal, target: Decimal, worse: Decimal, better: Decimal
) -> None:
    lower = {"target": target, "over": worse, "under": better, "points": 5, "lower": "true"}
    mirrored = 2 * target - number
    points = worked({"target": lower}, TEN, value=number)
    if mirrored >= 0:
        higher = {"target": target, "under": worse, "over": better, "points": 5}
        assert points == worked({"target": higher}, TEN, value=mirrored)
    assert points is not None
    more = worked({"target": lower}, TEN, value=number + 1)
    assert more is not None
    assert more <= points <= TEN


@given(POSITIVE, POSITIVE, POSITIVE)
def test_a_lower_ratio_is_the_share_of_the_target(
    done: Decimal, target: Decimal, more: Decimal
) -> None:
    rule = {"ratio": {"target": target, "lower": "true"}}
    points = worked(rule, TEN, done=done)
    assert points is not None
    exact = min(Fraction(10), Fraction(target) / Fraction(done) * 10)
    assert abs(Fraction(points) - exact) <= Fraction(1, 200)
    after = worked(rule, TEN, done=done + more)
    assert after is not None
    assert after <= points


@given(st.integers(0, 300), st.integers(2, 9), EACH)
def test_only_whole_steps_count(number: int, per: int, each: Decimal) -> None:
    counted = worked({"count": {"each": each, "per": per}}, TEN, value=number)
    assert counted == min(TEN, number // per * each)
    deducted = worked({"deduct": {"each": each, "per": per}}, TEN, value=number)
    assert deducted == max(Decimal(0), TEN - number // per * each)


# --- any rule, any facts -----------------------------------------------------------------------

POINTS = st.integers(0, 40).map(lambda grains: Decimal(grains) / 4)
WHOLE = st.integers(0, 30)


@st.composite
def targets(draw: st.DrawFn) -> dict[str, object]:
    per = draw(st.none() | st.decimals(Decimal("0.5"), 7, places=1))
    given: dict[str, object] = {
        "target": draw(POSITIVE),
        "under": draw(POINTS),
        "over": draw(POINTS),
        "points": draw(POINTS),
        "floor": draw(st.sampled_from([Decimal(0), Decimal(1)])),
        "limit": draw(st.sampled_from([TEN, Decimal(12)])),
        "lower": draw(st.sampled_from(["true", "false"])),
    }
    given |= {} if per is None else {"per": per}
    steps = draw(st.sampled_from(["whole", "proportion"] + [""] * (per is None)))
    return given | ({"steps": steps} if steps else {})


RULES: st.SearchStrategy[Mapping[str, object]] = st.one_of(
    st.builds(lambda **own: {"count": own}, each=POINTS, per=st.integers(2, 9)),
    st.builds(lambda **own: {"count": own}, each=st.just({"甲": Decimal(1), "乙": Decimal(2)})),
    st.builds(lambda **own: {"deduct": own}, each=POINTS, floor=POINTS),
    st.builds(lambda **own: {"deduct": own}, each=POINTS, per=st.integers(2, 9)),
    st.builds(lambda **own: {"ratio": own}, lower=st.sampled_from(["true", "false"]), below=POINTS),
    st.builds(lambda **own: {"levels": own}, 优=POINTS, 差=POINTS),
    st.builds(
        lambda bounds, points: {
            "brackets": [
                {"at_least": bound, "points": one}
                for bound, one in zip(sorted(bounds), sorted(points), strict=True)
            ]
        },
        st.lists(WHOLE, min_size=3, max_size=3, unique=True),
        st.lists(POINTS, min_size=3, max_size=3),
    ),
    st.builds(lambda names: {"all_or_nothing": {"all": names}}, st.just(["甲", "乙"])),
    st.builds(lambda own: {"target": own}, targets()),
    st.builds(lambda own: {"target": own, "hard_zero": ["虚报"]}, targets()),
)


def end_of(working: Working) -> object:
    """The number at which a working ends."""
    *_, last = working.steps
    return last.parts.get("result", last.parts.get("bound", 0 if "names" in last.parts else None))


@given(RULES, st.data())
def test_a_working_ends_at_the_points(rule: Mapping[str, object], data: st.DataObject) -> None:
    kinds = {
        "count": WHOLE,
        "number": NUMBERS,
        "choice": st.sampled_from(["优", "差"]),
        "yes_no": st.sampled_from(["是", "否"]),
    }
    shaped = Rules.model_validate(rule)
    facts = {fact.name: data.draw(kinds[fact.kind]) for fact in shaped.facts}
    if read_facts(shaped.facts, {name: str(value) for name, value in facts.items()}).faults:
        facts = {name: 1 if isinstance(value, Decimal) else value for name, value in facts.items()}
    found = working_of(rule, TEN, **facts)
    assert found is not None
    assert found.points == end_of(found)
    said = working_text(found, Words("en"))
    assert "{" not in said
    assert said


@given(RULES, st.integers(0, 99).map(lambda tenths: Decimal(tenths) + Decimal("0.5")))
def test_whatever_is_counted_is_whole(rule: Mapping[str, object], number: Decimal) -> None:
    facts = [fact for fact in Rules.model_validate(rule).facts if fact.kind == "count"]
    _, faults = read_facts(facts, {fact.name: str(number) for fact in facts})
    assert [fault.error.type for fault in faults] == ["fact_not_whole"] * len(facts)


@pytest.mark.parametrize(
    ("value", "kind"), [("0", "fact_below_beginning"), ("0.5", "fact_below_beginning")]
)
def test_brackets_of_ranks_begin_at_1(value: str, kind: str) -> None:
    ranks = [{"at_least": 1, "points": 10}, {"at_least": 4, "points": 6}]
    rule = Rules.model_validate({"brackets": ranks})
    (fault,) = read_facts(rule.facts, {"value": value}).faults
    assert fault.error.type == kind
    assert [worked({"brackets": ranks}, TEN, value=rank) for rank in (1, 3, 4, 99)] == [
        10,
        10,
        6,
        6,
    ]
    assert worked({"brackets": ranks[::-1]}, TEN, value=4) == 6
