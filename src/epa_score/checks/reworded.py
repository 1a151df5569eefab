"""What is wrong with the shape of a sheet, in the words that its rubric allows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Rubric, Scope

_NO_POINTS = frozenset({Kind.POINTS_NOT_A_NUMBER, Kind.POINTS_QUOTED, Kind.POINTS_NEGATIVE})


def reworded(findings: Iterable[Finding], rubric: Rubric, unit: str) -> Iterator[Finding]:
    """The findings; those of items with a rule or that may be inapplicable say how to write it."""
    scope = rubric.scope(unit)
    for one in findings:
        keys = one.place.keys if isinstance(one.place, Place) else ()
        item = str(keys[1]) if keys[:1] == ("scores",) and keys[1:] else ""
        if scope is None or item not in scope.items:
            yield one
        elif one.kind is Kind.NOT_APPLICABLE and item in scope.treatments:
            yield replace(one, variant="allowed")
        elif one.kind in _NO_POINTS and item not in scope.judged and keys[2:] in ((), ("score",)):
            yield _of_facts(one, item, scope)
        else:
            yield one


def _of_facts(one: Finding, item: str, scope: Scope) -> Finding:
    """The finding about a word in place of facts; it may be what one of them is."""
    given, facts = str(one.parameters.get("value", "")), scope.rules[item].facts
    meant = [fact.name for fact in facts if given in fact.choices]
    about: dict[str, Parameter] = {
        "item": item,
        "points": given,
        "facts": tuple(fact.name for fact in facts),
        "first": meant[0] if meant else facts[0].name,
    }
    return Finding(Kind.ITEM_TAKES_FACTS, one.place, about, "word" if meant else "")
