"""What sheets come to, worked out once more from `docs/rules.md` and `docs/rubrics.md` alone.

It shares no code with the program and imports nothing of it, so that both are wrong in the same way
only where both have misread the same sentence. Rubrics and sheets are plain values as a YAML file
holds them, sound ones; numbers are whatever `str` makes a decimal number of. Everything is a
`Fraction`, and is rounded where the documents say so.

To add a rule, a treatment, a method or an effect: a line in the table of its name. To add a kind of
section: a branch of `_section_points`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any, Literal, NamedTuple

Plain = Mapping[str, Any]
ToCome = Literal["unknown", "none", "all"]
"""The points that are missing: counted 0 so far, as few as there can be, or full marks."""


@dataclass
class UnitFigures:
    """All that a rubric gives one unit.

    ``items`` have ``None`` where they count for nothing of their own; ``full_marks`` are those of
    sections and items that apply. ``rank`` and what follows from it are ``None`` for a unit that is
    not ranked, and where the rubric does not have them. ``vetoes`` are those that hold.
    ``is_open`` says that something is still to be scored: it counts 0 so far. ``mean_is_open`` says
    so of others whose mean it has. ``may_leave`` says that a veto to come may exclude it. ``best``
    and ``worst`` are the ranks that it may still have, where anything is open.
    """

    unit: str
    items: dict[str, Fraction | None] = field(default_factory=dict)
    sections: dict[str, Fraction] = field(default_factory=dict)
    full_marks: dict[str, Fraction] = field(default_factory=dict)
    adjustments: dict[str, Fraction] = field(default_factory=dict)
    base: Fraction = Fraction(0)
    bonus: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)
    total: Fraction = Fraction(0)
    out_of: Fraction = Fraction(0)
    vetoes: frozenset[str] = frozenset()
    effects: frozenset[str] = frozenset()
    is_open: bool = False
    mean_is_open: bool = False
    may_leave: bool = False
    group: str | None = None
    rank: int | None = None
    tied: bool = False
    best: int | None = None
    worst: int | None = None
    band: str | None = None
    scaled: Fraction | None = None
    rank_points: Fraction | None = None


def number(value: object) -> Fraction:
    """The number that stands in a rubric or a sheet, exactly."""
    return Fraction(str(value))


def half_up(value: Fraction, decimals: int) -> Fraction:
    """A number with so many decimals, half of the last one up (四舍五入)."""
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def name_key(name: str) -> str:
    """What is left of a name without blanks, punctuation, case, width and the number of a list."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    text = re.sub(r"^(\(\d+\)|\d+[.、](?!\d)|[-])\s*", "", text)
    return "".join(char for char in text if char.isalnum())


# --- items ------------------------------------------------------------------------------------


def _times_each(rule: Plain, facts: Plain) -> Fraction:
    """Each count by its points: of one thing, in whole steps, or of several by name."""
    each = rule["each"]
    if isinstance(each, Mapping):
        return sum((number(facts[name]) * number(each[name]) for name in each), Fraction(0))
    return floor(number(facts["value"]) / number(rule.get("per", 1))) * number(each)


def _deduct(rule: Plain, facts: Plain, cap: Fraction) -> Fraction:
    taken = number(facts["deducted"]) if "judged" in rule else _times_each(rule, facts)
    return max(cap - taken, number(rule.get("floor", 0)))


def _count(rule: Plain, facts: Plain, cap: Fraction) -> Fraction:
    return min(_times_each(rule, facts), cap)


def _ratio(rule: Plain, facts: Plain, cap: Fraction) -> Fraction:
    done, target = number(facts["done"]), number({**facts, **rule}["target"])
    better, worse = (target, done) if rule.get("lower") else (done, target)
    return cap if better >= worse else better / worse * number(rule.get("below", cap))


def _levels(rule: Plain, facts: Plain, _cap: Fraction) -> Fraction:
    return number(rule[facts["level"]])


def _brackets(rule: Sequence[Plain], facts: Plain, _cap: Fraction) -> Fraction:
    reached = [line for line in rule if number(line["at_least"]) <= number(facts["value"])]
    best = max(reached, key=lambda line: number(line["at_least"]), default={"points": 0})
    return number(best["points"])


