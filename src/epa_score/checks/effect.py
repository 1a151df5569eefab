"""What stands in a rubric and makes no difference: a slip that nobody would see in a total."""

from collections.abc import Iterator
from decimal import Decimal

from epa_score.checks.rubric_parts import all_items, sections_of
from epa_score.diagnostics import Finding, Kind, Place
from epa_score.diagnostics.place import Key
from epa_score.model import Rubric

_LISTS = ("units", "tie_break", "veto", "bands", "rank_points")


def numbers_have_effect(rubric: Rubric) -> Iterator[Finding]:
    """No number of a rule, of targets or of a pool can be left out without changing any points."""
    for keys, number in _idle(rubric):
        field = next(str(key) for key in reversed(keys) if key in _FIELDS)
        variant = "whole" if field == "possible" else ""
        yield Finding(
            Kind.NUMBER_WITHOUT_EFFECT, Place(keys), {"field": field, "value": number}, variant
        )


_FIELDS = ("each", "possible", "floor", "target", "below", "under", "over", "limit", "at_least")


def _idle(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], Decimal]]:
    for keys, item in all_items(rubric):
        for one in item.rule.idle(item.max) if item.rule is not None else ():
            yield (*keys, "rule", *one.keys), one.points
        if item.targets is not None:
            for key, targets in (("all", item.targets.all), ("any", item.targets.any)):
                for index, target in enumerate(targets):
                    if not target.at_least:
                        yield (*keys, "targets", key, index, "at_least"), target.at_least
    for keys, section in sections_of(rubric):
        floor = section.floor if section.pool else None
        if floor and floor <= section.max - sum((one.max for one in section.items), Decimal(0)):
            yield (*keys, "floor"), floor


def lists_have_entries(rubric: Rubric) -> Iterator[Finding]:
    """A list that was begun has something in it."""
    for field in _LISTS:
        if field in rubric.model_fields_set and not getattr(rubric, field):
            yield Finding(Kind.EMPTY_FIELD, Place((field,), "key"), {"field": field})
