"""Options of a rubric: bands, final figures, adjustments, vetoes, items that do not apply."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from epa_score.checks.rubric import ITEM_ID, all_items, bad_id, items_of, sections_of
from epa_score.diagnostics import Finding, Kind, Parameter, Place
from epa_score.diagnostics.finding import Key, UnitFinding, first_known
from epa_score.diagnostics.nearest import nearest
from epa_score.model import Item, Rubric, Scope, Score, ScoreSheet, Section, same_name_key
from epa_score.model.item_options import LEFT_OUT
from epa_score.model.ranked import Ranked

if TYPE_CHECKING:
    from epa_score.model.rubric_options import Adjustment


def bands_fall_to_zero(rubric: Ranked) -> Iterator[Finding]:
    """Each band begins below the one before it, and the last one at 0: every total has a band."""
    for number, (above, band) in enumerate(pairwise(rubric.bands), 1):
        if band.at_least >= above.at_least:
            about: dict[str, Parameter] = {"bound": band.at_least, "other": above.at_least}
            yield Finding(Kind.BANDS_UNSORTED, Place(("bands", number, "at_least")), about)
    if rubric.bands and rubric.bands[-1].at_least:
        last = len(rubric.bands) - 1
        about = {"bound": rubric.bands[-1].at_least, "name": rubric.bands[-1].name}
        yield Finding(Kind.BANDS_UNSORTED, Place(("bands", last, "at_least")), about, "bottom")


def band_names_are_unique(rubric: Ranked) -> Iterator[Finding]:
    """No two bands have one name."""
    seen: set[str] = set()
    for number, band in enumerate(rubric.bands):
        if same_name_key(band.name) in seen:
            place = Place(("bands", number, "name"))
            yield Finding(Kind.BAND_NAMED_TWICE, place, {"name": band.name})
        seen.add(same_name_key(band.name))


def last_band_takes_the_rest(rubric: Ranked) -> Iterator[Finding]:
    """The last band has no quota: there must be a band for everybody."""
    if rubric.bands and rubric.bands[-1].most is not None:
        place = Place(("bands", len(rubric.bands) - 1, "most"), "key")
        yield Finding(Kind.BAND_QUOTA, place, {"name": rubric.bands[-1].name}, "last")


def bands_are_reachable(rubric: Rubric) -> Iterator[Finding]:
    """The highest band begins at a total that some unit can have."""
    reach = highest_total(rubric) if rubric.bands else None
    if reach is not None and rubric.bands[0].at_least > reach:
        about: dict[str, Parameter] = {
            "name": rubric.bands[0].name,
            "bound": rubric.bands[0].at_least,
            "most": reach,
        }
        yield Finding(Kind.BAND_UNREACHABLE, Place(("bands", 0, "at_least")), about)


def highest_total(rubric: Rubric) -> Decimal | None:
    """The most points that some unit can have, bonuses included; ``None`` without a limit."""
    beyond = most_bonus(rubric)
    if beyond is None or total_may_scale_beyond(rubric):
        return None
    return max(_highest_totals(rubric)) + beyond


def _highest_totals(rubric: Rubric) -> Iterator[Decimal]:
    """The most points that each unit can have; rules may give more than the caps of their items."""
    for unit in rubric.known_units or ("",):
        yield most_points(rubric.sections, same_name_key(unit))


def total_may_scale_beyond(rubric: Rubric) -> bool:
    """True where sections or the total may be scaled up with items above their caps among them."""
    scaled = "rescale_total" in rubric.treatments
    if scaled and any(map(_may_go_beyond, rubric.all_sections)):
        return True
    return any(map(may_scale_beyond, rubric.all_sections))


def may_scale_beyond(section: Section) -> bool:
    """True where items may be scaled up of which one can have more than its cap."""
    scaled = any(item.not_applicable == "rescale" for item in section.all_items)
    return scaled and _may_go_beyond(section)


def _may_go_beyond(section: Section) -> bool:
    """True where an item can have more than its cap."""
    rules = [(item.rule, item.max) for item in section.all_items]
    return any(rule is not None and rule.most(cap) > cap for rule, cap in rules)


def most_bonus(rubric: Rubric) -> Decimal | None:
    """The most points that bonuses can add; ``None`` where there is no limit."""
    bonus = rubric.adjustments.bonus if rubric.adjustments is not None else None
    if bonus is None:
        return Decimal(0)
    limits = [item.max for item in bonus.items if item.max is not None]
    if len(limits) < len(bonus.items):
        return bonus.max
    added = sum(limits, Decimal(0))
    return added if bonus.max is None else min(bonus.max, added)


def most_points(sections: Iterable[Section], unit_key: str) -> Decimal:
    """The most points that a unit can have in some sections."""
    most = Decimal(0)
    for section in sections:
        if section.pool == "items" or section.capped:
            most += section.max
            continue
        most += most_points(section.sections, unit_key)
        for item in section.items_of(unit_key):
            most += item.max if item.rule is None else item.rule.most(item.max)
    return most


def final_figures_are_possible(rubric: Ranked) -> Iterator[Finding]:
    """The best unit has some points, a better rank has no fewer, and all can be printed."""
    for keys, points in _final_figures(rubric):
        if points % rubric.last_decimal:
            about: dict[str, Parameter] = {"points": points, "decimals": rubric.decimals}
            yield Finding(Kind.FIGURE_TOO_PRECISE, Place(keys), about)
    if rubric.scale is not None and not rubric.scale.best:
        yield Finding(Kind.CAP_NOT_POSITIVE, Place(("scale", "best")), {"field": "best"})
    for rank, (better, worse) in enumerate(pairwise(rubric.rank_points), 2):
        if worse > better:
            about = {"rank": rank, "points": worse, "above": better}
            yield Finding(Kind.RANK_POINTS_RISE, Place(("rank_points", rank - 1)), about)


def _final_figures(rubric: Ranked) -> Iterator[tuple[tuple[Key, ...], Decimal]]:
    """Where points are stated, and how many."""
    if rubric.scale is not None:
        yield ("scale", "best"), rubric.scale.best
    for place, points in enumerate(rubric.rank_points):
        yield ("rank_points", place), points


_FEWEST_BANDS = 2


def adjustments_are_there(rubric: Rubric) -> Iterator[Finding]:
    """Where a rubric speaks of adjustments, or of a way of them, it has some."""
    if rubric.adjustments is None:
        return
    lists = tuple(rubric.adjustments.lists())
    if not lists:
        place = Place(("adjustments",), "key")
        yield Finding(Kind.EMPTY_FIELD, place, {"field": "adjustments"})
    for way, adjustments in lists:
        if not adjustments.items:
            place = Place(("adjustments", way, "items"), "key")
            yield Finding(Kind.EMPTY_FIELD, place, {"field": "items"})


def ids_of_facts_are_their_own(rubric: Rubric) -> Iterator[Finding]:
    """Adjustments and vetoes have ids like items, and none that stands for anything else."""
    taken = {item.id for _, item in all_items(rubric)}
    proposed = taken | {fact_id for _, fact_id in _ids(rubric)}
    for keys, fact_id in _ids(rubric):
        place = Place((*keys, "id"))
        if not ITEM_ID.fullmatch(fact_id):
            letter = next(_LETTERS[key] for key in keys if key in _LETTERS)
            yield bad_id(place.keys, fact_id, letter, proposed)
        elif fact_id in taken:
            yield Finding(Kind.DUPLICATE_ITEM, place, {"item": fact_id})
        taken.add(fact_id)


_LETTERS: dict[Key, str] = {"bonus": "J", "penalty": "K", "veto": "V"}
"""The letters of ids that are proposed."""


def _ids(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], str]]:
    for keys, item in _adjustments(rubric):
        yield keys, item.id
    for index, veto in enumerate(rubric.veto):
        yield ("veto", index), veto.id


def vetoes_have_bands(rubric: Rubric) -> Iterator[Finding]:
    """A veto that is about bands needs at least two of them."""
    for index, veto in enumerate(rubric.veto):
        if veto.effect in ("fail", "bar") and len(rubric.bands) < _FEWEST_BANDS:
            place = Place(("veto", index, "effect"))
            about: dict[str, Parameter] = {"name": veto.id, "effect": veto.effect}
            yield Finding(Kind.RULES_CONFLICT, place, about, "veto")


def _adjustments(rubric: Rubric) -> Iterator[tuple[tuple[Key, ...], "Adjustment"]]:
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        for index, item in enumerate(adjustments.items):
            yield ("adjustments", way, "items", index), item


def points_of_adjustments_are_possible(rubric: Rubric) -> Iterator[Finding]:
    """They are above 0, multiples of the grain, and no part is above the whole."""
    for place, name, points, (most, whose) in _amounts(rubric):
        about: dict[str, Parameter] = {"name": name, "points": points}
        if not points:
            field = str(place[-1])
            yield Finding(Kind.CAP_NOT_POSITIVE, Place(place), {"field": field})
        elif most is not None and points > most:
            yield Finding(Kind.RULE_POINTS_OVER_CAP, Place(place), about | {"cap": most}, whose)
        elif points % rubric.grain:
            yield Finding(Kind.RULE_POINTS_OFF_STEP, Place(place), about | {"step": rubric.grain})


def _amounts(
    rubric: Rubric,
) -> Iterator[tuple[tuple[Key, ...], str, Decimal, tuple[Decimal | None, str]]]:
    """Where points are stated, of what, how many, and how many there may be by whose limit."""
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        keys = ("adjustments", way)
        if adjustments.max is not None:
            yield (*keys, "max"), way, adjustments.max, (None, "")
        for index, item in enumerate(adjustments.items):
            at = (*keys, "items", index)
            of_all, own = (adjustments.max, "list"), (item.max, "own")
            if "each" in item.model_fields_set and not item.judged:
                yield (*at, "each"), item.id, item.each, of_all if item.max is None else own
            if item.max is not None:
                yield (*at, "max"), item.id, item.max, of_all


def check_adjustments(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Facts stand below adjustments and vetoes that there are, each once in its list."""
    known = rubric.adjustments.each if rubric.adjustments is not None else ()
    for name in sheet.adjustments:
        yield from _id_is_known("adjustments", name, tuple(item.id for item in known))
    for name, facts in sheet.named_facts.items():
        seen: set[str] = set()
        for index, fact in enumerate(facts):
            if same_name_key(fact) in seen:
                place = Place(("adjustments", name, index))
                yield Finding(Kind.FACT_NAMED_TWICE, place, {"item": name, "fact": fact})
            seen.add(same_name_key(fact))

    yield from _facts_count_in_one_way(sheet, rubric)
    following = {veto.id: veto.text for veto in rubric.conditions}
    for name in sheet.veto:
        if name in following:
            text: dict[str, Parameter] = {"item": name, "text": following[name]}
            yield Finding(Kind.VETO_FOLLOWS, Place(("veto", name), "key"), text)
        else:
            yield from _id_is_known("veto", name, tuple(veto.id for veto in rubric.fact_vetoes))