def _all_or_nothing(rule: Plain, facts: Plain, cap: Fraction) -> Fraction:
    def holds(condition: str | Plain) -> bool:
        if isinstance(condition, str):
            return bool(facts[condition] == "是")
        return number(facts[condition["name"]]) >= number(condition["at_least"])

    held = [holds(condition) for condition in rule.get("all", rule.get("any"))]
    return cap if (all(held) if "all" in rule else any(held)) else Fraction(0)


def _target(rule: Plain, facts: Plain, cap: Fraction) -> Fraction:
    above = number(facts["value"]) - number(rule["target"])
    steps = abs(above) / number(rule.get("per", 1))
    if rule.get("steps") == "whole":
        steps = Fraction(floor(steps))
    change = steps * number(rule.get("over" if above > 0 else "under", 0))
    points = number(rule.get("points", cap))
    points += change if (above > 0) != bool(rule.get("lower")) else -change
    return min(max(points, number(rule.get("floor", 0))), number(rule.get("limit", cap)))


RULES: dict[str, Callable[[Any, Plain, Fraction], Fraction]] = {
    "deduct": _deduct,
    "count": _count,
    "ratio": _ratio,
    "levels": _levels,
    "brackets": _brackets,
    "all_or_nothing": _all_or_nothing,
    "target": _target,
}

TREATMENTS: dict[str, Callable[[Fraction], Fraction | None]] = {
    "zero": lambda _cap: Fraction(0),
    "full": lambda cap: cap,
    "exclude": lambda _cap: None,
    "rescale": lambda _cap: None,
    "rescale_total": lambda _cap: None,
    "peer_mean": lambda _cap: None,  # until the points of the other units are known
}


def item_points(item: Plain, given: object, decimals: int) -> Fraction | None:
    """The points of one item by what a sheet says of it.

    ``None`` where it has none: it does not apply, or facts are missing.
    """
    facts = given if isinstance(given, Mapping) else {"score": given}
    cap = number(item["max"])
    if "not_applicable" in facts:
        return TREATMENTS[item["not_applicable"]](cap)
    rule = item.get("rule", {})
    zeros = [facts.get(name) for name in rule.get("hard_zero", [])]
    if "是" in zeros:
        return Fraction(0)
    if None in zeros or facts.get("score", 0) is None:
        return None
    for name in rule:
        if name not in ("hard_zero", "whole"):
            try:
                return half_up(RULES[name](rule[name], facts, cap), decimals)
            except KeyError:  # a fact that the rule asks for
                return None
    return number(facts["score"]) if "score" in facts else None


def _is_inapplicable(given: object) -> bool:
    return isinstance(given, Mapping) and "not_applicable" in given


# --- several assessors ------------------------------------------------------------------------


def join_sheets(sheets: Sequence[Plain]) -> Plain:
    """The sheets of assessors with items of their own as one, which has what all of them say."""
    joined = dict(sheets[0])
    for part in ("scores", "adjustments", "veto"):
        joined[part] = {
            name: said for sheet in sheets for name, said in sheet.get(part, {}).items()
        }
    return joined


def _mean(points: Sequence[Fraction]) -> Fraction:
    return sum(points, Fraction(0)) / len(points)


def _median(points: Sequence[Fraction], _drop: int) -> Fraction:
    ordered, half = sorted(points), len(points) // 2
    return ordered[half] if len(points) % 2 else _mean(ordered[half - 1 : half + 1])


def _trimmed_mean(points: Sequence[Fraction], drop: int) -> Fraction:
    return _mean(sorted(points)[drop : len(points) - drop])


METHODS: dict[str, Callable[[Sequence[Fraction], int], Fraction]] = {
    "mean": lambda points, _drop: _mean(points),
    "median": _median,
    "trimmed_mean": _trimmed_mean,
}


def _combine(panel: Plain, points: Sequence[Fraction | None], decimals: int) -> Fraction | None:
    """What the points of all assessors come to; who is missing gives 0 so far."""
    if not any(own is not None for own in points):
        return None
    seats = [own or Fraction(0) for own in points]
    seats += [Fraction(0)] * (panel["minimum"] - len(seats))
    return half_up(METHODS[panel["method"]](seats, panel.get("drop", 1)), decimals)


# --- sections ---------------------------------------------------------------------------------


def own_items(section: Plain, unit: str) -> Sequence[Plain]:
    """The items of this very section that a unit is scored on."""
    for entry in section.get("per_unit", []):
        if name_key(unit) in map(name_key, entry["units"]):
            return list(entry["items"])
    return list(section.get("items", []))


