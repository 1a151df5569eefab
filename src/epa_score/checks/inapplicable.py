"""Items that do not apply: what a rubric may say of them, and what a sheet may."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from epa_score.checks.rubric_parts import items_of, sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.model import Item, Rubric, Scope, Score, ScoreSheet, Section, same_name_key

if TYPE_CHECKING:
    from epa_score.diagnostics.place import Key

_IN_POOL = ("full",)
_IN_CAPPED = ("zero", "full")
"""What goes where items share points: nothing is left out or scaled up of a sum with a bound."""


def treatments_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """Items are not scaled up alone or in a bounded sum, and a mean is one of several units."""
    allowed: dict[tuple[Key, ...], Sequence[str]] = {}
    for keys, section in sections_of(rubric):
        own = _IN_POOL if section.pool else _IN_CAPPED if section.capped else None
        allowed[keys] = own or allowed.get(keys[:-2], ())
        for place, item in items_of(keys, section):
            where = Place((*place, "not_applicable"))
            treatment = item.not_applicable or ""
            about: dict[str, Parameter] = {"item": item.id, "allowed": tuple(allowed[keys])}
            if treatment and allowed[keys] and treatment not in allowed[keys]:
                yield Finding(Kind.TREATMENT_IMPOSSIBLE, where, {"treatment": treatment, **about})
            elif treatment == "rescale" and _stands_alone(section, item):
                yield Finding(Kind.TREATMENT_IMPOSSIBLE, where, about, "alone")
            elif treatment == "peer_mean" and not _has_peers(rubric, item):
                yield Finding(Kind.TREATMENT_IMPOSSIBLE, where, about, "no_peers")


def _stands_alone(section: Section, item: Item) -> bool:
    """Whether a section holds no other item beside one, for any unit."""
    beside = [own.items for own in section.per_unit if item in own.items] or [section.items]
    return any(len(items) == 1 for items in beside)


def _has_peers(rubric: Rubric, item: Item) -> bool:
    """Whether several units may be scored on an item; where none are listed, any may."""
    keys = [same_name_key(unit) for unit in rubric.known_units]
    assessed = [
        key for key in keys if any(item in one.items_of(key) for one in rubric.all_sections)
    ]
    return len(assessed) > 1 or not keys


def reasons_stand_alone(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Where an item does not apply, it has a reason in place of points and facts."""
    for name, given in _inapplicable(sheet, scope):
        rule = scope.rules.get(name)
        facts = ["score"] if rule is None else [fact.name for fact in rule.facts]
        beside = [fact for fact in facts if given.facts.get(fact) is not None]
        beside += ["measured"] if given.measured else []
        if beside:
            about: dict[str, Parameter] = {"item": name, "field": beside[0]}
            yield Finding(Kind.POINTS_BESIDE_REASON, Place(("scores", name, beside[0])), about)


def items_may_be_inapplicable(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Only an item of which the rubric says how it counts then is not applicable."""
    for name, _ in _inapplicable(sheet, scope):
        if name not in scope.treatments:
            item = scope.items[name]
            about: dict[str, Parameter] = {"item": name, "cap": item.max, "text": item.text}
            yield Finding(Kind.ITEM_APPLIES, Place(("scores", name, "not_applicable")), about)


def something_applies(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Something is left to scale up in a section, and to be scored on in all."""
    treated = {name: scope.treatments.get(name) for name, _ in _inapplicable(sheet, scope)}
    scaled = {scope.homes[name]: name for name, one in treated.items() if one == "rescale"}
    for section, name in scaled.items():
        _, left = scope.shares(section, treated)
        if not left:
            items, title = tuple(scope.items_in(section)), scope.sections[section].title
            about: dict[str, Parameter] = {"name": title, "items": items}
            place = Place(("scores", name, "not_applicable"))
            yield Finding(Kind.NOTHING_APPLIES, place, about, "section")
    if [*treated.values()] == ["exclude"] * len(scope.items):
        place = Place(("scores", next(iter(treated)), "not_applicable"))
        yield Finding(Kind.NOTHING_APPLIES, place, {"items": tuple(treated)})


def _inapplicable(sheet: ScoreSheet, scope: Scope) -> Iterator[tuple[str, Score]]:
    return ((name, sheet.score(name)) for name in sheet.inapplicable if name in scope.items)


def means_have_peers(lonely: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Finding]]:
    """Some other unit has points for an item that takes their mean; yields the unit as well."""
    for unit, item in lonely:
        place = Place(("scores", item, "not_applicable"))
        yield unit, Finding(Kind.NO_PEERS, place, {"item": item, "unit": unit})
