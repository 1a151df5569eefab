"""The fewest and the most points that drawn items, sections and totals can have, by the documents.

Conditions of vetoes have to lie between the two, or they hold never or always.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from tests.support.independent_scorer import own_items

Plain = Mapping[str, Any]
ZERO = Decimal(0)


class Reach(NamedTuple):
    """What can be had for sure: no fewer points than ``least`` need ever be had."""

    least: Decimal
    most: Decimal
    full_marks: Decimal


def _least_by_deduct(rule: Plain, cap: Decimal) -> Decimal:
    if "judged" in rule:
        return cap - Decimal(rule["judged"]["most"])
    if "possible" in rule:
        each = rule["each"].values() if isinstance(rule["each"], dict) else [rule["each"]]
        most: int = rule["possible"] // rule.get("per", 1)
        return max(cap - sum(each, ZERO) * most, ZERO)
    return Decimal(rule.get("floor", ZERO))


def _least_by_target(rule: Plain, cap: Decimal) -> Decimal:
    start, floor = Decimal(rule.get("points", cap)), Decimal(rule.get("floor", ZERO))
    if rule.get("lower"):
        return floor if rule["over"] else start
    steps: Decimal = rule["target"] / rule.get("per", 1)
    steps = steps // 1 if rule.get("steps") == "whole" else steps
    under: Decimal = rule["under"]
    return max(start - steps * under, floor)


def reach_of_item(item: Plain) -> Reach:
    """What an item can have within its own points."""
    rule, cap = item.get("rule", {}), Decimal(item["max"])
    least = ZERO
    if "hard_zero" in rule:
        pass
    elif "deduct" in rule:
        least = _least_by_deduct(rule["deduct"], cap)
    elif "target" in rule:
        least = _least_by_target(rule["target"], cap)
    elif "levels" in rule:
        least = min(rule["levels"].values())
    elif "brackets" in rule:
        lines = sorted(rule["brackets"], key=lambda line: Decimal(line["at_least"]))
        falls = lines[-1]["points"] < lines[0]["points"]  # nothing lies below the lowest one then
        least = lines[-1]["points"] if falls else ZERO
    return Reach(least, max(rule.get("target", {}).get("limit", cap), cap), cap)


def _together(parts: Iterable[Reach]) -> Reach:
    return Reach(*(sum(column, ZERO) for column in zip(*parts, strict=True)))


def reach_of_section(section: Plain, unit: str) -> Reach:
    """What a section can have for a unit."""
    cap = Decimal(section["max"])
    items = [reach_of_item(item) for item in own_items(section, unit)]
    if section.get("pool"):
        taken = sum((item.full_marks - item.least for item in items), ZERO)
        return Reach(max(cap - taken, section.get("floor", ZERO)), cap, cap)
    inner = [reach_of_section(part, unit) for part in section.get("sections", [])]
    added = _together([*items, *inner])
    return Reach(*(min(points, cap) for points in added)) if section.get("capped") else added


def every_reach(sections: Sequence[Plain], unit: str) -> dict[str, Reach]:
    """What all can have that a condition may be about, by its name."""
    found: dict[str, Reach] = {}

    def look_at(section: Plain) -> None:
        found[section["id"]] = reach_of_section(section, unit)
        found.update((item["id"], reach_of_item(item)) for item in own_items(section, unit))
        for part in section.get("sections", []):
            look_at(part)

    for section in sections:
        look_at(section)
    found["total"] = _together(reach_of_section(section, unit) for section in sections)
    return found