def _in_its_pool(item: Plain, section: Plain) -> Plain:
    """An item as it is scored in its section: in a shared pool it takes whatever its facts say."""
    if section.get("pool") != "section":
        return item
    return {**item, "rule": {"deduct": {**item["rule"]["deduct"], "floor": "-1e9"}}}


def every_section(sections: Iterable[Any]) -> Iterable[Any]:
    """The sections at all depths."""
    for section in sections:
        yield section
        yield from every_section(section.get("sections", []))


@dataclass
class _Sum:
    """Points, and what they are out of; ``apart`` is what the total is scaled up for.

    ``applies`` says whether anything of it does.
    """

    points: Fraction = Fraction(0)
    worth: Fraction = Fraction(0)
    apart: Fraction = Fraction(0)
    applies: bool = False


def _add(parts: Iterable[_Sum]) -> _Sum:
    whole = _Sum()
    for part in parts:
        whole.points += part.points
        whole.worth += part.worth
        whole.apart += part.apart
        whole.applies = whole.applies or part.applies
    return whole


def _worth(items: Iterable[Plain]) -> Fraction:
    return sum((number(item["max"]) for item in items), Fraction(0))


def _section_points(section: Plain, figures: UnitFigures, given: Plain, decimals: int) -> _Sum:
    """The points of a section and what it is worth for this unit; all sections are noted."""
    cap = number(section["max"])
    items = own_items(section, figures.unit)
    if section.get("pool"):
        # what is not yet scored has taken all that it can
        taken = [number(item["max"]) - (figures.items[item["id"]] or 0) for item in items]
        found = _Sum(max(cap - sum(taken), number(section.get("floor", 0))), cap)
    elif "sections" in section:
        inner = section["sections"]
        found = _add(_section_points(part, figures, given, decimals) for part in inner)
    else:
        out: dict[str, list[Plain]] = {"exclude": [], "rescale": [], "rescale_total": []}
        scored: list[Plain] = []
        for item in items:
            is_out = _is_inapplicable(given.get(item["id"]))
            (out.get(item["not_applicable"], scored) if is_out else scored).append(item)
        points = sum((figures.items[item["id"]] or Fraction(0) for item in scored), Fraction(0))
        found = _Sum(points, _worth(scored) + _worth(out["rescale"]), _worth(out["rescale_total"]))
        if out["rescale"]:
            found.points = half_up(points * found.worth / _worth(scored), decimals)
    if section.get("capped"):
        found.points, found.worth = min(found.points, cap), min(found.worth, cap)
    for item in items:
        if not _is_inapplicable(given.get(item["id"])):
            figures.full_marks[item["id"]] = number(item["max"])
            found.applies = True
    figures.sections[section["id"]] = found.points
    if found.applies:
        figures.full_marks[section["id"]] = found.worth
    return found


def _scale_up(whole: _Sum, decimals: int) -> Fraction:
    """The base, with which the points that apply stand for those that do not as well."""
    if not whole.apart:
        return whole.points
    return half_up(whole.points * (whole.worth + whole.apart) / whole.worth, decimals)


# --- the total --------------------------------------------------------------------------------


def _named_often(listed: Plain, said: Plain) -> dict[str, int]:
    """How many of the facts that a list names count at each item: where they bring the most."""
    homes: dict[str, str] = {}
    worth = {item["id"]: number(item["each"]) for item in listed["items"] if _is_named(item)}
    for name, each in worth.items():
        facts = said.get(name) or []
        for fact in [facts] if isinstance(facts, str) else facts:
            key = name_key(fact)
            if listed.get("same_fact") == "each":
                key = f"{name} {key}"
            if each > worth[homes.setdefault(key, name)]:
                homes[key] = name
    return {name: list(homes.values()).count(name) for name in worth}


def _is_named(item: Plain) -> bool:
    return not (item.get("count") or item.get("judged"))


def _adjustment_points(item: Plain, said: Plain, often: Mapping[str, int]) -> Fraction:
    """The points of one adjustment: by the names of its facts, by their number, or as given."""
    given = said.get(item["id"]) or 0
    if item.get("judged"):
        return number(given["score"] if isinstance(given, Mapping) else given)
    if item.get("count"):
        counted = number(given["value"] if isinstance(given, Mapping) else given)
    else:
        counted = Fraction(often[item["id"]])
    return min(counted * number(item["each"]), number(item.get("max", "1e9")))


