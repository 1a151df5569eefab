"""What cannot be read in a sheet, in words that only a known rubric makes possible."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Rubric, Scope
from epa_score.values.facts import Fact, read_facts

_MISREAD = frozenset(
    {
        Kind.POINTS_NOT_A_NUMBER,
        Kind.POINTS_QUOTED,
        Kind.POINTS_NEGATIVE,
        Kind.POINTS_NOTATION,
    }
)


def pointing_to_the_rubric(
    findings: Iterable[Finding], rubric: Rubric, unit: str
) -> Iterator[Finding]:
    """The findings, with what to write where an item has a rule, or may be inapplicable."""
    scope = rubric.scope(unit)
    for one in findings:
        keys = one.place.keys if isinstance(one.place, Place) else ()
        item = str(keys[1]) if scope is not None and keys[:1] == ("scores",) and keys[1:] else ""
        if scope is None or item not in scope.items:
            yield one
        elif one.kind is Kind.NOT_APPLICABLE:
            yield replace(one, variant="allowed") if item in scope.treatments else one
        elif one.kind in _MISREAD and one.variant != "unscored" and keys[2:] in ((), ("score",)):
            yield _pointing_to_facts(one, scope, item)
        else:
            yield one


def _pointing_to_facts(finding: Finding, scope: Scope, item: str) -> Finding:
    """Something stands in place of points where a rule gives these: it is mostly a fact."""
    rule = scope.rules.get(item)
    if rule is None or rule.takes_points:
        return finding
    value = str(finding.parameters["value"])
    taking = [fact for fact in rule.facts if _takes(fact, value)]
    facts = ", ".join(f"{fact.name}: {value if [fact] == taking else '...'}" for fact in rule.facts)
    about: dict[str, Parameter] = {
        "item": item,
        "value": value,
        "facts": tuple(fact.name for fact in rule.facts),
        "instead": f"{item}: {{{facts}}}",
    }
    return Finding(Kind.ITEM_TAKES_FACTS, finding.place, about, "word")


def _takes(fact: Fact, value: str) -> bool:
    """Whether a value can be that of a fact."""
    _, faults = read_facts([fact], {fact.name: value})
    return not faults