def _facts_count_in_one_way(sheet: ScoreSheet, rubric: Rubric) -> Iterator[Finding]:
    """Where a fact stands at several adjustments of a list, the rubric says how often it counts."""
    for way, adjustments in rubric.adjustments.lists() if rubric.adjustments is not None else ():
        named: dict[str, list[Adjustment]] = {}
        for item in adjustments.items if adjustments.same_fact is None else ():
            for index, fact in enumerate(sheet.named_facts.get(item.id, ())):
                before = named.setdefault(same_name_key(fact), [])
                if item in before:
                    continue
                if before:
                    each = [other.each for other in (*before, item)]
                    added = sum(each, Decimal(0))
                    about: dict[str, Parameter] = {
                        "item": item.id,
                        "first": before[0].id,
                        "fact": fact,
                        "way": way,
                        "once": max(each),
                        "each": added if adjustments.max is None else min(added, adjustments.max),
                    }
                    place = Place(("adjustments", item.id, index))
                    yield Finding(Kind.SAME_FACT_READING, place, about)
                before.append(item)


def _id_is_known(field: str, name: str, known: tuple[str, ...]) -> Iterator[Finding]:
    if name not in known:
        alike = nearest(name, known)
        variant = "nearest" if alike else "" if known else "none"
        about: dict[str, Parameter] = {
            "item": name,
            "field": field,
            **first_known(known),
            "nearest": alike or "",
        }
        yield Finding(Kind.UNKNOWN_ADJUSTMENT, Place((field, name), "key"), about, variant)