def _adjust(
    rubric: Plain, sheet: Plain, figures: UnitFigures, owed: Iterable[str], to_come: ToCome
) -> None:
    """Bonuses and penalties, within the limits of each and of all of them.

    Those that are ``owed`` may come to as much as their limits allow. Under `same_fact: once` a
    fact may be named there as well, and count there alone.
    """
    said = sheet.get("adjustments", {})
    for way, listed in rubric.get("adjustments", {}).items():
        often = _named_often(listed, said)
        points = {item["id"]: _adjustment_points(item, said, often) for item in listed["items"]}
        added = min(sum(points.values(), Fraction(0)), number(listed.get("max", "1e9")))
        figures.adjustments.update(points)
        limits = [item.get("max", "1e9") for item in listed["items"] if item["id"] in owed]
        if limits and to_come != "unknown":
            if (to_come == "all") == (way == "bonus"):
                most = number(listed.get("max", "1e9"))
                added = min(added + sum(map(number, limits)), most)
            elif listed.get("same_fact") == "once":
                added = Fraction(0)
        if way == "bonus":
            figures.bonus = added
        else:
            figures.penalty = added


def _take_means(
    rubric: Plain, units: Mapping[str, UnitFigures], sheets: Mapping[str, Plain], to_come: ToCome
) -> None:
    """Give the mean of the other units' points to items with ``peer_mean`` that do not apply.

    Units that a veto may still exclude stand for the fewest or the most points, as open ones do.
    """
    decimals = rubric.get("decimals", 2)
    lists = [section.get("items", []) for section in every_section(rubric["sections"])]
    entries = [entry for s in every_section(rubric["sections"]) for entry in s.get("per_unit", [])]
    groups: list[tuple[Sequence[Plain], list[str]]] = [(items, list(units)) for items in lists]
    for entry in entries:
        keys = set(map(name_key, entry["units"]))
        groups.append((entry["items"], [unit for unit in units if name_key(unit) in keys]))
    for items, members in groups:
        for item in items:
            if item.get("not_applicable") != "peer_mean":
                continue
            name = item["id"]
            applies = {u for u in members if not _is_inapplicable(sheets[u]["scores"].get(name))}
            counted = [units[u] for u in applies if "exclude" not in units[u].effects]
            extreme = {"unknown": None, "none": Fraction(0), "all": _most_points(item)}[to_come]
            points = [
                own.items[name] if extreme is None or not own.may_leave else extreme
                for own in counted
            ]
            for unit in set(members) - applies:
                mean = _mean([own for own in points if own is not None])
                units[unit].items[name] = half_up(mean, decimals)
                units[unit].mean_is_open = (
                    any(own.may_leave or own.items[name] is None for own in counted)
                    or units[unit].mean_is_open
                )


