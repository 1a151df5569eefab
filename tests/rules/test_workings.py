"""What a working says follows from the facts: every number, what binds, and what is rounded.

The sentences are made here once more, in English, out of the figures that the documents give.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import example, given
from tests.support.drawn_items import ruled_items
from tests.support.independent_scorer import half_up, item_points, number
from tests.support.rubrics import working_of

from epa_score.i18n import Words
from epa_score.reports.workings import working_text

ENGLISH, CHINESE = Words("en"), Words("zh_CN")
DECIMALS = 2
NUMBER = re.compile(r"\d+(?:\.\d+)?")

Plain = Mapping[str, Any]


def said(value: object) -> str:
    """A number as it is shown: exact, without needless zeros."""
    exact = Fraction(str(value)) if not isinstance(value, Fraction) else value
    text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def terms_of(rule: Plain, facts: Plain) -> Mapping[str, tuple[Fraction, object]]:
    """What counts, by name: how often, in whole steps, and the points for each."""
    if isinstance(rule["each"], Mapping):
        return {name: (number(facts[name]), own) for name, own in rule["each"].items()}
    return {"value": (Fraction(number(facts["value"]) // number(rule.get("per", 1))), rule["each"])}


def whole_steps(distance: object, per: object) -> str:
    return f"{said(distance)} / {said(per)}, whole steps: {number(distance) // number(per)}"


def products(rule: Plain, facts: Plain, sign: str) -> str:
    terms = [f"{said(often)} x {said(own)}" for often, own in terms_of(rule, facts).values()]
    return f" {sign} ".join(terms)


def taken(rule: Plain, facts: Plain) -> Fraction:
    terms = terms_of(rule, facts).values()
    return sum((often * number(own) for often, own in terms), Fraction(0))


def deduct(rule: Plain, facts: Plain, cap: Fraction) -> Iterator[str]:
    if "judged" in rule:
        yield f"{said(cap)} - {said(facts['deducted'])} = {said(cap - number(facts['deducted']))}"
        return
    if "per" in rule:
        yield whole_steps(facts["value"], rule["per"])
    left, floor = cap - taken(rule, facts), number(rule.get("floor", 0))
    yield f"{said(cap)} - {products(rule, facts, '-')} = {said(left)}"
    if left < floor:
        yield f"{said(floor)} at least"


def count(rule: Plain, facts: Plain, cap: Fraction) -> Iterator[str]:
    if "per" in rule:
        yield whole_steps(facts["value"], rule["per"])
    reached = taken(rule, facts)
    yield f"{products(rule, facts, '+')} = {said(reached)}"
    if reached > cap:
        yield f"{said(cap)} at most"


def ratio(rule: Plain, facts: Plain, cap: Fraction) -> Iterator[str]:
    done, target = number(facts["done"]), number(rule.get("target", facts.get("target")))
    below = number(rule.get("below", cap))
    if rule.get("lower"):
        better, worse, reached = target, done, f"{said(done)}, no more than {said(target)}"
    else:
        better, worse, reached = done, target, f"{said(done)} / {said(target)}, target reached"
    share = f"{said(better)} / {said(worse)}"
    if better >= worse:
        yield f"{reached}: {said(cap)}"
        return
    exact = better / worse * below
    points = half_up(exact, DECIMALS)
    if exact == points:
        yield f"{share} x {said(below)} = {said(points)}"
    else:
        yield f"{share} x {said(below)}, rounded to {said(points)}"


def levels(rule: Plain, facts: Plain, _cap: Fraction) -> Iterator[str]:
    yield f"{facts['level']}: {said(rule[facts['level']])}"


def brackets(rule: list[Plain], facts: Plain, _cap: Fraction) -> Iterator[str]:
    value = number(facts["value"])
    by_bound = {number(line["at_least"]): number(line["points"]) for line in rule}
    reached = [bound for bound in by_bound if bound <= value]
    if reached:
        yield f"{said(value)}, at least {said(max(reached))}: {said(by_bound[max(reached)])}"
    else:
        yield f"{said(value)}, below {said(min(by_bound))}: 0"


def all_or_nothing(rule: Plain, facts: Plain, cap: Fraction) -> Iterator[str]:
    (conditions,) = rule.values()
    holds = {}
    for condition in conditions:
        if isinstance(condition, str):
            holds[condition] = facts[condition] == "是"
        else:
            name = condition["name"]
            holds[name] = number(facts[name]) >= number(condition["at_least"])
    met = all(holds.values()) if "all" in rule else any(holds.values())
    names = ", ".join(name for name, so in holds.items() if so == met)
    yield f"met: {names}: {said(cap)}" if met else f"not met: {names}: 0"


def target(rule: Plain, facts: Plain, cap: Fraction) -> Iterator[str]:
    value, aim, per = number(facts["value"]), number(rule["target"]), number(rule.get("per", 1))
    start = number(rule.get("points", cap))
    each = number(rule.get("over" if value > aim else "under", 0))
    distance = abs(value - aim)
    sign = "-" if (value > aim) == bool(rule.get("lower")) else "+"
    is_whole = rule.get("steps") == "whole"
    steps = Fraction(distance // per) if is_whole else distance / per
    reached = start + (steps * each if sign == "+" else -steps * each)
    if value == aim:
        yield f"target {said(aim)} met: {said(start)}"
    elif is_whole:
        yield whole_steps(distance, per)
        yield f"{said(start)} {sign} {said(steps)} x {said(each)} = {said(reached)}"
    else:
        share = f" / {said(per)}" if "per" in rule else ""
        ends = 10**30 % reached.denominator == 0
        result = f" = {said(reached)}" if ends else ""
        yield f"{said(start)} {sign} {said(distance)}{share} x {said(each)}{result}"
    floor, limit = number(rule.get("floor", 0)), number(rule.get("limit", cap))
    if reached < floor:
        yield f"{said(floor)} at least"
    elif reached > limit:
        yield f"{said(limit)} at most"
    elif half_up(reached, DECIMALS) != reached:
        yield f"rounded to {said(half_up(reached, DECIMALS))}"


SENTENCES: dict[str, Callable[[Any, Plain, Fraction], Iterator[str]]] = {
    "deduct": deduct,
    "count": count,
    "ratio": ratio,
    "levels": levels,
    "brackets": brackets,
    "all_or_nothing": all_or_nothing,
    "target": target,
}


def sentence(item: Plain, facts: Plain) -> str:
    """The working of an item in English."""
    rule = item["rule"]
    happened = [name for name in rule.get("hard_zero", []) if facts[name] == "是"]
    if happened:
        return f"{', '.join(happened)}: 0"
    return "; ".join(
        step
        for name in rule
        if name not in ("hard_zero", "whole")
        for step in SENTENCES[name](rule[name], facts, number(item["max"]))
    )


def an_item(rule: object, cap: int = 10) -> dict[str, object]:
    return {"id": "A1", "max": cap, "text": "一", "rule": rule}


@given(ruled_items())
@example((an_item({"target": {"target": 5, "under": "0.5"}}, 5), {"value": 5}))
@example((an_item({"target": {"target": 5, "under": "0.01"}}), {"value": "4.5"}))
@example((an_item({"target": {"target": 5, "under": "0.5", "floor": 9}}), {"value": 3}))
@example((an_item({"target": {"target": 5, "under": "0.5", "floor": 9}}), {"value": 2}))
@example((an_item({"target": {"target": 1, "under": 1, "over": 1, "limit": 12}}), {"value": 3}))
@example((an_item({"target": {"target": 1, "under": 1, "over": 1, "limit": 12}}), {"value": 4}))
@example((an_item({"deduct": {"each": 1, "floor": 7}}), {"value": 3}))
@example((an_item({"deduct": {"each": 1, "floor": 7}}), {"value": 4}))
@example((an_item({"target": {"target": 6, "over": 1, "lower": True}}), {"value": 5}))
@example((an_item({"count": {"each": 2}}), {"value": 5}))
@example((an_item({"ratio": {"target": 3}}), {"done": 3}))
@example((an_item({"ratio": {"target": 8}}), {"done": 1}))
@example((an_item({"ratio": {"target": 16}}), {"done": "0.008"}))
@example((an_item({"brackets": [{"at_least": 2, "points": 10}]}), {"value": 2}))
@example((an_item({"brackets": [{"at_least": 2, "points": 10}]}), {"value": "1.99"}))
def test_a_working_says_all_that_the_facts_come_to(drawn: tuple[Plain, Plain]) -> None:
    item, facts = drawn
    working = working_of(item["rule"], Decimal(item["max"]), **facts)
    assert working is not None
    points = item_points(item, facts, DECIMALS)
    assert working.points is not None
    assert Fraction(working.points) == points
    text = working_text(working, ENGLISH)
    assert text == sentence(item, facts)
    assert Fraction(NUMBER.findall(text)[-1]) == points
    in_chinese = working_text(working, CHINESE)
    assert NUMBER.findall(in_chinese) == NUMBER.findall(text)
    assert ("四舍五入" in in_chinese) == ("rounded to" in text)
    assert ("最低" in in_chinese) == text.endswith(" at least")
    assert ("最高" in in_chinese) == text.endswith(" at most")