_IN_POOL = ("full",)
_IN_CAPPED = ("zero", "full")
"""Treatments where items share points: of a bounded sum nothing is left out or scaled up."""


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
            elif treatment == "rescale_total" and _is_all_of_a_unit(rubric, item):
                yield Finding(Kind.TREATMENT_IMPOSSIBLE, where, about, "alone_total")
            elif treatment == "peer_mean" and not _has_peers(rubric, item):
                yield Finding(Kind.TREATMENT_IMPOSSIBLE, where, about, "no_peers")


def _stands_alone(section: Section, item: Item) -> bool:
    """True where a section holds no other item beside one, for any unit."""
    own = [duty.all_items for duty in section.per_unit if item in duty.all_items]
    beside = own or [section.items]
    return any(len(items) == 1 for items in beside)


def _is_all_of_a_unit(rubric: Rubric, item: Item) -> bool:
    """True where an item is the only one of some unit."""
    keys = [same_name_key(unit) for unit in rubric.known_units] or [""]
    whole = ([i for own in rubric.all_sections for i in own.items_of(key)] for key in keys)
    return any(items == [item] for items in whole)


def _has_peers(rubric: Rubric, item: Item) -> bool:
    """True where several units may be scored on an item; where none are listed, any may."""
    keys = [same_name_key(unit) for unit in rubric.known_units]
    assessed = [
        key for key in keys if any(item in section.items_of(key) for section in rubric.all_sections)
    ]
    return len(assessed) > 1 or not keys


