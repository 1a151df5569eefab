"""Which mechanisms of `docs/rules.md` a drawn rubric or composite result makes use of."""

from collections.abc import Iterator
from typing import Any

from tests.support.drawn_composites import Composite
from tests.support.independent_scorer import every_section
from tests.support.whole_rubrics import WholeRubric

_OF_RUBRICS = """
deduct deduct.per deduct.judged count count.per ratio ratio.lower levels brackets brackets.falling
whole all_or_nothing target target.lower target.per steps.whole steps.proportion hard_zero
pool.items pool.section capped per_unit accept_mismatch
zero full exclude rescale rescale_total peer_mean
bonus penalty adjustment.count adjustment.judged same_fact.once same_fact.each
veto.fact when.total when.section when.item when.percent below at_least
effect.zero effect.fail effect.bar effect.exclude
groups grouped_by overall assessors panel.item panel.total
bands tie_break scale rank_points dense
provisional provisional.when provisional.assessors
"""
_OF_COMPOSITES = """
weights sums as_it_stands converted each_period rounding.each rounding.end apart
bands tie_break scale rank_points period source.panel source.assessors source.when
"""
OF_RUBRICS, OF_COMPOSITES = frozenset(_OF_RUBRICS.split()), frozenset(_OF_COMPOSITES.split())


def _of_rule(rule: dict[str, Any]) -> Iterator[str]:
    for name, stated in rule.items():
        yield name
        if name == "brackets":
            lines = sorted(stated, key=lambda line: line["at_least"])
            if lines[-1]["points"] < lines[0]["points"]:
                yield "brackets.falling"
        elif name not in ("hard_zero", "whole"):
            yield from (
                f"{name}.{field}" for field in ("per", "judged", "lower") if field in stated
            )
            if "steps" in stated:
                yield f"steps.{stated['steps']}"


def _of_section(section: dict[str, Any]) -> Iterator[str]:
    yield from (name for name in ("capped", "per_unit", "accept_mismatch") if name in section)
    if "pool" in section:
        yield f"pool.{section['pool']}"
    lists = [section.get("items", []), *(one["items"] for one in section.get("per_unit", []))]
    for item in (item for items in lists for item in items):
        yield from _of_rule(item.get("rule", {}))
        if "not_applicable" in item:
            yield item["not_applicable"]


def _of_condition(veto: dict[str, Any], sections: set[str]) -> Iterator[str]:
    when = veto["when"]
    kind = "section" if when["of"] in sections else "item"
    yield "when.total" if when["of"] == "total" else f"when.{kind}"
    yield "below" if "below" in when else "at_least"
    yield f"effect.{veto['effect']}"
    if str(when.get("below", when.get("at_least"))).endswith("%"):
        yield "when.percent"


def _beside_sections(rubric: dict[str, Any]) -> Iterator[str]:
    beside = ("groups", "grouped_by", "assessors", "bands", "tie_break", "scale", "rank_points")
    yield from (name for name in beside if name in rubric)
    for way, listed in rubric.get("adjustments", {}).items():
        yield way
        if "same_fact" in listed:
            yield f"same_fact.{listed['same_fact']}"
        for item in listed["items"]:
            yield from (f"adjustment.{kind}" for kind in ("count", "judged") if kind in item)
    if "by" in rubric.get("panel", {}):
        yield f"panel.{rubric['panel']['by']}"
    sections = {section["id"] for section in every_section(rubric["sections"])}
    for veto in rubric.get("veto", []):
        yield from _of_condition(veto, sections) if "when" in veto else ["veto.fact"]


def mechanisms_of(drawn: WholeRubric) -> set[str]:
    """The mechanisms of a rubric, and of the way in which its sheets are ranked."""
    found: set[str] = set(_beside_sections(drawn.rubric))
    for section in every_section(drawn.rubric["sections"]):
        found |= set(_of_section(section))
    options = {
        "overall": drawn.overall,
        "dense": drawn.ties == "dense",
        "provisional": drawn.provisional,
        "provisional.assessors": drawn.provisional and "assessors" in found,
        "provisional.when": drawn.provisional and bool(found & {"below", "at_least"}),
    }
    return found | {name for name, is_meant in options.items() if is_meant}


def mechanisms_of_composite(drawn: Composite) -> set[str]:
    """The mechanisms of a composite result."""
    beside = ("bands", "tie_break", "scale", "rank_points")
    found: set[str] = {name for name in beside if name in drawn.file}
    if "rounding" in drawn.file:
        found.add(f"rounding.{drawn.file['rounding']}")
    for source in drawn.file["sources"]:
        rubric = drawn.rubrics[source["name"]]
        is_converted = source.get("out_of", rubric["total"]) != rubric["total"]
        options = {
            **{name: name in source for name in ("each_period", "period")},
            **{f"source.{name}": name in rubric for name in ("panel", "assessors")},
            "source.when": any("when" in veto for veto in rubric.get("veto", [])),
            "apart": "adjustments" in source,
            "weights": "weight" in source,
            "sums": "weight" not in source,
            "converted": is_converted,
            "as_it_stands": not is_converted,
        }
        found |= {name for name, is_meant in options.items() if is_meant}
    return found