def _combine_totals(rubric: Plain, sheets: Sequence[Plain]) -> UnitFigures:
    """What the totals of all assessors come to, and the means of the sheets that count for it.

    Of equal totals, of which only some count, each counts for its share.
    """
    panel, decimals = rubric["panel"], rubric.get("decimals", 2)
    alone = {name: value for name, value in rubric.items() if name not in ("panel", "veto")}
    opinions = [score_units(alone, [sheet])[sheet["unit"]] for sheet in sheets]
    totals = sorted(opinion.total for opinion in opinions)
    cut = {"mean": 0, "median": (len(totals) - 1) // 2, "trimmed_mean": panel.get("drop", 1)}
    counted = totals[cut[panel["method"]] : len(totals) - cut[panel["method"]]]
    shares = [
        Fraction(counted.count(opinion.total), totals.count(opinion.total)) for opinion in opinions
    ]

    def mean(points: Iterable[Fraction | None]) -> Fraction:
        products = [share * (own or 0) for share, own in zip(shares, points, strict=True)]
        return half_up(sum(products, Fraction(0)) / len(counted), decimals)

    first = opinions[0]
    found = UnitFigures(first.unit, full_marks=first.full_marks, out_of=first.out_of)
    found.items = {name: mean(own.items[name] for own in opinions) for name in first.items}
    found.sections = {name: mean(own.sections[name] for own in opinions) for name in first.sections}
    found.base = found.total = half_up(_mean(counted), decimals)
    return found


def _most_points(item: Plain) -> Fraction:
    """The points that an item can have, which the limit of a target may set above its cap."""
    return number(item.get("rule", {}).get("target", {}).get("limit", item["max"]))


def _score_items(
    rubric: Plain, unit: str, sheets: Sequence[Plain], to_come: ToCome
) -> tuple[dict[str, Fraction | None], bool]:
    """The points of all items of a unit, and whether any are missing, which then are ``to_come``.

    So far they are none: in a pool an open item has taken what it can, elsewhere it counts 0.
    """
    decimals, is_open = rubric.get("decimals", 2), False
    found: dict[str, Fraction | None] = {}
    for section in every_section(rubric["sections"]):
        for item in own_items(section, unit):
            said = [sheet["scores"].get(item["id"]) for sheet in sheets]
            points = [item_points(_in_its_pool(item, section), one, decimals) for one in said]
            missing = [own is None and not _is_inapplicable(said[0]) for own in points]
            if "panel" in rubric:
                missing += [True] * (rubric["panel"]["minimum"] - len(points))
                points += [None] * (len(missing) - len(points))
            is_open = is_open or any(missing)
            for seat, is_missing in enumerate(missing):
                if is_missing and to_come == "all":
                    points[seat] = _most_points(item)
                elif is_missing and to_come == "none":
                    points[seat] = Fraction(-(10**9) if section.get("pool") == "section" else 0)
            found[item["id"]] = points[0]
            if "panel" in rubric:
                found[item["id"]] = _combine(rubric["panel"], points, decimals)
    return found, is_open


def _owed_beside(rubric: Plain, sheets: Sequence[Plain]) -> set[str]:
    """The bonuses, penalties and vetoes of assessors who have not handed in."""
    items = [item for listed in rubric.get("adjustments", {}).values() for item in listed["items"]]
    beside = {one["id"] for one in (*items, *rubric.get("veto", []))}
    there = {sheet["assessor"] for sheet in sheets}
    away = [one for one in rubric["assessors"] if one["name"] not in there]
    return {name for assessor in away for name in assessor["items"] if name in beside}


def score_units(rubric: Plain, sheets: Iterable[Plain]) -> dict[str, UnitFigures]:
    """The figures of all units that the sheets are of, before anything is ranked.

    While points are to come, a condition holds that does so at best and at worst.
    """
    before = _before_conditions(rubric, list(sheets), "unknown")
    extremes = [before, before]
    if any(figures.is_open for figures in before.units.values()):
        ways: tuple[ToCome, ...] = ("none", "all")
        extremes = [_before_conditions(rubric, list(sheets), to_come) for to_come in ways]
    return _with_conditions(rubric, before, extremes)


def score_extremes(
    rubric: Plain, sheets: Iterable[Plain], to_come: ToCome
) -> dict[str, UnitFigures]:
    """The figures of all units with the fewest or the most points that are still to come."""
    before = _before_conditions(rubric, list(sheets), to_come)
    return _with_conditions(rubric, before, [before])


class _Before(NamedTuple):
    """All units before any condition, with the points of their outermost sections."""

    units: dict[str, UnitFigures]
    parts: dict[str, dict[str, _Sum]]


def _with_conditions(
    rubric: Plain, before: _Before, extremes: Sequence[_Before]
) -> dict[str, UnitFigures]:
    """The figures with the conditions that hold at each of the extremes."""
    conditions = [veto for veto in rubric.get("veto", []) if "when" in veto]
    held = {
        unit: [
            veto
            for veto in conditions
            if all(_holds(veto["when"], at.units[unit]) for at in extremes)
        ]
        for unit in before.units
    }
    for unit, vetoes in held.items():
        parts = before.parts.get(unit, {})
        _apply(vetoes, before.units[unit], parts, rubric.get("decimals", 2))
    return before.units


def _before_conditions(rubric: Plain, sheets: Sequence[Plain], to_come: ToCome) -> _Before:
    decimals = rubric.get("decimals", 2)
    by_unit: dict[str, list[Plain]] = {}
    for sheet in sheets:
        by_unit.setdefault(sheet["unit"], []).append(sheet)
    owed: dict[str, set[str]] = {unit: set() for unit in by_unit}
    if "assessors" in rubric:
        owed = {unit: _owed_beside(rubric, own) for unit, own in by_unit.items()}
        by_unit = {unit: [join_sheets(own)] for unit, own in by_unit.items()}
    firsts = {unit: own[0] for unit, own in by_unit.items()}
    effects = {veto["id"]: veto["effect"] for veto in rubric.get("veto", [])}
    units: dict[str, UnitFigures] = {}
    wholes: dict[str, dict[str, _Sum]] = {}
    if rubric.get("panel", {}).get("by") == "total":
        return _Before({unit: _combine_totals(rubric, own) for unit, own in by_unit.items()}, {})
    for unit, own in by_unit.items():
        figures = units[unit] = UnitFigures(unit)
        figures.vetoes = frozenset(firsts[unit].get("veto") or {})
        figures.effects = frozenset(effects[name] for name in figures.vetoes)
        figures.items, is_open = _score_items(rubric, unit, own, to_come)
        figures.is_open = is_open or bool(owed[unit])
        figures.may_leave = any(effects.get(name) == "exclude" for name in owed[unit])
    _take_means(rubric, units, firsts, to_come)
    for unit, figures in units.items():
        given = firsts[unit]["scores"]
        wholes[unit] = {
            section["id"]: _section_points(section, figures, given, decimals)
            for section in rubric["sections"]
        }
        _adjust(rubric, firsts[unit], figures, owed[unit], to_come)
        _add_up(figures, wholes[unit], decimals)
    return _Before(units, wholes)


def _add_up(figures: UnitFigures, parts: Mapping[str, _Sum], decimals: int) -> None:
    """Note the base, what it is out of, and the published total."""
    whole = _add(parts.values())
    figures.base = _scale_up(whole, decimals)
    figures.out_of = whole.worth + whole.apart
    figures.total = max(figures.base + figures.bonus - figures.penalty, Fraction(0))


def _holds(when: Plain, figures: UnitFigures) -> bool:
    """Whether points are below or at least so many, or such a share of full marks."""
    points = {**figures.sections, **figures.items, "total": figures.total}.get(when["of"])
    full_marks = {**figures.full_marks, "total": figures.out_of}.get(when["of"])
    if points is None or full_marks is None:
        return False
    stated = str(when["below"] if "below" in when else when["at_least"])
    bound = number(stated.rstrip("%"))
    if stated.endswith("%"):
        bound *= full_marks / 100
    return points < bound if "below" in when else points >= bound


def _apply(
    vetoes: Sequence[Plain], figures: UnitFigures, parts: Mapping[str, _Sum], decimals: int
) -> None:
    """Let the conditions that hold take effect: first sections are 0, at last the total."""
    figures.vetoes |= {veto["id"] for veto in vetoes}
    figures.effects |= {veto["effect"] for veto in vetoes}
    zeroed = {veto["zeroes"] for veto in vetoes if "zeroes" in veto}
    for name in zeroed - {"total"}:
        parts[name].points = figures.sections[name] = Fraction(0)
    if zeroed - {"total"}:
        _add_up(figures, parts, decimals)
    if "total" in zeroed:
        figures.total = Fraction(0)


# --- ranks ------------------------------------------------------------------------------------


def rank_units(
    rubric: Plain,
    units: Mapping[str, UnitFigures],
    ties: str = "competition",
    groups: Mapping[str, Sequence[str]] | None = None,
    *,
    overall: bool = False,
) -> None:
    """Note ranks, bands and the final figures of all units: of each group by itself.

    An ``overall`` ranking is one of all units whatever their groups, and has ranks alone.
    """
    beside = () if overall else ("bands", "scale", "rank_points")
    known = {name: rubric[name] for name in ("decimals", "tie_break", *beside) if name in rubric}
    for group, members in (groups or {}).items():
        for unit in members:
            units[unit].group = group
    lists = groups.values() if groups and not overall else [list(units)]
    for members in lists:
        _rank_together(known, [units[unit] for unit in members], ties)


def _strength(rubric: Plain, figures: UnitFigures) -> tuple[Fraction, ...]:
    return (figures.total, *(figures.sections[name] for name in rubric.get("tie_break", [])))


def _rank_together(rubric: Plain, units: Sequence[UnitFigures], ties: str) -> None:
    ranked = [figures for figures in units if "exclude" not in figures.effects]
    strengths = [_strength(rubric, figures) for figures in ranked]
    best = max((figures.total for figures in ranked), default=Fraction(0))
    listed = rubric.get("rank_points", [])
    for figures, own in zip(ranked, strengths, strict=True):
        better = [other for other in strengths if other > own]
        figures.rank = 1 + len(set(better) if ties == "dense" else better)
        figures.tied = strengths.count(own) > 1
        if "scale" in rubric:
            scaled = figures.total / best * number(rubric["scale"]["best"]) if best else best
            figures.scaled = half_up(scaled, rubric.get("decimals", 2))
        if listed:
            within = figures.rank <= len(listed)
            figures.rank_points = number(listed[figures.rank - 1]) if within else Fraction(0)
    if not any(figures.is_open or figures.mean_is_open for figures in units):
        _fill_bands(rubric.get("bands", []), ranked)


def note_reach(
    rubric: Plain,
    sheets: Sequence[Plain],
    units: Mapping[str, UnitFigures],
    groups: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Note the best and the worst rank that units may still have, where anything is open.

    At best a unit has all that is to come and the others nothing of it, at worst the other way
    round. Whom a veto may still exclude stands above nobody for sure.
    """
    extremes = [score_extremes(rubric, sheets, "none"), score_extremes(rubric, sheets, "all")]
    low, high = ({u: _strength(rubric, own) for u, own in one.items()} for one in extremes)
    for members in groups.values() if groups else [list(units)]:
        if not any(units[unit].is_open or units[unit].mean_is_open for unit in members):
            continue
        ranked = [unit for unit in members if units[unit].rank is not None]
        for unit in ranked:
            others = [other for other in ranked if other != unit]
            stay = [other for other in others if not units[other].may_leave]
            units[unit].best = 1 + sum(low[other] > high[unit] for other in stay)
            units[unit].worst = 1 + sum(high[other] > low[unit] for other in others)


def _may_be_in(figures: UnitFigures, place: int, bands: Sequence[Plain]) -> bool:
    last = place == len(bands) - 1
    if "fail" in figures.effects and not last:
        return False
    if "bar" in figures.effects and place == 0:
        return False
    return figures.total >= number(bands[place]["at_least"])


def _fill_bands(bands: Sequence[Plain], ranked: Sequence[UnitFigures]) -> None:
    """Fill the bands from the best one on, by rank; units of one rank go in together or not."""
    for place, band in enumerate(bands):
        room = number(band.get("most", len(ranked)))
        waiting = [unit for unit in ranked if unit.band is None and _may_be_in(unit, place, bands)]
        for rank in sorted({unit.rank or 0 for unit in waiting}):
            together = [unit for unit in waiting if unit.rank == rank]
            if len(together) > room:
                break
            room -= len(together)
            for unit in together:
                unit.band = band["name"]


# --- composite results ------------------------------------------------------------------------


def score_composite(
    file: Plain, rubrics: Mapping[str, Plain], sheets: Mapping[str, Sequence[Plain]]
) -> dict[str, UnitFigures]:
    """The figures of all units in a composite result: those of the sources as sections."""
    decimals = file.get("decimals", 2)
    found: dict[str, UnitFigures] = {}
    exact: dict[str, list[Fraction]] = {}
    for source in file["sources"]:
        rubric = rubrics[source["name"]]
        by_period: dict[str, list[Plain]] = {}
        for sheet in sheets[source["name"]]:
            if sheet["period"] == source.get("period", sheet["period"]):
                by_period.setdefault(sheet["period"], []).append(sheet)
        results = [score_units(rubric, own) for own in by_period.values()]
        total, weight = number(rubric["total"]), number(source.get("weight", 100)) / 100
        out_of = number(source.get("out_of", total))
        is_apart = source.get("adjustments") == "apart"
        for unit in results[0]:
            own = [result[unit] for result in results]
            figures = found.setdefault(unit, UnitFigures(unit))
            figure = _mean([one.base if is_apart else one.total for one in own]) * out_of / total
            as_it_stands = out_of == total and "each_period" not in source
            figures.sections[source["name"]] = figure if as_it_stands else half_up(figure, decimals)
            if file.get("rounding") != "end":
                figure = figures.sections[source["name"]]
            exact.setdefault(unit, []).append(figure * weight)
            figures.out_of += out_of * weight
            figures.effects |= {effect for one in own for effect in one.effects}
            if is_apart:
                figures.bonus, figures.penalty = own[0].bonus, own[0].penalty
    for unit, figures in found.items():
        figures.base = sum(exact[unit], Fraction(0))
        if "weight" in file["sources"][0] or file.get("rounding") == "end":
            figures.base = half_up(figures.base, decimals)
        figures.total = max(figures.base + figures.bonus - figures.penalty, Fraction(0))
    return found