def reasons_stand_alone(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Where an item does not apply, it has a reason in place of points and facts."""
    for name, given in _inapplicable_items(sheet, scope):
        rule = scope.rules.get(name)
        facts = ["score"] if rule is None else [fact.label for fact in rule.facts]
        beside = [fact for fact in facts if given.facts.get(fact) is not None]
        beside += ["measured"] if given.measured else []
        for field in beside:
            about: dict[str, Parameter] = {"item": name, "field": field}
            yield Finding(Kind.POINTS_BESIDE_REASON, Place(("scores", name, field)), about)


def items_may_be_inapplicable(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Only an item of which the rubric says how it counts then is not applicable."""
    for name, _ in _inapplicable_items(sheet, scope):
        if name not in scope.treatments:
            item = scope.items[name]
            about: dict[str, Parameter] = {"item": name, "cap": item.max, "text": item.text}
            yield Finding(Kind.ITEM_APPLIES, Place(("scores", name, "not_applicable")), about)


def something_applies(sheet: ScoreSheet, scope: Scope) -> Iterator[Finding]:
    """Something is left to scale up in a section, and to be scored on in all."""
    treated = {name: scope.treatments.get(name) for name, _ in _inapplicable_items(sheet, scope)}
    scaled = {
        scope.homes[name]: name for name, treatment in treated.items() if treatment == "rescale"
    }
    for section, name in scaled.items():
        if not scope.shares(section, treated).left:
            items, title = tuple(scope.items_in(section)), scope.sections[section].title
            about: dict[str, Parameter] = {"name": title, "items": items}
            place = Place(("scores", name, "not_applicable"))
            yield Finding(Kind.NOTHING_APPLIES, place, about, "section")
    out = [name for name, treatment in treated.items() if treatment in LEFT_OUT]
    if treated and len(out) == len(scope.items):
        place = Place(("scores", next(iter(treated)), "not_applicable"))
        yield Finding(Kind.NOTHING_APPLIES, place, {"items": tuple(treated)})


def _inapplicable_items(sheet: ScoreSheet, scope: Scope) -> Iterator[tuple[str, Score]]:
    return ((name, sheet.score(name)) for name in sheet.inapplicable if name in scope.items)


def means_have_peers(lonely: Iterable[tuple[str, str]]) -> Iterator[UnitFinding]:
    """Some other unit has points for an item that takes their mean; yields the unit as well."""
    for unit, item in lonely:
        place = Place(("scores", item, "not_applicable"))
        yield UnitFinding(unit, Finding(Kind.NO_PEERS, place, {"item": item, "unit": unit}))
